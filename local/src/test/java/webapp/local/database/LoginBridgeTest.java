package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static webapp.local.database.BridgedDatabase.HOST;
import static webapp.local.database.BridgedDatabase.LONG_TERM;
import static webapp.local.database.BridgedDatabase.OTHER_HOST;
import static webapp.local.database.BridgedDatabase.ROLE;
import static webapp.local.database.BridgedDatabase.SESSION;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;

/** Who may log in through the bridge, seen by the driver that the functions use, with tokens that the AWS SDK signs. */
class LoginBridgeTest {
    private static final String USER = "shop_users";

    private static BridgedDatabase database;

    @BeforeAll
    static void start() throws Exception {
        database = new BridgedDatabase();
        database.createApplicationUser(USER);
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void forget() {
        database.log.clear();
        database.clockOffset = Duration.ZERO;
    }

    @Test
    void tokenOfAnAllowedRoleIsAccepted() throws SQLException {
        assertThat(currentUser(database.connect(USER, database.token(USER)))).isEqualTo(USER + "@%");
        assertThat(database.log).isEmpty();
    }

    @Test
    void tokenOfLongTermCredentialsIsAccepted() throws SQLException {
        database.allowed.add("arn:aws:iam::000000000000:user/jane " + BridgedDatabase.RESOURCE + USER);
        String token = database.token(LONG_TERM, HOST, database.bridge.port(), USER, Region.EU_CENTRAL_1);
        assertThat(currentUser(database.connect(USER, token))).isEqualTo(USER + "@%");
    }

    @Test
    void tokenIsGoodForJustUnderFifteenMinutes() throws SQLException {
        String token = database.token(USER);
        database.clockOffset = Duration.ofSeconds(15 * 60 - 5);
        assertThat(currentUser(database.connect(USER, token))).isEqualTo(USER + "@%");
    }

    @Test
    void expiredTokenIsRefused() throws Exception {
        String token = database.token(USER);
        database.clockOffset = Duration.ofMinutes(15);
        assertDenied(USER, token, "the token expired at");
    }

    @Test
    void tokenOfTheFutureIsRefused() throws Exception {
        String token = database.token(USER);
        database.clockOffset = Duration.ofMinutes(-6);
        assertDenied(USER, token, "the token was signed in the future");
    }

    @Test
    void tokenForAnUnknownHostIsRefused() throws Exception {
        assertDenied(USER, token(SESSION, "elsewhere.local0stack0.eu-central-1.rds.amazonaws.com", database.bridge.port(), USER),
                "the token was made for elsewhere.local0stack0.eu-central-1.rds.amazonaws.com:" + database.bridge.port(), "known: " + HOST);
    }

    @Test
    void tokenForAnotherPortIsRefused() throws Exception {
        assertDenied(USER, token(SESSION, HOST, 3306, USER), "the token was made for " + HOST + ":3306, which is no endpoint here");
    }

    @Test
    void tokenForAnInstanceWithoutIamAuthenticationIsRefused() throws Exception {
        assertDenied(USER, token(SESSION, OTHER_HOST, database.bridge.port(), USER),
                "IAM database authentication is not enabled on DB instance archive");
    }

    @Test
    void tokenForAnotherRegionIsRefused() throws Exception {
        assertDenied(USER, database.token(SESSION, HOST, database.bridge.port(), USER, Region.EU_WEST_1),
                "the token was signed for region eu-west-1, shop is in eu-central-1");
    }

    @Test
    void tokenForAnotherUserIsRefused() throws Exception {
        database.allow("somebody");
        assertDenied(USER, database.token("somebody"), "the token was made for user 'somebody'");
    }

    @Test
    void roleWithoutPermissionIsRefused() throws Exception {
        database.createApplicationUser("unpermitted");
        database.allowed.remove(ROLE + " " + BridgedDatabase.RESOURCE + "unpermitted");
        assertDenied("unpermitted", database.token("unpermitted"),
                "role " + ROLE + " lacks rds-db:connect on " + BridgedDatabase.RESOURCE + "unpermitted");
    }

    @Test
    void tamperedSignatureIsRefused() throws Exception {
        String token = database.token(USER);
        char last = token.charAt(token.length() - 1);
        assertDenied(USER, token.substring(0, token.length() - 1) + (last == '0' ? '1' : '0'),
                "the token's signature does not match the secret key of " + SESSION.accessKeyId());
    }

    @Test
    void lengthenedLifeIsRefused() throws Exception {
        assertDenied(USER, database.token(USER).replace("X-Amz-Expires=900", "X-Amz-Expires=90000"), "signature does not match");
    }

    @Test
    void tokenOfAnotherSecretKeyIsRefused() throws Exception {
        AwsCredentials forged = AwsSessionCredentials.create(SESSION.accessKeyId(), "guessed", SESSION.sessionToken());
        assertDenied(USER, token(forged, HOST, database.bridge.port(), USER), "signature does not match");
    }

    @Test
    void wrongSessionTokenIsRefused() throws Exception {
        AwsCredentials stale = AwsSessionCredentials.create(SESSION.accessKeyId(), SESSION.secretAccessKey(), "stale");
        assertDenied(USER, token(stale, HOST, database.bridge.port(), USER), "session token is not the one handed out with access key ASIASESSION");
    }

    @Test
    void unknownAccessKeyIsRefused() throws Exception {
        AwsCredentials unknown = AwsSessionCredentials.create("ASIAUNKNOWN", "secret", "token");
        assertDenied(USER, token(unknown, HOST, database.bridge.port(), USER), "access key ASIAUNKNOWN is unknown on this laptop");
    }

    @Test
    void tokenWithAnotherActionIsRefused() throws Exception {
        assertDenied(USER, database.token(USER).replace("Action=connect", "Action=drop"), "the token's Action is 'drop', not 'connect'");
    }

    @Test
    void validTokenForAUserThatTheMigratorDidNotCreateIsRefused() throws Exception {
        database.allow("nobody");
        assertDenied("nobody", database.token("nobody"), "the token is valid; was the user created with IDENTIFIED WITH AWSAuthenticationPlugin");
    }

    @Test
    void tokenIsNoKeyToTheMasterUser() throws Exception {
        database.master().close();
        database.allow("admin");
        assertDenied("admin", database.token("admin"), "MariaDB answers 1045");
    }

    @Test
    void iamUserHasNoPassword() throws Exception {
        assertDenied(USER, "guess", "MariaDB answers 1045");
        assertDenied(USER, "", "MariaDB answers 1045");
    }

    @Test
    void masterUserLogsInWithTheManagedPassword() throws SQLException {
        assertThat(currentUser(database.master())).isEqualTo("admin@%");
    }

    @Test
    void masterUserWithAnotherPasswordIsRefused() throws Exception {
        assertDenied("admin", BridgedDatabase.MASTER_PASSWORD + "x",
                "the password is not that of secret arn:aws:secretsmanager:eu-central-1:000000000000:secret:rds!db-1");
    }

    @Test
    void masterUserWithoutManagedPasswordIsRefused() throws Exception {
        assertDenied("keeper", "anything", "DB instance archive, whose master password RDS does not manage");
    }

    @Test
    void masterUserFindsTheDatabaseOfTheInstance() throws SQLException {
        try (Connection master = database.master(); ResultSet databases = master.createStatement().executeQuery("SHOW DATABASES LIKE 'shop'")) {
            assertThat(databases.next()).isTrue();
        }
    }

    @Test
    void masterUserHasTheRightsOfRdsOnly() throws SQLException {
        try (Connection master = database.master(); Statement statement = master.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SET GLOBAL max_connections = 7")).isInstanceOfSatisfying(SQLException.class,
                    e -> assertThat(e.getErrorCode()).isEqualTo(1227));
            assertThatThrownBy(() -> statement.execute("SELECT 1 INTO OUTFILE 'out'")).isInstanceOfSatisfying(SQLException.class,
                    e -> assertThat(e.getErrorCode()).isEqualTo(1045));
        }
    }

    @Test
    void ordinaryUserLogsInWithItsPassword() throws Exception {
        try (Connection master = database.master(); Statement statement = master.createStatement()) {
            statement.execute("CREATE OR REPLACE USER reporting@'%' IDENTIFIED BY 'p-ä-ß'");
        }
        assertThat(currentUser(database.connect("reporting", "p-ä-ß"))).isEqualTo("reporting@%");
        assertDenied("reporting", "wrong", "MariaDB answers 1045");
    }

    @Test
    void grantsOfTheApplicationUserAreEnforced() throws SQLException {
        try (Connection master = database.master(); Statement statement = master.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS shop.kept (id INT)");
        }
        try (Connection user = database.connect(USER, database.token(USER)); Statement statement = user.createStatement()) {
            statement.execute("INSERT INTO shop.kept VALUES (1)");
            assertThatThrownBy(() -> statement.execute("DROP TABLE shop.kept")).isInstanceOfSatisfying(SQLException.class,
                    e -> assertThat(e.getErrorCode()).isEqualTo(1142));
        }
    }

    @Test
    void databaseOfTheUrlIsSelected() throws SQLException {
        String url = "jdbc:mariadb://" + HOST + ":" + database.bridge.port() + "/shop?sslMode=verify-full&socketFactory="
                + LoopbackSocketFactory.class.getName() + "&serverSslCert=" + TestDatabase.certificates().authorityCertificate();
        try (Connection user = DriverManager.getConnection(url, USER, database.token(USER))) {
            assertThat(user.getCatalog()).isEqualTo("shop");
        }
    }

    @Test
    void alteredUserLogsInWithATokenInsteadOfItsPassword() throws Exception {
        try (Connection master = database.master(); Statement statement = master.createStatement()) {
            statement.execute("CREATE OR REPLACE USER moved@'%' IDENTIFIED BY 'old'");
            statement.execute("alter user\n  `moved`@`%` identified /* by IAM */ with AwsAuthenticationPlugin as 'RDS'");
        }
        database.allow("moved");
        assertThat(currentUser(database.connect("moved", database.token("moved")))).isEqualTo("moved@%");
        assertDenied("moved", "old", "MariaDB answers 1045");
    }

    @Test
    void connectionWithoutTlsIsRefused() throws Exception {
        assertThatThrownBy(() -> database.connect(USER, database.token(USER), "sslMode=disable")).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getErrorCode()).isEqualTo(3159);
            assertThat(e.getSQLState()).isEqualTo("HY000");
            assertThat(e.getMessage()).contains("Connections using insecure transport are prohibited while --require_secure_transport=ON.");
        });
        database.assertLogged("login refused: 127.0.0.1 connects without TLS");
    }

    @Test
    void clientThatDoesNotTrustTheAuthorityIsNamed() throws Exception {
        assertThatThrownBy(() -> database.connect(USER, database.token(USER), "serverSslCert="))
                .isInstanceOf(SQLException.class);
        database.assertLogged("perhaps it does not trust the laptop's database authority");
    }

    private static String token(AwsCredentials credentials, String host, int port, String user) {
        return database.token(credentials, host, port, user, Region.EU_CENTRAL_1);
    }

    private static void assertDenied(String user, String password, String... logged) throws Exception {
        assertThatThrownBy(() -> database.connect(user, password)).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getErrorCode()).isEqualTo(1045);
            assertThat(e.getSQLState()).isEqualTo("28000");
            assertThat(e.getMessage()).contains("Access denied for user '" + user + "'@'127.0.0.1' (using password: "
                    + (password.isEmpty() ? "NO)" : "YES)"));
        });
        database.assertLogged(Stream.concat(
                Stream.of("login refused: user '" + user + "' from 127.0.0.1: "), Arrays.stream(logged)).toArray(String[]::new));
    }

    private static String currentUser(Connection connection) throws SQLException {
        try (connection; ResultSet row = connection.createStatement().executeQuery("SELECT CURRENT_USER()")) {
            row.next();
            return row.getString(1);
        }
    }
}
