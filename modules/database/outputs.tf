################################################################################
# Log groups
################################################################################

output "log_group_names" {
  description = "Log groups by kind: `error`, `slowquery`, and `migrator` where there is one."
  value = merge(
    { for kind, group in aws_cloudwatch_log_group.this : kind => group.name },
    local.has_migrator ? { migrator = module.migrator[0].log_group_name } : {},
  )
}

################################################################################
# Instance
################################################################################

output "host" {
  description = "Name to connect to; IAM tokens are signed for it and its certificate bears it."
  value       = try(aws_db_instance.this[0].address, null)
}

output "port" {
  description = "Port to connect to."
  value       = try(aws_db_instance.this[0].port, null)
}

output "db_name" {
  description = "Database (schema) that the migrator fills."
  value       = var.create ? var.db_name : null
}

output "identifier" {
  description = "Identifier of the instance, for alarms and backups."
  value       = try(aws_db_instance.this[0].identifier, null)
}

output "arn" {
  description = "ARN of the instance, for backups."
  value       = try(aws_db_instance.this[0].arn, null)
}

output "resource_id" {
  description = "Resource id that rds-db:connect permissions name; it outlives a rename."
  value       = try(aws_db_instance.this[0].resource_id, null)
}

output "application_user" {
  description = "Database user of the application, who logs in with an IAM token."
  value       = var.create ? var.application_user : null
}

output "connect_resource_arn" {
  description = "Resource of the `rds-db:connect` statement that lets a function log in as the application user. With `blue_green_update` the user of every database of the account and region: an update gives the database another resource id."
  value       = var.create ? "${local.database_user}:${var.blue_green_update ? "*" : aws_db_instance.this[0].resource_id}/${var.application_user}" : null
}

output "drill_user" {
  description = "Database user of restore drills, who logs in with an IAM token and only reads; null without one."
  value       = var.create ? var.drill_user : null
}

output "drill_connect_resource_arn" {
  description = "Resource of the `rds-db:connect` statement that lets a function log in to this database as the drill user; null without one. What a drill restores has another resource id."
  value       = var.create && var.drill_user != null ? "${local.database_user}:${var.blue_green_update ? "*" : aws_db_instance.this[0].resource_id}/${var.drill_user}" : null
}

output "read_replicas" {
  description = "Replicas by name: `host`, `port`, `identifier`, `arn`, `resource_id`, and `connect_resource_arn`, which lets a function log in to this replica as the application user."
  value = {
    for name, replica in aws_db_instance.replica : name => {
      host                 = replica.address
      port                 = replica.port
      identifier           = replica.identifier
      arn                  = replica.arn
      resource_id          = replica.resource_id
      connect_resource_arn = "${local.database_user}:${replica.resource_id}/${var.application_user}"
    }
  }
}

output "master_user_secret_arn" {
  description = "Secret that holds the master user's name and password. The application never reads it."
  value       = local.master_user_secret_arn
}

################################################################################
# Key
################################################################################

output "kms_key_arn" {
  description = "Key of storage, snapshots, master password and logs. A key of this module also takes the log groups of functions named `IDENTIFIER-...`."
  value       = var.create ? local.kms_key_arn : null
}

################################################################################
# Migrator
################################################################################

output "migrator_function_name" {
  description = "Function that migrates the schema, to run it by hand; null without a migrator."
  value       = one(module.migrator[*].function_name)
}

output "schema_version" {
  description = "Schema version after the migration. Let whatever uses the schema depend on it. Null without a migrator."
  value       = local.has_migrator ? jsondecode(aws_lambda_invocation.migration[0].result).schemaVersion : null
}
