package webapp.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
    private final List<String> progress = new ArrayList<>();

    @Test
    void partKeepsItsPort() throws IOException {
        int port = Ports.available(0, "login bridge", progress::add);
        assertThat(Ports.available(port, "login bridge", progress::add)).isEqualTo(port).isPositive();
        assertThat(progress).isEmpty();
    }

    @Test
    void partWhosePortAnotherProgramTookMovesAndSaysSo() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.available(other.getLocalPort(), "login bridge", progress::add)).isPositive().isNotEqualTo(other.getLocalPort());
            assertThat(progress).containsExactly("port " + other.getLocalPort()
                    + ", where the login bridge listened, is taken by another program: it moves to another");
        }
    }
}
