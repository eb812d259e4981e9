# One run for each thing the module refuses.
mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
}

variables {
  name = "shop-prod-alarms"
}

run "name_with_space" {
  command = plan

  variables {
    name = "shop alarms"
  }

  expect_failures = [var.name]
}

run "name_of_aws" {
  command = plan

  variables {
    name = "aws-alarms"
  }

  expect_failures = [var.name]
}

run "key_by_alias" {
  command = plan

  variables {
    create_kms_key = false
    kms_key_arn    = "alias/mine"
  }

  expect_failures = [var.kms_key_arn]
}

run "key_made_and_given" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/own"
  }

  expect_failures = [var.kms_key_arn]
}

run "key_neither_made_nor_given" {
  command = plan

  variables {
    create_kms_key = false
  }

  expect_failures = [var.kms_key_arn]
}

run "topic_by_name" {
  command = plan

  variables {
    create_topic = false
    topic_arn    = "operations"
  }

  expect_failures = [var.topic_arn]
}

run "fifo_topic" {
  command = plan

  variables {
    create_topic = false
    topic_arn    = "arn:aws:sns:eu-central-1:111122223333:operations.fifo"
  }

  expect_failures = [var.topic_arn]
}

run "topic_made_and_given" {
  command = plan

  variables {
    topic_arn = "arn:aws:sns:eu-central-1:111122223333:operations"
  }

  expect_failures = [var.topic_arn]
}

run "topic_neither_made_nor_given" {
  command = plan

  variables {
    create_topic = false
  }

  expect_failures = [var.topic_arn]
}

run "topic_of_another_region" {
  command = plan

  variables {
    create_topic = false
    topic_arn    = "arn:aws:sns:us-east-1:111122223333:operations"
  }

  expect_failures = [var.topic_arn]
}

run "unknown_protocol" {
  command = plan

  variables {
    subscriptions = { team = { protocol = "http", endpoint = "http://example.com" } }
  }

  expect_failures = [var.subscriptions]
}

run "address_without_at" {
  command = plan

  variables {
    subscriptions = { team = { protocol = "email", endpoint = "team" } }
  }

  expect_failures = [var.subscriptions]
}

run "json_address_without_at" {
  command = plan

  variables {
    subscriptions = { team = { protocol = "email-json", endpoint = "team" } }
  }

  expect_failures = [var.subscriptions]
}

run "url_without_tls" {
  command = plan

  variables {
    subscriptions = { on-call = { protocol = "https", endpoint = "http://example.com" } }
  }

  expect_failures = [var.subscriptions]
}

run "function_by_name" {
  command = plan

  variables {
    subscriptions = { chat = { protocol = "lambda", endpoint = "chat" } }
  }

  expect_failures = [var.subscriptions]
}

run "queue_by_url" {
  command = plan

  variables {
    subscriptions = { archive = { protocol = "sqs", endpoint = "https://sqs.eu-central-1.amazonaws.com/111122223333/archive" } }
  }

  expect_failures = [var.subscriptions]
}

run "subscription_to_own_topic" {
  command = plan

  variables {
    create_topic  = false
    topic_arn     = "arn:aws:sns:eu-central-1:111122223333:operations"
    subscriptions = { team = { protocol = "email", endpoint = "team@example.com" } }
  }

  expect_failures = [var.subscriptions]
}
