package webapp.api.health;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import webapp.core.configuration.Configuration;
import webapp.core.database.Database;
import webapp.core.http.Request;
import webapp.core.http.Response;
import webapp.core.http.Router;
import webapp.core.snapstart.Checkpoint;

/** The operations {@code getLiveness}, which never touches the database, and {@code getReadiness}, which asks it. */
public final class HealthHandler implements RequestStreamHandler {
    /** A monitor wants to know now; a request of a user would wait longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Database database;
    private final Router router = new Router()
            .on("GET", "/health/live", request -> Response.json(200, json -> json.writeStringField("status", "up")))
            .on("GET", "/health/ready", this::ready);
    private final Checkpoint checkpoint;

    /** Lambda's; the environment says where the database is. */
    public HealthHandler() {
        this(Database.of(Configuration.ofEnvironment()));
    }

    HealthHandler(Database database) {
        this.database = database;
        this.checkpoint = Checkpoint.register()
                .prime("getReadiness", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/health/ready"}""", context))
                .close(database);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        router.answer(input, output, context);
    }

    private Response ready(Request request) {
        database.read(request.deadline().orIn(PATIENCE), handle -> handle.createQuery("SELECT 1")
                .map((row, context) -> row.getInt(1))
                .one());
        return Response.json(200, json -> {
            json.writeStringField("status", "up");
            json.writeStringField("database", "up");
        });
    }

    /** For tests: what runs before a snapshot. */
    Checkpoint checkpoint() {
        return checkpoint;
    }
}
