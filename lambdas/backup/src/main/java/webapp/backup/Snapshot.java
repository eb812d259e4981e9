package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;

/**
 * A manual snapshot of an instance or a cluster, as RDS lists it.
 *
 * @param createdAt null until RDS has it
 * @param originalCreatedAt when the data of a copy was taken, null where RDS does not tell
 * @param kmsKeyId null if it is not encrypted
 * @param sourceArn of what it is a copy of, otherwise null
 */
record Snapshot(
        Kind kind,
        String identifier,
        String arn,
        String database,
        String status,
        Instant createdAt,
        Instant originalCreatedAt,
        String kmsKeyId,
        String sourceArn,
        Map<String, String> tags) {

    /** Between this function's clock and RDS's. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(15);
    private static final Set<String> RUNNING = Set.of("creating", "copying", "pending", "queued");

    Snapshot {
        tags = Map.copyOf(tags);
    }

    /**
     * @return whether it has the plan's tags, and the name that follows from them; any other is left alone. A copy that somebody made with its
     *         tags is theirs, and whoever changes a slot makes nothing deletable
     */
    boolean ours(String plan) {
        return plan.equals(tags.get(Tags.PLAN)) && tags.get(Tags.DATABASE) != null && role() != null && slot() != null
                && Names.is(role(), tags.get(Tags.DATABASE), slot(), identifier);
    }

    boolean is(String ofDatabase, Kind ofKind, Role as) {
        return kind == ofKind && ofDatabase.equals(tags.get(Tags.DATABASE)) && role() == as;
    }

    /** @return null if it has none */
    Role role() {
        return Role.of(tags.get(Tags.ROLE));
    }

    /** @return null if it has none that is an instant */
    Instant slot() {
        return instant(Tags.SLOT);
    }

    /** @return when its data was taken; null as long as RDS does not tell */
    Instant takenAt() {
        if (originalCreatedAt != null) {
            return originalCreatedAt;
        }
        Instant taken = instant(Tags.TAKEN);
        return taken == null ? createdAt : taken;
    }

    /** @return its slot; when its data was taken, if that was well before: then a wrong clock named the slot */
    Instant point() {
        Instant taken = takenAt();
        return taken != null && taken.isBefore(slot().minus(CLOCK_SKEW)) ? taken : slot();
    }

    /** Only such a one is a backup. */
    boolean available() {
        return status.equals("available");
    }

    boolean failed() {
        return status.equals("failed");
    }

    boolean running() {
        return RUNNING.contains(status);
    }

    boolean held() {
        return tags.containsKey(Tags.HOLD);
    }

    /** @return null if there is no such tag, or it is no instant: people may change tags */
    Instant instant(String tag) {
        String text = tags.get(tag);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
