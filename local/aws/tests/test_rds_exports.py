"""Exports of snapshots to S3: written by a session of the export role, so that its policies and the bucket's decide."""

import json
import unittest
import uuid

from botocore.exceptions import ClientError

from .local_aws import ACCOUNT, REGION, LocalAws, eventually, local_aws
from .test_rds_snapshots import available, create_instance

SERVICE = "export.rds.amazonaws.com"
ENDED = ("COMPLETE", "FAILED", "CANCELED")


def policy(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement} for statement in statements]})


class Exporter:
    """An instance's snapshot, a bucket, a key, and roles to export with."""

    def __init__(self, aws: LocalAws):
        self.aws, self.rds, self.s3, self.iam = aws, aws.client("rds"), aws.client("s3"), aws.client("iam")
        self.bucket = f"exports-{uuid.uuid4().hex[:8]}"
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
        instance = f"exported-{uuid.uuid4().hex[:8]}"
        create_instance(self.rds, instance)
        self.snapshot = self.snapshot_of(instance)

    def snapshot_of(self, instance: str) -> dict:
        name = f"{instance}-{uuid.uuid4().hex[:8]}"
        self.rds.create_db_snapshot(DBInstanceIdentifier=instance, DBSnapshotIdentifier=name)
        return available(self.rds, name)

    def another_snapshot(self) -> str:
        return self.snapshot_of(self.snapshot["DBInstanceIdentifier"])["DBSnapshotArn"]

    def role(self, *statements: dict, service: str = SERVICE, **condition) -> str:
        name = f"export-{uuid.uuid4().hex[:8]}"
        trust = policy({"Principal": {"Service": service}, "Action": "sts:AssumeRole", **condition})
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        if statements:
            self.iam.put_role_policy(RoleName=name, PolicyName="export", PolicyDocument=policy(*statements))
        return arn

    def writing_role(self, **trust) -> str:
        return self.role({"Action": "s3:PutObject*", "Resource": f"arn:aws:s3:::{self.bucket}/*"}, **trust)

    def start(self, role: str, **request) -> dict:
        return self.rds.start_export_task(**{
            "ExportTaskIdentifier": f"task-{uuid.uuid4().hex[:8]}", "SourceArn": self.snapshot["DBSnapshotArn"], "S3BucketName": self.bucket,
            "IamRoleArn": role, "KmsKeyId": self.key, **request})

    def task(self, started: dict) -> dict:
        return self.rds.describe_export_tasks(ExportTaskIdentifier=started["ExportTaskIdentifier"])["ExportTasks"][0]

    def ended(self, started: dict) -> dict:
        return eventually(lambda: next((task for task in [self.task(started)] if task["Status"] in ENDED), None))

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return {found["Key"]: self.s3.get_object(Bucket=self.bucket, Key=found["Key"])["Body"].read() for found in listed}


class RdsExports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.of = Exporter(cls.aws)
        cls.rds = cls.of.rds
        cls.writer = cls.of.writing_role(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})

    def assertRefused(self, code: str, action, **parameters) -> str:
        with self.assertRaises(ClientError) as refused:
            action(**parameters)
        self.assertEqual(code, refused.exception.response["Error"]["Code"])
        return refused.exception.response["Error"]["Message"]

    def test_writesTheTablesAsRdsLaysThemOut(self):
        source = self.of.another_snapshot()
        started = self.of.start(self.writer, SourceArn=source, S3Prefix="plan", KmsKeyId=self.of.key.rsplit("/")[-1])
        self.assertEqual(("STARTING", "SNAPSHOT", 0, False), (
            started["Status"], started["SourceType"], started["PercentProgress"], "TaskStartTime" in started))
        task = self.of.ended(started)
        self.assertEqual(("COMPLETE", 100, source, self.of.bucket, "plan", self.writer, self.of.key, None), (
            task["Status"], task["PercentProgress"], task["SourceArn"], task["S3Bucket"], task["S3Prefix"], task["IamRoleArn"], task["KmsKeyId"],
            task.get("FailureCause")))
        self.assertLessEqual(task["SnapshotTime"], task["TaskStartTime"])
        self.assertLess(task["TaskStartTime"], task["TaskEndTime"])
        name = started["ExportTaskIdentifier"]
        objects = self.of.objects(f"plan/{name}/")
        tables = {path: text.encode() for path, text in self.aws.database_backups.objects.items()}
        self.assertEqual(tables, {key.removeprefix(f"plan/{name}/"): content for key, content in objects.items() if "/export_" not in key})
        info = json.loads(objects[f"plan/{name}/export_info_{name}.json"])
        self.assertEqual((name, source, "COMPLETE", 100), (
            info["exportTaskIdentifier"], info["sourceArn"], info["status"], info["percentProgress"]))
        told = json.loads(objects[f"plan/{name}/export_tables_info_{name}_from_1_to_2.json"])["perTableStatus"]
        self.assertEqual(["shop.orders", "webapp.users"], [table["target"] for table in told])
        for key in objects:
            head = self.of.s3.head_object(Bucket=self.of.bucket, Key=key)
            self.assertEqual(("aws:kms", self.of.key), (head["ServerSideEncryption"], head["SSEKMSKeyId"]))

    def test_writesOnlyWhatWasAskedFor(self):
        started = self.of.start(self.writer, SourceArn=self.of.another_snapshot(), ExportOnly=["webapp"])
        task = self.of.ended(started)
        self.assertEqual(("COMPLETE", ["webapp"]), (task["Status"], task["ExportOnly"]))
        tables = [key for key in self.of.objects(started["ExportTaskIdentifier"]) if "/export_" not in key]
        self.assertEqual([f"{started['ExportTaskIdentifier']}/webapp/webapp.users/1/part-00000.tsv"], tables)

    def test_roleThatMayNotWriteFails(self):
        role = self.of.role({"Action": ["s3:GetObject*", "s3:ListBucket"], "Resource": "*"})
        task = self.of.ended(self.of.start(role, SourceArn=self.of.another_snapshot()))
        self.assertEqual(
            f"The RDS export failed to write the export task's metadata to the S3 bucket {self.of.bucket} using the IAM role {role} "
            f"with the KMS key {self.of.key}. Error code: AccessDenied", task["FailureCause"])
        self.assertEqual("FAILED", task["Status"])
        self.assertEqual({}, self.of.objects(task["ExportTaskIdentifier"]))

    def test_roleThatMayWriteOnlyMetadataFails(self):
        role = self.of.role({"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{self.of.bucket}/*/export_*"})
        task = self.of.ended(self.of.start(role, SourceArn=self.of.another_snapshot()))
        self.assertEqual(
            f"The IAM role {role} isn't authorized to call s3:PutObject on the S3 bucket {self.of.bucket}. "
            "Review your permissions and retry the export.", task["FailureCause"])

    def test_bucketThatDeniesFailsAndThatWantsTlsDoesNot(self):
        deny = {"Effect": "Deny", "Principal": "*", "Resource": f"arn:aws:s3:::{self.of.bucket}/*"}
        writing = {**deny, "Action": "s3:PutObject"}
        try:
            self.of.s3.put_bucket_policy(Bucket=self.of.bucket, Policy=policy({**writing, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}))
            self.assertEqual("COMPLETE", self.of.ended(self.of.start(self.writer, SourceArn=self.of.another_snapshot()))["Status"])
            self.of.s3.put_bucket_policy(Bucket=self.of.bucket, Policy=policy(writing))
            self.assertIn("AccessDenied", self.of.ended(self.of.start(self.writer, SourceArn=self.of.another_snapshot()))["FailureCause"])
        finally:
            self.of.s3.delete_bucket_policy(Bucket=self.of.bucket)

    def test_roleThatTrustsRdsNoLongerFails(self):
        role = self.of.writing_role()
        started = self.of.start(role, SourceArn=self.of.another_snapshot())
        self.of.iam.update_assume_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyDocument=policy({
            "Principal": {"Service": "rds.amazonaws.com"}, "Action": "sts:AssumeRole"}))
        self.assertEqual(
            f"The RDS export failed to write the export task's metadata because it can't assume the IAM role {role}.",
            self.of.ended(started)["FailureCause"])

    def test_startRefusals(self):
        start = self.of.start
        other_region = self.aws.client("kms", region="eu-west-1").create_key()["KeyMetadata"]["Arn"]
        self.aws.client("s3", region="eu-west-1").create_bucket(
            Bucket=f"{self.of.bucket}-away", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        stranger = self.of.writing_role(service="rds.amazonaws.com")
        of_another_account = self.of.writing_role(Condition={"StringEquals": {"aws:SourceAccount": "111111111111"}})
        for code, role, request in (
            ("DBSnapshotNotFound", self.writer, {"SourceArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:absent"}),
            ("DBSnapshotNotFound", self.writer, {"SourceArn": self.of.snapshot["DBSnapshotArn"].replace(REGION, "eu-west-1")}),
            ("InvalidParameterValue", self.writer, {"SourceArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:any"}),
            ("InvalidS3BucketFault", self.writer, {"S3BucketName": "absent"}),
            ("InvalidS3BucketFault", self.writer, {"S3BucketName": f"{self.of.bucket}-away"}),
            ("IamRoleNotFound", f"arn:aws:iam::{ACCOUNT}:role/absent", {}),
            ("IamRoleMissingPermissions", stranger, {}),
            ("IamRoleMissingPermissions", of_another_account, {}),
            ("KMSKeyNotAccessibleFault", self.writer, {"KmsKeyId": other_region}),
            ("InvalidExportOnly", self.writer, {"ExportOnly": ["a.b.c.d"]}),
            ("InvalidParameterValue", self.writer, {"S3Prefix": "a:b"}),
        ):
            with self.subTest(code=code, request=request):
                self.assertRefused(code, start, role=role, **request)

    def test_identifierIsUsedUpAndSnapshotIsExportedOnceAtATime(self):
        source = self.of.another_snapshot()
        started = self.of.start(self.writer, SourceArn=source)
        self.assertRefused("InvalidExportSourceState", self.of.start, role=self.writer, SourceArn=source)
        self.of.ended(started)
        self.assertRefused(
            "ExportTaskAlreadyExists", self.of.start, role=self.writer, SourceArn=source, ExportTaskIdentifier=started["ExportTaskIdentifier"])
        self.assertEqual("COMPLETE", self.of.ended(self.of.start(self.writer, SourceArn=source))["Status"])

    def test_canceledTaskWritesNothingMore(self):
        self.aws.database_backups.open.clear()
        try:
            source = self.of.snapshot["DBSnapshotArn"]
            started = self.of.start(self.writer)
            eventually(lambda: self.of.task(started)["Status"] == "IN_PROGRESS")
            running = [{"Name": "status", "Values": ["starting", "in_progress", "canceling"]}, {"Name": "source-arn", "Values": [source]}]
            self.assertEqual([started["ExportTaskIdentifier"]], [
                task["ExportTaskIdentifier"] for task in self.rds.describe_export_tasks(Filters=running)["ExportTasks"]])
            canceled = self.rds.cancel_export_task(ExportTaskIdentifier=started["ExportTaskIdentifier"])
            self.assertEqual("CANCELING", canceled["Status"])
        finally:
            self.aws.database_backups.open.set()
        self.assertEqual("CANCELED", self.of.ended(started)["Status"])
        self.assertEqual([], [key for key in self.of.objects(started["ExportTaskIdentifier"]) if "/export_info" not in key])
        self.assertRefused("InvalidExportTaskStateFault", self.rds.cancel_export_task, ExportTaskIdentifier=started["ExportTaskIdentifier"])
        self.assertEqual([], self.rds.describe_export_tasks(Filters=running)["ExportTasks"])
        self.assertIn(started["ExportTaskIdentifier"], [
            task["ExportTaskIdentifier"] for task in self.rds.describe_export_tasks(SourceArn=source)["ExportTasks"]])

    def test_dumpThatCannotBeReadIsAnInternalError(self):
        self.aws.database_backups.refusing.add("GET /snapshots")
        try:
            task = self.of.ended(self.of.start(self.writer, SourceArn=self.of.another_snapshot()))
        finally:
            self.aws.database_backups.refusing.clear()
        self.assertEqual(("FAILED", "An unknown internal error occurred."), (task["Status"], task["FailureCause"]))

    def test_exportThatIsCutOffHasFailed(self):
        source = self.of.another_snapshot()
        self.aws.database_backups.most = 120  # a whole table, but not all
        try:
            task = self.of.ended(self.of.start(self.writer, SourceArn=source))
        finally:
            self.aws.database_backups.most = None
        self.assertEqual(("FAILED", "An unknown internal error occurred."), (task["Status"], task["FailureCause"]))
        self.assertEqual([], [key for key in self.of.objects(task["ExportTaskIdentifier"]) if "/export_info" not in key])

    def test_unknownTaskAndFilter(self):
        self.assertRefused("ExportTaskNotFound", self.rds.describe_export_tasks, ExportTaskIdentifier="absent")
        self.assertRefused("ExportTaskNotFound", self.rds.cancel_export_task, ExportTaskIdentifier="absent")
        for name, value in (("colour", "red"), ("status", "COMPLETE")):
            self.assertRefused("InvalidParameterValue", self.rds.describe_export_tasks, Filters=[{"Name": name, "Values": [value]}])

    def test_startAsksForTheSnapshotAndForPassingTheRole(self):
        source = self.of.another_snapshot()
        request = {"ExportTaskIdentifier": f"task-{uuid.uuid4().hex[:8]}", "SourceArn": source, "S3BucketName": self.of.bucket,
                   "IamRoleArn": self.writer, "KmsKeyId": self.of.key}
        begin = {"Effect": "Allow", "Action": "rds:StartExportTask", "Resource": source}
        give = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": self.writer, "Condition": {"StringEquals": {"iam:PassedToService": SERVICE}}}
        key = {"Effect": "Allow", "Action": ["kms:DescribeKey", "kms:CreateGrant"], "Resource": self.of.key}
        elsewhere = {**give, "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}

        def starts(name: str, *statements: dict):
            return self.aws.client("rds", self.aws.assume(self.aws.role(name, *statements))).start_export_task

        self.assertIn("rds:StartExportTask", self.assertRefused(
            "AccessDenied", starts("starts-other", {**begin, "Resource": self.of.snapshot["DBSnapshotArn"]}, give), **request))
        self.assertIn("iam:PassRole", self.assertRefused("AccessDenied", starts("starts-only", begin), **request))
        self.assertIn("iam:PassRole", self.assertRefused("AccessDenied", starts("starts-elsewhere", begin, elsewhere), **request))
        self.assertRefused("KMSKeyNotAccessibleFault", starts("starts-without-key", begin, give), **request)
        self.assertEqual("COMPLETE", self.of.ended(starts("starts", begin, give, key)(**request))["Status"])


class AfterARestart(unittest.TestCase):
    """With a MiniStack of its own, which is ended and started again."""

    def test_endedTasksAreKeptAndRunningOnesHaveFailed(self):
        aws = LocalAws()
        try:
            of = Exporter(aws)
            writer = of.writing_role()
            whole = of.ended(of.start(writer))
            aws.database_backups.open.clear()
            cut_off = of.start(writer)
            eventually(lambda: of.task(cut_off)["Status"] == "IN_PROGRESS")
            self.assertEqual(200, aws.request("POST", "/_webapp/state").status)
            aws.kill()
            aws.database_backups.open.set()
            aws.start()
            self.assertEqual(whole, of.task(whole))
            task = of.task(cut_off)
            self.assertEqual(("FAILED", "An unknown internal error occurred."), (task["Status"], task["FailureCause"]))
        finally:
            aws.stop()
