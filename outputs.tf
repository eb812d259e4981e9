output "url" {
  description = "Where visitors open the site: https, without a trailing slash. Null without edge."
  value       = try(module.edge[0].url, null)
}

output "api_url" {
  description = "Base URL of the API for callers that sign their requests, with the stage and without a trailing slash. Null without api."
  value       = try(module.api[0].invoke_url, null)
}

output "api_execution_arn" {
  description = "ARN to let callers sign for: grant `execute-api:Invoke` on it with `/api/METHOD/path` appended (a path parameter as `*`). Null without api."
  value       = try(module.api[0].execution_arn, null)
}

output "user_pool" {
  description = "Who may sign in: `id`, `arn`, `issuer`, `client_id` of the site, `machine_client_ids` by name, and `token_endpoint` for machines. Null without a pool."
  value = !local.create_user_pool ? null : {
    id                 = module.api[0].user_pool_id
    arn                = module.api[0].user_pool_arn
    issuer             = module.api[0].user_pool_issuer
    client_id          = module.api[0].user_pool_client_id
    machine_client_ids = module.api[0].machine_client_ids
    token_endpoint     = module.api[0].token_endpoint
  }
}

output "api_key_ids" {
  description = "Consumer => id of its API key, which `aws apigateway get-api-key --include-value --api-key ID` shows. Empty without consumers."
  value       = try(module.api[0].api_key_ids, {})
}

output "partner_audience" {
  description = "What a partner's token must have in `aud`. Null without api."
  value       = var.api == null ? null : local.partner_audience
}

output "api_domain_target" {
  description = "What a record for `api.domain.name` points to, where `create_records` is false: `name` and `zone_id` for an alias, or `name` alone for a CNAME. Null without `api.domain`."
  value       = try(var.api.domain, null) == null ? null : { name = module.api[0].regional_domain_name, zone_id = module.api[0].regional_zone_id }
}

output "certificate_validation_records" {
  description = "CNAME records by host name (`name`, `type`, `value`) that prove `edge.domain` to ACM. With `create_records = false` make them in the same apply: the distribution waits for the certificate. Empty when no certificate is made."
  value       = try(module.edge[0].certificate_validation_records, {})
}

output "distribution_id" {
  description = "CloudFront distribution, for example to invalidate its cache. Null without edge."
  value       = try(module.edge[0].distribution_id, null)
}

output "distribution_domain_name" {
  description = "CloudFront's own name of the site, the target of a DNS alias. Null without edge."
  value       = try(module.edge[0].domain_name, null)
}

output "function_names" {
  description = "Function key => name of the Lambda function, for its logs and metrics. Empty without api."
  value       = { for key, function in module.function : key => function.function_name }
}

output "database" {
  description = "The database: `host`, `port`, `name`, `identifier`, `arn`, `application_user`, `schema_version`, `master_user_secret_arn`, and `read_replicas` by name (`host`, `port`, `identifier`, `arn`, `resource_id`, `connect_resource_arn`). Null without database."
  value = try({
    host                   = module.database[0].host
    port                   = module.database[0].port
    name                   = module.database[0].db_name
    identifier             = module.database[0].identifier
    arn                    = module.database[0].arn
    application_user       = module.database[0].application_user
    schema_version         = module.database[0].schema_version
    master_user_secret_arn = module.database[0].master_user_secret_arn
    read_replicas          = module.database[0].read_replicas
  }, null)
}

output "kms_key_arn" {
  description = "The customer key of the data at rest, to admit other readers. Null without database."
  value       = try(module.database[0].kms_key_arn, null)
}

output "vpc_id" {
  description = "The VPC, for example to peer with it. Null without network."
  value       = try(module.network[0].vpc_id, null)
}

output "subnet_ids" {
  description = "The private subnets, for functions of your own that use the database. Empty without network."
  value       = try(module.network[0].subnet_ids, [])
}

output "function_security_group_id" {
  description = "The security group that the database admits, for functions of your own. Null without network."
  value       = try(module.network[0].function_security_group_id, null)
}

output "alarm_topic_arns" {
  description = "Region => topic that its alarms tell, to subscribe more readers. Empty without alarms."
  value = tomap(merge(
    var.alarms == null ? {} : { (local.region) = module.alarms[0].topic_arn },
    local.has_us_east_1_topic ? { us-east-1 = module.alarms_us_east_1[0].topic_arn } : {},
    local.has_recovery_topic ? { (local.recovery_region) = module.alarms_recovery[0].topic_arn } : {},
  ))
}

output "backup" {
  description = "The backups: `plan` (JSON), `function_names`, `table_names`, `export_bucket`, `replica_bucket`, and `recovery_kms_key_arn`, which restoring a copy needs. Null without backup."
  value = var.backup == null ? null : {
    plan                 = module.backup[0].plan
    function_names       = module.backup[0].function_names
    table_names          = module.backup[0].table_names
    export_bucket        = module.backup[0].export_bucket
    replica_bucket       = module.backup[0].replica_bucket
    recovery_kms_key_arn = module.backup[0].recovery_kms_key_arn
  }
}
