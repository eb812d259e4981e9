"""Gaps in a REST API's Lambda authorizers: the function needs no permission; its policy's actions and conditions are not read;
a malformed answer passes; a REQUEST event lacks most of its context; `context.` identity sources are taken for absent; gateway
responses and the integrated function are not told what they are on AWS.

On AWS the function's resource policy must allow `arn:...:API/authorizers/ID`; a policy must be well-formed and its context flat,
or 500 (AUTHORIZER_CONFIGURATION_ERROR); a REQUEST authorizer that caches needs an identity source, else one caller's answer
would be every caller's; each must be there, or 401 without a call; the context reaches gateway responses as
$context.authorizer.*, a denial's too, and the function with `principalId` and `integrationLatency`:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html
An authorizer with credentials of its own is invoked without a look at that role. It can go when MiniStack does as AWS.
"""

import json
import logging
import time

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import apigateway_v1

from . import execution, gateway_response, lambda_integration, upstream

logger = logging.getLogger("bridges.lambda_authorizer")

# What the payload an authorizer is called with tells of the request, beside what MiniStack puts there.
_CONTEXT = (
    "domainName", "domainPrefix", "extendedRequestId", "path", "protocol", "requestId", "requestTime", "requestTimeEpoch",
)
_AUTHORIZE = (
    "api_id", "stage_name", "method_obj", "method", "request_path", "resource", "headers", "body", "query_params",
    "path_params", "stage", "owner_account_id", "owner_region",
)


def permission_missing(function_ref: str, api_id: str, authorizer_id: str) -> str | None:
    """Why API Gateway may not invoke the function as this authorizer, or None if it may."""
    source = f"arn:aws:execute-api:{get_region()}:{get_account_id()}:{api_id}/authorizers/{authorizer_id}"
    return lambda_integration.permission_missing(function_ref, source)


def decide(policy: dict, resource_arn: str) -> str:
    """What an authorizer's policy says of invoking the resource: Allow, Deny or ImplicitDeny."""
    context = iam_evaluator.EvalContext(
        principal_arn="*", principal_type="AssumedRole", principal_account=get_account_id(), action="execute-api:Invoke",
        resource_arn=resource_arn, region=get_region(),
    )
    return iam_evaluator.evaluate(context, [iam_evaluator.parse_policy_document(policy)]).decision


def malformed(answer) -> str | None:
    """What makes a function's result no authorizer's answer, or None if it is one."""
    if not isinstance(answer, dict):
        return "the result is not a JSON object"
    if not isinstance(answer.get("policyDocument"), dict):
        return "policyDocument is not an object"
    context = answer.get("context") or {}
    if not isinstance(context, dict):
        return "context is not an object"
    nested = sorted(name for name, value in context.items() if isinstance(value, (dict, list)))
    if nested:
        return f"context.{nested[0]} is neither a string, a number nor a boolean"
    return iam_evaluator.validate_policy_document(answer["policyDocument"])


def _identity_source(source: str, headers: dict, query_params: dict, stage: dict) -> str:
    place, _, name = source.rpartition(".") if source.startswith("method.") else source.partition(".")
    if place == "method.request.header":
        return apigateway_v1._header_ci(headers, name)
    if place == "method.request.querystring":
        value = (query_params or {}).get(name) or ""
        return value[0] if isinstance(value, list) else value
    if place == "stageVariables":
        return (stage.get("variables") or {}).get(name) or ""
    return gateway_response.flatten(execution.current().context()).get(source, "")


def _answer(result: dict):
    """The object the function answered with; a text that is no JSON stays a text."""
    body = result.get("body")
    if isinstance(body, (str, bytes)):
        try:
            return json.loads(body)
        except ValueError:
            pass
    return body


def install() -> None:
    upstream.expect(iam_evaluator, "evaluate", "ctx", "policies", "limits")
    upstream.expect(iam_evaluator, "parse_policy_document", "doc")
    upstream.expect(iam_evaluator, "validate_policy_document", "doc")
    upstream.expect(apigateway_v1, "_stringify_context", "context")
    upstream.expect(apigateway_v1, "_extract_lambda_ref_from_integration_uri", "uri")

    @upstream.replace(apigateway_v1, "_request_identity_sources", "identity_source", "headers", "query_params", "stage")
    def identity_sources(identity_source, headers, query_params, stage):
        sources = [source.strip() for source in (identity_source or "").split(",") if source.strip()]
        values = [_identity_source(source, headers, query_params, stage) for source in sources]
        return all(values), values

    @upstream.wrap(apigateway_v1, "_create_authorizer", "api_id", "data")
    def create(original, api_id, data):
        if data.get("type") == "REQUEST" and not data.get("identitySource") and data.get("authorizerResultTtlInSeconds", 300) != 0:
            return apigateway_v1._v1_error(
                "BadRequestException", "An identity source is required for a REQUEST authorizer whose results are cached", 400)
        return original(api_id, data)

    @upstream.wrap(apigateway_v1, "_invoke_authorizer_lambda", "authorizer", "event", "account_id", "region")
    async def invoke(original, authorizer, event, account_id, region):
        running = execution.current()
        function_ref = apigateway_v1._extract_lambda_ref_from_integration_uri(authorizer.get("authorizerUri", ""))
        where = f"{running.method} {running.path} (authorizer {authorizer['name']})"
        if not authorizer.get("authorizerCredentials"):
            missing = permission_missing(function_ref, running.request["api_id"], authorizer["id"])
            if missing:
                logger.error("%s: Execution failed due to configuration error: %s", where, missing)
                return None
        if event["type"] == "REQUEST":
            context = running.context()
            event["requestContext"].update({name: context[name] for name in _CONTEXT})
            event["requestContext"]["requestTimeEpoch"] = int(context["requestTimeEpoch"])
        started = time.monotonic()
        with lambda_integration.invoking(function_ref):
            result = await original(authorizer, event, account_id, region)
        running.request["authorizer_latency"] = int((time.monotonic() - started) * 1000)
        if result is None or result.get("error"):
            logger.warning("%s: the function failed: %s", where, (result or {}).get("body", "there is no such function"))
            return result
        answer = _answer(result)
        fault = malformed(answer)
        if fault:
            logger.warning("%s: Execution failed due to configuration error: Invalid authorizer response: %s", where, fault)
            return {"body": None}
        told = apigateway_v1._stringify_context(answer.get("context"))
        if answer.get("principalId"):
            told["principalId"] = str(answer["principalId"])
        # MiniStack caches the policy and asks for its verdict at each request: the context comes along.
        answer["policyDocument"]["x-context"] = told
        return {**result, "body": answer}

    @upstream.replace(apigateway_v1, "_evaluate_policy", "policy_doc", "method_arn")
    def evaluate(policy_doc, method_arn):
        execution.current().request["authorizer"] = policy_doc["x-context"]
        decision = decide(policy_doc, method_arn)
        return "NoMatch" if decision == "ImplicitDeny" else decision

    @upstream.wrap(apigateway_v1, "_authorize_request_v1", *_AUTHORIZE)
    async def authorize(
            original, api_id, stage_name, method_obj, method, request_path, resource, headers, body, query_params, path_params,
            stage, *owner):
        if method_obj.get("authorizationType") == "CUSTOM":
            authorizer = (apigateway_v1._authorizers_v1.get(api_id) or {}).get(method_obj.get("authorizerId")) or {}
            # MiniStack lets a request without them through to the function if nothing is cached.
            if authorizer.get("type") == "REQUEST" and not apigateway_v1._request_identity_sources(
                    authorizer.get("identitySource"), headers, query_params, stage)[0]:
                return apigateway_v1._gw_error("UNAUTHORIZED", "Unauthorized"), None
        error, context = await original(
            api_id, stage_name, method_obj, method, request_path, resource, headers, body, query_params, path_params, stage,
            *owner)
        if context is None:
            return error, None
        request = execution.current().request
        request["authorizer"] = context
        if method_obj["authorizationType"] == "CUSTOM":
            context = {**context, "integrationLatency": request.get("authorizer_latency", 0)}
        return error, context
