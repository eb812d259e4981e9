"""Gap: no snapshot is exported to S3.

On AWS an export task is STARTING, then IN_PROGRESS, then COMPLETE or FAILED, and its identifier is used up for ever. RDS writes with the
export role, which export.rds.amazonaws.com must be allowed to assume, under the task's KMS key, first of all its own metadata:
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartExportTask.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html (access to the bucket, key policy)
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.FileNames.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.Troubleshooting.html (failure messages)
Here each object is a request to S3, signed by a session of the role (which secure_transport.py counts as TLS), so that policies of role and
bucket decide; tables are text and not Parquet, and a snapshot that is deleted meanwhile ends its task. That a role trusts RDS is asked for
at the start and again by the task; what S3 refuses makes the task FAILED. It can go when MiniStack exports snapshots.
"""

import http.client
import json
import logging
import os
import re
import threading
import time
import urllib.parse
from typing import IO
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region, new_uuid
from ministack.services import iam, rds, s3, sts

from . import database_backups, rds_snapshots, simulate_principal_policy, state, upstream
from .rds_permission import EXPORTS

logger = logging.getLogger("bridges.rds_exports")

_STEP_SECONDS = 1  # as long as a task is STARTING, and IN_PROGRESS before it writes
_RUNNING = ("STARTING", "IN_PROGRESS", "CANCELING")
_ONLY = re.compile(r"[^.\s,]+(\.[^.\s,]+){0,2}")
_FILTERS = {
    "export-task-identifier": "ExportTaskIdentifier", "s3-bucket": "S3Bucket", "source-arn": "SourceArn", "status": "Status",
}
_STATUSES = ("canceled", "canceling", "complete", "failed", "in_progress", "starting")
_INTERNAL_ERROR = "An unknown internal error occurred."

_tasks = AccountRegionScopedDict()
_begun: set[str] = set()  # by _Run; what an earlier process began never ends
_lock = threading.Lock()  # who ends a task and who cancels it agree on how it ended


class _Failure(Exception):
    """What the task tells as its FailureCause."""


class _Canceled(Exception):
    pass


def _given(parameters: dict, name: str) -> str:
    return rds._p(parameters, name) or ""


def _refuse(code: str, message: str, status: int = 400):
    return rds._error(code, escape(message), status)


def _trusts_rds(role: dict) -> bool:
    return simulate_principal_policy.trusts(role, EXPORTS, {"aws:sourceaccount": get_account_id()})


def _role(arn: str) -> dict | None:
    role = iam._roles.get(arn.rsplit("/", 1)[-1])
    return role if role and role["Arn"] == arn else None


def _session(task: dict) -> Credentials:
    """Keys of the export role, as sts:AssumeRole gives them to who may."""
    role = _role(task["IamRoleArn"])
    if role is None or not _trusts_rds(role):
        raise _Failure(f"The RDS export failed to write the export task's metadata because it can't assume the IAM role {task['IamRoleArn']}.")
    name = "rds-export"
    arn, _error = sts._assumed_role_arn(role["Arn"], name)
    keys = iam._gen_session_access_key(), iam._gen_secret(), iam._gen_session_token()
    sts.register_session(keys[0], {
        "Arn": arn, "UserId": f"{role['RoleId']}:{name}", "SecretAccessKey": keys[1], "SessionToken": keys[2],
        "Expiration": time.time() + 3600, "AccountId": get_account_id(), "PrincipalType": "AssumedRole",
    })
    return Credentials(*keys)


def _put(task: dict, session: Credentials, path: str, content: bytes | IO[bytes], size: int | None = None) -> None:
    """Writes an object below the task's own prefix; a file's size is to be told."""
    if task["Status"] == "CANCELING":
        raise _Canceled
    key = "/".join(part for part in (task["S3Prefix"], task["ExportTaskIdentifier"], path) if part)
    port = int(os.environ["GATEWAY_PORT"])
    target = f"/{task['S3Bucket']}/{urllib.parse.quote(key)}"
    request = AWSRequest("PUT", f"http://127.0.0.1:{port}{target}", data=content, headers={
        "x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": task["KmsKeyId"],
    })
    S3SigV4Auth(session, "s3", get_region()).add_auth(request)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("PUT", target, content, {**dict(request.headers), "content-length": str(len(content) if size is None else size)})
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
    finally:
        connection.close()
    if status >= 300:
        code, message = _refusal(status, body)
        logger.error("%s: s3://%s/%s: %s: %s", task["ExportTaskIdentifier"], task["S3Bucket"], key, code, message)
        if code == "AccessDenied" and not path.startswith("export_"):
            raise _Failure(
                f"The IAM role {task['IamRoleArn']} isn't authorized to call s3:PutObject on the S3 bucket {task['S3Bucket']}. "
                "Review your permissions and retry the export.")
        raise _Failure(
            f"The RDS export failed to write the export task's metadata to the S3 bucket {task['S3Bucket']} using the IAM role "
            f"{task['IamRoleArn']} with the KMS key {task['KmsKeyId']}. Error code: {code}")


def _refusal(status: int, body: bytes) -> tuple[str, str]:
    try:
        error = ElementTree.fromstring(body)
        return error.findtext("Code") or str(status), error.findtext("Message") or ""
    except ElementTree.ParseError:
        return str(status), body.decode("utf-8", "replace")[:500]


def _info(task: dict) -> bytes:
    shown = {name[0].lower() + name[1:]: value for name, value in task.items() if not name.startswith("_") and value not in ("", [])}
    return json.dumps(shown).encode()


def _tables(sizes: dict[str, int]) -> bytes:
    """What the task tells of each table."""
    return json.dumps({"perTableStatus": [
        {"tableStatistics": {"extractionEndTime": rds._format_time(time.time()), "partitioningInfo": {"numberOfPartitions": 1}},
         "schemaMetadata": {}, "status": "COMPLETE", "sizeGB": size / 2**30, "target": table} for table, size in sorted(sizes.items())]}).encode()


def _write(task: dict) -> None:
    session = _session(task)
    info = f"export_info_{task['ExportTaskIdentifier']}.json"
    _put(task, session, info, _info(task))
    sizes: dict[str, int] = {}
    with database_backups.objects(task["_Dump"], task["ExportOnly"]) as objects:
        for found in sorted(objects.infolist(), key=lambda found: found.filename):
            with objects.open(found) as content:
                _put(task, session, found.filename, content, found.file_size)
            table = found.filename.split("/")[1]  # <database>/<database.table>/<batch>/<part>
            sizes[table] = sizes.get(table, 0) + found.file_size
    if sizes:
        _put(task, session, f"export_tables_info_{task['ExportTaskIdentifier']}_from_1_to_{len(sizes)}.json", _tables(sizes))
    _put(task, session, info, _info({**task, "Status": "COMPLETE", "PercentProgress": 100, "TaskEndTime": rds._format_time(time.time())}))


def _end(task: dict, status: str, **more) -> None:
    with _lock:
        if task["Status"] == "CANCELING":
            status, more = "CANCELED", {}
        task.update(**more, TaskEndTime=rds._format_time(time.time()), Status=status)


def _run(task: dict) -> None:
    try:
        time.sleep(_STEP_SECONDS)
        with _lock:
            if task["Status"] == "CANCELING":
                raise _Canceled
            task.update(Status="IN_PROGRESS", TaskStartTime=rds._format_time(time.time()))
        time.sleep(_STEP_SECONDS)
        _write(task)
        _end(task, "COMPLETE", PercentProgress=100)
    except _Canceled:
        _end(task, "CANCELED")
    except _Failure as failure:
        _end(task, "FAILED", FailureCause=str(failure))
    except Exception:
        logger.exception("%s", task["ExportTaskIdentifier"])
        _end(task, "FAILED", FailureCause=_INTERNAL_ERROR)


def _settle(task: dict) -> None:
    if task["Status"] in _RUNNING and task["_Run"] not in _begun:
        _end(task, "FAILED", FailureCause=_INTERNAL_ERROR)


def _xml(task: dict) -> str:
    """The elements of an ExportTask."""
    only = "".join(f"<member>{escape(name)}</member>" for name in task["ExportOnly"])
    shown = "".join(
        f"<{name}>{escape(str(value))}</{name}>" for name, value in task.items()
        if not name.startswith("_") and name != "ExportOnly" and value != "")
    return shown + (f"<ExportOnly>{only}</ExportOnly>" if only else "")


def _answer(action: str, task: dict):
    return rds._xml(200, f"{action}Response", f"<{action}Result>{_xml(task)}</{action}Result>")


def _refused_source(arn: str, snapshot: dict | None):
    if ":snapshot:" not in arn:
        return _refuse("InvalidParameterValue", f"Invalid resource name: {arn}; a DB snapshot's ARN is exported here.")
    if snapshot is None or arn.split(":")[3] != get_region():
        return rds_snapshots.not_found(arn)
    if snapshot["Status"] != "available":
        return _refuse("InvalidExportSourceState", f"The snapshot {arn} is {snapshot['Status']}, not available.")
    for task in _tasks.values():
        _settle(task)
        if task["SourceArn"] == arn and task["Status"] in _RUNNING:
            return _refuse("InvalidExportSourceState", f"The export task {task['ExportTaskIdentifier']} of {arn} is in progress.")
    return rds_snapshots.locked(snapshot)


def _refused_target(bucket: str, prefix: str, role_arn: str, key: str | None, key_given: str):
    if ":" in prefix:
        return _refuse("InvalidParameterValue", f"The S3 prefix {prefix} must not contain a colon.")
    if s3.bucket_region(bucket) != get_region():
        return _refuse("InvalidS3BucketFault", f"The specified S3 bucket name {bucket} can't be found, or is in another region.")
    role = _role(role_arn)
    if role is None:
        return _refuse("IamRoleNotFound", f"The IAM role {role_arn} is missing for exporting to an Amazon S3 bucket.", 404)
    if not _trusts_rds(role):
        return _refuse(
            "IamRoleMissingPermissions", f"The principal {EXPORTS} isn't allowed to assume the IAM role {role_arn} or the IAM role doesn't exist.")
    if key is None:
        return rds_snapshots.key_refused(key_given)
    return None


def start(p):
    identifier, source_arn = _given(p, "ExportTaskIdentifier"), _given(p, "SourceArn")
    bucket, prefix, role_arn = _given(p, "S3BucketName"), _given(p, "S3Prefix").strip("/"), _given(p, "IamRoleArn")
    key, only = rds_snapshots.usable_key(_given(p, "KmsKeyId")), rds._parse_member_list(p, "ExportOnly")
    if identifier in _tasks:
        return _refuse("ExportTaskAlreadyExists", f"The export task {identifier} already exists.")
    snapshot = rds_snapshots.find(source_arn)
    refused = _refused_source(source_arn, snapshot) or _refused_target(bucket, prefix, role_arn, key, _given(p, "KmsKeyId"))
    if refused:
        return refused
    for name in only:
        if not _ONLY.fullmatch(name):
            return _refuse("InvalidExportOnly", f"The export of {name} is not valid; expected database or database.table.")
    task = {
        "ExportTaskIdentifier": identifier, "SourceArn": source_arn, "SourceType": "SNAPSHOT", "SnapshotTime": snapshot["OriginalSnapshotCreateTime"],
        "TaskStartTime": "", "TaskEndTime": "", "S3Bucket": bucket, "S3Prefix": prefix, "IamRoleArn": role_arn, "KmsKeyId": key,
        "Status": "STARTING", "PercentProgress": 0, "TotalExtractedDataInGB": 0, "FailureCause": "", "WarningMessage": "", "ExportOnly": only,
        "_Dump": snapshot["_Dump"], "_Run": new_uuid(),
    }
    _begun.add(task["_Run"])
    _tasks[identifier] = task
    database_backups.begin(source_arn, _run, task)
    return _answer("StartExportTask", task)


def _matching(p) -> list[dict] | tuple:
    filters = rds._parse_filters(p)
    for name, values in filters.items():
        if name not in _FILTERS:
            return _refuse("InvalidParameterValue", f"Unrecognized filter name: {name}")
        for value in values:
            if name == "status" and value not in _STATUSES:
                return _refuse("InvalidParameterValue", f"Invalid status: {value}. Must be one of {', '.join(_STATUSES)}.")
    named = {name: _given(p, name) for name in ("ExportTaskIdentifier", "SourceArn", "SourceType")}
    for task in _tasks.values():
        _settle(task)
    found = [task for task in _tasks.values() if all(task[name] == value for name, value in named.items() if value)]
    if not found and named["ExportTaskIdentifier"]:
        return _not_found(named["ExportTaskIdentifier"])

    def value_of(task: dict, name: str) -> str:
        return task["Status"].lower() if name == "status" else task[_FILTERS[name]]

    return sorted(
        (task for task in found if all(value_of(task, name) in values for name, values in filters.items())),
        key=lambda task: task["ExportTaskIdentifier"])


def describe(p):
    found = _matching(p)
    paged = found if isinstance(found, tuple) else rds_snapshots.page(p, found, "ExportTaskIdentifier")
    if isinstance(paged[0], int):
        return paged
    shown, marker = paged
    members = "".join(f"<ExportTask>{_xml(task)}</ExportTask>" for task in shown)
    return rds._xml(200, "DescribeExportTasksResponse",
                    f"<DescribeExportTasksResult><ExportTasks>{members}</ExportTasks>{marker}</DescribeExportTasksResult>")


def cancel(p):
    identifier = _given(p, "ExportTaskIdentifier")
    task = _tasks.get(identifier)
    if task is None:
        return _not_found(identifier)
    _settle(task)
    with _lock:
        if task["Status"] not in ("STARTING", "IN_PROGRESS"):
            return _refuse("InvalidExportTaskStateFault", f"The export task {identifier} is {task['Status']}; it can't be canceled.")
        task["Status"] = "CANCELING"
    return _answer("CancelExportTask", task)


def _not_found(identifier: str):
    return _refuse("ExportTaskNotFound", f"The export task {identifier} doesn't exist.", 404)


def install() -> None:
    upstream.expect(sts, "_assumed_role_arn", "role_arn", "session_name")
    upstream.expect(sts, "register_session", "access_key", "session")
    upstream.expect(s3, "bucket_region", "name")
    for name in ("_gen_session_access_key", "_gen_secret", "_gen_session_token"):
        upstream.expect(iam, name)
    state.keep("rds_exports", _tasks)
    actions = upstream.attribute(rds, "_ACTION_MAP", dict)
    for name, action in {"StartExportTask": start, "DescribeExportTasks": describe, "CancelExportTask": cancel}.items():
        if name in actions:
            raise upstream.UpstreamChanged(f"MiniStack knows {name} now; read rds_exports again")
        actions[name] = action
