package webapp.api.users;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import webapp.api.idempotency.IdempotencyKey;
import webapp.core.configuration.Configuration;
import webapp.core.database.Database;
import webapp.core.http.Admission;
import webapp.core.http.Caller;
import webapp.core.http.Request;
import webapp.core.http.Response;
import webapp.core.http.Router;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;
import webapp.core.snapstart.Checkpoint;

/** The operations {@code registerUser}, {@code listUsers} and {@code getUser} of the contract. */
public final class UsersHandler implements RequestStreamHandler {
    /** The path as the client sees it, which is the contract's server URL and path. */
    private static final String LOCATION = "/api/users/";

    private static final int DEFAULT_LIMIT = 50;

    /** 1-100, as the contract says. */
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");

    /** No user's id: all of them come after it, or before. */
    private static final UUID FIRST = new UUID(0, 0);

    private static final UUID LAST = new UUID(-1, -1);

    private final Users users;
    private final Clock clock;
    private final Router router = new Router()
            .on("POST", "/users", this::register)
            .on("GET", "/users", Admission.signers(), this::list)
            .on("GET", "/users/{userId}", Admission.signers(), this::get);
    private final Checkpoint checkpoint;

    /** Lambda's; the environment says where the database is. */
    public UsersHandler() {
        this(Database.of(Configuration.ofEnvironment()), Clock.systemUTC());
    }

    UsersHandler(Database database, Clock clock) {
        this.users = new Users(database);
        this.clock = clock;
        this.checkpoint = Checkpoint.register()
                // Refused for its email, so that nothing is written.
                .prime("registerUser", context -> router.prime("""
                        {"httpMethod":"POST","resource":"/users","headers":{"Content-Type":"application/json"},
                        "body":"{\\"name\\":\\"x\\",\\"email\\":\\"x\\"}"}""", context))
                // Beyond the last user, and below of none: a snapshot must not hold anybody's data.
                .prime("listUsers", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/users","queryStringParameters":{"limit":"1","cursor":"%s"},
                        "requestContext":{"identity":{"userArn":"snapstart-priming"}}}""".formatted(Cursor.after(LAST)), context))
                .prime("getUser", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/users/{userId}",
                        "pathParameters":{"userId":"00000000-0000-0000-0000-000000000000"},
                        "requestContext":{"identity":{"userArn":"snapstart-priming"}}}""", context))
                .close(database);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        router.answer(input, output, context);
    }

    private Response register(Request request) {
        Registration registration = Registration.of(request.fields());
        IdempotencyKey key = IdempotencyKey.of(request, "registerUser", registration.content());
        long millis = clock.millis();
        User user = users.add(
                new User(
                        UserId.create(millis),
                        registration.name(),
                        registration.email(),
                        registration.phone(),
                        Instant.ofEpochMilli(millis)),
                key,
                request.deadline());
        return Response.json(201, user::write).header("Location", LOCATION + user.userId());
    }

    private Response list(Caller.Signer caller, Request request) {
        int limit = limit(request.parameter("limit"));
        String cursor = request.parameter("cursor");
        UUID after = cursor == null ? FIRST : Cursor.parse(cursor);
        // One more than is shown tells whether there is another page.
        List<User> found = users.list(after, limit + 1, request.deadline());
        boolean more = found.size() > limit;
        List<User> shown = more ? found.subList(0, limit) : found;
        logRead("listUsers", caller, request, shown);
        return Response.json(200, json -> {
            json.writeArrayFieldStart("users");
            for (User user : shown) {
                json.writeStartObject();
                user.write(json);
                json.writeEndObject();
            }
            json.writeEndArray();
            if (more) {
                json.writeStringField("nextCursor", Cursor.after(shown.getLast().userId()));
            }
        });
    }

    private static int limit(String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        if (!LIMIT.matcher(text).matches()) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The parameter limit must be a whole number from 1 to 100.");
        }
        return Integer.parseInt(text);
    }

    private Response get(Caller.Signer caller, Request request) {
        UUID userId = UserId.parse(request.path().get("userId"));
        User user = userId == null ? null : users.find(userId, request.deadline()).orElse(null);
        if (user == null) {
            throw UserProblems.userNotFound();
        }
        logRead("getUser", caller, request, List.of(user));
        return Response.json(200, user::write);
    }

    /** Who was shown whose data: ids only, since a log outlives the data it tells of. */
    private static void logRead(String operation, Caller caller, Request request, List<User> shown) {
        if (!shown.isEmpty()) {
            request.logger().log(
                    "Personal data read: operation=" + operation + " caller=" + caller.logged() + " users=" + shown.size()
                            + " first=" + shown.getFirst().userId() + " last=" + shown.getLast().userId()
                            + " correlationId=" + request.correlationId(),
                    LogLevel.INFO);
        }
    }

    /** For tests: what runs before a snapshot. */
    Checkpoint checkpoint() {
        return checkpoint;
    }
}
