"""Reads an OpenAPI 3.0 or Swagger 2.0 document with API Gateway extensions into what an API consists of; knows no MiniStack.

Follows https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html and, for what import refuses,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html.
"""

import json
import re
from dataclasses import dataclass, field

METHODS = {
    "get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS", "head": "HEAD",
    "patch": "PATCH", "x-amazon-apigateway-any-method": "ANY",
}
INTEGRATION_TYPES = {"AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"}
PASSTHROUGH = {"WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"}
# OpenAPI keywords that a model, JSON Schema draft 4, does not have.
UNSUPPORTED_KEYWORDS = {"deprecated", "discriminator", "example", "externalDocs", "nullable", "readOnly", "writeOnly", "xml"}
AUTHORIZER_TYPES = {"token", "request", "cognito_user_pools"}
_AUTHORIZER_URI = re.compile(r"arn:[\w-]+:apigateway:[\w-]+:lambda:path/.+")
_USER_POOL = re.compile(r"arn:[\w-]+:cognito-idp:[\w-]+:\d{12}:userpool/[\w-]+")
_IDENTITY_SOURCE = re.compile(r"method\.request\.(header|querystring)\..+|stageVariables\..+|context\..+")
_PARAMETER_PLACES = {"query": "querystring", "path": "path", "header": "header"}
_SEGMENT = re.compile(r"\{[A-Za-z0-9._:-]+\+?}|[A-Za-z0-9._:-]+")
_MAPPING_SOURCE = re.compile(
    r"'.*'|context\..+|stageVariables\..+|method\.request\.(header|querystring|path|multivalueheader|multivaluequerystring)\..+"
    r"|method\.request\.body(\..+|\[.+)?|integration\.response\.(header\..+|multivalueheader\..+|body.*)", re.S,
)


class ImportRefused(Exception):
    """The document cannot be imported; `errors` says everything that is wrong with it."""

    def __init__(self, errors: list[str]):
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass
class Method:
    """One method of one resource, in the shape of PutMethod, PutIntegration and their responses."""

    path: str
    http_method: str
    security: list | None
    validator: str | None
    request_parameters: dict[str, bool]
    request_models: dict[str, str]
    operation_name: str
    responses: dict[str, dict]
    integration: dict | None
    integration_responses: dict[str, dict]


@dataclass
class Api:
    """Everything PutRestApi sets on an API."""

    properties: dict
    models: dict[str, dict]
    validators: dict[str, dict]
    gateway_responses: dict[str, dict]
    paths: list[str]
    methods: list[Method]
    warnings: list[str] = field(default_factory=list)


def read(document: object) -> Api:
    """The API the document describes; raises ImportRefused."""
    return _Reader(document).read()


class _Reader:
    def __init__(self, document: object):
        if not isinstance(document, dict):
            raise ImportRefused(["Invalid OpenAPI input."])
        self.document = document
        self.errors: list[str] = []
        self.warnings: list[str] = []
        self.models: dict[str, dict] = {}
        version = str(document.get("openapi") or document.get("swagger") or "")
        if not re.match(r"3\.0\.\d+$|2\.0$", version):
            raise ImportRefused([f"Unsupported OpenAPI version '{version}': API Gateway imports 3.0.x and 2.0"])

    def read(self) -> Api:
        document = self.document
        schemas = (document.get("components") or {}).get("schemas") or document.get("definitions") or {}
        for name, schema in schemas.items():
            self._model(name, schema)
        validators = document.get("x-amazon-apigateway-request-validators") or {}
        gateway_responses = document.get("x-amazon-apigateway-gateway-responses") or {}
        paths = document.get("paths") or {}
        self._check_paths(paths)
        self._check_security_schemes()
        methods = [
            self._method(path, item, key, item[key], validators)
            for path, item in paths.items()
            for key in item
            if key in METHODS
        ]
        api = Api(self._properties(), self.models, validators, gateway_responses, list(paths), methods, self.warnings)
        if self.errors:
            raise ImportRefused(self.errors)
        return api

    def _properties(self) -> dict:
        document, info = self.document, self.document.get("info") or {}
        read = {
            "name": info.get("title"),
            "description": info.get("description"),
            "version": info.get("version"),
            "binaryMediaTypes": document.get("x-amazon-apigateway-binary-media-types"),
            "minimumCompressionSize": document.get("x-amazon-apigateway-minimum-compression-size"),
            "apiKeySource": document.get("x-amazon-apigateway-api-key-source"),
        }
        if "x-amazon-apigateway-policy" in document:
            read["policy"] = json.dumps(document["x-amazon-apigateway-policy"])
        return {name: value for name, value in read.items() if value is not None}

    def _resolve(self, node):
        """The node a local $ref of a parameter, request body, response or path item names, or the node itself."""
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            target = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
            if target is None:
                self.errors.append(f"Unable to resolve reference '{node['$ref']}'")
                return {}
            node = target
        return node if isinstance(node, dict) else {}

    def _model(self, name: str, schema: dict) -> None:
        if not re.fullmatch("[A-Za-z0-9]+", name):
            self.errors.append(f"Unable to create model for '{name}': Model name must be alphanumeric: {name}")
        for reference in _references(schema):
            if not self._model_exists(reference):
                self.errors.append(f"Unable to create model for '{name}': Invalid model reference specified: {reference}")
        unsupported = sorted({keyword for part in _subschemas(schema) for keyword in part if keyword in UNSUPPORTED_KEYWORDS})
        if unsupported:
            self.errors.append(
                f"Unable to create model for '{name}': Invalid model specified: Validation Result: warnings : [], errors : "
                f"[Invalid model schema specified. Unsupported keyword(s): {json.dumps(unsupported)}]"
            )
        self.models[name] = schema

    def _model_exists(self, reference: str) -> bool:
        return any(
            reference.startswith(prefix) and reference.removeprefix(prefix) in (schemas or {})
            for prefix, schemas in (
                ("#/components/schemas/", (self.document.get("components") or {}).get("schemas")),
                ("#/definitions/", self.document.get("definitions")),
            )
        )

    def _model_of(self, schema: dict, fallback: str) -> str | None:
        """The model a body's schema names; an inline schema becomes a model of its own, as on AWS."""
        if not schema:
            return None
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return reference.rsplit("/", 1)[1]
        name = "MODEL" + re.sub("[^A-Za-z0-9]", "", fallback)
        self._model(name, schema)
        return name

    def _check_paths(self, paths: dict) -> None:
        children: dict[str, str] = {}
        for path in paths:
            where = f"Unable to create resource at path '{path}'"
            if not path.startswith("/"):
                self.errors.append(f"{where}: A resource path must begin with '/'")
                continue
            parent = ""
            segments = [segment for segment in path.split("/") if segment]
            for index, segment in enumerate(segments):
                if not _SEGMENT.fullmatch(segment):
                    self.errors.append(
                        f"{where}: Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable "
                        "and curly braces at the beginning and the end."
                    )
                if segment.endswith("+}") and index < len(segments) - 1:
                    self.errors.append(f"{where}: Cannot create a child of a resource with a greedy path variable: {segment}")
                if segment.startswith("{") and not segment.endswith("+}"):
                    sibling = children.setdefault(parent, segment)
                    if sibling != segment:
                        self.errors.append(
                            f"{where}: A sibling ({sibling}) of this resource already has a variable path part -- only one is allowed"
                        )
                parent += "/" + segment

    def _schemes(self) -> dict[str, dict]:
        schemes = (self.document.get("components") or {}).get("securitySchemes") or self.document.get("securityDefinitions") or {}
        return {name: self._resolve(scheme) for name, scheme in schemes.items()}

    def _check_security_schemes(self) -> None:
        for name, scheme in self._schemes().items():
            for reason in _authorizer_faults(name, scheme):
                self.errors.append(f"Unable to create authorizer from security definition: '{name}'. {reason}")

    def _check_security(self, where: str, security: list | None) -> None:
        """One authorizer a method, and scopes for user pools only: more than that would not be enforced."""
        schemes = self._schemes()
        named = [
            (name, scopes) for requirement in security or [] for name, scopes in requirement.items()
            if schemes.get(name, {}).get("x-amazon-apigateway-authtype") or schemes.get(name, {}).get("x-amazon-apigateway-authorizer")
        ]
        if len({name for name, _ in named}) > 1:
            self.errors.append(f"Unable to put {where}: Only one authorizer is allowed, not {', '.join(name for name, _ in named)}")
        for name, scopes in named:
            kind = (schemes[name].get("x-amazon-apigateway-authorizer") or {}).get("type")
            if scopes and kind != "cognito_user_pools":
                self.errors.append(f"Unable to put {where}: Authorization scopes need a COGNITO_USER_POOLS authorizer, '{name}' is none")

    def _method(self, path: str, item: dict, key: str, operation: dict, validators: dict) -> Method:
        http_method = METHODS[key]
        where = f"method '{http_method}' on resource at path '{path}'"
        operation = operation or {}
        parameters = [self._resolve(p) for p in (item.get("parameters") or []) + (operation.get("parameters") or [])]
        request_parameters = {}
        for parameter in parameters:
            place = _PARAMETER_PLACES.get(parameter.get("in"))
            if place:
                request_parameters[f"method.request.{place}.{parameter['name']}"] = bool(parameter.get("required"))
            elif parameter.get("in") == "cookie":
                self.warnings.append(f"Unable to put {where}: cookie parameter '{parameter.get('name')}' is not supported and is ignored")
        request_models = {}
        body = self._resolve(operation.get("requestBody"))
        for content_type, media in (body.get("content") or {}).items():
            model = self._model_of(media.get("schema") or {}, f"{http_method}{path}request{content_type}")
            if model:
                request_models[content_type] = model
        for parameter in parameters:
            if parameter.get("in") == "body":
                model = self._model_of(parameter.get("schema") or {}, f"{http_method}{path}request")
                for content_type in operation.get("consumes") or self.document.get("consumes") or ["application/json"]:
                    request_models[content_type] = model
        validator = operation.get("x-amazon-apigateway-request-validator", self.document.get("x-amazon-apigateway-request-validator"))
        if validator is not None and validator not in validators:
            self.errors.append(f"Unable to put {where}: Invalid Request Validator identifier specified: {validator}")
        responses = self._responses(operation, http_method, path)
        integration, integration_responses = self._integration(
            operation.get("x-amazon-apigateway-integration"), where, request_parameters, responses
        )
        security = operation.get("security", self.document.get("security"))
        self._check_security(where, security)
        return Method(
            path, http_method, security, validator, request_parameters,
            request_models, operation.get("operationId", ""), responses, integration, integration_responses,
        )

    def _responses(self, operation: dict, http_method: str, path: str) -> dict[str, dict]:
        read = {}
        for status, response in (operation.get("responses") or {}).items():
            if not re.fullmatch(r"\d{3}", str(status)):
                continue
            response = self._resolve(response)
            models = {}
            for content_type, media in (response.get("content") or {}).items():
                model = self._model_of(media.get("schema") or {}, f"{http_method}{path}{status}{content_type}")
                if model:
                    models[content_type] = model
            read[str(status)] = {
                "responseModels": models,
                "responseParameters": {f"method.response.header.{name}": False for name in response.get("headers") or {}},
            }
        return read

    def _integration(self, extension, where: str, request_parameters: dict, responses: dict) -> tuple[dict | None, dict]:
        if extension is None:
            return None, {}

        def refuse(reason: str) -> None:
            self.errors.append(f"Unable to put integration for {where}: {reason}")

        integration = {name: value for name, value in extension.items() if name != "responses"}
        integration["type"] = str(extension.get("type") or "").upper()
        integration["passthroughBehavior"] = str(extension.get("passthroughBehavior") or "WHEN_NO_MATCH").upper()
        if integration["type"] not in INTEGRATION_TYPES:
            refuse(f"Invalid integration type '{extension.get('type')}'")
        elif integration["type"] != "MOCK":
            if not extension.get("httpMethod"):
                refuse("Enumeration value for HttpMethod must be non-empty")
            uri = str(extension.get("uri") or "")
            if integration["type"].startswith("AWS") and not re.fullmatch(r"arn:[\w-]+:apigateway:[\w-]+:[\w.-]+:(path|action)/.+", uri):
                refuse("AWS ARN for integration must contain path or action")
            elif integration["type"].startswith("HTTP") and not re.match("https?://", uri):
                refuse("Invalid HTTP endpoint specified for URI")
        if integration["passthroughBehavior"] not in PASSTHROUGH:
            refuse(f"Invalid passthroughBehavior '{extension.get('passthroughBehavior')}'")
        timeout = extension.get("timeoutInMillis", 29000)
        if not isinstance(timeout, int) or not 50 <= timeout <= 29000:
            refuse("Timeout should be between 50 ms and 29000 ms")
        for destination, source in (extension.get("requestParameters") or {}).items():
            source = str(source)
            declared = not re.match(r"method\.request\.(header|querystring|path)\.", source) or source in request_parameters
            if not (_MAPPING_SOURCE.fullmatch(source) and declared):
                refuse(f"Invalid mapping expression specified: {destination}: {source}")

        selected = {}
        for pattern, response in (extension.get("responses") or {}).items():
            status = str(response.get("statusCode", ""))
            if status not in responses:
                refuse(f"Invalid response status code specified: {status or 'none'} of '{pattern}' is not among the operation's responses")
                continue
            for destination, source in (response.get("responseParameters") or {}).items():
                if destination not in responses[status]["responseParameters"]:
                    refuse(f"Invalid mapping expression parameter specified: {destination}")
                if not _MAPPING_SOURCE.fullmatch(str(source)):
                    refuse(f"Invalid mapping expression specified: {destination}: {source}")
            selected[status] = {**response, "selectionPattern": "" if pattern == "default" else pattern}
        return integration, selected


def _authorizer_faults(name: str, scheme: dict):
    """Why no authorizer can be made of a security scheme that asks for one."""
    extension = scheme.get("x-amazon-apigateway-authorizer")
    authtype = str(scheme.get("x-amazon-apigateway-authtype") or "")
    if extension is None:
        if authtype and not authtype.lower().startswith("aws"):
            yield (
                f"Extension x-amazon-apigateway-authorizer is required. Any methods with security: '{name}' will not be created. If this "
                "security definition is not a custom authorizer, remove the x-amazon-apigateway-authtype extension and it will be ignored."
            )
        return
    kind = extension.get("type")
    if kind not in AUTHORIZER_TYPES:
        yield f"Invalid authorizer type specified: {kind}"
        return
    ttl = extension.get("authorizerResultTtlInSeconds", 300)
    if not isinstance(ttl, int) or not 0 <= ttl <= 3600:
        yield f"Authorizer result TTL must be between 0 and 3600 seconds, not {ttl}"
    source = extension.get("identitySource") or ""
    sources = [one.strip() for one in source.split(",")] if source else []
    for one in sources:
        if not _IDENTITY_SOURCE.fullmatch(one) or kind != "request" and not one.startswith("method.request.header."):
            yield f"Invalid mapping expression specified for the identity source: {one}"
    if kind == "request" and not sources and ttl != 0:
        yield "An identity source is required for a REQUEST authorizer whose results are cached"
    if kind == "cognito_user_pools":
        pools = extension.get("providerARNs")
        if not isinstance(pools, list) or not pools:
            yield "A COGNITO_USER_POOLS authorizer requires providerARNs"
        else:
            yield from (f"Invalid provider ARN specified: {pool}" for pool in pools if not _USER_POOL.fullmatch(str(pool)))
    elif not _AUTHORIZER_URI.fullmatch(str(extension.get("authorizerUri"))):
        yield (
            f"Invalid Authorizer URI: {extension.get('authorizerUri')}. Authorizer URI should be a valid API Gateway ARN that represents "
            "a Lambda function invocation."
        )


def _subschemas(schema):
    """The schema and every schema within; property names are not keywords."""
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword, value in schema.items():
        if keyword in ("properties", "patternProperties", "definitions") and isinstance(value, dict):
            children = list(value.values())
        elif keyword in ("items", "additionalProperties", "additionalItems", "not"):
            children = value if isinstance(value, list) else [value]
        else:
            children = value if keyword in ("allOf", "anyOf", "oneOf") else []
        for child in children:
            yield from _subschemas(child)


def _references(node) -> list[str]:
    """Every $ref string below a schema."""
    if isinstance(node, list):
        return [reference for child in node for reference in _references(child)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [reference for name, child in node.items() if name != "$ref" for reference in _references(child)]
