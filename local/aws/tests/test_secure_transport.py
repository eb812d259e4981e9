"""Who speaks TLS to local AWS, as a bucket policy asks."""

import json
import unittest

from botocore.exceptions import ClientError

from .local_aws import ACCOUNT, REGION, local_aws

READ = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::tls-only", "arn:aws:s3:::tls-only/*"]}


class SecureTransport(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        s3 = cls.aws.client("s3")
        s3.create_bucket(Bucket="tls-only", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="tls-only", Key="a", Body=b"a")
        s3.put_bucket_policy(Bucket="tls-only", Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::tls-only", "arn:aws:s3:::tls-only/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}))

    def test_aFunctionsRoleDoes(self):
        role = self.aws.role("tls-reader", READ, path="/functions/")
        s3 = self.aws.client("s3", self.aws.assume(role))
        self.assertEqual(b"a", s3.get_object(Bucket="tls-only", Key="a")["Body"].read())
        self.assertEqual(["a"], [content["Key"] for content in s3.list_objects_v2(Bucket="tls-only")["Contents"]])

    def test_aRoleOfPeopleDoesNot(self):
        role = self.aws.role("tls-person", READ)
        self.aws.client("iam").update_assume_role_policy(RoleName="tls-person", PolicyDocument=json.dumps({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]}))
        s3 = self.aws.client("s3", self.aws.assume(role))
        with self.assertRaises(ClientError) as refused:
            s3.get_object(Bucket="tls-only", Key="a")
        self.assertEqual("AccessDenied", refused.exception.response["Error"]["Code"])

    def test_nobodyElseDoes(self):
        self.assertEqual(403, self.aws.request("GET", "/tls-only/a").status)
