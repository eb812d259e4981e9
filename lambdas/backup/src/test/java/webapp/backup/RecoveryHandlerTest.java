package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static webapp.backup.World.SAME;
import static webapp.backup.World.WINDOWS;
import static webapp.backup.World.drilled;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.rds.model.Tag;
import webapp.local.rds.Call;
import webapp.local.rds.Fault;
import webapp.local.rds.SnapshotView;
import webapp.local.rds.Work;

class RecoveryHandlerTest {
    /** Of the backup. */
    private static final Instant BACKUP = Instant.parse("2026-07-02T00:00:00Z");
    /** Of the monthly drill: 05:00 in Berlin. */
    private static final Instant SLOT = Instant.parse("2026-07-03T03:00:00Z");
    private static final String DRILL = "drill-" + Names.digest("shop") + "-20260703-0300";
    private static final String COPY = "bk-shop-20260702-0000";

    private final World world = new World(BACKUP);
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void monthlyDrillRestoresChecksAndLeavesNothing() {
        ObjectNode shop = drilled(world.instance("shop"));
        ((ObjectNode) shop.get("drill")).put("parameterGroupName", "drills").put("optionGroupName", "drills");
        world.recovery.parameterGroup("drills").optionGroup("drills");
        copied();
        world.clock.set(SLOT);

        ticks(Duration.ofMinutes(40));

        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).singleElement().extracting(Call::parameters).satisfies(restore -> {
            assertThat(restore).containsEntry("DBInstanceIdentifier", DRILL).containsEntry("DBSnapshotIdentifier", COPY)
                    .containsEntry("DBSubnetGroupName", "drills").containsEntry("VpcSecurityGroupIds.VpcSecurityGroupId.1", "sg-drill")
                    .containsEntry("DBParameterGroupName", "drills").containsEntry("OptionGroupName", "drills")
                    .containsEntry("DBInstanceClass", "db.t4g.medium").containsEntry("PubliclyAccessible", "false")
                    .containsEntry("EnableIAMDatabaseAuthentication", "true").containsEntry("DeletionProtection", "false")
                    .containsEntry("MultiAZ", "false").containsEntry("BackupRetentionPeriod", "0");
            assertThat(restore.values()).contains(Tags.PLAN, World.PLAN, Tags.ROLE, "drill", Tags.SLOT, SLOT.toString(), Tags.DATABASE, "shop");
        });
        assertThat(events).singleElement().asString().isEqualTo(
                "{\"check\":{\"host\":\"" + DRILL + ".restored.rds.amazonaws.com\",\"port\":3306,\"database\":\"shop\",\"user\":\"drill\","
                        + "\"notAfter\":\"2026-07-02T00:00:00Z\",\"tables\":[{\"table\":\"orders\",\"column\":\"placed_at\",\"columns\":[\"order_id\"]}],"
                        + "\"windows\":[{\"table\":\"orders\",\"from\":\"2026-06-30T00:00:00Z\",\"to\":\"2026-07-01T00:00:00Z\"},"
                        + "{\"table\":\"orders\",\"from\":\"2026-07-01T00:00:00Z\",\"to\":\"2026-07-02T00:00:00Z\"}]}}");
        assertThat(record()).satisfies(drill -> {
            assertThat(drill.verdict()).isEqualTo("passed");
            assertThat(drill.snapshot()).isEqualTo(COPY);
            // Restored in 25 minutes, found by the tick of then.
            assertThat(drill.rtoSeconds()).isEqualTo(25 * 60);
            // To the end of the last window that is as recorded.
            assertThat(drill.rpoSeconds()).isEqualTo(27 * 3600);
            assertThat(drill.findings()).isEmpty();
        });
        assertThat(world.rds.calls("AddTagsToResource")).singleElement().extracting(Call::parameters)
                .satisfies(tag -> assertThat(tag.values()).contains(Tags.VERDICT, "passed"));
        assertThat(world.rds.calls("DeleteDBInstance")).singleElement().extracting(Call::parameters).satisfies(delete -> assertThat(delete)
                .containsEntry("SkipFinalSnapshot", "true").containsEntry("DeleteAutomatedBackups", "true"));
        assertThat(world.recovery.has(DRILL)).isFalse();
        assertThat(world.metric("DrillFailed", "Database", "shop")).isZero();
        assertThat(world.metric("DrillRestoreSeconds", "Database", "shop")).isEqualTo(1500);
        assertThat(world.metric("DrillRpoSeconds", "Database", "shop")).isEqualTo(97_200);
        assertThat(world.metric("DrillAge", "Database", "shop")).isEqualTo(15 * 60);
        assertThat(world.metric("RecoveryCopyAge", "Database", "shop")).isEqualTo(27 * 3600 + 40 * 60);
        assertThat(world.metric("Failures", "Reason", "drill")).isZero();
    }

    @Test
    void clusterIsRestoredWithAnInstanceAndBothAreDeleted() {
        ObjectNode shop = drilled(world.cluster("shop"));
        ((ObjectNode) shop.get("drill")).put("clusterParameterGroupName", "drills").put("parameterGroupName", "drills");
        world.recovery.clusterParameterGroup("drills").parameterGroup("drills");
        copied();
        world.clock.set(SLOT);

        ticks(Duration.ofMinutes(80));

        assertThat(world.rds.calls("RestoreDBClusterFromSnapshot")).singleElement().extracting(Call::parameters)
                .satisfies(restore -> assertThat(restore).containsEntry("DBClusterIdentifier", DRILL).containsEntry("SnapshotIdentifier", COPY)
                        .containsEntry("Engine", "aurora-mysql").containsEntry("DBSubnetGroupName", "drills")
                        .containsEntry("VpcSecurityGroupIds.VpcSecurityGroupId.1", "sg-drill").containsEntry("DBClusterParameterGroupName", "drills")
                        .containsEntry("EnableIAMDatabaseAuthentication", "true").containsEntry("DeletionProtection", "false"));
        assertThat(world.rds.calls("CreateDBInstance")).singleElement().extracting(Call::parameters)
                .satisfies(create -> assertThat(create).containsEntry("DBInstanceIdentifier", DRILL).containsEntry("DBClusterIdentifier", DRILL)
                        .containsEntry("DBParameterGroupName", "drills").containsEntry("PubliclyAccessible", "false"));
        assertThat(record().verdict()).isEqualTo("passed");
        // RDS refuses to delete a cluster that still has instances.
        assertThat(world.rds.calls("DeleteDBCluster")).singleElement()
                .satisfies(delete -> assertThat(delete.at()).isAfter(world.rds.calls("DeleteDBInstance").getFirst().at()));
        assertThat(world.recovery.has(DRILL)).isFalse();
    }

    private record Case(String name, String fault, int number) {
        @Override
        public String toString() {
            return fault + " " + number + " of " + name;
        }
    }

    static Stream<Arguments> everyCall() {
        return Stream.of("instance", "cluster").flatMap(kind -> Stream.of("dies before", "dies after", "answer lost").flatMap(fault ->
                IntStream.rangeClosed(1, kind.equals("instance") ? 3 : 6).mapToObj(number -> Arguments.of(new Case(kind, fault, number)))));
    }

    /** Each mutating call of RDS in a drill: the next ticks end it with one restore that worked, one verdict, and nothing left. */
    @ParameterizedTest
    @MethodSource("everyCall")
    void crashAtEveryCallOfRds(Case crash) {
        drilled(crash.name().equals("instance") ? world.instance("shop") : world.cluster("shop"));
        copied();
        world.clock.set(SLOT);
        long before = world.rds.calls().stream().filter(Call::mutates).count();
        Fault fault = world.rds.fault("*").when(Call::mutates).on(crash.number());
        switch (crash.fault()) {
            case "dies before" -> fault.dieBefore();
            case "dies after" -> fault.dieAfter();
            default -> fault.loseAnswer();
        }

        ticks(Duration.ofHours(2));

        List<Call> calls = world.rds.calls().stream().filter(Call::mutates).skip(before).toList();
        assertThat(calls).as("the call was made").hasSizeGreaterThanOrEqualTo(crash.number());
        assertDrilledOnce();
    }

    static Stream<Arguments> everyWrite() {
        return IntStream.rangeClosed(1, 28).boxed().flatMap(number -> Stream.of(Arguments.of(number, false), Arguments.of(number, true)));
    }

    /** The same for each write of the table: lease, record, status. */
    @ParameterizedTest
    @MethodSource("everyWrite")
    void crashAtEveryWriteOfTheTable(int number, boolean after) {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.tables.dieAtWrite(number, after);

        ticks(Duration.ofMinutes(60));

        assertDrilledOnce();
    }

    @ParameterizedTest
    @MethodSource("everyWrite")
    void requestOutlivesACrashAtEachWrite(int number, boolean after) {
        drilled(world.instance("shop"));
        copied();
        world.tables.put(World.RECOVERY_TABLE, "drill#shop", "2026-06-03T03:00:00Z",
                Map.of("started", "2026-06-03T03:00:00Z", "verdict", "failed", "at", "2026-06-03T04:00:00Z"));
        world.tables.put(World.RECOVERY_TABLE, "request", "drill#shop", Map.of("slot", world.clock.instant().toString(), "by", "ada"));
        world.tables.dieAtWrite(number, after);

        ticks(Duration.ofMinutes(60));

        assertThat(records()).extracting(DrillRecord::verdict).containsExactly("failed", "passed");
        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(1);
        assertThat(world.tables.keys(World.RECOVERY_TABLE, "request")).isEmpty();
        assertThat(world.recovery.has("drill-" + Names.digest("shop") + "-20260702-0050")).isFalse();
    }

    @Test
    void crashInTheCheckIsCheckedAgain() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.windows = event -> {
            if (events.isEmpty()) {
                events.add(event);
                throw new AssertionError("the function dies");
            }
            events.add(event);
            return SAME;
        };

        ticks(Duration.ofHours(2));

        assertThat(events).hasSize(2);
        assertDrilledOnce();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Throttling", "InternalFailure", "ServiceUnavailable", "InvalidDBSnapshotState", "AccessDenied", "KMSKeyNotAccessibleFault",
        "InstanceQuotaExceeded", "InsufficientDBInstanceCapacity", "InvalidVPCNetworkStateFault", "DBSubnetGroupNotFoundFault",
        "DBParameterGroupNotFound", "OptionGroupNotFoundFault", "StorageQuotaExceeded", "DBSnapshotNotFound", "DBInstanceAlreadyExists"})
    void refusedRestoreIsTriedAgain(String code) {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.rds.fault("RestoreDBInstanceFromDBSnapshot").times(2).fail(code);

        ticks(Duration.ofHours(1));

        assertDrilledOnce();
        assertThat(record().rtoSeconds()).isEqualTo(35 * 60);
    }

    @ParameterizedTest
    @CsvSource({
        "AccessDenied, permission", "KMSKeyNotAccessibleFault, kms-key", "OptionGroupNotFoundFault, option-group",
        "DBSubnetGroupNotFoundFault, drill", "InstanceQuotaExceeded, drill", "InvalidVPCNetworkStateFault, drill"})
    void refusedRestoreIsToldAndEndsTheDrillWithItsTime(String code, String reason) {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.rds.fault("RestoreDBInstanceFromDBSnapshot").always().fail(code, "so it is");
        tick();
        assertThat(world.failures()).containsExactly(reason + " drill");
        assertThat(world.metric("Failures", "Reason", reason)).isEqualTo(1);

        ticks(Duration.ofMinutes(250));

        assertThat(record().verdict()).isEqualTo("failed");
        assertThat(record().findings()).containsExactly(
                "nothing was restored within 240 minutes: rds:RestoreDBInstanceFromDBSnapshot: so it is");
        assertThat(world.metric("DrillFailed", "Database", "shop")).isEqualTo(1);
        assertThat(world.failures()).containsExactly("drill drill");
        assertThat(world.metric("DrillAge", "Database", "shop")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"incompatible-restore", "incompatible-network", "incompatible-parameters"})
    void failedRestoreFailsTheDrillAndIsDeleted(String status) {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.rds.fault("RestoreDBInstanceFromDBSnapshot").thenFails(status);

        ticks(Duration.ofMinutes(40));

        assertThat(record().verdict()).isEqualTo("failed");
        assertThat(record().findings()).containsExactly(DRILL + " is " + status + " after it was restored from " + COPY);
        assertThat(world.recovery.has(DRILL)).isFalse();
        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(1);
    }

    @Test
    void restoreThatTakesTooLongIsGivenUpAndDeleted() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.rds.fault("RestoreDBInstanceFromDBSnapshot").thenHangs();

        ticks(Duration.ofMinutes(260));

        assertThat(record().verdict()).isEqualTo("failed");
        assertThat(record().findings()).containsExactly(DRILL + " was restored but not checked within 240 minutes");
        assertThat(world.recovery.has(DRILL)).isFalse();
    }

    @Test
    void checkThatFailsIsTriedAgainAndThenItsCauseIsTheFinding() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.windows = event -> {
            events.add(event);
            throw new IllegalStateException("cannot log in as drill");
        };

        ticks(Duration.ofMinutes(260));

        assertThat(events).hasSizeGreaterThan(40);
        assertThat(record().findings()).singleElement().asString()
                .startsWith(DRILL + " was restored but not checked within 240 minutes").contains("cannot log in as drill");
        assertThat(world.recovery.has(DRILL)).isFalse();
    }

    @Test
    void alteredRowAndDroppedTableAreFindings() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.windows = event -> SAME.replace("00000000000000aa", "00000000000000ab")
                .replace("\"rows\":4,\"checksum\":\"00000000000000bb\"", "\"error\":\"table is missing\"");

        ticks(Duration.ofMinutes(40));

        assertThat(record().verdict()).isEqualTo("failed");
        assertThat(record().findings()).containsExactly(
                "orders: rows differ in content from 2026-06-30T00:00:00Z to 2026-07-01T00:00:00Z: 3 of them", "orders: table is missing");
        assertThat(world.recovery.has(DRILL)).isFalse();
        assertThat(world.metric("Failures", "Reason", "drill")).isEqualTo(1);
    }

    @Test
    void windowsOfAnEarlierBackupAreAsGood() {
        drilled(world.instance("shop"));
        copied();
        world.tables.delete(World.RECOVERY_TABLE, "windows#shop", BACKUP.toString());
        world.tables.put(World.RECOVERY_TABLE, "windows#shop", BACKUP.minus(Duration.ofDays(2)).toString(), Map.of("document", WINDOWS));
        world.tables.put(World.RECOVERY_TABLE, "windows#shop", BACKUP.plus(Duration.ofDays(1)).toString(), Map.of("document", "later than the backup"));
        world.clock.set(SLOT);

        ticks(Duration.ofMinutes(40));

        assertThat(record().verdict()).isEqualTo("passed");
    }

    @Test
    void withoutRecordedWindowsNothingIsProven() {
        drilled(world.instance("shop"));
        copied();
        world.tables.delete(World.RECOVERY_TABLE, "windows#shop", BACKUP.toString());
        world.windows = event -> "{\"tables\":[],\"windows\":[],\"newest\":{}}";
        world.clock.set(SLOT);

        ticks(Duration.ofMinutes(40));

        assertThat(record().verdict()).isEqualTo("failed");
        assertThat(record().findings()).containsExactly("no windows were recorded up to " + COPY + ": nothing could be compared");
    }

    @Test
    void recordedWindowsThatCannotBeReadAreTheFinding() {
        drilled(world.instance("shop"));
        copied();
        world.tables.put(World.RECOVERY_TABLE, "windows#shop", BACKUP.toString(), Map.of("document", "{\"windows\": 3}"));
        world.clock.set(SLOT);

        ticks(Duration.ofMinutes(260));

        assertThat(record().findings()).containsExactly(DRILL + " was restored but not checked within 240 minutes: the windows recorded at " + BACKUP
                + " cannot be read: /tables is missing");
        assertThat(world.recovery.has(DRILL)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-07-03T03:00:00Z", "yesterday"})
    void recordThatSomebodySpoiltIsToldAndHindersNothing(String slot) {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.tables.put(World.RECOVERY_TABLE, "drill#shop", slot, Map.of("started", "soon"));
        tick();
        assertThat(world.failures()).containsExactly("other drill");
        world.tables.delete(World.RECOVERY_TABLE, "drill#shop", "yesterday");

        ticks(Duration.ofMinutes(40));

        assertDrilledOnce();
    }

    @Test
    void planWithoutWindowsProvesRestoreAndLogin() {
        drilled(world.instance("shop")).remove("windows");
        copied();
        world.tables.delete(World.RECOVERY_TABLE, "windows#shop", BACKUP.toString());
        world.windows = event -> "{\"tables\":[],\"windows\":[],\"newest\":{}}";
        world.clock.set(SLOT);

        ticks(Duration.ofMinutes(40));

        assertThat(record().verdict()).isEqualTo("restored");
        assertThat(record().rpoSeconds()).isEqualTo(27 * 3600);
        assertThat(world.metric("DrillFailed", "Database", "shop")).isZero();
    }

    @Test
    void nothingLaterThanTheSnapshotIsProven() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.windows = event -> SAME.replace("2026-07-01T22:00:00Z", "2026-07-02T23:00:00Z");

        ticks(Duration.ofMinutes(40));

        assertThat(record().rpoSeconds()).isEqualTo(27 * 3600);
    }

    @Test
    void missedTargetsAreFindings() {
        ObjectNode shop = drilled(world.instance("shop"));
        ((ObjectNode) shop.get("drill")).putObject("targets").put("rpoMinutes", 1500).put("rtoMinutes", 20);
        copied();
        world.clock.set(SLOT);

        ticks(Duration.ofMinutes(40));

        assertThat(record().findings()).containsExactly("RTO is 25 minutes, above the target of 20", "RPO is 1620 minutes, above the target of 1500");
        assertThat(record().verdict()).isEqualTo("failed");
    }

    @Test
    void oneDrillASlot() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);

        ticks(Duration.ofDays(2));
        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(1);

        world.clock.set(Instant.parse("2026-08-03T02:55:00Z"));
        tick();
        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(1);
        world.clock.advance(World.TICK);
        tick();
        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(2);
    }

    @Test
    void firstDrillIsAsSoonAsThereIsACopyAndMeasuredFromThen() {
        drilled(world.instance("shop"));
        world.clock.set(BACKUP.plus(Duration.ofDays(12)));
        tick();
        assertThat(world.tables.keys(World.RECOVERY_TABLE, "drill#shop")).isEmpty();
        copied();
        Instant begun = world.clock.instant();

        ticks(Duration.ofMinutes(40));

        assertThat(record()).satisfies(drill -> {
            assertThat(drill.slot()).isEqualTo(SLOT);
            assertThat(drill.started()).isEqualTo(begun);
            assertThat(drill.rtoSeconds()).isEqualTo(25 * 60);
        });
    }

    @Test
    void personAsksForADrill() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        ticks(Duration.ofMinutes(40));
        Instant asked = world.clock.advance(Duration.ofDays(1)).minusSeconds(100);
        world.tables.put(World.RECOVERY_TABLE, "request", "drill#shop", Map.of("slot", asked.toString(), "by", "ada"));

        tick();
        assertThat(world.tables.keys(World.RECOVERY_TABLE, "request")).isEmpty();
        world.clock.advance(World.TICK);
        ticks(Duration.ofMinutes(40));

        DrillRecord drill = records().getLast();
        assertThat(drill.by()).isEqualTo("ada");
        assertThat(drill.verdict()).isEqualTo("passed");
        assertThat(drill.slot()).isEqualTo(Instant.parse("2026-07-04T03:38:00Z"));
        assertThat(drill.rtoSeconds()).isEqualTo(27 * 60);
    }

    @Test
    void requestWhileADrillRunsWaitsForItsEnd() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        tick();
        world.clock.advance(World.TICK);
        world.tables.put(World.RECOVERY_TABLE, "request", "drill#shop", Map.of("slot", world.clock.instant().toString(), "by", "ada"));

        int most = 0;
        for (int i = 0; i < 20; i++, world.clock.advance(World.TICK)) {
            tick();
            most = Math.max(most, (int) Stream.of(DRILL, "drill-" + Names.digest("shop") + "-20260703-0305").filter(world.recovery::has)
                    .filter(name -> !world.recovery.instance(name).status().equals("deleting")).count());
        }

        assertThat(most).isEqualTo(1);
        assertThat(records()).extracting(DrillRecord::verdict).containsExactly("passed", "passed");
    }

    @Test
    void requestThatWasCarriedOutBeforeACrashIsAdopted() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        ticks(Duration.ofMinutes(40));
        world.tables.put(World.RECOVERY_TABLE, "request", "drill#shop", Map.of("slot", SLOT.plusSeconds(20).toString(), "by", "ada"));

        ticks(Duration.ofMinutes(40));

        assertThat(world.tables.keys(World.RECOVERY_TABLE, "request")).isEmpty();
        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(1);
    }

    @Test
    void requestWithoutACopySaysSo() {
        drilled(world.instance("shop"));
        world.tables.put(World.RECOVERY_TABLE, "request", "drill#shop", Map.of("slot", BACKUP.toString(), "by", "ada"));

        ticks(Duration.ofMinutes(250));

        assertThat(record().findings()).containsExactly("nothing was restored within 240 minutes: there is no recovery copy to restore");
    }

    @Test
    void newestAvailableCopyIsRestored() {
        drilled(world.instance("shop"));
        copied();
        Instant newest = copied();
        world.rds.takes(Work.INCREMENTAL_COPY, Duration.ofDays(100));
        copied();
        world.clock.set(SLOT);

        tick();

        assertThat(record().snapshot()).isEqualTo(Names.primary("shop", newest, 1));
    }

    @Test
    void copyThatGoesBeforeItIsRestoredIsReplacedByAnother() {
        drilled(world.instance("shop"));
        Instant older = copied();
        Instant newest = copied();
        world.clock.set(SLOT);
        world.rds.fault("RestoreDBInstanceFromDBSnapshot").throttle();
        tick();
        assertThat(record().snapshot()).isEqualTo(Names.primary("shop", newest, 1));
        world.recovery.removeSnapshot(Names.primary("shop", newest, 1));

        ticks(Duration.ofMinutes(40));

        assertThat(record().snapshot()).isEqualTo(Names.primary("shop", older, 1));
        assertThat(record().backupSlot()).isEqualTo(older);
        assertDrilledOnce();
    }

    @Test
    void drillsOfManyDatabasesTakeTurns() {
        for (int i = 0; i < 8; i++) {
            drilled(world.instance("shop-" + i));
        }
        copied();
        world.clock.set(SLOT);

        tick();
        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(5);
        ticks(Duration.ofMinutes(90));

        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(8);
        assertThat(world.rds.calls("DeleteDBInstance")).hasSize(8);
    }

    @Test
    void whatDrillsLeftBehindIsSweptByItsTags() {
        drilled(world.instance("shop"));
        Map<String, String> ours = Map.of(Tags.PLAN, World.PLAN, Tags.DATABASE, "gone", Tags.SLOT, "2026-05-03T03:00:00Z", Tags.ROLE, "drill");
        ours.forEach(world.recovery.instance("drill-00000000-20260503-0300")::tag);
        ours.forEach(world.recovery.cluster("drill-00000001-20260503-0300")::tag);
        // Not ours: another plan's, without tags, another role, another name.
        world.recovery.instance("drill-00000002-20260503-0300").tag(Tags.PLAN, "another").tag(Tags.ROLE, "drill");
        world.recovery.instance("drill-00000003-20260503-0300");
        world.recovery.instance("drill-00000004-20260503-0300").tag(Tags.PLAN, World.PLAN);
        ours.forEach(world.recovery.instance("shop-replica")::tag);

        ticks(Duration.ofMinutes(15));

        assertThat(world.rds.calls("DeleteDBInstance")).extracting(call -> call.parameter("DBInstanceIdentifier")).containsExactly("drill-00000000-20260503-0300");
        assertThat(world.rds.calls("DeleteDBCluster")).extracting(call -> call.parameter("DBClusterIdentifier")).containsExactly("drill-00000001-20260503-0300");
    }

    @Test
    void drillThatBreaksTheFunctionStopsNoOther() {
        drilled(world.instance("shop"));
        drilled(world.instance("till"));
        copied();
        world.clock.set(SLOT);
        world.windows = event -> SAME;
        world.tables.put(World.RECOVERY_TABLE, "drill#shop", SLOT.toString(), Map.of("started", Instant.MAX.toString()));

        tick();
        assertThat(world.tables.item(World.RECOVERY_TABLE, "lease", World.PLAN)).isNull();
        ticks(Duration.ofMinutes(60));

        assertThat(world.tables.item(World.RECOVERY_TABLE, "drill#till", SLOT.toString()).at("/verdict/S").asText()).isEqualTo("passed");
        assertThat(world.recovery.has("drill-" + Names.digest("till") + "-20260703-0300")).isFalse();
        assertThat(world.failures()).isNotEmpty().allMatch(failure -> failure.startsWith("other "));
    }

    @Test
    void leakThatCannotBeDeletedIsTold() {
        drilled(world.instance("shop"));
        Map.of(Tags.PLAN, World.PLAN, Tags.ROLE, "drill").forEach(world.recovery.instance("drill-00000000-20260503-0300").deletionProtection(true)::tag);

        tick();

        assertThat(world.failures()).containsExactly("drill drill");
        assertThat(failure().path("identifier").asText()).isEqualTo("drill-00000000-20260503-0300");
    }

    @ParameterizedTest
    @ValueSource(strings = {"instance", "cluster"})
    void restoreWhoseAnswerWasLostIsNoOthersAlthoughTheClientAsksAgain(String kind) {
        world.attempts = 2;
        drilled(kind.equals("instance") ? world.instance("shop") : world.cluster("shop"));
        copied();
        world.clock.set(SLOT);
        List.of("RestoreDBInstanceFromDBSnapshot", "RestoreDBClusterFromSnapshot", "CreateDBInstance").forEach(action -> world.rds.fault(action).loseAnswer());

        for (int step = 0; step < 24; step++) {
            tick();
            assertThat(world.failures()).isEmpty();
            world.clock.advance(World.TICK);
        }

        assertThat(world.rds.calls()).filteredOn(call -> call.action().startsWith("Restore")).hasSize(2);
        assertDrilledOnce();
    }

    @ParameterizedTest
    @ValueSource(strings = {"instance", "cluster", "instance of a cluster"})
    void nameOfADrillThatSomebodyElseHasIsToldWithTheName(String what) {
        drilled(what.equals("instance") ? world.instance("shop") : world.cluster("shop"));
        copied();
        world.clock.set(SLOT);
        if (what.equals("cluster")) {
            world.recovery.cluster(DRILL);
        } else {
            world.recovery.instance(DRILL);
        }

        ticks(Duration.ofMinutes(60));

        assertThat(world.failures()).containsExactly("name-taken drill");
        assertThat(failure().path("identifier").asText()).isEqualTo(DRILL);
        assertThat(failure().path("message").asText()).contains("without the tags of this plan's drill");
        assertThat(world.recovery.has(DRILL)).isTrue();
        assertThat(world.rds.calls("DeleteDBInstance")).isEmpty();
        assertThat(record().complaint()).contains("of this name");
    }

    @Test
    void alarmIsNotEndedByATickThatCouldListNothing() {
        drilled(world.instance("shop"));
        copied();
        world.rds.fault("DescribeDBSnapshots").throttle();
        tick();
        assertThat(world.metric("RdsCalls", null, null)).isNotNull();
        assertThat(world.metric("Failures", "Reason", "kms-key")).isNull();
        tick();
        assertThat(world.metric("Failures", "Reason", "kms-key")).isZero();
    }

    @Test
    void monthlyDrillIsMadeOnceHoweverManyPeopleAskFor() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT.plus(Duration.ofDays(20)));
        for (int day = 0; day < 30; day++) {
            Instant slot = SLOT.plus(Duration.ofHours(10L * day));
            world.tables.put(World.RECOVERY_TABLE, "drill#shop", slot.toString(), Map.of("started", slot.toString(), "at", slot.toString(), "verdict", "passed"));
        }
        Instant last = SLOT.plus(Duration.ofDays(19));
        world.tables.put(World.RECOVERY_TABLE, "drill#shop", last.toString(), Map.of("started", last.toString(), "at", last.toString(), "verdict", "passed"));

        ticks(Duration.ofMinutes(10));

        assertThat(world.rds.calls()).filteredOn(call -> call.action().startsWith("Restore")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Query windows#shop, dynamodb:Query", "DeleteItem, dynamodb:DeleteItem"})
    void permissionThatIsMissingIsNamed(String refused, String operation) {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        ask("drill#shop", Map.of("slot", SLOT.toString(), "by", "ada"));
        world.tables.refuse(refused);

        ticks(Duration.ofHours(1));

        List<String> messages = world.told().stream().filter(line -> line.path("reason").asText().equals("permission")).map(line -> line.path("message").asText()).toList();
        assertThat(messages).isNotEmpty().allMatch(message -> message.startsWith(operation + ":"));
        world.tables.admit(refused);
        ticks(Duration.ofHours(1));
        assertDrilledOnce();
    }

    @Test
    void causesOfAllDrillsAtOnceFitIntoThePagesDocument() {
        for (int number = 0; number < 5; number++) {
            drilled(world.instance("shop-" + number));
        }
        copied();
        world.clock.set(SLOT);
        world.windows = event -> {
            throw new IllegalStateException("no login ".repeat(20_000));
        };

        ticks(Duration.ofMinutes(40));

        assertThat(world.failures()).hasSize(5).containsOnly("drill drill");
        assertThat(status().at("/running/complaint").asText()).contains("no login");
    }

    @Test
    void drillThatIsTakenOutOfThePlanIsSwept() {
        ObjectNode shop = drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        tick();
        assertThat(world.recovery.has(DRILL)).isTrue();
        shop.remove("drill");

        ticks(Duration.ofMinutes(10));

        assertThat(world.recovery.has(DRILL)).isFalse();
    }

    @Test
    void onlyOneTickAtATime() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.tables.put(World.RECOVERY_TABLE, "lease", World.PLAN, Map.of("owner", "another"));
        world.tables.number(World.RECOVERY_TABLE, "lease", World.PLAN, "until", SLOT.plusSeconds(60).getEpochSecond());

        assertThat(tick()).isEqualTo("{\"tick\":\"busy\"}");

        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).isEmpty();
    }

    @Test
    void withoutItsTableTheFunctionOnlyTellsTheAgeOfTheCopies() {
        drilled(world.instance("shop"));
        for (int day = 0; day < 4; day++) {
            copied();
            world.clock.advance(Duration.ofDays(1));
        }
        world.recovery.instance("drill-00000000-20260503-0300").tag(Tags.PLAN, World.PLAN).tag(Tags.ROLE, "drill");
        world.tables.out(World.RECOVERY);
        long before = world.rds.calls().stream().filter(Call::mutates).count();

        ticks(Duration.ofMinutes(10));

        assertThat(world.rds.calls().stream().filter(Call::mutates).count()).isEqualTo(before);
        assertThat(world.metric("RecoveryCopyAge", "Database", "shop")).isPositive();
    }

    @Test
    void checkThatTheFunctionHasNoTimeForWaitsForTheNextTick() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        ticks(Duration.ofMinutes(20));
        world.clock.advance(World.TICK);

        tick(Duration.ofSeconds(75));
        assertThat(events).isEmpty();
        assertThat(world.recovery.has(DRILL)).isTrue();
        tick();

        assertThat(events).hasSize(1);
        assertThat(record().verdict()).isEqualTo("passed");
    }

    @Test
    void lostPrimaryRegionChangesNothing() {
        drilled(world.instance("shop"));
        copied();
        world.primary.out();
        world.tables.out(World.PRIMARY);
        world.clock.set(SLOT);

        ticks(Duration.ofMinutes(40));

        assertThat(record().verdict()).isEqualTo("passed");
        assertThat(world.failures()).isEmpty();
    }

    // Copies.

    @Test
    void prunesWhatRetentionNoLongerKeepsOneATick() {
        drilled(world.instance("shop")).remove("drill");
        for (int day = 0; day < 5; day++) {
            copied();
            world.clock.advance(Duration.ofDays(1).minusMinutes(50));
        }

        tick();
        assertThat(world.metric("WouldDelete", "Database", "shop")).isEqualTo(3);
        assertThat(world.copies()).hasSize(4);
        ticks(Duration.ofMinutes(30));

        assertThat(world.copies()).hasSize(2).allMatch(copy -> copy.status().equals("available"));
        assertThat(world.rds.calls("DeleteDBSnapshot")).allMatch(call -> call.region().equals(World.RECOVERY));
    }

    @Test
    void copyThatCannotBeDeletedKeepsNoOtherAndIsToldAfterADay() {
        drilled(world.instance("shop")).remove("drill");
        for (int day = 0; day < 5; day++) {
            copied();
            world.clock.advance(Duration.ofDays(1).minusMinutes(50));
        }
        world.rds.fault("DeleteDBSnapshot").when(call -> COPY.equals(call.parameter("DBSnapshotIdentifier"))).always()
                .fail("InvalidDBSnapshotState", "must be available");

        ticks(Duration.ofMinutes(30));

        assertThat(world.copies()).extracting(SnapshotView::identifier).containsExactly(COPY, "bk-shop-20260705-0000", "bk-shop-20260706-0000");
        assertThat(world.failures()).containsExactly("other prune");
        assertThat(world.metric("Failures", "Reason", "other")).isEqualTo(1);
    }

    @Test
    void dryRunOnlySaysWhatItWouldDelete() {
        drilled(world.instance("shop")).remove("drill");
        world.plan.put("dryRun", true);
        for (int day = 0; day < 4; day++) {
            copied();
            world.clock.advance(Duration.ofDays(1).minusMinutes(50));
        }

        ticks(Duration.ofMinutes(30));

        assertThat(world.metric("WouldDelete", "Database", "shop")).isEqualTo(2);
        assertThat(world.copies()).hasSize(4);
    }

    @Test
    void copyThatADrillRestoresIsNotPruned() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);
        world.rds.fault("RestoreDBInstanceFromDBSnapshot").times(20).throttle();
        tick();
        for (int i = 0; i < 3; i++) {
            world.clock.advance(Duration.ofMinutes(1));
            copied();
        }

        tick();
        world.clock.advance(World.TICK);
        tick();

        assertThat(record().running()).isTrue();
        assertThat(world.copies()).extracting(copy -> copy.identifier()).contains(COPY).hasSize(3);
    }

    @Test
    void tickWhoseTimeEndsIsOnceEachDatabases() {
        for (String name : List.of("a", "b", "c")) {
            drilled(world.instance(name));
        }
        copied();
        world.clock.set(SLOT);
        for (int tick = 0; tick < 3; tick++) {
            Iterator<Duration> left = List.of(Duration.ofMinutes(4), Duration.ofSeconds(39)).iterator();
            Plan plan = plan();
            new RecoveryTick(plan, world, world.clock.instant(), new Journal(plan.name(), world.clock.instant(), line -> {}),
                    new Ledger(world.dynamoDb(World.RECOVERY), World.RECOVERY_TABLE), left::next).run("tick-" + tick, world.clock.instant());
            world.clock.advance(World.TICK);
        }
        assertThat(world.rds.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DescribeDBClusters", "DescribeDBClusterSnapshots"})
    void clustersThatCannotBeListedStopNoInstance(String listing) {
        drilled(world.instance("shop"));
        drilled(world.cluster("books"));
        copied();
        world.clock.set(SLOT);
        world.rds.fault(listing).in(World.RECOVERY).always().fail("AccessDenied", "no");

        ticks(Duration.ofMinutes(40));

        assertThat(record().verdict()).isEqualTo("passed");
        assertThat(world.recovery.has(DRILL)).isFalse();
        assertThat(world.metric("RecoveryCopyAge", "Database", "shop")).isPositive();
        assertThat(world.failures()).containsExactly("permission list");
        assertThat(failure().path("database").asText()).isEqualTo("books");
        assertThat(failure().path("message").asText()).isEqualTo("rds:" + listing + ": no");
        assertThat(status().at("/identifier").asText()).isEqualTo("shop");
        assertThat(world.rds.calls("RestoreDBClusterFromSnapshot")).isEmpty();
    }

    @Test
    void instancesThatCannotBeListedStopEachDrillAndNoPruning() {
        drilled(world.cluster("shop"));
        for (int day = 0; day < 5; day++) {
            copied();
            world.clock.advance(Duration.ofDays(1).minusMinutes(50));
        }
        world.rds.fault("DescribeDBInstances").in(World.RECOVERY).always().fail("AccessDenied");

        tick();

        assertThat(world.failures()).containsExactly("permission list");
        assertThat(world.rds.calls("RestoreDBClusterFromSnapshot")).isEmpty();
        assertThat(world.rds.calls("DeleteDBClusterSnapshot")).hasSize(1);
    }

    @Test
    void databaseWhoseRecordsCannotBeReadStopsNoDrillAndKeepsWhatItRestored() {
        drilled(world.instance("shop"));
        drilled(world.instance("till"));
        copied();
        world.clock.set(SLOT);
        tick();
        world.tables.refuse("Query drill#till");

        ticks(Duration.ofMinutes(40));

        assertThat(record().verdict()).isEqualTo("passed");
        assertThat(world.rds.calls("DeleteDBInstance")).extracting(call -> call.parameter("DBInstanceIdentifier")).containsExactly(DRILL);
        assertThat(world.failures()).containsExactly("permission drill");
        assertThat(failure().path("database").asText()).isEqualTo("till");
    }

    @Test
    void pruningThatBreaksStopsNoOtherDatabaseNorWhatIsTold() {
        ObjectNode shop = drilled(world.cluster("shop"));
        shop.remove("drill");
        World.retention((ObjectNode) shop.get("recovery"), 1, 9, 0, 0, 1);
        drilled(world.cluster("till")).remove("drill");
        for (int day = 0; day < 3; day++) {
            copied();
            world.clock.advance(Duration.ofDays(1).minusMinutes(50));
        }
        // An instant that no time zone has; of a cluster's copy the tag alone tells it.
        world.rds(World.RECOVERY).addTagsToResource(add -> add.resourceName(world.recovery.snapshot(COPY).arn())
                .tags(Tag.builder().key(Tags.TAKEN).value(Instant.MIN.toString()).build()));
        Map.of(Tags.PLAN, World.PLAN, Tags.ROLE, "drill").forEach(world.recovery.instance("drill-00000000-20260503-0300")::tag);

        tick();

        assertThat(world.failures()).containsExactly("other prune");
        assertThat(failure().path("database").asText()).isEqualTo("shop");
        assertThat(world.rds.calls("DeleteDBClusterSnapshot")).extracting(call -> call.parameter("DBClusterSnapshotIdentifier")).containsExactly("bk-till-20260702-0000");
        assertThat(world.rds.calls("DeleteDBInstance")).hasSize(1);
        assertThat(World.read(world.tables.item(World.RECOVERY_TABLE, "status", World.PLAN).at("/document/S").asText()).at("/databases")).hasSize(2);
        assertThat(world.metric("Failures", "Reason", "other")).isEqualTo(1);
        assertThat(world.tables.item(World.RECOVERY_TABLE, "lease", World.PLAN)).isNull();
    }

    @Test
    void usedQuotaIsMeasured() {
        drilled(world.instance("shop"));
        world.recovery.manualSnapshotQuota(4);
        copied();
        tick();
        assertThat(world.metric("ManualSnapshotsUsedPercent", null, null)).isEqualTo(25);
        assertThat(world.metric("Failures", "Reason", "snapshot-quota")).isZero();

        world.recovery.manualSnapshotQuota(1);
        tick();
        assertThat(world.metric("ManualSnapshotsUsedPercent", null, null)).isEqualTo(100);
        assertThat(world.failures()).containsExactly("snapshot-quota list");
        assertThat(world.metric("Failures", "Reason", "snapshot-quota")).isEqualTo(1);
    }

    @Test
    void quotaOfAKindThatHasNoCopiesHereIsOthersMatter() {
        drilled(world.instance("shop"));
        world.cluster("books").remove("recovery");
        copied();
        world.recovery.cluster("others");
        for (String name : List.of("theirs-1", "theirs-2")) {
            world.rds(World.RECOVERY).createDBClusterSnapshot(create -> create.dbClusterIdentifier("others").dbClusterSnapshotIdentifier(name));
        }
        world.recovery.manualSnapshotQuota(2);
        tick();
        assertThat(world.metric("ManualSnapshotsUsedPercent", null, null)).isEqualTo(50);
        assertThat(world.failures()).isEmpty();
    }

    @Test
    void holdOfAHeldCopyChangesTheReason() {
        drilled(world.instance("shop"));
        copied();
        for (String reason : List.of("audit", "case 4711")) {
            ask("hold#shop#" + BACKUP, Map.of("id", reason, "reason", reason));
            ticks(Duration.ofMinutes(5));
            assertThat(world.recovery.snapshot(COPY).tags()).containsEntry(Tags.HOLD, reason);
            assertThat(world.tables.keys(World.RECOVERY_TABLE, "request")).isEmpty();
        }
    }

    @Test
    void heldCopyStaysFromTheTickOnThatReadsOfItUntilItIsReleased() {
        drilled(world.instance("shop")).remove("drill");
        Instant held = copied();
        for (int day = 0; day < 3; day++) {
            world.clock.advance(Duration.ofDays(1));
            copied();
        }
        ask("hold#shop#" + held, Map.of("id", "1", "reason", "Audit 2026"));

        tick();
        assertThat(world.recovery.snapshot(COPY).tags()).containsEntry(Tags.HOLD, "Audit 2026");
        assertThat(world.rds.calls("DeleteDBSnapshot")).extracting(call -> call.parameter("DBSnapshotIdentifier")).doesNotContain(COPY).hasSize(1);
        ticks(Duration.ofMinutes(30));
        assertThat(world.copies()).extracting(SnapshotView::identifier).contains(COPY).hasSize(3);
        assertThat(world.tables.keys(World.RECOVERY_TABLE, "request")).isEmpty();
        assertThat(world.metric("Held", "Database", "shop")).isEqualTo(1);
        assertThat(status().at("/held")).isEqualTo(World.read("[{\"slot\":\"" + held + "\",\"reason\":\"Audit 2026\"}]"));
        assertThat(status().at("/slots")).hasSize(3).first().isEqualTo(new TextNode(held.toString()));

        ask("hold#shop#" + held, Map.of("id", "2", "release", "true"));
        ticks(Duration.ofMinutes(30));
        assertThat(world.copies()).extracting(SnapshotView::identifier).doesNotContain(COPY).hasSize(2);
        assertThat(world.tables.keys(World.RECOVERY_TABLE, "request")).isEmpty();
        assertThat(status().at("/held")).isEmpty();
    }

    /** As soon as nothing is left to do for them. */
    @Test
    void holdOfASlotThatHasNoCopyIsTakenAway() {
        drilled(world.instance("shop"));
        world.database("another", "instance").putNull("recovery");
        ask("hold#shop#" + BACKUP, Map.of("id", "1", "reason", "Audit"));
        ask("hold#another#" + BACKUP, Map.of("id", "2", "reason", "Audit"));

        tick();

        assertThat(world.tables.keys(World.RECOVERY_TABLE, "request")).isEmpty();
        assertThat(world.rds.calls("AddTagsToResource")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dies before", "dies after", "answer lost", "throttled"})
    void holdOutlivesACrash(String crash) {
        drilled(world.instance("shop")).remove("drill");
        copied();
        ask("hold#shop#" + BACKUP, Map.of("id", "1", "reason", "Audit"));
        Fault fault = world.rds.fault("AddTagsToResource");
        switch (crash) {
            case "dies before" -> fault.dieBefore();
            case "dies after" -> fault.dieAfter();
            case "answer lost" -> fault.loseAnswer();
            default -> fault.throttle();
        }

        ticks(Duration.ofMinutes(15));

        assertThat(world.recovery.snapshot(COPY).tags()).containsEntry(Tags.HOLD, "Audit");
        assertThat(world.tables.keys(World.RECOVERY_TABLE, "request")).isEmpty();
    }

    @Test
    void holdThatIsNotAllowedIsToldAndKept() {
        drilled(world.instance("shop")).remove("drill");
        copied();
        ask("hold#shop#" + BACKUP, Map.of("id", "1", "reason", "Audit"));
        world.rds.fault("AddTagsToResource").fail("AccessDenied");

        tick();

        assertThat(world.failures()).containsExactly("permission hold");
        assertThat(world.tables.keys(World.RECOVERY_TABLE, "request")).hasSize(1);
    }

    @Test
    void statusIsOneDocument() {
        drilled(world.instance("shop"));
        copied();
        world.clock.set(SLOT);

        ticks(Duration.ofMinutes(40));

        JsonNode status = World.read(world.tables.item(World.RECOVERY_TABLE, "status", World.PLAN).at("/document/S").asText());
        assertThat(status.at("/databases/0/recoveryCopy/slot").asText()).isEqualTo(BACKUP.toString());
        assertThat(status.at("/databases/0/copies").asInt()).isEqualTo(1);
        assertThat(status.at("/databases/0/drill/verdict").asText()).isEqualTo("passed");
        assertThat(status.at("/databases/0/drill/rtoSeconds").asInt()).isEqualTo(1500);
        assertThat(status.at("/databases/0/running").isNull()).isTrue();
        assertThat(status.at("/databases/0/nextDrill").asText()).isEqualTo("2026-08-03T03:00:00Z");
    }

    @Test
    void callsOfATickWithNothingToDo() {
        for (int i = 0; i < 50; i++) {
            drilled(world.instance("shop-" + i));
        }
        tick();

        assertThat(world.rds.calls()).extracting(Call::action).containsExactly("DescribeDBSnapshots", "DescribeDBInstances", "DescribeDBClusters",
                "DescribeAccountAttributes");
        assertThat(world.metric("RdsCalls", null, null)).isEqualTo(4);
    }

    // Fixtures.

    RecoveryHandlerTest() {
        world.windows = event -> {
            events.add(event);
            return SAME;
        };
        world.recovery.subnetGroup("drills");
    }

    private Instant copied() {
        return world.copied();
    }

    private void ask(String key, Map<String, String> attributes) {
        world.tables.put(World.RECOVERY_TABLE, "request", key, attributes);
    }

    private Plan plan() {
        try {
            return PlanTest.parse(world.plan.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode failure() {
        return world.told().stream().filter(line -> line.has("reason")).findFirst().orElseThrow();
    }

    /** Of the first database. */
    private JsonNode status() {
        return World.read(world.tables.item(World.RECOVERY_TABLE, "status", World.PLAN).at("/document/S").asText()).at("/databases/0");
    }

    /** One run of the function; null if it died. */
    private String tick() {
        return tick(Duration.ofMinutes(5));
    }

    private String tick(Duration timeout) {
        return world.recoveryTick(timeout);
    }

    /** Every five minutes, the first one now; the last one is at the end. */
    private void ticks(Duration during) {
        for (Instant end = world.clock.instant().plus(during); ; world.clock.advance(World.TICK)) {
            tick();
            if (!world.clock.instant().isBefore(end)) {
                return;
            }
        }
    }

    private DrillRecord record() {
        return records().getFirst();
    }

    private List<DrillRecord> records() {
        return new Ledger(world.dynamoDb(World.RECOVERY), World.RECOVERY_TABLE).latest("drill#shop", null, 100).reversed().stream()
                .map(DrillRecord::of).toList();
    }

    private void assertDrilledOnce() {
        assertThat(records()).extracting(DrillRecord::verdict).containsExactly("passed");
        assertThat(world.rds.calls()).filteredOn(call -> call.action().startsWith("Restore") && call.error() == null).hasSize(1);
        assertThat(world.recovery.has(DRILL)).isFalse();
        assertThat(world.failures()).isEmpty();
    }
}
