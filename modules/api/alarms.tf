# Metrics of the stage, whose names differ between the types. No request means no data, and is no fault of the API.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html

locals {
  create_alarms = var.create && var.alarms != null
  stage_dimensions = merge(
    { for name in [var.name] : "ApiName" => name if var.type == "REST" },
    { for id in aws_apigatewayv2_api.this[*].id : "ApiId" => id },
    { Stage = local.stage_name }
  )
  stage_metrics = { failed = var.type == "REST" ? "5XXError" : "5xx", refused = var.type == "REST" ? "4XXError" : "4xx" }
}

# 5XXError's average is the share of the requests: API Gateway writes 0 for each that went well. Of an HTTP API's 5xx AWS does not say so.
resource "aws_cloudwatch_metric_alarm" "rate_5xx" {
  count = local.create_alarms ? 1 : 0

  alarm_name          = "${var.name}-5xx-rate"
  alarm_description   = "More than ${var.alarms.rate_5xx_percent} % of the requests to the API fail on our side, for 3 of 5 minutes. Runbook: ${var.alarms.runbook_url}/api.md#5xx-rate"
  namespace           = var.type == "REST" ? "AWS/ApiGateway" : null
  metric_name         = var.type == "REST" ? local.stage_metrics.failed : null
  dimensions          = var.type == "REST" ? local.stage_dimensions : null
  statistic           = var.type == "REST" ? "Average" : null
  period              = var.type == "REST" ? 60 : null
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.rate_5xx_percent / 100
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags

  dynamic "metric_query" {
    for_each = var.type == "REST" ? {} : { rate = { expression = "FILL(failed, 0) / requests" } }

    content {
      id          = metric_query.key
      label       = "Failed requests (share)"
      expression  = metric_query.value.expression
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = var.type == "REST" ? {} : { requests = { metric_name = "Count", stat = "SampleCount" }, failed = { metric_name = local.stage_metrics.failed, stat = "Sum" } }

    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = "AWS/ApiGateway"
        metric_name = metric_query.value.metric_name
        dimensions  = local.stage_dimensions
        stat        = metric_query.value.stat
        period      = 60
      }
    }
  }
}

# Low samples are evaluated: at a quiet time the 99th percentile is the slowest request, and it takes one in each of three periods.
resource "aws_cloudwatch_metric_alarm" "latency_p99" {
  count = local.create_alarms ? 1 : 0

  alarm_name          = "${var.name}-latency-p99"
  alarm_description   = "One of a hundred requests to the API takes longer than ${var.alarms.latency_p99_milliseconds} ms, for 15 minutes. Runbook: ${var.alarms.runbook_url}/api.md#latency-p99"
  namespace           = "AWS/ApiGateway"
  metric_name         = "Latency"
  dimensions          = local.stage_dimensions
  extended_statistic  = "p99"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.latency_p99_milliseconds
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

# With a floor of requests: one visitor who mistypes is not a rate.
resource "aws_cloudwatch_metric_alarm" "rate_4xx" {
  count = local.create_alarms ? 1 : 0

  alarm_name          = "${var.name}-4xx-rate"
  alarm_description   = "More than ${var.alarms.rate_4xx_percent} % of at least ${var.alarms.rate_4xx_minimum_requests} requests to the API are refused, for 15 minutes. Runbook: ${var.alarms.runbook_url}/api.md#4xx-rate"
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.rate_4xx_percent
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags

  metric_query {
    id          = "rate"
    label       = "Refused requests (%)"
    expression  = "IF(requests >= ${var.alarms.rate_4xx_minimum_requests}, 100 * refused / requests, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { requests = { metric_name = "Count", stat = "SampleCount" }, refused = { metric_name = local.stage_metrics.refused, stat = "Sum" } }

    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = "AWS/ApiGateway"
        metric_name = metric_query.value.metric_name
        dimensions  = local.stage_dimensions
        stat        = metric_query.value.stat
        period      = 300
      }
    }
  }
}
