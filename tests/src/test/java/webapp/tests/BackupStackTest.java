package webapp.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * The backups of the applied stack: a snapshot, its copy in the recovery region, its export and a drill of it, by the deployed functions under
 * their own roles, seen by an operator in a browser. Each role begins with nothing and gets a statement once a tick has said that it lacks it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(SharedStack.class)
class BackupStackTest {
    private static final String DATABASE = "webapp-dev";
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyyMMdd-HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private AppliedStack stack;
    private BackupTicks scheduler;
    private BackupTicks recovery;
    private IamClient iam;
    private UserPool pool;
    private String operator;
    private String idToken;
    private String visitor;
    private Browser browser;
    private Page admin;
    private Instant slot;
    private Instant drilled;

    @BeforeAll
    void open(AppliedStack applied) {
        stack = applied;
        scheduler = BackupTicks.ofScheduler(stack);
        recovery = BackupTicks.ofRecovery(stack);
        iam = stack.clients().iam();
        pool = new UserPool(stack);
        operator = pool.operator();
        idToken = pool.idToken(operator);
        order(1200);
        visitor = "backed-up-" + UUID.randomUUID() + "@example.com";
        assertThat(new ApiClient(stack.url()).register("Backed Up", visitor).statusCode()).isEqualTo(201);
        browser = new Browser(stack.url(), Path.of("target/screenshots"));
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
    }

    // ---------------------------------------------------------------- the roles, statement by statement

    /** The role's policies with the statements that it has been given. */
    private final class Given {
        private final String role;
        private final Map<String, String> inline = new LinkedHashMap<>();
        private final Map<String, String> attached = new LinkedHashMap<>();
        private final Map<String, String> policyOf = new LinkedHashMap<>();
        private final Set<String> given = new TreeSet<>();

        Given(String role) {
            this.role = role;
            iam.listRolePolicies(request -> request.roleName(role)).policyNames().forEach(name -> inline.put(name, decoded(
                    iam.getRolePolicy(request -> request.roleName(role).policyName(name)).policyDocument())));
            iam.listAttachedRolePolicies(request -> request.roleName(role)).attachedPolicies().forEach(policy -> {
                String version = iam.getPolicy(request -> request.policyArn(policy.policyArn())).policy().defaultVersionId();
                attached.put(policy.policyArn(), decoded(iam.getPolicyVersion(request -> request.policyArn(policy.policyArn()).versionId(version))
                        .policyVersion().document()));
            });
            inline.forEach((name, text) -> sids(text).forEach(sid -> policyOf.put(sid, name)));
            attached.forEach((arn, text) -> sids(text).forEach(sid -> policyOf.put(sid, arn)));
        }

        private static String decoded(String document) {
            return document.startsWith("{") ? document : URLDecoder.decode(document, StandardCharsets.UTF_8);
        }

        private static List<String> sids(String policy) {
            return UserPool.tree(policy).path("Statement").findValuesAsText("Sid");
        }

        Set<String> sids() {
            return policyOf.keySet();
        }

        void none(Set<String> but) {
            given.addAll(but);
            inline.keySet().forEach(this::put);
            attached.keySet().forEach(arn -> iam.detachRolePolicy(request -> request.roleName(role).policyArn(arn)));
        }

        void give(String sid) {
            given.add(sid);
            String policy = policyOf.get(sid);
            if (inline.containsKey(policy)) {
                put(policy);
            } else {
                iam.attachRolePolicy(request -> request.roleName(role).policyArn(policy));
            }
        }

        private void put(String name) {
            ObjectNode policy = UserPool.tree(inline.get(name)).deepCopy();
            ArrayNode statements = (ArrayNode) policy.path("Statement");
            for (int i = statements.size() - 1; i >= 0; i--) {
                if (!given.contains(statements.path(i).path("Sid").asText())) {
                    statements.remove(i);
                }
            }
            if (statements.isEmpty()) {
                iam.deleteRolePolicy(request -> request.roleName(role).policyName(name));
            } else {
                iam.putRolePolicy(request -> request.roleName(role).policyName(name).policyDocument(policy.toString()));
            }
        }

        void all() {
            given.addAll(policyOf.keySet());
            inline.keySet().forEach(this::put);
            attached.keySet().forEach(arn -> iam.attachRolePolicy(request -> request.roleName(role).policyArn(arn)));
        }
    }

    /** Takes every right of the list away, then gives one after the other, each once a tick has said that it lacks it. */
    private void climb(BackupTicks ticks, List<BackupRights.Right> rights, Map<String, Runnable> before) {
        Map<String, Given> roles = new LinkedHashMap<>();
        rights.forEach(right -> roles.computeIfAbsent(right.function(), function -> new Given("webapp-dev-" + function)));
        try {
            roles.forEach((function, role) -> role.none(role.sids().stream()
                    .filter(sid -> rights.stream().noneMatch(right -> right.function().equals(function) && right.sid().equals(sid))).collect(Collectors.toSet())));
            roles.keySet().forEach(function -> stack.endFunction("webapp-dev-" + function));
            for (BackupRights.Right right : rights) {
                before.getOrDefault(right.sid(), () -> {}).run();
                ticks.until(right.denied() + " is refused without " + right, said -> refused(said, right.denied()));
                roles.get(right.function()).give(right.sid());
                System.out.println("stack: needed " + right);
            }
        } finally {
            roles.values().forEach(Given::all);
        }
    }

    /** Of windows only the slot's history tells, until there is a snapshot. */
    private boolean refused(String said, String denied) {
        return said.lines().anyMatch(line -> line.contains("\"level\":\"ERROR\"") && line.contains(denied))
                || overview().findParents("stage").stream().anyMatch(stage -> stage.path("stage").asText().equals("windows")
                        && stage.path("status").asText().equals("failed") && stage.path("message").asText().contains(denied));
    }

    private JsonNode overview() {
        return ApiClient.json(new ApiClient(stack.url()).getWithToken("/api/backups", idToken));
    }

    @Test
    @Order(1)
    void everyStatementOfTheirRolesIsToldWhatItIsFor() {
        for (String function : List.of("backup-scheduler", "backup-recovery")) {
            Set<String> told = new TreeSet<>(Set.of("WriteLogs"));
            List<BackupRights.Right> rights = new ArrayList<>(BackupRights.SCHEDULER);
            rights.addAll(BackupRights.RECOVERY);
            rights.stream().filter(right -> right.function().equals(function)).forEach(right -> told.add(right.sid()));
            BackupRights.NOT_MISSED_HERE.keySet().stream().filter(key -> key.startsWith(function + " "))
                    .forEach(key -> told.add(key.substring(function.length() + 1)));
            assertThat(new TreeSet<>(new Given("webapp-dev-" + function).sids())).as(function).isEqualTo(told);
        }
    }

    @Test
    @Order(2)
    void schedulerNeedsEachOfItsRightsForASnapshotItsCopyAndItsExport() {
        climb(scheduler, BackupRights.SCHEDULER, Map.of(
                "RecordWindowsInRecovery", () -> slot = asked("runs"),
                "DeleteOwnSnapshots", () -> obsolete("us-east-1", "primary"),
                "ShareOwnSnapshots", () -> rds("us-west-2").addTagsToResource(request -> request
                        .resourceName(snapshot("us-west-2", identifier()).dbSnapshotArn()).tags(tag("backup:shared", "others")))));

        scheduler.until("the export of " + slot + " is complete", said ->
                "complete".equals(tags(snapshot("us-east-1", identifier())).get("backup:export")));
        DBSnapshot primary = snapshot("us-east-1", identifier());
        DBSnapshot copy = snapshot("us-west-2", identifier());
        assertThat(primary.status()).isEqualTo("available");
        assertThat(copy.status()).isEqualTo("available");
        assertThat(copy.kmsKeyId()).startsWith("arn:aws:kms:us-west-2:").isNotEqualTo(primary.kmsKeyId());
        assertThat(exported("users")).contains(visitor);
    }

    @Test
    @Order(3)
    void recoveryNeedsEachOfItsRightsForADrill() {
        climb(recovery, BackupRights.RECOVERY, Map.of(
                "RestoreSnapshots", () -> drilled = asked("drills"),
                "TagOwnSnapshots", this::hold,
                "DeleteOwnSnapshots", () -> obsolete("us-west-2", "recovery")));
        recovery.until("the copy is held", said -> "Audit".equals(tags(snapshot("us-west-2", identifier())).get("backup:hold")));
        // The month's own drill may have begun after it.
        recovery.until("nothing is left of what drills restored", said -> rds("us-west-2").describeDBInstances().dbInstances().isEmpty());
    }

    // ---------------------------------------------------------------- the operator

    @Test
    @Order(4)
    void operatorSeesWhatBecameOfTheBackups() {
        scheduler.run();
        recovery.run();
        admin = signedIn(operator);
        admin.click("a[href='/admin']");
        Locator database = admin.locator("[data-database='" + DATABASE + "']");

        assertThat(database).containsText("available");
        assertThat(database).containsText("Copy in us-west-2");
        assertThat(database).containsText("complete");
        assertThat(database).containsText("passed");
        assertThat(database).containsText("well");
        browser.screenshot(admin, "backups");
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    @Order(5)
    void drillFindsTheRowThatIsNotAsItWasRecorded() {
        order(1);
        String altered = "altered-" + MINUTE.format(slot);
        rds("us-east-1").createDBSnapshot(request -> request.dbInstanceIdentifier(DATABASE).dbSnapshotIdentifier(altered));
        scheduler.until(altered + " is available", said -> snapshot("us-east-1", altered).status().equals("available"));
        DBSnapshot copy = snapshot("us-west-2", identifier());
        rds("us-west-2").deleteDBSnapshot(request -> request.dbSnapshotIdentifier(identifier()));
        rds("us-west-2").copyDBSnapshot(request -> request.sourceRegion("us-east-1").kmsKeyId(copy.kmsKeyId()).tags(copy.tagList())
                .sourceDBSnapshotIdentifier(snapshot("us-east-1", altered).dbSnapshotArn()).targetDBSnapshotIdentifier(identifier()));

        // A minute's drill is one.
        recovery.until("the copy of it is available, in the next minute", said -> snapshot("us-west-2", identifier()).status().equals("available")
                && Instant.now().isAfter(drilled.plus(1, ChronoUnit.MINUTES)));
        rds("us-east-1").deleteDBSnapshot(request -> request.dbSnapshotIdentifier(altered));
        asked("drills");
        recovery.until("the altered row is told", said ->
                overview().findValues("findings").toString().contains("orders: rows differ in content from "));
        recovery.until("nothing is left of the drill", said -> rds("us-west-2").describeDBInstances().dbInstances().isEmpty());
        admin.reload();
        assertThat(admin.locator("[data-database='" + DATABASE + "']")).containsText("orders: rows differ in content");
        browser.screenshot(admin, "backups-drill-failed");
    }

    @Test
    @Order(6)
    void operatorAsksForABackup() {
        admin.click("text=Back up now");
        assertThat(admin.locator("#status .title")).hasText("A backup of " + DATABASE + " is asked for");
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    @Order(7)
    void nobodyElseSeesThem() {
        String token = pool.idToken(pool.person());
        assertThat(new ApiClient(stack.url()).getWithToken("/api/backups", token).statusCode()).isEqualTo(403);
    }

    private Page signedIn(String email) {
        Page page = browser.open("/account");
        page.fill("#sign-in-email", email);
        page.fill("#sign-in-password", UserPool.PASSWORD);
        page.click("#sign-in button[type=submit]");
        assertThat(page.locator("#signed-in-as")).hasText(email);
        return page;
    }

    // ---------------------------------------------------------------- what is asked for, and what came of it

    private Instant asked(String what) {
        HttpResponse<String> answer = new ApiClient(stack.url()).send("POST", "/api/backups/" + DATABASE + "/" + what, "",
                "Authorization", "Bearer " + idToken, "Idempotency-Key", '"' + UUID.randomUUID().toString() + '"');
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return Instant.parse(ApiClient.json(answer).path("slot").asText());
    }

    /** One of three days ago, in a window that is closed: made, or made over by somebody who should not have. */
    private void order(int cents) {
        assertThat(stack.query("replace into orders (order_id, person, total_cents, placed_at) values (x'019a0000000070008000000000000001', 'backed-up', " + cents
                + ", utc_timestamp(3) - interval 3 day) returning total_cents")).containsExactly(Integer.toString(cents));
    }

    private void hold() {
        HttpResponse<String> answer = new ApiClient(stack.url()).send("PUT", "/api/backups/" + DATABASE + "/slots/" + slot + "/hold",
                "{\"reason\":\"Audit\"}", "Authorization", "Bearer " + idToken);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private RdsClient rds(String region) {
        return stack.clients().rds(region);
    }

    private String identifier() {
        return "bk-" + DATABASE + "-" + MINUTE.format(slot);
    }

    private DBSnapshot snapshot(String region, String identifier) {
        return rds(region).describeDBSnapshots(request -> request.dbSnapshotIdentifier(identifier)).dbSnapshots().getFirst();
    }

    private static Map<String, String> tags(DBSnapshot snapshot) {
        return snapshot.tagList().stream().collect(Collectors.toMap(Tag::key, Tag::value));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    /** Snapshots of the plan that no retention keeps. */
    private void obsolete(String region, String role) {
        for (int months = 1; months <= 4; months++) {
            Instant old = slot.minus(30L * months, ChronoUnit.DAYS);
            String name = "bk-" + DATABASE + "-" + MINUTE.format(old);
            List<Tag> tags = List.of(tag("backup:plan", "webapp-dev-backup"), tag("backup:database", DATABASE), tag("backup:role", role),
                    tag("backup:slot", old.toString()), tag("backup:taken", old.toString()));
            rds(region).copyDBSnapshot(request -> request.sourceDBSnapshotIdentifier(snapshot(region, identifier()).dbSnapshotArn())
                    .targetDBSnapshotIdentifier(name).tags(tags));
        }
    }

    /** What the export of the slot wrote of a table. */
    private String exported(String table) {
        String bucket = stack.terraform().resources().stream().filter(resource -> resource.path("address").asText().endsWith("aws_s3_bucket.exports[0]"))
                .findFirst().orElseThrow().path("values").path("bucket").asText();
        String listing = stack.aws("s3", "GET", "/" + bucket + "?list-type=2", Map.of(), "").body();
        String key = Pattern.compile("<Key>([^<]*" + MINUTE.format(slot) + "-a1/[^<]*\\." + table + "/[^<]*)</Key>").matcher(listing).results()
                .map(found -> found.group(1)).findFirst().orElseThrow(() -> new AssertionError("no file of " + table + " in " + listing));
        return stack.aws("s3", "GET", "/" + bucket + "/" + key, Map.of(), "").body();
    }
}
