package webapp.backup;

import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What an error of AWS means for a backup.
 *
 * @param reason null if the next tick is all it takes
 * @param code AWS's, or the exception's name where AWS did not answer
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html">Common errors; each operation's page has its own</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Invoke</a>
 */
record Trouble(Reason reason, String code, String message) {
    private static final Set<String> THROTTLED = Set.of(
            "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException", "RequestLimitExceeded",
            "TooManyRequestsException", "SlowDown", "ProvisionedThroughputExceededException", "RequestExpired");
    private static final Set<String> NEXT_TICK = Set.of(
            "InvalidDBInstanceState", "InvalidDBInstanceStateFault", "InvalidDBClusterStateFault", "InvalidDBSnapshotState",
            "InvalidDBClusterSnapshotStateFault", "InvalidExportSourceState", "ExportTaskLimitReachedFault",
            // The listing was made before somebody, or a run that died, deleted it.
            "DBSnapshotNotFound", "DBSnapshotNotFoundFault", "DBClusterSnapshotNotFoundFault", "ExportTaskNotFound", "ExportTaskNotFoundFault");
    private static final Set<String> ALREADY_EXISTS = Set.of(
            "DBSnapshotAlreadyExists", "DBSnapshotAlreadyExistsFault", "DBClusterSnapshotAlreadyExistsFault", "ExportTaskAlreadyExists",
            "ExportTaskAlreadyExistsFault");
    /** Of Lambda, under 502 like what passes by itself: its function, or the network that it is in, is not as it has to be. */
    private static final Set<String> LASTS = Set.of(
            "EC2AccessDeniedException", "ENILimitReachedException", "InvalidRuntimeException", "InvalidSecurityGroupIDException", "InvalidSubnetIDException",
            "InvalidZipFileException", "KMSAccessDeniedException", "KMSDisabledException", "KMSInvalidStateException", "KMSNotFoundException",
            "SubnetIPAddressLimitReachedException");
    private static final Set<String> NOT_ALLOWED = Set.of("AccessDenied", "AccessDeniedException", "AccessDeniedFault", "NotAuthorized", "OptInRequired",
            "UnauthorizedOperation");

    /** @param operation what was called, for the message */
    static Trouble of(SdkException error, String operation) {
        if (!(error instanceof AwsServiceException answer) || answer.awsErrorDetails() == null) {
            return new Trouble(null, error.getClass().getSimpleName(), operation + ": " + error.getMessage());
        }
        String code = answer.awsErrorDetails().errorCode() == null ? "" : answer.awsErrorDetails().errorCode();
        String text = answer.awsErrorDetails().errorMessage() == null ? "" : answer.awsErrorDetails().errorMessage();
        return new Trouble(reason(answer, code, text.toLowerCase(Locale.ROOT)), code, operation + ": " + text);
    }

    private static Reason reason(AwsServiceException answer, String code, String text) {
        if (LASTS.contains(code)) {
            return Reason.OTHER;
        }
        if (NEXT_TICK.contains(code) || THROTTLED.contains(code) || answer.isThrottlingException() || answer.statusCode() >= 500) {
            return null;
        }
        if (NOT_ALLOWED.contains(code)) {
            return Reason.PERMISSION;
        }
        return switch (code) {
            case "KMSKeyNotAccessibleFault" -> Reason.KMS_KEY;
            case "DBInstanceNotFound", "DBInstanceNotFoundFault", "DBClusterNotFoundFault" -> Reason.DATABASE_MISSING;
            // Of copies in progress, and of exports at a time, there are only so many: the next tick finds fewer.
            case "SnapshotQuotaExceeded", "SnapshotQuotaExceededFault", "DBClusterSnapshotQuotaExceededFault" ->
                    text.contains("progress") || text.contains("across regions") || text.contains("concurrent") ? null : Reason.SNAPSHOT_QUOTA;
            case "IamRoleNotFound", "IamRoleNotFoundFault", "IamRoleMissingPermissions", "IamRoleMissingPermissionsFault" -> Reason.EXPORT_ROLE;
            case "InvalidS3BucketFault", "NoSuchBucket" -> Reason.EXPORT_BUCKET;
            case "InvalidExportOnly", "InvalidExportOnlyFault" -> Reason.EXPORT_FAILED;
            case "OptionGroupNotFoundFault" -> Reason.OPTION_GROUP;
            default -> text.contains("option group") ? Reason.OPTION_GROUP : Reason.OTHER;
        };
    }

    /**
     * What it means for a drill: all that is no other's is the drill's own. A restored database that is not there any more is one that the next
     * tick does not list.
     *
     * @param others reasons that a person mends elsewhere
     */
    Trouble ofADrill(Set<Reason> others) {
        return reason == null || others.contains(reason) ? this : new Trouble(reason == Reason.DATABASE_MISSING ? null : Reason.DRILL, code, message);
    }

    /** @return whether a snapshot is in no state for the call */
    boolean ofSnapshotsState() {
        return code.equals("InvalidDBSnapshotState") || code.equals("InvalidDBClusterSnapshotStateFault");
    }

    /** @return whether AWS answered that it did nothing, and another call may fare better */
    static boolean refused(SdkException error) {
        return error instanceof AwsServiceException answer && answer.statusCode() < 500 && !answer.isThrottlingException()
                && answer.awsErrorDetails() != null && !THROTTLED.contains(answer.awsErrorDetails().errorCode());
    }

    /** @return whether something has the name already: this call's own doing, if its first answer was lost, or somebody else's */
    static boolean alreadyExists(SdkException error) {
        return error instanceof AwsServiceException answer && answer.awsErrorDetails() != null
                && ALREADY_EXISTS.contains(answer.awsErrorDetails().errorCode());
    }
}
