output "url" {
  description = "Where visitors open the site."
  value       = module.webapp.url
}

output "api_url" {
  description = "Base URL of the API for callers that sign their requests."
  value       = module.webapp.api_url
}

output "distribution_domain_name" {
  description = "CloudFront's own name of the site."
  value       = module.webapp.distribution_domain_name
}

output "function_names" {
  description = "Function key => name of the Lambda function."
  value       = module.webapp.function_names
}

output "database" {
  description = "The database's address, names and secret."
  value       = module.webapp.database
}
