package webapp.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.canary.AwsDouble.Fault;
import webapp.core.testing.Invocation;

/** AWS's own client talks to {@link AwsDouble}; the events are recorded ones. */
class RolloutHandlerTest {
    private static final String USERS = "shop-users";
    private static final String ORDERS = "shop-orders";
    private static final String CANARIES = """
            {"shop-users": {"alias": "live", "weight": 0.1, "bakeMinutes": 30, "alarms": ["shop-users-canary-8-errors", "shop-5xx-rate", "shop-unhealthy"]},
             "shop-orders": {"alias": "live", "weight": 0.2, "bakeMinutes": 10, "alarms": ["shop-orders-canary-4-errors", "shop-5xx-rate"]}}""";
    private static final Instant STARTED = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant BEFORE = STARTED.minusSeconds(60);
    private static final String FIRST = "The version that serves";
    private static final String BAKING = "canary: version 8 baking since 2026-11-20T10:00:00Z";

    private final AwsDouble aws = new AwsDouble();
    private final List<String> lines = new ArrayList<>();
    private Instant now = STARTED;

    @BeforeEach
    void versionSevenServesAndNothingIsWrong() {
        aws.alias(USERS, "7", Map.of(), FIRST);
        aws.alias(ORDERS, "3", Map.of(), FIRST);
        for (String alarm : List.of("shop-users-canary-8-errors", "shop-orders-canary-4-errors", "shop-5xx-rate")) {
            aws.alarm(alarm, "OK", BEFORE);
        }
        aws.compositeAlarm("shop-unhealthy", "OK", BEFORE);
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void newVersionGetsItsWeightBesideTheOneThatServes() throws IOException {
        assertThat(send("start.json")).isEqualTo("{\"rollout\":\"started\"}");
        assertUsers("7", Map.of("8", 0.1), BAKING);
        assertThat(told()).containsExactly("started 8: beside 7");
    }

    @Test
    void secondStartChangesNothing() throws IOException {
        send("start.json");
        int revision = aws.alias(USERS).revision();
        now = now.plusSeconds(300);
        assertThat(send("start.json")).isEqualTo("{\"rollout\":\"under-way\"}");
        assertThat(aws.alias(USERS).revision()).isEqualTo(revision);
        assertThat(told()).hasSize(1);
    }

    @Test
    void startOfTheVersionThatServesChangesNothing() throws IOException {
        aws.alias(USERS, "8", Map.of(), FIRST);
        assertThat(send("start.json")).isEqualTo("{\"rollout\":\"serving\"}");
        assertUsers("8", Map.of(), FIRST);
        assertThat(aws.calls).containsExactly("GetAlias");
    }

    @Test
    void startTakesTheWeightOfAnOlderCandidate() throws IOException {
        send("start.json");
        now = now.plusSeconds(60);
        assertThat(run("{\"start\": {\"function\": \"shop-users\", \"version\": \"9\"}}")).isEqualTo("{\"rollout\":\"started\"}");
        assertUsers("7", Map.of("9", 0.1), "canary: version 9 baking since 2026-11-20T10:01:00Z");
        assertThat(told()).last().isEqualTo("started 9: beside 7, in place of 8");
    }

    @Test
    void versionThatIsStillMadeReadyWaitsForItsWeight() throws IOException {
        aws.version(USERS, "8", "Pending");
        assertThat(send("start.json")).isEqualTo("{\"rollout\":\"waiting\"}");
        assertUsers("7", Map.of(), "canary: version 8 waiting since 2026-11-20T10:00:00Z");
        now = now.plusSeconds(60);
        send("tick.json");
        assertUsers("7", Map.of(), "canary: version 8 waiting since 2026-11-20T10:00:00Z");
        assertThat(send("start.json")).isEqualTo("{\"rollout\":\"waiting\"}");

        aws.version(USERS, "8", "Active");
        now = now.plusSeconds(60);
        send("tick.json");
        assertUsers("7", Map.of("8", 0.1), "canary: version 8 baking since 2026-11-20T10:02:00Z");
        assertThat(told()).containsExactly("waiting 8: beside 7", "started 8: beside 7");
    }

    @Test
    void olderCandidateDoesNotServeWhileTheNextOneWaits() throws IOException {
        send("start.json");
        aws.version(USERS, "9", "Pending");
        run("{\"start\": {\"function\": \"shop-users\", \"version\": \"9\"}}");
        assertUsers("7", Map.of(), "canary: version 9 waiting since 2026-11-20T10:00:00Z");
    }

    @Test
    void versionThatDoesNotInitialiseFailsTheApply() {
        aws.version(USERS, "8", "Failed");
        assertThatThrownBy(() -> send("start.json")).hasMessage("version 8 of shop-users does not initialise: the class threw");
        assertUsers("7", Map.of(), FIRST);
    }

    @Test
    void waitingVersionThatDoesNotInitialiseIsRolledBack() throws IOException {
        aws.version(USERS, "8", "Pending");
        send("start.json");
        aws.version(USERS, "8", "Failed");
        send("tick.json");
        assertUsers("7", Map.of(), "canary: version 8 rolled-back since 2026-11-20T10:00:00Z, it does not initialise: the class threw");
    }

    @Test
    void rolloutThatNobodyWouldWatchIsNotStarted() {
        aws.removeAlarm("shop-5xx-rate");
        assertThatThrownBy(() -> send("start.json"))
                .hasMessage("nobody watches the rollout of shop-users: there are no alarms named shop-5xx-rate");
        assertUsers("7", Map.of(), FIRST);
    }

    @Test
    void functionWithoutACanaryIsRefused() {
        assertThatThrownBy(() -> run("{\"start\": {\"function\": \"other\", \"version\": \"1\"}}"))
                .hasMessage("no canary of this function is configured: other");
    }

    @ParameterizedTest
    @CsvSource({
        "alarm-single-metric.json, shop-users-canary-8-errors",
        "alarm-metric-math.json, shop-5xx-rate",
        "alarm-composite.json, shop-unhealthy"
    })
    void alarmTakesTheWeightBack(String event, String alarm) throws IOException {
        send("start.json");
        now = Instant.parse("2026-11-20T10:05:01Z");
        send(event);
        assertUsers("7", Map.of(), "canary: version 8 rolled-back since 2026-11-20T10:05:01Z, alarm " + alarm);
        assertThat(told()).startsWith("started 8: beside 7").contains("rolled-back 8: alarm " + alarm);
    }

    @Test
    void secondEventOfTheAlarmChangesNothing() throws IOException {
        send("start.json");
        send("alarm-single-metric.json");
        AwsDouble.Alias after = aws.alias(USERS);
        now = now.plusSeconds(60);
        send("alarm-single-metric.json");
        assertThat(aws.alias(USERS)).isEqualTo(after);
    }

    @Test
    void alarmRollsBackOnlyTheFunctionsThatListIt() throws IOException {
        send("start.json");
        run("{\"start\": {\"function\": \"shop-orders\", \"version\": \"4\"}}");
        send("alarm-single-metric.json");
        assertUsers("7", Map.of(), "canary: version 8 rolled-back since 2026-11-20T10:00:00Z, alarm shop-users-canary-8-errors");
        assertThat(aws.alias(ORDERS).weights()).isEqualTo(Map.of("4", 0.2));

        run("{\"start\": {\"function\": \"shop-users\", \"version\": \"9\"}}");
        send("alarm-metric-math.json");
        assertThat(aws.alias(USERS).weights()).isEmpty();
        assertThat(aws.alias(ORDERS).weights()).isEmpty();
    }

    @Test
    void alarmOlderThanTheRolloutChangesNothing() throws IOException {
        now = Instant.parse("2026-11-20T10:05:01Z"); // The event says 10:05:00.
        send("start.json");
        AwsDouble.Alias before = aws.alias(USERS);
        send("alarm-single-metric.json");
        assertThat(aws.alias(USERS)).isEqualTo(before);
        assertThat(told()).last().asString().startsWith("ignored 7: alarm shop-users-canary-8-errors of 2026-11-20T10:05:00Z");
    }

    @ParameterizedTest
    @CsvSource({"shop-users-canary-8-errors, somebody-elses-alarm", "'\"value\": \"ALARM\"', '\"value\": \"OK\"'"})
    void alarmOfOthersOrThatIsOverChangesNothing(String found, String replaced) throws IOException {
        send("start.json");
        AwsDouble.Alias before = aws.alias(USERS);
        run(event("alarm-single-metric.json").replace(found, replaced));
        assertThat(aws.alias(USERS)).isEqualTo(before);
    }

    @Test
    void alarmWithoutARolloutChangesNothing() throws IOException {
        send("alarm-single-metric.json");
        assertUsers("7", Map.of(), FIRST);
    }

    @Test
    void alarmTakesAWeightThatSomebodyElseGave() throws IOException {
        aws.alias(USERS, "7", Map.of("8", 0.5), "by hand");
        send("alarm-single-metric.json");
        assertUsers("7", Map.of(), "canary: version 8 rolled-back since 2026-11-20T10:00:00Z, alarm shop-users-canary-8-errors");
    }

    @Test
    void rolledBackVersionIsNotStartedAgain() throws IOException {
        send("start.json");
        send("alarm-single-metric.json");
        AwsDouble.Alias after = aws.alias(USERS);
        now = now.plusSeconds(7200);
        send("tick.json");
        assertThat(send("start.json")).isEqualTo("{\"rollout\":\"rolled-back\"}");
        assertThat(aws.alias(USERS)).isEqualTo(after);
        assertThat(told()).last().isEqualTo("still-rolled-back 8: alarm shop-users-canary-8-errors");
    }

    @Test
    void nextVersionIsStartedAfterARollback() throws IOException {
        send("start.json");
        send("alarm-single-metric.json");
        run("{\"start\": {\"function\": \"shop-users\", \"version\": \"9\"}}");
        assertThat(aws.alias(USERS).weights()).isEqualTo(Map.of("9", 0.1));
    }

    @Test
    void candidateThatHasBakedServesEverybody() throws IOException {
        send("start.json");
        now = STARTED.plusSeconds(30 * 60 - 1);
        send("tick.json");
        assertUsers("7", Map.of("8", 0.1), BAKING);
        now = STARTED.plusSeconds(30 * 60);
        send("tick.json");
        assertUsers("8", Map.of(), "canary: version 8 serving since 2026-11-20T10:30:00Z");
        now = STARTED.plusSeconds(31 * 60);
        send("tick.json");
        assertThat(told()).containsExactly("started 8: beside 7", "promoted 8: in place of 7");
    }

    @Test
    void tickRollsBackWhenTheAlarmsEventWasLost() throws IOException {
        send("start.json");
        aws.alarm("shop-5xx-rate", "ALARM", STARTED);
        now = STARTED.plusSeconds(60);
        send("tick.json");
        assertUsers("7", Map.of(), "canary: version 8 rolled-back since 2026-11-20T10:01:00Z, alarm shop-5xx-rate");
    }

    @Test
    void tickSeesCompositeAlarmsToo() throws IOException {
        send("start.json");
        aws.compositeAlarm("shop-unhealthy", "ALARM", STARTED.plusSeconds(5));
        send("tick.json");
        assertThat(aws.alias(USERS).weights()).isEmpty();
    }

    @Test
    void alarmFromBeforeTheRolloutHoldsTheCandidateUntilItIsOver() throws IOException {
        aws.alarm("shop-5xx-rate", "ALARM", BEFORE);
        send("start.json");
        now = STARTED.plusSeconds(3600);
        send("tick.json");
        assertUsers("7", Map.of("8", 0.1), BAKING);
        assertThat(told()).last().isEqualTo("held 8: alarm shop-5xx-rate, in ALARM since before the rollout");
        aws.alarm("shop-5xx-rate", "OK", now);
        send("tick.json");
        assertThat(aws.alias(USERS).version()).isEqualTo("8");
    }

    @Test
    void alarmWithoutDataHoldsNothing() throws IOException {
        send("start.json");
        aws.alarm("shop-5xx-rate", "INSUFFICIENT_DATA", STARTED.plusSeconds(60));
        now = STARTED.plusSeconds(1800);
        send("tick.json");
        assertThat(aws.alias(USERS).version()).isEqualTo("8");
    }

    @Test
    void missingAlarmHoldsTheCandidateAndFailsTheTick() throws IOException {
        send("start.json");
        aws.removeAlarm("shop-unhealthy");
        now = STARTED.plusSeconds(3600);
        assertThatThrownBy(() -> send("tick.json")).hasMessageContaining("there are no alarms named shop-unhealthy");
        assertUsers("7", Map.of("8", 0.1), BAKING);
    }

    @ParameterizedTest
    @CsvSource({"shop-unhealthy, shop-users, shop-orders, 4", "shop-orders-canary-4-errors, shop-orders, shop-users, 8"})
    void failureOfOneFunctionDoesNotStopTheOthers(String missing, String failing, String other, String promoted) throws IOException {
        send("start.json");
        run("{\"start\": {\"function\": \"shop-orders\", \"version\": \"4\"}}");
        now = STARTED.plusSeconds(3600);
        aws.removeAlarm(missing);
        assertThatThrownBy(() -> send("tick.json")).hasMessageStartingWith("rollout of " + failing + ": ").hasMessageContaining(missing);
        assertThat(aws.alias(other).version()).isEqualTo(promoted);
    }

    @Test
    void tickLeavesWhatSomebodyElseDid() throws IOException {
        now = STARTED.plusSeconds(3600);
        aws.alias(USERS, "7", Map.of("8", 0.5), "by hand");
        send("tick.json");
        assertUsers("7", Map.of("8", 0.5), "by hand");

        aws.alias(USERS, "7", Map.of("9", 0.5), BAKING);
        send("tick.json");
        assertUsers("7", Map.of("9", 0.5), BAKING);

        aws.alias(USERS, "7", Map.of(), BAKING);
        send("tick.json");
        assertUsers("7", Map.of(), BAKING);
    }

    @Test
    void promotionGivesWayToARollbackThatCameFirst() throws IOException {
        send("start.json");
        now = STARTED.plusSeconds(1800);
        String rolledBack = "canary: version 8 rolled-back since 2026-11-20T10:30:00Z, alarm shop-5xx-rate";
        aws.fail("UpdateAlias", Fault.after(() -> aws.alias(USERS, "7", Map.of(), rolledBack)));
        send("tick.json");
        assertUsers("7", Map.of(), rolledBack);
        assertThat(told()).last().asString().startsWith("still-rolled-back 8");
    }

    @Test
    void rollbackIsDecidedAnewWhenTheAliasChangesMeanwhile() throws IOException {
        send("start.json");
        aws.fail("UpdateAlias", Fault.after(() -> aws.alias(USERS, "7", Map.of("8", 0.1), BAKING)),
                Fault.error(409, "ResourceConflictException", "The operation cannot be performed at this time"));
        send("alarm-single-metric.json");
        assertThat(aws.alias(USERS).weights()).isEmpty();
    }

    @Test
    void aliasThatChangesAllTheTimeFailsTheInvocation() throws IOException {
        send("start.json");
        for (int i = 0; i < 5; i++) {
            aws.fail("UpdateAlias", Fault.after(() -> aws.alias(USERS, "7", Map.of("8", 0.1), BAKING)));
        }
        assertThatThrownBy(() -> send("alarm-single-metric.json")).hasMessageContaining("RevisionId");
    }

    @ParameterizedTest
    @CsvSource({"GetAlias, 429, TooManyRequestsException", "UpdateAlias, 429, TooManyRequestsException",
        "GetAlias, 500, ServiceException", "UpdateAlias, 500, ServiceException", "UpdateAlias, 503, ServiceException"})
    void refusalThatPassesIsRepeated(String operation, int status, String type) throws IOException {
        send("start.json");
        aws.fail(operation, Fault.error(status, type, "Rate exceeded"), Fault.error(status, type, "Rate exceeded"));
        send("alarm-single-metric.json");
        assertThat(aws.alias(USERS).weights()).isEmpty();
    }

    @Test
    void brokenConnectionIsRepeated() throws IOException {
        aws.fail("UpdateAlias", Fault.hangUp());
        send("start.json");
        assertUsers("7", Map.of("8", 0.1), BAKING);
    }

    @Test
    void changeWhoseAnswerIsLostIsMadeAndToldOnce() throws IOException {
        aws.fail("UpdateAlias", Fault.hangUpAfterwards());
        int revision = aws.alias(USERS).revision();
        assertThat(send("start.json")).isEqualTo("{\"rollout\":\"started\"}");
        assertUsers("7", Map.of("8", 0.1), BAKING);
        assertThat(aws.alias(USERS).revision()).isEqualTo(revision + 1);
        assertThat(told()).containsExactly("started 8: beside 7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start.json", "alarm-single-metric.json", "tick.json"})
    void whatIsCutShortAtAnyCallIsFinishedByTheNext(String event) throws IOException {
        now = prepared(event);
        send(event);
        List<Object> wanted = contents();
        int calls = aws.calls.size();
        assertThat(aws.calls).as("the signal changes something").contains("UpdateAlias");
        for (int call = 1; call <= calls; call++) {
            now = prepared(event);
            List<Object> before = contents();
            aws.crashAtCall(call);
            assertThatThrownBy(() -> send(event)).as("call %d", call).hasMessageContaining("Status Code: 403");
            assertThat(contents()).as("no half change after call %d", call).isIn(before, wanted);
            aws.crashAtCall(Integer.MAX_VALUE);
            send(event);
            assertThat(contents()).as("finished after call %d", call).isEqualTo(wanted);
        }
    }

    private List<Object> contents() {
        AwsDouble.Alias alias = aws.alias(USERS);
        return List.of(alias.version(), alias.weights(), alias.description());
    }

    /** The state in which the signal changes something; the calls are counted from there. */
    private Instant prepared(String event) throws IOException {
        now = STARTED;
        aws.alias(USERS, "7", Map.of(), FIRST);
        if (!event.equals("start.json")) {
            send("start.json");
        }
        aws.crashAtCall(Integer.MAX_VALUE);
        return event.equals("tick.json") ? STARTED.plusSeconds(1800) : STARTED;
    }

    @Test
    void longReasonFitsTheDescription() throws IOException {
        String alarm = "a".repeat(255);
        String event = event("alarm-single-metric.json").replace("shop-users-canary-8-errors", alarm);
        aws.alias(USERS, "7", Map.of("8", 0.1), BAKING);
        handler(CANARIES.replace("shop-users-canary-8-errors", alarm)).run(event);
        assertThat(aws.alias(USERS).weights()).isEmpty();
        assertThat(aws.alias(USERS).description()).hasSize(256);
        assertThat(send("start.json")).isEqualTo("{\"rollout\":\"rolled-back\"}");
    }

    @Test
    void stateChangesAreMetrics() throws IOException {
        send("start.json");
        JsonNode line = new ObjectMapper().readTree(lines.getFirst());
        assertThat(line.path("FunctionName").asText()).isEqualTo(USERS);
        assertThat(line.path("Started").asInt()).isEqualTo(1);
        assertThat(line.path("_aws")).isEqualTo(new ObjectMapper().readTree("""
                {"Timestamp": 1795168800000, "CloudWatchMetrics": [
                  {"Namespace": "Canary", "Dimensions": [["FunctionName"]], "Metrics": [{"Name": "Started", "Unit": "Count"}]}]}"""));
        send("alarm-single-metric.json");
        send("tick.json");
        assertThat(lines.subList(1, 3)).allSatisfy(told -> assertThat(new ObjectMapper().readTree(told).path("RolledBack").asInt()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"source\": \"aws.s3\", \"detail-type\": \"Object Created\"}", "{\"start\": {\"version\": \"8\"}}"})
    void otherEventsAreRefused(String event) {
        assertThatThrownBy(() -> run(event)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("This function takes");
        assertThat(aws.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"shop-users\": {\"weight\": 0.1}}", "{\"shop-users\": {\"alias\": \"live\", \"weight\": \"much\", \"bakeMinutes\": 1}}"})
    void wrongConfigurationIsNamed(String canaries) {
        assertThatThrownBy(() -> handler(canaries)).hasMessageContaining("CANARIES");
    }

    @Test
    void missingConfigurationIsNamed() {
        assertThatThrownBy(() -> handler(null)).hasMessageContaining("CANARIES is missing");
    }

    private interface Run {
        String run(String event) throws IOException;
    }

    private Run handler(String canaries) {
        RolloutHandler handler = new RolloutHandler(canaries, aws.lambda(), aws.cloudWatch(), lines::add, () -> now);
        return event -> new Invocation().run(handler, event);
    }

    private String send(String fixture) throws IOException {
        return run(event(fixture));
    }

    private String run(String event) throws IOException {
        return handler(CANARIES).run(event);
    }

    private static String event(String fixture) throws IOException {
        try (InputStream file = RolloutHandlerTest.class.getResourceAsStream("/events/" + fixture)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void assertUsers(String version, Map<String, Double> weights, String description) {
        AwsDouble.Alias alias = aws.alias(USERS);
        assertThat(alias.version()).isEqualTo(version);
        assertThat(alias.weights()).isEqualTo(weights);
        assertThat(alias.description()).isEqualTo(description);
    }

    /** What the journal says, as "what version: detail". */
    private List<String> told() throws IOException {
        List<String> told = new ArrayList<>();
        for (String line : lines) {
            JsonNode json = new ObjectMapper().readTree(line);
            told.add(json.path("rollout").asText() + " " + json.path("version").asText() + ": " + json.path("detail").asText());
        }
        return told;
    }
}
