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
import webapp.api.ResourceId;
import webapp.api.paging.Cursor;
import webapp.api.paging.Page;
import webapp.api.paging.PageRequest;
import webapp.core.configuration.Configuration;
import webapp.core.database.Database;
import webapp.core.http.Admission;
import webapp.core.http.Caller;
import webapp.core.http.IdempotencyKey;
import webapp.core.http.Request;
import webapp.core.http.Response;
import webapp.core.http.Router;
import webapp.core.http.UserPool;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;
import webapp.core.snapstart.Checkpoint;

/**
 * The operations {@code registerUser}, {@code listUsers}, {@code getUser}, {@code getOwnProfile} and {@code putOwnProfile} of the contract.
 */
public final class UsersHandler implements RequestStreamHandler {
    /** The path as the client sees it, which is the contract's server URL and path. */
    private static final String LOCATION = "/api/users/";

    /** No user's id: all of them come after it, or before. */
    private static final UUID FIRST = new UUID(0, 0);

    private static final UUID LAST = new UUID(-1, -1);

    /** The contract's pattern of If-Match: one strong tag, as an ETag of ours is. */
    static final Pattern TAG = Pattern.compile("\"[A-Za-z0-9_-]{1,64}\"");

    private final Users users;
    private final Profiles profiles;
    private final Clock clock;
    private final Router router;
    private final Checkpoint checkpoint;

    /** Lambda's; the environment says where the database is, and whose tokens are good. */
    public UsersHandler() {
        this(Configuration.ofEnvironment());
    }

    private UsersHandler(Configuration configuration) {
        this(Database.of(configuration), UserPool.of(configuration), Clock.systemUTC());
    }

    UsersHandler(Database database, UserPool pool, Clock clock) {
        this.users = new Users(database);
        this.profiles = new Profiles(database);
        this.clock = clock;
        this.router = new Router()
                .on("POST", "/users", this::register)
                .on("GET", "/users", Admission.signers(), this::list)
                .on("GET", "/users/{userId}", Admission.signers(), this::get)
                .on("GET", "/users/me", pool.people(), this::getProfile)
                .on("PUT", "/users/me", pool.people(), this::putProfile);
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
                .prime("getOwnProfile", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/users/me","requestContext":{"authorizer":{"claims":%s}}}"""
                        .formatted(pool.nobody()), context))
                // Refused for its name, so that nothing is written.
                .prime("putOwnProfile", context -> router.prime("""
                        {"httpMethod":"PUT","resource":"/users/me","headers":{"Content-Type":"application/json","If-Match":"\\"x\\""},
                        "body":"{\\"name\\":\\"\\"}","requestContext":{"authorizer":{"claims":%s}}}""".formatted(pool.nobody()), context))
                .close(database);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        router.answer(input, output, context);
    }

    private Response register(Request request) {
        Registration registration = Registration.of(request.fields());
        IdempotencyKey key = IdempotencyKey.of(request, List.of("registerUser"), registration.content());
        long millis = clock.millis();
        User user = users.add(
                new User(
                        ResourceId.create(millis),
                        registration.name(),
                        registration.email(),
                        registration.phone(),
                        Instant.ofEpochMilli(millis)),
                key,
                request.deadline());
        return Response.json(201, user::write).header("Location", LOCATION + user.userId());
    }

    private Response list(Caller.Signer caller, Request request) {
        PageRequest asked = PageRequest.of(request);
        Page<User> page = asked.page(users.list(asked.after(FIRST), asked.lookedFor(), request.deadline()));
        logRead("listUsers", caller, request, page.entries());
        return Response.json(200, json -> page.write(json, "users", User::write, user -> Cursor.after(user.userId())));
    }

    private Response get(Caller.Signer caller, Request request) {
        UUID userId = ResourceId.parse(request.path().get("userId"));
        User user = userId == null ? null : users.find(userId, request.deadline()).orElse(null);
        if (user == null) {
            throw UserProblems.userNotFound();
        }
        logRead("getUser", caller, request, List.of(user));
        return Response.json(200, user::write);
    }

    private Response getProfile(Caller.Person caller, Request request) {
        return answer(profiles.find(caller, request.deadline()));
    }

    private Response putProfile(Caller.Person caller, Request request) {
        List<String> tags = request.headers().getOrDefault("If-Match", List.of());
        if (tags.size() > 1 || tags.size() == 1 && (tags.getFirst() == null || !TAG.matcher(tags.getFirst()).matches())) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "The header If-Match must be the ETag of the profile as it was read, or be left out.");
        }
        ProfileContent content = ProfileContent.of(request.fields());
        Instant now = Instant.ofEpochMilli(clock.millis());
        return answer(tags.isEmpty()
                ? profiles.put(caller, content, now, request.deadline())
                : profiles.replace(caller, tags.getFirst(), content, now, request.deadline()));
    }

    private static Response answer(Profile profile) {
        return Response.json(200, profile::write).header("ETag", profile.tag().toString());
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
