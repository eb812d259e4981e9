package webapp.local.database;

import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;

/**
 * Asks IAM, at each login anew, so that a changed policy counts at once
 * (<a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html">SimulatePrincipalPolicy</a>).
 */
public final class AwsConnectPermission implements ConnectPermission {
    private final IamClient iam;

    public AwsConnectPermission(IamClient iam) {
        this.iam = iam;
    }

    @Override
    public boolean isAllowed(String principalArn, String resourceArn) {
        // IAM does not simulate an account's root user, which has every permission.
        if (principalArn.endsWith(":root")) {
            return true;
        }
        return iam.simulatePrincipalPolicy(request -> request.policySourceArn(principalArn).actionNames(ACTION).resourceArns(resourceArn))
                .evaluationResults().stream().anyMatch(result -> result.evalDecision() == PolicyEvaluationDecisionType.ALLOWED);
    }
}
