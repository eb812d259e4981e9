package webapp.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.core.database.DatabaseServer;
import webapp.core.testing.Invocation;
import webapp.core.testing.MariaDbServer;

class MigratorHandlerTest {
    private static final MariaDbServer SERVER = MariaDbServer.shared();
    private static final String PRODUCT = "classpath:db/migration";
    private static final String MIGRATED = "{\"schemaVersion\":\"7\",\"migrationsExecuted\":7}";
    private static final String UP_TO_DATE = "{\"schemaVersion\":\"7\",\"migrationsExecuted\":0}";

    private final Invocation invocation = new Invocation();
    private String drillUser;
    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void emptyDatabase() {
        SERVER.execute("DROP DATABASE webapp", "CREATE DATABASE webapp CHARACTER SET utf8mb4", "DROP USER IF EXISTS app",
                "DROP USER IF EXISTS drill");
    }

    @Test
    void migratesAnEmptyDatabaseAndSaysHow() throws IOException, SQLException {
        assertThat(run(handler(PRODUCT))).isEqualTo(MIGRATED);

        assertThat(SERVER.query("SELECT COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'webapp'"
                        + " AND TABLE_NAME = 'users' AND COLUMN_NAME IN ('name', 'email_key') ORDER BY COLUMN_NAME"))
                .containsExactly("ascii_bin", "utf8mb4_bin");
        assertThat(SERVER.query("SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'webapp' AND TABLE_NAME = 'users'")).containsExactly("InnoDB");
    }

    @Test
    void runsAgainWithoutDoingAnything() throws IOException {
        run(handler(PRODUCT));

        assertThat(run(handler(PRODUCT))).isEqualTo(UP_TO_DATE);
    }

    @Test
    void migrationsWhoseEndWasNotRecordedRunAgain() throws IOException {
        run(handler(PRODUCT));
        SERVER.execute("DELETE FROM flyway_schema_history WHERE version > '1'");
        assertThat(run(handler(PRODUCT))).isEqualTo("{\"schemaVersion\":\"7\",\"migrationsExecuted\":6}");
    }

    @Test
    void sampleProductsAreThereAndLeaveWhatIsThereAlone() throws IOException {
        run(handler(PRODUCT));
        assertThat(SERVER.query(
                        "SELECT CONCAT_WS(' ', COUNT(*), SUM(active), COUNT(DISTINCT category), COUNT(DISTINCT supplier)) FROM products"))
                .containsExactly("13 12 4 3");
        SERVER.execute("UPDATE products SET price_cents = 1 WHERE product_id = 'oak-stool'",
                "DELETE FROM flyway_schema_history WHERE version = '7'");

        run(handler(PRODUCT));

        assertThat(SERVER.query("SELECT price_cents FROM products WHERE product_id = 'oak-stool'")).containsExactly("1");
    }

    @Test
    void ofTwoAtOnceOneDoesEachMigration() throws Exception {
        Callable<String> migration = () -> new Invocation().run(handler(PRODUCT), "{}");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            int executed = 0;
            for (Future<String> result : threads.invokeAll(List.of(migration, migration))) {
                assertThat(result.get()).startsWith("{\"schemaVersion\":\"7\",");
                executed += Integer.parseInt(result.get().replaceFirst(".*\"migrationsExecuted\":([0-9]+)}", "$1"));
            }
            assertThat(executed).isEqualTo(7);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void applicationUserLogsInByIamOverTlsAndMayDoLittle() throws IOException, SQLException {
        run(handler(PRODUCT));

        assertThat(statements).contains(
                "CREATE USER IF NOT EXISTS 'app'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
                "GRANT SELECT, INSERT ON `webapp`.`users` TO 'app'@'%'",
                "GRANT SELECT, INSERT, DELETE ON `webapp`.`idempotency_keys` TO 'app'@'%'");
        List<String> grants = SERVER.query("SHOW GRANTS FOR 'app'@'%'");
        assertThat(grants).anyMatch(grant -> grant.startsWith("GRANT USAGE ON *.*") && grant.endsWith("REQUIRE SSL"));
        assertThat(grants)
                .filteredOn(grant -> !grant.startsWith("GRANT USAGE"))
                .containsExactlyInAnyOrder(
                        "GRANT SELECT, INSERT ON `webapp`.`users` TO `app`@`%`",
                        "GRANT SELECT, INSERT, UPDATE ON `webapp`.`profiles` TO `app`@`%`",
                        "GRANT SELECT ON `webapp`.`products` TO `app`@`%`",
                        "GRANT SELECT, INSERT ON `webapp`.`orders` TO `app`@`%`",
                        "GRANT SELECT, INSERT ON `webapp`.`order_items` TO `app`@`%`",
                        "GRANT SELECT, INSERT, DELETE ON `webapp`.`idempotency_keys` TO `app`@`%`");
        try (Connection application = SERVER.address()
                        .connect("app", WithoutIamPlugin.PASSWORD, Duration.ofSeconds(5), Duration.ofSeconds(5));
                Statement statement = application.createStatement()) {
            statement.execute("SELECT * FROM users");
            statement.execute("DELETE FROM idempotency_keys");
            for (String forbidden : List.of(
                    "DELETE FROM users", "UPDATE users SET name = 'x'", "DROP TABLE users",
                    "UPDATE products SET price_cents = 1", "UPDATE orders SET total_cents = 1", "DELETE FROM order_items",
                    "DELETE FROM profiles", "UPDATE idempotency_keys SET created_at = NOW()", "SELECT * FROM flyway_schema_history")) {
                assertThatThrownBy(() -> statement.execute(forbidden)).hasMessageContaining("denied");
            }
        }
    }

    @Test
    void applicationUserWithAPasswordOfItsOwnLosesIt() throws IOException, SQLException {
        SERVER.execute("CREATE USER 'app'@'%' IDENTIFIED BY 'chosen by hand'");

        run(handler(PRODUCT));

        assertThat(SERVER.query("SHOW GRANTS FOR 'app'@'%'")).anyMatch(grant -> grant.endsWith("REQUIRE SSL"));
        assertThatThrownBy(() -> SERVER.address().connect("app", "chosen by hand", Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .hasMessageContaining("denied");
    }

    @Test
    void applicationUserThatMayDoMoreInTheSchemaLosesItByName() throws IOException, SQLException {
        run(handler(PRODUCT));
        List<String> wanted = SERVER.query("SHOW GRANTS FOR 'app'@'%'");
        SERVER.execute(
                "GRANT DELETE, SELECT (email), UPDATE (name, email) ON webapp.users TO 'app'@'%'",
                "GRANT ALL PRIVILEGES ON webapp.orders TO 'app'@'%'",
                "GRANT SELECT ON webapp.flyway_schema_history TO 'app'@'%'",
                "GRANT ALL PRIVILEGES ON webapp.* TO 'app'@'%' WITH GRANT OPTION",
                "CREATE PROCEDURE webapp.purge() DELETE FROM users",
                "GRANT EXECUTE ON PROCEDURE webapp.purge TO 'app'@'%'");

        assertThat(run(handler(PRODUCT))).isEqualTo(UP_TO_DATE);

        assertThat(SERVER.query("SHOW GRANTS FOR 'app'@'%'")).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(invocation.logged()).contains(
                "revoked from app: DELETE ON `webapp`.`users`",
                "revoked from app: UPDATE (`name`, `email`) ON `webapp`.`users`",
                "revoked from app: ALL PRIVILEGES ON `webapp`.`orders`",
                "revoked from app: SELECT ON `webapp`.`flyway_schema_history`",
                "revoked from app: ALL PRIVILEGES ON `webapp`.*",
                "revoked from app: GRANT OPTION ON `webapp`.*",
                "revoked from app: EXECUTE ON PROCEDURE `webapp`.`purge`");
    }

    @Test
    void applicationUserKeepsWhatItMayElsewhereAndTheLogNamesIt() throws IOException, SQLException {
        SERVER.execute("CREATE DATABASE IF NOT EXISTS reports", "CREATE USER 'app'@'%' IDENTIFIED BY 'chosen by hand'",
                "GRANT SELECT ON reports.* TO 'app'@'%'", "GRANT PROCESS ON *.* TO 'app'@'%'");

        run(handler(PRODUCT));

        assertThat(SERVER.query("SHOW GRANTS FOR 'app'@'%'"))
                .contains("GRANT SELECT ON `reports`.* TO `app`@`%`")
                .anyMatch(grant -> grant.startsWith("GRANT PROCESS ON *.*"));
        assertThat(invocation.logged()).contains(
                "left to app, as it is outside `webapp`: SELECT ON `reports`.*", "left to app, as it is outside `webapp`: PROCESS ON *.*");
    }

    @Test
    void applicationUserAsItShouldBeLosesNothing() throws IOException {
        run(handler(PRODUCT));
        statements.clear();

        run(handler(PRODUCT));

        assertThat(statements).noneMatch(statement -> statement.startsWith("REVOKE"));
        assertThat(invocation.logged()).doesNotContain("revoked from").doesNotContain("left to");
    }

    @Test
    void drillUserLogsInByIamAndOnlyReads() throws IOException, SQLException {
        drillUser = "drill";
        run(handler(PRODUCT));
        SERVER.execute("GRANT INSERT, DELETE ON webapp.* TO 'drill'@'%'", "GRANT UPDATE ON webapp.users TO 'drill'@'%'");

        run(handler(PRODUCT));

        assertThat(statements).contains("CREATE USER IF NOT EXISTS 'drill'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
        assertThat(SERVER.query("SHOW GRANTS FOR 'drill'@'%'"))
                .filteredOn(grant -> !grant.startsWith("GRANT USAGE"))
                .containsExactly("GRANT SELECT ON `webapp`.* TO `drill`@`%`");
        try (Connection drill = SERVER.address()
                        .connect("drill", WithoutIamPlugin.PASSWORD, Duration.ofSeconds(5), Duration.ofSeconds(5));
                Statement statement = drill.createStatement()) {
            statement.execute("SELECT * FROM orders");
            assertThatThrownBy(() -> statement.execute("DELETE FROM orders")).hasMessageContaining("denied");
        }
    }

    @Test
    void withoutDrillUserThereIsNone() throws IOException {
        run(handler(PRODUCT));

        assertThat(SERVER.query("SELECT user FROM mysql.user WHERE user = 'drill'")).isEmpty();
    }

    @Test
    void drillUserReadsItsOwnSchemaAndNoneOfALikeName() throws SQLException {
        SERVER.execute("CREATE DATABASE IF NOT EXISTS web_app", "CREATE DATABASE IF NOT EXISTS webxapp", "CREATE TABLE IF NOT EXISTS webxapp.secrets (id INT)");
        IamUser user = IamUser.drill("drill", "master", "app");
        try (Connection connection = WithoutIamPlugin.translate(SERVER.master(), statements)) {
            user.create(connection, "web_app", invocation);
            user.create(connection, "web_app", invocation);
        } finally {
            SERVER.execute("DROP DATABASE web_app");
        }

        assertThat(SERVER.query("SHOW GRANTS FOR 'drill'@'%'")).contains("GRANT SELECT ON `web\\_app`.* TO `drill`@`%`");
        assertThat(statements).noneMatch(statement -> statement.startsWith("REVOKE"));
        SERVER.execute("DROP DATABASE webxapp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app", "master", "rdsadmin", "Drill", ""})
    void wrongDrillUserIsRefusedBeforeAnythingChanges(String name) throws SQLException {
        drillUser = name;

        assertThatThrownBy(() -> run(handler(PRODUCT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DATABASE_DRILL_USER is '" + name + "'");
        assertThat(SERVER.query("SHOW TABLES FROM webapp")).isEmpty();
    }

    @Test
    void brokenMigrationFailsWithFlywaysMessageAndWithoutSecrets() {
        assertThatThrownBy(() -> run(handler("classpath:db/broken")))
                .isInstanceOf(FlywayException.class)
                .hasMessageContaining("V2__second.sql")
                .hasMessageContaining("near 'TABEL second")
                .hasMessageContaining("SQL syntax")
                .satisfies(failure -> assertThat(failure).hasStackTraceContaining("TABEL")
                        .hasMessageNotContaining(MariaDbServer.MASTER_PASSWORD));
    }

    @Test
    void correctedMigrationRunsAfterAFailedOne() throws IOException, SQLException {
        assertThatThrownBy(() -> run(handler("classpath:db/broken"))).isInstanceOf(FlywayException.class);
        assertThat(SERVER.query("SELECT success FROM flyway_schema_history WHERE version = '2'")).containsExactly("0");

        assertThat(run(handler("classpath:db/fixed"))).isEqualTo("{\"schemaVersion\":\"2\",\"migrationsExecuted\":1}");

        assertThat(invocation.logged()).contains("V2__second.sql failed in an earlier run");
        assertThat(SERVER.query("SELECT success FROM flyway_schema_history")).containsExactly("1", "1");
    }

    @Test
    void changedMigrationIsReportedAndNotRepaired() throws IOException {
        run(handler("classpath:db/fixed"));

        assertThatThrownBy(() -> run(handler("classpath:db/changed")))
                .isInstanceOf(FlywayException.class)
                .hasMessageContaining("checksum mismatch");
    }

    @Test
    void unreachableDatabaseIsNamed() {
        MigratorHandler handler = new MigratorHandler("webapp", "app", null, PRODUCT, MigratorHandlerTest::master, master -> {
            throw new SQLException("Socket fail to connect to db-1", "08000");
        });

        assertThatThrownBy(() -> run(handler)).hasStackTraceContaining("Socket fail to connect to db-1");
    }

    @Test
    void worksOnAServerThatSaysItIsMySql() throws IOException, SQLException {
        try (MariaDbServer server = MariaDbServer.start("--version=8.4.5")) {
            DatabaseServer address = server.address();
            DatabaseServer mysql = new DatabaseServer(
                    address.host(), address.port(), address.database() + "?useMysqlMetadata=true", address.region());
            try (Connection connection =
                    mysql.connect(MariaDbServer.MASTER, MariaDbServer.MASTER_PASSWORD, Duration.ofSeconds(5), Duration.ZERO)) {
                // What Flyway chooses its dialect by.
                assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("MySQL");
                assertThat(connection.getMetaData().getDatabaseProductVersion()).startsWith("8.4.5");
            }
            assertThat(run(handler(PRODUCT, mysql))).isEqualTo(MIGRATED);
            assertThat(run(handler(PRODUCT, mysql))).isEqualTo(UP_TO_DATE);
            assertThat(invocation.logged()).contains("(MySQL 8.4)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "root", "rdsadmin", "master", "App", "1app", "a-b", "a'b", "app'@'%' IDENTIFIED BY 'x", "app`",
        "a12345678901234567890123456789012"})
    void wrongApplicationUserIsRefusedBeforeAnythingChanges(String name) throws SQLException {
        MigratorHandler handler =
                new MigratorHandler("webapp", name, null, PRODUCT, MigratorHandlerTest::master, master -> SERVER.master());

        assertThatThrownBy(() -> run(handler))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DATABASE_APPLICATION_USER is '" + name + "'");
        assertThat(SERVER.query("SHOW TABLES FROM webapp")).isEmpty();
    }

    private MigratorHandler handler(String location) {
        return handler(location, SERVER.address());
    }

    private MigratorHandler handler(String location, DatabaseServer server) {
        return new MigratorHandler(
                "webapp",
                "app",
                drillUser,
                location,
                MigratorHandlerTest::master,
                master -> WithoutIamPlugin.translate(
                        server.connect(
                                master.username(), master.password(), Duration.ofSeconds(5), Duration.ofSeconds(30)),
                        statements));
    }

    private static MasterSecret master() {
        return new MasterSecret(MariaDbServer.MASTER, MariaDbServer.MASTER_PASSWORD);
    }

    private String run(MigratorHandler handler) throws IOException {
        return invocation.run(handler, "{}");
    }
}
