package webapp.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** One process of a variant that reads from {@link TestBed}, from its start to its end. */
final class FunctionRun implements AutoCloseable {
    private final Variant variant;
    private final TestBed testBed;
    private final int loginsAtStart;
    private final FunctionProcess process;

    /**
     * Starts the process.
     *
     * @param processor it runs on this one alone
     * @param log takes its output
     */
    FunctionRun(Variant variant, TestBed testBed, int processor, Path log) throws IOException {
        this.variant = variant;
        this.testBed = testBed;
        loginsAtStart = testBed.logins();
        process = new FunctionProcess(variant, Map.of(
                "DATABASE_HOST", TestBed.HOST,
                "DATABASE_PORT", Integer.toString(testBed.port()),
                "DATABASE_NAME", TestBed.SCHEMA,
                "DATABASE_USER", TestBed.USER), processor, log);
    }

    FunctionProcess.Cold firstAnswer() throws IOException, InterruptedException {
        process.offer(testBed.event(variant.read()));
        if (variant.restored()) {
            awaitCheckpoint();
            process.restore();
        }
        return process.firstAnswer();
    }

    /**
     * A restore that would only be a warm call is none: before it, the function has logged in once, to warm up, and has let go of its
     * connection.
     */
    private void awaitCheckpoint() throws IOException, InterruptedException {
        process.awaitCheckpoint();
        try {
            if (testBed.openConnections() > 0) {
                throw process.failure("has a connection open at its checkpoint");
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
        if (testBed.logins() == loginsAtStart) {
            throw process.failure("was not primed before its checkpoint");
        }
    }

    /** Asks once for something else, and wants the right answer to that. */
    void check(Read read) throws IOException, InterruptedException {
        process.offer(testBed.event(read));
        read.check(variant.name(), process.answer().body());
    }

    /** @return the time of each call, in nanoseconds, one after the other */
    long[] warmCalls(int calls) throws IOException, InterruptedException {
        return process.calls(testBed.event(variant.read()), calls);
    }

    long residentKilobytes() throws IOException {
        return process.residentKilobytes();
    }

    /** Asks the process to end, and waits for it. */
    void end() throws InterruptedException {
        process.end();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
