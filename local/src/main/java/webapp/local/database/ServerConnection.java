package webapp.local.database;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The bridge's connection to MariaDB: greeted, then logged in over TLS, so that REQUIRE SSL holds for its users. */
final class ServerConnection implements Closeable {
    static final String NATIVE_PASSWORD = "mysql_native_password";
    static final String CLEAR_PASSWORD = "mysql_clear_password";

    private final SSLContext tls;
    private final byte[] firstPacket;
    private MySqlPackets packets;
    private Socket socket;

    private ServerConnection(Socket socket, SSLContext tls) throws IOException {
        this.socket = socket;
        this.tls = tls;
        this.packets = new MySqlPackets(socket.getInputStream(), socket.getOutputStream(), 0);
        this.firstPacket = packets.read();
    }

    static ServerConnection open(int port, SSLContext tls) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            socket.setTcpNoDelay(true);
            return new ServerConnection(socket, tls);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The greeting, or an ERR packet of a server that wants no connection. */
    byte[] firstPacket() {
        return firstPacket.clone();
    }

    /** Logs in; returns the server's last word on it, an OK or ERR packet. */
    byte[] logIn(LoginRequest request, String password) throws IOException {
        byte[] scramble = Greeting.parse(firstPacket).scramble();
        packets.write(request.tlsRequest());
        SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        socket = secured;
        packets = new MySqlPackets(secured.getInputStream(), secured.getOutputStream(), packets.sequence());

        packets.write(request.toServer(nativePassword(password, scramble)));
        byte[] answer = packets.read();
        while ((answer[0] & 0xff) == MySqlPackets.AUTH_SWITCH) {
            packets.write(answerToSwitch(answer, password));
            answer = packets.read();
        }
        return answer;
    }

    /** The connection's socket, which is the TLS socket after the login. */
    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static byte[] answerToSwitch(byte[] packet, String password) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(packet).position(1);
        String plugin = new String(MySqlPackets.zeroTerminated(buffer), StandardCharsets.US_ASCII);
        return switch (plugin) {
            case NATIVE_PASSWORD -> nativePassword(password, Arrays.copyOfRange(packet, buffer.position(), buffer.position() + 20));
            case CLEAR_PASSWORD -> (password + "\0").getBytes(StandardCharsets.UTF_8);
            default -> throw new IOException("the login bridge knows no authentication plugin " + plugin);
        };
    }

    /** SHA1(password) XOR SHA1(scramble + SHA1(SHA1(password))); nothing for an empty password. */
    private static byte[] nativePassword(String password, byte[] scramble) {
        if (password.isEmpty()) {
            return new byte[0];
        }
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] once = sha1.digest(password.getBytes(StandardCharsets.UTF_8));
            byte[] twice = sha1.digest(once);
            sha1.update(scramble);
            byte[] mask = sha1.digest(twice);
            for (int i = 0; i < once.length; i++) {
                once[i] ^= mask[i];
            }
            return once;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is part of every JDK", e);
        }
    }
}
