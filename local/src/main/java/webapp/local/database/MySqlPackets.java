package webapp.local.database;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Packets of the MySQL protocol's connection phase on one stream: three bytes of length, a sequence number, the payload
 * (<a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html">MySQL Packets</a>).
 */
final class MySqlPackets {
    static final int HEADER = 4;
    static final int ERROR = 0xff;
    static final int AUTH_SWITCH = 0xfe;
    static final int OK = 0x00;

    /** Nobody needs more before the login; an IAM token has about 2 KB. */
    private static final int LIMIT = 64 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private int sequence;

    /** @param sequence the number of the next packet in either direction */
    MySqlPackets(InputStream in, OutputStream out, int sequence) {
        this.in = in;
        this.out = out;
        this.sequence = sequence;
    }

    int sequence() {
        return sequence;
    }

    byte[] read() throws IOException {
        byte[] payload = readPossiblyEmpty();
        if (payload.length == 0) {
            throw new IOException("an empty packet during the login");
        }
        return payload;
    }

    /** Some clients send an empty packet for an empty password. */
    byte[] readPossiblyEmpty() throws IOException {
        byte[] header = exactly(HEADER);
        int length = length(header);
        if (length > LIMIT) {
            throw new IOException("a packet of " + length + " bytes is no part of a login");
        }
        sequence = (header[3] + 1) & 0xff;
        return exactly(length);
    }

    void write(byte[] payload) throws IOException {
        out.write(packet(payload, sequence));
        out.flush();
        sequence = (sequence + 1) & 0xff;
    }

    static int length(byte[] header) {
        return (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
    }

    /** A packet that fits in one, below 16 MB. */
    static byte[] packet(byte[] payload, int sequence) {
        return ByteBuffer.allocate(HEADER + payload.length).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(payload.length | sequence << 24).put(payload).array();
    }

    /** An ERR packet (<a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_err_packet.html">format</a>). */
    static byte[] error(int code, String sqlState, String message) {
        byte[] text = ("#" + sqlState + message).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(3 + text.length).order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) ERROR).putShort((short) code).put(text).array();
    }

    static int errorCode(byte[] packet) {
        return (packet[1] & 0xff) | (packet[2] & 0xff) << 8;
    }

    /** Code, state and message of an ERR packet, for a log. */
    static String describeError(byte[] packet) {
        return errorCode(packet) + " " + new String(packet, 3, packet.length - 3, StandardCharsets.UTF_8);
    }

    /** Reads a text that ends with a zero byte, or with the buffer. */
    static byte[] zeroTerminated(ByteBuffer buffer) {
        int start = buffer.position();
        while (buffer.hasRemaining()) {
            if (buffer.get() == 0) {
                return Arrays.copyOfRange(buffer.array(), start, buffer.position() - 1);
            }
        }
        return Arrays.copyOfRange(buffer.array(), start, buffer.position());
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection was closed during the login");
        }
        return bytes;
    }
}
