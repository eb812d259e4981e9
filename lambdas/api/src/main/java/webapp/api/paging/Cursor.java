package webapp.api.paging;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/** Where a page of a list ended: the id of its last entry, in a form that clients hand back and do not read. */
public final class Cursor {
    /** Begins each cursor, so that another order of the list can tell its cursors from these. */
    private static final byte VERSION = 1;

    private static final int ID_BYTES = 2 * Long.BYTES;

    private Cursor() {}

    public static String after(UUID id) {
        return encode(ByteBuffer.allocate(ID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    /** @param id of ASCII characters */
    public static String after(String id) {
        return encode(id.getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws ProblemException 400 if no list of UUIDs has given out this cursor */
    public static UUID id(String cursor) {
        byte[] id = decode(cursor);
        if (id == null || id.length != ID_BYTES) {
            throw refusal();
        }
        ByteBuffer bytes = ByteBuffer.wrap(id);
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    /**
     * @param form of the list's ids
     * @throws ProblemException 400 if no such list has given out this cursor
     */
    public static String text(String cursor, Pattern form) {
        byte[] id = decode(cursor);
        String text = id == null ? "" : new String(id, StandardCharsets.US_ASCII);
        if (!form.matcher(text).matches()) {
            throw refusal();
        }
        return text;
    }

    private static String encode(byte[] id) {
        byte[] bytes = ByteBuffer.allocate(1 + id.length).put(VERSION).put(id).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @return null for another version, and for what no encoder writes: with padding, or with bits beyond the last byte */
    private static byte[] decode(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length > 0) {
                byte[] id = Arrays.copyOfRange(bytes, 1, bytes.length);
                if (encode(id).equals(cursor)) {
                    return id;
                }
            }
        } catch (IllegalArgumentException e) {
            // Answered like bytes that are no cursor.
        }
        return null;
    }

    private static ProblemException refusal() {
        return new ProblemException(
                ProblemType.INVALID_REQUEST, "The parameter cursor must be the nextCursor of an earlier answer, or be left out.");
    }
}
