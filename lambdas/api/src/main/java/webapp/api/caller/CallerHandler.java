package webapp.api.caller;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import webapp.core.configuration.Configuration;
import webapp.core.http.Admission;
import webapp.core.http.Caller;
import webapp.core.http.Response;
import webapp.core.http.Router;
import webapp.core.http.UserPool;
import webapp.core.snapstart.Checkpoint;

/**
 * The operations of examples/rest-api and examples/http-api, which tell callers how the API knows them: {@code getStatus} for everybody,
 * {@code getPerson} for who is signed in, {@code getConsumer} for who has an API key. It needs no database.
 */
public final class CallerHandler implements RequestStreamHandler {
    private final Router router;
    private final Checkpoint checkpoint;

    /** Lambda's; the environment says whose tokens are taken, as {@link UserPool} reads it. */
    public CallerHandler() {
        this(Configuration.ofEnvironment());
    }

    CallerHandler(Configuration configuration) {
        this.router = new Router()
                .on("GET", "/status", request -> Response.json(200, json -> json.writeStringField("status", "up")))
                .on("GET", "/caller", UserPool.of(configuration).people(), (caller, request) -> person(caller))
                .on("GET", "/consumer", Admission.consumers(), (caller, request) -> consumer(caller));
        this.checkpoint = Checkpoint.register().prime("getStatus", context -> router.prime("""
                {"httpMethod":"GET","resource":"/status"}""", context));
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        router.answer(input, output, context);
    }

    private static Response person(Caller.Person caller) {
        return Response.json(200, json -> {
            json.writeStringField("subject", caller.subject());
            json.writeStringField("clientId", caller.clientId());
            json.writeStringField("issuer", caller.issuer());
            json.writeArrayFieldStart("groups");
            for (String group : caller.groups()) {
                json.writeString(group);
            }
            json.writeEndArray();
        });
    }

    private static Response consumer(Caller.Consumer caller) {
        return Response.json(200, json -> json.writeStringField("apiKeyId", caller.apiKeyId()));
    }

    /** For tests: what runs before a snapshot. */
    Checkpoint checkpoint() {
        return checkpoint;
    }
}
