package webapp.core.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import webapp.core.configuration.Configuration;

/** Opens a connection with a login of this moment; {@link Database} decides when. */
@FunctionalInterface
public interface Connector {
    /** @param timeout for the connect, and then for each answer of the server until {@link Database} sets another */
    Connection open(Duration timeout) throws SQLException, IOException;

    /** Logs in to the database of {@code DATABASE_HOST}, {@code _PORT} and {@code _NAME}, as the IAM user {@code DATABASE_USER}. */
    static Connector of(Configuration configuration) {
        return new IamLogin(configuration, System.getenv(), Clock.systemUTC());
    }
}
