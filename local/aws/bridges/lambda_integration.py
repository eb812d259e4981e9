"""Gap: a Lambda proxy integration shows the function's error to the client, has no timeout, and needs no permission; the function
is told its unqualified ARN instead of the alias's that was invoked.

On AWS the client sees {"message": "Internal server error"}: 502 when the function failed or answered in another format, 500
when Lambda refused the invocation (throttled, no snapshot yet), 504 (INTEGRATION_TIMEOUT) when it took longer than
timeoutInMillis; and the function's resource policy must allow this stage, method and path:
https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
A refusal takes the gateway response INTEGRATION_FAILURE, with its status, where the API has one, as users of AWS report:
https://repost.aws/questions/QUL-z6rJbmR4meafB7MzYXxw
https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions
It can go when MiniStack's AWS_PROXY does all of it.
"""

import asyncio
import contextlib
import contextvars
import json
import logging

from ministack.core import iam_evaluator
from ministack.core.arn import execute_api_arn
from ministack.core.concurrency import run_reentrant
from ministack.core.responses import get_account_id, get_region
from ministack.services import apigateway_v1, lambda_svc

from . import execution, upstream

logger = logging.getLogger("bridges.lambda_integration")

_INTEGRATION = (
    "integration", "api_id", "stage_name", "stage", "resource", "request_path", "method", "headers", "body",
    "query_params", "path_params", "owner_account_id", "owner_region", "binary_media_types", "authorizer_context",
    "caller_identity",
)
# Invocations whose caller has already been answered 504; the function runs on, as on AWS.
_abandoned: set[asyncio.Future] = set()
_invoked_arn: contextvars.ContextVar[str | None] = contextvars.ContextVar("invoked_arn", default=None)


class InvocationFailed(Exception):
    """The invocation gave no response to pass on; carries the gateway error to answer with."""

    def __init__(self, error):
        super().__init__(error.response_type)
        self.error = error


def _internal_error(status: int, response_type: str = "DEFAULT_5XX"):
    error = apigateway_v1._gw_error(response_type, "Internal server error")
    error.status = status
    return error


@contextlib.contextmanager
def invoking(function_ref: str):
    """While it is entered, an invoked function is told this ARN."""
    token = _invoked_arn.set(function_ref if function_ref.startswith("arn:") else None)
    try:
        yield
    finally:
        _invoked_arn.reset(token)


def permission_missing(function_ref: str, source_arn: str) -> str | None:
    """Why the function's resource policy does not let API Gateway invoke it for this source, or None if it does."""
    record, config, name = lambda_svc._get_func_record_for_ref(function_ref)
    if record is None or config is None:
        return None  # no such function: MiniStack answers that one
    function = lambda_svc._functions.get(name)
    context = iam_evaluator.EvalContext(
        principal_arn="*", principal_type="Service", principal_account="", action="lambda:InvokeFunction",
        resource_arn=function_ref if function_ref.startswith("arn:") else config["FunctionArn"], region=get_region(),
        service_context={"aws:sourcearn": source_arn, "aws:sourceaccount": get_account_id()},
    )
    decision = iam_evaluator.evaluate_resource_policy(function["policy"], context, service="apigateway.amazonaws.com").decision
    if decision == "Allow":
        return None
    return (
        f"Invalid permissions on Lambda function {context.resource_arn}: its policy does not allow "
        f"lambda:InvokeFunction to apigateway.amazonaws.com with source ARN {source_arn} (aws_lambda_permission)"
    )


def malformed(payload) -> str | None:
    """What makes a function's result no proxy response, or None if it is one."""
    if isinstance(payload, (str, bytes)):
        try:
            payload = json.loads(payload)
        except ValueError:
            return "the result is not a JSON object"
    if not isinstance(payload, dict):
        return "the result is not a JSON object"
    status = payload.get("statusCode")
    if not str(status).isdigit() or not 100 <= int(status) <= 599:
        return f"statusCode is {status!r}"
    for name in ("headers", "multiValueHeaders"):
        if not isinstance(payload.get(name) or {}, dict):
            return f"{name} is not an object"
    if not isinstance(payload.get("body"), (str, type(None))):
        return "body is not a string"
    return None


def _ended(late: asyncio.Future) -> None:
    _abandoned.discard(late)
    late.exception()  # read, or asyncio reports it as never retrieved


async def within(milliseconds: int, invocation):
    """The invocation's outcome, or TimeoutError; a late invocation is left to end by itself."""
    running = asyncio.ensure_future(invocation)
    done, _ = await asyncio.wait({running}, timeout=milliseconds / 1000)
    if not done:
        _abandoned.add(running)
        running.add_done_callback(_ended)
        raise TimeoutError
    return running.result()


async def run(function_ref: str, event: dict, account_id: str, region: str) -> dict | None:
    """Invokes the function and returns MiniStack's record of it, or None if there is no such function."""
    function, config, _ = lambda_svc._get_func_record_for_ref_in_scope(function_ref, account_id=account_id, region=region)
    if function is None or config is None:
        return None
    with invoking(function_ref):
        return await run_reentrant(
            lambda_svc._execute_function_with_config_scope, lambda_svc._execution_record_for_config(function, config), event,
            thread_name="ministack-apigw-invoke",
        )


def install() -> None:
    upstream.expect(iam_evaluator, "evaluate_resource_policy", "doc", "ctx", "service", "named_only", "direct_only")
    upstream.expect(lambda_svc, "_get_func_record_for_ref", "function_ref")
    upstream.expect(lambda_svc, "_get_func_record_for_ref_in_scope", "function_ref", "account_id", "region")
    upstream.expect(apigateway_v1, "_extract_lambda_ref_from_integration_uri", "uri")

    @upstream.wrap(lambda_svc, "_execution_record_for_config", "func", "config")
    def record(original, func, config):
        invoked = _invoked_arn.get()
        return original(func, {**config, "FunctionArn": invoked} if invoked else config)

    @upstream.wrap(apigateway_v1, "_call_lambda_raw", "function_ref", "event", "account_id", "region")
    async def call(original, function_ref, event, *, account_id=None, region=None):
        with invoking(function_ref):
            result, missing = await original(function_ref, event, account_id=account_id, region=region)
        proxying = execution.current()
        if missing or proxying is None or not proxying.request.get("proxying"):
            return result, missing
        where = f"{proxying.method} {proxying.path} ({function_ref})"
        if result.get("throttle"):
            logger.warning("%s: Lambda refused the invocation: %s", where, result.get("body"))
            raise InvocationFailed(_internal_error(500, "INTEGRATION_FAILURE"))
        if result.get("error"):
            logger.warning("%s: Lambda execution failed: %s", where, result.get("body"))
            raise InvocationFailed(_internal_error(502))
        fault = malformed(result.get("body"))
        if fault:
            logger.warning("%s: Execution failed due to configuration error: Malformed Lambda proxy response: %s", where, fault)
            raise InvocationFailed(_internal_error(502))
        return result, None

    @upstream.wrap(apigateway_v1, "_invoke_lambda_proxy_v1", *_INTEGRATION)
    async def invoke(original, integration, api_id, stage_name, stage, resource, request_path, method, *args, **scope):
        function_ref = apigateway_v1._extract_lambda_ref_from_integration_uri(integration.get("uri", ""))
        if not integration.get("credentials"):
            source = execute_api_arn(get_region(), get_account_id(), api_id, stage_name, method, resource["path"])
            missing = permission_missing(function_ref, source)
            if missing:
                logger.error("%s %s: Execution failed due to configuration error: %s", method, request_path, missing)
                return apigateway_v1._gw_error("API_CONFIGURATION_ERROR", "Internal server error")
        execution.current().request["proxying"] = True
        try:
            return await within(
                integration.get("timeoutInMillis") or 29000,
                original(integration, api_id, stage_name, stage, resource, request_path, method, *args, **scope),
            )
        except TimeoutError:
            return apigateway_v1._gw_error("INTEGRATION_TIMEOUT", "Endpoint request timed out")
        except InvocationFailed as failed:
            return failed.error
