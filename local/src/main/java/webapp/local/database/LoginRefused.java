package webapp.local.database;

/** A login that is refused; the message is for the log, the client only learns that access is denied. */
final class LoginRefused extends Exception {
    private static final long serialVersionUID = 1L;

    LoginRefused(String reason) {
        super(reason);
    }
}
