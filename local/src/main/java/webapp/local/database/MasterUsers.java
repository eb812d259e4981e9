package webapp.local.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import webapp.local.database.DatabaseInstances.DatabaseInstance;

/** Creates, in MariaDB, what RDS creates with a DB instance: the master user and the database DBName. */
final class MasterUsers {
    /**
     * What a master user may do
     * (<a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html">Master user account
     * privileges</a>): everything but SUPER, FILE, SHUTDOWN and the like.
     */
    private static final String PRIVILEGES = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER,"
            + " SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW,"
            + " SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER";

    private final MariaDb server;
    private final Set<String> prepared = new HashSet<>();

    MasterUsers(MariaDb server) {
        this.server = server;
    }

    /** Makes sure of the master user and its database, once for each instance; returns the user's password in MariaDB. */
    synchronized String prepare(DatabaseInstance instance) throws SQLException {
        String password = server.passwords().ofMasterUser(instance.masterUser());
        if (prepared.contains(instance.dbiResourceId())) {
            return password;
        }
        String user = "'" + instance.masterUser().replace("\\", "\\\\").replace("'", "''") + "'@'%'";
        try (Connection connection = server.administration(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE USER IF NOT EXISTS " + user);
            statement.execute("ALTER USER " + user + " IDENTIFIED BY '" + password + "'");
            statement.execute("GRANT " + PRIVILEGES + " ON *.* TO " + user + " WITH GRANT OPTION");
            if (instance.dbName() != null && !instance.dbName().isEmpty()) {
                statement.execute("CREATE DATABASE IF NOT EXISTS `" + instance.dbName().replace("`", "``") + "`");
            }
        }
        prepared.add(instance.dbiResourceId());
        return password;
    }
}
