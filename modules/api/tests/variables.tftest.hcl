# Every refusal of an input other than the contract.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name    = "shop-test"
  openapi = file("./tests/fixtures/items.yaml")
  integrations = {
    listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 10 }
    createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 10 }
    putNote    = { function_name = "shop-test-notes", alias_name = "live", invoke_arn = "arn:put", timeout = 28 }
  }
  authorizers = { iam = { type = "AWS_IAM" } }
}

run "a_name_that_cannot_be_a_statement_id" {
  command = plan

  variables {
    name = "shop test"
  }

  expect_failures = [var.name]
}

run "an_operation_without_a_function" {
  command = plan

  variables {
    integrations = {
      listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 10 }
      createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 10 }
    }
  }

  expect_failures = [var.integrations]
}

run "a_function_without_an_operation" {
  command = plan

  variables {
    integrations = {
      listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 10 }
      createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 10 }
      putNote    = { function_name = "shop-test-notes", alias_name = "live", invoke_arn = "arn:put", timeout = 28 }
      dropNote   = { function_name = "shop-test-notes", alias_name = "live", invoke_arn = "arn:drop", timeout = 28 }
    }
  }

  expect_failures = [var.integrations]
}

run "a_function_that_outlasts_the_api" {
  command = plan

  variables {
    integration_timeout_milliseconds = 28000
  }

  expect_failures = [var.integrations]
}

run "an_integration_timeout_below_the_range" {
  command = plan

  variables {
    integration_timeout_milliseconds = 49
    integrations = {
      listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 0.01 }
      createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 0.01 }
      putNote    = { function_name = "shop-test-notes", alias_name = "live", invoke_arn = "arn:put", timeout = 0.01 }
    }
  }

  expect_failures = [var.integration_timeout_milliseconds]
}

run "an_integration_timeout_above_the_range" {
  command = plan

  variables {
    integration_timeout_milliseconds = 29001
  }

  expect_failures = [var.integration_timeout_milliseconds]
}

run "a_scheme_without_an_authorizer" {
  command = plan

  variables {
    authorizers = {}
  }

  expect_failures = [var.authorizers]
}

run "an_authorizer_without_a_scheme" {
  command = plan

  variables {
    authorizers = { iam = { type = "AWS_IAM" }, token = { type = "AWS_IAM" } }
  }

  expect_failures = [var.authorizers]
}

run "an_unknown_authorizer" {
  command = plan

  variables {
    authorizers = { iam = { type = "CUSTOM" } }
  }

  expect_failures = [var.authorizers]
}

run "consumers_whose_keys_nobody_checks" {
  command = plan

  variables {
    consumers = { partner = { rate_limit = 10, burst_limit = 20 } }
  }

  expect_failures = [var.consumers]
}

run "a_throttle_that_refuses_all" {
  command = plan

  variables {
    throttle = { burst_limit = 0 }
  }

  expect_failures = [var.throttle]
}

run "a_throttle_without_an_operation" {
  command = plan

  variables {
    operation_throttles = { dropNote = { rate_limit = 1, burst_limit = 1 } }
  }

  expect_failures = [var.operation_throttles]
}

run "an_operation_throttle_that_refuses_all" {
  command = plan

  variables {
    operation_throttles = { putNote = { rate_limit = 0, burst_limit = 1 } }
  }

  expect_failures = [var.operation_throttles]
}

run "access_logs_kept_as_long_as_no_group_can_be" {
  command = plan

  variables {
    access_logs = { retention_in_days = 31 }
  }

  expect_failures = [var.access_logs]
}

run "access_logs_under_the_alias_of_a_key" {
  command = plan

  variables {
    access_logs = { kms_key_arn = "alias/logs" }
  }

  expect_failures = [var.access_logs]
}

run "an_execution_log_level_that_means_no_logs" {
  command = plan

  variables {
    execution_logs = { logging_level = "OFF" }
  }

  expect_failures = [var.execution_logs]
}

run "execution_logs_kept_as_long_as_no_group_can_be" {
  command = plan

  variables {
    execution_logs = { retention_in_days = 0 }
  }

  expect_failures = [var.execution_logs]
}

run "execution_logs_under_the_id_of_a_key" {
  command = plan

  variables {
    execution_logs = { kms_key_arn = "1234abcd" }
  }

  expect_failures = [var.execution_logs]
}

run "a_domain_in_upper_case" {
  command = plan

  variables {
    domain = { name = "API.example.com", zone_id = "Z123" }
  }

  expect_failures = [var.domain]
}

run "a_domain_that_is_a_url" {
  command = plan

  variables {
    domain = { name = "https://api.example.com", zone_id = "Z123" }
  }

  expect_failures = [var.domain]
}

run "a_domain_without_a_zone" {
  command = plan

  variables {
    domain = { name = "api.example.com" }
  }

  expect_failures = [var.domain]
}

run "a_certificate_to_prove_without_a_zone" {
  command = plan

  variables {
    domain = { name = "api.example.com", create_records = false }
  }

  expect_failures = [var.domain]
}

run "a_record_without_a_zone" {
  command = plan

  variables {
    domain = { name = "api.example.com", create_certificate = false, certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/c" }
  }

  expect_failures = [var.domain]
}

run "a_certificate_both_made_and_given" {
  command = plan

  variables {
    domain = { name = "api.example.com", zone_id = "Z123", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/c" }
  }

  expect_failures = [var.domain]
}

run "a_certificate_neither_made_nor_given" {
  command = plan

  variables {
    domain = { name = "api.example.com", zone_id = "Z123", create_certificate = false }
  }

  expect_failures = [var.domain]
}

run "a_certificate_of_another_region" {
  command = plan

  variables {
    domain = { name = "api.example.com", zone_id = "Z123", create_certificate = false, certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/c" }
  }

  expect_failures = [var.domain]
}

run "a_web_acl_of_cloudfront" {
  command = plan

  variables {
    web_acl_arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/a1b2c3d4"
  }

  expect_failures = [var.web_acl_arn]
}

run "a_web_acl_of_another_region" {
  command = plan

  variables {
    web_acl_arn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/a1b2c3d4"
  }

  expect_failures = [var.web_acl_arn]
}

run "a_web_acl_by_its_id" {
  command = plan

  variables {
    web_acl_arn = "a1b2c3d4"
  }

  expect_failures = [var.web_acl_arn]
}

run "an_action_that_is_a_name" {
  command = plan

  variables {
    alarms = { actions = ["alarms"] }
  }

  expect_failures = [var.alarms]
}

run "a_runbook_url_with_a_trailing_slash" {
  command = plan

  variables {
    alarms = { actions = [], runbook_url = "https://wiki.example.com/" }
  }

  expect_failures = [var.alarms]
}

run "a_5xx_rate_of_nothing" {
  command = plan

  variables {
    alarms = { actions = [], rate_5xx_percent = 0 }
  }

  expect_failures = [var.alarms]
}

run "a_4xx_rate_above_all_requests" {
  command = plan

  variables {
    alarms = { actions = [], rate_4xx_percent = 101 }
  }

  expect_failures = [var.alarms]
}

run "a_latency_in_seconds" {
  command = plan

  variables {
    alarms = { actions = [], latency_p99_milliseconds = 0.8 }
  }

  expect_failures = [var.alarms]
}

run "a_latency_that_no_answer_has" {
  command = plan

  variables {
    alarms = { actions = [], latency_p99_milliseconds = 29001 }
  }

  expect_failures = [var.alarms]
}

run "a_floor_of_no_request" {
  command = plan

  variables {
    alarms = { actions = [], rate_4xx_minimum_requests = 0 }
  }

  expect_failures = [var.alarms]
}

run "a_floor_of_half_a_request" {
  command = plan

  variables {
    alarms = { actions = [], rate_4xx_minimum_requests = 1.5 }
  }

  expect_failures = [var.alarms]
}

run "a_dashboard_of_a_function_by_its_arn" {
  command = plan

  variables {
    dashboard = { function_names = ["arn:aws:lambda:eu-central-1:123456789012:function:f"] }
  }

  expect_failures = [var.dashboard]
}

run "a_dashboard_of_a_database_by_its_host" {
  command = plan

  variables {
    dashboard = { db_instance_identifier = "shop.abc.eu-central-1.rds.amazonaws.com" }
  }

  expect_failures = [var.dashboard]
}
