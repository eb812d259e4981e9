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

output "user_pool" {
  description = "Who may sign in: the pool's id, issuer, clients and token endpoint."
  value       = module.webapp.user_pool
}

output "api_key_ids" {
  description = "Consumer => id of its API key."
  value       = module.webapp.api_key_ids
}

output "partner_audience" {
  description = "What a partner's token must have in aud."
  value       = module.webapp.partner_audience
}

output "backup" {
  description = "The backups: plan, functions, tables and buckets."
  value       = module.webapp.backup
}
