"""Invocations reach the function host, with the right version, and its answer passes unchanged."""

import base64
import io
import json
import time
import unittest
import urllib.request
import zipfile

import botocore.session

from .local_aws import ACCOUNT, jar, local_aws


class FunctionHost(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.awslambda = cls.aws.client("lambda")
        cls.aws.function("hosted", timeout=7)
        cls.awslambda.update_function_code(FunctionName="hosted", ZipFile=jar("two"), Publish=True)

    def invoke(self, answer, **options) -> dict:
        self.aws.function_host.answers["hosted"] = answer
        return self.awslambda.invoke(FunctionName="hosted", Payload=b'{"a": "\xc3\xa4\xf0\x9f\x98\x80"}', **options)

    def content(self, awslambda, qualifier: str) -> str:
        """What the jar says that the function host downloads."""
        location = awslambda.get_function(FunctionName="hosted", Qualifier=qualifier)["Code"]["Location"]
        with urllib.request.urlopen(location, timeout=5) as download, zipfile.ZipFile(io.BytesIO(download.read())) as archive:
            return archive.read("which.txt").decode()

    def test_everyJavaRuntimeAndNameGoesToTheHost(self):
        for runtime in ("java21", "java17"):
            name = f"any-name_{runtime}"
            self.aws.function(name, runtime=runtime)
            self.awslambda.invoke(FunctionName=name, Payload=b"{}")
            self.assertEqual([f"/functions/{name}"], [path for path, _, _ in self.aws.function_host.of(name)])

    def test_aliasAndVersionSendTheVersionTheyName(self):
        for qualifier, version in (("live", "1"), ("1", "1"), ("2", "2"), ("$LATEST", "$LATEST")):
            answered = self.invoke({}, Qualifier=qualifier)
            headers = self.aws.function_host.of("hosted")[-1][1]
            self.assertEqual(version, headers["X-Amzn-Lambda-Function-Version"], qualifier)
            self.assertEqual(version, answered["ExecutedVersion"], qualifier)

    def test_functionOfAnotherRegionIsNamedByItsArnAndHasItsOwnCode(self):
        elsewhere = botocore.session.Session().create_client(
            "lambda", region_name="us-west-2", endpoint_url=self.aws.url, aws_access_key_id="test", aws_secret_access_key="test")
        elsewhere.create_function(
            FunctionName="hosted", Runtime="java21", Handler="a.B", Role=self.aws.role("role-of-another"), Code={"ZipFile": jar("other")})
        elsewhere.invoke(FunctionName="hosted", Payload=b"{}")
        _, headers, _ = self.aws.function_host.of("hosted")[-1]
        self.assertEqual(f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:hosted", headers["X-Amzn-Lambda-Function-Arn"].removesuffix(":$LATEST"))
        self.assertEqual("other", self.content(elsewhere, "$LATEST"))
        self.assertEqual("two", self.content(self.awslambda, "$LATEST"))

    def test_sendsTheEventTheRequestIdAndADeadline(self):
        self.invoke({})
        _, headers, event = self.aws.function_host.of("hosted")[-1]
        self.assertEqual({"a": "ä😀"}, event)
        self.assertTrue(headers["X-Amzn-Lambda-Request-Id"])
        self.assertAlmostEqual(time.time() + 7, int(headers["X-Amzn-Lambda-Deadline-Ms"]) / 1000, delta=3)

    def test_resultPassesUnchanged(self):
        for result in ({"n": [1, 2.5, None, "ä😀"]}, "text", 12, None, []):
            answered = self.invoke(result if result is not None else b"null")
            self.assertNotIn("FunctionError", answered)
            self.assertEqual(result, json.loads(answered["Payload"].read()))

    def test_errorPassesUnchanged(self):
        error = {"errorMessage": "no table", "errorType": "java.sql.SQLException", "stackTrace": ["a.B.c(B.java:1)"]}
        answered = self.invoke(lambda event: (500, error, {}))
        self.assertEqual("Unhandled", answered["FunctionError"])
        self.assertEqual(error, json.loads(answered["Payload"].read()))

    def test_logTailIsTheHostsOrNone(self):
        self.assertNotIn("LogResult", self.invoke({}, LogType="Tail"))
        tail = base64.b64encode(b"START\nreal line\n").decode()
        answered = self.invoke(lambda event: (200, {}, {"X-Amz-Log-Result": tail}), LogType="Tail")
        self.assertEqual(b"START\nreal line\n", base64.b64decode(answered["LogResult"]))

    def test_noLogLinesAreInvented(self):
        self.invoke({})
        groups = self.aws.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/hosted")["logGroups"]
        self.assertEqual([], groups)

    def test_codeLocationDownloadsTheVersionsJar(self):
        for qualifier, content in (("1", "one"), ("live", "one"), ("2", "two"), ("$LATEST", "two")):
            self.assertEqual(content, self.content(self.awslambda, qualifier), qualifier)
