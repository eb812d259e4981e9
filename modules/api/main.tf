data "aws_region" "current" {}

locals {
  create_rest_api = var.create && var.type == "REST"
  create_http_api = var.create && var.type == "HTTP" # http.tf

  execution_arn = one(concat(aws_api_gateway_rest_api.this[*].execution_arn, aws_apigatewayv2_api.this[*].execution_arn))

  stage_url = one(concat(aws_api_gateway_stage.this[*].invoke_url, aws_apigatewayv2_stage.this[*].invoke_url))

  create_domain      = var.create && var.domain != null
  create_certificate = local.create_domain && try(var.domain.create_certificate, false)
  create_records     = local.create_domain && try(var.domain.create_records, false)

  disable_execute_api_endpoint = try(var.domain.disable_execute_api_endpoint, false)

  # The stage is part of the path at API Gateway, so it is the path of the contract's server URL: one path at the CDN, the API and the contract.
  stage_name = "api"

  # Setting a method's throttle replaces the stage's settings for it, so each carries all of them.
  throttles = merge(
    { "*/*" = var.throttle },
    {
      # "{resource path}/{method}", every slash of the path escaped as in a JSON pointer. That is how API Gateway's own documentation
      # spells it; unescaped, a nested path is not found again after the apply: hashicorp/terraform-provider-aws#9738, #37959.
      for id, throttle in var.operation_throttles :
      "${replace(local.operations[id].path, "/", "~1")}/${local.operations[id].method}" => throttle
      if can(local.operations[id])
    }
  )
}

################################################################################
# REST API
################################################################################

# No resource policy: operations without an authorizer are public by contract, the others check their callers.
resource "aws_api_gateway_rest_api" "this" {
  count = local.create_rest_api ? 1 : 0

  name              = var.name
  body              = local.body
  put_rest_api_mode = "overwrite" # What leaves the contract leaves the API.
  # Of two open doors, the domain name is the one with a certificate and a TLS policy of our own.
  disable_execute_api_endpoint = local.disable_execute_api_endpoint
  tags                         = var.tags

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(local.contract_faults) == 0
      error_message = "openapi cannot become a REST API.\n${join("\n", local.contract_faults)}"
    }
  }
}

################################################################################
# Deployment and stage
################################################################################

resource "aws_api_gateway_deployment" "this" {
  count = local.create_rest_api ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id

  # A deployment is a snapshot: any change of the body needs another. So does the endpoint's closing, which a stage takes note of at its next update:
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
  triggers = merge(
    { redeployment = sha1(local.body) },
    { for closed in [local.disable_execute_api_endpoint] : "execute_api_endpoint" => "disabled" if closed }
  )

  # The stage must point at the new one before the old one can go.
  lifecycle {
    create_before_destroy = true
  }

  # No operation goes live before it may invoke its function and be guarded by its authorizer's, and none loses the right to while it is live.
  depends_on = [aws_lambda_permission.this, aws_lambda_permission.authorizer]
}

resource "aws_api_gateway_stage" "this" {
  #checkov:skip=CKV_AWS_73:Tracing is the caller's choice (xray_tracing_enabled): it costs, and the JSON logs carry a correlation id.
  #checkov:skip=CKV_AWS_76:Access logs are the caller's choice (access_logs): they need the log role of the account (examples/account-bootstrap).
  #checkov:skip=CKV_AWS_120:Answers are per user; caching belongs to CloudFront.
  #checkov:skip=CKV2_AWS_4:As CKV_AWS_76.
  #checkov:skip=CKV2_AWS_29:A web ACL is the caller's choice (firewall, web_acl_arn): it costs; methods are throttled.
  #checkov:skip=CKV2_AWS_77:As CKV2_AWS_29; the rules are the caller's choice too.
  #checkov:skip=CKV2_AWS_51:Lambda is called by IAM, not by TLS with a client certificate.
  count = local.create_rest_api ? 1 : 0

  rest_api_id          = aws_api_gateway_rest_api.this[0].id
  deployment_id        = aws_api_gateway_deployment.this[0].id
  stage_name           = local.stage_name
  xray_tracing_enabled = var.xray_tracing_enabled
  tags                 = var.tags

  dynamic "access_log_settings" {
    for_each = aws_cloudwatch_log_group.access

    content {
      destination_arn = access_log_settings.value.arn
      format          = local.access_log_format
    }
  }
}

resource "aws_api_gateway_method_settings" "this" {
  #checkov:skip=CKV_AWS_225:As CKV_AWS_120.
  #checkov:skip=CKV_AWS_308:As CKV_AWS_120: there is no cache to encrypt.
  for_each = { for method_path, throttle in local.throttles : method_path => throttle if local.create_rest_api }

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  stage_name  = aws_api_gateway_stage.this[0].stage_name
  method_path = each.key

  settings {
    metrics_enabled        = true
    logging_level          = try(var.execution_logs.logging_level, "OFF")
    data_trace_enabled     = false # Would log whole bodies, which hold personal data.
    throttling_rate_limit  = each.value.rate_limit
    throttling_burst_limit = each.value.burst_limit
  }

  depends_on = [aws_cloudwatch_log_group.execution]
}

################################################################################
# Permissions
################################################################################

# One for each operation, no wider than its stage, method and path: a path added by hand cannot reach the function.
resource "aws_lambda_permission" "this" {
  for_each = { for id, operation in local.operations : id => operation if var.create && contains(keys(var.integrations), id) }

  # A prefix, because for the length of an apply a permission and its successor can stand in one function's policy. The provider adds 26
  # characters, and Lambda takes 100.
  statement_id_prefix = "${substr("${var.name}-${each.key}", 0, 73)}-"
  action              = "lambda:InvokeFunction"
  principal           = "apigateway.amazonaws.com"
  function_name       = var.integrations[each.key].function_name
  qualifier           = var.integrations[each.key].alias_name
  source_arn          = "${local.execution_arn}/${local.stage_name}/${each.value.method}${replace(each.value.path, "/\\{[^}]+\\}/", "*")}"

  # An operation that moves to another function, or to another path, is served by the old one until the stage points at the new. Terraform extends
  # this to what the permission depends on, so to function and alias: a renamed function goes after its successor serves.
  lifecycle {
    create_before_destroy = true
  }
}
