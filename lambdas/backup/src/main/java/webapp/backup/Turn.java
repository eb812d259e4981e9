package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;

/** A tick's turn in its region: one at a time by the lease, and what AWS says against a call is told, and stops nothing else. */
final class Turn {
    /** What a database's stages take at most, when RDS is slow. */
    static final Duration SHORTEST_DATABASE = Duration.ofSeconds(40);

    /** What starts a tick: modules/backup's schedules. */
    private static final Duration EVERY = Duration.ofMinutes(5);

    private final Plan plan;
    private final Instant now;
    private final Journal journal;
    private final Ledger ledger;
    private boolean leased;

    Turn(Plan plan, Instant now, Journal journal, Ledger ledger) {
        this.plan = plan;
        this.now = now;
        this.journal = journal;
        this.ledger = ledger;
    }

    /**
     * Does the work under the lease, or without one while the table does not answer.
     *
     * @param owner of the lease
     * @param until when it ends if this tick dies
     * @return {@code done}, or {@code busy} if another tick runs
     */
    String run(String owner, Instant until, Runnable work) {
        Boolean acquired = attempt("lease", "dynamodb:PutItem", () -> ledger.acquire(plan.name(), owner, now, until));
        if (Boolean.FALSE.equals(acquired)) {
            journal.tell("busy", null, null, null, "another tick has the lease");
            return "busy";
        }
        leased = acquired != null;
        try {
            work.run();
        } catch (RuntimeException e) {
            release(owner);
            throw e;
        }
        release(owner);
        return "done";
    }

    /** Whether no other tick runs: only then is anything deleted. */
    boolean leased() {
        return leased;
    }

    private void release(String owner) {
        if (leased) {
            attempt("lease", "dynamodb:DeleteItem", () -> {
                ledger.release(plan.name(), owner);
                return true;
            });
        }
    }

    /** The plan's databases, another one first in each tick: where its time ends, it is not always the same ones that wait. */
    List<Plan.Database> databases() {
        List<Plan.Database> databases = new ArrayList<>(plan.databases());
        long tick = now.getEpochSecond() / EVERY.toSeconds();
        Collections.rotate(databases, -Math.floorMod(tick, databases.size()));
        return databases;
    }

    /** @return whether the tick has the time for another database; that it has not is told */
    boolean hasTimeFor(Plan.Database database, Duration left) {
        if (left.compareTo(SHORTEST_DATABASE) >= 0) {
            return true;
        }
        journal.tell("out-of-time", database.identifier(), null, null, "the next tick goes on");
        return false;
    }

    /** What goes wrong with one database stops no other. */
    void alone(String stage, Plan.Database database, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            journal.fail(new Failure(Reason.OTHER, stage, database == null ? null : database.identifier(), null, null, null,
                    e + Arrays.stream(e.getStackTrace()).findFirst().map(frame -> " at " + frame).orElse("")));
        }
    }

    /**
     * Lists one kind after the other, so that one that is refused stops the databases of no other.
     *
     * @param operation that is to blame, asked for when it failed
     * @return without a kind that could not be listed, which is told of each of its databases
     */
    <T> Map<Kind, List<T>> listings(Collection<Plan.Database> databases, Supplier<String> operation, Function<Kind, List<T>> list) {
        Map<Kind, List<T>> listings = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            List<Plan.Database> stopped = databases.stream().filter(database -> database.kind() == kind).toList();
            List<T> listing = stopped.isEmpty() ? null : attempt("list", operation, stopped, () -> list.apply(kind));
            if (listing != null) {
                listings.put(kind, listing);
            }
        }
        return listings;
    }

    /**
     * Tells how many manual snapshots the region still takes.
     *
     * @param databases of which it keeps some
     */
    Double measureSnapshots(Rds rds, Collection<Plan.Database> databases) {
        Set<Kind> kinds = databases.stream().map(Plan.Database::kind).collect(Collectors.toSet());
        Double used = attempt("list", rds::operation, () -> rds.manualSnapshotsUsedPercent(kinds));
        if (used != null && used >= 0) {
            journal.new Metrics().percent("ManualSnapshotsUsedPercent", used).emit();
        }
        return used;
    }

    /** @return null if it fails, which is told; the tick goes on with what it has */
    <T> T attempt(String stage, String operation, Supplier<T> call) {
        return attempt(stage, () -> operation, call);
    }

    /** @param operation that is to blame, asked for when it failed */
    <T> T attempt(String stage, Supplier<String> operation, Supplier<T> call) {
        return attempt(stage, operation, List.of(), call);
    }

    <T> T attempt(String stage, String operation, List<Plan.Database> stopped, Supplier<T> call) {
        return attempt(stage, () -> operation, stopped, call);
    }

    /** @param stopped the databases that cannot go on if it fails, of each of which that is told; none if it is about the plan */
    <T> T attempt(String stage, Supplier<String> operation, List<Plan.Database> stopped, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            Trouble trouble = Trouble.of(e, operation.get(), stage);
            if (stopped.isEmpty()) {
                journal.trouble(trouble, stage, null, null, null);
            }
            stopped.forEach(database -> journal.trouble(trouble, stage, database.identifier(), null, null));
            return null;
        }
    }
}
