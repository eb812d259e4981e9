package webapp.local.host;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The processes of one deployment: one for each concurrent event, the most recently used first. */
final class FunctionPool implements FunctionProcess.Listener {
    /** Lambda's bound for taking a snapshot, when the function's own timeout is shorter. */
    private static final Duration SNAPSHOT_LIMIT = Duration.ofSeconds(130);
    /** How long a request waits for a process that is finishing; in fact a millisecond. */
    private static final long FINISHING_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Deployment deployment;
    private final ProcessLauncher launcher;
    private final RoleSessions sessions;
    private final Supplier<FunctionLog> log;
    private final HostSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<FunctionProcess> idle = new ArrayDeque<>();
    /** Those that will be idle, or gone, in a moment. */
    private final Set<FunctionProcess> finishing = new HashSet<>();
    /** A process that is gone from here never comes back: its last requests may arrive after its end was noticed. */
    private final Set<FunctionProcess> alive = new HashSet<>();
    private int starting;
    private String lastEnd;
    private boolean retired;
    private boolean closed;

    /** Every process is busy and there may be no more of them. */
    static final class ThrottledException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** @param log asked anew for each process */
    FunctionPool(Deployment deployment, ProcessLauncher launcher, RoleSessions sessions, Supplier<FunctionLog> log, HostSettings settings) {
        this.deployment = deployment;
        this.launcher = launcher;
        this.sessions = sessions;
        this.log = log;
        this.settings = settings;
    }

    Deployment deployment() {
        return deployment;
    }

    Outcome invoke(Invocation invocation) throws ThrottledException, IOException, InterruptedException {
        FunctionProcess process = idleProcess();
        if (process == null) {
            try {
                process = start(invocation.requestId());
            } catch (FunctionProcess.InitFailedException e) {
                return e.outcome();
            }
        }
        return process.invoke(invocation);
    }

    /** @return null when the caller has to start a process, for which a place is then reserved */
    private FunctionProcess idleProcess() throws ThrottledException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long patience = FINISHING_LIMIT_NANOS;
            while (!closed) {
                FunctionProcess process = idle.pollFirst();
                if (process != null && process.usable()) {
                    return process;
                }
                if (process != null) {
                    end(process);
                } else if (!finishing.isEmpty() && patience > 0) {
                    patience = changed.awaitNanos(patience);
                } else if (alive.size() + starting >= settings.maximumProcesses()) {
                    throw new ThrottledException();
                } else {
                    starting++;
                    return null;
                }
            }
            throw new IllegalStateException("The function host is closing");
        } finally {
            lock.unlock();
        }
    }

    private FunctionProcess start(String requestId) throws FunctionProcess.InitFailedException, IOException, InterruptedException {
        Duration timeout = Duration.ofSeconds(deployment.timeout());
        try {
            if (deployment.snapStart()) {
                return start(timeout.compareTo(SNAPSHOT_LIMIT) > 0 ? timeout : SNAPSHOT_LIMIT, requestId);
            }
            try {
                return start(settings.initLimit(), requestId);
            } catch (TimeoutException e) {
                // Lambda repeats an init phase that took too long as part of the invocation.
                locked(() -> starting++);
                return start(timeout, requestId);
            }
        } catch (TimeoutException e) {
            throw new FunctionProcess.InitFailedException(Outcome.timedOut(requestId, deployment.timeout()));
        }
    }

    /** Turns the reserved place into a process, or gives it back. */
    private FunctionProcess start(Duration limit, String requestId)
            throws FunctionProcess.InitFailedException, TimeoutException, IOException, InterruptedException {
        FunctionProcess process = launch();
        boolean initialised = false;
        try {
            process.awaitInitialised(limit, requestId);
            initialised = true;
            return process;
        } finally {
            if (!initialised) {
                process.kill();
            }
        }
    }

    private FunctionProcess launch() throws IOException {
        FunctionProcess process = null;
        try {
            process = new FunctionProcess(deployment, launcher, sessions, log.get(), this);
            return process;
        } finally {
            FunctionProcess launched = process;
            locked(() -> {
                starting--;
                if (launched != null && launched.handle().isAlive()) {
                    alive.add(launched);
                }
                changed.signalAll();
            });
        }
    }

    /** Ends the processes that have waited longer than {@code idleTime}, or whose credentials run out. */
    void reap(Duration idleTime) {
        Instant limit = Instant.now().minus(idleTime);
        locked(() -> {
            List<FunctionProcess> ending = idle.stream()
                    .filter(process -> process.idleSince().isBefore(limit) || !process.usable())
                    .toList();
            idle.removeAll(ending);
            ending.forEach(this::end);
        });
    }

    /** Takes no more events: idle processes end now, busy ones after their answer. */
    void retire() {
        locked(() -> {
            retired = true;
            idle.forEach(this::end);
            idle.clear();
        });
    }

    /** Kills every process, also busy ones, and waits until they are gone. */
    void close() {
        List<FunctionProcess> ending = new ArrayList<>();
        locked(() -> {
            retired = true;
            closed = true;
            while (starting > 0) {
                changed.awaitUninterruptibly();
            }
            ending.addAll(alive);
        });
        ending.forEach(FunctionProcess::terminate);
        ending.forEach(FunctionProcess::kill);
    }

    /** What an operator wants to know of this version now. */
    FunctionStatus status() {
        lock.lock();
        try {
            return new FunctionStatus(deployment.region(), deployment.functionName(), deployment.version(), alive.size(), lastEnd);
        } finally {
            lock.unlock();
        }
    }

    Set<ProcessHandle> processes() {
        Set<ProcessHandle> handles = new HashSet<>();
        locked(() -> alive.forEach(process -> handles.add(process.handle())));
        return handles;
    }

    @Override
    public void finishing(FunctionProcess process) {
        locked(() -> {
            if (alive.contains(process)) {
                finishing.add(process);
            }
        });
    }

    @Override
    public void idle(FunctionProcess process) {
        locked(() -> {
            finishing.remove(process);
            if (retired) {
                end(process);
            } else if (alive.contains(process)) {
                idle.addFirst(process);
            }
            changed.signalAll();
        });
    }

    @Override
    public void ended(FunctionProcess process, String reason) {
        locked(() -> {
            if (reason != null) {
                lastEnd = "process " + process.handle().pid() + " ended at " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ": " + reason;
            }
            alive.remove(process);
            idle.remove(process);
            finishing.remove(process);
            changed.signalAll();
        });
    }

    /** Its place is free only when it is gone, for which a request may wait. */
    private void end(FunctionProcess process) {
        if (alive.contains(process)) {
            finishing.add(process);
            process.terminate();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
