"""Gap: a function goes into a VPC whatever its role may do, and its code is not told apart from Lambda.

On AWS Lambda makes the network interfaces with the function's role, and asks EC2 when a function is made or its VPC configuration is
set; who takes the permissions away later stops neither the function nor its invocations:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
A call by the function's code, with the credentials that Lambda gave it, carries lambda:SourceFunctionArn, so that a policy can deny the
code what it allows Lambda: https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
Here a session is a function's that has the function's role and name, as the function host assumes it. It can go when MiniStack asks for
these rights and knows the key.
"""

import logging

from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import lambda_svc

from . import simulate_principal_policy, upstream

logger = logging.getLogger("bridges.function_network")

_NEEDED = ("CreateNetworkInterface", "DeleteNetworkInterface", "DescribeNetworkInterfaces")


def _refusal(role: str, vpc: dict | None):
    """The answer to one who puts a function with this role into the VPC, or None if its role may do what that takes."""
    if not (vpc or {}).get("SubnetIds"):
        return None
    partition = role.split(":")[1]
    interfaces = f"arn:{partition}:ec2:{get_region()}:{get_account_id()}:network-interface/*"
    for action in _NEEDED:
        resource = "*" if action.startswith("Describe") else interfaces
        if simulate_principal_policy.decision(role, f"ec2:{action}", resource) != "allowed":
            logger.error("%s may not ec2:%s on %s", role, action, resource)
            message = f"The provided execution role does not have permissions to call {action} on EC2"
            return error_response_json("InvalidParameterValueException", message, 400)
    return None


def install() -> None:
    upstream.attribute(lambda_svc, "_functions", lambda_svc.AccountRegionScopedDict)

    @upstream.wrap(lambda_svc, "_create_function", "data")
    def create(original, data):
        # A role that is missing is refused by the original.
        refused = _refusal(data["Role"], data.get("VpcConfig")) if ":role/" in data.get("Role", "") else None
        return refused or original(data)

    @upstream.wrap(lambda_svc, "_update_config", "name", "data")
    def update(original, name, data):
        function = lambda_svc._functions.get(name)
        refused = None
        if function is not None and "VpcConfig" in data:
            refused = _refusal(data.get("Role") or function["config"]["Role"], data["VpcConfig"])
        return refused or original(name, data)

    @upstream.wrap(iam_evaluator, "_principal_keys", "credential")
    def keys(original, credential):
        found = original(credential)
        if credential.principal_type == "AssumedRole":
            role, session = credential.principal_arn.split("/")[-2:]
            function = lambda_svc._functions.get(session)
            if function is not None and function["config"]["Role"].rsplit("/", 1)[1] == role:
                found["lambda:sourcefunctionarn"] = function["config"]["FunctionArn"]
        return found
