package webapp.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.api.Answer;
import webapp.api.Call;
import webapp.api.Fault;
import webapp.api.Priming;
import webapp.api.TestSchema;
import webapp.core.database.Connector;
import webapp.core.database.Database;
import webapp.core.testing.MariaDbServer;

/** A person's own profile. */
class ProfileTest {
    private static final MariaDbServer SERVER = MariaDbServer.shared();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final UsersHandler handler = handler(TestSchema.connector(SERVER));

    @BeforeEach
    void createSchema() {
        TestSchema.create(SERVER);
    }

    @Test
    void whoHasStoredNoneHasOneWithAnAddressAlone() {
        Answer answer = get("ada");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"userId\":\"ada\",\"email\":\"ada@example.com\"}");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void tokenWithoutAnAddressMakesAProfileWithoutOne() {
        assertThat(Call.get("/users/me").person("ada").claim("email", null).read(handler).text()).isEqualTo("{\"userId\":\"ada\"}");
    }

    @Test
    void storedProfileIsAnsweredAndRead() {
        Answer stored = put("ada", body("Ada", "+442079460958"), null);

        assertThat(stored.status()).isEqualTo(200);
        assertThat(stored.text())
                .isEqualTo("{\"userId\":\"ada\",\"email\":\"ada@example.com\",\"name\":\"Ada\",\"phone\":\"+442079460958\"}");
        assertThat(get("ada").text()).isEqualTo(stored.text());
        assertThat(get("ada").header("ETag")).isEqualTo(stored.header("ETag"));
    }

    @Test
    void storingReplacesTheWholeProfile() {
        put("ada", body("Ada", "+442079460958"), null);

        put("ada", body("Ada L.", null), null);

        assertThat(get("ada").member("name")).isEqualTo("Ada L.");
        assertThat(get("ada").member("phone")).isNull();
        assertThat(SERVER.query("SELECT person FROM profiles")).containsExactly("ada");
    }

    @Test
    void profilesAreApart() {
        put("ada", body("Ada", null), null);
        put("ADA", body("Other", null), null);

        assertThat(get("ada").member("name")).isEqualTo("Ada");
        assertThat(get("ADA").member("name")).isEqualTo("Other");
        assertThat(get("eva").member("name")).isNull();
    }

    @Test
    void tagFollowsTheContent() {
        String none = get("ada").header("ETag");
        String first = put("ada", body("Ada", null), null).header("ETag");
        String second = put("ada", body("Ada", "+442079460958"), null).header("ETag");
        String third = put("ada", body("Ada", null), null).header("ETag");

        assertThat(List.of(none, first, second)).doesNotHaveDuplicates();
        assertThat(third).isEqualTo(first);
        assertThat(put("eva", body("Ada", null), null).header("ETag")).isNotEqualTo(first);
    }

    @Test
    void profileAsItWasReadIsReplaced() {
        String none = get("ada").header("ETag");
        Answer first = put("ada", body("Ada", null), none);
        Answer second = put("ada", body("Ada L.", "+442079460958"), first.header("ETag"));
        Answer third = put("ada", body("Ada M.", null), second.header("ETag"));

        assertThat(List.of(first.status(), second.status(), third.status())).containsOnly(200);
        assertThat(get("ada").member("name")).isEqualTo("Ada M.");
    }

    @Test
    void profileThatWasChangedMeanwhileIsNot() {
        String none = get("ada").header("ETag");
        String read = put("ada", body("Ada", null), null).header("ETag");
        put("ada", body("Ada", "+442079460958"), null);

        for (String tag : List.of(none, read, "\"x\"")) {
            Answer answer = put("ada", body("Ada L.", null), tag);
            assertThat(answer.status()).isEqualTo(412);
            assertThat(answer.member("type")).isEqualTo("/problems/precondition-failed");
        }
        assertThat(get("ada").member("phone")).isEqualTo("+442079460958");
    }

    @Test
    void ofEightWhoReadTheSameProfileOneChangesIt() throws Exception {
        for (String before : new String[] {null, "Ada"}) {
            if (before != null) {
                put("ada", body(before, null), null);
            }
            String tag = get("ada").header("ETag");
            List<Callable<Answer>> requests = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                UsersHandler environment = handler(TestSchema.connector(SERVER));
                String body = body("Ada " + i, null);
                requests.add(() -> put(environment, "ada", body, tag));
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Integer> statuses = new ArrayList<>();
                for (Future<Answer> answer : threads.invokeAll(requests)) {
                    statuses.add(answer.get().status());
                }
                assertThat(statuses).containsExactlyInAnyOrder(200, 412, 412, 412, 412, 412, 412, 412);
            } finally {
                threads.shutdownNow();
            }
            SERVER.execute("DELETE FROM profiles");
        }
    }

    /** Another one stores between the SELECT and the UPDATE of the transaction. */
    @Test
    void changeBetweenReadingAndWritingIsNotLost() {
        for (boolean stored : new boolean[] {false, true}) {
            SERVER.execute("DELETE FROM profiles");
            if (stored) {
                put("ada", body("Ada", null), null);
            }
            String tag = get("ada").header("ETag");
            AtomicInteger others = new AtomicInteger();
            UsersHandler interrupted = handler(new Fault(TestSchema.connector(SERVER), (number, call, statement, connection) -> {
                Object result = statement.call();
                if (number == 1) {
                    others.set(put("ada", body("Other", null), tag).status());
                }
                return result;
            }));

            assertThat(put(interrupted, "ada", body("Late", null), tag).status()).isEqualTo(412);
            assertThat(others).hasValue(200);
            assertThat(get("ada").member("name")).isEqualTo("Other");
        }
    }

    @Test
    void requestWhoseCommitGotNoAnswerIsNotItsOwnConflict() {
        String tag = put("ada", body("Ada", null), null).header("ETag");
        UsersHandler broken = handler(Fault.losingTheFirstCommitsAnswer(TestSchema.connector(SERVER)));

        assertThat(put(broken, "ada", body("Ada L.", null), tag).status()).isEqualTo(200);
        assertThat(put("ada", body("Ada L.", null), tag).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "x", "W/\"x\"", "\"x\", \"y\"", "\"\"", "\"a b\"", "\"x"})
    void ifMatchOfAnotherFormIsRefused(String ifMatch) {
        Answer answer = put("ada", body("Ada", null), ifMatch);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.member("detail")).contains("The header If-Match must be the ETag of the profile as it was read");
        assertThat(SERVER.query("SELECT person FROM profiles")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{}|/name|is required",
        "{\"name\":\" \"}|/name|must not be blank",
        "{\"name\":\"a\\u0007b\"}|/name|must not contain control characters",
        "{\"name\":\"x\",\"phone\":\"123\"}|/phone|must be a phone number with a plus sign and the country code, without spaces",
        "{\"name\":\"x\",\"email\":\"x@example.com\"}|/email|is not known",
        "{\"name\":\"x\",\"userId\":\"eva\"}|/userId|is not known"
    })
    void badProfileIsRefused(String body, String pointer, String detail) {
        Answer answer = put("ada", body, null);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error(pointer)).isEqualTo(detail);
    }

    @Test
    void profileIsForWhoeverIsSignedIn() {
        for (Call call : List.of(
                Call.get("/users/me"),
                Call.get("/users/me").machine("orders/read"),
                Call.get("/users/me").partner("acme"),
                Call.get("/users/me").person("ada").claim("token_use", "access"))) {
            assertThat(call.read(handler).status()).isEqualTo(401);
        }
        assertThat(Call.put("/users/me", body("Ada", null)).to(handler).status()).isEqualTo(401);
        assertThat(SERVER.query("SELECT person FROM profiles")).isEmpty();
    }

    @Test
    void primingReadsNobodysProfileAndStoresNothing() {
        Fault counted = new Fault(TestSchema.connector(SERVER), (number, call, statement, connection) -> statement.call());

        assertThat(Priming.of(handler(counted).checkpoint())).isEmpty();

        // In each round the three operations that read do, instead of being refused.
        assertThat(counted.calls()).isPositive().matches(calls -> calls % 3 == 0);

        assertThat(SERVER.query("SELECT person FROM profiles")).isEmpty();
    }

    private Answer get(String person) {
        return Call.get("/users/me").person(person).read(handler);
    }

    private Answer put(String person, String body, String ifMatch) {
        return put(handler, person, body, ifMatch);
    }

    private static Answer put(UsersHandler handler, String person, String body, String ifMatch) {
        return Call.put("/users/me", body).person(person).header("If-Match", ifMatch).to(handler);
    }

    private static String body(String name, String phone) {
        ObjectNode body = JSON.valueToTree(Map.of("name", name));
        return phone == null ? body.toString() : body.put("phone", phone).toString();
    }

    private static UsersHandler handler(Connector connector) {
        return new UsersHandler(new Database(connector, Clock.systemUTC()), Call.POOL, Clock.systemUTC());
    }
}
