package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import webapp.local.rds.Call;

/** How often a tick asks AWS: docs/backup.md has these numbers. */
class BudgetTest {
    private static final Instant SLOT = Instant.parse("2026-07-01T00:00:00Z");
    /** Databases, snapshots, exports under way and quotas of the databases' region, snapshots of the other one. */
    private static final int LISTINGS = 5;

    @ParameterizedTest(name = "{0} databases")
    @CsvSource({"1, 8", "10, 30", "50, 105"})
    void callsOfATick(int databases, int most) {
        try (World world = new World(SLOT)) {
            for (int number = 0; number < databases; number++) {
                world.instance("shop-" + number);
            }
            List<Integer> calls = new ArrayList<>();
            List<Integer> changes = new ArrayList<>();
            for (int tick = 0; tick < 80 && (tick < 12 || calls.getLast() > LISTINGS); tick++) {
                world.rds.forgetCalls();
                world.tick();
                calls.add((int) world.rds.calls().stream().filter(call -> call.service().equals("rds")).count());
                changes.add((int) world.rds.calls().stream().filter(Call::mutates).count());
                assertThat(world.metric("RdsCalls", null, null).intValue()).isEqualTo(calls.getLast());
                assertThat(changes.getLast()).isLessThanOrEqualTo(3 * databases);
                world.clock.advance(World.TICK);
            }
            System.out.println(databases + " databases: " + calls + " calls of RDS a tick, changes among them " + changes);
            assertThat(world.failures()).isEmpty();
            assertThat(world.copies()).hasSize(databases).allMatch(copy -> copy.status().equals("available"));
            assertThat(calls.getLast()).as("a tick with nothing to do").isEqualTo(LISTINGS);
            assertThat(calls).as("each tick").allMatch(number -> number <= most);
        }
    }

    @ParameterizedTest(name = "{0} snapshots")
    @CsvSource({"99, 1", "150, 2"})
    void listingOfSnapshotsIsPaged(int snapshots, int pages) {
        try (World world = new World(SLOT)) {
            world.instance("shop");
            world.primary.manualSnapshotQuota(1000);
            for (int number = 0; number < snapshots; number++) {
                int suffix = number;
                world.rds(World.PRIMARY).createDBSnapshot(create -> create.dbInstanceIdentifier("shop").dbSnapshotIdentifier("mine-" + suffix));
                world.clock.advance(World.TICK);
            }
            world.rds.forgetCalls();
            world.tick();
            assertThat(world.rds.calls("DescribeDBSnapshots")).filteredOn(call -> call.region().equals(World.PRIMARY)).hasSize(pages);
        }
    }
}
