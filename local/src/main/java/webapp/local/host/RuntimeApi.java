package webapp.local.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The Runtime API of one process, on a port of its own because its paths carry no process id, and the credentials endpoint of a restored
 * one. The played snapshot: {@code /restore/next} is answered at once.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {
    /** 6 MiB and some room for the envelope, as on Lambda. */
    static final int MAXIMUM_RESPONSE = 6 * 1024 * 1024 + 100;

    private static final String ROOT = "/2018-06-01/runtime/";
    private static final String INVOCATION = ROOT + "invocation/";
    private static final String CREDENTIALS = "/2021-04-23/credentials";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LoopbackServer.Response ACCEPTED =
            LoopbackServer.Response.json(202, "{\"status\":\"OK\"}".getBytes(US_ASCII));

    private final int timeout;
    private final Supplier<RoleSessions.Session> credentials;
    private final Runtime runtime;
    private final String credentialsToken = UUID.randomUUID().toString();
    private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
    private final LoopbackServer server;
    private volatile Invocation current;

    /** What the process tells about itself, on the threads of its requests. */
    interface Runtime {
        /** It asks for the next event: it is initialised, or done with the one before. */
        void ready();

        /** Its hooks before the checkpoint have run. */
        void restoring();

        /** Its initialisation, or a hook of the snapshot, failed; it will exit. */
        void initFailed(Outcome error);

        /** It has an answer, or an error, for the current event, which is not completed yet. */
        void responded();
    }

    /** @param timeout seconds, from which the deadline of each event is made */
    RuntimeApi(int timeout, Supplier<RoleSessions.Session> credentials, Runtime runtime) throws IOException {
        this.timeout = timeout;
        this.credentials = credentials;
        this.runtime = runtime;
        this.server = new LoopbackServer(0, MAXIMUM_RESPONSE, this::answer);
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    String credentialsUri() {
        return "http://" + address() + CREDENTIALS;
    }

    String credentialsToken() {
        return credentialsToken;
    }

    /** Hands an event to the process, which must be ready. */
    void offer(Invocation invocation) {
        current = invocation;
        waiting.add(invocation);
    }

    private LoopbackServer.Response answer(LoopbackServer.Request request) throws InterruptedException {
        return switch (request.method() + ' ' + request.path()) {
            case "GET " + INVOCATION + "next" -> next();
            case "GET " + ROOT + "restore/next" -> {
                runtime.restoring();
                yield new LoopbackServer.Response(200, Map.of(), new byte[0]);
            }
            case "POST " + ROOT + "init/error", "POST " + ROOT + "restore/error" -> {
                runtime.initFailed(new Outcome(request.body(), errorType(request)));
                yield ACCEPTED;
            }
            case "GET " + CREDENTIALS -> credentials(request);
            default -> result(request);
        };
    }

    private LoopbackServer.Response next() throws InterruptedException {
        runtime.ready();
        Invocation invocation = waiting.take();
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Lambda-Runtime-Aws-Request-Id", invocation.requestId());
        headers.put("Lambda-Runtime-Deadline-Ms", Long.toString(Instant.now().plusSeconds(timeout).toEpochMilli()));
        headers.put("Lambda-Runtime-Invoked-Function-Arn", invocation.invokedFunctionArn());
        if (invocation.traceId() != null) {
            headers.put("Lambda-Runtime-Trace-Id", invocation.traceId());
        }
        return new LoopbackServer.Response(200, headers, invocation.payload());
    }

    private LoopbackServer.Response result(LoopbackServer.Request request) {
        Invocation invocation = current;
        String path = invocation == null ? null : INVOCATION + invocation.requestId();
        if (request.path().equals(path + "/response")) {
            boolean tooLarge = request.length() > MAXIMUM_RESPONSE;
            complete(invocation, tooLarge ? Outcome.responseTooLarge() : Outcome.answer(request.body()));
            // The client then reports the refusal as an error of the same event, which changes nothing.
            return tooLarge ? refusal(413, "RequestEntityTooLarge", "The response is too large") : ACCEPTED;
        }
        if (request.path().equals(path + "/error")) {
            complete(invocation, new Outcome(request.body(), errorType(request)));
            return ACCEPTED;
        }
        return refusal(404, "InvalidRequestID", "Nothing is served at " + request.method() + ' ' + request.path());
    }

    private void complete(Invocation invocation, Outcome outcome) {
        runtime.responded();
        invocation.outcome().complete(outcome);
    }

    private static String errorType(LoopbackServer.Request request) {
        return request.headers().getOrDefault("Lambda-Runtime-Function-Error-Type", "Runtime.Unknown");
    }

    private LoopbackServer.Response credentials(LoopbackServer.Request request) {
        if (!credentialsToken.equals(request.headers().get("Authorization"))) {
            return refusal(403, "AccessDenied", "The authorization token is not this process's");
        }
        RoleSessions.Session session = credentials.get();
        try {
            return LoopbackServer.Response.json(200, JSON.writeValueAsBytes(Map.of(
                    "AccessKeyId", session.accessKeyId(),
                    "SecretAccessKey", session.secretAccessKey(),
                    "Token", session.sessionToken(),
                    "Expiration", session.expiration().toString())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Writing the credentials of " + session, e);
        }
    }

    private static LoopbackServer.Response refusal(int status, String errorType, String errorMessage) {
        return LoopbackServer.Response.json(status, Outcome.json(Map.of(), errorType, errorMessage));
    }

    @Override
    public void close() {
        server.close();
    }
}
