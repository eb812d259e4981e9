package webapp.backup;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.Tag;

/** What drills do with RDS in the recovery region: restore, and delete again. */
final class Restores {
    private static final int PAGE = 100;
    private static final String SERVERLESS = "db.serverless";
    private static final double SERVERLESS_LEAST = 0.5;
    private static final double SERVERLESS_MOST = 4;

    private final RdsClient client;
    private int calls;

    Restores(RdsClient client) {
        this.client = client;
    }

    /** @return how many pages and changes were asked for, without the client's own repetitions */
    int calls() {
        return calls;
    }

    /** Every instance, or every cluster, of the region. */
    List<Restored> list(Kind kind) {
        return kind == Kind.INSTANCE ? instances() : clusters();
    }

    private List<Restored> instances() {
        List<Restored> restored = new ArrayList<>();
        client.describeDBInstancesPaginator(describe -> describe.maxRecords(PAGE)).forEach(page -> {
            calls++;
            page.dbInstances().forEach(instance -> restored.add(new Restored(Kind.INSTANCE, instance.dbInstanceIdentifier(), instance.dbInstanceArn(),
                    instance.dbInstanceStatus(), instance.engine(), instance.dbClusterIdentifier(),
                    instance.endpoint() == null ? null : instance.endpoint().address(), instance.endpoint() == null ? 0 : instance.endpoint().port(),
                    tags(instance.tagList()))));
        });
        return restored;
    }

    private List<Restored> clusters() {
        List<Restored> restored = new ArrayList<>();
        client.describeDBClustersPaginator(describe -> describe.maxRecords(PAGE)).forEach(page -> {
            calls++;
            page.dbClusters().forEach(cluster -> restored.add(new Restored(Kind.CLUSTER, cluster.dbClusterIdentifier(), cluster.dbClusterArn(),
                    cluster.status(), cluster.engine(), null, cluster.endpoint(), cluster.port() == null ? 0 : cluster.port(), tags(cluster.tagList()))));
        });
        return restored;
    }

    /**
     * Everything that RDS would choose by itself is said: its default subnet and security groups are open to whoever is in them, and parameter and
     * option groups do not travel with a copy.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html">RestoreDBInstanceFromDBSnapshot</a>
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html">RestoreDBClusterFromSnapshot</a>
     */
    void restore(Snapshot snapshot, String identifier, Plan.Drill drill, Map<String, String> tags) {
        calls++;
        if (snapshot.kind() == Kind.INSTANCE) {
            client.restoreDBInstanceFromDBSnapshot(restore -> restore
                    .dbInstanceIdentifier(identifier)
                    .dbSnapshotIdentifier(snapshot.identifier())
                    .dbInstanceClass(drill.instanceClass())
                    .dbSubnetGroupName(drill.subnetGroupName())
                    .vpcSecurityGroupIds(drill.securityGroupIds())
                    .dbParameterGroupName(drill.parameterGroupName())
                    .optionGroupName(drill.optionGroupName())
                    .publiclyAccessible(false)
                    .multiAZ(false)
                    .autoMinorVersionUpgrade(false)
                    .enableIAMDatabaseAuthentication(true)
                    .deletionProtection(false)
                    .copyTagsToSnapshot(false)
                    .backupRetentionPeriod(0)
                    .tags(tags(tags)));
            return;
        }
        calls++;
        DBClusterSnapshot described = client.describeDBClusterSnapshots(describe -> describe.dbClusterSnapshotIdentifier(snapshot.identifier()))
                .dbClusterSnapshots().get(0);
        client.restoreDBClusterFromSnapshot(restore -> {
            restore.dbClusterIdentifier(identifier)
                    .snapshotIdentifier(snapshot.identifier())
                    .engine(described.engine())
                    .engineVersion(described.engineVersion())
                    .dbSubnetGroupName(drill.subnetGroupName())
                    .vpcSecurityGroupIds(drill.securityGroupIds())
                    .dbClusterParameterGroupName(drill.clusterParameterGroupName())
                    .optionGroupName(drill.optionGroupName())
                    .enableIAMDatabaseAuthentication(true)
                    .deletionProtection(false)
                    .copyTagsToSnapshot(false)
                    .tags(tags(tags));
            if (drill.instanceClass().equals(SERVERLESS)) {
                restore.serverlessV2ScalingConfiguration(scaling -> scaling.minCapacity(SERVERLESS_LEAST).maxCapacity(SERVERLESS_MOST));
            }
        });
    }

    /**
     * A restored cluster has storage and no instance to ask.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html">CreateDBInstance</a>
     */
    void createInstance(Restored cluster, Plan.Drill drill) {
        calls++;
        client.createDBInstance(create -> create
                .dbInstanceIdentifier(cluster.identifier())
                .dbClusterIdentifier(cluster.identifier())
                .engine(cluster.engine())
                .dbInstanceClass(drill.instanceClass())
                .dbParameterGroupName(drill.parameterGroupName())
                .publiclyAccessible(false)
                .autoMinorVersionUpgrade(false)
                .tags(tags(cluster.tags())));
    }

    void tag(Restored restored, String key, String value) {
        calls++;
        client.addTagsToResource(add -> add.resourceName(restored.arn()).tags(tags(Map.of(key, value))));
    }

    /** Leaves nothing: neither a final snapshot nor automated backups. */
    void delete(Restored restored) {
        calls++;
        if (restored.kind() == Kind.INSTANCE) {
            client.deleteDBInstance(delete -> {
                delete.dbInstanceIdentifier(restored.identifier()).skipFinalSnapshot(true);
                if (restored.cluster() == null) {
                    delete.deleteAutomatedBackups(true);
                }
            });
        } else {
            client.deleteDBCluster(delete -> delete.dbClusterIdentifier(restored.identifier()).skipFinalSnapshot(true).deleteAutomatedBackups(true));
        }
    }

    static Map<String, String> tags(String plan, String database, Instant slot) {
        return Tags.of(plan, database, slot, Role.DRILL);
    }

    private static Map<String, String> tags(List<Tag> tags) {
        Map<String, String> values = new HashMap<>();
        tags.forEach(tag -> values.put(tag.key(), tag.value() == null ? "" : tag.value()));
        return values;
    }

    private static List<Tag> tags(Map<String, String> values) {
        return values.entrySet().stream().map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build()).toList();
    }
}
