package webapp.api.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.api.Answer;
import webapp.api.Call;
import webapp.api.ResourceId;
import webapp.api.TestSchema;
import webapp.core.database.Database;
import webapp.core.testing.MariaDbServer;
import webapp.core.time.Deadline;

class UsersHandlerTest {
    private static final MariaDbServer SERVER = MariaDbServer.shared();

    private final UsersHandler handler = handler();

    @BeforeEach
    void createSchema() {
        TestSchema.create(SERVER);
    }

    @Test
    void registeredUserIsAnsweredAndStored() throws SQLException {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        Answer answer = register("Ada Lovelace", "Ada@Example.com");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        String userId = answer.member("userId");
        assertThat(UUID.fromString(userId).version()).isEqualTo(7);
        assertThat(answer.header("Location")).isEqualTo("/api/users/" + userId);
        assertThat(answer.member("name")).isEqualTo("Ada Lovelace");
        assertThat(answer.member("email")).isEqualTo("Ada@Example.com");
        assertThat(Instant.parse(answer.member("createdAt"))).isBetween(before, Instant.now());
        assertThat(rows()).containsExactly("Ada Lovelace|Ada@Example.com|ada@example.com");
    }

    @Test
    void userIsReadAsRegistered() {
        Answer registered = register("Ada", "ada@example.com");
        register("Eva", "eva@example.com");

        Answer read = get(registered.member("userId"));

        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body()).isEqualTo(registered.body());
        assertThat(get(registered.member("userId").toUpperCase(Locale.ROOT)).body()).isEqualTo(registered.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Zoë", "李小龍", "🦊 Фокс", "ZWJ 👩‍👩‍👧", "a\u0301", " padded ", "O'Neil\"; -- \\", "𝕬"})
    void anyScriptIsKeptAsItIs(String name) {
        Answer registered = register(name, "ada@example.com");

        assertThat(registered.member("name")).isEqualTo(name);
        assertThat(get(registered.member("userId")).member("name")).isEqualTo(name);
    }

    @Test
    void hundredCharactersOfFourBytesFit() {
        assertThat(register("🦊".repeat(100), "ada@example.com").status()).isEqualTo(201);
        assertThat(register("🦊".repeat(101), "eva@example.com").error("/name")).isEqualTo("must be at most 100 characters long");
    }

    @Test
    void longestEmailFits() {
        String label = "x".repeat(61) + ".";
        String email = "a".repeat(64) + "@" + label.repeat(3) + "com";
        assertThat(email).hasSize(254);

        assertThat(register("Ada", email).status()).isEqualTo(201);
        assertThat(register("Ada", email + "m").error("/email")).isEqualTo("must be at most 254 characters long");
    }

    @Test
    void emailIsTakenWhateverItsCase() throws SQLException {
        assertThat(register("Ada", "ada@example.com").status()).isEqualTo(201);

        Answer answer = register("Eva", "ADA@example.COM");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.member("type")).isEqualTo("/problems/email-already-registered");
        assertThat(answer.member("title")).isEqualTo("Email already registered");
        assertThat(answer.error("/email")).isEqualTo("is already registered");
        assertThat(answer.member("correlationId")).isEqualTo("c6af9ac6-7b61-11e6-9a41-93e8deadbeef");
        assertThat(answer.logged()).isEmpty();
        assertThat(rows()).hasSize(1);
    }

    @Test
    void ofEightAtOnceOneIsRegistered() throws Exception {
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            UsersHandler environment = handler();
            requests.add(() -> register(environment, body("Ada", "ada@example.com")));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Integer> statuses = new ArrayList<>();
            for (Future<Answer> answer : threads.invokeAll(requests)) {
                statuses.add(answer.get().status());
            }
            assertThat(statuses).containsExactlyInAnyOrder(201, 409, 409, 409, 409, 409, 409, 409);
            assertThat(rows()).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|must not be blank",
        "' \u00a0\u2003'|must not be blank",
        "'a\u0000b'|must not contain control characters",
        "'a\nb'|must not contain control characters",
        "'a\u0085b'|must not contain control characters"
    })
    void badNameIsRefused(String name, String detail) throws SQLException {
        Answer answer = register(name, "ada@example.com");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.member("type")).isEqualTo("/problems/invalid-request");
        assertThat(answer.error("/name")).isEqualTo(detail);
        assertThat(rows()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ada", "ada@", "@example.com", "ada@example", "ada@@example.com", " ada@example.com",
        "ada@example.com ", "ada@exa mple.com", "ada@example.com\n", "adä@example.com", "ada@example..com", "a,b@example.com",
        "ada@example.com\r\nBcc: x@example.com"})
    void badEmailIsRefused(String email) {
        Answer answer = register("Ada", email);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error("/email")).isEqualTo("must be an email address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+442079460958", "+1234567", "+123456789012345"})
    void phoneIsKeptIfItIsGiven(String phone) {
        Answer registered = register(handler, "{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"phone\":\"" + phone + "\"}");

        assertThat(registered.status()).isEqualTo(201);
        assertThat(registered.member("phone")).isEqualTo(phone);
        assertThat(get(registered.member("userId")).body()).isEqualTo(registered.body());
        assertThat(SERVER.query("SELECT phone FROM users")).containsExactly(phone);
    }

    @Test
    void phoneThatIsNotGivenIsAbsent() {
        Answer registered = register("Ada", "ada@example.com");

        assertThat(registered.body().has("phone")).isFalse();
        assertThat(get(registered.member("userId")).body().has("phone")).isFalse();
        assertThat(SERVER.query("SELECT phone IS NULL FROM users")).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"442079460958\"", "\"+02079460958\"", "\"+44 2079460958\"", "\"+123456\"",
        "\"+1234567890123456\"", "\"+44207946095x\"", "\"+442079460958\\n\"", "\"+٤٤٢٠٧٩٤٦٠\""})
    void badPhoneIsRefused(String phone) {
        Answer answer = register(handler, "{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"phone\":" + phone + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error("/phone"))
                .isEqualTo("must be a phone number with a plus sign and the country code, without spaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "442079460958", "[]"})
    void phoneThatIsNoStringIsRefused(String phone) {
        Answer answer = register(handler, "{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"phone\":" + phone + "}");

        assertThat(answer.error("/phone")).isEqualTo("must be a string");
    }

    @Test
    void everyErrorIsToldAtOnce() {
        Answer answer = register(handler, "{\"name\":1,\"role\":\"admin\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error("/name")).isEqualTo("must be a string");
        assertThat(answer.error("/email")).isEqualTo("is required");
        assertThat(answer.error("/role")).isEqualTo("is not known");
    }

    @Test
    void malformedBodyIsRefused() {
        assertThat(register(handler, "{\"name\":").status()).isEqualTo(400);
        assertThat(register(handler, "x".repeat(1024 * 1024)).status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'; DROP TABLE users; --", "' OR '1'='1", "\\'; DELETE FROM users; #", "x'||SLEEP(5)||'", "?", ":email"})
    void sqlIsOnlyText(String sql) throws SQLException {
        Answer registered = register(sql, "ada@example.com");

        assertThat(registered.member("name")).isEqualTo(sql);
        assertThat(get(registered.member("userId")).member("name")).isEqualTo(sql);
        assertThat(register("Ada", sql).status()).isEqualTo(400);
        assertThat(get(sql).status()).isEqualTo(404);
        assertThat(rows()).hasSize(1);
    }

    @Test
    void sqlThatIsAnEmailIsOnlyText() throws SQLException {
        assertThat(register("Ada", "'or'1'='1'#@example.com").status()).isEqualTo(201);
        assertThat(register("Eva", "eva@example.com").status()).isEqualTo(201);
        assertThat(rows()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000-0000-7000-8000-000000000000", "1-1-1-1-1", "x", "0b9f4f0e6c1c4f0a9f5e2a7a1f1f3c11",
        "0b9f4f0e-6c1c-4f0a-9f5e-2a7a1f1f3c1g", "0b9f4f0e-6c1c-4f0a-9f5e-2a7a1f1f3c11 "})
    void unknownUserIsNotFound(String userId) {
        Answer answer = get(userId);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.member("type")).isEqualTo("/problems/user-not-found");
    }

    @Test
    void unsignedReadIsForbiddenEvenIfTheGatewayLetItPass() {
        String userId = register("Ada", "ada@example.com").member("userId");

        Answer answer = Answer.ofEvent(handler, """
                {"httpMethod":"GET","resource":"/users/{userId}","pathParameters":{"userId":"%s"},
                 "requestContext":{"requestId":"r","identity":{"userArn":null,"caller":null}}}""".formatted(userId));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.member("type")).isEqualTo("/problems/forbidden");
        assertThat(answer.text()).doesNotContain("ada@example.com");
    }

    @Test
    void readIsLoggedWithTheCallerAndWithoutPersonalData() {
        String userId = register("Ada", "ada@example.com").member("userId");

        assertThat(get(userId).logged()).isEqualTo(
                "Personal data read: operation=getUser caller=arn:aws:sts::000000000000:assumed-role/reader/session users=1"
                        + " first=%s last=%s correlationId=c6af9ac6-7b61-11e6-9a41-93e8deadbeef\n".formatted(userId, userId));
        assertThat(get("00000000-0000-7000-8000-000000000000").logged()).isEmpty();
    }

    @Test
    void otherMethodsAreNotAllowed() {
        Answer answer = Answer.ofEvent(handler, "{\"httpMethod\":\"DELETE\",\"resource\":\"/users/{userId}\"}");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET");
    }

    @Test
    void stoppedDatabaseIsAnOutageAndTheFunctionRecovers() {
        try (MariaDbServer own = MariaDbServer.start()) {
            TestSchema.create(own);
            UsersHandler environment = handler(own);
            assertThat(register(environment, body("Ada", "ada@example.com")).status()).isEqualTo(201);

            own.stop();
            Answer answer = register(environment, body("Eva", "eva@example.com"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("5");
            assertThat(answer.member("type")).isEqualTo("/problems/service-unavailable");
            assertThat(answer.text()).doesNotContain("localhost", "SQL", "refused");
            assertThat(answer.logged()).contains("c6af9ac6-7b61-11e6-9a41-93e8deadbeef").doesNotContain("eva@example.com");

            own.restart();
            assertThat(register(environment, body("Eva", "eva@example.com")).status()).isEqualTo(201);
        }
    }

    @Test
    void registrationWhoseCommitGotNoAnswerIsNotItsOwnDuplicate() {
        Users users = new Users(TestSchema.database(SERVER));
        User user = new User(ResourceId.create(1), "Ada", "ada@example.com", null, Instant.EPOCH);
        Deadline deadline = Deadline.in(Duration.ofSeconds(10));

        assertThat(users.add(user, null, deadline)).isEqualTo(user);
        assertThat(users.add(user, null, deadline)).isEqualTo(user);
        User other = new User(ResourceId.create(1), "Eva", "ada@example.com", null, Instant.EPOCH);
        assertThatThrownBy(() -> users.add(other, null, deadline)).hasMessage("This email address is already registered.");
    }

    @Test
    void primingWritesNothingAndLeavesNoConnection() throws SQLException {
        UsersHandler primed = handler();

        List<String> before = connections();

        primed.checkpoint().beforeCheckpoint(null);

        assertThat(rows()).isEmpty();
        assertThat(before).containsAll(connections());
        assertThat(register(primed, body("Ada", "ada@example.com")).status()).isEqualTo(201);
    }

    private Answer register(String name, String email) {
        return register(handler, body(name, email));
    }

    private static Answer register(UsersHandler environment, String body) {
        return Answer.of(environment, "register-user", Map.of("body", body));
    }

    private Answer get(String userId) {
        return Answer.of(handler, "get-user", Map.of("userId", userId));
    }

    private static UsersHandler handler() {
        return handler(SERVER);
    }

    private static UsersHandler handler(MariaDbServer server) {
        Database database = TestSchema.database(server);
        return new UsersHandler(database, Call.POOL, Clock.systemUTC());
    }

    private static String body(String name, String email) {
        return new ObjectMapper().createObjectNode().put("name", name).put("email", email).toString();
    }

    private static List<String> rows() throws SQLException {
        return SERVER.query("SELECT CONCAT_WS('|', name, email, email_key) FROM users ORDER BY user_id");
    }

    /** The ids of the functions' connections. */
    private static List<String> connections() throws SQLException {
        return SERVER.query("SELECT id FROM information_schema.processlist WHERE user = 'app' ORDER BY id");
    }
}
