mock_provider "aws" {
  source = "../../tests/mocks"
}

run "plans" {
  command = plan

  assert {
    condition     = module.api.stage_name == "api" && module.function.alias_name == "live"
    error_message = "an API and its function"
  }
}

run "tokens_of_another_issuer" {
  command = plan

  variables {
    oidc = { issuer = "https://issuer.example.com", audience = "shop" }
  }

  assert {
    condition     = module.api.user_pool_id == null && local.issuer == "https://issuer.example.com" && local.audience == "shop"
    error_message = "no user pool, and the function knows whose tokens it gets"
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
