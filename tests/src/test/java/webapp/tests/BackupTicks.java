package webapp.tests;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** The functions that a plan's schedules run every five minutes, run by a test that does not wait for those. */
enum BackupTicks {
    SCHEDULER("webapp-dev-backup-scheduler", "us-east-1"),
    RECOVERY("webapp-dev-backup-recovery", "us-west-2");

    /** For what takes several ticks: a dump, an export, a server of its own. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    final String functionName;
    final String region;

    BackupTicks(String functionName, String region) {
        this.functionName = functionName;
        this.region = region;
    }

    /** One tick, of the plan that the schedule has; nothing happens when the schedule's own is under way. */
    void run(AppliedStack stack) {
        String plan = stack.terraform().resources().stream().filter(resource -> resource.path("type").asText().equals("aws_scheduler_schedule"))
                .map(resource -> resource.path("values")).filter(schedule -> schedule.path("name").asText().equals(functionName))
                .findFirst().orElseThrow().at("/target/0/input").asText();
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
    void until(AppliedStack stack, String expected, Predicate<String> reached) {
        int before = stack.log(functionName).length();
        Instant limit = Instant.now().plus(LIMIT);
        String said = "";
        while (Instant.now().isBefore(limit)) {
            run(stack);
            said = stack.log(functionName).substring(before);
            if (reached.test(said)) {
                return;
            }
        }
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + expected + "\n" + complaints(said));
    }

    /** The lines that matter of a log that is mostly metrics. */
    static String complaints(String log) {
        return String.join("\n", log.lines().filter(line -> line.contains("\"level\"")).distinct().toList());
    }
}
