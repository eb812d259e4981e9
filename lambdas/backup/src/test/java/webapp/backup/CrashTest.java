package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import webapp.local.rds.Call;
import webapp.local.rds.Fault;
import webapp.local.rds.FunctionDied;
import webapp.local.rds.SnapshotView;
import webapp.local.rds.Work;

/**
 * The function dies before, after, or without the answer of each single call that changes something in a cycle: of RDS, and of the table.
 * Whatever is left, the next ticks make of it what one undisturbed run makes: one snapshot, one copy, one export a slot.
 */
class CrashTest {
    private static final Instant FIRST = Instant.parse("2026-07-01T00:00:00Z");
    /** The slot in which pruning begins, and every kind of call is made. */
    private static final Instant SLOT = FIRST.plus(Duration.ofDays(1));
    private static final Duration STEP = Duration.ofMinutes(10);
    private static final int STEPS = 9;
    private static final int FIRST_STEPS = 6;

    enum Setup {
        INSTANCE(world -> world.instance("shop")),
        CLUSTER(world -> world.cluster("shop")),
        /** Its snapshots have to be copied under the customer's key first. */
        OTHER_KEY(world -> {
            world.instance("shop");
            world.primary.instance("shop").encryptedBy(world.primary.key("alias/other"));
        });

        private final Consumer<World> databases;

        Setup(Consumer<World> databases) {
            this.databases = databases;
        }
    }

    private enum End {
        DIES_BEFORE(Fault::dieBefore),
        DIES_AFTER(Fault::dieAfter),
        ANSWER_LOST(Fault::loseAnswer);

        private final Consumer<Fault> fault;

        End(Consumer<Fault> fault) {
            this.fault = fault;
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCallOfRds() {
        return Stream.of(Setup.values()).flatMap(setup -> {
            List<Call> calls = new ArrayList<>();
            String expected = undisturbed(setup, calls, new ArrayList<>());
            return calls.stream().flatMap(call -> Stream.of(End.values()).map(end -> {
                int number = calls.indexOf(call) + 1;
                return DynamicTest.dynamicTest(setup + ": " + end + " at call " + number + ", " + call.action() + " in " + call.region(), () -> {
                    try (World world = readied(setup)) {
                        end.fault.accept(world.rds.fault("*").when(Call::mutates).on(number));
                        assertThat(cycle(world)).as("times that the function died").isEqualTo(end == End.ANSWER_LOST ? 0 : 1);
                        assertThat(left(world)).isEqualTo(expected);
                        assertThat(world.everFailed).isEmpty();
                    }
                });
            }));
        });
    }

    @TestFactory
    Stream<DynamicTest> everyWriteToTheTable() {
        List<String> writes = new ArrayList<>();
        String expected = undisturbed(Setup.INSTANCE, new ArrayList<>(), writes);
        return Stream.of(false, true).flatMap(after -> Stream.iterate(1, number -> number <= writes.size(), number -> number + 1)
                .map(number -> DynamicTest.dynamicTest("dies " + (after ? "after" : "before") + " write " + number + ", " + writes.get(number - 1), () -> {
                    try (World world = readied(Setup.INSTANCE)) {
                        world.tables.dieAtWrite(number, after);
                        assertThat(cycle(world)).as("times that the function died").isEqualTo(1);
                        assertThat(left(world)).isEqualTo(expected);
                        assertThat(world.everFailed).isEmpty();
                    }
                })));
    }

    /** @param calls gets those of RDS that changed something */
    private static String undisturbed(Setup setup, List<Call> calls, List<String> writes) {
        try (World world = readied(setup)) {
            assertThat(cycle(world)).isZero();
            world.rds.calls().stream().filter(Call::mutates).forEach(calls::add);
            writes.addAll(world.tables.writes);
            // What pruning leaves, and the one slot's snapshot, copy and export, once each.
            assertThat(calls).extracting(Call::action).contains("StartExportTask", "AddTagsToResource").anyMatch(action -> action.startsWith("Copy"))
                    .anyMatch(action -> action.startsWith("Create")).anyMatch(action -> action.startsWith("Delete"))
                    .anyMatch(action -> action.startsWith("Modify"));
            assertThat(calls).filteredOn(call -> call.action().equals("StartExportTask")).hasSize(1);
            return left(world);
        }
    }

    /** A world in which one slot has been carried out, and the next one begins. */
    private static World readied(Setup setup) {
        World world = new World(FIRST);
        setup.databases.accept(world);
        ObjectNode database = (ObjectNode) world.plan.at("/databases/0");
        World.retention(database, 1, 0, 0, 0, 1);
        world.rds.takes(Work.FULL_COPY, Duration.ofMinutes(8)).takes(Work.EXPORT_START, Duration.ofMinutes(5)).takes(Work.EXPORT, Duration.ofMinutes(3));
        for (int step = 0; step < FIRST_STEPS; step++) {
            world.tick();
            world.clock.advance(STEP);
        }
        world.clock.set(SLOT);
        world.rds.forgetCalls();
        world.tables.writes.clear();
        world.recordWindows(database);
        return world;
    }

    /** @return how often the function died */
    private static int cycle(World world) {
        int deaths = 0;
        for (int step = 0; step < STEPS; step++) {
            try {
                world.tick();
            } catch (FunctionDied | Tables.Died e) {
                deaths++;
            }
            world.clock.advance(STEP);
        }
        return deaths;
    }

    /** Everything that there is in both regions. */
    private static String left(World world) {
        StringBuilder text = new StringBuilder();
        for (SnapshotView snapshot : Stream.concat(world.primary.snapshots().stream(), world.recovery.snapshots().stream()).toList()) {
            text.append(snapshot.arn()).append(' ').append(snapshot.status()).append(' ').append(new TreeMap<>(snapshot.tags()).toString()
                    .replaceAll("backup:taken=[^,}]*", "")).append(' ').append(snapshot.sharedWith()).append('\n');
        }
        world.bucket.keys().forEach(key -> text.append(key).append('\n'));
        world.replica.keys().forEach(key -> text.append("replica ").append(key).append('\n'));
        world.tables.keys(World.TABLE, "history#shop").forEach(slot -> text.append("history ").append(slot).append('\n'));
        world.tables.keys(World.RECOVERY_TABLE, "windows#shop").forEach(slot -> text.append("windows ").append(slot).append('\n'));
        return text.toString();
    }
}
