mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./tests/mocks"
}

variables {
  name = "shop"
  site = { directory = "./tests/fixtures/site" }
  tags = { application = "shop" }
}

run "no_access_logs_by_default" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket.logs) + length(aws_cloudwatch_log_delivery.access_logs) == 0 && output.access_logs_bucket == null
    error_message = "Personal data is recorded when asked to."
  }
}

run "access_logs_are_delivered_to_a_bucket_of_their_own" {
  variables {
    access_logs = {}
  }

  assert {
    condition = (
      aws_cloudwatch_log_delivery_source.access_logs[0].resource_arn == "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE12345" &&
      aws_cloudwatch_log_delivery_source.access_logs[0].log_type == "ACCESS_LOGS" &&
      aws_cloudwatch_log_delivery_destination.access_logs[0].output_format == "json" &&
      aws_cloudwatch_log_delivery_destination.access_logs[0].delivery_destination_configuration[0].destination_resource_arn == aws_s3_bucket.logs[0].arn &&
      aws_cloudwatch_log_delivery.access_logs[0].delivery_source_name == "shop-access-logs" &&
      aws_cloudwatch_log_delivery.access_logs[0].delivery_destination_arn == aws_cloudwatch_log_delivery_destination.access_logs[0].arn
    )
    error_message = "The distribution's requests go to the bucket as JSON."
  }

  assert {
    condition     = length(setintersection(aws_cloudwatch_log_delivery.access_logs[0].record_fields, ["cs-uri-query", "cs(Cookie)", "cs(Referer)", "x-forwarded-for"])) == 0 && contains(aws_cloudwatch_log_delivery.access_logs[0].record_fields, "x-edge-request-id") && contains(aws_cloudwatch_log_delivery.access_logs[0].record_fields, "c-ip")
    error_message = "By default a record explains a request, without what the visitor wrote into it."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.logs[0].block_public_acls,
      aws_s3_bucket_public_access_block.logs[0].block_public_policy,
      aws_s3_bucket_public_access_block.logs[0].ignore_public_acls,
      aws_s3_bucket_public_access_block.logs[0].restrict_public_buckets,
      aws_s3_bucket_ownership_controls.logs[0].rule[0].object_ownership == "BucketOwnerEnforced",
      one(aws_s3_bucket_server_side_encryption_configuration.logs[0].rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256",
      !aws_s3_bucket.logs[0].force_destroy,
    ])
    error_message = "The bucket is private, encrypted, without ACLs, and not deleted with its logs."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs[0].rule[0].expiration[0].days == 30 && aws_s3_bucket_lifecycle_configuration.logs[0].rule[0].status == "Enabled"
    error_message = "A log file is kept for 30 days."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.logs[0].policy).Statement == [
      {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::shop-site-20261121", "arn:aws:s3:::shop-site-20261121/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "AWSLogDeliveryWrite"
        Effect    = "Allow"
        Principal = { Service = "delivery.logs.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::shop-site-20261121/AWSLogs/111122223333/CloudFront/*"
        Condition = {
          StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control", "aws:SourceAccount" = "111122223333" }
          ArnLike      = { "aws:SourceArn" = "arn:aws-test:logs:us-east-1:111122223333:delivery-source:shop-access-logs" }
        }
      },
    ]
    error_message = "The log service alone may write, for this account's source, where CloudFront's logs go; nobody is allowed to read."
  }

  assert {
    condition     = alltrue([for tags in [aws_s3_bucket.logs[0].tags, aws_cloudwatch_log_delivery_source.access_logs[0].tags, aws_cloudwatch_log_delivery_destination.access_logs[0].tags, aws_cloudwatch_log_delivery.access_logs[0].tags] : tags == tomap({ application = "shop" })])
    error_message = "Everything that takes tags carries them."
  }

  assert {
    condition     = output.access_logs_bucket == "shop-site-20261121"
    error_message = "The output names the bucket."
  }
}

run "access_logs_take_retention_and_fields" {
  command = plan

  variables {
    access_logs = {
      retention_in_days = 7
      force_destroy     = true
      record_fields     = ["date", "time", "cs(Host)"]
    }
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs[0].rule[0].expiration[0].days == 7 && aws_cloudwatch_log_delivery.access_logs[0].record_fields == tolist(["date", "time", "cs(Host)"]) && aws_s3_bucket.logs[0].force_destroy && !aws_s3_bucket.site[0].force_destroy
    error_message = "Retention, fields and force_destroy are passed on."
  }
}

run "switched_off_makes_no_access_logs" {
  command = plan

  variables {
    create      = false
    access_logs = {}
  }

  assert {
    condition = length(concat(
      aws_s3_bucket.logs, aws_s3_bucket_ownership_controls.logs, aws_s3_bucket_public_access_block.logs, aws_s3_bucket_server_side_encryption_configuration.logs,
      aws_s3_bucket_lifecycle_configuration.logs, aws_s3_bucket_policy.logs, aws_cloudwatch_log_delivery_source.access_logs,
      aws_cloudwatch_log_delivery_destination.access_logs, aws_cloudwatch_log_delivery.access_logs,
    )) == 0
    error_message = "create = false leaves nothing."
  }
}
