"""Gap: MiniStack does not hand a REST API request's $context to gateway responses, mapping templates and the Lambda event.

On AWS one request has one request id, in `x-amzn-RequestId`, in the event and in `$context`:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
This module remembers the request being executed and lists its $context variables; the other API Gateway bridges read it.
It can go when they do.
"""

import contextvars
import datetime
import time
from dataclasses import dataclass, field

from ministack.core.responses import get_account_id, get_region
from ministack.services import apigateway_v1

from . import upstream


@dataclass
class Execution:
    """One data-plane request of a REST API."""

    request: dict
    method: str
    path: str
    headers: dict
    body: bytes | None
    started: float = field(default_factory=time.time)

    def header(self, name: str) -> str:
        return apigateway_v1._header_ci(self.headers, name)

    def context(self) -> dict:
        """The $context variables API Gateway knows before an integration answered, as nested maps."""
        request = self.request
        api_id, stage = request["api_id"], request["stage_name"]
        forwarded = self.header("x-forwarded-for") or "127.0.0.1"
        key = request.get("api_key")
        return {
            "accountId": get_account_id(),
            "apiId": api_id,
            "authorizer": request.get("authorizer") or {},
            "domainName": f"{api_id}.execute-api.{get_region()}.amazonaws.com",
            "domainPrefix": api_id,
            "extendedRequestId": request["request_id"],
            "httpMethod": self.method,
            "identity": {
                "sourceIp": forwarded.split(",")[0].strip(),
                "userAgent": self.header("user-agent"),
                **({"apiKey": key["value"], "apiKeyId": key["id"]} if key else {}),
            },
            "path": f"/{stage}{self.path}",
            "protocol": "HTTP/1.1",
            "requestId": request["request_id"],
            "requestTime": datetime.datetime.fromtimestamp(self.started, datetime.timezone.utc).strftime(
                "%d/%b/%Y:%H:%M:%S +0000"
            ),
            "requestTimeEpoch": str(int(self.started * 1000)),
            "resourcePath": request["resource_path"],
            "stage": stage,
        }


_current: contextvars.ContextVar[Execution | None] = contextvars.ContextVar("execution", default=None)


def current() -> Execution | None:
    """The REST API request this task executes, or None outside one."""
    return _current.get()


_arriving: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar("arriving", default=("", ""))


def arriving(method: str, path: str) -> None:
    """Remembers a request that may be refused before it is executed."""
    _arriving.set((method, path))


def of(request: dict) -> Execution:
    """The execution of MiniStack's request record, also of one refused before it began."""
    running = current()
    return running if running and running.request is request else Execution(request, *_arriving.get(), request["headers"], None)


def install() -> None:
    upstream.expect(apigateway_v1, "_header_ci", "headers", "name")

    @upstream.wrap(
        apigateway_v1, "_execute_in_scope",
        "request", "api_id", "stage_name", "method", "path", "headers", "body", "query_params",
        "owner_account_id", "owner_region",
    )
    async def execute(original, request, api_id, stage_name, method, path, headers, body, *rest):
        _current.set(Execution(request, method, path, headers or {}, body))
        response = await original(request, api_id, stage_name, method, path, headers, body, *rest)
        if isinstance(response, tuple):
            response[1].setdefault("x-amzn-requestid", request["request_id"])
        return response

    @upstream.wrap(
        apigateway_v1, "_build_lambda_event_v1",
        "api_id", "stage_name", "stage", "resource", "request_path", "method", "headers", "body", "query_params",
        "path_params", "binary_media_types", "authorizer_context", "caller_identity",
    )
    def event(original, *args, **kwargs):
        built = original(*args, **kwargs)
        # Only HTTP APIs name a payload version.
        built.pop("version", None)
        execution = current()
        if execution:
            context = execution.context()
            for name in ("requestId", "extendedRequestId", "domainName", "domainPrefix"):
                built["requestContext"][name] = context[name]
            built["requestContext"]["identity"].update(context["identity"])
        return built
