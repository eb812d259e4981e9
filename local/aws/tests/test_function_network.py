"""Lambda puts a function into a VPC with the function's role, and its code can be denied what the role allows Lambda."""

import unittest

from botocore.exceptions import ClientError

from .local_aws import ACCOUNT, REGION, jar, local_aws

INTERFACES = f"arn:aws:ec2:{REGION}:{ACCOUNT}:*/*"
ATTACH = {
    "Sid": "Attach", "Effect": "Allow", "Resource": [INTERFACES],
    "Action": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
}
DESCRIBE = {"Sid": "Describe", "Effect": "Allow", "Action": ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], "Resource": ["*"]}


def deny(name: str) -> dict:
    return {
        "Sid": "Deny", "Effect": "Deny", "Action": ["ec2:*"], "Resource": ["*"],
        "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": [f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"]}},
    }


class FunctionNetwork(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.awslambda = cls.aws.client("lambda")
        ec2 = cls.aws.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.3.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.3.0.0/24")["Subnet"]["SubnetId"]
        group = ec2.create_security_group(GroupName="functions", Description="f", VpcId=vpc)["GroupId"]
        cls.vpc = {"SubnetIds": [subnet], "SecurityGroupIds": [group]}

    def create(self, name: str, role: str, **more) -> None:
        self.awslambda.create_function(
            FunctionName=name, Runtime="java21", Handler="a.B", Role=role, Code={"ZipFile": jar("one")}, **more)

    def assertRefused(self, action: str, call, *args, **kwargs):
        with self.assertRaisesRegex(ClientError, f"InvalidParameterValueException.*permissions to call {action} on EC2"):
            call(*args, **kwargs)

    def test_roleThatMayMakeNetworkInterfacesTakesAFunctionIntoTheVpc(self):
        role = self.aws.role("in-vpc", ATTACH, DESCRIBE, path="/functions/")
        self.create("in-vpc", role, VpcConfig=self.vpc)
        self.assertEqual(self.vpc["SubnetIds"], self.awslambda.get_function_configuration(FunctionName="in-vpc")["VpcConfig"]["SubnetIds"])

    def test_roleThatLacksOneIsRefusedByItsName(self):
        self.assertRefused("CreateNetworkInterface", self.create, "no-create", self.aws.role("no-create", DESCRIBE), VpcConfig=self.vpc)
        self.assertRefused("DescribeNetworkInterfaces", self.create, "no-describe", self.aws.role("no-describe", ATTACH), VpcConfig=self.vpc)

    def test_functionOutsideAVpcNeedsNone(self):
        role = self.aws.role("outside")
        self.create("outside", role)
        self.awslambda.update_function_configuration(FunctionName="outside", Timeout=9)
        self.assertRefused("CreateNetworkInterface", self.awslambda.update_function_configuration, FunctionName="outside", VpcConfig=self.vpc)

    def test_functionThatIsInsideStaysThereWhenTheRightsGo(self):
        self.create("stays", self.aws.role("stays", ATTACH, DESCRIBE), VpcConfig=self.vpc)
        self.aws.client("iam").delete_role_policy(RoleName="stays", PolicyName="inline")
        self.awslambda.invoke(FunctionName="stays", Payload=b"{}")
        self.awslambda.update_function_configuration(FunctionName="stays", Timeout=9)
        self.assertRefused("CreateNetworkInterface", self.awslambda.update_function_configuration, FunctionName="stays", VpcConfig=self.vpc)

    def test_codeIsDeniedWhatItsRoleAllowsLambda(self):
        role = self.aws.role("denied", ATTACH, DESCRIBE, deny("denied"))
        self.create("denied", role, VpcConfig=self.vpc)
        sts = self.aws.client("sts")
        code = sts.assume_role(RoleArn=role, RoleSessionName="denied")["Credentials"]
        with self.assertRaisesRegex(ClientError, "UnauthorizedOperation"):
            self.aws.client("ec2", code).describe_subnets()
        other = sts.assume_role(RoleArn=role, RoleSessionName="somebody")["Credentials"]
        self.aws.client("ec2", other).describe_subnets()
