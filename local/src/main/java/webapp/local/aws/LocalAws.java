package webapp.local.aws;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** MiniStack with our bridges ({@code local/aws}) as a child process, on the loopback interface, with IAM enforced. */
public final class LocalAws implements AutoCloseable {
    /** The account's root: MiniStack checks the permissions of everybody else. */
    public static final String ROOT_KEY = "test";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration SAVE_LIMIT = Duration.ofSeconds(30);
    /** It saves its state before it ends. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Process process;
    private final int port;

    private LocalAws(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts MiniStack with what it last saved in {@code directory}, and waits until it answers.
     *
     * @param checkout the checkout, whose {@code local/aws} is run
     * @param tools where the Python environment is kept between runs
     * @param directory where its state and its log go
     * @param port the port to listen on
     * @param region the region of requests that name none
     * @param functionHost where the function host listens
     * @param databasePort where the login bridge listens
     * @param databaseBackups where {@link webapp.local.database.DatabaseBackups} listens
     * @param databaseBackupsToken what it has to be told
     * @throws IOException when it cannot be installed or does not answer, naming its log
     */
    public static LocalAws start(Path checkout, Path tools, Path directory, int port, String region, URI functionHost,
            int databasePort, URI databaseBackups, String databaseBackupsToken) throws IOException, InterruptedException {
        Path logs = Files.createDirectories(directory.resolve("logs"));
        Path state = Files.createDirectories(directory.resolve("aws"));
        PythonEnvironment python = PythonEnvironment.prepare(tools.resolve("python"),
                checkout.resolve("local/aws/requirements.txt"), logs.resolve("python.log"));
        Path log = logs.resolve("aws.log");
        if (Files.exists(log)) {
            // After a crash its last words are worth reading.
            Files.move(log, logs.resolve("aws.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(python.python().toString(), checkout.resolve("local/aws/launch.py").toString())
                .directory(state.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("PYTHON"));
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.put("PYTHONUNBUFFERED", "1");
        environment.put("PATH", python.nodeDirectory() + ":" + environment.getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("TMPDIR", state.toString());
        environment.put("BIND_HOST", "127.0.0.1");
        environment.put("GATEWAY_PORT", Integer.toString(port));
        environment.put("AUTH", "true");
        environment.put("IOT_MTLS_ENABLED", "0");
        environment.put("MINISTACK_REGION", region);
        environment.put("AWS_ACCESS_KEY_ID", ROOT_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", ROOT_KEY);
        environment.put("LOCAL_FUNCTION_HOST", functionHost.toString());
        environment.put("LOCAL_DATABASE_PORT", Integer.toString(databasePort));
        environment.put("LOCAL_DATABASE_BACKUPS", databaseBackups.toString());
        environment.put("LOCAL_DATABASE_BACKUPS_TOKEN", databaseBackupsToken);
        LocalAws aws = new LocalAws(builder.start(), port);
        try {
            aws.awaitReady(log);
            return aws;
        } catch (IOException | InterruptedException | RuntimeException e) {
            aws.close();
            throw e;
        }
    }

    private void awaitReady(Path log) throws IOException, InterruptedException {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (Instant.now().isBefore(limit)) {
            if (!process.isAlive()) {
                throw new IOException(portTaken(log)
                        ? "another program took port " + port + " while local AWS started: run make up again"
                        : "local AWS stopped while starting (exit status " + process.exitValue() + "): see " + log);
            }
            if (answers(endpoint())) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IOException("local AWS did not answer on port " + port + " within " + START_LIMIT.toSeconds() + " s: see " + log);
    }

    /** Whether local AWS answers its health check at this endpoint. */
    public static boolean answers(URI endpoint) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/_ministack/health")).timeout(Duration.ofSeconds(5)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean portTaken(Path log) throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT).contains("already in use");
    }

    /**
     * Has local AWS write its state to {@code directory}, so that it is there after a crash.
     *
     * @throws IOException when it does not answer, or could not write all of it
     */
    public static void save(URI endpoint) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/_webapp/state")).timeout(SAVE_LIMIT)
                    .POST(HttpRequest.BodyPublishers.noBody()).build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("local AWS could not save its state (status " + answer.statusCode() + ")");
            }
        }
    }

    /** When the state in {@code directory} was saved last; empty when it was not, or not as a whole. */
    public static Optional<Instant> savedAt(Path directory) throws IOException {
        Path complete = directory.resolve("aws/state/complete");
        return Files.exists(complete) ? Optional.of(Files.getLastModifiedTime(complete).toInstant()) : Optional.empty();
    }

    /** What points Terraform, an SDK or a command line at local AWS; an address, not a name, so that S3 goes by path. */
    public static Map<String, String> environment(URI endpoint) {
        return Map.of(
                "AWS_ENDPOINT_URL", endpoint.toString(),
                "AWS_ACCESS_KEY_ID", ROOT_KEY,
                "AWS_SECRET_ACCESS_KEY", ROOT_KEY,
                "AWS_CONFIG_FILE", "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE", "/dev/null",
                "AWS_EC2_METADATA_DISABLED", "true");
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
