package webapp.api.authorizer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import webapp.api.http.HttpCalls;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;
import webapp.core.snapstart.Checkpoint;
import webapp.core.time.Deadline;

/**
 * The authorizer of any OpenID Connect issuer's tokens for a REST API, which has no JWT authorizer of its own: it decides as that of an
 * HTTP API does (issuer, audience or client, time, signature by RS256; and ES256 besides).
 *
 * <p>It says who asks, not what they may do: the policy allows the API's stage, and API Gateway applies it, while it is cached, only to
 * methods that use this authorizer; those of another one have another one's policy. Methods with a Lambda authorizer do not check
 * scopes, though: an operation for some scope, group or use of token is guarded by its function, from the context. A token is honoured
 * until the cache's time to live after it expired or was revoked: keep that short.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html">JWT authorizers of HTTP APIs</a>
 */
public final class JwtAuthorizerHandler implements RequestStreamHandler {
    private static final int LONGEST_SUBJECT = 255;

    private static final Pattern LIST_CHARACTER = Pattern.compile("[,\\[\\]]");

    private final Authorizer authorizer;
    private final Checkpoint checkpoint;

    /**
     * Lambda's; the environment has the issuer ({@code JWT_ISSUER}, as the claim {@code iss} spells it) and the audiences ({@code
     * JWT_AUDIENCE}, separated by commas).
     */
    public JwtAuthorizerHandler() {
        this(Configuration.ofEnvironment(), new HttpCalls(), Clock.systemUTC());
    }

    JwtAuthorizerHandler(Configuration configuration, HttpCalls calls, Clock clock) {
        String issuer = issuer(configuration);
        List<String> audiences = audiences(configuration);
        IssuerKeys keys = new IssuerKeys(
                issuer, (address, deadline) -> document(calls, address, deadline), clock, LambdaRuntime.getLogger());
        this.authorizer =
                new Authorizer(new TokenVerifier(keys, clock), (token, stageArn) -> grant(token, stageArn, issuer, audiences));
        this.checkpoint = Checkpoint.register()
                .prime("issuer's tokens", JwtAuthorizerHandler::prime)
                .close(calls);
    }

    private static String issuer(Configuration configuration) {
        String issuer = configuration.text("JWT_ISSUER");
        try {
            URI address = new URI(issuer);
            if ("https".equals(address.getScheme())
                    && address.getHost() != null
                    && address.getUserInfo() == null
                    && address.getQuery() == null
                    && address.getFragment() == null) {
                return issuer;
            }
        } catch (URISyntaxException e) {
            // Answered below, like a URI of another scheme.
        }
        throw new ConfigurationException(
                "JWT_ISSUER is '" + issuer + "': set it to the issuer's https URL, as in its tokens' claim iss");
    }

    private static List<String> audiences(Configuration configuration) {
        List<String> audiences = Arrays.stream(configuration.text("JWT_AUDIENCE").split(","))
                .map(String::strip)
                .filter(audience -> !audience.isEmpty())
                .toList();
        if (audiences.isEmpty()) {
            throw new ConfigurationException("JWT_AUDIENCE has no audience: list at least one, separated by commas");
        }
        return audiences;
    }

    private static byte[] document(HttpCalls calls, URI address, Deadline deadline) throws IOException {
        HttpCalls.Answer answer = calls.get(address, IssuerKeys.LONGEST_DOCUMENT, deadline);
        if (answer.status() != 200) {
            throw new IOException("the answer has status " + answer.status());
        }
        return answer.body();
    }

    private static Grant grant(Jwt token, String stageArn, String issuer, List<String> audiences) throws TokenRefused {
        if (!issuer.equals(token.text("iss"))) {
            throw new TokenRefused("of another issuer");
        }
        // As an HTTP API does: an access token of Cognito has no audience but a client.
        List<String> audience = token.texts("aud");
        String client = token.text("client_id");
        if (audience.isEmpty() ? client == null || !audiences.contains(client) : audience.stream().noneMatch(audiences::contains)) {
            throw new TokenRefused("for another audience");
        }
        String subject = token.text("sub");
        if (subject == null || subject.isBlank() || subject.length() > LONGEST_SUBJECT) {
            throw new TokenRefused("without a subject");
        }
        return new Grant(subject, stageArn + "/*", context(token, subject, issuer));
    }

    /**
     * The claims that the functions decide by, under their own names, those that are there: as flat texts, since a REST API's context takes
     * no lists. A group whose name would be read as two, or as a list, is left out.
     */
    private static Map<String, String> context(Jwt token, String subject, String issuer) throws TokenRefused {
        Map<String, String> context = new LinkedHashMap<>();
        context.put("sub", subject);
        context.put("iss", issuer);
        for (String claim : List.of("client_id", "token_use", "name")) {
            if (token.claims().containsKey(claim)) {
                context.put(claim, token.text(claim));
            }
        }
        // Those of no scope too: that there is a claim of scopes tells an access token from an ID token.
        for (String claim : List.of("aud", "scope", "scp")) {
            if (token.claims().containsKey(claim)) {
                context.put(claim, String.join(" ", token.texts(claim)));
            }
        }
        for (String claim : List.of("cognito:groups", "groups")) {
            if (token.claims().containsKey(claim)) {
                List<String> groups = token.texts(claim);
                context.put(claim, String.join(
                        ",", groups.stream().filter(group -> !LIST_CHARACTER.matcher(group).find()).toList()));
            }
        }
        Object verified = token.claims().get("email_verified");
        boolean unverified = Boolean.FALSE.equals(verified) || "false".equals(verified);
        if (token.claims().containsKey("email") && !unverified) {
            context.put("email", token.text("email"));
        }
        return context;
    }

    /**
     * Verifies tokens of a key set that no deployment knows, at the time they were made. Nothing is asked of the issuer: how it is to be
     * reached may differ when the snapshot is restored, and its keys too.
     */
    static void prime(Context context) throws IOException {
        IssuerKeys keys = new IssuerKeys(
                PrimingTokens.ISSUER,
                (address, deadline) -> PrimingTokens.document(address),
                PrimingTokens.CLOCK,
                context.getLogger());
        Authorizer priming = new Authorizer(
                new TokenVerifier(keys, PrimingTokens.CLOCK),
                (token, stageArn) -> grant(token, stageArn, PrimingTokens.ISSUER, List.of(PrimingTokens.AUDIENCE)));
        for (String token : List.of(PrimingTokens.ES256, PrimingTokens.RS256)) {
            priming.prime(token, context);
        }
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        authorizer.authorize(input, output, context);
    }

    /** For tests: what runs before a snapshot. */
    Checkpoint checkpoint() {
        return checkpoint;
    }
}
