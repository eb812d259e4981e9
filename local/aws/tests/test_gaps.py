"""Each test holds while MiniStack still has the gap. One that fails: upstream closed it, so remove the bridge it names and the test."""

import asyncio
import inspect
import json
import os
import tempfile
import time
import unittest
import uuid
from unittest import mock
from xml.etree import ElementTree

# Read by MiniStack at import.
os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
_DIRECTORY = tempfile.TemporaryDirectory(prefix="gaps-")  # removed at exit; MiniStack writes its signing key there
with mock.patch.dict(os.environ, {"S3_DATA_DIR": _DIRECTORY.name, "STATE_DIR": _DIRECTORY.name}):
    from ministack import app
    from ministack.core import iam_actions, iam_evaluator, persistence
    from ministack.services import apigateway, apigateway_v1, cloudfront, cloudwatch, cognito, ec2, eventbridge, iam, lambda_svc, rds, scheduler, secretsmanager

from .local_aws import LAUNCH


def form(**parameters) -> dict:
    return {name.replace("__", "."): [value] for name, value in parameters.items()}


class Gaps(unittest.TestCase):
    """The bridges are not installed in this process."""

    def api(self) -> str:
        return json.loads(apigateway_v1._create_rest_api({"name": "gap"})[2])["id"]

    def root(self, api_id: str) -> str:
        return next(iter(apigateway_v1._resources.get(api_id)))

    def test_put_rest_api(self):
        status = asyncio.run(apigateway_v1.handle_request("PUT", f"/restapis/{self.api()}", {}, b"{}", {}))[0]
        self.assertEqual(404, status)

    def test_rest_api(self):
        changed = {"patchOperations": [{"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "false"}]}
        self.assertEqual("false", json.loads(apigateway_v1._update_rest_api(self.api(), changed)[2])["disableExecuteApiEndpoint"])

    def test_deployment(self):
        api_id = self.api()
        apigateway_v1._put_method(api_id, self.root(api_id), "GET", {})
        self.assertEqual(201, apigateway_v1._create_deployment(api_id, {})[0])

    def test_stage(self):
        api_id = self.api()
        self.assertIn("accessLogSettings", json.loads(apigateway_v1._create_stage(api_id, {"stageName": "s"})[2]))
        apigateway_v1._update_stage(api_id, "s", {"patchOperations": [{"op": "replace", "path": "/~1a~1b/GET/metrics/enabled", "value": "true"}]})
        self.assertIn("/a/b/GET", json.loads(apigateway_v1._get_stage(api_id, "s")[2])["methodSettings"])
        self.assertIsNone(json.loads(apigateway_v1._get_account()[2])["cloudwatchRoleArn"])
        self.assertEqual(201, apigateway_v1._create_stage(api_id, {"stageName": "t", "accessLogSettings": {"destinationArn": "arn"}})[0])

    def test_domain_name(self):
        self.assertIn("mutualTlsAuthentication", json.loads(apigateway_v1._create_domain_name({"domainName": "gap.example"})[2]))

    def test_state(self):
        with mock.patch.multiple(persistence, PERSIST_STATE=True, STATE_DIR="/dev/null/none"), self.assertLogs("persistence"):
            self.assertIsNone(persistence.save_state("any", {}))  # it failed, and nobody is told

    def test_gateway_response(self):
        rendered = inspect.getsource(apigateway_v1._gateway_error_response)
        self.assertNotIn("validationErrorString", rendered)
        self.assertNotIn("context.httpMethod", rendered)

    def test_mock_integration(self):
        integration = {"integrationResponses": {"200": {"statusCode": "200", "responseTemplates": {"application/json": "$context.path"}}}}
        self.assertEqual(b"$context.path", apigateway_v1._invoke_mock_v1(integration)[2])

    def test_lambda_integration(self):
        shaped, error = apigateway_v1._lambda_proxy_response({"error": True, "body": {"errorMessage": "secret"}})
        self.assertIsNone(shaped)
        self.assertIn("secret", error)
        integration = inspect.getsource(apigateway_v1._invoke_lambda_proxy_v1)
        self.assertNotIn("timeoutInMillis", integration)
        self.assertNotIn("polic", integration)

    def test_clock(self):
        self.assertIs(time, apigateway_v1.time)
        self.assertEqual(404, asyncio.run(apigateway_v1.handle_request(
            "DELETE", f"/restapis/{self.api()}/stages/s/cache/authorizers", {}, b"", {}))[0])

    def test_lambda_authorizer(self):
        self.assertEqual("Allow", apigateway_v1._evaluate_policy({"Statement": {"Effect": "Allow", "Resource": "*"}}, "arn"))
        self.assertEqual((False, [""]), apigateway_v1._request_identity_sources("context.resourcePath", {}, {}, {}))
        authorizing = inspect.getsource(apigateway_v1._invoke_authorizer_lambda) + inspect.getsource(apigateway_v1._authorize_request_v1)
        self.assertNotIn("integrationLatency", authorizing)
        self.assertNotIn("resource_policy", authorizing)

    def test_cognito_authorizer(self):
        self.assertEqual({"cognito:groups": "[a b]", "exp": "0"}, apigateway_v1._stringify_claims({"cognito:groups": ["a", "b"], "exp": 0}))
        self.assertNotIn("token_use", inspect.getsource(apigateway_v1._validate_cognito_authorizer))

    def http_api(self) -> str:
        return json.loads(apigateway._create_api({"name": "gap", "protocolType": "HTTP"})[2])["apiId"]

    def test_http_api(self):
        api_id = self.http_api()
        apigateway._create_route(api_id, {"routeKey": "GET /a"})
        answered = asyncio.run(apigateway._handle_execute_in_scope(api_id, "$default", "/a", "GET", {}, b"", {}, "1", "r"))
        self.assertIn(b"No integration configured", answered[2])  # and not 404: there is no stage
        serving = inspect.getsource(apigateway._handle_execute_in_scope)
        for missing in ("autoDeploy", "throttl", "deploymentId"):
            self.assertNotIn(missing, serving)
        apigateway._create_stage(api_id, {"stageName": "api"})
        asyncio.run(apigateway.handle_request("DELETE", f"/v2/apis/{api_id}/stages/api/routesettings/GET%20%2Fa", {}, b"", {}))
        self.assertNotIn(b"stageName", apigateway._get_stages(api_id)[2])

    def test_http_integration(self):
        invoking = inspect.getsource(apigateway._invoke_lambda_proxy)
        for missing in ("payloadFormatVersion", "timeoutInMillis", '"cookies":', "polic"):
            self.assertNotIn(missing, invoking)

    def test_http_authorizer(self):
        api_id = self.http_api()
        self.assertIn(b"authorizerPayloadFormatVersion", apigateway._create_authorizer(api_id, {"authorizerType": "JWT"})[2])
        self.assertEqual("Allow", apigateway._evaluate_authorizer_policy({"Statement": {"Effect": "Allow", "Resource": "*"}}, "arn"))
        self.assertNotIn("polic", inspect.getsource(apigateway._invoke_request_authorizer_lambda))
        self.assertNotIn("www-authenticate", inspect.getsource(apigateway._jwt_unauthorized))

    def pool(self, **settings) -> dict:
        created = json.loads(cognito._create_user_pool({"PoolName": "gap", **settings})[2])["UserPool"]
        client = json.loads(cognito._create_user_pool_client({"UserPoolId": created["Id"]})[2])["UserPoolClient"]
        return {"UserPoolId": created["Id"], "ClientId": client["ClientId"]}

    def test_user_pool(self):
        ids = self.pool(DeletionProtection="ACTIVE", AutoVerifiedAttributes=["email"], UsernameConfiguration={"CaseSensitive": False})
        attributes = [{"Name": "email", "Value": "a@b.example"}, {"Name": "phone_number_verified", "Value": "true"}]
        self.assertEqual(200, cognito._sign_up({**ids, "Username": "gap", "Password": "Gap-gap-7", "UserAttributes": attributes})[0])
        self.assertIsNone(cognito._resolve_user(cognito._user_pools[ids["UserPoolId"]], "GAP")[0])
        cognito._confirm_sign_up({**ids, "Username": "gap"})
        self.assertNotIn(b"email_verified", cognito._admin_get_user({**ids, "Username": "gap"})[2])
        self.assertEqual(200, cognito._delete_user_pool(ids)[0])

        ids = self.pool(AutoVerifiedAttributes=["email"], AliasAttributes=["email"])
        for name in ("first", "second", "c@b.example"):
            attributes = [{"Name": "email", "Value": "a@b.example"}]
            self.assertEqual(200, cognito._sign_up({**ids, "Username": name, "Password": "Gap-gap-7", "UserAttributes": attributes})[0])
        self.assertEqual(200, cognito._confirm_sign_up({**ids, "Username": "first"})[0])
        cognito._admin_update_user_attributes({**ids, "Username": "first", "UserAttributes": [{"Name": "email_verified", "Value": "true"}]})
        self.assertEqual(200, cognito._confirm_sign_up({**ids, "Username": "second"})[0])

    def test_sign_in(self):
        ids = self.pool()
        signed_up = cognito._sign_up({**ids, "Username": "gap", "Password": "Gap-gap-7", "UserAttributes": [
            {"Name": "email", "Value": "a@b.example"}]})
        self.assertIn(b"a@b.example", signed_up[2])
        self.assertEqual("123456", cognito._user_pools[ids["UserPoolId"]]["_users"]["gap"]["_confirmation_code"])
        for function, missing in (
            (cognito._initiate_auth, "Password attempts exceeded"), (cognito._resend_confirmation_code, "LimitExceededException"),
            (cognito._refresh_auth_user, "has expired"), (cognito._revoke_token, "UnsupportedTokenTypeException"),
        ):
            self.assertNotIn(missing, inspect.getsource(function))

    def test_usage_plan(self):
        self.assertEqual(400, apigateway_v1._create_api_key({"value": ""})[0])
        created = json.loads(apigateway_v1._create_usage_plan({})[2])
        self.assertEqual({}, created["quota"])
        plan = created["id"]
        changed = {"patchOperations": [{"op": "replace", "path": "/quota/limit", "value": "1"}]}
        self.assertEqual("1", json.loads(apigateway_v1._update_usage_plan(plan, changed)[2])["quota"]["limit"])
        self.assertNotIn("apiKeyId", inspect.getsource(apigateway_v1._build_lambda_event_v1))

    def test_iam_denial(self):
        response = iam_actions.access_denied_response("apigateway", "execute-api:Invoke", "arn:aws:sts::1:assumed-role/a/b", "id")
        self.assertNotIn("gateway", str(response[2]))
        self.assertNotIn("_gateway_error_response", inspect.getsource(app._enforce_data_plane))

    def test_function_host(self):
        self.assertIsNone(lambda_svc._proxy_url_for({"FunctionName": "any", "Runtime": "java21"}))

    def test_function_code(self):
        self.assertNotIn("version", lambda_svc._presigned_code_url("f").lower())
        self.assertNotIn("qualifier", inspect.signature(lambda_svc._presigned_code_url).parameters)

    def test_rds_instance(self):
        name = f"gap{uuid.uuid4().hex[:8]}"
        created = rds._create_db_instance(form(
            DBInstanceIdentifier=name, Engine="mysql", ManageMasterUserPassword="true",
            EnableCloudwatchLogsExports__member__1="error", PreferredBackupWindow="02:00-03:00"))[2].decode()
        self.assertIn("<Address>localhost</Address>", created)
        self.assertNotIn("MasterUserSecret", created)
        self.assertIn("<EnabledCloudwatchLogsExports/>", created)
        self.assertIn("<PreferredBackupWindow>03:00-04:00<", created)
        self.assertNotIn("dbi-resource-id", inspect.getsource(rds._apply_instance_filters))

    def test_rds_copies(self):
        self.assertNotIn("RestoreDBInstanceToPointInTime", rds._ACTION_MAP)
        self.assertNotIn("NewDBInstanceIdentifier", inspect.getsource(rds._modify_db_instance))
        self.assertNotIn("DBInstanceClass", inspect.getsource(rds._create_read_replica))

    def test_rds_snapshots(self):
        for action in ("CopyDBSnapshot", "ModifyDBSnapshotAttribute", "DescribeDBSnapshotAttributes"):
            self.assertNotIn(action, rds._ACTION_MAP)
        self.assertIn('"Status": "available"', inspect.getsource(rds._create_snapshot_internal))
        self.assertNotIn("_parse_filters", inspect.getsource(rds._describe_db_snapshots))

    def test_rds_exports(self):
        self.assertNotIn("StartExportTask", rds._ACTION_MAP)

    def test_rds_permission(self):
        from ministack.services import tagging

        parameters = form(Action="CreateDBSnapshot", DBInstanceIdentifier="shop", DBSnapshotIdentifier="one")
        self.assertTrue(iam_actions.extract_resource_arn("rds", "POST", "/", {}, b"", parameters, "eu-central-1", "1").endswith(":db:shop"))
        self.assertEqual("*", iam_actions.extract_resource_arn(
            "rds", "POST", "/", {}, b"", form(Action="DescribeDBInstances"), "eu-central-1", "1"))
        self.assertNotIn("rds", tagging._RESOURCE_TAG_COLLECTORS)
        self.assertNotIn("PassedToService", inspect.getsource(iam_actions) + inspect.getsource(app))

    def test_rds_quota(self):
        self.assertNotIn("DescribeAccountAttributes", rds._ACTION_MAP)

    def test_cloudfront_api_origin(self):
        origin = {"domain_name": "abcd1234.execute-api.eu-central-1.amazonaws.com", "protocol_policy": "https-only",
                  "https_port": 443, "http_port": 80}
        with self.assertRaises(cloudfront.OriginUnreachable):
            asyncio.run(cloudfront._fetch_from_origin(origin, "GET", "/", "", {}, b"", True, "127.0.0.1", "", "arn"))

    def test_cloudfront_s3_origin(self):
        from ministack.services import s3

        for function in (s3.serve_cloudfront_origin_fetch, s3._cloudfront_origin_allows):
            self.assertNotIn("secure_transport", inspect.getsource(function))

    def test_cloudfront_own_paths(self):
        answer = asyncio.run(app._handle_pre_body_request("GET", "/health", {"host": "d1.cloudfront.net"}, {}, "r"))
        self.assertEqual(200, answer[0])

    def test_cloudfront_path_pattern(self):
        self.assertIsNone(cloudfront._glob_to_regex("/api/*").match("/api/a\nb"))

    def test_cloudfront_function(self):
        self.assertNotIn("ETtag", inspect.getsource(cloudfront._cf_update_function))

    def test_repeated_request(self):
        self.assertNotIn("amz-sdk-invocation-id", inspect.getsource(app))

    def test_web_pages(self):
        answer = app._handle_options_request("OPTIONS", "/", {"host": "evil.example", "origin": "https://evil.example"}, {}, "r")
        self.assertEqual("*", answer[1]["Access-Control-Allow-Origin"])

    def test_secret_key(self):
        self.assertNotIn("kms:Decrypt", inspect.getsource(secretsmanager))

    def test_secure_transport(self):
        self.assertNotIn("_request_origin", inspect.getsource(iam_evaluator.pin_request_caller))

    def test_simulate_principal_policy(self):
        self.assertIn('ResourceArns.member.1"', inspect.getsource(iam._extract_simulate_params))
        self.assertNotIn("boundary", inspect.getsource(iam._simulate_principal_policy).lower())

    def test_function_network(self):
        vpc = {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
        role = {"Arn": "arn:aws:iam::000000000000:role/gap"}
        with mock.patch.object(iam, "_roles", {"gap": role}):
            created = lambda_svc._create_function({
                "FunctionName": "gap", "Runtime": "java21", "Handler": "a.B", "Role": role["Arn"], "Code": {}, "VpcConfig": vpc})
        self.assertEqual(201, created[0])
        self.assertNotIn("sourcefunctionarn", inspect.getsource(iam_evaluator).lower())

    def test_vpc_endpoint(self):
        created = ec2._create_vpc_endpoint(form(VpcEndpointType="Interface", SecurityGroupId__member__1="sg-1", PrivateDnsEnabled="true"))
        self.assertNotIn(b"sg-1", created[2])
        self.assertNotIn(b"privateDnsEnabled", created[2])

    def test_flow_log(self):
        ec2._create_flow_logs(form(ResourceId__1="vpc-1", DeliverLogsPermissionArn="arn:aws:iam::1:role/r", MaxAggregationInterval="60"))
        described = ec2._describe_flow_logs({})[2]
        self.assertIn(b"vpc-1", described)
        self.assertNotIn(b"deliverLogsPermissionArn", described)
        self.assertNotIn(b"maxAggregationInterval", described)

    def test_prefix_list_rule(self):
        rules = ec2._parse_ip_permissions(form(P__1__IpProtocol="tcp", P__1__PrefixListIds__1__PrefixListId="pl-1"), "P")
        self.assertEqual([[]], [rule["PrefixListIds"] for rule in rules])
        self.assertNotIn("pl-1", ec2._sg_rule_xml("sg-1", {"IpProtocol": "tcp", "PrefixListIds": [{"PrefixListId": "pl-1"}]}))

    def test_metric_alarm(self):
        cloudwatch._put_metric_alarm(form(AlarmName="gap", Metrics__member__1__Id="m", AlarmDescription="told"), {}, False)
        described = cloudwatch._describe_alarms(form(AlarmNames__member__1="gap"), {}, False)[2]
        self.assertNotIn(b"told", described)
        self.assertNotIn("Metrics", cloudwatch._alarms["gap"])

    def test_response_headers_policy(self):
        element = ElementTree.Element("c")
        cloudfront._build_rhp_config_xml(element, {"Name": "n", "CustomHeaders": [], "RemoveHeaders": []})
        self.assertIsNotNone(element.find("CustomHeadersConfig"))

    def test_application_autoscaling(self):
        self.assertNotIn("application-autoscaling", app.SERVICE_HANDLERS)

    def test_schedule(self):
        target = {"Arn": "arn:aws:lambda:us-east-1:000000000000:function:f", "RoleArn": "arn:aws:iam::000000000000:role/missing"}
        body = {"ScheduleExpression": "rate(5 minutes)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
        self.assertEqual(200, scheduler._create_schedule("gap", body)[0])
        with mock.patch.object(eventbridge, "_invoke_target") as invoke:
            scheduler._tick_schedules()
            invoke.assert_not_called()
            with mock.patch.object(scheduler.time, "time", return_value=time.time() + 301):
                scheduler._tick_schedules()
            invoke.assert_called_once()  # with a role that does not exist


class EveryBridge(unittest.TestCase):
    def test_hasAGapTest(self):
        import bridges

        tested = {name.removeprefix("test_") for name in dir(Gaps) if name.startswith("test_")}
        # execution serves the other API Gateway bridges and goes with them.
        self.assertEqual(set(bridges.MODULES) - {"execution"}, tested)

    def test_isListedInTheReadme(self):
        import bridges

        readme = (LAUNCH.parent / "README.md").read_text()
        for name in bridges.MODULES:
            self.assertIn(f"`{name}`", readme)
