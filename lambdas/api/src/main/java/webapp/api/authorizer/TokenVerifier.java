package webapp.api.authorizer;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import webapp.core.time.Deadline;

/**
 * Believes a token, or refuses it: one of the keys that may sign it did, with its own algorithm, and the token is valid now. Whom it
 * is for, and what it allows, is the caller's question.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc8725">JSON Web Token Best Current Practices</a>
 */
final class TokenVerifier {
    /** How far clocks may differ. */
    static final Duration SKEW = Duration.ofSeconds(60);

    /** Who may sign a token. */
    @FunctionalInterface
    interface Keys {
        /**
         * @param token whose claims nobody has verified yet
         * @throws IOException if the keys cannot be had at the moment
         */
        List<VerificationKey> of(Jwt token, Deadline deadline) throws TokenRefused, IOException;
    }

    private final Keys keys;
    private final Clock clock;

    TokenVerifier(Keys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** @return the token, now believed */
    Jwt verify(String text, Deadline deadline) throws TokenRefused, IOException {
        Jwt token = Jwt.parse(text);
        if (keys.of(token, deadline).stream().noneMatch(key -> key.verifies(token))) {
            throw new TokenRefused("no key verifies it");
        }
        checkTime(token);
        return token;
    }

    private void checkTime(Jwt token) throws TokenRefused {
        Instant now = clock.instant();
        Instant expires = token.time("exp");
        if (expires == null) {
            throw new TokenRefused("never expires");
        }
        if (!now.isBefore(expires.plus(SKEW))) {
            throw new TokenRefused("expired");
        }
        for (String claim : List.of("nbf", "iat")) {
            Instant from = token.time(claim);
            if (from != null && now.isBefore(from.minus(SKEW))) {
                throw new TokenRefused("not valid yet");
            }
        }
    }
}
