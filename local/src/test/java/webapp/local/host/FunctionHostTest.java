package webapp.local.host;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import webapp.local.host.functions.CommandHandler;
import webapp.local.host.functions.EchoHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FunctionHostTest {
    @TempDir
    private static Path directory;

    private static RunningHost host;

    @BeforeAll
    static void start() throws IOException {
        host = new RunningHost(directory, settings -> settings
                .withMaximumProcesses(2)
                .withEnvironment(Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"))
                .withJavaOptions(() -> List.of("-Dset.from.outside=with a blank", "-Djdk.net.hosts.file=" + directory.resolve("hosts"))));
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void secondRequestRunsInTheProcessOfTheFirst() {
        host.deploy(new DeploymentBuilder("warm", CommandHandler.class));

        JsonNode cold = host.command("warm", "identify").body();
        JsonNode warm = host.command("warm", "identify").body();

        assertThat(warm.get("process")).isEqualTo(cold.get("process"));
        assertThat(warm.get("invocations").asInt()).isEqualTo(2);
    }

    @Test
    void functionsOfOneNameInTwoRegionsShareNothing() {
        host.deploy(new DeploymentBuilder("twin", CommandHandler.class));
        host.deploy(new DeploymentBuilder("twin", CommandHandler.class).region("eu-west-1").code(CodeJar.marked("build of eu-west-1")));

        JsonNode here = host.command("twin", "identify").body();
        JsonNode there = host.commandIn("eu-west-1", "twin", "identify").body();
        JsonNode again = host.command("twin", "identify").body();

        assertThat(there.get("process")).isNotEqualTo(here.get("process"));
        assertThat(there.get("marker").asText()).isEqualTo("build of eu-west-1");
        assertThat(again.get("process")).isEqualTo(here.get("process"));
        assertThat(host.host().processes("twin")).hasSize(2);
        assertThat(host.host().logFile("twin")).content().containsOnlyOnce("INIT_START");
        assertThat(host.host().logFile("eu-west-1", "twin")).hasFileName("twin.eu-west-1.log").content().containsOnlyOnce("INIT_START");
    }

    @Test
    void functionRunsInTheRegionOfItsArn() {
        host.deploy(new DeploymentBuilder("far", CommandHandler.class).region("us-west-2"));

        JsonNode environment = host.commandIn("us-west-2", "far", "environment").body();

        assertThat(environment.get("AWS_REGION").asText()).isEqualTo("us-west-2");
        assertThat(environment.get("AWS_DEFAULT_REGION").asText()).isEqualTo("us-west-2");
        assertThat(host.commandIn("eu-west-3", "far", "environment").errorType()).isEqualTo("ResourceNotFoundException");
    }

    @Test
    void nameThatIsWrittenToTheHostsFileIsFoundByARunningProcess() throws IOException {
        host.deploy(new DeploymentBuilder("resolver", CommandHandler.class));
        Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n");
        JsonNode before = host.command("resolver", "resolve", "never.example").body();

        Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n127.0.0.1 restored.example\n");
        JsonNode after = host.command("resolver", "resolve", "restored.example").body();

        assertThat(before.get("address").asText()).isEqualTo("unknown");
        assertThat(after.get("address").asText()).isEqualTo("127.0.0.1");
        assertThat(after.get("process")).isEqualTo(before.get("process"));
    }

    @Test
    void webPageIsRefused() throws IOException {
        host.deploy(new DeploymentBuilder("private", EchoHandler.class));

        for (String header : List.of("Origin: https://evil.example", "Sec-Fetch-Site: cross-site")) {
            assertThat(statusLine("127.0.0.1:" + host.uri().getPort(), header)).isEqualTo("HTTP/1.1 403 Error");
        }
        // A name of the page's own server that now points here (DNS rebinding).
        assertThat(statusLine("evil.example", "Accept: */*")).isEqualTo("HTTP/1.1 403 Error");
        assertThat(statusLine("127.0.0.1.evil.example:80", "Accept: */*")).isEqualTo("HTTP/1.1 403 Error");
        assertThat(statusLine("127.0.0.1:" + host.uri().getPort(), "Accept: */*")).isEqualTo("HTTP/1.1 200 OK");
    }

    private static String statusLine(String name, String header) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", host.uri().getPort())) {
            socket.getOutputStream().write(("POST /functions/private HTTP/1.1\r\nHost: " + name + "\r\n" + header
                    + "\r\nX-Amzn-Lambda-Function-Version: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
        }
    }

    @Test
    void environmentIsTheDeploymentsAndLambdasAndNothingElse() {
        host.deploy(new DeploymentBuilder("environment", CommandHandler.class)
                .environment("DATABASE_HOST", "app.eu-central-1.rds.amazonaws.com")
                .environment("AWS_REGION", "mars-north-1")
                .memorySize(300));

        JsonNode environment = host.command("environment", "environment").body();

        assertThat(environment.get("DATABASE_HOST").asText()).isEqualTo("app.eu-central-1.rds.amazonaws.com");
        assertThat(environment.get("_HANDLER").asText()).isEqualTo(CommandHandler.class.getName());
        assertThat(environment.get("AWS_REGION").asText()).isEqualTo("eu-central-1");
        assertThat(environment.get("AWS_LAMBDA_FUNCTION_NAME").asText()).isEqualTo("environment");
        assertThat(environment.get("AWS_LAMBDA_FUNCTION_VERSION").asText()).isEqualTo("1");
        assertThat(environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").asText()).isEqualTo("300");
        assertThat(environment.get("AWS_LAMBDA_LOG_GROUP_NAME").asText()).isEqualTo("/aws/lambda/environment");
        assertThat(environment.get("AWS_EXECUTION_ENV").asText()).isEqualTo("AWS_Lambda_java21");
        assertThat(environment.get("AWS_ENDPOINT_URL").asText()).isEqualTo("http://127.0.0.1:4566");
        assertThat(Set.copyOf(names(environment))).isEqualTo(Set.of("DATABASE_HOST", "_HANDLER", "LAMBDA_TASK_ROOT", "AWS_REGION",
                "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_LOG_FORMAT",
                "AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "LANG", "PATH", "TZ"));
    }

    @Test
    void credentialsAreTheRolesAndCanBeTracedBack() {
        host.deploy(new DeploymentBuilder("role", CommandHandler.class).roleArn("arn:aws:iam::000000000000:role/reader"));

        JsonNode environment = host.command("role", "environment").body();

        RoleSessions.Session session = host.sessions().byAccessKeyId(environment.get("AWS_ACCESS_KEY_ID").asText()).orElseThrow();
        assertThat(session.roleArn()).isEqualTo("arn:aws:iam::000000000000:role/reader");
        assertThat(session.sessionName()).isEqualTo("role");
        assertThat(environment.get("AWS_SECRET_ACCESS_KEY").asText()).isEqualTo(session.secretAccessKey());
        assertThat(environment.get("AWS_SESSION_TOKEN").asText()).isEqualTo(session.sessionToken());
    }

    @Test
    void processWritesOnlyBelowTheHostsDirectory() {
        host.deploy(new DeploymentBuilder("properties", CommandHandler.class).memorySize(200));

        JsonNode properties = host.command("properties", "properties").body();

        assertThat(Path.of(properties.get("java.io.tmpdir").asText())).isDirectory().hasParent(directory.resolve("tmp"));
        assertThat(properties.get("user.home")).isEqualTo(properties.get("java.io.tmpdir"));
        assertThat(Path.of(properties.get("user.dir").asText())).hasParent(directory.resolve("functions/properties"));
        assertThat(properties.get("set.from.outside").asText()).isEqualTo("with a blank");
        assertThat(properties.get("maximumHeap").asLong()).isBetween(150L << 20, 170L << 20);
    }

    @Test
    void processThatStartsWhileLambdaMayNotWriteLogsHasNone() {
        DeploymentBuilder quiet = new DeploymentBuilder("quiet", CommandHandler.class);
        host.deploy(quiet);
        host.command("quiet", "log", "before");
        assertThat(host.log("quiet")).contains("before").contains("REPORT RequestId");

        host.mayWriteLogs("quiet", false);
        host.deploy(quiet.memorySize(300));
        String before = host.log("quiet");
        RunningHost.Reply unheard = host.command("quiet", "log", "unheard");

        assertThat(unheard.status()).isEqualTo(200);
        assertThat(host.log("quiet")).isEqualTo(before);

        host.mayWriteLogs("quiet", true);
        host.deploy(quiet.memorySize(310));
        host.command("quiet", "log", "after");
        assertThat(host.log("quiet")).contains("after").doesNotContain("unheard");
    }

    @Test
    void contextNamesTheRequestAndTheDeadline() {
        host.deploy(new DeploymentBuilder("context", CommandHandler.class).timeout(17));

        JsonNode context = host.command("context", "context").body();

        assertThat(context.get("requestId").asText()).isEqualTo("request-of-context");
        assertThat(context.get("arn").asText()).endsWith(":function:context:live");
        assertThat(context.get("memory").asInt()).isEqualTo(256);
        assertThat(context.get("remaining").asInt()).isBetween(1, 17_000);
    }

    @Test
    void concurrentRequestsUseProcessesOfTheirOwnAndTheOneAboveTheMaximumIsThrottled() {
        host.deploy(new DeploymentBuilder("concurrent", CommandHandler.class));

        List<CompletableFuture<RunningHost.Reply>> requests = Stream.of(1, 2, 3)
                .map(number -> host.commandLater("concurrent", "sleep", 1_000))
                .toList();
        List<RunningHost.Reply> replies = requests.stream().map(CompletableFuture::join).toList();

        assertThat(replies).extracting(RunningHost.Reply::status).containsExactlyInAnyOrder(200, 200, 429);
        assertThat(replies.stream().filter(reply -> reply.status() == 200).map(reply -> reply.body().get("process"))).doesNotHaveDuplicates();
        RunningHost.Reply throttled = replies.stream().filter(reply -> reply.status() == 429).findFirst().orElseThrow();
        assertThat(throttled.errorType()).isEqualTo("TooManyRequestsException");
        assertThat(throttled.body().get("Reason").asText()).isEqualTo("ConcurrentInvocationLimitExceeded");
    }

    @Test
    void changedCodeRunsInANewProcessAndTheOldOneEnds() {
        host.deploy(new DeploymentBuilder("redeployed", CommandHandler.class));
        JsonNode before = host.command("redeployed", "identify").body();

        host.deploy(new DeploymentBuilder("redeployed", CommandHandler.class).code(CodeJar.marked("second build")));
        JsonNode after = host.command("redeployed", "identify").body();

        assertThat(before.get("marker").asText()).isEqualTo("first build");
        assertThat(after.get("marker").asText()).isEqualTo("second build");
        assertEnds(before.get("process").asLong());
        assertThat(host.host().processes()).extracting(ProcessHandle::pid)
                .contains(after.get("process").asLong()).doesNotContain(before.get("process").asLong());
    }

    @Test
    void changedVariableReachesTheNextRequest() {
        host.deploy(new DeploymentBuilder("reconfigured", CommandHandler.class).environment("GREETING", "hello"));
        host.command("reconfigured", "identify");

        host.deploy(new DeploymentBuilder("reconfigured", CommandHandler.class).environment("GREETING", "goodbye"));

        assertThat(host.command("reconfigured", "environment").body().get("GREETING").asText()).isEqualTo("goodbye");
    }

    @Test
    void logHoldsThePlatformsLinesAndTheHandlersInOrder() {
        host.deploy(new DeploymentBuilder("logging", CommandHandler.class));

        host.command("logging", "log", "the first line");
        host.command("logging", "log", "the second line");

        assertThat(host.log("logging")).containsSubsequence(
                "INIT_START Runtime Version: java21",
                "START RequestId: request-of-logging Version: 1",
                "printed the first line",
                "logged the first line",
                "END RequestId: request-of-logging",
                "START RequestId: request-of-logging Version: 1",
                "printed the second line",
                "END RequestId: request-of-logging");
        List<String> reports = host.log("logging").lines().filter(line -> line.startsWith("REPORT ")).toList();
        assertThat(reports).hasSize(2).allSatisfy(line -> assertThat(line).matches("REPORT RequestId: request-of-logging"
                + "\tDuration: [0-9.]+ ms\tBilled Duration: [0-9]+ ms\tMemory Size: 256 MB\tMax Memory Used: [0-9]+ MB.*"));
        assertThat(reports.get(0)).contains("\tInit Duration: ");
        assertThat(reports.get(1)).doesNotContain("Init Duration");
    }

    @Test
    void jsonLogFormatHoldsOneRecordALine() {
        host.deploy(new DeploymentBuilder("structured", CommandHandler.class)
                .logging(new Deployment.Logging("JSON", "INFO", "/webapp/structured")));

        host.command("structured", "log", "an event");

        assertThat(host.log("structured").lines()).anySatisfy(line -> assertThat(line)
                .startsWith("{").endsWith("}").contains("\"message\":\"logged an event\"", "\"AWSRequestId\":\"request-of-structured\""));
    }

    @Test
    void unicodeArrivesAndReturnsUnchanged() {
        host.deploy(new DeploymentBuilder("unicode", EchoHandler.class));

        assertThat(host.invoke("unicode", "{\"name\":\"Zoë 漢字 🎈\"}").body().get("name").asText()).isEqualTo("Zoë 漢字 🎈");
    }

    @Test
    void largestEventMakesTheRoundTripAndALargerOneIsRefused() {
        host.deploy(new DeploymentBuilder("large", EchoHandler.class));
        byte[] largest = ('"' + "x".repeat(FunctionHost.MAXIMUM_REQUEST - 2) + '"').getBytes(StandardCharsets.UTF_8);
        byte[] tooLarge = ('"' + "x".repeat(FunctionHost.MAXIMUM_REQUEST - 1) + '"').getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> accepted = host.send("large", largest).join();
        HttpResponse<byte[]> refused = host.send("large", tooLarge).join();

        assertThat(accepted.body()).isEqualTo(largest);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("RequestTooLargeException");
    }

    @Test
    void unknownFunctionIsNamed() {
        RunningHost.Reply reply = host.command("absent", "identify");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.errorType()).isEqualTo("ResourceNotFoundException");
        assertThat(reply.errorMessage()).contains("absent:1");
    }

    @Test
    void idleProcessEnds(@TempDir Path other) throws IOException {
        try (RunningHost impatient = new RunningHost(other, settings -> settings.withIdleTime(Duration.ofMillis(50)))) {
            impatient.deploy(new DeploymentBuilder("idle", CommandHandler.class));

            assertEnds(impatient.command("idle", "identify").body().get("process").asLong());
        }
    }

    @Test
    void closingLeavesNoProcessAndNoPort(@TempDir Path other) throws IOException, InterruptedException {
        RunningHost closing = new RunningHost(other);
        closing.deploy(new DeploymentBuilder("closed", CommandHandler.class));
        closing.command("closed", "identify");
        CompletableFuture<RunningHost.Reply> busy = closing.commandLater("closed", "sleep", 10_000);
        closing.awaitLines("closed", "START RequestId", 2);
        Set<ProcessHandle> processes = closing.host().processes();

        closing.close();

        assertThat(processes).hasSize(1).noneMatch(ProcessHandle::isAlive);
        assertThat(closing.host().processes()).isEmpty();
        assertThat(busy.handle((reply, failure) -> "ended").join()).isEqualTo("ended");
        assertThatThrownBy(() -> new Socket("127.0.0.1", closing.uri().getPort()).close()).isInstanceOf(ConnectException.class);
        try (Stream<Path> left = Files.list(other.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    private static void assertEnds(long process) {
        ProcessHandle.of(process).ifPresent(handle -> assertThat(handle.onExit()).succeedsWithin(Duration.ofSeconds(10)));
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
