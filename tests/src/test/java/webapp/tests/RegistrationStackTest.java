package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.local.terraform.TerraformException;

/**
 * Uses {@code examples/complete} on local AWS as a visitor, an attacker and an operator would, breaks it, and destroys it: therefore
 * the last class on the shared stack.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(SharedStack.class)
@Order(Integer.MAX_VALUE)
class RegistrationStackTest {
    private static final int USE = 1;
    private static final int OPERATE = 2;
    private static final int CRASH = 3;
    private static final int BREAK = 4;
    private static final int DESTROY = 5;

    /** Decides what breaks when, in the tests with load: {@code -Dresilience.seed=...} repeats a run's. */
    private static final long SEED = Long.getLong("resilience.seed", System.nanoTime());
    private static final int CLIENTS = 4;

    private AppliedStack stack;
    private Browser browser;
    private ApiClient api;

    @BeforeAll
    void apply(AppliedStack applied) {
        stack = applied;
        browser = new Browser(stack.url(), Path.of("target/screenshots"));
        api = new ApiClient(stack.url());
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    // ---------------------------------------------------------------- the page

    @Test
    @Order(USE)
    void visitorRegistersAndTheRowIsInTheDatabase() {
        Page page = browser.open("/register");
        page.fill("#name", "Ada Lovelace");
        page.fill("#email", "ada.lovelace@example.com");
        page.click("button[type=submit]");

        PlaywrightAssertions.assertThat(page.locator("#status")).hasAttribute("data-state", "success");
        PlaywrightAssertions.assertThat(page.locator("#status")).containsText("Ada Lovelace");
        browser.screenshot(page, "registered");
        assertThat(stack.query("select name from users where email = 'ada.lovelace@example.com'")).containsExactly("Ada Lovelace");
    }

    @Test
    @Order(USE)
    void visitorRegistersWithTheKeyboardAlone() {
        Page page = browser.open("/register");
        page.locator("#name").focus();
        page.keyboard().type("Grace Hopper");
        page.keyboard().press("Tab");
        page.keyboard().type("grace@example.com");
        page.keyboard().press("Enter");

        PlaywrightAssertions.assertThat(page.locator("#status")).containsText("Grace Hopper");
        assertThat(stack.query("select name from users where email = 'grace@example.com'")).containsExactly("Grace Hopper");
    }

    @Test
    @Order(USE)
    void secondRegistrationOfAnAddressIsShownAtItsField() {
        assertThat(api.register("First", "taken@example.com").statusCode()).isEqualTo(201);
        Page page = browser.open("/register");
        page.fill("#name", "Second");
        page.fill("#email", "taken@example.com");
        page.click("button[type=submit]");

        PlaywrightAssertions.assertThat(page.locator("#status")).hasAttribute("data-state", "conflict");
        PlaywrightAssertions.assertThat(page.locator("#email-error")).not().isEmpty();
        PlaywrightAssertions.assertThat(page.locator("#email")).hasAttribute("aria-invalid", "true");
        browser.screenshot(page, "conflict");
        assertThat(stack.query("select name from users where email = 'taken@example.com'")).containsExactly("First");
    }

    @Test
    @Order(USE)
    void invalidFieldsAreNamedAndNothingIsSent() {
        Page page = browser.open("/register");
        List<String> requests = new ArrayList<>();
        page.onRequest(request -> requests.add(request.url()));
        page.fill("#email", "not an address");
        page.click("button[type=submit]");

        PlaywrightAssertions.assertThat(page.locator("#name-error")).not().isEmpty();
        PlaywrightAssertions.assertThat(page.locator("#email-error")).not().isEmpty();
        PlaywrightAssertions.assertThat(page.locator("#name")).isFocused();
        browser.screenshot(page, "invalid");
        assertThat(requests).noneMatch(url -> url.contains("/api/"));
    }

    @Test
    @Order(USE)
    void siteIsServedWithSecurityHeadersAndRunsUnderThem() {
        HttpResponse<String> home = api.get("/");
        assertThat(home.statusCode()).isEqualTo(200);
        assertThat(home.headers().firstValue("content-type")).hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(home.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe"));
        assertThat(home.headers().firstValue("strict-transport-security")).isPresent();
        assertThat(home.headers().firstValue("x-content-type-options")).hasValue("nosniff");

        Page page = browser.open("/register");
        PlaywrightAssertions.assertThat(page.locator("button[type=submit]")).isEnabled(); // by the script, once it runs
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    @Order(USE)
    void pagesHaveCleanUrlsAndAMissingOneIsNotFound() {
        assertThat(api.get("/privacy").statusCode()).isEqualTo(200);
        assertThat(api.get("/privacy/").body()).isEqualTo(api.get("/privacy/index.html").body());
        assertThat(api.get("/nothing").statusCode()).isEqualTo(404);
    }

    // ---------------------------------------------------------------- the API and bad input

    @Test
    @Order(USE)
    void registrationAnswersTheNewUserAndItsLocation() {
        HttpResponse<String> answer = api.register("Zoë 🦊 𝒵", "zoe@example.com");
        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode user = ApiClient.json(answer);
        assertThat(user.path("name").asText()).isEqualTo("Zoë 🦊 𝒵");
        assertThat(answer.headers().firstValue("location")).hasValue("/api/users/" + user.path("userId").asText());
        assertThat(stack.query("select name from users where email = 'zoe@example.com'")).containsExactly("Zoë 🦊 𝒵");
    }

    @ParameterizedTest
    @Order(USE)
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            malformed JSON  | {"name": "A", | 400
            wrong type      | {"name": 5, "email": "a@example.com"} | 400
            missing field   | {"name": "A"} | 400
            unknown field   | {"name": "A", "email": "a@example.com", "admin": true} | 400
            not an object   | ["A"] | 400
            empty body      | `` | 400
            blank name      | {"name": "  ", "email": "a@example.com"} | 400
            no address      | {"name": "A", "email": "nobody"} | 400
            """)
    void badBodyIsRefused(String what, String body, int status) {
        ApiClient.assertProblem(api.post("/api/users", "application/json", body), status);
    }

    @Test
    @Order(USE)
    void megabyteOfBodyIsRefused() {
        HttpResponse<String> answer = api.post("/api/users", "application/json", """
                {"name": "A", "email": "big@example.com"%s}""".formatted(" ".repeat(1 << 20)));
        ApiClient.assertProblem(answer, 413);
        assertThat(stack.query("select name from users where email = 'big@example.com'")).isEmpty();
    }

    @ParameterizedTest
    @Order(USE)
    @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=latin1"})
    void otherContentTypesAreRefused(String contentType) {
        ApiClient.assertProblem(api.post("/api/users", contentType, "{\"name\": \"A\", \"email\": \"type@example.com\"}"), 415);
        assertThat(stack.query("select name from users where email = 'type@example.com'")).isEmpty();
    }

    @ParameterizedTest
    @Order(USE)
    @ValueSource(strings = {"/api/", "/api/nothing", "/api/users/1/2/3", "/api/health", "/api/..%2fusers"})
    void unknownPathIsNotFound(String path) {
        ApiClient.assertProblem(api.get(path), 404);
    }

    @ParameterizedTest
    @Order(USE)
    @CsvSource({"PATCH, /api/users, POST", "DELETE, /api/users, GET", "PUT, /api/users/1, GET", "POST, /api/health/live, GET"})
    void wrongMethodNamesTheAllowedOnes(String method, String path, String allowed) {
        HttpResponse<String> answer = api.send(method, path);
        ApiClient.assertProblem(answer, 405);
        assertThat(answer.headers().firstValue("allow")).hasValueSatisfying(allow -> assertThat(allow).contains(allowed));
    }

    @ParameterizedTest
    @Order(USE)
    @ValueSource(strings = {"'; drop table users; --", "\\\\' or 1=1 #", "${jndi:ldap://127.0.0.1/x}", "<script>alert(1)</script>"})
    void hostileTextIsStoredAsItIs(String text) {
        String email = "hostile" + Math.abs(text.hashCode()) + "@example.com";
        assertThat(api.register(text, email).statusCode()).isEqualTo(201);
        assertThat(stack.query("select name from users where email = '" + email + "'")).containsExactly(text);
        ApiClient.assertProblem(api.register("A", "x' or '1'='1@example.com"), 400);
    }

    @Test
    @Order(USE)
    void ofParallelDuplicatesOneIsStored() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> calls = IntStream.range(0, 8).mapToObj(i -> (Callable<Integer>)
                    () -> api.register("Racer " + i, "race@example.com").statusCode()).toList();
            for (Future<Integer> status : threads.invokeAll(calls)) {
                statuses.add(status.get());
            }
        }
        assertThat(statuses.stream().sorted().toList()).containsExactly(201, 409, 409, 409, 409, 409, 409, 409);
        assertThat(stack.query("select name from users where email = 'race@example.com'")).hasSize(1);
    }

    @Test
    @Order(USE)
    void personalDataIsShownToSignedCallersOnly() {
        String id = ApiClient.json(api.register("Private", "private@example.com")).path("userId").asText();
        ApiClient.assertProblem(api.get("/api/users/" + id), 403);

        HttpResponse<String> signed = stack.signedGet("/users/" + id);
        assertThat(signed.statusCode()).as(signed.body()).isEqualTo(200);
        assertThat(ApiClient.json(signed).path("email").asText()).isEqualTo("private@example.com");
        ApiClient.assertProblem(stack.signedGet("/users/00000000-0000-4000-8000-000000000000"), 404);
    }

    @Test
    @Order(USE)
    void signedCallersListTheUsersPageByPage() {
        assertThat(api.register("Listed", "listed@example.com").statusCode()).isEqualTo(201);
        ApiClient.assertProblem(api.get("/api/users"), 403);
        ApiClient.assertProblem(stack.signedGet("/users?limit=0"), 400);

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            HttpResponse<String> page = stack.signedGet("/users?limit=2" + cursor);
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            assertThat(ApiClient.json(page).path("users").size()).isBetween(1, 2);
            ApiClient.json(page).path("users").forEach(user -> listed.add(user.path("email").asText()));
            assertThat(listed).as("listed, which should have come to an end").hasSizeLessThan(10_000);
            String next = ApiClient.json(page).path("nextCursor").asText("");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        assertThat(listed).contains("listed@example.com")
                .containsExactlyElementsOf(stack.query("select email from users order by user_id"));
    }

    @Test
    @Order(USE)
    void repeatedRegistrationUnderItsKeyGetsTheSameAnswer() {
        HttpResponse<String> first = api.register("Repeated", "repeated@example.com", "8e03978e");
        HttpResponse<String> again = api.register("Repeated", "repeated@example.com", "8e03978e");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        ApiClient.assertProblem(api.register("Repeated", "other@example.com", "8e03978e"), 422);
    }

    @Test
    @Order(USE)
    void healthTellsLivenessAndReadiness() {
        assertThat(api.get("/api/health/live").statusCode()).isEqualTo(200);
        assertThat(api.get("/api/health/ready").statusCode()).isEqualTo(200);
    }

    // ---------------------------------------------------------------- the operator

    @Test
    @Order(OPERATE)
    void planAfterApplyIsEmptyButForWhatLocalAwsCannotKeep() {
        assertThat(stack.terraform().plannedChanges().keySet()).as(() -> stack.terraform().plannedAttributes().toString())
                .isSubsetOf(AppliedStack.REPLANNED);
    }

    @Test
    @Order(OPERATE)
    void everyServiceThatAFunctionInTheVpcMayCallHasAPathAsDocumented() {
        assertThat(Reachability.unreachable(stack.terraform().resources())).isEmpty();
        assertThat(Reachability.calls(stack.terraform().resources())).isEqualTo(NetworkDocument.calls("webapp-dev"));
    }

    @Test
    @Order(OPERATE)
    void changedJarAloneIsRedeployed() {
        Map<String, String> before = stack.functionVersions();
        stack.touchJar("api");
        Map<String, List<String>> changes = stack.terraform().plannedChanges();
        changes.keySet().removeAll(AppliedStack.REPLANNED);
        assertThat(changes.keySet()).containsExactlyInAnyOrderElementsOf(before.keySet().stream().flatMap(function -> Stream.of(
                "module.webapp.module.function[\"" + function + "\"].aws_lambda_function.this[0]",
                "module.webapp.module.function[\"" + function + "\"].aws_lambda_alias.live[0]")).toList());
        stack.terraform().apply();
        assertThat(api.register("After", "after@example.com").statusCode()).isEqualTo(201);
        assertThat(stack.functionVersions()).allSatisfy((function, version) ->
                assertThat(Integer.parseInt(version)).isGreaterThan(Integer.parseInt(before.get(function))));
    }

    @Test
    @Order(OPERATE)
    void databaseOutageIsAProblemThatThePageExplains() throws Exception {
        stack.stopDatabase();
        try {
            HttpResponse<String> ready = api.get("/api/health/ready");
            ApiClient.assertProblem(ready, 503);
            assertThat(ready.headers().firstValue("retry-after")).isPresent();
            assertThat(api.get("/api/health/live").statusCode()).isEqualTo(200);

            Page page = browser.open("/register");
            page.fill("#name", "Patient");
            page.fill("#email", "patient@example.com");
            page.click("button[type=submit]");
            PlaywrightAssertions.assertThat(page.locator("#status")).hasAttribute("data-state", "outage",
                    new LocatorAssertions.HasAttributeOptions().setTimeout(30_000));
            PlaywrightAssertions.assertThat(page.locator("#correlation-id")).not().isEmpty();
            PlaywrightAssertions.assertThat(page.locator("#email")).hasValue("patient@example.com");
            browser.screenshot(page, "outage");
        } finally {
            stack.startDatabase();
        }
        assertThat(api.register("Patient", "patient@example.com").statusCode()).isEqualTo(201);
    }

    // ---------------------------------------------------------------- crashes under load

    @Test
    @Order(CRASH)
    void databaseKilledUnderLoadLosesNoAcknowledgedRegistrationAndDoublesNone() throws Exception {
        registrationsSurvive("database", (load, random) -> {
            for (int kill = 0; kill < 3; kill++) {
                load.awaitMore(10 + random.nextInt(20));
                Thread.sleep(random.nextInt(50));
                stack.killDatabase();
                Thread.sleep(random.nextInt(1500));
                stack.restartDatabase();
            }
        });
    }

    @Test
    @Order(CRASH)
    void functionsKilledUnderLoadLoseNoAcknowledgedRegistrationAndDoubleNone() throws Exception {
        registrationsSurvive("function", (load, random) -> {
            for (int kill = 0; kill < 8; kill++) {
                load.awaitMore(3 + random.nextInt(10));
                Thread.sleep(random.nextInt(50));
                stack.killFunctions();
            }
        });
    }

    private void registrationsSurvive(String what, Crash crash) throws Exception {
        System.out.println(what + " killed under load: -Dresilience.seed=" + SEED);
        try (RegistrationLoad load = RegistrationLoad.start(stack.url(), what + ".load", SEED, CLIENTS)) {
            crash.run(load, new Random(SEED));
            load.awaitMore(CLIENTS);
            load.finish();

            String told = what + " killed under load, -Dresilience.seed=" + SEED + ": " + load.happened();
            System.out.println(told);
            List<String> acknowledged = load.acknowledged().entrySet().stream()
                    .map(user -> user.getKey() + " " + user.getValue().replace("-", "")).sorted().toList();
            assertThat(stack.query("select concat(email, ' ', lower(hex(user_id))) from users where email like '%@" + load.domain()
                    + "' order by email")).as(told).containsExactlyInAnyOrderElementsOf(acknowledged);
            // That clients were disturbed at all.
            assertThat(load.happened().keySet()).as(told).contains("hung up").containsAnyOf("no answer", "500", "502", "503", "504");
        }
        assertThat(api.get("/api/health/ready").statusCode()).isEqualTo(200);
    }

    /** What happens while the clients are at work. */
    @FunctionalInterface
    private interface Crash {
        void run(RegistrationLoad load, Random random) throws Exception;
    }

    // ---------------------------------------------------------------- mistakes, each named

    @Test
    @Order(BREAK)
    void missingJarFailsThePlanByName() {
        try (Mistake mistake = stack.delete("dist/api.jar")) {
            assertThatThrownBy(() -> stack.terraform().plannedChanges()).isInstanceOf(TerraformException.class)
                    .hasMessageContaining("api.jar").hasMessageContaining("make build");
        }
    }

    @Test
    @Order(BREAK)
    void wrongHandlerFailsThePlanByName() {
        try (Mistake mistake = stack.replace("variables.tf", "webapp.api.users.UsersHandler", "webapp.api.users.UserHandler")) {
            assertThatThrownBy(() -> stack.terraform().plannedChanges()).isInstanceOf(TerraformException.class)
                    .hasMessageContaining("webapp.api.users.UserHandler").hasMessageContaining("webapp.api.users.UsersHandler");
        }
    }

    @Test
    @Order(BREAK)
    void wrongEnvironmentVariableIsNamedInTheFunctionsLog() {
        try (Mistake mistake = stack.replace("main.tf", "DATABASE_NAME ", "DATABASE_NAMES ")) {
            stack.terraform().apply();
            ApiClient.assertProblem(api.register("A", "variable@example.com"), 500, 502);
            assertThat(stack.log("users")).contains("DATABASE_NAME");
        }
        stack.terraform().apply();
        assertThat(api.register("A", "variable@example.com").statusCode()).isEqualTo(201);
    }

    @Test
    @Order(BREAK)
    void missingPermissionIsNamedByTheLoginBridge() {
        try (Mistake mistake = stack.replace("main.tf", "rds-db:connect", "rds-db:Connects")) {
            stack.touchJar("api"); // a connection that is open outlives the permission to open one, as on RDS
            stack.terraform().apply();
            ApiClient.assertProblem(api.register("A", "permission@example.com"), 500, 503);
            assertThat(stack.log("login-bridge")).contains("rds-db:connect").contains("webapp-dev-users");
        }
        stack.terraform().apply();
        assertThat(api.register("A", "permission@example.com").statusCode()).isEqualTo(201);
    }

    @Test
    @Order(BREAK)
    void brokenMigrationFailsTheApplyWithFlywaysMessageAndIsTriedAgain() {
        try (Mistake mistake = stack.addToJar("database", "db/migration/V999__broken.sql", "create table broken (nonsense);")) {
            assertThatThrownBy(() -> stack.terraform().apply()).isInstanceOf(TerraformException.class)
                    .hasMessageContaining("V999__broken.sql");
        }
        stack.addToJar("database", "db/migration/V999__mended.sql", "create table mended (id int primary key);");
        stack.terraform().apply();
        assertThat(stack.query("select version from flyway_schema_history where success order by installed_rank")).contains("999");
    }

    @Test
    @Order(DESTROY)
    void destroyLeavesNothing() {
        // No destroy deletes what was exported: a person empties the buckets.
        stack.terraform().resources().stream().filter(resource -> resource.path("address").asText().matches(".*aws_s3_bucket\\.(exports|replica)\\[0]"))
                .map(resource -> resource.path("values")).forEach(bucket -> empty(bucket.path("bucket").asText(), bucket.path("region").asText()));
        stack.terraform().destroy();
        assertThat(stack.terraform().stateList()).isEmpty();
    }

    private void empty(String bucket, String region) {
        HttpResponse<String> versions = s3(region, "GET", "/" + bucket + "?versions=");
        assertThat(versions.statusCode()).as(versions.body()).isEqualTo(200);
        Pattern.compile("<Key>([^<]*)</Key>\\s*<VersionId>([^<]*)</VersionId>").matcher(versions.body()).results().forEach(version -> {
            HttpResponse<String> answer = s3(region, "DELETE", "/" + bucket + "/" + version.group(1) + "?versionId=" + version.group(2));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        });
    }

    /** As the account's root: S3 wants each bucket's own region in a signature. */
    private HttpResponse<String> s3(String region, String method, String path) {
        return SignedCaller.aws("s3", method, path, Map.of(), "", stack.localAws(), region);
    }
}
