package webapp.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.Cookie;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shop on the applied stack: as a visitor in a browser, and as a client of its API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStack.class)
class ShopStackTest {
    private AppliedStack stack;
    private Browser browser;
    private ApiClient api;
    private UserPool pool;
    private String person;
    private String idToken;

    @BeforeAll
    void open(AppliedStack applied) {
        stack = applied;
        browser = new Browser(stack.url(), Path.of("target/screenshots"));
        api = new ApiClient(stack.url());
        pool = new UserPool(stack);
        person = pool.person();
        idToken = pool.idToken(person);
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
    }

    // ---------------------------------------------------------------- the visitor

    @Test
    void visitorMakesAnAccountOrdersAndSeesTheOrder() {
        String email = "visitor-" + UUID.randomUUID() + "@example.com";
        Page page = browser.open("/");
        page.click("[data-product=oak-stool] button");
        assertThat(page.locator("#status")).containsText("Oak stool is in your basket");
        browser.screenshot(page, "shop");

        page.click("nav a[href='/account']");
        page.click("#sign-in button[data-step]");
        page.fill("#sign-up-email", email);
        page.fill("#sign-up-password", UserPool.PASSWORD);
        page.click("#sign-up button[type=submit]");
        assertThat(page.locator("#confirm")).isVisible(patiently());
        page.fill("#confirm-code", pool.mailedCode(email));
        browser.screenshot(page, "confirm");
        page.click("#confirm button[type=submit]");
        assertThat(page.locator("#signed-in-as")).hasText(email);
        page.fill("#profile-name", "Ada Lovelace");
        page.click("#profile button[type=submit]");
        assertThat(page.locator("#status")).hasAttribute("data-state", "success");
        browser.screenshot(page, "account");

        page.click("nav a[href='/basket']");
        browser.screenshot(page, "basket");
        page.click("#checkout button[type=submit]");
        assertThat(page.locator("#status")).hasAttribute("data-state", "success");
        String orderId = page.locator("#order-id").textContent();
        page.click("#status a");
        assertThat(page.locator("[data-order='" + orderId + "']")).containsText("1 × Oak stool, €89.00");
        browser.screenshot(page, "orders");

        assertThat(browser.consoleErrors()).isEmpty();
        assertThat(stack.query("select total_cents from orders where hex(order_id) = '" + orderId.replace("-", "").toUpperCase() + "'")).containsExactly("8900");
        Cookie refresh = browser.context().cookies().stream().filter(cookie -> cookie.name.equals("__Host-refresh")).findFirst().orElseThrow();
        assertThat(refresh.httpOnly && refresh.secure).isTrue();
        assertThat(refresh.path).isEqualTo("/");

        page.click("nav a[href='/account']");
        page.click("#sign-out");
        assertThat(page.locator("#sign-in")).isVisible();
        assertThat(browser.context().cookies()).noneMatch(cookie -> cookie.name.equals("__Host-refresh"));
    }

    private static LocatorAssertions.IsVisibleOptions patiently() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(30_000); // The function's first start.
    }

    // ---------------------------------------------------------------- the catalog

    @Test
    void catalogIsListedPageByPageAndByCategory() {
        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = ApiClient.json(api.get("/api/products?limit=5" + cursor));
            page.path("products").forEach(product -> listed.add(product.path("productId").asText()));
            assertThat(listed).hasSizeLessThan(1000);
            cursor = page.has("nextCursor") ? "&cursor=" + page.path("nextCursor").asText() : "";
        } while (!cursor.isEmpty());
        assertThat(listed).containsExactlyElementsOf(stack.query("select product_id from products where active order by product_id"));

        JsonNode kitchen = ApiClient.json(api.get("/api/products?category=kitchen"));
        assertThat(kitchen.path("products")).isNotEmpty().allSatisfy(product -> assertThat(product.path("category").asText()).isEqualTo("kitchen"));
    }

    @Test
    void unchangedProductIsNotSentAgain() {
        HttpResponse<String> first = api.get("/api/products/oak-stool");
        String tag = first.headers().firstValue("etag").orElseThrow();
        HttpResponse<String> again = api.send("GET", "/api/products/oak-stool", "", "If-None-Match", tag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("etag")).hasValue(tag);
        assertThat(api.send("GET", "/api/products/oak-stool", "", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    // ---------------------------------------------------------------- orders

    @Test
    void orderIsPlacedOnceUnderItsKeyHoweverOftenItIsSent() throws Exception {
        String key = UUID.randomUUID().toString();
        List<String> bodies = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<String>> calls = IntStream.range(0, 4).mapToObj(i -> (Callable<String>) () -> {
                HttpResponse<String> answer = order(key, "oak-stool", 2);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
                return answer.body();
            }).toList();
            for (Future<String> body : threads.invokeAll(calls)) {
                bodies.add(body.get());
            }
        }
        assertThat(bodies).containsOnly(bodies.get(0));
        ApiClient.assertProblem(order(key, "oak-stool", 3), 422);
        ApiClient.assertProblem(order(key + "x", "no-such-product", 1), 422);
        ApiClient.assertProblem(api.send("POST", "/api/orders", "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":1}]}",
                "Authorization", "Bearer " + idToken), 400);
    }

    @Test
    void totalIsTheShopsWhateverTheClientSays() {
        HttpResponse<String> cheap = api.send("POST", "/api/orders", "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":1,\"unitPriceCents\":1}]}",
                "Authorization", "Bearer " + idToken, "Idempotency-Key", "\"" + UUID.randomUUID() + "\"");
        ApiClient.assertProblem(cheap, 400);
        assertThat(ApiClient.json(order(UUID.randomUUID().toString(), "oak-stool", 3)).path("totalCents").asInt()).isEqualTo(26_700);
    }

    @Test
    void profileIsOnesOwn() {
        HttpResponse<String> before = api.getWithToken("/api/users/me", idToken);
        String tag = before.headers().firstValue("etag").orElseThrow();
        HttpResponse<String> stored = api.send("PUT", "/api/users/me", UserPool.text(Map.of("name", "Zoë")), "Authorization", "Bearer " + idToken, "If-Match", tag);
        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
        ApiClient.assertProblem(api.send("PUT", "/api/users/me", UserPool.text(Map.of("name", "Late")), "Authorization", "Bearer " + idToken, "If-Match", tag), 412);

        assertThat(ApiClient.json(api.getWithToken("/api/users/me", idToken)).path("name").asText()).isEqualTo("Zoë");
        assertThat(ApiClient.json(api.getWithToken("/api/users/me", pool.idToken(pool.person()))).has("name")).isFalse();
    }

    private HttpResponse<String> order(String key, String productId, int quantity) {
        return api.send("POST", "/api/orders", "{\"items\":[{\"productId\":\"%s\",\"quantity\":%d}]}".formatted(productId, quantity),
                "Authorization", "Bearer " + idToken, "Idempotency-Key", "\"" + key + "\"");
    }
}
