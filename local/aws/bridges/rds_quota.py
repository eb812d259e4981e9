"""Gap: nobody is told how many manual snapshots the account has and may have.

On AWS DescribeAccountAttributes tells used and greatest numbers by name; an account begins with 100 manual snapshots of instances, and
100 of clusters, in a region:
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeAccountAttributes.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html
Nothing is refused beyond them here. It can go when MiniStack knows the action.
"""

from ministack.services import rds

from . import upstream

_GREATEST = 100


def install() -> None:
    upstream.expect(rds, "_xml", "status", "root_tag", "inner")
    actions = upstream.attribute(rds, "_ACTION_MAP", dict)
    if "DescribeAccountAttributes" in actions:
        raise upstream.UpstreamChanged("MiniStack tells account attributes now; rds_quota can go")

    def describe(p):
        used = {
            "ManualSnapshots": sum(1 for snapshot in rds._snapshots.values() if snapshot.get("SnapshotType", "manual") == "manual"),
            "ManualClusterSnapshots": len(rds._db_cluster_snapshots),
        }
        quotas = "".join(
            f"<AccountQuota><AccountQuotaName>{name}</AccountQuotaName><Used>{count}</Used><Max>{_GREATEST}</Max></AccountQuota>"
            for name, count in used.items())
        return rds._xml(200, "DescribeAccountAttributesResponse",
                        f"<DescribeAccountAttributesResult><AccountQuotas>{quotas}</AccountQuotas></DescribeAccountAttributesResult>")

    actions["DescribeAccountAttributes"] = describe
