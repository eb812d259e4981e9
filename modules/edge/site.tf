################################################################################
# Bucket
################################################################################

resource "aws_s3_bucket" "site" {
  # checkov:skip=CKV_AWS_18: CloudFront is the only reader, so its log, not S3's, shows who asked for what
  # checkov:skip=CKV_AWS_144: the site is published from the repository, and again from there if a region is lost
  # checkov:skip=CKV_AWS_145: every file is public by intent; a customer key would protect nothing and cost requests
  # checkov:skip=CKV2_AWS_62: nothing acts on a published file
  count = var.create ? 1 : 0

  bucket_prefix = "${var.name}-site-"
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_ownership_controls" "site" {
  count = var.create ? 1 : 0

  bucket = aws_s3_bucket.site[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "site" {
  count = var.create ? 1 : 0

  bucket                  = aws_s3_bucket.site[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "site" {
  count = var.create ? 1 : 0

  bucket = aws_s3_bucket.site[0].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "site" {
  count = var.create ? 1 : 0

  bucket = aws_s3_bucket.site[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "site" {
  count = var.create ? 1 : 0

  bucket = aws_s3_bucket.site[0].id

  rule {
    id     = "noncurrent"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # S3 takes a rule about noncurrent versions only as meant once versions exist.
  depends_on = [aws_s3_bucket_versioning.site]
}

resource "aws_s3_bucket_policy" "site" {
  count = var.create ? 1 : 0

  bucket = aws_s3_bucket.site[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # "*" twice, since a refusal must reach everyone and everything: any principal, any action, on this bucket alone.
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.site[0].arn, "${aws_s3_bucket.site[0].arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "ReadByDistribution"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.site[0].arn}/*"
        Condition = { StringEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.this[0].arn } }
      },
      {
        # Without it S3 answers 403 for a file that does not exist, and a visitor reads "Access Denied" on a mistyped
        # address; with it the answer is 404. It lists nothing to anyone: the clean-URL function never leaves a
        # request at the bucket's root, and the cache policy forwards no query string.
        Sid       = "TellMissingFromForbidden"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:ListBucket"
        Resource  = aws_s3_bucket.site[0].arn
        Condition = { StringEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.this[0].arn } }
      },
    ]
  })

  # S3 refuses two changes of one bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.site]
}
