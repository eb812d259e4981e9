package webapp.core.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends a request with a problem document (RFC 9457); the cause is logged and never shown. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int MAXIMUM_ERRORS = 20;

    private final transient ProblemType type;
    private final transient List<FieldError> errors;
    private final transient Map<String, String> headers;

    private ProblemException(
            ProblemType type, String detail, List<FieldError> errors, Map<String, String> headers, Throwable cause) {
        super(detail, cause);
        this.type = type;
        this.errors = errors;
        this.headers = headers;
    }

    /** @param detail is shown to the client */
    public ProblemException(ProblemType type, String detail) {
        this(type, detail, List.of(), Map.of(), null);
    }

    /** @param detail is shown to the client, and so are the errors */
    public ProblemException(ProblemType type, String detail, List<FieldError> errors) {
        this(type, detail, List.copyOf(errors), Map.of(), null);
    }

    /** @param errors of which the first {@value #MAXIMUM_ERRORS} are shown: a client chooses how many it makes */
    public static ProblemException invalidRequest(List<FieldError> errors) {
        return new ProblemException(
                ProblemType.INVALID_REQUEST,
                "The request does not match the API's contract.",
                errors.subList(0, Math.min(errors.size(), MAXIMUM_ERRORS)));
    }

    /** The request carries no token, or none that this operation takes. */
    public static ProblemException unauthorized() {
        return new ProblemException(
                ProblemType.UNAUTHORIZED,
                "The request carries no valid credentials.",
                List.of(),
                Map.of("WWW-Authenticate", "Bearer"),
                null);
    }

    /** @param methods those the path has, as the header {@code Allow} lists them: {@code GET, POST} */
    public static ProblemException methodNotAllowed(String methods) {
        return new ProblemException(
                ProblemType.METHOD_NOT_ALLOWED,
                "This path does not support this method; the header Allow lists those it does.",
                List.of(),
                Map.of("Allow", methods),
                null);
    }

    /** @param retryAfterSeconds when the client may try again */
    public static ProblemException tooManyRequests(int retryAfterSeconds) {
        return new ProblemException(
                ProblemType.TOO_MANY_REQUESTS,
                "Too many requests; try again after the time in Retry-After.",
                List.of(),
                Map.of("Retry-After", Integer.toString(retryAfterSeconds)),
                null);
    }

    /** @param retryAfterSeconds when the client may try again */
    public static ProblemException serviceUnavailable(int retryAfterSeconds, Throwable cause) {
        return new ProblemException(
                ProblemType.SERVICE_UNAVAILABLE,
                "The service cannot answer at the moment; try again after the time in Retry-After.",
                List.of(),
                Map.of("Retry-After", Integer.toString(retryAfterSeconds)),
                cause);
    }

    public static ProblemException internalError(Throwable cause) {
        return new ProblemException(
                ProblemType.INTERNAL_ERROR, "Something went wrong on our side.", List.of(), Map.of(), cause);
    }

    /** @return this, with a header of the answer added */
    public ProblemException with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new ProblemException(type, getMessage(), errors, more, getCause());
    }

    public ProblemType type() {
        return type;
    }

    public List<FieldError> errors() {
        return errors;
    }

    /** @return headers that belong to the answer, such as {@code Retry-After} */
    public Map<String, String> headers() {
        return headers;
    }
}
