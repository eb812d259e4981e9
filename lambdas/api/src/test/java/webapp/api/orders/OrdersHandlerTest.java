package webapp.api.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.api.Answer;
import webapp.api.Call;
import webapp.api.Contract;
import webapp.api.Fault;
import webapp.api.Priming;
import webapp.api.TestSchema;
import webapp.api.paging.Cursor;
import webapp.core.configuration.Configuration;
import webapp.core.database.Connector;
import webapp.core.database.Database;
import webapp.core.http.UserPool;
import webapp.core.testing.MariaDbServer;

class OrdersHandlerTest {
    private static final MariaDbServer SERVER = MariaDbServer.shared();
    private static final OrdersHandler HANDLER = handler(TestSchema.connector(SERVER));

    @BeforeEach
    void createSchema() {
        TestSchema.create(SERVER);
    }

    @Test
    void orderIsPricedByTheShopAndStored() {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        Answer answer = place("ada", "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":2},{\"productId\":\"linen-towel\",\"quantity\":3}]}");

        assertThat(answer.status()).isEqualTo(201);
        UUID orderId = UUID.fromString(answer.member("orderId"));
        assertThat(orderId.version()).isEqualTo(7);
        assertThat(answer.header("Location")).isEqualTo("/api/orders/" + orderId);
        assertThat(Instant.parse(answer.member("placedAt"))).isBetween(before, Instant.now());
        assertThat(answer.body().get("totalCents").asLong()).isEqualTo(2 * 8900 + 3 * 990);
        assertThat(answer.body().get("items").toString()).isEqualTo("["
                + "{\"productId\":\"oak-stool\",\"name\":\"Oak stool\",\"quantity\":2,\"unitPriceCents\":8900,\"lineCents\":17800},"
                + "{\"productId\":\"linen-towel\",\"name\":\"Linen towel\",\"quantity\":3,\"unitPriceCents\":990,\"lineCents\":2970}]");
        assertThat(SERVER.query("SELECT CONCAT_WS('|', person, total_cents) FROM orders")).containsExactly("ada|20770");
        assertThat(SERVER.query("SELECT CONCAT_WS('|', position, product_id, quantity, unit_price_cents) FROM order_items ORDER BY position"))
                .containsExactly("0|oak-stool|2|8900", "1|linen-towel|3|990");
    }

    @Test
    void orderIsReadAsPlaced() {
        Answer placed = place("ada", "{\"items\":[{\"productId\":\"wool-blanket\",\"quantity\":1},{\"productId\":\"desk-lamp\",\"quantity\":4}]}");

        Answer read = get("ada", placed.member("orderId"));

        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body()).isEqualTo(placed.body());
        assertThat(get("ada", placed.member("orderId").toUpperCase(Locale.ROOT)).body()).isEqualTo(placed.body());
        assertThat(read.logged()).isEmpty();
        assertThat(read.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void orderIsPlacedInFormat2Too() {
        Answer placed = Answer.ofEvent(HANDLER, call("ada", one("seed-tin", 1)).http());

        assertThat(placed.status()).isEqualTo(201);
        assertThat(get("ada", placed.member("orderId")).body()).isEqualTo(placed.body());
    }

    @Test
    void laterPriceAndNameDoNotChangeAnOrder() {
        Answer placed = place("ada", one("oak-stool", 1));
        SERVER.execute("UPDATE products SET price_cents = 1, name = 'Other', active = 0 WHERE product_id = 'oak-stool'");

        assertThat(get("ada", placed.member("orderId")).body()).isEqualTo(placed.body());
    }

    @Test
    void largestOrderDoesNotOverflow() {
        SERVER.execute("INSERT INTO products SELECT CONCAT('p-', seq), 'P', 'home', 'P', 2147483647, 'acme', 1 FROM seq_1_to_50");
        String items = IntStream.rangeClosed(1, 50)
                .mapToObj(i -> "{\"productId\":\"p-" + i + "\",\"quantity\":100}")
                .collect(Collectors.joining(","));

        Answer placed = place("ada", "{\"items\":[" + items + "]}");

        assertThat(placed.body().get("totalCents").asLong()).isEqualTo(50L * 100 * 2147483647);
        assertThat(get("ada", placed.member("orderId")).body()).isEqualTo(placed.body());
    }

    @Test
    void productsThatAreNotSoldAreNamed() {
        Answer answer = place("ada", "{\"items\":[{\"productId\":\"no-such\",\"quantity\":1},{\"productId\":\"oak-stool\",\"quantity\":1},"
                + "{\"productId\":\"rope-doormat\",\"quantity\":1}]}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.member("type")).isEqualTo("/problems/product-not-sold");
        assertThat(answer.error("/items/0/productId")).isEqualTo("is not sold");
        assertThat(answer.error("/items/1/productId")).isNull();
        assertThat(answer.error("/items/2/productId")).isEqualTo("is not sold");
        assertNothingStored();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{}|/items|is required",
        "{\"items\":null}|/items|must be an array",
        "{\"items\":{}}|/items|must be an array",
        "{\"items\":[]}|/items|must have 1 to 50 elements",
        "{\"items\":[1]}|/items/0|must be an object",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":1},null]}|/items/1|must be an object",
        "{\"items\":[{}]}|/items/0/productId|is required",
        "{\"items\":[{}]}|/items/0/quantity|is required",
        "{\"items\":[{\"productId\":1,\"quantity\":1}]}|/items/0/productId|must be a string",
        "{\"items\":[{\"productId\":\"Oak\",\"quantity\":1}]}|/items/0/productId|must be the identifier of a product",
        "{\"items\":[{\"productId\":\"\",\"quantity\":1}]}|/items/0/productId|must be the identifier of a product",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":0}]}|/items/0/quantity|must be a whole number from 1 to 100",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":101}]}|/items/0/quantity|must be a whole number from 1 to 100",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":-1}]}|/items/0/quantity|must be a whole number from 1 to 100",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":1.5}]}|/items/0/quantity|must be a whole number from 1 to 100",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":1e400}]}|/items/0/quantity|must be a whole number from 1 to 100",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":1e-999999999}]}|/items/0/quantity|must be a whole number from 1 to 100",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":4294967297}]}|/items/0/quantity|must be a whole number from 1 to 100",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":\"1\"}]}|/items/0/quantity|must be a whole number from 1 to 100",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":1,\"unitPriceCents\":1}]}|/items/0/unitPriceCents|is not known",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":1}],\"totalCents\":1}|/totalCents|is not known",
        "{\"items\":[{\"productId\":\"x\",\"quantity\":1},{\"productId\":\"x\",\"quantity\":2}]}|/items/1/productId|is given twice"
    })
    void badOrderIsRefused(String body, String pointer, String detail) {
        Answer answer = place("ada", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.member("type")).isEqualTo("/problems/invalid-request");
        assertThat(answer.error(pointer)).isEqualTo(detail);
        assertNothingStored();
    }

    @Test
    void elementThatIsNoObjectDoesNotMakeTheOthersUnknown() {
        assertThat(place("ada", "{\"items\":[{\"productId\":\"x\",\"quantity\":1},1]}").body().get("errors")).hasSize(1);
    }

    @Test
    void fiftyItemsFitAndNoMore() {
        String items = IntStream.rangeClosed(1, 51).mapToObj(i -> "{\"productId\":\"p-" + i + "\",\"quantity\":1}").collect(Collectors.joining(","));

        assertThat(place("ada", "{\"items\":[" + items + "]}").error("/items")).isEqualTo("must have 1 to 50 elements");
        assertThat(Contract.at("/components/schemas/PlaceOrder/properties/items/maxItems").asInt()).isEqualTo(Wish.MOST_ITEMS);
        assertThat(Contract.at("/components/schemas/PlaceOrder/properties/items/items/properties/quantity/maximum").asInt())
                .isEqualTo(Wish.LARGEST_QUANTITY);
    }

    @Test
    void wholeNumberMayBeWrittenAsClientsDo() {
        assertThat(place("ada", "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":2.0}]}").status()).isEqualTo(201);
        assertThat(place("ada", "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":1e1}]}").body().at("/items/0/quantity").asInt()).isEqualTo(10);
    }

    @Test
    void orderWithoutAKeyIsNotPlaced() {
        Answer answer = Call.post("/orders", one("oak-stool", 1)).person("ada").to(HANDLER);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.member("detail")).isEqualTo("The header Idempotency-Key is required.");
        assertNothingStored();
    }

    @Test
    void ownOrdersAreListedNewestFirst() {
        List<JsonNode> placed = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            placed.addFirst(place(clockAt(i), "ada", one("oak-stool", i)).body());
            place(clockAt(i), "eva", one("seed-tin", i));
        }

        List<JsonNode> listed = new ArrayList<>();
        Call first = Call.get("/orders").person("ada").parameter("limit", "2");
        Answer page = first.read(HANDLER);
        page.body().get("orders").forEach(listed::add);
        while (page.member("nextCursor") != null && listed.size() < 10) {
            page = Call.get("/orders").person("ada").parameter("limit", "2").parameter("cursor", page.member("nextCursor")).read(HANDLER);
            page.body().get("orders").forEach(listed::add);
        }

        assertThat(listed).isEqualTo(placed);
        assertThat(Call.get("/orders").person("zoe").read(HANDLER).text()).isEqualTo("{\"orders\":[]}");
    }

    @Test
    void listTakesOneStatementHoweverManyItems() {
        for (int i = 0; i < 20; i++) {
            place("ada", "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":1},{\"productId\":\"seed-tin\",\"quantity\":1}]}");
        }
        Fault counted = new Fault(TestSchema.connector(SERVER), (number, call, statement, connection) -> statement.call());

        Answer answer = Call.get("/orders").person("ada").to(handler(counted));

        assertThat(answer.body().get("orders")).hasSize(20);
        assertThat(counted.calls()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AW9hay1zdG9vbA", "x", ""})
    void badCursorIsRefused(String cursor) {
        assertThat(Call.get("/orders").person("ada").parameter("cursor", cursor).read(HANDLER).status()).isEqualTo(400);
        assertThat(Call.get("/fulfilment/orders").machine("orders/read").parameter("cursor", cursor).read(HANDLER).status()).isEqualTo(400);
    }

    @Test
    void somebodyElsesOrderIsNotFound() {
        String orderId = place("ada", one("oak-stool", 1)).member("orderId");

        for (Answer answer : List.of(get("eva", orderId), get("ADA", orderId), get("eva", orderId, "staff", "supporters"))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.member("type")).isEqualTo("/problems/order-not-found");
            assertThat(answer.logged()).isEmpty();
        }
    }

    @Test
    void supportReadsAnybodysOrderAndTheLogSaysWhoDid() {
        Answer placed = place("ada", one("oak-stool", 1));
        String orderId = placed.member("orderId");

        Answer read = Call.get("/orders/{orderId}").path("orderId", orderId).person("sam", "staff", "support").to(HANDLER);

        assertThat(read.body()).isEqualTo(placed.body());
        assertThat(read.logged()).isEqualTo("Personal data read: operation=getOrder caller=person/sam order=" + orderId
                + " correlationId=c6af9ac6-7b61-11e6-9a41-93e8deadbeef\n");
        assertThat(get("sam", orderId, "support").status()).isEqualTo(200);
        assertThat(get("ada", orderId, "support").logged()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000-0000-7000-8000-000000000000", "1-1-1-1-1", "x", "' OR '1'='1"})
    void unknownOrderIsNotFound(String orderId) {
        assertThat(get("ada", orderId).member("type")).isEqualTo("/problems/order-not-found");
        assertThat(get("sam", orderId, "support").status()).isEqualTo(404);
    }

    @Test
    void warehouseListsAllOrdersOldestFirstAndNotForWhom() {
        List<JsonNode> placed = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            placed.add(place(clockAt(i), i == 2 ? "eva" : "ada", one("oak-stool", i)).body());
        }
        Call call = Call.get("/fulfilment/orders").machine("orders/list orders/read").parameter("limit", "2");

        Answer first = call.read(HANDLER);
        Answer second = call.parameter("cursor", first.member("nextCursor")).read(HANDLER);

        List<JsonNode> listed = new ArrayList<>();
        first.body().get("orders").forEach(listed::add);
        second.body().get("orders").forEach(listed::add);
        assertThat(listed).isEqualTo(placed);
        assertThat(first.member("nextCursor")).isEqualTo(Cursor.after(UUID.fromString(placed.get(1).get("orderId").asText())));
        assertThat(second.member("nextCursor")).isNull();
        assertThat(first.text() + second.text()).doesNotContain("ada", "eva", "person", "email");
    }

    @Test
    void warehousesListIsForItsProgram() {
        Call scopeless = Call.get("/fulfilment/orders").machine("orders/write");
        assertThat(scopeless.read(HANDLER).status()).isEqualTo(403);
        for (Call call : List.of(
                Call.get("/fulfilment/orders"),
                Call.get("/fulfilment/orders").person("ada", "support"),
                Call.get("/fulfilment/orders").partner("acme"),
                Call.get("/fulfilment/orders").machine("orders/read").claim("client_id", "web-client"))) {
            assertThat(call.read(HANDLER).status()).isEqualTo(401);
        }
    }

    @Test
    void ordersAreForWhoeverIsSignedIn() {
        assertThat(Call.post("/orders", one("oak-stool", 1)).header("Idempotency-Key", "k").to(HANDLER).status()).isEqualTo(401);
        for (Call call : List.of(
                Call.get("/orders"),
                Call.get("/orders").machine("orders/read"),
                Call.get("/orders").person("ada").claim("aud", "other-client"),
                Call.get("/orders/{orderId}").path("orderId", UUID.randomUUID().toString()))) {
            Answer answer = call.read(HANDLER);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
        assertNothingStored();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'; DROP TABLE orders; --", "' OR '1'='1", "x?y:z", "auth0|5f7c8ec7c33c6c004bbafe82"})
    void subjectIsOnlyText(String subject) {
        String person = subject.replace(" ", "");
        Answer placed = place(person, one("oak-stool", 1));

        assertThat(placed.status()).isEqualTo(201);
        assertThat(get(person, placed.member("orderId")).body()).isEqualTo(placed.body());
        assertThat(SERVER.query("SELECT person FROM orders")).containsExactly(person);
    }

    @Test
    void everyOperationIsAnswered() {
        Contract.assertEveryOperationIsAnswered(HANDLER, "/orders", "/fulfilment");
    }

    @Test
    void primingPlacesNothingReadsNobodysDataAndLeavesNoConnection() {
        place("ada", one("oak-stool", 1));
        place("nobody", one("oak-stool", 1));
        List<String> before = connections();
        Fault counted = new Fault(TestSchema.connector(SERVER), (number, call, statement, connection) -> statement.call());

        assertThat(Priming.of(handler(counted).checkpoint())).isEmpty();

        // In each round the three that read do, instead of being refused for their tokens.
        assertThat(counted.calls()).isPositive().matches(calls -> calls % 3 == 0);

        assertThat(before).containsAll(connections());
        assertThat(SERVER.query("SELECT COUNT(*) FROM orders")).containsExactly("2");
        assertThat(SERVER.query("SELECT COUNT(*) FROM idempotency_keys")).containsExactly("2");
    }

    @Test
    void functionWithoutAUserPoolIsPrimedWithoutComplaint() {
        OrdersHandler unconfigured =
                new OrdersHandler(TestSchema.database(SERVER), UserPool.of(new Configuration(Map.of())), Clock.systemUTC());

        assertThat(Priming.of(unconfigured.checkpoint())).isEmpty();
        Answer answer = Call.get("/orders").person("ada").to(unconfigured);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.logged()).contains("Environment variable USER_POOL_ISSUER is missing");
    }

    private static Answer place(String person, String body) {
        return place(HANDLER, person, body);
    }

    private static Answer place(OrdersHandler handler, String person, String body) {
        return call(person, body).to(handler);
    }

    private static Call call(String person, String body) {
        return Call.post("/orders", body).person(person).header("Idempotency-Key", UUID.randomUUID().toString());
    }

    private static Answer get(String person, String orderId, String... groups) {
        return Call.get("/orders/{orderId}").path("orderId", orderId).person(person, groups).read(HANDLER);
    }

    private static String one(String productId, int quantity) {
        return "{\"items\":[{\"productId\":\"" + productId + "\",\"quantity\":" + quantity + "}]}";
    }

    private static void assertNothingStored() {
        assertThat(SERVER.query("SELECT 1 FROM orders UNION ALL SELECT 1 FROM order_items UNION ALL SELECT 1 FROM idempotency_keys")).isEmpty();
    }

    private static OrdersHandler clockAt(int second) {
        return new OrdersHandler(
                TestSchema.database(SERVER), Call.POOL, Clock.fixed(Instant.ofEpochSecond(1_795_249_800 + second), ZoneOffset.UTC));
    }

    private static OrdersHandler handler(Connector connector) {
        return new OrdersHandler(new Database(connector, Clock.systemUTC()), Call.POOL, Clock.systemUTC());
    }

    /** The ids of the functions' connections. */
    private static List<String> connections() {
        return SERVER.query("SELECT id FROM information_schema.processlist WHERE user = 'app' ORDER BY id");
    }
}
