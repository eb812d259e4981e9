"""Gap: what takes time (an authorizer's cache, a token, a code, a quota) can be tested only by waiting for it.

On AWS it is the same, and a cache can at least be flushed, which MiniStack does not:
https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
Here `POST /_webapp/clock?ahead=SECONDS` sets the clock of API Gateway and Cognito that far ahead of the machine's, and
`ahead=0` sets it right. Functions and signatures keep the machine's time. It can go when MiniStack has a clock to set.
"""

import contextlib
import contextvars
import json
import time

from ministack import app
from ministack.services import apigateway, apigateway_v1, cognito

from . import upstream

PATH = "/_webapp/clock"
_ahead = 0.0
_fixed: contextvars.ContextVar[float | None] = contextvars.ContextVar("fixed", default=None)


class _Time:
    """Takes the place of the module `time`."""

    @staticmethod
    def time() -> float:
        fixed = _fixed.get()
        return time.time() + _ahead if fixed is None else fixed

    def __getattr__(self, name: str):
        return getattr(time, name)


now = _Time.time


@contextlib.contextmanager
def at(moment: float):
    """While it is entered, it is that moment for this task."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)


def install() -> None:
    for module in (apigateway, apigateway_v1, cognito):
        upstream.attribute(module, "time", type(time))
        module.time = _Time()

    @upstream.replace(cognito, "_now_epoch")
    def now_epoch():
        return now()

    @upstream.wrap(app, "_handle_pre_body_request", "method", "path", "headers", "query_params", "request_id")
    async def set_clock(original, method, path, headers, query_params, request_id):
        global _ahead
        if (method, path) != ("POST", PATH):
            return await original(method, path, headers, query_params, request_id)
        _ahead = float(query_params["ahead"][0])
        return 200, {"Content-Type": "application/json"}, json.dumps({"ahead": _ahead}).encode()

    @upstream.wrap(apigateway_v1, "handle_request", "method", "path", "headers", "body", "query_params")
    async def flush(original, method, path, headers, body, query_params):
        parts = path.strip("/").split("/")
        if method != "DELETE" or parts[::2] != ["restapis", "stages", "cache"] or parts[5:] != ["authorizers"]:
            return await original(method, path, headers, body, query_params)
        if parts[3] not in (apigateway_v1._stages_v1.get(parts[1]) or {}):
            return apigateway_v1._v1_error("NotFoundException", "Invalid stage identifier specified", 404)
        for key in [key for key in apigateway_v1._authorizer_cache if (key[2], key[4]) == (parts[1], parts[3])]:
            del apigateway_v1._authorizer_cache[key]
        return 202, {}, b""
