package webapp.backup.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import webapp.backup.DynamoDbLocal;
import webapp.core.configuration.Configuration;
import webapp.core.http.UserPool;

/** The operators' API against real tables of two regions, as the ticks leave them. */
class BackupsHandlerTest {
    private static final String PLAN = "shop-backup";
    private static final String OPERATOR = "5a2f1f0e-9c1c-4f0a-9f5e-2a7a1f1f3c11";
    private static final String SLOT = "2026-11-21T02:00:00Z";
    private static final String HISTORY = """
            {"slot":"2026-11-20T02:00:00Z","export":null,"stages":{
             "snapshot":{"status":"retry","at":"2026-11-20T02:05:00Z","identifier":"x","message":"It failed.","attempt":2},
             "recovery":{"status":"waiting"}}}""";
    private static final UserPool POOL = UserPool.of(new Configuration(
            Map.of("USER_POOL_ISSUER", "https://issuer.example.com", "USER_POOL_CLIENT_ID", "web-client")));
    private static final Instant NOW = Instant.parse("2026-11-21T08:30:12.345Z");

    private static DynamoDbLocal dynamoDb;
    private static DynamoDbClient primary;
    private static DynamoDbClient recovery;

    private String table;
    private BackupsHandler handler;

    @BeforeAll
    static void start() throws Exception {
        dynamoDb = new DynamoDbLocal();
        primary = dynamoDb.client("eu-central-1");
        recovery = dynamoDb.client("eu-west-1");
    }

    @AfterAll
    static void stop() throws Exception {
        primary.close();
        recovery.close();
        dynamoDb.close();
    }

    @BeforeEach
    void createTables() {
        table = "backup-" + System.nanoTime();
        DynamoDbLocal.createTable(primary, table);
        DynamoDbLocal.createTable(recovery, table);
        handler = handler(recovery, NOW);
    }

    private BackupsHandler handler(DynamoDbClient there, Instant now) {
        return new BackupsHandler(
                PLAN,
                new PlanTable(primary, table, PLAN),
                there == null ? null : new RecoveryRegion("eu-west-1", new PlanTable(there, table, PLAN)),
                POOL,
                Clock.fixed(now, ZoneOffset.UTC));
    }

    // ---------------------------------------------------------------- the list

    @Test
    void listPutsBothRegionsTogether() {
        ticksHaveRun();

        JsonNode answer = operator(Asked.list()).body();
        JsonNode shop = answer.at("/databases/0");

        assertThat(answer.at("/plan").asText()).isEqualTo(PLAN);
        assertThat(answer.at("/recovery").toString())
                .isEqualTo("{\"region\":\"eu-west-1\",\"status\":\"answering\",\"at\":\"2026-11-21T08:27:00Z\"}");
        assertThat(shop.at("/lastBackup/identifier").asText()).isEqualTo("bk-shop-20261121-0200");
        assertThat(shop.at("/recoveryCopy/dataAt").asText()).isEqualTo("2026-11-21T02:04:31Z");
        assertThat(shop.at("/recoveryCopy/copies").asInt()).isEqualTo(14);
        assertThat(shop.at("/drill/verdict").asText()).isEqualTo("failed");
        assertThat(shop.at("/drill/findings/0").asText()).isEqualTo("orders: the table is missing");
        assertThat(shop.at("/drill/findings/1").asText()).isEqualTo("table reviews, problem rows differ");
        assertThat(shop.at("/drillUnderWay").toString()).isEqualTo("{\"slot\":\"2026-11-21T08:00:00Z\",\"started\":\"2026-11-21T08:02:00Z\"}");
        assertThat(shop.at("/targets").toString()).isEqualTo("{\"rpoMinutes\":1500,\"rtoMinutes\":120}");
        assertThat(shop.at("/nextSlot").asText()).isEqualTo("2026-11-22T02:00:00Z");
        assertThat(shop.at("/nextDrill").asText()).isEqualTo("2026-12-03T05:00:00Z");
        assertThat(shop.at("/failures/0/remedy").asText()).isEqualTo("Let the role use the key.");
        assertThat(answer.at("/databases/2/database").asText()).isEqualTo("stock");
        assertThat(answer.at("/databases/2/lastBackup").isMissingNode()).isTrue();
    }

    @Test
    void slotsAreTheNewestTenAndEachHeldOneTheNewestFirst() {
        ticksHaveRun();
        for (int day = 1; day <= 20; day++) {
            put(primary, "history#shop", "2026-11-%02dT02:00:00Z".formatted(day), HISTORY);
        }

        JsonNode slots = operator(Asked.list()).body().at("/databases/0/slots");

        assertThat(slots.findValuesAsText("slot")).hasSize(13).isSortedAccordingTo(Collections.reverseOrder())
                .startsWith(SLOT, "2026-11-20T02:00:00Z").endsWith("2026-11-11T02:00:00Z", "2026-10-01T02:00:00Z", "2026-09-01T02:00:00Z");
        assertThat(slots.get(11).toString())
                .isEqualTo("{\"slot\":\"2026-10-01T02:00:00Z\",\"kept\":true,\"held\":true,\"reason\":\"Audit\",\"stages\":[]}");
        assertThat(slots.get(1).toString()).isEqualTo("{\"slot\":\"2026-11-20T02:00:00Z\",\"kept\":false,\"held\":false,\"stages\":["
                + "{\"stage\":\"snapshot\",\"status\":\"retry\",\"at\":\"2026-11-20T02:05:00Z\",\"message\":\"It failed.\",\"attempt\":2},"
                + "{\"stage\":\"recovery\",\"status\":\"waiting\"}]}");
        assertThat(slots.get(0).at("/kept").asBoolean()).isTrue();
        // Of the recovery region alone.
        assertThat(slots.get(12).at("/kept").asBoolean()).isTrue();
    }

    @Test
    void slotsMayBeThereWhereTheTickDoesNotListThem() {
        put(primary, "status", PLAN, "{\"at\":\"2026-11-21T08:28:00Z\",\"databases\":[{\"identifier\":\"shop\"}]}");
        put(primary, "history#shop", SLOT, HISTORY);

        assertThat(operator(Asked.list()).body().at("/databases/0/slots/0/kept").asBoolean()).isTrue();
    }

    @Test
    void listBeforeTheFirstTickIsEmpty() {
        Asked.Answer answer = operator(Asked.list());

        assertThat(answer.body().toString())
                .isEqualTo("{\"plan\":\"shop-backup\",\"recovery\":{\"region\":\"eu-west-1\",\"status\":\"answering\"},\"databases\":[]}");
    }

    @Test
    void planWithoutRecoveryRegionSaysNothingOfOne() {
        ticksHaveRun();
        handler = handler(null, NOW);

        JsonNode answer = operator(Asked.list()).body();

        assertThat(answer.has("recovery")).isFalse();
        assertThat(answer.at("/databases/0/lastBackup/identifier").asText()).isEqualTo("bk-shop-20261121-0200");
    }

    @Test
    void recoveryRegionThatIsOutIsSaidAndFailsNothing() throws Exception {
        ticksHaveRun();
        try (DynamoDbClient gone = deaf()) {
            handler = handler(gone, NOW);

            Asked.Answer answer = operator(Asked.list());

            assertThat(answer.body().at("/recovery").toString()).isEqualTo("{\"region\":\"eu-west-1\",\"status\":\"unreachable\"}");
            // What this region knows of the copy.
            assertThat(answer.body().at("/databases/0/recoveryCopy/status").asText()).isEqualTo("available");
            assertThat(answer.body().at("/databases/0/drill").isMissingNode()).isTrue();
            assertThat(answer.logged()).contains("Recovery region failed: region=eu-west-1");
        }
    }

    @Test
    void recoveryRegionThatHangsDoesNotHoldThePageUp() throws Exception {
        ticksHaveRun();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                DynamoDbClient hanging = client("http://127.0.0.1:" + silent.getLocalPort())) {
            handler = handler(hanging, NOW);

            Asked.Answer answer = operator(Asked.list());

            assertThat(answer.body().at("/recovery/status").asText()).isEqualTo("unreachable");
            assertThat(answer.inTime()).isTrue();
        }
    }

    @Test
    void recoveryRegionThatRefusesIsNotCalledOut() {
        ticksHaveRun();
        recovery.deleteTable(delete -> delete.tableName(table));

        assertThat(operator(Asked.list()).body().at("/recovery/status").asText()).isEqualTo("refused");
    }

    @Test
    void outageOfThisRegionIsNoFaultOfOurs() throws Exception {
        try (DynamoDbClient gone = deaf()) {
            handler = new BackupsHandler(PLAN, new PlanTable(gone, table, PLAN), null, POOL, Clock.systemUTC());

            Asked.Answer answer = operator(Asked.list());

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.headers().path("Retry-After").asText()).isEqualTo("5");
        }
    }

    @Test
    void tableThatIsMissingHereIsAFaultOfOurs() {
        primary.deleteTable(delete -> delete.tableName(table));

        assertThat(operator(Asked.list()).status()).isEqualTo(500);
    }

    // ---------------------------------------------------------------- who may

    static Stream<Asked> operations() {
        return Stream.of(
                Asked.list(),
                Asked.run("shop", "k"),
                Asked.drill("shop", "k"),
                Asked.hold("shop", SLOT, "{\"reason\":\"Audit\"}"),
                Asked.release("shop", SLOT));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operationIsForOperatorsAlone(Asked asked) {
        ticksHaveRun();
        int before = items(primary).size() + items(recovery).size();

        assertThat(asked.of(handler).status()).isEqualTo(401);
        assertThat(asked.by("somebody").of(handler).status()).isEqualTo(403);
        assertThat(asked.by("somebody", "support", "operators-in-training").of(handler).status()).isEqualTo(403);
        assertThat(items(primary).size() + items(recovery).size()).isEqualTo(before);
        assertThat(asked.by(OPERATOR, "support", "operators").of(handler).status()).isBetween(200, 202);
    }

    // ---------------------------------------------------------------- run now

    @Test
    void runIsAskedOfTheNextTickWithWhoAsked() {
        ticksHaveRun();

        Asked.Answer answer = operator(Asked.run("shop", "k"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().toString()).isEqualTo("{\"action\":\"run\",\"database\":\"shop\",\"slot\":\"2026-11-21T08:30:00Z\","
                + "\"at\":\"2026-11-21T08:30:12Z\",\"by\":\"" + OPERATOR + "\"}");
        Map<String, AttributeValue> item = request(primary, "run#shop");
        assertThat(item.get("slot").s()).isEqualTo("2026-11-21T08:30:00Z");
        assertThat(item.get("by").s()).isEqualTo(OPERATOR);
        assertThat(item.get("id").s()).isNotBlank();
        assertThat(answer.logged()).contains("action=run database=shop slot=2026-11-21T08:30:00Z")
                .contains("caller=person/" + OPERATOR)
                .contains("correlationId=");
        assertThat(operator(Asked.list()).body().at("/databases/0/run/slot").asText()).isEqualTo("2026-11-21T08:30:00Z");
        assertThat(requests(recovery)).isEmpty();
    }

    @Test
    void secondRunAnswersTheOpenOne() {
        ticksHaveRun();
        Asked.Answer first = operator(Asked.run("shop", "k"));
        handler = handler(recovery, NOW.plus(Duration.ofMinutes(3)));

        Asked.Answer second = Asked.run("shop", "other").by("other-operator", "operators").of(handler);

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(requests(primary)).hasSize(1);
    }

    @Test
    void repeatedRunIsCarriedOutOnceAlsoAfterTheTick() {
        ticksHaveRun();
        Asked.Answer first = operator(Asked.run("shop", "k"));
        tickDeletes(primary, "run#shop");
        handler = handler(recovery, NOW.plus(Duration.ofMinutes(7)));

        // In quotation marks, it is the same key.
        assertThat(operator(Asked.run("shop", "\"k\"")).body()).isEqualTo(first.body());
        assertThat(requests(primary)).isEmpty();
    }

    @Test
    void repeatOfARunThatMetAnOpenOneIsCarriedOutByThatOne() {
        ticksHaveRun();
        Asked.Answer first = operator(Asked.run("shop", "k"));
        operator(Asked.run("shop", "l"));
        tickDeletes(primary, "run#shop");

        assertThat(operator(Asked.run("shop", "l")).body()).isEqualTo(first.body());
        assertThat(requests(primary)).isEmpty();
    }

    @Test
    void newRunAfterTheTickIsANewSlot() {
        ticksHaveRun();
        operator(Asked.run("shop", "k"));
        tickDeletes(primary, "run#shop");
        handler = handler(recovery, NOW.plus(Duration.ofMinutes(7)));

        assertThat(operator(Asked.run("shop", "l")).body().at("/slot").asText()).isEqualTo("2026-11-21T08:37:00Z");
    }

    @Test
    void keyIsForgottenAfterADay() {
        ticksHaveRun();
        operator(Asked.run("shop", "k"));
        tickDeletes(primary, "run#shop");
        handler = handler(recovery, NOW.plus(Duration.ofHours(24)));

        assertThat(operator(Asked.run("shop", "k")).body().at("/slot").asText()).isEqualTo("2026-11-22T08:30:00Z");
    }

    @Test
    void keyOfAnotherDatabasesRunIsRefused() {
        ticksHaveRun();
        operator(Asked.run("shop", "k"));

        Asked.Answer answer = operator(Asked.run("stock", "k"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(requests(primary)).hasSize(1);
        assertThat(Asked.run("stock", "k").by("other-operator", "operators").of(handler).status()).isEqualTo(202);
    }

    @Test
    void runWithoutAKeyIsRefused() {
        ticksHaveRun();

        assertThat(operator(Asked.run("shop", null)).status()).isEqualTo(400);
    }

    @Test
    void runsAskedForAtOnceAreOne() throws Exception {
        ticksHaveRun();
        List<JsonNode> answers = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String key = "k" + i % 3;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                answers.add(operator(Asked.run("shop", key)).body());
            }));
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(answers).hasSize(6).containsOnly(answers.get(0));
        assertThat(requests(primary)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "SHOP", "shop#x", ""})
    void unknownDatabaseIsNotFound(String database) {
        ticksHaveRun();

        for (Asked asked : List.of(
                Asked.run(database, "k"), Asked.drill(database, "k"), Asked.hold(database, SLOT, "{\"reason\":\"Audit\"}"), Asked.release(database, SLOT))) {
            Asked.Answer answer = operator(asked);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.type()).isEqualTo("database-not-found");
        }
        assertThat(requests(primary)).isEmpty();
    }

    // ---------------------------------------------------------------- drills

    @Test
    void drillIsAskedOfTheRecoveryRegion() {
        ticksHaveRun();

        Asked.Answer answer = operator(Asked.drill("shop", "k"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(request(recovery, "drill#shop").get("by").s()).isEqualTo(OPERATOR);
        assertThat(requests(primary)).isEmpty();
        assertThat(operator(Asked.list()).body().at("/databases/0/drillRun/action").asText()).isEqualTo("drill");
    }

    @Test
    void drillWithoutTargetsIsADrill() {
        ticksHaveRun();

        assertThat(operator(Asked.drill("ledger", "k")).status()).isEqualTo(202);
    }

    @Test
    void drillWithTargetsIsADrillBeforeItsRegionsFirstTick() {
        put(primary, "status", PLAN, "{\"databases\":[{\"identifier\":\"shop\",\"targets\":{\"rpoMinutes\":1500,\"rtoMinutes\":120}}]}");

        assertThat(operator(Asked.drill("shop", "k")).status()).isEqualTo(202);
    }

    @Test
    void drillThatThePlanLacksIsRefused() {
        ticksHaveRun();

        assertThat(operator(Asked.drill("stock", "k")).type()).isEqualTo("drill-not-configured");
        handler = handler(null, NOW);
        assertThat(operator(Asked.drill("shop", "k")).type()).isEqualTo("drill-not-configured");
        assertThat(requests(recovery)).isEmpty();
    }

    @Test
    void drillWaitsForTheRecoveryRegionToAnswer() throws Exception {
        ticksHaveRun();
        try (DynamoDbClient gone = deaf()) {
            handler = handler(gone, NOW);

            assertThat(operator(Asked.drill("shop", "k")).status()).isEqualTo(503);
        }
    }

    // ---------------------------------------------------------------- holds

    @Test
    void holdIsAskedOfBothRegions() {
        ticksHaveRun();

        Asked.Answer answer = operator(Asked.hold("shop", SLOT, "{\"reason\":\"Audit of October - ask Zo\u00eb\"}"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().at("/recovery/status").asText()).isEqualTo("answering");
        for (DynamoDbClient region : List.of(primary, recovery)) {
            Map<String, AttributeValue> item = request(region, "hold#shop#" + SLOT);
            assertThat(item.get("reason").s()).isEqualTo("Audit of October - ask Zo\u00eb");
            assertThat(item.get("by").s()).isEqualTo(OPERATOR);
            assertThat(item).doesNotContainKey("release");
        }
        assertThat(answer.logged()).contains("action=hold").contains("caller=person/" + OPERATOR).doesNotContain("Zo\u00eb");
        assertThat(operator(Asked.list()).body().at("/databases/0/slots/0/asked/reason").asText()).isEqualTo("Audit of October - ask Zo\u00eb");
    }

    @Test
    void releaseTakesThePlaceOfAHold() {
        ticksHaveRun();
        operator(Asked.hold("shop", SLOT, "{\"reason\":\"Audit\"}"));
        String held = request(primary, "hold#shop#" + SLOT).get("id").s();

        // A generated client escapes what stands between the digits.
        Asked.Answer answer = operator(Asked.release("shop", SLOT.replace(":", "%3A")));

        assertThat(answer.status()).isEqualTo(202);
        for (DynamoDbClient region : List.of(primary, recovery)) {
            Map<String, AttributeValue> item = request(region, "hold#shop#" + SLOT);
            assertThat(item.get("release").bool()).isTrue();
            assertThat(item).doesNotContainKey("reason");
            // The tick that has read the hold does not delete this.
            assertThat(item.get("id").s()).isNotEqualTo(held);
        }
    }

    @Test
    void holdSaysThatTheRecoveryRegionCouldNotBeAsked() throws Exception {
        ticksHaveRun();
        try (DynamoDbClient gone = deaf()) {
            handler = handler(gone, NOW);

            Asked.Answer answer = operator(Asked.hold("shop", SLOT, "{\"reason\":\"Audit\"}"));

            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.body().at("/recovery").toString()).isEqualTo("{\"region\":\"eu-west-1\",\"status\":\"unreachable\"}");
            assertThat(request(primary, "hold#shop#" + SLOT)).isNotEmpty();
        }
    }

    @Test
    void slotThatIsKeptAndNoOtherCanBeHeldAndReleased() {
        ticksHaveRun();
        put(primary, "history#shop", "2026-11-20T02:00:00Z", HISTORY);

        for (JsonNode slot : operator(Asked.list()).body().at("/databases/0/slots")) {
            String instant = slot.get("slot").asText();
            int status = slot.get("kept").asBoolean() ? 202 : 404;
            assertThat(operator(Asked.hold("shop", instant, "{\"reason\":\"Audit\"}")).status()).as(instant).isEqualTo(status);
            assertThat(operator(Asked.release("shop", instant)).status()).as(instant).isEqualTo(status);
        }
        assertThat(requests(primary)).hasSize(3);
    }

    @Test
    void slotWithAHistoryCanBeHeldWhereTheTickDoesNotListThem() {
        put(primary, "status", PLAN, "{\"at\":\"2026-11-21T08:28:00Z\",\"databases\":[{\"identifier\":\"shop\"}]}");
        put(primary, "history#shop", SLOT, HISTORY);

        assertThat(operator(Asked.hold("shop", SLOT, "{\"reason\":\"Audit\"}")).status()).isEqualTo(202);
    }

    /** The primary region was made anew: only the recovery region knows what there is. */
    @Test
    void slotThatOnlyTheRecoveryRegionKnowsCanBeHeld() {
        put(primary, "status", PLAN, "{\"at\":\"2026-11-21T08:28:00Z\",\"databases\":[{\"identifier\":\"shop\"}]}");
        put(recovery, "status", PLAN, "{\"databases\":[{\"identifier\":\"shop\",\"recoveryCopy\":{\"slot\":\"" + SLOT + "\"}}]}");

        assertThat(operator(Asked.hold("shop", SLOT, "{\"reason\":\"Audit\"}")).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-21T02:00:01Z", "2026-11-21", "x", "", "2026-11-21T02:00:00Z#x"})
    void unknownSlotIsNotFound(String slot) {
        ticksHaveRun();

        assertThat(operator(Asked.hold("shop", slot, "{\"reason\":\"Audit\"}")).type()).isEqualTo("slot-not-found");
        assertThat(operator(Asked.release("shop", slot)).type()).isEqualTo("slot-not-found");
        assertThat(operator(Asked.hold("stock", SLOT, "{\"reason\":\"Audit\"}")).type()).isEqualTo("slot-not-found");
        assertThat(requests(primary)).isEmpty();
    }

    static Stream<String> reasonsThatAreNoTags() {
        return Stream.of(
                "{}", "{\"reason\":\"\"}", "{\"reason\":\" \"}", "{\"reason\":\"a,b\"}", "{\"reason\":\"a\\nb\"}", "{\"reason\":7}",
                "{\"reason\":\"" + "a".repeat(201) + "\"}", "{\"reason\":\"a\",\"until\":\"x\"}");
    }

    @ParameterizedTest
    @MethodSource("reasonsThatAreNoTags")
    void reasonThatCannotBeATagIsRefused(String body) {
        ticksHaveRun();

        Asked.Answer answer = operator(Asked.hold("shop", SLOT, body));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/errors/0/pointer").asText()).isIn("/reason", "/until");
        assertThat(requests(primary)).isEmpty();
    }

    @Test
    void longestReasonIsTaken() {
        ticksHaveRun();

        assertThat(operator(Asked.hold("shop", SLOT, "{\"reason\":\"" + "a".repeat(200) + "\"}")).status()).isEqualTo(202);
    }

    // ---------------------------------------------------------------- the rest

    @Test
    void examplesOfAnswersAreOfTheirSchemas() {
        Asked.checkExamples();
    }

    @Test
    void halfARecoveryRegionIsRefusedAtTheStart() {
        assertThatThrownBy(() -> BackupsHandler.recovery(new Configuration(Map.of("BACKUP_PLAN", PLAN, "RECOVERY_TABLE", "t"))))
                .hasMessageContaining("set both, or neither");
        assertThat(BackupsHandler.recovery(new Configuration(Map.of("BACKUP_PLAN", PLAN)))).isNull();
    }

    @Test
    void primingWritesNothing() {
        ticksHaveRun();
        int before = items(primary).size();

        handler.checkpoint().beforeCheckpoint(null);

        assertThat(items(primary)).hasSize(before);
    }

    // ---------------------------------------------------------------- helpers

    /** What both handlers have written, with a member each that the page does not know. */
    private void ticksHaveRun() {
        put(primary, "status", PLAN, """
                {"at":"2026-11-21T08:28:00Z","more":1,"databases":[
                 {"identifier":"shop","kind":"instance","more":{"deep":[1]},
                  "lastBackup":{"slot":"%1$s","identifier":"bk-shop-20261121-0200","at":"2026-11-21T02:04:31Z","status":"available"},
                  "recoveryCopy":{"slot":"%1$s","identifier":"bk-shop-20261121-0200","at":"2026-11-21T02:20:11Z","status":"available"},
                  "export":{"task":"x-1a2b3c4d-20261121-0200-a1","at":"2026-11-21T02:31:40Z","status":"complete","warning":null},
                  "nextSlot":"2026-11-22T02:00:00Z","targets":{"rpoMinutes":1500,"rtoMinutes":120},
                  "held":["2026-10-01T02:00:00Z"],"slots":["2026-10-01T02:00:00Z","%1$s"],
                  "failures":[{"reason":"kms-key","stage":"copy","identifier":"bk-shop-20261121-0200","message":"The key denies.",
                   "remedy":"Let the role use the key."}]},
                 {"identifier":"ledger","kind":"instance","targets":null},
                 {"identifier":"stock","kind":"cluster","lastBackup":null,"recoveryCopy":null,"export":null,"nextSlot":null,"targets":null,
                  "held":[],"failures":[]}]}""".formatted(SLOT));
        put(recovery, "status", PLAN, """
                {"at":"2026-11-21T08:27:00Z","databases":[
                 {"identifier":"shop","copies":14,"nextDrill":"2026-12-03T05:00:00Z",
                  "recoveryCopy":{"slot":"%1$s","identifier":"bk-shop-20261121-0200","at":"2026-11-21T02:20:11Z","dataAt":"2026-11-21T02:04:31Z"},
                  "drill":{"slot":"2026-11-03T05:00:00Z","verdict":"failed","rpoSeconds":64800,"rtoSeconds":2710.5,"at":"2026-11-03T05:48:20Z",
                   "findings":["orders: the table is missing",{"table":"reviews","problem":"rows differ"}]},
                  "running":{"slot":"2026-11-21T08:00:00Z","started":"2026-11-21T08:02:00Z","complaint":null,"verdict":null,"findings":[]},
                  "slots":["2026-09-01T02:00:00Z","%1$s"],"held":[{"slot":"2026-10-01T02:00:00Z","reason":"Audit"}]},
                 {"identifier":"ledger","nextDrill":"2026-12-03T05:00:00Z"}]}""".formatted(SLOT));
    }

    private Asked.Answer operator(Asked asked) {
        return asked.by(OPERATOR, "operators").of(handler);
    }

    private void put(DynamoDbClient region, String partition, String sort, String document) {
        region.putItem(put -> put.tableName(table).item(Map.of(
                "pk", AttributeValue.fromS(partition), "sk", AttributeValue.fromS(sort), "document", AttributeValue.fromS(document))));
    }

    private List<Map<String, AttributeValue>> items(DynamoDbClient region) {
        return DynamoDbLocal.items(region, table);
    }

    private List<Map<String, AttributeValue>> requests(DynamoDbClient region) {
        return items(region).stream().filter(item -> item.get("pk").s().equals("request")).toList();
    }

    private Map<String, AttributeValue> request(DynamoDbClient region, String sort) {
        return region.getItem(get -> get.tableName(table).key(key(sort))).item();
    }

    private void tickDeletes(DynamoDbClient region, String sort) {
        region.deleteItem(delete -> delete.tableName(table).key(key(sort)));
    }

    private static Map<String, AttributeValue> key(String sort) {
        return new HashMap<>(Map.of("pk", AttributeValue.fromS("request"), "sk", AttributeValue.fromS(sort)));
    }

    /** Of a port where nobody listens any more. */
    private static DynamoDbClient deaf() throws Exception {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return client("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    private static DynamoDbClient client(String endpoint) {
        return BackupsHandler.client()
                .endpointOverride(URI.create(endpoint))
                .region(Region.of("eu-west-1"))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build();
    }
}
