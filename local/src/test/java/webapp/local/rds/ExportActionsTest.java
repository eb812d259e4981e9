package webapp.local.rds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DescribeExportTasksRequest;
import software.amazon.awssdk.services.rds.model.DescribeExportTasksResponse;
import software.amazon.awssdk.services.rds.model.ExportTask;
import software.amazon.awssdk.services.rds.model.Filter;
import software.amazon.awssdk.services.rds.model.StartExportTaskRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

class ExportActionsTest extends DoubleFixture {
    private final Bucket exports = primary.bucket("exports");
    private final Bucket replica = recovery.bucket("exports-replica");
    private final ExportRole role = primary.exportRole("export");
    private final S3Client s3 = rds.configure(S3Client.builder().httpClient(HTTP), PRIMARY).build();
    private String source;

    @BeforeEach
    void snapshotOfTwoTables() {
        Rows rows = (Rows) shop.data();
        rows.table("shop.orders").add("1\tapple");
        rows.table("shop.people").add("7\tEve");
        source = snapshot("shop-1");
        rows.table("shop.orders").clear();
    }

    private void start(String identifier) {
        start(identifier, r -> {});
    }

    private void start(String identifier, Consumer<StartExportTaskRequest.Builder> more) {
        here.startExportTask(r -> more.accept(r.exportTaskIdentifier(identifier).sourceArn(source).s3BucketName("exports")
                .s3Prefix("shop").iamRoleArn(role.arn()).kmsKeyId(key.arn())));
    }

    private ExportTask task(String identifier) {
        return here.describeExportTasks(r -> r.exportTaskIdentifier(identifier)).exportTasks().get(0);
    }

    @Test
    void exportStartsRunsAndWritesWhatTheSnapshotHolds() {
        start("x-1");
        assertThat(task("x-1").status()).isEqualTo("STARTING");
        assertThat(task("x-1").taskStartTime()).isNull();
        minutes(20);
        assertThat(task("x-1").status()).isEqualTo("IN_PROGRESS");
        assertThat(exports.keys()).isEmpty();
        minutes(10);

        ExportTask done = task("x-1");
        assertThat(done.status()).isEqualTo("COMPLETE");
        assertThat(done.percentProgress()).isEqualTo(100);
        assertThat(done.snapshotTime()).isEqualTo(START);
        assertThat(Duration.between(done.taskStartTime(), done.taskEndTime())).isEqualTo(Duration.ofMinutes(10));
        assertThat(done.warningMessage()).isNull();
        assertThat(exports.keys()).containsExactly("shop/x-1/export_info_x-1.json",
                "shop/x-1/shop/shop.orders/1/part-00000.gz.parquet", "shop/x-1/shop/shop.people/1/part-00000.gz.parquet");
        assertThat(exports.content("shop/x-1/shop/shop.orders/1/part-00000.gz.parquet")).asString().isEqualTo("1\tapple");
    }

    @Test
    void onlyTheChosenTablesAreExported() {
        start("x-1", r -> r.exportOnly("shop.people"));
        minutes(30);

        assertThat(task("x-1").exportOnly()).containsExactly("shop.people");
        assertThat(exports.keys()).hasSize(2).noneMatch(objectKey -> objectKey.contains("orders"));
    }

    @Test
    void objectsAreReadAndTheirReplicationSeenThroughS3() {
        exports.replicatesTo(replica);
        start("x-1");
        minutes(30);
        String orders = "shop/x-1/shop/shop.orders/1/part-00000.gz.parquet";
        assertThat(s3.headObject(r -> r.bucket("exports").key(orders)).replicationStatusAsString()).isEqualTo("PENDING");
        minutes(2);

        assertThat(s3.listObjectsV2(r -> r.bucket("exports").prefix("shop/x-1/")).contents()).extracting(S3Object::key)
                .containsExactlyElementsOf(exports.keys());
        assertThat(s3.listObjectsV2Paginator(r -> r.bucket("exports").maxKeys(2)).contents()).hasSize(3);
        HeadObjectResponse head = s3.headObject(r -> r.bucket("exports").key(orders));
        assertThat(head.replicationStatusAsString()).isEqualTo("COMPLETED");
        assertThat(head.contentLength()).isEqualTo("1\tapple".length());
        assertThat(head.ssekmsKeyId()).isEqualTo(key.arn());
        assertThat(s3.headObject(r -> r.bucket("exports-replica").key(orders)).replicationStatusAsString()).isEqualTo("REPLICA");
        assertThat(s3.getObjectAsBytes(r -> r.bucket("exports").key(orders)).asString(UTF_8)).isEqualTo("1\tapple");
    }

    @Test
    void replicationFails() {
        exports.replicatesTo(replica).replicationFails(true);
        exports.put("a b/c+d", new byte[3]);
        minutes(2);

        assertThat(s3.headObject(r -> r.bucket("exports").key("a b/c+d")).replicationStatusAsString()).isEqualTo("FAILED");
        assertThat(replica.keys()).isEmpty();
    }

    @Test
    void s3RefusesWhatIsNotThereAndWhatIsDenied() {
        assertThat(refused(() -> s3.headObject(r -> r.bucket("exports").key("no"))).status()).isEqualTo(404);
        assertThat(refused(() -> s3.getObjectAsBytes(r -> r.bucket("exports").key("no"))).answer()).isEqualTo("404 NoSuchKey");
        assertThat(refused(() -> s3.listObjectsV2(r -> r.bucket("none"))).answer()).isEqualTo("404 NoSuchBucket");
        exports.deny();
        assertThat(refused(() -> s3.listObjectsV2(r -> r.bucket("exports"))).answer()).isEqualTo("403 AccessDenied");
    }

    @Test
    void completeExportMayHideSkippedTables() {
        rds.fault("StartExportTask").thenSkips("shop.people");
        start("x-1");
        minutes(30);

        assertThat(task("x-1").status()).isEqualTo("COMPLETE");
        assertThat(task("x-1").warningMessage()).contains("\"skippedTables\":[\"shop.people\"]");
        assertThat(exports.keys()).hasSize(2).noneMatch(objectKey -> objectKey.contains("people"));
    }

    @Test
    void whatIsTakenAwayWhileItRunsFailsTheExport() {
        rds.fault("StartExportTask").thenFails();
        start("x-1");
        minutes(30);
        assertThat(task("x-1").status()).isEqualTo("FAILED");
        assertThat(task("x-1").failureCause()).isEqualTo("An unknown internal error occurred.");

        start("x-2");
        exports.deny();
        minutes(30);
        assertThat(task("x-2").failureCause()).contains("bucket exports");
        exports.allow();
        start("x-3");
        key.state("Disabled");
        minutes(30);
        assertThat(task("x-3").failureCause()).contains(key.arn());
        key.allow();
        start("x-4");
        role.deny();
        minutes(30);
        assertThat(task("x-4").failureCause()).contains(role.arn());
        assertThat(exports.keys()).isEmpty();
    }

    @Test
    void canceledExportKeepsItsName() {
        start("x-1");
        assertThat(here.cancelExportTask(r -> r.exportTaskIdentifier("x-1")).status()).isEqualTo("CANCELING");
        minutes(1);
        assertThat(task("x-1").status()).isEqualTo("CANCELED");
        minutes(60);
        assertThat(task("x-1").status()).isEqualTo("CANCELED");

        assertThat(refused(() -> start("x-1")).answer()).isEqualTo("400 ExportTaskAlreadyExists");
        assertThat(refused(() -> here.cancelExportTask(r -> r.exportTaskIdentifier("x-1"))).answer())
                .isEqualTo("400 InvalidExportTaskStateFault");
        assertThat(refused(() -> here.cancelExportTask(r -> r.exportTaskIdentifier("x-9"))).answer()).isEqualTo("404 ExportTaskNotFound");
    }

    @Test
    void snapshotMayBeDeletedWhileItIsExported() {
        start("x-1");
        here.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-1"));
        minutes(30);
        assertThat(task("x-1").status()).isEqualTo("COMPLETE");
    }

    @Test
    void whatASnapshotHoldsIsKeptUntilItsLastHolderIsGone() {
        AtomicInteger kept = new AtomicInteger();
        shop.holds(new CountedData(kept));
        source = snapshot("shop-2");
        copy(source, "shop-2");
        minutes(40);
        start("x-1");
        here.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-2"));
        there.restoreDBInstanceFromDBSnapshot(r -> r.dbInstanceIdentifier("drill").dbSnapshotIdentifier("shop-2"));
        there.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-2"));
        assertThat(kept).hasValue(1);
        minutes(25);
        assertThat(recovery.instance("drill").status()).isEqualTo("available");
        assertThat(kept).hasValue(1);
        minutes(5);
        assertThat(task("x-1").status()).isEqualTo("COMPLETE");
        assertThat(kept).hasValue(0);
    }

    private record CountedData(AtomicInteger kept) implements Data {
        @Override
        public Backup backup() {
            kept.incrementAndGet();
            return new Backup() {
                @Override
                public Data restore(String identifier) {
                    return new Rows();
                }

                @Override
                public Map<String, byte[]> export(List<String> only) {
                    return Map.of();
                }

                @Override
                public void delete() {
                    kept.decrementAndGet();
                }
            };
        }
    }

    @Test
    void oneExportASnapshotAndFiveAnAccount() {
        start("x-1");
        assertThat(refused(() -> start("x-2")).answer()).isEqualTo("400 InvalidExportSourceState");
        for (int i = 2; i <= 6; i++) {
            source = snapshot("shop-" + i);
            String name = "x-" + i;
            if (i <= 5) {
                start(name, r -> {});
            } else {
                Refused sixth = refused(() -> start(name));
                assertThat(sixth.answer()).isEqualTo("400 ExportTaskLimitReachedFault");
                assertThat(sixth.message()).contains("limit of 5 concurrent export tasks");
            }
        }
        minutes(60);
        start("x-6");
    }

    @Test
    void startIsRefusedByWhatIsWrong() {
        assertThat(refused(() -> start("x-1", r -> r.sourceArn(source + "-no"))).answer()).isEqualTo("404 DBSnapshotNotFound");
        assertThat(refused(() -> start("x-1", r -> r.sourceArn(source.replace(":snapshot:", ":cluster-snapshot:")))).answer())
                .isEqualTo("404 DBClusterSnapshotNotFoundFault");
        assertThat(refused(() -> start("x-1", r -> r.sourceArn(source.replace(":snapshot:shop-1", ":cluster:shop")))).answer())
                .isEqualTo("404 DBClusterNotFoundFault");
        assertThat(refused(() -> start("x-1", r -> r.sourceArn("shop-1"))).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> start("x-1", r -> r.s3BucketName("exports-replica"))).answer()).isEqualTo("400 InvalidS3BucketFault");
        assertThat(refused(() -> start("x-1", r -> r.iamRoleArn(role.arn() + "-no"))).answer()).isEqualTo("404 IamRoleNotFound");
        assertThat(refused(() -> start("x-1", r -> r.kmsKeyId(recoveryKey.arn()))).answer()).isEqualTo("400 KMSKeyNotAccessibleFault");
        assertThat(refused(() -> start("x-1", r -> r.exportOnly("a.b.c.d"))).answer()).isEqualTo("400 InvalidExportOnly");
        assertThat(refused(() -> start("x-1", r -> r.s3Prefix("shop/02:00"))).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> start("x--1")).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> start("x".repeat(61))).answer()).isEqualTo("400 InvalidParameterValue");
        role.deny();
        assertThat(refused(() -> start("x-1")).answer()).isEqualTo("400 IamRoleMissingPermissions");
        role.allow();
        exports.deny();
        assertThat(refused(() -> start("x-1")).answer()).isEqualTo("400 InvalidS3BucketFault");
        exports.allow();
        key.deny();
        assertThat(refused(() -> start("x-1")).answer()).isEqualTo("400 KMSKeyNotAccessibleFault");
        key.allow();
        here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-new"));
        assertThat(refused(() -> start("x-1", r -> r.sourceArn(source.replace("shop-1", "shop-new")))).answer())
                .isEqualTo("400 InvalidExportSourceState");
        start("x-1");
    }

    @Test
    void tasksAreFoundByFilterAndPage() {
        start("x-1");
        minutes(30);
        start("x-2");
        assertThat(found(r -> r.filters(Filter.builder().name("status").values("starting", "in_progress").build())))
                .containsExactly("x-2");
        assertThat(found(r -> r.filters(Filter.builder().name("status").values("complete").build()))).containsExactly("x-1");
        assertThat(found(r -> r.sourceArn(source))).containsExactly("x-1", "x-2");
        assertThat(found(r -> r.filters(Filter.builder().name("s3-bucket").values("other").build()))).isEmpty();
        assertThat(found(r -> r.sourceType("CLUSTER"))).isEmpty();
        assertThat(refused(() -> found(r -> r.filters(Filter.builder().name("status").values("COMPLETE").build()))).answer())
                .isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> found(r -> r.exportTaskIdentifier("x-3"))).answer()).isEqualTo("404 ExportTaskNotFound");
        for (int i = 3; i < 25; i++) {
            minutes(60);
            start("x-" + i);
        }
        DescribeExportTasksResponse first = here.describeExportTasks(r -> r.maxRecords(20));
        assertThat(first.exportTasks()).hasSize(20);
        assertThat(here.describeExportTasks(r -> r.maxRecords(20).marker(first.marker())).exportTasks()).hasSize(4);
    }

    private List<String> found(Consumer<DescribeExportTasksRequest.Builder> request) {
        return here.describeExportTasks(request).exportTasks().stream().map(ExportTask::exportTaskIdentifier).toList();
    }

    @Test
    void clusterAndItsSnapshotsAreExported() {
        primary.cluster("books").encryptedBy(key);
        here.createDBClusterSnapshot(r -> r.dbClusterIdentifier("books").dbClusterSnapshotIdentifier("books-1"));
        minutes(4);
        start("x-1", r -> r.sourceArn(primary.snapshot("books-1").arn()));
        start("x-2", r -> r.sourceArn(primary.cluster("books").arn()));
        minutes(30);
        assertThat(task("x-1").sourceTypeAsString()).isEqualTo("SNAPSHOT");
        assertThat(task("x-2").sourceTypeAsString()).isEqualTo("CLUSTER");
        assertThat(task("x-2").status()).isEqualTo("COMPLETE");
    }
}
