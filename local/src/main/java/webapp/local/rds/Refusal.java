package webapp.local.rds;

/** An error that AWS answers, by its code and HTTP status. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static Refusal of(String code, String message) {
        return new Refusal(ErrorCodes.status(code), code, message);
    }

    static Refusal invalidValue(String message) {
        return of("InvalidParameterValue", message);
    }

    static Refusal invalidCombination(String message) {
        return of("InvalidParameterCombination", message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
