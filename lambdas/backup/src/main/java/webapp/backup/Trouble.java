package webapp.backup;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What AWS said against a call, and what it means by its {@link ErrorClass}.
 *
 * @param reason null if the next tick is all it takes
 * @param code AWS's, or the exception's name where AWS did not answer
 */
record Trouble(Reason reason, String code, String message) {
    /**
     * @param operation what was called, for the message
     * @param stage of the backup, or the drill's
     */
    static Trouble of(SdkException error, String operation, String stage) {
        if (!(error instanceof AwsServiceException answer) || answer.awsErrorDetails() == null) {
            return new Trouble(null, error.getClass().getSimpleName(), operation + ": " + error.getMessage());
        }
        String code = answer.awsErrorDetails().errorCode() == null ? "" : answer.awsErrorDetails().errorCode();
        String text = answer.awsErrorDetails().errorMessage() == null ? "HTTP " + answer.statusCode() : answer.awsErrorDetails().errorMessage();
        return new Trouble(ErrorClass.of(answer).reason(stage), code, operation + ": " + text);
    }

    /** @return whether a snapshot is in no state for the call */
    boolean ofSnapshotsState() {
        return code.equals("InvalidDBSnapshotState") || code.equals("InvalidDBClusterSnapshotStateFault");
    }

    /** @return whether AWS answered that it did nothing, and another call may fare better */
    static boolean refused(SdkException error) {
        return error instanceof AwsServiceException answer && answer.statusCode() < 500 && answer.awsErrorDetails() != null
                && ErrorClass.of(answer) != ErrorClass.THROTTLED;
    }

    /** @return whether something has the name already */
    static boolean alreadyExists(SdkException error) {
        return error instanceof AwsServiceException answer && answer.awsErrorDetails() != null
                && ErrorClass.of(answer) == ErrorClass.ALREADY_EXISTS;
    }
}
