package webapp.local.rds;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A snapshot of an instance or a cluster, or a copy of one. */
final class Snapshot {
    final RdsRegion region;
    final Kind kind;
    final String identifier;
    final Map<String, String> tags = new TreeMap<>();
    /** Accounts that may restore it, or {@code all}. */
    final TreeSet<String> shared = new TreeSet<>();
    /** Copies being made of this one. */
    final List<Snapshot> copiesRunning = new ArrayList<>();

    String database;
    String resourceId;
    String type = "manual";
    String status = "creating";
    Instant created;
    Instant original;
    Instant databaseCreated;
    String keyArn;
    String engine;
    String engineVersion;
    String optionGroup;
    String masterUsername;
    int port;
    int allocatedGiB;
    int progress;
    boolean iamAuthentication;
    /** Of a copy. */
    Snapshot source;
    String sourceArn;
    String sourceRegion;
    boolean crossRegion;
    boolean incremental;
    Shared data;
    /** Of a copy: begins it, when its turn has come. */
    Runnable run;

    /** What a snapshot and its copies hold together. */
    static final class Shared {
        final Data.Backup backup;
        int holders = 1;

        Shared(Data.Backup backup) {
            this.backup = backup;
        }

        void release() {
            if (--holders == 0) {
                backup.delete();
            }
        }
    }

    Snapshot(RdsRegion region, Kind kind, String identifier) {
        this.region = region;
        this.kind = kind;
        this.identifier = identifier;
        this.created = region.rds.now();
        this.original = created;
    }

    String arn() {
        return region.arn(kind.snapshotType, identifier);
    }

    boolean isCopy() {
        return sourceArn != null;
    }

    boolean isRunning() {
        return status.equals("creating") || status.equals("copying");
    }

    boolean isVisibleTo(String account) {
        return region.account().equals(account) || shared.contains("all") || shared.contains(account);
    }

    void describe(Xml xml) {
        xml.open(kind.snapshot);
        if (kind == Kind.INSTANCE) {
            xml.add("DBSnapshotIdentifier", identifier).add("DBInstanceIdentifier", database).add("SnapshotCreateTime", createTime())
                    .add("OriginalSnapshotCreateTime", createTime() == null ? null : original)
                    .add("InstanceCreateTime", databaseCreated).add("Encrypted", keyArn != null)
                    .add("OptionGroupName", optionGroup == null ? Database.defaultOptionGroup(engine, engineVersion) : optionGroup)
                    .add("SourceRegion", sourceRegion).add("SourceDBSnapshotIdentifier", sourceArn)
                    .add("DBSnapshotArn", arn()).add("DbiResourceId", resourceId).add("StorageType", "gp3")
                    .add("AvailabilityZone", region.name() + "a").add("SnapshotTarget", "region");
        } else {
            xml.add("DBClusterSnapshotIdentifier", identifier).add("DBClusterIdentifier", database)
                    .add("SnapshotCreateTime", createTime())
                    .add("ClusterCreateTime", databaseCreated).add("StorageEncrypted", keyArn != null)
                    .add("SourceDBClusterSnapshotArn", sourceArn).add("DBClusterSnapshotArn", arn())
                    .add("DbClusterResourceId", resourceId).add("EngineMode", "provisioned");
        }
        xml.add("Engine", engine).add("EngineVersion", engineVersion).add("AllocatedStorage", allocatedGiB).add("Status", status)
                .add("Port", port).add("MasterUsername", masterUsername).add("LicenseModel", "general-public-license")
                .add("SnapshotType", type).add("PercentProgress", progress).add("KmsKeyId", keyArn)
                .add("IAMDatabaseAuthenticationEnabled", iamAuthentication);
        Tags.write(xml, tags);
        xml.close(kind.snapshot);
    }

    /** RDS tells no time of a snapshot that is only being created. */
    private Instant createTime() {
        return status.equals("creating") ? null : created;
    }

    SnapshotView view() {
        return new SnapshotView(identifier, arn(), kind == Kind.CLUSTER, database, type, status, created, original, keyArn, sourceArn,
                incremental, Map.copyOf(tags), List.copyOf(shared));
    }
}
