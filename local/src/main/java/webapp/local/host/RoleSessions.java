package webapp.local.host;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Temporary credentials of the functions' roles, one session for each function and role; remembers each session until it expires, so that
 * whoever verifies a signature (the login bridge) finds the secret that made it. Safe for use by many threads.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole</a>
 */
public final class RoleSessions {
    /** A session nearer to its end than this is not handed out: the longest function runs for 15 minutes. */
    static final Duration LEAST_REMAINING = Duration.ofMinutes(20);

    private static final Duration SESSION_LIFETIME = Duration.ofHours(1);

    private final StsClient sts;
    private final InstantSource clock;
    private final Map<Owner, Session> current = new HashMap<>();
    private final Map<String, Session> byAccessKeyId = new HashMap<>();

    public RoleSessions(StsClient sts) {
        this(sts, InstantSource.system());
    }

    RoleSessions(StsClient sts, InstantSource clock) {
        this.sts = sts;
        this.clock = clock;
    }

    /** Temporary credentials of a role, with the role they stand for. */
    public record Session(
            String roleArn,
            String sessionName,
            String accessKeyId,
            String secretAccessKey,
            String sessionToken,
            Instant expiration) {

        /** Leaves the secrets out: a session may end up in a log. */
        @Override
        public String toString() {
            return "Session[roleArn=" + roleArn + ", sessionName=" + sessionName + ", accessKeyId=" + accessKeyId
                    + ", expiration=" + expiration + ']';
        }
    }

    private record Owner(String roleArn, String functionName) {}

    /**
     * The session of a function, assumed anew when less than 20 minutes of it remain.
     *
     * @throws IllegalStateException when the role cannot be assumed; the message names it
     */
    public synchronized Session forFunction(String roleArn, String functionName) {
        Owner owner = new Owner(roleArn, functionName);
        Session known = current.get(owner);
        Instant now = clock.instant();
        if (known != null && now.plus(LEAST_REMAINING).isBefore(known.expiration())) {
            return known;
        }
        byAccessKeyId.values().removeIf(session -> session.expiration().isBefore(now));
        Session session = assume(owner);
        current.put(owner, session);
        byAccessKeyId.put(session.accessKeyId(), session);
        return session;
    }

    /** The session an access key belongs to, if it was handed out here and has not expired. */
    public synchronized Optional<Session> byAccessKeyId(String accessKeyId) {
        return Optional.ofNullable(byAccessKeyId.get(accessKeyId))
                .filter(session -> session.expiration().isAfter(clock.instant()));
    }

    private Session assume(Owner owner) {
        try {
            Credentials credentials = sts.assumeRole(assume -> assume
                            .roleArn(owner.roleArn())
                            .roleSessionName(owner.functionName())
                            .durationSeconds((int) SESSION_LIFETIME.toSeconds()))
                    .credentials();
            return new Session(owner.roleArn(), owner.functionName(), credentials.accessKeyId(), credentials.secretAccessKey(),
                    credentials.sessionToken(), credentials.expiration());
        } catch (StsException e) {
            throw new IllegalStateException("The role defined for the function " + owner.functionName()
                    + " cannot be assumed: " + owner.roleArn() + ": " + e.getMessage(), e);
        }
    }
}
