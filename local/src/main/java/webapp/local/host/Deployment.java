package webapp.local.host;

import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.arns.Arn;

/**
 * One version of a function as it was deployed: everything the host needs to run it.
 *
 * @param version     a published version's number or {@code $LATEST}
 * @param arn         what the handler's context names as the invoked function, in the region that it runs in
 * @param handler     class name, or {@code class::method}
 * @param runtime     Lambda's identifier, such as {@code java21}
 * @param memorySize  megabytes
 * @param timeout     seconds
 * @param environment the variables of the deployment, without those Lambda adds
 * @param codeSha256  Base64 digest of the jar, as Lambda reports it
 * @param snapStart   whether this version would run from a snapshot
 * @param code        the bytes of the jar; asked at most once for each digest
 */
public record Deployment(
        String functionName,
        String version,
        String arn,
        String handler,
        String runtime,
        int memorySize,
        int timeout,
        Map<String, String> environment,
        String roleArn,
        String codeSha256,
        boolean snapStart,
        Logging logging,
        Supplier<byte[]> code) {

    public Deployment {
        environment = Map.copyOf(environment);
    }

    /**
     * Where and how a function logs.
     *
     * @param format           {@code Text} or {@code JSON}
     * @param applicationLevel least level that is written, or null when the format is {@code Text}
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">Log formats</a>
     */
    public record Logging(String format, String applicationLevel, String group) {
        public static Logging text(String functionName) {
            return new Logging("Text", null, "/aws/lambda/" + functionName);
        }
    }

    /** Where it is deployed, by its ARN. */
    String region() {
        return Arn.fromString(arn).region().orElseThrow();
    }

    /** Whether processes of {@code other} may serve this deployment: everything but the place the code comes from is equal. */
    boolean sameAs(Deployment other) {
        return withoutCode().equals(other.withoutCode());
    }

    private Deployment withoutCode() {
        return new Deployment(functionName, version, arn, handler, runtime, memorySize, timeout, environment, roleArn,
                codeSha256, snapStart, logging, null);
    }
}
