package webapp.local.rds;

import java.util.Set;

/**
 * With which HTTP status RDS answers an error code: 404 what does not exist, 403 two quotas of clusters, 5xx its own faults, else 400
 * (section "Errors" of each action's page).
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html">Common errors</a>
 */
final class ErrorCodes {
    private static final Set<String> FORBIDDEN =
            Set.of("DBClusterQuotaExceededFault", "InsufficientDBClusterCapacityFault", "AccessDenied", "AccessDeniedException");

    private ErrorCodes() {}

    static int status(String code) {
        if (code.equals("InternalFailure") || code.equals("InternalError")) {
            return 500;
        }
        if (code.equals("ServiceUnavailable")) {
            return 503;
        }
        if (FORBIDDEN.contains(code)) {
            return 403;
        }
        return code.endsWith("NotFound") || code.endsWith("NotFoundFault") ? 404 : 400;
    }
}
