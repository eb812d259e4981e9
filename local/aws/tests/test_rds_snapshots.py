"""Snapshots of RDS instances: what they hold, copies within and across regions, sharing, listings."""

import threading
import unittest
from unittest import mock

from bridges import database_backups
from botocore.exceptions import ClientError

from .local_aws import ACCOUNT, REGION, LocalAws, eventually, local_aws

ELSEWHERE = "eu-west-1"
OURS = [{"Key": "plan", "Value": "ours"}]


def create_instance(rds, name: str, **settings) -> dict:
    return rds.create_db_instance(**{
        "DBInstanceIdentifier": name, "Engine": "mysql", "EngineVersion": "8.4", "DBInstanceClass": "db.t4g.small", "AllocatedStorage": 20,
        "MasterUsername": "master", "MasterUserPassword": "given-password", "DBName": "webapp", **settings,
    })["DBInstance"]


def available(rds, name: str) -> dict:
    return eventually(lambda: next(
        (snapshot for snapshot in rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"] if snapshot["Status"] == "available"), None))


class RdsSnapshots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.backups = cls.aws.database_backups
        cls.rds = cls.aws.client("rds")
        cls.elsewhere = cls.aws.client("rds", region=ELSEWHERE)
        cls.key = cls.aws.client("kms").create_key()["KeyMetadata"]["Arn"]
        cls.key_elsewhere = cls.aws.client("kms", region=ELSEWHERE).create_key()["KeyMetadata"]["Arn"]
        cls.instance = create_instance(cls.rds, "kept", StorageEncrypted=True, KmsKeyId=cls.key, Tags=[{"Key": "team", "Value": "a"}])

    def create(self, name: str, instance: str = "kept", **settings) -> dict:
        self.rds.create_db_snapshot(DBInstanceIdentifier=instance, DBSnapshotIdentifier=name, **settings)
        return available(self.rds, name)

    def describe(self, name: str) -> dict:
        return self.rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"][0]

    def names(self, **request) -> list[str]:
        return [snapshot["DBSnapshotIdentifier"] for snapshot in self.rds.describe_db_snapshots(**request)["DBSnapshots"]]

    def deleted(self, since: int) -> list[str]:
        """Which dumps were deleted since."""
        return [call for call in self.backups.asked[since:] if call.startswith("DELETE /snapshots/")]

    def assertRefused(self, code: str, action, **parameters) -> str:
        with self.assertRaises(ClientError) as refused:
            action(**parameters)
        self.assertEqual(code, refused.exception.response["Error"]["Code"])
        return refused.exception.response["Error"]["Message"]

    def test_isCreatingUntilTheDumpIsThere(self):
        self.backups.open.clear()
        try:
            created = self.rds.create_db_snapshot(DBInstanceIdentifier="kept", DBSnapshotIdentifier="slow", Tags=OURS)["DBSnapshot"]
            self.assertEqual(("creating", 0, False), (created["Status"], created["PercentProgress"], "SnapshotCreateTime" in created))
            self.assertRefused("InvalidDBSnapshotState", self.rds.delete_db_snapshot, DBSnapshotIdentifier="slow")
            self.assertRefused(
                "InvalidDBSnapshotState", self.rds.copy_db_snapshot, SourceDBSnapshotIdentifier="slow", TargetDBSnapshotIdentifier="slow-2")
            self.assertRefused(
                "InvalidDBSnapshotState", self.rds.restore_db_instance_from_db_snapshot, DBInstanceIdentifier="none", DBSnapshotIdentifier="slow")
        finally:
            self.backups.open.set()
        taken = available(self.rds, "slow")
        self.assertEqual((100, True, self.key, self.instance["DbiResourceId"], "manual", OURS), (
            taken["PercentProgress"], taken["Encrypted"], taken["KmsKeyId"], taken["DbiResourceId"], taken["SnapshotType"], taken["TagList"]))
        self.assertEqual(taken["OriginalSnapshotCreateTime"], taken["SnapshotCreateTime"])
        self.assertIn(self.instance["DbiResourceId"], self.backups.dumps.values())

    def test_hasFailedWithItsDump(self):
        self.backups.refusing.add("PUT /snapshots")
        try:
            self.rds.create_db_snapshot(DBInstanceIdentifier="kept", DBSnapshotIdentifier="broken")
            eventually(lambda: self.describe("broken")["Status"] == "failed")
        finally:
            self.backups.refusing.clear()
        self.rds.delete_db_snapshot(DBSnapshotIdentifier="broken")

    def test_tagsAreTheInstancesOnlyIfItSaysSo(self):
        self.assertEqual([], self.create("untagged")["TagList"])
        create_instance(self.rds, "telling", CopyTagsToSnapshot=True, Tags=[{"Key": "team", "Value": "b"}])
        snapshot = self.create("telling-1", "telling")
        self.assertEqual([{"Key": "team", "Value": "b"}], snapshot["TagList"])
        self.assertEqual(snapshot["TagList"], self.rds.list_tags_for_resource(ResourceName=snapshot["DBSnapshotArn"])["TagList"])
        self.rds.remove_tags_from_resource(ResourceName=snapshot["DBSnapshotArn"], TagKeys=["team"])
        self.assertEqual([], self.describe("telling-1")["TagList"])

    def test_unencryptedOneNamesNoKey(self):
        create_instance(self.rds, "open")
        snapshot = self.create("open-1", "open")
        self.assertEqual((False, None), (snapshot["Encrypted"], snapshot.get("KmsKeyId")))

    def test_copyIsCopyingAndThenHoldsTheSame(self):
        source = self.create("original", Tags=OURS)
        other = self.aws.client("kms").create_key()["KeyMetadata"]
        copy = self.rds.copy_db_snapshot(
            SourceDBSnapshotIdentifier="original", TargetDBSnapshotIdentifier="copied", KmsKeyId=other["KeyId"], CopyTags=True)["DBSnapshot"]
        self.assertEqual(("copying", 0), (copy["Status"], copy["PercentProgress"]))
        copy = available(self.rds, "copied")
        self.assertEqual((other["Arn"], OURS, f"arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:copied", source["DBSnapshotArn"], None), (
            copy["KmsKeyId"], copy["TagList"], copy["DBSnapshotArn"], copy["SourceDBSnapshotIdentifier"], copy.get("SourceRegion")))
        self.assertEqual(source["OriginalSnapshotCreateTime"], copy["OriginalSnapshotCreateTime"])
        self.assertLess(source["SnapshotCreateTime"], copy["SnapshotCreateTime"])
        self.assertEqual(source["DbiResourceId"], copy["DbiResourceId"])

    def test_copyAcrossRegionsLiesThereUnderAKeyOfThere(self):
        source = self.create("home")
        self.elsewhere.copy_db_snapshot(
            SourceDBSnapshotIdentifier=source["DBSnapshotArn"], TargetDBSnapshotIdentifier="away", KmsKeyId=self.key_elsewhere, Tags=OURS,
            SourceRegion=REGION)
        copy = available(self.elsewhere, "away")
        self.assertEqual((f"arn:aws:rds:{ELSEWHERE}:{ACCOUNT}:snapshot:away", self.key_elsewhere, REGION, source["DBSnapshotArn"], OURS), (
            copy["DBSnapshotArn"], copy["KmsKeyId"], copy["SourceRegion"], copy["SourceDBSnapshotIdentifier"], copy["TagList"]))
        self.assertNotIn("away", self.names())
        self.elsewhere.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="drill", DBSnapshotIdentifier="away")
        restored = eventually(lambda: next(
            (i for i in self.elsewhere.describe_db_instances(DBInstanceIdentifier="drill")["DBInstances"] if i["DBInstanceStatus"] == "available"), None))
        self.assertEqual((f"drill.local0stack0.{ELSEWHERE}.rds.amazonaws.com", self.key_elsewhere), (restored["Endpoint"]["Address"], restored["KmsKeyId"]))
        self.assertEqual(self.instance["DbiResourceId"], self.backups.dumps[self.backups.servers[restored["DbiResourceId"]]["snapshot"]])

    def test_copyRefusals(self):
        source = self.create("refused")
        copy, target = self.rds.copy_db_snapshot, {"TargetDBSnapshotIdentifier": "refused-2"}
        self.assertRefused("DBSnapshotNotFound", copy, SourceDBSnapshotIdentifier="absent", **target)
        self.assertRefused("DBSnapshotAlreadyExists", copy, SourceDBSnapshotIdentifier="refused", TargetDBSnapshotIdentifier="refused")
        self.assertRefused("KMSKeyNotAccessibleFault", copy, SourceDBSnapshotIdentifier="refused", KmsKeyId=self.key_elsewhere, **target)
        self.assertRefused("OptionGroupNotFoundFault", copy, SourceDBSnapshotIdentifier="refused", OptionGroupName="absent", **target)
        away = self.elsewhere.copy_db_snapshot
        self.assertIn("new KMS key", self.assertRefused("InvalidParameterValue", away, SourceDBSnapshotIdentifier=source["DBSnapshotArn"], **target))
        self.assertRefused("KMSKeyNotAccessibleFault", away, SourceDBSnapshotIdentifier=source["DBSnapshotArn"], KmsKeyId=self.key, **target)
        disabled = self.aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
        self.aws.client("kms").disable_key(KeyId=disabled)
        self.assertRefused("KMSKeyNotAccessibleFault", copy, SourceDBSnapshotIdentifier="refused", KmsKeyId=disabled, **target)

    def test_nothingIsMadeOfWhatItsKeyLocks(self):
        key = self.aws.client("kms").create_key()["KeyMetadata"]["Arn"]
        create_instance(self.rds, "shut", StorageEncrypted=True, KmsKeyId=key)
        self.create("shut-1", "shut")
        self.aws.client("kms").disable_key(KeyId=key)
        self.assertRefused(
            "KMSKeyNotAccessibleFault", self.rds.copy_db_snapshot, SourceDBSnapshotIdentifier="shut-1", TargetDBSnapshotIdentifier="shut-2",
            KmsKeyId=self.key)
        self.assertRefused(
            "KMSKeyNotAccessibleFault", self.rds.restore_db_instance_from_db_snapshot, DBInstanceIdentifier="none", DBSnapshotIdentifier="shut-1")

    def test_dumpGoesWithTheLastSnapshotThatHoldsIt(self):
        source = self.create("shared-dump")
        self.elsewhere.copy_db_snapshot(
            SourceDBSnapshotIdentifier=source["DBSnapshotArn"], TargetDBSnapshotIdentifier="shared-dump", KmsKeyId=self.key_elsewhere)
        since = len(self.backups.asked)
        self.rds.delete_db_snapshot(DBSnapshotIdentifier="shared-dump")
        self.create("after-it")  # in the same order
        self.assertEqual([], self.deleted(since))
        self.elsewhere.delete_db_snapshot(DBSnapshotIdentifier="shared-dump")
        eventually(lambda: self.deleted(since))
        self.assertRefused("DBSnapshotNotFound", self.rds.describe_db_snapshots, DBSnapshotIdentifier="shared-dump")

    def test_isDeletedBeforeItsDump(self):
        dumps, since = set(self.backups.dumps), len(self.backups.asked)
        self.create("short-lived")
        self.backups.open.clear()
        try:
            self.rds.delete_db_snapshot(DBSnapshotIdentifier="short-lived")
            self.assertRefused("DBSnapshotNotFound", self.rds.describe_db_snapshots, DBSnapshotIdentifier="short-lived")
            eventually(lambda: self.deleted(since))
            key, = set(self.backups.dumps) - dumps
        finally:
            self.backups.open.set()
        eventually(lambda: dumps == set(self.backups.dumps))
        left = [line for line in self.aws.log.read_text().splitlines() if "is left" in line]
        self.assertFalse([line for line in left if key in line or "short-lived" in line])

    def test_isDeletedEvenIfItsDumpIsNot(self):
        self.create("stuck")
        self.backups.refusing.add("DELETE /snapshots")
        try:
            self.rds.delete_db_snapshot(DBSnapshotIdentifier="stuck")
            eventually(lambda: "is left until local AWS starts again: DELETE" in self.aws.log.read_text())
        finally:
            self.backups.refusing.clear()
        self.assertRefused("DBSnapshotNotFound", self.rds.describe_db_snapshots, DBSnapshotIdentifier="stuck")

    def test_isSharedByItsAttribute(self):
        self.create("given-away")

        def shared() -> list[str]:
            found = self.rds.describe_db_snapshot_attributes(DBSnapshotIdentifier="given-away")["DBSnapshotAttributesResult"]
            return {attribute["AttributeName"]: attribute["AttributeValues"] for attribute in found["DBSnapshotAttributes"]}["restore"]

        modify = {"DBSnapshotIdentifier": "given-away", "AttributeName": "restore"}
        self.assertEqual([], shared())
        self.rds.modify_db_snapshot_attribute(**modify, ValuesToAdd=["111111111111", "222222222222"])
        self.rds.modify_db_snapshot_attribute(**modify, ValuesToRemove=["111111111111"])
        self.assertEqual(["222222222222"], shared())
        self.rds.copy_db_snapshot(SourceDBSnapshotIdentifier="given-away", TargetDBSnapshotIdentifier="given-away-2")
        self.assertEqual([], self.rds.describe_db_snapshot_attributes(DBSnapshotIdentifier="given-away-2")[
            "DBSnapshotAttributesResult"]["DBSnapshotAttributes"][0]["AttributeValues"])
        for code, more in (
            ("InvalidParameterCombination", {}), ("InvalidParameterCombination", {"ValuesToAdd": ["all"]}),
            ("InvalidParameterValue", {"ValuesToAdd": ["me"]}), ("SharedSnapshotQuotaExceeded", {"ValuesToAdd": [f"{n:012}" for n in range(20)]}),
        ):
            self.assertRefused(code, self.rds.modify_db_snapshot_attribute, **modify, **more)
        self.assertEqual(["222222222222"], shared())
        self.assertRefused("DBSnapshotNotFound", self.rds.describe_db_snapshot_attributes, DBSnapshotIdentifier="absent")

    def test_listingHasFiltersAndPages(self):
        instance = create_instance(self.rds, "many")
        made = [f"many-{number:02}" for number in range(25)]
        for name in made:
            self.rds.create_db_snapshot(DBInstanceIdentifier="many", DBSnapshotIdentifier=name)
        pages = self.rds.get_paginator("describe_db_snapshots").paginate(
            DBInstanceIdentifier="many", SnapshotType="manual", PaginationConfig={"PageSize": 20})
        self.assertEqual([made[:20], made[20:]], [[snapshot["DBSnapshotIdentifier"] for snapshot in page["DBSnapshots"]] for page in pages])
        self.assertEqual([], self.names(SnapshotType="automated"))
        self.assertEqual(made, self.names(DbiResourceId=instance["DbiResourceId"]))
        self.assertEqual(made[3:4], self.names(Filters=[
            {"Name": "db-instance-id", "Values": ["many", "other"]}, {"Name": "db-snapshot-id", "Values": [made[3]]}]))
        self.assertRefused("InvalidParameterValue", self.rds.describe_db_snapshots, Filters=[{"Name": "colour", "Values": ["red"]}])
        self.assertRefused("InvalidParameterValue", self.rds.describe_db_snapshots, MaxRecords=19)
        self.assertRefused("InvalidParameterValue", self.rds.describe_db_snapshots, SnapshotType="any")


class Permission(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.rds = cls.aws.client("rds")
        create_instance(cls.rds, "guarded-source")
        cls.rds.create_db_snapshot(DBInstanceIdentifier="guarded-source", DBSnapshotIdentifier="bk-guarded")
        cls.source = available(cls.rds, "bk-guarded")["DBSnapshotArn"]
        cls.target = cls.source.replace(REGION, ELSEWHERE)

    def role(self, name: str, *statements: dict, region: str = REGION):
        """A client of RDS under a role with these statements."""
        role = self.aws.role(name, *({"Effect": "Allow", **statement} for statement in statements))
        return self.aws.client("rds", self.aws.assume(role), region)

    def copies(self, name: str, *statements: dict):
        return self.role(name, *statements, region=ELSEWHERE)

    def assertDenied(self, asked: str, action, **parameters):
        with self.assertRaises(ClientError) as refused:
            action(**parameters)
        self.assertEqual("AccessDenied", refused.exception.response["Error"]["Code"])
        self.assertIn(asked, refused.exception.response["Error"]["Message"])

    def test_copyAsksForTargetSourceAndTheWayBetween(self):
        request = {"SourceDBSnapshotIdentifier": self.source, "TargetDBSnapshotIdentifier": "bk-guarded"}
        copy, way = {"Action": "rds:CopyDBSnapshot"}, {"Action": "rds:CrossRegionCommunication", "Resource": "*"}
        self.assertDenied("rds:CopyDBSnapshot", self.copies("copies-none", way).copy_db_snapshot, **request)
        self.assertDenied("rds:CopyDBSnapshot", self.copies("copies-into", {**copy, "Resource": self.target}, way).copy_db_snapshot, **request)
        self.assertDenied("rds:CopyDBSnapshot", self.copies("copies-from", {**copy, "Resource": self.source}, way).copy_db_snapshot, **request)
        both = {**copy, "Resource": [self.source, self.target]}
        self.assertDenied("rds:CrossRegionCommunication", self.copies("copies-near", both).copy_db_snapshot, **request)
        self.copies("copies", both, way).copy_db_snapshot(**request)
        self.assertEqual("bk-guarded", available(self.aws.client("rds", region=ELSEWHERE), "bk-guarded")["DBSnapshotIdentifier"])

    def test_snapshotAsksForItsDatabaseToo(self):
        arn = f"arn:aws:rds:{REGION}:{ACCOUNT}"
        create = {"DBInstanceIdentifier": "guarded-source", "DBSnapshotIdentifier": "bk-taken"}
        for name, resources in (("takes-no-database", [f"{arn}:snapshot:bk-*"]), ("takes-no-snapshot", [f"{arn}:db:guarded"])):
            rds = self.role(name, {"Action": "rds:CreateDBSnapshot", "Resource": resources})
            self.assertDenied("rds:CreateDBSnapshot", rds.create_db_snapshot, **create)

    def test_restoreAsksForItsSnapshotAndGroupsToo(self):
        arn = f"arn:aws:rds:{REGION}:{ACCOUNT}"
        resources = [f"{arn}:db:*", self.source, f"{arn}:subgrp:default", f"{arn}:pg:default.mysql8.4", f"{arn}:og:default:mysql-8-4"]
        restore = {
            "DBInstanceIdentifier": "taken", "DBSnapshotIdentifier": "bk-guarded", "DBSubnetGroupName": "default",
            "DBParameterGroupName": "default.mysql8.4", "OptionGroupName": "default:mysql-8-4"}
        for missing in range(len(resources)):
            rds = self.role(f"restores-without-{missing}", {
                "Action": "rds:RestoreDBInstanceFromDBSnapshot", "Resource": resources[:missing] + resources[missing + 1:]})
            with self.subTest(resources[missing]):
                self.assertDenied("rds:RestoreDBInstanceFromDBSnapshot", rds.restore_db_instance_from_db_snapshot, **restore)
        rds = self.role("restores-with-all", {"Action": "rds:RestoreDBInstanceFromDBSnapshot", "Resource": resources})
        rds.restore_db_instance_from_db_snapshot(**restore)

    def test_whatIsMadeWithTagsAsksForTaggingIt(self):
        arn = f"arn:aws:rds:{REGION}:{ACCOUNT}"
        may = {"Action": ["rds:CreateDBSnapshot", "rds:CopyDBSnapshot", "rds:RestoreDBInstanceFromDBSnapshot"], "Resource": "*"}
        rds = self.role("makes", may)
        create = {"DBInstanceIdentifier": "guarded-source", "DBSnapshotIdentifier": "bk-marked"}
        copy = {"SourceDBSnapshotIdentifier": "bk-guarded", "TargetDBSnapshotIdentifier": "bk-marked-2"}
        restore = {"DBInstanceIdentifier": "drill-tagged", "DBSnapshotIdentifier": "bk-guarded"}
        for name, request in (("create_db_snapshot", create), ("copy_db_snapshot", copy), ("restore_db_instance_from_db_snapshot", restore)):
            self.assertDenied("rds:AddTagsToResource", getattr(rds, name), **request, Tags=OURS)
        tagging = {
            "Action": "rds:AddTagsToResource", "Resource": [f"{arn}:snapshot:bk-marked*", f"{arn}:db:drill-*"],
            "Condition": {"StringEquals": {"aws:RequestTag/plan": "ours"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["plan"]}}}
        rds = self.role("makes-and-tags", may, tagging)
        self.assertDenied("rds:AddTagsToResource", rds.create_db_snapshot, **create, Tags=[{"Key": "plan", "Value": "theirs"}])
        self.assertDenied("rds:AddTagsToResource", rds.create_db_snapshot, **create, Tags=[*OURS, {"Key": "team", "Value": "a"}])
        rds.create_db_snapshot(**create, Tags=OURS)
        rds.copy_db_snapshot(**copy, Tags=OURS)
        rds.restore_db_instance_from_db_snapshot(**restore, Tags=OURS)

    def test_attributesAskForTheSnapshot(self):
        rds = self.role("shares-others", {
            "Action": ["rds:DescribeDBSnapshotAttributes", "rds:ModifyDBSnapshotAttribute"], "Resource": f"{self.source}-of-others"})
        self.assertDenied("rds:DescribeDBSnapshotAttributes", rds.describe_db_snapshot_attributes, DBSnapshotIdentifier="bk-guarded")
        self.assertDenied(
            "rds:ModifyDBSnapshotAttribute", rds.modify_db_snapshot_attribute, DBSnapshotIdentifier="bk-guarded", AttributeName="restore",
            ValuesToAdd=["111111111111"])

    def test_copyAndRestoreAskForTheKeys(self):
        def key(region: str) -> str:
            return self.aws.client("kms", region=region).create_key()["KeyMetadata"]["Arn"]

        def give(*keys: str, service: str = "rds") -> list[dict]:
            through = {"kms:ViaService": [f"{service}.{region}.amazonaws.com" for region in (REGION, ELSEWHERE)]}
            return [{"Action": "kms:DescribeKey", "Resource": list(keys)}, {
                "Action": "kms:CreateGrant", "Resource": list(keys),
                "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}, "StringEquals": through}}]

        here, there = key(REGION), key(ELSEWHERE)
        create_instance(self.rds, "locked", StorageEncrypted=True, KmsKeyId=here)
        self.rds.create_db_snapshot(DBInstanceIdentifier="locked", DBSnapshotIdentifier="bk-locked")
        source = available(self.rds, "bk-locked")["DBSnapshotArn"]
        every = {"Action": "rds:*", "Resource": "*"}
        request = {"SourceDBSnapshotIdentifier": source, "TargetDBSnapshotIdentifier": "bk-locked", "KmsKeyId": there}
        for name, statements in (
            ("locked-none", []), ("locked-source", give(here)), ("locked-target", give(there)), ("locked-for-s3", give(here, there, service="s3")),
            ("locked-seen", give(here, there)[:1]), ("locked-granted", give(here, there)[1:]),
        ):
            with self.subTest(name), self.assertRaises(ClientError) as refused:
                self.role(name, every, *statements, region=ELSEWHERE).copy_db_snapshot(**request)
            self.assertEqual("KMSKeyNotAccessibleFault", refused.exception.response["Error"]["Code"])
        self.role("locked-both", every, *give(here, there), region=ELSEWHERE).copy_db_snapshot(**request)
        available(self.aws.client("rds", region=ELSEWHERE), "bk-locked")
        restore = {"DBInstanceIdentifier": "unlocked", "DBSnapshotIdentifier": "bk-locked"}
        with self.assertRaises(ClientError) as refused:
            self.role("restores-locked", every, *give(here), region=ELSEWHERE).restore_db_instance_from_db_snapshot(**restore)
        self.assertEqual("KMSKeyNotAccessibleFault", refused.exception.response["Error"]["Code"])
        self.role("restores", every, *give(there), region=ELSEWHERE).restore_db_instance_from_db_snapshot(**restore)


class AfterARestart(unittest.TestCase):
    """With a MiniStack of its own, which is ended and started again."""

    def test_dumpsAreKeptAndServersAreGone(self):
        aws = LocalAws()
        try:
            rds = aws.client("rds")
            create_instance(rds, "kept")
            rds.create_db_snapshot(DBInstanceIdentifier="kept", DBSnapshotIdentifier="whole")
            available(rds, "whole")
            rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="restored", DBSnapshotIdentifier="whole")

            def restored() -> str:
                return rds.describe_db_instances(DBInstanceIdentifier="restored")["DBInstances"][0]["DBInstanceStatus"]

            eventually(lambda: restored() == "available")
            aws.database_backups.open.clear()
            rds.create_db_snapshot(DBInstanceIdentifier="kept", DBSnapshotIdentifier="cut-off")
            self.assertEqual(200, aws.request("POST", "/_webapp/state").status)
            aws.kill()
            aws.database_backups.open.set()
            aws.database_backups.servers.clear()
            aws.start()
            found = {snapshot["DBSnapshotIdentifier"]: snapshot["Status"] for snapshot in rds.describe_db_snapshots()["DBSnapshots"]}
            self.assertEqual({"cut-off": "failed", "whole": "available"}, found)
            eventually(lambda: restored() == "failed")
            rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="again", DBSnapshotIdentifier="whole")
            eventually(lambda: rds.describe_db_instances(DBInstanceIdentifier="again")["DBInstances"][0]["DBInstanceStatus"] == "available")
        finally:
            aws.stop()

    def test_dumpsAndSnapshotsThatTheSavedStateDoesNotPairAreMended(self):
        aws = LocalAws()
        try:
            rds, dumps = aws.client("rds"), aws.database_backups.dumps
            create_instance(rds, "kept")
            for name in ("whole", "deleted-later"):
                rds.create_db_snapshot(DBInstanceIdentifier="kept", DBSnapshotIdentifier=name)
                available(rds, name)
            self.assertEqual(200, aws.request("POST", "/_webapp/state").status)
            rds.delete_db_snapshot(DBSnapshotIdentifier="deleted-later")
            whole = eventually(lambda: len(dumps) == 1 and set(dumps))
            rds.create_db_snapshot(DBInstanceIdentifier="kept", DBSnapshotIdentifier="made-later")
            available(rds, "made-later")
            aws.kill()
            aws.start()
            eventually(lambda: set(dumps) == whole)
            found = {snapshot["DBSnapshotIdentifier"]: snapshot["Status"] for snapshot in rds.describe_db_snapshots()["DBSnapshots"]}
            self.assertEqual({"deleted-later": "failed", "whole": "available"}, found)
            aws.kill()
            (aws.state / "complete").unlink()
            aws.start()
            eventually(lambda: not dumps)
        finally:
            aws.stop()


class Begun(unittest.TestCase):
    """What database_backups.py does in threads; in this process, without a server."""

    def test_nothingIsRememberedOfWhatHasEnded(self):
        go, done = threading.Event(), []

        def work(name: str) -> None:
            go.wait(10)
            done.append(name)
            raise RuntimeError("it failed")

        with mock.patch("threading.excepthook", lambda _: None):
            for name in ("first", "second"):
                database_backups.begin("db-1", work, name)
            database_backups.begin("db-2", go.wait, 10)
            self.assertEqual({"db-1", "db-2"}, set(database_backups._last))
            go.set()
            eventually(lambda: not database_backups._last)
        self.assertEqual(["first", "second"], done)
