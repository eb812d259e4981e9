package webapp.canary;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one function is rolled out.
 *
 * @param weight share of the alias's invocations that a candidate gets, 0.01-0.5
 * @param bakeTime how long it has to keep it before it serves everybody
 * @param alarms names of the CloudWatch alarms that end the rollout
 */
record Canary(String functionName, String aliasName, double weight, Duration bakeTime, List<String> alarms) {

    /**
     * @param json {@code {"shop-users": {"alias": "live", "weight": 0.1, "bakeMinutes": 30, "alarms": ["..."]}}}
     * @return function name => its canary
     * @throws IllegalArgumentException if it is missing or none
     */
    static Map<String, Canary> parse(String json) {
        if (json == null) {
            throw new IllegalArgumentException("Environment variable CANARIES is missing: set it in the function's configuration");
        }
        try {
            Leaves leaves = Leaves.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
            Map<String, Canary> canaries = new LinkedHashMap<>();
            for (String function : leaves.names()) {
                String path = "/" + function;
                List<String> alarms = new ArrayList<>();
                for (String alarm = leaves.get(path + "/alarms/0"); alarm != null; alarm = leaves.get(path + "/alarms/" + alarms.size())) {
                    alarms.add(alarm);
                }
                canaries.put(function, new Canary(
                        function,
                        leaves.require(path + "/alias"),
                        Double.parseDouble(leaves.require(path + "/weight")),
                        Duration.ofMinutes(Long.parseLong(leaves.require(path + "/bakeMinutes"))),
                        List.copyOf(alarms)));
            }
            return Collections.unmodifiableMap(canaries);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("Environment variable CANARIES says no canaries: " + e.getMessage(), e);
        }
    }
}
