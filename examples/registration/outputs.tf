output "url" {
  description = "Where visitors register."
  value       = module.webapp.url
}
