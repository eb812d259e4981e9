"""Gap: gateway responses render five $context variables only, and no $context.error.validationErrorString.

AWS renders every $context variable known at that point, an unknown one as an empty string, and says in validationErrorString
what a request validator found; it validates a body only if a model is declared for its very content type:
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
It can go when MiniStack renders them and leaves other content types alone.
"""

import contextvars
import json
import re

from ministack.services import apigateway_v1

from . import execution, upstream, validation_errors

_variables: contextvars.ContextVar[dict[str, str]] = contextvars.ContextVar("gateway_response_variables", default={})


class _Template:
    """Takes the place of MiniStack's pattern: what MiniStack knows it renders, the rest comes from `_variables`."""

    def __init__(self, pattern: re.Pattern):
        self._pattern = pattern

    def sub(self, render, template: str) -> str:
        def variable(match: re.Match) -> str:
            name = match.group(1) or match.group(2)
            if name in _variables.get():
                return _variables.get()[name]
            rendered = render(match)
            return "" if rendered == match.group(0) else rendered

        return self._pattern.sub(variable, template)


def flatten(context: dict, prefix: str = "context") -> dict[str, str]:
    """Nested maps as `context.identity.sourceIp`-like names."""
    flat = {}
    for name, value in context.items():
        if isinstance(value, dict):
            flat.update(flatten(value, f"{prefix}.{name}"))
        else:
            flat[f"{prefix}.{name}"] = str(value)
    return flat


def _status_of(error, request) -> int | None:
    """The status of an error that is not its response type's default (a function's error is DEFAULT_5XX with 502)."""
    natural = getattr(error, "status", None)
    if natural is None:
        return None
    deployed = apigateway_v1._deployed_gateway_responses.get(request["api_id"], {})
    customized = deployed.get(request["stage"].get("deploymentId")) or {}
    return None if customized.get(error.response_type, {}).get("statusCode") else natural


def install() -> None:
    pattern = upstream.attribute(apigateway_v1, "_GATEWAY_TEMPLATE_VARIABLE", re.Pattern)
    upstream.attribute(apigateway_v1, "_deployed_gateway_responses", apigateway_v1.AccountRegionScopedDict)
    apigateway_v1._GATEWAY_TEMPLATE_VARIABLE = _Template(pattern)

    @upstream.wrap(
        apigateway_v1, "_check_request_validation", "method_obj", "api_id", "request", "headers", "body", "query_params")
    def check(original, method_obj, api_id, request, headers, body, query_params):
        content_type = (apigateway_v1._header_ci(headers, "content-type") or "application/json").split(";", 1)[0].strip()
        model = (method_obj.get("requestModels") or {}).get(content_type)
        # MiniStack would fall back to the model of application/json.
        matching = {content_type: model} if model else {}
        error = original({**method_obj, "requestModels": matching}, api_id, request, headers, body, query_params)
        if error is not None and error.response_type == "BAD_REQUEST_BODY":
            error.validation_errors = validation_errors.explain(apigateway_v1._model_schema(api_id, model), body)
        return error

    @upstream.wrap(apigateway_v1, "_gateway_error_response", "error", "request")
    def respond(original, error, request):
        variables = flatten(execution.of(request).context())
        found = getattr(error, "validation_errors", [])
        # Rendered inside a JSON string, so quotes within arrive escaped, as AWS does.
        variables["context.error.validationErrorString"] = json.dumps(f"[{', '.join(found)}]")[1:-1] if found else ""
        token = _variables.set(variables)
        try:
            status, headers, body = original(error, request)
        finally:
            _variables.reset(token)
        return _status_of(error, request) or status, headers, body
