package webapp.local.host.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** Cannot be made. */
public final class BrokenConstructorHandler implements RequestHandler<Object, Object> {
    public BrokenConstructorHandler() {
        throw new IllegalStateException("DATABASE_HOST is not set");
    }

    @Override
    public Object handleRequest(Object event, Context context) {
        return event;
    }
}
