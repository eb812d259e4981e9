"""Gap: a MOCK integration ignores the request's content type, does not render its response template, and answers {} without one.

On AWS the template for the request's Content-Type yields the statusCode (without one the body passes through, and 500 follows
unless it names a statusCode); response templates are rendered with $context; no template means an empty body:
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
It can go when MiniStack's MOCK does this.
"""

import json
import logging
import re

from ministack.services import apigateway_v1

from . import execution, upstream

logger = logging.getLogger("bridges.mock_integration")


def _status(integration: dict, running: execution.Execution) -> str | None:
    """The integration status its request template names, or None when there is none to parse."""
    content_type = (running.header("content-type") or "application/json").split(";", 1)[0].strip().lower()
    templates = {key.split(";", 1)[0].strip().lower(): text for key, text in (integration.get("requestTemplates") or {}).items()}
    body = (running.body or b"").decode("utf-8", "replace")
    text = body
    if content_type in templates:
        parameters = {
            **{name.lower(): value for name, value in running.headers.items()},
            **{name: value[0] if isinstance(value, list) else value for name, value in running.request["query_params"].items()},
            **running.request["path_params"],
        }
        text = apigateway_v1._render_request_template_v1(templates[content_type], body, parameters, running.context())
    try:
        status = json.loads(text)["statusCode"]
    except (ValueError, TypeError, KeyError):
        return None
    return str(status) if re.fullmatch(r"\d{3}", str(status)) else None


def _select(responses: dict, status: str) -> dict | None:
    """The integration response whose pattern matches the status, else the default one (no pattern)."""
    matching = [r for r in responses.values() if r.get("selectionPattern") and re.fullmatch(r["selectionPattern"], status)]
    exact = [r for r in matching if str(r["statusCode"]) == status]
    default = [r for r in responses.values() if not r.get("selectionPattern")]
    return next(iter(exact + matching + default), None)


def _header_value(source: str, running: execution.Execution) -> str | None:
    if len(source) >= 2 and source[0] == source[-1] == "'":
        return source[1:-1]
    node = running.context() if source.startswith("context.") else None
    for name in source.split(".")[1:]:
        node = node.get(name) if isinstance(node, dict) else None
    return None if node is None or isinstance(node, dict) else str(node)


def _configuration_error(running: execution.Execution, reason: str):
    logger.warning("%s %s: Execution failed due to configuration error: %s", running.method, running.path, reason)
    return apigateway_v1._gw_error("API_CONFIGURATION_ERROR", "Internal server error")


def install() -> None:
    upstream.expect(apigateway_v1, "_render_request_template_v1", "template", "body_str", "params_map", "context")

    @upstream.replace(apigateway_v1, "_invoke_mock_v1", "integration")
    def mock(integration):
        running = execution.current()
        status = _status(integration, running)
        if status is None:
            return _configuration_error(
                running, "Unable to parse statusCode. It should be an integer which is specified in integration request")
        selected = _select(integration.get("integrationResponses") or {}, status)
        if selected is None:
            return _configuration_error(running, f"No match for output mapping and no default output mapping configured ({status})")

        templates = selected.get("responseTemplates") or {}
        accepted = running.header("accept")
        content_type = next((t for t in (accepted, "application/json", *templates) if t in templates), "application/json")
        body = apigateway_v1._render_request_template_v1(templates.get(content_type) or "", "", {}, running.context())
        headers = {"Content-Type": content_type}
        for destination, source in (selected.get("responseParameters") or {}).items():
            value = _header_value(str(source), running)
            if value is not None:
                _set_header(headers, destination.removeprefix("method.response.header."), value)
        return int(selected["statusCode"]), headers, body.encode()


def _set_header(headers: dict, name: str, value: str) -> None:
    """Sets a header, replacing one of the same name in another case."""
    for known in [known for known in headers if known.lower() == name.lower()]:
        del headers[known]
    headers[name] = value
