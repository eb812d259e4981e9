package webapp.api.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
import webapp.core.testing.MariaDbServer;

/** An order repeated under its Idempotency-Key is placed once, whatever broke in between, and each person's keys are its own. */
class IdempotentOrderTest {
    private static final MariaDbServer SERVER = MariaDbServer.shared();
    private static final String KEY = "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"";
    private static final String STOOLS = "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":2},{\"productId\":\"seed-tin\",\"quantity\":1}]}";

    /** What an order under a new key sends: the search for expired keys, the key, the products, the order, its items, COMMIT. */
    private static final int CALLS = 6;

    private static final OrdersHandler HANDLER = handler(TestSchema.connector(SERVER));

    @BeforeEach
    void createSchema() {
        TestSchema.create(SERVER);
    }

    @Test
    void repeatedOrderGetsTheSameAnswerAndChangesNothing() {
        Answer first = place(HANDLER, "ada", STOOLS);

        assertThat(first.status()).isEqualTo(201);
        assertSame(place(handler(TestSchema.connector(SERVER)), "ada", STOOLS), first);
        assertThat(stored()).containsExactly("ada|19900|2");
    }

    @Test
    void repeatedOrderGetsThePricesOfThen() {
        Answer first = place(HANDLER, "ada", STOOLS);
        SERVER.execute("UPDATE products SET price_cents = 1", "UPDATE products SET active = 0 WHERE product_id = 'seed-tin'");

        assertSame(place(HANDLER, "ada", STOOLS), first);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":1},{\"productId\":\"seed-tin\",\"quantity\":1}]}",
        "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":2}]}",
        "{\"items\":[{\"productId\":\"desk-lamp\",\"quantity\":2},{\"productId\":\"seed-tin\",\"quantity\":1}]}"
    })
    void keyOfAnotherOrderIsRefused(String other) {
        place(HANDLER, "ada", STOOLS);

        Answer answer = place(HANDLER, "ada", other);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.member("type")).isEqualTo("/problems/idempotency-key-reused");
        assertThat(stored()).hasSize(1);
    }

    @Test
    void anotherPersonsKeyIsAnotherKey() {
        Answer adas = place(HANDLER, "ada", STOOLS);
        Answer evas = place(HANDLER, "eva", STOOLS);

        assertThat(evas.status()).isEqualTo(201);
        assertThat(evas.member("orderId")).isNotEqualTo(adas.member("orderId"));
        assertThat(place(HANDLER, "zoe", "{\"items\":[{\"productId\":\"desk-lamp\",\"quantity\":1}]}").status()).isEqualTo(201);
        assertThat(stored()).containsExactlyInAnyOrder("ada|19900|2", "eva|19900|2", "zoe|4900|1");
    }

    @Test
    void refusedOrderLeavesItsKeyFree() {
        SERVER.execute("UPDATE products SET active = 0 WHERE product_id = 'seed-tin'");
        assertThat(place(HANDLER, "ada", STOOLS).member("type")).isEqualTo("/problems/product-not-sold");
        assertThat(SERVER.query("SELECT COUNT(*) FROM idempotency_keys")).containsExactly("0");

        assertThat(place(HANDLER, "ada", "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":2}]}").status()).isEqualTo(201);
    }

    @Test
    void keyIsFreeAfterADay() {
        Instant start = Instant.parse("2026-11-21T08:30:00Z");
        Answer first = place(handlerAt(start), "ada", STOOLS);

        Answer nextDay = place(handlerAt(start.plus(Duration.ofHours(24))), "ada", STOOLS);

        assertThat(nextDay.status()).isEqualTo(201);
        assertThat(nextDay.member("orderId")).isNotEqualTo(first.member("orderId"));
        assertThat(stored()).hasSize(2);
    }

    @Test
    void ofEightAtOnceAllGetTheOneOrder() throws Exception {
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            OrdersHandler environment = handler(TestSchema.connector(SERVER));
            requests.add(() -> place(environment, "ada", STOOLS));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> answer : threads.invokeAll(requests)) {
                answers.add(answer.get());
            }
            assertThat(answers).allSatisfy(answer -> assertSame(answer, answers.get(0)));
            assertThat(answers.get(0).status()).isEqualTo(201);
            assertThat(stored()).containsExactly("ada|19900|2");
        } finally {
            threads.shutdownNow();
        }
    }

    /** The price changes before the retry: what is answered is what is stored. */
    @Test
    void commitWhoseAnswerIsLostIsAnsweredByTheRetry() {
        Fault fault = new Fault(
                Fault.losingTheFirstCommitsAnswer(TestSchema.connector(SERVER)), (number, call, statement, connection) -> {
                    if (number == CALLS + 1) {
                        SERVER.execute("UPDATE products SET price_cents = 1");
                    }
                    return statement.call();
                });

        Answer answer = place(handler(fault), "ada", STOOLS);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().get("totalCents").asInt()).isEqualTo(19900);
        assertThat(fault.calls()).isGreaterThan(CALLS);
        assertThat(stored()).containsExactly("ada|19900|2");
        assertSame(place(HANDLER, "ada", STOOLS), answer);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void functionKilledAtAnyCallLeavesAllOrNothingAndTheRepetitionCompletesIt(boolean carriedOut) {
        for (int call = 1; call <= CALLS; call++) {
            TestSchema.create(SERVER);
            boolean committed = carriedOut && call == CALLS;

            Answer killed = place(handler(Fault.killedAt(TestSchema.connector(SERVER), call, carriedOut)), "ada", STOOLS);

            assertThat(killed.status()).as("call " + call).isEqualTo(503);
            assertThat(stored()).as("call " + call).hasSize(committed ? 1 : 0);
            assertThat(SERVER.query("SELECT COUNT(*) FROM idempotency_keys")).containsExactly(committed ? "1" : "0");
            Answer repeated = place(HANDLER, "ada", STOOLS);
            assertThat(repeated.status()).isEqualTo(201);
            assertThat(stored()).as("call " + call).containsExactly("ada|19900|2");
            assertSame(place(HANDLER, "ada", STOOLS), repeated);
        }
    }

    @Test
    void newOrderSendsNoMoreThanItMust() {
        Fault counted = new Fault(TestSchema.connector(SERVER), (number, call, statement, connection) -> statement.call());

        place(handler(counted), "ada", STOOLS);

        assertThat(counted.calls()).isEqualTo(CALLS);
    }

    private static void assertSame(Answer answer, Answer first) {
        assertThat(answer.status()).isEqualTo(first.status());
        assertThat(answer.body()).isEqualTo(first.body());
        assertThat(answer.header("Location")).isEqualTo(first.header("Location"));
    }

    private static Answer place(OrdersHandler handler, String person, String body) {
        return Call.post("/orders", body).person(person).header("Idempotency-Key", KEY).to(handler);
    }

    private static OrdersHandler handlerAt(Instant now) {
        return new OrdersHandler(TestSchema.database(SERVER), Call.POOL, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static OrdersHandler handler(Connector connector) {
        return new OrdersHandler(new Database(connector, Clock.systemUTC()), Call.POOL, Clock.systemUTC());
    }

    /** Each order's person, total and number of items. */
    private static List<String> stored() {
        return SERVER.query("SELECT CONCAT_WS('|', person, total_cents, (SELECT COUNT(*) FROM order_items i WHERE i.order_id = o.order_id))"
                + " FROM orders o");
    }
}
