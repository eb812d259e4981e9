data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  functions = var.create ? var.functions : {}

  # aws_region: `name` is deprecated in provider 6 and `region` is absent in 5.100; `id` is in both.
  function_arn_prefix = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:function:"
  function_arns       = [for function in values(var.functions) : "${local.function_arn_prefix}${function.function_name}"]

  # With the version in its name each candidate has an alarm of its own, which begins without the last one's state: an alarm that is changed keeps it.
  errors_alarm_names = { for key, function in local.functions : key => "${function.function_name}-canary-${function.version}-errors" }
  alarm_names        = { for key, function in local.functions : key => distinct(concat([local.errors_alarm_names[key]], function.alarm_names)) }

  canaries = jsonencode({
    for key, function in local.functions : function.function_name => {
      alias       = function.alias_name
      weight      = function.weight
      bakeMinutes = function.bake_minutes
      # From the alarm itself: the function, which fails where one is missing, is told of it when it is there, and the last candidate's goes after that.
      alarms = distinct(concat([aws_cloudwatch_metric_alarm.errors[key].alarm_name], function.alarm_names))
    }
  })

  alarm_event_pattern = jsonencode({
    source      = ["aws.cloudwatch"]
    detail-type = ["CloudWatch Alarm State Change"]
    detail      = { alarmName = distinct(flatten(values(local.alarm_names))), state = { value = ["ALARM"] } }
  })

  policy_statements = {
    MoveAliases = {
      actions   = ["lambda:GetAlias", "lambda:UpdateAlias"]
      resources = concat(local.function_arns, [for function in values(var.functions) : "${local.function_arn_prefix}${function.function_name}:${function.alias_name}"])
    }
    SeeWhetherVersionsAreReady = {
      actions   = ["lambda:GetFunctionConfiguration"]
      resources = concat(local.function_arns, [for arn in local.function_arns : "${arn}:*"])
    }
    SeeAlarms = {
      actions         = ["cloudwatch:DescribeAlarms"]
      resources       = ["*"]
      wildcard_reason = "DescribeAlarms finds composite alarms only for a permission on everything (CloudWatch API reference, DescribeAlarms); it changes nothing"
    }
  }
}

################################################################################
# Function
################################################################################

module "rollout" {
  source = "../function"

  create                = var.create
  function_name         = var.name
  description           = "Rolls new versions out behind their alias, and back when an alarm fires"
  package               = var.package
  handler               = var.handler
  runtime               = var.runtime
  architectures         = var.architectures
  memory_size           = var.memory_size
  timeout               = var.timeout
  snap_start            = false # called each minute, so it is mostly warm; nobody waits for it
  log_retention_in_days = var.log_retention_in_days
  log_kms_key_arn       = var.log_kms_key_arn
  permissions_boundary  = var.permissions_boundary
  alarms                = length(var.alarms.actions) == 0 ? null : var.alarms
  failure_destination   = var.create ? { arn = aws_sqs_queue.dead_letters[0].arn } : null
  tags                  = var.tags

  environment = { CANARIES = local.canaries }

  policy_statements = { for sid, statement in local.policy_statements : sid => statement if length(var.functions) > 0 }
}

################################################################################
# What ends a rollout
################################################################################

# Of the candidate alone: with weights, Lambda counts by the version that an alias's invocation came to. See "Types of metrics for Lambda functions"
# in the Lambda developer guide.
resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = local.functions

  alarm_name          = "${each.value.function_name}-canary-${each.value.version}-errors"
  alarm_description   = "Calls of version ${each.value.version} of ${each.value.function_name} end without the answer its code would give: its rollout is taken back. Runbook: ${var.alarms.runbook_url}/canary.md#errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = each.value.function_name, Resource = "${each.value.function_name}:${each.value.alias_name}", ExecutedVersion = each.value.version }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.errors
  treat_missing_data  = "notBreaching" # nobody came to the candidate
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags

  # See local.canaries.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_event_rule" "alarm" {
  count = var.create ? 1 : 0

  name          = "${var.name}-alarm"
  description   = "Alarms that end a rollout"
  event_pattern = local.alarm_event_pattern
  tags          = var.tags

  lifecycle {
    precondition {
      condition     = length(local.canaries) <= 4000 && length(local.alarm_event_pattern) <= 2048
      error_message = "functions have too many alarms for one module (Lambda takes 4 KB of settings, EventBridge a pattern of 2048 characters): divide them among several, each with its own name."
    }
  }
}

resource "aws_cloudwatch_event_target" "alarm" {
  count = var.create ? 1 : 0

  rule = aws_cloudwatch_event_rule.alarm[0].name
  arn  = module.rollout.alias_arn

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters[0].arn
  }
}

resource "aws_lambda_permission" "alarm" {
  count = var.create ? 1 : 0

  statement_id  = "alarm"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  function_name = module.rollout.function_name
  qualifier     = module.rollout.alias_name
  source_arn    = aws_cloudwatch_event_rule.alarm[0].arn
}

################################################################################
# What goes on with a rollout
################################################################################

resource "aws_cloudwatch_event_rule" "tick" {
  count = var.create ? 1 : 0

  name                = "${var.name}-tick"
  description         = "Rollouts go on: a version that is ready gets its weight, one that has baked serves everybody"
  schedule_expression = "rate(1 minute)"
  tags                = var.tags
}

resource "aws_cloudwatch_event_target" "tick" {
  count = var.create ? 1 : 0

  rule = aws_cloudwatch_event_rule.tick[0].name
  arn  = module.rollout.alias_arn

  # The next one does what this one could not.
  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters[0].arn
  }
}

resource "aws_lambda_permission" "tick" {
  count = var.create ? 1 : 0

  statement_id  = "tick"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  function_name = module.rollout.function_name
  qualifier     = module.rollout.alias_name
  source_arn    = aws_cloudwatch_event_rule.tick[0].arn
}

################################################################################
# What begins a rollout
################################################################################

# Runs for each new version, once. A failure is the apply's failure, and the next apply tries again. `live` of the rollout function, not its version:
# that changes with each candidate's alarm, and would start every function anew (and in vain).
resource "aws_lambda_invocation" "start" {
  for_each = local.functions

  function_name   = module.rollout.function_name
  qualifier       = module.rollout.alias_name
  lifecycle_scope = "CREATE_ONLY"
  input           = jsonencode({ start = { function = each.value.function_name, version = each.value.version } })

  # No weight before it is watched.
  depends_on = [
    module.rollout,
    aws_cloudwatch_metric_alarm.errors,
    aws_cloudwatch_event_target.alarm,
    aws_cloudwatch_event_target.tick,
    aws_lambda_permission.alarm,
    aws_lambda_permission.tick,
  ]
}
