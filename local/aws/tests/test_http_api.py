"""The HTTP API data plane: what a stage serves, who is let in, what the function is told and what the client sees."""

import base64
import json
import time
import unittest

from .local_aws import ACCOUNT, REGION, invocation_uri, local_aws
from .test_cognito import claims
from .user_pool import UserPool


class HttpApi:
    """An HTTP API with one function behind every route."""

    def __init__(self, aws, function: str, stage: str = "$default", version: str = "2.0", timeout: int = 5000, permit: str = "*", **settings):
        self.aws, self.stage = aws, stage
        self.gateway = aws.client("apigatewayv2")
        self.id = self.gateway.create_api(Name="http", ProtocolType="HTTP", **settings)["ApiId"]
        alias = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}:live"
        self.integration = self.gateway.create_integration(
            ApiId=self.id, IntegrationType="AWS_PROXY", IntegrationUri=invocation_uri(alias), PayloadFormatVersion=version,
            TimeoutInMillis=timeout)["IntegrationId"]
        aws.permit(function, self.id, f"{stage}/{permit}")

    def route(self, key: str, **settings) -> "HttpApi":
        self.gateway.create_route(ApiId=self.id, RouteKey=key, Target=f"integrations/{self.integration}", **settings)
        return self

    def deployed(self, **settings) -> "HttpApi":
        self.gateway.create_stage(ApiId=self.id, StageName=self.stage, AutoDeploy=True, **settings)
        return self

    def authorizer(self, kind: str, **settings) -> str:
        return self.gateway.create_authorizer(ApiId=self.id, Name=kind, AuthorizerType=kind, **settings)["AuthorizerId"]

    def call(self, method: str, path: str, body=None, credentials: dict | None = None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.stage == "api":
            return self.aws.call_api(self.id, method, path, body, named, credentials)
        return self.aws.request(method, f"/_aws/execute-api/{self.id}{path}", body, named)


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.function = f"http-{cls.__name__.lower()}"
        cls.alias = cls.aws.function(cls.function)

    def setUp(self):
        self.answers({"statusCode": 200, "body": "{}"})

    def tearDown(self):
        self.aws.set_clock(0)

    def answers(self, answer) -> None:
        self.aws.function_host.answers[self.function] = answer

    def api(self, **settings) -> HttpApi:
        return HttpApi(self.aws, self.function, **settings)

    def events(self) -> list[dict]:
        return [event for _, _, event in self.aws.function_host.of(self.function)]

    def assertSays(self, status: int, message: str, answer):
        self.assertEqual((status, {"message": message}), (answer.status, answer.json()))


class Serving(Http):
    def test_stageMustExistAndBeDeployed(self):
        api = self.api(stage="api").route("GET /a")
        self.assertSays(404, "Not Found", api.call("GET", "/a"))
        api.gateway.create_stage(ApiId=api.id, StageName="api")
        self.assertSays(404, "Not Found", api.call("GET", "/a"))
        api.gateway.create_deployment(ApiId=api.id, StageName="api")
        self.assertEqual(200, api.call("GET", "/a").status)

    def test_changeIsServedOnceDeployedOrAtOnceWithAutomaticDeployment(self):
        api = self.api(stage="api").route("GET /a")
        api.gateway.create_stage(ApiId=api.id, StageName="api")
        api.gateway.create_deployment(ApiId=api.id, StageName="api")
        api.route("GET /b")
        self.assertSays(404, "Not Found", api.call("GET", "/b"))
        deployment = api.gateway.create_deployment(ApiId=api.id)["DeploymentId"]
        self.assertSays(404, "Not Found", api.call("GET", "/b"))
        api.gateway.update_stage(ApiId=api.id, StageName="api", DeploymentId=deployment)
        self.assertEqual(200, api.call("GET", "/b").status)
        automatic = self.api().route("GET /a").deployed()
        automatic.route("GET /b")
        self.assertEqual(200, automatic.call("GET", "/b").status)

    def test_throttleOfARouteAndOfTheStage(self):
        api = self.api(stage="api").route("GET /slow").route("GET /a").route("GET /b").deployed(
            DefaultRouteSettings={"ThrottlingRateLimit": 0.001, "ThrottlingBurstLimit": 2},
            RouteSettings={"GET /slow": {"ThrottlingRateLimit": 0.001, "ThrottlingBurstLimit": 1}})
        self.assertEqual([200, 429], [api.call("GET", "/slow").status for _ in range(2)])
        self.assertEqual([200, 200, 429], [api.call("GET", "/a").status for _ in range(3)])
        self.assertEqual(200, api.call("GET", "/b").status)
        self.assertSays(429, "Too Many Requests", api.call("GET", "/slow"))


    def test_settingsOfARouteGoAlone(self):
        limits = {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}
        api = self.api(stage="api").route("GET /slow/{id}").deployed(DefaultRouteSettings=limits, RouteSettings={"GET /slow/{id}": limits})
        api.gateway.delete_route_settings(ApiId=api.id, StageName="api", RouteKey="GET /slow/{id}")
        stage = api.gateway.get_stage(ApiId=api.id, StageName="api")
        self.assertEqual(({}, limits), (stage["RouteSettings"], stage["DefaultRouteSettings"]))
        with self.assertRaises(api.gateway.exceptions.NotFoundException):
            api.gateway.delete_route_settings(ApiId=api.id, StageName="api", RouteKey="GET /slow/{id}")


class Cors(Http):
    ORIGIN = "https://shop.example"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.served = HttpApi(cls.aws, cls.function, CorsConfiguration={
            "AllowOrigins": [cls.ORIGIN], "AllowMethods": ["GET"], "AllowHeaders": ["authorization"], "MaxAge": 60, "AllowCredentials": True})
        authorizer = cls.served.authorizer("JWT", IdentitySource=["$request.header.Authorization"], JwtConfiguration={
            "Audience": ["a"], "Issuer": "https://cognito-idp.x.amazonaws.com/x"})
        cls.served.route("GET /a").route("ANY /any").route("GET /guarded", AuthorizationType="JWT", AuthorizerId=authorizer).deployed()

    def ask(self, method: str, path: str, origin: str = ORIGIN):
        return self.served.call(method, path, Origin=origin, **({"Access_Control_Request_Method": "GET"} if method == "OPTIONS" else {}))

    def assertAllows(self, origin: str | None, answer):
        self.assertEqual(origin, answer.headers.get("access-control-allow-origin"))

    def test_preflightIsAnsweredWithoutTheFunction(self):
        before = len(self.events())
        answer = self.ask("OPTIONS", "/a")
        self.assertEqual((204, "GET", "authorization", "60", "true"), (answer.status, *(answer.headers[f"access-control-{name}"] for name in (
            "allow-methods", "allow-headers", "max-age", "allow-credentials"))))
        self.assertAllows(self.ORIGIN, answer)
        self.assertEqual(before, len(self.events()))

    def test_preflightOfAnotherOriginAllowsNothing(self):
        answer = self.ask("OPTIONS", "/a", "https://evil.example")
        self.assertEqual(204, answer.status)
        self.assertAllows(None, answer)

    def test_routeThatTakesOptionsGetsIt(self):
        self.assertEqual(200, self.ask("OPTIONS", "/any").status)
        self.assertEqual("OPTIONS", self.events()[-1]["requestContext"]["http"]["method"])
        without = self.api().route("GET /a").deployed()
        self.assertSays(404, "Not Found", without.call("OPTIONS", "/a"))

    def test_answersAndRefusalsAllowTheOrigin(self):
        self.answers({"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://own.example"}, "body": ""})
        self.assertAllows(self.ORIGIN, self.ask("GET", "/a"))
        refused = self.ask("GET", "/guarded")
        self.assertEqual(401, refused.status)
        self.assertAllows(self.ORIGIN, refused)
        self.assertAllows(None, self.ask("GET", "/a", "https://evil.example"))


class Payloads(Http):
    def test_format2(self):
        self.answers({"statusCode": 201, "headers": {"X-Own": "1"}, "cookies": ["a=1; Secure", "b=2"], "body": "made"})
        api = self.api(stage="api").route("POST /users/{id}").deployed(StageVariables={"color": "blue"})
        answer = api.call("POST", "/users/7?q=a&q=b", {"x": 1}, Cookie="s=1; t=2", User_Agent="test")
        self.assertEqual((201, b"made", "1", "text/plain;charset=UTF-8"), (
            answer.status, answer.body, answer.headers["x-own"], answer.headers["content-type"]))
        event = self.events()[-1]
        context = event.pop("requestContext")
        self.assertEqual({"s=1", "t=2"}, set(event.pop("cookies")))
        self.assertNotIn("cookie", event.pop("headers"))
        self.assertEqual({
            "version": "2.0", "routeKey": "POST /users/{id}", "rawPath": "/api/users/7", "rawQueryString": "q=a&q=b",
            "queryStringParameters": {"q": "a,b"}, "pathParameters": {"id": "7"}, "stageVariables": {"color": "blue"},
            "body": '{"x": 1}', "isBase64Encoded": False}, event)
        self.assertEqual({"method": "POST", "path": "/api/users/7", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"},
                         context["http"])
        self.assertEqual((api.id, "api", "POST /users/{id}", answer.headers["apigw-requestid"], f"{api.id}.execute-api.{REGION}.amazonaws.com"), (
            context["apiId"], context["stage"], context["routeKey"], context["requestId"], context["domainName"]))
        self.assertNotIn("authorizer", context)

    def test_whatIsAbsentIsLeftOut(self):
        api = self.api().route("GET /a").deployed()
        self.assertEqual(200, api.call("GET", "/a").status)
        event = self.events()[-1]
        self.assertEqual({"version", "routeKey", "rawPath", "rawQueryString", "headers", "requestContext", "isBase64Encoded"}, set(event))
        self.assertEqual("/a", event["rawPath"])

    def test_format2ResultWithoutStatusIsTheBody(self):
        api = self.api().route("GET /a").deployed()
        for result, body in (({"hello": "you"}, b'{"hello": "you"}'), ("hello", b"hello")):
            self.answers(result)
            answer = api.call("GET", "/a")
            self.assertEqual((200, "application/json", body), (answer.status, answer.headers["content-type"], answer.body))

    def test_format1(self):
        self.answers({"statusCode": 200, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}, "isBase64Encoded": True,
                      "body": base64.b64encode(b"bytes").decode()})
        api = self.api(stage="api", version="1.0").route("POST /users/{id}").deployed()
        answer = api.call("POST", "/users/7?q=a&q=b", {"x": 1}, Cookie="s=1")
        self.assertEqual((200, b"bytes"), (answer.status, answer.body))
        event = self.events()[-1]
        self.assertEqual(("1.0", "/users/{id}", "/api/users/7", "POST", {"id": "7"}, '{"x": 1}', False, None), tuple(event[name] for name in (
            "version", "resource", "path", "httpMethod", "pathParameters", "body", "isBase64Encoded", "stageVariables")))
        self.assertEqual(({"q": "a"}, {"q": ["a", "b"]}, "s=1"), (
            event["queryStringParameters"], event["multiValueQueryStringParameters"], event["headers"]["cookie"]))
        context = event["requestContext"]
        self.assertEqual(("/users/{id}", "POST", "api", answer.headers["apigw-requestid"], "127.0.0.1"), (
            context["resourcePath"], context["httpMethod"], context["stage"], context["requestId"], context["identity"]["sourceIp"]))

    def test_functionErrorIs500AndNotShown(self):
        api = self.api().route("GET /a").deployed()
        self.answers(lambda event: (500, {"errorMessage": "secret", "errorType": "x", "statusCode": 200, "body": "secret"}, {}))
        self.assertSays(500, "Internal Server Error", api.call("GET", "/a"))

    def test_refusedInvocationIs503(self):
        api = self.api().route("GET /a").deployed()
        for status, error_type in ((409, "SnapStartNotReadyException"), (429, "TooManyRequestsException")):
            self.answers(lambda event: (status, {"errorMessage": "secret", "errorType": error_type}, {}))
            self.assertSays(503, "Service Unavailable", api.call("GET", "/a"))

    def test_malformedResponseIs500(self):
        for version, malformed in (
            ("1.0", {"hello": "you"}), ("1.0", "hello"), ("1.0", {"statusCode": "x"}), ("2.0", {"statusCode": 200, "body": {}}),
        ):
            api = self.api(version=version).route("GET /a").deployed()
            self.answers(malformed)
            self.assertSays(500, "Internal Server Error", api.call("GET", "/a"))

    def test_slowFunctionIs503(self):
        api = self.api(timeout=200).route("GET /a").deployed()
        self.answers(lambda event: (time.sleep(1), (200, {"statusCode": 200, "body": "late"}, {}))[1])
        self.assertSays(503, "Service Unavailable", api.call("GET", "/a"))

    def test_permissionOfTheRoute(self):
        api = self.api(permit="GET/users/*").route("GET /users/{id}").route("GET /other").deployed()
        self.assertEqual(200, api.call("GET", "/users/1").status)
        before = len(self.events())
        self.assertSays(500, "Internal Server Error", api.call("GET", "/other"))
        self.assertEqual(before, len(self.events()))
        self.assertIn(f"{api.id}/$default/GET/other (aws_lambda_permission)", self.aws.log.read_text())


class Jwt(Http):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool, cls.other = UserPool(cls.aws), UserPool(cls.aws)
        cls.email = cls.pool.person("ann@example.com", "staff", "night")
        cls.tokens = cls.pool.sign_in(cls.email)
        cls.served = HttpApi(cls.aws, cls.function)
        people, machines = (cls.served.authorizer(
            "JWT", IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={"Audience": [audience], "Issuer": cls.pool.issuer}) for audience in (cls.pool.client, cls.pool.machine_client))
        cls.served.route("GET /people", AuthorizationType="JWT", AuthorizerId=people)
        cls.served.route("GET /machines", AuthorizationType="JWT", AuthorizerId=machines, AuthorizationScopes=["shop/orders.read"])
        cls.served.deployed()

    def get(self, path: str, token: str | None):
        return self.served.call("GET", path, **({} if token is None else {"Authorization": token}))

    def assertUnauthorized(self, path: str, token: str | None):
        before = len(self.events())
        answer = self.get(path, token)
        self.assertSays(401, "Unauthorized", answer)
        self.assertTrue(answer.headers["www-authenticate"].startswith("Bearer"))
        self.assertEqual(before, len(self.events()))

    def test_rightTokens(self):
        for token in (self.tokens["IdToken"], f"Bearer {self.tokens['IdToken']}"):
            self.assertEqual(200, self.get("/people", token).status)
        told = self.events()[-1]["requestContext"]["authorizer"]["jwt"]["claims"]
        self.assertEqual((self.email, "true", "[staff night]", str(claims(self.tokens["IdToken"])["exp"])), (
            told["email"], told["email_verified"], told["cognito:groups"], told["exp"]))
        self.assertEqual(200, self.get("/machines", self.pool.machine_token("shop/orders.read")).status)
        self.assertEqual(["shop/orders.read"], self.events()[-1]["requestContext"]["authorizer"]["jwt"]["scopes"])

    def test_wrongTokens(self):
        header, body, signature = self.tokens["IdToken"].split(".")
        forged = base64.urlsafe_b64encode(json.dumps({**claims(self.tokens["IdToken"]), "email": "x"}).encode()).decode().rstrip("=")
        stranger = self.other.sign_in(self.other.person("ann@example.com"))["IdToken"]
        other_client = self.pool.sign_in(self.email, self.pool.second_client)["IdToken"]
        array = base64.urlsafe_b64encode(b"[]").decode()
        for token in (None, "nonsense", "a.b.c", f"{array}.{array}.x", f"{header}.{array}.{signature}", f"{header}.{forged}.{signature}",
                      f"{header}.{body}.", stranger, other_client):
            self.assertUnauthorized("/people", token)

    def test_expiredToken(self):
        self.aws.set_clock(3601)
        self.assertUnauthorized("/people", self.tokens["IdToken"])

    def test_wrongScopeIsForbidden(self):
        answer = self.get("/machines", self.pool.machine_token("shop/catalog.read"))
        self.assertSays(403, "Forbidden", answer)
        self.assertIn("insufficient_scope", answer.headers["www-authenticate"])

    def test_eitherUseIsTakenByItsAudience(self):
        # An HTTP API does not look at token_use: the access token's client_id is an audience.
        self.assertEqual(200, self.get("/people", self.tokens["AccessToken"]).status)

    def test_format1TellsClaimsAsARestApiDoes(self):
        api = self.api(version="1.0")
        authorizer = api.authorizer("JWT", IdentitySource=["$request.header.Authorization"], JwtConfiguration={
            "Audience": [self.pool.client], "Issuer": self.pool.issuer})
        api.route("GET /a", AuthorizationType="JWT", AuthorizerId=authorizer).deployed()
        self.assertEqual(200, api.call("GET", "/a", Authorization=self.tokens["IdToken"]).status)
        self.assertEqual(self.email, self.events()[-1]["requestContext"]["authorizer"]["claims"]["email"])

    def test_authorizerReportsWhatBelongsToItsType(self):
        [jwt, *_] = self.served.gateway.get_authorizers(ApiId=self.served.id)["Items"]
        self.assertNotIn("AuthorizerPayloadFormatVersion", jwt)
        self.assertNotIn("AuthorizerUri", jwt)
        api = self.api()
        request = api.authorizer("REQUEST", AuthorizerUri=invocation_uri(self.alias), AuthorizerPayloadFormatVersion="2.0",
                                 IdentitySource=["$request.header.x-partner"])
        reported = api.gateway.get_authorizer(ApiId=api.id, AuthorizerId=request)
        self.assertNotIn("JwtConfiguration", reported)
        self.assertEqual("2.0", reported["AuthorizerPayloadFormatVersion"])


class Iam(Http):
    def test_signedCallerWithPermissionAlone(self):
        api = self.api(stage="api").route("GET /iam", AuthorizationType="AWS_IAM").deployed()
        allowed = self.aws.assume(self.aws.role("http-allowed", {
            "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": f"arn:aws:execute-api:{REGION}:*:{api.id}/api/GET/iam"}))
        denied = self.aws.assume(self.aws.role("http-denied"))
        self.assertEqual(200, api.call("GET", "/iam", credentials=allowed).status)
        told = self.events()[-1]["requestContext"]["authorizer"]["iam"]
        self.assertIn(":assumed-role/http-allowed/", told["userArn"])
        before = len(self.events())
        self.assertSays(403, "Forbidden", api.call("GET", "/iam"))
        self.assertSays(403, "Forbidden", api.call("GET", "/iam", Authorization="Bearer x"))
        self.assertSays(403, "Forbidden", api.call("GET", "/iam", credentials=denied))
        self.assertSays(403, "Forbidden", api.call("GET", "/iam", credentials={**allowed, "SecretAccessKey": "other"}))
        self.assertEqual(before, len(self.events()))


class LambdaAuthorizer(Http):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decider = cls.aws.function("http-decides")

    def decides(self, answer) -> None:
        self.aws.function_host.answers["http-decides"] = answer

    def calls(self) -> list[dict]:
        return [event for _, _, event in self.aws.function_host.of("http-decides")]

    def guarded(self, permitted: bool = True, version: str = "2.0", integration: str = "2.0", **settings) -> HttpApi:
        """An API with two routes behind one authorizer."""
        api = self.api(stage="api", version=integration)
        authorizer = api.authorizer(
            "REQUEST", AuthorizerUri=invocation_uri(self.decider), AuthorizerPayloadFormatVersion=version,
            IdentitySource=["$request.header.X-Partner"], **{"AuthorizerResultTtlInSeconds": 60, **settings})
        if permitted:
            self.aws.permit("http-decides", api.id, f"authorizers/{authorizer}")
        for key in ("GET /a/{id}", "GET /b"):
            api.route(key, AuthorizationType="CUSTOM", AuthorizerId=authorizer)
        return api.deployed()

    def policy(self, api: HttpApi, effect: str = "Allow", resource: str = "api/GET/*", action: str = "execute-api:Invoke") -> dict:
        return {"principalId": "acme", "context": {"number": 7}, "policyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": effect, "Action": action, "Resource": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api.id}/{resource}"}]}}

    def test_simpleResponses(self):
        api = self.guarded(EnableSimpleResponses=True)
        self.decides({"isAuthorized": True, "context": {"plan": {"name": "gold"}, "number": 7}})
        self.assertEqual(200, api.call("GET", "/a/1?q=1", X_Partner="acme", Cookie="s=1").status)
        event = self.calls()[-1]
        self.assertEqual(("2.0", "REQUEST", ["acme"], "GET /a/{id}", "/api/a/1", {"id": "1"}, ["s=1"]), tuple(event[name] for name in (
            "version", "type", "identitySource", "routeKey", "rawPath", "pathParameters", "cookies")))
        self.assertEqual(f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api.id}/api/GET/a/1", event["routeArn"])
        self.assertEqual({"plan": {"name": "gold"}, "number": 7}, self.events()[-1]["requestContext"]["authorizer"]["lambda"])
        self.decides({"isAuthorized": False})
        self.assertSays(403, "Forbidden", api.call("GET", "/a/1", X_Partner="bad"))
        self.decides({"isAuthorized": "true"})
        self.assertSays(500, "Internal Server Error", api.call("GET", "/a/1", X_Partner="odd"))

    def test_policyIsReadAnewForEachRouteFromTheCache(self):
        api = self.guarded()
        self.decides(self.policy(api, resource="api/GET/a/*"))
        before = len(self.calls())
        self.assertEqual(200, api.call("GET", "/a/1", X_Partner="acme").status)
        self.assertSays(403, "Forbidden", api.call("GET", "/b", X_Partner="acme"))
        self.assertEqual(1, len(self.calls()) - before)
        self.aws.set_clock(61)
        self.assertEqual(200, api.call("GET", "/a/1", X_Partner="acme").status)
        self.assertEqual(2, len(self.calls()) - before)

    def test_denialIsCachedAndAnotherActionAllowsNothing(self):
        api = self.guarded()
        self.decides(self.policy(api, "Deny"))
        self.assertSays(403, "Forbidden", api.call("GET", "/b", X_Partner="bad"))
        self.decides(self.policy(api))
        self.assertSays(403, "Forbidden", api.call("GET", "/b", X_Partner="bad"))
        self.decides(self.policy(api, action="execute-api:ManageConnections"))
        self.assertSays(403, "Forbidden", api.call("GET", "/b", X_Partner="other"))

    def test_format1(self):
        api = self.guarded(version="1.0", integration="1.0")
        self.decides(self.policy(api))
        self.assertEqual(200, api.call("GET", "/a/1", X_Partner="acme").status)
        event = self.calls()[-1]
        self.assertEqual(("1.0", "REQUEST", "acme", "acme", "/a/{id}", "GET", {"id": "1"}), tuple(event[name] for name in (
            "version", "type", "identitySource", "authorizationToken", "resource", "httpMethod", "pathParameters")))
        self.assertEqual({"number": "7", "principalId": "acme"}, self.events()[-1]["requestContext"]["authorizer"])

    def test_refusalsOfTheFunction(self):
        api = self.guarded()
        before = len(self.calls())
        self.assertSays(401, "Unauthorized", api.call("GET", "/b"))
        self.assertEqual(before, len(self.calls()))
        for message, status, said in (("Unauthorized", 401, "Unauthorized"), ("secret", 500, "Internal Server Error")):
            self.decides(lambda event, message=message: (500, {"errorMessage": message, "errorType": "x"}, {}))
            self.assertSays(status, said, api.call("GET", "/b", X_Partner="acme"))
        for malformed in ("Allow", None, {"policyDocument": {"Statement": [{"Effect": "Allow"}]}}):
            self.decides(malformed)
            self.assertSays(500, "Internal Server Error", api.call("GET", "/b", X_Partner="acme"))

    def test_withoutPermissionTheFunctionIsNotInvoked(self):
        api = self.guarded(permitted=False, EnableSimpleResponses=True)
        self.decides({"isAuthorized": True})
        before = len(self.calls())
        self.assertSays(500, "Internal Server Error", api.call("GET", "/b", X_Partner="acme"))
        self.assertEqual(before, len(self.calls()))
        self.assertIn(f"{api.id}/authorizers/", self.aws.log.read_text())
