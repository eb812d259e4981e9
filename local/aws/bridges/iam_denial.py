"""Gap: a signed caller without execute-api:Invoke is refused in IAM's words, not through the API's ACCESS_DENIED gateway response.

On AWS the gateway response answers, with the account id masked:
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
It can go when MiniStack answers through the gateway response.
"""

import contextvars
import re

from ministack import app
from ministack.core import iam_actions
from ministack.core.arn import execute_api_arn
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import apigateway_v1

from . import execution, upstream

_called: contextvars.ContextVar[tuple | None] = contextvars.ContextVar("called", default=None)


def _deny(api_id: str, stage_name: str, method: str, path: str, headers: dict, query_params: dict, principal: str):
    resource = execute_api_arn(get_region(), get_account_id(), api_id, stage_name, method, path)
    masked = re.sub(r":(\d{8})(\d{4}):", r":********\2:", resource)
    message = f"User: {principal} is not authorized to perform: execute-api:Invoke on resource: {masked}"
    request = {
        "api_id": api_id, "stage_name": stage_name, "stage": apigateway_v1._stages_v1[api_id][stage_name], "headers": headers,
        "query_params": query_params, "path_params": {}, "resource_path": "", "request_id": new_uuid(),
    }
    return apigateway_v1._gateway_error_response(apigateway_v1._gw_error("ACCESS_DENIED", message), request)


def install() -> None:
    @upstream.wrap(
        app, "_enforce_execute_api", "api_id", "stage", "method", "execute_path", "headers", "query_params", "iam_action")
    def enforce(original, api_id, stage, method, execute_path, headers, query_params, iam_action="execute-api:Invoke"):
        execution.arriving(method, execute_path)
        _called.set((api_id, stage, method, execute_path, headers, query_params or {}))
        try:
            return original(api_id, stage, method, execute_path, headers, query_params, iam_action)
        finally:
            _called.set(None)

    @upstream.wrap(
        iam_actions, "access_denied_response",
        "service", "action", "principal_arn", "request_id", "error_code", "message", "headers", "resource_arn",
        "explicit_deny", "resource_policy_arn")
    def denied(original, service, action, principal_arn, *args, **kwargs):
        called = _called.get()
        scope = apigateway_v1.find_api_scope(called[0]) if called and action == "execute-api:Invoke" else None
        if scope is None or called[1] not in apigateway_v1.stages_for_api(called[0]):
            return original(service, action, principal_arn, *args, **kwargs)
        with apigateway_v1.request_scope(*scope):
            return _deny(*called, principal_arn)
