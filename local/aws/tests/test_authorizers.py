"""A REST API's authorizers on the data plane: who is let in, what the function is told, and what is cached."""

import json
import unittest

from botocore.exceptions import ClientError

from .local_aws import ACCOUNT, REGION, document, invocation_uri, local_aws, mock, proxy
from .user_pool import UserPool

ANSWER = '{"type":"$context.error.responseType","message":$context.error.messageString,"why":"$context.authorizer.why"}'


def reported() -> dict:
    """Gateway responses that tell their type."""
    told = {"responseTemplates": {"application/json": ANSWER}}
    return {"x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": told, "DEFAULT_5XX": told}}


def scheme(authtype: str, **authorizer) -> dict:
    return {
        "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": authtype,
        "x-amazon-apigateway-authorizer": authorizer,
    }


def user_pool_scheme(pool_arn: str, **more) -> dict:
    return scheme("cognito_user_pools", type="cognito_user_pools", providerARNs=[pool_arn], **more)


API_KEY = {"type": "apiKey", "name": "x-api-key", "in": "header"}
POOL_ARN = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_abc"


class Import(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = local_aws().client("apigateway")
        cls.uri = invocation_uri(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f:live")

    def put(self, schemes: dict, *security: dict):
        api_id = self.gateway.create_rest_api(name="imported")["id"]
        self.gateway.put_rest_api(restApiId=api_id, mode="overwrite", body=json.dumps(document(
            {"/": {"get": mock(200, security=list(security))}}, components={"securitySchemes": schemes})))
        root = self.gateway.get_resources(restApiId=api_id)["items"][0]["id"]
        method = self.gateway.get_method(restApiId=api_id, resourceId=root, httpMethod="GET")
        return method, self.gateway.get_authorizers(restApiId=api_id)["items"]

    def refusal(self, schemes: dict, *security: dict) -> str:
        with self.assertRaises(ClientError) as refused:
            self.put(schemes, *security)
        return refused.exception.response["Error"]["Message"]

    def test_userPoolWithScopesAndKey(self):
        method, [authorizer] = self.put(
            {"people": user_pool_scheme(POOL_ARN, identityValidationExpression="abc|def"), "key": API_KEY},
            {"people": ["shop/orders.read"], "key": []})
        self.assertEqual(("COGNITO_USER_POOLS", authorizer["id"], ["shop/orders.read"], True), (
            method["authorizationType"], method["authorizerId"], method["authorizationScopes"], method["apiKeyRequired"]))
        self.assertEqual(("people", [POOL_ARN], "method.request.header.Authorization", "abc|def"), (
            authorizer["name"], authorizer["providerARNs"], authorizer["identitySource"], authorizer["identityValidationExpression"]))

    def test_requestAuthorizerKeepsItsIdentitySources(self):
        sources = "method.request.header.Authorization, context.resourcePath"
        method, [authorizer] = self.put(
            {"partner": scheme("custom", type="request", authorizerUri=self.uri, identitySource=sources, authorizerResultTtlInSeconds=60)},
            {"partner": []})
        self.assertEqual(("CUSTOM", False), (method["authorizationType"], method["apiKeyRequired"]))
        self.assertEqual(("REQUEST", sources, 60), (
            authorizer["type"], authorizer["identitySource"], authorizer["authorizerResultTtlInSeconds"]))

    def test_requestAuthorizerWithoutCacheNeedsNoIdentitySource(self):
        _, [authorizer] = self.put(
            {"partner": scheme("custom", type="request", authorizerUri=self.uri, authorizerResultTtlInSeconds=0)}, {"partner": []})
        self.assertEqual("", authorizer["identitySource"])

    def test_keyAloneAndSignature(self):
        method, authorizers = self.put({"key": API_KEY}, {"key": []})
        self.assertEqual(("NONE", True, []), (method["authorizationType"], method["apiKeyRequired"], authorizers))
        method, authorizers = self.put(
            {"iam": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"}}, {"iam": []})
        self.assertEqual(("AWS_IAM", []), (method["authorizationType"], authorizers))

    def test_refusesWhatCannotBecomeAnAuthorizer(self):
        message = self.refusal({
            "bare": {**API_KEY, "x-amazon-apigateway-authtype": "custom"},
            "jwt": scheme("jwt", type="jwt"),
            "nowhere": scheme("custom", type="token", authorizerUri="https://example.com"),
            "eternal": scheme("custom", type="token", authorizerUri=self.uri, authorizerResultTtlInSeconds=3601),
            "sourceless": scheme("custom", type="request", authorizerUri=self.uri),
            "misplaced": scheme("custom", type="token", authorizerUri=self.uri, identitySource="method.request.querystring.token"),
            "poolless": scheme("cognito_user_pools", type="cognito_user_pools"),
            "lost": user_pool_scheme("arn:aws:cognito-idp:userpool"),
        })
        for expected in (
            "'bare'. Extension x-amazon-apigateway-authorizer is required",
            "'jwt'. Invalid authorizer type specified: jwt",
            "'nowhere'. Invalid Authorizer URI: https://example.com",
            "'eternal'. Authorizer result TTL",
            "'sourceless'. An identity source is required",
            "'misplaced'. Invalid mapping expression",
            "'poolless'. A COGNITO_USER_POOLS authorizer requires providerARNs",
            "'lost'. Invalid provider ARN",
        ):
            self.assertIn(expected, message)

    def test_refusesACacheForEveryCallerAlike(self):
        api_id = self.gateway.create_rest_api(name="imported")["id"]
        with self.assertRaisesRegex(ClientError, "An identity source is required"):
            self.gateway.create_authorizer(restApiId=api_id, name="all alike", type="REQUEST", authorizerUri=self.uri)

    def test_refusesTwoAuthorizersAndScopesOfNoPool(self):
        token = scheme("custom", type="token", authorizerUri=self.uri)
        both = {"people": user_pool_scheme(POOL_ARN), "partner": token}
        self.assertIn("Only one authorizer is allowed, not people, partner", self.refusal(both, {"people": []}, {"partner": []}))
        self.assertIn("Authorization scopes need a COGNITO_USER_POOLS", self.refusal({"partner": token}, {"partner": ["a/b"]}))


class UserPoolAuthorizer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.pool, cls.other = UserPool(cls.aws), UserPool(cls.aws)
        cls.alias = cls.aws.function("for-people")
        operation = {"responses": {}, "x-amazon-apigateway-integration": proxy(cls.alias)}
        cls.api = cls.aws.deploy(document(
            {"/people": {"get": {**operation, "security": [{"people": []}]}},
             "/own": {"get": {**operation, "security": [{"own": []}]}},
             "/machines": {"get": {**operation, "security": [{"people": ["shop/orders.read"]}]}}},
            components={"securitySchemes": {
                "people": user_pool_scheme(cls.pool.arn),
                "own": user_pool_scheme(cls.pool.arn, identityValidationExpression=cls.pool.client),
            }}, **reported()))
        cls.aws.permit("for-people", cls.api)
        cls.email = cls.pool.person("ann@example.com", "staff", "night shift")
        cls.tokens = cls.pool.sign_in(cls.email)

    def tearDown(self):
        self.aws.set_clock(0)

    def get(self, path: str, token: str | None = None):
        return self.aws.call_api(self.api, "GET", path, headers={} if token is None else {"Authorization": token})

    def assertUnauthorized(self, path: str, token: str | None, message: str = "Unauthorized"):
        before = len(self.aws.function_host.of("for-people"))
        answer = self.get(path, token)
        self.assertEqual((401, "UNAUTHORIZED", message), (answer.status, answer.json()["type"], answer.json()["message"]))
        self.assertEqual(before, len(self.aws.function_host.of("for-people")))

    def test_idTokenIsLetInWithClaimsAsStrings(self):
        for token in (self.tokens["IdToken"], f"Bearer {self.tokens['IdToken']}"):
            self.assertEqual(200, self.get("/people", token).status)
            claims = self.aws.function_host.of("for-people")[-1][2]["requestContext"]["authorizer"]["claims"]
            self.assertEqual(("id", self.email, "true", "staff,night shift", self.pool.client, self.pool.issuer), tuple(
                claims[name] for name in ("token_use", "email", "email_verified", "cognito:groups", "aud", "iss")))
            self.assertTrue(claims["auth_time"].isdigit())
            self.assertRegex(claims["exp"], r"^\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}$")
            self.assertEqual({str}, {type(value) for value in claims.values()})

    def test_absentAndMalformedTokens(self):
        for token in (None, "", "Bearer ", "nonsense", "a.b.c", "Bearer a.b.c"):
            self.assertUnauthorized("/people", token)

    def test_tamperedTokens(self):
        header, claims, signature = self.tokens["IdToken"].split(".")
        other = self.pool.sign_in(self.pool.person("bob@example.com"))["IdToken"].split(".")
        self.assertUnauthorized("/people", f"{header}.{other[1]}.{signature}")
        self.assertUnauthorized("/people", f"{header}.{claims}.{other[2]}")
        self.assertUnauthorized("/people", f"{header}.{claims}.")

    def test_tokenOfAnotherPool(self):
        stranger = self.other.sign_in(self.other.person("ann@example.com"))
        self.assertUnauthorized("/people", stranger["IdToken"])

    def test_expiredToken(self):
        self.aws.set_clock(3601)
        self.assertUnauthorized("/people", self.tokens["IdToken"], "The incoming token has expired")
        self.assertUnauthorized("/people", self.tokens["IdToken"][:-4] + "AAAA")

    def test_withoutScopesAnAccessTokenIsOfTheWrongUse(self):
        self.assertUnauthorized("/people", self.tokens["AccessToken"])
        self.assertUnauthorized("/people", self.pool.machine_token("shop/orders.read"))

    def test_withScopesOneOfThemIsNeeded(self):
        machine = self.pool.machine_token("shop/orders.read shop/catalog.read")
        self.assertEqual(200, self.get("/machines", f"Bearer {machine}").status)
        claims = self.aws.function_host.of("for-people")[-1][2]["requestContext"]["authorizer"]["claims"]
        self.assertEqual(("access", self.pool.machine_client), (claims["token_use"], claims["client_id"]))
        self.assertNotIn("aud", claims)
        self.assertUnauthorized("/machines", self.pool.machine_token("shop/catalog.read"))
        self.assertUnauthorized("/machines", self.tokens["IdToken"])
        self.assertUnauthorized("/machines", self.tokens["AccessToken"])

    def test_validationExpressionNamesTheAudience(self):
        self.assertEqual(200, self.get("/own", self.tokens["IdToken"]).status)
        self.assertUnauthorized("/own", self.pool.sign_in(self.email, self.pool.second_client)["IdToken"])


class LambdaAuthorizer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.alias = cls.aws.function("behind")
        cls.authorizer = cls.aws.function("decides")
        operation = {"responses": {}, "x-amazon-apigateway-integration": proxy(cls.alias)}
        uri = invocation_uri(cls.authorizer)
        cls.api = cls.aws.deploy(document(
            {"/token/{id}": {"get": {**operation, "security": [{"token": []}]}, "post": {**operation, "security": [{"token": []}]}},
             "/request/{id}": {"get": {**operation, "security": [{"request": []}]}},
             "/each/{id}": {"get": {**operation, "security": [{"each": []}]}},
             "/unpermitted": {"get": {**operation, "security": [{"unpermitted": []}]}}},
            components={"securitySchemes": {
                "token": scheme("custom", type="token", authorizerUri=uri, identityValidationExpression="[a-z0-9 ]+"),
                "request": scheme("custom", type="request", authorizerUri=uri, authorizerResultTtlInSeconds=60,
                                  identitySource="method.request.header.X-Partner, method.request.querystring.shop, context.resourcePath"),
                "each": scheme("custom", type="request", authorizerUri=uri, authorizerResultTtlInSeconds=0,
                               identitySource="method.request.header.X-Partner"),
                "unpermitted": scheme("custom", type="token", authorizerUri=uri),
            }}, **reported()))
        cls.aws.permit("behind", cls.api)
        for name, authorizer_id in cls.authorizers().items():
            if name != "unpermitted":
                cls.aws.permit("decides", cls.api, f"authorizers/{authorizer_id}")

    @classmethod
    def authorizers(cls) -> dict[str, str]:
        return {one["name"]: one["id"] for one in cls.aws.client("apigateway").get_authorizers(restApiId=cls.api)["items"]}

    def setUp(self):
        self.aws.client("apigateway").flush_stage_authorizers_cache(restApiId=self.api, stageName="api")

    def tearDown(self):
        self.aws.set_clock(0)

    def decide(self, effect: str = "Allow", resource: str = "*", action: str = "execute-api:Invoke", context=None, **more) -> None:
        self.aws.function_host.answers["decides"] = {
            "principalId": "acme", "context": {"why": "told", "number": 7, "flag": True} if context is None else context,
            "policyDocument": {"Version": "2012-10-17", "Statement": [
                {"Effect": effect, "Action": action, "Resource": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.api}/{resource}", **more}]},
        }

    def get(self, path: str = "/token/1", method: str = "GET", **headers):
        return self.aws.call_api(self.api, method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def calls(self) -> list[dict]:
        return [event for _, _, event in self.aws.function_host.of("decides")]

    def assertRefused(self, status: int, kind: str, answer):
        self.assertEqual((status, kind), (answer.status, answer.json()["type"]))

    def test_tokenEventAndContext(self):
        self.decide()
        self.assertEqual(200, self.get(Authorization="one").status)
        self.assertEqual({
            "type": "TOKEN", "authorizationToken": "one",
            "methodArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.api}/api/GET/token/1"}, self.calls()[-1])
        self.assertEqual(self.authorizer, self.aws.function_host.of("decides")[-1][1]["X-Amzn-Lambda-Function-Arn"])
        told = self.aws.function_host.of("behind")[-1][2]["requestContext"]["authorizer"]
        self.assertIsInstance(told.pop("integrationLatency"), int)
        self.assertEqual({"principalId": "acme", "why": "told", "number": "7", "flag": "true"}, told)

    def test_requestEvent(self):
        self.decide()
        answer = self.get("/request/7?shop=a&shop=b", X_Partner="acme")
        self.assertEqual(200, answer.status)
        event = self.calls()[-1]
        self.assertEqual(("REQUEST", "/request/{id}", "/request/7", "GET", {"id": "7"}), tuple(
            event[name] for name in ("type", "resource", "path", "httpMethod", "pathParameters")))
        self.assertEqual(["a", "b"], event["multiValueQueryStringParameters"]["shop"])
        headers = {name.lower(): value for name, value in event["headers"].items()}
        self.assertEqual("acme", headers["x-partner"])
        context = event["requestContext"]
        self.assertEqual(("/api/request/7", "/request/{id}", "api", self.api, answer.headers["x-amzn-requestid"]), tuple(
            context[name] for name in ("path", "resourcePath", "stage", "apiId", "requestId")))
        self.assertIn("sourceIp", context["identity"])

    def test_absentIdentitySourceIsRefusedWithoutACall(self):
        before = len(self.calls())
        for answer in (
            self.get(), self.get(Authorization="NOT MATCHING"), self.get("/request/1?shop=a"), self.get("/request/1", X_Partner="acme"),
            self.get("/each/1"),
        ):
            self.assertRefused(401, "UNAUTHORIZED", answer)
        self.assertEqual(before, len(self.calls()))

    def test_allowedIsCachedForItsTimeByItsSources(self):
        self.decide()
        before = len(self.calls())
        for _ in range(2):
            self.assertEqual(200, self.get("/request/1?shop=a", X_Partner="acme").status)
        self.assertEqual(0, self.aws.function_host.of("behind")[-1][2]["requestContext"]["authorizer"]["integrationLatency"])
        self.assertEqual(1, len(self.calls()) - before)
        self.assertEqual(200, self.get("/request/1?shop=b", X_Partner="acme").status)
        self.assertEqual(200, self.get("/request/1?shop=a", X_Partner="other").status)
        self.assertEqual(3, len(self.calls()) - before)
        self.aws.set_clock(61)
        self.assertEqual(200, self.get("/request/1?shop=a", X_Partner="acme").status)
        self.assertEqual(4, len(self.calls()) - before)

    def test_withoutTimeNothingIsCached(self):
        self.decide()
        before = len(self.calls())
        for _ in range(2):
            self.assertEqual(200, self.get("/each/1", X_Partner="acme").status)
        self.assertEqual(2, len(self.calls()) - before)

    def test_cachedPolicyIsReadAnewForEachMethod(self):
        self.decide(resource="api/GET/token/1")
        before = len(self.calls())
        self.assertEqual(200, self.get(Authorization="narrow").status)
        self.assertRefused(403, "ACCESS_DENIED", self.get("/token/2", Authorization="narrow"))
        self.assertRefused(403, "ACCESS_DENIED", self.get(method="POST", Authorization="narrow"))
        self.assertEqual(1, len(self.calls()) - before)

    def test_denialIsCachedAndItsContextReachesTheGatewayResponse(self):
        self.decide("Deny")
        denied = self.get(Authorization="bad")
        self.decide("Allow")
        again = self.get(Authorization="bad")
        for answer in (denied, again):
            self.assertRefused(403, "ACCESS_DENIED", answer)
            self.assertEqual("told", answer.json()["why"])

    def test_otherActionAndUnmetConditionAllowNothing(self):
        self.decide(action="execute-api:ManageConnections")
        self.assertRefused(403, "ACCESS_DENIED", self.get(Authorization="action"))
        self.decide(Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
        self.assertRefused(403, "ACCESS_DENIED", self.get(Authorization="condition"))

    def test_functionThatThrowsUnauthorizedIs401AndAnyOtherErrorIs500(self):
        for message, status, kind in (("Unauthorized", 401, "UNAUTHORIZED"), ("secret", 500, "AUTHORIZER_FAILURE")):
            self.aws.function_host.answers["decides"] = lambda event, message=message: (500, {"errorMessage": message, "errorType": "x"}, {})
            answer = self.get(Authorization="throws")
            self.assertRefused(status, kind, answer)
            self.assertNotIn(b"secret", answer.body)

    def test_malformedAnswersAre500AndNotCached(self):
        self.decide()
        good = self.aws.function_host.answers["decides"]
        statement = good["policyDocument"]["Statement"][0]
        for bad in (
            "Allow", None, {"principalId": "acme"}, {**good, "context": {"roles": ["a"]}}, {**good, "context": {"a": {"b": "c"}}},
            {**good, "policyDocument": {"Statement": [{**statement, "Effect": "Maybe"}]}},
            {**good, "policyDocument": {"Statement": [{"Effect": "Allow", "Action": "*"}]}},
        ):
            self.aws.function_host.answers["decides"] = bad
            answer = self.get(Authorization="malformed")
            # AWS renders the type of this one as API_CONFIGURATION_ERROR.
            self.assertRefused(500, "API_CONFIGURATION_ERROR", answer)
            self.assertEqual("AuthorizerConfigurationException", answer.headers["x-amzn-errortype"])
        self.decide()
        self.assertEqual(200, self.get(Authorization="malformed").status)

    def test_withoutPermissionTheFunctionIsNotInvokedAndTheLogNamesIt(self):
        before = len(self.calls())
        answer = self.get("/unpermitted", Authorization="one")
        self.assertEqual((500, "AuthorizerConfigurationException"), (answer.status, answer.headers["x-amzn-errortype"]))
        self.assertEqual(before, len(self.calls()))
        self.assertIn(f"{self.api}/authorizers/{self.authorizers()['unpermitted']} (aws_lambda_permission)", self.aws.log.read_text())
