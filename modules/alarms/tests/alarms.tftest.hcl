mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/made", key_id = "made" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:111122223333:shop-prod-alarms" }
  }
}

variables {
  name = "shop-prod-alarms"
}

run "defaults" {
  assert {
    condition     = aws_sns_topic.this[0].name == "shop-prod-alarms" && aws_sns_topic.this[0].kms_master_key_id == "arn:aws:kms:eu-central-1:111122223333:key/made"
    error_message = "the topic is encrypted under the key that the module makes"
  }
  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_key.this[0].deletion_window_in_days == 30
    error_message = "the key rotates, and can be called back for a month"
  }
  assert {
    condition     = aws_kms_alias.this[0].name == "alias/shop-prod-alarms" && aws_kms_alias.this[0].target_key_id == "made"
    error_message = "the key is found by the topic's name"
  }
  assert {
    condition     = length(aws_sns_topic_subscription.this) == 0
    error_message = "nobody is told unless named"
  }
  assert {
    condition     = output.topic_arn == "arn:aws:sns:eu-central-1:111122223333:shop-prod-alarms" && output.actions == tolist([output.topic_arn]) && output.kms_key_arn == "arn:aws:kms:eu-central-1:111122223333:key/made"
    error_message = "outputs name topic and key"
  }
}

run "only_alarms_of_this_account_and_region_publish_and_encrypt" {
  assert {
    condition = jsondecode(aws_sns_topic.this[0].policy).Statement[0] == {
      Sid       = "CloudWatchAlarms", Effect = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-central-1:111122223333:shop-prod-alarms"
      Condition = {
        ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*" }
        StringEquals = { "aws:SourceAccount" = "111122223333" }
      }
    }
    error_message = "the topic's policy admits CloudWatch, for these alarms"
  }
  assert {
    condition = jsondecode(aws_sns_topic.this[0].policy).Statement[1] == {
      Sid       = "TlsOnly", Effect = "Deny"
      Principal = { AWS = "*" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-central-1:111122223333:shop-prod-alarms"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }
    error_message = "nobody publishes without TLS"
  }
  assert {
    condition     = length(jsondecode(aws_sns_topic.this[0].policy).Statement) == 2
    error_message = "the topic's policy says nothing else"
  }
  assert {
    condition = jsondecode(aws_kms_key.this[0].policy).Statement == [
      {
        Sid       = "AccountAdministration", Effect = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:root" }
        Action    = ["kms:*"]
        Resource  = "*"
      },
      {
        Sid       = "CloudWatchAlarms", Effect = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = {
          ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*" }
          StringEquals = { "aws:SourceAccount" = "111122223333" }
        }
      },
    ]
    error_message = "the account administers the key, and CloudWatch uses it for these alarms"
  }
}

run "other_partition" {
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn" }
  }

  assert {
    condition = (
      jsondecode(aws_sns_topic.this[0].policy).Statement[*].Resource == ["arn:aws-cn:sns:eu-central-1:111122223333:shop-prod-alarms", "arn:aws-cn:sns:eu-central-1:111122223333:shop-prod-alarms"]
      && jsondecode(aws_sns_topic.this[0].policy).Statement[0].Condition.ArnLike == { "aws:SourceArn" = "arn:aws-cn:cloudwatch:eu-central-1:111122223333:alarm:*" }
      && jsondecode(aws_kms_key.this[0].policy).Statement[0].Principal == { AWS = "arn:aws-cn:iam::111122223333:root" }
    )
    error_message = "ARNs are of the provider's partition"
  }
}

run "subscriptions_are_made" {
  variables {
    subscriptions = {
      on-call = { protocol = "https", endpoint = "https://events.example.com/integration/1" }
      team    = { protocol = "email", endpoint = "team@example.com" }
      machine = { protocol = "email-json", endpoint = "machine@example.com" }
      chat    = { protocol = "lambda", endpoint = "arn:aws:lambda:eu-central-1:111122223333:function:chat" }
      archive = { protocol = "sqs", endpoint = "arn:aws:sqs:eu-central-1:111122223333:archive" }
    }
  }

  assert {
    condition = { for name, subscription in aws_sns_topic_subscription.this : name => [subscription.protocol, subscription.endpoint, subscription.topic_arn] } == {
      on-call = ["https", "https://events.example.com/integration/1", output.topic_arn]
      team    = ["email", "team@example.com", output.topic_arn]
      machine = ["email-json", "machine@example.com", output.topic_arn]
      chat    = ["lambda", "arn:aws:lambda:eu-central-1:111122223333:function:chat", output.topic_arn]
      archive = ["sqs", "arn:aws:sqs:eu-central-1:111122223333:archive", output.topic_arn]
    }
    error_message = "each subscription is made as given"
  }
}

run "own_key" {
  variables {
    create_kms_key = false
    kms_key_arn    = "arn:aws:kms:eu-central-1:111122223333:key/own"
  }

  assert {
    condition     = aws_sns_topic.this[0].kms_master_key_id == "arn:aws:kms:eu-central-1:111122223333:key/own" && output.kms_key_arn == "arn:aws:kms:eu-central-1:111122223333:key/own"
    error_message = "the topic is encrypted under the caller's key"
  }
  assert {
    condition     = length(aws_kms_key.this) == 0 && length(aws_kms_alias.this) == 0
    error_message = "no key is made beside it"
  }
}

run "own_topic" {
  variables {
    create_topic = false
    topic_arn    = "arn:aws:sns:eu-central-1:444455556666:operations"
  }

  assert {
    condition     = length(aws_sns_topic.this) == 0 && length(aws_kms_key.this) == 0 && length(aws_kms_alias.this) == 0
    error_message = "nothing is made beside it"
  }
  assert {
    condition     = output.topic_arn == "arn:aws:sns:eu-central-1:444455556666:operations" && output.actions == tolist(["arn:aws:sns:eu-central-1:444455556666:operations"]) && output.kms_key_arn == null
    error_message = "outputs name the caller's topic"
  }
}

run "tags_reach_every_resource" {
  variables {
    tags = { Environment = "test" }
  }

  assert {
    condition     = aws_sns_topic.this[0].tags == tomap({ Environment = "test" }) && aws_kms_key.this[0].tags == tomap({ Environment = "test" })
    error_message = "tags reach topic and key"
  }
}

run "off_creates_nothing" {
  variables {
    create        = false
    subscriptions = { team = { protocol = "email", endpoint = "team@example.com" } }
  }

  assert {
    condition     = length(aws_sns_topic.this) == 0 && length(aws_kms_key.this) == 0 && length(aws_kms_alias.this) == 0 && length(aws_sns_topic_subscription.this) == 0
    error_message = "nothing is created"
  }
  assert {
    condition     = output.topic_arn == null && output.kms_key_arn == null && length(output.actions) == 0
    error_message = "every output is null or empty"
  }
}
