package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.rds.model.ExportTask;
import webapp.backup.json.Fields;

/**
 * One run of the scheduler: lists what there is, lets each database's {@link Cycle} do what is next, tells the rest. It never waits for RDS;
 * another tick comes. Where it dies, the next one finds the same by the same names and tags.
 */
final class Tick {
    /** The reasons whose alarms this function ends; the others are the recovery region's. */
    static final Set<Reason> REASONS = EnumSet.complementOf(EnumSet.of(Reason.DRILL));

    private static final Duration HISTORY_KEPT = Duration.ofDays(400);

    final Plan plan;
    final Aws aws;
    final Instant now;
    final Journal journal;
    final Turn turn;
    final Supplier<Duration> timeLeft;
    /** Null without a recovery region. */
    Region recovery;
    Region primary;
    /** The account's; null while RDS does not tell. */
    List<ExportTask> runningExports;
    List<Ledger.Request> requests = List.of();
    /** Otherwise it is not known what is wanted held, and nothing is deleted. */
    boolean requestsKnown;
    int copiesBegun;
    int exportsBegun;

    private final Ledger ledger;
    private final Ledger windowsLedger;
    private final List<Rds> asked = new ArrayList<>();
    /** Of each database, what the last tick wrote of its slot: for messages and transitions, never for decisions. */
    private Map<String, String> memory = Map.of();

    /**
     * @param windowsLedger where recorded windows go
     * @param timeLeft of the function's
     */
    Tick(Plan plan, Aws aws, Instant now, Journal journal, Ledger ledger, Ledger windowsLedger, Supplier<Duration> timeLeft) {
        this.plan = plan;
        this.aws = aws;
        this.now = now;
        this.journal = journal;
        this.ledger = ledger;
        this.turn = new Turn(plan, now, journal, ledger);
        this.windowsLedger = windowsLedger;
        this.timeLeft = timeLeft;
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
        Rds rds = rds(plan.region());
        Map<Kind, List<Source>> sources = turn.listings(plan.databases(), rds::operation, rds::databases);
        List<Plan.Database> listed = plan.databases().stream().filter(database -> sources.containsKey(database.kind())).toList();
        primary = new Region(plan.region(), rds, turn.listings(listed, rds::operation, rds::snapshots));
        recall();
        if (primary.snapshots().isEmpty()) {
            remember(List.of());
        } else {
            listTheRest(rds);
            List<Cycle> cycles = cycles(sources);
            turn.alone("windows", null, () -> new WindowsStage(this, windowsLedger).record(cycles));
            for (Cycle cycle : cycles) {
                if (!turn.hasTimeFor(cycle.database(), timeLeft.get())) {
                    break;
                }
                turn.alone("tick", cycle.database(), cycle::run);
            }
            remember(cycles);
            cycles.forEach(cycle -> turn.alone("measure", cycle.database(), cycle::measure));
        }
        journal.countFailures(REASONS, !primary.snapshots().isEmpty());
        journal.new Metrics().count("RdsCalls", asked.stream().mapToInt(Rds::calls).sum()).emit();
    }

    /** Of the databases of which everything is known, in this tick's order. */
    private List<Cycle> cycles(Map<Kind, List<Source>> sources) {
        List<Cycle> cycles = new ArrayList<>();
        for (Plan.Database database : turn.databases()) {
            if (primary.knows(database.kind())) {
                turn.alone("tick", database, () -> cycles.add(new Cycle(this, database, source(sources.get(database.kind()), database))));
            }
        }
        return cycles;
    }

    private void listTheRest(Rds rds) {
        if (plan.recoveryRegion() != null) {
            Rds other = rds(plan.recoveryRegion());
            List<Plan.Database> copied = plan.databases().stream().filter(database -> database.recovery() != null).toList();
            recovery = new Region(plan.recoveryRegion(), other,
                    turn.listings(copied, () -> other.operation() + " in " + plan.recoveryRegion(), other::snapshots));
        }
        boolean exports = plan.databases().stream().anyMatch(database -> database.export() != null);
        runningExports = exports ? turn.attempt("list", rds::operation, rds::runningExports) : List.of();
        turn.measureSnapshots(rds, plan.databases());
        List<Ledger.Request> asked = turn.attempt("requests", "dynamodb:Query", ledger::requests);
        requestsKnown = asked != null;
        requests = asked == null ? List.of() : asked;
    }

    private void recall() {
        String remembered = turn.attempt("status", "dynamodb:GetItem", () -> ledger.read("status", plan.name(), "memory"));
        memory = remembered == null ? Map.of() : remembered(remembered);
    }

    private Map<String, String> remembered(String text) {
        Map<String, String> remembered = new HashMap<>();
        try {
            Fields databases = Fields.read(text);
            for (String name : databases.names()) {
                remembered.put(name, databases.text(name));
            }
        } catch (IllegalArgumentException e) {
            journal.tell("memory-unreadable", null, null, null, e.getMessage());
        }
        return remembered;
    }

    private Rds rds(String region) {
        Rds rds = new Rds(aws.rds(region));
        asked.add(rds);
        return rds;
    }

    private static Source source(List<Source> sources, Plan.Database database) {
        return sources.stream().filter(source -> source.identifier().equals(database.identifier())).findFirst().orElse(null);
    }

    /** @return null if there is nothing */
    String memory(Plan.Database database) {
        return memory.get(database.identifier());
    }

    void delete(Ledger.Request request) {
        turn.attempt("requests", "dynamodb:DeleteItem", () -> {
            ledger.delete(request);
            return true;
        });
    }

    /** Writes the history of slots that have changed, and the page's document. */
    private void remember(List<Cycle> cycles) {
        Map<String, String> seen = new LinkedHashMap<>(memory);
        Map<String, String> entries = new HashMap<>();
        for (Cycle cycle : cycles) {
            turn.alone("status", cycle.database(), () -> {
                String history = cycle.history();
                seen.put(cycle.name(), history);
                // A table that had no answer to the lease has the tick wait for each of fifty in vain, which then tells no ages.
                if (turn.leased() && !history.equals(cycle.slotHistory().remembered())) {
                    turn.attempt("history", "dynamodb:PutItem", () -> {
                        ledger.write("history#" + cycle.name(), cycle.slot().toString(), Map.of("document", history), now.plus(HISTORY_KEPT));
                        return true;
                    });
                }
                entries.put(cycle.name(), Json.object(cycle::write));
            });
        }
        List<String> databases = plan.databases().stream().map(Plan.Database::identifier).toList();
        seen.keySet().retainAll(databases);
        for (Plan.Database database : plan.databases()) {
            if (!entries.containsKey(database.identifier()) && journal.failures(database.identifier()).isEmpty()) {
                return; // The next tick knows it again: until then the page has what the last one told.
            }
            entries.computeIfAbsent(database.identifier(), name -> Json.object(json -> {
                json.writeStringField("identifier", name);
                json.writeStringField("kind", database.kind().text);
                Failure.write(json, journal.failures(name));
            }));
        }
        String document = Json.object(json -> {
            json.writeStringField("at", now.toString());
            json.writeArrayFieldStart("databases");
            for (String database : databases) {
                json.writeRawValue(entries.get(database));
            }
            json.writeEndArray();
        });
        String remembered = Json.object(json -> {
            for (Map.Entry<String, String> each : seen.entrySet()) {
                json.writeStringField(each.getKey(), each.getValue());
            }
        });
        turn.attempt("status", "dynamodb:PutItem", () -> {
            ledger.write("status", plan.name(), Map.of("document", document, "memory", remembered), null);
            return true;
        });
    }
}
