package webapp.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The shop's pages in a real browser, before an API that answers what each test says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorefrontPageTest {
    private static final String STOOL = """
            {"productId":"oak-stool","name":"Oak stool","category":"home","description":"Three legs.","priceCents":8900,
             "currency":"EUR","supplier":"acme"}""";
    private static final String MUG = """
            {"productId":"mug","name":"<b>Mug</b>","category":"kitchen","description":"Holds tea.","priceCents":1250,
             "currency":"EUR","supplier":"birch"}""";
    private static final String ORDER = """
            {"orderId":"01a1fd3a-03bb-7b6b-815b-f9a79c45d164","placedAt":"2026-11-21T08:30:00.123Z","currency":"EUR","totalCents":17800,
             "items":[{"productId":"oak-stool","name":"Oak stool","quantity":2,"unitPriceCents":8900,"lineCents":17800}]}""";
    private static final String TOKENS = """
            {"idToken":"%s","expiresIn":900}""".formatted(token("ada@example.com"));
    private static final String COOKIE = "__Host-refresh=secret; Path=/; HttpOnly; Secure; SameSite=Strict";
    private static final String ACCOUNT_ID = "3f0c2b1e-8a54-4d0b-9c3e-6f1d2a7b5c90";

    private record Request(String line, String authorization, String key, String ifMatch, String cookie, String body) {}

    private record Answer(int status, String body, Map<String, String> headers) {}

    private final Map<String, Deque<Answer>> script = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private StubbedSite site;
    private Browser browser;

    @BeforeAll
    void serve() throws IOException {
        site = new StubbedSite(this::answer);
        browser = new Browser(site.url(), Path.of("target/screenshots"));
    }

    @AfterAll
    void stop() {
        browser.close();
        site.close();
    }

    @AfterEach
    void forget() {
        script.clear();
        requests.clear();
        browser.forget();
    }

    // ---------------------------------------------------------------- the shop

    @Test
    void productsAreShownPageByPageAndTextsOfOthersAreText() {
        on("GET /api/products", 200, "{\"products\":[" + STOOL + "],\"nextCursor\":\"next\"}");
        on("GET /api/products", 200, "{\"products\":[" + MUG + "]}");
        Page page = browser.open("/");
        assertThat(page.locator(".product")).hasCount(1);
        assertThat(page.locator(".product")).containsText("€89.00");
        page.click("#more");

        assertThat(page.locator(".product h2").nth(1)).hasText("<b>Mug</b>");
        assertThat(page.locator("#more")).isHidden();
        assertThat(last().line()).isEqualTo("GET /api/products?limit=8&cursor=next");
    }

    @Test
    void categoryIsAskedForAndSurvivesTheBackButton() {
        on("GET /api/products", 200, "{\"products\":[" + STOOL + "," + MUG + "]}");
        on("GET /api/products", 200, "{\"products\":[" + MUG + "]}");
        on("GET /api/products", 200, "{\"products\":[" + STOOL + "," + MUG + "]}");
        Page page = browser.open("/");
        assertThat(page.locator(".product")).hasCount(2);
        page.click("text=Kitchen");
        assertThat(page.locator(".product")).hasCount(1);
        assertThat(page.locator("#categories a[aria-current]")).hasText("Kitchen");
        assertThat(last().line()).endsWith("category=kitchen");
        page.goBack();

        assertThat(page.locator(".product")).hasCount(2);
        assertThat(page.locator("#categories a[aria-current]")).hasText("Everything");
    }

    @Test
    void outageOfTheCatalogIsToldWithItsReference() {
        on("GET /api/products", 503, "{\"type\":\"/problems/service-unavailable\",\"title\":\"x\",\"correlationId\":\"c-1\"}");
        Page page = browser.open("/");

        assertThat(page.locator("#status")).hasAttribute("data-state", "outage");
        assertThat(page.locator("#status code")).hasText("c-1");
    }

    // ---------------------------------------------------------------- the basket

    @Test
    void orderIsPlacedUnderAKeyAndTheTotalIsTheApis() {
        Page page = signedInWithAStool();
        on("POST /api/orders", 201, ORDER);
        page.navigate(site.url() + "/basket");
        page.fill("#lines input", "2");
        page.locator("#lines input").blur();
        assertThat(page.locator("#total")).hasText("€178.00");
        page.click("button[type=submit]");

        assertThat(page.locator("#status")).hasAttribute("data-state", "success");
        assertThat(page.locator("#status")).containsText("€178.00");
        assertThat(page.locator("#order-id")).hasText("01a1fd3a-03bb-7b6b-815b-f9a79c45d164");
        Request order = last();
        assertThat(order.body()).isEqualTo("{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":2}]}");
        assertThat(order.key()).matches("\"[0-9a-f-]{36}\"");
        assertThat(order.authorization()).isEqualTo("Bearer " + token("ada@example.com"));
        page.reload();
        assertThat(page.locator("#empty")).isVisible();
    }

    @Test
    void orderThatGotNoAnswerIsSentAgainUnderTheSameKey() {
        Page page = signedInWithAStool();
        on("POST /api/orders", 503, "{\"type\":\"/problems/service-unavailable\",\"title\":\"x\",\"correlationId\":\"c\"}");
        on("POST /api/orders", 503, "{\"type\":\"/problems/service-unavailable\",\"title\":\"x\",\"correlationId\":\"c\"}");
        on("POST /api/orders", 201, ORDER);
        page.navigate(site.url() + "/basket");
        page.click("button[type=submit]");
        assertThat(page.locator("#status")).hasAttribute("data-state", "outage");
        page.click("button[type=submit]");

        assertThat(page.locator("#status")).hasAttribute("data-state", "success");
        List<String> keys = requests.stream().filter(request -> request.line().equals("POST /api/orders")).map(Request::key).toList();
        assertThat(keys).hasSize(3).containsOnly(keys.get(0));
    }

    @Test
    void visitorWhoIsNotSignedInIsLedThereAndBack() {
        on("GET /api/products", 200, "{\"products\":[" + STOOL + "]}");
        Page page = browser.open("/");
        page.click(".product button");
        assertThat(page.locator("nav a[href='/basket']")).hasText("Basket (1)");
        page.navigate(site.url() + "/basket");
        page.click("button[type=submit]");
        assertThat(page.locator("#status")).hasAttribute("data-state", "signed-out");
        assertThat(requests).noneMatch(request -> request.line().startsWith("POST"));

        signIn();
        on("POST /api/session/refresh", 200, TOKENS);
        page.click("#status a");
        fillSignIn(page);
        page.waitForURL("**/basket");
    }

    @Test
    void signInLeadsToNoOtherSite() {
        signIn();
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        Page page = browser.open("/account?next=//example.org/");
        fillSignIn(page);

        assertThat(page.locator("#signed-in-as")).hasText("ada@example.com");
    }

    // ---------------------------------------------------------------- the account

    @Test
    void newAccountIsConfirmedByItsCodeAndSignedIn() {
        on("POST /api/session/sign-up", 202, "{\"email\":\"ada@example.com\",\"accountId\":\"" + ACCOUNT_ID + "\"}");
        on("POST /api/session/confirm", 204, "");
        on("POST /api/session/resend-code", 202, "{\"accountId\":\"" + ACCOUNT_ID + "\"}");
        signIn();
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        Page page = browser.open("/account");
        page.click("#sign-in button[data-step]");
        page.fill("#sign-up-email", "ada@example.com");
        page.fill("#sign-up-password", "correct horse battery");
        page.click("#sign-up button[type=submit]");
        assertThat(page.locator("#confirm-email")).hasText("ada@example.com");
        page.click("#resend");
        assertThat(page.locator("#status")).containsText("Another code is on its way");
        page.fill("#confirm-code", "123456");
        page.click("#confirm button[type=submit]");

        assertThat(page.locator("#signed-in-as")).hasText("ada@example.com");
        assertThat(requests.stream().map(Request::body).filter(body -> body.contains("123456")))
                .containsExactly("{\"accountId\":\"" + ACCOUNT_ID + "\",\"code\":\"123456\"}");
        assertThat(requests.stream().filter(request -> request.line().equals("POST /api/session/resend-code")).map(Request::body))
                .containsExactly("{\"accountId\":\"" + ACCOUNT_ID + "\"}");
    }

    @Test
    void refusedPasswordIsShownAtItsField() {
        on("POST /api/session/sign-up", 400, """
                {"type":"/problems/invalid-request","title":"x","correlationId":"c",
                 "errors":[{"pointer":"/password","detail":"must have a digit"}]}""");
        Page page = browser.open("/account");
        page.click("#sign-in button[data-step]");
        page.fill("#sign-up-email", "ada@example.com");
        page.fill("#sign-up-password", "correct horse battery");
        page.click("#sign-up button[type=submit]");

        assertThat(page.locator("#sign-up-password-error")).hasText("Password must have a digit.");
        assertThat(page.locator("#sign-up-password")).isFocused();
    }

    @Test
    void addressThatIsNotConfirmedIsSignedUpAgain() {
        on("POST /api/session/sign-in", 409, "{\"type\":\"/problems/address-not-confirmed\",\"title\":\"x\",\"correlationId\":\"c\"}");
        Page page = browser.open("/account");
        fillSignIn(page);

        assertThat(page.locator("#sign-up")).isVisible();
        assertThat(page.locator("#status")).containsText("Please make the account again");
    }

    @Test
    void wrongPasswordIsToldWithoutSayingWhichWasWrong() {
        on("POST /api/session/sign-in", 401, "{\"type\":\"/problems/not-signed-in\",\"title\":\"x\",\"correlationId\":\"c\"}");
        Page page = browser.open("/account");
        fillSignIn(page);

        assertThat(page.locator("#status")).containsText("do not belong together");
    }

    @Test
    void tokensAreInMemoryOnlyAndTheCookieBringsThemBack() {
        signIn();
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        Page page = browser.open("/account");
        fillSignIn(page);
        assertThat(page.locator("#signed-in-as")).hasText("ada@example.com");
        assertThat(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"))
                .isEqualTo("[{\"juniper.signed-in\":\"1\"},{},\"\"]");

        on("POST /api/session/refresh", 200, TOKENS);
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        page.reload();
        assertThat(page.locator("#signed-in-as")).hasText("ada@example.com");
        Request refresh = requests.stream().filter(request -> request.line().equals("POST /api/session/refresh")).findFirst().orElseThrow();
        assertThat(refresh.cookie()).isEqualTo("__Host-refresh=secret");
    }

    @Test
    void sessionThatEndedIsForgottenAndNotAskedForAgain() {
        signIn();
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        Page page = browser.open("/account");
        fillSignIn(page);
        assertThat(page.locator("#signed-in-as")).isVisible();
        on("POST /api/session/refresh", 401, "{\"type\":\"/problems/not-signed-in\",\"title\":\"x\",\"correlationId\":\"c\"}");
        page.reload();
        assertThat(page.locator("#sign-in")).isVisible();
        int before = requests.size();
        page.reload();

        assertThat(page.locator("#sign-in")).isVisible();
        assertThat(requests).hasSize(before);
    }

    @Test
    void outageWhileRefreshingEndsNoSession() {
        signIn();
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        Page page = browser.open("/account");
        fillSignIn(page);
        assertThat(page.locator("#signed-in-as")).isVisible();
        on("POST /api/session/refresh", 503, "{\"type\":\"/problems/service-unavailable\",\"title\":\"x\",\"correlationId\":\"c\"}");
        page.reload();
        assertThat(page.locator("#status")).hasAttribute("data-state", "outage");

        on("POST /api/session/refresh", 200, TOKENS);
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        page.reload();
        assertThat(page.locator("#signed-in-as")).isVisible();
    }

    @Test
    void signingOutInOneTabEndsTheOthers() {
        signIn();
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        Page page = browser.open("/account");
        fillSignIn(page);
        assertThat(page.locator("#signed-in-as")).isVisible();
        Page other = browser.open("/privacy");
        other.evaluate("localStorage.removeItem('juniper.signed-in')");
        page.fill("#profile-name", "Somebody");
        page.click("#profile button[type=submit]");

        assertThat(page.locator("#status")).hasAttribute("data-state", "signed-out");
        assertThat(requests).noneMatch(request -> request.line().startsWith("PUT"));
    }

    @Test
    void profileIsStoredUnderItsTagAndAChangeElsewhereIsShown() {
        signIn();
        on("GET /api/users/me", new Answer(200, "{\"userId\":\"u\",\"email\":\"ada@example.com\",\"name\":\"Ada\"}", Map.of("ETag", "\"t1\"")));
        on("PUT /api/users/me", 412, "{\"type\":\"/problems/precondition-failed\",\"title\":\"x\",\"correlationId\":\"c\"}");
        on("GET /api/users/me", new Answer(200, "{\"userId\":\"u\",\"email\":\"ada@example.com\",\"name\":\"Countess\"}", Map.of("ETag", "\"t2\"")));
        on("PUT /api/users/me", new Answer(200, "{\"userId\":\"u\",\"email\":\"ada@example.com\",\"name\":\"Ada\"}", Map.of("ETag", "\"t3\"")));
        Page page = browser.open("/account");
        fillSignIn(page);
        page.fill("#profile-name", "Ada L.");
        page.click("#profile button[type=submit]");
        assertThat(page.locator("#status")).containsText("changed elsewhere");
        assertThat(page.locator("#profile-name")).hasValue("Countess");
        page.fill("#profile-phone", "+44 20 7946 0958");
        page.click("#profile button[type=submit]");

        assertThat(page.locator("#status")).hasAttribute("data-state", "success");
        assertThat(last().ifMatch()).isEqualTo("\"t2\"");
        assertThat(last().body()).isEqualTo("{\"name\":\"Countess\",\"phone\":\"+442079460958\"}");
    }

    @Test
    void signingOutTakesTheSessionAway() {
        signIn();
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        on("POST /api/session/sign-out", 204, "");
        Page page = browser.open("/account");
        fillSignIn(page);
        page.click("#sign-out");

        assertThat(page.locator("#sign-in")).isVisible();
        assertThat(page.evaluate("localStorage.length")).isEqualTo(0);
    }

    // ---------------------------------------------------------------- orders

    @Test
    void ordersAreShownPageByPage() {
        Page page = signedInWithAStool();
        on("GET /api/orders", 200, "{\"orders\":[" + ORDER + "],\"nextCursor\":\"older\"}");
        on("GET /api/orders", 200, "{\"orders\":[" + ORDER + "]}");
        page.navigate(site.url() + "/orders");
        assertThat(page.locator(".order")).hasCount(1);
        page.click("#more");

        assertThat(page.locator(".order")).hasCount(2);
        assertThat(page.locator(".order").first()).containsText("2 × Oak stool, €178.00");
        assertThat(last().line()).isEqualTo("GET /api/orders?limit=10&cursor=older");
    }

    // ---------------------------------------------------------------- helpers

    private void signIn() {
        on("POST /api/session/sign-in", new Answer(200, TOKENS, Map.of("Set-Cookie", COOKIE)));
    }

    private static void fillSignIn(Page page) {
        page.fill("#sign-in-email", "ada@example.com");
        page.fill("#sign-in-password", "correct horse battery");
        page.click("#sign-in button[type=submit]");
    }

    /** On the account's page, with a stool in the basket; the next page can refresh its tokens. */
    private Page signedInWithAStool() {
        on("GET /api/products", 200, "{\"products\":[" + STOOL + "]}");
        Page page = browser.open("/");
        page.click(".product button");
        signIn();
        on("GET /api/users/me", 200, "{\"userId\":\"u\",\"email\":\"ada@example.com\"}");
        page.navigate(site.url() + "/account");
        fillSignIn(page);
        assertThat(page.locator("#signed-in-as")).isVisible();
        on("POST /api/session/refresh", 200, TOKENS);
        return page;
    }

    private Request last() {
        return requests.get(requests.size() - 1);
    }

    /** Scripts the next answer to requests of this method and path. */
    private void on(String line, int status, String body) {
        on(line, new Answer(status, body, Map.of()));
    }

    private void on(String line, Answer answer) {
        script.computeIfAbsent(line, key -> new ArrayDeque<>()).add(answer);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getQuery();
        requests.add(new Request(line + (query == null ? "" : "?" + query), header(exchange, "Authorization"),
                header(exchange, "Idempotency-Key"), header(exchange, "If-Match"), header(exchange, "Cookie"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Deque<Answer> answers = script.getOrDefault(line, new ArrayDeque<>());
        Answer answer = answers.isEmpty() ? new Answer(500, "{\"type\":\"/problems/unscripted\"}", Map.of()) : answers.poll();
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        StubbedSite.send(exchange, answer.status(), answer.status() < 400 ? "application/json" : "application/problem+json",
                answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String header(HttpExchange exchange, String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    /** A token's form; nothing in the browser verifies it. */
    private static String token(String email) {
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(("{\"email\":\"" + email + "\"}").getBytes(StandardCharsets.UTF_8))
                + ".c2ln";
    }
}
