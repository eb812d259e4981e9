output "url" {
  description = "Where the API is: append `/status` or `/caller`."
  value       = module.api.invoke_url
}

output "user_pool_id" {
  description = "The user pool; null with an issuer of yours."
  value       = module.api.user_pool_id
}

output "user_pool_client_id" {
  description = "The client that people sign in with; null with an issuer of yours."
  value       = module.api.user_pool_client_id
}
