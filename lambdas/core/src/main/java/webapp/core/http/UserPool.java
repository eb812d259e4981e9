package webapp.core.http;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/**
 * Whose tokens the application takes, and for what. API Gateway's authorizers check a token's signature, its time and the pool it is of;
 * that an ID token is not an access token, and which application a token was made for, they leave to the function.
 *
 * <p>{@code USER_POOL_ISSUER} is the tokens' {@code iss}; {@code USER_POOL_CLIENT_ID} is the application that people sign in to,
 * {@code MACHINE_CLIENT_IDS} are those of programs, with commas between them. Where one is missing nobody is admitted by it: a request
 * that carries a token ends with a 500, whose log names the variable.
 *
 * @see <a href="https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html">
 *     Verifying JSON web tokens</a>
 */
public final class UserPool {
    private static final String ISSUER = "USER_POOL_ISSUER";
    private static final String CLIENT_ID = "USER_POOL_CLIENT_ID";
    private static final String MACHINE_CLIENT_IDS = "MACHINE_CLIENT_IDS";

    /** OpenID Connect's limit; Cognito's subjects are UUIDs. */
    private static final int LONGEST_SUBJECT = 255;

    private final String issuer;
    private final String clientId;
    private final Set<String> machineClientIds;

    private UserPool(String issuer, String clientId, Set<String> machineClientIds) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.machineClientIds = machineClientIds;
    }

    public static UserPool of(Configuration configuration) {
        return new UserPool(
                configuration.optionalText(ISSUER),
                configuration.optionalText(CLIENT_ID),
                configuration.optionalTexts(MACHINE_CLIENT_IDS));
    }

    /** Everybody who is signed in. */
    public Admission<Caller.Person> people() {
        return new Admission<>(this::person);
    }

    /** Who is signed in and belongs to a group. */
    public Admission<Caller.Person> members(String group) {
        return new Admission<>(request -> {
            Caller.Person person = person(request);
            if (!person.groups().contains(group)) {
                throw forbidden();
            }
            return person;
        });
    }

    /** Programs whose access token has a scope, such as {@code orders/read}. */
    public Admission<Caller.Machine> machines(String scope) {
        return new Admission<>(request -> {
            Caller.Machine machine = machine(request);
            if (!machine.scopes().contains(scope)) {
                throw forbidden();
            }
            return machine;
        });
    }

    /**
     * The claims of an ID token of nobody, as JSON, to warm operations up before a snapshot: nothing can send them but the function
     * itself. {@code null} where people cannot be let in.
     */
    public String nobody() {
        return issuer == null || clientId == null ? "null" : json(Map.of("token_use", "id", "aud", clientId, "sub", "nobody"));
    }

    /** As {@link #nobody}, the claims of an access token of one of the programs. */
    public String noMachine(String scope) {
        return issuer == null || machineClientIds.isEmpty()
                ? "null"
                : json(Map.of("token_use", "access", "client_id", machineClientIds.iterator().next(), "scope", scope));
    }

    private String json(Map<String, String> claims) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Response.JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("iss", issuer);
            for (Map.Entry<String, String> claim : claims.entrySet()) {
                json.writeStringField(claim.getKey(), claim.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write claims", e);
        }
        return text.toString();
    }

    private Caller.Person person(Request request) {
        Map<String, String> claims = claims(request);
        require(CLIENT_ID, clientId != null);
        // Cognito says what a token is for. Of another issuer's, an access token is known by its client or its scopes (RFC 9068).
        String use = claims.get("token_use");
        boolean cognitos = use != null;
        check(
                request,
                cognitos
                        ? use.equals("id")
                        : !claims.containsKey("client_id") && !claims.containsKey("scope") && !claims.containsKey("scp"),
                "it is no ID token");
        check(request, request.identity().items("aud", ' ').equals(Set.of(clientId)), "it is of another client");
        String subject = claims.get("sub");
        check(request, subject != null && isSubject(subject), "it has no subject of 1-255 ASCII characters");
        return new Caller.Person(
                subject,
                claims.get("email"),
                claims.get("name"),
                clientId,
                issuer,
                cognitos ? request.identity().items("cognito:groups", ',') : groups(request));
    }

    /**
     * Of another issuer than Cognito, whose groups have no spaces in their names: a list with a space may be two groups or the name of
     * one, whose second word is another group, so it is none.
     */
    private static Set<String> groups(Request request) {
        String text = request.identity().claims().get("groups");
        if (text != null && text.startsWith("[") && text.chars().anyMatch(Character::isWhitespace)) {
            request.logger().log(
                    "Left out a token's groups: an HTTP API lists them with spaces between, so that several cannot be told from one with"
                            + " a space in its name correlationId=" + request.correlationId(),
                    LogLevel.WARN);
            return Set.of();
        }
        return request.identity().items("groups", ',');
    }

    private Caller.Machine machine(Request request) {
        Map<String, String> claims = claims(request);
        require(MACHINE_CLIENT_IDS, !machineClientIds.isEmpty());
        String use = claims.get("token_use");
        check(request, use == null || use.equals("access"), "it is no access token");
        String machine = claims.get("client_id");
        check(request, machine != null && machineClientIds.contains(machine), "it is of another client");
        return new Caller.Machine(
                machine, issuer, request.identity().items(claims.containsKey("scope") ? "scope" : "scp", ' '));
    }

    /** The claims of a token of this pool. */
    private Map<String, String> claims(Request request) {
        Map<String, String> claims = request.identity().claims();
        if (claims.isEmpty()) {
            throw ProblemException.unauthorized();
        }
        require(ISSUER, issuer != null);
        check(request, issuer.equals(claims.get("iss")), "it is of another issuer");
        return claims;
    }

    private static boolean isSubject(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_SUBJECT && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static void require(String variable, boolean present) {
        if (!present) {
            throw new ConfigurationException("Environment variable " + variable
                    + " is missing or empty, so that nobody can be let in: set it in the function's configuration");
        }
    }

    /** A client is told only that its token does not do; the log says why, for whoever set the clients up. */
    private static void check(Request request, boolean right, String otherwise) {
        if (!right) {
            request.logger().log("Refused a token: " + otherwise + " correlationId=" + request.correlationId(), LogLevel.WARN);
            throw ProblemException.unauthorized();
        }
    }

    private static ProblemException forbidden() {
        return new ProblemException(ProblemType.FORBIDDEN, "The caller may not do this.");
    }
}
