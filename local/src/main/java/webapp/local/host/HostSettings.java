package webapp.local.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How the function host runs processes.
 *
 * @param directory       holds everything the host writes: {@code functions/}, {@code logs/}, {@code runtime/}, {@code tmp/}
 * @param javaHome        the JDK that runs functions, 21 or newer
 * @param region          of invocations that name no function's ARN
 * @param port            0 picks a free one
 * @param environment     variables for every process, which a deployment may replace; such as AWS_ENDPOINT_URL
 * @param javaOptions     options for every process, asked at each start; such as {@code -Djdk.net.hosts.file=...}
 * @param initLimit       how long a process may initialise before it is started once more, then within the function's timeout
 * @param idleTime        how long a process waits for its next event before it is ended
 * @param maximumProcesses of one version of a function; further concurrent requests are throttled
 */
public record HostSettings(
        Path directory,
        Path javaHome,
        String region,
        int port,
        Map<String, String> environment,
        Supplier<List<String>> javaOptions,
        Duration initLimit,
        Duration idleTime,
        int maximumProcesses) {

    public HostSettings {
        directory = directory.toAbsolutePath();
        environment = Map.copyOf(environment);
    }

    /** A free port, nothing added to processes, Lambda's ten seconds for initialisation, ten idle minutes, ten processes. */
    public HostSettings(Path directory, Path javaHome, String region) {
        this(directory, javaHome, region, 0, Map.of(), List::of, Duration.ofSeconds(10), Duration.ofMinutes(10), 10);
    }

    public HostSettings withPort(int newPort) {
        return new HostSettings(directory, javaHome, region, newPort, environment, javaOptions, initLimit, idleTime, maximumProcesses);
    }

    public HostSettings withEnvironment(Map<String, String> variables) {
        return new HostSettings(directory, javaHome, region, port, variables, javaOptions, initLimit, idleTime, maximumProcesses);
    }

    public HostSettings withJavaOptions(Supplier<List<String>> options) {
        return new HostSettings(directory, javaHome, region, port, environment, options, initLimit, idleTime, maximumProcesses);
    }

    public HostSettings withInitLimit(Duration limit) {
        return new HostSettings(directory, javaHome, region, port, environment, javaOptions, limit, idleTime, maximumProcesses);
    }

    public HostSettings withIdleTime(Duration time) {
        return new HostSettings(directory, javaHome, region, port, environment, javaOptions, initLimit, time, maximumProcesses);
    }

    public HostSettings withMaximumProcesses(int maximum) {
        return new HostSettings(directory, javaHome, region, port, environment, javaOptions, initLimit, idleTime, maximum);
    }
}
