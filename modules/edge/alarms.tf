# In us-east-1, where CloudFront puts its metrics, each with the dimension Region = Global:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
locals {
  create_alarms = var.create && var.alarms != null
}

################################################################################
# Error rates
################################################################################

resource "aws_cloudwatch_metric_alarm" "error_rate_5xx" {
  provider = aws.us_east_1
  count    = local.create_alarms ? 1 : 0

  alarm_name          = "${var.name}-error-rate-5xx"
  alarm_description   = "Visitors meet errors that are the site's or the API's fault. Runbook: ${var.alarms.runbook_url}/edge.md#error-rate-5xx"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.error_rate_5xx
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching" # no requests, no metric
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags

  # A rate of few requests says little: one failure of two is not half an outage.
  metric_query {
    id          = "counted"
    label       = "5xx error rate of at least ${var.alarms.minimum_errors_5xx} errors"
    expression  = "IF(requests * rate / 100 >= ${var.alarms.minimum_errors_5xx}, rate, 0)"
    return_data = true
  }

  metric_query {
    id = "rate"

    metric {
      namespace   = "AWS/CloudFront"
      metric_name = "5xxErrorRate"
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

resource "aws_cloudwatch_metric_alarm" "error_rate_4xx" {
  provider = aws.us_east_1
  count    = local.create_alarms ? 1 : 0

  alarm_name          = "${var.name}-error-rate-4xx"
  alarm_description   = "Visitors are refused, or find pages and files missing, far more often than on a healthy site. Runbook: ${var.alarms.runbook_url}/edge.md#error-rate-4xx"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.error_rate_4xx
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags

  metric_query {
    id          = "counted"
    label       = "4xx error rate of at least ${var.alarms.minimum_errors_4xx} errors"
    expression  = "IF(requests * rate / 100 >= ${var.alarms.minimum_errors_4xx}, rate, 0)"
    return_data = true
  }

  metric_query {
    id = "rate"

    metric {
      namespace   = "AWS/CloudFront"
      metric_name = "4xxErrorRate"
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
  alarm_description   = "The function for clean URLs fails or is throttled, and each such page view is an error of CloudFront. Runbook: ${var.alarms.runbook_url}/edge.md#function-errors"
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
