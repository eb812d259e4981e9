locals {
  fixed_executions = try(var.provisioned_concurrency.executions, null)
  target_tracking  = try(var.provisioned_concurrency.target_tracking, null)
  schedules        = try(var.provisioned_concurrency.schedules, {})

  fixed_concurrency  = var.create && local.fixed_executions != null
  scaled_concurrency = var.create && (local.target_tracking != null || length(local.schedules) > 0)

  # The range that holds until the first schedule changes it: that of target_tracking, else what the schedules span.
  scaled_min = try(local.target_tracking.min, min(values(local.schedules)[*].min...), null)
  scaled_max = try(local.target_tracking.max, max(values(local.schedules)[*].max...), null)

  most_provisioned = max(concat([0], local.fixed_executions[*], local.target_tracking[*].max, values(local.schedules)[*].max)...)
}

################################################################################
# Provisioned concurrency
################################################################################

# `fixed` and `scaled` are one and the same object of Lambda's, and lifecycle rules cannot depend on a variable. Both depend on
# this, so a change from one to the other deletes the old before it puts the new, and never the other way round.
resource "terraform_data" "provisioned_concurrency" {
  count = local.fixed_concurrency || local.scaled_concurrency ? 1 : 0

  triggers_replace = { scaled = local.scaled_concurrency, min = local.scaled_min, max = local.scaled_max }
}

resource "aws_lambda_provisioned_concurrency_config" "fixed" {
  count = local.fixed_concurrency ? 1 : 0

  function_name                     = aws_lambda_alias.live[0].function_name
  qualifier                         = aws_lambda_alias.live[0].name
  provisioned_concurrent_executions = local.fixed_executions

  depends_on = [terraform_data.provisioned_concurrency]
}

# Where scaling starts. Terraform has it, so that it goes, and is billed no longer, when provisioned_concurrency does.
resource "aws_lambda_provisioned_concurrency_config" "scaled" {
  count = local.scaled_concurrency ? 1 : 0

  function_name                     = aws_lambda_alias.live[0].function_name
  qualifier                         = aws_lambda_alias.live[0].name
  provisioned_concurrent_executions = local.scaled_min

  lifecycle {
    ignore_changes = [provisioned_concurrent_executions] # Application Auto Scaling's to say
  }

  depends_on = [terraform_data.provisioned_concurrency]
}

resource "aws_appautoscaling_target" "this" {
  count = local.scaled_concurrency ? 1 : 0

  service_namespace  = "lambda"
  scalable_dimension = "lambda:function:ProvisionedConcurrency"
  resource_id        = "function:${aws_lambda_provisioned_concurrency_config.scaled[0].function_name}:${aws_lambda_provisioned_concurrency_config.scaled[0].qualifier}"
  min_capacity       = local.scaled_min
  max_capacity       = local.scaled_max
  tags               = var.tags

  lifecycle {
    # A scheduled action works by changing the two. A change of the variable makes the target anew, which leaves the executions alone.
    ignore_changes       = [min_capacity, max_capacity]
    replace_triggered_by = [terraform_data.provisioned_concurrency]
  }
}

resource "aws_appautoscaling_policy" "utilization" {
  count = var.create && local.target_tracking != null ? 1 : 0

  name               = "utilization"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value = local.target_tracking.utilization

    predefined_metric_specification {
      predefined_metric_type = "LambdaProvisionedConcurrencyUtilization"
    }
  }

  lifecycle {
    replace_triggered_by = [aws_appautoscaling_target.this] # it goes with the target
  }
}

resource "aws_appautoscaling_scheduled_action" "this" {
  for_each = var.create ? local.schedules : {}

  name               = each.key
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id
  schedule           = each.value.schedule
  timezone           = each.value.timezone

  scalable_target_action {
    min_capacity = each.value.min
    max_capacity = each.value.max
  }

  lifecycle {
    replace_triggered_by = [aws_appautoscaling_target.this] # it goes with the target
  }
}
