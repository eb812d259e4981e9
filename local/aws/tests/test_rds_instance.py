"""RDS instances: their endpoint, their managed master secret, and the settings a plan compares."""

import json
import re
import unittest

from botocore.exceptions import ClientError

from .local_aws import ACCOUNT, DATABASE_PORT, REGION, local_aws


class RdsInstance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.rds = cls.aws.client("rds")
        cls.secrets = cls.aws.client("secretsmanager")
        cls.key = cls.aws.client("kms").create_key()["KeyMetadata"]["Arn"]

    def create(self, name: str, **settings) -> dict:
        return self.rds.create_db_instance(
            DBInstanceIdentifier=name, Engine="mysql", EngineVersion="8.4", DBInstanceClass="db.t4g.micro", AllocatedStorage=20,
            MasterUsername="master", ManageMasterUserPassword=True, MasterUserSecretKmsKeyId=self.key, **settings,
        )["DBInstance"]

    def describe(self, name: str) -> dict:
        return self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]

    def secret(self, arn: str, credentials: dict | None = None) -> dict:
        return json.loads(self.aws.client("secretsmanager", credentials).get_secret_value(SecretId=arn)["SecretString"])

    def test_endpointIsAnAwsNameAtTheLoginBridgesPort(self):
        self.create("named")
        described = self.describe("named")
        self.assertEqual(f"named.local0stack0.{REGION}.rds.amazonaws.com", described["Endpoint"]["Address"])
        self.assertEqual(DATABASE_PORT, described["Endpoint"]["Port"])
        self.assertEqual("available", described["DBInstanceStatus"])

    def test_resourceIdIsStable(self):
        created = self.create("stable")["DbiResourceId"]
        self.assertRegex(created, r"^db-[A-Z0-9]+$")
        self.assertEqual(created, self.describe("stable")["DbiResourceId"])

    def test_instanceIsFoundByItsResourceIdAlone(self):
        found = self.create("found")["DbiResourceId"]
        self.create("other")
        for resource_id, names in ((found, ["found"]), ("db-ABSENT", [])):
            described = self.rds.describe_db_instances(Filters=[{"Name": "dbi-resource-id", "Values": [resource_id]}])["DBInstances"]
            self.assertEqual(names, [instance["DBInstanceIdentifier"] for instance in described])

    def test_managedPasswordLiesInASecretUnderTheGivenKey(self):
        master = self.create("managed")["MasterUserSecret"]
        self.assertEqual(master, self.describe("managed")["MasterUserSecret"])
        self.assertEqual(("active", self.key), (master["SecretStatus"], master["KmsKeyId"]))
        described = self.secrets.describe_secret(SecretId=master["SecretArn"])
        self.assertRegex(described["Name"], r"^rds!db-[0-9a-f-]{36}$")
        self.assertEqual(self.key, described["KmsKeyId"])
        value = self.secret(master["SecretArn"])
        self.assertEqual("master", value["username"])
        self.assertGreater(len(value["password"]), 20)

    def test_secretIsReadByTheRoleThatMayAndByNoOther(self):
        arn = self.create("guarded")["MasterUserSecret"]["SecretArn"]
        decrypt = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": self.key, "Condition": {"StringEquals": {
            "kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com", "kms:EncryptionContext:SecretARN": arn}}}

        def read(role: str, *statements: dict) -> dict:
            return self.secret(arn, self.aws.assume(self.aws.role(role, *statements)))

        def get(resource: str) -> dict:
            return {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": resource}

        self.assertEqual("master", read("reader", get(arn), decrypt)["username"])
        with self.assertRaisesRegex(ClientError, "AccessDeniedException.*not authorized to perform: secretsmanager:GetSecretValue"):
            read("stranger", get(arn + "x"), decrypt)
        with self.assertRaisesRegex(ClientError, "AccessDeniedException.*Access to KMS is not allowed"):
            read("keyless", get(arn))
        other_secret = {**decrypt, "Condition": {"StringEquals": {"kms:EncryptionContext:SecretARN": arn + "x"}}}
        with self.assertRaisesRegex(ClientError, "Access to KMS is not allowed"):
            read("key-of-another-secret", get(arn), other_secret)
        self.assertIn("assumed-role/keyless/test may not kms:Decrypt", self.aws.log.read_text())

    def test_secretIsDeletedWithTheInstance(self):
        arn = self.create("deleted")["MasterUserSecret"]["SecretArn"]
        self.rds.delete_db_instance(DBInstanceIdentifier="deleted", SkipFinalSnapshot=True)
        with self.assertRaises(ClientError) as gone:
            self.secret(arn)
        self.assertEqual("ResourceNotFoundException", gone.exception.response["Error"]["Code"])

    def test_refusedDeletionKeepsTheSecret(self):
        arn = self.create("protected", DeletionProtection=True)["MasterUserSecret"]["SecretArn"]
        with self.assertRaises(ClientError):
            self.rds.delete_db_instance(DBInstanceIdentifier="protected", SkipFinalSnapshot=True)
        self.assertEqual("master", self.secret(arn)["username"])

    def test_passwordCanBeRotated(self):
        arn = self.create("rotated")["MasterUserSecret"]["SecretArn"]
        before = self.secret(arn)["password"]
        self.rds.modify_db_instance(DBInstanceIdentifier="rotated", RotateMasterUserPassword=True, ApplyImmediately=True)
        self.assertNotEqual(before, self.secret(arn)["password"])

    def test_managedAndGivenPasswordExcludeEachOther(self):
        with self.assertRaises(ClientError) as refused:
            self.create("both", MasterUserPassword="given-password")
        self.assertEqual("InvalidParameterCombination", refused.exception.response["Error"]["Code"])

    def test_withoutManagedPasswordThereIsNoSecret(self):
        self.rds.create_db_instance(
            DBInstanceIdentifier="own", Engine="mysql", DBInstanceClass="db.t4g.micro", AllocatedStorage=20,
            MasterUsername="master", MasterUserPassword="given-password")
        self.assertNotIn("MasterUserSecret", self.describe("own"))

    def test_settingsAreReportedAsTheyWereSet(self):
        self.create(
            "settings", EnableCloudwatchLogsExports=["error", "slowquery"], PreferredBackupWindow="02:00-03:00",
            DatabaseInsightsMode="advanced", EngineLifecycleSupport="open-source-rds-extended-support-disabled")
        described = self.describe("settings")
        self.assertEqual(["error", "slowquery"], described["EnabledCloudwatchLogsExports"])
        self.assertEqual("02:00-03:00", described["PreferredBackupWindow"])
        self.assertEqual("advanced", described["DatabaseInsightsMode"])
        self.assertEqual("open-source-rds-extended-support-disabled", described["EngineLifecycleSupport"])
        self.rds.modify_db_instance(
            DBInstanceIdentifier="settings", ApplyImmediately=True, PreferredBackupWindow="05:00-06:00",
            CloudwatchLogsExportConfiguration={"EnableLogTypes": ["audit"], "DisableLogTypes": ["slowquery"]})
        described = self.describe("settings")
        self.assertEqual(["error", "audit"], described["EnabledCloudwatchLogsExports"])
        self.assertEqual("05:00-06:00", described["PreferredBackupWindow"])


class SimulatePrincipalPolicy(unittest.TestCase):
    """What the login bridge asks before it lets a role's token in."""

    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.user = f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:db-ABC/app"
        cls.connect = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": cls.user}

    def decisions(self, role_arn: str, *resources: str) -> dict[str, str]:
        answered = self.aws.client("iam").simulate_principal_policy(
            PolicySourceArn=role_arn, ActionNames=["rds-db:connect"], ResourceArns=list(resources))
        return {result["EvalResourceName"]: result["EvalDecision"] for result in answered["EvaluationResults"]}

    def policy(self, name: str, *statements: dict) -> str:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        return self.aws.client("iam").create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]

    def test_inlinePolicyOfARoleWithAPath(self):
        role = self.aws.role("simulated-inline", self.connect, path="/team/")
        other = re.sub("app$", "other", self.user)
        self.assertEqual({self.user: "allowed", other: "implicitDeny"}, self.decisions(role, self.user, other))

    def test_attachedPolicy(self):
        role = self.aws.role("simulated-attached")
        self.aws.client("iam").attach_role_policy(RoleName="simulated-attached", PolicyArn=self.policy("connect", self.connect))
        self.assertEqual({self.user: "allowed"}, self.decisions(role, self.user))

    def test_explicitDenyWins(self):
        role = self.aws.role("simulated-deny", self.connect, {"Effect": "Deny", "Action": "rds-db:*", "Resource": "*"})
        self.assertEqual({self.user: "explicitDeny"}, self.decisions(role, self.user))

    def test_permissionsBoundaryLimits(self):
        boundary = self.policy("only-s3", {"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
        role = self.aws.role("simulated-bounded", self.connect, boundary=boundary)
        self.assertEqual({self.user: "implicitDeny"}, self.decisions(role, self.user))

    def test_unknownRoleIsNamed(self):
        with self.assertRaisesRegex(ClientError, "role/nobody cannot be found"):
            self.decisions(f"arn:aws:iam::{ACCOUNT}:role/nobody", self.user)
