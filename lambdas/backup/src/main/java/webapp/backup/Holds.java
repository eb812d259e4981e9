package webapp.backup;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What people want kept of a database, or no longer: each region's tick tags the snapshots of the slot that it has there. */
final class Holds {
    private static final int TAG_LENGTH = 256;

    private final String database;
    private final List<Ledger.Request> requests;

    /** @param requests of all kinds and databases */
    Holds(String database, List<Ledger.Request> requests) {
        this.database = database;
        this.requests = requests.stream().filter(request -> request.is("hold", database)).toList();
    }

    /** @return whether the snapshot is to be kept, although it may not be tagged yet */
    boolean wanted(Snapshot snapshot) {
        return requests.stream().anyMatch(request -> of(request, snapshot) && !release(request));
    }

    /** @return the tag that a copy of it made now has to have, null if nobody wants it kept */
    String reason(Snapshot snapshot) {
        return requests.stream().filter(request -> of(request, snapshot)).findFirst()
                .map(request -> release(request) ? Optional.<String>empty() : Optional.of(tagValue(request.values().get("reason"))))
                .orElse(Optional.ofNullable(snapshot.tags().get(Tags.HOLD))).orElse(null);
    }

    /**
     * Does one change at most; the next tick goes on.
     *
     * @param snapshots of ours in this region
     * @param change makes the change of the snapshot
     * @param finish takes away a request for which nothing is left to do here
     */
    void carryOut(List<Snapshot> snapshots, Rds rds, BiConsumer<Snapshot, Runnable> change, Consumer<Ledger.Request> finish) {
        for (Ledger.Request request : requests) {
            Snapshot next = snapshots.stream().filter(snapshot -> of(request, snapshot) && isOpen(request, snapshot)).findFirst().orElse(null);
            if (next == null) {
                finish.accept(request);
                continue;
            }
            change.accept(next, release(request) ? () -> rds.untag(next, Tags.HOLD)
                    : () -> rds.tag(next, Tags.HOLD, tagValue(request.values().get("reason"))));
            return;
        }
    }

    /** Whether the snapshot is not yet held, for this reason, or not yet released. */
    private static boolean isOpen(Ledger.Request request, Snapshot snapshot) {
        return release(request) ? snapshot.held() : !tagValue(request.values().get("reason")).equals(snapshot.tags().get(Tags.HOLD));
    }

    private boolean of(Ledger.Request request, Snapshot snapshot) {
        return request.key().equals("hold#" + database + "#" + snapshot.slot());
    }

    private static boolean release(Ledger.Request request) {
        return "true".equals(request.values().get("release"));
    }

    private static String tagValue(String text) {
        String allowed = text == null ? "" : text.replaceAll("[^\\p{L}\\p{N} _.:/=+@-]", " ").strip();
        return allowed.isEmpty() ? "held" : allowed.substring(0, Math.min(allowed.length(), TAG_LENGTH));
    }
}
