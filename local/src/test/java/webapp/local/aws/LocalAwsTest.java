package webapp.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.User;

class LocalAwsTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @TempDir
    private Path directory;

    @Test
    void portOfAnotherProgramIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(other.getLocalPort())).isInstanceOf(IOException.class).hasMessage(
                    "another program took port " + other.getLocalPort() + " while local AWS started: run make up again");
        }
    }

    @Test
    void killedOneComesBackAsItWasSaved() throws Exception {
        int port = freePort();
        try (LocalAws aws = start(port); AwsClients clients = new AwsClients(aws.endpoint(), "eu-central-1")) {
            IamClient iam = clients.iam();
            iam.createUser(user -> user.userName("saved"));
            assertThat(LocalAws.savedAt(directory)).isEmpty();
            LocalAws.save(aws.endpoint());
            assertThat(LocalAws.savedAt(directory)).isPresent();
            iam.createUser(user -> user.userName("later"));
            ProcessHandle process = ProcessHandle.of(aws.pid()).orElseThrow();
            process.destroyForcibly();
            process.onExit().join();
            assertThatThrownBy(() -> LocalAws.save(aws.endpoint())).isInstanceOf(IOException.class);
        }
        try (LocalAws aws = start(port); AwsClients clients = new AwsClients(aws.endpoint(), "eu-central-1")) {
            assertThat(clients.iam().listUsers().users()).extracting(User::userName).containsExactly("saved");
        }
    }

    private LocalAws start(int port) throws IOException, InterruptedException {
        return LocalAws.start(CHECKOUT, CHECKOUT.resolve(".local/tools"), directory, port, "eu-central-1",
                URI.create("http://127.0.0.1:1"), 1, URI.create("http://127.0.0.1:1"), "none");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
