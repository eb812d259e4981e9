# In us-east-1, where CloudFront puts its metrics, each with the dimension Region = Global:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
locals {
  create_alarms = var.create && var.alarms != null
  runbook       = "${try(var.alarms.runbook_url, "")}/edge.md"
}

################################################################################
# Error rates
################################################################################

resource "aws_cloudwatch_metric_alarm" "error_rate" {
  provider = aws.us_east_1
  for_each = {
    for class, alarm in {
      "5xx" = {
        threshold      = try(var.alarms.error_rate_5xx, null)
        minimum_errors = try(var.alarms.minimum_errors_5xx, null)
        datapoints     = 2
        meaning        = "Visitors meet errors that are the site's or the API's fault"
      }
      "4xx" = {
        threshold      = try(var.alarms.error_rate_4xx, null)
        minimum_errors = try(var.alarms.minimum_errors_4xx, null)
        datapoints     = 3
        meaning        = "Visitors are refused or find pages and files missing far more often than a healthy site refuses them"
      }
    } : class => alarm if local.create_alarms
  }

  alarm_name          = "${var.name}-error-rate-${each.key}"
  alarm_description   = "${each.value.meaning}. Runbook: ${local.runbook}#error-rate-${each.key}"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 3
  datapoints_to_alarm = each.value.datapoints
  treat_missing_data  = "notBreaching" # no requests, no metric
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags

  # A rate of few requests says little: one failure of two is not half an outage.
  metric_query {
    id          = "counted"
    label       = "${each.key} error rate of at least ${each.value.minimum_errors} errors"
    expression  = "IF(requests * rate / 100 >= ${each.value.minimum_errors}, rate, 0)"
    return_data = true
  }

  metric_query {
    id = "rate"

    metric {
      namespace   = "AWS/CloudFront"
      metric_name = "${each.key}ErrorRate"
      dimensions  = { DistributionId = aws_cloudfront_distribution.this[0].id, Region = "Global" }
      stat        = "Average"
      period      = 300
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/CloudFront"
      metric_name = "Requests"
      dimensions  = { DistributionId = aws_cloudfront_distribution.this[0].id, Region = "Global" }
      stat        = "Sum"
      period      = 300
    }
  }
}

################################################################################
# Function
################################################################################

resource "aws_cloudwatch_metric_alarm" "function_errors" {
  provider = aws.us_east_1
  count    = local.create_alarms ? 1 : 0

  alarm_name          = "${var.name}-function-errors"
  alarm_description   = "The function for clean URLs fails or is throttled, and each such page view is an error of CloudFront. Runbook: ${local.runbook}#function-errors"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.function_errors
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching" # CloudFront reports errors when there are some
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags

  metric_query {
    id          = "errors"
    label       = "Failed and throttled runs"
    expression  = "SUM([execution, validation, throttles])"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { execution = "FunctionExecutionErrors", validation = "FunctionValidationErrors", throttles = "FunctionThrottles" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/CloudFront"
        metric_name = metric_query.value
        dimensions  = { FunctionName = aws_cloudfront_function.clean_urls[0].name, Region = "Global" }
        stat        = "Sum"
        period      = 300
      }
    }
  }
}
