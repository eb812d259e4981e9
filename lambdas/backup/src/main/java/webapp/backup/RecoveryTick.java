package webapp.backup;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import webapp.backup.windows.WindowsAnswer;

/**
 * One run in the recovery region, which needs nothing of the primary one: deletes copies that retention no longer keeps, drives each database's
 * {@link Drill}, and deletes whatever drills have left. It never waits for RDS; another tick comes. Where it dies, the next one finds the same by the
 * same names, tags and records.
 */
final class RecoveryTick {
    /** The reasons whose alarms this function ends in its region. */
    static final Set<Reason> REASONS =
            EnumSet.of(Reason.DRILL, Reason.KMS_KEY, Reason.SNAPSHOT_QUOTA, Reason.OPTION_GROUP, Reason.NAME_TAKEN, Reason.PERMISSION, Reason.OTHER);

    /** RDS has a quota of 40 instances: drills that are due at the same time take turns. */
    static final int DRILLS_AT_A_TIME = 5;

    static final int RECORDS = 30;

    /** What the rest of a tick takes after a check. */
    private static final Duration AFTER_CHECK = Duration.ofSeconds(20);
    private static final Duration SHORTEST_CHECK = Duration.ofSeconds(60);

    final Plan plan;
    final Instant now;
    final Journal journal;
    final Restores restores;
    final List<Restored> restored = new ArrayList<>();
    /** Null while they are not known. */
    List<Ledger.Request> requests;

    private final Aws aws;
    private final Rds rds;
    private final Ledger ledger;
    private final Turn turn;
    private final Supplier<Duration> timeLeft;
    private final Map<String, Drill> drills = new HashMap<>();
    /** What drills have restored is not known. */
    private final Set<Kind> unlisted = EnumSet.noneOf(Kind.class);
    /** Of each database that this tick came to, how many copies may go. */
    private final Map<String, Integer> deletable = new HashMap<>();
    private Region region;

    /** @param timeLeft of the function's */
    RecoveryTick(Plan plan, Aws aws, Instant now, Journal journal, Ledger ledger, Supplier<Duration> timeLeft) {
        this.plan = plan;
        this.aws = aws;
        this.now = now;
        this.journal = journal;
        this.ledger = ledger;
        this.turn = new Turn(plan, now, journal, ledger);
        this.timeLeft = timeLeft;
        this.rds = new Rds(aws.rds(plan.recoveryRegion()));
        this.restores = new Restores(aws.rds(plan.recoveryRegion()));
    }

    /**
     * @param owner of the lease
     * @param until when it ends if this tick dies
     * @return {@code done}, or {@code busy} if another tick runs
     */
    String run(String owner, Instant until) {
        return turn.run(owner, until, this::work);
    }

    private void work() {
        region = new Region(plan.recoveryRegion(), rds, turn.listings(plan.databases(), rds::operation, rds::snapshots));
        List<Plan.Database> known = turn.databases().stream().filter(database -> region.knows(database.kind())).toList();
        requests = turn.leased() && !known.isEmpty() ? turn.attempt("requests", "dynamodb:Query", ledger::requests) : null;
        if (requests != null) {
            listDrills();
        }
        for (Plan.Database database : known) {
            if (!turn.hasTimeFor(database, timeLeft.get())) {
                break;
            }
            if (requests != null) {
                turn.alone("hold", database, () -> hold(database));
                turn.alone(Drill.STAGE, database, () -> drill(database));
            }
            if (database.recovery() != null) {
                turn.alone("prune", database, () -> prune(database));
            }
        }
        sweep();
        List<Plan.Database> copied = known.stream().filter(database -> database.recovery() != null).toList();
        Double used = copied.isEmpty() ? null : turn.measureSnapshots(rds, copied);
        if (used != null && used >= 100) {
            journal.fail(new Failure(Reason.SNAPSHOT_QUOTA, "list", null, null, null, null,
                    plan.recoveryRegion() + " has as many manual snapshots as it may have: it takes no copy any more"));
        }
        copied.forEach(database -> turn.alone("measure", database, () -> measure(database)));
        remember(known);
        journal.countFailures(REASONS, !known.isEmpty());
        journal.new Metrics().count("RdsCalls", rds.calls() + restores.calls()).emit();
    }

    /** The plan's copies of a database, in any status. */
    List<Snapshot> copies(Plan.Database database) {
        return region.ours(plan, database, Role.RECOVERY);
    }

    // Drills.

    /** What drills have restored, also of a kind that the plan no longer has, and their records. */
    private void listDrills() {
        List<Plan.Database> drilled = plan.databases().stream().filter(database -> database.drill() != null).toList();
        for (Kind kind : Kind.values()) {
            // A cluster is asked through an instance.
            List<Plan.Database> stopped = drilled.stream().filter(database -> kind == Kind.INSTANCE || database.kind() == kind).toList();
            List<Restored> listing = turn.attempt("list", kind == Kind.INSTANCE ? "rds:DescribeDBInstances" : "rds:DescribeDBClusters", stopped,
                    () -> restores.list(kind));
            if (listing == null) {
                unlisted.add(kind);
            } else {
                restored.addAll(listing);
            }
        }
        for (Plan.Database database : drilled) {
            turn.alone(Drill.STAGE, database, () -> {
                List<Map<String, String>> records = turn.attempt(Drill.STAGE, "dynamodb:Query", List.of(database),
                        () -> ledger.latest("drill#" + database.identifier(), null, RECORDS));
                if (records != null) {
                    drills.put(database.identifier(), new Drill(this, database, records(database, records)));
                }
            });
        }
    }

    private void drill(Plan.Database database) {
        Drill drill = drills.get(database.identifier());
        if (drill != null && !unlisted.contains(Kind.INSTANCE) && !unlisted.contains(database.kind())) {
            turn.attempt(Drill.STAGE, "dynamodb:PutItem", List.of(database), () -> {
                drill.run(running() < DRILLS_AT_A_TIME);
                return true;
            });
        }
    }

    /** Without those that somebody spoilt: a drill of such a slot is made anew. */
    private List<DrillRecord> records(Plan.Database database, List<Map<String, String>> items) {
        List<DrillRecord> records = new ArrayList<>();
        for (Map<String, String> item : items) {
            try {
                records.add(DrillRecord.of(item));
            } catch (DateTimeException | IllegalArgumentException e) {
                journal.fail(new Failure(Reason.OTHER, Drill.STAGE, database.identifier(), null, null, null,
                        "the record drill#" + database.identifier() + " " + item.get("sk") + " cannot be read: " + e.getMessage()));
            }
        }
        return records;
    }

    private long running() {
        return drills.values().stream().map(Drill::running).filter(Objects::nonNull).count();
    }

    /** Deletes what drills restored and no running one waits for, a cluster after its instances; one at a time of each drill. */
    private void sweep() {
        for (Restored left : restored) {
            if (!left.ofDrill(plan.name()) || left.deleting() || awaited(left)) {
                continue;
            }
            boolean instance = left.kind() == Kind.INSTANCE;
            if (!instance && (unlisted.contains(Kind.INSTANCE)
                    || restored.stream().anyMatch(other -> left.identifier().equals(other.cluster()) && !other.deleting()))) {
                continue;
            }
            turn.alone(Drill.STAGE, null, () -> delete(left, instance ? "rds:DeleteDBInstance" : "rds:DeleteDBCluster"));
        }
    }

    private void delete(Restored left, String operation) {
        try {
            restores.delete(left);
            journal.tell("drill-deleted", left.database(), left.slot(), left.identifier(), null);
        } catch (SdkException e) {
            journal.trouble(Trouble.of(e, operation, Drill.STAGE), Drill.STAGE, left.database(), left.slot(), left.identifier());
        }
    }

    /** Also while it is not known what a drill waits for. */
    private boolean awaited(Restored one) {
        Drill drill = drills.get(one.database());
        if (drill == null) {
            return plan.databases().stream().anyMatch(database -> database.drill() != null && database.identifier().equals(one.database()));
        }
        return drill.running() != null && drill.running().slot().equals(one.slot());
    }

    boolean hasTimeToCheck() {
        return timeLeft.get().compareTo(SHORTEST_CHECK.plus(AFTER_CHECK)) >= 0;
    }

    /**
     * The last windows that were recorded up to a backup: closed windows stay as they are, so those of an earlier slot are as good.
     *
     * @return null if there are none
     * @throws IllegalStateException if they cannot be read
     */
    WindowsAnswer recorded(Plan.Database database, Instant backupSlot) {
        List<Map<String, String>> items = ledger.latest("windows#" + database.identifier(), backupSlot.toString(), 1);
        try {
            return items.isEmpty() ? null : WindowsAnswer.parse(String.valueOf(items.getFirst().get("document")));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the windows recorded at " + items.getFirst().get("sk") + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Has the restored database measured, by the function in its network.
     *
     * @param recorded null to prove the login alone
     * @throws IllegalStateException if the function fails, with what it said
     */
    WindowsAnswer measure(Plan.Drill drill, Restored instance, WindowsAnswer recorded, Instant dataAt) {
        Duration time = timeLeft.get().minus(AFTER_CHECK);
        InvokeResponse answer = aws.lambda(plan.recoveryRegion()).invoke(invoke -> invoke
                .functionName(drill.functionName())
                .overrideConfiguration(call -> call.apiCallTimeout(time).apiCallAttemptTimeout(time))
                .payload(SdkBytes.fromUtf8String(
                        WindowsAnswer.checkEvent(instance.host(), instance.port(), drill.database(), drill.user(), recorded, dataAt))));
        String payload = answer.payload().asUtf8String();
        if (answer.functionError() != null) {
            throw new IllegalStateException(drill.functionName() + " could not check " + instance.identifier() + ": " + WindowsAnswer.error(payload));
        }
        try {
            return WindowsAnswer.parse(payload);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(drill.functionName() + " gave no answer: " + e.getMessage(), e);
        }
    }

    void write(String pk, String sk, Map<String, String> attributes, Instant expiresAt) {
        ledger.write(pk, sk, attributes, expiresAt);
    }

    void delete(Ledger.Request request) {
        turn.attempt("requests", "dynamodb:DeleteItem", () -> {
            ledger.delete(request);
            return true;
        });
    }

    // Copies.

    private void hold(Plan.Database database) {
        new Holds(database.identifier(), requests).carryOut(copies(database), rds,
                (copy, call) -> turn.attempt("hold", rds::operation, List.of(database), () -> {
                    call.run();
                    journal.tell(rds.operation(), database.identifier(), copy.slot(), copy.identifier(), null);
                    return true;
                }),
                this::delete);
    }

    /** The oldest of those that may go goes, unless this is a dry run. */
    private void prune(Plan.Database database) {
        DrillRecord drill = drills.containsKey(database.identifier()) ? drills.get(database.identifier()).running() : null;
        Holds holds = new Holds(database.identifier(), requests == null ? List.of() : requests);
        // Copies are what protects the others; a copy in the recovery region waits for none.
        PruneGuard guard = new PruneGuard(database.recovery().retention(), database.schedule().zone(), copy -> true,
                copy -> drill != null && copy.identifier().equals(drill.snapshot()) || holds.wanted(copy));
        List<Snapshot> obsolete = guard.judge(copies(database)).stream()
                .filter(PruneGuard.Verdict::deletable).map(PruneGuard.Verdict::snapshot).toList();
        deletable.put(database.identifier(), obsolete.size());
        // Without the requests, and the drill's record, what is wanted held, and what the drill restores from, would not be known.
        boolean safe = requests != null && (database.drill() == null || drills.containsKey(database.identifier()));
        if (!obsolete.isEmpty() && !plan.dryRun() && safe) {
            new Pruning(rds,
                    deleted -> journal.tell("pruned", database.identifier(), deleted.slot(), deleted.identifier(), null),
                    (copy, trouble) -> journal.trouble(trouble, "prune", database.identifier(), copy.slot(), copy.identifier()))
                    .one(obsolete, copies(database).stream().filter(Snapshot::available).map(Snapshot::point).max(Instant::compareTo).orElse(null));
        }
    }

    // What is told.

    private void measure(Plan.Database database) {
        Journal.Metrics metrics = journal.new Metrics().dimension("Database", database.identifier())
                .age("RecoveryCopyAge", newestData(database))
                .count("Held", copies(database).stream().filter(Snapshot::held).count());
        if (deletable.containsKey(database.identifier())) {
            metrics.count("WouldDelete", deletable.get(database.identifier()));
        }
        Drill drill = drills.get(database.identifier());
        if (drill != null) {
            metrics.age("DrillAge", drill.lastSuccess());
            DrillRecord last = drill.last();
            if (last != null) {
                metrics.count("DrillFailed", last.failed() ? 1 : 0);
                if (last.rtoSeconds() != null) {
                    metrics.seconds("DrillRestoreSeconds", last.rtoSeconds());
                }
                if (last.rpoSeconds() != null) {
                    metrics.seconds("DrillRpoSeconds", last.rpoSeconds());
                }
                if (last.failed()) {
                    journal.fail(new Failure(Reason.DRILL, Drill.STAGE, database.identifier(), last.slot(), last.snapshot(), null,
                            String.join("; ", last.findings())));
                }
            }
        }
        metrics.emit();
    }

    /** @return when the newest data was taken that a copy has, null without an available one */
    private Instant newestData(Plan.Database database) {
        return copies(database).stream().filter(Snapshot::available).map(Snapshot::takenAt).filter(Objects::nonNull)
                .max(Instant::compareTo).orElse(null);
    }

    /** Without a database that this tick knows nothing of: the page then has what the other region knows. */
    private void remember(List<Plan.Database> known) {
        List<String> entries = new ArrayList<>();
        plan.databases().stream().filter(database -> database.recovery() != null && known.contains(database))
                .forEach(database -> turn.alone("status", database, () -> entries.add(Json.object(json -> write(json, database)))));
        if (known.isEmpty()) {
            return;
        }
        String document = Json.object(json -> {
            json.writeStringField("at", now.toString());
            json.writeArrayFieldStart("databases");
            for (String entry : entries) {
                json.writeRawValue(entry);
            }
            json.writeEndArray();
        });
        turn.attempt("status", "dynamodb:PutItem", () -> {
            ledger.write("status", plan.name(), Map.of("document", document), null);
            return true;
        });
    }

    private void write(JsonGenerator json, Plan.Database database) throws IOException {
        List<Snapshot> good = new ArrayList<>(copies(database).stream().filter(Snapshot::available).toList());
        Snapshot newest = good.stream().max(Comparator.comparing(Snapshot::point)).orElse(null);
        Drill drill = drills.get(database.identifier());
        json.writeStringField("identifier", database.identifier());
        json.writeFieldName("recoveryCopy");
        if (newest == null) {
            json.writeNull();
        } else {
            json.writeStartObject();
            json.writeStringField("slot", newest.slot().toString());
            json.writeStringField("identifier", newest.identifier());
            Json.text(json, "at", newest.createdAt());
            Json.text(json, "dataAt", newest.takenAt());
            json.writeEndObject();
        }
        json.writeNumberField("copies", good.size());
        Slots.write(json, copies(database));
        json.writeFieldName("drill");
        write(json, drill == null ? null : drill.last());
        json.writeFieldName("running");
        write(json, drill == null ? null : drill.running());
        Json.text(json, "nextDrill", drill == null ? null : drill.next());
    }

    private static void write(JsonGenerator json, DrillRecord drill) throws IOException {
        if (drill == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("slot", drill.slot().toString());
        json.writeStringField("started", drill.started().toString());
        Json.text(json, "snapshot", drill.snapshot());
        Json.message(json, "complaint", drill.complaint());
        Json.text(json, "verdict", drill.verdict());
        number(json, "rpoSeconds", drill.rpoSeconds());
        number(json, "rtoSeconds", drill.rtoSeconds());
        Json.text(json, "at", drill.at());
        json.writeArrayFieldStart("findings");
        for (String finding : drill.findings()) {
            json.writeString(Json.brief(finding));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, Long value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }
}
