package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Deletes one snapshot of those that may go. One that RDS does not delete keeps no other: the next is tried, if it is certain that nothing was deleted.
 *
 * @param refused is told what RDS said of each
 */
record Pruning(Rds rds, Consumer<Snapshot> deleted, BiConsumer<Snapshot, Trouble> refused) {
    private static final int TRIES = 3;
    /** A refusal of one that is so much older than the newest backup is told: it does not pass by itself. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    /**
     * @param obsolete oldest first; RDS's documentation has it delete available ones only, so failed ones come last
     * @param newest point of a good one, null for none
     */
    void one(List<Snapshot> obsolete, Instant newest) {
        for (Snapshot snapshot : obsolete.stream().sorted(Comparator.comparing(Snapshot::failed)).limit(TRIES).toList()) {
            try {
                rds.delete(snapshot);
                deleted.accept(snapshot);
                return;
            } catch (SdkException e) {
                Trouble trouble = Trouble.of(e, rds.operation(), "prune");
                boolean lasts = trouble.ofSnapshotsState() && newest != null && snapshot.point().isBefore(newest.minus(PATIENCE));
                refused.accept(snapshot, lasts ? new Trouble(Reason.OTHER, trouble.code(), trouble.message()
                        + "; retention no longer wants this snapshot, and RDS does not delete it: delete it by hand, or ask AWS Support") : trouble);
                if (!Trouble.refused(e)) {
                    return; // It may be deleted.
                }
            }
        }
    }
}
