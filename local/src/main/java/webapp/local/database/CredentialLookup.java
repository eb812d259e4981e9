package webapp.local.database;

import java.util.Objects;
import java.util.Optional;

/** Knows the credentials that were handed out on this laptop. */
@FunctionalInterface
public interface CredentialLookup {
    /** The credentials with this access key id, or empty when nobody was given any. */
    Optional<Credentials> find(String accessKeyId);

    /**
     * Credentials and whose they are.
     *
     * @param secretAccessKey the key that signs
     * @param sessionToken    the session token, or null for long-term credentials
     * @param principalArn    ARN of the IAM role or user (not of the assumed-role session)
     */
    record Credentials(String secretAccessKey, String sessionToken, String principalArn) {
        public Credentials {
            Objects.requireNonNull(secretAccessKey, "secretAccessKey");
            Objects.requireNonNull(principalArn, "principalArn");
        }

        /** Hides the key, so that no log shows it. */
        @Override
        public String toString() {
            return "credentials of " + principalArn;
        }
    }
}
