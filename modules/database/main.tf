data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  # aws_region: `name` is deprecated in provider 6 and `region` is absent in 5.100; `id` is in both.
  region = data.aws_region.current.id

  kms_key_arn   = var.create_kms_key ? one(aws_kms_key.this[*].arn) : var.kms_key_arn
  migrator_name = "${var.identifier}-migrator"

  read_replicas = { for name, replica in var.create ? var.read_replicas : {} : name => merge(replica, {
    identifier     = "${var.identifier}-${name}"
    instance_class = coalesce(replica.instance_class, var.instance_class)
  }) }
}

################################################################################
# Log groups
################################################################################

# First, so that RDS never creates them itself: those would keep their logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:How long logs are kept is the caller's choice (log_retention_in_days), 30 days unless said otherwise.
  for_each = toset(var.create ? var.enabled_cloudwatch_logs_exports : [])

  name              = "/aws/rds/instance/${var.identifier}/${each.key}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = local.kms_key_arn
  tags              = var.tags

  lifecycle {
    create_before_destroy = true # and so destroyed after the instance was told to stop: RDS makes a group that it misses, for ever
  }
}

resource "aws_cloudwatch_log_group" "replica" {
  #checkov:skip=CKV_AWS_338:How long logs are kept is the caller's choice (log_retention_in_days), 30 days unless said otherwise.
  for_each = toset(flatten([for replica in local.read_replicas : [for kind in var.enabled_cloudwatch_logs_exports : "${replica.identifier}/${kind}"]]))

  name              = "/aws/rds/instance/${each.key}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = local.kms_key_arn
  tags              = var.tags

  lifecycle {
    create_before_destroy = true # as above
  }
}

################################################################################
# Instance
################################################################################

resource "aws_db_subnet_group" "this" {
  count = var.create ? 1 : 0

  name        = var.identifier
  description = "Subnets of ${var.identifier}"
  subnet_ids  = var.subnet_ids
  tags        = var.tags

  lifecycle {
    ignore_changes = [name] # another identifier renames the instance, and RDS deletes no subnet group that holds one
  }
}

locals {
  # Three quarters of the memory, RDS's default, leaves a burstable instance too little for IAM logins (300-1000 MiB);
  # AWS asks to take that much from the buffers. "Limitations for IAM database authentication", RDS user guide.
  is_burstable = startswith(var.instance_class, "db.t")
  parameters = merge(
    {
      require_secure_transport = { value = "1", apply_method = "immediate" }
      character_set_server     = { value = "utf8mb4", apply_method = "immediate" }
      collation_server         = { value = "utf8mb4_0900_ai_ci", apply_method = "immediate" }
      # Not left to RDS, whose default has been laxer than MySQL's: without strict mode a value that does not fit is cut, not refused.
      sql_mode        = { value = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION", apply_method = "immediate" }
      log_output      = { value = "FILE", apply_method = "immediate" } # only files are exported to CloudWatch
      slow_query_log  = { value = "1", apply_method = "immediate" }
      long_query_time = { value = "1", apply_method = "immediate" }
    },
    local.is_burstable ? { innodb_buffer_pool_size = { value = "{DBInstanceClassMemory*1/2}", apply_method = "pending-reboot" } } : {},
    var.parameters,
  )
}

resource "aws_db_parameter_group" "this" {
  count = var.create ? 1 : 0

  name_prefix = "${var.identifier}-"
  description = "TLS only, utf8mb4, strict, slow query log"
  family      = "mysql${join(".", slice(split(".", var.engine_version), 0, 2))}"
  tags        = var.tags

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.apply_method
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  is_snapshot      = try(var.restore_from.snapshot_identifier, null) != null
  is_point_in_time = var.restore_from != null && !local.is_snapshot
}

locals {
  # What gp3 includes from 400 GiB on, said rather than left to RDS: when storage grows to there, the provider would send along the
  # 3000 and 125 it had before, which RDS refuses.
  is_large_gp3       = var.storage_type == "gp3" && var.allocated_storage >= 400
  iops               = var.iops == null && local.is_large_gp3 ? 12000 : var.iops
  storage_throughput = var.storage_throughput == null && local.is_large_gp3 ? 500 : var.storage_throughput
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_118:Enhanced monitoring is billed by the log volume; the caller turns it on (monitoring_interval).
  #checkov:skip=CKV_AWS_133:backup_retention_period is validated to be 1-35 days; checkov does not follow the root's default of it.
  #checkov:skip=CKV_AWS_157:A second zone doubles the price; the caller turns it on (multi_az).
  #checkov:skip=CKV_AWS_293:On unless the caller turns it off (deletion_protection).
  #checkov:skip=CKV_AWS_353:Performance Insights does not exist for the smallest classes; the caller turns it on (performance_insights_enabled).
  #checkov:skip=CKV_AWS_226:On unless the caller names a minor version, at which RDS must then stay; checkov does not follow the expression.
  #checkov:skip=CKV_AWS_129:The error and the slow query log are exported; the general log would hold every statement. A slow one is logged with its values: read these log groups as personal data.
  #checkov:skip=CKV2_AWS_69:require_secure_transport is set by the dynamic parameters above, which checkov does not follow; a test asserts it.
  count = var.create ? 1 : 0

  identifier               = var.identifier
  engine                   = "mysql"
  engine_version           = var.engine_version
  engine_lifecycle_support = "open-source-rds-extended-support-disabled" # otherwise old versions are billed by the hour, unasked
  instance_class           = var.instance_class
  multi_az                 = var.multi_az
  parameter_group_name     = aws_db_parameter_group.this[0].name
  ca_cert_identifier       = var.ca_cert_identifier
  db_name                  = var.restore_from == null ? var.db_name : null # a backup brings its own; RDS refuses another
  tags                     = var.tags

  allocated_storage     = var.allocated_storage
  max_allocated_storage = var.max_allocated_storage
  storage_type          = var.storage_type
  iops                  = local.iops
  storage_throughput    = local.storage_throughput
  storage_encrypted     = true
  kms_key_id            = local.kms_key_arn

  # `port` stays unset: it is RDS's to say, and callers read it from the output.
  db_subnet_group_name   = aws_db_subnet_group.this[0].name
  vpc_security_group_ids = var.vpc_security_group_ids
  publicly_accessible    = false

  username                            = var.restore_from == null ? var.username : null
  manage_master_user_password         = var.manage_master_user_password ? true : null # in Secrets Manager, rotated; never in the state
  master_user_secret_kms_key_id       = var.manage_master_user_password ? local.kms_key_arn : null
  password_wo                         = var.manage_master_user_password ? null : var.password_wo
  password_wo_version                 = var.manage_master_user_password ? null : var.password_wo_version
  iam_database_authentication_enabled = true

  backup_retention_period   = var.backup_retention_period
  backup_window             = var.backup_window
  copy_tags_to_snapshot     = true
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = var.skip_final_snapshot
  final_snapshot_identifier = var.skip_final_snapshot ? null : coalesce(var.final_snapshot_identifier, "${var.identifier}-final")

  maintenance_window = var.maintenance_window == null ? null : lower(var.maintenance_window)
  # Not of a minor version that the caller names: the next plan would want to go back to it, which RDS refuses.
  auto_minor_version_upgrade = coalesce(var.auto_minor_version_upgrade, length(split(".", var.engine_version)) < 3)
  apply_immediately          = var.apply_immediately

  enabled_cloudwatch_logs_exports       = var.enabled_cloudwatch_logs_exports
  performance_insights_enabled          = var.performance_insights_enabled
  performance_insights_kms_key_id       = var.performance_insights_enabled ? local.kms_key_arn : null
  performance_insights_retention_period = var.performance_insights_enabled ? var.performance_insights_retention_period : null
  database_insights_mode                = var.database_insights_mode
  monitoring_interval                   = var.monitoring_interval
  monitoring_role_arn                   = one(aws_iam_role.monitoring[*].arn)

  snapshot_identifier = try(var.restore_from.snapshot_identifier, null)

  dynamic "restore_to_point_in_time" {
    for_each = local.is_point_in_time ? [var.restore_from] : []

    content {
      source_db_instance_identifier            = restore_to_point_in_time.value.source_db_instance_identifier
      source_dbi_resource_id                   = restore_to_point_in_time.value.source_dbi_resource_id
      source_db_instance_automated_backups_arn = restore_to_point_in_time.value.source_db_instance_automated_backups_arn
      restore_time                             = restore_to_point_in_time.value.restore_time
      use_latest_restorable_time               = restore_to_point_in_time.value.use_latest_restorable_time ? true : null
    }
  }

  dynamic "blue_green_update" {
    for_each = var.blue_green_update ? [true] : []

    content {
      enabled = true
    }
  }

  lifecycle {
    # Each of these, changed, would have Terraform destroy the database to make another. They are read when it is made; what of
    # them the caller changes later is refused below, and restore_from can come and go.
    ignore_changes = [snapshot_identifier, restore_to_point_in_time, db_name, username, kms_key_id]

    precondition {
      condition     = try(local.backup_minutes.length >= 30, var.backup_window == null)
      error_message = "backup_window must be half an hour or more."
    }

    precondition {
      condition     = try(local.maintenance_minutes.length >= 30 && local.maintenance_minutes.length <= 1440, var.maintenance_window == null)
      error_message = "maintenance_window must be half an hour to a day long."
    }

    precondition {
      condition     = !local.windows_overlap
      error_message = "maintenance_window and backup_window must not overlap on any day: RDS refuses that."
    }

    postcondition {
      condition = self.kms_key_id == local.kms_key_arn
      error_message = "The database ${self.identifier} is encrypted under ${self.kms_key_id}, and stays so. ${var.create_kms_key
        ? "That is not the key this module made: take the module's key out of the state, then set create_kms_key = false and kms_key_arn = \"${self.kms_key_id}\""
        : "If this module made that key, set create_kms_key = true again and leave kms_key_arn out; otherwise Terraform would delete it under the database. If it is a key of yours, set kms_key_arn = \"${self.kms_key_id}\""
      }. docs/runbooks/database.md#the-key has the steps, also those to another key."
    }

    postcondition {
      condition     = self.username == var.username
      error_message = "The database ${self.identifier} has the master user ${self.username}, which RDS does not rename: set username = \"${self.username}\"."
    }

    postcondition {
      # RDS may say none for a restored database.
      condition     = self.db_name == null || self.db_name == "" || self.db_name == var.db_name
      error_message = "The database ${self.identifier} was made with the schema ${self.db_name}, which RDS does not rename: set db_name = \"${self.db_name}\"."
    }
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]
}

resource "aws_db_instance" "replica" {
  #checkov:skip=CKV_AWS_118:Enhanced monitoring is billed by the log volume; the caller turns it on (monitoring_interval).
  #checkov:skip=CKV_AWS_133:A copy is backed up where it is copied from.
  #checkov:skip=CKV_AWS_157:A second zone doubles the price; the caller turns it on (read_replicas[*].multi_az).
  #checkov:skip=CKV_AWS_293:A copy can be made again: with protection, one of two could not be taken away without unprotecting the database.
  #checkov:skip=CKV_AWS_353:Performance Insights does not exist for the smallest classes; the caller turns it on (performance_insights_enabled).
  #checkov:skip=CKV_AWS_226:As of the database: RDS upgrades a replica before its source. Checkov does not follow the reference.
  #checkov:skip=CKV_AWS_129:The logs of the database itself; see there.
  #checkov:skip=CKV2_AWS_69:require_secure_transport is set by the dynamic parameters above, which checkov does not follow; a test asserts it.
  for_each = local.read_replicas

  identifier           = each.value.identifier
  replicate_source_db  = aws_db_instance.this[0].identifier
  instance_class       = each.value.instance_class
  availability_zone    = each.value.availability_zone
  multi_az             = each.value.multi_az
  parameter_group_name = aws_db_parameter_group.this[0].name
  ca_cert_identifier   = var.ca_cert_identifier
  tags                 = var.tags

  # Read from the database: RDS makes a replica of that size whatever is said, and grows it later only when told to.
  allocated_storage     = aws_db_instance.this[0].allocated_storage
  max_allocated_storage = var.max_allocated_storage
  storage_type          = var.storage_type
  iops                  = local.iops
  storage_throughput    = local.storage_throughput
  storage_encrypted     = true

  # Under the database's key and in its subnet group, which RDS takes by itself in one region and is not to be told.
  vpc_security_group_ids = var.vpc_security_group_ids
  publicly_accessible    = false

  iam_database_authentication_enabled = true # the users come with the data; each replica lets its own resource id in

  copy_tags_to_snapshot = true
  skip_final_snapshot   = true # RDS takes none of a replica

  maintenance_window         = var.maintenance_window == null ? null : lower(var.maintenance_window)
  auto_minor_version_upgrade = aws_db_instance.this[0].auto_minor_version_upgrade
  apply_immediately          = var.apply_immediately

  enabled_cloudwatch_logs_exports       = var.enabled_cloudwatch_logs_exports
  performance_insights_enabled          = var.performance_insights_enabled
  performance_insights_kms_key_id       = var.performance_insights_enabled ? local.kms_key_arn : null
  performance_insights_retention_period = var.performance_insights_enabled ? var.performance_insights_retention_period : null
  database_insights_mode                = var.database_insights_mode
  monitoring_interval                   = var.monitoring_interval
  monitoring_role_arn                   = one(aws_iam_role.monitoring[*].arn)

  lifecycle {
    ignore_changes = [replicate_source_db] # it is always the database, which may get another name; the provider refuses any change
  }

  depends_on = [aws_cloudwatch_log_group.replica, aws_iam_role_policy_attachment.monitoring]
}

locals {
  database_user = "arn:${local.partition}:rds-db:${local.region}:${local.account}:dbuser"
}

################################################################################
# Master password
################################################################################

# Only where RDS does not keep the password itself. Written after the database has it: an apply that breaks off before leaves
# the old password in the secret, and password_wo_version is raised.
resource "aws_secretsmanager_secret" "master" {
  #checkov:skip=CKV2_AWS_57:Rotated by raising password_wo_version: RDS refuses replicas and blue/green updates of a database whose password it rotates.
  count = var.create && !var.manage_master_user_password ? 1 : 0

  name_prefix = "${var.identifier}-master-"
  description = "Master user of ${var.identifier}, for its migrator"
  kms_key_id  = local.kms_key_arn
  tags        = var.tags

  lifecycle {
    ignore_changes = [name_prefix] # a new secret would get the password_wo of that day, which the renamed instance does not have
  }
}

resource "aws_secretsmanager_secret_version" "master" {
  count = var.create && !var.manage_master_user_password ? 1 : 0

  secret_id                = aws_secretsmanager_secret.master[0].id
  secret_string_wo         = jsonencode({ username = aws_db_instance.this[0].username, password = var.password_wo })
  secret_string_wo_version = var.password_wo_version
}

locals {
  # RDS makes its secret with the instance.
  master_user_secret_arn = (
    !var.create ? null
    : var.manage_master_user_password ? aws_db_instance.this[0].master_user_secret[0].secret_arn
    : aws_secretsmanager_secret_version.master[0].arn
  )
}
