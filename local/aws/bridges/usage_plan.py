"""Gaps in API keys and usage plans.

- CreateApiKey refuses an empty value, which Terraform's provider sends where none is set. AWS makes a value:
  https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html
- UpdateUsagePlan keeps limits as the text they came in, and a stage as a text in place of the list of stages. On AWS limits are
  numbers, and `add` and `remove` take one stage, `API:STAGE`, in or out:
  https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateUsagePlan-Patch
- CreateUsagePlan reports empty limits where none were set, which Terraform would take away at every plan. On AWS they are absent:
  https://docs.aws.amazon.com/apigateway/latest/api/API_UsagePlan.html
- A method that asks for no key is throttled by the plan of a key that was sent anyway; on AWS a plan counts for methods that
  require a key: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
- The function is not told the key. On AWS `requestContext.identity` holds apiKey and apiKeyId:
  https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
It can go when MiniStack does as AWS.
"""

import json

from ministack.services import apigateway_v1

from . import execution, upstream

_WHOLE = {"burstLimit", "limit", "offset"}


def _number(name: str, value: str):
    return int(value) if name in _WHOLE else float(value) if name == "rateLimit" else value


def _change(plan: dict, operation: dict) -> str | None:
    """Applies one patch operation to the plan; returns what AWS says against it, or None."""
    kind, path, value = operation.get("op"), operation.get("path", ""), operation.get("value")
    head, *rest = path.lstrip("/").split("/")
    if head != "apiStages":
        if not rest:
            if kind == "remove":
                plan.pop(head, None)
            else:
                plan[head] = value
        elif kind == "remove":
            plan.get(head, {}).pop(rest[0], None)
        else:
            plan.setdefault(head, {})[rest[0]] = _number(rest[0], value)
        return None

    api_id, _, stage_name = (rest[0] if rest else value or "").partition(":")
    known = next((entry for entry in plan["apiStages"] if (entry["apiId"], entry["stage"]) == (api_id, stage_name)), None)
    if not rest and kind == "add":
        if stage_name not in (apigateway_v1._stages_v1.get(api_id) or {}):
            return f"API Stage not found: {api_id}:{stage_name}"
        if known is None:
            plan["apiStages"].append({"apiId": api_id, "stage": stage_name})
        return None
    if known is None:
        return f"API Stage not found: {api_id}:{stage_name}"
    if not rest:
        plan["apiStages"].remove(known)
        return None
    # API:STAGE/throttle/PATH/METHOD[/LIMIT]; the path's slashes may be escaped.
    limits = known.setdefault("throttle", {})
    named = rest[-1] in ("rateLimit", "burstLimit")
    method = "/".join(rest[2:-1] if named else rest[2:]).replace("~1", "/").replace("~0", "~")
    if kind == "remove":
        limits.pop(method, None)
    else:
        limits.setdefault(method, {})[rest[-1]] = _number(rest[-1], value)
    return None


def install() -> None:
    upstream.attribute(apigateway_v1, "_usage_plans", apigateway_v1.AccountRegionScopedDict)

    @upstream.wrap(apigateway_v1, "_create_api_key", "data")
    def create_key(original, data):
        return original({name: value for name, value in data.items() if (name, value) != ("value", "")})

    @upstream.wrap(apigateway_v1, "_update_api_key", "key_id", "data")
    def update_key(original, key_id, data):
        response = original(key_id, data)
        if response[0] < 400:
            key = apigateway_v1._api_keys[key_id]
            key["enabled"] = str(key["enabled"]).lower() == "true"
            return response[0], response[1], json.dumps({**json.loads(response[2]), "enabled": key["enabled"]}).encode()
        return response

    @upstream.wrap(apigateway_v1, "_create_usage_plan", "data")
    def create_plan(original, data):
        status, headers, body = original(data)
        plan = apigateway_v1._usage_plans[json.loads(body)["id"]]
        for limits in ("quota", "throttle"):
            if not plan[limits]:
                del plan[limits]
        return status, headers, json.dumps({name: value for name, value in json.loads(body).items() if value or name not in ("quota", "throttle")}).encode()

    @upstream.wrap(apigateway_v1, "_update_usage_plan", "plan_id", "data")
    def update_plan(original, plan_id, data):
        plan = apigateway_v1._usage_plans.get(plan_id)
        if plan is None:
            return original(plan_id, data)
        changed = json.loads(json.dumps(plan))
        for operation in data.get("patchOperations", []):
            refused = _change(changed, operation)
            if refused:
                return apigateway_v1._v1_error("NotFoundException", refused, 404)
        apigateway_v1._usage_plans[plan_id] = changed
        return original(plan_id, {"patchOperations": []})

    @upstream.wrap(apigateway_v1, "_check_api_key", "method_obj", "api_id", "stage_name", "headers")
    def check_key(original, method_obj, api_id, stage_name, headers):
        error, key = original(method_obj, api_id, stage_name, headers)
        execution.current().request["api_key"] = key
        return error, key

    @upstream.wrap(apigateway_v1, "_check_throttle", "stage", "api_id", "stage_name", "resource_path", "http_method", "key")
    def check_throttle(original, stage, api_id, stage_name, resource_path, http_method, key):
        # MiniStack passes the key a request carries where the method asks for none.
        return original(stage, api_id, stage_name, resource_path, http_method, execution.current().request["api_key"])
