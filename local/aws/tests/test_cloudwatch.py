"""CloudWatch's alarms in the query protocol, which Terraform's provider 5 speaks."""

import unittest
from urllib.parse import urlencode
from xml.etree import ElementTree

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .local_aws import REGION, local_aws

_NAMESPACE = "{http://monitoring.amazonaws.com/doc/2010-08-01/}"


def _value(element):
    if element and all(child.tag == f"{_NAMESPACE}member" for child in element):
        return [_value(child) for child in element]
    if element:
        return {child.tag.removeprefix(_NAMESPACE): _value(child) for child in element}
    return element.text


class MetricAlarm(unittest.TestCase):
    def call(self, action: str, **parameters):
        """The result of an action; `__` in a parameter's name stands for a dot."""
        form = urlencode({"Action": action, "Version": "2010-08-01", **{k.replace("__", "."): v for k, v in parameters.items()}})
        request = AWSRequest("POST", local_aws().url + "/", data=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
        SigV4Auth(Credentials("test", "test"), "monitoring", REGION).add_auth(request)
        answer = local_aws().request("POST", "/", form, dict(request.headers))
        self.assertEqual(200, answer.status, answer.body)
        return _value(ElementTree.fromstring(answer.body))

    def put(self, name: str, **settings) -> dict:
        self.call("PutMetricAlarm", AlarmName=name, EvaluationPeriods=3, ComparisonOperator="GreaterThanThreshold", Threshold=2.5, **settings)
        return self.call("DescribeAlarms", AlarmNames__member__1=name)["DescribeAlarmsResult"]["MetricAlarms"][0]

    def test_isDescribedAsItWasSet(self):
        alarm = self.put(
            "whole", AlarmDescription="5 % & <more>", Namespace="AWS/ApiGateway", MetricName="5XXError", Statistic="Sum", Period=300,
            Dimensions__member__1__Name="ApiName", Dimensions__member__1__Value="shop", TreatMissingData="notBreaching",
            AlarmActions__member__1="arn:a", OKActions__member__1="arn:b", InsufficientDataActions__member__1="arn:c", ActionsEnabled="true",
        )
        self.assertLessEqual({
            "AlarmDescription": "5 % & <more>", "Namespace": "AWS/ApiGateway", "MetricName": "5XXError", "Statistic": "Sum", "Period": "300",
            "TreatMissingData": "notBreaching", "EvaluationPeriods": "3", "Threshold": "2.5", "ActionsEnabled": "true",
        }.items(), alarm.items())
        self.assertEqual([{"Name": "ApiName", "Value": "shop"}], alarm["Dimensions"])
        self.assertEqual([["arn:a"], ["arn:b"], ["arn:c"]], [alarm[kind] for kind in ("AlarmActions", "OKActions", "InsufficientDataActions")])
        self.assertRegex(alarm["AlarmConfigurationUpdatedTimestamp"], r"^\d{4}-\d\d-\d\dT")

    def test_percentileHasNoStatistic(self):
        alarm = self.put("percentile", Namespace="N", MetricName="M", ExtendedStatistic="p99", Period=60, EvaluateLowSampleCountPercentile="ignore")
        self.assertEqual(("p99", "ignore"), (alarm["ExtendedStatistic"], alarm["EvaluateLowSampleCountPercentile"]))
        self.assertFalse({"Statistic", "AlarmDescription", "Unit"} & alarm.keys())

    def test_metricMathIsDescribedAndHasNoMetricOfItsOwn(self):
        alarm = self.put(
            "math", Metrics__member__1__Id="rate", Metrics__member__1__Expression="100 * failed", Metrics__member__2__Id="failed",
            Metrics__member__2__ReturnData="false", Metrics__member__2__MetricStat__Stat="Sum", Metrics__member__2__MetricStat__Period=300,
            Metrics__member__2__MetricStat__Metric__MetricName="M", Metrics__member__2__MetricStat__Metric__Dimensions__member__1__Name="D",
            Metrics__member__2__MetricStat__Metric__Dimensions__member__1__Value="V",
        )
        self.assertEqual([
            {"Id": "rate", "Expression": "100 * failed", "ReturnData": "true"},
            {"Id": "failed", "ReturnData": "false", "MetricStat": {
                "Stat": "Sum", "Period": "300", "Metric": {"MetricName": "M", "Dimensions": [{"Name": "D", "Value": "V"}]}}},
        ], alarm["Metrics"])
        self.assertFalse({"MetricName", "Namespace", "Statistic", "Period", "Dimensions"} & alarm.keys())

    def test_isFoundByItsPrefix(self):
        for name in ("prefix-a", "prefix-b", "other"):
            self.put(name, Namespace="N", MetricName="M", Statistic="Sum", Period=60)
        found = self.call("DescribeAlarms", AlarmNamePrefix="prefix-", MaxRecords=1)["DescribeAlarmsResult"]
        self.assertEqual((["prefix-a"], "prefix-b"), ([alarm["AlarmName"] for alarm in found["MetricAlarms"]], found["NextToken"]))


if __name__ == "__main__":
    unittest.main()
