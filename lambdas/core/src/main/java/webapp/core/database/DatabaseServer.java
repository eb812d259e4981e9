package webapp.core.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;
import org.mariadb.jdbc.Driver;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;

/** Where the database is, and how every connection to it is made: over TLS, with the server's name checked. */
public record DatabaseServer(String host, int port, String database, String region) {
    /** How long one answer of the server may take while a request waits for it. */
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+");
    private static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9_$-]+");

    /**
     * Reads {@code DATABASE_HOST}, {@code DATABASE_PORT}, {@code DATABASE_NAME} and the runtime's {@code AWS_REGION}.
     *
     * @throws ConfigurationException if one is missing, or if the host or the database is not a plain name
     */
    public static DatabaseServer of(Configuration configuration) {
        return new DatabaseServer(
                name(configuration, "DATABASE_HOST", HOST),
                configuration.port("DATABASE_PORT"),
                name(configuration, "DATABASE_NAME", DATABASE),
                configuration.text("AWS_REGION"));
    }

    /** The driver takes names from a URL, whose options go before those set in {@link #connect}: TLS is not to depend on a name. */
    private static String name(Configuration configuration, String variable, Pattern form) {
        String name = configuration.text(variable);
        if (!form.matcher(name).matches()) {
            throw new ConfigurationException(variable + " is '" + name + "': set it to a plain name, without port, path or options");
        }
        return name;
    }

    /**
     * Opens a connection in autocommit mode.
     *
     * @param socketTimeout how long one answer of the server may take; zero for as long as it likes
     * @throws SQLException with the driver's state and code, saying which server and user it was
     * @throws ConfigurationException if nothing says which certificate to trust
     */
    public Connection connect(String user, String password, Duration connectTimeout, Duration socketTimeout)
            throws SQLException {
        Properties options = new Properties();
        options.setProperty("user", user);
        options.setProperty("password", password);
        options.setProperty("connectTimeout", Long.toString(connectTimeout.toMillis()));
        options.setProperty("socketTimeout", Long.toString(socketTimeout.toMillis()));
        options.setProperty("sslMode", "verify-full");
        // Lambda's runtime client loosens jdk.tls.disabledAlgorithms, which brings TLS 1.0 and 1.1 back.
        options.setProperty("enabledSslProtocolSuites", "TLSv1.2,TLSv1.3");
        KeyExchange.apply(options);
        ServerTrust.apply(options, region);
        // RDS Proxy keeps a session for one client (pins it) once it sets anything but names, modes and the like, or prepares
        // a statement. These leave SET NAMES as the only statement of a login.
        options.setProperty("disableSessionTracking", "true");
        options.setProperty("jdbcCompliantTruncation", "false");
        options.setProperty("useServerPrepStmts", "false");
        // The server must neither read files of the function nor send it elsewhere.
        options.setProperty("allowLocalInfile", "false");
        options.setProperty("permitRedirect", "false");
        String address = host + ":" + port + "/" + database;
        try {
            return connect(address, options);
        } catch (SQLException e) {
            throw new SQLException(
                    "cannot log in to " + address + " (DATABASE_HOST, _PORT and _NAME) as " + user + ": " + e.getMessage(),
                    e.getSQLState(),
                    e.getErrorCode(),
                    e);
        }
    }

    private static Connection connect(String address, Properties options) throws SQLException {
        try {
            return new Driver().connect("jdbc:mariadb://" + address, options);
        } catch (SQLException e) {
            if (KeyExchange.widened(options, e)) {
                return new Driver().connect("jdbc:mariadb://" + address, options);
            }
            throw e;
        }
    }
}
