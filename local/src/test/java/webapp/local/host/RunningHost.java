package webapp.local.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A function host with deployments that a test sets, invoked as local AWS does it. */
final class RunningHost implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Deployment> deployments = new ConcurrentHashMap<>();
    private final Set<String> withoutLogs = ConcurrentHashMap.newKeySet();
    private final RoleSessions sessions;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FunctionHost host;

    RunningHost(Path directory) throws IOException {
        this(directory, UnaryOperator.identity());
    }

    RunningHost(Path directory, UnaryOperator<HostSettings> settings) throws IOException {
        this(directory, settings, new RoleSessions(new StubSts(InstantSource.system())));
    }

    RunningHost(Path directory, UnaryOperator<HostSettings> settings, RoleSessions sessions) throws IOException {
        this.sessions = sessions;
        host = new FunctionHost(
                settings.apply(new HostSettings(directory, Path.of(System.getProperty("java.home")), "eu-central-1")),
                (region, name, version) -> Optional.ofNullable(deployments.get(region + ':' + name + ':' + version)),
                sessions,
                deployment -> !withoutLogs.contains(deployment.functionName()));
    }

    /** Whether processes of a function that start from now on may write logs. */
    void mayWriteLogs(String functionName, boolean may) {
        if (may) {
            withoutLogs.remove(functionName);
        } else {
            withoutLogs.add(functionName);
        }
    }

    /** An answer of the host. */
    record Reply(int status, JsonNode body, HttpResponse<byte[]> response) {
        String errorType() {
            return body.path("errorType").asText();
        }

        String errorMessage() {
            return body.path("errorMessage").asText();
        }
    }

    void deploy(DeploymentBuilder deployment) {
        Deployment deployed = deployment.build();
        deployments.put(deployed.region() + ':' + deployed.functionName() + ':' + deployed.version(), deployed);
    }

    Reply command(String functionName, String command, Object argument) {
        return invoke(functionName, JSON.createObjectNode().put("command", command).put("argument", argument.toString()).toString());
    }

    Reply command(String functionName, String command) {
        return command(functionName, command, "");
    }

    Reply commandIn(String region, String functionName, String command) {
        return reply(send(region, functionName, JSON.createObjectNode().put("command", command).put("argument", "").toString().getBytes(UTF_8)).join());
    }

    Reply invoke(String functionName, String event) {
        return reply(send(functionName, event.getBytes(UTF_8)).join());
    }

    CompletableFuture<Reply> commandLater(String functionName, String command, Object argument) {
        return CompletableFuture.supplyAsync(() -> command(functionName, command, argument), task -> Thread.ofVirtual().start(task));
    }

    CompletableFuture<HttpResponse<byte[]>> send(String functionName, byte[] event) {
        return send("eu-central-1", functionName, event);
    }

    private CompletableFuture<HttpResponse<byte[]>> send(String region, String functionName, byte[] event) {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve("/functions/" + functionName))
                .header("X-Amzn-Lambda-Function-Version", "1")
                .header("X-Amzn-Lambda-Function-Arn", "arn:aws:lambda:" + region + ":000000000000:function:" + functionName + ":live")
                .header("X-Amzn-Lambda-Request-Id", "request-of-" + functionName)
                .POST(HttpRequest.BodyPublishers.ofByteArray(event))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static Reply reply(HttpResponse<byte[]> response) {
        try {
            return new Reply(response.statusCode(), JSON.readTree(response.body()), response);
        } catch (IOException e) {
            throw new IllegalStateException("Reading the answer " + new String(response.body(), UTF_8), e);
        }
    }

    String log(String functionName) {
        try {
            return Files.readString(host.logFile(functionName));
        } catch (IOException e) {
            throw new IllegalStateException("Reading the log of " + functionName, e);
        }
    }

    /** Waits until a function's log holds as many lines that start so. */
    void awaitLines(String functionName, String start, int count) throws InterruptedException {
        Instant limit = Instant.now().plusSeconds(20);
        while (log(functionName).lines().filter(line -> line.startsWith(start)).count() < count) {
            if (Instant.now().isAfter(limit)) {
                throw new AssertionError("Fewer than " + count + " lines start with " + start + " in " + log(functionName));
            }
            Thread.sleep(20);
        }
    }

    URI uri() {
        return host.uri();
    }

    FunctionHost host() {
        return host;
    }

    RoleSessions sessions() {
        return sessions;
    }

    @Override
    public void close() {
        host.close();
        client.close();
    }
}
