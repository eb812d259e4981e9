"""Gap: an interface endpoint forgets its security groups, private DNS and policy, so every plan wants to set them again.

AWS reports what was set: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
It can go when MiniStack keeps them.
"""

import re
from xml.sax.saxutils import escape

from ministack.services import ec2

from . import upstream


def _default_group(vpc_id: str) -> list[str]:
    """The VPC's default security group, which an interface endpoint gets unless it names others."""
    return [identifier for identifier, group in ec2._security_groups.items()
            if group.get("VpcId") == vpc_id and group.get("GroupName") == "default"]


def _set(endpoint: dict, parameters: dict) -> None:
    if ec2._p(parameters, "PrivateDnsEnabled"):
        endpoint["PrivateDnsEnabled"] = ec2._p(parameters, "PrivateDnsEnabled")
    if ec2._p(parameters, "PolicyDocument"):
        endpoint["PolicyDocument"] = ec2._p(parameters, "PolicyDocument")
    if ec2._p(parameters, "IpAddressType"):
        endpoint["IpAddressType"] = ec2._p(parameters, "IpAddressType")


def install() -> None:
    upstream.attribute(ec2, "_vpc_endpoints", ec2.AccountRegionScopedDict)
    upstream.attribute(ec2, "_security_groups", ec2.AccountRegionScopedDict)
    upstream.expect(ec2, "_p", "params", "key", "default")
    upstream.expect(ec2, "_parse_member_list", "params", "prefix")

    @upstream.wrap(ec2, "_vpce_fields_xml", "ep", "tag")
    def describe(original, ep, tag="item"):
        groups = "".join(f"<item><groupId>{group}</groupId></item>" for group in ep.get("GroupIds") or [])
        fields = f"<groupSet>{groups}</groupSet>"
        fields += f"<privateDnsEnabled>{ep.get('PrivateDnsEnabled', 'false')}</privateDnsEnabled>"
        fields += f"<ipAddressType>{ep.get('IpAddressType', 'ipv4')}</ipAddressType>"
        if ep.get("PolicyDocument"):
            fields += f"<policyDocument>{escape(ep['PolicyDocument'])}</policyDocument>"
        before, end, after = original(ep, tag).rpartition(f"</{tag}>")
        return before + fields + end + after

    @upstream.wrap_action(ec2, "_ACTION_MAP", "CreateVpcEndpoint", "p")
    def create(original, p):
        response = original(p)
        if response[0] >= 400:
            return response
        identifier = re.search(rb"<vpcEndpointId>(.+?)</vpcEndpointId>", response[2])[1].decode()
        endpoint = ec2._vpc_endpoints[identifier]
        _set(endpoint, p)
        if endpoint["VpcEndpointType"] == "Interface":
            endpoint["GroupIds"] = ec2._parse_member_list(p, "SecurityGroupId") or _default_group(endpoint["VpcId"])
        return ec2._xml(200, "CreateVpcEndpointResponse", ec2._vpce_fields_xml(endpoint, tag="vpcEndpoint"))

    @upstream.wrap_action(ec2, "_ACTION_MAP", "ModifyVpcEndpoint", "p")
    def modify(original, p):
        response = original(p)
        endpoint = ec2._vpc_endpoints.get(ec2._p(p, "VpcEndpointId"))
        if endpoint is None:
            return response
        _set(endpoint, p)
        if ec2._p(p, "ResetPolicy") == "true":
            endpoint.pop("PolicyDocument", None)
        removed = ec2._parse_member_list(p, "RemoveSecurityGroupId")
        added = ec2._parse_member_list(p, "AddSecurityGroupId")
        kept = [group for group in endpoint.get("GroupIds") or [] if group not in removed]
        endpoint["GroupIds"] = kept + [group for group in added if group not in kept]
        return response

