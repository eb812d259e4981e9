package webapp.api.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.api.Answer;
import webapp.api.Call;
import webapp.api.Contract;
import webapp.api.Priming;
import webapp.api.TestSchema;
import webapp.api.paging.Cursor;
import webapp.core.testing.MariaDbServer;

class CatalogHandlerTest {
    private static final MariaDbServer SERVER = MariaDbServer.shared();
    private static final String[] SOLD = {
        "beeswax-candles", "bread-knife", "cast-iron-pan", "desk-lamp", "enamel-mug", "garden-shears", "linen-towel", "oak-stool",
        "paper-notebook", "seed-tin", "watering-can", "wool-blanket"
    };

    private static final CatalogHandler HANDLER = new CatalogHandler(TestSchema.database(SERVER));

    @BeforeAll
    static void createSchema() {
        TestSchema.create(SERVER);
    }

    @BeforeEach
    void forgetOrders() {
        SERVER.execute("DELETE FROM order_items", "DELETE FROM orders", "UPDATE products SET price_cents = 8900 WHERE product_id = 'oak-stool'");
    }

    @Test
    void productsThatAreSoldAreListedInTheOrderOfTheirIds() {
        Answer answer = list(Call.get("/products"));

        assertThat(ids(answer)).containsExactly(SOLD);
        JsonNode stool = answer.body().get("products").get(7);
        assertThat(stool).isEqualTo(Contract.at("/paths/~1products/get/responses/200/content/application~1json/example/products/0"));
        assertThat(answer.member("nextCursor")).isNull();
    }

    @Test
    void pagesJoinToTheList() {
        List<String> joined = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            Call call = Call.get("/products").parameter("limit", "5");
            Answer page = list(cursor == null ? call : call.parameter("cursor", cursor));
            joined.addAll(ids(page));
            cursor = page.member("nextCursor");
        } while (cursor != null && ++pages < 10);

        assertThat(joined).containsExactly(SOLD);
        assertThat(pages).isEqualTo(2);
    }

    @Test
    void categoryNarrowsTheListAndItsPages() {
        Answer first = list(Call.get("/products").parameter("category", "garden").parameter("limit", "2"));
        Answer second = list(Call.get("/products").parameter("category", "garden").parameter("cursor", first.member("nextCursor")));

        assertThat(ids(first)).containsExactly("garden-shears", "seed-tin");
        assertThat(ids(second)).containsExactly("watering-can");
        assertThat(list(Call.get("/products").parameter("category", "unknown")).text()).isEqualTo("{\"products\":[]}");
    }

    @Test
    void exampleOfTheCursorIsTrue() {
        JsonNode example = Contract.at("/paths/~1products/get/responses/200/content/application~1json/example");

        assertThat(Cursor.after("oak-stool")).isEqualTo(example.get("nextCursor").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Garden", "garden1", "a b", "ä", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void categoryOfAnotherFormIsRefused(String category) {
        Answer answer = Call.get("/products").parameter("category", category).read(HANDLER);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.member("detail")).isEqualTo("The parameter category must be 1 to 32 small letters.");
    }

    /** Of the last ones, one is a cursor of users, the other of a product id that none can be. */
    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AQ", "Am9hay1zdG9vbA", "AW9hay1zdG9vbA=", "AQGh_ToDu3trgVv5p5xF0WQ", "AU9BSw"})
    void badCursorIsRefused(String cursor) {
        Answer answer = Call.get("/products").parameter("cursor", cursor).read(HANDLER);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.member("detail")).contains("The parameter cursor must be the nextCursor");
    }

    @Test
    void badLimitAndRepeatedParametersAreRefused() {
        assertThat(Call.get("/products").parameter("limit", "101").read(HANDLER).status()).isEqualTo(400);
        assertThat(Call.get("/products").parameter("category", "home", "garden").read(HANDLER).status()).isEqualTo(400);
    }

    @Test
    void productIsReadByItsId() {
        Answer answer = list(Call.get("/products/{productId}").path("productId", "oak-stool"));

        assertThat(answer.body()).isEqualTo(list(Call.get("/products")).body().get("products").get(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such", "rope-doormat", "Oak-Stool", "oak stool", "oak-stool ", "' OR 1=1 -- ", "%00", "",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void productThatIsNotSoldIsNotFound(String productId) {
        Answer answer = Call.get("/products/{productId}").path("productId", productId).read(HANDLER);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.member("type")).isEqualTo("/problems/product-not-found");
    }

    @Test
    void unchangedAnswersAreNotSentAgain() {
        for (Call call : List.of(
                Call.get("/products").parameter("limit", "3"), Call.get("/products/{productId}").path("productId", "oak-stool"))) {
            Answer answer = list(call);
            String tag = answer.header("ETag");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");

            Answer again = call.header("If-None-Match", "\"other\", W/" + tag).read(HANDLER);

            assertThat(again.status()).isEqualTo(304);
            assertThat(again.header("ETag")).isEqualTo(tag);
            assertThat(again.header("Cache-Control")).isEqualTo("no-cache");
        }
    }

    @Test
    void changedProductIsSentAgain() {
        Call call = Call.get("/products/{productId}").path("productId", "oak-stool");
        String tag = list(call).header("ETag");
        SERVER.execute("UPDATE products SET price_cents = 9000 WHERE product_id = 'oak-stool'");

        Answer changed = list(call.header("If-None-Match", tag));

        assertThat(changed.body().get("priceCents").asInt()).isEqualTo(9000);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
    }

    @Test
    void absentProductIsNotFoundWhateverTheClientHas() {
        assertThat(Call.get("/products/{productId}").path("productId", "x").header("If-None-Match", "*").read(HANDLER).status()).isEqualTo(404);
    }

    @Test
    void feedIsTheListForWhoeverHasAnApiKey() {
        Answer feed = list(Call.get("/feed/products").consumer("k1abcdefgh").parameter("limit", "2"));

        assertThat(ids(feed)).containsExactly("beeswax-candles", "bread-knife");
        assertThat(feed.member("nextCursor")).isEqualTo(Cursor.after("bread-knife"));
        assertThat(Call.get("/feed/products").person("ada").read(HANDLER).status()).isEqualTo(403);
    }

    @Test
    void partnerSeesItsOwnProductsAndTheirSales() {
        SERVER.execute(
                "INSERT INTO orders VALUES (X'01', 'ada', 1, '2026-11-21'), (X'02', 'eva', 1, '2026-11-21')",
                "INSERT INTO order_items VALUES (X'01', 0, 'seed-tin', 'x', 100, 1), (X'01', 1, 'oak-stool', 'x', 7, 1),"
                        + " (X'02', 0, 'seed-tin', 'x', 11, 1), (X'02', 1, 'rope-doormat', 'x', 1, 1)");

        Answer answer = sales("cedar", "cedar");

        assertThat(answer.text()).isEqualTo("{\"products\":["
                + "{\"productId\":\"bread-knife\",\"name\":\"Bread knife\",\"unitsSold\":0},"
                + "{\"productId\":\"garden-shears\",\"name\":\"Garden shears\",\"unitsSold\":0},"
                + "{\"productId\":\"rope-doormat\",\"name\":\"Rope doormat\",\"unitsSold\":1},"
                + "{\"productId\":\"seed-tin\",\"name\":\"Seed tin\",\"unitsSold\":111}]}");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void partnerSeesNoOthersProducts() {
        assertThat(sales("acme", "cedar").status()).isEqualTo(403);
        assertThat(sales("acme", "Acme").status()).isEqualTo(403);
        assertThat(sales("acme", "acme'").member("type")).isEqualTo("/problems/forbidden");
    }

    @Test
    void partnersPathIsForPartners() {
        for (Call call : List.of(
                Call.get("/partners/{partnerId}/products"),
                Call.get("/partners/{partnerId}/products").person("acme", "support"),
                Call.get("/partners/{partnerId}/products").machine("orders/read"))) {
            Answer answer = call.path("partnerId", "acme").read(HANDLER);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
    }

    @Test
    void everyOperationIsAnswered() {
        Contract.assertEveryOperationIsAnswered(HANDLER, "/products", "/feed", "/partners");
    }

    @Test
    void primingLeavesNoConnection() {
        List<String> before = connections();
        CatalogHandler primed = new CatalogHandler(TestSchema.database(SERVER));

        assertThat(Priming.of(primed.checkpoint())).isEmpty();

        assertThat(before).containsAll(connections());
        assertThat(Call.get("/products").read(primed).status()).isEqualTo(200);
    }

    @Test
    void formOfACategoryIsTheContracts() {
        assertThat("^" + CatalogHandler.CATEGORY.pattern() + "$")
                .isEqualTo(Contract.at("/paths/~1products/get/parameters/2/schema/pattern").asText());
        assertThat("^" + Product.ID.pattern() + "$").isEqualTo(Contract.at("/components/parameters/ProductId/schema/pattern").asText());
    }

    private Answer list(Call call) {
        Answer answer = call.read(HANDLER);
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    private Answer sales(String caller, String path) {
        return Call.get("/partners/{partnerId}/products").path("partnerId", path).partner(caller).read(HANDLER);
    }

    private static List<String> ids(Answer answer) {
        List<String> ids = new ArrayList<>();
        answer.body().get("products").forEach(product -> ids.add(product.get("productId").asText()));
        return ids;
    }

    /** The ids of the functions' connections. */
    private static List<String> connections() {
        return SERVER.query("SELECT id FROM information_schema.processlist WHERE user = 'app' ORDER BY id");
    }
}
