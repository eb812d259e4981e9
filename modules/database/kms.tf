################################################################################
# Key
################################################################################

locals {
  # A key policy's "*" resource is this key, and nothing else.
  key_statements = concat(
    [
      {
        # Without it nobody could ever change the key; IAM decides who in the account may.
        Sid       = "AccountAdministration"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = ["kms:*"]
        Resource  = "*"
        Condition = {}
      },
      {
        # Any principal of this account, but only through RDS (storage, snapshots) and Secrets Manager (master password),
        # which check the principal's rights on their own resources. AWS's own keys for the two services say the same.
        Sid       = "AccountThroughDatabaseServices"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action = [
          "kms:CreateGrant",
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:GenerateDataKey*",
          "kms:ReEncrypt*",
        ]
        Resource = "*"
        Condition = {
          StringEquals = {
            "kms:CallerAccount" = local.account
            "kms:ViaService" = [
              "rds.${local.region}.${data.aws_partition.current.dns_suffix}",
              "secretsmanager.${local.region}.${data.aws_partition.current.dns_suffix}",
            ]
          }
        }
      },
      {
        # The migrator's, and those of functions beside the database that the caller names after it: they log about the same data.
        Sid       = "LogGroupsOfThisName"
        Effect    = "Allow"
        Principal = { Service = "logs.${local.region}.${data.aws_partition.current.dns_suffix}" }
        Action = [
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:GenerateDataKey*",
          "kms:ReEncrypt*",
        ]
        Resource = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = concat(
              [for identifier in concat([var.identifier], values(local.read_replicas)[*].identifier) : "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/rds/instance/${identifier}/*"],
              ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${var.identifier}-*"],
            )
          }
        }
      },
    ],
    !var.deletion_protection ? [] : [
      {
        # Without its key the database and every snapshot are lost. Turning deletion_protection off lifts the denial.
        Sid       = "KeepKeyWhileDatabaseIsProtected"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = ["kms:DisableKey", "kms:ScheduleKeyDeletion"]
        Resource  = "*"
        Condition = {}
      },
    ],
  )
}

resource "aws_kms_key" "this" {
  #checkov:skip=CKV_AWS_33:The "*" principals are a denial, and a grant bound to this account by kms:CallerAccount.
  count = var.create && var.create_kms_key ? 1 : 0

  description             = "Storage, snapshots, master password and logs of ${var.identifier}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = var.tags

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for statement in local.key_statements : { for key, value in statement : key => value if key != "Condition" || length(value) > 0 }]
  })
}

# Who made the key of the database that is there. create_kms_key = false would delete the module's own under the data, and a
# kms_key_arn that is the same key does not show it.
resource "terraform_data" "key_made_here" {
  count = var.create ? 1 : 0

  input = var.create_kms_key

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition = self.output == var.create_kms_key
      error_message = (var.create_kms_key
        ? "The database was made under a key of yours: set create_kms_key = false, and kms_key_arn to that key. docs/runbooks/database.md#the-key says how to change keys."
        : "This module made the key that the database is encrypted under, and create_kms_key = false would delete it: set create_kms_key = true and leave kms_key_arn out. To keep the key outside this module, take it out of the state first: docs/runbooks/database.md#the-key."
      )
    }
  }

  depends_on = [aws_db_instance.this] # nothing is lost before
}

resource "aws_kms_alias" "this" {
  count = var.create && var.create_kms_key ? 1 : 0

  name          = "alias/${var.identifier}-database"
  target_key_id = aws_kms_key.this[0].key_id
}
