package webapp.backup;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.RequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.RdsClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import webapp.core.testing.Invocation;
import webapp.local.rds.Bucket;
import webapp.local.rds.FunctionDied;
import webapp.local.rds.KmsKey;
import webapp.local.rds.RdsDouble;
import webapp.local.rds.RdsRegion;
import webapp.local.rds.SettableClock;
import webapp.local.rds.SnapshotView;

/** Two regions of AWS, of which the handler sees nothing but AWS's own clients' answers, and a plan for the databases in them. */
final class World implements AutoCloseable, Aws {
    static final String PRIMARY = "eu-central-1";
    static final String RECOVERY = "eu-west-1";
    static final String PLAN = "shop-prod-backup";
    static final String TABLE = "shop-backup";
    static final String RECOVERY_TABLE = "shop-backup-recovery";
    static final Duration TICK = Duration.ofMinutes(5);

    /** As the windows function records them. */
    static final String WINDOWS = """
            {"tables":[{"table":"orders","column":"placed_at","columns":["order_id"]}],\
            "windows":[{"table":"orders","from":"2026-06-30T00:00:00Z","to":"2026-07-01T00:00:00Z","rows":3,"checksum":"00000000000000aa"},\
            {"table":"orders","from":"2026-07-01T00:00:00Z","to":"2026-07-02T00:00:00Z","rows":4,"checksum":"00000000000000bb"}],\
            "watermark":"2026-07-02T00:00:00Z"}""";
    /** As it measures them in a restored database. */
    static final String SAME = WINDOWS.replace("\"watermark\":\"2026-07-02T00:00:00Z\"", "\"newest\":{\"orders\":\"2026-07-01T22:00:00Z\"}");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.builder().build();

    final SettableClock clock;
    final RdsDouble rds;
    final RdsRegion primary;
    final RdsRegion recovery;
    final KmsKey primaryKey;
    final KmsKey recoveryKey;
    final Bucket bucket;
    final Bucket replica;
    final Tables tables = new Tables();
    final List<String> lines = new ArrayList<>();
    /** Of all ticks, each as {@code reason stage}. */
    final Set<String> everFailed = new TreeSet<>();
    final ObjectNode plan;
    /** Of the function's clock, ahead of AWS's. */
    Duration skew = Duration.ZERO;
    /** The windows function: payload => answer; one that throws fails. */
    Function<String, String> windows = event -> """
            {"tables":[{"table":"orders","column":"placed_at","columns":["order_id"]}],\
            "windows":[{"table":"orders","from":"2026-06-30T00:00:00Z","to":"2026-07-01T00:00:00Z","rows":3,"checksum":"00000000000000aa"}],\
            "watermark":"2026-07-01T00:00:00Z"}""";
    int windowsCalls;
    /** What Lambda answers instead, as {@code 502 KMSDisabledException}; null if it runs the function. */
    String invokeRefused;
    /** What a bug might do: there is no client of KMS. */
    boolean withoutKms;
    /** How long the last call of it might have taken. */
    Duration invokeTimeout;
    /** Of a client of RDS at a call, from the next one that is made on. */
    int attempts = 1;
    private final Map<String, SdkClient> clients = new HashMap<>();

    World(Instant start) {
        clock = new SettableClock(start);
        rds = RdsDouble.start(clock);
        primary = rds.region(PRIMARY);
        recovery = rds.region(RECOVERY);
        primaryKey = primary.key("alias/backup");
        recoveryKey = recovery.key("alias/backup");
        bucket = primary.bucket("shop-exports");
        replica = recovery.bucket("shop-exports-replica");
        bucket.replicatesTo(replica);
        plan = JSON.createObjectNode().put("name", PLAN).put("account", RdsDouble.ACCOUNT).put("partition", "aws").put("region", PRIMARY).put("dryRun", false);
        plan.putObject("recovery").put("region", RECOVERY);
        plan.putArray("databases");
    }

    /** Everything on: copy, share, export with replication; under the plan's key. */
    ObjectNode instance(String identifier) {
        primary.instance(identifier).encryptedBy(primaryKey);
        return database(identifier, "instance");
    }

    ObjectNode cluster(String identifier) {
        primary.cluster(identifier).encryptedBy(primaryKey);
        return database(identifier, "cluster");
    }

    ObjectNode database(String identifier, String kind) {
        ObjectNode database = ((ArrayNode) plan.get("databases")).addObject().put("identifier", identifier).put("kind", kind)
                .put("timeZone", "Europe/Berlin").put("kmsKeyArn", primaryKey.arn());
        database.putArray("times").add("02:00");
        retention(database, 2, 0, 0, 0, 1);
        ObjectNode copies = database.putObject("recovery").put("kmsKeyArn", recoveryKey.arn());
        retention(copies, 2, 0, 0, 0, 1);
        database.putArray("shareWith").add("444455556666");
        database.putObject("export").put("bucket", bucket.name()).put("prefix", identifier).put("roleArn", primary.exportRole("export").arn())
                .put("kmsKeyArn", primaryKey.arn()).put("every", "day").put("replicatedTo", replica.name());
        return database;
    }

    /** A monthly drill, and no more than it needs. */
    static ObjectNode drilled(ObjectNode database) {
        database.remove("export");
        database.put("timeZone", "Europe/Berlin");
        ObjectNode drill = database.putObject("drill").put("dayOfMonth", 3).put("time", "05:00").put("subnetGroupName", "drills")
                .put("instanceClass", "db.t4g.medium").put("functionName", "arn:aws:lambda:eu-west-1:111122223333:function:windows:live")
                .put("database", "shop").put("user", "drill").put("timeoutMinutes", 240);
        drill.putArray("securityGroupIds").add("sg-drill");
        ObjectNode windows = database.putObject("windows").put("functionName", "arn:aws:lambda:eu-central-1:111122223333:function:windows:live")
                .put("database", "shop").put("user", "drill").put("unit", "day").put("count", 2).put("settleMinutes", 60);
        windows.putArray("tables").addObject().put("table", "orders").put("column", "placed_at").putArray("columns").add("order_id");
        return database;
    }

    /** A backup of each database at this moment, with windows, and its copy, as the scheduler leaves them; 50 minutes later. */
    Instant copied() {
        Instant slot = clock.instant();
        List<Runnable> copies = new ArrayList<>();
        for (JsonNode database : plan.get("databases")) {
            String name = database.get("identifier").asText();
            String identifier = Names.primary(name, slot, 1);
            Kind kind = Kind.of(database.get("kind").asText());
            Rds source = new Rds(rds(PRIMARY));
            source.create(kind, name, identifier, Tags.of(PLAN, name, slot, Role.PRIMARY));
            tables.put(RECOVERY_TABLE, "windows#" + name, slot.toString(), Map.of("document", WINDOWS));
            String arn = primary.snapshot(identifier).arn();
            copies.add(() -> {
                Map<String, String> tags = Tags.of(PLAN, name, slot, Role.RECOVERY);
                tags.put(Tags.TAKEN, slot.toString());
                new Rds(rds(RECOVERY)).copy(kind, arn, identifier, recoveryKey.arn(), null, null, tags);
            });
        }
        clock.advance(Duration.ofMinutes(5));
        copies.forEach(Runnable::run);
        clock.advance(Duration.ofMinutes(45));
        return slot;
    }

    static void retention(ObjectNode of, int last, int daily, int weekly, int monthly, int minimum) {
        of.putObject("retention").put("last", last).put("daily", daily).put("weekly", weekly).put("monthly", monthly).put("minimum", minimum);
    }

    void recordWindows(ObjectNode database) {
        ObjectNode settings = database.putObject("windows").put("functionName", "arn:aws:lambda:eu-central-1:111122223333:function:windows:live")
                .put("database", "shop").put("user", "drill").put("unit", "day").put("count", 7).put("settleMinutes", 60);
        settings.putArray("tables").addObject().put("table", "orders").put("column", "placed_at").putArray("columns").add("order_id");
    }

    /** One run of the function; its lines are those of this run. */
    String tick() {
        return tick((Context) null);
    }

    /** @param timeout of the function */
    String tick(Duration timeout) {
        return tick(new Invocation(timeout));
    }

    private String tick(Context context) {
        lines.clear();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            new SchedulerHandler(this, TABLE, RECOVERY_TABLE, lines::add, () -> clock.instant().plus(skew))
                    .handleRequest(new ByteArrayInputStream(plan.toString().getBytes(StandardCharsets.UTF_8)), answer, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            everFailed.addAll(failures());
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** One run of the function of the recovery region, likewise; null if it died. */
    String recoveryTick(Duration timeout) {
        lines.clear();
        try {
            return new Invocation(timeout).run(new RecoveryHandler(this, RECOVERY_TABLE, lines::add, clock), plan.toString());
        } catch (FunctionDied | Tables.Died | AssertionError e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ticks every five minutes, the first one now. */
    void ticks(Duration during) {
        for (Instant end = clock.instant().plus(during); clock.instant().isBefore(end); clock.advance(TICK)) {
            tick();
        }
    }

    List<JsonNode> told() {
        return lines.stream().map(World::read).toList();
    }

    /** @return of the last tick, each failure as {@code reason stage} */
    List<String> failures() {
        return told().stream().filter(line -> line.has("reason")).map(line -> line.path("reason").asText() + " " + line.path("stage").asText()).toList();
    }

    /** @return of the last tick, null if it has no such value */
    Double metric(String name, String dimension, String value) {
        return told().stream().filter(line -> line.has("_aws") && line.has(name) && (dimension == null || value.equals(line.path(dimension).asText())))
                .map(line -> line.path(name).asDouble()).filter(Objects::nonNull).findFirst().orElse(null);
    }

    List<SnapshotView> primaries() {
        return primary.snapshots().stream().filter(snapshot -> "primary".equals(snapshot.tags().get(Tags.ROLE))).toList();
    }

    List<SnapshotView> copies() {
        return recovery.snapshots().stream().filter(snapshot -> "recovery".equals(snapshot.tags().get(Tags.ROLE))).toList();
    }

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Clients.

    @Override
    public RdsClient rds(String region) {
        return client("rds " + region + " " + attempts, () -> {
            RdsClientBuilder builder = rds.configure(RdsClient.builder().httpClient(rds.directly()), region);
            return builder.overrideConfiguration(builder.overrideConfiguration().toBuilder().retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                    .maxAttempts(attempts).backoffStrategy(BackoffStrategy.retryImmediately()).build()).build()).build();
        });
    }

    @Override
    public KmsClient kms(String region) {
        if (withoutKms) {
            throw new IllegalStateException("no client of KMS");
        }
        return client("kms " + region, () -> rds.configure(KmsClient.builder().httpClient(HTTP), region).build());
    }

    @Override
    public S3Client s3(String region) {
        return client("s3 " + region, () -> rds.configure(S3Client.builder().httpClient(HTTP).forcePathStyle(true), region).build());
    }

    @Override
    public DynamoDbClient dynamoDb(String region) {
        return client("dynamodb " + region, () -> tables.client(region));
    }

    @Override
    public LambdaClient lambda(String region) {
        return client("lambda " + region, () -> LambdaClient.builder().region(Region.of(region)).httpClient(new WindowsFunction())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .overrideConfiguration(client -> client.retryStrategy(retry -> retry.maxAttempts(1)).addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public void beforeExecution(software.amazon.awssdk.core.interceptor.Context.BeforeExecution context, ExecutionAttributes attributes) {
                        invokeTimeout = context.request().overrideConfiguration().flatMap(RequestOverrideConfiguration::apiCallTimeout).orElse(null);
                    }
                })).build());
    }

    @SuppressWarnings("unchecked")
    private synchronized <C extends SdkClient> C client(String name, Supplier<C> builder) {
        return (C) clients.computeIfAbsent(name, key -> builder.get());
    }

    /** Lambda's Invoke as HTTP. */
    private final class WindowsFunction implements SdkHttpClient {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() throws IOException {
                    windowsCalls++;
                    String event = new String(request.contentStreamProvider().orElseThrow().newStream().readAllBytes(), StandardCharsets.UTF_8);
                    if (invokeRefused != null) {
                        String[] refusal = invokeRefused.split(" ");
                        return HttpExecuteResponse.builder()
                                .response(SdkHttpResponse.builder().statusCode(Integer.parseInt(refusal[0])).putHeader("x-amzn-ErrorType", refusal[1]).build())
                                .responseBody(AbortableInputStream.create(new ByteArrayInputStream("{\"message\":\"not now\"}".getBytes(StandardCharsets.UTF_8))))
                                .build();
                    }
                    SdkHttpResponse.Builder response = SdkHttpResponse.builder().statusCode(200);
                    String answer;
                    try {
                        answer = windows.apply(event);
                    } catch (IllegalStateException e) {
                        response.putHeader("X-Amz-Function-Error", "Unhandled");
                        answer = JSON.createObjectNode().put("errorMessage", e.getMessage()).toString();
                    }
                    return HttpExecuteResponse.builder().response(response.build())
                            .responseBody(AbortableInputStream.create(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)))).build();
                }

                @Override
                public void abort() {
                    // Nothing is under way.
                }
            };
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    @Override
    public void close() {
        clients.values().forEach(SdkClient::close);
        rds.close();
    }
}
