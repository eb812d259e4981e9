################################################################################
# Exports
################################################################################

locals {
  create_exports    = length(local.exporting) > 0
  replicate_exports = local.create_exports && local.has_recovery && coalesce(var.export_bucket.replicate, true)

  # Known when planning, and nobody else's: names of buckets are the whole world's.
  export_bucket_name  = "${var.name}-exports-${substr(sha256("${local.partition}/${local.account}/${local.region}/${var.name}"), 0, 8)}"
  replica_bucket_name = "${var.name}-replica-${substr(sha256("${local.partition}/${local.account}/${coalesce(local.recovery_region, "none")}/${var.name}"), 0, 8)}"

}

resource "aws_s3_bucket" "exports" {
  #checkov:skip=CKV_AWS_18:Reads of exports show in CloudTrail data events, which are the account's to switch on.
  #checkov:skip=CKV2_AWS_62:The scheduler looks for what was exported; no event tells more.
  #checkov:skip=CKV_AWS_144:Replicated wherever there is a recovery region, unless the caller wants none (export_bucket.replicate).
  count = local.create_exports ? 1 : 0

  bucket = local.export_bucket_name
  tags   = var.tags
}

resource "aws_s3_bucket_ownership_controls" "exports" {
  count = local.create_exports ? 1 : 0

  bucket = aws_s3_bucket.exports[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "exports" {
  count = local.create_exports ? 1 : 0

  bucket                  = aws_s3_bucket.exports[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "exports" {
  count = local.create_exports ? 1 : 0

  bucket = aws_s3_bucket.exports[0].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = local.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_versioning" "exports" {
  count = local.create_exports ? 1 : 0

  bucket = aws_s3_bucket.exports[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "exports" {
  count = local.create_exports ? 1 : 0

  bucket = aws_s3_bucket.exports[0].id

  rule {
    id     = "exports"
    status = "Enabled"

    filter {}

    dynamic "expiration" {
      for_each = var.export_bucket.expiration_days[*]

      content {
        days = expiration.value
      }
    }

    dynamic "transition" {
      for_each = var.export_bucket.transition[*]

      content {
        days          = transition.value.days
        storage_class = transition.value.storage_class
      }
    }

    noncurrent_version_expiration {
      noncurrent_days = var.export_bucket.noncurrent_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.exports]
}

resource "aws_s3_bucket_policy" "exports" {
  count = local.create_exports ? 1 : 0

  bucket = aws_s3_bucket.exports[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      # "*" twice, since a refusal must reach everyone and everything: any principal, any action, on this bucket alone.
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.exports[0].arn, "${aws_s3_bucket.exports[0].arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  # S3 refuses two changes of one bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.exports]
}

################################################################################
# Export role
################################################################################

# "Setting up access to an Amazon S3 bucket" for snapshot exports in the RDS user guide.
resource "aws_iam_role" "export" {
  count = local.create_exports ? 1 : 0

  name                 = "${var.name}-export"
  description          = "Lets RDS write the exports of the backup plan ${var.name}"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "export.rds.amazonaws.com" }
      # Not aws:SourceArn too: which one RDS gives, if any, is unproven, and a wrong one stops every export.
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "export" {
  count = local.create_exports ? 1 : 0

  name = "export"
  role = aws_iam_role.export[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Bucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
        Resource = [aws_s3_bucket.exports[0].arn]
      },
      {
        # The wildcards are AWS's own. Not DeleteObjectVersion, which DeleteObject* would hold too: what was deleted stays recoverable.
        Sid      = "Files"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject", "s3:GetObject*", "s3:PutObject*"]
        Resource = [for database in values(local.exporting) : "${aws_s3_bucket.exports[0].arn}/${coalesce(database.export.prefix, database.identifier)}*"]
      },
    ]
  })
}

################################################################################
# Replicas
################################################################################

resource "aws_s3_bucket" "replica" {
  #checkov:skip=CKV_AWS_18:Reads of replicas show in CloudTrail data events, which are the account's to switch on.
  #checkov:skip=CKV2_AWS_62:The scheduler looks for what was replicated; no event tells more.
  #checkov:skip=CKV_AWS_144:It is the replica of the exports' bucket.
  provider = aws.dr
  count    = local.replicate_exports ? 1 : 0

  bucket = local.replica_bucket_name
  tags   = var.tags
}

resource "aws_s3_bucket_ownership_controls" "replica" {
  provider = aws.dr
  count    = local.replicate_exports ? 1 : 0

  bucket = aws_s3_bucket.replica[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "replica" {
  provider = aws.dr
  count    = local.replicate_exports ? 1 : 0

  bucket                  = aws_s3_bucket.replica[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "replica" {
  provider = aws.dr
  count    = local.replicate_exports ? 1 : 0

  bucket = aws_s3_bucket.replica[0].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = local.recovery_kms_key_arn
    }
  }
}

resource "aws_s3_bucket_versioning" "replica" {
  provider = aws.dr
  count    = local.replicate_exports ? 1 : 0

  bucket = aws_s3_bucket.replica[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

# Not the bucket's own object_lock_enabled, which replaces the bucket when it changes: S3 locks a versioned bucket that is there, too.
resource "aws_s3_bucket_object_lock_configuration" "replica" {
  provider = aws.dr
  count    = local.replicate_exports && var.export_bucket.object_lock != null ? 1 : 0

  bucket = aws_s3_bucket_versioning.replica[0].bucket

  rule {
    default_retention {
      mode = var.export_bucket.object_lock.mode
      days = var.export_bucket.object_lock.days
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "replica" {
  provider = aws.dr
  count    = local.replicate_exports ? 1 : 0

  bucket = aws_s3_bucket.replica[0].id

  rule {
    id     = "exports"
    status = "Enabled"

    filter {}

    dynamic "expiration" {
      for_each = var.export_bucket.expiration_days[*]

      content {
        days = expiration.value
      }
    }

    dynamic "transition" {
      for_each = var.export_bucket.transition[*]

      content {
        days          = transition.value.days
        storage_class = transition.value.storage_class
      }
    }

    noncurrent_version_expiration {
      noncurrent_days = var.export_bucket.noncurrent_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.replica]
}

resource "aws_s3_bucket_policy" "replica" {
  provider = aws.dr
  count    = local.replicate_exports ? 1 : 0

  bucket = aws_s3_bucket.replica[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyWithoutTls" # as above
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.replica[0].arn, "${aws_s3_bucket.replica[0].arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.replica]
}

# "Setting up permissions for live replication" and "Replicating encrypted objects" in the S3 user guide.
resource "aws_iam_role" "replication" {
  count = local.replicate_exports ? 1 : 0

  name                 = "${var.name}-replication"
  description          = "Lets S3 replicate the exports of the backup plan ${var.name}"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "s3.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = aws_s3_bucket.exports[0].arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "replication" {
  count = local.replicate_exports ? 1 : 0

  name = "replication"
  role = aws_iam_role.replication[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Source"
        Effect   = "Allow"
        Action   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
        Resource = [aws_s3_bucket.exports[0].arn]
      },
      {
        Sid      = "SourceFiles"
        Effect   = "Allow"
        Action   = ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"]
        Resource = ["${aws_s3_bucket.exports[0].arn}/*"]
      },
      {
        # No ReplicateDelete: what is deleted in one region stays in the other.
        Sid      = "Replicas"
        Effect   = "Allow"
        Action   = ["s3:ReplicateObject", "s3:ReplicateTags"]
        Resource = ["${aws_s3_bucket.replica[0].arn}/*"]
      },
      {
        Sid       = "SourceKey"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = [local.kms_key_arn]
        Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${local.dns_suffix}" } }
      },
      {
        Sid       = "ReplicaKey"
        Effect    = "Allow"
        Action    = ["kms:Encrypt", "kms:GenerateDataKey"]
        Resource  = [local.recovery_kms_key_arn]
        Condition = { StringEquals = { "kms:ViaService" = "s3.${local.recovery_region}.${local.dns_suffix}" } }
      },
    ]
  })
}

resource "aws_s3_bucket_replication_configuration" "exports" {
  count = local.replicate_exports ? 1 : 0

  bucket = aws_s3_bucket_versioning.exports[0].bucket
  role   = aws_iam_role.replication[0].arn

  rule {
    id     = "recovery"
    status = "Enabled"

    filter {}

    # Without it S3 passes over everything that is under a customer key, and says nothing.
    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    delete_marker_replication {
      status = "Disabled"
    }

    destination {
      bucket = aws_s3_bucket.replica[0].arn

      encryption_configuration {
        replica_kms_key_id = local.recovery_kms_key_arn
      }
    }
  }

  # The replica keeps versions, and the role may do what it is to do, before the first object comes.
  depends_on = [aws_s3_bucket_versioning.replica, aws_iam_role_policy.replication]
}
