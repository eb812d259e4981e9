# What checks a caller, and what cannot be combined.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name    = "shop-test"
  openapi = file("./tests/fixtures/secured.yaml")
  integrations = {
    for id in ["getProfile", "exportOrders", "reportDelivery", "listParcels", "listProducts", "listUsers"] :
    id => { function_name = "shop-test-${id}", alias_name = "live", invoke_arn = "arn:${id}", timeout = 10 }
  }
  authorizers = {
    people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
    machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
    partners = {
      type                  = "REQUEST"
      function              = { function_name = "shop-test-partners", alias_name = "live", invoke_arn = "arn:partners", timeout = 5 }
      identity_sources      = ["method.request.header.X-Partner", "method.request.querystring.warehouse", "context.resourcePath"]
      result_ttl_in_seconds = 60
    }
    carriers = {
      type                           = "TOKEN"
      function                       = { function_name = "shop-test-carriers", alias_name = "live", invoke_arn = "arn:carriers", timeout = 5 }
      identity_validation_expression = "^Bearer [A-Za-z0-9._-]+$"
    }
    keys = { type = "API_KEY" }
    iam  = { type = "AWS_IAM" }
  }
  consumers = { partner = { rate_limit = 10, burst_limit = 20 } }
}

run "schemes" {
  assert {
    condition = jsondecode(output.openapi_body).components.securitySchemes.people == {
      type                           = "apiKey", name = "Authorization", in = "header", x-amazon-apigateway-authtype = "cognito_user_pools"
      x-amazon-apigateway-authorizer = { type = "cognito_user_pools", providerARNs = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
    }
    error_message = "COGNITO_USER_POOLS becomes an authorizer of the pools, by the header Authorization."
  }

  assert {
    condition = jsondecode(output.openapi_body).components.securitySchemes.partners == {
      type = "apiKey", name = "Unused", in = "header", x-amazon-apigateway-authtype = "custom"
      x-amazon-apigateway-authorizer = {
        type                         = "request"
        authorizerUri                = "arn:partners"
        authorizerResultTtlInSeconds = 60
        identitySource               = "method.request.header.X-Partner, method.request.querystring.warehouse, context.resourcePath"
      }
    }
    error_message = "REQUEST becomes an authorizer by a function, whose cache is keyed on every identity source."
  }

  assert {
    condition = jsondecode(output.openapi_body).components.securitySchemes.carriers == {
      type = "apiKey", name = "Authorization", in = "header", x-amazon-apigateway-authtype = "custom"
      x-amazon-apigateway-authorizer = {
        type                         = "token"
        authorizerUri                = "arn:carriers"
        authorizerResultTtlInSeconds = 300
        identityValidationExpression = "^Bearer [A-Za-z0-9._-]+$"
      }
    }
    error_message = "TOKEN becomes an authorizer by a function, which sees what matches the expression alone."
  }

  assert {
    condition = (
      jsondecode(output.openapi_body).components.securitySchemes.keys == { type = "apiKey", name = "x-api-key", in = "header" }
      && jsondecode(output.openapi_body).components.securitySchemes.iam == { type = "apiKey", name = "Authorization", in = "header", x-amazon-apigateway-authtype = "awsSigv4" }
    )
    error_message = "API_KEY and AWS_IAM are API Gateway's own."
  }

  assert {
    condition = { for path, item in jsondecode(output.openapi_body).paths : path => [for method in ["get", "post"] : item[method].security if can(item[method])] if !contains(["/", "/{proxy+}"], path) } == {
      "/profile"    = [[{ people = [] }]]
      "/orders"     = [[{ machines = ["orders/read", "orders/all"] }]]
      "/deliveries" = [[{ partners = [], keys = [] }]]
      "/parcels"    = [[{ carriers = [] }]]
      "/products"   = [[{ keys = [] }]]
      "/users"      = [[{ iam = [] }]]
    }
    error_message = "An operation has its authorizer, its scopes, and the API key beside it."
  }
}

run "permissions_of_authorizers" {
  assert {
    condition = { for scheme, permission in aws_lambda_permission.authorizer : scheme => "${permission.statement_id_prefix} ${permission.principal} ${permission.action} ${permission.function_name}:${permission.qualifier} ${permission.source_arn}" } == {
      partners = "shop-test-partners-authorizer- apigateway.amazonaws.com lambda:InvokeFunction shop-test-partners:live arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/authorizers/*"
      carriers = "shop-test-carriers-authorizer- apigateway.amazonaws.com lambda:InvokeFunction shop-test-carriers:live arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/authorizers/*"
    }
    error_message = "API Gateway may ask the functions that decide, as an authorizer of this API and as nothing else."
  }
}

run "answers_to_missing_credentials" {
  command = plan

  assert {
    condition = { for type, response in jsondecode(output.openapi_body)["x-amazon-apigateway-gateway-responses"] : type => "${response.statusCode} ${response.responseParameters["gatewayresponse.header.WWW-Authenticate"]}" if can(response.responseParameters["gatewayresponse.header.WWW-Authenticate"]) } == {
      UNAUTHORIZED = "401 'Bearer'", EXPIRED_TOKEN = "401 'Bearer'"
    }
    error_message = "401 says by which scheme to authenticate."
  }
}

run "answers_to_missing_passwords" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/secured.yaml"), "carriers: { type: http, scheme: bearer }", "carriers: { type: http, scheme: Basic }")
  }

  assert {
    condition     = jsondecode(output.openapi_body)["x-amazon-apigateway-gateway-responses"].UNAUTHORIZED.responseParameters["gatewayresponse.header.WWW-Authenticate"] == "'Bearer, Basic realm=\"shop-test\", charset=\"UTF-8\"'"
    error_message = "401 names every scheme that has a challenge."
  }
}

run "a_function_that_is_asked_each_time" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = {
        type                  = "REQUEST"
        function              = { function_name = "shop-test-partners", alias_name = "live", invoke_arn = "arn:partners", timeout = 5 }
        identity_sources      = []
        result_ttl_in_seconds = 0
      }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-carriers", alias_name = "live", invoke_arn = "arn:carriers", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  assert {
    condition     = jsondecode(output.openapi_body).components.securitySchemes.partners["x-amazon-apigateway-authorizer"] == { type = "request", authorizerUri = "arn:partners", authorizerResultTtlInSeconds = 0 }
    error_message = "Without identity sources nothing is cached, and nothing refused before the function is asked."
  }
}

run "a_token_authorizer_without_a_function" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN" }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_function_for_a_signature" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_function_that_outlasts_api_gateway" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 30 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_cache_of_more_than_an_hour" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, result_ttl_in_seconds = 3601 }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_cache_of_half_a_second" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, result_ttl_in_seconds = 0.5 }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "an_identity_source_that_is_a_header" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["X-Partner", "method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "two_identity_sources_for_a_token" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.Authorization", "method.request.header.X-Other"] }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_query_parameter_for_a_pool" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"], identity_sources = ["method.request.querystring.token"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_cache_without_a_key" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = [] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_cache_for_a_pool" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"], result_ttl_in_seconds = 60 }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "an_expression_for_a_request" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"], identity_validation_expression = "^p" }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_bearer_token_as_an_api_key" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "API_KEY" }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "an_api_key_as_a_signature" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "AWS_IAM" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "credentials_that_nobody_looks_at" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_pool_for_a_function" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"], user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "no_pool_for_people" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS" }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "a_pool_by_its_id" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
  }

  expect_failures = [var.authorizers]
}

run "two_authorizers_and_a_key" {
  command = plan

  variables {
    create  = false
    openapi = replace(file("./tests/fixtures/secured.yaml"), "partners: [], keys: []", "partners: [], people: [], keys: []")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "POST /deliveries: name one security scheme, or one and the API key in the same requirement, or none; API Gateway takes one authorizer an operation."
    error_message = "Two authorizers are refused, with a key or without: ${join("\n", local.contract_faults)}"
  }
}

run "a_key_in_place_of_an_authorizer" {
  command = plan

  variables {
    create  = false
    openapi = replace(file("./tests/fixtures/secured.yaml"), "[{ partners: [], keys: [] }]", "[{ partners: [] }, { keys: [] }]")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "POST /deliveries: name one security scheme, or one and the API key in the same requirement, or none; API Gateway takes one authorizer an operation."
    error_message = "A key or a signature, as the caller likes, is refused: ${join("\n", local.contract_faults)}"
  }
}

run "a_scheme_that_is_not_defined" {
  command = plan

  variables {
    create  = false
    openapi = replace(file("./tests/fixtures/secured.yaml"), "partners: { type: apiKey, in: header, name: X-Partner }", "")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "partners: define it in components.securitySchemes; the security of an operation refers to it."
    error_message = "What an operation refers to has to be there: ${join("\n", local.contract_faults)}"
  }
}

run "scopes_of_people" {
  command = plan

  variables {
    create  = false
    openapi = replace(file("./tests/fixtures/secured.yaml"), "people: []", "people: [orders/read]")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "GET /profile (people): remove the scopes; OpenAPI 3.0 has them for oauth2 and openIdConnect only."
    error_message = "A bearer token has no scopes in OpenAPI 3.0: ${join("\n", local.contract_faults)}"
  }
}

run "scopes_of_a_function" {
  command = plan

  variables {
    create  = false
    openapi = replace(replace(file("./tests/fixtures/secured.yaml"), "carriers: []", "carriers: [parcels/read]"), "carriers: { type: http, scheme: bearer }", "carriers: { type: openIdConnect, openIdConnectUrl: https://id.example.com/.well-known/openid-configuration }")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "GET /parcels (carriers): remove the scopes; of the authorizers only COGNITO_USER_POOLS and JWT look at them, a function has to know its own rules."
    error_message = "No scope is written that nobody checks: ${join("\n", local.contract_faults)}"
  }
}

run "machines_without_a_scope" {
  command = plan

  variables {
    create  = false
    openapi = replace(file("./tests/fixtures/secured.yaml"), "machines: [orders/read, orders/all]", "machines: []")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "GET /orders (machines): name a scope, `SCHEME: [IDENTIFIER/SCOPE]`; without one API Gateway takes ID tokens, which machines do not get, and refuses access tokens."
    error_message = "A token of the wrong use would be asked for: ${join("\n", local.contract_faults)}"
  }
}

run "a_scope_that_is_not_declared" {
  command = plan

  variables {
    create  = false
    openapi = replace(file("./tests/fixtures/secured.yaml"), "orders/all]", "orders/write]")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "orders/write (machines): declare it in the scopes of the scheme's flows."
    error_message = "OpenAPI wants scopes declared: ${join("\n", local.contract_faults)}"
  }
}

run "no_permission_without_an_api" {
  command = plan

  variables {
    create = false
  }

  assert {
    condition     = length(aws_lambda_permission.authorizer) == 0
    error_message = "Nothing is created."
  }
}

################################################################################
# Consumers
################################################################################

run "consumers" {
  variables {
    consumers = {
      partner = { rate_limit = 10, burst_limit = 20, quota = { limit = 1000, period = "WEEK", offset = 1 } }
      former  = { rate_limit = 0.5, burst_limit = 1, enabled = false }
    }
    tags = { environment = "test" }
  }

  assert {
    condition     = { for name, key in aws_api_gateway_api_key.this : name => "${key.name} ${key.enabled} ${key.tags.environment}" } == { partner = "shop-test-partner true test", former = "shop-test-former false test" }
    error_message = "Each consumer has a key, which can be turned off."
  }

  assert {
    condition = { for name, plan in aws_api_gateway_usage_plan.this : name => "${plan.name} ${plan.throttle_settings[0].rate_limit}/${plan.throttle_settings[0].burst_limit} ${try("${plan.quota_settings[0].limit} ${plan.quota_settings[0].period} ${plan.quota_settings[0].offset}", "no quota")} ${one(plan.api_stages).api_id}/${one(plan.api_stages).stage}" } == {
      partner = "shop-test-partner 10/20 1000 WEEK 1 a1b2c3d4e5/api"
      former  = "shop-test-former 0.5/1 no quota a1b2c3d4e5/api"
    }
    error_message = "Each consumer has limits of its own, for this stage."
  }

  assert {
    condition     = { for name, key in aws_api_gateway_usage_plan_key.this : name => "${key.key_type} ${key.key_id} ${key.usage_plan_id}" } == { partner = "API_KEY key1 plan1", former = "API_KEY key1 plan1" } && output.api_key_ids == { partner = "key1", former = "key1" }
    error_message = "A key belongs to its consumer's plan, and is told by its id."
  }
}

run "no_consumers_without_an_api" {
  command = plan

  variables {
    create = false
  }

  assert {
    condition     = length(aws_api_gateway_api_key.this) + length(aws_api_gateway_usage_plan.this) + length(aws_api_gateway_usage_plan_key.this) == 0 && length(output.api_key_ids) == 0
    error_message = "Nothing is created."
  }
}

run "a_consumer_with_a_space" {
  command = plan

  variables {
    consumers = { "a partner" = { rate_limit = 10, burst_limit = 20 } }
  }

  expect_failures = [var.consumers]
}

run "a_consumer_that_may_not_call" {
  command = plan

  variables {
    consumers = { partner = { rate_limit = 10, burst_limit = 0 } }
  }

  expect_failures = [var.consumers]
}

run "a_quota_of_an_hour" {
  command = plan

  variables {
    consumers = { partner = { rate_limit = 10, burst_limit = 20, quota = { limit = 1000, period = "HOUR" } } }
  }

  expect_failures = [var.consumers]
}

run "a_quota_of_nothing" {
  command = plan

  variables {
    consumers = { partner = { rate_limit = 10, burst_limit = 20, quota = { limit = 0, period = "DAY" } } }
  }

  expect_failures = [var.consumers]
}

run "a_day_that_starts_tomorrow" {
  command = plan

  variables {
    consumers = { partner = { rate_limit = 10, burst_limit = 20, quota = { limit = 1000, period = "DAY", offset = 1 } } }
  }

  expect_failures = [var.consumers]
}

run "a_week_of_eight_days" {
  command = plan

  variables {
    consumers = { partner = { rate_limit = 10, burst_limit = 20, quota = { limit = 1000, period = "WEEK", offset = 7 } } }
  }

  expect_failures = [var.consumers]
}
