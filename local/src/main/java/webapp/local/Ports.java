package webapp.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.Consumer;

/**
 * Where the parts of a stack listen. One that is started again keeps its ports: the browser, the state of Terraform and local AWS
 * know them.
 *
 * @param frontDoor the first port to try, or 0 for a free one; the others likewise
 */
record Ports(int functionHost, int localAws, int loginBridge, int frontDoor) {
    static Ports free(int frontDoor) {
        return new Ports(0, 0, 0, frontDoor);
    }

    /** The port if nothing listens there, otherwise a free one, which {@code progress} is told. */
    static int available(int port, String part, Consumer<String> progress) throws IOException {
        if (port != 0) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                progress.accept("port " + port + ", where the " + part + " listened, is taken by another program: it moves to another");
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
