package webapp.local.host;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyRequest;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyResponse;
import webapp.local.host.functions.EchoHandler;

import static org.assertj.core.api.Assertions.assertThat;

class AwsLogPermissionTest {
    private final List<SimulatePrincipalPolicyRequest> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Deployment deployment = new DeploymentBuilder("users", EchoHandler.class)
            .logging(new Deployment.Logging("JSON", "INFO", "/webapp/users")).build();

    @Test
    void asksForAStreamOfTheFunctionsGroup() {
        assertThat(permission("logs:none").mayWriteLogs(deployment)).isTrue();

        assertThat(told).isEmpty();
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.policySourceArn()).isEqualTo("arn:aws:iam::000000000000:role/users");
            assertThat(request.actionNames()).containsExactly("logs:CreateLogStream", "logs:PutLogEvents");
            assertThat(request.resourceArns()).containsExactly("arn:aws:logs:eu-central-1:000000000000:log-group:/webapp/users:log-stream:1");
        });
    }

    @Test
    void oneActionThatIsMissingIsEnoughAndNamed() {
        assertThat(permission("logs:PutLogEvents").mayWriteLogs(deployment)).isFalse();

        assertThat(told).singleElement().asString().contains("users:1", "arn:aws:iam::000000000000:role/users", "logs:PutLogEvents");
    }

    private LogPermission permission(String denied) {
        return new AwsLogPermission(new IamClient() {
            @Override
            public SimulatePrincipalPolicyResponse simulatePrincipalPolicy(SimulatePrincipalPolicyRequest request) {
                asked.add(request);
                return SimulatePrincipalPolicyResponse.builder().evaluationResults(request.actionNames().stream()
                        .map(action -> EvaluationResult.builder().evalActionName(action).evalDecision(action.equals(denied)
                                ? PolicyEvaluationDecisionType.IMPLICIT_DENY : PolicyEvaluationDecisionType.ALLOWED).build())
                        .toList()).build();
            }

            @Override
            public String serviceName() {
                return SERVICE_NAME;
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        }, told::add);
    }
}
