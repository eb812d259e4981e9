package webapp.local.rds;

import java.time.Duration;

/** What takes time in RDS, with how long it takes unless a test says otherwise ({@link RdsDouble#takes}). */
public enum Work {
    /** A snapshot's {@code creating}. */
    SNAPSHOT(Duration.ofMinutes(4)),
    /** An incremental copy's {@code copying}, from when its turn came. */
    INCREMENTAL_COPY(Duration.ofMinutes(8)),
    FULL_COPY(Duration.ofMinutes(40)),
    /** An export's {@code STARTING}, in which RDS restores the whole database. */
    EXPORT_START(Duration.ofMinutes(20)),
    /** An export's {@code IN_PROGRESS}. */
    EXPORT(Duration.ofMinutes(10)),
    /** An export's {@code CANCELING}. */
    EXPORT_CANCEL(Duration.ofMinutes(1)),
    /** From an object's upload until its replica is there. */
    REPLICATION(Duration.ofMinutes(2)),
    /** {@code creating} of a restored instance or cluster, and of an instance made in a cluster. */
    RESTORE(Duration.ofMinutes(25)),
    /** {@code deleting} of an instance or cluster. */
    DELETE(Duration.ofMinutes(3));

    final Duration usual;

    Work(Duration usual) {
        this.usual = usual;
    }
}
