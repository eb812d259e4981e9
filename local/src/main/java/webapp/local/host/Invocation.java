package webapp.local.host;

import java.util.concurrent.CompletableFuture;

/** One request on its way through a process; its outcome is completed once, by whichever comes first: answer, error or exit. */
record Invocation(
        String requestId, String invokedFunctionArn, String traceId, byte[] payload, CompletableFuture<Outcome> outcome) {

    Invocation(String requestId, String invokedFunctionArn, String traceId, byte[] payload) {
        this(requestId, invokedFunctionArn, traceId, payload, new CompletableFuture<>());
    }
}
