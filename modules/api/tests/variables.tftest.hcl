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
