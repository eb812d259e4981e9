package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.rds.model.Tag;
import webapp.local.rds.Call;
import webapp.local.rds.SnapshotView;
import webapp.local.rds.Work;

class SchedulerHandlerTest {
    private static final Instant SLOT = Instant.parse("2026-07-01T00:00:00Z");
    private static final String NAME = "bk-shop-20260701-0000";

    private static final String UNMEASURED = """
            {"tables":[{"table":"orders","column":"placed_at","columns":["order_id"]},{"table":"persons","column":"born_at","columns":["name"]}],\
            "windows":[{"table":"orders","from":"2026-06-29T00:00:00Z","to":"2026-06-30T00:00:00Z","rows":3,"checksum":"00000000000000aa"},\
            {"table":"persons","from":"2026-06-29T00:00:00Z","to":"2026-06-30T00:00:00Z","error":"table is missing"},\
            {"table":"persons","from":"2026-06-28T00:00:00Z","to":"2026-06-29T00:00:00Z","error":"table is missing"}],\
            "watermark":"2026-06-30T00:00:00Z"}""";

    private final World world = new World(SLOT);
    private final ObjectNode shop = world.instance("shop");

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void slotBecomesASnapshotACopyAndAnExport() {
        world.recordWindows(shop);
        world.ticks(Duration.ofHours(3));
        assertThat(world.everFailed).isEmpty();
        assertThat(world.primaries()).singleElement().satisfies(snapshot -> {
            assertThat(snapshot.identifier()).isEqualTo(NAME);
            assertThat(snapshot.tags()).isEqualTo(Map.of(Tags.PLAN, World.PLAN, Tags.DATABASE, "shop", Tags.SLOT, SLOT.toString(), Tags.ROLE, "primary",
                    Tags.EXPORT, "complete", Tags.WINDOWS, "recorded"));
        });
        assertThat(world.copies()).singleElement().satisfies(copy -> {
            assertThat(copy.identifier()).isEqualTo(NAME);
            assertThat(copy.status()).isEqualTo("available");
            assertThat(copy.keyArn()).isEqualTo(world.recoveryKey.arn());
            assertThat(copy.sharedWith()).containsExactly("444455556666");
        });
        assertThat(world.bucket.keys()).isNotEmpty().allMatch(key -> key.startsWith("shop/x-" + Names.digest("shop") + "-20260701-0000-a1/"));
        assertThat(world.replica.keys()).isEqualTo(world.bucket.keys());
        assertThat(world.windowsCalls).isEqualTo(1);
        assertThat(world.tables.item(World.RECOVERY_TABLE, "windows#shop", SLOT.toString())).isNotNull();
        assertThat(world.metric("BackupAge", "Database", "shop")).isBetween(10_000.0, 10_800.0);
        assertThat(world.metric("ExportAge", "Database", "shop")).isBetween(10_000.0, 10_800.0);
    }

    @Test
    void eachTickChangesAtMostOneThingAStage() {
        for (Instant end = SLOT.plus(Duration.ofHours(3)); world.clock.instant().isBefore(end); world.clock.advance(World.TICK)) {
            world.rds.forgetCalls();
            world.tick();
            assertThat(world.rds.calls()).filteredOn(Call::mutates).extracting(Call::action).doesNotHaveDuplicates();
        }
    }

    @Test
    void onlyTheLatestOfMissedSlotsIsMade() {
        world.clock.set(SLOT.plus(Duration.ofDays(5)).plus(Duration.ofHours(9)));
        world.tick();
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly("bk-shop-20260706-0000");
    }

    @Test
    void clockThatIsBehindMakesNoSnapshot() {
        world.ticks(Duration.ofHours(1));
        world.skew = Duration.ofDays(-3);
        world.tick();
        assertThat(world.rds.calls("CreateDBSnapshot")).hasSize(1);
    }

    @Test
    void slotThatAClockAheadUsedUpIsMadeInItsTurn() {
        world.skew = Duration.ofDays(1);
        world.tick();
        world.skew = Duration.ZERO;
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.tick();
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly("bk-shop-20260702-0000", "bk-shop-20260702-0000-r1");
    }

    @Test
    void failedSnapshotIsMadeAgainAfterAPauseThreeTimesInAll() {
        world.rds.fault("CreateDBSnapshot").always().thenFails();
        world.ticks(Duration.ofHours(3));
        assertThat(world.rds.calls("CreateDBSnapshot")).extracting(call -> call.parameter("DBSnapshotIdentifier") + " " + minutes(call))
                .containsExactly(NAME + " 0", NAME + "-r1 15", NAME + "-r2 75");
        assertThat(world.failures()).containsExactly("snapshot-failed snapshot");
        assertThat(world.metric("Failures", "Reason", "snapshot-failed")).isEqualTo(1);
        // A failed one goes once a later attempt is there; the last one stays for people to look at.
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly(NAME + "-r2");

        world.rds.clearFaults();
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(3));
        assertThat(world.failures()).isEmpty();
        assertThat(world.metric("Failures", "Reason", "snapshot-failed")).isZero();
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly("bk-shop-20260702-0000");
    }

    @Test
    void failedCopyIsMadeAgainThreeTimesInAll() {
        world.rds.fault("CopyDBSnapshot").always().thenFails();
        world.rds.takes(Work.FULL_COPY, Duration.ofMinutes(5));
        world.ticks(Duration.ofHours(3));
        assertThat(world.rds.calls("CopyDBSnapshot")).extracting(call -> call.parameter("TargetDBSnapshotIdentifier"))
                .containsExactly(NAME, NAME + "-c1", NAME + "-c2");
        assertThat(world.failures()).containsExactly("copy-failed recovery");
    }

    @Test
    void oneCopyOfADatabaseIsMadeAtATimeThenThatOfTheNewest() {
        world.rds.takes(Work.FULL_COPY, Duration.ofHours(50));
        for (int day = 0; day < 3; day++) {
            world.clock.set(SLOT.plus(Duration.ofDays(day)));
            world.ticks(Duration.ofHours(4));
        }
        assertThat(world.rds.calls("CopyDBSnapshot")).extracting(call -> call.parameter("TargetDBSnapshotIdentifier"))
                .containsExactly(NAME, "bk-shop-20260703-0000");
        assertThat(world.everFailed).isEmpty();
    }

    @Test
    void exportThatFailsIsBegunAgainUnderAnotherName() {
        world.rds.fault("StartExportTask").times(2).thenFails();
        world.ticks(Duration.ofHours(5));
        assertThat(world.rds.calls("StartExportTask")).extracting(call -> call.parameter("ExportTaskIdentifier"))
                .containsExactly(export(1), export(2), export(3));
        assertThat(world.primary.snapshot(NAME).tags()).containsEntry(Tags.EXPORT, "complete");
        assertThat(world.failures()).isEmpty();
    }

    @Test
    void exportThatFailsThreeTimesIsAFailureUntilAnotherOneIsComplete() {
        world.rds.fault("StartExportTask").times(3).thenFails();
        world.ticks(Duration.ofHours(6));
        assertThat(world.failures()).containsExactly("export-failed export");
        assertThat(failure().path("message").asText()).isEqualTo("An unknown internal error occurred.");
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(3));
        assertThat(world.failures()).isEmpty();
    }

    @Test
    void skippedTablesAreToldThoughTheExportIsComplete() {
        world.rds.fault("StartExportTask").thenWarns("{\"skippedTables\":[\"shop.orders\"]}");
        world.ticks(Duration.ofHours(3));
        assertThat(world.primary.snapshot(NAME).tags()).containsEntry(Tags.EXPORT, "skipped-tables");
        assertThat(failure().path("reason").asText()).isEqualTo("export-skipped-tables");
        assertThat(failure().path("message").asText()).contains("shop.orders");
        assertThat(world.metric("Failures", "Reason", "export-skipped-tables")).isEqualTo(1);
    }

    @Test
    void revokedKeyIsNamedWithItsState() {
        world.recoveryKey.state("PendingDeletion");
        world.ticks(Duration.ofMinutes(15));
        assertThat(failure().path("reason").asText()).isEqualTo("kms-key");
        assertThat(failure().path("message").asText()).contains("key " + world.recoveryKey.arn() + " is PendingDeletion");
        assertThat(failure().path("remedy").asText()).contains("cancel its deletion");
        world.recoveryKey.allow();
        world.ticks(Duration.ofHours(1));
        assertThat(world.copies()).hasSize(1);
    }

    @Test
    void databaseThatLostItsKeyIsNamed() {
        world.primary.instance("shop").status("inaccessible-encryption-credentials");
        world.primaryKey.state("Disabled");
        world.tick();
        assertThat(failure().path("message").asText()).contains("inaccessible-encryption-credentials").contains("is Disabled");
        assertThat(world.rds.calls("CreateDBSnapshot")).isEmpty();
    }

    @Test
    void fullQuotaIsNamed() {
        world.primary.manualSnapshotQuota(0);
        world.tick();
        assertThat(world.failures()).containsExactly("snapshot-quota snapshot");
    }

    @Test
    void usedQuotaIsMeasured() {
        world.primary.manualSnapshotQuota(4);
        world.ticks(Duration.ofMinutes(10));
        assertThat(world.metric("ManualSnapshotsUsedPercent", null, null)).isEqualTo(25);
    }

    @Test
    void bucketThatDeniesIsNamed() {
        world.bucket.deny();
        world.ticks(Duration.ofMinutes(10));
        assertThat(failure().path("reason").asText()).isEqualTo("export-bucket");
        assertThat(failure().path("remedy").asText()).contains("bucket's policy");
    }

    @Test
    void bucketThatDeniesARunningExportIsNamedAndNotTheKeyOfTheSameSentence() {
        world.ticks(Duration.ofMinutes(10));
        world.bucket.deny();
        world.ticks(Duration.ofMinutes(40));
        assertThat(failure().path("reason").asText()).isEqualTo("export-bucket");
        assertThat(failure().path("message").asText()).contains("with the KMS key", "Error code: AccessDenied");
    }

    @Test
    void exportThatIsNotReplicatedIsNoExport() {
        world.bucket.replicationFails(true);
        world.ticks(Duration.ofHours(3));
        assertThat(world.failures()).containsExactly("export-replication export");
        assertThat(world.primary.snapshot(NAME).tags()).doesNotContainKey(Tags.EXPORT);
        world.bucket.keys().forEach(key -> world.replica.put(key, world.bucket.content(key)));
        world.tick();
        world.clock.advance(World.TICK);
        world.tick();
        assertThat(world.primary.snapshot(NAME).tags()).containsEntry(Tags.EXPORT, "complete");
        assertThat(world.failures()).isEmpty();
    }

    @Test
    void exportOfManyObjectsIsComparedWithoutListingAllOfThem() {
        world.bucket.replicationFails(true);
        world.ticks(Duration.ofMinutes(90));
        world.tick();
        String key = world.bucket.keys().stream().sorted().findFirst().orElseThrow();
        for (int number = 0; number < 2500; number++) {
            world.bucket.put(key + "-" + number, new byte[1]);
        }
        world.rds.forgetCalls();
        world.clock.advance(World.TICK);
        world.tick();
        assertThat(world.failures()).containsExactly("export-replication export");
        assertThat(world.rds.calls("ListObjectsV2")).hasSize(2);

        world.bucket.keys().forEach(each -> world.replica.put(each, world.bucket.content(each)));
        world.clock.advance(World.TICK);
        world.tick();
        assertThat(world.primary.snapshot(NAME).tags()).containsEntry(Tags.EXPORT, "complete");
    }

    @Test
    void permissionToListIsNamedWithTheBucketWhoseNextPageWasRefused() {
        world.bucket.replicationFails(true);
        world.ticks(Duration.ofMinutes(90));
        String key = world.bucket.keys().stream().sorted().findFirst().orElseThrow();
        for (int number = 0; number < 1500; number++) {
            world.bucket.put(key + "-" + number, new byte[1]);
        }
        world.bucket.keys().forEach(each -> world.replica.put(each, world.bucket.content(each)));
        // The first page of each was read.
        world.rds.fault("ListObjectsV2").on(3).fail("AccessDenied");
        world.clock.advance(World.TICK);
        world.tick();
        assertThat(world.failures()).containsExactly("permission export");
        assertThat(failure().path("message").asText()).startsWith("s3:ListBucket of shop-exports:");
    }

    /** S3 answers a HEAD with a status alone. */
    @Test
    void permissionToSeeAnExportedFileIsNamed() {
        world.bucket.replicationFails(true);
        world.rds.fault("HeadObject").always().fail("AccessDenied");
        world.ticks(Duration.ofHours(3));
        assertThat(world.failures()).containsExactly("permission export");
        assertThat(failure().path("message").asText()).startsWith("s3:GetObject of shop-exports:");
    }

    @Test
    void bucketWithoutAReplicationRuleIsTold() {
        ((ObjectNode) shop.get("export")).put("bucket", world.primary.bucket("unreplicated").name());
        world.ticks(Duration.ofHours(3));
        assertThat(failure().path("message").asText()).contains("no replication rule takes it");
    }

    @Test
    void snapshotOfSomebodyElseIsNeitherTakenNorDeleted() {
        world.rds(World.PRIMARY).createDBSnapshot(create -> create.dbInstanceIdentifier("shop").dbSnapshotIdentifier(NAME));
        world.ticks(Duration.ofMinutes(20));
        assertThat(world.failures()).containsExactly("name-taken snapshot");
        assertThat(world.primary.snapshots()).singleElement().satisfies(snapshot -> assertThat(snapshot.tags()).isEmpty());
    }

    @Test
    void exportOfSomebodyElseThatHasTheNameIsNamed() {
        world.rds(World.PRIMARY).createDBSnapshot(create -> create.dbInstanceIdentifier("shop").dbSnapshotIdentifier("other"));
        world.clock.advance(Duration.ofMinutes(5));
        world.rds(World.PRIMARY).startExportTask(start -> start.exportTaskIdentifier(export(1)).sourceArn(world.primary.snapshot("other").arn())
                .s3BucketName(world.bucket.name()).iamRoleArn(world.primary.exportRole("export").arn()).kmsKeyId(world.primaryKey.arn()));
        world.ticks(Duration.ofMinutes(10));
        assertThat(world.failures()).containsExactly("name-taken export");
    }

    @Test
    void missingDatabaseIsNamedAndItsSnapshotsStay() {
        world.ticks(Duration.ofHours(3));
        world.primary.instance("shop").remove();
        world.clock.set(SLOT.plus(Duration.ofDays(30)));
        world.tick();
        assertThat(world.failures()).containsExactly("database-missing snapshot");
        assertThat(world.primaries()).hasSize(1);
    }

    @Test
    void recoveryRegionThatIsOutKeepsNoSnapshotFromBeingMadeAndNothingIsPruned() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.ticks(Duration.ofHours(3));
        world.recovery.out();
        world.tables.out(World.RECOVERY);
        for (int day = 1; day <= 3; day++) {
            world.clock.set(SLOT.plus(Duration.ofDays(day)));
            world.ticks(Duration.ofHours(1));
        }
        assertThat(world.primaries()).hasSize(4);
        assertThat(world.failures()).isEmpty();
        world.recovery.back();
        world.tables.back(World.RECOVERY);
        world.ticks(Duration.ofHours(3));
        assertThat(world.copies()).extracting(SnapshotView::identifier).containsExactly(NAME, "bk-shop-20260704-0000");
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly("bk-shop-20260704-0000");
    }

    @Test
    void pruningWaitsForTheCopy() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.rds.fault("CopyDBSnapshot").always().fail("InvalidDBSnapshotState");
        world.ticks(Duration.ofHours(2));
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(2));
        assertThat(world.primaries()).hasSize(2);
        world.rds.clearFaults();
        world.ticks(Duration.ofHours(2));
        assertThat(world.primaries()).hasSize(1);
    }

    @Test
    void pruningWaitsForTheExport() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.rds.fault("StartExportTask").thenTakes(Duration.ofHours(30));
        world.ticks(Duration.ofHours(2));
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(4));
        assertThat(world.primaries()).hasSize(2);
        world.ticks(Duration.ofHours(6));
        assertThat(world.primaries()).hasSize(1);
        assertThat(world.everFailed).isEmpty();
    }

    @Test
    void dryRunDeletesNothingAndSaysWhatItWould() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.plan.put("dryRun", true);
        for (int day = 0; day < 4; day++) {
            world.clock.set(SLOT.plus(Duration.ofDays(day)));
            world.ticks(Duration.ofHours(2));
        }
        assertThat(world.primaries()).hasSize(4);
        assertThat(world.metric("WouldDelete", "Database", "shop")).isEqualTo(3);
    }

    @Test
    void oneTickRunsAtATimeAndALeaseOfTheDeadEnds() {
        world.tables.dieAtWrite(1, true);
        assertThatThrownBy(world::tick).isInstanceOf(Tables.Died.class);
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(world.tick()).isEqualTo("{\"tick\":\"busy\"}");
        assertThat(world.rds.calls()).isEmpty();
        world.clock.advance(Duration.ofMinutes(4));
        assertThat(world.tick()).isEqualTo("{\"tick\":\"done\"}");
    }

    @Test
    void leaseThatAWrongClockTookEndsAtOnce() {
        world.tables.dieAtWrite(1, true);
        world.skew = Duration.ofDays(300);
        assertThatThrownBy(world::tick).isInstanceOf(Tables.Died.class);
        world.skew = Duration.ZERO;
        assertThat(world.tick()).isEqualTo("{\"tick\":\"done\"}");
    }

    @Test
    void backupsGoOnWithoutTheTableButNothingIsDeleted() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.ticks(Duration.ofHours(3));
        world.tables.out(World.PRIMARY);
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(3));
        assertThat(world.primaries()).hasSize(2);
        assertThat(world.copies()).hasSize(2);
        assertThat(world.rds.calls("DeleteDBSnapshot")).isEmpty();
    }

    @Test
    void requestedBackupIsASlotOfItsOwn() {
        world.ticks(Duration.ofHours(3));
        world.tables.put(World.TABLE, "request", "run#shop", Map.of("slot", "2026-07-01T11:17:42Z", "by", "ada"));
        world.clock.set(Instant.parse("2026-07-01T11:20:00Z"));
        world.tick();
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly(NAME, "bk-shop-20260701-1117");
        world.clock.advance(World.TICK);
        world.ticks(Duration.ofHours(1));
        assertThat(world.tables.keys(World.TABLE, "request")).isEmpty();
        assertThat(world.copies()).hasSize(2);
        assertThat(world.rds.calls("CreateDBSnapshot")).hasSize(2);
    }

    @Test
    void requestedBackupIsToldOfToItsEnd() {
        world.ticks(Duration.ofHours(3));
        world.tables.put(World.TABLE, "request", "run#shop", Map.of("slot", "2026-07-01T11:17:42Z", "by", "ada"));
        world.clock.set(Instant.parse("2026-07-01T11:20:00Z"));
        world.ticks(Duration.ofHours(1));
        JsonNode stages = World.read(world.tables.item(World.TABLE, "history#shop", "2026-07-01T11:17:00Z").at("/document/S").asText()).at("/stages");
        assertThat(stages.at("/snapshot/status").asText()).isEqualTo("done");
        assertThat(stages.at("/recovery/status").asText()).isEqualTo("done");
        JsonNode scheduled = World.read(world.tables.item(World.TABLE, "history#shop", SLOT.toString()).at("/document/S").asText()).at("/stages");
        assertThat(scheduled.at("/recovery/identifier").asText()).isEqualTo(NAME);
    }

    @Test
    void heldSnapshotStaysUntilItIsReleased() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.ticks(Duration.ofHours(3));
        world.tables.put(World.TABLE, "request", "hold#shop#" + SLOT, Map.of("reason", "audit; 2026"));
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(3));
        assertThat(world.primary.snapshot(NAME).tags()).containsEntry(Tags.HOLD, "audit  2026");
        assertThat(world.metric("Held", "Database", "shop")).isEqualTo(1);
        JsonNode status = World.read(world.tables.item(World.TABLE, "status", World.PLAN).at("/document/S").asText()).at("/databases/0");
        assertThat(status.at("/held")).isEqualTo(World.read("[{\"slot\":\"" + SLOT + "\",\"reason\":\"audit  2026\"}]"));
        assertThat(world.tables.keys(World.TABLE, "request")).isEmpty();

        world.tables.put(World.TABLE, "request", "hold#shop#" + SLOT, Map.of("release", "true"));
        world.ticks(Duration.ofMinutes(30));
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly("bk-shop-20260702-0000");
        assertThat(world.tables.keys(World.TABLE, "request")).isEmpty();
    }

    @Test
    void windowsThatFailAreToldAndTheSnapshotIsMade() {
        world.recordWindows(shop);
        world.windows = event -> {
            throw new IllegalStateException("no login");
        };
        world.tick();
        assertThat(world.primaries()).hasSize(1);
        world.clock.advance(World.TICK);
        world.tick();
        assertThat(failure().path("reason").asText()).isEqualTo("windows");
        assertThat(failure().path("message").asText()).contains("no login");
        assertThat(world.windowsCalls).isEqualTo(1);
    }

    @Test
    void failureOfTheRecorderIsToldInItsWordsAndFitsIntoThePagesDocument() {
        for (int number = 0; number < 49; number++) {
            world.recordWindows(world.instance("shop-" + number));
        }
        world.windows = event -> {
            throw new IllegalStateException("no login ".repeat(1000));
        };
        world.tick();
        world.clock.advance(World.TICK);
        world.tick();
        assertThat(world.failures()).hasSize(49).containsOnly("windows windows");
        assertThat(failure().path("message").asText()).startsWith("arn:aws:lambda:eu-central-1:111122223333:function:windows:live failed: no login no login");
        String document = world.tables.item(World.TABLE, "status", World.PLAN).at("/document/S").asText();
        assertThat(World.read(document).at("/at").asText()).isEqualTo(world.clock.instant().toString());
        assertThat(document).contains("no login");
    }

    @Test
    void windowThatCouldNotBeMeasuredIsToldAndTheAnswerIsKept() {
        world.recordWindows(shop);
        world.windows = event -> UNMEASURED;
        world.ticks(Duration.ofMinutes(10));
        assertThat(world.failures()).containsExactly("windows windows");
        assertThat(failure().path("message").asText()).isEqualTo("not measured: persons: table is missing");
        assertThat(world.metric("Failures", "Reason", "windows")).isEqualTo(1);
        assertThat(world.primaries()).singleElement().satisfies(snapshot -> assertThat(snapshot.tags()).containsEntry(Tags.WINDOWS, "failed"));
        assertThat(world.tables.item(World.RECOVERY_TABLE, "windows#shop", SLOT.toString()).at("/document/S").asText()).isEqualTo(UNMEASURED);
    }

    @Test
    void windowThatCouldNotBeMeasuredIsToldAlsoByTheTickAfterACrash() {
        world.recordWindows(shop);
        world.tables.put(World.RECOVERY_TABLE, "windows#shop", SLOT.toString(), Map.of("document", UNMEASURED));
        world.tick();
        assertThat(world.windowsCalls).isZero();
        assertThat(world.failures()).containsExactly("windows windows");
    }

    @Test
    void answerThatIsNoneIsToldAndKept() {
        world.recordWindows(shop);
        world.windows = event -> "{}";
        world.tick();
        assertThat(world.failures()).containsExactly("windows windows");
        assertThat(failure().path("message").asText()).isEqualTo("the windows recorded cannot be read: /tables is missing");
        assertThat(world.tables.keys(World.RECOVERY_TABLE, "windows#shop")).hasSize(1);
    }

    /** Its own longest time is what modules/backup gives it: a minute less than the tick's. */
    @Test
    void functionThatReadsWindowsIsWaitedForAsLongAsItMayRunAndTheSnapshotHasItsTime() {
        world.recordWindows(shop);
        world.tick(Duration.ofSeconds(290));
        assertThat(world.invokeTimeout).isBetween(Duration.ofSeconds(240), Duration.ofSeconds(245));
        assertThat(new AwsClients().lambda(World.PRIMARY).serviceClientConfiguration().overrideConfiguration().apiCallTimeout())
                .hasValueSatisfying(timeout -> assertThat(timeout).isGreaterThanOrEqualTo(Duration.ofSeconds(245)));
    }

    @Test
    void windowsThatThereIsNoTimeForAreToldAndTheSnapshotIsMade() {
        world.recordWindows(shop);
        world.tick(Duration.ofSeconds(45));
        assertThat(world.windowsCalls).isZero();
        assertThat(world.primaries()).hasSize(1);
        assertThat(world.failures()).containsExactly("windows windows");
    }

    @Test
    void windowsAreRecordedBeforeTheSnapshot() {
        world.recordWindows(shop);
        String answer = world.windows.apply("");
        world.windows = event -> {
            assertThat(world.primaries()).isEmpty();
            assertThat(event).contains("\"host\":\"").contains("\"unit\":\"day\"").contains("{\"table\":\"orders\",\"column\":\"placed_at\",\"columns\":[\"order_id\"]}");
            return answer;
        };
        world.tick();
        assertThat(world.primaries()).singleElement().satisfies(snapshot -> assertThat(snapshot.tags()).containsEntry(Tags.WINDOWS, "recorded"));
    }

    @Test
    void copiesAreSharedAgainWhenTheAccountsChange() {
        world.ticks(Duration.ofHours(3));
        shop.putArray("shareWith").add("777788889999");
        world.ticks(Duration.ofMinutes(20));
        assertThat(world.copies()).singleElement().satisfies(copy -> assertThat(copy.sharedWith()).containsExactly("777788889999"));
        shop.putArray("shareWith");
        world.ticks(Duration.ofMinutes(20));
        assertThat(world.copies()).singleElement().satisfies(copy -> assertThat(copy.sharedWith()).isEmpty());
        world.rds.forgetCalls();
        world.ticks(Duration.ofMinutes(20));
        assertThat(world.rds.calls()).noneMatch(call -> call.action().contains("Attribute") && !call.action().contains("Account"));
    }

    @Test
    void withoutARecoveryRegionThePrimarySnapshotsAreShared() {
        world.plan.putNull("recovery");
        shop.putNull("recovery");
        ((ObjectNode) shop.get("export")).putNull("replicatedTo");
        world.ticks(Duration.ofHours(3));
        assertThat(world.failures()).isEmpty();
        assertThat(world.primaries()).singleElement().satisfies(snapshot -> {
            assertThat(snapshot.sharedWith()).containsExactly("444455556666");
            assertThat(snapshot.tags()).containsEntry(Tags.EXPORT, "complete");
        });
        assertThat(world.recovery.snapshots()).isEmpty();
    }

    @Test
    void firstBackupOfAWeekIsExportedAlsoWhenItsSnapshotIsGone() {
        World.retention(shop, 1, 0, 0, 0, 1);
        ((ObjectNode) shop.get("export")).put("every", "week");
        // 1 July 2026 is a Wednesday.
        for (int day = 0; day < 14; day++) {
            world.clock.set(SLOT.plus(Duration.ofDays(day)));
            world.ticks(Duration.ofHours(2));
        }
        assertThat(world.rds.calls("StartExportTask")).extracting(call -> call.parameter("ExportTaskIdentifier").substring(11))
                .containsExactly("20260701-0000-a1", "20260706-0000-a1", "20260713-0000-a1");
        assertThat(world.primaries()).hasSize(1);
        assertThat(world.metric("ExportAge", "Database", "shop")).isBetween(86_400.0 + 7200 - 600, 86_400.0 + 7200);
    }

    @Test
    void snapshotThatAloneKnowsOfAnExportStaysUntilAnotherOneDoes() {
        World.retention(shop, 1, 0, 0, 0, 1);
        ((ObjectNode) shop.get("export")).put("every", "month");
        // It ends after the next slot's snapshot was made.
        world.rds.fault("StartExportTask").thenTakes(Duration.ofHours(30));
        for (int day = 0; day < 6; day++) {
            world.clock.set(SLOT.plus(Duration.ofDays(day)));
            world.ticks(Duration.ofHours(2));
        }
        assertThat(world.rds.calls("StartExportTask")).hasSize(1);
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly("bk-shop-20260706-0000");
    }

    @Test
    void databaseUnderAnotherKeyIsCopiedUnderThePlansKeyFirst() {
        world.primary.instance("shop").encryptedBy(world.primary.key("alias/other"));
        world.ticks(Duration.ofHours(4));
        assertThat(world.primary.snapshot(NAME + "-cmk").keyArn()).isEqualTo(world.primaryKey.arn());
        assertThat(world.copies()).singleElement().satisfies(copy -> {
            assertThat(copy.identifier()).isEqualTo(NAME);
            assertThat(copy.sourceArn()).isEqualTo(world.primary.snapshot(NAME + "-cmk").arn());
            assertThat(Instant.parse(copy.tags().get(Tags.TAKEN))).isEqualTo(world.primary.snapshot(NAME).dataAt());
        });
        assertThat(world.failures()).isEmpty();
    }

    @Test
    void historyAndThePagesDocumentAreWritten() {
        world.ticks(Duration.ofHours(3));
        JsonNode status = World.read(world.tables.item(World.TABLE, "status", World.PLAN).at("/document/S").asText()).at("/databases/0");
        assertThat(status.at("/lastBackup/identifier").asText()).isEqualTo(NAME);
        assertThat(status.at("/recoveryCopy/status").asText()).isEqualTo("available");
        assertThat(status.at("/export/status").asText()).isEqualTo("complete");
        assertThat(status.at("/nextSlot").asText()).isEqualTo("2026-07-02T00:00:00Z");
        assertThat(status.at("/slots")).isEqualTo(World.read("[\"" + SLOT + "\"]"));
        assertThat(status.at("/held")).isEmpty();
        JsonNode history = World.read(world.tables.item(World.TABLE, "history#shop", SLOT.toString()).at("/document/S").asText());
        assertThat(history.at("/stages/snapshot/at").asText()).isEqualTo("2026-07-01T00:05:00Z");
        for (String stage : List.of("snapshot", "recovery", "export")) {
            assertThat(history.at("/stages/" + stage + "/status").asText()).isEqualTo("done");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "{\"shop\":\"no JSON\"}", "{\"shop\":\"{\\\"slot\\\":\\\"2026-07-01T00:00:00Z\\\"}\"}", "{\"shop\":{}}"})
    void memoryThatSaysNothingStopsNothing(String memory) {
        world.tables.put(World.TABLE, "status", World.PLAN, Map.of("memory", memory));
        world.tick();
        assertThat(world.primaries()).hasSize(1);
        assertThat(world.failures()).isEmpty();
    }

    @Test
    void tagsThatSomebodySpoiltStopNothing() {
        world.ticks(Duration.ofHours(1));
        world.rds(World.PRIMARY).addTagsToResource(add -> add.resourceName(world.primary.snapshot(NAME).arn())
                .tags(Tag.builder().key(Tags.EXPORTED).value("yesterday").build(), Tag.builder().key(Tags.WINDOWS).value("").build()));
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.tick();
        assertThat(world.primaries()).hasSize(2);
        assertThat(world.failures()).isEmpty();
    }

    @Test
    void snapshotWithoutAReadableSlotIsNoneOfOurs() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.rds(World.PRIMARY).createDBSnapshot(create -> create.dbInstanceIdentifier("shop").dbSnapshotIdentifier("spoilt")
                .tags(Tag.builder().key(Tags.PLAN).value(World.PLAN).build(), Tag.builder().key(Tags.DATABASE).value("shop").build(),
                        Tag.builder().key(Tags.ROLE).value("primary").build(), Tag.builder().key(Tags.SLOT).value("long ago").build()));
        world.clock.advance(Duration.ofMinutes(10));
        world.ticks(Duration.ofHours(2));
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(2));
        assertThat(world.primary.snapshots()).extracting(SnapshotView::identifier).containsExactly("bk-shop-20260702-0000", "spoilt");
    }

    @Test
    void tickInWhichNothingChangesWritesNoHistory() {
        world.ticks(Duration.ofHours(3));
        world.tables.writes.clear();
        world.tick();
        assertThat(world.tables.writes).containsExactly("PutItem lease " + World.PLAN, "PutItem status " + World.PLAN, "DeleteItem lease " + World.PLAN);
    }

    @Test
    void howLongAStageTookIsToldOnceAlsoIfTheTableDoesNotSayWhatWasTold() {
        List<Double> seconds = new ArrayList<>();
        for (int tick = 0; tick < 30; tick++) {
            if (tick == 20) {
                world.tables.refuse("GetItem");
            }
            world.tick();
            world.told().stream().filter(line -> line.has("StageSeconds")).map(line -> line.path("StageSeconds").asDouble()).forEach(seconds::add);
            world.tables.admit("GetItem");
            world.clock.advance(World.TICK);
        }
        assertThat(seconds).hasSize(3).allMatch(each -> each < 7200);
    }

    @Test
    void howManyWouldBeDeletedIsNotToldWhileItIsNotKnown() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.plan.put("dryRun", true);
        world.ticks(Duration.ofHours(2));
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(2));
        assertThat(world.metric("WouldDelete", "Database", "shop")).isEqualTo(1);
        world.rds.fault("DescribeExportTasks").always().throttle();
        world.tick();
        assertThat(world.metric("BackupAge", "Database", "shop")).isPositive();
        assertThat(world.metric("WouldDelete", "Database", "shop")).isNull();
    }

    @Test
    void alarmIsNotEndedByATickThatCouldListNothing() {
        shop.put("kmsKeyArn", world.primary.key("alias/lost").state("PendingDeletion").arn());
        world.ticks(Duration.ofMinutes(15));
        assertThat(world.metric("Failures", "Reason", "kms-key")).isEqualTo(1);
        world.rds.fault("DescribeDBInstances").throttle();
        world.tick();
        assertThat(world.metric("RdsCalls", null, null)).isNotNull();
        assertThat(world.metric("Failures", "Reason", "kms-key")).isNull();
        world.rds.fault("DescribeDBInstances").fail("AccessDenied");
        world.tick();
        assertThat(world.metric("Failures", "Reason", "permission")).isEqualTo(1);
        assertThat(world.metric("Failures", "Reason", "kms-key")).isNull();
    }

    @Test
    void tableThatDoesNotAnswerIsNotAskedOfEachDatabase() {
        for (int number = 0; number < 9; number++) {
            world.instance("shop-" + number);
        }
        world.tables.out(World.PRIMARY);
        world.tick();
        assertThat(world.primaries()).hasSize(10);
        assertThat(world.tables.asked).isEqualTo(4);
    }

    @Test
    void everyReasonThatIsWellIsWrittenAsZero() {
        world.tick();
        for (Reason reason : Tick.REASONS) {
            assertThat(world.metric("Failures", "Reason", reason.text)).as(reason.text).isZero();
        }
    }

    @Test
    void nothingIsDeletedWhileItIsNotKnownWhatIsWantedHeld() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.ticks(Duration.ofHours(3));
        world.tables.put(World.TABLE, "request", "hold#shop#" + SLOT, Map.of("reason", "audit"));
        world.tables.refuse("Query");
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(3));
        assertThat(world.primaries()).hasSize(2);
        assertThat(world.failures()).containsExactly("permission requests");
        world.tables.admit("Query");
        world.ticks(Duration.ofMinutes(30));
        assertThat(world.primaries()).hasSize(2);
        assertThat(world.primary.snapshot(NAME).tags()).containsEntry(Tags.HOLD, "audit");
    }

    @Test
    void copyThatSomebodyMadeWithOurTagsIsNoneOfOurs() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.ticks(Duration.ofHours(3));
        world.rds(World.PRIMARY).copyDBSnapshot(copy -> copy.sourceDBSnapshotIdentifier(NAME).targetDBSnapshotIdentifier("by-hand").copyTags(true));
        world.rds(World.PRIMARY).copyDBSnapshot(copy -> copy.sourceDBSnapshotIdentifier(NAME).targetDBSnapshotIdentifier(NAME + "-by-hand").copyTags(true));
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(3));
        assertThat(world.primary.snapshots()).extracting(SnapshotView::identifier)
                .containsExactly(NAME + "-by-hand", "bk-shop-20260702-0000", "by-hand");
        assertThat(world.metric("WouldDelete", "Database", "shop")).isZero();
        assertThat(world.everFailed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10})
    void holdIsOnTheCopiesThatAreMadeAfterIt(int minutes) {
        world.primary.instance("shop").encryptedBy(world.primary.key("alias/other"));
        world.ticks(Duration.ofMinutes(minutes));
        world.tables.put(World.TABLE, "request", "hold#shop#" + SLOT, Map.of("reason", "audit"));
        world.ticks(Duration.ofHours(4));
        assertThat(world.copies()).singleElement().satisfies(copy -> assertThat(copy.tags()).containsEntry(Tags.HOLD, "audit"));
        assertThat(world.primary.snapshots()).hasSize(2).allSatisfy(snapshot -> assertThat(snapshot.tags()).containsEntry(Tags.HOLD, "audit"));
        assertThat(world.tables.keys(World.TABLE, "request")).isEmpty();
    }

    @Test
    void snapshotThatCannotBeDeletedKeepsNoOtherAndIsToldAfterADay() {
        World.retention(shop, 1, 0, 0, 0, 1);
        world.rds.fault("CreateDBSnapshot").thenFails();
        world.rds.fault("DeleteDBSnapshot").when(call -> NAME.equals(call.parameter("DBSnapshotIdentifier"))).always()
                .fail("InvalidDBSnapshotState", "must be available");
        world.ticks(Duration.ofHours(3));
        assertThat(world.everFailed).isEmpty();
        for (int day = 1; day <= 3; day++) {
            world.clock.set(SLOT.plus(Duration.ofDays(day)));
            world.ticks(Duration.ofHours(3));
        }
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly(NAME, "bk-shop-20260704-0000");
        assertThat(world.failures()).containsExactly("other prune");
        assertThat(failure().path("identifier").asText()).isEqualTo(NAME);
        assertThat(failure().path("message").asText()).contains("must be available").contains("delete it by hand");
    }

    @Test
    void oneSnapshotATickIsDeletedAlsoWhenTheAnswerIsLost() {
        World.retention(shop, 3, 0, 0, 0, 1);
        for (int day = 0; day < 3; day++) {
            world.clock.set(SLOT.plus(Duration.ofDays(day)));
            world.ticks(Duration.ofHours(3));
        }
        World.retention(shop, 1, 0, 0, 0, 1);
        world.rds.fault("DeleteDBSnapshot").loseAnswer();
        world.rds.forgetCalls();
        world.tick();
        assertThat(world.rds.calls("DeleteDBSnapshot").stream().map(call -> call.parameter("DBSnapshotIdentifier")).distinct()).hasSize(1);
        assertThat(world.primaries()).hasSize(2);
    }

    /** Whatever hangs: also what heeds no interruption, such as a name server's answer. */
    @Test
    @Timeout(value = 40, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void windowsThatTakeTooLongOrBreakAreToldAndTheSnapshotsAreMade() {
        CountDownLatch released = new CountDownLatch(1);
        String answer = world.windows.apply("");
        world.windows = event -> {
            if (event.contains("\"database\":\"hangs\"")) {
                awaitUninterruptibly(released);
            } else if (event.contains("\"database\":\"breaks\"")) {
                throw new UnsupportedOperationException("broken");
            }
            return answer;
        };
        world.recordWindows(shop);
        for (String name : List.of("hangs", "breaks")) {
            ObjectNode database = world.instance(name);
            world.recordWindows(database);
            ((ObjectNode) database.get("windows")).put("database", name);
        }
        try {
            world.tick(Duration.ofSeconds(48));
        } finally {
            released.countDown();
        }
        assertThat(world.primaries()).hasSize(3).allSatisfy(snapshot -> assertThat(snapshot.tags())
                .containsEntry(Tags.WINDOWS, snapshot.identifier().equals(NAME) ? "recorded" : "failed"));
        assertThat(world.failures()).containsExactly("windows windows", "windows windows");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // Goes on waiting.
            }
        }
    }

    @Test
    void tickWhoseTimeEndsIsOnceEachDatabases() {
        for (String name : List.of("a", "b", "c")) {
            world.instance(name);
        }
        for (int tick = 0; tick < 4; tick++) {
            Iterator<Duration> left = List.of(Duration.ofMinutes(4), Duration.ofSeconds(39)).iterator();
            Ledger ledger = new Ledger(world.dynamoDb(World.PRIMARY), World.TABLE);
            Plan plan = plan();
            new Tick(plan, world, world.clock.instant(), new Journal(plan.name(), world.clock.instant(), line -> {}), ledger, ledger, left::next)
                    .run("tick-" + tick, world.clock.instant());
            world.clock.advance(World.TICK);
        }
        assertThat(world.rds.calls("CreateDBSnapshot")).extracting(call -> call.parameter("DBInstanceIdentifier"))
                .containsExactlyInAnyOrder("shop", "a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DescribeDBClusters", "DescribeDBClusterSnapshots"})
    void clustersThatCannotBeListedStopNoInstance(String listing) {
        world.cluster("books");
        world.cluster("papers");
        world.rds.fault(listing).in(World.PRIMARY).always().fail("AccessDenied", "no");
        world.ticks(Duration.ofHours(3));
        assertThat(world.primary.snapshot(NAME).tags()).containsEntry(Tags.EXPORT, "complete");
        assertThat(world.copies()).singleElement().satisfies(copy -> assertThat(copy.sharedWith()).isNotEmpty());
        assertThat(world.failures()).containsExactly("permission list", "permission list");
        assertThat(world.told().stream().filter(line -> line.has("reason")).map(line -> line.path("database").asText())).containsExactly("books", "papers");
        assertThat(failure().path("message").asText()).isEqualTo("rds:" + listing + ": no");
        assertThat(world.metric("Failures", "Reason", "permission")).isEqualTo(2);
        assertThat(world.metric("BackupAge", "Database", "books")).isNull();
        assertThat(status().at("/0/lastBackup/identifier").asText()).isEqualTo(NAME);
        assertThat(status().at("/1/identifier").asText()).isEqualTo("books");
        assertThat(status().at("/1/failures/0/message").asText()).isEqualTo("rds:" + listing + ": no");
        world.rds.clearFaults();
        world.ticks(Duration.ofHours(3));
        assertThat(world.failures()).isEmpty();
        assertThat(world.primaries()).hasSize(3);
        assertThat(status().at("/1/failures")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DescribeDBInstances", "DescribeDBSnapshots"})
    void onlyKindThatCannotBeListedIsToldOnThePageToo(String listing) {
        world.ticks(Duration.ofHours(3));
        world.rds.fault(listing).in(World.PRIMARY).always().fail("AccessDenied", "no");
        world.tick();
        assertThat(status().at("/0/identifier").asText()).isEqualTo("shop");
        assertThat(status().at("/0/failures/0/message").asText()).isEqualTo("rds:" + listing + ": no");
        world.rds.clearFaults();
        world.ticks(World.TICK);
        assertThat(status().at("/0/lastBackup/identifier").asText()).isEqualTo(NAME);
    }

    @Test
    void instancesThatCannotBeListedStopNoCluster() {
        world.cluster("books");
        world.rds.fault("DescribeDBSnapshots").in(World.PRIMARY).always().fail("AccessDenied");
        world.tick();
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly("bk-books-20260701-0000");
    }

    @Test
    void copiesOfClustersThatCannotBeListedStopNoCopyOfAnInstanceAndAreNotMadeTwice() {
        world.cluster("books");
        world.rds.fault("DescribeDBClusterSnapshots").in(World.RECOVERY).always().fail("AccessDenied", "no");
        world.ticks(Duration.ofHours(3));
        assertThat(world.copies()).extracting(SnapshotView::identifier).containsExactly(NAME);
        assertThat(world.primaries()).hasSize(2);
        assertThat(failure().path("database").asText()).isEqualTo("books");
        assertThat(failure().path("message").asText()).isEqualTo("rds:DescribeDBClusterSnapshots in " + World.RECOVERY + ": no");
    }

    @Test
    void whatTheLastTickKnewStaysWhileAListingHasToWait() {
        world.cluster("books");
        world.ticks(Duration.ofHours(3));
        JsonNode known = status();
        world.rds.fault("DescribeDBClusterSnapshots").in(World.PRIMARY).always().throttle();
        world.tick();
        assertThat(world.failures()).isEmpty();
        assertThat(status()).isEqualTo(known);
    }

    @Test
    void databaseWhoseTurnBreaksBeforeItBeginsStopsNoOther() {
        world.ticks(Duration.ofHours(3));
        world.instance("till");
        world.primary.instance("shop").status("inaccessible-encryption-credentials");
        world.withoutKms = true;
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.tick();
        assertThat(world.primaries()).extracting(SnapshotView::identifier).containsExactly(NAME, "bk-till-20260702-0000");
        assertThat(world.failures()).containsExactly("other tick");
        assertThat(failure().path("database").asText()).isEqualTo("shop");
        assertThat(failure().path("message").asText()).contains("no client of KMS").contains(" at webapp.backup");
        assertThat(status().at("/0/failures/0/reason").asText()).isEqualTo("other");
        assertThat(world.metric("BackupAge", "Database", "till")).isNull();
        world.withoutKms = false;
        world.primary.instance("shop").status("available");
        world.ticks(Duration.ofHours(1));
        assertThat(world.failures()).isEmpty();
        assertThat(world.primaries()).hasSize(3);
    }

    @Test
    void slotThatNoNameCanHaveIsNoneOfOurs() {
        for (SnapshotTag slot : SnapshotTag.values()) {
            world.rds(World.PRIMARY).createDBSnapshot(create -> create.dbInstanceIdentifier("shop").dbSnapshotIdentifier("spoilt-" + slot.ordinal())
                    .tags(Tag.builder().key(Tags.PLAN).value(World.PLAN).build(), Tag.builder().key(Tags.DATABASE).value("shop").build(),
                            Tag.builder().key(Tags.ROLE).value("primary").build(), Tag.builder().key(Tags.SLOT).value(slot.instant).build()));
            world.clock.advance(World.TICK);
        }
        world.tick();
        assertThat(world.primaries()).extracting(SnapshotView::identifier).contains(NAME);
        assertThat(world.failures()).isEmpty();
    }

    private enum SnapshotTag {
        FIRST(Instant.MIN), LAST(Instant.MAX);

        private final String instant;

        SnapshotTag(Instant instant) {
            this.instant = instant.toString();
        }
    }

    @Test
    void unencryptedClusterIsCopiedAsItIs() {
        ((ArrayNode) world.plan.get("databases")).removeAll();
        world.cluster("books").putNull("kmsKeyArn").remove("export");
        world.primary.cluster("books").encryptedBy(null);
        world.ticks(Duration.ofHours(3));
        assertThat(world.everFailed).isEmpty();
        assertThat(world.copies()).singleElement().satisfies(copy -> {
            assertThat(copy.status()).isEqualTo("available");
            assertThat(copy.keyArn()).isNull();
        });
    }

    @Test
    void unencryptedClusterUnderThePlansKeyIsToldWithARemedy() {
        ((ArrayNode) world.plan.get("databases")).removeAll();
        world.cluster("books").remove("export");
        world.primary.cluster("books").encryptedBy(null);
        world.ticks(Duration.ofHours(3));
        assertThat(world.failures()).containsExactly("kms-key cmk");
        assertThat(failure().path("message").asText()).contains("is not encrypted").contains("customer_key").contains("restore one to a new cluster under a key");
        assertThat(failure().path("remedy").asText()).contains("see the message");
        assertThat(world.rds.calls("CopyDBClusterSnapshot")).isEmpty();
        assertThat(world.primaries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql", "postgres"})
    void multiAzClusterOfWhichRdsMakesNoCopyIsToldAndBackedUpInItsRegion(String engine) {
        ((ArrayNode) world.plan.get("databases")).removeAll();
        ObjectNode books = world.cluster("books");
        books.remove("export");
        books.put("kmsKeyArn", world.primary.key("alias/another").arn());
        world.primary.cluster("books").engine(engine, "8.0.42");
        world.ticks(Duration.ofHours(3));
        assertThat(world.failures()).containsExactly("copy-failed cmk", "copy-failed recovery");
        assertThat(failure().path("message").asText()).startsWith("books is a Multi-AZ DB cluster (" + engine + "), and RDS copies none of its snapshots")
                .endsWith(": take customer_key out of its entry in databases");
        assertThat(failure().path("remedy").asText()).contains("see the message");
        assertThat(world.rds.calls("CopyDBClusterSnapshot")).isEmpty();

        books.putNull("kmsKeyArn");
        world.ticks(Duration.ofMinutes(5));
        assertThat(world.failures()).containsExactly("copy-failed recovery");
        assertThat(failure().path("message").asText()).contains("no backup in eu-west-1: take recovery out of its entry");

        books.remove("recovery");
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(1));
        assertThat(world.failures()).isEmpty();
        assertThat(world.primaries()).hasSize(2).allMatch(snapshot -> snapshot.status().equals("available"));
    }

    @Test
    void multiAzClusterIsPrunedAlthoughNoCopyOfItCanBe() {
        ObjectNode books = world.cluster("books");
        books.remove("export");
        World.retention(books, 1, 0, 0, 0, 1);
        world.primary.cluster("books").engine("mysql", "8.0.42");
        world.ticks(Duration.ofHours(3));
        world.clock.set(SLOT.plus(Duration.ofDays(1)));
        world.ticks(Duration.ofHours(3));
        assertThat(world.primaries()).extracting(SnapshotView::identifier).filteredOn(name -> name.startsWith("bk-books"))
                .containsExactly("bk-books-20260702-0000");
    }

    @Test
    void unencryptedInstanceIsEncryptedByItsCopy() {
        shop.putNull("kmsKeyArn");
        world.primary.instance("shop").encryptedBy(null);
        shop.remove("export");
        world.ticks(Duration.ofHours(3));
        assertThat(world.everFailed).isEmpty();
        assertThat(world.copies()).singleElement().satisfies(copy -> assertThat(copy.keyArn()).isEqualTo(world.recoveryKey.arn()));
    }

    @Test
    void holdOfAHeldSnapshotChangesTheReason() {
        world.ticks(Duration.ofHours(3));
        for (String reason : List.of("audit", "case 4711")) {
            world.tables.put(World.TABLE, "request", "hold#shop#" + SLOT, Map.of("reason", reason));
            world.ticks(Duration.ofMinutes(15));
            assertThat(world.primary.snapshot(NAME).tags()).containsEntry(Tags.HOLD, reason);
            assertThat(world.tables.keys(World.TABLE, "request")).isEmpty();
        }
        assertThat(world.rds.calls("AddTagsToResource").stream().filter(call -> call.parameters().containsValue(Tags.HOLD))).hasSize(2);
    }

    private Plan plan() {
        try {
            return PlanTest.parse(world.plan.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of each database. */
    private JsonNode status() {
        return World.read(world.tables.item(World.TABLE, "status", World.PLAN).at("/document/S").asText()).at("/databases");
    }

    private JsonNode failure() {
        return world.told().stream().filter(line -> line.has("reason")).findFirst().orElseThrow();
    }

    private static String export(int attempt) {
        return Names.export("shop", SLOT, attempt);
    }

    private static long minutes(Call call) {
        return Duration.between(SLOT, call.at()).toMinutes();
    }
}
