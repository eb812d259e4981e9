"""What a killed MiniStack knows when it is started again: what it was told to save, or nothing."""

import json
import unittest

from .local_aws import REGION, LocalAws, document, mock, proxy


class State(unittest.TestCase):
    def setUp(self):
        self.aws = LocalAws()
        self.addCleanup(self.aws.stop)

    def save(self) -> int:
        return self.aws.request("POST", "/_webapp/state").status

    def test_savedStateOutlivesAKill(self):
        role = self.aws.role("kept-reader", {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::kept/*"})
        alias = self.aws.function("kept")
        api_id = self.aws.deploy(document({"/kept": {"get": proxy_operation(alias)}, "/fixed": {"get": mock(200, "deployed")}}))
        self.aws.permit("kept", api_id)
        # Written but never deployed: a stage goes on serving what was.
        self.aws.client("apigateway").put_rest_api(
            restApiId=api_id, mode="overwrite",
            body=json.dumps(document({"/kept": {"get": proxy_operation(alias)}, "/fixed": {"get": mock(200, "changed")}})))
        s3 = self.aws.client("s3")
        s3.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="kept", Key="page.html", Body=b"\x00\xff<p>", ContentType="text/html", CacheControl="max-age=5")
        key = self.aws.client("kms").create_key()["KeyMetadata"]["Arn"]
        rds = self.aws.client("rds")
        instance = rds.create_db_instance(
            DBInstanceIdentifier="kept", Engine="mysql", EngineVersion="8.4", DBInstanceClass="db.t4g.small", AllocatedStorage=20,
            MasterUsername="master", ManageMasterUserPassword=True, MasterUserSecretKmsKeyId=key)["DBInstance"]
        described = rds.describe_db_instances()["DBInstances"]
        secret = self.aws.client("secretsmanager").get_secret_value(SecretId=instance["MasterUserSecret"]["SecretArn"])["SecretString"]
        scaling = self.aws.client("application-autoscaling")
        target = {"ServiceNamespace": "lambda", "ScalableDimension": "lambda:function:ProvisionedConcurrency", "ResourceId": "function:kept:live"}
        scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=4)
        scaling.put_scheduled_action(**target, ScheduledActionName="morning", Schedule="rate(1 day)", ScalableTargetAction={"MinCapacity": 2, "MaxCapacity": 2})
        scheduled = scaling.describe_scheduled_actions(ServiceNamespace="lambda")["ScheduledActions"]

        self.assertEqual(200, self.save())
        self.aws.kill()
        self.aws.start()

        scaling = self.aws.client("application-autoscaling")
        self.assertEqual(1, len(scaling.describe_scalable_targets(ServiceNamespace="lambda")["ScalableTargets"]))
        self.assertEqual(scheduled, scaling.describe_scheduled_actions(ServiceNamespace="lambda")["ScheduledActions"])
        self.assertEqual(described, self.aws.client("rds").describe_db_instances()["DBInstances"])
        again = self.aws.client("secretsmanager").get_secret_value(SecretId=instance["MasterUserSecret"]["SecretArn"])["SecretString"]
        self.assertEqual(secret, again)
        page = self.aws.client("s3", self.aws.assume(role)).get_object(Bucket="kept", Key="page.html")
        self.assertEqual((b"\x00\xff<p>", "text/html", "max-age=5"), (page["Body"].read(), page["ContentType"], page["CacheControl"]))
        self.assertEqual(b"deployed", self.aws.call_api(api_id, "GET", "/fixed").body)
        self.assertEqual(200, self.aws.call_api(api_id, "GET", "/kept").status)
        self.assertEqual(1, len(self.aws.function_host.of("kept")))

    def test_withoutASaveNothingIsLoaded(self):
        self.aws.role("forgotten")
        self.aws.kill()
        self.aws.start()
        self.assertEqual([], self.roles())

    def test_orderlyStopSavesToo(self):
        self.aws.role("stopped")
        self.aws.process.terminate()
        self.aws.process.wait(10)
        self.aws.start()
        self.assertEqual(["stopped"], self.roles())

    def test_saveThatFailsIsToldAndNeverLoaded(self):
        self.aws.role("halved")
        self.aws.client("kms").create_key()
        self.assertEqual(200, self.save())
        (self.aws.state / "kms.json.tmp").mkdir()  # as a full disk would, it keeps one file from being written
        self.assertEqual(507, self.save())
        self.aws.kill()
        (self.aws.state / "kms.json.tmp").rmdir()
        self.assertTrue((self.aws.state / "iam.json").exists())
        self.aws.start()
        self.assertEqual([], self.roles())

    def test_aDistributionHasNoSuchPath(self):
        answer = self.aws.request("POST", "/_webapp/state", headers={"Host": "d111111abcdef8.cloudfront.net"})
        self.assertNotEqual(200, answer.status)
        self.assertFalse((self.aws.state / "complete").exists())

    def roles(self) -> list[str]:
        return [role["RoleName"] for role in self.aws.client("iam").list_roles()["Roles"]]


def proxy_operation(alias: str) -> dict:
    return {"responses": {"200": {"description": ""}}, "x-amazon-apigateway-integration": proxy(alias)}


if __name__ == "__main__":
    unittest.main()
