"""CloudFront in front of an API and of a private bucket, and its response headers policy."""

import json
import unittest
import uuid

from .local_aws import REGION, document, local_aws, mock, proxy

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


class CloudFront(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.cloudfront = cls.aws.client("cloudfront")

    def distribution(self, origin: dict, policy: str | None = None, path_pattern: str | None = None) -> dict:
        """@param path_pattern: of what is answered by any method; all else can only be read"""
        behavior = {
            "TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all", "CachePolicyId": CACHING_DISABLED, "Compress": True,
            "AllowedMethods": {
                "Quantity": 7, "Items": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]}},
        }
        if policy:
            behavior["OriginRequestPolicyId"] = policy
        ordered = []
        if path_pattern:
            ordered = [{**behavior, "PathPattern": path_pattern}]
            behavior = {**behavior, "AllowedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]}}
        return self.cloudfront.create_distribution(DistributionConfig={
            "CallerReference": uuid.uuid4().hex, "Comment": "", "Enabled": True, "DefaultCacheBehavior": behavior,
            "CacheBehaviors": {"Quantity": len(ordered), "Items": ordered}, "Origins": {"Quantity": 1, "Items": [{"Id": "o", **origin}]},
        })["Distribution"]

    def view(self, distribution: dict, method: str, path: str, body=None, **headers):
        return self.aws.request(method, path, body, {"Host": distribution["DomainName"], **headers})


class ApiOrigin(CloudFront):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        alias = cls.aws.function("behind-cdn")
        cls.api = cls.aws.deploy(document({
            "/users/{id}": {"put": {"responses": {}, "x-amazon-apigateway-integration": proxy(alias)}},
            "/{proxy+}": {"x-amazon-apigateway-any-method": mock(404, '{"title":"x"}', {"Content-Type": "application/problem+json"})},
        }))
        cls.aws.permit("behind-cdn", cls.api)

    def origin(self, protocol: str = "https-only") -> dict:
        return {
            "DomainName": f"{self.api}.execute-api.{REGION}.amazonaws.com",
            "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": protocol},
        }

    def test_everyPathIsTheDistributions(self):
        distribution = self.distribution(self.origin(), ALL_VIEWER_EXCEPT_HOST)
        for method, path in (
            ("POST", "/_ministack/reset"), ("POST", "/_ministack/config"), ("GET", "/_ministack/lambda-code/behind-cdn"),
            ("GET", "/_localstack/x"), ("GET", "/health"), ("GET", "/logout"),
        ):
            # No stage of the API has these paths.
            self.assertEqual(403, self.view(distribution, method, path, "{}" if method == "POST" else None).status, path)
        self.assertEqual(404, self.view(distribution, "GET", "/api/none").status)

    def test_requestReachesTheFunctionWhole(self):
        distribution = self.distribution(self.origin(), ALL_VIEWER_EXCEPT_HOST)
        self.aws.function_host.answers["behind-cdn"] = {"statusCode": 200, "headers": {"X-Mine": "1"}, "body": "ok"}
        answer = self.view(
            distribution, "PUT", "/api/users/a%20b?q=%C3%A4&q=2", '{"name":"ä😀"}'.encode(),
            **{"Content-Type": "application/json", "X-Custom": "yes", "X-Forwarded-For": "203.0.113.9"})
        self.assertEqual((200, b"ok", "1"), (answer.status, answer.body, answer.headers["x-mine"]))
        event = self.aws.function_host.of("behind-cdn")[-1][2]
        self.assertEqual(("PUT", "/users/a b", {"id": "a b"}), (event["httpMethod"], event["path"], event["pathParameters"]))
        self.assertEqual({"q": ["ä", "2"]}, event["multiValueQueryStringParameters"])
        self.assertEqual('{"name":"ä😀"}', event["body"])
        self.assertEqual("yes", event["headers"]["x-custom"])
        self.assertEqual("203.0.113.9, 127.0.0.1", event["headers"]["x-forwarded-for"])
        self.assertEqual("203.0.113.9", event["requestContext"]["identity"]["sourceIp"])
        self.assertEqual(f"{self.api}.execute-api.{REGION}.amazonaws.com", event["headers"]["host"])

    def test_starOfAPathPatternIsAnyCharacter(self):
        distribution = self.distribution(self.origin(), ALL_VIEWER_EXCEPT_HOST, "/api/*")
        self.assertEqual(404, self.view(distribution, "POST", "/api/a%20b", "{}").status)
        self.assertEqual(404, self.view(distribution, "POST", "/api/a%0Ab", "{}").status)
        self.assertEqual(403, self.view(distribution, "POST", "/other", "{}").status)

    def test_errorsPassUnmodified(self):
        answer = self.view(self.distribution(self.origin(), ALL_VIEWER_EXCEPT_HOST), "GET", "/api/nowhere")
        self.assertEqual((404, {"title": "x"}), (answer.status, answer.json()))
        self.assertEqual("application/problem+json", answer.headers["content-type"])

    def test_viewersHostIsForbidden(self):
        answer = self.view(self.distribution(self.origin(), ALL_VIEWER), "GET", "/api/nowhere")
        self.assertEqual((403, {"message": "Forbidden"}), (answer.status, answer.json()))

    def test_apiAnswersHttpsOnly(self):
        self.assertEqual(502, self.view(self.distribution(self.origin("http-only")), "GET", "/api/nowhere").status)


class S3Origin(CloudFront):
    def test_tlsOnlyBucketIsServedToItsDistributionOnly(self):
        s3, bucket = self.aws.client("s3"), "private-site"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=bucket, Key="index.html", Body=b"<h1>hi</h1>", ContentType="text/html", CacheControl="no-cache")
        access = self.cloudfront.create_origin_access_control(OriginAccessControlConfig={
            "Name": "site", "OriginAccessControlOriginType": "s3", "SigningBehavior": "always", "SigningProtocol": "sigv4"})
        origin = {
            "DomainName": f"{bucket}.s3.{REGION}.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""},
            "OriginAccessControlId": access["OriginAccessControl"]["Id"],
        }
        mine, other = self.distribution(origin), self.distribution(origin)
        objects = f"arn:aws:s3:::{bucket}/*"
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": objects, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
            {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject", "Resource": objects,
             "Condition": {"StringEquals": {"AWS:SourceArn": mine["ARN"]}}},
        ]}))
        served = self.view(mine, "GET", "/index.html")
        self.assertEqual((200, b"<h1>hi</h1>", "no-cache"), (served.status, served.body, served.headers["cache-control"]))
        self.assertEqual(403, self.view(other, "GET", "/index.html").status)
        self.assertEqual(403, self.aws.request("GET", f"/{bucket}/index.html").status)
        self.assertEqual(403, self.view(mine, "GET", "/missing.html").status)

        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject", "Resource": objects,
             "Condition": {"StringEquals": {"AWS:SourceArn": [mine["ARN"], other["ARN"]]}}},
            {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:ListBucket",
             "Resource": f"arn:aws:s3:::{bucket}", "Condition": {"StringEquals": {"AWS:SourceArn": mine["ARN"]}}},
        ]}))
        self.assertEqual(404, self.view(mine, "GET", "/missing.html").status)
        self.assertEqual(403, self.view(other, "GET", "/missing.html").status)


class Function(CloudFront):
    def test_isPublishedByTheVersionThatItsUpdateTells(self):
        config = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
        code = "function handler(event) { return event.request; }"
        created = self.cloudfront.create_function(Name="changing", FunctionConfig=config, FunctionCode=code)
        updated = self.cloudfront.update_function(Name="changing", IfMatch=created["ETag"], FunctionConfig=config, FunctionCode=code + " // 2")
        self.assertNotEqual(created["ETag"], updated["ETag"])
        self.cloudfront.publish_function(Name="changing", IfMatch=updated["ETag"])
        self.assertEqual(code + " // 2", self.cloudfront.get_function(Name="changing", Stage="LIVE")["FunctionCode"].read().decode())


class ResponseHeadersPolicy(CloudFront):
    def test_onlyWhatWasSetIsReported(self):
        created = self.cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig={
            "Name": "headers", "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}}})["ResponseHeadersPolicy"]
        read = self.cloudfront.get_response_headers_policy(Id=created["Id"])["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
        self.assertNotIn("CustomHeadersConfig", read)
        self.assertNotIn("RemoveHeadersConfig", read)
        self.assertTrue(read["SecurityHeadersConfig"]["ContentTypeOptions"]["Override"])


class VpcEndpoint(unittest.TestCase):
    def test_isReportedAsItWasSet(self):
        ec2 = local_aws().client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        groups = [ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("a", "b")]
        policy = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"a&b<c>"}]}'
        created = ec2.create_vpc_endpoint(
            VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.secretsmanager", VpcEndpointType="Interface",
            SecurityGroupIds=groups[:1], PrivateDnsEnabled=True, PolicyDocument=policy)["VpcEndpoint"]

        def described() -> dict:
            return ec2.describe_vpc_endpoints(VpcEndpointIds=[created["VpcEndpointId"]])["VpcEndpoints"][0]

        self.assertEqual(
            (True, policy, groups[:1]),
            (described()["PrivateDnsEnabled"], described()["PolicyDocument"], [group["GroupId"] for group in described()["Groups"]]))
        ec2.modify_vpc_endpoint(
            VpcEndpointId=created["VpcEndpointId"], AddSecurityGroupIds=groups[1:], RemoveSecurityGroupIds=groups[:1], PrivateDnsEnabled=False)
        self.assertEqual(
            (False, groups[1:]), (described()["PrivateDnsEnabled"], [group["GroupId"] for group in described()["Groups"]]))
