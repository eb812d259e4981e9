package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import webapp.local.database.DatabaseInstances.DatabaseInstance;

/** What the bridge asks AWS, through the SDK, and how it reads the answers. */
class AwsLookupsTest {
    private HttpServer aws;
    private String request;
    private String region;
    private String answer;

    @BeforeEach
    void start() throws IOException {
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.createContext("/", exchange -> {
            request = URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            // Credential=KEY/DATE/REGION/SERVICE/aws4_request
            region = exchange.getRequestHeaders().getFirst("Authorization").split("/")[2];
            byte[] body = answer.replace("REGION", region).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        aws.start();
    }

    @AfterEach
    void stop() {
        aws.stop(0);
    }

    @Test
    void instancesAreReadWithTheirMasterSecret() {
        answer = describe("""
                <DBInstance><DBInstanceIdentifier>shop</DBInstanceIdentifier><MasterUsername>admin</MasterUsername><DBName>shop</DBName>
                <Endpoint><Address>shop.local0stack0.eu-central-1.rds.amazonaws.com</Address><Port>4406</Port></Endpoint>
                <DbiResourceId>db-ABC</DbiResourceId><DBInstanceArn>arn:aws:rds:eu-central-1:000000000000:db:shop</DBInstanceArn>
                <MasterUserSecret><SecretArn>arn:aws:secretsmanager:eu-central-1:000000000000:secret:rds!db-1</SecretArn></MasterUserSecret>
                <IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled></DBInstance>""");
        assertThat(instances().list()).containsExactly(new DatabaseInstance("shop", "shop.local0stack0.eu-central-1.rds.amazonaws.com", 4406,
                "db-ABC", "eu-central-1", "000000000000", "shop", "admin",
                "arn:aws:secretsmanager:eu-central-1:000000000000:secret:rds!db-1", true));
        assertThat(request).contains("Action=DescribeDBInstances");
    }

    @Test
    void instancesOfEveryRegionAreListed() {
        answer = describe("""
                <DBInstance><DBInstanceIdentifier>shop</DBInstanceIdentifier><MasterUsername>admin</MasterUsername>
                <Endpoint><Address>shop.REGION</Address><Port>1</Port></Endpoint><DbiResourceId>db-A</DbiResourceId>
                <DBInstanceArn>arn:aws:rds:REGION:000000000000:db:shop</DBInstanceArn></DBInstance>""");
        DatabaseInstances instances = new AwsDatabaseInstances(() -> List.of(client(RdsClient.builder()), client(RdsClient.builder(), "eu-west-1")));
        assertThat(instances.list()).extracting(DatabaseInstance::region).containsExactly("eu-central-1", "eu-west-1");
        assertThat(instances.only(instance -> instance.endpointHost().equals("shop.eu-west-1")).list())
                .extracting(DatabaseInstance::region).containsExactly("eu-west-1");
    }

    @Test
    void instanceWithoutEndpointIsNotThereYet() {
        answer = describe("<DBInstance><DBInstanceIdentifier>shop</DBInstanceIdentifier></DBInstance>");
        assertThat(instances().list()).isEmpty();
    }

    @Test
    void instanceMayLackDatabaseSecretAndIamAuthentication() {
        answer = describe("""
                <DBInstance><DBInstanceIdentifier>bare</DBInstanceIdentifier><MasterUsername>admin</MasterUsername>
                <Endpoint><Address>bare</Address><Port>1</Port></Endpoint><DbiResourceId>db-B</DbiResourceId>
                <DBInstanceArn>arn:aws:rds:eu-west-1:111122223333:db:bare</DBInstanceArn></DBInstance>""");
        assertThat(instances().list()).containsExactly(
                new DatabaseInstance("bare", "bare", 1, "db-B", "eu-west-1", "111122223333", null, "admin", null, false));
    }

    @Test
    void permissionIsWhatIamSimulates() {
        ConnectPermission permission = new AwsConnectPermission(client(IamClient.builder()));
        for (String decision : new String[] {"allowed", "implicitDeny", "explicitDeny"}) {
            answer = """
                    <SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults><member>
                    <EvalActionName>rds-db:connect</EvalActionName><EvalDecision>%s</EvalDecision>
                    </member></EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>""".formatted(decision);
            assertThat(permission.isAllowed("arn:aws:iam::000000000000:role/r", "arn:aws:rds-db:resource"))
                    .isEqualTo(decision.equals("allowed"));
            assertThat(request).contains("PolicySourceArn=arn:aws:iam::000000000000:role/r", "ActionNames.member.1=rds-db:connect",
                    "ResourceArns.member.1=arn:aws:rds-db:resource");
        }
    }

    @Test
    void noDecisionIsNoPermission() {
        answer = "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult/></SimulatePrincipalPolicyResponse>";
        assertThat(new AwsConnectPermission(client(IamClient.builder())).isAllowed("arn:aws:iam::000000000000:role/r", "r")).isFalse();
    }

    @Test
    void secretIsReadAndNeverPrinted() {
        Secrets secrets = new AwsSecrets(region -> client(SecretsManagerClient.builder(), region));
        answer = "{\"SecretString\": \"{\\\"username\\\": \\\"admin\\\", \\\"password\\\": \\\"hidden\\\"}\"}";
        String secret = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:rds!db-1";
        assertThat(secrets.read(secret)).isEqualTo(new Secrets.Login("admin", "hidden")).asString().doesNotContain("hidden");
        assertThat(region).isEqualTo("eu-west-1");
        answer = "{\"SecretString\": \"hidden\"}";
        assertThatThrownBy(() -> secrets.read(secret)).hasMessage("secret " + secret + " is not JSON with username and password");
    }

    private DatabaseInstances instances() {
        return new AwsDatabaseInstances(client(RdsClient.builder()));
    }

    private static String describe(String instance) {
        return "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>" + instance
                + "</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>";
    }

    private <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return client(builder, "eu-central-1");
    }

    private <B extends AwsClientBuilder<B, C>, C> C client(B builder, String inRegion) {
        return builder.region(Region.of(inRegion)).endpointOverride(URI.create("http://127.0.0.1:" + aws.getAddress().getPort()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))).build();
    }
}
