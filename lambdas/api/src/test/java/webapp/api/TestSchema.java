package webapp.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import webapp.core.database.Connector;
import webapp.core.database.Database;
import webapp.core.testing.MariaDbServer;

/** The schema of the migrations, and the application's user with the migrator's grants but a password: the server has no IAM plugin. */
public final class TestSchema {
    private static final String PASSWORD = "app-password";

    private static final Set<MariaDbServer> CREATED = Collections.newSetFromMap(new IdentityHashMap<>());

    private TestSchema() {}

    /** Makes the tables, or, since that takes longer than most tests, empties those that are there; the sample products are in them. */
    public static void create(MariaDbServer server) {
        List<String[]> migrations = migrations();
        if (!CREATED.add(server)) {
            server.execute("DELETE FROM order_items", "DELETE FROM orders", "DELETE FROM products", "DELETE FROM profiles",
                    "DELETE FROM users", "DELETE FROM idempotency_keys");
            server.execute(migrations.getLast());
            return;
        }
        migrations.forEach(server::execute);
        server.execute(
                "CREATE OR REPLACE USER 'app'@'%' IDENTIFIED BY '" + PASSWORD + "' REQUIRE SSL",
                "GRANT SELECT, INSERT ON webapp.users TO 'app'@'%'",
                "GRANT SELECT, INSERT, UPDATE ON webapp.profiles TO 'app'@'%'",
                "GRANT SELECT ON webapp.products TO 'app'@'%'",
                "GRANT SELECT, INSERT ON webapp.orders TO 'app'@'%'",
                "GRANT SELECT, INSERT ON webapp.order_items TO 'app'@'%'",
                "GRANT SELECT, INSERT, DELETE ON webapp.idempotency_keys TO 'app'@'%'");
    }

    /** The statements of each migration, which may share a session's variables. */
    private static List<String[]> migrations() {
        Path directory = Path.of(
                System.getProperty("checkout.directory"), "lambdas/database/src/main/resources/db/migration");
        try (Stream<Path> files = Files.list(directory)) {
            List<String[]> migrations = new ArrayList<>();
            for (Path file : files.sorted(Comparator.comparingInt(TestSchema::version)).toList()) {
                migrations.add(Files.readString(file).strip().split(";\\s*(\n|$)"));
            }
            return migrations;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int version(Path migration) {
        return Integer.parseInt(migration.getFileName().toString().replaceFirst("V([0-9]+)__.*", "$1"));
    }

    /** The database of one function's environment. */
    public static Database database(MariaDbServer server) {
        return new Database(connector(server), Clock.systemUTC());
    }

    public static Connector connector(MariaDbServer server) {
        return timeout -> connect(server, timeout);
    }

    private static Connection connect(MariaDbServer server, Duration timeout) throws SQLException {
        return server.address().connect("app", PASSWORD, timeout, Duration.ofSeconds(5));
    }
}
