# One run for each thing the module refuses.
mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/users" }
  }
}

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

run "two_wildcards_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["s3:GetObject"], resources = ["**"] } }
  }

  expect_failures = [var.policy_statements]
}

run "name_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["s3:GetObject"], resources = ["bucket/object"] } }
  }

  expect_failures = [var.policy_statements]
}

run "any_account_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["iam:GetRole"], resources = ["arn:aws:iam::*:role/x"] } }
  }

  expect_failures = [var.policy_statements]
}

run "any_service_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["s3:GetObject"], resources = ["arn:aws:*:eu-central-1:111122223333:things/x"] } }
  }

  expect_failures = [var.policy_statements]
}

run "any_partition_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["s3:GetObject"], resources = ["arn:*:s3:::bucket/x"] } }
  }

  expect_failures = [var.policy_statements]
}

run "unknown_digit_of_account_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:eu-central-1:11112222333?:queue"] } }
  }

  expect_failures = [var.policy_statements]
}

run "every_bucket_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::*"] } }
  }

  expect_failures = [var.policy_statements]
}

run "every_queue_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:eu-central-1:111122223333:*"] } }
  }

  expect_failures = [var.policy_statements]
}

run "every_role_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["iam:GetRole"], resources = ["arn:aws:iam::111122223333:role/*"] } }
  }

  expect_failures = [var.policy_statements]
}

run "every_role_twice_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["iam:GetRole"], resources = ["arn:aws:iam::111122223333:role/**"] } }
  }

  expect_failures = [var.policy_statements]
}

run "every_secret_without_reason" {
  command = plan

  variables {
    policy_statements = { Read = { actions = ["secretsmanager:GetSecretValue"], resources = ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:*"] } }
  }

  expect_failures = [var.policy_statements]
}

run "package_nowhere" {
  command = plan

  variables {
    package = { source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  expect_failures = [var.package]
}

run "package_twice" {
  command = plan

  variables {
    package = { filename = "tests/package.jar", s3 = { bucket = "jars", key = "api.jar" }, source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  expect_failures = [var.package]
}

run "package_in_a_bucket_by_arn" {
  command = plan

  variables {
    package = { s3 = { bucket = "arn:aws:s3:::jars", key = "api.jar" }, source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  expect_failures = [var.package]
}

run "package_without_key" {
  command = plan

  variables {
    package = { s3 = { bucket = "jars", key = "" }, source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  expect_failures = [var.package]
}

run "unknown_handler_in_s3" {
  command = plan

  variables {
    handler = "webapp.api.users.Missing"
    package = { s3 = { bucket = "jars", key = "api.jar" }, handlers = ["webapp.api.users.UsersHandler"], source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  expect_failures = [var.handler]
}

run "handler_of_custom_runtime_with_space" {
  command = plan

  variables {
    handler    = "users handler"
    runtime    = "provided.al2023"
    snap_start = false
    package    = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  expect_failures = [var.handler]
}

run "snapshot_of_custom_runtime" {
  command = plan

  variables {
    runtime = "provided.al2023"
  }

  expect_failures = [var.snap_start]
}

run "snapshot_with_much_storage" {
  command = plan

  variables {
    ephemeral_storage_size = 513
  }

  expect_failures = [var.snap_start]
}

run "snapshot_with_provisioned_concurrency" {
  command = plan

  variables {
    provisioned_concurrency = { executions = 1 }
  }

  expect_failures = [var.snap_start]
}

run "six_layers" {
  command = plan

  variables {
    layers = [for i in range(6) : "arn:aws:lambda:eu-central-1:111122223333:layer:l:${i}"]
  }

  expect_failures = [var.layers]
}

run "layer_without_version" {
  command = plan

  variables {
    layers = ["arn:aws:lambda:eu-central-1:111122223333:layer:agent"]
  }

  expect_failures = [var.layers]
}

run "little_storage" {
  command = plan

  variables {
    ephemeral_storage_size = 511
  }

  expect_failures = [var.ephemeral_storage_size]
}

run "much_storage" {
  command = plan

  variables {
    snap_start             = false
    ephemeral_storage_size = 10241
  }

  expect_failures = [var.ephemeral_storage_size]
}

run "unknown_tracing_mode" {
  command = plan

  variables {
    tracing_mode = "active"
  }

  expect_failures = [var.tracing_mode]
}

run "failures_to_a_fifo_queue" {
  command = plan

  variables {
    failure_destination = { arn = "arn:aws:sqs:eu-central-1:111122223333:failures.fifo" }
  }

  expect_failures = [var.failure_destination]
}

run "failures_to_a_table" {
  command = plan

  variables {
    failure_destination = { arn = "arn:aws:dynamodb:eu-central-1:111122223333:table/failures" }
  }

  expect_failures = [var.failure_destination]
}

run "failures_to_a_name" {
  command = plan

  variables {
    failure_destination = { arn = "failures" }
  }

  expect_failures = [var.failure_destination]
}

run "failures_under_a_key_by_alias" {
  command = plan

  variables {
    failure_destination = { arn = "arn:aws:sqs:eu-central-1:111122223333:failures", kms_key_arn = "alias/mine" }
  }

  expect_failures = [var.failure_destination]
}

run "three_retries" {
  command = plan

  variables {
    maximum_retry_attempts = 3
  }

  expect_failures = [var.maximum_retry_attempts]
}

run "half_a_retry" {
  command = plan

  variables {
    maximum_retry_attempts = 0.5
  }

  expect_failures = [var.maximum_retry_attempts]
}

run "short_event_age" {
  command = plan

  variables {
    maximum_event_age_in_seconds = 59
  }

  expect_failures = [var.maximum_event_age_in_seconds]
}

run "long_event_age" {
  command = plan

  variables {
    maximum_event_age_in_seconds = 21601
  }

  expect_failures = [var.maximum_event_age_in_seconds]
}

run "negative_reserved_concurrency" {
  command = plan

  variables {
    reserved_concurrent_executions = -2
  }

  expect_failures = [var.reserved_concurrent_executions]
}

run "half_an_execution_reserved" {
  command = plan

  variables {
    reserved_concurrent_executions = 1.5
  }

  expect_failures = [var.reserved_concurrent_executions]
}

run "less_reserved_than_provisioned" {
  command = plan

  variables {
    snap_start                     = false
    reserved_concurrent_executions = 4
    provisioned_concurrency        = { executions = 5 }
  }

  expect_failures = [var.reserved_concurrent_executions]
}

run "less_reserved_than_tracked" {
  command = plan

  variables {
    snap_start                     = false
    reserved_concurrent_executions = 4
    provisioned_concurrency        = { target_tracking = { min = 1, max = 5 } }
  }

  expect_failures = [var.reserved_concurrent_executions]
}

run "less_reserved_than_scheduled" {
  command = plan

  variables {
    snap_start                     = false
    reserved_concurrent_executions = 4
    provisioned_concurrency        = { schedules = { noon = { schedule = "cron(0 12 ? * * *)", min = 5, max = 5 } } }
  }

  expect_failures = [var.reserved_concurrent_executions]
}

run "stopped_but_provisioned" {
  command = plan

  variables {
    snap_start                     = false
    reserved_concurrent_executions = 0
    provisioned_concurrency        = { executions = 1 }
  }

  expect_failures = [var.reserved_concurrent_executions]
}

run "nothing_provisioned" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = {}
  }

  expect_failures = [var.provisioned_concurrency]
}

run "fixed_and_tracked" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { executions = 1, target_tracking = { min = 1, max = 2 } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "fixed_and_scheduled" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { executions = 1, schedules = { noon = { schedule = "cron(0 12 ? * * *)", min = 1, max = 1 } } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "no_execution_provisioned" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { executions = 0 }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "half_an_execution_provisioned" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { executions = 1.5 }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "tracked_down_to_nothing" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { target_tracking = { min = 0, max = 2 } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "scheduled_down_to_nothing" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { schedules = { night = { schedule = "cron(0 22 ? * * *)", min = 0, max = 0 } } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "tracked_to_half_an_execution" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { target_tracking = { min = 1, max = 2.5 } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "tracked_upside_down" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { target_tracking = { min = 3, max = 2 } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "scheduled_upside_down" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { target_tracking = { min = 1, max = 2 }, schedules = { noon = { schedule = "cron(0 12 ? * * *)", min = 3, max = 2 } } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "little_utilization" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { target_tracking = { min = 1, max = 2, utilization = 0.05 } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "utilization_in_percent" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { target_tracking = { min = 1, max = 2, utilization = 70 } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "schedule_that_nothing_moves_in" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { schedules = { noon = { schedule = "cron(0 12 ? * * *)", min = 1, max = 2 } } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "schedule_of_crontab" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { schedules = { noon = { schedule = "0 12 * * *", min = 1, max = 1 } } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "unknown_timezone" {
  command = plan

  variables {
    snap_start              = false
    provisioned_concurrency = { schedules = { noon = { schedule = "cron(0 12 ? * * *)", min = 1, max = 1, timezone = "UTC+1" } } }
  }

  expect_failures = [var.provisioned_concurrency]
}

run "path_without_slash" {
  command = plan

  variables {
    iam_path = "webapp"
  }

  expect_failures = [var.iam_path]
}

run "path_with_space" {
  command = plan

  variables {
    iam_path = "/web app/"
  }

  expect_failures = [var.iam_path]
}

run "long_path" {
  command = plan

  variables {
    iam_path = "/${join("", [for i in range(511) : "x"])}/"
  }

  expect_failures = [var.iam_path]
}

run "alarms_that_tell_nobody" {
  command = plan

  variables {
    alarms = { actions = [] }
  }

  expect_failures = [var.alarms]
}

run "alarms_that_tell_six" {
  command = plan

  variables {
    alarms = { actions = [for i in range(6) : "arn:aws:sns:eu-central-1:111122223333:alarms-${i}"] }
  }

  expect_failures = [var.alarms]
}

run "alarms_that_tell_a_name" {
  command = plan

  variables {
    alarms = { actions = ["alarms"] }
  }

  expect_failures = [var.alarms]
}

run "alarms_that_tell_a_fifo_topic" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms.fifo"] }
  }

  expect_failures = [var.alarms]
}

run "runbook_with_slash" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], runbook_url = "docs/runbooks/" }
  }

  expect_failures = [var.alarms]
}

run "runbook_nowhere" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], runbook_url = "" }
  }

  expect_failures = [var.alarms]
}

run "alarm_on_no_error" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], errors = 0 }
  }

  expect_failures = [var.alarms]
}

run "alarm_on_half_an_error" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], errors = 1.5 }
  }

  expect_failures = [var.alarms]
}

run "alarm_on_no_throttle" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], throttles = 0 }
  }

  expect_failures = [var.alarms]
}

run "alarm_on_no_duration" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], duration_share = 0 }
  }

  expect_failures = [var.alarms]
}

run "alarm_after_the_timeout" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], duration_share = 1.1 }
  }

  expect_failures = [var.alarms]
}

# Applied, because only Lambda knows what lies in S3. The mock's answer is no hash at all.
run "another_build_in_s3" {
  variables {
    package = { s3 = { bucket = "jars", key = "api.jar" }, source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  expect_failures = [aws_lambda_function.this]
}
