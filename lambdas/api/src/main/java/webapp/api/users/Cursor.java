package webapp.api.users;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/** Where a page of the list ended: the id of its last user, in a form that clients hand back and do not read. */
final class Cursor {
    /** Begins each cursor, so that another order of the list can tell its cursors from these. */
    private static final byte VERSION = 1;

    private static final int BYTES = 1 + 2 * Long.BYTES;

    private Cursor() {}

    static String after(UUID userId) {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .putLong(userId.getMostSignificantBits())
                .putLong(userId.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws ProblemException 400 if no list has given out this cursor */
    static UUID parse(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() == BYTES) {
                UUID userId = new UUID(bytes.getLong(1), bytes.getLong(1 + Long.BYTES));
                // Not so with another version, with padding, and with bits that no encoder writes.
                if (after(userId).equals(text)) {
                    return userId;
                }
            }
        } catch (IllegalArgumentException e) {
            // Answered below, like bytes that are no cursor.
        }
        throw new ProblemException(
                ProblemType.INVALID_REQUEST, "The parameter cursor must be the nextCursor of an earlier answer, or be left out.");
    }
}
