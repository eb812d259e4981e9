package webapp.canary;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** The state of the alarms that watch a rollout. */
final class Alarms {
    private final CloudWatchClient cloudWatch;

    Alarms(CloudWatchClient cloudWatch) {
        this.cloudWatch = cloudWatch;
    }

    /** An alarm that is in ALARM, and since when; null if CloudWatch does not say. */
    record Raised(String name, Instant since) {}

    /**
     * Those that are in ALARM. INSUFFICIENT_DATA is none: an alarm on a function that nobody calls may have that for ever.
     *
     * @throws IllegalStateException naming the alarms that do not exist: nobody would see a candidate fail
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html">DescribeAlarms</a>
     */
    List<Raised> raised(Canary canary) {
        DescribeAlarmsResponse found = cloudWatch.describeAlarms(describe -> describe
                .alarmNames(canary.alarms())
                // Without types there would be no composite alarms among them.
                .alarmTypes(AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM));
        List<String> missing = new ArrayList<>(canary.alarms());
        List<Raised> raised = new ArrayList<>();
        found.metricAlarms().forEach(alarm -> {
            missing.remove(alarm.alarmName());
            if (alarm.stateValue() == StateValue.ALARM) {
                raised.add(new Raised(alarm.alarmName(), alarm.stateTransitionedTimestamp()));
            }
        });
        found.compositeAlarms().forEach(alarm -> {
            missing.remove(alarm.alarmName());
            if (alarm.stateValue() == StateValue.ALARM) {
                raised.add(new Raised(alarm.alarmName(), alarm.stateTransitionedTimestamp()));
            }
        });
        if (!missing.isEmpty()) {
            throw new IllegalStateException("nobody watches the rollout of " + canary.functionName() + ": there are no alarms named "
                    + String.join(", ", missing));
        }
        return raised;
    }
}
