package webapp.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import webapp.local.database.CertificateAuthority;
import webapp.local.database.CredentialLookup.Credentials;
import webapp.local.database.DatabaseInstances.DatabaseInstance;
import webapp.local.database.LoginBridge;
import webapp.local.database.LoginRules;
import webapp.local.database.MariaDb;
import webapp.local.database.Secrets;

/** The database that every variant reads from, with TLS and IAM logins as on RDS, and in it one user and the sample products. */
final class TestBed implements AutoCloseable {
    static final String REGION = "eu-central-1";
    static final String HOST = "localhost";
    static final String SCHEMA = "webapp";
    static final String USER = "webapp_api";
    static final String USER_ID = "0197f0a0-0000-7000-8000-000000000001";
    /** One of the migrations' samples. */
    static final String PRODUCT_ID = "enamel-mug";
    static final String ACCESS_KEY_ID = "ASIABENCHMARK";
    static final String SECRET_ACCESS_KEY = "benchmark-secret";
    static final String SESSION_TOKEN = "benchmark+session+token/==";
    static final String CREDENTIALS_JSON = "{\"AccessKeyId\":\"" + ACCESS_KEY_ID + "\",\"SecretAccessKey\":\"" + SECRET_ACCESS_KEY
            + "\",\"Token\":\"" + SESSION_TOKEN + "\",\"Expiration\":\"2099-01-01T00:00:00Z\"}";

    private static final String MASTER = "master";
    private static final String MASTER_PASSWORD = "benchmark-master-password";

    private final CertificateAuthority certificates;
    private final MariaDb server;
    private final LoginBridge bridge;
    private final AtomicInteger logins = new AtomicInteger();
    private final Map<Read, byte[]> events = new EnumMap<>(Read.class);

    TestBed(Path checkout, Path directory) throws IOException, SQLException {
        for (Read read : Read.values()) {
            events.put(read, read.event(checkout));
        }
        this.certificates = CertificateAuthority.in(directory.resolve("certificates"));
        this.server = MariaDb.start(directory.resolve("mariadb"), certificates, System.err::println);
        try {
            LoginRules rules = new LoginRules(
                    accessKeyId -> Optional.of(accessKeyId).filter(ACCESS_KEY_ID::equals).map(known ->
                            new Credentials(SECRET_ACCESS_KEY, SESSION_TOKEN, "arn:aws:iam::000000000000:role/users")),
                    (principal, resource) -> logins.incrementAndGet() > 0,
                    this::instances, arn -> new Secrets.Login(MASTER, MASTER_PASSWORD), Clock.systemUTC());
            this.bridge = new LoginBridge(0, server, certificates, rules, System.err::println);
            fill(checkout);
        } catch (IOException | SQLException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private List<DatabaseInstance> instances() {
        return List.of(new DatabaseInstance("webapp", HOST, bridge.port(), "db-BENCHMARK", REGION, "000000000000", SCHEMA, MASTER,
                "arn:aws:secretsmanager:" + REGION + ":000000000000:secret:master", true));
    }

    /** The schema as the migrations make it, the user as the migrator makes it. */
    private void fill(Path checkout) throws IOException, SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", MASTER);
        properties.setProperty("password", MASTER_PASSWORD);
        properties.setProperty("sslMode", "verify-full");
        properties.setProperty("serverSslCert", authority().toString());
        properties.setProperty("allowMultiQueries", "true");
        String url = "jdbc:mariadb://" + HOST + ":" + bridge.port() + "/";
        try (Connection master = DriverManager.getConnection(url, properties); Statement statement = master.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + SCHEMA);
            statement.execute("CREATE DATABASE " + SCHEMA);
            master.setCatalog(SCHEMA);
            for (Path migration : migrations(checkout)) {
                statement.execute(Files.readString(migration));
            }
            statement.execute("CREATE USER IF NOT EXISTS '" + USER + "'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
            statement.execute("GRANT SELECT, INSERT ON users TO '" + USER + "'@'%'");
            statement.execute("GRANT SELECT ON products TO '" + USER + "'@'%'");
            statement.execute("GRANT SELECT ON order_items TO '" + USER + "'@'%'");
            statement.execute("INSERT INTO users (user_id, name, email, email_key, phone, created_at) VALUES (0x" + USER_ID.replace("-", "")
                    + ", 'Grace Hopper', 'Grace@example.com', 'grace@example.com', '+491700000001', '2026-01-02 03:04:05.678')");
        }
    }

    private static List<Path> migrations(Path checkout) throws IOException {
        try (Stream<Path> files = Files.list(checkout.resolve("lambdas/database/src/main/resources/db/migration"))) {
            return files.sorted(Comparator.comparingInt(TestBed::version)).toList();
        }
    }

    private static int version(Path migration) {
        String name = migration.getFileName().toString();
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }

    /** The event of one such request, as API Gateway sends it. */
    byte[] event(Read read) {
        return events.get(read).clone();
    }

    int port() {
        return bridge.port();
    }

    /** The certificate that vouches for the database's. */
    Path authority() {
        return certificates.authorityCertificate();
    }

    /** How often a token was accepted so far. */
    int logins() {
        return logins.get();
    }

    /** How many connections the functions have open. */
    int openConnections() throws SQLException {
        try (Connection connection = server.administration();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT COUNT(*) FROM information_schema.processlist WHERE user = '" + USER + "'")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public void close() throws IOException {
        bridge.close();
        server.close();
    }
}
