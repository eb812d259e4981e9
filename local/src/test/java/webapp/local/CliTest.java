package webapp.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
    @TempDir
    private Path checkout;

    @Test
    void downWithoutAStackIsNoMistake() throws Exception {
        assertThat(run("down")).contains("Stopped.");
        assertThat(run("down")).contains("Stopped.");
    }

    @Test
    void downEndsTheRestoredServersOfAKilledStack() throws Exception {
        Path program = Files.copy(Path.of("/bin/sleep"), checkout.resolve("mariadbd"), StandardCopyOption.COPY_ATTRIBUTES);
        Process left = new ProcessBuilder(program.toString(), "60").start();
        try {
            Path data = Files.createDirectories(directory().resolve("backups/servers/db-DRILL/data"));
            Files.writeString(data.resolve("mariadbd.pid"), left.pid() + "\n");

            assertThat(run("down")).contains("Stopped.");

            assertThat(left.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(directory().resolve("backups")).doesNotExist();
        } finally {
            left.destroyForcibly().waitFor();
        }
    }

    @Test
    void oneCommandAtATimeChangesAStack() throws Exception {
        Path lockFile = Files.createDirectories(checkout.resolve(".local")).resolve("lock");
        try (FileChannel file = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE); FileLock lock = file.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(run("down")).contains("webapp: another make up or make down is at work").doesNotContain("Stopped");
        }
    }

    @Test
    void stackWithNothingDeployedIsNotOpenedYet() throws Exception {
        try (Server server = new Server()) {
            server.record(Part.of(Part.SERVER, ProcessHandle.current(), "here"));
            assertThat(run("status")).contains("Nothing is deployed yet").doesNotContain("Open ");

            LocalStack.publish(directory(), "example.cloudfront.net");
            assertThat(run("status")).contains("server         up       here", "Open http://localhost:1").doesNotContain("DOWN");
        }
    }

    @Test
    void killedPartIsNamed() throws Exception {
        Process killed = new ProcessBuilder("sleep", "60").start();
        Part part = Part.of(Part.MARIADB, killed.toHandle(), "127.0.0.1:1");
        killed.destroyForcibly().waitFor();
        try (Server server = new Server()) {
            server.record(Part.of(Part.SERVER, ProcessHandle.current(), "here"), part);
            LocalStack.publish(directory(), "example.cloudfront.net");
            assertThat(run("status")).contains("server         up       here",
                            "MariaDB        DOWN     127.0.0.1:1: its process has ended (process " + killed.pid() + ")",
                            "A part is down. Heal it with: make up")
                    .doesNotContain("Open ");
        }
    }

    @Test
    void partThatRunsButDoesNotAnswerIsNamed() throws Exception {
        Process silent = new ProcessBuilder("sleep", "60").start();
        try (Server server = new Server(); ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + closed.getLocalPort();
            server.record(Part.of(Part.SERVER, ProcessHandle.current(), "here"), Part.of(Part.MARIADB, silent.toHandle(), address));
            assertThat(run("status"))
                    .contains("MariaDB        SILENT   " + address + ": its process runs, but does not answer (process " + silent.pid() + ")");
        } finally {
            silent.destroyForcibly().waitFor();
        }
    }

    @Test
    void functionWhoseProcessWasKilledIsNamed() throws Exception {
        try (Server server = new Server()) {
            server.functions = """
                    [{"functionName": "webapp-dev-users", "version": "3", "processes": 1,
                      "lastEnd": "process 7 ended at 2026-01-01T00:00:00Z: signal: killed"}]""";
            server.record(Part.of(Part.SERVER, ProcessHandle.current(), "here"));
            assertThat(run("status")).contains(
                    "webapp-dev-users, version 3, processes: 1; process 7 ended at 2026-01-01T00:00:00Z: signal: killed; the next request replaces");
        }
    }

    @Test
    void functionOfAnotherRegionIsTold() throws Exception {
        try (Server server = new Server()) {
            server.functions = """
                    [{"region": "us-east-1", "functionName": "here", "version": "1", "processes": 1},
                     {"region": "us-west-2", "functionName": "there", "version": "2", "processes": 0}]""";
            server.record(Part.of(Part.SERVER, ProcessHandle.current(), "here"));
            assertThat(run("status")).contains("here, version 1, processes: 1\n", "there, version 2 in us-west-2, processes: 0\n");
        }
    }

    private Path directory() {
        return checkout.resolve(".local");
    }

    /** Answers as a function host that has run no function. */
    private final class Server implements AutoCloseable {
        private final HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private String functions = "[]";

        private Server() throws IOException {
            http.createContext("/functions", exchange -> {
                byte[] body = functions.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            http.start();
        }

        private void record(Part... parts) throws IOException {
            new StackRecord("http://127.0.0.1:1", "http://localhost:1", new Ports(http.getAddress().getPort(), 1, 1, 1), List.of(parts))
                    .write(Files.createDirectories(directory()));
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }

    private String run(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"),
                "-Dcheckout.directory=" + checkout, "-cp", System.getProperty("java.class.path"), Cli.class.getName(), command)
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output;
    }
}
