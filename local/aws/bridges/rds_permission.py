"""Gap: a permission on RDS is asked for on the DB instance or cluster that a request names, and on "*" where it names none.

On AWS a listing is asked for on every resource of its type (`...:db:*`), what is done with a snapshot on the snapshot, what is done with
tags on the resource that has them, and `aws:ResourceTag` is known of all of them:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
Of the several resources that AWS asks about (a snapshot and its database), only one is asked about here. It can go when MiniStack
asks for RDS's own resources.
"""

from ministack.core import iam_actions
from ministack.services import rds, tagging

from . import upstream

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


def _collect():
    yield from rds._tags.items()


def install() -> None:
    tags = upstream.attribute(tagging, "_RESOURCE_TAG_COLLECTORS", dict)
    if "rds" in tags:
        raise upstream.UpstreamChanged("MiniStack knows the tags of RDS's resources now; read rds_permission again")
    tags["rds"] = _collect

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
        if action in _LISTED:
            return f"arn:aws:rds:{region}:{account_id}:{_LISTED[action]}:*"
        return original(service, method, path, headers, body, query_params, region, account_id)
