package webapp.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs programs in one directory with some environment variables set on top of this process's. */
record Command(Path directory, Map<String, String> environment) {
    /** Standard output and error together; fails when the program does. */
    String run(String... command) {
        return successful(execute(command), command);
    }

    /** As {@link #run}, and fails when the program has not ended within the limit: it and what it started are killed then. */
    String runWithin(Duration limit, String... command) {
        return successful(executeWithin(limit, command), command);
    }

    private static String successful(Result result, String... command) {
        if (result.status() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " exited with " + result.status() + ":\n" + result.output());
        }
        return result.output();
    }

    /** Standard output and error together, whatever the program's exit status. */
    String tryRun(String... command) {
        return execute(command).output();
    }

    Result execute(String... command) {
        return result(start(command), command);
    }

    /** As {@link #execute}, and fails when the program has not ended within the limit: it and what it started are killed then. */
    Result executeWithin(Duration limit, String... command) {
        Process process = start(command);
        CompletableFuture<Boolean> late = process.onExit().thenApply(ended -> false).completeOnTimeout(true, limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((killed, failure) -> {
                    if (killed) {
                        process.descendants().forEach(ProcessHandle::destroyForcibly);
                        process.destroyForcibly();
                    }
                });
        Result result = result(process, command);
        if (late.join()) {
            throw new IllegalStateException(String.join(" ", command) + " in " + directory + " was killed after " + limit.toSeconds()
                    + " s; until then it printed:\n" + result.output());
        }
        return result;
    }

    private Process start(String... command) {
        ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("could not run " + String.join(" ", command), e);
        }
    }

    private static Result result(Process process, String... command) {
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("could not run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + String.join(" ", command), e);
        }
    }

    record Result(int status, String output) {}
}
