"""Gaps in an HTTP API's Lambda integration: format 1.0 is never spoken; 2.0 has cookies among the headers, a named stage missing
from its paths, and null for nothing; a function's error is shown to the client; there is no timeout, and no permission is needed.

On AWS the integration's payloadFormatVersion decides about request and response:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
The client sees 500 when the function failed, may not be invoked, or answered format 1.0 with something else, and 503 when it took longer
than the integration's timeout or was throttled; the resource policy must allow `API/STAGE/METHOD/PATH` of the route's key:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
It can go when MiniStack does as AWS.
"""

import base64
import datetime
import json
import logging

from ministack.services import apigateway, apigateway_v1

from . import http_api, lambda_integration, upstream

logger = logging.getLogger("bridges.http_integration")


def _joined(headers: dict) -> dict[str, str]:
    return {name: value if isinstance(value, str) else ",".join(value) for name, value in headers.items()}


def _full_path(request) -> str:
    """The path as the client called it: with the stage, unless that is $default."""
    return request.path if request.stage_name == "$default" else f"/{request.stage_name}{request.path}"


def _time(request) -> str:
    return datetime.datetime.fromtimestamp(request.started, datetime.timezone.utc).strftime("%d/%b/%Y:%H:%M:%S +0000")


def _source_ip(request) -> str:
    return (request.header("x-forwarded-for") or "127.0.0.1").split(",")[0].strip()


def _domain_name(request) -> str:
    return f"{request.api_id}.execute-api.{request.region}.amazonaws.com"


def described_2(request) -> dict:
    """What format 2.0 tells of a request, to an authorizer and to the function alike."""
    path, headers = _full_path(request), _joined(request.headers)
    cookie = headers.pop("cookie", "")
    event = {
        "version": "2.0",
        "routeKey": request.route_key,
        "rawPath": path,
        "rawQueryString": request.raw_query_string,
        "headers": headers,
        "requestContext": {
            "accountId": request.account_id,
            "apiId": request.api_id,
            "domainName": _domain_name(request),
            "domainPrefix": request.api_id,
            "http": {
                "method": request.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": _source_ip(request),
                "userAgent": request.header("user-agent"),
            },
            "requestId": request.request_id,
            "routeKey": request.route_key,
            "stage": request.stage_name,
            "time": _time(request),
            "timeEpoch": int(request.started * 1000),
        },
    }
    optional = {
        "cookies": [one.strip() for one in cookie.split(";") if one.strip()],
        "queryStringParameters": {name: ",".join(values) for name, values in request.query_params.items()},
        "pathParameters": request.path_params,
        "stageVariables": request.stage.get("stageVariables"),
    }
    return {**event, **{name: value for name, value in optional.items() if value}}


def described_1(request) -> dict:
    """What format 1.0 tells of a request, to an authorizer and to the function alike."""
    path, headers = _full_path(request), _joined(request.headers)
    return {
        "version": "1.0",
        "resource": request.route_path,
        "path": path,
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": {name: [value] if isinstance(value, str) else list(value) for name, value in request.headers.items()},
        "queryStringParameters": {name: values[0] for name, values in request.query_params.items()} or None,
        "multiValueQueryStringParameters": {name: list(values) for name, values in request.query_params.items()} or None,
        "requestContext": {
            "accountId": request.account_id,
            "apiId": request.api_id,
            "domainName": _domain_name(request),
            "domainPrefix": request.api_id,
            "extendedRequestId": request.request_id,
            "httpMethod": request.method,
            "identity": {"sourceIp": _source_ip(request), "userAgent": request.header("user-agent")},
            "path": path,
            "protocol": "HTTP/1.1",
            "requestId": request.request_id,
            "requestTime": _time(request),
            "requestTimeEpoch": int(request.started * 1000),
            "resourceId": request.route_key,
            "resourcePath": request.route_path,
            "stage": request.stage_name,
        },
        "pathParameters": request.path_params or None,
        "stageVariables": request.stage.get("stageVariables") or None,
    }


def _event(request, version: str) -> dict:
    body, encoded = None, False
    if request.body:
        encoded = not apigateway._v2_request_body_is_text(request.header("content-type"))
        body = base64.b64encode(request.body).decode() if encoded else request.body.decode("utf-8", "replace")
    authorizer = request.authorizer or {}
    if version == "2.0":
        event = described_2(request)
        event["isBase64Encoded"] = encoded
        if body is not None:
            event["body"] = body
        if authorizer:
            event["requestContext"]["authorizer"] = authorizer
        return event
    event = {**described_1(request), "body": body, "isBase64Encoded": encoded}
    if "iam" in authorizer:
        identity = apigateway_v1._iam_caller_identity(request.headers, request.query_params)
        event["requestContext"]["identity"].update(identity or {})
    elif authorizer:
        # One level up, as a REST API tells it: claims and scopes, or the context with principalId.
        event["requestContext"]["authorizer"] = next(iter(authorizer.values()))
    return event


def _shaped(payload, version: str) -> dict | None:
    """The function's result as {statusCode, headers, body...}, or None if it is none in this format."""
    if isinstance(payload, (bytes, str)):
        try:
            payload = json.loads(payload)
        except ValueError:
            pass
    if isinstance(payload, dict) and "statusCode" in payload:
        return payload if lambda_integration.malformed(payload) is None else None
    if version == "1.0":
        return None
    body = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": body}


def _response(shaped: dict, version: str):
    headers: dict = {"content-type": "text/plain;charset=UTF-8"}
    headers.update({name.lower(): str(value) for name, value in (shaped.get("headers") or {}).items()})
    if version == "1.0":
        several = shaped.get("multiValueHeaders") or {}
        headers.update({name.lower(): [str(one) for one in values] for name, values in several.items() if values})
    elif shaped.get("cookies"):
        own = headers.get("set-cookie")
        headers["set-cookie"] = [*shaped["cookies"], *([own] if own else [])]
    body = shaped.get("body") or ""
    return int(shaped["statusCode"]), headers, base64.b64decode(body) if shaped.get("isBase64Encoded") else body.encode()


def _failed(request, reason: str, status: int = 500):
    logger.warning("%s %s (%s): %s", request.method, request.path, request.route_key, reason)
    return http_api.answer(status, "Internal Server Error" if status == 500 else "Service Unavailable")


async def _invoke(request, integration: dict):
    """The integration's answer to a request that was let in."""
    function_ref = apigateway._extract_lambda_ref_from_integration_uri(integration.get("integrationUri", ""))
    version = str(integration.get("payloadFormatVersion") or "1.0")
    if not integration.get("credentialsArn"):
        route = request.route_key.replace(" /", "/", 1)
        source = f"arn:aws:execute-api:{request.region}:{request.account_id}:{request.api_id}/{request.stage_name}/{route}"
        missing = lambda_integration.permission_missing(function_ref, source)
        if missing:
            return _failed(request, missing)
    try:
        result = await lambda_integration.within(
            integration.get("timeoutInMillis") or 30000,
            lambda_integration.run(function_ref, _event(request, version), request.account_id, request.region))
    except TimeoutError:
        return _failed(request, "the integration timed out", 503)
    if result is None:
        return _failed(request, f"there is no function {function_ref}")
    if result.get("throttle"):
        return _failed(request, f"Lambda refused the invocation: {result.get('body')}", 503)
    if result.get("error"):
        return _failed(request, f"Lambda execution failed: {result.get('body')}")
    shaped = _shaped(result.get("body"), version)
    return _failed(request, f"malformed response for payload format {version}") if shaped is None else _response(shaped, version)


def install() -> None:
    upstream.expect(apigateway, "_extract_lambda_ref_from_integration_uri", "uri")
    upstream.expect(apigateway, "_v2_request_body_is_text", "content_type")
    upstream.expect(apigateway_v1, "_iam_caller_identity", "headers", "query_params")

    @upstream.wrap(
        apigateway, "_invoke_lambda_proxy",
        "integration", "api_id", "stage", "path", "method", "headers", "body", "query_params", "route_key", "path_params",
        "authorizer_claims", "authorizer_scopes", "authorizer_lambda_context", "authorizer_iam", "owner_account_id", "owner_region",
        "raw_query_string")
    async def invoke(original, integration, *_args, **_kwargs):
        return await _invoke(http_api.current(), integration)
