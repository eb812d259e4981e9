package webapp.backup.windows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import webapp.core.testing.Invocation;
import webapp.core.testing.MariaDbServer;

/** The windows function before real servers, which tell the time of a test's clock; its user logs in with a password, as they take no IAM tokens. */
public final class TestedWindows {
    public static final String USER = "drill";
    private static final String PASSWORD = "drill";

    private final WindowsHandler handler;

    /** @param servers that are reached at their ports */
    public TestedWindows(InstantSource clock, List<MariaDbServer> servers) {
        servers.forEach(server -> server.execute(
                "CREATE OR REPLACE USER " + USER + " IDENTIFIED BY '" + PASSWORD + "' REQUIRE SSL", "GRANT SELECT ON webapp.* TO " + USER));
        handler = new WindowsHandler(Map.of("AWS_REGION", "eu-central-1"), configuration -> timeout -> {
            MariaDbServer asked = servers.stream().filter(server -> server.address().port() == configuration.port("DATABASE_PORT")).findFirst().orElseThrow();
            Connection connection = asked.address().connect(configuration.text("DATABASE_USER"), PASSWORD, timeout, Duration.ofSeconds(5));
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET timestamp = " + clock.instant().getEpochSecond());
            }
            return connection;
        });
    }

    public String run(String event) {
        try {
            return new Invocation(Duration.ofSeconds(60)).run(handler, event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
