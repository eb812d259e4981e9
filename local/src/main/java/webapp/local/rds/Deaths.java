package webapp.local.rds;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Lets the caller of an SDK client die where the double says so in its answer's header. */
final class Deaths implements ExecutionInterceptor {
    static final String HEADER = "X-Double-Died";

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        context.httpResponse().firstMatchingHeader(HEADER).ifPresent(call -> {
            throw new FunctionDied(call);
        });
    }
}
