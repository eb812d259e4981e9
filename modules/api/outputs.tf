################################################################################
# API
################################################################################

output "api_id" {
  description = "Identifier of the API, of either type."
  value       = one(concat(aws_api_gateway_rest_api.this[*].id, aws_apigatewayv2_api.this[*].id))
}

output "rest_api_id" {
  description = "Identifier of the REST API; null with type `HTTP`."
  value       = try(aws_api_gateway_rest_api.this[0].id, null)
}

output "execution_arn" {
  description = "ARN to grant `execute-api:Invoke` on: append `/api/METHOD/path` (a path parameter as `*`)."
  value       = local.execution_arn
}

output "openapi_body" {
  description = "The OpenAPI document API Gateway imported, as JSON: the contract with API Gateway's extensions; null with type `HTTP`, whose parts are resources."
  value       = var.type == "REST" ? local.body : null
}

################################################################################
# Other origins
################################################################################

output "cors_environment" {
  description = "Environment variables that tell a function which origins may read its answers: `CORS_ALLOW_ORIGINS` (separated by commas), `CORS_ALLOW_CREDENTIALS`, `CORS_EXPOSE_HEADERS`. Empty without `cors`. Depends on `cors` alone, so that a function can have it before the API."
  value = {
    for name, value in {
      CORS_ALLOW_ORIGINS     = join(",", local.cors_origins)
      CORS_ALLOW_CREDENTIALS = tostring(try(var.cors.allow_credentials, false))
      CORS_EXPOSE_HEADERS    = join(",", try(var.cors.expose_headers, []))
    } : name => value if var.cors != null
  }
}

################################################################################
# Consumers
################################################################################

output "api_key_ids" {
  description = "Identifiers of the API keys by consumer, as the access logs have them. A key itself is read by `aws apigateway get-api-key --include-value --api-key ID`."
  value       = { for name, key in aws_api_gateway_api_key.this : name => key.id }
}

################################################################################
# User pool
################################################################################

output "user_pool_id" {
  description = "Identifier of the user pool, for a function that signs people up and in; null without `user_pool`."
  value       = try(aws_cognito_user_pool.this[0].id, null)
}

output "user_pool_arn" {
  description = "ARN of the user pool, for policies and for another API's `authorizers`; null without `user_pool`."
  value       = try(aws_cognito_user_pool.this[0].arn, null)
}

output "user_pool_issuer" {
  description = "Issuer (`iss`) of the pool's tokens, whose keys are at `/.well-known/jwks.json` below it; null without `user_pool`."
  value       = try("https://${aws_cognito_user_pool.this[0].endpoint}", null)
}

output "user_pool_client_id" {
  description = "Identifier of the public client `web`, with which people sign in; null without `user_pool`."
  value       = try(aws_cognito_user_pool_client.web[0].id, null)
}

output "machine_client_ids" {
  description = "Identifiers of the machine clients by name. A secret is read by `aws cognito-idp describe-user-pool-client --user-pool-id POOL --client-id CLIENT --query UserPoolClient.ClientSecret`."
  value       = { for name, client in aws_cognito_user_pool_client.machine : name => client.id }
}

output "token_endpoint" {
  description = "Where machines get their tokens: POST `grant_type=client_credentials&scope=IDENTIFIER/SCOPE` with client id and secret as basic authentication; null without `user_pool.domain_prefix`."
  value       = try("https://${aws_cognito_user_pool_domain.this[0].domain}.auth.${data.aws_region.current.id}.amazoncognito.com/oauth2/token", null)
}

################################################################################
# Stage
################################################################################

output "stage_name" {
  description = "Name of the stage, the first segment of every path."
  value       = one(concat(aws_api_gateway_stage.this[*].stage_name, aws_apigatewayv2_stage.this[*].name))
}

output "invoke_url" {
  description = "URL of the API including the stage (`https://.../api`), for clients that do not go through the CDN: at `domain.name`, or else at API Gateway's own name."
  value       = local.create_domain ? "https://${local.mapped_domain_name}/${local.stage_name}" : local.stage_url

  # Nobody is sent to a name that does not resolve yet.
  depends_on = [aws_route53_record.this]
}

output "domain_name" {
  description = "Host name of `invoke_url`, for a CloudFront origin. The path stays as it is."
  value       = local.create_domain ? local.mapped_domain_name : try(regex("^https://([^/]+)/", local.stage_url)[0], null)

  depends_on = [aws_route53_record.this]
}

output "web_acl_arn" {
  description = "ARN of the web ACL before the stage, made here (`firewall`) or given (`web_acl_arn`); null without one."
  value       = local.create_firewall ? aws_wafv2_web_acl.this[0].arn : var.create ? var.web_acl_arn : null
}

################################################################################
# Logs
################################################################################

output "access_log_group_name" {
  description = "Log group with a line of JSON for each request; null without `access_logs`."
  value       = try(aws_cloudwatch_log_group.access[0].name, null)
}

output "firewall_log_group_name" {
  description = "Log group with a line of JSON for each request that the firewall blocked or counted; null without `firewall`."
  value       = try(aws_cloudwatch_log_group.firewall[0].name, null)
}

################################################################################
# Domain name
################################################################################

output "regional_domain_name" {
  description = "With `domain`: what a record for `domain.name` points to, where the records are the caller's (an alias of this name in `regional_zone_id`, or a CNAME)."
  value       = local.regional_domain_name
}

output "regional_zone_id" {
  description = "With `domain`: hosted zone of `regional_domain_name`, for an alias record."
  value       = local.regional_zone_id
}

################################################################################
# Alarms
################################################################################

output "rate_5xx_alarm_name" {
  description = "Alarm on the share of requests that fail on our side, to end a rollout with (`alarm_names` of modules/canary); null without `alarms`."
  value       = try(aws_cloudwatch_metric_alarm.rate_5xx[0].alarm_name, null)
}

################################################################################
# Dashboard
################################################################################

output "dashboard_name" {
  description = "CloudWatch's name of the dashboard; null without `dashboard`."
  value       = try(aws_cloudwatch_dashboard.this[0].dashboard_name, null)
}
