package webapp.canary;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Rolls new versions of functions out behind their aliases. Terraform starts a rollout, alarms end it, and time promotes it; each failure is
 * thrown, to fail the apply or to be repeated by Lambda.
 */
public final class RolloutHandler implements RequestStreamHandler {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    private final Map<String, Canary> canaries;
    private final Aliases aliases;
    private final Alarms alarms;
    private final Journal journal;
    private final InstantSource clock;

    /** Lambda's; the environment variable {@code CANARIES} says which functions, and how. */
    public RolloutHandler() {
        this(System.getenv("CANARIES"),
                LambdaClient.builder()
                        .httpClientBuilder(http())
                        .overrideConfiguration(client -> client.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT))
                        .build(),
                CloudWatchClient.builder()
                        .httpClientBuilder(http())
                        .overrideConfiguration(client -> client.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT))
                        .build(),
                System.out::println,
                InstantSource.system());
    }

    RolloutHandler(String canaries, LambdaClient lambda, CloudWatchClient cloudWatch, Consumer<String> lines, InstantSource clock) {
        this.canaries = Canary.parse(canaries);
        this.aliases = new Aliases(lambda);
        this.alarms = new Alarms(cloudWatch);
        this.journal = new Journal(lines);
        this.clock = clock;
    }

    private static UrlConnectionHttpClient.Builder http() {
        return UrlConnectionHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        String answer = switch (Signal.of(Leaves.read(input))) {
            case Signal.Start start -> start(start);
            case Signal.Alarm alarm -> {
                forEach(canary -> {
                    if (canary.alarms().contains(alarm.name())) {
                        rollout(canary).alarm(alarm.name(), alarm.at());
                    }
                });
                yield "done";
            }
            case Signal.Calm calm -> "done";
            case Signal.Tick tick -> {
                forEach(canary -> rollout(canary).tick());
                yield "done";
            }
        };
        try (JsonGenerator json = new JsonFactory().createGenerator(output)) {
            json.writeStartObject();
            json.writeStringField("rollout", answer);
            json.writeEndObject();
        }
    }

    private String start(Signal.Start start) {
        Canary canary = canaries.get(start.function());
        if (canary == null) {
            throw new IllegalArgumentException("no canary of this function is configured: " + start.function());
        }
        return rollout(canary).start(start.version());
    }

    /** Each of them, also when one before it fails; then all failures at once. */
    private void forEach(Consumer<Canary> action) {
        RuntimeException failure = null;
        for (Canary canary : canaries.values()) {
            try {
                action.accept(canary);
            } catch (RuntimeException e) {
                RuntimeException named = new IllegalStateException("rollout of " + canary.functionName() + ": " + e.getMessage(), e);
                if (failure == null) {
                    failure = named;
                } else {
                    failure.addSuppressed(named);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Rollout rollout(Canary canary) {
        return new Rollout(canary, aliases, alarms, journal, clock);
    }
}
