package webapp.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which AWS services the functions in the VPC may call, and which of them have no path: the VPC has no route to the internet,
 * so a call without an interface or gateway endpoint hangs until it times out.
 */
final class Reachability {
    /**
     * Services that a policy names although the function's own code never connects to them: an RDS login token is signed
     * locally; Lambda makes the network interfaces and delivers the logs; Secrets Manager and others call KMS themselves.
     */
    private static final Set<String> NOT_CALLED = Set.of("rds-db", "ec2", "logs", "kms");

    private Reachability() {}

    /** Function name => services that its role's policies allow, less those that need no path; functions in the VPC alone. */
    static Map<String, Set<String>> calls(List<JsonNode> resources) {
        Map<String, Set<String>> calls = new TreeMap<>();
        for (JsonNode function : ofType(resources, "aws_lambda_function")) {
            JsonNode values = function.path("values");
            if (values.path("vpc_config").isEmpty()) {
                continue;
            }
            String role = values.path("role").asText().replaceFirst(".*/", "");
            Set<String> services = new TreeSet<>();
            for (JsonNode policy : ofType(resources, "aws_iam_role_policy")) {
                if (policy.path("values").path("role").asText().equals(role)) {
                    services.addAll(allowedServices(policy.path("values").path("policy").asText()));
                }
            }
            services.removeAll(NOT_CALLED);
            calls.put(values.path("function_name").asText(), services);
        }
        return calls;
    }

    /** Services that have an endpoint in the VPC, such as {@code secretsmanager}. */
    static Set<String> endpoints(List<JsonNode> resources) {
        return ofType(resources, "aws_vpc_endpoint").stream()
                .map(endpoint -> endpoint.path("values").path("service_name").asText().replaceFirst(".*\\.", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Function name => services it may call and cannot reach; empty when all is well. */
    static Map<String, Set<String>> unreachable(List<JsonNode> resources) {
        Map<String, Set<String>> unreachable = calls(resources);
        unreachable.values().forEach(services -> services.removeAll(endpoints(resources)));
        unreachable.values().removeIf(Set::isEmpty);
        return unreachable;
    }

    private static Set<String> allowedServices(String policy) {
        Set<String> services = new TreeSet<>();
        try {
            for (JsonNode statement : new ObjectMapper().readTree(policy).path("Statement")) {
                if (statement.path("Effect").asText().equals("Allow")) {
                    JsonNode actions = statement.path("Action");
                    if (actions.isTextual()) {
                        services.add(actions.asText().replaceFirst(":.*", ""));
                    }
                    actions.forEach(action -> services.add(action.asText().replaceFirst(":.*", "")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a role's policy is not JSON: " + policy, e);
        }
        return services;
    }

    private static List<JsonNode> ofType(List<JsonNode> resources, String type) {
        return resources.stream().filter(resource -> resource.path("type").asText().equals(type)).toList();
    }
}
