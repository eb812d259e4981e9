package webapp.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
    void oneCommandAtATimeChangesAStack() throws Exception {
        Path lockFile = Files.createDirectories(checkout.resolve(".local")).resolve("lock");
        try (FileChannel file = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE); FileLock lock = file.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(run("down")).contains("webapp: another make up or make down is at work").doesNotContain("Stopped");
        }
    }

    @Test
    void stackWithNothingDeployedIsNotOpenedYet() throws Exception {
        StackRecord record = new StackRecord("http://127.0.0.1:1", "http://localhost:1",
                List.of(Part.of("server", ProcessHandle.current(), "http://localhost:1")));
        record.write(Files.createDirectories(checkout.resolve(".local")));
        assertThat(run("status")).contains("Nothing is deployed yet").doesNotContain("Open ");

        LocalStack.publish(checkout.resolve(".local"), "example.cloudfront.net");
        assertThat(run("status")).contains("Open http://localhost:1");
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
