package webapp.core.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Opens a connection with a login of this moment; {@link Database} decides when. */
@FunctionalInterface
public interface Connector {
    /** @param timeout for the connect, and then for each answer of the server until {@link Database} sets another */
    Connection open(Duration timeout) throws SQLException, IOException;
}
