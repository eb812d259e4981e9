package webapp.core.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import webapp.core.configuration.Configuration;

/** Logs in as an IAM user, each time with a token of that moment. */
final class IamLogin implements Connector {
    private final DatabaseServer server;
    private final String user;
    private final Map<String, String> environment;
    private final Clock clock;

    /** @param environment holds the credentials that sign, or says where they are */
    IamLogin(Configuration configuration, Map<String, String> environment, Clock clock) {
        this.server = DatabaseServer.of(configuration);
        this.user = configuration.text("DATABASE_USER");
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Connection open(Duration timeout) throws SQLException, IOException {
        String token = IamToken.sign(
                Credentials.of(environment), server.region(), server.host(), server.port(), user, clock.instant());
        try {
            return server.connect(user, token, timeout, DatabaseServer.ANSWER_TIMEOUT);
        } catch (SQLException e) {
            if (Failure.of(e) != Failure.LOGIN_REFUSED) {
                throw e;
            }
            throw new SQLException(
                    e.getMessage() + "; the function's role needs rds-db:connect for this user (DATABASE_USER), and the migrator"
                            + " must have created it",
                    e.getSQLState(),
                    e.getErrorCode(),
                    e);
        }
    }
}
