"""Gaps in an HTTP API's authorizers: an AWS_IAM route takes any Authorization header, and refuses in IAM's words; a Lambda
authorizer needs no permission, cannot say 401, and its policy's actions and conditions are not read; a token that is no object,
or never ends, is an error or good; authorizers report settings of the other type, so that every plan wants to drop them.

On AWS each refusal is {"message": "Forbidden"} or {"message": "Unauthorized"}, the latter of a token with www-authenticate:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers-authorizerid.html
Why a token was refused, which AWS says in www-authenticate, is left out. It can go when MiniStack does as AWS.
"""

import json
import logging

from ministack import app
from ministack.core import iam_evaluator
from ministack.services import apigateway

from . import http_api, http_integration, lambda_authorizer, lambda_integration, upstream

logger = logging.getLogger("bridges.http_authorizer")

_AUTHORIZE = (
    "api_id", "stage", "route", "method", "path", "resource_path", "headers", "query_params", "path_params", "stage_vars",
    "owner_account_id", "owner_region", "raw_query_string",
)
_OF_REQUEST = (
    "authorizerCredentialsArn", "authorizerPayloadFormatVersion", "authorizerResultTtlInSeconds", "authorizerUri", "enableSimpleResponses",
)


class _Unauthorized(Exception):
    """The function threw "Unauthorized"."""


async def authorize(request):
    """Lets the request in, with `request.authorizer` as format 2.0 tells it, or returns the refusal."""
    kind = (request.route.get("authorizationType") or "NONE").upper()
    if kind == "NONE":
        return None
    if kind == "AWS_IAM":
        # The signature and the caller's permission were looked at before: see `enforce`.
        request.authorizer = {"iam": apigateway._iam_caller_identity_v2(request.headers, request.query_params) or {}}
        return None
    authorizer = (apigateway._authorizers.get(request.api_id) or {}).get(request.route.get("authorizerId"))
    if authorizer is None:
        return http_api.answer(500, "Internal Server Error")
    if kind == "JWT":
        claims, scopes, refusal = await apigateway._validate_jwt_authorizer(
            request.route, authorizer, request.headers, request.query_params)
        if refusal is None:
            told = {name: apigateway._jwt_claim_to_string(value) for name, value in claims.items()}
            request.authorizer = {"jwt": {"claims": told, "scopes": scopes or None}}
        return refusal
    refusal, context = await apigateway._authorize_request_v2(
        request.api_id, request.stage_name, request.route, request.method, request.path, request.route_path, request.headers,
        request.query_params, request.path_params, request.stage.get("stageVariables") or {}, request.account_id, request.region,
        request.raw_query_string)
    request.authorizer = {"lambda": context}
    return refusal


def _event(authorizer: dict, event: dict) -> dict:
    """MiniStack's event, with all that AWS tells in it."""
    request = http_api.current()
    if request is None:  # a WebSocket API's
        return event
    if event.get("version") == "2.0":
        return {**http_integration.described_2(request), **{name: event[name] for name in ("type", "routeArn", "identitySource")}}
    present, values = apigateway._request_authorizer_identity_sources(
        authorizer.get("identitySource"), request.headers, request.query_params, request.stage.get("stageVariables") or {}, {})
    sources = ",".join(values)
    return {
        **http_integration.described_1(request), "type": "REQUEST", "methodArn": event["methodArn"],
        "identitySource": sources, "authorizationToken": sources,
    }


def _reported(authorizer: dict) -> dict:
    dropped = ("jwtConfiguration",) if authorizer["authorizerType"] == "REQUEST" else _OF_REQUEST
    return {name: value for name, value in authorizer.items() if name not in dropped}


def install() -> None:
    upstream.expect(iam_evaluator, "_query_signed", "query_params")
    upstream.expect(apigateway, "_iam_caller_identity_v2", "headers", "query_params")
    upstream.expect(apigateway, "_jwt_claim_to_string", "value")
    upstream.expect(
        apigateway, "_request_authorizer_identity_sources", "identity_source", "headers", "query_params", "stage_vars", "context")

    @upstream.wrap(
        app, "_enforce_execute_api", "api_id", "stage", "method", "execute_path", "headers", "query_params", "iam_action")
    def enforce(original, api_id, stage, method, execute_path, headers, query_params, iam_action="execute-api:Invoke"):
        refusal = original(api_id, stage, method, execute_path, headers, query_params, iam_action)
        if iam_action != "execute-api:Invoke" or apigateway.find_api_scope(api_id) is None:
            return refusal
        if apigateway.route_authorization_type(api_id, stage, method, execute_path) != "AWS_IAM":
            return refusal
        signed = headers.get("authorization", "").startswith("AWS4-HMAC-SHA256") or iam_evaluator._query_signed(query_params or {})
        return None if signed and refusal is None else http_api.answer(403, "Forbidden")

    @upstream.wrap(apigateway, "_validate_jwt_authorizer", "route", "authorizer", "headers", "query_params")
    async def validate(original, route, authorizer, headers, query_params):
        token = apigateway._extract_token_from_identity_source(authorizer.get("identitySource"), headers, query_params)
        if not token:
            return None, None, http_api.answer(401, "Unauthorized", www_authenticate="Bearer")
        try:
            claims, scopes, refusal = await original(route, authorizer, headers, query_params)
            if refusal is None and "exp" not in claims:
                refusal = http_api.answer(401, "Unauthorized")
        except (AttributeError, TypeError, ValueError):  # the header or the claims are no object, a time is no number
            refusal = http_api.answer(401, "Unauthorized")
        if refusal is None:
            return claims, scopes, None
        error = "insufficient_scope" if refusal[0] == 403 else "invalid_token"
        message = "Forbidden" if refusal[0] == 403 else "Unauthorized"
        needed = " ".join(route.get("authorizationScopes") or [])
        return None, None, http_api.answer(refusal[0], message, www_authenticate=f'Bearer scope="{needed}" error="{error}"')

    @upstream.wrap(apigateway, "_authorize_request_v2", *_AUTHORIZE)
    async def authorize_by_function(original, *args, **kwargs):
        try:
            return await original(*args, **kwargs)
        except _Unauthorized:
            return http_api.answer(401, "Unauthorized"), None

    @upstream.replace(apigateway, "_invoke_request_authorizer_lambda", "authorizer", "event", "account_id", "region")
    async def invoke(authorizer, event, account_id, region):
        function_ref = apigateway._extract_lambda_ref_from_integration_uri(authorizer.get("authorizerUri", ""))
        context = event["requestContext"]
        where = f"{context['apiId']} (authorizer {authorizer['name']})"
        if not authorizer.get("authorizerCredentialsArn"):
            missing = lambda_authorizer.permission_missing(function_ref, context["apiId"], authorizer["authorizerId"])
            if missing:
                logger.error("%s: %s", where, missing)
                return None
        result = await lambda_integration.run(function_ref, _event(authorizer, event), account_id, region)
        body = (result or {}).get("body")
        if result is None or result.get("error"):
            logger.warning("%s: the function failed: %s", where, body)
            if isinstance(body, dict) and body.get("errorMessage") == "Unauthorized":
                raise _Unauthorized
            return None
        answered = json.loads(body) if isinstance(body, str) and body.startswith("{") else body
        if authorizer.get("enableSimpleResponses"):
            return answered if isinstance(answered, dict) else None
        nested = authorizer.get("authorizerPayloadFormatVersion") == "2.0"
        fault = lambda_authorizer.malformed({**answered, "context": {}} if nested and isinstance(answered, dict) else answered)
        if fault:
            logger.warning("%s: Invalid authorizer response: %s", where, fault)
            return None
        return answered

    @upstream.replace(apigateway, "_evaluate_authorizer_policy", "policy_doc", "route_arn")
    def evaluate(policy_doc, route_arn):
        decision = lambda_authorizer.decide(policy_doc, route_arn)
        return "NoMatch" if decision == "ImplicitDeny" else decision

    for name, parameters in {
        "_create_authorizer": ("api_id", "data"),
        "_get_authorizer": ("api_id", "auth_id"),
        "_update_authorizer": ("api_id", "auth_id", "data"),
        "_get_authorizers": ("api_id",),
    }.items():
        @upstream.wrap(apigateway, name, *parameters)
        def describe(original, *args):
            status, headers, body = original(*args)
            if status >= 400:
                return status, headers, body
            told = json.loads(body)
            told = {**told, "items": [_reported(one) for one in told["items"]]} if "items" in told else _reported(told)
            return status, headers, json.dumps(told).encode()
