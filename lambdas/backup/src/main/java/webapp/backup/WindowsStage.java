package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import webapp.backup.windows.WindowsAnswer;

/**
 * Has the windows of tables counted and summed up just before their database's snapshot is made, for drills to compare. It never keeps a
 * snapshot from being made: without them a drill says so.
 */
final class WindowsStage {
    private static final Duration KEPT = Duration.ofDays(800);
    private static final int AT_A_TIME = 10;
    /** Whatever the function does, a snapshot is made in the same tick: modules/backup has it end before nobody waits for it any more. */
    private static final Duration AFTERWARDS = Turn.SHORTEST_DATABASE.plusSeconds(5);
    /** What each further database takes, even if RDS is slow. */
    private static final Duration A_DATABASE = Duration.ofSeconds(2);

    private final Tick tick;
    private final Ledger ledger;

    WindowsStage(Tick tick, Ledger ledger) {
        this.tick = tick;
        this.ledger = ledger;
    }

    /** For each database that makes a snapshot in this tick, several at a time; what is not recorded in time is told, and its snapshot is made. */
    void record(List<Cycle> cycles) {
        List<Cycle> recording = cycles.stream().filter(Cycle::recordsWindows).toList();
        if (recording.isEmpty()) {
            return;
        }
        Duration left = tick.timeLeft.get();
        Duration end = left.minus(time(left, cycles.size()));
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_A_TIME, recording.size()));
        try {
            List<Future<String>> complaints = new ArrayList<>();
            recording.forEach(cycle -> complaints.add(threads.submit(() -> complaint(cycle, end))));
            for (int number = 0; number < recording.size(); number++) {
                recording.get(number).windowsRecorded(complaint(complaints.get(number), end));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while windows were recorded", e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** @return how long all of it may take: the databases' own steps come after it, and have at most two thirds for themselves */
    private static Duration time(Duration left, int databases) {
        Duration most = left.minus(AFTERWARDS);
        Duration usual = most.minus(A_DATABASE.multipliedBy(databases - 1L));
        Duration third = left.dividedBy(3);
        Duration least = usual.compareTo(third) < 0 ? third : usual;
        return least.compareTo(most) < 0 ? least : most;
    }

    private String complaint(Future<String> complaint, Duration end) throws InterruptedException {
        try {
            return complaint.get(Math.max(0, tick.timeLeft.get().minus(end).toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return "the windows were not recorded in time";
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            return "the windows were not recorded: " + e.getCause();
        }
    }

    /**
     * @param end how much time is left when this stage ends
     * @return null if all of them are recorded
     */
    private String complaint(Cycle cycle, Duration end) {
        Plan.Windows windows = cycle.database().windows();
        Instant slot = cycle.due().slot();
        String operation = "dynamodb:GetItem";
        try {
            String recorded = ledger.read("windows#" + cycle.name(), slot.toString(), "document");
            if (recorded != null) {
                return complaint(recorded);
            }
            Duration time = tick.timeLeft.get().minus(end);
            if (!time.isPositive()) {
                return "the tick had no time left for " + windows.functionName();
            }
            operation = "lambda:InvokeFunction";
            InvokeResponse answer = tick.aws.lambda(tick.plan.region()).invoke(invoke -> invoke.functionName(windows.functionName())
                    .overrideConfiguration(call -> call.apiCallTimeout(time).apiCallAttemptTimeout(time))
                    .payload(SdkBytes.fromUtf8String(event(cycle.source(), windows))));
            String payload = answer.payload().asUtf8String();
            if (answer.functionError() != null) {
                return windows.functionName() + " failed: " + WindowsAnswer.error(payload);
            }
            operation = "dynamodb:PutItem";
            ledger.write("windows#" + cycle.name(), slot.toString(), Map.of("document", payload), tick.now.plus(KEPT));
            return complaint(payload);
        } catch (SdkException e) {
            return Trouble.of(e, operation, "windows").message();
        }
    }

    /** @return null if every window was measured; a drill compares the others, and has the same to say of these */
    private static String complaint(String recorded) {
        try {
            String unmeasured = WindowsAnswer.parse(recorded).windows().stream().filter(measured -> measured.error() != null)
                    .map(measured -> measured.window().table() + ": " + measured.error()).distinct().collect(Collectors.joining("; "));
            return unmeasured.isEmpty() ? null : "not measured: " + unmeasured;
        } catch (IllegalArgumentException e) {
            return "the windows recorded cannot be read: " + e.getMessage();
        }
    }

    private static String event(Source source, Plan.Windows windows) {
        return Json.object(json -> {
            json.writeObjectFieldStart("record");
            json.writeStringField("host", source.host());
            json.writeNumberField("port", source.port());
            json.writeStringField("database", windows.database());
            json.writeStringField("user", windows.user());
            json.writeStringField("unit", windows.unit().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("count", windows.count());
            json.writeNumberField("settleMinutes", windows.settle().toMinutes());
            json.writeArrayFieldStart("tables");
            for (Plan.Table table : windows.tables()) {
                json.writeStartObject();
                json.writeStringField("table", table.table());
                json.writeStringField("column", table.column());
                json.writeArrayFieldStart("columns");
                for (String column : table.columns()) {
                    json.writeString(column);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
