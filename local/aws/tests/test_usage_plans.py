"""API keys and usage plans: who may call, how often, and what Terraform reads back."""

import unittest
import uuid

from .local_aws import document, local_aws, mock, proxy
from .test_authorizers import API_KEY, reported


class UsagePlans(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.gateway = cls.aws.client("apigateway")
        alias = cls.aws.function("metered")
        cls.api = cls.aws.deploy(document(
            {"/keyed": {"get": {"responses": {}, "security": [{"key": []}], "x-amazon-apigateway-integration": proxy(alias)}},
             "/open": {"get": mock(200, "open")}},
            components={"securitySchemes": {"key": API_KEY}}, **reported()))
        cls.aws.permit("metered", cls.api)

    def tearDown(self):
        self.aws.set_clock(0)

    def key(self, *plans: str, **settings) -> dict:
        """A key in the plans."""
        created = self.gateway.create_api_key(name=uuid.uuid4().hex, **{"enabled": True, **settings})
        for plan in plans:
            self.gateway.create_usage_plan_key(usagePlanId=plan, keyId=created["id"], keyType="API_KEY")
        return created

    def plan(self, **settings) -> str:
        stages = settings.pop("apiStages", [{"apiId": self.api, "stage": "api"}])
        return self.gateway.create_usage_plan(name="plan", apiStages=stages, **settings)["id"]

    def get(self, key: dict | str | None, path: str = "/keyed"):
        value = key["value"] if isinstance(key, dict) else key
        return self.aws.call_api(self.api, "GET", path, headers={"x-api-key": value} if value else {})

    def statuses(self, key: dict, calls: int, path: str = "/keyed") -> list[int]:
        return [self.get(key, path).status for _ in range(calls)]

    def assertRefused(self, status: int, kind: str, answer):
        self.assertEqual((status, kind), (answer.status, answer.json()["type"]))

    def test_keyInAPlanIsLetInAndNamed(self):
        key = self.key(self.plan())
        self.assertEqual(200, self.get(key).status)
        identity = self.aws.function_host.of("metered")[-1][2]["requestContext"]["identity"]
        self.assertEqual((key["id"], key["value"]), (identity["apiKeyId"], identity["apiKey"]))

    def test_othersAreRefused(self):
        elsewhere = self.aws.deploy(document({"/": {"get": mock(200)}}))
        disabled = self.key(self.plan())
        self.gateway.update_api_key(apiKey=disabled["id"], patchOperations=[{"op": "replace", "path": "/enabled", "value": "false"}])
        self.assertIs(False, self.gateway.get_api_key(apiKey=disabled["id"])["enabled"])
        refused = (
            None, "unknown-unknown-unknown", disabled, self.key(self.plan(), enabled=False), self.key(),
            self.key(self.plan(apiStages=[{"apiId": elsewhere, "stage": "api"}])),
        )
        for key in refused:
            self.assertRefused(403, "INVALID_API_KEY", self.get(key))

    def test_throttleIsOfEachKey(self):
        plan = self.plan(throttle={"rateLimit": 0.001, "burstLimit": 2})
        one, two = self.key(plan), self.key(plan)
        other = self.key(self.plan(throttle={"rateLimit": 0.001, "burstLimit": 3}))
        self.assertEqual([200, 200, 429, 429], self.statuses(one, 4))
        self.assertRefused(429, "THROTTLED", self.get(one))
        self.assertEqual([200, 200, 429], self.statuses(two, 3))
        self.assertEqual([200, 200, 200, 429], self.statuses(other, 4))
        self.aws.set_clock(1000)
        self.assertEqual(200, self.get(one).status)

    def test_throttleOfAMethodInAPlan(self):
        key = self.key(self.plan(apiStages=[{"apiId": self.api, "stage": "api", "throttle": {
            "/keyed/GET": {"rateLimit": 0.001, "burstLimit": 1}}}]))
        self.assertEqual([200, 429], self.statuses(key, 2))

    def test_quotaIsOfEachKeyAndPeriod(self):
        plan = self.plan(quota={"limit": 2, "period": "DAY"})
        one, two = self.key(plan), self.key(plan)
        self.assertEqual([200, 200, 429], self.statuses(one, 3))
        self.assertRefused(429, "QUOTA_EXCEEDED", self.get(one))
        self.assertEqual(200, self.get(two).status)
        self.aws.set_clock(86401)
        self.assertEqual(200, self.get(one).status)

    def test_planDoesNotCountWhereNoKeyIsRequired(self):
        key = self.key(self.plan(throttle={"rateLimit": 0.001, "burstLimit": 1}))
        self.assertEqual([200, 200, 200], self.statuses(key, 3, "/open"))

    def test_valueIsMadeWhereNoneIsGiven(self):
        self.assertGreaterEqual(len(self.key(value="")["value"]), 20)

    def test_limitsThatWereNotSetAreAbsent(self):
        plan = self.gateway.get_usage_plan(usagePlanId=self.plan(throttle={"rateLimit": 1, "burstLimit": 2}))
        self.assertEqual({"rateLimit": 1.0, "burstLimit": 2}, plan["throttle"])
        self.assertNotIn("quota", plan)

    def test_changedPlanIsReportedAndServedAsItWasSet(self):
        plan = self.plan(throttle={"rateLimit": 0.001, "burstLimit": 1}, quota={"limit": 1, "period": "DAY"})
        key = self.key(plan)
        stage = f"{self.api}:api"
        self.gateway.update_usage_plan(usagePlanId=plan, patchOperations=[
            {"op": "replace", "path": "/throttle/rateLimit", "value": "0.002"},
            {"op": "replace", "path": "/throttle/burstLimit", "value": "9"},
            {"op": "replace", "path": "/quota/limit", "value": "4"},
            {"op": "remove", "path": "/apiStages", "value": stage},
            {"op": "add", "path": "/apiStages", "value": stage},
            {"op": "replace", "path": f"/apiStages/{stage}/throttle//keyed/GET/rateLimit", "value": "0.001"},
            {"op": "replace", "path": f"/apiStages/{stage}/throttle//keyed/GET/burstLimit", "value": "3"},
        ])
        described = self.gateway.get_usage_plan(usagePlanId=plan)
        self.assertEqual({"rateLimit": 0.002, "burstLimit": 9}, described["throttle"])
        self.assertEqual({"limit": 4, "period": "DAY"}, described["quota"])
        self.assertEqual([{"apiId": self.api, "stage": "api", "throttle": {"/keyed/GET": {"rateLimit": 0.001, "burstLimit": 3}}}],
                         described["apiStages"])
        self.assertEqual([200, 200, 200, 429], self.statuses(key, 4))
        self.gateway.update_usage_plan(usagePlanId=plan, patchOperations=[{"op": "remove", "path": "/apiStages", "value": stage}])
        self.assertRefused(403, "INVALID_API_KEY", self.get(key))

    def test_planOfAnUnknownStageIsRefusedAndUnchanged(self):
        plan = self.plan()
        with self.assertRaisesRegex(Exception, "API Stage not found: none:api"):
            self.gateway.update_usage_plan(usagePlanId=plan, patchOperations=[
                {"op": "replace", "path": "/name", "value": "other"}, {"op": "add", "path": "/apiStages", "value": "none:api"}])
        self.assertEqual("plan", self.gateway.get_usage_plan(usagePlanId=plan)["name"])
