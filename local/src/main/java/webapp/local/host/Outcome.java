package webapp.local.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What an invocation came to: the function's answer, or an error in the shape Lambda gives it.
 *
 * @param body      the answer, or {@code {"errorType", "errorMessage", ...}}
 * @param errorType what went wrong, null for an answer
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-exceptions.html">Function errors</a>
 */
record Outcome(byte[] body, String errorType) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIRST_SIGNAL = 128;
    private static final int SIGKILL = 9;

    static Outcome answer(byte[] body) {
        return new Outcome(body, null);
    }

    boolean failed() {
        return errorType != null;
    }

    static Outcome error(String errorType, String errorMessage) {
        return new Outcome(json(Map.of(), errorType, errorMessage), errorType);
    }

    static Outcome timedOut(String requestId, int seconds) {
        return error("Sandbox.Timedout", "RequestId: " + requestId + " Error: " + timeoutMessage(seconds));
    }

    static String timeoutMessage(int seconds) {
        return String.format(Locale.ROOT, "Task timed out after %d.00 seconds", seconds);
    }

    static Outcome exited(String requestId, int exitValue) {
        return error("Runtime.ExitError", "RequestId: " + requestId + " Error: " + exitMessage(exitValue));
    }

    /**
     * The process took more memory than the function has. Lambda says so in the type; the message is the killed process's.
     *
     * @see <a href="https://github.com/adobe/helix-html2md-service/issues/1001">An answer of Lambda's</a>
     */
    static Outcome outOfMemory(String requestId) {
        return error("Runtime.OutOfMemory", "RequestId: " + requestId + " Error: " + exitMessage(FIRST_SIGNAL + SIGKILL));
    }

    static boolean isSignal(int exitValue) {
        return exitValue > FIRST_SIGNAL;
    }

    static String exitMessage(int exitValue) {
        if (exitValue == 0) {
            return "Runtime exited without providing a reason";
        }
        // The kernel's out-of-memory killer sends SIGKILL too.
        return "Runtime exited with error: "
                + (exitValue == FIRST_SIGNAL + SIGKILL ? "signal: killed" : "exit status " + exitValue);
    }

    static Outcome responseTooLarge() {
        return error("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size ("
                + RuntimeApi.MAXIMUM_RESPONSE + " bytes).");
    }

    /** The runtime client's own message names neither the hook nor its exception; its log does. */
    static Outcome hookFailed(String errorType, Path log) {
        return error(errorType, "A hook of the snapshot failed; its exception is in " + log);
    }

    /** {@code first} goes before the two members every error has. */
    static byte[] json(Map<String, String> first, String errorType, String errorMessage) {
        Map<String, String> members = new LinkedHashMap<>(first);
        members.put("errorType", errorType);
        members.put("errorMessage", errorMessage);
        try {
            return JSON.writeValueAsBytes(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Writing the error " + errorType + ": " + errorMessage, e);
        }
    }
}
