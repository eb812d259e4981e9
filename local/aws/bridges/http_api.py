"""Gaps before an HTTP API's integration: a stage that does not exist is served, and one without a deployment, as the API is now; no
route is throttled; OPTIONS never reaches a route; a function's own CORS headers stand beside the configured ones; to delete a
route's settings deletes the stage.

On AWS a stage serves its deployment, or every change at once with automatic deployment:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
a route is throttled by its settings, else the stage's: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename-routesettings-routekey.html
a preflight request is answered by the CORS configuration where no route takes it, for another origin without headers, and with
a CORS configuration the function's CORS headers are dropped: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
Whether AWS puts CORS headers on its own refusals was not measured; here it does. It can go when MiniStack does as AWS.
"""

import base64
import contextvars
import json
import os
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from ministack.services import apigateway, apigateway_v1

from . import clock, deployment, state, upstream

_STORES = ("_routes", "_integrations", "_authorizers")
_ROUTE_SETTINGS = re.compile("/v2/apis/(?P<api>[^/]+)/stages/(?P<stage>[^/]+)/routesettings/(?P<key>.+)")
_snapshots = apigateway_v1.AccountRegionScopedDict()  # api_id -> {deployment_id -> {store -> value}}


@dataclass
class Request:
    """One data-plane request of an HTTP API."""

    api_id: str
    stage_name: str
    stage: dict
    method: str
    path: str
    headers: dict
    body: bytes | None
    query_params: dict
    raw_query_string: str
    account_id: str
    region: str
    route: dict = field(default_factory=dict)
    path_params: dict = field(default_factory=dict)
    authorizer: dict | None = None
    started: float = field(default_factory=clock.now)
    # The form AWS gives it: 16 base64 characters.
    request_id: str = field(default_factory=lambda: base64.b64encode(os.urandom(11)).decode())

    @property
    def route_key(self) -> str:
        return self.route["routeKey"]

    @property
    def route_path(self) -> str:
        return self.route_key.split(" ", 1)[-1]

    def header(self, name: str) -> str:
        value = self.headers.get(name, "")
        return value if isinstance(value, str) else ",".join(value)


_current: contextvars.ContextVar[Request | None] = contextvars.ContextVar("http_api_request", default=None)


def current() -> Request | None:
    """The HTTP API request this task serves, or None outside one."""
    return _current.get()


def answer(status: int, message: str, **headers: str):
    """An answer of API Gateway itself."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "application/json", **named}, json.dumps({"message": message}, separators=(",", ":")).encode()


def _deployed(api_id: str, stage: dict) -> dict | None:
    return (_snapshots.get(api_id) or {}).get(stage.get("deploymentId"))


def _throttled(request: Request) -> bool:
    limits = {}
    for settings in (request.stage.get("defaultRouteSettings"), (request.stage.get("routeSettings") or {}).get(request.route_key)):
        for name, limit in (("rateLimit", "throttlingRateLimit"), ("burstLimit", "throttlingBurstLimit")):
            if (settings or {}).get(limit) is not None:
                limits[name] = settings[limit]
    slot = ("http", request.api_id, request.stage_name, request.route_key)
    return not apigateway_v1._take_token(slot, limits)


def _preflight(cors: dict, origin: str):
    headers = apigateway._cors_response_headers(cors, origin)
    return apigateway._cors_preflight_response(cors, origin) if headers else (204, {}, b"")


def _with_cors(response, cors: dict, origin: str):
    """The response with the configured CORS headers in place of any others."""
    status, headers, body = response
    if cors:
        headers = {name: value for name, value in headers.items() if not name.lower().startswith("access-control-")}
        headers.update(apigateway._cors_response_headers(cors, origin))
    return status, headers, body


def install() -> None:
    from . import http_authorizer  # it reads the request of this module

    for store in _STORES:
        live = upstream.attribute(apigateway, store, apigateway.AccountRegionScopedDict)
        setattr(apigateway, store, deployment.Deployable(store, live))
    state.keep("http_deployment", _snapshots)
    upstream.expect(apigateway, "_match_route", "api_id", "method", "path")
    upstream.expect(apigateway, "_extract_path_params", "route_path", "request_path")
    upstream.expect(apigateway, "_cors_response_headers", "cors_cfg", "origin")
    upstream.expect(apigateway, "_cors_preflight_response", "cors_cfg", "origin")
    upstream.expect(apigateway, "_http_api_not_found")
    upstream.expect(apigateway_v1, "_take_token", "slot", "limits")

    @upstream.wrap(apigateway, "_create_deployment", "api_id", "data")
    def create(original, api_id, data):
        stage = (apigateway._stages.get(api_id) or {}).get(data.get("stageName"))
        if data.get("stageName") and stage is None:
            return apigateway._apigw_error("NotFoundException", "Invalid stage identifier specified", 404)
        response = original(api_id, data)
        if response[0] < 400:
            deployment_id = json.loads(response[2])["deploymentId"]
            _snapshots.setdefault(api_id, {})[deployment_id] = deployment.snapshot_of(api_id, apigateway, _STORES)
            if stage is not None:
                stage["deploymentId"] = deployment_id
        return response

    @upstream.wrap(apigateway, "handle_request", "method", "path", "headers", "body", "query_params")
    async def control(original, method, path, headers, body, query_params):
        found = _ROUTE_SETTINGS.fullmatch(path) if method == "DELETE" else None
        if not found:
            return await original(method, path, headers, body, query_params)
        stage = (apigateway._stages.get(found["api"]) or {}).get(found["stage"])
        if stage is None or (stage.get("routeSettings") or {}).pop(unquote(found["key"]), None) is None:
            return apigateway._apigw_error("NotFoundException", "Unable to find the route's settings", 404)
        return 204, {}, b""

    @upstream.wrap(apigateway, "_delete_api", "api_id")
    def delete_api(original, api_id):
        _snapshots.pop(api_id, None)
        return original(api_id)

    @upstream.wrap(apigateway, "route_authorization_type", "api_id", "stage", "method", "path")
    def authorization_type(original, api_id, stage, method, path):
        scope = apigateway.find_api_scope(api_id)
        if scope is None:
            return None
        with apigateway.request_scope(*scope):
            settings = (apigateway._stages.get(api_id) or {}).get(stage) or {}
            deployed = None if settings.get("autoDeploy") else _deployed(api_id, settings)
        with deployment.serving(api_id, deployed):
            return original(api_id, stage, method, path)

    @upstream.wrap(
        apigateway, "_handle_execute_in_scope",
        "api_id", "stage", "path", "method", "headers", "body", "query_params", "owner_account_id", "owner_region",
        "raw_query_string")
    async def execute(
            original, api_id, stage, path, method, headers, body, query_params, owner_account_id, owner_region, raw_query_string=None):
        settings = (apigateway._stages.get(api_id) or {}).get(stage)
        if settings is None or not settings.get("autoDeploy") and not settings.get("deploymentId"):
            return apigateway._http_api_not_found()
        request = Request(
            api_id, stage, settings, method, path, {name.lower(): value for name, value in (headers or {}).items()}, body,
            query_params or {}, apigateway._raw_query_string(query_params, raw_query_string), owner_account_id, owner_region)
        cors = apigateway._apis[api_id].get("corsConfiguration") or {}
        with deployment.serving(api_id, None if settings.get("autoDeploy") else _deployed(api_id, settings)):
            request.route = apigateway._match_route(api_id, method, "/" + path.lstrip("/"))
            if request.route is None:
                return _preflight(cors, request.header("origin")) if cors and method == "OPTIONS" else apigateway._http_api_not_found()
            request.path_params = apigateway._extract_path_params(request.route_path, "/" + path.lstrip("/")) or {}
            _current.set(request)
            target = request.route.get("target", "").rsplit("/", 1)[-1]
            integration = (apigateway._integrations.get(api_id) or {}).get(target) or {}
            if integration.get("integrationType") != "AWS_PROXY":
                return await original(
                    api_id, stage, path, method, headers, body, query_params, owner_account_id, owner_region, raw_query_string)
            response = await http_authorizer.authorize(request)
            if response is None and _throttled(request):
                response = answer(429, "Too Many Requests")
            if response is None:
                response = await apigateway._invoke_lambda_proxy(
                    integration, api_id, stage, path, method, request.headers, body, request.query_params, request.route_key,
                    request.path_params or None, owner_account_id=owner_account_id, owner_region=owner_region,
                    raw_query_string=raw_query_string)
            response = _with_cors(response, cors, request.header("origin"))
        response[1]["apigw-requestid"] = request.request_id
        return response
