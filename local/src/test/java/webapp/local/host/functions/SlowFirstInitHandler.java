package webapp.local.host.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Hangs while it is initialised, unless the file named by HUNG_BEFORE is there. */
public final class SlowFirstInitHandler implements RequestHandler<Object, Object> {
    public SlowFirstInitHandler() throws IOException, InterruptedException {
        Path hungBefore = Path.of(System.getenv("HUNG_BEFORE"));
        if (!Files.exists(hungBefore)) {
            Files.createFile(hungBefore);
            Thread.sleep(60_000);
        }
    }

    @Override
    public Object handleRequest(Object event, Context context) {
        return event;
    }
}
