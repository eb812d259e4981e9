data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  region    = data.aws_region.current.id # `name` is deprecated in provider 6 and `region` is absent in 5.100; `id` is in both

  create_topic   = var.create && var.create_topic
  create_kms_key = local.create_topic && var.create_kms_key

  # Built by hand, because the topic's policy names the topic and both are checked before either exists.
  topic_arn = "arn:${local.partition}:sns:${local.region}:${local.account}:${var.name}"

  # CloudWatch publishes, and uses the key, for the alarms of this account and region only. See "Enable compatibility between
  # event sources from AWS services and encrypted topics" in the SNS developer guide.
  for_alarms_of_this_region = {
    ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:cloudwatch:${local.region}:${local.account}:alarm:*" }
    StringEquals = { "aws:SourceAccount" = local.account }
  }
}

################################################################################
# Key
################################################################################

# A key of the module, because the policy of AWS's own key for SNS does not admit CloudWatch and cannot be changed: alarms would
# fire and tell nobody. A key policy's "*" resource is this key, and nothing else.
resource "aws_kms_key" "this" {
  count = local.create_kms_key ? 1 : 0

  description             = "Messages of the alarm topic ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = var.tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Without it nobody could ever change the key; IAM decides who in the account may.
        Sid       = "AccountAdministration"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = ["kms:*"]
        Resource  = "*"
      },
      {
        Sid       = "CloudWatchAlarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = local.for_alarms_of_this_region
      },
    ]
  })
}

resource "aws_kms_alias" "this" {
  count = local.create_kms_key ? 1 : 0

  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this[0].key_id
}

################################################################################
# Topic
################################################################################

resource "aws_sns_topic" "this" {
  count = local.create_topic ? 1 : 0

  name              = var.name
  kms_master_key_id = var.create_kms_key ? aws_kms_key.this[0].arn : var.kms_key_arn
  tags              = var.tags

  # Part of the topic, so that there is no moment at which it lies open or CloudWatch is refused.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "CloudWatchAlarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = local.for_alarms_of_this_region
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

################################################################################
# Subscriptions
################################################################################

resource "aws_sns_topic_subscription" "this" {
  for_each = local.create_topic ? var.subscriptions : {}

  topic_arn = aws_sns_topic.this[0].arn
  protocol  = each.value.protocol
  endpoint  = each.value.endpoint
}
