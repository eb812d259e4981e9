package webapp.local.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first packet of a server
 * (<a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html">
 * HandshakeV10</a>).
 */
final class Greeting {
    private static final int PROTOCOL = 10;

    private final byte[] packet;
    private final int lowCapabilities;
    private final byte[] scramble = new byte[20];

    private Greeting(byte[] packet) throws IOException {
        this.packet = packet;
        ByteBuffer buffer = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        int protocol = buffer.get();
        if (protocol != PROTOCOL) {
            throw new IOException("the server speaks protocol " + protocol + ", not " + PROTOCOL);
        }
        MySqlPackets.zeroTerminated(buffer);
        buffer.getInt();
        buffer.get(scramble, 0, 8).get();
        lowCapabilities = buffer.position();
        // Capabilities (2), collation (1), status (2), capabilities (2), length of the scramble (1), reserved (10).
        buffer.position(lowCapabilities + 18).get(scramble, 8, 12);
    }

    static Greeting parse(byte[] packet) throws IOException {
        return new Greeting(packet);
    }

    byte[] scramble() {
        return scramble.clone();
    }

    /**
     * The same greeting as the bridge gives it: the server's version, connection id (so that KILL finds it) and capabilities,
     * with TLS, and without compression, which would hide the commands.
     */
    byte[] forClient() {
        byte[] greeting = packet.clone();
        ByteBuffer buffer = ByteBuffer.wrap(greeting).order(ByteOrder.LITTLE_ENDIAN);
        int high = lowCapabilities + 5;
        int capabilities = (buffer.getShort(lowCapabilities) & 0xffff) | buffer.getShort(high) << 16;
        capabilities &= ~(Capabilities.COMPRESSION | Capabilities.ZSTD_COMPRESSION);
        capabilities |= Capabilities.TLS;
        buffer.putShort(lowCapabilities, (short) capabilities).putShort(high, (short) (capabilities >>> 16));
        return greeting;
    }

}
