"""PutRestApi: what an import sets, refuses, keeps and drops."""

import json
import unittest

from botocore.exceptions import ClientError

from .local_aws import document, local_aws, mock

SCHEMAS = {
    "Email": {"type": "string", "maxLength": 20},
    "User": {"type": "object", "required": ["email"], "properties": {"email": {"$ref": "#/components/schemas/Email"}}},
}
VALIDATORS = {"all": {"validateRequestBody": True, "validateRequestParameters": True}}
USER_BODY = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}}


class Import(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.gateway = cls.aws.client("apigateway")

    def setUp(self):
        self.api = self.gateway.create_rest_api(name="import", description="kept")["id"]

    def put(self, body, **options):
        content = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.gateway.put_rest_api(restApiId=self.api, mode="overwrite", body=content, **options)

    def refusal(self, body, **options) -> str:
        with self.assertRaises(ClientError) as refused:
            self.put(body, **options)
        self.assertEqual("BadRequestException", refused.exception.response["Error"]["Code"])
        return refused.exception.response["Error"]["Message"]

    def resources(self) -> dict[str, dict]:
        return {r["path"]: r for r in self.gateway.get_resources(restApiId=self.api, embed=["methods"], limit=500)["items"]}

    def method(self, path: str, http_method: str) -> dict:
        return self.gateway.get_method(restApiId=self.api, resourceId=self.resources()[path]["id"], httpMethod=http_method)

    def test_setsMethodsModelsValidatorsAndGatewayResponses(self):
        self.put(document(
            {"/users/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True}],
                "post": mock(201, requestBody=USER_BODY, operationId="register", parameters=[
                    {"name": "page", "in": "query"}, {"name": "X-Key", "in": "header", "required": True}]),
                "x-amazon-apigateway-any-method": mock(405, headers={"Allow": "POST"}),
            }},
            components={"schemas": SCHEMAS},
            **{"x-amazon-apigateway-request-validators": VALIDATORS, "x-amazon-apigateway-request-validator": "all",
               "x-amazon-apigateway-gateway-responses": {"THROTTLED": {"statusCode": 429, "responseTemplates": {"application/json": "{}"}}}},
        ))

        method = self.method("/users/{id}", "POST")
        self.assertEqual("register", method["operationName"])
        self.assertEqual({"application/json": "User"}, method["requestModels"])
        self.assertEqual(
            {"method.request.path.id": True, "method.request.querystring.page": False, "method.request.header.X-Key": True},
            method["requestParameters"])
        validator = self.gateway.get_request_validator(restApiId=self.api, requestValidatorId=method["requestValidatorId"])
        self.assertEqual(("all", True), (validator["name"], validator["validateRequestBody"]))
        other = self.method("/users/{id}", "ANY")
        self.assertEqual("MOCK", other["methodIntegration"]["type"])
        self.assertEqual({"method.response.header.Allow": False}, other["methodResponses"]["405"]["responseParameters"])
        self.assertEqual(
            {"method.response.header.Allow": "'POST'"}, other["methodIntegration"]["integrationResponses"]["405"]["responseParameters"])
        self.assertFalse(self.gateway.get_gateway_response(restApiId=self.api, responseType="THROTTLED")["defaultResponse"])
        schema = json.loads(self.gateway.get_model(restApiId=self.api, modelName="User")["schema"])
        self.assertEqual(
            f"https://apigateway.amazonaws.com/restapis/{self.api}/models/Email", schema["properties"]["email"]["$ref"])

    def test_setsThePropertiesTheDocumentNamesAndKeepsTheOthers(self):
        answered = self.put(document({"/": {"get": mock(200)}}))
        self.assertEqual(("test", "kept", "1"), (answered["name"], answered["description"], answered["version"]))

    def test_securityOfTheDocumentAppliesUnlessTheOperationSaysOtherwise(self):
        self.put(document(
            {"/": {"get": mock(200), "post": mock(200, security=[]), "put": mock(200, security=[{"token": []}])}},
            security=[{"iam": []}],
            components={"securitySchemes": {
                "iam": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
                "token": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom",
                          "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": "arn:aws:apigateway:x:lambda:path/y"}},
            }},
        ))
        self.assertEqual("AWS_IAM", self.method("/", "GET")["authorizationType"])
        self.assertEqual("NONE", self.method("/", "POST")["authorizationType"])
        self.assertEqual("CUSTOM", self.method("/", "PUT")["authorizationType"])
        authorizers = self.gateway.get_authorizers(restApiId=self.api)["items"]
        self.assertEqual([self.method("/", "PUT")["authorizerId"]], [authorizer["id"] for authorizer in authorizers])

    def test_importingAgainKeepsIdsAndDropsWhatVanished(self):
        body = document(
            {"/a/b": {"get": mock(200)}, "/c": {"get": mock(200), "post": mock(200)}},
            components={"schemas": SCHEMAS},
            **{"x-amazon-apigateway-request-validators": VALIDATORS, "x-amazon-apigateway-request-validator": "all",
               "x-amazon-apigateway-gateway-responses": {"THROTTLED": {"statusCode": "429"}}},
        )
        self.put(body)
        first = self.resources()
        validator = self.method("/c", "GET")["requestValidatorId"]
        self.put(body)
        self.assertEqual(first, self.resources())
        self.assertEqual(validator, self.method("/c", "GET")["requestValidatorId"])

        self.put(document({"/c": {"get": mock(200)}}))
        self.assertEqual({"/", "/c"}, set(self.resources()))
        self.assertEqual({"GET"}, set(self.resources()["/c"]["resourceMethods"]))
        self.assertEqual([], self.gateway.get_models(restApiId=self.api)["items"])
        self.assertEqual([], self.gateway.get_request_validators(restApiId=self.api)["items"])
        self.assertTrue(self.gateway.get_gateway_response(restApiId=self.api, responseType="THROTTLED")["defaultResponse"])

    def test_refusedImportChangesNothingAndNamesEveryFault(self):
        self.put(document({"/kept": {"get": mock(200)}}))
        before = self.resources()
        bad = mock(200)
        bad["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"] = {"method.response.header.Allow": "'GET'"}
        late = mock(200)
        late["x-amazon-apigateway-integration"]["timeoutInMillis"] = 30000
        message = self.refusal(document(
            {"/new": {"get": bad, "post": late}, "/users/{id}": {}, "/users/{userId}/x": {}},
            components={"schemas": {"Not-Alphanumeric": {}, "Lost": {"$ref": "#/components/schemas/Nowhere"}, "Annotated": {
                "properties": {"example": {"type": "string", "nullable": True}}, "allOf": [{"items": {"readOnly": True}}]}}}))
        for expected in (
            "Invalid mapping expression parameter specified: method.response.header.Allow",
            "'POST' on resource at path '/new': Timeout should be between 50 ms and 29000 ms",
            "A sibling ({id}) of this resource already has a variable path part",
            "Model name must be alphanumeric: Not-Alphanumeric",
            "Invalid model reference specified: #/components/schemas/Nowhere",
            'Unsupported keyword(s): ["nullable", "readOnly"]',
        ):
            self.assertIn(expected, message)
        self.assertEqual(before, self.resources())

    def test_faultFoundWhileWritingUndoesWhatWasWritten(self):
        self.put(document({"/kept": {"get": mock(200)}}, components={"schemas": {"Kept": {"type": "object"}}}))
        before = self.resources()
        self.refusal(document({"/new": {"get": mock(200)}}, **{"x-amazon-apigateway-gateway-responses": {"NO_SUCH": {}}}))
        self.assertEqual(before, self.resources())
        self.assertEqual(["Kept"], [model["name"] for model in self.gateway.get_models(restApiId=self.api)["items"]])

    def test_refusesUnknownValidatorGatewayResponseAndVersion(self):
        unknown = self.refusal(document({"/": {"get": mock(200, **{"x-amazon-apigateway-request-validator": "nope"})}}))
        self.assertIn("Invalid Request Validator identifier specified: nope", unknown)
        wrong = self.refusal(document({"/": {"get": mock(200)}}, **{"x-amazon-apigateway-gateway-responses": {"NO_SUCH": {}}}))
        self.assertIn("NO_SUCH", wrong)
        self.assertIn("3.1.0", self.refusal({**document({}), "openapi": "3.1.0"}))
        self.assertIn("not JSON", self.refusal("openapi: 3.0.3"))

    def test_failOnWarningsUndoesTheImport(self):
        open_by_mistake = document({"/": {"get": mock(200, security=[{"typo": []}])}})
        self.assertIn("security scheme 'typo'", self.refusal(open_by_mistake, failOnWarnings=True))
        self.assertEqual({}, self.resources()["/"]["resourceMethods"])
        self.assertIn("security scheme 'typo'", self.put(open_by_mistake)["warnings"][0])

    def test_unknownApiIsNotFound(self):
        with self.assertRaises(ClientError) as refused:
            self.gateway.put_rest_api(restApiId="0000dead", mode="overwrite", body="{}")
        self.assertEqual("NotFoundException", refused.exception.response["Error"]["Code"])
