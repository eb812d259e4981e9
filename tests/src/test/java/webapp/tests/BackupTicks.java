package webapp.tests;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** A function that a plan's schedule runs every five minutes, run by a test that does not wait for that. */
final class BackupTicks {
    /** For what takes several ticks: a dump, an export, a server of its own. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final AppliedStack stack;
    private final String functionName;
    private final String region;
    private final String logName;
    private final String plan;

    private BackupTicks(AppliedStack stack, String functionName, String region) {
        this.stack = stack;
        this.functionName = functionName;
        this.region = region;
        this.logName = AppliedStack.logName(functionName, region);
        this.plan = stack.terraform().resources().stream().filter(resource -> resource.path("type").asText().equals("aws_scheduler_schedule"))
                .map(resource -> resource.path("values")).filter(schedule -> schedule.path("name").asText().equals(functionName))
                .findFirst().orElseThrow().at("/target/0/input").asText();
    }

    static BackupTicks ofScheduler(AppliedStack stack) {
        return new BackupTicks(stack, "webapp-dev-backup-scheduler", "us-east-1");
    }

    static BackupTicks ofRecovery(AppliedStack stack) {
        return new BackupTicks(stack, "webapp-dev-backup-recovery", "us-west-2");
    }

    /** One tick; nothing happens when the schedule's own is under way. */
    void run() {
        InvokeResponse answer = stack.clients().lambda(region).invoke(request -> request.functionName(functionName).qualifier("live")
                .payload(SdkBytes.fromUtf8String(plan)));
        if (answer.functionError() != null) {
            throw new AssertionError(functionName + " failed: " + answer.payload().asUtf8String());
        }
    }

    /**
     * Ticks until a tick says or does something.
     *
     * @param expected what, for the complaint
     * @param reached asked after each tick, with what the function said since the first one
     */
    void until(String expected, Predicate<String> reached) {
        int before = stack.log(logName).length();
        Instant limit = Instant.now().plus(LIMIT);
        String said = "";
        while (Instant.now().isBefore(limit)) {
            run();
            String log = stack.log(logName);
            said = log.substring(Math.min(before, log.length()));
            if (reached.test(said)) {
                return;
            }
        }
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + expected + "\n" + complaints(said));
    }

    /** The last lines that matter of a log that is mostly metrics, each once. */
    private static String complaints(String log) {
        List<String> lines = log.lines().filter(line -> line.contains("\"level\"")).map(line -> line.replaceFirst("\"timestamp\":\"[^\"]*\",", ""))
                .distinct().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }
}
