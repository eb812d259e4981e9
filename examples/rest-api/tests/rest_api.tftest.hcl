mock_provider "aws" {
  source = "../../tests/mocks"
}

run "plans" {
  command = plan

  assert {
    condition     = module.api.stage_name == "api" && keys(module.api.api_key_ids) == ["partner"]
    error_message = "an API and its consumers"
  }

  assert {
    condition     = local.operations == ["getCaller", "getConsumer", "getStatus"]
    error_message = "one function for every operation"
  }
}

run "consumers" {
  command = plan

  variables {
    consumers = { one = { rate_limit = 1, burst_limit = 2, quota = 3 }, two = { rate_limit = 10, burst_limit = 20, quota = 30 } }
  }

  assert {
    condition     = keys(module.api.api_key_ids) == ["one", "two"]
    error_message = "a key for each"
  }
}

run "a_jar_and_a_contract_of_the_callers" {
  command = plan

  variables {
    name    = "mine"
    region  = "us-east-1"
    jar     = "../../dist/database.jar"
    handler = "com.example.Handler"
    openapi = "tests/contract.yaml"
  }

  assert {
    condition     = module.function.function_name == "mine" && local.operations == ["getStatus", "getThings"]
    error_message = "one function for every operation of any contract"
  }
}
