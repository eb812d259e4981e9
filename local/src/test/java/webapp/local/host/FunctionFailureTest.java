package webapp.local.host;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import webapp.local.host.functions.BrokenConstructorHandler;
import webapp.local.host.functions.CommandHandler;
import webapp.local.host.functions.SlowFirstInitHandler;

import static org.assertj.core.api.Assertions.assertThat;

class FunctionFailureTest {
    @TempDir
    private static Path directory;

    private static RunningHost host;

    @BeforeAll
    static void start() throws IOException {
        // With one process at most, a place that a failure does not give back shows as throttling.
        host = new RunningHost(directory, settings -> settings.withMaximumProcesses(1));
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void timeoutKillsTheProcessAndTheNextRequestGetsAnother() {
        host.deploy(new DeploymentBuilder("slow", CommandHandler.class).timeout(1));
        long first = host.command("slow", "identify").body().get("process").asLong();

        RunningHost.Reply reply = host.command("slow", "sleep", 30_000);

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorType()).isEqualTo("Sandbox.Timedout");
        assertThat(reply.errorMessage()).isEqualTo("RequestId: request-of-slow Error: Task timed out after 1.00 seconds");
        assertThat(ProcessHandle.of(first).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(host.command("slow", "identify").body().get("invocations").asInt()).isEqualTo(1);
        assertThat(host.log("slow")).contains("request-of-slow Task timed out after 1.00 seconds", "\tStatus: timeout");
    }

    @Test
    void exitIsNamedWithItsStatus() {
        host.deploy(new DeploymentBuilder("crashing", CommandHandler.class));

        RunningHost.Reply reply = host.command("crashing", "exit", 3);

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorType()).isEqualTo("Runtime.ExitError");
        assertThat(reply.errorMessage()).isEqualTo("RequestId: request-of-crashing Error: Runtime exited with error: exit status 3");
        assertThat(host.command("crashing", "identify").status()).isEqualTo(200);
        assertThat(host.log("crashing")).contains("\tStatus: error\tError Type: Runtime.ExitError");
    }

    @Test
    void killedProcessIsNamed() throws InterruptedException {
        host.deploy(new DeploymentBuilder("killed", CommandHandler.class));
        long process = host.command("killed", "identify").body().get("process").asLong();
        CompletableFuture<RunningHost.Reply> request = host.commandLater("killed", "sleep", 15_000);
        host.awaitLines("killed", "START RequestId", 2);

        ProcessHandle.of(process).orElseThrow().destroyForcibly();

        assertThat(request.join().errorMessage()).endsWith("Runtime exited with error: signal: killed");
    }

    @Test
    void exceptionHasTypeMessageAndTrace() {
        host.deploy(new DeploymentBuilder("throwing", CommandHandler.class));

        RunningHost.Reply reply = host.command("throwing", "fail", "no such user");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.response().headers().firstValue("X-Amz-Function-Error")).contains("Unhandled");
        assertThat(reply.errorType()).isEqualTo("java.lang.IllegalArgumentException");
        assertThat(reply.errorMessage()).isEqualTo("no such user");
        assertThat(reply.body().get("stackTrace").get(0).asText()).contains("CommandHandler.handleRequest");
        assertThat(host.command("throwing", "identify").status()).isEqualTo(200);
        assertThat(host.log("throwing")).contains("no such user: java.lang.IllegalArgumentException");
    }

    @Test
    void exhaustedHeapIsNamedAndTheProcessReplaced() {
        // The heap is 85 % of it; what else a JVM takes must fit into the rest, or the process is killed first.
        host.deploy(new DeploymentBuilder("hungry", CommandHandler.class).memorySize(768));

        RunningHost.Reply reply = host.command("hungry", "allocate");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorType()).isEqualTo("java.lang.OutOfMemoryError");
        assertThat(host.command("hungry", "identify").body().get("invocations").asInt()).isEqualTo(1);
    }

    @Test
    void processThatTakesMoreThanItsMemoryIsKilledAndReplaced() {
        host.deploy(new DeploymentBuilder("greedy", CommandHandler.class).memorySize(128).timeout(20));

        RunningHost.Reply reply = host.command("greedy", "reserve");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorType()).isEqualTo("Runtime.OutOfMemory");
        assertThat(reply.errorMessage()).isEqualTo("RequestId: request-of-greedy Error: Runtime exited with error: signal: killed");
        assertThat(host.command("greedy", "identify").body().get("invocations").asInt()).isEqualTo(1);
        assertThat(host.log("greedy")).containsPattern("was killed: it had taken 1\\d\\d MB, and has 128 MB \\(memory_size\\)")
                .contains("\tMemory Size: 128 MB\tMax Memory Used: 128 MB", "\tStatus: error\tError Type: Runtime.OutOfMemory");
    }

    @Test
    void processKilledBetweenRequestsIsReplacedAndListed() throws Exception {
        host.deploy(new DeploymentBuilder("murdered", CommandHandler.class));
        long process = host.command("murdered", "identify").body().get("process").asLong();
        assertThat(status("murdered")).isEqualTo(new FunctionStatus("eu-central-1", "murdered", "1", 1, null));

        ProcessHandle.of(process).orElseThrow().destroyForcibly();
        host.awaitLines("murdered", "Process " + process + " ended between two requests: Runtime exited with error: signal: killed", 1);

        assertThat(status("murdered").processes()).isZero();
        assertThat(host.command("murdered", "identify").body().get("invocations").asInt()).isEqualTo(1);
        assertThat(status("murdered").processes()).isEqualTo(1);
        assertThat(status("murdered").lastEnd()).startsWith("process " + process + " ended at ").endsWith("signal: killed");
    }

    @Test
    void endOfTheHostsOrTheFunctionsOwnMakingIsNoNews() throws IOException {
        host.deploy(new DeploymentBuilder("ordinary", CommandHandler.class).timeout(1));
        host.command("ordinary", "sleep", 30_000);
        host.command("ordinary", "exit", 3);

        assertThat(status("ordinary").lastEnd()).isNull();
        assertThat(host.log("ordinary")).doesNotContain("between two requests");
    }

    private static FunctionStatus status(String functionName) throws IOException {
        return FunctionHost.list(host.uri()).stream().filter(status -> status.functionName().equals(functionName)).findFirst().orElseThrow();
    }

    @Test
    void missingHandlerClassIsNamed() {
        host.deploy(new DeploymentBuilder("misspelt", CommandHandler.class).handler("webapp.api.users.UserHandler"));

        RunningHost.Reply reply = host.command("misspelt", "identify");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorType()).isEqualTo("java.lang.ClassNotFoundException");
        assertThat(reply.errorMessage()).isEqualTo("Class not found: webapp.api.users.UserHandler");
        assertThat(reply.response().headers().firstValue("Lambda-Runtime-Function-Error-Type")).contains("Runtime.BadFunctionCode");
    }

    @Test
    void missingHandlerMethodIsNamed() {
        host.deploy(new DeploymentBuilder("wrong-method", CommandHandler.class).handler(CommandHandler.class.getName() + "::handel"));

        assertThat(host.command("wrong-method", "identify").errorMessage()).contains("handel", CommandHandler.class.getName());
    }

    @Test
    void failingConstructorIsNamed() {
        host.deploy(new DeploymentBuilder("broken", BrokenConstructorHandler.class));

        RunningHost.Reply reply = host.command("broken", "identify");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorMessage()).contains("DATABASE_HOST is not set");
        assertThat(host.log("broken")).contains("INIT_REPORT Init Duration: ", "Status: error\tError Type: Runtime.BadFunctionCode");
        assertThat(host.command("broken", "identify").status()).isEqualTo(502);
    }

    @Test
    void initialisationThatTakesTooLongIsRepeatedOnce(@TempDir Path other) throws IOException {
        try (RunningHost impatient = new RunningHost(other, settings -> settings
                .withMaximumProcesses(1).withInitLimit(Duration.ofSeconds(3)))) {
            impatient.deploy(new DeploymentBuilder("hanging", SlowFirstInitHandler.class)
                    .environment("HUNG_BEFORE", other.resolve("hung-before").toString()));

            assertThat(impatient.invoke("hanging", "\"event\"").body().asText()).isEqualTo("event");
            assertThat(impatient.log("hanging")).containsSubsequence("Phase: init\tStatus: timeout", "INIT_START", "REPORT");
        }
    }

    @Test
    void processWhoseCredentialsRunOutIsReplaced(@TempDir Path other) throws IOException {
        Duration almostAnHour = Duration.ofMinutes(59).plusSeconds(50);
        RoleSessions shortSessions = new RoleSessions(new StubSts(() -> Instant.now().minus(almostAnHour)));
        try (RunningHost renewing = new RunningHost(other, settings -> settings.withMaximumProcesses(1), shortSessions)) {
            renewing.deploy(new DeploymentBuilder("renewed", CommandHandler.class).timeout(20));

            JsonNode first = renewing.command("renewed", "environment").body();
            JsonNode second = renewing.command("renewed", "environment").body();

            assertThat(second.get("AWS_ACCESS_KEY_ID").asText()).startsWith("ASIA2").isNotEqualTo(first.get("AWS_ACCESS_KEY_ID").asText());
        }
    }

    @Test
    void responseAboveTheMaximumIsRefused() {
        host.deploy(new DeploymentBuilder("talkative", CommandHandler.class).memorySize(512));

        RunningHost.Reply reply = host.command("talkative", "answer", RuntimeApi.MAXIMUM_RESPONSE);

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorType()).isEqualTo("Function.ResponseSizeTooLarge");
        assertThat(reply.errorMessage()).contains("6291556 bytes");
        assertThat(host.command("talkative", "identify").body().get("invocations").asInt()).isEqualTo(1);
    }

    @Test
    void roleThatCannotBeAssumedIsNamed() {
        host.deploy(new DeploymentBuilder("unauthorised", CommandHandler.class).roleArn("arn:aws:iam::000000000000:role/refused"));

        RunningHost.Reply reply = host.command("unauthorised", "identify");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.errorMessage()).contains("unauthorised", "arn:aws:iam::000000000000:role/refused", "sts:AssumeRole");
        assertThat(host.log("unauthorised")).contains("unauthorised:1 failed before it ran");
    }
}
