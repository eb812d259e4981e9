locals {
  create_access_logs = var.create && var.access_logs != null
}

data "aws_caller_identity" "current" {
  count = local.create_access_logs ? 1 : 0
}

data "aws_partition" "current" {
  count = local.create_access_logs ? 1 : 0
}

################################################################################
# Bucket of the access logs
################################################################################

resource "aws_s3_bucket" "logs" {
  # checkov:skip=CKV_AWS_18: a log of the log's readers is CloudTrail's (data events), not a third bucket
  # checkov:skip=CKV_AWS_21: a log file is written once and never replaced
  # checkov:skip=CKV_AWS_144: access logs are kept for weeks to explain what happened, and lost with the region without harm to visitors
  # checkov:skip=CKV_AWS_145: S3's own key encrypts them; a customer key would need a grant to the log service and cost requests
  # checkov:skip=CKV2_AWS_62: nothing acts on a log file
  count = local.create_access_logs ? 1 : 0

  bucket_prefix = "${var.name}-logs-"
  force_destroy = var.access_logs.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  count = local.create_access_logs ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  count = local.create_access_logs ? 1 : 0

  bucket                  = aws_s3_bucket.logs[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  count = local.create_access_logs ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  count = local.create_access_logs ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  rule {
    id     = "retention"
    status = "Enabled"

    filter {}

    expiration {
      days = var.access_logs.retention_in_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  count = local.create_access_logs ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # As for the site's bucket: a refusal must reach everyone and everything.
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.logs[0].arn, "${aws_s3_bucket.logs[0].arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        # What the log service would write here itself if it were missing, but for one source and one path.
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
        Sid       = "AWSLogDeliveryWrite"
        Effect    = "Allow"
        Principal = { Service = "delivery.logs.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.logs[0].arn}/AWSLogs/${data.aws_caller_identity.current[0].account_id}/CloudFront/*"
        Condition = {
          StringEquals = {
            "s3:x-amz-acl"      = "bucket-owner-full-control"
            "aws:SourceAccount" = data.aws_caller_identity.current[0].account_id
          }
          ArnLike = {
            "aws:SourceArn" = "arn:${data.aws_partition.current[0].partition}:logs:us-east-1:${data.aws_caller_identity.current[0].account_id}:delivery-source:${var.name}-access-logs"
          }
        }
      },
    ]
  })

  # S3 refuses two changes of one bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.logs]
}

################################################################################
# Delivery of the access logs
################################################################################

# Standard logging v2: the legacy kind needs a bucket with ACLs, and writes every field.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
resource "aws_cloudwatch_log_delivery_source" "access_logs" {
  provider = aws.us_east_1
  count    = local.create_access_logs ? 1 : 0

  name         = "${var.name}-access-logs"
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.this[0].arn
  tags         = var.tags
}

resource "aws_cloudwatch_log_delivery_destination" "access_logs" {
  provider = aws.us_east_1
  count    = local.create_access_logs ? 1 : 0

  name          = "${var.name}-access-logs"
  output_format = "json"
  tags          = var.tags

  delivery_destination_configuration {
    destination_resource_arn = aws_s3_bucket.logs[0].arn
  }
}

# Without a suffix path, for AWS prepends AWSLogs/<account>/CloudFront/ to one that is created and forgets it on one that is changed:
# https://github.com/hashicorp/terraform-provider-aws/issues/46328
resource "aws_cloudwatch_log_delivery" "access_logs" {
  provider = aws.us_east_1
  count    = local.create_access_logs ? 1 : 0

  delivery_source_name     = aws_cloudwatch_log_delivery_source.access_logs[0].name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.access_logs[0].arn
  record_fields            = var.access_logs.record_fields
  tags                     = var.tags

  # The log service looks whether it may write, and would amend a policy that does not say so.
  depends_on = [aws_s3_bucket_policy.logs, aws_s3_bucket_ownership_controls.logs]
}
