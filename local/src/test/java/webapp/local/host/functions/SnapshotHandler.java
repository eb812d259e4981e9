package webapp.local.host.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.crac.Resource;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Remembers the hooks it was called through; the one named by FAILING_HOOK fails. */
public final class SnapshotHandler implements RequestHandler<Object, Map<String, Object>>, Resource {
    private final List<String> steps = new ArrayList<>(List.of("constructed"));

    public SnapshotHandler() {
        Core.getGlobalContext().register(this);
    }

    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        step("beforeCheckpoint");
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
        step("afterRestore");
    }

    private void step(String name) {
        if (name.equals(System.getenv("FAILING_HOOK"))) {
            throw new IllegalStateException("the pool is still open");
        }
        steps.add(name);
    }

    @Override
    public Map<String, Object> handleRequest(Object event, Context context) {
        return Map.of("steps", steps, "credentials", credentials(System.getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN")),
                "withoutToken", credentials("someone else's"),
                "keyInEnvironment", System.getenv("AWS_ACCESS_KEY_ID") != null);
    }

    /** The way the SDK's container credentials provider asks. */
    private static String credentials(String token) {
        try {
            HttpURLConnection endpoint = (HttpURLConnection) URI.create(System.getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI")).toURL()
                    .openConnection();
            endpoint.setRequestProperty("Authorization", token);
            if (endpoint.getResponseCode() != 200) {
                return "refused with " + endpoint.getResponseCode();
            }
            try (InputStream answer = endpoint.getInputStream()) {
                return new String(answer.readAllBytes(), UTF_8);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Asking for credentials", e);
        }
    }
}
