# One run for each thing the module refuses.
mock_provider "aws" {}

variables {
  function_name = "users"
  handler       = "webapp.api.users.UsersHandler"
  package = {
    filename         = "tests/package.jar"
    source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    handlers         = ["webapp.api.health.HealthHandler", "webapp.api.users.UsersHandler"]
  }
}

run "missing_package" {
  command = plan

  variables {
    package = { filename = "tests/absent.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  expect_failures = [aws_lambda_function.this]
}

run "hash_in_hex" {
  command = plan

  variables {
    package = { filename = "tests/package.jar", source_code_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" }
  }

  expect_failures = [var.package]
}

run "unknown_handler" {
  command = plan

  variables {
    handler = "webapp.api.users.Missing"
  }

  expect_failures = [var.handler]
}

run "handler_with_method" {
  command = plan

  variables {
    handler = "webapp.api.users.UsersHandler::handleRequest"
    package = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  expect_failures = [var.handler]
}

run "function_name_with_space" {
  command = plan

  variables {
    function_name = "my users"
  }

  expect_failures = [var.function_name]
}

run "long_description" {
  command = plan

  variables {
    description = join("", [for i in range(257) : "x"])
  }

  expect_failures = [var.description]
}

run "old_runtime" {
  command = plan

  variables {
    runtime = "java17"
  }

  expect_failures = [var.runtime]
}

run "two_architectures" {
  command = plan

  variables {
    architectures = ["arm64", "x86_64"]
  }

  expect_failures = [var.architectures]
}

run "unknown_architecture" {
  command = plan

  variables {
    architectures = ["arm"]
  }

  expect_failures = [var.architectures]
}

run "little_memory" {
  command = plan

  variables {
    memory_size = 127
  }

  expect_failures = [var.memory_size]
}

run "much_memory" {
  command = plan

  variables {
    memory_size = 10241
  }

  expect_failures = [var.memory_size]
}

run "no_timeout" {
  command = plan

  variables {
    timeout = 0
  }

  expect_failures = [var.timeout]
}

run "long_timeout" {
  command = plan

  variables {
    timeout = 901
  }

  expect_failures = [var.timeout]
}

run "reserved_environment_of_aws" {
  command = plan

  variables {
    environment = { AWS_REGION = "eu-central-1" }
  }

  expect_failures = [var.environment]
}

run "reserved_environment_of_lambda" {
  command = plan

  variables {
    environment = { LAMBDA_TASK_ROOT = "/" }
  }

  expect_failures = [var.environment]
}

run "reserved_environment_handler" {
  command = plan

  variables {
    environment = { _HANDLER = "x" }
  }

  expect_failures = [var.environment]
}

run "malformed_environment_name" {
  command = plan

  variables {
    environment = { "DATABASE-NAME" = "x" }
  }

  expect_failures = [var.environment]
}

run "vpc_without_subnets" {
  command = plan

  variables {
    vpc = { subnet_ids = [], security_group_ids = ["sg-functions"] }
  }

  expect_failures = [var.vpc]
}

run "vpc_without_security_groups" {
  command = plan

  variables {
    vpc = { subnet_ids = ["subnet-a"], security_group_ids = [] }
  }

  expect_failures = [var.vpc]
}

run "key_by_alias" {
  command = plan

  variables {
    kms_key_arn = "alias/mine"
  }

  expect_failures = [var.kms_key_arn]
}

run "log_key_by_alias" {
  command = plan

  variables {
    log_kms_key_arn = "alias/mine"
  }

  expect_failures = [var.log_kms_key_arn]
}

run "odd_retention" {
  command = plan

  variables {
    log_retention_in_days = 31
  }

  expect_failures = [var.log_retention_in_days]
}

run "unknown_application_log_level" {
  command = plan

  variables {
    application_log_level = "info"
  }

  expect_failures = [var.application_log_level]
}

run "unknown_system_log_level" {
  command = plan

  variables {
    system_log_level = "ERROR"
  }

  expect_failures = [var.system_log_level]
}

run "malformed_role_name" {
  command = plan

  variables {
    role_name = "my role"
  }

  expect_failures = [var.role_name]
}

run "boundary_by_name" {
  command = plan

  variables {
    permissions_boundary = "boundary"
  }

  expect_failures = [var.permissions_boundary]
}

run "statement_id_with_hyphen" {
  command = plan

  variables {
    policy_statements = { "read-secret" = { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::b/*"] } }
  }

  expect_failures = [var.policy_statements]
}

run "statement_without_actions" {
  command = plan

  variables {
    policy_statements = { Read = { actions = [], resources = ["arn:aws:s3:::b/*"] } }
  }

  expect_failures = [var.policy_statements]
}

run "statement_without_resources" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["s3:GetObject"], resources = [] } }
  }

  expect_failures = [var.policy_statements]
}

run "statement_with_every_action" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["*"], resources = ["arn:aws:s3:::b/*"] } }
  }

  expect_failures = [var.policy_statements]
}

run "statement_with_every_action_of_a_service" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["s3:*"], resources = ["arn:aws:s3:::b/*"] } }
  }

  expect_failures = [var.policy_statements]
}

run "wildcard_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["s3:GetObject"], resources = ["*"] } }
  }

  expect_failures = [var.policy_statements]
}

run "wildcard_with_blank_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["s3:GetObject"], resources = ["*"], wildcard_reason = " " } }
  }

  expect_failures = [var.policy_statements]
}
