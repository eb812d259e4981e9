package webapp.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One process of the AWS provider for all runs of a {@code terraform test}. Left alone, Terraform starts the provider anew for each validation, plan and apply
 * of each run, which takes longer than the run; see https://developer.hashicorp.com/terraform/plugin/debugging#terraform-cli-reattach-configuration.
 */
final class AttachedProvider implements AutoCloseable {
    private static final int START_SECONDS = 120;
    private static final Pattern ADDRESS = Pattern.compile("TF_REATTACH_PROVIDERS='(.*)'");

    private final Process process;
    private final CompletableFuture<String> address = new CompletableFuture<>();

    /**
     * Starts the provider that {@code terraform init} put into a data directory.
     *
     * @param dataDirectory what {@code TF_DATA_DIR} was
     * @param temporary where the provider opens its socket; a short path, since a socket's has at most 107 bytes
     */
    AttachedProvider(Path dataDirectory, Path temporary) {
        // The shell's input ends with this process, even one that is killed, and with it the provider.
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "\"$0\" -debug & exec >&- 2>&-; read -r line; kill $!; wait $!",
                executable(dataDirectory).toString()).redirectErrorStream(true);
        builder.environment().put("TMPDIR", temporary.toString());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("could not start the provider in " + dataDirectory, e);
        }
        Thread.ofVirtual().start(this::listen);
    }

    /** The value of TF_REATTACH_PROVIDERS for the commands that are to use this process. */
    String address() {
        try {
            return address.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the provider did not tell its address within " + START_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the provider started", e);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("could not stop the provider", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the provider stopped", e);
        }
    }

    /** Reads to the end: a provider whose output nobody takes would stop at a full pipe. */
    private void listen() {
        StringBuilder beginning = new StringBuilder();
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (!address.isDone()) {
                    beginning.append(line).append('\n');
                    Matcher found = ADDRESS.matcher(line);
                    if (found.find()) {
                        address.complete(found.group(1));
                    }
                }
            }
            address.completeExceptionally(new IllegalStateException("the provider ended before it told its address:\n" + beginning));
        } catch (IOException e) {
            address.completeExceptionally(e);
        }
    }

    private static Path executable(Path dataDirectory) {
        try (Stream<Path> files = Files.walk(dataDirectory.resolve("providers"), FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(file -> file.getFileName().toString().startsWith("terraform-provider-aws_")).findFirst()
                    .orElseThrow(() -> new IllegalStateException("no AWS provider in " + dataDirectory + " after terraform init"));
        } catch (IOException e) {
            throw new UncheckedIOException("could not look for the AWS provider in " + dataDirectory, e);
        }
    }
}
