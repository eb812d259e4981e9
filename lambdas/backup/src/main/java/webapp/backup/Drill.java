package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import webapp.backup.windows.Comparison;
import webapp.backup.windows.WindowsAnswer;

/**
 * One database's restore drills, one at a time: from the newest recovery copy a database is restored, checked, and deleted. Each tick does what is
 * next; what there is to delete, {@link RecoveryTick} sweeps.
 */
final class Drill {
    static final String STAGE = "drill";

    /** A tick that comes this late is one tick too late at most: the slot itself is when the drill began. */
    private static final Duration PROMPT = Duration.ofMinutes(10);

    private static final Duration KEPT = Duration.ofDays(1200);

    private final RecoveryTick tick;
    private final Plan.Database database;
    private final Plan.Drill wanted;
    /** Newest slot first. */
    private final List<DrillRecord> records;

    Drill(RecoveryTick tick, Plan.Database database, List<DrillRecord> records) {
        this.tick = tick;
        this.database = database;
        this.wanted = database.drill();
        this.records = new ArrayList<>(records);
    }

    /** @return null if none runs */
    DrillRecord running() {
        return records.stream().filter(DrillRecord::running).findFirst().orElse(null);
    }

    /** @return null if none has ended yet */
    DrillRecord last() {
        return records.stream().filter(record -> !record.running()).findFirst().orElse(null);
    }

    /** @return null if none has passed yet */
    Instant lastSuccess() {
        return records.stream().filter(record -> !record.running() && !record.failed()).map(DrillRecord::at).max(Comparator.naturalOrder()).orElse(null);
    }

    /** The next monthly one. */
    Instant next() {
        YearMonth month = YearMonth.from(tick.now.atZone(database.schedule().zone()));
        Instant slot = slot(month);
        return slot.isAfter(tick.now) ? slot : slot(month.plusMonths(1));
    }

    /** @param another whether the plan may begin one more drill */
    void run(boolean another) {
        Ledger.Request request = request();
        if (running() == null && another) {
            begin(request);
        }
        if (running() != null) {
            advance(running());
        }
    }

    /** The latest monthly slot: of several that were missed it is made up for, and the first backup's drill is not put off to the next month. */
    private Instant monthly() {
        YearMonth month = YearMonth.from(tick.now.atZone(database.schedule().zone()));
        Instant slot = slot(month);
        return slot.isAfter(tick.now) ? slot(month.minusMonths(1)) : slot;
    }

    private Instant slot(YearMonth month) {
        return ZonedDateTime.of(month.atDay(wanted.dayOfMonth()), wanted.time(), database.schedule().zone()).toInstant();
    }

    /** @return what a person asks for and has not got yet; null for nothing */
    private Ledger.Request request() {
        for (Ledger.Request request : tick.requests) {
            if (request.key().equals("drill#" + database.identifier())) {
                if (known(slot(request))) {
                    // Carried out by a tick that died.
                    tick.delete(request);
                } else {
                    return request;
                }
            }
        }
        return null;
    }

    /** In whole minutes, as the names have them. */
    private Instant slot(Ledger.Request request) {
        String slot = request.values().get("slot");
        try {
            return (slot == null ? tick.now : Instant.parse(slot)).truncatedTo(ChronoUnit.MINUTES);
        } catch (DateTimeParseException e) {
            return tick.now.truncatedTo(ChronoUnit.MINUTES);
        }
    }

    private boolean known(Instant slot) {
        return records.stream().anyMatch(record -> record.slot().equals(slot));
    }

    /** Whether the slot has a record, or so many later ones that its own is not among those that were read. */
    private boolean done(Instant slot) {
        return known(slot) || records.size() >= RecoveryTick.RECORDS && records.stream().allMatch(record -> record.slot().isAfter(slot));
    }

    private void begin(Ledger.Request request) {
        if (request != null) {
            write(DrillRecord.begun(slot(request), started(slot(request)), request.values().getOrDefault("by", "request")));
            tick.delete(request);
        } else if (!done(monthly()) && newestCopy() != null) {
            write(DrillRecord.begun(monthly(), started(monthly()), null));
        }
    }

    private Instant started(Instant slot) {
        return Duration.between(slot, tick.now).abs().compareTo(PROMPT) <= 0 ? slot : tick.now;
    }

    /** @return null if there is none */
    private Snapshot newestCopy() {
        return tick.copies(database).stream().filter(Snapshot::available).max(Comparator.comparing(Snapshot::point)).orElse(null);
    }

    private void advance(DrillRecord drill) {
        List<Restored> restored = tick.restored.stream()
                .filter(one -> one.ofDrill(tick.plan.name()) && database.identifier().equals(one.database()) && drill.slot().equals(one.slot()))
                .toList();
        Restored instance = restored.stream().filter(one -> one.kind() == Kind.INSTANCE).findFirst().orElse(null);
        Restored cluster = restored.stream().filter(one -> one.kind() == Kind.CLUSTER).findFirst().orElse(null);
        Restored broken = restored.stream().filter(one -> one.broken() || one.deleting()).findFirst().orElse(null);
        if (broken != null) {
            fail(drill, restored, broken.identifier() + " is " + broken.status() + " after it was restored from " + drill.snapshot());
        } else if (tick.now.isAfter(drill.started().plus(wanted.timeout()))) {
            String reached = restored.isEmpty() ? "nothing was restored" : (instance == null ? cluster : instance).identifier() + " was restored but not checked";
            fail(drill, restored, reached + " within " + wanted.timeout().toMinutes() + " minutes"
                    + (drill.complaint() == null ? "" : ": " + drill.complaint()));
        } else if (restored.isEmpty()) {
            restore(drill);
        } else if (instance == null && cluster.available()) {
            if (!isTaken(drill, Kind.INSTANCE, cluster.identifier()) && attempt(drill, "rds:CreateDBInstance", () -> tick.restores.createInstance(cluster, wanted))) {
                forget(drill);
            }
        } else if (instance != null && instance.available() && instance.host() != null) {
            check(drill, instance, restored);
        }
    }

    private void restore(DrillRecord drill) {
        Snapshot chosen = tick.copies(database).stream()
                .filter(copy -> copy.available() && copy.identifier().equals(drill.snapshot())).findFirst().orElseGet(this::newestCopy);
        if (chosen == null) {
            complain(drill, new Failure(Reason.DRILL, STAGE, database.identifier(), drill.slot(), null, null, "there is no recovery copy to restore"));
            return;
        }
        DrillRecord of = drill.of(chosen);
        if (!chosen.identifier().equals(drill.snapshot())) {
            // Known before it is restored: pruning leaves it alone, and whoever comes after a crash compares it with the right windows.
            write(of);
        }
        String name = Names.drill(database.identifier(), drill.slot());
        if (!isTaken(of, chosen.kind(), name)
                && attempt(of, chosen.kind() == Kind.INSTANCE ? "rds:RestoreDBInstanceFromDBSnapshot" : "rds:RestoreDBClusterFromSnapshot",
                () -> tick.restores.restore(chosen, name, wanted,
                        Restores.tags(tick.plan.name(), database.identifier(), drill.slot())))) {
            forget(of);
        }
    }

    /** Whether the name is that of something which this drill did not restore, which is told. */
    private boolean isTaken(DrillRecord drill, Kind kind, String name) {
        boolean taken = tick.restored.stream().anyMatch(one -> one.kind() == kind && one.identifier().equals(name));
        if (taken) {
            complain(drill, new Failure(Reason.NAME_TAKEN, STAGE, database.identifier(), drill.slot(), name, null,
                    "there is " + (kind == Kind.INSTANCE ? "an instance" : "a cluster") + " of this name without the tags of this plan's drill"));
        }
        return taken;
    }

    private void check(DrillRecord drill, Restored instance, List<Restored> restored) {
        if (!tick.hasTimeToCheck()) {
            tick.journal.tell("out-of-time", database.identifier(), drill.slot(), instance.identifier(), "the next tick checks it");
            return;
        }
        WindowsAnswer recorded;
        WindowsAnswer measured;
        String operation = "dynamodb:Query";
        try {
            recorded = tick.recorded(database, drill.backupSlot());
            operation = "lambda:InvokeFunction";
            measured = tick.measure(wanted, instance, recorded, drill.dataAt());
        } catch (SdkException e) {
            refused(drill, e, operation);
            return;
        } catch (IllegalStateException e) {
            complain(drill, new Failure(Reason.DRILL, STAGE, database.identifier(), drill.slot(), instance.identifier(), null, e.getMessage()));
            return;
        }
        conclude(drill, restored, recorded, measured);
    }

    private void conclude(DrillRecord drill, List<Restored> restored, WindowsAnswer recorded, WindowsAnswer measured) {
        List<String> findings = new ArrayList<>();
        Instant reached = drill.dataAt();
        if (recorded != null) {
            Comparison comparison = Comparison.of(recorded, measured);
            findings.addAll(comparison.findings());
            if (comparison.matched() == 0 && findings.isEmpty()) {
                findings.add("the windows recorded for " + drill.snapshot() + " are none: nothing could be compared");
            }
            // A snapshot proves nothing that is later than itself.
            reached = comparison.reached() != null && comparison.reached().isAfter(drill.dataAt()) ? drill.dataAt() : comparison.reached();
        } else if (database.windows() != null) {
            findings.add("no windows were recorded up to " + drill.snapshot() + ": nothing could be compared");
        }
        long rto = Math.max(0, Duration.between(drill.started(), tick.now).toSeconds());
        Long rpo = reached == null ? null : Long.valueOf(Math.max(0, Duration.between(reached, drill.started()).toSeconds()));
        overTarget(findings, "RTO", rto, wanted.rto());
        overTarget(findings, "RPO", rpo, wanted.rpo());
        String verdict = !findings.isEmpty() ? DrillRecord.FAILED : recorded == null ? DrillRecord.RESTORED : DrillRecord.PASSED;
        end(drill.ended(verdict, tick.now, rto, rpo, findings), restored);
    }

    private static void overTarget(List<String> findings, String name, Long seconds, Duration target) {
        if (target != null && seconds != null && seconds > target.toSeconds()) {
            findings.add(name + " is " + Duration.ofSeconds(seconds).toMinutes() + " minutes, above the target of " + target.toMinutes());
        }
    }

    private void fail(DrillRecord drill, List<Restored> restored, String finding) {
        end(drill.ended(DrillRecord.FAILED, tick.now, null, null, List.of(finding)), restored);
    }

    /** First the record, by which the next tick knows that nothing is left to do but to delete. */
    private void end(DrillRecord ended, List<Restored> restored) {
        write(ended);
        tick.journal.tell("drill-" + ended.verdict(), database.identifier(), ended.slot(), ended.snapshot(),
                ended.findings().isEmpty() ? null : String.join("; ", ended.findings()));
        restored.stream().filter(one -> !one.deleting()).forEach(one ->
                attempt(null, "rds:AddTagsToResource", () -> tick.restores.tag(one, Tags.VERDICT, ended.verdict())));
    }

    /**
     * @param drill null for what does not matter to it
     * @return whether AWS did it, if only when it was asked before: the client asks again where an answer is lost
     */
    private boolean attempt(DrillRecord drill, String operation, Runnable call) {
        try {
            call.run();
            return true;
        } catch (SdkException e) {
            if (Trouble.alreadyExists(e)) {
                // The next listing tells whose it is, by its tags.
                tick.journal.tell("adopted", database.identifier(), drill == null ? null : drill.slot(), drill == null ? null : drill.snapshot(), operation);
                return true;
            }
            refused(drill, e, operation);
            return false;
        }
    }

    private void refused(DrillRecord drill, SdkException error, String operation) {
        Trouble trouble = Trouble.of(error, operation, STAGE);
        tick.journal.trouble(trouble, STAGE, database.identifier(), drill == null ? null : drill.slot(), drill == null ? null : drill.snapshot());
        if (drill != null) {
            remember(drill, trouble.message());
        }
    }

    /** Tried again in the next tick, until the drill's time is over; then this is why. */
    private void complain(DrillRecord drill, Failure failure) {
        tick.journal.fail(failure);
        remember(drill, failure.message());
    }

    /** Also of what needs nobody while it passes: where it does not, the drill's finding says what it was. */
    private void remember(DrillRecord drill, String complaint) {
        if (!complaint.equals(drill.complaint())) {
            write(drill.complaining(complaint));
        }
    }

    private void forget(DrillRecord drill) {
        if (drill.complaint() != null) {
            write(drill.complaining(null));
        }
    }

    private void write(DrillRecord record) {
        tick.write("drill#" + database.identifier(), record.slot().toString(), record.attributes(), tick.now.plus(KEPT));
        records.removeIf(other -> other.slot().equals(record.slot()));
        records.add(record);
        records.sort(Comparator.comparing(DrillRecord::slot).reversed());
    }
}
