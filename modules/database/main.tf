data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  # aws_region: `name` is deprecated in provider 6 and `region` is absent in 5.100; `id` is in both.
  region = data.aws_region.current.id

  kms_key_arn      = var.create_kms_key ? one(aws_kms_key.this[*].arn) : var.kms_key_arn
  exported_logs    = ["error", "slowquery"]
  log_group_prefix = "/aws/rds/instance/${var.identifier}"
  migrator_name    = "${var.identifier}-migrator"
}

################################################################################
# Log groups
################################################################################

# First, so that RDS never creates them itself: those would keep their logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:How long logs are kept is the caller's choice (log_retention_in_days), 30 days unless said otherwise.
  for_each = toset(var.create ? local.exported_logs : [])

  name              = "${local.log_group_prefix}/${each.key}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = local.kms_key_arn
  tags              = var.tags
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
}

locals {
  # Three quarters of the memory, RDS's default, leaves a burstable instance too little for IAM logins (300-1000 MiB);
  # AWS asks to take that much from the buffers. "Limitations for IAM database authentication", RDS user guide.
  is_burstable = startswith(var.instance_class, "db.t")
  parameters = merge(
    {
      require_secure_transport = "1"
      character_set_server     = "utf8mb4"
      collation_server         = "utf8mb4_0900_ai_ci"
      # Not left to RDS, whose default has been laxer than MySQL's: without strict mode a value that does not fit is cut, not refused.
      sql_mode        = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
      log_output      = "FILE" # only files are exported to CloudWatch
      slow_query_log  = "1"
      long_query_time = "1"
    },
    local.is_burstable ? { innodb_buffer_pool_size = "{DBInstanceClassMemory*1/2}" } : {},
  )
  reboot_parameters = ["innodb_buffer_pool_size"]
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
      value        = parameter.value
      apply_method = contains(local.reboot_parameters, parameter.key) ? "pending-reboot" : "immediate"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_118:Enhanced monitoring is billed by the log volume; it comes with the alarms.
  #checkov:skip=CKV_AWS_133:backup_retention_period is validated to be 1-35 days; checkov does not follow the root's default of it.
  #checkov:skip=CKV_AWS_157:A second zone doubles the price; the caller turns it on (multi_az).
  #checkov:skip=CKV_AWS_293:On unless the caller turns it off (deletion_protection).
  #checkov:skip=CKV_AWS_353:Performance Insights does not exist for the smallest classes; it comes with the alarms.
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
  db_name                  = var.db_name
  tags                     = var.tags

  allocated_storage = var.allocated_storage
  storage_type      = "gp3"
  storage_encrypted = true
  kms_key_id        = local.kms_key_arn

  # `port` stays unset: it is RDS's to say, and callers read it from the output.
  db_subnet_group_name   = aws_db_subnet_group.this[0].name
  vpc_security_group_ids = var.vpc_security_group_ids
  publicly_accessible    = false

  username                            = var.username
  manage_master_user_password         = true # in Secrets Manager, rotated; never in the state
  master_user_secret_kms_key_id       = local.kms_key_arn
  iam_database_authentication_enabled = true

  backup_retention_period   = var.backup_retention_period
  copy_tags_to_snapshot     = true
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = var.skip_final_snapshot
  final_snapshot_identifier = var.skip_final_snapshot ? null : coalesce(var.final_snapshot_identifier, "${var.identifier}-final")

  enabled_cloudwatch_logs_exports = local.exported_logs
  # Not of a minor version that the caller names: the next plan would want to go back to it, which RDS refuses.
  auto_minor_version_upgrade = length(split(".", var.engine_version)) < 3
  apply_immediately          = var.apply_immediately

  depends_on = [aws_cloudwatch_log_group.this]
}

locals {
  # RDS makes the secret with the instance.
  master_user_secret_arn = var.create ? aws_db_instance.this[0].master_user_secret[0].secret_arn : null
}
