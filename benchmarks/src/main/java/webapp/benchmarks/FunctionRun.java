package webapp.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One process of a variant, from its start to its end. */
final class FunctionRun implements AutoCloseable {
    private final Variant variant;
    private final TestBed testBed;
    private final RuntimeStub stub = new RuntimeStub();
    private final Path log;
    private final int loginsAtStart;
    private final long startedNanos;
    private final Process process;

    /**
     * Starts the process.
     *
     * @param processor it runs on this one alone
     * @param log takes its output
     */
    FunctionRun(Variant variant, TestBed testBed, int processor, Path log) throws IOException {
        this.variant = variant;
        this.testBed = testBed;
        this.log = log;
        List<String> command = new ArrayList<>(List.of("taskset", "--cpu-list", Integer.toString(processor)));
        command.addAll(variant.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(variant.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment());
        builder.environment().putAll(variant.environment());
        loginsAtStart = testBed.logins();
        startedNanos = System.nanoTime();
        process = builder.start();
    }

    /** What Lambda and Terraform give every function. */
    private Map<String, String> environment() {
        Map<String, String> credentials = variant.restored()
                ? Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start", "AWS_CONTAINER_CREDENTIALS_FULL_URI", stub.credentialsUri())
                : Map.of(
                        "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand",
                        "AWS_ACCESS_KEY_ID", TestBed.ACCESS_KEY_ID,
                        "AWS_SECRET_ACCESS_KEY", TestBed.SECRET_ACCESS_KEY,
                        "AWS_SESSION_TOKEN", TestBed.SESSION_TOKEN);
        Map<String, String> environment = new HashMap<>(credentials);
        environment.putAll(Map.of(
                "LANG", "en_US.UTF-8",
                "TZ", ":UTC",
                "PATH", "/usr/local/bin:/usr/bin:/bin",
                "AWS_REGION", TestBed.REGION,
                "AWS_LAMBDA_RUNTIME_API", stub.address(),
                "AWS_LAMBDA_FUNCTION_NAME", "users",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                "LAMBDA_TASK_ROOT", variant.directory().toString()));
        environment.putAll(Map.of(
                "DATABASE_HOST", TestBed.HOST,
                "DATABASE_PORT", Integer.toString(testBed.port()),
                "DATABASE_NAME", TestBed.SCHEMA,
                "DATABASE_USER", TestBed.USER));
        return environment;
    }

    /**
     * The way to the first answer.
     *
     * @param initNanos from the start of the process until it asks for an event, or from the restore
     * @param totalNanos from the start of the process to the answer, or from the restore
     * @param processorNanos what the process has used of the processor by then, since its start
     * @param residentKilobytes after the answer
     */
    record Cold(long initNanos, long totalNanos, long processorNanos, long residentKilobytes, String body) {}

    Cold firstAnswer() throws IOException, InterruptedException {
        stub.offer(testBed.event(variant.read()));
        long from = startedNanos;
        if (variant.restored()) {
            awaitCheckpoint();
            stub.restore();
        }
        RuntimeStub.Answer answer = answer();
        if (variant.restored()) {
            from = stub.restoredNanos();
        }
        return new Cold(
                stub.initialisedNanos() - from, answer.receivedNanos() - from, processorNanos(), residentKilobytes(), answer.body());
    }

    /**
     * A restore that would only be a warm call is none: before it, the function has logged in once, to warm up, and has let go of its
     * connection.
     */
    private void awaitCheckpoint() throws IOException, InterruptedException {
        if (!stub.awaitCheckpoint()) {
            throw failure("did not reach its checkpoint");
        }
        try {
            if (testBed.openConnections() > 0) {
                throw failure("has a connection open at its checkpoint");
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
        if (testBed.logins() == loginsAtStart) {
            throw failure("was not primed before its checkpoint");
        }
    }

    /** Asks once for something else, and wants the right answer to that. */
    void check(Read read) throws IOException, InterruptedException {
        stub.offer(testBed.event(read));
        read.check(variant.name(), answer().body());
    }

    /** @return the time of each call, in nanoseconds, one after the other */
    long[] warmCalls(int calls) throws IOException, InterruptedException {
        for (int i = 0; i < calls; i++) {
            stub.offer(testBed.event(variant.read()));
        }
        long[] nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            nanos[i] = answer().nanos();
        }
        return nanos;
    }

    private RuntimeStub.Answer answer() throws IOException, InterruptedException {
        RuntimeStub.Answer answer = stub.answer();
        if (answer == null || answer.failed()) {
            throw failure("answers " + (answer == null ? "nothing" : answer.body()));
        }
        return answer;
    }

    private IOException failure(String what) throws IOException {
        return new IOException(variant.name() + " " + what + "; its log is " + log + ":\n" + Files.readString(log));
    }

    long residentKilobytes() throws IOException {
        try (Stream<String> lines = Files.lines(proc().resolve("status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Of the threads that still live; those of the just-in-time compiler do. */
    private long processorNanos() throws IOException {
        try (Stream<Path> threads = Files.list(proc().resolve("task"))) {
            return threads.mapToLong(FunctionRun::processorNanos).sum();
        }
    }

    private static long processorNanos(Path thread) {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path proc() {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    /** Asks the process to end, and waits for it. */
    void end() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        stub.close();
    }
}
