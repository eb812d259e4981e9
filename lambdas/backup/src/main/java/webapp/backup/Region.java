package webapp.backup;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a region had when the tick began.
 *
 * @param snapshots by kind, without one that was not told
 */
record Region(String name, Rds rds, Map<Kind, List<Snapshot>> snapshots) {
    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html">At most 20 copies come into a region at a time</a> */
    private static final int COPIES_AT_A_TIME = 20;

    /** Whether it is known what there is of this kind. */
    boolean knows(Kind kind) {
        return snapshots.containsKey(kind);
    }

    /** The plan's snapshots of a database in this role, in any status. */
    List<Snapshot> ours(Plan plan, Plan.Database database, Role role) {
        return of(database.kind()).stream()
                .filter(snapshot -> snapshot.ours(plan.name()) && snapshot.is(database.identifier(), database.kind(), role)).toList();
    }

    /** @return null if there is none */
    Snapshot named(Kind kind, String identifier) {
        return of(kind).stream().filter(snapshot -> snapshot.identifier().equals(identifier)).findFirst().orElse(null);
    }

    private List<Snapshot> of(Kind kind) {
        return snapshots.getOrDefault(kind, List.of());
    }

    /** @return what was asked for at last, and where */
    String operation() {
        return rds.operation() + " in " + name;
    }

    /** @param more how many this tick has begun */
    boolean takesAnotherCopy(int more) {
        return snapshots.values().stream().flatMap(Collection::stream)
                .filter(snapshot -> snapshot.running() && snapshot.sourceArn() != null && !snapshot.sourceArn().contains(":" + name + ":"))
                .count() + more < COPIES_AT_A_TIME;
    }
}
