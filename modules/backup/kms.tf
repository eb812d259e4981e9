################################################################################
# Keys
################################################################################

locals {
  kms_key_arn          = var.create_kms_key ? one(aws_kms_key.this[*].arn) : var.kms_key_arn
  recovery_kms_key_arn = try(var.recovery.create_kms_key, true) ? one(aws_kms_key.recovery[*].arn) : var.recovery.kms_key_arn

  # Accounts that read what is under each key.
  sharing           = { for name, database in local.databases : name => database if length(database.share_with) > 0 }
  accounts          = distinct(flatten([for database in values(local.sharing) : database.share_with if database.recovery == null && database.customer_key]))
  recovery_accounts = distinct(flatten([for database in values(local.sharing) : database.share_with if database.recovery != null]))

  # A key policy's "*" resource is this key, and nothing else.
  key_statements = { for place, key in {
    primary  = { region = local.region, accounts = local.accounts }
    recovery = { region = local.recovery_region, accounts = local.recovery_accounts }
    } : place => concat(
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
        # Any principal of this account, but only through RDS (snapshots, restores) and DynamoDB (the table), which check the principal's
        # rights on their own resources. Not through S3: an export is a database to read, and only the roles that are named may.
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
            "kms:ViaService"    = [for service in ["rds", "dynamodb"] : "${service}.${coalesce(key.region, "none")}.${local.dns_suffix}"]
          }
        }
      },
      {
        Sid       = "LogGroupsOfThisName"
        Effect    = "Allow"
        Principal = { Service = "logs.${coalesce(key.region, "none")}.${local.dns_suffix}" }
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
            "kms:EncryptionContext:aws:logs:arn" = ["arn:${local.partition}:logs:${coalesce(key.region, "none")}:${local.account}:log-group:/aws/lambda/${var.name}-*"]
          }
        }
      },
    ],
    [for statement in [
      {
        # Restoring or copying a shared snapshot: "Sharing encrypted snapshots" in the RDS user guide. Their own IAM decides who of them may.
        Sid       = "SharedSnapshots"
        Effect    = "Allow"
        Principal = { AWS = [for account in key.accounts : "arn:${local.partition}:iam::${account}:root"] }
        Action = [
          "kms:Decrypt",
          "kms:Encrypt",
          "kms:GenerateDataKey*",
          "kms:ReEncrypt*",
        ]
        Resource  = "*"
        Condition = { StringEquals = { "kms:ViaService" = ["rds.${coalesce(key.region, "none")}.${local.dns_suffix}"] } }
      },
      {
        Sid       = "SharedSnapshotsGrants"
        Effect    = "Allow"
        Principal = { AWS = [for account in key.accounts : "arn:${local.partition}:iam::${account}:root"] }
        Action    = ["kms:CreateGrant"]
        Resource  = "*"
        Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
      },
      {
        Sid       = "SharedSnapshotsDescription"
        Effect    = "Allow"
        Principal = { AWS = [for account in key.accounts : "arn:${local.partition}:iam::${account}:root"] }
        Action    = ["kms:DescribeKey"]
        Resource  = "*"
        Condition = {}
      },
    ] : statement if length(key.accounts) > 0],
    [for statement in [
      {
        # Without its key every copy is lost. Turning deletion_protection off lifts the denial.
        Sid       = "KeepKeyWhileCopiesAreProtected"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = ["kms:DisableKey", "kms:ScheduleKeyDeletion"]
        Resource  = "*"
        Condition = {}
      },
    ] : statement if var.deletion_protection],
  ) }

  key_policies = { for place, statements in local.key_statements : place => jsonencode({
    Version   = "2012-10-17"
    Statement = [for statement in statements : { for key, value in statement : key => value if key != "Condition" || length(value) > 0 }]
  }) }
}

# No prevent_destroy, which takes no variable: a plan that is tried out could never be destroyed. The denial above does the same, and for everybody.
resource "aws_kms_key" "this" {
  #checkov:skip=CKV_AWS_33:The "*" principals are a denial, and a grant bound to this account by kms:CallerAccount.
  count = var.create && var.create_kms_key ? 1 : 0

  description             = "Exports, copies, table and logs of the backup plan ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = local.key_policies.primary
  tags                    = var.tags
}

resource "aws_kms_alias" "this" {
  count = var.create && var.create_kms_key ? 1 : 0

  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this[0].key_id
}

resource "aws_kms_key" "recovery" {
  #checkov:skip=CKV_AWS_33:The "*" principals are a denial, and a grant bound to this account by kms:CallerAccount.
  provider = aws.dr
  count    = local.has_recovery && try(var.recovery.create_kms_key, false) ? 1 : 0

  description             = "Recovery copies, replicas, table and logs of the backup plan ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = local.key_policies.recovery
  tags                    = var.tags
}

resource "aws_kms_alias" "recovery" {
  provider = aws.dr
  count    = local.has_recovery && try(var.recovery.create_kms_key, false) ? 1 : 0

  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.recovery[0].key_id
}
