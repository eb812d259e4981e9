################################################################################
# Notification
################################################################################

# The function says so each minute while the version published last is one that was rolled back.
resource "aws_cloudwatch_metric_alarm" "rolled_back" {
  for_each = local.functions

  alarm_name          = "${each.value.function_name}-canary-rolled-back"
  alarm_description   = "The newest version of ${each.value.function_name} was rolled back: the one before serves everybody, and stays until another is applied. Runbook: ${var.alarms.runbook_url}/canary.md#rolled-back"
  namespace           = "Canary"
  metric_name         = "RolledBack"
  dimensions          = { FunctionName = each.value.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  datapoints_to_alarm = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching" # there is nothing to say of a rollout that goes well
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  count = var.create ? 1 : 0

  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "An alarm or a tick did not get through to ${var.name}: a rollout may go on that should have ended. Runbook: ${var.alarms.runbook_url}/canary.md#dead-letters"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters[0].name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching" # SQS stops counting for a queue that nobody uses
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

################################################################################
# Dead letters
################################################################################

# What EventBridge could not deliver, and what the function failed on for good.
resource "aws_sqs_queue" "dead_letters" {
  count = var.create ? 1 : 0

  name                      = "${var.name}-dead-letters"
  message_retention_seconds = 345600 # 4 days: older than a rollout they tell nothing
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue_policy" "dead_letters" {
  count = var.create ? 1 : 0

  queue_url = aws_sqs_queue.dead_letters[0].url

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Undelivered"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.dead_letters[0].arn
      Condition = { ArnEquals = { "aws:SourceArn" = [aws_cloudwatch_event_rule.alarm[0].arn, aws_cloudwatch_event_rule.tick[0].arn] } }
    }]
  })
}
