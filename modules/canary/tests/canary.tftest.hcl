# The jar is a stand-in: any file will do, since nothing is uploaded.
mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/shop-canary" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/shop-canary" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:shop-canary", version = "3", code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }
  mock_resource "aws_lambda_alias" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:shop-canary:live" }
  }
  mock_resource "aws_lambda_invocation" {
    defaults = { result = "{\"rollout\":\"started\"}" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:111122223333:shop-canary-dead-letters", url = "https://sqs.eu-central-1.amazonaws.com/111122223333/shop-canary-dead-letters" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:eu-central-1:111122223333:rule/mocked" }
  }
}

variables {
  name = "shop-canary"
  package = {
    filename         = "tests/package.jar"
    source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    handlers         = ["webapp.canary.RolloutHandler"]
  }
  functions = {
    users = { function_name = "shop-users", alias_name = "live", version = "8" }
  }
}

run "defaults" {
  assert {
    condition = jsondecode(local.canaries) == {
      shop-users = { alias = "live", weight = 0.1, bakeMinutes = 30, alarms = ["shop-users-canary-8-errors"] }
    }
    error_message = "a tenth of the calls for half an hour, watched by the candidate's errors"
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.errors["users"].dimensions == tomap({ FunctionName = "shop-users", Resource = "shop-users:live", ExecutedVersion = "8" })
      && aws_cloudwatch_metric_alarm.errors["users"].metric_name == "Errors" && aws_cloudwatch_metric_alarm.errors["users"].threshold == 1
      && aws_cloudwatch_metric_alarm.errors["users"].treat_missing_data == "notBreaching"
    )
    error_message = "one failed call of the candidate ends its rollout, none at all does not"
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.alarm[0].event_pattern) == {
      source      = ["aws.cloudwatch"]
      detail-type = ["CloudWatch Alarm State Change"]
      detail      = { alarmName = ["shop-users-canary-8-errors"], state = { value = ["ALARM"] } }
    }
    error_message = "EventBridge tells of the alarm, and of nothing else"
  }
  assert {
    condition     = aws_cloudwatch_event_rule.tick[0].schedule_expression == "rate(1 minute)" && aws_cloudwatch_event_target.tick[0].retry_policy[0].maximum_retry_attempts == 0
    error_message = "a minute that was missed is the next one's"
  }
  assert {
    condition     = aws_cloudwatch_event_target.alarm[0].retry_policy[0].maximum_retry_attempts == 185 && aws_cloudwatch_event_target.alarm[0].retry_policy[0].maximum_event_age_in_seconds == 3600
    error_message = "an alarm is repeated for an hour"
  }
  assert {
    condition = alltrue([
      for target in [aws_cloudwatch_event_target.alarm[0], aws_cloudwatch_event_target.tick[0]] :
      target.arn == "arn:aws:lambda:eu-central-1:111122223333:function:shop-canary:live" && target.dead_letter_config[0].arn == aws_sqs_queue.dead_letters[0].arn
    ])
    error_message = "both rules call the alias, and what does not get through is kept"
  }
  assert {
    condition = alltrue([
      for permission in [aws_lambda_permission.alarm[0], aws_lambda_permission.tick[0]] :
      permission.principal == "events.amazonaws.com" && permission.qualifier == "live" && permission.source_arn == "arn:aws:events:eu-central-1:111122223333:rule/mocked"
    ])
    error_message = "each rule, and nobody else, may call the function"
  }
  assert {
    condition = (
      aws_lambda_invocation.start["users"].lifecycle_scope == "CREATE_ONLY" && aws_lambda_invocation.start["users"].qualifier == "live"
      && jsondecode(aws_lambda_invocation.start["users"].input) == { start = { function = "shop-users", version = "8" } }
    )
    error_message = "a new version, and nothing else, begins a rollout"
  }
  assert {
    condition     = jsondecode(aws_sqs_queue_policy.dead_letters[0].policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == ["arn:aws:events:eu-central-1:111122223333:rule/mocked", "arn:aws:events:eu-central-1:111122223333:rule/mocked"] && aws_sqs_queue.dead_letters[0].sqs_managed_sse_enabled
    error_message = "only the two rules send to the queue, whose messages are encrypted"
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.rolled_back["users"].namespace == "Canary" && aws_cloudwatch_metric_alarm.rolled_back["users"].metric_name == "RolledBack"
      && aws_cloudwatch_metric_alarm.rolled_back["users"].dimensions == tomap({ FunctionName = "shop-users" })
      && length(aws_cloudwatch_metric_alarm.rolled_back["users"].alarm_actions) == 0
    )
    error_message = "a rollback is an alarm, which tells nobody unless asked to"
  }
  assert {
    condition     = output.function_name == "shop-canary" && output.rollouts["users"] == "started" && join(",", output.alarm_names["users"]) == "shop-users-canary-8-errors" && endswith(output.dead_letter_queue_url, "/shop-canary-dead-letters")
    error_message = "outputs say what became of the rollout, and where to look"
  }
}

run "least_privilege" {
  assert {
    condition = local.function_arns == ["arn:aws:lambda:eu-central-1:111122223333:function:shop-users"] && local.policy_statements.MoveAliases == {
      actions   = ["lambda:GetAlias", "lambda:UpdateAlias"]
      resources = ["arn:aws:lambda:eu-central-1:111122223333:function:shop-users", "arn:aws:lambda:eu-central-1:111122223333:function:shop-users:live"]
    }
    error_message = "the alias of exactly these functions is read and moved"
  }
  assert {
    condition     = local.policy_statements.SeeWhetherVersionsAreReady.resources == ["arn:aws:lambda:eu-central-1:111122223333:function:shop-users", "arn:aws:lambda:eu-central-1:111122223333:function:shop-users:*"]
    error_message = "versions of exactly these functions are looked at"
  }
  assert {
    condition     = [for sid, statement in local.policy_statements : sid if contains(statement.resources, "*")] == ["SeeAlarms"] && local.policy_statements.SeeAlarms.actions == ["cloudwatch:DescribeAlarms"]
    error_message = "everything is named but alarms that are read"
  }
}

run "everything_set" {
  variables {
    functions = {
      users  = { function_name = "shop-users", alias_name = "live", version = "8", weight = 0.05, bake_minutes = 60, errors = 3, alarm_names = ["shop-5xx-rate", "shop-unhealthy"] }
      orders = { function_name = "shop-orders", alias_name = "live", version = "4", alarm_names = ["shop-5xx-rate"] }
    }
    alarms                = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], runbook_url = "https://git.example.com/runbooks" }
    log_retention_in_days = 7
    tags                  = { Team = "checkout" }
  }

  assert {
    condition = jsondecode(local.canaries) == {
      shop-users  = { alias = "live", weight = 0.05, bakeMinutes = 60, alarms = ["shop-users-canary-8-errors", "shop-5xx-rate", "shop-unhealthy"] }
      shop-orders = { alias = "live", weight = 0.1, bakeMinutes = 30, alarms = ["shop-orders-canary-4-errors", "shop-5xx-rate"] }
    }
    error_message = "each function has its weight, its time and its alarms"
  }
  assert {
    condition     = toset(jsondecode(aws_cloudwatch_event_rule.alarm[0].event_pattern).detail.alarmName) == toset(["shop-users-canary-8-errors", "shop-orders-canary-4-errors", "shop-5xx-rate", "shop-unhealthy"])
    error_message = "every alarm is listened to, once"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.errors["users"].threshold == 3 && aws_cloudwatch_metric_alarm.errors["orders"].threshold == 1
    error_message = "as many errors as asked for"
  }
  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.errors), values(aws_cloudwatch_metric_alarm.rolled_back), aws_cloudwatch_metric_alarm.dead_letters) :
      alarm.alarm_actions == toset(var.alarms.actions) && alarm.ok_actions == toset(var.alarms.actions) && strcontains(alarm.alarm_description, "https://git.example.com/runbooks/canary.md#") && alarm.tags == tomap({ Team = "checkout" })
    ])
    error_message = "every alarm tells the topic, and links its runbook"
  }
  assert {
    condition     = aws_sqs_queue.dead_letters[0].tags == tomap({ Team = "checkout" }) && aws_cloudwatch_event_rule.alarm[0].tags == tomap({ Team = "checkout" }) && aws_cloudwatch_event_rule.tick[0].tags == tomap({ Team = "checkout" })
    error_message = "everything is tagged"
  }
}

run "function_of_ones_own_size" {
  variables {
    handler              = "com.example.OwnRollout"
    package              = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    runtime              = "java21"
    architectures        = ["x86_64"]
    memory_size          = 1024
    timeout              = 120
    log_kms_key_arn      = "arn:aws:kms:eu-central-1:111122223333:key/logs"
    permissions_boundary = "arn:aws:iam::111122223333:policy/bound"
  }

  assert {
    condition     = output.function_name == "shop-canary"
    error_message = "what concerns the function alone is passed on to modules/function"
  }
}

run "package_in_a_bucket" {
  command = plan
  variables {
    package = {
      s3               = { bucket = "shop-artifacts", key = "1.4.0/canary.jar", object_version = "v1" }
      source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    }
  }

  assert {
    condition     = length(aws_lambda_invocation.start) == 1
    error_message = "the jar may be in a bucket"
  }
}

run "nothing" {
  variables {
    create    = false
    functions = {}
  }

  assert {
    condition     = length(concat(values(aws_cloudwatch_metric_alarm.errors), aws_sqs_queue.dead_letters, aws_cloudwatch_event_rule.alarm, aws_cloudwatch_event_rule.tick, values(aws_lambda_invocation.start))) == 0 && output.function_name == null && output.dead_letter_queue_url == null && length(output.rollouts) == 0 && length(output.alarm_names) == 0
    error_message = "create = false makes nothing"
  }
}
