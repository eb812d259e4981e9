"""The REST API data plane: which method answers, with what, and what the client sees when something fails."""

import json
import time
import unittest

from botocore.exceptions import ClientError

from .local_aws import REGION, document, local_aws, mock, proxy

PROBLEM = (
    '{"title":$context.error.messageString,"detail":"$context.error.validationErrorString","type":"$context.error.responseType",'
    '"instance":"$context.path","method":"$context.httpMethod","id":"$context.requestId","unknown":"$context.nothing"}'
)


def gateway_responses(**statuses) -> dict:
    headers = {"gatewayresponse.header.Content-Type": "'application/problem+json'"}
    return {"x-amazon-apigateway-gateway-responses": {
        kind: {"responseParameters": headers, "responseTemplates": {"application/json": PROBLEM}} | ({"statusCode": status} if status else {})
        for kind, status in statuses.items()
    }}


class Routing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.api = cls.aws.deploy(document({
            "/users": {"get": mock(200, "list"), "x-amazon-apigateway-any-method": mock(405, "any", {"Allow": "GET"})},
            "/users/me": {"get": mock(200, "me")},
            "/users/{id}": {"get": mock(200, "one"), "x-amazon-apigateway-any-method": mock(405, "any of one")},
            "/{proxy+}": {"x-amazon-apigateway-any-method": mock(404, "unknown")},
            "/": {"x-amazon-apigateway-any-method": mock(404, "root")},
        }))

    def answer(self, method: str, path: str) -> tuple[int, str]:
        answer = self.aws.call_api(self.api, method, path)
        return answer.status, answer.body.decode()

    def test_exactPathBeatsParameterBeatsProxy(self):
        self.assertEqual((200, "me"), self.answer("GET", "/users/me"))
        self.assertEqual((200, "one"), self.answer("GET", "/users/7"))
        self.assertEqual((404, "unknown"), self.answer("GET", "/other"))
        self.assertEqual((404, "root"), self.answer("GET", ""))

    def test_methodBeatsAny(self):
        self.assertEqual((200, "list"), self.answer("GET", "/users"))
        self.assertEqual((405, "any"), self.answer("DELETE", "/users"))
        self.assertEqual((405, "any of one"), self.answer("PATCH", "/users/7"))

    def test_deeperUnknownPathFallsBackToProxy(self):
        self.assertEqual((404, "unknown"), self.answer("GET", "/users/7/orders"))

    def test_changedApiIsServedOnlyOnceDeployed(self):
        gateway = self.aws.client("apigateway")
        api = self.aws.deploy(document({"/": {"get": mock(200, "old")}}))
        gateway.put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(document({"/": {"get": mock(200, "new")}})))
        self.assertEqual(b"old", self.aws.call_api(api, "GET", "").body)
        gateway.create_deployment(restApiId=api, stageName="api")
        self.assertEqual(b"new", self.aws.call_api(api, "GET", "").body)

    def test_stageReportsAccessLoggingOnlyWhereItWasSet(self):
        gateway = self.aws.client("apigateway")
        self.log_role(gateway, "arn:aws:iam::000000000000:role/logs")
        deployment = gateway.create_deployment(restApiId=self.api)["id"]
        created = gateway.create_stage(restApiId=self.api, stageName="logged", deploymentId=deployment)
        self.assertNotIn("accessLogSettings", created)
        self.assertNotIn("accessLogSettings", gateway.get_stage(restApiId=self.api, stageName="logged"))
        group = f"arn:aws:logs:{REGION}:000000000000:log-group:api"
        updated = gateway.update_stage(restApiId=self.api, stageName="logged", patchOperations=[
            {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": group}])
        self.assertEqual(group, updated["accessLogSettings"]["destinationArn"])

    def test_stageIsNotMadeTwice(self):
        gateway = self.aws.client("apigateway")
        deployment = gateway.create_deployment(restApiId=self.api)["id"]
        gateway.create_stage(restApiId=self.api, stageName="once", deploymentId=deployment)
        with self.assertRaisesRegex(ClientError, "Stage already exists"):
            gateway.create_stage(restApiId=self.api, stageName="once", deploymentId=deployment)

    def test_logsNeedTheAccountsRole(self):
        gateway = self.aws.client("apigateway")
        self.log_role(gateway, "")
        deployment = gateway.create_deployment(restApiId=self.api)["id"]
        gateway.create_stage(restApiId=self.api, stageName="silent", deploymentId=deployment)
        for path, value in (("/accessLogSettings/destinationArn", "arn"), ("/*/*/logging/loglevel", "ERROR")):
            with self.assertRaisesRegex(ClientError, "CloudWatch Logs role ARN must be set in account settings to enable logging"):
                gateway.update_stage(restApiId=self.api, stageName="silent", patchOperations=[{"op": "replace", "path": path, "value": value}])
        gateway.update_stage(restApiId=self.api, stageName="silent", patchOperations=[
            {"op": "replace", "path": "/*/*/logging/loglevel", "value": "OFF"}, {"op": "remove", "path": "/accessLogSettings"}])
        self.log_role(gateway, "arn:aws:iam::000000000000:role/logs")
        gateway.update_stage(restApiId=self.api, stageName="silent", patchOperations=[
            {"op": "replace", "path": "/*/*/logging/loglevel", "value": "ERROR"}])

    @staticmethod
    def log_role(gateway, arn: str) -> None:
        gateway.update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}])

    def test_disabledEndpointIsReportedAsABoolean(self):
        gateway = self.aws.client("apigateway")
        for value in ("true", "false"):
            updated = gateway.update_rest_api(restApiId=self.api, patchOperations=[{"op": "replace", "path": "/disableExecuteApiEndpoint", "value": value}])
            self.assertIs(value == "true", updated["disableExecuteApiEndpoint"])
        self.assertIs(False, gateway.get_rest_api(restApiId=self.api)["disableExecuteApiEndpoint"])

    def test_domainNameReportsOnlyWhatWasSet(self):
        gateway = self.aws.client("apigateway")
        created = gateway.create_domain_name(domainName="api.test", regionalCertificateArn="arn", endpointConfiguration={"types": ["REGIONAL"]})
        self.assertNotIn("mutualTlsAuthentication", created)
        self.assertNotIn("mutualTlsAuthentication", gateway.get_domain_name(domainName="api.test"))

    def test_methodWithoutIntegrationCannotBeDeployed(self):
        with self.assertRaisesRegex(Exception, "No integration defined for method"):
            self.aws.deploy(document({"/": {"get": {"responses": {}}}}))


class MockIntegration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        never, no_template = mock(404, "x"), mock(404, "x")
        never["x-amazon-apigateway-integration"]["passthroughBehavior"] = "never"
        no_template["x-amazon-apigateway-integration"]["responses"]["default"].pop("responseTemplates")
        cls.api = cls.aws.deploy(document({
            "/rendered": {"get": mock(404, '{"id":"$context.requestId","path":"$context.path"}',
                                      {"Content-Type": "application/problem+json", "Allow": "GET, POST"})},
            "/never": {"post": never},
            "/when-no-match": {"post": mock(404, "x")},
            "/empty": {"get": no_template},
        }, **gateway_responses(DEFAULT_4XX=None, DEFAULT_5XX=None)))

    def test_rendersContextAndSetsHeaders(self):
        answer = self.aws.call_api(self.api, "GET", "/rendered")
        self.assertEqual(404, answer.status)
        self.assertEqual("application/problem+json", answer.headers["content-type"])
        self.assertEqual("GET, POST", answer.headers["allow"])
        self.assertEqual({"id": answer.headers["x-amzn-requestid"], "path": "/api/rendered"}, answer.json())

    def test_neverRefusesOtherContentTypesWith415(self):
        answer = self.aws.call_api(self.api, "POST", "/never", "a=b", {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual((415, "UNSUPPORTED_MEDIA_TYPE"), (answer.status, answer.json()["type"]))

    def test_otherContentTypePassesThroughAndNamesNoStatus(self):
        answer = self.aws.call_api(self.api, "POST", "/when-no-match", "a=b", {"Content-Type": "text/plain"})
        self.assertEqual((500, "API_CONFIGURATION_ERROR"), (answer.status, answer.json()["type"]))

    def test_withoutTemplateTheBodyIsEmpty(self):
        self.assertEqual(b"", self.aws.call_api(self.api, "GET", "/empty").body)


class GatewayResponses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.alias = cls.aws.function("validated")
        body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}}
        cls.api = cls.aws.deploy(document(
            {"/users": {"post": {
                "requestBody": body, "parameters": [{"name": "key", "in": "query"}], "responses": {},
                "x-amazon-apigateway-request-validator": "all", "x-amazon-apigateway-integration": proxy(cls.alias)}},
             "/private": {"get": {**mock(200, "secret"), "security": [{"iam": []}]}}},
            components={
                "securitySchemes": {"iam": {"type": "apiKey", "name": "Authorization", "in": "header",
                                            "x-amazon-apigateway-authtype": "awsSigv4"}},
                "schemas": {"User": {
                    "type": "object", "required": ["email", "name"], "additionalProperties": False,
                    "properties": {"email": {"type": "string", "maxLength": 8}, "name": {"type": "string"},
                                   "age": {"type": "integer", "minimum": 18}}}}},
            **{"x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True, "validateRequestParameters": True}}},
            **gateway_responses(DEFAULT_4XX=None, BAD_REQUEST_BODY="422"),
        ))
        cls.aws.permit("validated", cls.api)

    def test_rendersEveryContextVariable(self):
        answer = self.aws.call_api(self.api, "POST", "/users", {"email": 1, "extra": "x", "age": 17})
        self.assertEqual(422, answer.status)
        self.assertEqual("application/problem+json", answer.headers["content-type"])
        self.assertEqual({
            "title": "Invalid request body",
            "detail": '[object has missing required properties (["name"]), object instance has properties which are not allowed '
                      'by the schema: ["extra"], instance type (integer) does not match any allowed primitive type '
                      '(allowed: ["string"]), numeric instance is lower than the required minimum (minimum: 18, found: 17)]',
            "type": "BAD_REQUEST_BODY", "instance": "/api/users", "method": "POST",
            "id": answer.headers["x-amzn-requestid"], "unknown": "",
        }, answer.json())

    def test_bodyOfAnotherContentTypeIsNotValidated(self):
        answer = self.aws.call_api(self.api, "POST", "/users", "hello", {"Content-Type": "text/plain"})
        self.assertEqual(200, answer.status)
        self.assertEqual("hello", self.aws.function_host.of("validated")[-1][2]["body"])

    def test_malformedBodyIsRefused(self):
        self.assertEqual(422, self.aws.call_api(self.api, "POST", "/users", "{").status)

    def test_typeThatIsNotCustomizedTakesTheDefaultsTemplateAndItsOwnStatus(self):
        unsigned = self.aws.call_api(self.api, "GET", "/private")
        self.assertEqual((403, "MISSING_AUTHENTICATION_TOKEN"), (unsigned.status, unsigned.json()["type"]))

    def test_signedCallerNeedsExecuteApiInvoke(self):
        resource = f"arn:aws:execute-api:{REGION}:*:{self.api}/api/GET/private"
        allowed = self.aws.role("caller-allowed", {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource})
        denied = self.aws.role("caller-denied", {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource + "x"})
        self.assertEqual(200, self.aws.call_api(self.api, "GET", "/private", credentials=self.aws.assume(allowed)).status)
        refused = self.aws.call_api(self.api, "GET", "/private", credentials=self.aws.assume(denied))
        self.assertEqual((403, "ACCESS_DENIED"), (refused.status, refused.json()["type"]))
        self.assertEqual("application/problem+json", refused.headers["content-type"])

    def test_tamperedSignatureIsRefused(self):
        allowed = self.aws.role("caller-tampering", {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"})
        keys = self.aws.assume(allowed)
        refused = self.aws.call_api(self.api, "GET", "/private", credentials={**keys, "SecretAccessKey": "other"})
        self.assertEqual((403, "INVALID_SIGNATURE"), (refused.status, refused.json()["type"]))

    def test_throttledMethodAnswers429(self):
        api = self.aws.deploy(document({"/": {"get": mock(200, "x")}}, **gateway_responses(THROTTLED="429")))
        self.aws.client("apigateway").update_stage(restApiId=api, stageName="api", patchOperations=[
            {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "2"},
            {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "1"}])
        answers = [self.aws.call_api(api, "GET", "") for _ in range(6)]
        self.assertEqual("THROTTLED", answers[-1].json()["type"])
        self.assertEqual({200, 429}, {answer.status for answer in answers})

    def test_throttleOfOneMethodIsReportedAsItWasSet(self):
        api = self.aws.deploy(document({"/a/{b}": {"get": mock(200, "x")}}, **gateway_responses(THROTTLED="429")))
        self.aws.client("apigateway").update_stage(restApiId=api, stageName="api", patchOperations=[
            {"op": "replace", "path": "/~1a~1{b}/GET/throttling/burstLimit", "value": "2"},
            {"op": "replace", "path": "/~1a~1{b}/GET/throttling/rateLimit", "value": "1"}])
        settings = self.aws.client("apigateway").get_stage(restApiId=api, stageName="api")["methodSettings"]
        self.assertEqual(2, settings["~1a~1{b}/GET"]["throttlingBurstLimit"])
        self.assertEqual({200, 429}, {self.aws.call_api(api, "GET", "/a/1").status for _ in range(6)})


class LambdaIntegration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.alias = cls.aws.function("handler")
        cls.api = cls.aws.deploy(document({
            "/allowed/{id}": {"post": {"responses": {}, "x-amazon-apigateway-integration": proxy(cls.alias, timeoutInMillis=500)}},
            "/forbidden": {"post": {"responses": {}, "x-amazon-apigateway-integration": proxy(cls.alias)}},
        }, **gateway_responses(DEFAULT_5XX=None)))
        cls.aws.permit("handler", cls.api, "api/POST/allowed/*")

    def answers(self, answer) -> None:
        self.aws.function_host.answers["handler"] = answer

    def post(self, path: str = "/allowed/1"):
        return self.aws.call_api(self.api, "POST", path, {"a": 1})

    def assertInternalError(self, status: int, answer, title: str = "Internal server error"):
        self.assertEqual((status, title), (answer.status, answer.json()["title"]))
        self.assertNotIn(b"secret", answer.body)

    def test_theFunctionsResponseIsTheAnswer(self):
        self.answers({"statusCode": 201, "headers": {"Location": "/api/users/1", "content-type": "application/problem+json"}, "body": "made"})
        answer = self.post()
        self.assertEqual((201, b"made"), (answer.status, answer.body))
        self.assertEqual("/api/users/1", answer.headers["location"])
        self.assertEqual("application/problem+json", answer.headers["content-type"])
        _, headers, event = self.aws.function_host.of("handler")[-1]
        self.assertEqual(self.alias, headers["X-Amzn-Lambda-Function-Arn"])
        self.assertEqual(answer.headers["x-amzn-requestid"], event["requestContext"]["requestId"])
        self.assertEqual(("/allowed/1", "/api/allowed/1", {"id": "1"}),
                         (event["path"], event["requestContext"]["path"], event["pathParameters"]))
        self.assertNotIn("version", event)

    def test_functionErrorIs502AndNotShown(self):
        for dressed_up in ({}, {"statusCode": 200, "body": "secret"}):
            error = {"errorMessage": "secret", "errorType": "java.lang.IllegalStateException", **dressed_up}
            self.answers(lambda event: (500, error, {}))
            self.assertInternalError(502, self.post())

    def test_refusedInvocationIs500(self):
        for status, error_type in ((409, "SnapStartNotReadyException"), (429, "TooManyRequestsException")):
            self.answers(lambda event: (status, {"errorMessage": "secret", "errorType": error_type}, {}))
            self.assertInternalError(500, self.post())

    def test_refusedInvocationIsAnIntegrationFailureWhereTheApiHasAnAnswerToThat(self):
        api = self.aws.deploy(document({
            "/allowed/{id}": {"post": {"responses": {}, "x-amazon-apigateway-integration": proxy(self.alias)}},
        }, **gateway_responses(INTEGRATION_FAILURE="503", DEFAULT_5XX=None)))
        self.aws.permit("handler", api, "api/POST/allowed/*")
        self.answers(lambda event: (409, {"errorMessage": "secret", "errorType": "SnapStartNotReadyException"}, {}))
        refused = self.aws.call_api(api, "POST", "/allowed/1", {"a": 1})
        self.assertEqual((503, "INTEGRATION_FAILURE"), (refused.status, refused.json()["type"]))
        self.assertNotIn(b"secret", refused.body)
        self.answers(lambda event: (500, {"errorMessage": "secret"}, {}))
        self.assertEqual((502, "DEFAULT_5XX"), (lambda failed: (failed.status, failed.json()["type"]))(self.aws.call_api(api, "POST", "/allowed/1", {"a": 1})))

    def test_malformedResponseIs502(self):
        for malformed in ({"message": "secret"}, "secret", ["secret"], {"statusCode": 200, "body": {"secret": 1}}):
            self.answers(malformed)
            self.assertInternalError(502, self.post())

    def test_slowFunctionIs504(self):
        self.answers(lambda event: (time.sleep(1.2), (200, {"statusCode": 200, "body": "late"}, {}))[1])
        started = time.time()
        self.assertInternalError(504, self.post(), "Endpoint request timed out")
        self.assertLess(time.time() - started, 1.1)

    def test_withoutPermissionTheFunctionIsNotInvokedAndTheLogNamesIt(self):
        before = len(self.aws.function_host.of("handler"))
        self.assertInternalError(500, self.post("/forbidden"))
        self.assertEqual(before, len(self.aws.function_host.of("handler")))
        self.assertIn(f"{self.api}/api/POST/forbidden (aws_lambda_permission)", self.aws.log.read_text())
