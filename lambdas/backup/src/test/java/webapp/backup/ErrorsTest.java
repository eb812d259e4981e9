package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import webapp.local.rds.Bucket;
import webapp.local.rds.Work;

/** Each error that AWS documents for a call, and each class of errors at every call: what is told meanwhile, and that it ends well. */
class ErrorsTest {
    private static final Instant FIRST = Instant.parse("2026-07-01T00:00:00Z");
    private static final Instant SLOT = FIRST.plus(Duration.ofDays(1));
    private static final Duration STEP = Duration.ofMinutes(10);
    private static final int STEPS = 10;
    private static final int FIRST_STEPS = 6;
    private static final List<String> INSTANCE_CALLS = List.of("DescribeDBInstances", "DescribeDBSnapshots", "DescribeExportTasks",
            "DescribeAccountAttributes", "DescribeDBSnapshotAttributes", "CreateDBSnapshot", "CopyDBSnapshot", "ModifyDBSnapshotAttribute",
            "AddTagsToResource", "StartExportTask", "DeleteDBSnapshot", "ListObjectsV2");
    private static final List<String> CLUSTER_CALLS = List.of("DescribeDBClusters", "DescribeDBClusterSnapshots", "DescribeDBClusterSnapshotAttributes",
            "CreateDBClusterSnapshot", "CopyDBClusterSnapshot", "ModifyDBClusterSnapshotAttribute", "DeleteDBClusterSnapshot");

    @TestFactory
    Stream<DynamicTest> eachClassAtEveryCall() {
        return Stream.concat(INSTANCE_CALLS.stream().map(action -> List.of("instance", action)), CLUSTER_CALLS.stream().map(action -> List.of("cluster", action)))
                .flatMap(call -> Stream.of("Throttling", "ServiceUnavailable", "InternalFailure", "AccessDenied").map(code ->
                        DynamicTest.dynamicTest(call.getLast() + " answers " + code, () -> {
                            JsonNode failure = failure(call.getFirst(), call.getLast(), code, "not now");
                            if (code.equals("AccessDenied")) {
                                assertThat(failure.path("reason").asText()).isEqualTo("permission");
                                assertThat(failure.path("message").asText()).startsWith(call.getLast().startsWith("List") ? "s3:" : "rds:" + call.getLast());
                            } else {
                                assertThat(failure).isNull();
                            }
                        })));
    }

    @ParameterizedTest(name = "{1}: {2} {3}")
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "instance | CreateDBSnapshot | DBInstanceNotFound | - | database-missing snapshot",
        "instance | CreateDBSnapshot | InvalidDBInstanceState | - | -",
        "instance | CreateDBSnapshot | SnapshotQuotaExceeded | Cannot create more than 100 manual snapshots | snapshot-quota snapshot",
        "instance | CreateDBSnapshot | KMSKeyNotAccessibleFault | - | kms-key snapshot",
        "instance | CreateDBSnapshot | InvalidParameterValue | - | other snapshot",
        "cluster | CreateDBClusterSnapshot | DBClusterNotFoundFault | - | database-missing snapshot",
        "cluster | CreateDBClusterSnapshot | InvalidDBClusterStateFault | - | -",
        "cluster | CreateDBClusterSnapshot | InvalidDBClusterSnapshotStateFault | - | -",
        "cluster | CreateDBClusterSnapshot | SnapshotQuotaExceeded | Cannot create more than 100 manual snapshots | snapshot-quota snapshot",
        "instance | CopyDBSnapshot | DBSnapshotNotFound | - | -",
        "instance | CopyDBSnapshot | InvalidDBSnapshotState | - | -",
        "instance | CopyDBSnapshot | SnapshotQuotaExceeded | Cannot create more than 100 manual snapshots | snapshot-quota recovery",
        "instance | CopyDBSnapshot | SnapshotQuotaExceeded | Cannot copy more than 20 snapshots across regions | -",
        "instance | CopyDBSnapshot | SnapshotQuotaExceeded | Too many snapshot copies in progress | -",
        "instance | CopyDBSnapshot | KMSKeyNotAccessibleFault | - | kms-key recovery",
        "instance | CopyDBSnapshot | OptionGroupNotFoundFault | - | option-group recovery",
        "instance | CopyDBSnapshot | InvalidParameterValue | The snapshot requires a target option group | option-group recovery",
        "instance | CopyDBSnapshot | CustomAvailabilityZoneNotFound | - | other recovery",
        "cluster | CopyDBClusterSnapshot | DBClusterSnapshotNotFoundFault | - | -",
        "cluster | CopyDBClusterSnapshot | InvalidDBClusterStateFault | - | -",
        "cluster | CopyDBClusterSnapshot | InvalidDBClusterSnapshotStateFault | - | -",
        "cluster | CopyDBClusterSnapshot | SnapshotQuotaExceeded | Cannot create more than 100 manual snapshots | snapshot-quota recovery",
        "cluster | CopyDBClusterSnapshot | KMSKeyNotAccessibleFault | - | kms-key recovery",
        "instance | StartExportTask | DBSnapshotNotFound | - | -",
        "instance | StartExportTask | DBClusterNotFoundFault | - | database-missing export",
        "cluster | StartExportTask | DBClusterSnapshotNotFoundFault | - | -",
        "instance | StartExportTask | InvalidExportSourceState | - | -",
        "instance | StartExportTask | ExportTaskLimitReachedFault | - | -",
        "instance | StartExportTask | IamRoleNotFound | - | export-role export",
        "instance | StartExportTask | IamRoleMissingPermissions | - | export-role export",
        "instance | StartExportTask | InvalidS3BucketFault | - | export-bucket export",
        "instance | StartExportTask | InvalidExportOnly | - | export-failed export",
        "instance | StartExportTask | KMSKeyNotAccessibleFault | - | kms-key export",
        "instance | DescribeExportTasks | ExportTaskNotFound | - | -",
        "instance | ModifyDBSnapshotAttribute | DBSnapshotNotFound | - | -",
        "instance | ModifyDBSnapshotAttribute | InvalidDBSnapshotState | - | -",
        "instance | ModifyDBSnapshotAttribute | SharedSnapshotQuotaExceeded | - | other share",
        "cluster | ModifyDBClusterSnapshotAttribute | DBClusterSnapshotNotFoundFault | - | -",
        "cluster | ModifyDBClusterSnapshotAttribute | InvalidDBClusterSnapshotStateFault | - | -",
        "cluster | ModifyDBClusterSnapshotAttribute | SharedSnapshotQuotaExceeded | - | other share",
        "instance | AddTagsToResource | DBSnapshotNotFound | - | -",
        "instance | AddTagsToResource | InvalidDBInstanceState | - | -",
        "instance | DeleteDBSnapshot | DBSnapshotNotFound | - | -",
        "instance | DeleteDBSnapshot | InvalidDBSnapshotState | - | -",
        "cluster | DeleteDBClusterSnapshot | DBClusterSnapshotNotFoundFault | - | -",
        "cluster | DeleteDBClusterSnapshot | InvalidDBClusterSnapshotStateFault | - | -",
        "instance | DescribeDBSnapshots | DBSnapshotNotFound | - | -",
        "cluster | DescribeDBClusterSnapshots | DBClusterSnapshotNotFoundFault | - | -",
        "instance | CreateDBSnapshot | DBSnapshotAlreadyExists | - | -",
        "cluster | CreateDBClusterSnapshot | DBClusterSnapshotAlreadyExistsFault | - | -",
        "instance | CopyDBSnapshot | DBSnapshotAlreadyExists | - | -",
        "cluster | CopyDBClusterSnapshot | DBClusterSnapshotAlreadyExistsFault | - | -",
        "instance | StartExportTask | ExportTaskAlreadyExists | - | -",
    })
    void eachDocumentedCodeOnce(String kind, String action, String code, String message, String expected) {
        JsonNode failure = failure(kind, action, code, message == null ? code + ", says AWS" : message);
        if (expected == null) {
            assertThat(failure).isNull();
            return;
        }
        assertThat(failure).isNotNull();
        assertThat(failure.path("reason").asText() + " " + failure.path("stage").asText()).isEqualTo(expected);
        assertThat(failure.path("awsCode").asText()).isEqualTo(code);
        assertThat(failure.path("remedy").asText()).isNotBlank();
        assertThat(failure.path("database").asText()).isEqualTo("shop");
        assertThat(failure.path("slot").asText()).isEqualTo(SLOT.toString());
    }

    /** The causes of RDS's troubleshooting page, with names that have each other's words. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "- | An unknown internal error occurred.",
        "- | An unknown internal error occurred writing the export task's metadata to the S3 bucket kms-role.",
        "export-role | The RDS export failed to write the export task's metadata because it can't assume the IAM role arn:aws:iam::111122223333:role/s3-kms.",
        "export-role | The RDS export failed to write the export task's metadata to the S3 bucket kms-role using the IAM role arn:aws:iam::111122223333:role/s3-kms with the KMS key k. Error code: AWSSecurityTokenServiceException",
        "export-bucket | The RDS export failed to write the export task's metadata to the S3 bucket kms-role using the IAM role arn:aws:iam::111122223333:role/s3-kms with the KMS key k. Error code: NoSuchBucket",
        "export-bucket | The RDS export failed to write the export task's metadata to the S3 bucket kms-role using the IAM role arn:aws:iam::111122223333:role/s3-kms with the KMS key k. Error code: AccessDenied",
        "export-bucket | The RDS export failed to write the export task's metadata to the S3 bucket kms-role using the IAM role arn:aws:iam::111122223333:role/s3-kms with the KMS key k. Error code: 403 Forbidden",
        "kms-key | The RDS export failed to write the export task's metadata to the S3 bucket kms-role using the IAM role arn:aws:iam::111122223333:role/s3-kms with the KMS key k. Error code: KMS.DisabledException",
        "kms-key | The RDS export failed to write the export task's metadata to the S3 bucket kms-role using the IAM role arn:aws:iam::111122223333:role/s3-kms with the KMS key k. Error code: KMS.KMSInvalidStateException",
        "export-role | The IAM role arn:aws:iam::111122223333:role/s3-kms isn't authorized to call s3:PutObject on the S3 bucket kms-role. Review your permissions and retry the export.",
        "kms-key | KMS key check failed. Check the credentials on your KMS key and try again.",
        "export-bucket | S3 credential check failed. Check the permissions on your S3 bucket and IAM policy.",
        "export-bucket | The S3 bucket kms-role isn't valid. Either it isn't located in the current AWS Region or it doesn't exist. Review your S3 bucket name and retry the export.",
        "export-bucket | The S3 bucket kms-role isn't located in the current AWS Region. Review your S3 bucket name and retry the export.",
        "export-failed | RDS tells no cause",
    })
    void eachDocumentedCauseOfAFailedExportOnce(String reason, String cause) {
        try (World world = new World(FIRST)) {
            Bucket bucket = world.primary.bucket("kms-role");
            ((ObjectNode) world.instance("shop").get("export")).put("bucket", bucket.name()).putNull("replicatedTo");
            world.rds.fault("StartExportTask").thenFails(cause);
            List<String> messages = new ArrayList<>();
            for (int step = 0; step < 18; step++) {
                world.tick();
                world.told().stream().filter(line -> line.has("reason")).map(line -> line.path("message").asText()).forEach(messages::add);
                world.clock.advance(World.TICK);
            }

            assertThat(world.everFailed).isEqualTo(reason == null ? Set.of() : Set.of(reason + " export"));
            assertThat(Set.copyOf(messages)).isEqualTo(reason == null ? Set.of() : Set.of(cause));
            assertThat(world.failures()).isEmpty();
            assertThat(bucket.keys()).isNotEmpty().allMatch(key -> key.contains("-a2/"));
        }
    }

    /**
     * Runs a cycle in which each call of this action is refused, until AWS takes it again; no try is used up meanwhile.
     *
     * @return what was told in the tick of the first refusal, null for nothing
     */
    private static JsonNode failure(String kind, String action, String code, String message) {
        try (World world = readied(kind)) {
            world.rds.fault(action).always().fail(code, message);
            JsonNode failure = null;
            for (int step = 0; step < STEPS && refused(world, action) == 0; step++) {
                world.tick();
                failure = world.told().stream().filter(line -> line.has("reason")).findFirst().orElse(null);
                world.clock.advance(STEP);
            }
            assertThat(refused(world, action)).as("calls refused").isPositive();
            if (failure != null) {
                assertThat(world.metric("Failures", "Reason", failure.path("reason").asText())).isEqualTo(1);
            }
            world.tick();
            world.rds.clearFaults();
            for (int step = 0; step < STEPS; step++) {
                world.clock.advance(STEP);
                world.tick();
            }
            assertThat(world.failures()).isEmpty();
            assertThat(world.metric("Failures", "Reason", "permission")).isZero();
            String name = Names.primary("shop", SLOT, 1);
            assertThat(world.primary.snapshots()).extracting("identifier", "status").containsExactly(tuple(name, "available"));
            assertThat(world.primary.snapshot(name).tags()).containsEntry(Tags.EXPORT, "complete");
            assertThat(world.recovery.snapshots()).filteredOn(copy -> copy.identifier().startsWith(name)).singleElement()
                    .satisfies(copy -> assertThat(copy.sharedWith()).hasSize(1));
            assertThat(world.bucket.keys()).filteredOn(key -> key.contains("20260702-0000") && key.contains("export_info")).singleElement().asString().contains("-a1/");
            return failure;
        }
    }

    private static long refused(World world, String action) {
        return world.rds.calls(action).stream().filter(call -> call.error() != null).count();
    }

    private static World readied(String kind) {
        World world = new World(FIRST);
        ObjectNode database = kind.equals("cluster") ? world.cluster("shop") : world.instance("shop");
        World.retention(database, 1, 0, 0, 0, 1);
        world.rds.takes(Work.FULL_COPY, Duration.ofMinutes(8)).takes(Work.EXPORT_START, Duration.ofMinutes(5)).takes(Work.EXPORT, Duration.ofMinutes(3));
        for (int step = 0; step < FIRST_STEPS; step++) {
            world.tick();
            world.clock.advance(STEP);
        }
        world.clock.set(SLOT);
        world.rds.forgetCalls();
        return world;
    }
}
