package webapp.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Date;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The operators' page in a real browser, before an API that answers what each test says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminPageTest {
    private static final String NOW = "2026-11-21T08:30:00Z";
    private static final String SLOT = "2026-11-21T02:00:00Z";
    private static final String ANSWERING = "{\"region\":\"eu-west-1\",\"status\":\"answering\",\"at\":\"2026-11-21T08:27:00Z\"}";
    private static final String UNREACHABLE = "{\"region\":\"eu-west-1\",\"status\":\"unreachable\"}";
    private static final String SHOP = """
            {"database":"shop","kind":"instance",
             "lastBackup":{"slot":"2026-11-21T02:00:00Z","identifier":"bk-shop-20261121-0200","at":"2026-11-21T02:04:31Z","status":"available"},
             "recoveryCopy":{"slot":"2026-11-21T02:00:00Z","identifier":"bk-shop-20261121-0200","at":"2026-11-21T02:20:11Z",
              "dataAt":"2026-11-21T02:04:31Z","copies":14},
             "export":{"task":"x-1a2b3c4d-20261121-0200-a1","at":"2026-11-21T02:31:40Z","status":"complete"},
             "drill":{"slot":"2026-11-03T05:00:00Z","verdict":"passed","at":"2026-11-03T05:48:20Z","rpoSeconds":64800,"rtoSeconds":2710,"findings":[]},
             "nextSlot":"2026-11-22T02:00:00Z","nextDrill":"2026-12-03T05:00:00Z","targets":{"rpoMinutes":1500,"rtoMinutes":120},
             "failures":[],
             "slots":[{"slot":"2026-11-21T02:00:00Z","kept":true,"held":false,"stages":[
                {"stage":"snapshot","status":"done","attempt":2},{"stage":"recovery","status":"running","attempt":0}]},
              {"slot":"2026-11-20T02:00:00Z","kept":false,"held":false,"stages":[]},
              {"slot":"2026-10-01T02:00:00Z","kept":true,"held":true,"reason":"Audit","stages":[]}]}""";
    private static final String STOCK = """
            {"database":"stock","kind":"cluster",
             "lastBackup":{"slot":"2026-11-19T02:00:00Z","identifier":"bk-stock-20261119-0200","at":"2026-11-19T02:11:00Z","status":"available"},
             "recoveryCopy":{"slot":"2026-11-18T02:00:00Z","identifier":"bk-stock-20261118-0200","at":"2026-11-18T03:11:00Z",
              "dataAt":"2026-11-18T02:12:00Z","copies":3},
             "export":{"task":"x-9f8e7d6c-20261119-0200-a1","at":"2026-11-19T04:00:00Z","status":"skipped-tables","warning":"Skipped: audit_log"},
             "drill":{"slot":"2026-11-03T05:00:00Z","verdict":"failed","at":"2026-11-03T08:48:20Z","rtoSeconds":10800,
              "findings":["orders: the table is missing"]},
             "nextSlot":"2026-11-22T02:00:00Z","nextDrill":"2026-12-03T05:00:00Z","targets":{"rpoMinutes":1500,"rtoMinutes":120},
             "failures":[{"reason":"kms-key","stage":"copy","identifier":"bk-stock-20261119-0200","message":"The key <b>denies</b> the copy.",
              "remedy":"Let the role of the scheduler use the key of eu-west-1."}],
             "slots":[{"slot":"2026-11-19T02:00:00Z","kept":true,"held":false,"stages":[
                {"stage":"snapshot","status":"done"},{"stage":"recovery","status":"failed","attempt":3,"message":"The key denies the copy."}]}]}""";
    private static final String PERSON = "{\"userId\":\"u\",\"email\":\"ada@example.com\",\"name\":\"Ada\"}";
    private static final String TOKENS = tokens(token());

    private record Request(String line, String authorization, String key, String body) {}

    private record Answer(int status, String body, CountDownLatch after) {}

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

    // ---------------------------------------------------------------- what is shown

    @Test
    void databaseIsShownWithItsAgesAndTheirExactTimes() {
        Page page = open(view(ANSWERING, SHOP));
        Locator shop = database(page, "shop");

        assertThat(shop.locator("h2")).hasText("shop");
        assertThat(shop.locator("header .badge")).hasText("well");
        assertThat(fact(shop, "Last backup")).containsText("6 hours ago, available");
        assertThat(fact(shop, "Last backup").locator("time")).hasAttribute("datetime", "2026-11-21T02:04:31Z");
        assertThat(fact(shop, "Last backup").locator("time").getAttribute("title")).contains("21 Nov 2026", ":04:31");
        assertThat(fact(shop, "Copy in eu-west-1")).containsText("data of 6 hours ago, 14 kept");
        assertThat(fact(shop, "Export")).containsText("6 hours ago, complete");
        assertThat(fact(shop, "Restore drill")).hasText("passed 18 days agorestored data was 18 h old");
        assertThat(fact(shop, "Data at risk now (RPO)")).hasText("6 h 25 min within targettarget 1 d 1 h");
        assertThat(fact(shop, "Restored within (RTO)")).hasText("45 min within targettarget 2 h");
        assertThat(fact(shop, "Next backup")).hasText("in 18 hours");
        assertThat(fact(shop, "Next drill")).hasText("in 12 days");
        assertThat(page.locator("#seen")).hasText("Plan shop-backup, as of 2 minutes ago");
        assertThat(page.locator("#status")).isEmpty();
        assertThat(page.locator("#databases")).not().hasAttribute("aria-busy", "true");
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void whatIsWrongIsSaidInWordsWithItsRemedy() {
        Page page = open(view(ANSWERING, STOCK));
        Locator stock = database(page, "stock");

        assertThat(stock.locator("header .badge")).hasText("1 failure, RPO over target, drill failed, export incomplete");
        assertThat(stock.locator(".failures li")).containsText("kms-key in copy of bk-stock-20261119-0200");
        assertThat(stock.locator(".failures li")).containsText("The key <b>denies</b> the copy.");
        assertThat(stock.locator(".failures li")).containsText("Remedy: Let the role of the scheduler use the key of eu-west-1.");
        assertThat(fact(stock, "Export")).containsText("Skipped: audit_log");
        assertThat(fact(stock, "Restore drill").locator("li")).hasText("orders: the table is missing");
        assertThat(fact(stock, "Data at risk now (RPO)")).containsText("3 d 6 h over target");
        assertThat(fact(stock, "Restored within (RTO)")).containsText("3 h over target");
    }

    @Test
    void slotsTellWhatIsHeldAndWhy() {
        Page page = open(view(ANSWERING, SHOP));
        page.click("summary");

        assertThat(page.locator("summary")).hasText("Slots of shop (3, 1 held)");
        assertThat(slot(page, SLOT)).containsText("21 Nov 2026, 02:00 UTC");
        assertThat(slot(page, SLOT)).containsText("snapshot done (attempt 2) · recovery running");
        assertThat(slot(page, SLOT).locator("button")).hasText("Hold…");
        assertThat(slot(page, "2026-11-20T02:00:00Z")).containsText("pruned");
        assertThat(slot(page, "2026-11-20T02:00:00Z").locator("button")).hasCount(0);
        assertThat(slot(page, "2026-10-01T02:00:00Z")).containsText("held: Audit");
        assertThat(slot(page, "2026-10-01T02:00:00Z").locator("button")).hasText("Release");
    }

    @Test
    void drillThatIsUnderWayAndOneThatComparedNothingAreSaid() {
        Page page = open(view(ANSWERING, """
                {"database":"shop","lastBackup":{"slot":"2026-11-21T02:00:00Z","status":"creating"},
                 "drill":{"slot":"2026-11-03T05:00:00Z","verdict":"restored","at":"2026-11-03T05:48:20Z","findings":[]},
                 "drillUnderWay":{"slot":"2026-11-21T08:00:00Z","started":"2026-11-21T08:02:00Z","complaint":"The subnet group is missing."},
                 "export":{"task":"x","status":"waiting"},"failures":[],"slots":[]}"""));
        Locator shop = database(page, "shop");

        assertThat(fact(shop, "Last backup")).hasText("6 hours ago, creating");
        assertThat(fact(shop, "Export")).hasText("waiting");
        assertThat(fact(shop, "Restore drill")).containsText("restored 18 days agonothing was recorded to compare it with");
        assertThat(fact(shop, "Restore drill")).containsText("one is under way, since 28 minutes ago");
        assertThat(fact(shop, "Restore drill").locator(".error")).hasText("The subnet group is missing.");
        assertThat(shop.locator("header .badge")).hasText("well");
        // A backup that is being made is no data yet.
        assertThat(fact(shop, "Data at risk now (RPO)")).hasCount(0);
        assertThat(shop.locator("text=Run a drill…")).isVisible();
    }

    @Test
    void recoveryRegionThatIsOutIsSaidAndItsDrillsAreNotOffered() {
        Page page = open(view(UNREACHABLE, SHOP.replaceAll("\"drill\":\\{[^}]*},", "")));

        assertThat(page.locator(".notice")).containsText("The recovery region eu-west-1 does not answer.");
        assertThat(fact(database(page, "shop"), "Restore drill")).hasText("unknown while eu-west-1 does not answer");
        assertThat(page.locator(".actions button >> visible=true")).hasCount(1);
        assertThat(database(page, "shop")).containsText("A drill can be asked for once eu-west-1 answers.");
        assertThat(database(page, "shop").locator("header .badge")).hasText("well");
    }

    @Test
    void recoveryRegionThatRefusesIsNotCalledOut() {
        Page page = open(view(UNREACHABLE.replace("unreachable", "refused"), SHOP));

        assertThat(page.locator(".notice")).containsText("The recovery region eu-west-1 refuses");
    }

    @Test
    void planWithoutRecoveryRegionShowsNoneOfIt() {
        Page page = open(view(null, """
                {"database":"shop","lastBackup":{"at":"2026-11-21T02:04:31Z","status":"available"},"failures":[],"slots":[]}"""));

        assertThat(database(page, "shop").locator("dt")).hasText(new String[] {"Last backup", "Data at risk now (RPO)"});
        assertThat(fact(database(page, "shop"), "Data at risk now (RPO)")).containsText("no target");
        assertThat(page.locator(".actions button >> visible=true")).hasCount(1);
        assertThat(page.locator(".notice")).hasCount(0);
    }

    @Test
    void ticksThatStoppedAreSaid() {
        Page page = open(view(ANSWERING.replace("08:27", "07:30"), SHOP).replace("08:28:00Z", "08:00:00Z"));

        assertThat(page.locator(".notice")).hasText(new Pattern[] {
            Pattern.compile("The last tick of this region was 30 minutes ago.*"),
            Pattern.compile("The last tick of eu-west-1 was 60 minutes ago.*")});
    }

    @Test
    void firstTickThatIsStillToComeIsSaid() {
        Page page = open("{\"plan\":\"shop-backup\",\"databases\":[]}");

        assertThat(page.locator(".notice")).containsText("No tick has written anything yet.");
    }

    // ---------------------------------------------------------------- states

    @Test
    void loadingIsSaidUntilTheAnswerComes() {
        CountDownLatch loaded = new CountDownLatch(1);
        signedIn();
        on("GET /api/backups", new Answer(200, view(ANSWERING, SHOP), loaded));
        Page page = browser.open("/admin");

        assertThat(page.locator("#status")).hasText("Loading the backups…");
        assertThat(page.locator("#databases")).hasAttribute("aria-busy", "true");
        loaded.countDown();
        assertThat(database(page, "shop")).isVisible();
        assertThat(page.locator("#status")).isEmpty();
    }

    @Test
    void visitorWhoIsNotSignedInIsLedThereAndBack() {
        browser.context().clock().setFixedTime(Date.from(Instant.parse(NOW)));
        Page page = browser.open("/admin");
        assertThat(page.locator("#status")).hasAttribute("data-state", "signed-out");
        assertThat(requests).isEmpty();

        on("POST /api/session/sign-in", 200, TOKENS);
        on("POST /api/session/refresh", 200, TOKENS);
        on("GET /api/backups", 200, view(ANSWERING, SHOP));
        page.click("#status a");
        page.fill("#sign-in-email", "ada@example.com");
        page.fill("#sign-in-password", "correct horse battery");
        page.click("#sign-in button[type=submit]");

        assertThat(database(page, "shop")).isVisible();
        assertThat(last().authorization()).isEqualTo("Bearer " + token());
    }

    @Test
    void visitorWhoIsNoOperatorIsToldSo() {
        signedIn(tokens(token("[\"support\"]")));
        on("GET /api/backups", 403, problem("forbidden"));
        Page page = browser.open("/admin");

        assertThat(page.locator("#status .title")).hasText("You are not an operator");
        assertThat(page.locator("#overview")).isHidden();
    }

    @Test
    void deploymentWithoutBackupsSaysSo() {
        signedIn();
        on("GET /api/backups", 404, problem("not-found"));
        Page page = browser.open("/admin");

        assertThat(page.locator("#status .title")).hasText("There are no backups here");
    }

    @Test
    void operatorWhomTheApiForbidsIsToldThatItHasNoBackups() {
        signedIn();
        on("GET /api/backups", 403, problem("forbidden"));
        Page page = browser.open("/admin");

        assertThat(page.locator("#status .title")).hasText("There are no backups here");
    }

    // ---------------------------------------------------------------- the way there

    @Test
    void operatorFindsThePageFromTheirAccount() {
        signedIn();
        on("GET /api/users/me", 200, PERSON);
        on("GET /api/backups", 200, view(ANSWERING, SHOP));
        Page page = browser.open("/account");
        assertThat(page.locator("#profile")).containsText("Your orders · Backups · Sign out");
        on("POST /api/session/refresh", 200, TOKENS);
        on("GET /api/backups", 200, view(ANSWERING, SHOP));
        page.click("text=Backups");

        assertThat(database(page, "shop")).isVisible();
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void nobodyElseIsShownTheWay() {
        signedIn(tokens(token("[\"support\"]")));
        on("GET /api/users/me", 200, PERSON);
        Page page = browser.open("/account");
        saveProfile(page);

        assertThat(page.locator("#profile")).containsText("Your orders · Sign out", new LocatorAssertions.ContainsTextOptions().setUseInnerText(true));
        assertThat(requests).noneMatch(request -> request.line().contains("backups"));
    }

    @Test
    void noWayLeadsWhereThereAreNoBackups() {
        signedIn();
        on("GET /api/users/me", 200, PERSON);
        on("GET /api/backups", 403, problem("forbidden"));
        Page page = browser.open("/account");
        saveProfile(page);

        assertThat(page.locator("#backups")).isHidden();
        assertThat(requests).anyMatch(request -> request.line().equals("GET /api/backups"));
    }

    @Test
    void wayIsOpenInAnOutage() {
        signedIn();
        on("GET /api/users/me", 200, PERSON);
        on("GET /api/backups", 503, problem("service-unavailable"));
        Page page = browser.open("/account");

        assertThat(page.locator("#backups")).isVisible();
    }

    // ---------------------------------------------------------------- what fails

    @Test
    void outageIsToldWithItsReference() {
        signedIn();
        on("GET /api/backups", 503, problem("service-unavailable"));
        Page page = browser.open("/admin");

        assertThat(page.locator("#status")).hasAttribute("data-state", "outage");
        assertThat(page.locator("#status code")).hasText("c-1");
    }

    // ---------------------------------------------------------------- what can be asked for

    @Test
    void backupIsAskedForUnderAKeyAndShownAsAskedFor() {
        Page page = open(view(ANSWERING, SHOP));
        String asked = "{\"action\":\"run\",\"database\":\"shop\",\"slot\":\"2026-11-21T08:30:00Z\",\"at\":\"2026-11-21T08:29:00Z\"}";
        on("POST /api/backups/shop/runs", 202, asked);
        on("GET /api/backups", 200, view(ANSWERING, SHOP.replace("\"failures\"", "\"run\":" + asked + ",\"failures\"")));
        page.locator("text=Back up now").focus();
        page.keyboard().press("Enter");

        assertThat(page.locator("#status .title")).hasText("A backup of shop is asked for");
        assertThat(page.locator("#status")).containsText("21 Nov 2026, 08:30 UTC");
        assertThat(database(page, "shop")).containsText("A backup of shop is asked for, 1 minute ago. The next tick begins it.");
        assertThat(page.locator("text=Back up now")).isFocused();
        Request post = posts().get(0);
        assertThat(post.key()).matches("\"[0-9a-f-]{36}\"");
        assertThat(post.authorization()).isEqualTo("Bearer " + token());
    }

    @Test
    void backupThatGotNoAnswerIsAskedForAgainUnderTheSameKey() {
        Page page = open(view(ANSWERING, SHOP));
        on("POST /api/backups/shop/runs", 504, problem("gateway-timeout"));
        on("POST /api/backups/shop/runs", 202, "{\"action\":\"run\",\"database\":\"shop\",\"slot\":\"2026-11-21T08:30:00Z\",\"at\":\"2026-11-21T08:30:00Z\"}");
        on("POST /api/backups/shop/runs", 202, "{\"action\":\"run\",\"database\":\"shop\",\"slot\":\"2026-11-21T08:30:00Z\",\"at\":\"2026-11-21T08:30:00Z\"}");
        on("GET /api/backups", 200, view(ANSWERING, SHOP));
        on("GET /api/backups", 200, view(ANSWERING, SHOP));
        page.click("text=Back up now");
        assertThat(page.locator("#status .title")).hasText("The backup of shop was not asked for");
        page.click("text=Back up now");
        assertThat(page.locator("#status .title")).hasText("A backup of shop is asked for");
        show(page);
        page.click("text=Back up now");
        assertThat(page.locator("#status .title")).hasText("A backup of shop is asked for");

        List<String> keys = posts().stream().map(Request::key).toList();
        assertThat(keys).hasSize(3);
        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        assertThat(keys.get(2)).isNotEqualTo(keys.get(0));
    }

    @Test
    void drillIsConfirmedBeforeItIsAskedFor() {
        Page page = open(view(ANSWERING, SHOP));
        on("POST /api/backups/shop/drills", 202, "{\"action\":\"drill\",\"database\":\"shop\",\"slot\":\"2026-11-21T08:30:00Z\",\"at\":\"2026-11-21T08:30:00Z\"}");
        on("GET /api/backups", 200, view(ANSWERING, SHOP));
        page.click("text=Run a drill…");
        assertThat(page.locator("dialog")).containsText("restored in eu-west-1");
        assertThat(page.locator("#reason")).isHidden();
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).isHidden();
        assertThat(page.locator("text=Run a drill…")).isFocused();
        assertThat(posts()).isEmpty();
        page.click("text=Run a drill…");
        page.click("#question-yes");

        assertThat(page.locator("#status .title")).hasText("A drill of shop is asked for");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void drillWhoseRegionWentAwayIsToldSo() {
        Page page = open(view(ANSWERING, SHOP));
        on("POST /api/backups/shop/drills", 503, problem("service-unavailable"));
        page.click("text=Run a drill…");
        page.click("#question-yes");

        assertThat(page.locator("#status")).containsText("Its region does not answer.");
    }

    @Test
    void slotIsHeldByTheKeyboardWithAReason() {
        Page page = open(view(ANSWERING, SHOP));
        on("PUT /api/backups/shop/slots/" + SLOT + "/hold", 202, hold("answering"));
        on("GET /api/backups", 200, view(ANSWERING, SHOP.replace("\"held\":false,\"stages\":[\n", "\"held\":false,\"asked\":" + hold("answering") + ",\"stages\":[\n")));
        page.locator("summary").focus();
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(page.locator("#question-title")).hasText("Hold the backup of 21 Nov 2026, 02:00 UTC");
        assertThat(page.locator("#reason")).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator("#reason-error")).not().isEmpty();
        page.keyboard().type("Audit, please");
        page.keyboard().press("Enter");
        assertThat(page.locator("#reason")).hasAttribute("aria-invalid", "true");
        assertThat(page.locator("#reason")).isFocused();
        page.fill("#reason", " Audit of Zo\u00eb ");
        page.keyboard().press("Enter");

        assertThat(page.locator("#status .title")).hasText("The backup of shop of 21 Nov 2026, 02:00 UTC will be held");
        assertThat(slot(page, SLOT)).containsText("hold asked for: Audit of Zo\u00eb");
        assertThat(slot(page, SLOT).locator("button")).hasText("Release");
        assertThat(slot(page, SLOT).locator("button")).isFocused();
        Request put = requests.stream().filter(request -> request.line().startsWith("PUT")).findFirst().orElseThrow();
        assertThat(put.body()).isEqualTo("{\"reason\":\"Audit of Zo\u00eb\"}");
    }

    @Test
    void holdThatDidNotReachTheRecoveryRegionIsNoSuccess() {
        Page page = open(view(ANSWERING, SHOP));
        on("PUT /api/backups/shop/slots/" + SLOT + "/hold", 202, hold("unreachable"));
        on("GET /api/backups", 200, view(UNREACHABLE, SHOP));
        page.click("summary");
        slot(page, SLOT).locator("button").click();
        page.fill("#reason", "Audit");
        page.click("#question-yes");

        assertThat(page.locator("#status")).hasAttribute("data-state", "rejected");
        assertThat(page.locator("#status")).containsText("eu-west-1 could not be asked.");
    }

    @Test
    void heldSlotIsReleased() {
        Page page = open(view(ANSWERING, SHOP));
        on("DELETE /api/backups/shop/slots/2026-10-01T02:00:00Z/hold", 202, "{\"action\":\"release\",\"database\":\"shop\",\"slot\":\"2026-10-01T02:00:00Z\"}");
        on("GET /api/backups", 200, view(ANSWERING, SHOP));
        page.click("summary");
        slot(page, "2026-10-01T02:00:00Z").locator("button").click();

        assertThat(page.locator("#status .title")).hasText("The backup of shop of 1 Oct 2026, 02:00 UTC will be released");
        assertThat(page.locator("details")).hasAttribute("open", "");
    }

    @Test
    void reloadShowsHowItIsNow() {
        Page page = open(view(ANSWERING, SHOP));
        CountDownLatch loaded = new CountDownLatch(1);
        on("GET /api/backups", new Answer(200, view(ANSWERING, SHOP, STOCK), loaded));
        page.click("#reload");
        assertThat(page.locator("#databases")).hasAttribute("aria-busy", "true");
        assertThat(page.locator("#reload")).hasText("Loading…");
        loaded.countDown();

        assertThat(page.locator("#status")).hasText("Up to date");
        assertThat(page.locator(".database")).hasCount(2);
    }

    // ---------------------------------------------------------------- how it looks

    @Test
    void pageFitsAPhoneAndEverySchemeIsRecorded() {
        Page page = open(view(ANSWERING, STOCK, SHOP.replace("\"failures\"", "\"run\":" + hold("answering") + ",\"failures\"")));
        page.locator("summary").last().click();
        record(page, "admin");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        record(page, "admin-dark");
        page.setViewportSize(360, 740);
        record(page, "admin-phone");

        assertThat(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")).isEqualTo(true);
        slot(page, SLOT).locator("button").click();
        browser.screenshot(page, "admin-phone-hold");
        assertThat(page.locator("dialog").boundingBox().width).isLessThan(360);
    }

    // ---------------------------------------------------------------- helpers

    private static void record(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of("target/screenshots", name + ".png")));
    }

    /** Later than whatever the page asked for as it was loaded. */
    private void saveProfile(Page page) {
        page.waitForLoadState(LoadState.NETWORKIDLE);
        on("PUT /api/users/me", 200, PERSON);
        page.click("#profile button[type=submit]");
        assertThat(page.locator("#status .title")).hasText("Your profile is saved");
    }

    private Page open(String view) {
        signedIn();
        on("GET /api/backups", 200, view);
        Page page = browser.open("/admin");
        assertThat(page.locator("#overview")).isVisible();
        return page;
    }

    /** With a cookie that the API takes, at a time when half past eight is now. */
    private void signedIn() {
        signedIn(TOKENS);
    }

    private void signedIn(String tokens) {
        browser.context().clock().setFixedTime(Date.from(Instant.parse(NOW)));
        browser.context().addInitScript("localStorage.setItem('juniper.signed-in', '1')");
        on("POST /api/session/refresh", 200, tokens);
    }

    private static String tokens(String token) {
        return "{\"idToken\":\"%s\",\"expiresIn\":900}".formatted(token);
    }

    /** Empties the live region, so that the next message is a new one. */
    private static void show(Page page) {
        page.evaluate("document.querySelector('#status').replaceChildren()");
    }

    private static Locator database(Page page, String name) {
        return page.locator("[data-database=" + name + "]");
    }

    private static Locator fact(Locator database, String name) {
        return database.locator(".facts > div").filter(new Locator.FilterOptions().setHasText(name)).locator("dd");
    }

    private static Locator slot(Page page, String slot) {
        return page.locator("[data-slot='" + slot + "']");
    }

    private static String view(String recovery, String... databases) {
        return "{\"plan\":\"shop-backup\",\"at\":\"2026-11-21T08:28:00Z\"," + (recovery == null ? "" : "\"recovery\":" + recovery + ",")
                + "\"databases\":[" + String.join(",", databases) + "]}";
    }

    private static String hold(String recovery) {
        return "{\"action\":\"hold\",\"database\":\"shop\",\"slot\":\"" + SLOT + "\",\"reason\":\"Audit of Zo\u00eb\",\"at\":\"2026-11-21T08:30:00Z\","
                + "\"recovery\":{\"region\":\"eu-west-1\",\"status\":\"" + recovery + "\"}}";
    }

    private static String problem(String type) {
        return "{\"type\":\"/problems/" + type + "\",\"title\":\"x\",\"correlationId\":\"c-1\"}";
    }

    private Request last() {
        return requests.get(requests.size() - 1);
    }

    private List<Request> posts() {
        return requests.stream().filter(request -> request.line().startsWith("POST /api/backups")).toList();
    }

    /** Scripts the next answer to requests of this method and path. */
    private void on(String line, int status, String body) {
        on(line, new Answer(status, body, new CountDownLatch(0)));
    }

    private void on(String line, Answer answer) {
        script.computeIfAbsent(line, key -> new ArrayDeque<>()).add(answer);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        requests.add(new Request(
                line,
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Deque<Answer> answers = script.getOrDefault(line, new ArrayDeque<>());
        Answer answer = answers.isEmpty() ? new Answer(500, problem("unscripted"), new CountDownLatch(0)) : answers.poll();
        try {
            answer.after().await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        StubbedSite.send(exchange, answer.status(), answer.status() < 400 ? "application/json" : "application/problem+json",
                answer.body().getBytes(StandardCharsets.UTF_8));
    }

    /** A token's form; nothing in the browser verifies it. */
    private static String token() {
        return token("[\"support\",\"operators\"]");
    }

    private static String token(String groups) {
        String claims = "{\"email\":\"ada@example.com\",\"cognito:groups\":" + groups + "}";
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".c2ln";
    }
}
