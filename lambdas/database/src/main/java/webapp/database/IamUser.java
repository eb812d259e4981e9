package webapp.database;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A MySQL user for functions. It has no password: it logs in with an IAM token, over TLS only.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html">Accounts for IAM authentication</a>
 */
final class IamUser {
    /** The schema instead of a table of it. */
    private static final String ALL_TABLES = "*";

    /** What the API's functions do with each table, and no more. */
    private static final Map<String, List<String>> APPLICATION = Map.of(
            "users", List.of("SELECT", "INSERT"),
            "profiles", List.of("SELECT", "INSERT", "UPDATE"),
            "products", List.of("SELECT"),
            "orders", List.of("SELECT", "INSERT"),
            "order_items", List.of("SELECT", "INSERT"),
            "idempotency_keys", List.of("SELECT", "INSERT", "DELETE"));

    /** Backups are compared table by table, whatever tables there will be. */
    private static final Map<String, List<String>> DRILL = Map.of(ALL_TABLES, List.of("SELECT"));

    /** A line of SHOW GRANTS: privileges, kind of object, schema, and the object in it or an asterisk. A role granted has no ON. */
    private static final Pattern GRANT = Pattern.compile(
            "GRANT (?<privileges>.+?) ON (?<kind>(?:TABLE |FUNCTION |PROCEDURE |PACKAGE |PACKAGE BODY )?)"
                    + "(?<schema>\\*|`(?:[^`]|``)*`)\\.(?<name>\\*|`(?:[^`]|``)*`) TO .*?(?<option> WITH (?:.* )?GRANT OPTION.*)?");

    /** Commas between privileges, not those in a list of columns. */
    private static final Pattern SEPARATOR = Pattern.compile(", (?![^(]*\\))");

    /** MySQL allows 32 characters; names that need quoting are refused, and so are those that AWS and MySQL use themselves. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");

    private static final List<String> RESERVED = List.of("root", "mysql", "mariadb", "rdsadmin", "rdsrepladmin", "rds_superuser_role");

    private final String name;
    private final Map<String, List<String>> grants;

    private IamUser(String variable, String name, List<String> others, Map<String, List<String>> grants) {
        if (!NAME.matcher(name).matches() || RESERVED.contains(name) || others.contains(name)) {
            throw new IllegalArgumentException(variable + " is '" + name + "': choose a name of 1-32 lower-case letters,"
                    + " digits and underscores that begins with a letter and is neither " + String.join(" nor ", others) + " nor reserved");
        }
        this.name = name;
        this.grants = grants;
    }

    /**
     * The user of the API's functions.
     *
     * @throws IllegalArgumentException if the name is not one it may have
     */
    static IamUser application(String name, String masterName) {
        return new IamUser("DATABASE_APPLICATION_USER", name, List.of(masterName), APPLICATION);
    }

    /**
     * The user who compares a restored database with this one, and only reads. It has to be in the snapshot: nobody can be created in a database that is
     * restored without its master's password.
     *
     * @throws IllegalArgumentException if the name is not one it may have
     */
    static IamUser drill(String name, String masterName, String applicationName) {
        return new IamUser("DATABASE_DRILL_USER", name, List.of(masterName, applicationName), DRILL);
    }

    /**
     * Creates the user if need be, makes it log in by IAM over TLS, grants what it needs, and revokes what else it may do in the schema; can be
     * run again.
     *
     * @param logger takes a line for each privilege that is revoked, and for each outside the schema, which is left
     */
    void create(Connection connection, String database, LambdaLogger logger) throws SQLException {
        String account = "'" + name + "'@'%'";
        String schema = quoted(database);
        try (Statement statement = connection.createStatement()) {
            String login = account + " IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL";
            statement.execute("CREATE USER IF NOT EXISTS " + login);
            // A user of this name that somebody made with a password would keep it, and could come without TLS.
            statement.execute("ALTER USER " + login);
            grant(statement, schema, account);
            // Whoever was restored with more, or given more by hand, could keep it for ever.
            if (revokeExcess(statement, schema, account, logger)) {
                // ALL PRIVILEGES cannot be revoked but for some.
                grant(statement, schema, account);
            }
        }
    }

    private void grant(Statement statement, String schema, String account) throws SQLException {
        for (Map.Entry<String, List<String>> grant : grants.entrySet()) {
            String object = grant.getKey().equals(ALL_TABLES)
                    // For a whole schema, an underscore or a percent sign is a wildcard.
                    ? schema.replaceAll("[_%]", "\\\\$0") + "." + ALL_TABLES
                    : schema + "." + quoted(grant.getKey());
            statement.execute("GRANT " + String.join(", ", grant.getValue()) + " ON " + object + " TO " + account);
        }
    }

    /** @return whether anything was revoked */
    private boolean revokeExcess(Statement statement, String schema, String account, LambdaLogger logger) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (ResultSet grants = statement.executeQuery("SHOW GRANTS FOR " + account)) {
            while (grants.next()) {
                lines.add(grants.getString(1));
            }
        }
        boolean revoked = false;
        for (String line : lines) {
            Matcher grant = GRANT.matcher(line);
            if (!grant.matches()) {
                // The line may go on with a password's hash.
                logger.log("left to " + name + ", as it is no privilege in " + schema + ": " + line.replaceFirst(" TO .*", ""));
                continue;
            }
            // In a grant on a whole schema, an underscore that is one is escaped.
            boolean inSchema = grant.group("schema").replace("\\", "").equals(schema.replace("\\", ""));
            List<String> excess = new ArrayList<>(List.of(SEPARATOR.split(grant.group("privileges"))));
            excess.remove("USAGE");
            if (inSchema && grant.group("kind").isBlank()) {
                excess.removeAll(grants.getOrDefault(unquoted(grant.group("name")), List.of()));
            }
            if (grant.group("option") != null) {
                // First: the other privileges may take the grant with them.
                excess.addFirst("GRANT OPTION");
            }
            String object = grant.group("kind") + grant.group("schema") + "." + grant.group("name");
            for (String privilege : excess) {
                if (inSchema) {
                    statement.execute("REVOKE " + privilege + " ON " + object + " FROM " + account);
                    revoked = true;
                }
                logger.log((inSchema ? "revoked from " : "left to ") + name + (inSchema ? ": " : ", as it is outside " + schema + ": ")
                        + privilege + " ON " + object);
            }
        }
        return revoked;
    }

    private static String quoted(String identifier) {
        return "`" + identifier.replace("`", "``") + "`";
    }

    private static String unquoted(String identifier) {
        return identifier.equals(ALL_TABLES) ? identifier : identifier.substring(1, identifier.length() - 1).replace("``", "`");
    }
}
