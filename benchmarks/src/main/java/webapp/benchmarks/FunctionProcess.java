package webapp.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One process of a variant with its Runtime API, from its start to its end. */
final class FunctionProcess implements AutoCloseable {
    private final Variant variant;
    private final RuntimeStub stub;
    private final Path log;
    private final long startedNanos;
    private final Process process;

    /**
     * Starts the process.
     *
     * @param function what Terraform gives this function; Lambda's own variables are added
     * @param processor it runs on this one alone
     * @param log takes its output
     */
    FunctionProcess(Variant variant, Map<String, String> function, int processor, Path log) throws IOException {
        this.variant = variant;
        this.stub = new RuntimeStub(variant.timeout());
        this.log = log;
        List<String> command = new ArrayList<>(List.of("taskset", "--cpu-list", Integer.toString(processor)));
        command.addAll(variant.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(variant.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(lambda());
        builder.environment().putAll(function);
        builder.environment().putAll(variant.environment());
        startedNanos = System.nanoTime();
        process = builder.start();
    }

    /** What Lambda gives every function. */
    private Map<String, String> lambda() {
        Map<String, String> environment = new HashMap<>(variant.restored()
                ? Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start", "AWS_CONTAINER_CREDENTIALS_FULL_URI", stub.credentialsUri())
                : Map.of(
                        "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand",
                        "AWS_ACCESS_KEY_ID", TestBed.ACCESS_KEY_ID,
                        "AWS_SECRET_ACCESS_KEY", TestBed.SECRET_ACCESS_KEY,
                        "AWS_SESSION_TOKEN", TestBed.SESSION_TOKEN));
        environment.putAll(Map.of(
                "LANG", "en_US.UTF-8",
                "TZ", ":UTC",
                "PATH", "/usr/local/bin:/usr/bin:/bin",
                "AWS_REGION", TestBed.REGION,
                "AWS_LAMBDA_RUNTIME_API", stub.address(),
                "AWS_LAMBDA_FUNCTION_NAME", "users",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(variant.memory()),
                "LAMBDA_TASK_ROOT", variant.directory().toString()));
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

    /** Waits until the hooks before the checkpoint have run. */
    void awaitCheckpoint() throws IOException, InterruptedException {
        if (!stub.awaitCheckpoint()) {
            throw failure("did not reach its checkpoint");
        }
    }

    /** Lets the process go on, as a restored one does. */
    void restore() {
        stub.restore();
    }

    void offer(byte[] event) {
        stub.offer(event);
    }

    /** Waits for the answer to the first event, which is offered before. */
    Cold firstAnswer() throws IOException, InterruptedException {
        RuntimeStub.Answer answer = answer();
        long from = variant.restored() ? stub.restoredNanos() : startedNanos;
        return new Cold(
                stub.initialisedNanos() - from, answer.receivedNanos() - from, processorNanos(), residentKilobytes(), answer.body());
    }

    RuntimeStub.Answer answer() throws IOException, InterruptedException {
        RuntimeStub.Answer answer = stub.answer();
        if (answer == null || answer.failed()) {
            throw failure("answers " + (answer == null ? "nothing" : answer.body()));
        }
        return answer;
    }

    /** @return the time of each call, in nanoseconds, one after the other */
    long[] calls(byte[] event, int calls) throws IOException, InterruptedException {
        for (int i = 0; i < calls; i++) {
            stub.offer(event);
        }
        long[] nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            nanos[i] = answer().nanos();
        }
        return nanos;
    }

    IOException failure(String what) throws IOException {
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
            return threads.mapToLong(FunctionProcess::processorNanos).sum();
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
