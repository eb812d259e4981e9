output "plan" {
  description = "What is backed up, when, and how long it is kept."
  value       = jsondecode(module.backup.plan)
}

output "dashboard_name" {
  description = "The plan's CloudWatch dashboard."
  value       = module.backup.dashboard_name
}

output "recovery_kms_key_arn" {
  description = "Key of the copies, without which none can be restored."
  value       = module.backup.recovery_kms_key_arn
}
