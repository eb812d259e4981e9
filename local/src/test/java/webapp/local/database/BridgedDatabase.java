package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;
import webapp.local.database.CredentialLookup.Credentials;
import webapp.local.database.DatabaseInstances.DatabaseInstance;

/** A login bridge before the test server, with two instances, a role, and clients as a function would be one. */
final class BridgedDatabase implements AutoCloseable {
    static final String HOST = "shop.local0stack0.eu-central-1.rds.amazonaws.com";
    static final String OTHER_HOST = "archive.local0stack0.eu-central-1.rds.amazonaws.com";
    static final String ROLE = "arn:aws:iam::000000000000:role/shop-users";
    static final String RESOURCE = "arn:aws:rds-db:eu-central-1:000000000000:dbuser:db-SHOP/";
    static final String MASTER_PASSWORD = "m'aster \"p\\wd";
    static final AwsSessionCredentials SESSION = AwsSessionCredentials.create("ASIASESSION", "session-secret", "session+token/==");
    static final AwsBasicCredentials LONG_TERM = AwsBasicCredentials.create("AKIALONGTERM", "long-secret");

    final Set<String> allowed = ConcurrentHashMap.newKeySet();
    final Queue<String> log = new ConcurrentLinkedQueue<>();
    /** DB instances at other bridges than this one. */
    final List<DatabaseInstance> others = new CopyOnWriteArrayList<>();
    volatile Duration clockOffset = Duration.ZERO;
    final LoginRules rules;
    final LoginBridge bridge;

    BridgedDatabase() throws IOException {
        this(TestDatabase.server());
    }

    BridgedDatabase(MariaDb server) throws IOException {
        Map<String, Credentials> credentials = Map.of(
                SESSION.accessKeyId(), new Credentials(SESSION.secretAccessKey(), SESSION.sessionToken(), ROLE),
                LONG_TERM.accessKeyId(), new Credentials(LONG_TERM.secretAccessKey(), null, "arn:aws:iam::000000000000:user/jane"));
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.now().plus(clockOffset);
            }
        };
        rules = new LoginRules(id -> Optional.ofNullable(credentials.get(id)),
                (principal, resource) -> allowed.contains(principal + " " + resource), this::instances,
                arn -> new Secrets.Login("admin", MASTER_PASSWORD), clock);
        bridge = new LoginBridge(0, server, TestDatabase.certificates(), rules.of(this::own), log::add);
    }

    private List<DatabaseInstance> instances() {
        return Stream.concat(own().stream(), others.stream()).toList();
    }

    private List<DatabaseInstance> own() {
        return List.of(
                new DatabaseInstance("shop", HOST, bridge.port(), "db-SHOP", "eu-central-1", "000000000000", "shop", "admin",
                        "arn:aws:secretsmanager:eu-central-1:000000000000:secret:rds!db-1", true),
                new DatabaseInstance("archive", OTHER_HOST, bridge.port(), "db-ARCHIVE", "eu-central-1", "000000000000", null, "keeper",
                        null, false));
    }

    void allow(String user) {
        allowed.add(ROLE + " " + RESOURCE + user);
    }

    String token(String user) {
        return token(SESSION, HOST, bridge.port(), user, Region.EU_CENTRAL_1);
    }

    String token(AwsCredentials credentials, String host, int port, String user, Region region) {
        return RdsUtilities.builder().region(region).credentialsProvider(StaticCredentialsProvider.create(credentials)).build()
                .generateAuthenticationToken(request -> request.hostname(host).port(port).username(user));
    }

    Connection connect(String user, String password, String... options) throws SQLException {
        return connectTo(HOST, bridge.port(), user, password, options);
    }

    Connection connectTo(String host, int port, String user, String password, String... options) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslMode", "verify-full");
        properties.setProperty("serverSslCert", TestDatabase.certificates().authorityCertificate().toString());
        // A bridge that forgets to answer fails a test instead of hanging it.
        properties.setProperty("socketTimeout", "40000");
        properties.setProperty("socketFactory", LoopbackSocketFactory.class.getName());
        for (String option : options) {
            properties.setProperty(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        return DriverManager.getConnection("jdbc:mariadb://" + host + ":" + port + "/", properties);
    }

    Connection master(String... options) throws SQLException {
        return connect("admin", MASTER_PASSWORD, options);
    }

    /** Creates a user as the migrator does, with rights on the shop's tables but not on the tables themselves. */
    void createApplicationUser(String user) throws SQLException {
        try (Connection master = master(); Statement statement = master.createStatement()) {
            statement.execute("CREATE USER IF NOT EXISTS '" + user + "'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
            statement.execute("GRANT SELECT, INSERT ON shop.* TO '" + user + "'@'%'");
        }
        allow(user);
    }

    /** Checks that the log names the cause of a refusal, and forgets it. */
    void assertLogged(String... parts) throws InterruptedException {
        for (int i = 0; log.isEmpty() && i < 50; i++) {
            Thread.sleep(20);
        }
        assertThat(log.poll()).isNotNull().contains(parts);
        assertThat(log).isEmpty();
    }

    @Override
    public void close() throws IOException {
        bridge.close();
    }
}
