################################################################################
# Alarms
################################################################################

resource "aws_cloudwatch_metric_alarm" "errors" {
  count = var.create && var.alarms != null ? 1 : 0

  alarm_name          = "${var.function_name}-errors"
  alarm_description   = "Calls of ${var.function_name} end without the answer its code would give: it threw, timed out or crashed. Runbook: ${var.alarms.runbook_url}/function.md#errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.this[0].function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.errors
  treat_missing_data  = "notBreaching" # nobody calls
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  count = var.create && var.alarms != null ? 1 : 0

  alarm_name          = "${var.function_name}-throttles"
  alarm_description   = "Lambda turns calls of ${var.function_name} away: users get an error, or wait for a retry. Runbook: ${var.alarms.runbook_url}/function.md#throttles"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.this[0].function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.throttles
  treat_missing_data  = "notBreaching" # nobody calls
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "duration" {
  count = var.create && var.alarms != null ? 1 : 0

  alarm_name          = "${var.function_name}-duration"
  alarm_description   = "The slowest calls of ${var.function_name} come near its timeout of ${var.timeout} s: users wait, and will soon get errors. Runbook: ${var.alarms.runbook_url}/function.md#duration"
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions          = { FunctionName = aws_lambda_function.this[0].function_name }
  extended_statistic  = "p99"
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 2 # one slow call is not news
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.duration_share * var.timeout * 1000
  treat_missing_data  = "notBreaching" # nobody calls
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

################################################################################
# Snapshot
################################################################################

# No metric of Lambda's counts snapshots that fail, and a call that is refused because the snapshot is still made (409,
# SnapStartNotReadyException) leaves no trace in the function's logs or metrics: the caller's alarm sees that one. What Lambda does
# log, at any system_log_level, is a restore or an initialisation of a snapshot that did not succeed. See "Lambda Telemetry API
# Event schema reference" in the Lambda developer guide.
resource "aws_cloudwatch_log_metric_filter" "snap_start_failed" {
  count = var.create && var.alarms != null && var.snap_start ? 1 : 0

  name           = "snap-start-failed"
  log_group_name = aws_cloudwatch_log_group.this[0].name
  pattern        = "{ ($.record.status != \"success\") && (($.type = \"platform.restoreRuntimeDone\") || (($.type = \"platform.initRuntimeDone\") && ($.record.initializationType = \"snap-start\"))) }"

  metric_transformation {
    namespace = "SnapStart"
    name      = "${var.function_name}-failed"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "snap_start_failed" {
  count = var.create && var.alarms != null && var.snap_start ? 1 : 0

  alarm_name          = "${var.function_name}-snap-start-failed"
  alarm_description   = "${var.function_name} cannot start from its snapshot: users get errors until it can. Runbook: ${var.alarms.runbook_url}/function.md#snap-start-failed"
  namespace           = aws_cloudwatch_log_metric_filter.snap_start_failed[0].metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.snap_start_failed[0].metric_transformation[0].name
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching" # the filter counts failures only
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

################################################################################
# Asynchronous invocation
################################################################################

resource "aws_cloudwatch_metric_alarm" "failure_destination" {
  count = var.create && var.alarms != null && var.failure_destination != null ? 1 : 0

  alarm_name          = "${var.function_name}-failure-destination"
  alarm_description   = "Events that ${var.function_name} failed on are lost: Lambda cannot deliver them to the failure destination. Runbook: ${var.alarms.runbook_url}/function.md#failure-destination"
  namespace           = "AWS/Lambda"
  metric_name         = "DestinationDeliveryFailures"
  dimensions          = { FunctionName = aws_lambda_function.this[0].function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching" # nothing failed
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}
