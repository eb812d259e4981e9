package webapp.api;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Makes and reads the ids of what requests create: UUIDs of version 7 (RFC 9562), which start with the time and so are appended to the
 * primary key's index.
 */
public final class ResourceId {
    /** Seeded anew after a SnapStart restore, so that two environments of one snapshot never make the same id. */
    private static final SecureRandom RANDOM = new SecureRandom();

    private ResourceId() {}

    public static UUID create(long epochMillis) {
        long version = 0x7000L | RANDOM.nextInt(0x1000);
        long variant = 0x8000_0000_0000_0000L | RANDOM.nextLong() >>> 2;
        return new UUID(epochMillis << 16 | version, variant);
    }

    /** @return null if the text is no UUID in its usual form of 36 characters */
    public static UUID parse(String text) {
        if (text == null || text.length() != 36) {
            return null;
        }
        try {
            UUID id = UUID.fromString(text);
            // fromString also takes groups that are too short.
            return id.toString().equalsIgnoreCase(text) ? id : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
