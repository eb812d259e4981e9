package webapp.local.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import webapp.local.files.Directories;

/** One execution environment: a process of one deployment, which answers one event at a time. */
final class FunctionProcess implements RuntimeApi.Runtime {
    /** How often a process at work is asked for its memory. */
    private static final long MEMORY_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Set<String> HOOK_ERRORS = Set.of("Runtime.BeforeCheckpointError", "Runtime.AfterRestoreError");

    private final Deployment deployment;
    private final FunctionLog log;
    private final Listener listener;
    private final Instant expiration;
    private final RuntimeApi runtimeApi;
    private final Process process;
    private final Path temporaryDirectory;
    private final CompletableFuture<Void> gone;
    private final CompletableFuture<Void> initialised = new CompletableFuture<>();
    private final long startedAt = System.nanoTime();
    private volatile long restoringAt;
    private volatile long readyAt;
    private volatile Instant idleSince = Instant.now();
    private volatile Invocation current;
    private volatile boolean terminated;
    private volatile boolean outOfMemory;
    private boolean reportedInit;

    /** Follows a process through its life; the calls come from any thread. */
    interface Listener {
        /** The event is answered; the process asks for another, or ends, in a moment. */
        void finishing(FunctionProcess process);

        void idle(FunctionProcess process);

        /** @param reason why, when something other than the host or the function ended it; otherwise null */
        void ended(FunctionProcess process, String reason);
    }

    /** The process did not get as far as asking for an event. */
    static final class InitFailedException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Outcome outcome;

        InitFailedException(Outcome outcome) {
            super(outcome.errorType());
            this.outcome = outcome;
        }

        Outcome outcome() {
            return outcome;
        }
    }

    FunctionProcess(Deployment deployment, ProcessLauncher launcher, RoleSessions sessions, FunctionLog log, Listener listener)
            throws IOException {
        this.deployment = deployment;
        this.log = log;
        this.listener = listener;
        RoleSessions.Session session = sessions.forFunction(deployment.roleArn(), deployment.functionName());
        // A restored process gets new credentials from the endpoint, so it never outlives them.
        this.expiration = deployment.snapStart() ? Instant.MAX : session.expiration();
        this.runtimeApi = new RuntimeApi(
                deployment.timeout(), () -> sessions.forFunction(deployment.roleArn(), deployment.functionName()), this);
        try {
            log.line("INIT_START Runtime Version: " + deployment.runtime() + "\tVersion: " + deployment.version());
            ProcessLauncher.Launched launched = launcher.launch(deployment, runtimeApi, session, log);
            this.process = launched.process();
            this.temporaryDirectory = launched.temporaryDirectory();
        } catch (IOException | RuntimeException e) {
            runtimeApi.close();
            throw e;
        }
        this.gone = process.onExit().thenAccept(this::ended);
    }

    /** Waits until the process asks for its first event. */
    void awaitInitialised(Duration limit, String requestId) throws InitFailedException, TimeoutException, InterruptedException {
        String failure = null;
        try {
            await(initialised, limit);
        } catch (TimeoutException e) {
            failure = "timeout";
            throw e;
        } catch (ExecutionException e) {
            Outcome outcome = e.getCause() instanceof InitFailedException failed
                    ? failed.outcome()
                    : exited(requestId);
            failure = "error\tError Type: " + outcome.errorType();
            throw new InitFailedException(outcome);
        } finally {
            if (failure != null) {
                log.line("INIT_REPORT Init Duration: " + milliseconds(System.nanoTime() - startedAt) + "\tPhase: init\tStatus: " + failure);
            }
        }
    }

    /** Runs one event to its outcome; a process that ran out of time is killed. */
    Outcome invoke(Invocation invocation) throws InterruptedException {
        String requestId = invocation.requestId();
        log.line("START RequestId: " + requestId + " Version: " + deployment.version());
        long handedOver = System.nanoTime();
        current = invocation;
        runtimeApi.offer(invocation);
        if (!process.isAlive()) {
            // It ended before this event became the current one, so its end did not complete it.
            invocation.outcome().complete(exited(requestId));
        }
        Outcome outcome;
        String memory = null;
        try {
            outcome = await(invocation.outcome(), Duration.ofSeconds(deployment.timeout()));
        } catch (TimeoutException e) {
            outcome = Outcome.timedOut(requestId, deployment.timeout());
            memory = maximumMemory();
            kill();
            log.line(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + requestId + " " + Outcome.timeoutMessage(deployment.timeout()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("An outcome is never completed by an exception", e);
        }
        report(invocation, outcome, System.nanoTime() - handedOver, memory == null ? maximumMemory() : memory);
        return outcome;
    }

    /** Waits for what the process does next; one that takes more memory than it has is killed, as the kernel does on Lambda. */
    private <T> T await(CompletableFuture<T> event, Duration limit) throws ExecutionException, TimeoutException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            long left = Math.max(0, end - System.nanoTime());
            try {
                return event.get(Math.min(left, MEMORY_INTERVAL_NANOS), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (left <= MEMORY_INTERVAL_NANOS) {
                    throw e;
                }
                long taken = memory("RssAnon");
                if (taken > deployment.memorySize() && !outOfMemory) {
                    outOfMemory = true;
                    terminate();
                    log.line("Process " + process.pid() + " was killed: it had taken " + taken + " MB, and has " + deployment.memorySize()
                            + " MB (memory_size)");
                }
            }
        }
    }

    /** What the end of the process means for a request it did not answer. */
    private Outcome exited(String requestId) {
        return outOfMemory ? Outcome.outOfMemory(requestId) : Outcome.exited(requestId, process.exitValue());
    }

    private void report(Invocation invocation, Outcome outcome, long duration, String memory) {
        StringBuilder report = new StringBuilder("REPORT RequestId: ").append(invocation.requestId())
                .append("\tDuration: ").append(milliseconds(duration));
        long initDuration = reportedInit || deployment.snapStart() ? 0 : readyAt - startedAt;
        report.append("\tBilled Duration: ").append((duration + initDuration + 999_999) / 1_000_000).append(" ms")
                .append("\tMemory Size: ").append(deployment.memorySize()).append(" MB")
                .append("\tMax Memory Used: ").append(memory);
        if (!reportedInit) {
            reportedInit = true;
            report.append(deployment.snapStart()
                    ? "\tRestore Duration: " + milliseconds(readyAt - restoringAt)
                    : "\tInit Duration: " + milliseconds(initDuration));
        }
        if (outcome.failed() && !process.isAlive()) {
            report.append("\tStatus: ").append(outcome.errorType().equals("Sandbox.Timedout") ? "timeout"
                    : "error\tError Type: " + outcome.errorType());
        }
        log.line("END RequestId: " + invocation.requestId() + '\n' + report);
    }

    @Override
    public void restoring() {
        restoringAt = System.nanoTime();
        log.line("RESTORE_START Runtime Version: " + deployment.runtime() + "\tVersion: " + deployment.version());
    }

    @Override
    public void ready() {
        readyAt = initialised.isDone() ? readyAt : System.nanoTime();
        idleSince = Instant.now();
        if (!initialised.complete(null)) {
            listener.idle(this);
        }
    }

    @Override
    public void initFailed(Outcome error) {
        boolean hook = HOOK_ERRORS.contains(error.errorType());
        initialised.completeExceptionally(
                new InitFailedException(hook ? Outcome.hookFailed(error.errorType(), log.file()) : error));
    }

    @Override
    public void responded() {
        listener.finishing(this);
    }

    private void ended(Process ended) {
        listener.ended(this, wasKilledFromOutside() ? Outcome.exitMessage(ended.exitValue()) : null);
        boolean starting = initialised.completeExceptionally(new IOException("The process ended"));
        Invocation unanswered = current;
        boolean busy = unanswered != null && unanswered.outcome().complete(exited(unanswered.requestId()));
        if (!busy && !starting && wasKilledFromOutside()) {
            log.line("Process " + ended.pid() + " ended between two requests: " + Outcome.exitMessage(ended.exitValue())
                    + ". The next request starts another");
        }
        runtimeApi.close();
        try {
            Directories.delete(temporaryDirectory);
        } catch (IOException e) {
            log.line("The temporary directory " + temporaryDirectory + " of an ended process could not be deleted: " + e);
        }
    }

    /** Whether neither the host nor the runtime client ended it. */
    private boolean wasKilledFromOutside() {
        return !terminated && Outcome.isSignal(process.exitValue());
    }

    /** Kills the process and what it started, as Lambda does, without waiting. */
    void terminate() {
        terminated = true;
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Kills the process and what it started, and waits until nothing of it is left. */
    void kill() {
        terminate();
        gone.join();
    }

    Instant idleSince() {
        return idleSince;
    }

    /** Whether its credentials last for another invocation. */
    boolean usable() {
        return process.isAlive() && Instant.now().plusSeconds(deployment.timeout()).isBefore(expiration);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The most resident memory the process ever had, as its kernel counts it. */
    private String maximumMemory() {
        if (outOfMemory) {
            return deployment.memorySize() + " MB";
        }
        long most = memory("VmHWM");
        return most < 0 ? "unknown" : most + " MB";
    }

    /** A figure of the process's status in MB, or -1 when it has ended. Anonymous memory is what the kernel cannot take back. */
    private long memory(String figure) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(figure + ':'))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException | UncheckedIOException e) {
            return -1;
        }
    }

    private static String milliseconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%.2f ms", nanoseconds / 1e6);
    }
}
