package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReachabilityTest {
    private static final String MIGRATOR = """
            {"type": "aws_lambda_function", "values": {"function_name": "migrator", "role": "arn:aws:iam::1:role/path/m",
              "vpc_config": [{"subnet_ids": ["a"]}]}}""";
    private static final String POLICY = """
            {"type": "aws_iam_role_policy", "values": {"role": "m", "policy":
              "{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": [\\"secretsmanager:GetSecretValue\\", \\"kms:Decrypt\\"]}]}"}}""";
    private static final String ENDPOINT = """
            {"type": "aws_vpc_endpoint", "values": {"service_name": "com.amazonaws.us-east-1.secretsmanager"}}""";

    @Test
    void functionInTheVpcThatMayCallAServiceWithoutAnEndpointIsNamed() {
        assertThat(Reachability.unreachable(resources(MIGRATOR, POLICY))).isEqualTo(Map.of("migrator", Set.of("secretsmanager")));
    }

    @Test
    void endpointIsAPath() {
        assertThat(Reachability.unreachable(resources(MIGRATOR, POLICY, ENDPOINT))).isEmpty();
    }

    @Test
    void functionOutsideTheVpcReachesEverything() {
        String outside = MIGRATOR.replace("[{\"subnet_ids\": [\"a\"]}]", "[]");
        assertThat(Reachability.unreachable(resources(outside, POLICY))).isEmpty();
    }

    private static List<JsonNode> resources(String... resources) {
        ObjectMapper json = new ObjectMapper();
        return List.of(resources).stream().map(resource -> {
            try {
                return json.readTree(resource);
            } catch (IOException e) {
                throw new IllegalArgumentException(resource, e);
            }
        }).toList();
    }
}
