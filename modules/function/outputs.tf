################################################################################
# Log group
################################################################################

output "log_group_name" {
  description = "Log group to read the function's logs from."
  value       = try(aws_cloudwatch_log_group.this[0].name, null)
}

################################################################################
# Function
################################################################################

output "function_name" {
  description = "Name of the function, for `aws_lambda_permission` and `aws_lambda_invocation`."
  value       = try(aws_lambda_function.this[0].function_name, null)
}

output "function_arn" {
  description = "ARN of the function without a version. Invoke the alias instead."
  value       = try(aws_lambda_function.this[0].arn, null)
}

output "version" {
  description = "Version that was published last; it changes whenever code or configuration do."
  value       = try(aws_lambda_function.this[0].version, null)
}

output "qualified_arn" {
  description = "ARN of the version that was published last."
  value       = try("${aws_lambda_function.this[0].arn}:${aws_lambda_function.this[0].version}", null)
}

output "timeout" {
  description = "Longest an invocation may take, in seconds, to check the caller's timeout against."
  value       = try(aws_lambda_function.this[0].timeout, null)
}

output "alias_name" {
  description = "Name of the alias to invoke: `live`."
  value       = try(local.alias.name, null)
}

output "alias_arn" {
  description = "ARN of the alias, to invoke and to grant `lambda:InvokeFunction` on."
  value       = try(local.alias.arn, null)
}

output "alias_invoke_arn" {
  description = "URI of an API Gateway integration that invokes the alias."
  value       = try(local.alias.invoke_arn, null)
}

################################################################################
# Role
################################################################################

output "role_name" {
  description = "Name of the execution role, to attach a policy that is known only later."
  value       = try(aws_iam_role.this[0].name, null)
}

output "role_arn" {
  description = "ARN of the execution role, to name in a resource's policy."
  value       = try(aws_iam_role.this[0].arn, null)
}
