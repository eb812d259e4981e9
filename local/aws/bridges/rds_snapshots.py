"""Gap: a snapshot is available at once and holds nothing, cannot be copied or shared, and a listing has neither filters nor pages.

On AWS a snapshot is `creating` until it holds what the database held; a copy, within a region or into the one that is called, is `copying`,
and an encrypted one needs a key of the region it goes to. Manual snapshots are shared by their attribute `restore`:
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CopyDBSnapshot.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSnapshotAttribute.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html
Here the data is a dump (database_backups.py). A copy has its source's; the dump goes with the last snapshot that has it. Sharing is only
remembered, and a source that is deleted does not end its copies. State is saved now and then, dumps are made and deleted at once: what a
restart left of the one without the other is mended at the start. It can go when MiniStack's snapshots hold data and can be copied and shared.
"""

import logging
import re
import threading
import time
from xml.sax.saxutils import escape

from ministack import app
from ministack.core.responses import AccountRegionScopedDict, get_region, new_uuid
from ministack.services import kms, rds

from . import database_backups, upstream

logger = logging.getLogger("bridges.rds_snapshots")

_COPY_SECONDS = 1
_SHARED_WITH_MOST = 20
_TYPES = ("automated", "manual", "shared", "public", "awsbackup")
_FILTERS = {
    "db-instance-id": "DBInstanceIdentifier", "db-snapshot-id": "DBSnapshotIdentifier", "dbi-resource-id": "DbiResourceId",
    "snapshot-type": "SnapshotType", "engine": "Engine",
}

_dump_lock = threading.Lock()  # who copies a snapshot and who deletes it agree on who has the dump
_begun: set[str] = set()  # dumps that this process began; what an earlier one left in `creating` never ends


def _given(parameters: dict, name: str) -> str:
    return rds._p(parameters, name) or ""


def _refuse(code: str, message: str, status: int = 400):
    return rds._error(code, escape(message), status)


def find(given: str) -> dict | None:
    """The snapshot of this name or ARN, in this region or, by ARN, in another one; as it is now."""
    snapshot = rds._regional_get(rds._snapshots, given, "snapshot")
    if snapshot is not None:
        _settle(snapshot)
    return snapshot


def not_found(given: str):
    return _refuse("DBSnapshotNotFound", f"DBSnapshot {given} not found.", 404)


def wrong_state(snapshot: dict):
    return _refuse("InvalidDBSnapshotState", f"The snapshot {snapshot['DBSnapshotIdentifier']} is {snapshot['Status']}, not available.")


def usable_key(given: str) -> str | None:
    """The ARN of this region's key of that ARN, id or alias, or None if it cannot be used."""
    key = kms._resolve_key(given)
    return key["Arn"] if key and key.get("KeyState") == "Enabled" else None


def key_refused(given: str):
    return _refuse("KMSKeyNotAccessibleFault", f"The KMS key [{given}] does not exist, is not enabled or you do not have permissions to access it.")


def locked(snapshot: dict):
    """The refusal of a snapshot whose own customer key cannot be used, otherwise None."""
    arn = snapshot["KmsKeyId"]
    if ":key/" not in arn:
        return None
    _, _, _, region, account, resource = arn.split(":")
    key = kms._keys.get_scoped(account, region, resource.removeprefix("key/"))
    return None if key and key.get("KeyState") == "Enabled" else key_refused(arn)


def _settle(snapshot: dict) -> None:
    """Makes of it what it has become: a copy ends by the clock; a dump that a restart cut off, or that was never made, has failed."""
    if snapshot["Status"] == "copying" and time.time() >= snapshot["_CopiedAt"]:
        snapshot.update(Status="available", PercentProgress=100)
    if "_Dump" not in snapshot or snapshot["Status"] == "creating" and snapshot["_Dump"] not in _begun:
        snapshot["Status"] = "failed"


def _dump(snapshot: dict) -> None:
    try:
        database_backups.dump(snapshot["_Dump"], snapshot["DbiResourceId"])
        snapshot.update(Status="available", PercentProgress=100)
    except database_backups.Failed as failure:
        logger.error("%s: %s", snapshot["DBSnapshotArn"], failure)
        snapshot["Status"] = "failed"


def _forget(*keys: str) -> None:
    for key in keys:
        try:
            database_backups.forget(key)
        except database_backups.Failed as failure:
            logger.error("dump %s is left until local AWS starts again: %s", key, failure)


def _reconcile() -> None:
    """Deletes dumps that no snapshot has, and makes snapshots that have none `failed`."""
    try:
        dumps = database_backups.dumps()
    except database_backups.Failed as failure:
        logger.error("dumps that no snapshot has may be left: %s", failure)
        return
    snapshots = list(rds._snapshots.all_values())
    for snapshot in snapshots:
        if snapshot.get("_Dump") not in dumps:
            snapshot["Status"] = "failed"
    # From a thread: local AWS is not to wait for it.
    database_backups.begin("", _forget, *sorted(dumps - {snapshot.get("_Dump") for snapshot in snapshots}))


def _inherited_tags(instance: dict) -> list[dict]:
    tags = rds._tags.get(instance["DBInstanceArn"], []) if instance.get("CopyTagsToSnapshot") else []
    return [tag for tag in tags if not tag["Key"].startswith("aws:")]


def _set_tags(snapshot: dict, tags: list[dict]) -> None:
    snapshot["TagList"] = list(tags)
    if tags:
        rds._tags[snapshot["DBSnapshotArn"]] = list(tags)


def _answer(action: str, snapshot: dict):
    return rds._xml(200, f"{action}Response", f"<{action}Result><DBSnapshot>{rds._snapshot_xml(snapshot)}</DBSnapshot></{action}Result>")


def _key_of_copy(source: dict, given: str, across: bool) -> str | tuple:
    """The ARN of the copy's key, "" for none, or the error that refuses it."""
    if given:
        return usable_key(given) or key_refused(given)
    if across and source["Encrypted"]:
        return _refuse("InvalidParameterValue", "Must specify new KMS key for cross region encrypted snapshot copy.")
    return source["KmsKeyId"]


def _option_group_of_copy(source: dict, given: str, across: bool) -> str | tuple:
    if given and not given.startswith("default:") and given not in rds._option_groups:
        return _refuse("OptionGroupNotFoundFault", f"Specified OptionGroupName: {given} not found.", 404)
    if across and not given and not source["OptionGroupName"].startswith("default:"):
        return _refuse("InvalidParameterValue", f"The snapshot requires a target option group with the options of {source['OptionGroupName']}.")
    return given or source["OptionGroupName"]


def copy_snapshot(p):
    given, name = _given(p, "SourceDBSnapshotIdentifier"), _given(p, "TargetDBSnapshotIdentifier")
    if not given or not name:
        return _refuse("MissingParameter", "SourceDBSnapshotIdentifier and TargetDBSnapshotIdentifier are required.")
    with _dump_lock:
        source = find(given)
        if source is None:
            return not_found(given)
        if source["Status"] != "available":
            return wrong_state(source)
        if name in rds._snapshots:
            return _refuse("DBSnapshotAlreadyExists", f"Cannot create the snapshot because a snapshot with the identifier {name} already exists.")
        if locked(source):
            return locked(source)
        from_region = source["DBSnapshotArn"].split(":")[3]
        across = from_region != get_region()
        key = _key_of_copy(source, _given(p, "KmsKeyId"), across)
        group = _option_group_of_copy(source, _given(p, "OptionGroupName"), across)
        for refused in (key, group):
            if isinstance(refused, tuple):
                return refused
        now = time.time()
        made = {
            **source, "DBSnapshotIdentifier": name, "DBSnapshotArn": source["DBSnapshotArn"].replace(f":{from_region}:", f":{get_region()}:", 1)
            .removesuffix(source["DBSnapshotIdentifier"]) + name,
            "Status": "copying", "PercentProgress": 0, "SnapshotCreateTime": rds._format_time(now), "_CopiedAt": now + _COPY_SECONDS,
            "SourceDBSnapshotIdentifier": source["DBSnapshotArn"], "SourceRegion": from_region if across else "",
            "Encrypted": bool(key) or source["Encrypted"], "StorageEncrypted": bool(key) or source["Encrypted"], "KmsKeyId": key,
            "OptionGroupName": group, "SnapshotType": "manual", "AvailabilityZone": f"{get_region()}a", "_SharedWith": [],
        }
        tags = rds._parse_tags(p)
        if not tags and _given(p, "CopyTags") == "true":
            tags = [tag for tag in source["TagList"] if not tag["Key"].startswith("aws:")]
        _set_tags(made, tags)
        rds._snapshots[name] = made
    return _answer("CopyDBSnapshot", made)


def _matching(p) -> list[dict] | tuple:
    kind, wanted, filters = _given(p, "SnapshotType"), _given(p, "DBSnapshotIdentifier"), rds._parse_filters(p)
    if kind and kind not in _TYPES:
        return _refuse("InvalidParameterValue", f"Invalid snapshot type: {kind}. Must be one of {', '.join(_TYPES)}.")
    for name in filters:
        if name not in _FILTERS:
            return _refuse("InvalidParameterValue", f"Unrecognized filter name: {name}")
    named = {"DBInstanceIdentifier": _given(p, "DBInstanceIdentifier").split(":db:")[-1], "DbiResourceId": _given(p, "DbiResourceId"), "SnapshotType": kind}
    found = sorted(rds._snapshots.values(), key=lambda snapshot: snapshot["DBSnapshotIdentifier"])
    if wanted:
        found = [snapshot for snapshot in found if wanted in (snapshot["DBSnapshotIdentifier"], snapshot["DBSnapshotArn"])]
        if not found:
            return not_found(wanted)
    return [
        snapshot for snapshot in found
        if all(snapshot[field] == value for field, value in named.items() if value)
        and all(snapshot[_FILTERS[name]] in [value.split(":db:")[-1] for value in values] for name, values in filters.items())
    ]


def page(p, found: list[dict], name: str) -> tuple[list[dict], str] | tuple:
    """One page of what was found, sorted by this field, and its Marker element."""
    size = _given(p, "MaxRecords") or "100"
    if not (size.isdigit() and 20 <= int(size) <= 100):
        return _refuse("InvalidParameterValue", f"Invalid value {size} for MaxRecords. Must be between 20 and 100")
    after = _given(p, "Marker")
    rest = [record for record in found if record[name] > after]
    shown = rest[:int(size)]
    more = len(rest) > len(shown)
    return shown, f"<Marker>{escape(shown[-1][name])}</Marker>" if more else ""


def describe(p):
    found = _matching(p)
    paged = found if isinstance(found, tuple) else page(p, found, "DBSnapshotIdentifier")
    if isinstance(paged[0], int):
        return paged
    shown, marker = paged
    members = "".join(f"<DBSnapshot>{rds._snapshot_xml(snapshot)}</DBSnapshot>" for snapshot in shown)
    return rds._xml(200, "DescribeDBSnapshotsResponse",
                    f"<DescribeDBSnapshotsResult><DBSnapshots>{members}</DBSnapshots>{marker}</DescribeDBSnapshotsResult>")


def _attributes(action: str, snapshot: dict):
    values = "".join(f"<AttributeValue>{escape(account)}</AttributeValue>" for account in snapshot.get("_SharedWith", []))
    return rds._xml(
        200, f"{action}Response",
        f"<{action}Result><DBSnapshotAttributesResult><DBSnapshotIdentifier>{snapshot['DBSnapshotIdentifier']}</DBSnapshotIdentifier>"
        f"<DBSnapshotAttributes><DBSnapshotAttribute><AttributeName>restore</AttributeName><AttributeValues>{values}</AttributeValues>"
        f"</DBSnapshotAttribute></DBSnapshotAttributes></DBSnapshotAttributesResult></{action}Result>")


def describe_attributes(p):
    given = _given(p, "DBSnapshotIdentifier")
    snapshot = find(given)
    return not_found(given) if snapshot is None else _attributes("DescribeDBSnapshotAttributes", snapshot)


def modify_attribute(p):
    given = _given(p, "DBSnapshotIdentifier")
    snapshot = find(given)
    if snapshot is None:
        return not_found(given)
    added, removed = rds._parse_member_list(p, "ValuesToAdd"), rds._parse_member_list(p, "ValuesToRemove")
    if _given(p, "AttributeName") != "restore":
        return _refuse("InvalidParameterValue", f"Invalid attribute name: {_given(p, 'AttributeName')}. Must be restore.")
    if not added and not removed:
        return _refuse("InvalidParameterCombination", "Either ValuesToAdd or ValuesToRemove is required.")
    for account in added:
        if not re.fullmatch(r"\d{12}|all", account):
            return _refuse("InvalidParameterValue", f"Invalid account ID: {account}. Must be twelve digits or all.")
    if snapshot["Status"] != "available":
        return wrong_state(snapshot)
    if "all" in added and snapshot["Encrypted"]:
        return _refuse("InvalidParameterCombination", "An encrypted snapshot cannot be made public.")
    if added and snapshot["Encrypted"] and ":key/" not in snapshot["KmsKeyId"]:
        return _refuse("InvalidParameterCombination", "A snapshot encrypted by the default KMS key aws/rds cannot be shared.")
    accounts = sorted({*snapshot["_SharedWith"], *added} - set(removed))
    if len([account for account in accounts if account != "all"]) > _SHARED_WITH_MOST:
        return _refuse("SharedSnapshotQuotaExceeded", f"A manual snapshot can be shared with up to {_SHARED_WITH_MOST} accounts.")
    snapshot["_SharedWith"] = accounts
    return _attributes("ModifyDBSnapshotAttribute", snapshot)


def install() -> None:
    database_backups.configure()
    for name, parameters in {
        "_p": ("params", "key", "default"),
        "_error": ("code", "message", "status"),
        "_xml": ("status", "root_tag", "inner"),
        "_parse_tags": ("params",),
        "_parse_filters": ("params",),
        "_parse_member_list": ("params", "prefix"),
        "_format_time": ("ts",),
        "_regional_get": ("store", "identifier", "resource_type"),
        "_resolve_instance": ("db_id",),
    }.items():
        upstream.expect(rds, name, *parameters)
    upstream.expect(kms, "_resolve_key", "key_id_or_arn")
    upstream.attribute(kms, "_keys", AccountRegionScopedDict)
    actions = upstream.attribute(rds, "_ACTION_MAP", dict)
    for name, action in {
        "CopyDBSnapshot": copy_snapshot,
        "DescribeDBSnapshotAttributes": describe_attributes,
        "ModifyDBSnapshotAttribute": modify_attribute,
    }.items():
        if name in actions:
            raise upstream.UpstreamChanged(f"MiniStack knows {name} now; read rds_snapshots again")
        actions[name] = action

    @upstream.wrap(app, "_load_persisted_state")
    def load(original):
        original()
        _reconcile()

    @upstream.wrap_action(rds, "_ACTION_MAP", "DescribeDBSnapshots", "p")
    def describe_snapshots(_original, p):
        return describe(p)

    @upstream.wrap(rds, "_create_snapshot_internal", "snap_id", "instance")
    def begin(original, snap_id, instance):
        snapshot = {
            **original(snap_id, instance), "Status": "creating", "PercentProgress": 0, "_Dump": new_uuid(), "_CopiedAt": 0.0, "_SharedWith": [],
            "OptionGroupName": instance["OptionGroupMemberships"][0]["OptionGroupName"], "SourceDBSnapshotIdentifier": "", "SourceRegion": "",
        }
        _set_tags(snapshot, _inherited_tags(instance))
        _begun.add(snapshot["_Dump"])
        rds._snapshots[snap_id] = snapshot
        database_backups.begin(snapshot["DbiResourceId"], _dump, snapshot)
        return snapshot

    @upstream.wrap_action(rds, "_ACTION_MAP", "CreateDBSnapshot", "p")
    def create(original, p):
        instance = rds._resolve_instance(_given(p, "DBInstanceIdentifier"))
        if instance is not None and instance["DBInstanceStatus"] != "available":
            return _refuse(
                "InvalidDBInstanceState", "Cannot create a snapshot because the database instance "
                f"{instance['DBInstanceIdentifier']} is not currently in the available state.")
        return original(p)

    @upstream.wrap_action(rds, "_ACTION_MAP", "DeleteDBSnapshot", "p")
    def delete(original, p):
        snapshot = find(_given(p, "DBSnapshotIdentifier"))
        if snapshot is not None and snapshot["Status"] == "creating":
            return wrong_state(snapshot)
        with _dump_lock:
            response = original(p)
            key = (snapshot or {}).get("_Dump")
            kept = any(other.get("_Dump") == key for other in rds._snapshots.all_values())
        if response[0] < 400 and key and not kept:
            database_backups.begin(snapshot["DbiResourceId"], _forget, key)
        return response

    @upstream.wrap(rds, "_snapshot_xml", "s")
    def show(original, s):
        if s["Status"] != "deleted":
            _settle(s)
        xml = original(s)
        if s["Status"] == "creating":
            # RDS tells no time of what it has not taken yet.
            xml = re.sub(r"<((?:Original)?SnapshotCreateTime|SnapshotDatabaseTime)>.*?</\1>", "", xml)
        for name in ("OptionGroupName", "SourceDBSnapshotIdentifier", "SourceRegion"):
            xml += f"<{name}>{escape(s.get(name, ''))}</{name}>"
        # A value that is not there has no element; a list without members has one.
        return re.sub(r"<(?!TagList)(\w+)></\1>", "", xml)
