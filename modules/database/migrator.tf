################################################################################
# Migrator
################################################################################

locals {
  has_migrator = var.create && var.migrator != null

  migrator_environment = !local.has_migrator ? {} : merge({
    DATABASE_HOST              = aws_db_instance.this[0].address
    DATABASE_PORT              = tostring(aws_db_instance.this[0].port)
    DATABASE_NAME              = var.db_name
    DATABASE_MASTER_SECRET_ARN = local.master_user_secret_arn
    DATABASE_APPLICATION_USER  = var.application_user
    }, var.drill_user == null ? {} : {
    DATABASE_DRILL_USER = var.drill_user
  })

  # One secret: the migrator is the one function that may become the master user.
  migrator_policy_statements = merge({
    ReadMasterSecret = {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [local.master_user_secret_arn]
    }
    }, var.create_kms_key ? {} : {
    # The module's own key lets whoever may read the secret decrypt it (kms.tf); of another's policy nothing is known. That secret alone.
    DecryptMasterSecret = {
      actions   = ["kms:Decrypt"]
      resources = [local.kms_key_arn]
      conditions = [
        {
          test     = "StringEquals"
          variable = "kms:ViaService"
          values   = ["secretsmanager.${local.region}.${data.aws_partition.current.dns_suffix}"]
        },
        {
          test     = "StringEquals"
          variable = "kms:EncryptionContext:SecretARN"
          values   = [local.master_user_secret_arn]
        },
      ]
    }
  })
}

module "migrator" {
  source = "../function"
  count  = local.has_migrator ? 1 : 0

  function_name        = local.migrator_name
  description          = "Migrates the schema of ${var.identifier} and creates its application user"
  package              = var.migrator.package
  handler              = var.migrator.handler
  runtime              = var.migrator.runtime
  architectures        = var.migrator.architectures
  memory_size          = var.migrator.memory_size
  timeout              = var.migrator.timeout
  snap_start           = false # runs once a deployment: nobody waits for its start
  permissions_boundary = var.permissions_boundary

  log_retention_in_days = var.log_retention_in_days
  log_kms_key_arn       = local.kms_key_arn
  tags                  = var.tags

  vpc = {
    subnet_ids         = var.subnet_ids
    security_group_ids = var.migrator.security_group_ids
  }

  environment       = local.migrator_environment
  policy_statements = local.migrator_policy_statements
}

# Runs on create and whenever a trigger or the version changes. A failure is the apply's failure, with the migrator's
# message, and leaves nothing in the state: the next apply tries again. Input and result are plain in the state, so
# neither holds a secret.
resource "aws_lambda_invocation" "migration" {
  count = local.has_migrator ? 1 : 0

  function_name   = module.migrator[0].function_name
  qualifier       = module.migrator[0].version
  lifecycle_scope = "CREATE_ONLY"
  input           = jsonencode({})

  triggers = merge({
    package          = var.migrator.package.source_code_hash
    application_user = var.application_user
    database         = aws_db_instance.this[0].resource_id
    }, var.drill_user == null ? {} : {
    drill_user = var.drill_user
  })

  # The alias too: nothing of the function is left to do once the schema is there.
  depends_on = [module.migrator]
}
