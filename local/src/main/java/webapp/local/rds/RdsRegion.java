package webapp.local.rds;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** One account's RDS, keys and groups in one region, as a test sets them up. */
public final class RdsRegion {
    private static final DateTimeFormatter AUTOMATED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    final RdsDouble rds;
    private final String account;
    private final String name;
    private final Map<Kind, TreeMap<String, Database>> databases = new EnumMap<>(Kind.class);
    private final Map<Kind, TreeMap<String, Snapshot>> snapshots = new EnumMap<>(Kind.class);
    final Map<String, KmsKey> keys = new TreeMap<>();
    final TreeMap<String, ExportTask> exports = new TreeMap<>();
    final TreeSet<String> optionGroups = new TreeSet<>();
    final TreeSet<String> parameterGroups = new TreeSet<>();
    final TreeSet<String> clusterParameterGroups = new TreeSet<>();
    final TreeSet<String> subnetGroups = new TreeSet<>();
    /** Copies of one database that wait for their turn, by resource id; the first one runs. */
    final Map<String, Deque<Snapshot>> copyQueues = new HashMap<>();
    /** The newest finished copy out of another region, whether or not it is still there, by resource id. */
    final Map<String, String> newestCopies = new HashMap<>();
    /** What waits for this region to answer again. */
    private final List<Runnable> stalled = new ArrayList<>();
    int manualSnapshots = 100;
    int copiesInProgress = 20;
    int exportsInProgress = 5;
    int instances = 40;
    int clusters = 40;
    private boolean out;

    RdsRegion(RdsDouble rds, String account, String name) {
        this.rds = rds;
        this.account = account;
        this.name = name;
        for (Kind kind : Kind.values()) {
            databases.put(kind, new TreeMap<>());
            snapshots.put(kind, new TreeMap<>());
        }
    }

    public String name() {
        return name;
    }

    public String account() {
        return account;
    }

    /** The DB instance of this identifier; made, available and unencrypted, when there is none. */
    public Database instance(String identifier) {
        return rds.locked(() -> databases(Kind.INSTANCE).computeIfAbsent(identifier, i -> newDatabase(Kind.INSTANCE, i)));
    }

    /** The Aurora cluster of this identifier; made, available and unencrypted, when there is none. */
    public Database cluster(String identifier) {
        return rds.locked(() -> databases(Kind.CLUSTER).computeIfAbsent(identifier, i -> newDatabase(Kind.CLUSTER, i)));
    }

    /** @return whether there is an instance or cluster of this identifier, in any status */
    public boolean has(String database) {
        return rds.locked(() -> databases.values().stream().anyMatch(all -> all.containsKey(database)));
    }

    /** The KMS key of this alias ({@code alias/name}); made when there is none. */
    public KmsKey key(String alias) {
        return rds.locked(() -> keys.computeIfAbsent(alias, a -> {
            KmsKey key = new KmsKey(this, a);
            rds.keysByArn.put(key.arn(), key);
            return key;
        }));
    }

    /** The bucket of this name, in this region; made when there is none. */
    public Bucket bucket(String bucketName) {
        return rds.locked(() -> rds.buckets.computeIfAbsent(bucketName, b -> new Bucket(this, b)));
    }

    /** The account's IAM role of this name; made when there is none. */
    public ExportRole exportRole(String roleName) {
        return rds.locked(() -> {
            ExportRole role = new ExportRole(this, roleName);
            return rds.roles.computeIfAbsent(role.arn(), arn -> role);
        });
    }

    public RdsRegion optionGroup(String group) {
        return add(optionGroups, group);
    }

    public RdsRegion parameterGroup(String group) {
        return add(parameterGroups, group);
    }

    public RdsRegion clusterParameterGroup(String group) {
        return add(clusterParameterGroups, group);
    }

    public RdsRegion subnetGroup(String group) {
        return add(subnetGroups, group);
    }

    /** The quota of manual snapshots, of instances and of clusters each; 100 at first. */
    public RdsRegion manualSnapshotQuota(int quota) {
        return rds.locked(() -> {
            manualSnapshots = quota;
            return this;
        });
    }

    /** Copies in progress into this region; 20 at first. */
    public RdsRegion copyQuota(int quota) {
        return rds.locked(() -> {
            copiesInProgress = quota;
            return this;
        });
    }

    /** Exports in progress; 5 at first. */
    public RdsRegion exportQuota(int quota) {
        return rds.locked(() -> {
            exportsInProgress = quota;
            return this;
        });
    }

    /** DB instances; 40 at first. */
    public RdsRegion instanceQuota(int quota) {
        return rds.locked(() -> {
            instances = quota;
            return this;
        });
    }

    /** DB clusters; 40 at first. */
    public RdsRegion clusterQuota(int quota) {
        return rds.locked(() -> {
            clusters = quota;
            return this;
        });
    }

    /** Every call to this region, of any service, is answered 503; copies out of it stand still. Until {@link #back}. */
    public RdsRegion out() {
        return rds.locked(() -> {
            out = true;
            return this;
        });
    }

    public RdsRegion back() {
        return rds.locked(() -> {
            out = false;
            List<Runnable> waiting = List.copyOf(stalled);
            stalled.clear();
            waiting.forEach(Runnable::run);
            return this;
        });
    }

    /** All snapshots in the order of their identifiers, instances' first. */
    public List<SnapshotView> snapshots() {
        return rds.locked(() -> {
            List<SnapshotView> views = new ArrayList<>();
            snapshots.values().forEach(all -> all.values().forEach(snapshot -> views.add(snapshot.view())));
            return views;
        });
    }

    /** @return the instance snapshot of this identifier, else the cluster's, else null */
    public SnapshotView snapshot(String identifier) {
        return rds.locked(() -> snapshots.values().stream().map(all -> all.get(identifier)).filter(found -> found != null)
                .map(Snapshot::view).findFirst().orElse(null));
    }

    /** Deletes a snapshot as somebody else would, in any status. */
    public void removeSnapshot(String identifier) {
        rds.locked(() -> {
            for (TreeMap<String, Snapshot> all : snapshots.values()) {
                Snapshot snapshot = all.get(identifier);
                if (snapshot != null) {
                    rds.snapshotActions.remove(snapshot);
                }
            }
            return null;
        });
    }

    private RdsRegion add(TreeSet<String> groups, String group) {
        return rds.locked(() -> {
            groups.add(group);
            return this;
        });
    }

    boolean isOut() {
        return out;
    }

    void whenBack(Runnable work) {
        stalled.add(work);
    }

    String arn(String type, String identifier) {
        return "arn:aws:rds:" + name + ":" + account + ":" + type + ":" + identifier;
    }

    TreeMap<String, Database> databases(Kind kind) {
        return databases.get(kind);
    }

    TreeMap<String, Snapshot> snapshots(Kind kind) {
        return snapshots.get(kind);
    }

    Database newDatabase(Kind kind, String identifier) {
        return new Database(this, kind, identifier, (kind == Kind.INSTANCE ? "db-" : "cluster-") + rds.nextResourceId());
    }

    String automatedSnapshot(Database database) {
        String identifier = "rds:" + database.identifier + "-" + AUTOMATED.format(rds.now());
        Snapshot snapshot = rds.snapshotActions.newSnapshot(database, identifier);
        snapshot.type = "automated";
        snapshot.status = "available";
        snapshot.progress = 100;
        snapshots(database.kind).put(identifier, snapshot);
        return identifier;
    }

    Instant now() {
        return rds.now();
    }
}
