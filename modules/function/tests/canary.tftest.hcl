# The alias that a rollout moves, and how it is handed over.
mock_provider "aws" {
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/users" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/users", id = "users" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:users", version = "7" }
  }
  mock_resource "aws_lambda_alias" {
    defaults = {
      arn        = "arn:aws:lambda:eu-central-1:111122223333:function:users:live"
      invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:users:live/invocations"
    }
  }
}

variables {
  function_name = "users"
  handler       = "webapp.api.users.UsersHandler"
  package       = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
}

run "first_version_serves_at_once" {
  state_key = "canary"
  variables {
    canary                 = true
    maximum_retry_attempts = 0
  }

  assert {
    condition     = length(aws_lambda_alias.live) == 0 && aws_lambda_alias.canary[0].name == "live" && aws_lambda_alias.canary[0].function_version == "7"
    error_message = "the alias has its name, and begins with the version there is"
  }
  assert {
    condition     = output.alias_name == "live" && output.alias_arn == "arn:aws:lambda:eu-central-1:111122223333:function:users:live" && endswith(output.alias_invoke_arn, ":live/invocations") && output.version == "7"
    error_message = "callers see no difference"
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.live[0].qualifier == "live"
    error_message = "asynchronous events go to the alias"
  }
}

run "apply_leaves_what_a_rollout_did" {
  state_key = "canary"
  variables {
    canary                 = true
    maximum_retry_attempts = 0
  }

  # A mock publishes no version for a change.
  plan_options {
    replace = [aws_lambda_function.this[0]]
  }

  override_resource {
    target = aws_lambda_function.this
    values = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:users", version = "8" }
  }

  assert {
    condition     = output.version == "8" && aws_lambda_alias.canary[0].function_version == "7"
    error_message = "a new version does not move the alias"
  }
}

run "switched_off" {
  state_key       = "canary"
  command         = plan
  expect_failures = [aws_lambda_alias.live]
}

run "without" {
  state_key = "live"

  assert {
    condition     = length(aws_lambda_alias.canary) == 0 && aws_lambda_alias.live[0].function_version == "7" && output.alias_name == "live"
    error_message = "the apply moves the alias unless told otherwise"
  }
}

run "switched_on" {
  state_key = "live"
  command   = plan
  variables {
    canary = true
  }
  expect_failures = [aws_lambda_alias.canary]
}

run "with_provisioned_concurrency" {
  state_key = "refused"
  command   = plan
  variables {
    canary                  = true
    snap_start              = false
    provisioned_concurrency = { executions = 2 }
  }
  expect_failures = [var.canary]
}
