"""Gap: a flow log forgets its role, its aggregation interval, its format and its tags, so every plan wants to make it again.

AWS reports what was set: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html
It can go when MiniStack keeps them.
"""

import re
from xml.sax.saxutils import escape

from ministack.services import ec2

from . import upstream

# https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-default
_DEFAULT_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} "
    "${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)


def _fields(flow_log: dict) -> str:
    fields = f"<maxAggregationInterval>{flow_log['MaxAggregationInterval']}</maxAggregationInterval>"
    fields += f"<logFormat>{escape(flow_log['LogFormat'])}</logFormat>"
    if flow_log["DeliverLogsPermissionArn"]:
        fields += f"<deliverLogsPermissionArn>{escape(flow_log['DeliverLogsPermissionArn'])}</deliverLogsPermissionArn>"
    return fields


def install() -> None:
    upstream.attribute(ec2, "_flow_logs", ec2.AccountRegionScopedDict)
    upstream.expect(ec2, "_p", "params", "key", "default")
    upstream.expect(ec2, "_parse_tag_specs", "p", "resource_type", "resource_id")

    @upstream.wrap_action(ec2, "_ACTION_MAP", "CreateFlowLogs", "params")
    def create(original, params):
        response = original(params)
        identifiers = re.search(rb"<flowLogIdSet>(.*?)</flowLogIdSet>", response[2])
        for identifier in re.findall(r"<item>(.+?)</item>", identifiers[1].decode() if identifiers else ""):
            ec2._flow_logs[identifier] |= {
                "DeliverLogsPermissionArn": ec2._p(params, "DeliverLogsPermissionArn"),
                "MaxAggregationInterval": ec2._p(params, "MaxAggregationInterval") or "600",
                "LogFormat": ec2._p(params, "LogFormat") or _DEFAULT_FORMAT,
            }
            ec2._parse_tag_specs(params, "vpc-flow-log", identifier)
        return response

    @upstream.wrap_action(ec2, "_ACTION_MAP", "DescribeFlowLogs", "params")
    def describe(original, params):
        status, headers, body = original(params)
        described = re.sub(
            r"<flowLogId>(.+?)</flowLogId>", lambda found: found[0] + _fields(ec2._flow_logs[found[1]]), body.decode())
        return status, headers, described.encode()
