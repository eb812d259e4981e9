"""Application Auto Scaling: what is registered, and what goes with it."""

import unittest
import uuid

from botocore.exceptions import ClientError

from .local_aws import local_aws


class ApplicationAutoScaling(unittest.TestCase):
    def setUp(self):
        self.client = local_aws().client("application-autoscaling")
        self.target = {
            "ServiceNamespace": "lambda", "ScalableDimension": "lambda:function:ProvisionedConcurrency", "ResourceId": f"function:f{uuid.uuid4().hex}:live",
        }

    def register(self, least: int = 1, most: int = 4, **more) -> str:
        return self.client.register_scalable_target(**self.target, MinCapacity=least, MaxCapacity=most, **more)["ScalableTargetARN"]

    def described(self) -> list:
        return self.client.describe_scalable_targets(ServiceNamespace="lambda", ResourceIds=[self.target["ResourceId"]])["ScalableTargets"]

    def put_policy(self) -> dict:
        return self.client.put_scaling_policy(
            **self.target, PolicyName="utilization", PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 0.7, "PredefinedMetricSpecification": {"PredefinedMetricType": "LambdaProvisionedConcurrencyUtilization"},
            },
        )

    def put_action(self, name: str = "morning") -> None:
        self.client.put_scheduled_action(
            **self.target, ScheduledActionName=name, Schedule="cron(0 7 ? * * *)", Timezone="Europe/Berlin",
            ScalableTargetAction={"MinCapacity": 3, "MaxCapacity": 3},
        )

    def policies(self) -> list:
        return self.client.describe_scaling_policies(**self.target, PolicyNames=["utilization"])["ScalingPolicies"]

    def actions(self, *names: str) -> list:
        return self.client.describe_scheduled_actions(**self.target, ScheduledActionNames=list(names))["ScheduledActions"]

    def refused(self, code: str, call) -> None:
        with self.assertRaises(ClientError) as refusal:
            call()
        self.assertEqual(code, refusal.exception.response["Error"]["Code"])

    def test_aTargetIsDescribedAsRegistered(self):
        arn = self.register(1, 4)
        described, = self.described()
        self.assertEqual((1, 4, arn), (described["MinCapacity"], described["MaxCapacity"], described["ScalableTargetARN"]))
        self.assertIn("AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency", described["RoleARN"])

    def test_registeringAgainChangesOnlyWhatIsGiven(self):
        arn = self.register(1, 4)
        self.client.register_scalable_target(**self.target, MaxCapacity=9)
        described, = self.described()
        self.assertEqual((1, 9, arn), (described["MinCapacity"], described["MaxCapacity"], described["ScalableTargetARN"]))

    def test_aNewTargetNeedsBothCapacities(self):
        self.refused("ValidationException", lambda: self.client.register_scalable_target(**self.target, MinCapacity=1))

    def test_capacitiesUpsideDownAreRefused(self):
        self.refused("ValidationException", lambda: self.register(5, 4))

    def test_aPolicyIsDescribedAndDeleted(self):
        self.register()
        arn = self.put_policy()["PolicyARN"]
        policy, = self.policies()
        self.assertEqual((arn, 0.7), (policy["PolicyARN"], policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]))
        self.client.delete_scaling_policy(**self.target, PolicyName="utilization")
        self.assertEqual([], self.policies())
        self.refused("ObjectNotFoundException", lambda: self.client.delete_scaling_policy(**self.target, PolicyName="utilization"))

    def test_actionsAreDescribedByNameAndDeleted(self):
        self.register()
        self.put_action("morning")
        self.put_action("night")
        self.assertEqual(2, len(self.actions()))
        action, = self.actions("morning")
        self.assertEqual(({"MinCapacity": 3, "MaxCapacity": 3}, "Europe/Berlin"), (action["ScalableTargetAction"], action["Timezone"]))
        self.client.delete_scheduled_action(**self.target, ScheduledActionName="morning")
        self.assertEqual(["night"], [left["ScheduledActionName"] for left in self.actions()])

    def test_nothingIsPutForWhatIsNotRegistered(self):
        self.refused("ObjectNotFoundException", self.put_policy)
        self.refused("ObjectNotFoundException", self.put_action)

    def test_policiesAndActionsGoWithTheirTarget(self):
        self.register()
        self.put_policy()
        self.put_action()
        self.client.deregister_scalable_target(**self.target)
        self.assertEqual([], self.described())
        self.register()
        self.assertEqual(([], []), (self.policies(), self.actions()))

    def test_tags(self):
        arn = self.register(Tags={"a": "1", "b": "2"})
        self.client.tag_resource(ResourceARN=arn, Tags={"c": "3"})
        self.client.untag_resource(ResourceARN=arn, TagKeys=["a"])
        self.assertEqual({"b": "2", "c": "3"}, self.client.list_tags_for_resource(ResourceARN=arn)["Tags"])
