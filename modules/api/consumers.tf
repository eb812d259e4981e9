# A key and a usage plan for each, so that one consumer's limits change without another's. AWS generates the value of a key; it is in Terraform's state,
# and in no output.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html

resource "aws_api_gateway_api_key" "this" {
  for_each = { for name, consumer in var.consumers : name => consumer if var.create }

  name    = "${var.name}-${each.key}"
  enabled = each.value.enabled
  tags    = var.tags
}

resource "aws_api_gateway_usage_plan" "this" {
  for_each = { for name, consumer in var.consumers : name => consumer if var.create }

  name = "${var.name}-${each.key}"
  tags = var.tags

  api_stages {
    api_id = aws_api_gateway_rest_api.this[0].id
    stage  = aws_api_gateway_stage.this[0].stage_name
  }

  throttle_settings {
    rate_limit  = each.value.rate_limit
    burst_limit = each.value.burst_limit
  }

  dynamic "quota_settings" {
    for_each = each.value.quota == null ? [] : [each.value.quota]

    content {
      limit  = quota_settings.value.limit
      period = quota_settings.value.period
      offset = quota_settings.value.offset
    }
  }
}

resource "aws_api_gateway_usage_plan_key" "this" {
  for_each = { for name, consumer in var.consumers : name => consumer if var.create }

  key_id        = aws_api_gateway_api_key.this[each.key].id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.this[each.key].id
}
