package webapp.local.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Passes a client's commands to the server, after the login. Commands go byte by byte, whatever their size, but for CREATE USER
 * and ALTER USER, which {@link CreateUserTranslation} changes, and for COM_CHANGE_USER, at which the relay stops: it would be a
 * login that nobody checked.
 */
final class CommandRelay {
    private static final int CHANGE_USER = 0x11;
    private static final int QUERY = 0x03;
    private static final int PREPARE = 0x16;
    private static final int FULL_PACKET = 0xffffff;
    /** Statements above this size are not looked into; no CREATE USER has it. */
    private static final int TRANSLATED_SIZE = 1 << 20;

    private final InputStream client;
    private final OutputStream server;
    private final UnaryOperator<String> password;
    private final byte[] buffer = new byte[64 * 1024];

    /** How the client's stream ended. */
    enum End { CLIENT_CLOSED, CHANGE_USER_REFUSED }

    CommandRelay(InputStream client, OutputStream server, UnaryOperator<String> password) {
        this.client = client;
        this.server = server;
        this.password = password;
    }

    End run() throws IOException {
        byte[] header = new byte[MySqlPackets.HEADER];
        boolean continued = false;
        while (client.readNBytes(header, 0, header.length) == header.length) {
            int length = MySqlPackets.length(header);
            int sequence = header[3] & 0xff;
            if (sequence != 0 || continued || length == 0) {
                server.write(header);
                copy(length);
            } else if (!command(header, length)) {
                return End.CHANGE_USER_REFUSED;
            }
            server.flush();
            // A command's first packet has number 0. So has its 257th, and a packet that goes on where a full one ended.
            continued = length == FULL_PACKET || sequence == 0xff;
        }
        return End.CLIENT_CLOSED;
    }

    private boolean command(byte[] header, int length) throws IOException {
        int command = client.read();
        if (command == CHANGE_USER) {
            return false;
        }
        if ((command == QUERY || command == PREPARE) && length <= TRANSLATED_SIZE) {
            byte[] sql = CreateUserTranslation.translate(client.readNBytes(length - 1), password);
            byte[] payload = new byte[1 + sql.length];
            payload[0] = (byte) command;
            System.arraycopy(sql, 0, payload, 1, sql.length);
            server.write(MySqlPackets.packet(payload, 0));
        } else {
            byte[] start = Arrays.copyOf(header, header.length + 1);
            start[header.length] = (byte) command;
            server.write(start);
            copy(length - 1);
        }
        return true;
    }

    private void copy(int length) throws IOException {
        for (int left = length; left > 0; ) {
            int read = client.read(buffer, 0, Math.min(left, buffer.length));
            if (read < 0) {
                return;
            }
            server.write(buffer, 0, read);
            left -= read;
        }
    }
}
