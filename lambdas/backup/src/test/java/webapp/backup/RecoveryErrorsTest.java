package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static webapp.backup.World.SAME;
import static webapp.backup.World.drilled;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import webapp.local.rds.DocumentedErrors;
import webapp.local.rds.SnapshotView;

/** As {@link ErrorsTest}, for the recovery region's calls: drills end well when the error does, or fail with it as their finding, and nothing is left. */
class RecoveryErrorsTest {
    private static final Instant BACKUP = Instant.parse("2026-07-02T00:00:00Z");
    private static final Instant SLOT = Instant.parse("2026-07-03T03:00:00Z");
    private static final String DRILL = "drill-" + Names.digest("shop") + "-20260703-0300";

    /** Kind, action, what its documented codes are told as, and those that are told as something else ({@code -} for nothing). */
    private static final String DOCUMENTED = """
            instance | DescribeDBSnapshots              | other list  | - DBSnapshotNotFound
            cluster  | DescribeDBClusterSnapshots       | other list  | - DBClusterSnapshotNotFoundFault
            instance | DescribeDBInstances              | other list  | database-missing DBInstanceNotFound
            cluster  | DescribeDBClusters               | other list  | database-missing DBClusterNotFoundFault
            instance | DescribeAccountAttributes        | other list
            instance | RestoreDBInstanceFromDBSnapshot  | drill drill | - DBSnapshotNotFound DBClusterSnapshotNotFoundFault InvalidDBSnapshotState \
            DBInstanceAlreadyExists | kms-key KMSKeyNotAccessibleFault | option-group OptionGroupNotFoundFault
            cluster  | RestoreDBClusterFromSnapshot     | drill drill | - DBSnapshotNotFound DBClusterSnapshotNotFoundFault InvalidDBSnapshotState \
            InvalidDBClusterSnapshotStateFault InvalidDBInstanceState DBClusterAlreadyExistsFault | kms-key KMSKeyNotAccessibleFault | option-group OptionGroupNotFoundFault
            cluster  | CreateDBInstance                 | drill drill | - DBClusterNotFoundFault InvalidDBClusterStateFault DBInstanceAlreadyExists \
            | kms-key KMSKeyNotAccessibleFault | option-group OptionGroupNotFoundFault
            instance | AddTagsToResource                | drill drill | - DBInstanceNotFound DBClusterNotFoundFault DBSnapshotNotFound InvalidDBInstanceState \
            InvalidDBClusterStateFault
            cluster  | DeleteDBInstance                 | drill drill | - DBInstanceNotFound InvalidDBInstanceState InvalidDBClusterStateFault \
            | kms-key KMSKeyNotAccessibleFault | name-taken DBSnapshotAlreadyExists
            instance | DeleteDBInstance                 | drill drill | - DBInstanceNotFound InvalidDBInstanceState InvalidDBClusterStateFault \
            | kms-key KMSKeyNotAccessibleFault | name-taken DBSnapshotAlreadyExists
            cluster  | DeleteDBCluster                  | drill drill | - DBClusterNotFoundFault InvalidDBClusterStateFault InvalidDBClusterSnapshotStateFault \
            | kms-key KMSKeyNotAccessibleFault | name-taken DBClusterSnapshotAlreadyExistsFault
            instance | DeleteDBSnapshot                 | other prune | - DBSnapshotNotFound
            cluster  | DeleteDBClusterSnapshot          | other prune | - DBClusterSnapshotNotFoundFault
            """;

    /** Of Lambda's Invoke, each with its status: those that are told as the drill's, and those that need nobody. */
    private static final String OF_LAMBDA = """
            400 InvalidParameterValueException
            400 InvalidRequestContentException
            400 NoPublishedVersionException
            400 RecursiveInvocationException
            400 SnapStartException
            403 EFSMountFailureException
            404 ResourceNotFoundException
            408 EFSMountConnectivityException
            408 EFSMountTimeoutException
            408 SnapStartTimeoutException
            409 ResourceConflictException
            409 SnapStartNotReadyException
            410 EFSIOException
            413 RequestTooLargeException
            413 SerializedRequestEntityTooLargeException
            415 UnsupportedMediaTypeException
            502 EC2AccessDeniedException
            502 ENILimitReachedException
            502 InvalidRuntimeException
            502 InvalidSecurityGroupIDException
            502 InvalidSubnetIDException
            502 InvalidZipFileException
            502 KMSAccessDeniedException
            502 KMSDisabledException
            502 KMSInvalidStateException
            502 KMSNotFoundException
            502 SubnetIPAddressLimitReachedException
            """;
    private static final Set<String> PASSING_OF_LAMBDA = Set.of("429 TooManyRequestsException", "500 ServiceException", "502 EC2ThrottledException",
            "502 EC2UnexpectedException", "502 ResourceNotReadyException");
    private static final Set<String> PASSING = Set.of("Throttling", "ServiceUnavailable", "InternalFailure");

    private final World world = new World(BACKUP);

    @AfterEach
    void close() {
        world.close();
    }

    static Stream<Arguments> everyCode() {
        return DOCUMENTED.lines().flatMap(line -> {
            List<String> row = Arrays.stream(line.split("[|]")).map(String::strip).toList();
            String action = row.get(1);
            String stage = row.get(2).split(" ")[1];
            Set<String> codes = DocumentedErrors.of(action);
            codes.addAll(DocumentedErrors.common());
            Map<String, String> others = new HashMap<>(Map.of("AccessDenied", "permission " + stage));
            PASSING.forEach(code -> others.put(code, ""));
            for (String other : row.subList(3, row.size())) {
                List<String> words = List.of(other.split(" +"));
                assertThat(codes).as(action).containsAll(words.subList(1, words.size()));
                words.subList(1, words.size()).forEach(code -> others.put(code, words.getFirst().equals("-") ? "" : words.getFirst() + " " + stage));
            }
            return codes.stream().map(code -> Arguments.of(row.getFirst(), action, code, others.getOrDefault(code, row.get(2))));
        });
    }

    /** Refused in two ticks, and then no more. */
    @ParameterizedTest(name = "{1}: {2} is told as {3}")
    @MethodSource("everyCode")
    void eachDocumentedCodeOnce(String kind, String action, String code, String expected) {
        boolean pruned = action.startsWith("DeleteDB") && action.endsWith("Snapshot");
        begin(kind, pruned ? 4 : 1);
        world.rds.fault(action).in(World.RECOVERY).always().fail(code, code + ", says AWS");
        for (int step = 0; step < 24 && refused(action) == 0; step++) {
            next();
        }
        assertThat(refused(action)).as("calls refused").isPositive();
        assertThat(failures()).isEqualTo(expected.isEmpty() ? Set.of() : Set.of(expected));
        if (!expected.isEmpty()) {
            JsonNode failure = world.told().stream().filter(line -> line.has("reason")).findFirst().orElseThrow();
            assertThat(failure.path("message").asText()).startsWith("rds:" + action + ": " + code + ", says AWS");
            assertThat(failure.path("awsCode").asText()).isEqualTo(code);
            String reason = expected.split(" ")[0];
            assertThat(world.metric("Failures", "Reason", reason.equals("database-missing") ? "other" : reason)).isPositive();
        }
        next();
        world.rds.clearFaults();
        for (int step = 0; step < 24; step++) {
            next();
        }

        assertDrilled();
        if (pruned) {
            assertThat(world.copies()).extracting(SnapshotView::identifier).hasSize(2).contains("bk-shop-20260705-0000");
        }
    }

    static Stream<Arguments> everyCodeOfLambda() {
        return Stream.of(OF_LAMBDA.lines().map(code -> Arguments.of(code, "drill drill")), Stream.of(Arguments.of("403 AccessDeniedException", "permission drill")),
                PASSING_OF_LAMBDA.stream().map(code -> Arguments.of(code, ""))).flatMap(codes -> codes);
    }

    @ParameterizedTest(name = "Invoke: {0} is told as {1}")
    @MethodSource("everyCodeOfLambda")
    void eachDocumentedCodeOfTheChecker(String refusal, String expected) {
        begin("instance", 1);
        world.invokeRefused = refusal;
        while (world.windowsCalls == 0) {
            next();
        }
        assertThat(failures()).isEqualTo(expected.isEmpty() ? Set.of() : Set.of(expected));
        assertThat(records().getFirst().complaint()).isEqualTo("lambda:InvokeFunction: not now");
        next();
        assertThat(world.windowsCalls).isEqualTo(2);
        world.invokeRefused = null;
        for (int step = 0; step < 6; step++) {
            next();
        }

        assertDrilled();
    }

    /** With what is left undone, of a call without which no drill ends well. */
    static Stream<Arguments> everyClass() {
        return Stream.of(
                        "instance | DescribeDBSnapshots", "cluster | DescribeDBClusterSnapshots", "instance | DescribeDBInstances",
                        "cluster | DescribeDBInstances", "cluster | DescribeDBClusters", "instance | DescribeAccountAttributes",
                        "instance | RestoreDBInstanceFromDBSnapshot | nothing was restored", "cluster | RestoreDBClusterFromSnapshot | nothing was restored",
                        "cluster | CreateDBInstance | " + DRILL + " was restored but not checked",
                        "instance | Invoke | " + DRILL + " was restored but not checked",
                        "instance | AddTagsToResource", "cluster | AddTagsToResource", "instance | DeleteDBInstance", "cluster | DeleteDBInstance",
                        "cluster | DeleteDBCluster", "instance | DeleteDBSnapshot", "cluster | DeleteDBClusterSnapshot")
                .map(row -> row.split(" [|] "))
                .flatMap(row -> Stream.concat(PASSING.stream(), Stream.of("AccessDenied"))
                        .map(code -> Arguments.of(row[0], row[1], code, row.length > 2 ? row[2] : null)));
    }

    @ParameterizedTest(name = "{1} answers {2} for hours")
    @MethodSource("everyClass")
    void eachClassAtEveryCallForLongerThanADrillMayTake(String kind, String action, String code, String undone) {
        boolean lambda = action.equals("Invoke");
        boolean deletes = action.startsWith("DeleteDB");
        begin(kind, action.startsWith("DeleteDB") && action.endsWith("Snapshot") ? 4 : 1);
        if (lambda) {
            world.invokeRefused = Map.of("Throttling", "429 TooManyRequestsException", "ServiceUnavailable", "503 ServiceUnavailable",
                    "InternalFailure", "500 ServiceException", "AccessDenied", "403 AccessDeniedException").get(code);
        } else {
            world.rds.fault(action).in(World.RECOVERY).always().fail(code, "not now");
        }
        Set<String> told = new TreeSet<>();
        Set<String> messages = new TreeSet<>();
        for (int step = 0; step < 54; step++) {
            next();
            told.addAll(failures());
            world.told().stream().filter(line -> line.path("reason").asText().equals("permission")).forEach(line -> messages.add(line.path("message").asText()));
        }
        String operation = lambda ? "lambda:InvokeFunction" : "rds:" + action;
        assertThat(messages).isEqualTo(code.equals("AccessDenied") ? Set.of(operation + ": not now") : Set.of());
        assertThat(told).allMatch(failure -> failure.startsWith("permission ") || undone != null && failure.equals("drill drill"));
        if (undone != null) {
            assertThat(records().getFirst().findings()).containsExactly(undone + " within 240 minutes: " + operation + ": not now");
            assertThat(world.metric("DrillFailed", "Database", "shop")).isEqualTo(1);
            assertThat(world.metric("Failures", "Reason", "drill")).isEqualTo(1);
        }
        assertThat(world.recovery.has(DRILL)).as("what it restored is left").isEqualTo(deletes && !action.endsWith("Snapshot"));

        world.rds.clearFaults();
        world.invokeRefused = null;
        for (int step = 0; step < 24; step++) {
            next();
        }
        assertThat(world.recovery.has(DRILL)).isFalse();
        if (undone != null) {
            world.tables.put(World.RECOVERY_TABLE, "request", "drill#shop", Map.of("slot", world.clock.instant().toString(), "by", "ada"));
            for (int step = 0; step < 24; step++) {
                next();
            }
            assertThat(records()).extracting(DrillRecord::verdict).containsExactly("failed", "passed");
            assertThat(world.recovery.has(Names.drill("shop", records().getLast().slot()))).isFalse();
            assertThat(world.failures()).isEmpty();
        } else {
            assertDrilled();
        }
    }

    @Test
    void whatPassedIsNoFinding() {
        begin("cluster", 1);
        world.rds.fault("RestoreDBClusterFromSnapshot").throttle();
        world.rds.fault("CreateDBInstance").throttle();
        world.rds.fault("CreateDBInstance").on(2).thenHangs();
        next();
        assertThat(records().getFirst().complaint()).isEqualTo("rds:RestoreDBClusterFromSnapshot: Rate exceeded");
        next();
        assertThat(records().getFirst().complaint()).isNull();
        while (refused("CreateDBInstance") == 0) {
            next();
        }
        assertThat(records().getFirst().complaint()).isEqualTo("rds:CreateDBInstance: Rate exceeded");
        for (int step = 0; step < 54; step++) {
            next();
        }
        assertThat(records().getFirst().findings()).containsExactly(DRILL + " was restored but not checked within 240 minutes");
    }

    /** Backups, of which the last one is before a drill's slot, and copies, of which two are kept. */
    private void begin(String kind, int backups) {
        world.recovery.subnetGroup("drills");
        world.windows = event -> SAME;
        ObjectNode shop = drilled(kind.equals("instance") ? world.instance("shop") : world.cluster("shop"));
        assertThat(shop.at("/recovery/retention/last").asInt()).isEqualTo(2);
        for (int backup = 0; backup < backups; backup++) {
            world.clock.set(BACKUP.plus(Duration.ofDays(backup)));
            world.copied();
        }
        if (backups == 1) {
            world.clock.set(SLOT);
        }
        world.rds.forgetCalls();
    }

    private void next() {
        world.recoveryTick(World.TICK);
        world.clock.advance(World.TICK);
    }

    private Set<String> failures() {
        return new TreeSet<>(world.failures());
    }

    private long refused(String action) {
        return world.rds.calls(action).stream().filter(call -> call.error() != null).count();
    }

    private List<DrillRecord> records() {
        return new Ledger(world.dynamoDb(World.RECOVERY), World.RECOVERY_TABLE).latest("drill#shop", null, 100).reversed().stream()
                .map(DrillRecord::of).toList();
    }

    private void assertDrilled() {
        assertThat(records()).extracting(DrillRecord::verdict).containsExactly("passed");
        assertThat(world.rds.calls()).filteredOn(call -> call.action().startsWith("Restore") && call.error() == null).hasSize(1);
        assertThat(world.recovery.has(DRILL)).isFalse();
        assertThat(world.failures()).isEmpty();
        RecoveryTick.REASONS.forEach(reason -> assertThat(world.metric("Failures", "Reason", reason.text)).as(reason.text).isZero());
    }
}
