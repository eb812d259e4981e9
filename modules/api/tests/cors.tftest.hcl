# Pages of other origins.

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

run "none_unless_asked_for" {
  command = plan

  assert {
    condition     = !strcontains(output.openapi_body, "Access-Control") && !can(jsondecode(output.openapi_body).paths["/items"].options) && length(output.cors_environment) == 0
    error_message = "Other origins are kept out."
  }
}

run "one_origin" {
  command = plan

  variables {
    cors = { allow_origins = ["https://shop.example.com"], allow_headers = ["Content-Type", "X-Csrf"], expose_headers = ["ETag"], max_age = 600, allow_credentials = true }
  }

  assert {
    condition = { for path, item in jsondecode(output.openapi_body).paths : path => item.options["x-amazon-apigateway-integration"].responses.default.responseParameters if can(item.options) } == {
      for path, methods in { "/items"                             = "GET,POST", "/items/{itemId}/notes/{noteId}" = "PUT" } : path => {
        "method.response.header.Access-Control-Allow-Origin"      = "'https://shop.example.com'"
        "method.response.header.Access-Control-Allow-Credentials" = "'true'"
        "method.response.header.Access-Control-Allow-Methods"     = "'${methods}'"
        "method.response.header.Access-Control-Allow-Headers"     = "'Content-Type,X-Csrf'"
        "method.response.header.Access-Control-Max-Age"           = "'600'"
      }
    }
    error_message = "A preflight is answered for each path with its methods."
  }

  assert {
    condition = alltrue([
      for item in values(jsondecode(output.openapi_body).paths) :
      item.options.security == [] && keys(item.options.responses) == ["204"] && item.options["x-amazon-apigateway-integration"].type == "mock"
      && item.options["x-amazon-apigateway-integration"].responses.default.statusCode == "204"
      && jsondecode(item.options["x-amazon-apigateway-integration"].requestTemplates["application/json"]).statusCode == 204
      && item.options["x-amazon-apigateway-integration"].responses.default.responseTemplates["application/json"] == ""
      && toset([for parameter in keys(item.options["x-amazon-apigateway-integration"].responses.default.responseParameters) : trimprefix(parameter, "method.response.header.")]) == toset(keys(item.options.responses["204"].headers))
      if can(item.options)
    ])
    error_message = "A preflight needs no credentials, asks no function, and declares the headers it has."
  }

  assert {
    condition = alltrue([
      for item in values(jsondecode(output.openapi_body).paths) :
      item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.responseParameters["method.response.header.Access-Control-Allow-Origin"] == "'https://shop.example.com'"
      && contains(keys(one(values(item["x-amazon-apigateway-any-method"].responses)).headers), "Access-Control-Allow-Origin")
      && jsondecode(item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.responseTemplates["application/json"]).correlationId == "$context.requestId"
    ])
    error_message = "A page can read that a path or a method is not there."
  }

  assert {
    condition     = jsondecode(output.openapi_body).paths["/items"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.responseParameters["method.response.header.Allow"] == "'GET, OPTIONS, POST'"
    error_message = "OPTIONS is a method like others then."
  }

  assert {
    condition = alltrue([
      for response in values(jsondecode(output.openapi_body)["x-amazon-apigateway-gateway-responses"]) :
      response.responseParameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'https://shop.example.com'"
      && response.responseParameters["gatewayresponse.header.Access-Control-Allow-Credentials"] == "'true'"
      && response.responseParameters["gatewayresponse.header.Access-Control-Expose-Headers"] == "'ETag'"
    ])
    error_message = "A page can read API Gateway's own errors."
  }

  assert {
    condition     = output.cors_environment == { CORS_ALLOW_ORIGINS = "https://shop.example.com", CORS_ALLOW_CREDENTIALS = "true", CORS_EXPOSE_HEADERS = "ETag" }
    error_message = "Functions are told what to add to their answers."
  }
}

run "several_origins" {
  command = plan

  variables {
    cors = { allow_origins = ["https://shop.example.com", "https://admin.example.com:8443", "http://localhost:3000"] }
  }

  assert {
    condition = jsondecode(output.openapi_body).paths["/items"].options["x-amazon-apigateway-integration"].responses.default == {
      statusCode = "204"
      responseParameters = {
        "method.response.header.Access-Control-Allow-Origin"  = "'https://shop.example.com'"
        "method.response.header.Access-Control-Allow-Methods" = "'GET,POST'"
        "method.response.header.Access-Control-Allow-Headers" = "'Authorization,Content-Type,Idempotency-Key'"
        "method.response.header.Access-Control-Max-Age"       = "'7200'"
        "method.response.header.Vary"                         = "'Origin'"
      }
      responseTemplates = {
        "application/json" = "#set($origin = $input.params('Origin'))#if($origin == '')#set($origin = $input.params('origin'))#end#if($origin == 'https://admin.example.com:8443' || $origin == 'http://localhost:3000')#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end\n"
      }
    }
    error_message = "A listed origin is named, one that is not listed is told another's."
  }

  assert {
    condition     = alltrue([for item in values(jsondecode(output.openapi_body).paths) : startswith(item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.responseTemplates["application/json"], "#set($origin = ") && item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.responseParameters["method.response.header.Vary"] == "'Origin'"])
    error_message = "So are the mocks' problems."
  }

  assert {
    condition     = alltrue([for response in values(jsondecode(output.openapi_body)["x-amazon-apigateway-gateway-responses"]) : response.responseParameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'" && !can(response.responseParameters["gatewayresponse.header.Access-Control-Allow-Credentials"])])
    error_message = "API Gateway's own errors cannot choose: everybody may read them, without credentials. An echo of the request's origin is nowhere."
  }

  assert {
    condition     = output.cors_environment == { CORS_ALLOW_ORIGINS = "https://shop.example.com,https://admin.example.com:8443,http://localhost:3000", CORS_ALLOW_CREDENTIALS = "false", CORS_EXPOSE_HEADERS = "Retry-After" }
    error_message = "Functions choose among the origins."
  }
}

run "all_origins" {
  command = plan

  variables {
    cors = { allow_origins = ["*"] }
  }

  assert {
    condition     = jsondecode(output.openapi_body).paths["/items"].options["x-amazon-apigateway-integration"].responses.default.responseParameters["method.response.header.Access-Control-Allow-Origin"] == "'*'" && !strcontains(output.openapi_body, "Vary")
    error_message = "All origins are all."
  }
}

run "an_operation_where_cors_answers" {
  command = plan

  variables {
    create  = false
    openapi = replace(file("./tests/fixtures/items.yaml"), "put:", "options:")
    cors    = { allow_origins = ["https://shop.example.com"] }
  }

  assert {
    condition     = join("\n", local.contract_faults) == "OPTIONS /items/{itemId}/notes/{noteId}: remove it; cors answers OPTIONS."
    error_message = "OPTIONS is the contract's or cors', not both's: ${join("\n", local.contract_faults)}"
  }
}

run "an_origin_with_a_slash" {
  command = plan

  variables {
    cors = { allow_origins = ["https://shop.example.com/"] }
  }

  expect_failures = [var.cors]
}

run "an_origin_without_tls" {
  command = plan

  variables {
    cors = { allow_origins = ["http://shop.example.com"] }
  }

  expect_failures = [var.cors]
}

run "all_origins_and_one" {
  command = plan

  variables {
    cors = { allow_origins = ["*", "https://shop.example.com"] }
  }

  expect_failures = [var.cors]
}

run "no_origin" {
  command = plan

  variables {
    cors = { allow_origins = [] }
  }

  expect_failures = [var.cors]
}

run "all_headers" {
  command = plan

  variables {
    cors = { allow_origins = ["https://shop.example.com"], allow_headers = ["*"] }
  }

  expect_failures = [var.cors]
}

run "a_memory_of_a_week" {
  command = plan

  variables {
    cors = { allow_origins = ["https://shop.example.com"], max_age = 604800 }
  }

  expect_failures = [var.cors]
}

run "credentials_of_several_origins" {
  command = plan

  variables {
    cors = { allow_origins = ["https://shop.example.com", "https://admin.example.com"], allow_credentials = true }
  }

  expect_failures = [var.cors]
}

run "credentials_of_all_origins" {
  command = plan

  variables {
    cors = { allow_origins = ["*"], allow_credentials = true }
  }

  expect_failures = [var.cors]
}
