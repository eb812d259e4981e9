package webapp.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The MySQL user of the API's functions. It has no password: it logs in with an IAM token, over TLS only.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html">Accounts for IAM authentication</a>
 */
final class ApplicationUser {
    /** What the functions do with each table, and no more. */
    private static final Map<String, String> GRANTS = Map.of(
            "users", "SELECT, INSERT",
            "profiles", "SELECT, INSERT, UPDATE",
            "products", "SELECT",
            "orders", "SELECT, INSERT",
            "order_items", "SELECT, INSERT",
            "idempotency_keys", "SELECT, INSERT, DELETE");

    /** MySQL allows 32 characters; names that need quoting are refused, and so are those that AWS and MySQL use themselves. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");

    private static final List<String> RESERVED = List.of("root", "mysql", "mariadb", "rdsadmin", "rdsrepladmin", "rds_superuser_role");

    private final String name;

    /** @throws IllegalArgumentException if the name is not one the application may have */
    ApplicationUser(String name, String masterName) {
        if (!NAME.matcher(name).matches() || RESERVED.contains(name) || name.equals(masterName)) {
            throw new IllegalArgumentException("DATABASE_APPLICATION_USER is '" + name + "': choose a name of 1-32 lower-case letters,"
                    + " digits and underscores that begins with a letter and is neither the master user nor reserved");
        }
        this.name = name;
    }

    /** Creates the user if need be, makes it log in by IAM over TLS, and grants what it needs; can be run again. */
    void create(Connection connection, String database) throws SQLException {
        String account = "'" + name + "'@'%'";
        String schema = "`" + database.replace("`", "``") + "`";
        try (Statement statement = connection.createStatement()) {
            String login = account + " IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL";
            statement.execute("CREATE USER IF NOT EXISTS " + login);
            // A user of this name that somebody made with a password would keep it, and could come without TLS.
            statement.execute("ALTER USER " + login);
            for (Map.Entry<String, String> grant : GRANTS.entrySet()) {
                statement.execute("GRANT " + grant.getValue() + " ON " + schema + ".`" + grant.getKey() + "` TO " + account);
            }
        }
    }
}
