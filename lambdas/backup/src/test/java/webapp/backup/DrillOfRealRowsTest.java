package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import webapp.backup.windows.TestedWindows;
import webapp.core.testing.Invocation;
import webapp.core.testing.MariaDbServer;
import webapp.local.rds.Data;

/** The whole of a proof: rows are recorded by the scheduler, dumped as the snapshot, restored into another server by the drill, and compared. */
class DrillOfRealRowsTest {
    private static final MariaDbServer PRIMARY = MariaDbServer.shared();
    private static final MariaDbServer RESTORED = MariaDbServer.start();
    private static final Instant DRILL = Instant.parse("2026-07-03T03:00:00Z");

    @TempDir
    Path dumps;

    private final World world = new World(Instant.parse("2026-07-03T00:00:00Z"));
    /** What happens to the data between the snapshot and whoever restores it. */
    private final List<String> damage = new ArrayList<>();

    @AfterAll
    static void stop() {
        RESTORED.close();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @BeforeEach
    void shop() {
        PRIMARY.execute("DROP DATABASE webapp", "CREATE DATABASE webapp CHARACTER SET utf8mb4", "USE webapp",
                "CREATE TABLE orders (order_id BINARY(16) PRIMARY KEY, person VARCHAR(255) NULL, total_cents BIGINT NOT NULL, placed_at DATETIME(3) NOT NULL)",
                "CREATE TABLE refunds (refund_id INT PRIMARY KEY, order_id BINARY(16), paid_at TIMESTAMP NOT NULL)",
                "INSERT INTO orders SELECT UNHEX(MD5(seq)), IF(seq % 7 = 0, NULL, CONCAT('person ', seq)), seq * 100,"
                        + " '2026-06-27 00:00:00' + INTERVAL seq * 11 MINUTE FROM seq_1_to_750",
                "INSERT INTO refunds SELECT seq, UNHEX(MD5(seq)), '2026-06-28 00:00:00' + INTERVAL seq HOUR FROM seq_1_to_40");
        world.primary.instance("shop").holds(new Dumped(PRIMARY));
        world.recovery.subnetGroup("drills");
        ObjectNode shop = world.instance("shop");
        shop.remove("export");
        ObjectNode windows = shop.putObject("windows").put("functionName", "windows").put("database", "webapp").put("user", TestedWindows.USER)
                .put("unit", "day").put("count", 7).put("settleMinutes", 60);
        windows.putArray("tables").addObject().put("table", "orders").put("column", "placed_at").putArray("columns")
                .add("order_id").add("person").add("total_cents").add("placed_at");
        ((ArrayNode) windows.get("tables")).addObject().put("table", "refunds").put("column", "paid_at")
                .putArray("columns").add("refund_id").add("order_id");
        ObjectNode drill = shop.putObject("drill").put("dayOfMonth", 3).put("time", "05:00").put("subnetGroupName", "drills").put("instanceClass", "db.t4g.medium")
                .put("functionName", "windows").put("database", "webapp").put("user", TestedWindows.USER).put("timeoutMinutes", 240);
        drill.putArray("securityGroupIds").add("sg-drill");
        TestedWindows function = new TestedWindows(world.clock, List.of(PRIMARY, RESTORED));
        world.windows = function::run;
    }

    @Test
    void restoredRowsAreAsRecorded() {
        DrillRecord drill = drill();

        assertThat(drill.findings()).isEmpty();
        assertThat(drill.verdict()).isEqualTo("passed");
        assertThat(RESTORED.query("SELECT COUNT(*) FROM webapp.orders")).containsExactly("750");
        // Restored in 25 minutes; the newest row is of 17:30 on the day before.
        assertThat(drill.rtoSeconds()).isEqualTo(25 * 60);
        assertThat(drill.rpoSeconds()).isEqualTo(9 * 3600 + 30 * 60);
    }

    @Test
    void rowsThatCameAfterTheRecordingDoNotMatter() {
        damage.add("INSERT INTO orders VALUES (REPEAT('x', 16), 'late', 1, '2026-07-02 23:58:00')");

        assertThat(drill().verdict()).isEqualTo("passed");
    }

    @Test
    void droppedTableIsFound() {
        damage.add("DROP TABLE refunds");

        assertThat(drill().findings()).containsExactly("refunds: table is missing, or the user may not read it");
    }

    @Test
    void alteredRowIsFound() {
        damage.add("UPDATE orders SET total_cents = total_cents + 1 WHERE order_id = UNHEX(MD5(200))");

        assertThat(drill().findings()).containsExactly("orders: rows differ in content from 2026-06-28T00:00:00Z to 2026-06-29T00:00:00Z: 131 of them");
    }

    @Test
    void deletedRowIsFound() {
        damage.add("DELETE FROM orders WHERE order_id = UNHEX(MD5(200))");

        assertThat(drill().findings()).containsExactly(
                "orders: rows differ in number from 2026-06-28T00:00:00Z to 2026-06-29T00:00:00Z: 131 recorded, 130 restored");
    }

    @Test
    void truncatedTableIsFoundDayByDay() {
        damage.add("TRUNCATE TABLE orders");

        DrillRecord drill = drill();

        assertThat(drill.findings()).hasSize(4).last().isEqualTo("orders: so do 2 more windows");
    }

    private DrillRecord drill() {
        world.ticks(Duration.ofMinutes(70));
        assertThat(world.failures()).isEmpty();
        for (world.clock.set(DRILL); world.clock.instant().isBefore(DRILL.plus(Duration.ofMinutes(40))); world.clock.advance(World.TICK)) {
            try {
                new Invocation(Duration.ofMinutes(5))
                        .run(new RecoveryHandler(world, World.RECOVERY_TABLE, world.lines::add, world.clock), world.plan.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return DrillRecord.of(new Ledger(world.dynamoDb(World.RECOVERY), World.RECOVERY_TABLE).latest("drill#shop", null, 1).getFirst());
    }

    /** A database in a real server; its snapshot is a dump, which is restored into the other server. */
    private final class Dumped implements Data {
        private final MariaDbServer server;

        private Dumped(MariaDbServer server) {
            this.server = server;
        }

        @Override
        public Endpoint endpoint() {
            return new Endpoint("localhost", server.address().port());
        }

        @Override
        public Backup backup() {
            Path dump = dumps.resolve("dump.sql");
            run("mariadb-dump", server, null, dump, "--single-transaction", "webapp");
            return new Backup() {
                @Override
                public Data restore(String identifier) {
                    RESTORED.execute("DROP DATABASE webapp", "CREATE DATABASE webapp CHARACTER SET utf8mb4");
                    run("mariadb", RESTORED, dump, null, "webapp");
                    damage.forEach(statement -> RESTORED.execute("USE webapp", statement));
                    return new Dumped(RESTORED);
                }

                @Override
                public Map<String, byte[]> export(List<String> only) {
                    return Map.of();
                }
            };
        }
    }

    private static void run(String program, MariaDbServer server, Path input, Path output, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("checkout.directory"), "target", "mariadb", "bin", program).toString(), "--host=127.0.0.1",
                "--port=" + server.address().port(), "--user=" + MariaDbServer.MASTER, "--password=" + MariaDbServer.MASTER_PASSWORD,
                "--ssl", "--skip-ssl-verify-server-cert"));
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            if (input != null) {
                process.redirectInput(input.toFile());
            }
            process.redirectOutput(output == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.to(output.toFile()));
            int status = process.start().waitFor();
            assertThat(status).as(program).isZero();
            assertThat(Files.size(input == null ? output : input)).isPositive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
