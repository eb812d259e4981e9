package webapp.local.rds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import webapp.local.host.LoopbackServer;

/**
 * RDS for tests, spoken to by real SDK clients over HTTP: snapshots, copies between regions, exports, restores, with AWS's names, states,
 * quotas and refusals, and with what goes wrong scripted. It has no threads of its own that change anything: states move by the clock it is
 * given, when the next request arrives, in the order of their times. So a test is deterministic and as fast as its calls.
 *
 * <pre>{@code
 * SettableClock clock = new SettableClock(Instant.parse("2026-03-01T02:00:00Z"));
 * try (RdsDouble rds = RdsDouble.start(clock)) {
 *     RdsRegion primary = rds.region("eu-central-1");
 *     RdsRegion recovery = rds.region("eu-west-1");
 *     primary.instance("shop").encryptedBy(primary.key("alias/backup"));
 *     RdsClient client = rds.configure(RdsClient.builder().httpClient(http), "eu-central-1").build();
 *
 *     client.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-1"));   // creating
 *     clock.advance(Duration.ofMinutes(4));                                                          // available
 * }
 * }</pre>
 *
 * <h2>What a test says</h2>
 * <ul>
 *   <li>{@link #region(String)}: an account's region, with its {@linkplain RdsRegion#instance instances}, {@linkplain RdsRegion#cluster
 *       clusters}, {@linkplain RdsRegion#key keys}, {@linkplain RdsRegion#bucket buckets}, {@linkplain RdsRegion#exportRole roles},
 *       {@linkplain RdsRegion#subnetGroup groups} and quotas; {@link RdsRegion#out} lets a
 *       whole region fail.
 *   <li>{@link Data}: what a database holds; {@link Rows} in memory unless {@link Database#holds} says otherwise.
 *   <li>{@link #takes}: how long each {@link Work} takes.
 *   <li>{@link #fault}: what goes wrong, with which call: {@code rds.fault("CopyDBSnapshot").on(2).loseAnswer()},
 *       {@code rds.fault("*").when(Call::mutates).on(n).dieBefore()}, {@code rds.fault("StartExportTask").thenFails()}. A caller dies by
 *       {@link FunctionDied} out of its client. {@link DocumentedErrors} lists the codes to try.
 * </ul>
 *
 * <h2>What a test asks</h2>
 * {@link #calls()} of every service, in order; {@link #callCount()} of all since the start, also after {@link #forgetCalls}, which a long
 * simulation calls now and then; {@link #copies()}, with whether RDS would have made each incrementally;
 * {@link RdsRegion#snapshots()}, without a call.
 *
 * <h2>What differs from RDS</h2>
 * <ul>
 *   <li>The signature is not checked, only read: its credential scope names region and service; an access key of twelve digits is the
 *       account, any other belongs to {@link #ACCOUNT}.
 *   <li>Buckets are read by ListObjectsV2, HeadObject and GetObject only; a test writes with {@link Bucket#put}. KMS knows DescribeKey.
 *   <li>No IAM: permissions are refused by {@link Fault#fail(String)} with {@code AccessDenied}.
 *   <li>Describe actions show at once what was done (RDS: within seconds), and each resource costs nothing.
 *   <li>{@link #configure} lets the client try each call once: an SDK's retry would sleep in real time.
 * </ul>
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html">Amazon RDS API reference</a>
 */
public final class RdsDouble implements AutoCloseable {
    /** The account of clients whose access key is not an account number. */
    public static final String ACCOUNT = "111122223333";

    private static final int MAXIMUM_REQUEST = 1024 * 1024;
    private static final int RESOURCE_ID_LENGTH = 26;
    private static final String NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/";

    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private final Map<String, RdsRegion> regions = new TreeMap<>();
    private final Map<Work, Duration> durations = new EnumMap<>(Work.class);
    private final List<Fault> faults = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<SnapshotCopy> copies = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final LoopbackServer server;
    final Map<String, KmsKey> keysByArn = new HashMap<>();
    final Map<String, Bucket> buckets = new TreeMap<>();
    final Map<String, ExportRole> roles = new HashMap<>();
    final SnapshotActions snapshotActions = new SnapshotActions(this);
    private final DatabaseActions databaseActions = new DatabaseActions(this);
    private final TagActions tagActions = new TagActions(this);
    private final ExportActions exportActions = new ExportActions(this);
    private final KmsFace kms = new KmsFace(this);
    private final S3Face s3 = new S3Face(this);

    private long callNumber;
    private long eventNumber;
    private long resourceNumber;
    /** When the event being carried out was due; null outside of one. */
    private Instant eventTime;
    private Fault effect;

    private record Event(Instant at, long number, Runnable work) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private RdsDouble(InstantSource clock, int port) {
        this.clock = clock;
        for (Work work : Work.values()) {
            durations.put(work, work.usual);
        }
        try {
            server = new LoopbackServer(port, MAXIMUM_REQUEST, this::answer);
        } catch (IOException e) {
            throw new UncheckedIOException("Starting the RDS double", e);
        }
    }

    /** Listens on a free port of 127.0.0.1 until it is closed. */
    public static RdsDouble start(InstantSource clock) {
        return new RdsDouble(clock, 0);
    }

    /** The endpoint of every service and region. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Lets a client of RDS, KMS or S3 speak to this double, trying each call once; its HTTP client is the builder's. */
    public <B extends AwsClientBuilder<B, ?>> B configure(B builder, String region) {
        return configure(builder, ACCOUNT, region);
    }

    /** @param account twelve digits */
    public <B extends AwsClientBuilder<B, ?>> B configure(B builder, String account, String region) {
        return builder.endpointOverride(endpoint())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "secret")))
                .overrideConfiguration(o -> o.addExecutionInterceptor(new Deaths()).retryStrategy(r -> r.maxAttempts(1)));
    }

    /** For a client's builder: reaches this double without a socket, for simulations of very many calls. All else is the real client. */
    public SdkHttpClient directly() {
        return new DirectHttpClient(this::answer);
    }

    public RdsRegion region(String name) {
        return region(ACCOUNT, name);
    }

    public RdsRegion region(String account, String name) {
        return locked(() -> regions.computeIfAbsent(account + "/" + name, key -> new RdsRegion(this, account, name)));
    }

    /** How long work takes that begins from now on. */
    public RdsDouble takes(Work work, Duration duration) {
        return locked(() -> {
            durations.put(work, duration);
            return this;
        });
    }

    /** Begins to say what goes wrong with calls of this action, {@code *} for any: {@link Fault}'s last word arms it. */
    public Fault fault(String action) {
        return new Fault(this, action);
    }

    public void clearFaults() {
        locked(() -> {
            faults.clear();
            return null;
        });
    }

    /** Every call since the start or {@link #forgetCalls}, those that were refused too. */
    public List<Call> calls() {
        return locked(() -> List.copyOf(calls));
    }

    public List<Call> calls(String action) {
        return locked(() -> calls.stream().filter(call -> call.action().equals(action)).toList());
    }

    /** How many calls there were since the start. */
    public long callCount() {
        return locked(() -> callNumber);
    }

    public void forgetCalls() {
        locked(() -> {
            calls.clear();
            return null;
        });
    }

    /** Every snapshot copy that began, in order. */
    public List<SnapshotCopy> copies() {
        return locked(() -> List.copyOf(copies));
    }

    @Override
    public void close() {
        server.close();
    }

    // What the actions use, under the lock.

    /** Carries out what is due, then the work. */
    <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            if (lock.getHoldCount() == 1) {
                settle();
            }
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private void settle() {
        Instant now = clock.instant();
        while (!events.isEmpty() && !events.peek().at().isAfter(now)) {
            Event event = events.remove();
            eventTime = event.at();
            try {
                event.work().run();
            } finally {
                eventTime = null;
            }
        }
    }

    /** The clock's time; of what becomes due, the time when it did. */
    Instant now() {
        return eventTime == null ? clock.instant() : eventTime;
    }

    void after(Duration delay, Runnable work) {
        events.add(new Event(now().plus(delay), eventNumber++, work));
    }

    Duration duration(Work work) {
        return durations.get(work);
    }

    /** What is scripted to become of what this call starts; null for nothing. */
    Fault effect() {
        return effect;
    }

    void arm(Fault fault) {
        locked(() -> faults.add(fault));
    }

    void copied(SnapshotCopy copy) {
        copies.add(copy);
    }

    String nextResourceId() {
        String number = Long.toString(++resourceNumber, Character.MAX_RADIX).toUpperCase(Locale.ROOT);
        return "A".repeat(RESOURCE_ID_LENGTH - number.length()) + number;
    }

    Database findDatabase(RdsRegion region, Kind kind, String identifier) {
        return region.databases(kind).get(identifier);
    }

    RdsRegion existingRegion(String account, String name) {
        return regions.get(account + "/" + name);
    }

    /** The same region of the other accounts. */
    Stream<RdsRegion> otherAccounts(RdsRegion region) {
        return regions.values().stream().filter(other -> other != region && other.name().equals(region.name()));
    }

    /** Whether the key can be used; a null ARN is no encryption. */
    boolean isUsable(String keyArn) {
        if (keyArn == null) {
            return true;
        }
        KmsKey key = keysByArn.get(keyArn);
        return key != null && key.isUsable();
    }

    boolean isManagedByAws(String keyArn) {
        KmsKey key = keyArn == null ? null : keysByArn.get(keyArn);
        return key != null && key.name.startsWith("alias/aws/");
    }

    /** The key of this ARN, id, alias or alias ARN, in this region; null when there is none. */
    KmsKey key(RdsRegion region, String given) {
        KmsKey byArn = keysByArn.get(given);
        if (byArn != null) {
            return byArn.arn().startsWith("arn:aws:kms:" + region.name() + ":") ? byArn : null;
        }
        String prefix = "arn:aws:kms:" + region.name() + ":" + region.account() + ":";
        String name = given.startsWith(prefix) ? given.substring(prefix.length()) : given;
        return region.keys.values().stream().filter(key -> key.name.equals(name) || key.id.equals(name)).findFirst().orElse(null);
    }

    long copiesInProgress(RdsRegion region) {
        return Stream.of(Kind.values()).flatMap(kind -> region.snapshots(kind).values().stream())
                .filter(snapshot -> snapshot.crossRegion && snapshot.status.equals("copying")).count();
    }

    // The protocol.

    private LoopbackServer.Response answer(LoopbackServer.Request request) {
        CredentialScope scope = CredentialScope.of(request.headers().getOrDefault("Authorization", ""));
        return locked(() -> {
            RdsRegion region = region(scope.account(), scope.region());
            return switch (scope.service()) {
                case "kms" -> {
                    Map<String, String> in = kms.read(request);
                    yield carryOut(region, "kms", in.get("Action"), in, () -> kms.answer(region, in), KmsFace::refused);
                }
                case "s3" -> {
                    Map<String, String> in = s3.read(request);
                    yield carryOut(region, "s3", in.get("Action"), in, () -> s3.answer(in), S3Face::refused);
                }
                default -> {
                    Parameters in = Parameters.decode(request.body());
                    yield query(region, in.get("Action", "?"), in);
                }
            };
        });
    }

    private LoopbackServer.Response query(RdsRegion region, String action, Parameters in) {
        return carryOut(region, "rds", action, in.asMap(), () -> {
            Xml xml = new Xml(1024);
            xml.open(action + "Response", NAMESPACE);
            boolean answers = !action.equals("AddTagsToResource") && !action.equals("RemoveTagsFromResource");
            if (answers) {
                xml.open(action + "Result");
            }
            act(region, action, in, xml);
            if (answers) {
                xml.close(action + "Result");
            }
            xml.open("ResponseMetadata").add("RequestId", requestId()).close("ResponseMetadata").close(action + "Response");
            return xmlResponse(200, xml);
        }, refusal -> {
            Xml xml = new Xml(256);
            xml.open("ErrorResponse", NAMESPACE).open("Error").add("Type", refusal.status() < 500 ? "Sender" : "Receiver")
                    .add("Code", refusal.code()).add("Message", refusal.getMessage()).close("Error")
                    .add("RequestId", requestId()).close("ErrorResponse");
            return xmlResponse(refusal.status(), xml);
        });
    }

    private void act(RdsRegion region, String action, Parameters in, Xml out) {
        switch (action) {
            case "CreateDBSnapshot" -> snapshotActions.create(Kind.INSTANCE, region, in, out);
            case "CreateDBClusterSnapshot" -> snapshotActions.create(Kind.CLUSTER, region, in, out);
            case "DescribeDBSnapshots" -> snapshotActions.describe(Kind.INSTANCE, region, in, out);
            case "DescribeDBClusterSnapshots" -> snapshotActions.describe(Kind.CLUSTER, region, in, out);
            case "CopyDBSnapshot" -> snapshotActions.copy(Kind.INSTANCE, region, in, out);
            case "CopyDBClusterSnapshot" -> snapshotActions.copy(Kind.CLUSTER, region, in, out);
            case "DeleteDBSnapshot" -> snapshotActions.delete(Kind.INSTANCE, region, in, out);
            case "DeleteDBClusterSnapshot" -> snapshotActions.delete(Kind.CLUSTER, region, in, out);
            case "ModifyDBSnapshotAttribute" -> snapshotActions.modifyAttribute(Kind.INSTANCE, region, in, out);
            case "ModifyDBClusterSnapshotAttribute" -> snapshotActions.modifyAttribute(Kind.CLUSTER, region, in, out);
            case "DescribeDBSnapshotAttributes" -> snapshotActions.describeAttributes(Kind.INSTANCE, region, in, out);
            case "DescribeDBClusterSnapshotAttributes" -> snapshotActions.describeAttributes(Kind.CLUSTER, region, in, out);
            case "AddTagsToResource" -> tagActions.add(region, in);
            case "RemoveTagsFromResource" -> tagActions.remove(region, in);
            case "ListTagsForResource" -> tagActions.list(region, in, out);
            case "DescribeDBInstances" -> databaseActions.describe(Kind.INSTANCE, region, in, out);
            case "DescribeDBClusters" -> databaseActions.describe(Kind.CLUSTER, region, in, out);
            case "RestoreDBInstanceFromDBSnapshot" -> databaseActions.restoreInstance(region, in, out);
            case "RestoreDBClusterFromSnapshot" -> databaseActions.restoreCluster(region, in, out);
            case "CreateDBInstance" -> databaseActions.createInstance(region, in, out);
            case "DeleteDBInstance" -> databaseActions.delete(Kind.INSTANCE, region, in, out);
            case "DeleteDBCluster" -> databaseActions.delete(Kind.CLUSTER, region, in, out);
            case "StartExportTask" -> exportActions.start(region, in, out);
            case "DescribeExportTasks" -> exportActions.describe(region, in, out);
            case "CancelExportTask" -> exportActions.cancel(region, in, out);
            case "DescribeAccountAttributes" -> databaseActions.describeQuotas(region, out);
            default -> throw Refusal.of("InvalidAction", "The double has no action " + action);
        }
    }

    /** One call: counted and recorded, refused, carried out, its answer given or lost, as the faults say. */
    private LoopbackServer.Response carryOut(RdsRegion region, String service, String action, Map<String, String> parameters,
            Supplier<LoopbackServer.Response> work, Function<Refusal, LoopbackServer.Response> refused) {
        Call call = new Call(++callNumber, now(), region.account(), region.name(), service, action, parameters, null);
        Fault fault = fault(call);
        Refusal refusal = null;
        LoopbackServer.Response response = null;
        if (fault != null && fault.kind == Fault.Kind.DIE_BEFORE) {
            refusal = new Refusal(500, "InternalFailure", "The caller died before " + action);
        } else if (region.isOut()) {
            refusal = Refusal.of("ServiceUnavailable", "The region " + region.name() + " is out.");
        } else if (fault != null && fault.kind == Fault.Kind.REFUSE) {
            refusal = fault.refusal;
        } else {
            try {
                effect = fault != null && fault.kind == Fault.Kind.EFFECT ? fault : null;
                response = work.get();
            } catch (Refusal e) {
                refusal = e;
            } finally {
                effect = null;
            }
        }
        calls.add(refusal == null ? call : new Call(call.number(), call.at(), call.account(), call.region(), service, action, parameters,
                refusal.code()));
        if (fault != null && fault.kind == Fault.Kind.LOSE_ANSWER) {
            return null;
        }
        LoopbackServer.Response answer = refusal == null ? response : refused.apply(refusal);
        boolean died = fault != null && (fault.kind == Fault.Kind.DIE_BEFORE || fault.kind == Fault.Kind.DIE_AFTER);
        return died ? new LoopbackServer.Response(500, Map.of(Deaths.HEADER, action + " in " + region.name()), new byte[0]) : answer;
    }

    private Fault fault(Call call) {
        Fault first = null;
        for (Fault fault : List.copyOf(faults)) {
            if (fault.strikes(call)) {
                first = first == null ? fault : first;
                if (fault.isSpent()) {
                    faults.remove(fault);
                }
            }
        }
        return first;
    }

    private String requestId() {
        return String.format(Locale.ROOT, "00000000-0000-4000-8000-%012d", callNumber);
    }

    private static LoopbackServer.Response xmlResponse(int status, Xml xml) {
        return new LoopbackServer.Response(status, Map.of("Content-Type", "text/xml"), xml.bytes());
    }
}
