"""What a request body breaks of its model, in the words API Gateway uses (those of its JSON Schema validator)."""

import json

from ministack.services import apigateway_v1

_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")


def explain(schema, body: bytes | None) -> list[str]:
    """The messages for a body that does not satisfy the model; empty for a body that is not JSON."""
    try:
        document = json.loads(body or b"")
    except ValueError:
        return []
    return _explain(schema, document, schema, 0)


def _list(values) -> str:
    return json.dumps(list(values), separators=(",", ":"), ensure_ascii=False)


def _type(value) -> str:
    return next(name for name in _TYPES if apigateway_v1._JSON_TYPES[name](value))


def _explain(schema, value, root, depth: int) -> list[str]:
    while isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        depth += 1
        if depth > 50:
            return []
        schema, root = apigateway_v1._resolve_schema_ref(schema["$ref"], root)
    if not isinstance(schema, dict) or depth > 50:
        return []

    allowed = schema.get("type")
    if allowed is not None:
        allowed = allowed if isinstance(allowed, list) else [allowed]
        if not any(apigateway_v1._JSON_TYPES.get(name, lambda _: True)(value) for name in allowed):
            return [f"instance type ({_type(value)}) does not match any allowed primitive type (allowed: {_list(allowed)})"]

    found = []
    if "enum" in schema and not any(apigateway_v1._json_equal(value, one) for one in schema["enum"]):
        found.append(f"instance value ({json.dumps(value)}) not found in enum (possible values: {_list(schema['enum'])})")
    if isinstance(value, str):
        found += _string(schema, value)
    if apigateway_v1._JSON_TYPES["number"](value):
        found += _number(schema, value)
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            found.append(f"array is too short: must have at least {schema['minItems']} elements but instance has {len(value)} elements")
        if len(value) > schema.get("maxItems", len(value)):
            found.append(f"array is too long: must have at most {schema['maxItems']} elements but instance has {len(value)} elements")
        if isinstance(schema.get("items"), dict):
            for item in value:
                found += _explain(schema["items"], item, root, depth + 1)
    if isinstance(value, dict):
        properties = schema.get("properties") or {}
        missing = sorted(set(schema.get("required") or []) - set(value))
        if missing:
            found.append(f"object has missing required properties ({_list(missing)})")
        if schema.get("additionalProperties") is False and not schema.get("patternProperties"):
            extra = sorted(set(value) - set(properties))
            if extra:
                found.append(f"object instance has properties which are not allowed by the schema: {_list(extra)}")
        for name in properties:
            if name in value:
                found += _explain(properties[name], value[name], root, depth + 1)
    for subschema in schema.get("allOf") or []:
        found += _explain(subschema, value, root, depth + 1)
    return found


def _string(schema: dict, value: str) -> list[str]:
    found = []
    if len(value) < schema.get("minLength", 0):
        found.append(f'string "{value}" is too short (length: {len(value)}, required minimum: {schema["minLength"]})')
    if len(value) > schema.get("maxLength", len(value)):
        found.append(f'string "{value}" is too long (length: {len(value)}, maximum allowed: {schema["maxLength"]})')
    if "pattern" in schema and apigateway_v1._regex_search(schema["pattern"], value) is False:
        found.append(f'ECMA 262 regex "{schema["pattern"]}" does not match input string "{value}"')
    if not apigateway_v1._JSON_FORMATS.get(schema.get("format"), lambda _: True)(value):
        found.append(f'string "{value}" is invalid against requested {schema["format"]} format')
    return found


def _number(schema: dict, value) -> list[str]:
    found = []
    if "minimum" in schema and value < schema["minimum"]:
        found.append(f"numeric instance is lower than the required minimum (minimum: {schema['minimum']}, found: {value})")
    if "maximum" in schema and value > schema["maximum"]:
        found.append(f"numeric instance is greater than the required maximum (maximum: {schema['maximum']}, found: {value})")
    return found
