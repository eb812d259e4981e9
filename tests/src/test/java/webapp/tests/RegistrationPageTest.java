package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registration page in a real browser, before an API that fails on demand: answers that a healthy stack does not give. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistrationPageTest {
    private static final String REGISTERED = """
            {"userId":"u","name":"Ada","email":"ada@example.com","createdAt":"2026-11-21T08:30:00.123Z"}""";
    private static final String PROBLEM = """
            {"type":"/problems/x","title":"X","correlationId":"c"}""";

    /** What arrived at the API. */
    private record Sent(String key, String body) {}

    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
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

    @BeforeEach
    void forget() {
        sent.clear();
        statuses.clear();
    }

    @Test
    void registrationIsSentUnderAKeyOfItsOwn() {
        statuses.addAll(List.of(201, 201));
        Page page = browser.open("/register");
        submit(page, "ada@example.com", "");
        assertState(page, "success");
        page.click("#again");
        submit(page, "ada@example.com", "");
        assertState(page, "success");

        assertThat(sent).hasSize(2).allSatisfy(request -> assertThat(request.key()).matches("\"[0-9a-f-]{36}\""));
        assertThat(sent.get(0).key()).isNotEqualTo(sent.get(1).key());
        assertThat(sent.get(0).body()).isEqualTo("{\"name\":\"Ada\",\"email\":\"ada@example.com\"}");
    }

    @Test
    void outageOfAMomentIsBridgedUnderTheSameKey() {
        statuses.addAll(List.of(503, 201));
        Page page = browser.open("/register");
        submit(page, "ada@example.com", "");

        assertState(page, "success");
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1)).isEqualTo(sent.get(0));
    }

    @Test
    void brokenConnectionIsRepeatedUnderTheSameKey() {
        statuses.add(201);
        Page page = browser.open("/register");
        List<Sent> lost = new CopyOnWriteArrayList<>();
        // Lost in the browser: one that a server closes may be repeated by Chromium itself.
        page.route("**/api/users", route -> {
            lost.add(new Sent(route.request().headerValue("Idempotency-Key"), route.request().postData()));
            route.abort("connectionreset");
        }, new Page.RouteOptions().setTimes(1));
        submit(page, "ada@example.com", "");

        assertState(page, "success");
        assertThat(sent).isEqualTo(lost);
    }

    @Test
    void networkThatStaysAwayIsToldAfterTheSecondTry() {
        Page page = browser.open("/register");
        page.route("**/api/users", route -> route.abort("internetdisconnected"));
        submit(page, "ada@example.com", "");

        assertState(page, "outage");
        PlaywrightAssertions.assertThat(page.locator("#status")).containsText("Trying again is safe");
    }

    @ParameterizedTest
    @CsvSource({"400", "409", "422", "429", "500", "504"})
    void otherAnswersAreNotRepeated(int status) {
        statuses.addAll(List.of(status, 201));
        Page page = browser.open("/register");
        submit(page, "ada@example.com", "");

        PlaywrightAssertions.assertThat(page.locator("button[type=submit]")).isEnabled();
        PlaywrightAssertions.assertThat(page.locator("#status")).not().hasAttribute("data-state", "submitting");
        assertThat(sent).hasSize(1);
    }

    @Test
    void secondOutageIsShownAndTheNextTryIsTheSameRequest() {
        statuses.addAll(List.of(503, 503, 201));
        Page page = browser.open("/register");
        submit(page, "ada@example.com", "");
        assertState(page, "outage");
        page.click("button[type=submit]");

        assertState(page, "success");
        assertThat(sent).hasSize(3).allSatisfy(request -> assertThat(request).isEqualTo(sent.get(0)));
    }

    @Test
    void changedDetailsAreAnotherRequest() {
        statuses.addAll(List.of(500, 201));
        Page page = browser.open("/register");
        submit(page, "ada@example.com", "");
        assertState(page, "outage");
        submit(page, "ada@example.org", "");

        assertState(page, "success");
        assertThat(sent.get(1).key()).isNotEqualTo(sent.get(0).key());
    }

    @ParameterizedTest
    @CsvSource({"+44 20 7946 0958, +442079460958", "+1 (555) 010-9999, +15550109999", "+49.30/1234567, +49301234567",
        "' +442079460958 ', +442079460958"})
    void phoneIsSentWithoutWhatPeopleWriteBetweenItsDigits(String written, String phone) {
        statuses.add(201);
        Page page = browser.open("/register");
        submit(page, "ada@example.com", written);

        assertState(page, "success");
        assertThat(sent.get(0).body()).isEqualTo("{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"phone\":\"" + phone + "\"}");
    }

    @ParameterizedTest
    @CsvSource({"020 7946 0958", "+44", "+44 20 7946 0958 ext 1", "+1234567890123456"})
    void phoneThatNobodyCouldDialIsNamedAndNothingIsSent(String written) {
        Page page = browser.open("/register");
        submit(page, "ada@example.com", written);

        PlaywrightAssertions.assertThat(page.locator("#phone-error")).containsText("beginning with + and the country code");
        PlaywrightAssertions.assertThat(page.locator("#phone")).isFocused();
        assertThat(sent).isEmpty();
    }

    private static void submit(Page page, String email, String phone) {
        page.fill("#name", "Ada");
        page.fill("#email", email);
        page.fill("#phone", phone);
        page.click("button[type=submit]");
    }

    private static void assertState(Page page, String state) {
        PlaywrightAssertions.assertThat(page.locator("#status"))
                .hasAttribute("data-state", state, new LocatorAssertions.HasAttributeOptions().setTimeout(20_000));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        sent.add(new Sent(exchange.getRequestHeaders().getFirst("Idempotency-Key"), body));
        int status = statuses.get(sent.size() - 1);
        exchange.getResponseHeaders().set("Retry-After", "1");
        StubbedSite.send(exchange, status, status == 201 ? "application/json" : "application/problem+json",
                (status == 201 ? REGISTERED : PROBLEM).getBytes(StandardCharsets.UTF_8));
    }
}
