package webapp.backup.page;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import webapp.core.http.Request;

/** The recovery region, whose table may be out of reach when the page is needed most. */
record RecoveryRegion(String name, PlanTable table) {
    private static final int FAULT = 500;

    /** What came of asking it. */
    enum Reach {
        ANSWERING("answering"),
        UNREACHABLE("unreachable"),
        /** It answers, and not this function: a matter of permissions or names, which waiting does not mend. */
        REFUSED("refused");

        private final String text;

        Reach(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Whatever goes wrong there is logged and told, and fails nothing else. */
    Reach reach(Request request, Consumer<PlanTable> work) {
        try {
            work.accept(table);
            return Reach.ANSWERING;
        } catch (SdkException e) {
            request.logger().log(
                    "Recovery region failed: region=" + name + " correlationId=" + request.correlationId() + " " + e, LogLevel.WARN);
            return isOutage(e) ? Reach.UNREACHABLE : Reach.REFUSED;
        }
    }

    /** No answer, a fault of the service, or too many requests: it may go better later. */
    static boolean isOutage(SdkException e) {
        return e instanceof SdkClientException
                || e instanceof SdkServiceException answer && (answer.statusCode() >= FAULT || answer.isThrottlingException());
    }
}
