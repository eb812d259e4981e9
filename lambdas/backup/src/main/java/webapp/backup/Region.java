package webapp.backup;

import java.util.List;

/** What a region had when the tick began. */
record Region(String name, Rds rds, List<Snapshot> snapshots) {
    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html">At most 20 copies come into a region at a time</a> */
    private static final int COPIES_AT_A_TIME = 20;

    /** The plan's snapshots of a database in this role, in any status. */
    List<Snapshot> ours(Plan plan, Plan.Database database, Role role) {
        return snapshots.stream().filter(snapshot -> snapshot.ours(plan.name()) && snapshot.is(database.identifier(), database.kind(), role)).toList();
    }

    /** @return null if there is none */
    Snapshot named(Kind kind, String identifier) {
        return snapshots.stream().filter(snapshot -> snapshot.kind() == kind && snapshot.identifier().equals(identifier)).findFirst().orElse(null);
    }

    /** @return what was asked for at last, and where */
    String operation() {
        return rds.operation() + " in " + name;
    }

    /** @param more how many this tick has begun */
    boolean takesAnotherCopy(int more) {
        return snapshots.stream().filter(snapshot -> snapshot.running() && snapshot.sourceArn() != null && !snapshot.sourceArn().contains(":" + name + ":"))
                .count() + more < COPIES_AT_A_TIME;
    }
}
