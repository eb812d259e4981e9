package webapp.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import webapp.core.database.Connector;
import webapp.core.database.Database;
import webapp.core.testing.MariaDbServer;

/** The schema of the migrations, and the application's user with the migrator's grants but a password: the server has no IAM plugin. */
public final class TestSchema {
    private static final String PASSWORD = "app-password";

    private TestSchema() {}

    public static void create(MariaDbServer server) {
        try {
            String migration = Files.readString(Path.of(
                    System.getProperty("checkout.directory"),
                    "lambdas/database/src/main/resources/db/migration/V1__users.sql"));
            server.execute(
                    "DROP TABLE IF EXISTS users",
                    migration.strip().replaceAll(";$", ""),
                    "CREATE OR REPLACE USER 'app'@'%' IDENTIFIED BY '" + PASSWORD + "' REQUIRE SSL",
                    "GRANT SELECT, INSERT ON webapp.users TO 'app'@'%'");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
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
