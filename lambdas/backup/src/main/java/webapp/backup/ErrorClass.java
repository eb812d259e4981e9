package webapp.backup;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * What the error codes of AWS mean, each of them named here alone: what they are told as of a backup, and of a drill, which tells by its findings
 * what no person mends elsewhere. What RDS takes and ends as {@code failed} has no code: it is tried again under another name.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html">Common errors; each operation's page has its own</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Invoke</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html">HeadObject, whose errors have no body</a>
 */
enum ErrorClass {
    /** Nothing was done: the next tick is all it takes. */
    THROTTLED(null, null,
            "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException", "RequestLimitExceeded",
            "TooManyRequestsException", "SlowDown", "ProvisionedThroughputExceededException", "RequestExpired"),
    /** So it is here; also whatever answers 5xx. */
    NEXT_TICK(null, null,
            "InvalidDBInstanceState", "InvalidDBInstanceStateFault", "InvalidDBClusterStateFault", "InvalidDBSnapshotState",
            "InvalidDBClusterSnapshotStateFault", "InvalidExportSourceState", "ExportTaskLimitReachedFault",
            // The listing was made before somebody, or a run that died, deleted it.
            "DBSnapshotNotFound", "DBSnapshotNotFoundFault", "DBClusterSnapshotNotFoundFault", "ExportTaskNotFound", "ExportTaskNotFoundFault"),
    /** Something has the name: this call's own doing, if its first answer was lost, or somebody else's. */
    ALREADY_EXISTS(Reason.NAME_TAKEN, Reason.NAME_TAKEN,
            "DBSnapshotAlreadyExists", "DBSnapshotAlreadyExistsFault", "DBClusterSnapshotAlreadyExistsFault", "ExportTaskAlreadyExists",
            "ExportTaskAlreadyExistsFault", "DBInstanceAlreadyExists", "DBInstanceAlreadyExistsFault", "DBClusterAlreadyExistsFault"),
    NOT_ALLOWED(Reason.PERMISSION, Reason.PERMISSION,
            "AccessDenied", "AccessDeniedException", "AccessDeniedFault", "NotAuthorized", "OptInRequired", "UnauthorizedOperation"),
    KEY(Reason.KMS_KEY, Reason.KMS_KEY, "KMSKeyNotAccessibleFault"),
    OPTION_GROUP(Reason.OPTION_GROUP, Reason.OPTION_GROUP, "OptionGroupNotFoundFault"),
    /** What a drill restored, and what the next tick does not list any more. */
    NO_DATABASE(Reason.DATABASE_MISSING, null, "DBInstanceNotFound", "DBInstanceNotFoundFault", "DBClusterNotFoundFault"),
    SNAPSHOT_QUOTA(Reason.SNAPSHOT_QUOTA, Reason.DRILL, "SnapshotQuotaExceeded", "SnapshotQuotaExceededFault", "DBClusterSnapshotQuotaExceededFault"),
    EXPORT_ROLE(Reason.EXPORT_ROLE, Reason.DRILL,
            "IamRoleNotFound", "IamRoleNotFoundFault", "IamRoleMissingPermissions", "IamRoleMissingPermissionsFault"),
    EXPORT_BUCKET(Reason.EXPORT_BUCKET, Reason.DRILL, "InvalidS3BucketFault", "NoSuchBucket"),
    EXPORT_ONLY(Reason.EXPORT_FAILED, Reason.DRILL, "InvalidExportOnly", "InvalidExportOnlyFault"),
    /** Of Lambda, under 502 like what passes by itself: its function, or the network that it is in, is not as it has to be. */
    LASTS(Reason.OTHER, Reason.DRILL,
            "EC2AccessDeniedException", "ENILimitReachedException", "InvalidRuntimeException", "InvalidSecurityGroupIDException", "InvalidSubnetIDException",
            "InvalidZipFileException", "KMSAccessDeniedException", "KMSDisabledException", "KMSInvalidStateException", "KMSNotFoundException",
            "SubnetIPAddressLimitReachedException"),
    /** All the others. */
    UNKNOWN(Reason.OTHER, Reason.DRILL);

    private static final int FORBIDDEN = 403;
    private static final Map<String, ErrorClass> BY_CODE = Arrays.stream(values())
            .flatMap(each -> each.codes().map(code -> Map.entry(code, each)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private final Reason ofABackup;
    private final Reason ofADrill;
    private final String[] codes;

    /**
     * @param ofABackup null if the next tick is all it takes
     * @param ofADrill likewise
     */
    ErrorClass(Reason ofABackup, Reason ofADrill, String... codes) {
        this.ofABackup = ofABackup;
        this.ofADrill = ofADrill;
        this.codes = codes;
    }

    private Stream<String> codes() {
        return Arrays.stream(codes);
    }

    /** @param answer with details */
    static ErrorClass of(AwsServiceException answer) {
        String code = answer.awsErrorDetails().errorCode();
        ErrorClass known = code == null ? UNKNOWN : BY_CODE.getOrDefault(code, UNKNOWN);
        if (known == THROTTLED || answer.isThrottlingException()) {
            return THROTTLED;
        }
        if (known != LASTS && answer.statusCode() >= 500) {
            return NEXT_TICK;
        }
        // What asks by HEAD is answered by a status alone.
        if (code == null && answer.statusCode() == FORBIDDEN) {
            return NOT_ALLOWED;
        }
        String message = answer.awsErrorDetails().errorMessage();
        String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
        // Of copies in progress there are only so many: the next tick finds fewer.
        if (known == SNAPSHOT_QUOTA && Stream.of("progress", "across regions", "concurrent").anyMatch(text::contains)) {
            return NEXT_TICK;
        }
        return known == UNKNOWN && text.contains("option group") ? OPTION_GROUP : known;
    }

    /** @return null if the next tick is all it takes */
    Reason reason(String stage) {
        return stage.equals(Drill.STAGE) ? ofADrill : ofABackup;
    }
}
