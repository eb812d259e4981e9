package webapp.backup;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.WeekFields;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * One database's part of a tick: from what is there it derives how far each stage has come, and lets each do its next step, of which none
 * changes more than one thing.
 */
final class Cycle {
    private static final List<Duration> BACKOFF = List.of(Duration.ofMinutes(15), Duration.ofMinutes(60));

    final Tick tick;
    private final Plan.Database database;
    private final Source source;
    private final List<Snapshot> primaries;
    private final List<Snapshot> cmks;
    /** Null while the recovery region does not tell, and without one. */
    private final List<Snapshot> copies;
    private final Holds holds;
    private final SlotHistory history;
    private final Due due;
    /** Null if none is configured, or it is not known what is under way. */
    private ExportStage exports;
    private String windows;
    /** Null while it is not known. */
    private Integer deletable;

    /**
     * A snapshot that is to be made now.
     *
     * @param attempt from 1
     */
    record Due(Instant slot, int attempt, String identifier) {}

    /** What became of a call. */
    enum Change {
        DONE,
        /** Something has that name. */
        EXISTS,
        REFUSED
    }

    /** @param source null if RDS has no such database */
    Cycle(Tick tick, Plan.Database database, Source source) {
        this.tick = tick;
        this.database = database;
        this.source = source;
        this.primaries = tick.primary.ours(tick.plan, database, Role.PRIMARY);
        this.cmks = tick.primary.ours(tick.plan, database, Role.CMK);
        this.copies = database.recovery() == null || !tick.recovery.knows(database.kind()) ? null
                : tick.recovery.ours(tick.plan, database, Role.RECOVERY);
        this.holds = new Holds(database.identifier(), tick.requests);
        this.history = new SlotHistory(dueSlot(), tick.now, tick.memory(database));
        this.due = derive();
    }

    String name() {
        return database.identifier();
    }

    Plan.Database database() {
        return database;
    }

    Source source() {
        return source;
    }

    Due due() {
        return due;
    }

    /** @return the newest that is due, whatever became of it */
    Instant slot() {
        return history.slot();
    }

    void run() {
        Stream.<Runnable>of(this::hold, this::snapshot, this::cmk, this::recover, this::share, this::export, this::prune).forEach(Runnable::run);
        finishRequests();
    }

    // Slot and snapshot.

    /** The latest of those that the schedule, a request or a snapshot that a request led to names. */
    private Instant dueSlot() {
        Instant scheduled = database.schedule().latest(tick.now);
        Stream<Instant> requested = tick.requests.stream().filter(request -> request.is("run", name())).map(Cycle::wanted).filter(Objects::nonNull);
        return Stream.concat(requested, primaries.stream().map(Snapshot::slot))
                .filter(slot -> slot.isAfter(scheduled) && !slot.isAfter(tick.now)).max(Comparator.naturalOrder()).orElse(scheduled);
    }

    /** @return null if it names no instant */
    private static Instant wanted(Ledger.Request request) {
        try {
            // Names tell minutes.
            return Instant.parse(request.values().getOrDefault("slot", "")).truncatedTo(ChronoUnit.MINUTES);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** @return null if nothing is to be made now */
    private Due derive() {
        Instant slot = slot();
        if (primaries.stream().anyMatch(snapshot -> !snapshot.failed() && !snapshot.point().isBefore(slot))) {
            return null; // Of that slot, or of a later one while the clock is behind.
        }
        List<Snapshot> sameSlot = primaries.stream().filter(snapshot -> snapshot.slot().equals(slot)).toList();
        List<Snapshot> failed = sameSlot.stream().filter(Snapshot::failed).toList();
        int attempt = 1 + sameSlot.stream().mapToInt(snapshot -> Names.attempt(Role.PRIMARY, snapshot.identifier())).max().orElse(0);
        String identifier = Names.primary(name(), slot, attempt);
        if (attempt > Names.ATTEMPTS && !failed.isEmpty()) {
            fail(Reason.SNAPSHOT_FAILED, "snapshot", failed.getLast().identifier(), null,
                    "RDS ended " + Names.ATTEMPTS + " snapshots of this slot as failed");
            return null;
        }
        if (!rested(attempt - 1, failed, slot)) {
            history.stage("snapshot", "retry", failed.getLast().identifier(), null, attempt);
            return null;
        }
        if (source == null) {
            fail(Reason.DATABASE_MISSING, "snapshot", name(), null, "there is no " + database.kind().text + " " + name() + " in " + tick.plan.region());
            return null;
        }
        if (source.lostItsKey()) {
            fail(Reason.KMS_KEY, "snapshot", name(), null, "the database is " + source.status() + ": "
                    + Key.complaint(() -> tick.aws.kms(tick.plan.region()), source.kmsKeyId()));
            return null;
        }
        if (tick.primary.named(database.kind(), identifier) != null) {
            fail(Reason.NAME_TAKEN, "snapshot", identifier, null, "there is a snapshot of this name without this plan's tags");
            return null;
        }
        return new Due(slot, attempt, identifier);
    }

    /** @param failed those that are still there */
    private boolean rested(int failures, List<Snapshot> failed, Instant slot) {
        Instant last = failed.stream().map(snapshot -> snapshot.createdAt() == null ? slot : snapshot.createdAt()).max(Comparator.naturalOrder()).orElse(null);
        return last == null || rested(failures, last);
    }

    /** @return whether enough time has gone by since the last of so many failures, by its own time */
    boolean rested(int failures, Instant last) {
        return !tick.now.isBefore(last.plus(BACKOFF.get(Math.min(failures, BACKOFF.size()) - 1)));
    }

    /** @return the same for all slots of a day, week or month */
    Object period(Instant slot, Plan.Every every) {
        LocalDate date = database.schedule().date(slot);
        return switch (every) {
            case SLOT -> slot;
            case DAY -> date;
            case WEEK -> date.with(WeekFields.ISO.dayOfWeek(), 1);
            case MONTH -> date.withDayOfMonth(1);
        };
    }

    boolean recordsWindows() {
        return due != null && database.windows() != null && source.host() != null;
    }

    /** @param complaint null if all of them are recorded */
    void windowsRecorded(String complaint) {
        windows = complaint == null ? "recorded" : "failed";
        history.stage("windows", complaint == null ? "done" : "failed", null, complaint, 1);
    }

    private void snapshot() {
        if (due != null) {
            Map<String, String> tags = Tags.of(tick.plan.name(), name(), due.slot(), Role.PRIMARY);
            if (windows != null) {
                tags.put(Tags.WINDOWS, windows);
            }
            Instant exported = ExportStage.lastExported(primaries);
            if (exported != null) {
                tags.put(Tags.EXPORTED, exported.toString());
            }
            if (change("snapshot", due.identifier(), tick.primary, source.kmsKeyId(),
                    () -> tick.primary.rds().create(database.kind(), name(), due.identifier(), tags)) == Change.DONE) {
                history.stage("snapshot", "running", due.identifier(), null, due.attempt());
            }
        }
        Snapshot newest = newest(primaries, snapshot -> !snapshot.point().isBefore(slot()) && !snapshot.failed());
        if (newest != null) {
            history.stage("snapshot", newest.available() ? "done" : "running", newest.identifier(), null, Names.attempt(Role.PRIMARY, newest.identifier()));
        }
        Snapshot last = newest(primaries, snapshot -> true);
        if ("failed".equals(last == null ? windows : last.tags().get(Tags.WINDOWS))) {
            fail(Reason.WINDOWS, "windows", last == null ? null : last.identifier(), null,
                    history.message("windows", "not all windows were recorded before this snapshot"));
        }
    }

    // Copies.

    private void cmk() {
        Snapshot newest = newest(primaries, Snapshot::available);
        if (newest != null && otherKey(newest) && isNeverCopied()) {
            failNeverCopied("cmk", newest, "under " + database.kmsKeyArn(), "customer_key");
        } else if (newest != null && otherKey(newest) && staysPlain(newest)) {
            fail(Reason.KMS_KEY, "cmk", newest.identifier(), null, "the cluster is not encrypted, and RDS encrypts no cluster's snapshot when it copies it, "
                    + "so there is none under " + database.kmsKeyArn() + " (customer_key): restore one to a new cluster under a key, and have it replace this one; "
                    + "or do without customer_key, and the backups are not encrypted");
        } else if (newest != null && otherKey(newest)) {
            copy("cmk", Role.CMK, newest, tick.primary, cmks, database.kmsKeyArn(), null);
        }
    }

    private boolean isNeverCopied() {
        return source != null && source.isNeverCopied();
    }

    private void failNeverCopied(String stage, Snapshot snapshot, String where, String inputs) {
        fail(Reason.COPY_FAILED, stage, snapshot.identifier(), null, name() + " is a Multi-AZ DB cluster (" + source.engine()
                + "), and RDS copies none of its snapshots, so there is no backup " + where + ": take " + inputs + " out of its entry in databases");
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CopyDBClusterSnapshot.html">KmsKeyId is an error then</a> */
    private static boolean staysPlain(Snapshot snapshot) {
        return snapshot.kind() == Kind.CLUSTER && snapshot.kmsKeyId() == null;
    }

    private boolean otherKey(Snapshot snapshot) {
        return database.kmsKeyArn() != null && !database.kmsKeyArn().equals(snapshot.kmsKeyId());
    }

    private void recover() {
        if (database.recovery() == null) {
            return;
        }
        if (copies == null) {
            history.stage("recovery", "waiting", null, "what " + tick.plan.recoveryRegion() + " has could not be listed", 0);
            return;
        }
        // Of several that have no copy the newest: the others are no longer worth one.
        Snapshot newest = newest(primaries, Snapshot::available);
        if (newest != null && isNeverCopied()) {
            failNeverCopied("recovery", newest, "in " + tick.plan.recoveryRegion(), database.drill() == null ? "recovery" : "recovery and drill");
            return;
        }
        Snapshot copied = newest == null || !otherKey(newest) ? newest : newest(cmks, Snapshot::available);
        if (copied != null) {
            copy("recovery", Role.RECOVERY, copied, tick.recovery, copies, staysPlain(copied) ? null : database.recovery().kmsKeyArn(),
                    database.recovery().optionGroupName());
        }
    }

    private void copy(String stage, Role role, Snapshot of, Region to, List<Snapshot> existing, String kmsKeyArn, String optionGroup) {
        Snapshot running = newest(existing, Snapshot::running);
        Snapshot done = newest(existing, snapshot -> snapshot.available() && !snapshot.point().isBefore(of.point()));
        if (done != null || running != null) {
            Snapshot shown = done == null ? running : done;
            history.stage(stage, done == null ? "running" : "done", shown.identifier(), null, Names.attempt(role, shown.identifier()));
            return; // RDS makes the copies of one database one after the other.
        }
        List<Snapshot> failed = existing.stream().filter(snapshot -> snapshot.slot().equals(of.slot()) && snapshot.failed()).toList();
        int attempt = 1 + failed.stream().mapToInt(snapshot -> Names.attempt(role, snapshot.identifier())).max().orElse(0);
        if (attempt > Names.ATTEMPTS) {
            fail(Reason.COPY_FAILED, stage, failed.getLast().identifier(), null, "RDS ended " + Names.ATTEMPTS + " copies of " + of.identifier()
                    + " in " + to.name() + " as failed");
            return;
        }
        String base = role == Role.CMK ? of.identifier() : of.identifier().replaceFirst("-cmk(-c[0-9])?$", "");
        String identifier = role == Role.CMK ? Names.cmk(base, attempt) : Names.recovery(base, attempt);
        if (!rested(attempt - 1, failed, of.slot()) || role == Role.RECOVERY && !to.takesAnotherCopy(tick.copiesBegun)) {
            history.stage(stage, failed.isEmpty() ? "waiting" : "retry", identifier, null, attempt);
            return;
        }
        if (to.named(database.kind(), identifier) != null) {
            fail(Reason.NAME_TAKEN, stage, identifier, null, "there is a snapshot of this name in " + to.name() + " that is not this plan's copy");
            return;
        }
        Map<String, String> tags = Tags.of(tick.plan.name(), name(), of.slot(), role);
        if (of.takenAt() != null) {
            tags.put(Tags.TAKEN, of.takenAt().toString());
        }
        // The other region may have been asked to hold this slot before it had the copy.
        String hold = holds.reason(of);
        if (hold != null) {
            tags.put(Tags.HOLD, hold);
        }
        // GovCloud alone still wants a presigned URL, which the client makes of the source's region.
        String presignedFor = role == Role.RECOVERY && tick.plan.partition().equals("aws-us-gov") ? tick.plan.region() : null;
        if (change(stage, identifier, to, kmsKeyArn,
                () -> to.rds().copy(database.kind(), of.arn(), identifier, kmsKeyArn, optionGroup, presignedFor, tags)) == Change.DONE) {
            tick.copiesBegun += role == Role.RECOVERY ? 1 : 0;
            history.stage(stage, "running", identifier, null, attempt);
        }
    }

    private void share() {
        List<Snapshot> shared = database.recovery() != null ? copies : database.kmsKeyArn() == null || cmks.isEmpty() ? primaries : cmks;
        if (shared == null) {
            return;
        }
        String wanted = Names.digest(String.join(" ", database.shareWith()));
        Snapshot next = newest(shared, snapshot -> snapshot.available()
                && (database.shareWith().isEmpty() ? snapshot.tags().containsKey(Tags.SHARED) : true)
                && !wanted.equals(snapshot.tags().get(Tags.SHARED)));
        if (next == null) {
            return;
        }
        Region region = database.recovery() != null ? tick.recovery : tick.primary;
        List<String> with = read("share", next.identifier(), region.rds()::operation, () -> region.rds().sharedWith(next));
        if (with == null) {
            return;
        }
        List<String> add = database.shareWith().stream().filter(account -> !with.contains(account)).toList();
        List<String> remove = with.stream().filter(account -> !database.shareWith().contains(account)).toList();
        if (add.isEmpty() && remove.isEmpty()) {
            change("share", next.identifier(), region, null, () -> region.rds().tag(next, Tags.SHARED, wanted));
        } else {
            change("share", next.identifier(), region, null, () -> region.rds().share(next, add, remove));
        }
    }

    // Export and pruning.

    private void export() {
        if (database.export() != null && tick.runningExports != null) {
            exports = new ExportStage(this, database.export(), primaries);
            exports.run();
        }
    }

    private void prune() {
        if (tick.runningExports == null || database.recovery() != null && copies == null) {
            return; // What speaks for a snapshot is not known.
        }
        Snapshot exported = ExportStage.lastOf(primaries);
        PruneGuard guard = new PruneGuard(database.retention(), database.schedule().zone(), this::isProtected,
                snapshot -> inUse(snapshot) || snapshot.equals(exported) || exports != null && exports.isOpen(snapshot) || holds.wanted(snapshot));
        List<Snapshot> obsolete = Stream.of(primaries, cmks).flatMap(snapshots -> guard.judge(snapshots).stream())
                .filter(PruneGuard.Verdict::deletable).map(PruneGuard.Verdict::snapshot).toList();
        deletable = obsolete.size();
        if (!obsolete.isEmpty() && !tick.plan.dryRun() && tick.turn.leased() && tick.requestsKnown) {
            Snapshot newest = newest(primaries, Snapshot::available);
            new Pruning(tick.primary.rds(),
                    deleted -> tick.journal.tell(tick.primary.operation(), name(), slot(), deleted.identifier(), null),
                    (snapshot, trouble) -> trouble("prune", snapshot.identifier(), trouble))
                    .one(obsolete, newest == null ? null : newest.point());
        }
    }

    private boolean isProtected(Snapshot snapshot) {
        return database.recovery() == null || isNeverCopied() || copies.stream().anyMatch(copy -> copy.available() && !copy.point().isBefore(snapshot.point()));
    }

    private boolean inUse(Snapshot snapshot) {
        return tick.runningExports.stream().anyMatch(task -> snapshot.arn().equals(task.sourceArn()))
                || Stream.of(cmks, copies == null ? List.<Snapshot>of() : copies).flatMap(List::stream)
                        .anyMatch(copy -> copy.running() && (snapshot.arn().equals(copy.sourceArn()) || snapshot.slot().equals(copy.slot())));
    }

    // Requests of people.

    private void hold() {
        holds.carryOut(Stream.of(primaries, cmks).flatMap(List::stream).toList(), tick.primary.rds(),
                (snapshot, call) -> change("hold", snapshot.identifier(), tick.primary, null, call), tick::delete);
    }

    /** Takes away what is carried out, and what can no longer be: a later backup is there. */
    private void finishRequests() {
        for (Ledger.Request request : tick.requests) {
            if (!request.is("run", name())) {
                continue;
            }
            Instant wanted = wanted(request);
            if (wanted == null) {
                tick.journal.tell("request-refused", name(), null, request.key(), "its slot is no instant");
            }
            if (wanted == null || primaries.stream().anyMatch(snapshot -> !snapshot.failed() && !snapshot.point().isBefore(wanted))
                    || database.schedule().latest(tick.now).isAfter(wanted)) {
                tick.delete(request);
            }
        }
    }

    // Calls.

    /**
     * Changes one thing. What AWS says against it is told, and the next tick, or a person, goes on.
     *
     * @param keyArn the key in that region that RDS has to use for it, null for none that is known
     */
    Change change(String stage, String identifier, Region region, String keyArn, Runnable call) {
        try {
            call.run();
            tick.journal.tell(region.operation(), name(), slot(), identifier, null);
            return Change.DONE;
        } catch (SdkException e) {
            if (Trouble.alreadyExists(e)) {
                // A run that died made it, or somebody else did: the next listing tells, by its tags.
                tick.journal.tell("adopted", name(), slot(), identifier, region.operation());
                return Change.EXISTS;
            }
            Trouble trouble = Trouble.of(e, region.operation(), stage);
            trouble(stage, identifier, trouble.reason() != Reason.KMS_KEY ? trouble : new Trouble(trouble.reason(), trouble.code(),
                    trouble.message() + "; " + Key.complaint(() -> tick.aws.kms(region.name()), keyArn)));
            return Change.REFUSED;
        }
    }

    /**
     * @param operation that is to blame, asked for when it failed
     * @return null if it fails, which is told
     */
    <T> T read(String stage, String identifier, Supplier<String> operation, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            trouble(stage, identifier, Trouble.of(e, operation.get(), stage));
            return null;
        }
    }

    private void trouble(String stage, String identifier, Trouble trouble) {
        tick.journal.trouble(trouble, stage, name(), slot(), identifier);
        boolean waits = trouble.reason() == null;
        history.stage(stage, waits ? "waiting" : "failed", identifier, waits ? trouble.code() : trouble.message(), 0);
    }

    void fail(Reason reason, String stage, String identifier, String awsCode, String message) {
        tick.journal.fail(new Failure(reason, stage, name(), slot(), identifier, awsCode, message));
        history.stage(stage, "failed", identifier, message, 0);
    }

    SlotHistory slotHistory() {
        return history;
    }

    static Snapshot newest(List<Snapshot> snapshots, Predicate<Snapshot> filter) {
        return snapshots.stream().filter(filter).max(Comparator.comparing(Snapshot::point).thenComparing(Snapshot::identifier)).orElse(null);
    }

    // What is told.

    String history() {
        return history.document();
    }

    void measure() {
        Snapshot backup = newest(primaries, Snapshot::available);
        Journal.Metrics metrics = tick.journal.new Metrics().dimension("Database", name())
                .age("BackupAge", backup == null ? null : backup.takenAt())
                .count("Held", Stream.of(primaries, cmks).flatMap(List::stream).filter(Snapshot::held).count());
        if (deletable != null) {
            metrics.count("WouldDelete", deletable);
        }
        if (database.export() != null) {
            metrics.age("ExportAge", ExportStage.lastExported(primaries));
        }
        metrics.emit();
        for (Map.Entry<String, Instant> begun : begun().entrySet()) {
            if (history.finishedNow(begun.getKey())) {
                tick.journal.new Metrics().dimension("Database", name()).dimension("Stage", begun.getKey())
                        .seconds("StageSeconds", Duration.between(begun.getValue(), tick.now).toSeconds()).emit();
            }
        }
    }

    /** When the stages that RDS works at began. */
    private Map<String, Instant> begun() {
        Map<String, Instant> begun = new HashMap<>();
        begun.put("snapshot", slot());
        Snapshot cmk = newest(cmks, Snapshot::available);
        if (cmk != null && cmk.createdAt() != null) {
            begun.put("cmk", cmk.createdAt());
        }
        Snapshot copy = copies == null ? null : newest(copies, Snapshot::available);
        if (copy != null && copy.createdAt() != null) {
            begun.put("recovery", copy.createdAt());
        }
        if (history.exportBegan() != null) {
            begun.put("export", history.exportBegan());
        }
        return begun;
    }

    /** For the page. */
    void write(JsonGenerator json) throws IOException {
        json.writeStringField("identifier", name());
        json.writeStringField("kind", database.kind().text);
        write(json, "lastBackup", newest(primaries, snapshot -> true));
        write(json, "recoveryCopy", copies == null ? null : newest(copies, snapshot -> true));
        history.writeExport(json);
        Json.text(json, "nextSlot", database.schedule().next(tick.now));
        json.writeFieldName("targets");
        if (database.drill() == null || database.drill().rpo() == null) {
            json.writeNull();
        } else {
            json.writeStartObject();
            json.writeNumberField("rpoMinutes", database.drill().rpo().toMinutes());
            json.writeNumberField("rtoMinutes", database.drill().rto().toMinutes());
            json.writeEndObject();
        }
        Slots.write(json, primaries);
        Failure.write(json, tick.journal.failures(name()));
    }

    private static void write(JsonGenerator json, String name, Snapshot snapshot) throws IOException {
        json.writeFieldName(name);
        if (snapshot == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("slot", snapshot.slot().toString());
        json.writeStringField("identifier", snapshot.identifier());
        Json.text(json, "at", snapshot.takenAt());
        json.writeStringField("status", snapshot.status());
        json.writeEndObject();
    }
}
