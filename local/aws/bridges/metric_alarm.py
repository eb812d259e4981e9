"""Gap: an alarm of CloudWatch's query protocol, which provider 5 speaks, loses its metric math, and is described by ten of its fields.

On AWS DescribeAlarms gives back what PutMetricAlarm set, and leaves out what it did not:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
Metric math is remembered here, not evaluated: such an alarm stays in the state it has.
It can go when MiniStack describes every field in XML.
"""

import json
from xml.sax.saxutils import escape

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import cloudwatch

from . import upstream

_PARAMETERS = ("params", "cbor_data", "is_cbor", "is_json")
# What MiniStack does not keep.
_SCALARS = ("EvaluateLowSampleCountPercentile", "ThresholdMetricId")
_LISTS = ("InsufficientDataActions", "Metrics")


def _members(params: dict, name: str) -> list:
    """The list that `name.member.1...` flattens, with its structures and lists."""
    root: dict = {}
    for path in params:
        if path.startswith(f"{name}.member."):
            *steps, last = path.split(".")
            place = root
            for step in steps:
                place = place.setdefault(step, {})
            place[last] = cloudwatch._p(params, path)
    return _nested(root.get(name, {"member": {}}))


def _nested(value):
    if not isinstance(value, dict):
        return value
    if set(value) == {"member"}:
        return [_nested(member) for _, member in sorted(value["member"].items(), key=lambda item: int(item[0]))]
    return {name: _nested(member) for name, member in value.items()}


def _described(alarm: dict) -> dict:
    """An alarm as AWS describes it: nothing that was not set."""
    absent = set()
    if alarm.get("Metrics"):
        absent = {"MetricName", "Namespace", "Statistic", "Period", "Dimensions"}
    elif alarm.get("ExtendedStatistic"):
        absent = {"Statistic"}
    return {name: value for name, value in alarm.items() if name not in absent and value not in (None, "")}


def _xml(name: str, value) -> str:
    if isinstance(value, dict):
        content = "".join(_xml(key, member) for key, member in value.items())
    elif isinstance(value, list):
        content = "".join(_xml("member", member) for member in value)
    elif isinstance(value, bool):
        content = str(value).lower()
    elif name.endswith("Timestamp"):
        content = cloudwatch._ts_iso(value)
    else:
        content = escape(str(value))
    return f"<{name}>{content}</{name}>"


def install() -> None:
    for name, parameters in {"_p": ("params", "key", "default"), "_ts_iso": ("epoch",), "_xml": ("status", "root_tag", "inner")}.items():
        upstream.expect(cloudwatch, name, *parameters)
    upstream.attribute(cloudwatch, "_alarms", AccountRegionScopedDict)

    @upstream.wrap(cloudwatch, "_put_metric_alarm", *_PARAMETERS)
    def put(original, params, cbor_data, is_cbor, is_json=False):
        response = original(params, cbor_data, is_cbor, is_json)
        if response[0] < 400 and not (is_cbor or is_json):
            alarm = cloudwatch._alarms[cloudwatch._p(params, "AlarmName")]
            alarm.update({name: cloudwatch._p(params, name) for name in _SCALARS if cloudwatch._p(params, name)})
            alarm.update({name: _members(params, name) for name in _LISTS})
            for query in alarm["Metrics"]:
                query.setdefault("ReturnData", "true")
        return response

    @upstream.wrap(cloudwatch, "_describe_alarms", *_PARAMETERS)
    def describe(original, params, cbor_data, is_cbor, is_json=False):
        if is_cbor or is_json:
            return original(params, cbor_data, is_cbor, is_json)
        single = ("AlarmNamePrefix", "StateValue", "MaxRecords", "NextToken")
        asked = {name: cloudwatch._p(params, name) for name in single if cloudwatch._p(params, name)}
        asked.update({name: _members(params, name) for name in ("AlarmNames", "AlarmTypes")})
        response = original({}, asked, False, True)
        if response[0] >= 400:
            return original(params, cbor_data, is_cbor, is_json)
        found = json.loads(response[2])
        found.update({kind: [_described(alarm) for alarm in found[kind]] for kind in ("MetricAlarms", "CompositeAlarms")})
        return cloudwatch._xml(200, "DescribeAlarmsResponse", _xml("DescribeAlarmsResult", found))
