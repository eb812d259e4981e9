"""Schedules tick the functions of their own region, with their role, from the start; what they may not deliver is a dead letter."""

import json
import time
import unittest

import botocore.session
from botocore.exceptions import ClientError

from .local_aws import ACCOUNT, REGION, jar, local_aws

RECOVERY = "us-west-2"
# MiniStack looks for due schedules every ten seconds.
PATIENCE_SECONDS = 25


class Schedule(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.iam = cls.aws.client("iam")

    def client(self, service: str, region: str):
        return botocore.session.Session().create_client(
            service, region_name=region, endpoint_url=self.aws.url, aws_access_key_id="test", aws_secret_access_key="test")

    def function(self, name: str, region: str) -> str:
        """Creates a function with an alias `live` of version 1; returns the alias's ARN."""
        awslambda = self.client("lambda", region)
        role = self.aws.role(f"role-of-{name}-{region}")
        awslambda.create_function(
            FunctionName=name, Runtime="java21", Handler="a.B", Role=role, Timeout=10, Code={"ZipFile": jar("one")}, Publish=True)
        return awslambda.create_alias(FunctionName=name, Name="live", FunctionVersion="1")["AliasArn"]

    def queue(self, name: str, region: str) -> tuple[str, str]:
        sqs = self.client("sqs", region)
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def role(self, name: str, region: str, *statements: dict) -> str:
        trust = {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "scheduler.amazonaws.com"},
            "Condition": {"StringEquals": {
                "aws:SourceAccount": ACCOUNT, "aws:SourceArn": f"arn:aws:scheduler:{region}:{ACCOUNT}:schedule-group/default"}},
        }]}
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        if statements:
            policy = {"Version": "2012-10-17", "Statement": list(statements)}
            self.iam.put_role_policy(RoleName=name, PolicyName="schedule", PolicyDocument=json.dumps(policy))
        return arn

    def schedule(self, name: str, region: str, target: str, role: str, dead_letters: str | None = None) -> None:
        target = {"Arn": target, "RoleArn": role, "Input": json.dumps({"plan": name})}
        if dead_letters:
            target["DeadLetterConfig"] = {"Arn": dead_letters}
        self.client("scheduler", region).create_schedule(
            Name=name, ScheduleExpression="rate(5 minutes)", FlexibleTimeWindow={"Mode": "OFF"}, Target=target)

    def await_(self, look):
        """What `look` finds within the time of two looks of MiniStack's."""
        deadline = time.time() + PATIENCE_SECONDS
        while not (found := look()):
            if time.time() > deadline:
                self.fail("nothing came")
            time.sleep(0.2)
        return found

    def letters(self, url: str, region: str) -> list[dict]:
        found = self.client("sqs", region).receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]

    def test_ticksTheFunctionOfItsRegionAtOnce(self):
        self.function("ticked", REGION)
        alias = self.function("ticked", RECOVERY)
        allowed = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": alias}
        self.schedule("ticked", RECOVERY, alias, self.role("ticks", RECOVERY, allowed))
        self.await_(lambda: self.aws.function_host.of("ticked"))
        path, headers, event = self.aws.function_host.of("ticked")[0]
        self.assertEqual(f"arn:aws:lambda:{RECOVERY}:{ACCOUNT}:function:ticked:live", headers["X-Amzn-Lambda-Function-Arn"])
        self.assertEqual("1", headers["X-Amzn-Lambda-Function-Version"])
        self.assertEqual({"plan": "ticked"}, event)
        self.assertEqual(1, len(self.aws.function_host.of("ticked")))

    def test_tickThatTheRoleMayNotDeliverIsADeadLetter(self):
        alias = self.function("forbidden", REGION)
        url, queue = self.queue("undelivered", REGION)
        other = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": alias.removesuffix(":live")}
        bury = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue}
        self.schedule("forbidden", REGION, alias, self.role("ticks-other", REGION, other, bury), dead_letters=queue)
        self.assertEqual([{"plan": "forbidden"}], self.await_(lambda: self.letters(url, REGION)))
        self.assertEqual([], self.aws.function_host.of("forbidden"))
        self.assertIn(f"may not lambda:InvokeFunction on {alias}", self.aws.log.read_text())

    def test_deadLetterNeedsItsOwnPermission(self):
        alias = self.function("silenced", REGION)
        url, queue = self.queue("unreachable", REGION)
        self.schedule("silenced", REGION, alias, self.role("ticks-nothing", REGION), dead_letters=queue)
        self.await_(lambda: f"may not sqs:SendMessage on {queue}" in self.aws.log.read_text())
        self.assertEqual([], self.letters(url, REGION))
        self.assertEqual([], self.aws.function_host.of("silenced"))

    def test_failedTickGoesWhereTheAliasSays(self):
        alias = self.function("failing", RECOVERY)
        self.aws.function_host.answers["failing"] = lambda event: (502, {"errorMessage": "broken", "errorType": "E"}, {})
        url, queue = self.queue("failed", RECOVERY)
        self.client("lambda", RECOVERY).put_function_event_invoke_config(
            FunctionName="failing", Qualifier="live", MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": queue}})
        allowed = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": alias}
        self.schedule("failing", RECOVERY, alias, self.role("ticks-failing", RECOVERY, allowed))
        (letter,) = self.await_(lambda: self.letters(url, RECOVERY))
        self.assertEqual({"plan": "failing"}, letter["requestPayload"])
        self.assertEqual("broken", letter["responsePayload"]["errorMessage"])
        self.assertEqual(1, len(self.aws.function_host.of("failing")))

    def test_roleThatTheSchedulerMayNotAssumeIsRefused(self):
        alias = self.function("untrusted", REGION)
        for role in (self.aws.role("of-lambda"), self.role("of-another-region", RECOVERY), f"arn:aws:iam::{ACCOUNT}:role/missing"):
            with self.assertRaises(ClientError) as refused:
                self.schedule("untrusted", REGION, alias, role)
            self.assertEqual("ValidationException", refused.exception.response["Error"]["Code"])
            self.assertIn("must allow AWS EventBridge Scheduler to assume the role", str(refused.exception))
