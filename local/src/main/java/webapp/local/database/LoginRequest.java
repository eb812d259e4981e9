package webapp.local.database;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A client's answer to the greeting
 * (<a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html">
 * HandshakeResponse41</a>; MariaDB keeps capabilities of its own in the last four reserved bytes).
 *
 * @param capabilities what the client wants
 * @param settings     the 28 bytes after them: largest packet, collation, reserved bytes
 * @param user         user name
 * @param database     database to use, or null
 * @param attributes   connection attributes as they came, empty when the client sends none
 */
record LoginRequest(int capabilities, byte[] settings, String user, String database, byte[] attributes) {
    /** Length of the part that a client sends before TLS starts. */
    static final int TLS_REQUEST_LENGTH = 32;

    static LoginRequest parse(byte[] packet) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int capabilities = buffer.getInt();
            byte[] settings = new byte[TLS_REQUEST_LENGTH - Integer.BYTES];
            buffer.get(settings);
            String user = text(MySqlPackets.zeroTerminated(buffer));
            skipAuthentication(buffer, capabilities);
            String database = null;
            if ((capabilities & Capabilities.CONNECT_WITH_DATABASE) != 0) {
                database = text(MySqlPackets.zeroTerminated(buffer));
            }
            if ((capabilities & Capabilities.PLUGIN_AUTHENTICATION) != 0) {
                MySqlPackets.zeroTerminated(buffer);
            }
            byte[] attributes = new byte[(capabilities & Capabilities.CONNECT_ATTRIBUTES) != 0 ? buffer.remaining() : 0];
            buffer.get(attributes);
            return new LoginRequest(capabilities, settings, user, database, attributes);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("malformed login request of " + packet.length + " bytes", e);
        }
    }

    boolean wants(int capability) {
        return (capabilities & capability) != 0;
    }

    /** What the bridge sends to ask the server for TLS. */
    byte[] tlsRequest() {
        return ByteBuffer.allocate(TLS_REQUEST_LENGTH).order(ByteOrder.LITTLE_ENDIAN).putInt(serverCapabilities()).put(settings).array();
    }

    /** The request in the bridge's own name: the client's wishes, another proof of identity. */
    byte[] toServer(byte[] nativePassword) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.writeBytes(tlsRequest());
        writeText(packet, user);
        packet.write(nativePassword.length);
        packet.writeBytes(nativePassword);
        if (database != null) {
            writeText(packet, database);
        }
        writeText(packet, ServerConnection.NATIVE_PASSWORD);
        packet.writeBytes(attributes);
        return packet.toByteArray();
    }

    private int serverCapabilities() {
        return (capabilities | Capabilities.TLS | Capabilities.SECURE_CONNECTION | Capabilities.PLUGIN_AUTHENTICATION)
                & ~(Capabilities.LONG_AUTHENTICATION | Capabilities.COMPRESSION | Capabilities.ZSTD_COMPRESSION);
    }

    private static void skipAuthentication(ByteBuffer buffer, int capabilities) {
        if ((capabilities & (Capabilities.LONG_AUTHENTICATION | Capabilities.SECURE_CONNECTION)) == 0) {
            MySqlPackets.zeroTerminated(buffer);
            return;
        }
        int length = buffer.get() & 0xff;
        if ((capabilities & Capabilities.LONG_AUTHENTICATION) != 0 && length == 0xfc) {
            length = buffer.getShort() & 0xffff;
        }
        buffer.position(buffer.position() + length);
    }

    private static void writeText(ByteArrayOutputStream packet, String text) {
        packet.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        packet.write(0);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
