package webapp.core.problem;

/**
 * A kind of problem, as listed in {@code docs/problems.md}.
 *
 * @param slug the end of the problem's {@code type}
 * @param title belongs to the type and never changes
 * @param status the HTTP status
 */
public record ProblemType(String slug, String title, int status) {
    public static final ProblemType INVALID_REQUEST = new ProblemType("invalid-request", "Invalid request", 400);
    public static final ProblemType UNAUTHORIZED = new ProblemType("unauthorized", "Unauthorized", 401);
    public static final ProblemType FORBIDDEN = new ProblemType("forbidden", "Forbidden", 403);
    public static final ProblemType NOT_FOUND = new ProblemType("not-found", "Not found", 404);
    public static final ProblemType METHOD_NOT_ALLOWED = new ProblemType("method-not-allowed", "Method not allowed", 405);
    public static final ProblemType CONTENT_TOO_LARGE = new ProblemType("content-too-large", "Content too large", 413);
    public static final ProblemType UNSUPPORTED_MEDIA_TYPE =
            new ProblemType("unsupported-media-type", "Unsupported media type", 415);
    public static final ProblemType TOO_MANY_REQUESTS = new ProblemType("too-many-requests", "Too many requests", 429);
    public static final ProblemType INTERNAL_ERROR = new ProblemType("internal-error", "Internal error", 500);
    public static final ProblemType SERVICE_UNAVAILABLE = new ProblemType("service-unavailable", "Service unavailable", 503);
}
