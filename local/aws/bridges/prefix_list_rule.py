"""Gap: a security group's rule forgets the prefix list it names, so a rule for a gateway endpoint can be made but never planned again.

AWS reports it: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
It can go when MiniStack keeps it.
"""

from ministack.services import ec2

from . import upstream

_OTHERS = ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs")


def install() -> None:
    upstream.expect(ec2, "_p", "params", "key", "default")

    @upstream.wrap(ec2, "_parse_ip_permissions", "params", "prefix")
    def parse(original, params, prefix):
        rules = original(params, prefix)
        for i, rule in enumerate(rules, 1):
            j = 1
            while identifier := ec2._p(params, f"{prefix}.{i}.PrefixListIds.{j}.PrefixListId"):
                description = ec2._p(params, f"{prefix}.{i}.PrefixListIds.{j}.Description")
                rule["PrefixListIds"].append({"PrefixListId": identifier} | ({"Description": description} if description else {}))
                j += 1
        return rules

    @upstream.wrap(ec2, "_sg_rule_xml", "sg_id", "rule", "is_egress")
    def describe(original, sg_id, rule, is_egress=False):
        # The id is derived from the whole rule, so that both parts must carry it.
        rule = rule | {"SecurityGroupRuleId": ec2._sg_rule_id(sg_id, is_egress, rule)}
        prefix_lists = rule.get("PrefixListIds", [])
        items = original(sg_id, rule, is_egress) if not prefix_lists or any(rule.get(key) for key in _OTHERS) else ""
        for prefix_list in prefix_lists:
            item = original(sg_id, rule | dict.fromkeys(_OTHERS, []), is_egress).removesuffix("</item>")
            items += f"{item}<prefixListId>{prefix_list['PrefixListId']}</prefixListId></item>"
        return items
