package webapp.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs programs in one directory with some environment variables set on top of this process's. */
record Command(Path directory, Map<String, String> environment) {
    /** Standard output and error together; fails when the program does. */
    String run(String... command) {
        Result result = execute(command);
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
        ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
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
