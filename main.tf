locals {
  prefix = "${var.name}-${var.environment}"
  tags   = merge({ Application = var.name, Environment = var.environment }, var.tags)

  artifacts_directory = coalesce(var.artifacts.directory, "${path.module}/dist")
  artifacts           = jsondecode(file("${local.artifacts_directory}/manifest.json"))
  packages = {
    for key, artifact in local.artifacts : key => {
      filename         = var.artifacts.s3 == null ? "${local.artifacts_directory}/${artifact.file}" : null
      s3               = var.artifacts.s3 == null ? null : { bucket = var.artifacts.s3.bucket, key = "${var.artifacts.s3.prefix}${artifact.file}" }
      source_code_hash = artifact.sha256
      handlers         = artifact.handlers
    }
  }
}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

################################################################################
# Alarms
################################################################################

locals {
  region = data.aws_region.current.id # `name` is deprecated in provider 6 and `region` is absent in 5.100; `id` is in both

  # An alarm tells topics of its own region only, and CloudFront's metrics are in us-east-1.
  has_us_east_1_topic = var.alarms != null && var.edge != null && local.region != "us-east-1"

  # Whole also without alarms: what is merged with null has another type, whose null a module does not take.
  alarms = {
    actions     = one(module.alarms[*].actions)
    runbook_url = try(var.alarms.runbook_url, null)
  }
  us_east_1_alarms = {
    actions     = local.has_us_east_1_topic ? module.alarms_us_east_1[0].actions : local.alarms.actions
    runbook_url = local.alarms.runbook_url
  }

  # The recovery region may be us-east-1, which may have a topic already.
  has_recovery_topic = var.alarms != null && local.has_recovery && !(local.recovery_region == "us-east-1" && local.has_us_east_1_topic)
}

module "alarms" {
  source = "./modules/alarms"
  count  = var.alarms == null ? 0 : 1

  name          = "${local.prefix}-alarms"
  create_topic  = var.alarms.create_topics
  topic_arn     = var.alarms.topic_arn
  subscriptions = var.alarms.subscriptions
  tags          = local.tags
}

module "alarms_us_east_1" {
  source    = "./modules/alarms"
  count     = local.has_us_east_1_topic ? 1 : 0
  providers = { aws = aws.us_east_1 }

  name          = "${local.prefix}-alarms"
  create_topic  = var.alarms.create_topics
  topic_arn     = var.alarms.us_east_1_topic_arn
  subscriptions = var.alarms.subscriptions
  tags          = local.tags
}

module "alarms_recovery" {
  source    = "./modules/alarms"
  count     = local.has_recovery_topic ? 1 : 0
  providers = { aws = aws.dr }

  name          = "${local.prefix}-alarms"
  create_topic  = var.alarms.create_topics
  topic_arn     = var.alarms.recovery_topic_arn
  subscriptions = var.alarms.subscriptions
  tags          = local.tags
}

################################################################################
# Network
################################################################################

locals {
  # In a VPC of others, its private DNS would lead their workloads to an endpoint that does not admit them.
  secretsmanager_endpoint = coalesce(try(var.network.secretsmanager_endpoint, null), !try(var.network.vpc.internet_access, false))
}

module "network" {
  source = "./modules/network"
  count  = var.network == null ? 0 : 1

  name               = local.prefix
  cidr_block         = var.network.cidr_block
  availability_zones = var.network.availability_zones
  vpc                = var.network.vpc
  nat                = var.network.nat
  endpoint_zones     = var.network.endpoint_zones
  gateway_endpoints  = var.network.gateway_endpoints
  flow_logs          = var.network.flow_logs
  tags               = local.tags

  permissions_boundary = var.permissions_boundary

  interface_endpoints = merge(
    var.network.interface_endpoints,
    var.database == null || !local.secretsmanager_endpoint ? {} : { # the migrator's
      secretsmanager = { actions = distinct(concat(["secretsmanager:GetSecretValue"], try(var.network.interface_endpoints.secretsmanager.actions, []))) }
    },
  )
}

################################################################################
# Database
################################################################################

module "database" {
  source = "./modules/database"
  count  = var.database == null ? 0 : 1

  identifier                  = local.prefix
  db_name                     = var.database.name
  username                    = var.database.username
  application_user            = var.database.application_user
  drill_user                  = local.has_drill_user ? "drill" : null
  subnet_ids                  = module.network[0].subnet_ids
  vpc_security_group_ids      = [module.network[0].database_security_group_id]
  password_wo                 = var.database_password_wo
  password_wo_version         = var.database.password_wo_version
  instance_class              = var.database.instance_class
  allocated_storage           = var.database.allocated_storage
  max_allocated_storage       = var.database.max_allocated_storage
  storage_type                = var.database.storage_type
  iops                        = var.database.iops
  storage_throughput          = var.database.storage_throughput
  engine_version              = var.database.engine_version
  auto_minor_version_upgrade  = var.database.auto_minor_version_upgrade
  multi_az                    = var.database.multi_az
  read_replicas               = var.database.read_replicas
  parameters                  = var.database.parameters
  backup_retention_period     = var.database.backup_retention_period
  backup_window               = var.database.backup_window
  maintenance_window          = var.database.maintenance_window
  blue_green_update           = var.database.blue_green_update
  restore_from                = var.database.restore_from
  deletion_protection         = var.database.deletion_protection
  skip_final_snapshot         = var.database.skip_final_snapshot
  final_snapshot_identifier   = var.database.final_snapshot_identifier
  apply_immediately           = var.database.apply_immediately
  manage_master_user_password = var.database.manage_master_user_password

  enabled_cloudwatch_logs_exports       = var.database.enabled_cloudwatch_logs_exports
  log_retention_in_days                 = var.database.log_retention_in_days
  performance_insights_enabled          = var.database.performance_insights_enabled
  performance_insights_retention_period = var.database.performance_insights_retention_period
  database_insights_mode                = var.database.database_insights_mode
  monitoring_interval                   = var.database.monitoring_interval
  alarms                                = var.alarms == null ? null : merge(local.alarms, var.database.alarms)

  create_kms_key       = var.database.create_kms_key
  kms_key_arn          = var.database.kms_key_arn
  permissions_boundary = var.permissions_boundary
  tags                 = local.tags

  migrator = {
    package            = local.packages[var.database.migrator.artifact]
    handler            = var.database.migrator.handler
    runtime            = var.database.migrator.runtime
    architectures      = var.database.migrator.architectures
    memory_size        = var.database.migrator.memory_size
    timeout            = var.database.migrator.timeout
    security_group_ids = [module.network[0].function_security_group_id]
  }
}

################################################################################
# API
################################################################################

locals {
  is_reference = try(var.api.openapi, null) == null

  # The operators' page of the backups adds its operations.
  contracts = [for part in concat(["api"], local.has_backup_page ? ["backup"] : []) : yamldecode(file("${path.module}/lambdas/${part}/openapi.yaml"))]
  reference_openapi = !local.has_backup_page ? file("${path.module}/lambdas/api/openapi.yaml") : jsonencode(merge(local.contracts[0], {
    tags  = concat(local.contracts[*].tags...)
    paths = merge(local.contracts[*].paths...)
    components = {
      for part in keys(local.contracts[0].components) : part => merge([for contract in local.contracts : lookup(contract.components, part, {})]...)
    }
  }))

  # The reference application's contract has these schemes; another one has its own.
  reference_authorizers = {
    iam      = { type = "AWS_IAM" }
    people   = { type = "COGNITO_USER_POOLS" }
    machines = { type = "COGNITO_USER_POOLS" }
    # What has not the form of a token is refused before the function is asked: refusals are not cached.
    partners  = { type = "TOKEN", function = "authorizer", identity_validation_expression = "^[Bb]earer +[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$" }
    consumers = { type = "API_KEY" }
  }
  authorizers = try(var.api.authorizers, null) != null ? var.api.authorizers : try(var.api.openapi, null) != null ? {} : {
    for scheme, authorizer in local.reference_authorizers : scheme => merge({
      function = null, user_pool_arns = null, identity_sources = null, identity_validation_expression = null, result_ttl_in_seconds = null
    }, authorizer)
  }

  create_user_pool = var.api != null && anytrue(concat(
    [for authorizer in values(local.authorizers) : authorizer.type == "COGNITO_USER_POOLS" && authorizer.user_pool_arns == null],
    [for function in try(values(var.api.functions), []) : function.user_pool],
  ))
  # Unique in the region, among all accounts.
  user_pool_domain_prefix = try(coalesce(
    var.api.user_pool.domain_prefix,
    length(var.api.user_pool.machine_clients) == 0 ? null : "${local.prefix}-${data.aws_caller_identity.current.account_id}",
  ), null)

  # Whose tokens a partner's must say they are for.
  partner_audience = local.prefix

  function_environments = {
    for key, function in try(var.api.functions, {}) : key => merge(
      module.api[0].cors_environment,
      function.environment,
      # Functions that use the database wait for the schema: schema_version is known after the migration.
      function.database ? {
        DATABASE_HOST           = module.database[0].host
        DATABASE_PORT           = tostring(module.database[0].port)
        DATABASE_NAME           = module.database[0].db_name
        DATABASE_USER           = module.database[0].application_user
        DATABASE_SCHEMA_VERSION = module.database[0].schema_version
      } : {},
      function.user_pool ? {
        USER_POOL_ISSUER    = module.api[0].user_pool_issuer
        USER_POOL_CLIENT_ID = module.api[0].user_pool_client_id
        MACHINE_CLIENT_IDS  = join(",", values(module.api[0].machine_client_ids))
        REFRESH_TOKEN_DAYS  = tostring(var.api.user_pool.refresh_token_validity_days)

        PASSWORD_MINIMUM_LENGTH = tostring(var.api.user_pool.password_minimum_length)
      } : {},
      function.partners ? {
        PARTNER_KEYS     = jsonencode(var.api.partners)
        PARTNER_AUDIENCE = local.partner_audience
      } : {},
    )
  }
}

module "function" {
  source   = "./modules/function"
  for_each = var.api == null ? {} : var.api.functions

  function_name                  = "${local.prefix}-${each.key}"
  description                    = length(each.value.operations) == 0 ? "Says who may call" : substr("Answers ${join(", ", each.value.operations)}", 0, 256)
  package                        = local.packages[each.value.artifact]
  handler                        = each.value.handler
  runtime                        = each.value.runtime
  architectures                  = each.value.architectures
  layers                         = each.value.layers
  memory_size                    = each.value.memory_size
  ephemeral_storage_size         = each.value.ephemeral_storage_size
  timeout                        = each.value.timeout
  snap_start                     = each.value.snap_start
  provisioned_concurrency        = each.value.provisioned_concurrency
  canary                         = each.value.canary != null
  reserved_concurrent_executions = each.value.reserved_concurrent_executions
  tracing_mode                   = each.value.tracing_mode
  alarms                         = var.alarms == null ? null : merge(local.alarms, each.value.alarms)
  log_retention_in_days          = var.api.log_retention_in_days
  log_kms_key_arn                = var.database == null ? null : module.database[0].kms_key_arn
  permissions_boundary           = var.permissions_boundary
  tags                           = local.tags

  environment = local.function_environments[each.key]

  policy_statements = merge(each.value.policy_statements, each.value.database ? {
    DatabaseLogin = {
      actions   = ["rds-db:connect"]
      resources = concat([module.database[0].connect_resource_arn], values(module.database[0].read_replicas)[*].connect_resource_arn)
    }
  } : {})

  vpc = each.value.database ? {
    subnet_ids         = module.network[0].subnet_ids
    security_group_ids = [module.network[0].function_security_group_id]
  } : null
}

module "api" {
  source = "./modules/api"
  count  = var.api == null ? 0 : 1

  name                 = local.prefix
  openapi              = local.is_reference ? local.reference_openapi : var.api.openapi
  consumers            = var.api.consumers
  throttle             = var.api.throttle
  operation_throttles  = merge(var.api.operation_throttles, local.backup_operation_throttles)
  access_logs          = var.api.access_logs
  execution_logs       = var.api.execution_logs
  xray_tracing_enabled = var.api.xray_tracing_enabled
  web_acl_arn          = var.api.web_acl_arn
  firewall             = var.api.firewall == null ? null : merge(var.api.firewall, { behind_cdn = var.edge != null })
  cors                 = var.api.cors
  domain               = var.api.domain
  alarms               = var.alarms == null ? null : merge(local.alarms, var.api.alarms)
  tags                 = local.tags

  user_pool = !local.create_user_pool ? null : merge(var.api.user_pool, {
    domain_prefix = local.user_pool_domain_prefix
    groups        = merge(var.api.user_pool.groups, local.has_backup_page ? { operators = "May see and steer the backups" } : {})
  })

  authorizers = {
    for scheme, authorizer in local.authorizers : scheme => merge(authorizer, {
      function = authorizer.function == null ? null : {
        function_name = module.function[authorizer.function].function_name
        alias_name    = module.function[authorizer.function].alias_name
        invoke_arn    = module.function[authorizer.function].alias_invoke_arn
        timeout       = var.api.functions[authorizer.function].timeout
      }
    })
  }

  dashboard = !var.api.dashboard ? null : {
    function_names         = [for key in keys(var.api.functions) : "${local.prefix}-${key}"]
    db_instance_identifier = var.database == null ? null : local.prefix
  }

  integrations = merge(merge([
    for key, function in var.api.functions : {
      for operation in function.operations : operation => {
        function_name = module.function[key].function_name
        alias_name    = module.function[key].alias_name
        invoke_arn    = module.function[key].alias_invoke_arn
        timeout       = function.timeout
      }
    }
    ]...), {
    for operation in keys(local.backup_operation_throttles) : operation => {
      function_name = module.backup_page[0].function_name
      alias_name    = module.backup_page[0].alias_name
      invoke_arn    = module.backup_page[0].alias_invoke_arn
      timeout       = local.backup_page_timeout
    }
  })
}

module "canary" {
  source = "./modules/canary"
  count  = anytrue([for function in try(values(var.api.functions), []) : function.canary != null]) ? 1 : 0

  name                  = "${local.prefix}-canary"
  package               = local.packages["canary"]
  alarms                = local.alarms
  log_retention_in_days = var.api.log_retention_in_days
  log_kms_key_arn       = var.database == null ? null : module.database[0].kms_key_arn
  permissions_boundary  = var.permissions_boundary
  tags                  = local.tags

  functions = {
    for key, function in var.api.functions : key => {
      function_name = module.function[key].function_name
      alias_name    = module.function[key].alias_name
      version       = module.function[key].version
      weight        = function.canary.weight
      bake_minutes  = function.canary.bake_minutes
      errors        = function.canary.errors
      alarm_names   = distinct(concat(module.api[0].rate_5xx_alarm_name[*], function.canary.alarm_names))
    } if function.canary != null
  }
}

################################################################################
# Backup
################################################################################

data "aws_region" "recovery" {
  provider = aws.dr
}

locals {
  has_recovery    = try(var.backup.recovery, null) != null
  recovery_region = data.aws_region.recovery.id
  has_drill       = try(var.backup.drill, null) != null

  # Orders of the reference application are only added to, and never change.
  reference_windows = { unit = null, count = null, settle_minutes = null, tables = [{ table = "orders", column = "placed_at", columns = ["order_id", "person", "total_cents", "placed_at"] }] }
  drill_windows     = try(var.backup.windows, null) != null ? var.backup.windows : local.has_drill && local.is_reference ? local.reference_windows : null
  has_drill_user    = local.has_drill || local.drill_windows != null

  recovery_package = try(var.backup.recovery.artifacts, null) == null ? null : merge(local.packages["backup"], {
    s3 = { bucket = var.backup.recovery.artifacts.bucket, key = "${var.backup.recovery.artifacts.prefix}${local.artifacts["backup"].file}" }
  })

  makes_recovery_network = local.has_drill && try(var.backup.recovery.network.subnet_ids, null) == null

  backup_name = "${local.prefix}-backup"

  has_backup_page     = try(var.backup.page, false) && var.api != null && local.is_reference
  backup_page_timeout = 15
  backup_operation_throttles = !local.has_backup_page ? {} : {
    listBackups   = { rate_limit = 10, burst_limit = 10 }
    runBackup     = { rate_limit = 2, burst_limit = 5 }
    runDrill      = { rate_limit = 2, burst_limit = 5 }
    holdBackup    = { rate_limit = 2, burst_limit = 5 }
    releaseBackup = { rate_limit = 2, burst_limit = 5 }
  }
}

module "backup_page" {
  source = "./modules/function"
  count  = local.has_backup_page ? 1 : 0

  function_name         = "${local.prefix}-backups"
  description           = "Answers ${join(", ", keys(local.backup_operation_throttles))}"
  package               = local.packages["backup"]
  handler               = "webapp.backup.page.BackupsHandler"
  memory_size           = 1024
  timeout               = local.backup_page_timeout
  alarms                = var.alarms == null ? null : local.alarms
  log_retention_in_days = var.api.log_retention_in_days
  log_kms_key_arn       = module.database[0].kms_key_arn
  permissions_boundary  = var.permissions_boundary
  tags                  = local.tags

  environment = merge(
    module.api[0].cors_environment,
    {
      BACKUP_PLAN         = local.backup_name
      BACKUP_TABLE        = module.backup[0].table_names["primary"]
      USER_POOL_ISSUER    = module.api[0].user_pool_issuer
      USER_POOL_CLIENT_ID = module.api[0].user_pool_client_id
      MACHINE_CLIENT_IDS  = join(",", values(module.api[0].machine_client_ids))
    },
    !local.has_recovery ? {} : {
      RECOVERY_TABLE  = module.backup[0].table_names["recovery"]
      RECOVERY_REGION = local.recovery_region
    },
  )

  policy_statements = {
    See = {
      actions    = ["dynamodb:GetItem", "dynamodb:Query"]
      resources  = values(module.backup[0].table_arns)
      conditions = [{ test = "ForAllValues:StringLike", variable = "dynamodb:LeadingKeys", values = ["status", "request", "idempotency", "history#*"] }]
    }
    Ask = {
      actions    = ["dynamodb:PutItem"]
      resources  = values(module.backup[0].table_arns)
      conditions = [{ test = "ForAllValues:StringEquals", variable = "dynamodb:LeadingKeys", values = ["request", "idempotency"] }]
    }
    ReadEncryptedTables = {
      actions   = ["kms:Decrypt"]
      resources = compact([module.database[0].kms_key_arn, local.has_recovery ? module.backup[0].recovery_kms_key_arn : ""])
      conditions = [{
        test   = "StringEquals", variable = "kms:ViaService"
        values = [for region in distinct([local.region, local.recovery_region]) : "dynamodb.${region}.${data.aws_partition.current.dns_suffix}"]
      }]
    }
  }
}

# Where a drill restores: nothing leads in or out.
module "recovery_network" {
  source    = "./modules/network"
  count     = local.makes_recovery_network ? 1 : 0
  providers = { aws = aws.dr }

  name               = "${local.prefix}-recovery"
  cidr_block         = var.backup.recovery.network.cidr_block
  availability_zones = var.backup.recovery.network.availability_zones
  tags               = local.tags

  permissions_boundary = var.permissions_boundary
}

module "backup" {
  source    = "./modules/backup"
  count     = var.backup == null ? 0 : 1
  providers = { aws = aws, aws.dr = aws.dr }

  name                  = local.backup_name
  package               = local.packages["backup"]
  create_kms_key        = false
  kms_key_arn           = module.database[0].kms_key_arn
  deletion_protection   = var.backup.deletion_protection
  dry_run               = var.backup.dry_run
  manual_snapshot_quota = var.backup.manual_snapshot_quota
  export_bucket         = var.backup.export_bucket
  dashboard             = var.backup.dashboard
  log_retention_in_days = var.backup.log_retention_in_days
  permissions_boundary  = var.permissions_boundary
  tags                  = local.tags

  databases = {
    main = {
      identifier          = local.prefix
      times               = var.backup.times
      time_zone           = var.backup.time_zone
      days                = var.backup.days
      retention           = var.backup.retention
      maximum_age_minutes = var.backup.maximum_age_minutes
      storage_kms_key_arn = module.database[0].kms_key_arn
      drill               = var.backup.drill
      windows             = local.drill_windows
      export              = var.backup.export
      share_with          = var.backup.share_with

      recovery = !local.has_recovery ? null : {
        retention         = var.backup.recovery.retention
        option_group_name = var.backup.recovery.option_group_name
        automated_backups = var.backup.recovery.automated_backups
      }

      login = !local.has_drill_user ? null : {
        database    = var.database.name
        user        = "drill"
        resource_id = module.database[0].resource_id
      }
    }
  }

  recorder = local.drill_windows == null ? null : {
    subnet_ids         = module.network[0].subnet_ids
    security_group_ids = [module.network[0].function_security_group_id]
  }

  recovery = !local.has_recovery ? null : {
    subnet_ids                 = local.makes_recovery_network ? module.recovery_network[0].subnet_ids : coalesce(var.backup.recovery.network.subnet_ids, [])
    security_group_ids         = local.makes_recovery_network ? [module.recovery_network[0].database_security_group_id] : coalesce(var.backup.recovery.network.security_group_ids, [])
    checker_security_group_ids = local.makes_recovery_network ? [module.recovery_network[0].function_security_group_id] : null
    create_kms_key             = var.backup.recovery.create_kms_key
    kms_key_arn                = var.backup.recovery.kms_key_arn

    package = local.recovery_package
  }

  alarms = var.alarms == null ? null : merge(var.backup.alarms, {
    actions          = local.alarms.actions
    recovery_actions = local.has_recovery_topic ? module.alarms_recovery[0].actions : local.us_east_1_alarms.actions
    runbook_url      = local.alarms.runbook_url
  })
}

################################################################################
# Edge
################################################################################

module "edge" {
  source    = "./modules/edge"
  count     = var.edge == null ? 0 : 1
  providers = { aws = aws, aws.us_east_1 = aws.us_east_1 }

  name                    = local.prefix
  site                    = { directory = coalesce(var.edge.site_directory, "${path.module}/frontend"), assets_directory = var.edge.assets_directory }
  api                     = var.api == null ? null : { domain_name = module.api[0].domain_name }
  content_types           = var.edge.content_types
  content_security_policy = var.edge.content_security_policy
  cache_control           = var.edge.cache_control
  noncurrent_days         = var.edge.noncurrent_days
  price_class             = var.edge.price_class
  geo_restriction         = var.edge.geo_restriction
  web_acl_arn             = var.edge.web_acl_arn
  domain                  = var.edge.domain
  access_logs             = var.edge.access_logs
  alarms                  = var.alarms == null ? null : merge(local.us_east_1_alarms, var.edge.alarms)
  force_destroy           = var.edge.force_destroy
  tags                    = local.tags
}
