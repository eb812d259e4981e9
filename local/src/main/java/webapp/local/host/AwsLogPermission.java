package webapp.local.host;

import java.util.function.Consumer;
import software.amazon.awssdk.arns.Arn;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;

/**
 * Asks IAM what Lambda needs to write a log stream. A function whose role lacks it runs as before and nothing of its logs is kept, as on AWS;
 * the host alone tells.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html#monitoring-cloudwatchlogs-prereqs">Permissions</a>
 */
public final class AwsLogPermission implements LogPermission {
    private static final String[] ACTIONS = {"logs:CreateLogStream", "logs:PutLogEvents"};

    private final IamClient iam;
    private final Consumer<String> log;

    /** @param log takes a line for each process whose logs are lost */
    public AwsLogPermission(IamClient iam, Consumer<String> log) {
        this.iam = iam;
        this.log = log;
    }

    @Override
    public boolean mayWriteLogs(Deployment deployment) {
        Arn function = Arn.fromString(deployment.arn());
        String stream = function.toBuilder().service("logs")
                .resource("log-group:" + deployment.logging().group() + ":log-stream:" + deployment.version()).build().toString();
        for (EvaluationResult result : iam.simulatePrincipalPolicy(request -> request
                .policySourceArn(deployment.roleArn()).actionNames(ACTIONS).resourceArns(stream)).evaluationResults()) {
            if (result.evalDecision() != PolicyEvaluationDecisionType.ALLOWED) {
                log.accept("the logs of a process of " + deployment.functionName() + ':' + deployment.version() + " are lost: "
                        + deployment.roleArn() + " may not " + result.evalActionName() + " on " + stream);
                return false;
            }
        }
        return true;
    }
}
