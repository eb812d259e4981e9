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
    private boolean reportedInit;

    /** Follows a process through its life; the calls come from any thread. */
    interface Listener {
        /** The event is answered; the process asks for another, or ends, in a moment. */
        void finishing(FunctionProcess process);

        void idle(FunctionProcess process);

        void ended(FunctionProcess process);
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
            initialised.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            failure = "timeout";
            throw e;
        } catch (ExecutionException e) {
            Outcome outcome = e.getCause() instanceof InitFailedException failed
                    ? failed.outcome()
                    : Outcome.exited(requestId, process.exitValue());
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
            invocation.outcome().complete(Outcome.exited(requestId, process.exitValue()));
        }
        Outcome outcome;
        String memory = null;
        try {
            outcome = invocation.outcome().get(deployment.timeout(), TimeUnit.SECONDS);
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
        listener.ended(this);
        initialised.completeExceptionally(new IOException("The process ended"));
        Invocation unanswered = current;
        if (unanswered != null) {
            unanswered.outcome().complete(Outcome.exited(unanswered.requestId(), ended.exitValue()));
        }
        runtimeApi.close();
        try {
            Directories.delete(temporaryDirectory);
        } catch (IOException e) {
            log.line("The temporary directory " + temporaryDirectory + " of an ended process could not be deleted: " + e);
        }
    }

    /** Kills the process and what it started, as Lambda does, without waiting. */
    void terminate() {
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
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MB")
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException | UncheckedIOException e) {
            return "unknown"; // it has ended
        }
    }

    private static String milliseconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%.2f ms", nanoseconds / 1e6);
    }
}
