"""Copies of RDS instances: replicas, restores, and renames."""

import unittest
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from .local_aws import ACCOUNT, DATABASE_PORT, REGION, eventually, local_aws


class RdsCopies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.rds = cls.aws.client("rds")
        cls.key = cls.aws.client("kms").create_key()["KeyMetadata"]["Arn"]

    def create(self, name: str, **settings) -> dict:
        password = {} if settings.get("ManageMasterUserPassword") else {"MasterUserPassword": "given-password"}
        return self.rds.create_db_instance(**{
            "DBInstanceIdentifier": name, "Engine": "mysql", "EngineVersion": "8.4", "DBInstanceClass": "db.m7g.large", "AllocatedStorage": 50,
            "MasterUsername": "master", "DBName": "webapp", "StorageType": "gp3", "StorageEncrypted": True, "KmsKeyId": self.key,
            "BackupRetentionPeriod": 7, **password, **settings,
        })["DBInstance"]

    def describe(self, name: str) -> dict:
        return self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]

    def snapshot(self, instance: str, name: str) -> dict:
        """A snapshot that is available."""
        self.rds.create_db_snapshot(DBInstanceIdentifier=instance, DBSnapshotIdentifier=name)
        return eventually(lambda: next(
            (s for s in self.rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"] if s["Status"] == "available"), None))

    def available(self, name: str) -> dict:
        return eventually(lambda: next((i for i in [self.describe(name)] if i["DBInstanceStatus"] == "available"), None))

    def assertRefused(self, code: str, action, **parameters):
        with self.assertRaises(ClientError) as refused:
            action(**parameters)
        self.assertEqual(code, refused.exception.response["Error"]["Code"])

    def test_replicaIsAnInstanceOfItsOwnUnderTheSourcesKey(self):
        source = self.create("source")
        self.rds.create_db_instance_read_replica(
            DBInstanceIdentifier="reader", SourceDBInstanceIdentifier="source", DBInstanceClass="db.m7g.xlarge",
            EnableIAMDatabaseAuthentication=True, EnableCloudwatchLogsExports=["error"], DatabaseInsightsMode="advanced")
        replica = self.describe("reader")
        self.assertEqual("source", replica["ReadReplicaSourceDBInstanceIdentifier"])
        self.assertEqual(["reader"], self.describe("source")["ReadReplicaDBInstanceIdentifiers"])
        self.assertNotEqual(source["DbiResourceId"], replica["DbiResourceId"])
        self.assertEqual((f"reader.local0stack0.{REGION}.rds.amazonaws.com", DATABASE_PORT), (replica["Endpoint"]["Address"], replica["Endpoint"]["Port"]))
        self.assertEqual(("db.m7g.xlarge", self.key, True, 50, 0, "webapp", "master", "advanced", ["error"], True), (
            replica["DBInstanceClass"], replica["KmsKeyId"], replica["StorageEncrypted"], replica["AllocatedStorage"], replica["BackupRetentionPeriod"],
            replica["DBName"], replica["MasterUsername"], replica["DatabaseInsightsMode"], replica["EnabledCloudwatchLogsExports"],
            replica["IAMDatabaseAuthenticationEnabled"]))

    def test_deletedReplicaLeavesItsSource(self):
        self.create("left")
        self.rds.create_db_instance_read_replica(DBInstanceIdentifier="leaving", SourceDBInstanceIdentifier="left")
        self.rds.delete_db_instance(DBInstanceIdentifier="leaving", SkipFinalSnapshot=True)
        self.assertEqual([], self.describe("left")["ReadReplicaDBInstanceIdentifiers"])

    def test_noReplicaOfAManagedPassword(self):
        self.create("managing", ManageMasterUserPassword=True)
        self.assertRefused(
            "InvalidParameterCombination", self.rds.create_db_instance_read_replica, DBInstanceIdentifier="none", SourceDBInstanceIdentifier="managing")

    def test_noReplicaWithoutBackups(self):
        self.create("unsaved", BackupRetentionPeriod=0)
        self.assertRefused(
            "InvalidDBInstanceState", self.rds.create_db_instance_read_replica, DBInstanceIdentifier="none", SourceDBInstanceIdentifier="unsaved")

    def test_snapshotIsRestoredAsAsked(self):
        self.create("saved")
        snapshot = self.snapshot("saved", "snapshot")
        for number, identifier in enumerate(("snapshot", snapshot["DBSnapshotArn"])):
            name = f"restored-{number}"
            self.rds.restore_db_instance_from_db_snapshot(
                DBInstanceIdentifier=name, DBSnapshotIdentifier=identifier, DBInstanceClass="db.t4g.small", DeletionProtection=True,
                EnableIAMDatabaseAuthentication=True)
            restored = self.available(name)
            self.assertEqual((self.key, "master", "webapp", 50, "db.t4g.small", True, True), (
                restored["KmsKeyId"], restored["MasterUsername"], restored["DBName"], restored["AllocatedStorage"], restored["DBInstanceClass"],
                restored["DeletionProtection"], restored["IAMDatabaseAuthenticationEnabled"]))
            server = self.aws.database_backups.servers[restored["DbiResourceId"]]
            self.assertEqual((f"{name}.local0stack0.{REGION}.rds.amazonaws.com", server["port"]), (restored["Endpoint"]["Address"], restored["Endpoint"]["Port"]))
            self.assertEqual((snapshot["DbiResourceId"], restored["Endpoint"]["Address"]), (self.aws.database_backups.dumps[server["snapshot"]], server["host"]))

    def test_restoredInstanceIsCreatingUntilItsServerAnswers(self):
        self.create("slow")
        self.snapshot("slow", "slow-1")
        self.aws.database_backups.open.clear()
        try:
            self.rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="slow-restored", DBSnapshotIdentifier="slow-1")
            restored = self.describe("slow-restored")
            self.assertEqual(("creating", None), (restored["DBInstanceStatus"], restored.get("Endpoint")))
            self.assertRefused(
                "InvalidDBInstanceState", self.rds.create_db_snapshot, DBInstanceIdentifier="slow-restored", DBSnapshotIdentifier="too-early")
            self.rds.delete_db_instance(DBInstanceIdentifier="slow-restored", SkipFinalSnapshot=True)
        finally:
            self.aws.database_backups.open.set()
        done = self.aws.database_backups.done
        stop = f"DELETE /servers/{restored['DbiResourceId']}"
        eventually(lambda: stop in done)
        self.assertLess(done.index(f"PUT /servers/{restored['DbiResourceId']}"), done.index(stop))
        self.assertNotIn(restored["DbiResourceId"], self.aws.database_backups.servers)

    def test_restoredInstanceIsDumpedBeforeItsServerGoes(self):
        self.create("first")
        self.snapshot("first", "first-1")
        self.rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="second", DBSnapshotIdentifier="first-1")
        second = self.available("second")
        backups, since = self.aws.database_backups, len(self.aws.database_backups.asked)
        backups.open.clear()
        try:
            self.rds.delete_db_instance(DBInstanceIdentifier="second", FinalDBSnapshotIdentifier="second-final")
            dump = eventually(lambda: next((call for call in backups.asked[since:] if call.startswith("PUT /snapshots")), None))
        finally:
            backups.open.set()
        eventually(lambda: second["DbiResourceId"] not in backups.servers)
        self.assertLess(backups.done.index(dump), backups.done.index(f"DELETE /servers/{second['DbiResourceId']}"))
        self.assertEqual("available", self.rds.describe_db_snapshots(DBSnapshotIdentifier="second-final")["DBSnapshots"][0]["Status"])
        self.assertEqual(second["DbiResourceId"], backups.dumps[dump.rsplit("/", 1)[1]])

    def test_restoredInstanceHasFailedWhenItsServerIsGone(self):
        self.create("lost")
        self.snapshot("lost", "lost-1")
        self.rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="lost-restored", DBSnapshotIdentifier="lost-1")
        restored = self.available("lost-restored")
        del self.aws.database_backups.servers[restored["DbiResourceId"]]
        self.assertEqual("failed", self.describe("lost-restored")["DBInstanceStatus"])
        self.assertEqual("available", self.describe("lost")["DBInstanceStatus"])

    def test_restoreFailsWithItsServer(self):
        self.create("full")
        self.snapshot("full", "full-1")
        self.aws.database_backups.refusing.add("PUT /servers")
        try:
            self.rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="full-restored", DBSnapshotIdentifier="full-1")
            eventually(lambda: self.describe("full-restored")["DBInstanceStatus"] == "failed")
        finally:
            self.aws.database_backups.refusing.clear()

    def test_otherInstancesHaveNoServerOfTheirOwn(self):
        instance = self.create("plain")
        self.rds.delete_db_instance(DBInstanceIdentifier="plain", SkipFinalSnapshot=True)
        self.rds.describe_db_instances()
        self.assertFalse([call for call in self.aws.database_backups.asked if instance["DbiResourceId"] in call])

    def test_unknownSnapshot(self):
        self.assertRefused(
            "DBSnapshotNotFound", self.rds.restore_db_instance_from_db_snapshot, DBInstanceIdentifier="none", DBSnapshotIdentifier="none")

    def test_pointInTimeIsRestoredFromTheNameOrTheResourceId(self):
        source = self.create("past")
        for name, request in {
            "latest": {"SourceDBInstanceIdentifier": "past", "UseLatestRestorableTime": True},
            "then": {"SourceDbiResourceId": source["DbiResourceId"], "RestoreTime": datetime(2026, 11, 21, 9, 30, tzinfo=UTC)},
        }.items():
            self.rds.restore_db_instance_to_point_in_time(TargetDBInstanceIdentifier=name, **request)
            restored = self.describe(name)
            self.assertEqual(("db.m7g.large", self.key, "webapp"), (restored["DBInstanceClass"], restored["KmsKeyId"], restored["DBName"]))
            self.assertNotEqual(source["DbiResourceId"], restored["DbiResourceId"])

    def test_pointInTimeRefusals(self):
        self.create("refused")
        restore = self.rds.restore_db_instance_to_point_in_time
        known = {"TargetDBInstanceIdentifier": "none", "SourceDBInstanceIdentifier": "refused"}
        self.assertRefused("InvalidParameterCombination", restore, **known)
        self.assertRefused("InvalidParameterValue", restore, **known, UseLatestRestorableTime=True, DBName="other")
        self.assertRefused("DBInstanceNotFound", restore, TargetDBInstanceIdentifier="none", SourceDBInstanceIdentifier="absent", UseLatestRestorableTime=True)
        self.assertRefused("DBInstanceAlreadyExists", restore, **{**known, "TargetDBInstanceIdentifier": "refused"}, UseLatestRestorableTime=True)

    def test_renamedInstanceKeepsItsResourceId(self):
        created = self.create("before", Tags=[{"Key": "a", "Value": "b"}])
        self.rds.modify_db_instance(DBInstanceIdentifier="before", NewDBInstanceIdentifier="after", ApplyImmediately=True)
        renamed = self.describe("after")
        self.assertEqual(created["DbiResourceId"], renamed["DbiResourceId"])
        self.assertEqual(f"arn:aws:rds:{REGION}:{ACCOUNT}:db:after", renamed["DBInstanceArn"])
        self.assertEqual(f"after.local0stack0.{REGION}.rds.amazonaws.com", renamed["Endpoint"]["Address"])
        self.assertEqual([{"Key": "a", "Value": "b"}], self.rds.list_tags_for_resource(ResourceName=renamed["DBInstanceArn"])["TagList"])
        self.assertRefused("DBInstanceNotFound", self.rds.describe_db_instances, DBInstanceIdentifier="before")
