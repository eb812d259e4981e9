"""Gap: a bucket that admits TLS only (aws:SecureTransport) refuses the functions, who speak to local AWS without TLS.

On AWS an SDK speaks TLS unless it is told an endpoint that does not:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
Here a request signed with the session of a role that Lambda, or RDS for its exports, may assume counts as TLS, since they and a function's
code know AWS's own names alone; so does a person's with such a role, whom no signature tells from the function. Any other counts as what it
is, also that of a role which a function assumes in its turn. It can go when local AWS speaks TLS.
"""

import contextvars

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import iam

from . import simulate_principal_policy, upstream
from .rds_permission import EXPORTS

_SERVICES = ("lambda.amazonaws.com", EXPORTS)


def _is_of_a_service(caller: str) -> bool:
    if ":assumed-role/" not in caller:
        return False
    role = iam._roles.get(caller.split("/")[-2])
    return role is not None and any(
        simulate_principal_policy.trusts(role, service, {"aws:sourceaccount": get_account_id()}) for service in _SERVICES)


def install() -> None:
    caller = upstream.attribute(iam_evaluator, "_request_caller_arn", contextvars.ContextVar)
    origin = upstream.attribute(iam_evaluator, "_request_origin", contextvars.ContextVar)

    @upstream.wrap(iam_evaluator, "pin_request_caller", "headers", "query_params")
    def pin(original, headers, query_params=None):
        original(headers, query_params)
        if _is_of_a_service(caller.get()):
            origin.set((origin.get()[0], True))
