"""What an SDK repeats, because it got no answer, is carried out once."""

import json
import unittest
import uuid

from .local_aws import REGION, local_aws

_SIGNED = f"AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/lambda/aws4_request, SignedHeaders=host, Signature=any"


class RepeatedRequest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.aws.function("repeated")

    def create_alias(self, name: str, invocation: str, attempt: int):
        return self.aws.request("POST", "/2015-03-31/functions/repeated/aliases", json.dumps({"Name": name, "FunctionVersion": "1"}), {
            "Authorization": _SIGNED, "amz-sdk-invocation-id": invocation, "amz-sdk-request": f"attempt={attempt}; max=25"})

    def test_repetitionGetsTheFirstAnswer(self):
        invocation = str(uuid.uuid4())
        first, second = (self.create_alias("repeated-once", invocation, attempt) for attempt in (1, 2))
        self.assertEqual((201, 201), (first.status, second.status))
        self.assertEqual(first.body, second.body)

    def test_anotherRequestIsNone(self):
        self.assertEqual(201, self.create_alias("made-twice", str(uuid.uuid4()), 1).status)
        self.assertEqual(409, self.create_alias("made-twice", str(uuid.uuid4()), 1).status)

    def test_repetitionOfARefusalIsTriedAgain(self):
        invocation = str(uuid.uuid4())
        self.create_alias("refused-first", str(uuid.uuid4()), 1)
        self.assertEqual(409, self.create_alias("refused-first", invocation, 1).status)
        self.aws.client("lambda").delete_alias(FunctionName="repeated", Name="refused-first")
        self.assertEqual(201, self.create_alias("refused-first", invocation, 2).status)
