"""What a role is asked for when it calls RDS, and what RDS tells of the account."""

import unittest

from botocore.exceptions import ClientError

from .local_aws import ACCOUNT, REGION, local_aws

OURS = {"StringEquals": {"aws:ResourceTag/plan": "ours"}}
MADE_OURS = {"StringEquals": {"aws:RequestTag/plan": "ours"}}


class RdsPermission(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.rds = cls.aws.client("rds")
        cls.rds.create_db_instance(DBInstanceIdentifier="shop", Engine="mysql", EngineVersion="8.4", DBInstanceClass="db.t4g.small",
                                   AllocatedStorage=20, MasterUsername="master", MasterUserPassword="given-password")

    def role(self, name: str, *statements: dict):
        """A client of RDS under a role with these statements."""
        role = self.aws.role(name, *({"Effect": "Allow", **statement} for statement in statements))
        return self.aws.client("rds", self.aws.assume(role))

    def arn(self, kind: str, name: str) -> str:
        return f"arn:aws:rds:{REGION}:{ACCOUNT}:{kind}:{name}"

    def assertDenied(self, action, **parameters):
        with self.assertRaises(ClientError) as refused:
            action(**parameters)
        self.assertEqual("AccessDenied", refused.exception.response["Error"]["Code"])

    def test_listingAsksForEveryResourceOfItsType(self):
        rds = self.role("lists", {"Action": "rds:Describe*", "Resource": [self.arn("db", "*"), self.arn("snapshot", "*")]})
        self.assertIn("shop", [instance["DBInstanceIdentifier"] for instance in rds.describe_db_instances()["DBInstances"]])
        rds.describe_db_snapshots()
        self.assertDenied(rds.describe_db_clusters)
        self.assertDenied(rds.describe_db_cluster_snapshots)

    def test_listingIsDeniedToWhoMaySeeOneInstance(self):
        rds = self.role("sees-one", {"Action": "rds:DescribeDBInstances", "Resource": self.arn("db", "shop")})
        rds.describe_db_instances(DBInstanceIdentifier="shop")
        self.assertDenied(rds.describe_db_instances)

    def test_snapshotIsAskedForByItsOwnNameAndTags(self):
        rds = self.role(
            "snapshots",
            {"Action": ["rds:CreateDBSnapshot", "rds:AddTagsToResource"], "Resource": [self.arn("snapshot", "bk-*"), self.arn("db", "shop")],
             "Condition": MADE_OURS},
            {"Action": "rds:DeleteDBSnapshot", "Resource": self.arn("snapshot", "bk-*"), "Condition": OURS})
        tags = [{"Key": "plan", "Value": "ours"}]
        rds.create_db_snapshot(DBInstanceIdentifier="shop", DBSnapshotIdentifier="bk-shop-1", Tags=tags)
        self.assertDenied(rds.create_db_snapshot, DBInstanceIdentifier="shop", DBSnapshotIdentifier="by-hand", Tags=tags)
        self.assertDenied(rds.create_db_snapshot, DBInstanceIdentifier="shop", DBSnapshotIdentifier="bk-shop-2")
        self.rds.create_db_snapshot(DBInstanceIdentifier="shop", DBSnapshotIdentifier="bk-of-others")
        self.assertDenied(rds.delete_db_snapshot, DBSnapshotIdentifier="bk-of-others")
        rds.delete_db_snapshot(DBSnapshotIdentifier="bk-shop-1")

    def test_tagsAreAskedForOnWhatHasThem(self):
        self.rds.create_db_snapshot(DBInstanceIdentifier="shop", DBSnapshotIdentifier="bk-tagged", Tags=[{"Key": "plan", "Value": "ours"}])
        rds = self.role("tags", {"Action": "rds:AddTagsToResource", "Resource": self.arn("snapshot", "bk-*"), "Condition": OURS})
        rds.add_tags_to_resource(ResourceName=self.arn("snapshot", "bk-tagged"), Tags=[{"Key": "hold", "Value": "audit"}])
        self.assertDenied(rds.add_tags_to_resource, ResourceName=self.arn("db", "shop"), Tags=[{"Key": "hold", "Value": "audit"}])


class RdsQuota(unittest.TestCase):
    def test_manualSnapshotsCount(self):
        rds = local_aws().client("rds")

        def quota() -> dict:
            return {quota["AccountQuotaName"]: (quota["Used"], quota["Max"]) for quota in rds.describe_account_attributes()["AccountQuotas"]}

        used, greatest = quota()["ManualSnapshots"]
        self.assertEqual(100, greatest)
        rds.create_db_instance(DBInstanceIdentifier="counted", Engine="mysql", EngineVersion="8.4", DBInstanceClass="db.t4g.small",
                               AllocatedStorage=20, MasterUsername="master", MasterUserPassword="given-password")
        rds.create_db_snapshot(DBInstanceIdentifier="counted", DBSnapshotIdentifier="counted-1")
        self.assertEqual((used + 1, 100), quota()["ManualSnapshots"])
        self.assertIn("ManualClusterSnapshots", quota())
