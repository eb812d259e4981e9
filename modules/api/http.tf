# The API as an HTTP API (type HTTP): what the REST API's body holds are resources here. It has no models, no gateway responses and no mocks, so functions
# validate by themselves, and what API Gateway refuses is `{"message": ...}`.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html

data "aws_partition" "current" {}

################################################################################
# Rendering
################################################################################

locals {
  # By route key, which is what must be unique at API Gateway: a new operationId touches no route.
  http_routes = {
    for id, operation in local.operations : "${operation.method} ${operation.path}" => merge(operation, {
      id     = id
      scheme = one([for scheme in try(keys(operation.security[0]), []) : scheme])
      scopes = flatten(try(values(operation.security[0]), []))
    }) if local.create_http_api
  }

  http_authorization_types = { AWS_IAM = "AWS_IAM", COGNITO_USER_POOLS = "JWT", JWT = "JWT", TOKEN = "CUSTOM", REQUEST = "CUSTOM" }

  http_authorizers = {
    for scheme, authorizer in var.authorizers : scheme => merge(authorizer, {
      kind = authorizer.function == null ? "JWT" : "REQUEST"

      # Where HTTP APIs have other words for the same: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
      sources = [
        for source in authorizer.identity_sources :
        source == "context.resourcePath" ? "$context.routeKey" : format("$%s", trimprefix(source, "method."))
      ]

      # A pool's ARN ends in its id, and that begins with its region.
      token_issuer = (
        authorizer.type == "JWT" ? authorizer.issuer :
        authorizer.user_pool_arns == null ? one([for pool in aws_cognito_user_pool.this : "https://${pool.endpoint}"]) :
        "https://cognito-idp.${split(":", authorizer.user_pool_arns[0])[3]}.${data.aws_partition.current.dns_suffix}/${split("/", authorizer.user_pool_arns[0])[1]}"
      )
      token_audience = (
        authorizer.audience != null ? authorizer.audience :
        contains(local.machine_schemes, scheme) ? values(aws_cognito_user_pool_client.machine)[*].id : aws_cognito_user_pool_client.web[*].id
      )
    }) if local.create_http_api && contains(["JWT", "CUSTOM"], lookup(local.http_authorization_types, authorizer.type, "NONE"))
  }

  http_domain_configurations = flatten(aws_apigatewayv2_domain_name.this[*].domain_name_configuration)
}

################################################################################
# HTTP API
################################################################################

resource "aws_apigatewayv2_api" "this" {
  count = local.create_http_api ? 1 : 0

  name                         = var.name
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = local.disable_execute_api_endpoint
  tags                         = var.tags

  # API Gateway answers OPTIONS by it, and puts its headers on every answer, in place of a function's.
  dynamic "cors_configuration" {
    for_each = var.cors == null ? [] : [var.cors]

    content {
      allow_origins     = cors_configuration.value.allow_origins
      allow_methods     = distinct(values(local.operations)[*].method)
      allow_headers     = cors_configuration.value.allow_headers
      expose_headers    = cors_configuration.value.expose_headers
      max_age           = cors_configuration.value.max_age
      allow_credentials = cors_configuration.value.allow_credentials
    }
  }

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(local.contract_faults) == 0
      error_message = "openapi cannot become an HTTP API.\n${join("\n", local.contract_faults)}"
    }
  }
}

resource "aws_apigatewayv2_authorizer" "this" {
  for_each = local.http_authorizers

  api_id           = aws_apigatewayv2_api.this[0].id
  name             = each.key
  authorizer_type  = each.value.kind
  identity_sources = each.value.sources

  authorizer_uri                    = each.value.kind == "REQUEST" ? each.value.function.invoke_arn : null
  authorizer_payload_format_version = each.value.kind == "REQUEST" ? "2.0" : null
  authorizer_result_ttl_in_seconds  = each.value.kind == "REQUEST" ? each.value.result_ttl_in_seconds : null
  # A policy, which says what of the API the caller may call: a cached "yes" would be one to every route of the authorizer.
  enable_simple_responses = each.value.kind == "REQUEST" ? false : null

  dynamic "jwt_configuration" {
    for_each = each.value.kind == "JWT" ? [each.value] : []

    content {
      issuer   = jwt_configuration.value.token_issuer
      audience = jwt_configuration.value.token_audience
    }
  }

  # No function is asked before it may be, and none loses the right to be while it is.
  depends_on = [aws_lambda_permission.authorizer]
}

# One for each route, as the functions' names, which would tell one function from another, are not known before they are made.
resource "aws_apigatewayv2_integration" "this" {
  for_each = local.http_routes

  api_id                 = aws_apigatewayv2_api.this[0].id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = var.integrations[each.value.id].invoke_arn
  payload_format_version = var.payload_format_version
  timeout_milliseconds   = var.integration_timeout_milliseconds

  # As with the authorizers.
  depends_on = [aws_lambda_permission.this]
}

# Without a $default route: what no operation takes is API Gateway's 404, and no function is paid for it.
resource "aws_apigatewayv2_route" "this" {
  #checkov:skip=CKV_AWS_309:The contract says who may call an operation; one without security is refused unless it is public (security: []).
  for_each = local.http_routes

  api_id               = aws_apigatewayv2_api.this[0].id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
  authorization_type   = each.value.scheme == null ? "NONE" : local.http_authorization_types[var.authorizers[each.value.scheme].type]
  authorizer_id        = try(aws_apigatewayv2_authorizer.this[each.value.scheme].id, null)
  authorization_scopes = length(each.value.scopes) == 0 ? null : each.value.scopes

  # The stage lets go of a route, and of its limits, before the route goes.
  lifecycle {
    create_before_destroy = true
  }
}

################################################################################
# Stage
################################################################################

# Of its name, and not $default: so its path is /api, as a REST API's is. It deploys each change by itself (auto_deploy), because a deployment of Terraform's would
# be made before what leaves the contract is destroyed, and go on serving it. So the order of the changes is what counts: a route comes after its authorizer and
# after the permissions, in one piece, and goes before them.
resource "aws_apigatewayv2_stage" "this" {
  #checkov:skip=CKV_AWS_76:Access logs are the caller's choice (access_logs).
  count = local.create_http_api ? 1 : 0

  api_id      = aws_apigatewayv2_api.this[0].id
  name        = local.stage_name
  auto_deploy = true
  tags        = var.tags

  default_route_settings {
    detailed_metrics_enabled = true
    throttling_rate_limit    = var.throttle.rate_limit
    throttling_burst_limit   = var.throttle.burst_limit
  }

  # A route's settings replace the stage's, so each carries all of them.
  dynamic "route_settings" {
    for_each = { for key, route in local.http_routes : key => var.operation_throttles[route.id] if contains(keys(var.operation_throttles), route.id) }

    content {
      route_key                = route_settings.key
      detailed_metrics_enabled = true
      throttling_rate_limit    = route_settings.value.rate_limit
      throttling_burst_limit   = route_settings.value.burst_limit
    }
  }

  dynamic "access_log_settings" {
    for_each = aws_cloudwatch_log_group.access

    content {
      destination_arn = access_log_settings.value.arn
      format          = local.http_access_log_format
    }
  }

  # API Gateway takes limits of routes that are there.
  depends_on = [aws_apigatewayv2_route.this]
}

################################################################################
# Domain name
################################################################################

resource "aws_apigatewayv2_domain_name" "this" {
  count = local.create_domain && local.create_http_api ? 1 : 0

  domain_name = var.domain.name
  tags        = var.tags

  domain_name_configuration {
    certificate_arn = local.create_certificate ? aws_acm_certificate_validation.this[0].certificate_arn : var.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

# As with a REST API's base path.
resource "aws_apigatewayv2_api_mapping" "this" {
  count = local.create_domain && local.create_http_api ? 1 : 0

  api_id          = aws_apigatewayv2_api.this[0].id
  domain_name     = aws_apigatewayv2_domain_name.this[0].domain_name
  stage           = aws_apigatewayv2_stage.this[0].name
  api_mapping_key = local.stage_name
}
