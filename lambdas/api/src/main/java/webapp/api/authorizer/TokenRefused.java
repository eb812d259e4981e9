package webapp.api.authorizer;

/** A token is not believed; the message says why, for the log, and quotes nothing of the token. */
final class TokenRefused extends Exception {
    private static final long serialVersionUID = 1L;

    TokenRefused(String reason) {
        // Whoever likes can send bad tokens: a stack trace each is a cost that tells nothing.
        super(reason, null, false, false);
    }
}
