################################################################################
# Key
################################################################################

output "kms_key_arn" {
  description = "Key of exports, table and logs, and of backups with `customer_key`."
  value       = var.create ? local.kms_key_arn : null
}

output "recovery_kms_key_arn" {
  description = "Key of the recovery copies. Restoring one needs it."
  value       = local.has_recovery ? local.recovery_kms_key_arn : null
}

################################################################################
# Plan
################################################################################

output "plan" {
  description = "What the functions get with each tick, as JSON: what is backed up, when, and how long it is kept."
  value       = var.create ? local.plan : null
}

################################################################################
# State
################################################################################

output "table_names" {
  description = "Tables of history and requests: `primary`, and `recovery` where there is one."
  value       = merge({ for table in aws_dynamodb_table.this : "primary" => table.name }, { for table in aws_dynamodb_table.recovery : "recovery" => table.name })
}

output "table_arns" {
  description = "The same tables, for the rights of whoever shows history or writes requests."
  value       = merge({ for table in aws_dynamodb_table.this : "primary" => table.arn }, { for table in aws_dynamodb_table.recovery : "recovery" => table.arn })
}

output "deletion_protection" {
  description = "Whether every table refuses to be deleted, and so do the keys made here: if `true`, write `deletion_protection = false` and apply before you destroy."
  value       = length(aws_dynamodb_table.this) > 0 && alltrue(concat(aws_dynamodb_table.this, aws_dynamodb_table.recovery)[*].deletion_protection_enabled)
}

################################################################################
# Functions
################################################################################

output "function_names" {
  description = "Functions: `scheduler`, and where there are any `recovery`, `recorder` and `checker` (recovery region)."
  value = { for key, name in {
    scheduler = module.scheduler.function_name
    recovery  = one(module.recovery[*].function_name)
    recorder  = one(module.recorder[*].function_name)
    checker   = one(module.checker[*].function_name)
  } : key => name if name != null }
}

output "dead_letter_queue_urls" {
  description = "Queues of ticks that did not get through: `primary`, and `recovery` where there is one."
  value       = merge({ for queue in aws_sqs_queue.dead_letters : "primary" => queue.url }, { for queue in aws_sqs_queue.recovery_dead_letters : "recovery" => queue.url })
}

################################################################################
# Exports
################################################################################

output "export_bucket" {
  description = "Bucket of the exports, null without any."
  value       = one(aws_s3_bucket.exports[*].bucket)
}

output "replica_bucket" {
  description = "Bucket of the recovery region that exports are replicated to, null for none."
  value       = one(aws_s3_bucket.replica[*].bucket)
}

################################################################################
# Dashboard
################################################################################

output "dashboard_name" {
  description = "The plan's dashboard, in any region's CloudWatch; null without one."
  value       = one(aws_cloudwatch_dashboard.this[*].dashboard_name)
}
