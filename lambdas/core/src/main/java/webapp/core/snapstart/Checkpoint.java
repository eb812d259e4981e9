package webapp.core.snapstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.crac.Core;
import org.crac.Resource;

/**
 * What a function does before SnapStart takes its snapshot: it runs its code, so that the snapshot holds loaded classes and
 * compiled methods, and then lets go of what must not be in a snapshot. Without SnapStart nothing here ever runs.
 *
 * <p>Operations that only read are primed by calls; those that write by calls that end before they write. Each round makes every
 * call once and closes what they opened, since the first request after a restore opens it too. Priming has five seconds in all, and
 * what fails or takes longer is logged and skipped: a function that cannot be primed still works, its first answer after a restore
 * is only slower.
 *
 * <p>The runtime holds this by a weak reference: the handler must keep it in a field.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">Runtime hooks for SnapStart</a>
 */
public final class Checkpoint implements Resource {
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** The first loads classes, the others get methods compiled (docs/performance.md). They end early at half of the limit. */
    static final int ROUNDS = 20;

    /** One call of the function; it may end in any exception. */
    @FunctionalInterface
    public interface Call {
        void run(Context context) throws Exception;
    }

    private final Map<String, Call> calls = new LinkedHashMap<>();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final LambdaLogger log;
    private final Duration limit;

    private Checkpoint(LambdaLogger log, Duration limit) {
        this.log = log;
        this.limit = limit;
    }

    /** Registers with the runtime; the calls and resources are added to what is returned. */
    public static Checkpoint register() {
        Checkpoint checkpoint = new Checkpoint(LambdaRuntime.getLogger(), LIMIT);
        Core.getGlobalContext().register(checkpoint);
        return checkpoint;
    }

    static Checkpoint unregistered(LambdaLogger log, Duration limit) {
        return new Checkpoint(log, limit);
    }

    /** @param name what the log calls it if it is skipped */
    public Checkpoint prime(String name, Call call) {
        calls.put(name, call);
        return this;
    }

    /** @param resource is closed after priming and must open itself again when it is next used */
    public Checkpoint close(AutoCloseable resource) {
        resources.add(resource);
        return this;
    }

    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        long start = System.nanoTime();
        long end = start + limit.toNanos();
        Map<String, Call> worthwhile = new LinkedHashMap<>(calls);
        int round = 0;
        boolean closed;
        do {
            worthwhile.entrySet().removeIf(call -> !prime(call.getKey(), call.getValue(), end));
            closed = closeResources();
            round++;
        } while (round < ROUNDS && closed && !worthwhile.isEmpty() && System.nanoTime() - start < limit.toNanos() / 2);
    }

    private boolean closeResources() {
        boolean closed = true;
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                closed = false;
                log.log("SnapStart: could not close " + resource.getClass().getSimpleName() + ": " + e);
            }
        }
        return closed;
    }

    /** Nothing: what a request needs is opened by that request, since a failure here would fail the restore. */
    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {}

    /** @return whether the call succeeded, so that another may be worth its time */
    private boolean prime(String name, Call call, long end) {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            log.log("SnapStart: skipped priming " + name + ": no time left of " + limit);
            return false;
        }
        AtomicBoolean succeeded = new AtomicBoolean();
        Thread thread = Thread.ofPlatform().daemon().name("priming").start(() -> {
            try {
                call.run(new PrimingContext(log, end));
                succeeded.set(true);
            } catch (Exception | LinkageError e) {
                log.log("SnapStart: priming " + name + " failed and is skipped: " + e);
            }
        });
        try {
            thread.join(millis);
            if (thread.isAlive()) {
                thread.interrupt();
                log.log("SnapStart: priming " + name + " took longer than " + limit + " and is cut off");
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return succeeded.get();
    }
}
