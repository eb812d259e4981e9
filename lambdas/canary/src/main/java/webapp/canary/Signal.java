package webapp.canary;

import java.time.Instant;

/** What an invocation tells. */
sealed interface Signal {

    /** A version was published, and is to be rolled out: {@code {"start": {"function": "shop-users", "version": "8"}}}. */
    record Start(String function, String version) implements Signal {}

    /** An alarm went off: EventBridge's event {@code CloudWatch Alarm State Change} to {@code ALARM}. */
    record Alarm(String name, Instant at) implements Signal {}

    /** An alarm changed its state, but did not go off. */
    record Calm(String alarm) implements Signal {}

    /** Time has passed: EventBridge's {@code Scheduled Event}. */
    record Tick() implements Signal {}

    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html">Alarm events</a>
     * @throws IllegalArgumentException if it is none of them
     */
    static Signal of(Leaves event) {
        if (event.get("/start/function") != null) {
            return new Start(event.get("/start/function"), event.require("/start/version"));
        }
        String type = event.get("/source") + ": " + event.get("/detail-type");
        return switch (type) {
            case "aws.cloudwatch: CloudWatch Alarm State Change" -> {
                String alarm = event.require("/detail/alarmName");
                yield event.require("/detail/state/value").equals("ALARM")
                        ? new Alarm(alarm, Instant.parse(event.require("/time")))
                        : new Calm(alarm);
            }
            case "aws.events: Scheduled Event" -> new Tick();
            default -> throw new IllegalArgumentException("This function takes {\"start\": {\"function\", \"version\"}}, changes of alarms and scheduled events, not "
                    + type);
        };
    }
}
