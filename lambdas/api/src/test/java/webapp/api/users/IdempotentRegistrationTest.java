package webapp.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.api.Answer;
import webapp.api.Call;
import webapp.api.Fault;
import webapp.api.TestSchema;
import webapp.core.database.Connector;
import webapp.core.database.Database;
import webapp.core.testing.Invocation;
import webapp.core.testing.MariaDbServer;

/** A registration repeated under its Idempotency-Key is carried out once, whatever broke in between. */
class IdempotentRegistrationTest {
    private static final MariaDbServer SERVER = MariaDbServer.shared();
    private static final String KEY = "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"";
    private static final String ADA = body("Ada", "ada@example.com");

    /** What a registration under a new key sends: the search for expired keys, the key, the user, COMMIT. */
    private static final int CALLS = 4;

    private final UsersHandler handler = handler();

    @BeforeEach
    void createSchema() {
        TestSchema.create(SERVER);
    }

    @Test
    void repeatedRequestGetsTheSameAnswerAndChangesNothing() {
        Answer first = register(handler, KEY, ADA);
        Answer again = register(handler(), KEY, ADA);

        assertThat(first.status()).isEqualTo(201);
        assertSame(again, first);
        assertThat(users()).containsExactly("Ada|ada@example.com");
        assertThat(SERVER.query("SELECT COUNT(*) FROM idempotency_keys")).containsExactly("1");
    }

    @Test
    void phoneIsRepeatedToo() {
        String body = "{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"phone\":\"+442079460958\"}";
        Answer first = register(handler, KEY, body);

        assertThat(first.member("phone")).isEqualTo("+442079460958");
        assertSame(register(handler, KEY, body), first);
    }

    @Test
    void sameContentInOtherBytesIsTheSameRequest() {
        Answer first = register(handler, KEY, ADA);

        Answer again = register(handler, KEY, "{ \"email\": \"ada\\u0040example.com\",\n \"name\": \"Ada\" }");

        assertSame(again, first);
    }

    @Test
    void bareKeyIsTheKeyInQuotationMarks() {
        Answer first = register(handler, KEY, ADA);

        assertSame(register(handler, KEY.replace("\"", ""), ADA), first);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"name\":\"Ada\",\"email\":\"eva@example.com\"}",
        "{\"name\":\"Eva\",\"email\":\"ada@example.com\"}",
        "{\"name\":\"Ada\",\"email\":\"Ada@example.com\"}",
        "{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"phone\":\"+442079460958\"}"
    })
    void keyOfAnotherRequestIsRefused(String other) {
        register(handler, KEY, ADA);

        Answer answer = register(handler, KEY, other);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.member("type")).isEqualTo("/problems/idempotency-key-reused");
        assertThat(answer.member("title")).isEqualTo("Idempotency key reused");
        assertThat(answer.text()).doesNotContain("ada@example.com");
        assertThat(answer.logged()).isEmpty();
        assertThat(users()).containsExactly("Ada|ada@example.com");
    }

    @Test
    void anotherKeyIsAnotherRequest() {
        register(handler, KEY, ADA);

        assertThat(register(handler, "\"other\"", ADA).status()).isEqualTo(409);
    }

    @Test
    void requestWithoutAKeyLeavesNone() {
        Answer answer = Answer.of(handler, "register-user", Map.of("body", ADA));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(SERVER.query("SELECT COUNT(*) FROM idempotency_keys")).containsExactly("0");
    }

    @Test
    void failedRequestLeavesItsKeyFree() {
        register(handler, "\"first\"", ADA);
        assertThat(register(handler, KEY, body("Ada", "no address")).status()).isEqualTo(400);
        assertThat(register(handler, KEY, ADA).status()).isEqualTo(409);

        Answer corrected = register(handler, KEY, body("Ada", "ada@example.org"));

        assertThat(corrected.status()).isEqualTo(201);
        assertThat(users()).containsExactly("Ada|ada@example.com", "Ada|ada@example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "\"\"", "a b", "\"a b\"", "a\"b", "\"a", "a\"", "\"a\\\\\"", "schlüssel", "a\tb", "a\n"})
    void keyOfAnotherFormIsRefused(String key) {
        Answer answer = register(handler, key, ADA);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.member("type")).isEqualTo("/problems/invalid-request");
        assertThat(answer.member("detail")).startsWith("The header Idempotency-Key must be given once and hold 1 to 255 visible ASCII");
        assertThat(users()).isEmpty();
    }

    @Test
    void longestKeyFits() {
        assertThat(register(handler, "k".repeat(256), ADA).status()).isEqualTo(400);
        assertThat(register(handler, "\"" + "k".repeat(256) + "\"", ADA).status()).isEqualTo(400);
        Answer first = register(handler, "k".repeat(255), ADA);
        assertThat(first.status()).isEqualTo(201);
        assertSame(register(handler, "\"" + "k".repeat(255) + "\"", ADA), first);
    }

    @Test
    void twoKeysAreRefused() {
        String event = """
                {"httpMethod":"POST","resource":"/users","body":"{\\"name\\":\\"Ada\\",\\"email\\":\\"ada@example.com\\"}",
                 "multiValueHeaders":{"Content-Type":["application/json"],"Idempotency-Key":%s}}""";

        assertThat(Answer.ofEvent(handler, event.formatted("[\"a\",\"a\"]")).status()).isEqualTo(400);
        assertThat(Answer.ofEvent(handler, event.formatted("[\"a\"]")).status()).isEqualTo(201);
    }

    @Test
    void neitherKeyNorContentIsKeptInTheClear() {
        register(handler, "\"secret-key\"", ADA);

        assertThat(SERVER.query("SELECT CONCAT_WS('|', LENGTH(key_hash), LENGTH(request_hash),"
                        + " INSTR(CONCAT(key_hash, request_hash, resource_id), 'secret'), resource_id = (SELECT user_id FROM users))"
                        + " FROM idempotency_keys"))
                .containsExactly("32|32|0|1");
    }

    // ---------------------------------------------------------------- a day later

    @Test
    void keyIsKeptForADay() {
        Instant start = Instant.parse("2026-11-21T08:30:00.123Z");
        Answer first = register(handlerAt(start), KEY, ADA);

        assertSame(register(handlerAt(start.plus(Duration.ofHours(24)).minusMillis(1)), KEY, ADA), first);
        Answer nextDay = register(handlerAt(start.plus(Duration.ofHours(24))), KEY, body("Eva", "eva@example.com"));

        assertThat(nextDay.status()).isEqualTo(201);
        assertSame(register(handlerAt(start.plus(Duration.ofHours(47))), KEY, body("Eva", "eva@example.com")), nextDay);
        assertThat(users()).containsExactly("Ada|ada@example.com", "Eva|eva@example.com");
    }

    @Test
    void expiredKeysAreForgottenTenAtATimeAndTheOldestFirst() {
        Instant start = Instant.parse("2026-11-21T08:30:00Z");
        for (int i = 0; i < 25; i++) {
            SERVER.execute("INSERT INTO idempotency_keys VALUES (UNHEX(SHA2('%d', 256)), '', '', '2026-11-%02d 08:00:00')".formatted(i, i < 20 ? i + 1 : 21));
        }

        register(handlerAt(start), KEY, ADA);
        assertThat(SERVER.query("SELECT DAY(created_at) FROM idempotency_keys ORDER BY created_at").subList(0, 2))
                .containsExactly("11", "12");

        register(handlerAt(start), "\"second\"", body("Eva", "eva@example.com"));
        assertThat(SERVER.query("SELECT COUNT(*) FROM idempotency_keys")).containsExactly("7");
    }

    @Test
    void expiredKeyIsFreeHoweverManyOthersHaveExpired() {
        Instant start = Instant.parse("2026-11-21T08:30:00Z");
        register(handlerAt(start), KEY, ADA);
        for (int i = 0; i < 12; i++) {
            SERVER.execute("INSERT INTO idempotency_keys VALUES (UNHEX(SHA2('%d', 256)), '', '', '2026-11-01')".formatted(i));
        }

        Answer nextDay = register(handlerAt(start.plus(Duration.ofHours(24))), KEY, body("Eva", "eva@example.com"));

        assertThat(nextDay.status()).isEqualTo(201);
    }

    @Test
    void keyThatIsTakenAnewWhileItIsForgottenStays() {
        Instant start = Instant.parse("2026-11-21T08:30:00Z");
        Instant nextDay = start.plus(Duration.ofHours(24));
        String eva = body("Eva", "eva@example.com");
        register(handlerAt(start), KEY, ADA);
        List<Answer> faster = new ArrayList<>();
        // The second call deletes what the first one found.
        Fault slow = new Fault(TestSchema.connector(SERVER), (number, call, target, connection) -> {
            if (number == 2) {
                faster.add(register(handlerAt(nextDay), KEY, eva));
            }
            return target.call();
        });

        Answer answer = register(
                new UsersHandler(new Database(slow, Clock.systemUTC()), Call.POOL, Clock.fixed(nextDay, ZoneOffset.UTC)), KEY, eva);

        assertSame(answer, faster.get(0));
        assertThat(users()).containsExactly("Ada|ada@example.com", "Eva|eva@example.com");
    }

    // ---------------------------------------------------------------- at the same time

    @Test
    void ofEightAtOnceAllGetTheOneRegistration() throws Exception {
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            UsersHandler environment = handler();
            requests.add(() -> register(environment, KEY, ADA));
        }

        List<Answer> answers = atOnce(requests);

        assertThat(answers).allSatisfy(answer -> assertSame(answer, answers.get(0)));
        assertThat(answers.get(0).status()).isEqualTo(201);
        assertThat(users()).containsExactly("Ada|ada@example.com");
    }

    @Test
    void ofDifferentRequestsAtOnceUnderOneKeyOneIsCarriedOut() throws Exception {
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            UsersHandler environment = handler();
            String body = body("Racer", "racer" + i + "@example.com");
            requests.add(() -> register(environment, KEY, body));
        }

        assertThat(atOnce(requests)).extracting(Answer::status)
                .containsExactlyInAnyOrder(201, 422, 422, 422, 422, 422, 422, 422);
        assertThat(users()).hasSize(1);
    }

    @Test
    void duplicateWaitsForTheRunningRequestAndGetsItsAnswer() throws Exception {
        CountDownLatch atCommit = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        UsersHandler slow = handler(new Fault(TestSchema.connector(SERVER), (number, call, target, connection) -> {
            if (call.equals("commit")) {
                atCommit.countDown();
                assertThat(release.await(10, TimeUnit.SECONDS)).isTrue();
            }
            return target.call();
        }));
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Answer> running = threads.submit(() -> register(slow, KEY, ADA));
            assertThat(atCommit.await(10, TimeUnit.SECONDS)).isTrue();
            Future<Answer> duplicate = threads.submit(() -> register(handler(), KEY, ADA));
            assertThat(isStillWaiting(duplicate)).isTrue();

            release.countDown();

            assertSame(duplicate.get(10, TimeUnit.SECONDS), running.get(10, TimeUnit.SECONDS));
            assertThat(users()).containsExactly("Ada|ada@example.com");
        }
    }

    @Test
    void duplicateThatWaitsTooLongIsAnOutageToRepeat() throws SQLException {
        Answer first = register(handler, KEY, ADA);
        try (Connection other = SERVER.master();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("DELETE FROM idempotency_keys");

            Answer duplicate = register(handler(), KEY, ADA, new Invocation(Duration.ofSeconds(2)));
            assertThat(duplicate.status()).isEqualTo(503);
            assertThat(duplicate.header("Retry-After")).isEqualTo("5");
            other.rollback();
        }
        assertSame(register(handler, KEY, ADA), first);
    }

    // ---------------------------------------------------------------- what breaks

    @Test
    void commitWhoseAnswerIsLostIsAnsweredByTheRetry() {
        Fault fault = Fault.losingTheFirstCommitsAnswer(TestSchema.connector(SERVER));

        Answer answer = register(handler(fault), KEY, ADA);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(fault.calls()).isGreaterThan(CALLS);
        assertThat(users()).containsExactly("Ada|ada@example.com");
        assertSame(register(handler, KEY, ADA), answer);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void functionKilledAtAnyCallLeavesAllOrNothingAndTheRepetitionCompletesIt(boolean carriedOut) {
        Answer answer;
        int call = 0;
        do {
            call++;
            String key = "\"call-" + call + "\"";
            String body = body("Call " + call, call + "@example.com");
            Fault fault = Fault.killedAt(TestSchema.connector(SERVER), call, carriedOut);

            answer = register(handler(fault), key, body);

            boolean committed = call > CALLS || call == CALLS && carriedOut;
            assertThat(answer.status()).as("killed at call %d", call).isEqualTo(call > CALLS ? 201 : 503);
            assertThat(users()).hasSize(committed ? call : call - 1);
            Answer repeated = register(handler, key, body);
            assertThat(repeated.status()).as("repeated after call %d", call).isEqualTo(201);
            assertSame(register(handler(), key, body), repeated);
            assertThat(users()).hasSize(call);
            assertThat(SERVER.query("SELECT COUNT(*) FROM idempotency_keys")).containsExactly(Integer.toString(call));
        } while (answer.status() != 201);
        assertThat(call).isEqualTo(CALLS + 1);
    }

    @Test
    void killedServersLoseNoAcknowledgedRegistrationAndDoubleNone() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("killedServersLoseNoAcknowledgedRegistrationAndDoubleNone: -Dseed=" + seed);
        Random random = new Random(seed);
        try (MariaDbServer own = MariaDbServer.start();
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            TestSchema.create(own);
            CountDownLatch calm = new CountDownLatch(1);
            List<Future<List<String>>> clients = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                int number = client;
                clients.add(threads.submit(() -> registerUntilCalm(own, number, calm)));
            }
            for (int kill = 0; kill < 3; kill++) {
                Thread.sleep(200 + random.nextInt(400));
                own.kill();
                own.restart();
            }
            calm.countDown();

            List<String> acknowledged = new ArrayList<>();
            for (Future<List<String>> client : clients) {
                acknowledged.addAll(client.get(60, TimeUnit.SECONDS));
            }
            assertThat(acknowledged).hasSizeGreaterThan(20);
            assertThat(own.query("SELECT CONCAT(LOWER(HEX(user_id)), '|', email) FROM users"))
                    .containsExactlyInAnyOrderElementsOf(acknowledged);
        }
    }

    /** A client in a function of its own, which repeats each registration until it is acknowledged, and then once more. */
    private static List<String> registerUntilCalm(MariaDbServer server, int client, CountDownLatch calm) throws Exception {
        UsersHandler environment = handler(TestSchema.connector(server));
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; calm.getCount() > 0 || i < 10; i++) {
            String email = client + "-" + i + "@example.com";
            Answer answer = register(environment, "\"" + email + "\"", body("Client", email));
            while (answer.status() == 503) {
                Thread.sleep(100);
                answer = register(environment, "\"" + email + "\"", body("Client", email));
            }
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            acknowledged.add(answer.member("userId").replace("-", "") + "|" + email);
        }
        assertThat(acknowledged).hasSize(new HashSet<>(acknowledged).size());
        return acknowledged;
    }

    private static boolean isStillWaiting(Future<?> future) throws Exception {
        try {
            future.get(300, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        }
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        }
    }

    private static void assertSame(Answer answer, Answer first) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.text()).isEqualTo(first.text());
        assertThat(answer.headers()).isEqualTo(first.headers());
    }

    private static Answer register(UsersHandler environment, String key, String body) {
        return register(environment, key, body, new Invocation());
    }

    private static Answer register(UsersHandler environment, String key, String body, Invocation invocation) {
        return Answer.of(environment, "register-user-with-key", Map.of("key", key, "body", body), invocation);
    }

    private static UsersHandler handler() {
        return handler(TestSchema.connector(SERVER));
    }

    private static UsersHandler handler(Connector connector) {
        return new UsersHandler(new Database(connector, Clock.systemUTC()), Call.POOL, Clock.systemUTC());
    }

    private static UsersHandler handlerAt(Instant now) {
        return new UsersHandler(TestSchema.database(SERVER), Call.POOL, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static String body(String name, String email) {
        return new ObjectMapper().createObjectNode().put("name", name).put("email", email).toString();
    }

    private static List<String> users() {
        return SERVER.query("SELECT CONCAT_WS('|', name, email) FROM users ORDER BY user_id");
    }
}
