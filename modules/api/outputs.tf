################################################################################
# REST API
################################################################################

output "rest_api_id" {
  description = "Identifier of the REST API, for alarms and dashboards."
  value       = try(aws_api_gateway_rest_api.this[0].id, null)
}

output "execution_arn" {
  description = "ARN to grant `execute-api:Invoke` on: append `/api/METHOD/path` (a path parameter as `*`)."
  value       = try(aws_api_gateway_rest_api.this[0].execution_arn, null)
}

output "openapi_body" {
  description = "The OpenAPI document API Gateway imported, as JSON: the contract with API Gateway's extensions."
  value       = local.body
}

################################################################################
# Stage
################################################################################

output "stage_name" {
  description = "Name of the stage, the first segment of every path."
  value       = try(aws_api_gateway_stage.this[0].stage_name, null)
}

output "invoke_url" {
  description = "URL of the API including the stage (`https://.../api`), for clients that do not go through the CDN."
  value       = try(aws_api_gateway_stage.this[0].invoke_url, null)
}

output "domain_name" {
  description = "Host name of `invoke_url`, for a CloudFront origin. The path stays as it is."
  value       = try(regex("^https://([^/]+)/", aws_api_gateway_stage.this[0].invoke_url)[0], null)
}
