"""What the network module needs of EC2 besides endpoints."""

import unittest

from .local_aws import local_aws


class FlowLog(unittest.TestCase):
    def setUp(self):
        self.ec2 = local_aws().client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]

    def create(self, **more) -> dict:
        identifier = self.ec2.create_flow_logs(
            ResourceIds=[self.vpc], ResourceType="VPC", TrafficType="REJECT", LogDestination="arn:aws:logs:eu-central-1:000000000000:log-group:a",
            DeliverLogsPermissionArn="arn:aws:iam::000000000000:role/a", **more)["FlowLogIds"][0]
        return self.ec2.describe_flow_logs(FlowLogIds=[identifier])["FlowLogs"][0]

    def test_isReportedAsItWasSet(self):
        flow_log = self.create(
            MaxAggregationInterval=60, LogFormat="${srcaddr}", TagSpecifications=[{"ResourceType": "vpc-flow-log", "Tags": [{"Key": "k", "Value": "v"}]}])
        self.assertEqual(
            ("arn:aws:iam::000000000000:role/a", 60, "${srcaddr}", [{"Key": "k", "Value": "v"}]),
            (flow_log["DeliverLogsPermissionArn"], flow_log["MaxAggregationInterval"], flow_log["LogFormat"], flow_log["Tags"]))

    def test_defaultsAreReported(self):
        flow_log = self.create()
        self.assertEqual(600, flow_log["MaxAggregationInterval"])
        self.assertTrue(flow_log["LogFormat"].startswith("${version} ${account-id} ${interface-id}"))


class PrefixListRule(unittest.TestCase):
    def setUp(self):
        self.ec2 = local_aws().client("ec2")
        vpc = self.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        self.group = self.ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
        self.prefix_list = next(iter(self.ec2.describe_prefix_lists()["PrefixLists"]))["PrefixListId"]

    def permission(self, **more) -> dict:
        return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": self.prefix_list, **more}]}

    def described(self, *rule_ids) -> list:
        return self.ec2.describe_security_group_rules(SecurityGroupRuleIds=list(rule_ids))["SecurityGroupRules"]

    def test_isReportedAsItWasSet(self):
        authorized = self.ec2.authorize_security_group_egress(
            GroupId=self.group, IpPermissions=[self.permission(Description="to S3")],
            TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": [{"Key": "k", "Value": "v"}]}])["SecurityGroupRules"]
        self.assertEqual([self.prefix_list], [rule["PrefixListId"] for rule in authorized])
        rules = self.described(authorized[0]["SecurityGroupRuleId"])
        self.assertEqual([(self.prefix_list, "to S3", True, 443, [{"Key": "k", "Value": "v"}])], [
            (rule["PrefixListId"], rule["Description"], rule["IsEgress"], rule["ToPort"], rule["Tags"]) for rule in rules])

    def test_anAddressRangeBesideIt(self):
        authorized = self.ec2.authorize_security_group_egress(
            GroupId=self.group, IpPermissions=[self.permission() | {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]}])["SecurityGroupRules"]
        self.assertEqual(
            [("10.0.0.0/8", None), (None, self.prefix_list)], [(rule.get("CidrIpv4"), rule.get("PrefixListId")) for rule in authorized])

    def test_isRevoked(self):
        rule = self.ec2.authorize_security_group_egress(GroupId=self.group, IpPermissions=[self.permission()])["SecurityGroupRules"][0]
        self.ec2.revoke_security_group_egress(GroupId=self.group, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
        self.assertEqual([], self.described(rule["SecurityGroupRuleId"]))
