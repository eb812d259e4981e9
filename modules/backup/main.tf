data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

# Without `recovery` whatever aws.dr happens to be.
data "aws_region" "recovery" {
  provider = aws.dr
}

data "aws_caller_identity" "recovery" {
  provider = aws.dr
}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  # aws_region: `name` is deprecated in provider 6 and `region` is absent in 5.100; `id` is in both.
  region          = data.aws_region.current.id
  recovery_region = var.recovery == null ? null : data.aws_region.recovery.id
  dns_suffix      = data.aws_partition.current.dns_suffix

  has_recovery = var.create && var.recovery != null

  databases  = var.create ? var.databases : {}
  instances  = { for name, database in local.databases : name => database if database.kind == "instance" }
  clusters   = { for name, database in local.databases : name => database if database.kind == "cluster" }
  recovering = { for name, database in local.databases : name => database if database.recovery != null }
  exporting  = { for name, database in local.databases : name => database if database.export != null }
  drilling   = { for name, database in local.databases : name => database if database.drill != null }
  recording  = { for name, database in local.databases : name => database if database.windows != null }

  # Room for what a tick reads of fifty databases: with the JVM's first heap, 8 of 512 MB, it would count as old at once, and the heap grow for hours.
  java_options = { JAVA_TOOL_OPTIONS = "-XX:NewSize=12m -XX:SurvivorRatio=2" }

  # The module's own alarms may tell nobody; those of a function must tell somebody.
  function_alarms          = try(length(var.alarms.actions), 0) == 0 ? null : { actions = var.alarms.actions, runbook_url = var.alarms.runbook_url }
  recovery_function_alarms = try(length(var.alarms.recovery_actions), 0) == 0 ? null : { actions = var.alarms.recovery_actions, runbook_url = var.alarms.runbook_url }
}

locals {
  # An hour more than the longest wait, for the copy to be made, or for a day of autumn that has 25.
  rpo_minutes = { for name, database in local.drilling : name => coalesce(database.drill.targets.rpo_minutes, local.waits[name].slot + 60) }
  # Targets that would be met or missed by the hour of the drill: the wait, in minutes, by the database's identifier.
  targets_beyond_schedule = { for name, database in local.drilling : database.identifier => local.waits[name].slot if local.rpo_minutes[name] < local.waits[name].slot }
}

# A warning, no refusal: who stops copying needs the key of that region as long as the copies are there.
check "recovery_has_a_use" {
  assert {
    condition     = !local.has_recovery || length(local.recovering) > 0 || local.replicate_exports
    error_message = "recovery is given, but no database has recovery and no export is replicated, so that nothing goes to ${data.aws_region.recovery.id}; its key, table, function, metrics and alarms cost what they cost. Write recovery = {} for the databases that are to be copied, or, once nobody needs the copies that are under its key, recovery = null for the module."
  }
}

# How many snapshots of each kind the retentions may want in each region. A backup under the plan's key is two in its region where the database is
# under another: itself and its copy, each kept as long.
locals {
  wanted_snapshots = { for region in compact(["primary", local.has_recovery ? "recovery" : ""]) : region => {
    for kind, databases in { instances = local.instances, clusters = local.clusters } : kind => sum(concat([0], [
      for database in values(databases) : (region == "primary" && database.customer_key ? 2 : 1) * sum(concat([0], [
        for retention in region == "primary" ? [database.retention] : database.recovery[*].retention : retention.last + retention.daily + retention.weekly + retention.monthly
      ]))
    ]))
  } }
}

# A warning, no refusal: the account may have other snapshots, and a higher quota.
check "snapshots_fit_the_quota" {
  assert {
    condition     = alltrue([for kinds in values(local.wanted_snapshots) : max(values(kinds)...) <= var.manual_snapshot_quota])
    error_message = "The retentions may want ${join(", and in the recovery region ", [for kinds in values(local.wanted_snapshots) : "${kinds.instances} snapshots of instances and ${kinds.clusters} of clusters"])}, and the account may have ${var.manual_snapshot_quota} of each in a region. Have AWS raise the quota (Service Quotas, Manual DB instance snapshots, Manual DB cluster snapshots) and say so in manual_snapshot_quota, or keep fewer; a database that is under the plan's key needs no customer_key, which makes two of each backup."
  }
}

################################################################################
# Tables
################################################################################

# Lease, history, requests and recorded windows; what is backed up, AWS itself says.
resource "aws_dynamodb_table" "this" {
  count = var.create ? 1 : 0

  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = local.kms_key_arn
  }
}

# Of its own, not a replica: either region goes on without the other.
resource "aws_dynamodb_table" "recovery" {
  provider = aws.dr
  count    = local.has_recovery ? 1 : 0

  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = local.recovery_kms_key_arn
  }
}

################################################################################
# Functions
################################################################################

module "scheduler" {
  source = "../function"

  create                       = var.create
  function_name                = "${var.name}-scheduler"
  description                  = "Takes, copies, exports and prunes the snapshots of the plan ${var.name}, one step a tick"
  package                      = var.package
  handler                      = var.handlers.scheduler
  runtime                      = var.runtime
  architectures                = var.architectures
  memory_size                  = var.memory_size
  timeout                      = var.timeout
  snap_start                   = false # called every five minutes, and nobody waits for it
  log_retention_in_days        = var.log_retention_in_days
  log_kms_key_arn              = local.kms_key_arn
  permissions_boundary         = var.permissions_boundary
  alarms                       = local.function_alarms
  failure_destination          = var.create ? { arn = aws_sqs_queue.dead_letters[0].arn } : null
  maximum_retry_attempts       = 0 # the next tick does what this one could not
  maximum_event_age_in_seconds = 240
  tags                         = var.tags

  environment = !var.create ? {} : merge(
    { BACKUP_TABLE = aws_dynamodb_table.this[0].name },
    local.java_options,
    local.has_recovery ? { RECOVERY_TABLE = aws_dynamodb_table.recovery[0].name } : {},
  )

  policy_statements = local.scheduler_statements
}

module "recovery" {
  source    = "../function"
  providers = { aws = aws.dr }
  count     = local.has_recovery ? 1 : 0

  function_name                = "${var.name}-recovery"
  description                  = "Prunes the recovery copies of the plan ${var.name} and restores them in drills, one step a tick"
  package                      = coalesce(var.recovery.package, var.package)
  handler                      = var.handlers.recovery
  runtime                      = var.runtime
  architectures                = var.architectures
  memory_size                  = var.memory_size
  timeout                      = var.timeout
  snap_start                   = false # as above
  log_retention_in_days        = var.log_retention_in_days
  log_kms_key_arn              = local.recovery_kms_key_arn
  permissions_boundary         = var.permissions_boundary
  alarms                       = local.recovery_function_alarms
  failure_destination          = { arn = aws_sqs_queue.recovery_dead_letters[0].arn }
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 240
  tags                         = var.tags

  environment = merge({ BACKUP_TABLE = aws_dynamodb_table.recovery[0].name }, local.java_options)

  policy_statements = local.recovery_statements
}

# Reads the windows of the living database, before its snapshot is taken.
module "recorder" {
  source = "../function"
  count  = length(local.recording) > 0 ? 1 : 0

  function_name         = "${var.name}-recorder"
  description           = "Counts closed windows of the databases of the plan ${var.name}, for its drills to compare"
  package               = var.package
  handler               = var.handlers.windows
  runtime               = var.runtime
  architectures         = var.architectures
  memory_size           = var.memory_size
  timeout               = max(10, var.timeout - 60) # what the tick has left to wait for it, and still takes a snapshot
  snap_start            = false                     # called once for each backup
  log_retention_in_days = var.log_retention_in_days
  log_kms_key_arn       = local.kms_key_arn
  permissions_boundary  = var.permissions_boundary
  alarms                = local.function_alarms
  vpc                   = var.recorder
  tags                  = var.tags

  policy_statements = {
    LogInToDatabases = {
      actions   = ["rds-db:connect"]
      resources = [for database in values(local.recording) : "arn:${local.partition}:rds-db:${local.region}:${local.account}:dbuser:${database.login.resource_id}/${database.login.user}"]
    }
  }
}

# Reads the same windows of the database that a drill restored.
module "checker" {
  source    = "../function"
  providers = { aws = aws.dr }
  count     = length(local.drilling) > 0 && local.has_recovery ? 1 : 0

  function_name         = "${var.name}-checker"
  description           = "Counts the windows of a database that a drill of the plan ${var.name} restored"
  package               = coalesce(var.recovery.package, var.package)
  handler               = var.handlers.windows
  runtime               = var.runtime
  architectures         = var.architectures
  memory_size           = var.memory_size
  timeout               = var.timeout - 20 # what the tick has left after it
  snap_start            = false            # called once a drill
  log_retention_in_days = var.log_retention_in_days
  log_kms_key_arn       = local.recovery_kms_key_arn
  permissions_boundary  = var.permissions_boundary
  alarms                = local.recovery_function_alarms
  vpc = {
    subnet_ids         = var.recovery.subnet_ids
    security_group_ids = coalesce(var.recovery.checker_security_group_ids, var.recovery.security_group_ids)
  }
  tags = var.tags

  # The restored database has a resource id that nobody knows before: any database of the recovery region, but only as these users.
  policy_statements = {
    LogInToRestoredDatabases = {
      actions   = ["rds-db:connect"]
      resources = distinct([for database in values(local.drilling) : "arn:${local.partition}:rds-db:${local.recovery_region}:${local.account}:dbuser:*/${database.login.user}"])
    }
  }
}

################################################################################
# Drills
################################################################################

resource "aws_db_subnet_group" "drill" {
  provider = aws.dr
  count    = length(local.drilling) > 0 && local.has_recovery ? 1 : 0

  name        = "${var.name}-drill"
  description = "Where drills of the plan ${var.name} restore"
  subnet_ids  = var.recovery.subnet_ids
  tags        = var.tags
}

################################################################################
# Automated backups
################################################################################

# Snapshots and logs: any point in time can be restored in the recovery region, without the plan's functions.
resource "aws_db_instance_automated_backups_replication" "this" {
  provider = aws.dr
  for_each = { for name, database in local.recovering : name => database if database.recovery.automated_backups != null }

  source_db_instance_arn = "${local.rds}:db:${each.value.identifier}"
  kms_key_id             = local.recovery_kms_key_arn
  retention_period       = each.value.recovery.automated_backups.retention_period
}

################################################################################
# Schedules
################################################################################

resource "aws_scheduler_schedule" "this" {
  #checkov:skip=CKV_AWS_297:The input is the plan: names, times and ARNs, which the state and IAM show too. EventBridge Scheduler encrypts it under its own key.
  count = var.create ? 1 : 0

  name                = "${var.name}-scheduler"
  description         = "Ticks of the plan ${var.name}"
  schedule_expression = "rate(5 minutes)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.scheduler.alias_arn
    role_arn = aws_iam_role.schedule[0].arn
    input    = local.plan

    # Not into the next tick's time.
    retry_policy {
      maximum_event_age_in_seconds = 240
      maximum_retry_attempts       = 2
    }

    dead_letter_config {
      arn = aws_sqs_queue.dead_letters[0].arn
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.plan) <= 262144
      error_message = "The plan has ${length(local.plan)} characters as JSON, and EventBridge Scheduler takes 256 KB: divide the databases among several plans, each with its own name, or list fewer windows.tables and columns."
    }
  }

  depends_on = [aws_iam_role_policy.schedule, aws_iam_role_policy_attachment.take_snapshots, aws_iam_role_policy_attachment.tag_snapshots]
}

resource "aws_scheduler_schedule" "recovery" {
  #checkov:skip=CKV_AWS_297:The input is the plan, as above, which holds nothing secret.
  provider = aws.dr
  count    = local.has_recovery ? 1 : 0

  name                = "${var.name}-recovery"
  description         = "Ticks of the plan ${var.name} in its recovery region"
  schedule_expression = "rate(5 minutes)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.recovery[0].alias_arn
    role_arn = aws_iam_role.recovery_schedule[0].arn
    input    = local.plan

    retry_policy {
      maximum_event_age_in_seconds = 240
      maximum_retry_attempts       = 2
    }

    dead_letter_config {
      arn = aws_sqs_queue.recovery_dead_letters[0].arn
    }
  }

  # A drill that is begun soon after a backup would meet a target that the schedule does not.
  lifecycle {
    precondition {
      condition     = length(local.targets_beyond_schedule) == 0
      error_message = "drill.targets.rpo_minutes must be at least the longest wait between two backups: ${join(", ", [for identifier, wait in local.targets_beyond_schedule : "${wait} minutes for ${identifier}"])}. Write more for the target, and some for the copy to be made, null to follow the schedule, or times and days that are closer."
    }
  }

  depends_on = [aws_iam_role_policy.recovery_schedule]
}

################################################################################
# Dead letters
################################################################################

# Ticks that could not be delivered, and ticks that the function failed on.
resource "aws_sqs_queue" "dead_letters" {
  count = var.create ? 1 : 0

  name                      = "${var.name}-dead-letters"
  message_retention_seconds = 345600 # 4 days: the next tick has long done what they were to do
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue" "recovery_dead_letters" {
  provider = aws.dr
  count    = local.has_recovery ? 1 : 0

  name                      = "${var.name}-recovery-dead-letters"
  message_retention_seconds = 345600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}
