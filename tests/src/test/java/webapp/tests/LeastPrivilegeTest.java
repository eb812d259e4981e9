package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * Each function works under its role, and its role has nothing to spare: every statement that was applied is taken away alone, whereupon what
 * needs it fails, and given back. {@code docs/security.md} has the same as a table. A statement that is new fails here until it is told
 * what needs it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(SharedStack.class)
class LeastPrivilegeTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("checkout.directory")).resolve("docs/security.md");
    private static final Path GENERATED = Path.of("target/permissions.md").toAbsolutePath();
    private static final String BEGIN = "<!-- BEGIN_PERMISSIONS -->\n";
    private static final String END = "\n<!-- END_PERMISSIONS -->";
    private static final String PREFIX = "webapp-dev-";

    private AppliedStack stack;
    private ApiClient api;
    private List<JsonNode> resources;
    private BackupTicks scheduler;
    private IamClient iam;
    private String idToken;
    private String operatorToken;

    @BeforeAll
    void signIn(AppliedStack applied) {
        stack = applied;
        api = new ApiClient(stack.url());
        resources = stack.terraform().resources();
        scheduler = BackupTicks.ofScheduler(stack);
        iam = stack.clients().iam();
        UserPool pool = new UserPool(stack);
        idToken = pool.idToken(pool.person());
        operatorToken = pool.idToken(pool.operator());
    }

    /** One statement of the policy of a function's role, as applied. */
    private record Statement(JsonNode function, String role, String policyName, String policy, JsonNode content) {
        LambdaClient lambda(AppliedStack stack) {
            return stack.clients().lambda(region());
        }

        String region() {
            return function.path("arn").asText().split(":")[3];
        }

        String logName() {
            return AppliedStack.logName(functionName(), region());
        }

        String functionName() {
            return function.path("function_name").asText();
        }

        /** The function's key. */
        String key() {
            return functionName().replaceFirst("^" + PREFIX, "");
        }

        String sid() {
            return content.path("Sid").asText();
        }

        /** The policy without it; null when nothing else is in it, which IAM does not take. */
        String policyWithout() {
            ObjectNode rest = UserPool.tree(policy).deepCopy();
            ArrayNode statements = (ArrayNode) rest.path("Statement");
            for (int i = statements.size() - 1; i >= 0; i--) {
                if (statements.get(i).equals(content)) {
                    statements.remove(i);
                }
            }
            return statements.isEmpty() ? null : rest.toString();
        }

        @Override
        public String toString() {
            return key() + " " + sid();
        }
    }

    /**
     * What needs a statement.
     *
     * @param operation what fails without it, for the table
     * @param refusal runs the operation: null when it works, otherwise why not
     * @param reason is part of the refusal when this statement is what is missing
     */
    private record Probe(String operation, Supplier<String> refusal, String reason) {}

    // ---------------------------------------------------------------- the statements

    List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        for (JsonNode function : ofType("aws_lambda_function")) {
            String role = function.path("role").asText().replaceFirst(".*/", "");
            for (JsonNode policy : ofType("aws_iam_role_policy")) {
                if (policy.path("role").asText().equals(role)) {
                    String text = policy.path("policy").asText();
                    UserPool.tree(text).path("Statement").forEach(statement ->
                            statements.add(new Statement(function, role, policy.path("name").asText(), text, statement)));
                }
            }
            for (JsonNode attachment : ofType("aws_iam_role_policy_attachment")) {
                if (attachment.path("role").asText().equals(role)) {
                    JsonNode policy = ofType("aws_iam_policy").stream().filter(one -> one.path("arn").equals(attachment.path("policy_arn"))).findFirst().orElseThrow();
                    String text = policy.path("policy").asText();
                    UserPool.tree(text).path("Statement").forEach(statement ->
                            statements.add(new Statement(function, role, policy.path("name").asText(), text, statement)));
                }
            }
        }
        return statements;
    }

    /** Those that are taken away here: the others {@link BackupStackTest} gives one by one. */
    List<Statement> takenAway() {
        return statements().stream().filter(statement -> BackupRights.without(statement.key(), statement.sid()) == null).toList();
    }

    private List<JsonNode> ofType(String type) {
        return resources.stream().filter(resource -> resource.path("type").asText().equals(type)).map(resource -> resource.path("values")).toList();
    }

    @Test
    @Order(1)
    void everyFunctionHasARoleOfItsOwnAndNothingButItsStatements() {
        List<String> roles = ofType("aws_lambda_function").stream().map(function -> function.path("role").asText()).toList();
        assertThat(roles).isNotEmpty().doesNotHaveDuplicates();
        assertThat(statements().stream().map(Statement::role).distinct()).hasSameSizeAs(roles);
        for (JsonNode function : ofType("aws_lambda_function")) {
            String role = function.path("role").asText().replaceFirst(".*/", "");
            assertThat(iam.listRolePolicies(request -> request.roleName(role)).policyNames()).as(role).hasSize(1);
            assertThat(iam.listAttachedRolePolicies(request -> request.roleName(role)).attachedPolicies()).as(role)
                    .hasSize((int) ofType("aws_iam_role_policy_attachment").stream().filter(attachment -> attachment.path("role").asText().equals(role)).count());
        }
    }

    @ParameterizedTest
    @Order(2)
    @MethodSource("takenAway")
    void withoutItWhatNeedsItFails(Statement statement) {
        Probe probe = probe(statement);
        assertThat(probe.refusal().get()).as("%s: %s", statement, probe.operation()).isNull();
        takeAway(statement);
        try {
            assertThat(probe.refusal().get()).as("without the statement %s: %s", statement, probe.operation()).contains(probe.reason());
        } finally {
            giveBack(statement);
        }
        assertThat(probe.refusal().get()).as("%s, given back: %s", statement, probe.operation()).isNull();
    }

    private void takeAway(Statement statement) {
        String rest = statement.policyWithout();
        if (rest == null) {
            iam.deleteRolePolicy(request -> request.roleName(statement.role()).policyName(statement.policyName()));
        } else {
            put(statement, rest);
        }
        // A connection outlives the permission to open it.
        stack.endFunction(statement.functionName());
    }

    private void giveBack(Statement statement) {
        put(statement, statement.policy());
        stack.endFunction(statement.functionName());
    }

    private void put(Statement statement, String policy) {
        iam.putRolePolicy(request -> request.roleName(statement.role()).policyName(statement.policyName()).policyDocument(policy));
    }

    // ---------------------------------------------------------------- what needs them

    private Probe probe(Statement statement) {
        String backups = BackupRights.without(statement.key(), statement.sid());
        if (backups != null) {
            return new Probe(backups, null, null);
        }
        return switch (statement.sid()) {
            case "WriteLogs" -> new Probe("runs, and nothing of its log is kept", () -> loggingRefusal(statement), "none of its lines");
            case "AttachToVpc" -> new Probe("is not taken into the VPC: `CreateFunction`, or a new VPC configuration, is refused; one that is inside stays",
                    () -> attachingRefusal(statement), "permissions to call CreateNetworkInterface on EC2");
            case "DescribeVpc" -> new Probe("is not taken into the VPC, likewise",
                    () -> attachingRefusal(statement), "permissions to call DescribeNetworkInterfaces on EC2");
            case "DenyNetworkToCode" -> new Probe("could use Lambda's rights in its own code: EC2 answers it",
                    () -> codesRefusal(statement), "EC2 answered the function's code");
            case "ReadMasterSecret" -> new Probe("fails, and with it the apply: it cannot become the master user",
                    () -> invocationRefusal(statement), "secretsmanager:GetSecretValue");
            case "DatabaseLogin" -> login(statement);
            case "See" -> new Probe("`GET /backups` is 503", () -> backupsRefusal(() -> api.getWithToken("/api/backups", operatorToken), 200, statement), "dynamodb:");
            case "Ask" -> new Probe("`POST /backups/DATABASE/runs` is 503", () -> backupsRefusal(() -> api.send("POST", "/api/backups/webapp-dev/runs", "",
                    "Authorization", "Bearer " + operatorToken, "Idempotency-Key", '"' + UUID.randomUUID().toString() + '"'), 202, statement), "dynamodb:PutItem");
            default -> throw new AssertionError("nobody told what needs the statement " + statement + ": add its operation here, or take it from the role");
        };
    }

    private Probe login(Statement statement) {
        String bridge = "lacks rds-db:connect";
        return switch (statement.key()) {
            case "users" -> new Probe("`POST /users` is 503", () -> databaseRefusal(() ->
                    api.register("Probe", "probe-" + UUID.randomUUID() + "@example.com"), 201, statement), bridge);
            case "catalog" -> new Probe("`GET /products` is 503", () -> databaseRefusal(() -> api.get("/api/products"), 200, statement), bridge);
            case "orders" -> new Probe("`GET /orders` is 503", () -> databaseRefusal(() -> api.getWithToken("/api/orders", idToken), 200, statement), bridge);
            case "health" -> new Probe("`GET /health/ready` is 503", () -> databaseRefusal(() -> api.get("/api/health/ready"), 200, statement), bridge);
            default -> throw new AssertionError("nobody told which operation of " + statement.key() + " uses the database");
        };
    }

    /** A request through the site, and what the login bridge said meanwhile of this role. */
    private String databaseRefusal(Supplier<HttpResponse<String>> request, int good, Statement statement) {
        int before = stack.log("login-bridge").length();
        HttpResponse<String> answer = request.get();
        if (answer.statusCode() == good) {
            return null;
        }
        ApiClient.assertProblem(answer, 500, 503);
        return stack.log("login-bridge").substring(before).lines().filter(line -> line.contains("/" + statement.role()))
                .findFirst().orElse("the login bridge refused nobody");
    }

    /** A request to the backups' page, while nothing is asked for; and what its function said. */
    private String backupsRefusal(Supplier<HttpResponse<String>> request, int good, Statement statement) {
        scheduler.run();
        int before = stack.log(statement.logName()).length();
        HttpResponse<String> answer = request.get();
        if (answer.statusCode() == good) {
            return null;
        }
        ApiClient.assertProblem(answer, 500, 503);
        return stack.log(statement.logName()).substring(before);
    }

    private String loggingRefusal(Statement statement) {
        String before = stack.log(statement.logName());
        invoke(statement);
        String after = stack.log(statement.logName());
        return after.startsWith(before) && after.substring(before.length()).contains("START RequestId") ? null : "none of its lines was kept";
    }

    private String invocationRefusal(Statement statement) {
        InvokeResponse answer = invoke(statement);
        return answer.functionError() == null ? null : answer.payload().asUtf8String();
    }

    private InvokeResponse invoke(Statement statement) {
        return statement.lambda(stack).invoke(request -> request.functionName(statement.functionName()).qualifier("live").payload(SdkBytes.fromUtf8String("{}")));
    }

    /** Sets the VPC configuration that the function has already. */
    private String attachingRefusal(Statement statement) {
        JsonNode vpc = statement.function().path("vpc_config").path(0);
        try {
            statement.lambda(stack).updateFunctionConfiguration(request -> request.functionName(statement.functionName()).vpcConfig(configuration -> configuration
                    .subnetIds(texts(vpc.path("subnet_ids"))).securityGroupIds(texts(vpc.path("security_group_ids")))
                    .ipv6AllowedForDualStack(vpc.path("ipv6_allowed_for_dual_stack").asBoolean())));
            return null;
        } catch (InvalidParameterValueException e) {
            return e.getMessage();
        }
    }

    /** The denial works when it refuses; the credentials are made as the function host makes a function's. */
    private String codesRefusal(Statement statement) {
        Credentials code = stack.clients().sts().assumeRole(request -> request
                .roleArn(statement.function().path("role").asText()).roleSessionName(statement.functionName())).credentials();
        HttpResponse<String> answer = stack.aws(AwsSessionCredentials.create(code.accessKeyId(), code.secretAccessKey(), code.sessionToken()),
                statement.region(), "ec2", "POST", "/", Map.of("Content-Type", "application/x-www-form-urlencoded"), "Action=DescribeSubnets&Version=2016-11-15");
        if (answer.statusCode() == 200) {
            return "EC2 answered the function's code";
        }
        assertThat(answer.body()).contains("UnauthorizedOperation");
        return null;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return array.isTextual() ? List.of(array.asText()) : texts;
    }

    // ---------------------------------------------------------------- the table

    @Test
    @Order(3)
    void tableSaysTheSame() throws IOException {
        String document = Files.readString(DOCUMENT);
        assertThat(document).contains(BEGIN, END);
        String table = document.substring(document.indexOf(BEGIN) + BEGIN.length(), document.indexOf(END));
        Files.writeString(GENERATED, table());
        assertThat(table).as("%s is out of date: put %s between its markers", DOCUMENT, GENERATED).isEqualTo(table());
    }

    private String table() {
        Map<String, TreeSet<String>> rows = new LinkedHashMap<>();
        for (Statement statement : statements()) {
            JsonNode content = statement.content();
            String row = "`" + statement.sid() + "` | " + (content.path("Effect").asText().equals("Deny") ? "**denies** " : "") + list(content.path("Action"), statement)
                    + " | " + list(content.path("Resource"), statement) + condition(content.path("Condition"), statement) + " | " + probe(statement).operation() + " |";
            rows.computeIfAbsent(row, key -> new TreeSet<>()).add("`" + statement.key() + "`");
        }
        StringBuilder table = new StringBuilder("| function | statement | actions | resources | without it, the function |\n|---|---|---|---|---|");
        rows.forEach((row, functions) -> table.append("\n| ").append(String.join(", ", functions)).append(" | ").append(row));
        return table.toString();
    }

    private static String condition(JsonNode condition, Statement statement) {
        List<String> terms = new ArrayList<>();
        condition.properties().forEach(test -> test.getValue().properties().forEach(term -> terms.add("`" + term.getKey() + "` is "
                + (test.getKey().equals("Null") ? (term.getValue().path(0).asText().equals("true") ? "absent" : "there") : list(term.getValue(), statement)))));
        return terms.isEmpty() ? "" : " if " + String.join(" and ", terms);
    }

    private static String list(JsonNode values, Statement statement) {
        return String.join(", ", texts(values).stream().map(value -> "`" + named(value, statement) + "`").toList());
    }

    /** Without what is another in each account, region and apply. */
    private static String named(String value, Statement statement) {
        return value.replace(statement.functionName(), "NAME").replaceAll("000000000000", "ACCOUNT").replaceAll("us-east-1", "REGION").replaceAll("us-west-2", "RECOVERY-REGION")
                .replaceAll("(key/)[0-9a-f-]{36}", "$1KEY").replaceAll("(dbuser:)[^/]+", "$1INSTANCE").replaceAll("(secret:rds!).*", "$1MASTER");
    }

    // ---------------------------------------------------------------- afterwards

    @Test
    @Order(4)
    void rolesAndFunctionsAreAsTheyWere() {
        assertThat(stack.terraform().plannedChanges().keySet()).as(() -> stack.terraform().plannedAttributes().toString())
                .noneMatch(address -> address.contains("aws_iam_") || address.contains("aws_lambda_"));
    }
}
