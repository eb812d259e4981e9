package webapp.backup;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;

/**
 * An instance or a cluster of the recovery region, as RDS lists it.
 *
 * @param cluster of an instance, null for none
 * @param host null until it has an endpoint
 */
record Restored(Kind kind, String identifier, String arn, String status, String engine, String cluster, String host, int port, Map<String, String> tags) {
    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html">Status of an instance</a> */
    private static final Set<String> BROKEN = Set.of("failed", "restore-error", "inaccessible-encryption-credentials",
            "inaccessible-encryption-credentials-recoverable", "insufficient-capacity", "storage-full", "cloning-failed", "migration-failed", "stopped");

    private static final String PREFIX = "drill-";

    Restored {
        tags = Map.copyOf(tags);
    }

    /** Whether a drill of the plan restored it: only such a one is ever deleted, and both its name and its tags have to say so. */
    boolean ofDrill(String plan) {
        return identifier.startsWith(PREFIX) && plan.equals(tags.get(Tags.PLAN)) && Role.of(tags.get(Tags.ROLE)) == Role.DRILL;
    }

    String database() {
        return tags.get(Tags.DATABASE);
    }

    /** @return of the drill, null if it has none that is an instant */
    Instant slot() {
        try {
            return tags.get(Tags.SLOT) == null ? null : Instant.parse(tags.get(Tags.SLOT));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    boolean available() {
        return status.equals("available");
    }

    boolean deleting() {
        return status.equals("deleting");
    }

    /** Whether it will never be available. */
    boolean broken() {
        return BROKEN.contains(status) || status.startsWith("incompatible-");
    }
}
