package webapp.backup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.AccountQuota;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshotAttribute;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DBSnapshotAttribute;
import software.amazon.awssdk.services.rds.model.ExportTask;
import software.amazon.awssdk.services.rds.model.Filter;
import software.amazon.awssdk.services.rds.model.Tag;

/** RDS of one region, the same for instances and clusters, where it has an operation for each. */
final class Rds {
    private static final int PAGE = 100;
    private static final String RESTORE = "restore";

    private final RdsClient client;
    private int calls;
    private String operation = "rds:";

    Rds(RdsClient client) {
        this.client = client;
    }

    /** @return the last that was asked for, such as {@code rds:CopyDBSnapshot} */
    String operation() {
        return operation;
    }

    private RdsClient calling(String name) {
        operation = "rds:" + name;
        return client;
    }

    /** @return how many pages and changes were asked for, without the client's own repetitions */
    int calls() {
        return calls;
    }

    /** All manual snapshots of the kind, also those of others: they use the quota and the names up. */
    List<Snapshot> snapshots(Kind kind) {
        List<Snapshot> snapshots = new ArrayList<>();
        if (kind == Kind.INSTANCE) {
            calling("DescribeDBSnapshots")
                    .describeDBSnapshotsPaginator(describe -> describe.snapshotType("manual").maxRecords(PAGE)).forEach(page -> {
                calls++;
                page.dbSnapshots().forEach(snapshot -> snapshots.add(snapshot(snapshot)));
            });
        } else {
            calling("DescribeDBClusterSnapshots")
                    .describeDBClusterSnapshotsPaginator(describe -> describe.snapshotType("manual").maxRecords(PAGE)).forEach(page -> {
                calls++;
                page.dbClusterSnapshots().forEach(snapshot -> snapshots.add(snapshot(snapshot)));
            });
        }
        return snapshots;
    }

    private static Snapshot snapshot(DBSnapshot snapshot) {
        return new Snapshot(Kind.INSTANCE, snapshot.dbSnapshotIdentifier(), snapshot.dbSnapshotArn(), snapshot.dbInstanceIdentifier(),
                snapshot.status(), snapshot.snapshotCreateTime(), snapshot.originalSnapshotCreateTime(), snapshot.kmsKeyId(), snapshot.sourceDBSnapshotIdentifier(),
                tags(snapshot.tagList()));
    }

    private static Snapshot snapshot(DBClusterSnapshot snapshot) {
        return new Snapshot(Kind.CLUSTER, snapshot.dbClusterSnapshotIdentifier(), snapshot.dbClusterSnapshotArn(), snapshot.dbClusterIdentifier(),
                snapshot.status(), snapshot.snapshotCreateTime(), null, snapshot.kmsKeyId(), snapshot.sourceDBClusterSnapshotArn(),
                tags(snapshot.tagList()));
    }

    private static Map<String, String> tags(List<Tag> tags) {
        Map<String, String> values = new HashMap<>();
        tags.forEach(tag -> values.put(tag.key(), tag.value() == null ? "" : tag.value()));
        return values;
    }

    private static List<Tag> tags(Map<String, String> values) {
        return values.entrySet().stream().map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build()).toList();
    }

    /** All databases of the region and kind. */
    List<Source> databases(Kind kind) {
        List<Source> databases = new ArrayList<>();
        if (kind == Kind.INSTANCE) {
            calling("DescribeDBInstances").describeDBInstancesPaginator(describe -> describe.maxRecords(PAGE)).forEach(page -> {
                calls++;
                page.dbInstances().forEach(instance -> databases.add(new Source(Kind.INSTANCE, instance.dbInstanceIdentifier(), instance.dbInstanceStatus(),
                        instance.engine(), instance.kmsKeyId(), instance.endpoint() == null ? null : instance.endpoint().address(),
                        instance.endpoint() == null ? 0 : instance.endpoint().port())));
            });
        } else {
            calling("DescribeDBClusters").describeDBClustersPaginator(describe -> describe.maxRecords(PAGE)).forEach(page -> {
                calls++;
                page.dbClusters().forEach(cluster -> databases.add(new Source(Kind.CLUSTER, cluster.dbClusterIdentifier(), cluster.status(),
                        cluster.engine(), cluster.kmsKeyId(), cluster.endpoint(), cluster.port() == null ? 0 : cluster.port())));
            });
        }
        return databases;
    }

    void create(Kind kind, String database, String identifier, Map<String, String> tags) {
        calls++;
        if (kind == Kind.INSTANCE) {
            calling("CreateDBSnapshot")
                    .createDBSnapshot(create -> create.dbInstanceIdentifier(database).dbSnapshotIdentifier(identifier).tags(tags(tags)));
        } else {
            calling("CreateDBClusterSnapshot")
                    .createDBClusterSnapshot(create -> create.dbClusterIdentifier(database).dbClusterSnapshotIdentifier(identifier).tags(tags(tags)));
        }
    }

    /**
     * Called in the region that gets the copy. Tags are given, so that the source's are not copied.
     *
     * @param optionGroup null for the default one; clusters have none
     * @param presignedFor the source's region, where RDS wants a presigned URL (AWS GovCloud (US)); otherwise null
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CopyDBSnapshot.html">CopyDBSnapshot</a>
     */
    void copy(Kind kind, String sourceArn, String identifier, String kmsKeyArn, String optionGroup, String presignedFor, Map<String, String> tags) {
        calls++;
        if (kind == Kind.INSTANCE) {
            calling("CopyDBSnapshot")
                    .copyDBSnapshot(copy -> copy.sourceDBSnapshotIdentifier(sourceArn).targetDBSnapshotIdentifier(identifier).kmsKeyId(kmsKeyArn)
                    .optionGroupName(optionGroup).sourceRegion(presignedFor).copyTags(false).tags(tags(tags)));
        } else {
            calling("CopyDBClusterSnapshot")
                    .copyDBClusterSnapshot(copy -> copy.sourceDBClusterSnapshotIdentifier(sourceArn).targetDBClusterSnapshotIdentifier(identifier)
                    .kmsKeyId(kmsKeyArn).sourceRegion(presignedFor).copyTags(false).tags(tags(tags)));
        }
    }

    void delete(Snapshot snapshot) {
        calls++;
        if (snapshot.kind() == Kind.INSTANCE) {
            calling("DeleteDBSnapshot").deleteDBSnapshot(delete -> delete.dbSnapshotIdentifier(snapshot.identifier()));
        } else {
            calling("DeleteDBClusterSnapshot").deleteDBClusterSnapshot(delete -> delete.dbClusterSnapshotIdentifier(snapshot.identifier()));
        }
    }

    /** @return the accounts that may restore and copy it */
    List<String> sharedWith(Snapshot snapshot) {
        calls++;
        if (snapshot.kind() == Kind.INSTANCE) {
            return calling("DescribeDBSnapshotAttributes")
                    .describeDBSnapshotAttributes(describe -> describe.dbSnapshotIdentifier(snapshot.identifier()))
                    .dbSnapshotAttributesResult().dbSnapshotAttributes().stream().filter(attribute -> RESTORE.equals(attribute.attributeName()))
                    .map(DBSnapshotAttribute::attributeValues).flatMap(Collection::stream).toList();
        }
        return calling("DescribeDBClusterSnapshotAttributes")
                .describeDBClusterSnapshotAttributes(describe -> describe.dbClusterSnapshotIdentifier(snapshot.identifier()))
                .dbClusterSnapshotAttributesResult().dbClusterSnapshotAttributes().stream()
                .filter(attribute -> RESTORE.equals(attribute.attributeName()))
                .map(DBClusterSnapshotAttribute::attributeValues).flatMap(Collection::stream).toList();
    }

    void share(Snapshot snapshot, List<String> with, List<String> noLongerWith) {
        calls++;
        if (snapshot.kind() == Kind.INSTANCE) {
            calling("ModifyDBSnapshotAttribute")
                    .modifyDBSnapshotAttribute(modify -> modify.dbSnapshotIdentifier(snapshot.identifier()).attributeName(RESTORE)
                    .valuesToAdd(with).valuesToRemove(noLongerWith));
        } else {
            calling("ModifyDBClusterSnapshotAttribute")
                    .modifyDBClusterSnapshotAttribute(modify -> modify.dbClusterSnapshotIdentifier(snapshot.identifier()).attributeName(RESTORE)
                    .valuesToAdd(with).valuesToRemove(noLongerWith));
        }
    }

    void tag(Snapshot snapshot, String key, String value) {
        calls++;
        calling("AddTagsToResource").addTagsToResource(add -> add.resourceName(snapshot.arn()).tags(tags(Map.of(key, value))));
    }

    void untag(Snapshot snapshot, String key) {
        calls++;
        calling("RemoveTagsFromResource").removeTagsFromResource(remove -> remove.resourceName(snapshot.arn()).tagKeys(key));
    }

    /** The account's exports that are under way, whoever started them. */
    List<ExportTask> runningExports() {
        List<ExportTask> tasks = new ArrayList<>();
        // The values of this filter are in lower case, unlike those in the answer.
        calling("DescribeExportTasks").describeExportTasksPaginator(describe -> describe.maxRecords(PAGE)
                .filters(Filter.builder().name("status").values("starting", "in_progress", "canceling").build())).forEach(page -> {
                    calls++;
                    tasks.addAll(page.exportTasks());
                });
        return tasks;
    }

    List<ExportTask> exports(Snapshot snapshot) {
        List<ExportTask> tasks = new ArrayList<>();
        calling("DescribeExportTasks").describeExportTasksPaginator(describe -> describe.maxRecords(PAGE).sourceArn(snapshot.arn())).forEach(page -> {
            calls++;
            tasks.addAll(page.exportTasks());
        });
        return tasks;
    }

    /** @return null if there is none */
    ExportTask export(String task) {
        calls++;
        return calling("DescribeExportTasks")
                .describeExportTasks(describe -> describe.exportTaskIdentifier(task)).exportTasks().stream().findFirst().orElse(null);
    }

    void export(Snapshot snapshot, String task, Plan.Export export) {
        calls++;
        calling("StartExportTask").startExportTask(start -> start.exportTaskIdentifier(task).sourceArn(snapshot.arn()).s3BucketName(export.bucket())
                .s3Prefix(export.prefix()).iamRoleArn(export.roleArn()).kmsKeyId(export.kmsKeyArn())
                .exportOnly(export.exportOnly().isEmpty() ? null : export.exportOnly()));
    }

    /** @return the share of the manual snapshots' quotas that is used, in percent, of the fuller of these kinds; -1 if RDS does not tell */
    double manualSnapshotsUsedPercent(Set<Kind> kinds) {
        calls++;
        double most = -1;
        for (AccountQuota quota : calling("DescribeAccountAttributes").describeAccountAttributes().accountQuotas()) {
            boolean counts = quota.accountQuotaName().equals("ManualSnapshots") && kinds.contains(Kind.INSTANCE)
                    || quota.accountQuotaName().equals("ManualClusterSnapshots") && kinds.contains(Kind.CLUSTER);
            if (counts && quota.max() > 0) {
                most = Math.max(most, 100.0 * quota.used() / quota.max());
            }
        }
        return most;
    }
}
