package webapp.local.rds;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A DB instance or cluster of the double, with what a test says about it. */
public final class Database {
    final RdsRegion region;
    final Kind kind;
    final String resourceId;
    final Map<String, String> tags = new TreeMap<>();
    final List<String> securityGroups = new ArrayList<>();
    String identifier;
    String engine = "mysql";
    String engineVersion = "8.4.5";
    String instanceClass = "db.t4g.medium";
    String masterUsername = "admin";
    String databaseName;
    String optionGroup;
    String parameterGroup;
    String subnetGroup;
    /** Of an instance in a cluster. */
    String cluster;
    String keyArn;
    String status = "available";
    Instant created;
    int port = 3306;
    int allocatedGiB = 20;
    int retentionDays = 7;
    boolean iamAuthentication;
    boolean publiclyAccessible;
    boolean multiAz;
    boolean deletionProtection;
    boolean copyTagsToSnapshot;
    int snapshotsRunning;
    Data data;

    Database(RdsRegion region, Kind kind, String identifier, String resourceId) {
        this.region = region;
        this.kind = kind;
        this.identifier = identifier;
        this.resourceId = resourceId;
        this.created = region.rds.now();
        this.data = new Rows();
        this.engine = kind == Kind.CLUSTER ? "aurora-mysql" : "mysql";
        this.engineVersion = kind == Kind.CLUSTER ? "8.0.mysql_aurora.3.10.0" : "8.4.5";
    }

    public String identifier() {
        return identifier;
    }

    public String arn() {
        return region.arn(kind.databaseType, identifier);
    }

    /** The status now, as the Describe actions report it. */
    public String status() {
        return region.rds.locked(this::currentStatus);
    }

    /** The key's ARN; null for an unencrypted database. */
    public String keyArn() {
        return keyArn;
    }

    public Map<String, String> tags() {
        return region.rds.locked(() -> Map.copyOf(tags));
    }

    /** What it holds; {@link Rows} unless a test said otherwise. */
    public Data data() {
        return data;
    }

    public Database encryptedBy(KmsKey key) {
        return set(() -> keyArn = key == null ? null : key.arn());
    }

    /** Such as {@code stopped}, {@code storage-full}, {@code modifying}; it stays until the next one. */
    public Database status(String newStatus) {
        return set(() -> status = newStatus);
    }

    public Database engine(String name, String version) {
        return set(() -> {
            engine = name;
            engineVersion = version;
        });
    }

    /** A group other than the default one; copies to another region then need OptionGroupName. */
    public Database optionGroup(String name) {
        return set(() -> optionGroup = name);
    }

    public Database holds(Data newData) {
        return set(() -> data = newData);
    }

    public Database tag(String key, String value) {
        return set(() -> tags.put(key, value));
    }

    public Database deletionProtection(boolean on) {
        return set(() -> deletionProtection = on);
    }

    public Database copyTagsToSnapshot(boolean on) {
        return set(() -> copyTagsToSnapshot = on);
    }

    /** A snapshot of RDS's own, named {@code rds:...}, available at once; returns its identifier. */
    public String automatedSnapshot() {
        return region.rds.locked(() -> region.automatedSnapshot(this));
    }

    /** Removes it, as somebody's deletion long ago; its manual snapshots stay. */
    public void remove() {
        region.rds.locked(() -> region.databases(kind).remove(identifier));
    }

    private Database set(Runnable change) {
        return region.rds.locked(() -> {
            change.run();
            return this;
        });
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html">DB instance status</a> */
    String currentStatus() {
        if (status.equals("available") && !region.rds.isUsable(keyArn)) {
            return "inaccessible-encryption-credentials";
        }
        return status.equals("available") && kind == Kind.INSTANCE && snapshotsRunning > 0 ? "backing-up" : status;
    }

    String optionGroupOrDefault() {
        return optionGroup == null ? defaultOptionGroup(engine, engineVersion) : optionGroup;
    }

    /** Such as {@code default:mysql-8-4}. */
    static String defaultOptionGroup(String engine, String engineVersion) {
        String[] parts = engineVersion.split("[.]");
        return "default:" + engine + "-" + String.join("-", List.of(parts).subList(0, Math.min(2, parts.length)));
    }
}
