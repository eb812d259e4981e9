output "cloudwatch_role_arn" {
  description = "Role by which API Gateway writes the logs of every API in the region."
  value       = aws_api_gateway_account.this.cloudwatch_role_arn
}
