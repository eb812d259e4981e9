package webapp.backup;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which snapshots of one database and role may be deleted: those that nothing speaks for. Whether it is only to be said (dry run) is
 * the caller's matter.
 */
final class PruneGuard {
    /** What speaks for a snapshot. */
    enum Keep {
        RETENTION,
        /** No more good ones would be left than the least number. */
        MINIMUM,
        /** The newest good one, by slot and by data: what the next incremental copy is built on, and the last to go. */
        NEWEST,
        /** Its recovery copy, or a newer one, is not there. */
        UNPROTECTED,
        /** It is read by a copy or an export. */
        IN_USE,
        HOLD,
        /** It is no good one, and none that a later one replaces. */
        UNFINISHED
    }

    /** @param keeps empty if it may be deleted */
    record Verdict(Snapshot snapshot, Set<Keep> keeps) {
        boolean deletable() {
            return keeps.isEmpty();
        }
    }

    private final Retention retention;
    private final ZoneId zone;
    private final Predicate<Snapshot> isProtected;
    private final Predicate<Snapshot> inUse;

    /** @param isProtected whether losing the snapshot loses nothing that another region does not have */
    PruneGuard(Retention retention, ZoneId zone, Predicate<Snapshot> isProtected, Predicate<Snapshot> inUse) {
        this.retention = retention;
        this.zone = zone;
        this.isProtected = isProtected;
        this.inUse = inUse;
    }

    /**
     * @param snapshots all of ours of one database and role
     * @return oldest first; if all that may be deleted are, or only some, at least the least number of good ones is left
     */
    List<Verdict> judge(List<Snapshot> snapshots) {
        List<Snapshot> good = snapshots.stream().filter(Snapshot::available).toList();
        Set<Instant> kept = retention.kept(good.stream().map(Snapshot::point).toList(), zone);
        Snapshot newestPoint = good.stream().max(Comparator.comparing(Snapshot::point)).orElse(null);
        Snapshot newestData = good.stream().filter(snapshot -> snapshot.takenAt() != null).max(Comparator.comparing(Snapshot::takenAt)).orElse(null);
        int left = good.size();
        List<Verdict> verdicts = new ArrayList<>();
        for (Snapshot snapshot : snapshots.stream().sorted(Comparator.comparing(Snapshot::point).thenComparing(Snapshot::identifier)).toList()) {
            Set<Keep> keeps = EnumSet.noneOf(Keep.class);
            if (snapshot.held()) {
                keeps.add(Keep.HOLD);
            }
            if (inUse.test(snapshot)) {
                keeps.add(Keep.IN_USE);
            }
            if (!snapshot.available()) {
                if (!snapshot.failed() || !replaced(snapshot, snapshots)) {
                    keeps.add(Keep.UNFINISHED);
                }
                verdicts.add(new Verdict(snapshot, keeps));
                continue;
            }
            if (kept.contains(snapshot.point())) {
                keeps.add(Keep.RETENTION);
            }
            if (left <= retention.minimum()) {
                keeps.add(Keep.MINIMUM);
            }
            if (snapshot.equals(newestPoint) || snapshot.equals(newestData)) {
                keeps.add(Keep.NEWEST);
            }
            if (!isProtected.test(snapshot)) {
                keeps.add(Keep.UNPROTECTED);
            }
            if (keeps.isEmpty()) {
                left--;
            }
            verdicts.add(new Verdict(snapshot, keeps));
        }
        return verdicts;
    }

    /** Whether a failed one has a later attempt, or a good one of a later slot. */
    private static boolean replaced(Snapshot failed, List<Snapshot> snapshots) {
        return snapshots.stream().anyMatch(other -> other.slot().equals(failed.slot())
                ? Names.attempt(other.role(), other.identifier()) > Names.attempt(failed.role(), failed.identifier())
                : other.available() && other.slot().isAfter(failed.slot()));
    }
}
