# One run for each thing the module refuses.
mock_provider "aws" {}

variables {
  name = "shop-canary"
  package = {
    filename         = "tests/package.jar"
    source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
  }
  functions = { users = { function_name = "shop-users", alias_name = "live", version = "8" } }
}

run "name_with_a_space" {
  command = plan

  variables {
    name = "shop canary"
  }

  expect_failures = [var.name]
}

run "no_function" {
  command = plan

  variables {
    functions = {}
  }

  expect_failures = [var.functions]
}

run "arn_of_a_function" {
  command = plan

  variables {
    functions = { users = { function_name = "arn:aws:lambda:eu-central-1:111122223333:function:users", alias_name = "live", version = "8" } }
  }

  expect_failures = [var.functions]
}

run "function_that_stands_there_twice" {
  command = plan

  variables {
    functions = {
      a = { function_name = "shop-users", alias_name = "live", version = "8" }
      b = { function_name = "shop-users", alias_name = "live", version = "8" }
    }
  }

  expect_failures = [var.functions]
}

run "version_for_an_alias" {
  command = plan

  variables {
    functions = { users = { function_name = "shop-users", alias_name = "7", version = "8" } }
  }

  expect_failures = [var.functions]
}

run "latest_version" {
  command = plan

  variables {
    functions = { users = { function_name = "shop-users", alias_name = "live", version = "$LATEST" } }
  }

  expect_failures = [var.functions]
}

run "no_weight" {
  command = plan

  variables {
    functions = { users = { function_name = "shop-users", alias_name = "live", version = "8", weight = 0 } }
  }

  expect_failures = [var.functions]
}

run "most_of_the_weight" {
  command = plan

  variables {
    functions = { users = { function_name = "shop-users", alias_name = "live", version = "8", weight = 0.51 } }
  }

  expect_failures = [var.functions]
}

run "no_time_to_bake" {
  command = plan

  variables {
    functions = { users = { function_name = "shop-users", alias_name = "live", version = "8", bake_minutes = 0 } }
  }

  expect_failures = [var.functions]
}

run "half_a_minute_to_bake" {
  command = plan

  variables {
    functions = { users = { function_name = "shop-users", alias_name = "live", version = "8", bake_minutes = 1.5 } }
  }

  expect_failures = [var.functions]
}

run "no_errors_to_end_it" {
  command = plan

  variables {
    functions = { users = { function_name = "shop-users", alias_name = "live", version = "8", errors = 0 } }
  }

  expect_failures = [var.functions]
}

run "arn_of_an_alarm" {
  command = plan

  variables {
    functions = { users = { function_name = "shop-users", alias_name = "live", version = "8", alarm_names = ["arn:aws:cloudwatch:eu-central-1:111122223333:alarm:x"] } }
  }

  expect_failures = [var.functions]
}

run "more_alarms_than_fit" {
  command = plan

  variables {
    functions = { users = { function_name = "shop-users", alias_name = "live", version = "8", alarm_names = [for i in range(40) : "an-alarm-with-a-name-as-long-as-names-of-alarms-are-${i}"] } }
  }

  expect_failures = [aws_cloudwatch_event_rule.alarm]
}

run "fifo_topic" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms.fifo"] }
  }

  expect_failures = [var.alarms]
}

run "runbooks_with_a_slash" {
  command = plan

  variables {
    alarms = { runbook_url = "docs/runbooks/" }
  }

  expect_failures = [var.alarms]
}
