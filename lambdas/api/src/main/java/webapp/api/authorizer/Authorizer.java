package webapp.api.authorizer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import webapp.core.time.Deadline;

/** What both authorizers do: read the event, believe the token or refuse it, answer with a policy. */
final class Authorizer {
    /** What is kept back of the function's remaining time, to answer and to log. */
    private static final Duration RESERVE = Duration.ofMillis(500);

    /** Below the 10 seconds that an HTTP API waits for an authorizer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String PRIMING_EVENT = """
            {"type":"REQUEST","headers":{"Authorization":"Bearer %s"},
            "methodArn":"arn:aws:execute-api:us-east-1:000000000000:snapstart/priming/GET/"}""";

    /** What a token allows. */
    @FunctionalInterface
    interface Rules {
        /** @param token whose signature and time are verified */
        Grant grant(Jwt token, String stageArn) throws TokenRefused;
    }

    private final TokenVerifier verifier;
    private final Rules rules;

    Authorizer(TokenVerifier verifier, Rules rules) {
        this.verifier = verifier;
        this.rules = rules;
    }

    /**
     * @throws Unauthorized if the token is absent or refused
     * @throws IOException if that cannot be decided; API Gateway answers 500
     */
    void authorize(InputStream input, OutputStream output, Context context) throws IOException {
        AuthorizerEvent event = AuthorizerEvent.read(input);
        String stageArn = event.stageArn();
        Deadline deadline = Deadline.in(Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE)).orIn(PATIENCE);
        Grant grant;
        try {
            grant = rules.grant(verifier.verify(event.bearerToken(), deadline), stageArn);
        } catch (TokenRefused e) {
            context.getLogger().log("Token refused: " + e.getMessage() + ", request=" + context.getAwsRequestId(), LogLevel.INFO);
            throw new Unauthorized();
        }
        grant.writeTo(output);
    }

    /** Authorizes a request of nobody, to warm the code up before a snapshot. */
    void prime(String token, Context context) throws IOException {
        byte[] event = PRIMING_EVENT.formatted(token).getBytes(StandardCharsets.UTF_8);
        authorize(new ByteArrayInputStream(event), OutputStream.nullOutputStream(), context);
    }
}
