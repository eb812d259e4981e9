"""Gap: a read replica shares its source's settings, a restored instance forgets what it was asked for, and nothing restores to a point
in time or renames.

On AWS each of them is an instance of its own, at an endpoint of its own name, under the key and with the users and schemas of what it was
made from; the request says the rest. RDS replicates no instance without backups, or whose password it manages:
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html (limitations)
A restored snapshot gets a server of its own, which holds the dump (database_backups.py); it is gone when the stack was started again, and
the instance is `failed`; renamed, it is known to functions that start after that. The data of a replica and of a point in time is whatever
stands behind the endpoint. It can go when MiniStack makes such instances.
"""

import logging
import re

from ministack.services import rds

from . import database_backups, rds_snapshots, upstream
from .rds_instance import endpoint

logger = logging.getLogger("bridges.rds_copies")

_starting: set[str] = set()  # resource ids whose server this process is starting

# What a copy has from its source unless the request says otherwise, and what it always has.
_INHERITED = {
    "DBInstanceClass": "DBInstanceClass", "StorageType": "StorageType", "Iops": "Iops", "StorageThroughput": "StorageThroughput",
    "EngineLifecycleSupport": "EngineLifecycleSupport", "CACertificateIdentifier": "CACertificateIdentifier",
}
_KEPT = {
    "Engine": "Engine", "EngineVersion": "EngineVersion", "MasterUsername": "MasterUsername", "KmsKeyId": "KmsKeyId",
    "AllocatedStorage": "AllocatedStorage", "StorageEncrypted": "StorageEncrypted",
}


def _given(parameters: dict, name: str) -> str:
    return rds._p(parameters, name) or ""


def _text(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _make(request: dict, source: dict, identifier: str, **more) -> dict | tuple:
    """The instance that a request makes of a source, or the error that refuses it."""
    parameters = dict(request)
    for name, of_source in _INHERITED.items():
        if not _given(request, name) and source.get(of_source):
            parameters[name] = [_text(source[of_source])]
    for name, of_source in _KEPT.items():
        if source.get(of_source):
            parameters[name] = [_text(source[of_source])]
    parameters.update({name: [value] for name, value in {"DBInstanceIdentifier": identifier, **more}.items()})
    response = rds._create_db_instance_impl(parameters)
    if response[0] >= 400:
        return response
    instance = rds._instances[identifier]
    instance["DBName"] = source.get("DBName", "")
    return instance


def _answer(action: str, made: dict | tuple):
    if isinstance(made, tuple):
        return made
    return rds._single_instance_response(f"{action}Response", f"{action}Result", made)


def _replicas(source: dict) -> list:
    return source.setdefault("ReadReplicaDBInstanceIdentifiers", [])


def _source_of(replica: dict) -> dict | None:
    name = replica.get("ReadReplicaSourceDBInstanceIdentifier")
    return rds._resolve_instance(name) if name else None


def _point_in_time_source(p: dict) -> dict | None:
    for name in ("SourceDBInstanceIdentifier", "SourceDbiResourceId"):
        if _given(p, name):
            return rds._resolve_instance(_given(p, name))
    return None


def _start(instance: dict, dump: str) -> None:
    resource_id = instance["DbiResourceId"]
    try:
        instance["Endpoint"]["Port"] = database_backups.start(resource_id, dump, instance["Endpoint"]["Address"])
        instance["DBInstanceStatus"] = "available"
    except database_backups.Failed as failure:
        logger.error("%s: %s", instance["DBInstanceArn"], failure)
        instance["DBInstanceStatus"] = "failed"
    finally:
        _starting.discard(resource_id)


def _stop(instance: dict) -> None:
    try:
        database_backups.stop(instance["DbiResourceId"])
    except database_backups.Failed as failure:
        logger.error("%s: its server is left: %s", instance["DBInstanceArn"], failure)


def _look_after(instance: dict) -> None:
    """Makes the status `failed` if the instance's server is gone."""
    if not instance.get("_OwnServer") or instance["DbiResourceId"] in _starting:
        return
    try:
        port = database_backups.port(instance["DbiResourceId"])
    except database_backups.Failed as failure:
        logger.error("%s: %s", instance["DBInstanceArn"], failure)
        return
    if port is None:
        instance["DBInstanceStatus"] = "failed"


def install() -> None:
    upstream.expect(rds, "_create_db_instance_impl", "p")
    upstream.expect(rds, "_error", "code", "message", "status")

    @upstream.wrap_action(rds, "_ACTION_MAP", "CreateDBInstanceReadReplica", "p")
    def replicate(original, p):
        source = rds._resolve_instance(_given(p, "SourceDBInstanceIdentifier"))
        if source is None:
            return original(p)  # which says so
        if source.get("MasterUserSecret"):
            return rds._error("InvalidParameterCombination", "You can't create a read replica of an instance whose master password RDS manages.", 400)
        if not int(source.get("BackupRetentionPeriod", 0)):
            return rds._error("InvalidDBInstanceState", "Automated backups are not enabled for this database instance.", 400)
        identifier = _given(p, "DBInstanceIdentifier")
        more = {"BackupRetentionPeriod": "0"}
        if not _given(p, "DBParameterGroupName"):
            more["DBParameterGroupName"] = source["DBParameterGroups"][0]["DBParameterGroupName"]
        more["DBSubnetGroupName"] = source["DBSubnetGroup"]["DBSubnetGroupName"]
        made = _make(p, source, identifier, **more)
        if isinstance(made, dict):
            made["BackupRetentionPeriod"] = 0
            made["ReadReplicaSourceDBInstanceIdentifier"] = source["DBInstanceIdentifier"]
            _replicas(source).append(identifier)
        return _answer("CreateDBInstanceReadReplica", made)

    @upstream.wrap_action(rds, "_ACTION_MAP", "RestoreDBInstanceFromDBSnapshot", "p")
    def restore(original, p):
        snapshot = rds_snapshots.find(_given(p, "DBSnapshotIdentifier").split(":snapshot:")[-1])
        identifier = _given(p, "DBInstanceIdentifier")
        if snapshot is None or identifier in rds._instances:
            return original(p)  # which says so
        if snapshot["Status"] != "available":
            return rds_snapshots.wrong_state(snapshot)
        if rds_snapshots.locked(snapshot):
            return rds_snapshots.locked(snapshot)
        if _given(p, "DBName"):
            return rds._error("InvalidParameterValue", "DBName can't be specified for the engine mysql.", 400)
        made = _make(p, snapshot, identifier)
        if isinstance(made, dict):
            _starting.add(made["DbiResourceId"])
            made.update(DBInstanceStatus="creating", _OwnServer=True)
            database_backups.begin(made["DbiResourceId"], _start, made, snapshot["_Dump"])
        return _answer("RestoreDBInstanceFromDBSnapshot", made)

    @upstream.wrap_action(rds, "_ACTION_MAP", "DescribeDBInstances", "p")
    def describe(original, p):
        for instance in rds._instances.values():
            _look_after(instance)
        return original(p)

    @upstream.wrap(rds, "_instance_xml", "i")
    def show(original, i):
        xml = original(i)
        if i.get("_OwnServer") and i["DBInstanceStatus"] == "creating":
            xml = re.sub(r"<Endpoint>.*?</Endpoint>", "", xml, count=1, flags=re.S)  # RDS tells it when it is there
        return xml

    def restore_to_point_in_time(p):
        source = _point_in_time_source(p)
        if source is None:
            return rds._error("DBInstanceNotFound", "The source DB instance was not found.", 404)
        if bool(_given(p, "RestoreTime")) == (_given(p, "UseLatestRestorableTime") == "true"):
            return rds._error("InvalidParameterCombination", "Specify either RestoreTime or UseLatestRestorableTime.", 400)
        if _given(p, "DBName"):
            return rds._error("InvalidParameterValue", "DBName can't be specified for the engine mysql.", 400)
        return _answer("RestoreDBInstanceToPointInTime", _make(p, source, _given(p, "TargetDBInstanceIdentifier")))

    actions = upstream.attribute(rds, "_ACTION_MAP", dict)
    if "RestoreDBInstanceToPointInTime" in actions:
        raise upstream.UpstreamChanged("MiniStack restores to a point in time now; read rds_copies again")
    actions["RestoreDBInstanceToPointInTime"] = restore_to_point_in_time

    @upstream.wrap_action(rds, "_ACTION_MAP", "ModifyDBInstance", "p")
    def rename(original, p):
        instance = rds._resolve_instance(_given(p, "DBInstanceIdentifier"))
        name = _given(p, "NewDBInstanceIdentifier")
        if instance is None or not name:
            return original(p)
        if name in rds._instances:
            return rds._error("DBInstanceAlreadyExists", f"DB instance {name} already exists", 400)
        response = original(p)
        if response[0] >= 400 or _given(p, "ApplyImmediately") != "true":
            return response
        old = instance["DBInstanceIdentifier"]
        tags = rds._tags.pop(instance["DBInstanceArn"], None)
        rds._instances[name] = instance
        del rds._instances[old]
        instance["DBInstanceIdentifier"] = name
        instance["DBInstanceArn"] = instance["DBInstanceArn"].removesuffix(old) + name
        if tags is not None:
            rds._tags[instance["DBInstanceArn"]] = tags
        instance["Endpoint"]["Address"] = endpoint(name)["Address"]
        return rds._single_instance_response("ModifyDBInstanceResponse", "ModifyDBInstanceResult", instance)

    @upstream.wrap(rds, "_delete_db_instance_impl", "p")
    def delete(original, p):
        instance = rds._resolve_instance(_given(p, "DBInstanceIdentifier"))
        source = _source_of(instance) if instance else None
        response = original(p)
        if response[0] < 400 and source:
            _replicas(source).remove(instance["DBInstanceIdentifier"])
        if response[0] < 400 and instance.get("_OwnServer"):
            database_backups.begin(instance["DbiResourceId"], _stop, instance)
        return response
