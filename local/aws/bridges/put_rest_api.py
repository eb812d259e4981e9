"""Gap: MiniStack answers PutRestApi with 404, so a REST API cannot be described by an OpenAPI document (`body` in Terraform).

On AWS PutRestApi imports the document over an existing API; with mode=overwrite what the document no longer has is dropped.
A refused document changes nothing: https://docs.aws.amazon.com/apigateway/latest/api/API_PutRestApi.html
It can go when MiniStack serves PUT /restapis/{id}.
"""

import copy
import json
import logging

from ministack.services import apigateway_v1

from . import openapi, upstream

logger = logging.getLogger("bridges.put_rest_api")

# What an import may change, so that a refused one can be undone.
_STORES = (
    "_rest_apis", "_resources", "_models", "_request_validators", "_authorizers_v1", "_gateway_responses",
)
_OPERATIONS = {
    "_get_rest_api": ("api_id",),
    "_create_resource": ("api_id", "parent_id", "data"),
    "_create_model": ("api_id", "data"),
    "_create_request_validator": ("api_id", "data"),
    "_put_gateway_response": ("api_id", "response_type", "data"),
    "_import_security_schemes": ("api_id", "spec"),
    "_security_schemes": ("spec",),
    "_method_security": ("security", "scheme_map"),
    "_put_method": ("api_id", "resource_id", "http_method", "data"),
    "_put_method_response": ("api_id", "resource_id", "http_method", "status_code", "data"),
    "_put_integration": ("api_id", "resource_id", "http_method", "data"),
    "_put_integration_response": ("api_id", "resource_id", "http_method", "status_code", "data"),
    "_v1_error": ("code", "message", "status"),
}


def _refused(problems: list[str], kind: str = "Errors"):
    lines = "".join(f"\n\t{problem}" for problem in problems)
    return apigateway_v1._v1_error("BadRequestException", f"{kind} found during import:{lines}", 400)


def _done(response) -> dict:
    """The body of a successful operation; its error otherwise."""
    status, _headers, body = response
    document = json.loads(body) if body else {}
    if status >= 400:
        raise openapi.ImportRefused([document.get("message") or document.get("Message") or str(document)])
    return document


def put_rest_api(api_id: str, body: bytes, query: dict):
    """PutRestApi: the response tuple of MiniStack's handlers."""
    if api_id not in apigateway_v1._rest_apis:
        return apigateway_v1._v1_error("NotFoundException", "Invalid API identifier specified", 404)
    mode = _first(query, "mode") or "merge"
    if mode != "overwrite":
        return apigateway_v1._v1_error("BadRequestException", f"local AWS imports with mode=overwrite only, not {mode}", 400)
    try:
        document = json.loads(body)
    except ValueError as invalid:
        return apigateway_v1._v1_error("BadRequestException", f"Invalid OpenAPI input: not JSON ({invalid})", 400)

    before = {store: copy.deepcopy(getattr(apigateway_v1, store).get(api_id)) for store in _STORES}
    try:
        api = openapi.read(document)
        _write(api_id, document, api)
        if api.warnings and (_first(query, "failonwarnings") or "").lower() == "true":
            _restore(api_id, before)
            return _refused(api.warnings, "Warnings")
    except openapi.ImportRefused as refused:
        _restore(api_id, before)
        return _refused(refused.errors)
    except (AttributeError, KeyError, TypeError, ValueError) as malformed:
        _restore(api_id, before)
        logger.exception("OpenAPI document of API %s", api_id)
        return _refused([f"Unable to read the document: {type(malformed).__name__}: {malformed}"])
    for warning in api.warnings:
        logger.warning("API %s: %s", api_id, warning)
    status, headers, response = apigateway_v1._get_rest_api(api_id)
    return status, headers, json.dumps({**json.loads(response), "warnings": api.warnings}).encode()


def _restore(api_id: str, before: dict) -> None:
    for store, value in before.items():
        if value is None:
            getattr(apigateway_v1, store).pop(api_id, None)
        else:
            getattr(apigateway_v1, store)[api_id] = value


def _write(api_id: str, document: dict, api: openapi.Api) -> None:
    """Sets the API to what the document says. Resources, validators and authorizers that stay keep their ids."""
    service = apigateway_v1
    service._rest_apis[api_id].update(api.properties)

    service._models[api_id] = {}
    for name, schema in api.models.items():
        text = json.dumps(schema)
        for prefix in ("#/components/schemas/", "#/definitions/"):
            text = text.replace(f'"{prefix}', f'"https://apigateway.amazonaws.com/restapis/{api_id}/models/')
        model = {"name": name, "schema": text, "description": schema.get("description", "")}
        _done(service._create_model(api_id, model))

    validators = _renewed(
        service._request_validators, api_id,
        lambda: {
            name: _done(service._create_request_validator(api_id, {**validator, "name": name}))["id"]
            for name, validator in api.validators.items()
        },
    )

    service._gateway_responses[api_id] = {}
    for response_type, response in api.gateway_responses.items():
        _done(service._put_gateway_response(api_id, response_type, response))

    schemes: dict = {}

    def authorizers():
        schemes.update(service._import_security_schemes(api_id, document))
        for authorizer in service._authorizers_v1[api_id].values():
            extension = service._security_schemes(document)[authorizer["name"]]["x-amazon-apigateway-authorizer"]
            if authorizer["type"] == "REQUEST":
                # MiniStack would read the header that the scheme names, which a REQUEST authorizer does not use.
                authorizer["identitySource"] = extension.get("identitySource") or ""
            if authorizer["type"] == "COGNITO_USER_POOLS":
                authorizer["identityValidationExpression"] = extension.get("identityValidationExpression") or ""
        return {name: scheme["authorizerId"] for name, scheme in schemes.items() if scheme.get("authorizerId")}

    for name, authorizer_id in _renewed(service._authorizers_v1, api_id, authorizers).items():
        schemes[name]["authorizerId"] = authorizer_id

    resources = _resources(api_id, api.paths)
    for method in api.methods:
        _write_method(api_id, resources[method.path], method, schemes, validators, api.warnings)


def _renewed(store, api_id: str, create) -> dict[str, str]:
    """Empties an API's store and fills it by `create` (name -> id); an entry of a name that was there keeps its old id."""
    known = {entry["name"]: identifier for identifier, entry in (store.get(api_id) or {}).items()}
    store[api_id] = {}
    identifiers = {}
    for name, created in create().items():
        identifiers[name] = known.get(name, created)
        entry = store[api_id].pop(created)
        entry["id"] = identifiers[name]
        store[api_id][identifiers[name]] = entry
    return identifiers


def _resources(api_id: str, paths: list[str]) -> dict[str, str]:
    """path -> resource id for every path and the paths above it; other resources are dropped, methods are cleared."""
    resources = apigateway_v1._resources[api_id]
    identifiers = {resource["path"]: identifier for identifier, resource in resources.items()}
    wanted = {"/"}
    normalized = {}
    for path in paths:
        parent = ""
        for segment in filter(None, path.split("/")):
            here = f"{parent}/{segment}"
            if here not in identifiers:
                created = apigateway_v1._create_resource(api_id, identifiers[parent or "/"], {"pathPart": segment})
                identifiers[here] = _done(created)["id"]
            wanted.add(here)
            parent = here
        normalized[path] = identifiers[parent or "/"]
    for identifier, resource in list(resources.items()):
        if resource["path"] in wanted:
            resource["resourceMethods"] = {}
        else:
            del resources[identifier]
    return normalized


def _write_method(api_id: str, resource_id: str, method: openapi.Method, schemes: dict, validators: dict, warnings: list) -> None:
    service, http_method = apigateway_v1, method.http_method
    for requirement in method.security or []:
        for scheme in set(requirement) - set(schemes):
            warnings.append(
                f"Unable to secure method '{http_method}' on resource at path '{method.path}': security scheme '{scheme}' "
                "is not one API Gateway enforces; the method is open"
            )
    _done(service._put_method(api_id, resource_id, http_method, {
        **service._method_security(method.security, schemes),
        "operationName": method.operation_name,
        "requestParameters": method.request_parameters,
        "requestModels": method.request_models,
        "requestValidatorId": validators[method.validator] if method.validator is not None else None,
    }))
    for status, response in method.responses.items():
        _done(service._put_method_response(api_id, resource_id, http_method, status, response))
    if method.integration is None:
        return
    _done(service._put_integration(api_id, resource_id, http_method, method.integration))
    for status, response in method.integration_responses.items():
        _done(service._put_integration_response(api_id, resource_id, http_method, status, response))


def _first(query: dict, name: str) -> str | None:
    value = (query or {}).get(name)
    return (value[0] if value else None) if isinstance(value, list) else value


def install() -> None:
    for name, parameters in _OPERATIONS.items():
        upstream.expect(apigateway_v1, name, *parameters)
    for store in _STORES:
        upstream.attribute(apigateway_v1, store, apigateway_v1.AccountRegionScopedDict)

    @upstream.wrap(apigateway_v1, "handle_request", "method", "path", "headers", "body", "query_params")
    async def handle(original, method, path, headers, body, query_params):
        parts = [part for part in path.split("/") if part]
        if method == "PUT" and len(parts) == 2 and parts[0] == "restapis":
            return put_rest_api(parts[1], body, query_params)
        return await original(method, path, headers, body, query_params)
