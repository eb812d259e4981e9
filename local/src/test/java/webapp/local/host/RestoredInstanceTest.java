package webapp.local.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import webapp.local.LocalStack;
import webapp.local.database.LoopbackSocketFactory;
import webapp.local.host.functions.CommandHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A copy of a snapshot restored in a second region of the whole stack, and functions of both regions that log in with their roles. */
class RestoredInstanceTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final String HERE = "us-east-1";
    private static final String THERE = "us-west-2";

    @TempDir
    private static Path directory;

    private static LocalStack stack;
    private static DBInstance shop;
    private static DBInstance drill;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(CHECKOUT, directory, CHECKOUT.resolve(".local/tools"), HERE, 0, line -> { });
        RdsClient here = stack.clients().rds();
        RdsClient there = stack.clients().rds(THERE);
        here.createDBInstance(request -> request.dbInstanceIdentifier("shop").dbInstanceClass("db.t4g.micro").engine("mysql").allocatedStorage(20)
                .masterUsername("admin").manageMasterUserPassword(true).enableIAMDatabaseAuthentication(true).dbName("shop"));
        await(() -> "available".equals(instance(here, "shop").dbInstanceStatus()));
        shop = instance(here, "shop");
        String secret = stack.clients().secretsManager(HERE)
                .getSecretValue(request -> request.secretId(shop.masterUserSecret().secretArn())).secretString();
        try (Connection admin = connect(shop, "admin", new ObjectMapper().readTree(secret).get("password").asText());
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE TABLE orders (id INT PRIMARY KEY)");
            statement.execute("INSERT INTO orders VALUES (1), (2)");
            statement.execute("CREATE USER 'reader'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
            statement.execute("GRANT SELECT ON shop.* TO 'reader'@'%'");
        }
        String arn = here.createDBSnapshot(request -> request.dbInstanceIdentifier("shop").dbSnapshotIdentifier("first")).dbSnapshot().dbSnapshotArn();
        await(() -> here.describeDBSnapshots(request -> request.dbSnapshotIdentifier("first")).dbSnapshots().get(0).status().equals("available"));
        stack.query("INSERT INTO orders VALUES (3) RETURNING id");
        there.copyDBSnapshot(request -> request.sourceDBSnapshotIdentifier(arn).targetDBSnapshotIdentifier("first"));
        await(() -> there.describeDBSnapshots(request -> request.dbSnapshotIdentifier("first")).dbSnapshots().get(0).status().equals("available"));
        there.restoreDBInstanceFromDBSnapshot(request -> request.dbInstanceIdentifier("drill").dbSnapshotIdentifier("first")
                .enableIAMDatabaseAuthentication(true));
        await(() -> "available".equals(instance(there, "drill").dbInstanceStatus()));
        drill = instance(there, "drill");
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void roleLogsInToTheInstanceOfItsRegionOnly() throws Exception {
        AwsSessionCredentials reader = credentials(HERE, "reader", shop);
        AwsSessionCredentials checker = credentials(THERE, "checker", drill);

        assertThat(orders(shop, token(reader, shop, Region.US_EAST_1))).isEqualTo(3);
        assertThat(orders(drill, token(checker, drill, Region.US_WEST_2))).isEqualTo(2);
        // The right token at the other server, and the right server with a role for the other database.
        assertThatThrownBy(() -> orders(drill, token(reader, shop, Region.US_EAST_1))).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> orders(shop, token(checker, drill, Region.US_WEST_2))).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> orders(drill, token(reader, drill, Region.US_WEST_2))).isInstanceOf(SQLException.class);
        assertThat(directory.resolve("logs/login-bridge.log")).content()
                .contains("role/reader lacks rds-db:connect on arn:aws:rds-db:us-west-2:000000000000:dbuser:" + drill.dbiResourceId() + "/reader");
    }

    @Test
    void functionsFindTheRestoredInstance() throws Exception {
        credentials(THERE, "resolver", drill);
        assertThat(command(THERE, "resolver", "resolve", drill.endpoint().address()).get("address").asText()).isEqualTo("127.0.0.1");
        assertThat(Files.readString(directory.resolve("hosts"))).contains(shop.endpoint().address(), drill.endpoint().address());
    }

    /** Those of a function whose role may log in to the instance as {@code reader}. */
    private static AwsSessionCredentials credentials(String region, String name, DBInstance instance) throws Exception {
        String role = stack.clients().iam().createRole(request -> request.roleName(name).assumeRolePolicyDocument("""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                  "Principal": {"Service": "lambda.amazonaws.com"}}]}""")).role().arn();
        stack.clients().iam().putRolePolicy(request -> request.roleName(name).policyName("login").policyDocument("""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "rds-db:connect",
                  "Resource": "arn:aws:rds-db:%s:000000000000:dbuser:%s/reader"}]}""".formatted(region, instance.dbiResourceId())));
        LambdaClient lambda = stack.clients().lambda(region);
        lambda.createFunction(request -> request.functionName(name).runtime(Runtime.JAVA21).handler(CommandHandler.class.getName()).role(role)
                .memorySize(256).timeout(20).code(code -> code.zipFile(SdkBytes.fromByteArray(CodeJar.marked(name).bytes()))));
        JsonNode environment = command(region, name, "environment", "");
        assertThat(environment.get("AWS_REGION").asText()).isEqualTo(region);
        return AwsSessionCredentials.create(environment.get("AWS_ACCESS_KEY_ID").asText(), environment.get("AWS_SECRET_ACCESS_KEY").asText(),
                environment.get("AWS_SESSION_TOKEN").asText());
    }

    private static JsonNode command(String region, String functionName, String command, String argument) throws Exception {
        String event = new ObjectMapper().createObjectNode().put("command", command).put("argument", argument).toString();
        return new ObjectMapper().readTree(stack.clients().lambda(region)
                .invoke(request -> request.functionName(functionName).payload(SdkBytes.fromUtf8String(event))).payload().asByteArray());
    }

    private static String token(AwsSessionCredentials credentials, DBInstance instance, Region region) {
        return RdsClient.builder().region(region).credentialsProvider(StaticCredentialsProvider.create(credentials)).build().utilities()
                .generateAuthenticationToken(request -> request.hostname(instance.endpoint().address()).port(instance.endpoint().port())
                        .username("reader"));
    }

    private static int orders(DBInstance instance, String token) throws SQLException {
        try (Connection connection = connect(instance, "reader", token); Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM shop.orders")) {
            count.next();
            return count.getInt(1);
        }
    }

    private static Connection connect(DBInstance instance, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslMode", "verify-full");
        properties.setProperty("serverSslCert", directory.resolve("certificates/authority.pem").toString());
        properties.setProperty("socketFactory", LoopbackSocketFactory.class.getName());
        return DriverManager.getConnection("jdbc:mariadb://" + instance.endpoint().address() + ":" + instance.endpoint().port() + "/shop", properties);
    }

    private static DBInstance instance(RdsClient region, String identifier) {
        return region.describeDBInstances(request -> request.dbInstanceIdentifier(identifier)).dbInstances().get(0);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant limit = Instant.now().plus(Duration.ofSeconds(90));
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(limit)) {
                throw new AssertionError("What was waited for did not happen");
            }
            Thread.sleep(200);
        }
    }
}
