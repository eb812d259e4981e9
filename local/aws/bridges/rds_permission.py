"""Gap: a permission on RDS is asked for on the DB instance or cluster that a request names, and on "*" where it names none.

On AWS a listing is asked for on every resource of its type (`...:db:*`), what is done with a snapshot on the snapshot, what is done with
tags on the resource that has them, and `aws:ResourceTag` is known of all of them:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
What is made with tags is asked for rds:AddTagsToResource too; a snapshot on its database; a copy on its source, and across regions for
rds:CrossRegionCommunication; a restore on its snapshot and the groups it names; an export for iam:PassRole on its role. Who copies,
restores or exports what is encrypted must be allowed to have RDS use the keys (kms:DescribeKey, and kms:CreateGrant through RDS):
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
The groups that RDS chooses where none is named are not asked about here. It can go when MiniStack asks for RDS's own resources.
"""

import logging
from urllib.parse import parse_qs

from ministack import app
from ministack.core import iam_actions, iam_evaluator, router
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import rds, tagging

from . import rds_snapshots, upstream

logger = logging.getLogger("bridges.rds_permission")

# Parameter that names what is acted upon, the first that is there; what a listing lists.
_NAMED = (
    ("TargetDBSnapshotIdentifier", "snapshot"), ("DBSnapshotIdentifier", "snapshot"),
    ("TargetDBClusterSnapshotIdentifier", "cluster-snapshot"), ("DBClusterSnapshotIdentifier", "cluster-snapshot"),
    ("DBInstanceIdentifier", "db"), ("DBClusterIdentifier", "cluster"),
)
_LISTED = {
    "DescribeDBInstances": "db", "DescribeDBSnapshots": "snapshot",
    "DescribeDBClusters": "cluster", "DescribeDBClusterSnapshots": "cluster-snapshot",
}
# Their snapshot is what they are made from.
_MADE_FROM_SNAPSHOTS = ("RestoreDBInstanceFromDBSnapshot", "RestoreDBClusterFromSnapshot")
_MAKING = ("Copy", "Create", "Restore")
# What else is named by a request, on which the same action is asked for.
_NAMED_TOO = {
    "CreateDBSnapshot": (("DBInstanceIdentifier", "db"),),
    "CopyDBSnapshot": (("SourceDBSnapshotIdentifier", "snapshot"),),
    "RestoreDBInstanceFromDBSnapshot": (
        ("DBSnapshotIdentifier", "snapshot"), ("DBSubnetGroupName", "subgrp"), ("DBParameterGroupName", "pg"), ("OptionGroupName", "og")),
}

EXPORTS = "export.rds.amazonaws.com"


def _collect():
    yield from rds._tags.items()


def _arn(kind: str, name: str) -> str:
    return name if name.startswith("arn:") else f"arn:aws:rds:{get_region()}:{get_account_id()}:{kind}:{name}"


def _asked_too(action: str, own: str, parameters: dict, tags: dict) -> list[tuple[str, str, dict]]:
    """(action, resource, context) of what is asked for beside the action on its own resource."""
    def given(name: str) -> str:
        return iam_actions._query_param(parameters, name) or ""

    asked = [(f"rds:{action}", _arn(kind, given(name)), tags) for name, kind in _NAMED_TOO.get(action, ()) if given(name)]
    if action == "CopyDBSnapshot" and asked and asked[0][1].split(":")[3] != get_region():
        asked.append(("rds:CrossRegionCommunication", asked[0][1], {}))
    if action == "StartExportTask" and given("IamRoleArn"):
        asked.append(("iam:PassRole", given("IamRoleArn"), {"iam:PassedToService": EXPORTS}))
    if action.startswith(_MAKING) and tags and own != "*":
        asked.append(("rds:AddTagsToResource", own, tags))
    return asked


def _keys_used(action: str, parameters: dict) -> list[str]:
    """The customer keys that the caller has RDS use."""
    source = {
        "CopyDBSnapshot": "SourceDBSnapshotIdentifier", "RestoreDBInstanceFromDBSnapshot": "DBSnapshotIdentifier", "StartExportTask": "SourceArn",
    }.get(action)
    if source is None:
        return []
    snapshot = rds_snapshots.find(iam_actions._query_param(parameters, source)) or {}
    given = rds_snapshots.usable_key(iam_actions._query_param(parameters, "KmsKeyId"))
    return [key for key in (snapshot.get("KmsKeyId"), given) if key and ":key/" in key]


def _denied(caller: str, action: str, resource_arn: str, context: dict):
    return iam_evaluator.enforce(caller, action, action.split(":")[0], resource_arn.split(":")[3] or get_region(), resource_arn, context)


def install() -> None:
    upstream.expect(iam_actions, "_query_param", "query_params", "key")
    upstream.expect(iam_actions, "request_tag_context", "service", "iam_action", "body", "params")
    upstream.expect(iam_evaluator, "enforce", "access_key_id", "iam_action", "service", "region", "resource_arn", "service_context")
    upstream.expect(router, "extract_access_key_id", "headers", "query_params")
    collectors = upstream.attribute(tagging, "_RESOURCE_TAG_COLLECTORS", dict)
    if "rds" in collectors:
        raise upstream.UpstreamChanged("MiniStack knows the tags of RDS's resources now; read rds_permission again")
    collectors["rds"] = _collect

    @upstream.wrap(iam_actions, "extract_resource_arn", "service", "method", "path", "headers", "body", "query_params", "region", "account_id")
    def resource(original, service, method, path, headers, body, query_params, region, account_id):
        if service != "rds":
            return original(service, method, path, headers, body, query_params, region, account_id)
        named = iam_actions._query_param(query_params, "ResourceName")
        if named:
            return named
        action = iam_actions._query_param(query_params, "Action")
        for parameter, kind in _NAMED:
            name = iam_actions._query_param(query_params, parameter)
            if name and not (kind.endswith("snapshot") and action in _MADE_FROM_SNAPSHOTS):
                return name if name.startswith("arn:") else f"arn:aws:rds:{region}:{account_id}:{kind}:{name}"
        if action == "StartExportTask":
            return iam_actions._query_param(query_params, "SourceArn") or "*"
        if action in _LISTED:
            return f"arn:aws:rds:{region}:{account_id}:{_LISTED[action]}:*"
        return original(service, method, path, headers, body, query_params, region, account_id)

    @upstream.wrap(rds, "handle_request", "method", "path", "headers", "body", "query_params")
    async def handle(original, method, path, headers, body, query_params):
        parameters = {**query_params, **parse_qs(body.decode("utf-8", "replace"))}
        action = iam_actions._query_param(parameters, "Action")
        if not app.AUTH:
            return await original(method, path, headers, body, query_params)
        caller = router.extract_access_key_id(headers, query_params)
        own = iam_actions.extract_resource_arn("rds", method, path, headers, body, parameters, get_region(), get_account_id())
        tags = iam_actions.request_tag_context("rds", f"rds:{action}", body, parameters)
        for asked, resource_arn, context in _asked_too(action, own, parameters, tags):
            denied = _denied(caller, asked, resource_arn, context)
            if denied is not None:
                return iam_actions.access_denied_response(
                    "rds", asked, denied.principal_arn, new_uuid(), headers=headers, resource_arn=resource_arn,
                    explicit_deny=denied.decision == "Deny")
        for key in _keys_used(action, parameters):
            through = {"kms:ViaService": f"rds.{key.split(':')[3]}.amazonaws.com", "kms:CallerAccount": get_account_id()}
            for asked, context in (("kms:DescribeKey", {}), ("kms:CreateGrant", {"kms:GrantIsForAWSResource": "true"})):
                denied = _denied(caller, asked, key, {**through, **context})
                if denied is not None:
                    logger.error("%s: %s may not %s with %s", action, getattr(denied, "principal_arn", caller), asked, key)
                    return rds_snapshots.key_refused(key)
        return await original(method, path, headers, body, query_params)
