output "url" {
  description = "Where the API is: append `/status`, `/caller` or `/consumer`."
  value       = module.api.invoke_url
}

output "user_pool_id" {
  description = "The user pool."
  value       = module.api.user_pool_id
}

output "user_pool_client_id" {
  description = "The client that people sign in with."
  value       = module.api.user_pool_client_id
}

output "api_key_ids" {
  description = "Identifiers of the API keys by consumer: `aws apigateway get-api-key --include-value --api-key ID` shows a key."
  value       = module.api.api_key_ids
}
