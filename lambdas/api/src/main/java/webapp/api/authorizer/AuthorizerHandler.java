package webapp.api.authorizer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import webapp.core.configuration.Configuration;
import webapp.core.snapstart.Checkpoint;

/**
 * The authorizer of partners (docs/partners.md): a partner signs a short-lived token with its own key, and may ask for its own paths,
 * {@code GET /partners/ID/...}. The function knows public keys only, so that nothing here can be stolen to make a token of.
 *
 * <p>The policy names the partner's paths whatever path was asked for. API Gateway keeps it for the token, up to the authorizer's
 * time to live, and everything that it does not name is denied.
 */
public final class AuthorizerHandler implements RequestStreamHandler {
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(15);

    private final Authorizer authorizer;
    private final Checkpoint checkpoint;

    /** Lambda's; the environment has the partners' keys ({@code PARTNER_KEYS}) and the tokens' audience ({@code PARTNER_AUDIENCE}). */
    public AuthorizerHandler() {
        this(Configuration.ofEnvironment(), Clock.systemUTC());
    }

    AuthorizerHandler(Configuration configuration, Clock clock) {
        this.authorizer = authorizer(configuration, clock);
        this.checkpoint = Checkpoint.register().prime("partner tokens", this::prime);
    }

    private static Authorizer authorizer(Configuration configuration, Clock clock) {
        String audience = configuration.text("PARTNER_AUDIENCE");
        return new Authorizer(
                new TokenVerifier(PartnerKeys.of(configuration), clock), (token, stageArn) -> grant(token, stageArn, audience));
    }

    private static Grant grant(Jwt token, String stageArn, String audience) throws TokenRefused {
        if (!token.texts("aud").contains(audience)) {
            throw new TokenRefused("for another audience");
        }
        Instant issued = token.time("iat");
        Instant expires = token.time("exp");
        if (issued == null || !issued.isBefore(expires) || issued.plus(LONGEST_LIFE).isBefore(expires)) {
            throw new TokenRefused("does not live for at most " + LONGEST_LIFE.toMinutes() + " minutes from its iat");
        }
        String partner = token.text("sub");
        return new Grant(partner, stageArn + "/GET/partners/" + partner + "/*", Map.of("partnerId", partner));
    }

    /** Verifies tokens of keys that no deployment knows, at the time they were made: those of real partners are never made here. */
    void prime(Context context) throws IOException {
        Authorizer priming = authorizer(
                new Configuration(Map.of("PARTNER_KEYS", PrimingTokens.PARTNER_KEYS, "PARTNER_AUDIENCE", PrimingTokens.AUDIENCE)),
                PrimingTokens.CLOCK);
        for (String token : List.of(PrimingTokens.EDDSA, PrimingTokens.ES256, PrimingTokens.RS256)) {
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
