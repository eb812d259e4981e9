"""Gap: SimulatePrincipalPolicy finds no policies of a role with a path, ignores its permissions boundary, and reads one resource.

On AWS every action is evaluated on every resource, for the role the ARN names, within its permissions boundary:
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
The login bridge asks it whether a role may `rds-db:connect`, the function host whether Lambda may write a function's logs. It can go when MiniStack evaluates these three.
"""

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam

from . import upstream

_DECISIONS = {"Allow": "allowed", "Deny": "explicitDeny"}


def _members(parameters: dict, name: str) -> list[str]:
    found = []
    while member := iam._p(parameters, f"{name}.member.{len(found) + 1}"):
        found.append(member)
    return found


def decision(role_arn: str, action: str, resource: str) -> str | None:
    """What IAM decides about an action of a role, within its permissions boundary; None if there is no such role."""
    account, name = get_account_id(), role_arn.rsplit("/", 1)[1]
    role = iam._roles.get(name)
    if role is None or role["Arn"] != role_arn:
        return None
    context = iam_evaluator.EvalContext(
        principal_arn=role_arn, principal_type="AssumedRole", principal_account=account, action=action,
        resource_arn=resource, region=get_region(), secure_transport=True,
    )
    policies = iam_evaluator._gather_role_policies(name, account)
    boundary = iam_evaluator._permissions_boundary(iam._roles, name, account)
    return _DECISIONS.get(iam_evaluator.evaluate(context, policies, *boundary).decision, "implicitDeny")


def trusts(role: dict, service: str, keys: dict) -> bool:
    """Whether the role's trust policy lets the service assume it, with these condition keys."""
    context = iam_evaluator.EvalContext(
        principal_arn="*", principal_type="Service", principal_account="", action="sts:AssumeRole", resource_arn=role["Arn"],
        region=get_region(), service_context=keys,
    )
    return iam_evaluator.evaluate_resource_policy(role["AssumeRolePolicyDocument"], context, service=service).decision == "Allow"


def _result(action: str, resource: str, decision: str) -> str:
    return (
        f"<member><EvalActionName>{action}</EvalActionName><EvalResourceName>{resource}</EvalResourceName>"
        f"<EvalDecision>{decision}</EvalDecision><MatchedStatements/><MissingContextValues/></member>"
    )


def install() -> None:
    upstream.expect(iam_evaluator, "_gather_role_policies", "role_name", "account_id")
    upstream.expect(iam_evaluator, "_permissions_boundary", "store", "name", "account_id")
    upstream.expect(iam_evaluator, "evaluate_resource_policy", "doc", "ctx", "service", "named_only", "direct_only")
    upstream.expect(iam, "_xml", "status", "root_tag", "inner", "ns")

    @upstream.wrap_action(iam, "_IAM_HANDLERS", "SimulatePrincipalPolicy", "p")
    def simulate(original, p):
        principal = iam._p(p, "PolicySourceArn") or ""
        if ":role/" not in principal:
            return original(p)
        if decision(principal, "", "*") is None:
            return iam._error(404, "NoSuchEntity", f"The role with ARN {principal} cannot be found.", ns="iam")
        results = ""
        for action in _members(p, "ActionNames"):
            for resource in _members(p, "ResourceArns") or ["*"]:
                results += _result(action, resource, decision(principal, action, resource))
        return iam._xml(
            200, "SimulatePrincipalPolicyResponse",
            f"<SimulatePrincipalPolicyResult><EvaluationResults>{results}</EvaluationResults>"
            "<IsTruncated>false</IsTruncated></SimulatePrincipalPolicyResult>",
            ns="iam",
        )
