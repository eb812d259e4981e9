package webapp.backup;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.rds.model.ExportTask;

/**
 * Exports a database's newest snapshot that is due to S3 and proves that it is there. The outcome becomes the snapshot's tag, which later
 * snapshots carry on: RDS forgets tasks, and retention the snapshot.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html">Exporting DB snapshot data to Amazon S3</a>
 */
final class ExportStage {
    private static final int EXPORTS_AT_A_TIME = 5;
    private static final String CODE = "error code:";
    private static final Set<String> EXPORTED = Set.of("complete", "skipped-tables");

    private final Cycle cycle;
    private final Plan.Export export;
    private final List<Snapshot> primaries;
    /** Those whose export has begun, or may have, and whose tag does not say yet how it ended. */
    private final Set<Snapshot> open = new HashSet<>();

    ExportStage(Cycle cycle, Plan.Export export, List<Snapshot> primaries) {
        this.cycle = cycle;
        this.export = export;
        this.primaries = primaries;
    }

    /** @return the newest slot whose export is complete, even if its snapshot is gone; null if none is */
    static Instant lastExported(List<Snapshot> primaries) {
        return Stream.concat(
                        primaries.stream().filter(ExportStage::isExported).map(Snapshot::slot),
                        primaries.stream().map(snapshot -> carried(snapshot)).filter(Objects::nonNull))
                .max(Comparator.naturalOrder()).orElse(null);
    }

    /** @return the one that alone knows {@link #lastExported}, null if another one carries it on */
    static Snapshot lastOf(List<Snapshot> primaries) {
        Instant last = lastExported(primaries);
        return primaries.stream().anyMatch(snapshot -> snapshot.available() && last != null && last.equals(carried(snapshot))) ? null
                : primaries.stream().filter(snapshot -> snapshot.slot().equals(last) && isExported(snapshot)).findFirst().orElse(null);
    }

    private static boolean isExported(Snapshot snapshot) {
        String outcome = snapshot.tags().get(Tags.EXPORT);
        return outcome != null && EXPORTED.contains(outcome);
    }

    private static Instant carried(Snapshot snapshot) {
        return snapshot.instant(Tags.EXPORTED);
    }

    void run() {
        tellLastOutcome();
        ExportTask running = cycle.tick.runningExports.stream()
                .filter(task -> primaries.stream().anyMatch(snapshot -> snapshot.arn().equals(task.sourceArn()))).findFirst().orElse(null);
        if (running != null) {
            cycle.slotHistory().stage("export", "running", running.exportTaskIdentifier(), null, 0);
            cycle.slotHistory().export(running.exportTaskIdentifier(), running.taskStartTime(), running.taskStartTime(), running.status(), null);
        }
        List<Snapshot> undecided = undecided();
        // One that a newer slot overtook may still have come to its end; it is not tried again.
        if (undecided.size() > 1 && settle(undecided.get(1), false)) {
            return;
        }
        if (!undecided.isEmpty() && running == null) {
            settle(undecided.getFirst(), true);
        }
    }

    /** @return whether this stage still has to see how the snapshot's export ended */
    boolean isOpen(Snapshot snapshot) {
        return open.contains(snapshot);
    }

    private void tellLastOutcome() {
        Snapshot decided = Cycle.newest(primaries, snapshot -> snapshot.tags().containsKey(Tags.EXPORT));
        if (decided == null) {
            return;
        }
        String outcome = decided.tags().get(Tags.EXPORT);
        if (outcome.equals("failed")) {
            cycle.fail(Reason.EXPORT_FAILED, "export", decided.identifier(), null, cycle.slotHistory().exportWarning("the export of this snapshot failed"));
        } else if (outcome.equals("skipped-tables")) {
            cycle.fail(Reason.EXPORT_SKIPPED_TABLES, "export", decided.identifier(), null,
                    cycle.slotHistory().exportWarning("the export of this snapshot is without some tables"));
        } else if (decided.slot().equals(cycle.slot())) {
            cycle.slotHistory().stage("export", "done", decided.identifier(), null, 0);
        }
    }

    /** @return newest first: those that are due, and later than the last that came to an end */
    private List<Snapshot> undecided() {
        Instant last = lastExported(primaries);
        Instant floor = Stream.concat(Stream.ofNullable(last),
                        primaries.stream().filter(snapshot -> snapshot.tags().containsKey(Tags.EXPORT)).map(Snapshot::slot))
                .max(Comparator.naturalOrder()).orElse(Instant.MIN);
        return primaries.stream().filter(snapshot -> snapshot.available() && snapshot.slot().isAfter(floor))
                .filter(snapshot -> last == null || !period(snapshot.slot()).equals(period(last)))
                .sorted(Comparator.comparing(Snapshot::slot).reversed()).toList();
    }

    private Object period(Instant slot) {
        return cycle.period(slot, export.every());
    }

    /**
     * @param newest whether it is worth an export that has not begun, or has to be repeated
     * @return whether something was changed
     */
    private boolean settle(Snapshot snapshot, boolean newest) {
        String name = Names.export(cycle.name(), snapshot.slot(), 1).replaceFirst("1$", "");
        Rds rds = cycle.tick.primary.rds();
        List<ExportTask> found = cycle.read("export", snapshot.identifier(), rds::operation, () -> rds.exports(snapshot));
        if (found == null) {
            open.add(snapshot);
            return false;
        }
        List<ExportTask> tasks = found.stream().filter(task -> task.exportTaskIdentifier().startsWith(name))
                .sorted(Comparator.comparing(ExportTask::exportTaskIdentifier)).toList();
        if (tasks.isEmpty()) {
            return newest && begin(snapshot, name + 1, 1);
        }
        open.add(snapshot);
        ExportTask last = tasks.getLast();
        return switch (last.status().toUpperCase(Locale.ROOT)) {
            case "COMPLETE" -> prove(snapshot, last);
            case "FAILED" -> repeat(snapshot, last, tasks.size(), newest);
            case "CANCELED" -> decide(snapshot, last, "failed", "somebody cancelled it");
            default -> false; // It began after this tick's listing.
        };
    }

    private boolean begin(Snapshot snapshot, String task, int attempt) {
        if (cycle.tick.runningExports.size() + cycle.tick.exportsBegun >= EXPORTS_AT_A_TIME) {
            cycle.slotHistory().stage("export", "waiting", task, "there are " + EXPORTS_AT_A_TIME + " exports under way in the account", attempt);
            return false;
        }
        Cycle.Change outcome = cycle.change("export", task, cycle.tick.primary, export.kmsKeyArn(),
                () -> cycle.tick.primary.rds().export(snapshot, task, export));
        if (outcome == Cycle.Change.DONE) {
            cycle.tick.exportsBegun++;
            cycle.slotHistory().stage("export", "running", task, null, attempt);
            cycle.slotHistory().export(task, null, cycle.tick.now, "STARTING", null);
        } else if (outcome == Cycle.Change.EXISTS) {
            ExportTask other = cycle.read("export", task, cycle.tick.primary.rds()::operation, () -> cycle.tick.primary.rds().export(task));
            if (other != null && !snapshot.arn().equals(other.sourceArn())) {
                cycle.fail(Reason.NAME_TAKEN, "export", task, null, "there is an export of this name of " + other.sourceArn());
            }
        }
        return true;
    }

    private boolean repeat(Snapshot snapshot, ExportTask failed, int failures, boolean newest) {
        String cause = failed.failureCause() == null ? "RDS tells no cause" : failed.failureCause();
        if (!newest || failures >= Names.ATTEMPTS) {
            return decide(snapshot, failed, "failed", cause);
        }
        Reason reason = reason(cause);
        if (reason == null) {
            cycle.slotHistory().stage("export", "retry", failed.exportTaskIdentifier(), cause, failures + 1);
        } else {
            cycle.fail(reason, "export", failed.exportTaskIdentifier(), null, cause);
        }
        Instant ended = failed.taskEndTime() == null ? snapshot.slot() : failed.taskEndTime();
        return cycle.rested(failures, ended) && begin(snapshot, Names.export(cycle.name(), snapshot.slot(), failures + 1), failures + 1);
    }

    /**
     * @return null for an error of RDS's own
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.Troubleshooting.html">The causes that RDS documents</a>
     */
    private Reason reason(String cause) {
        // Names may have any of the words.
        String words = cause.replace(export.bucket(), "").replaceAll("arn:[^\\s,]+", "").toLowerCase(Locale.ROOT);
        if (words.contains("internal error")) {
            return null;
        }
        // The sentence blames bucket, role and key alike; only the code says more.
        int code = words.indexOf(CODE);
        if (code >= 0) {
            String told = words.substring(code + CODE.length()).strip();
            return told.startsWith("kms") ? Reason.KMS_KEY : told.startsWith("awssecuritytoken") ? Reason.EXPORT_ROLE : Reason.EXPORT_BUCKET;
        }
        if (words.contains("assume") || words.contains("authorized to call")) {
            return Reason.EXPORT_ROLE;
        }
        if (words.contains("kms") || words.contains("encrypt")) {
            return Reason.KMS_KEY;
        }
        if (words.contains("bucket") || words.contains("s3")) {
            return Reason.EXPORT_BUCKET;
        }
        return words.contains("role") ? Reason.EXPORT_ROLE : Reason.EXPORT_FAILED;
    }

    private boolean prove(Snapshot snapshot, ExportTask task) {
        String prefix = (export.prefix().isEmpty() ? "" : export.prefix() + "/") + task.exportTaskIdentifier() + "/";
        ExportedObjects objects = new ExportedObjects(cycle.tick.aws.s3(cycle.tick.plan.region()), export,
                () -> cycle.tick.aws.s3(cycle.tick.plan.recoveryRegion()));
        ExportedObjects.Finding finding = cycle.read("export", task.exportTaskIdentifier(), objects::operation,
                () -> objects.look(prefix, cycle.tick.now));
        if (finding == null) {
            return false;
        }
        if (finding.reason() != null) {
            cycle.fail(finding.reason(), "export", task.exportTaskIdentifier(), null, finding.message());
            return false;
        }
        if (finding.message() != null) {
            cycle.slotHistory().stage("export", "waiting", task.exportTaskIdentifier(), finding.message(), 0);
            return false;
        }
        // COMPLETE says nothing of tables that could not be exported.
        boolean whole = task.warningMessage() == null || task.warningMessage().isBlank();
        return decide(snapshot, task, whole ? "complete" : "skipped-tables", whole ? null : task.warningMessage());
    }

    private boolean decide(Snapshot snapshot, ExportTask task, String outcome, String warning) {
        cycle.slotHistory().export(task.exportTaskIdentifier(), task.taskStartTime(), task.taskEndTime(), outcome, warning);
        if (cycle.change("export", snapshot.identifier(), cycle.tick.primary, null,
                () -> cycle.tick.primary.rds().tag(snapshot, Tags.EXPORT, outcome)) == Cycle.Change.DONE) {
            cycle.slotHistory().stage("export", outcome.equals("failed") ? "failed" : "done", task.exportTaskIdentifier(), warning, 0);
            if (warning != null) {
                Reason reason = outcome.equals("failed") ? Reason.EXPORT_FAILED : Reason.EXPORT_SKIPPED_TABLES;
                cycle.fail(reason, "export", task.exportTaskIdentifier(), null, warning);
            }
        }
        return true;
    }
}
