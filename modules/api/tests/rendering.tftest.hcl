# What API Gateway imports.

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

run "operations" {
  command = plan

  assert {
    condition     = toset(keys(jsondecode(output.openapi_body).paths)) == toset(["/", "/{proxy+}", "/items", "/items/{itemId}/notes/{noteId}"])
    error_message = "The body has the contract's paths, and the two that answer for unknown ones."
  }

  assert {
    condition     = toset(keys(jsondecode(output.openapi_body).paths["/items"])) == toset(["get", "post", "x-amazon-apigateway-any-method"])
    error_message = "A path has the contract's methods, and one that answers for the others."
  }

  assert {
    condition = jsondecode(output.openapi_body).paths["/items/{itemId}/notes/{noteId}"].put == {
      operationId = "putNote"
      parameters = [
        { name = "itemId", in = "path", required = true, schema = { type = "string" } },
        { name = "noteId", in = "path", required = true, schema = { type = "string" } },
      ]
      requestBody = { required = true, content = { "application/json" = { schema = { "$ref" = "#/components/schemas/Note" } } } }
      responses   = { "200" = { description = "The function's answer; the contract lists the statuses." } }
      security    = [{ iam = [] }]

      x-amazon-apigateway-request-validator = "body-and-parameters"
      x-amazon-apigateway-integration = {
        type                = "aws_proxy"
        httpMethod          = "POST"
        uri                 = "arn:put"
        passthroughBehavior = "when_no_match"
        timeoutInMillis     = 29000
      }
    }
    error_message = "An operation calls its function's alias by POST, with validator, model and authorizer."
  }

  assert {
    condition = jsondecode(output.openapi_body).paths["/items"].get.parameters == [
      { name = "X-Trace", in = "header", required = false, schema = { type = "string" } },
      { name = "limit", in = "query", required = true, schema = { type = "string" } },
    ]
    error_message = "Query and header parameters are rendered, references resolved, cookies left to the function."
  }

  assert {
    condition     = jsondecode(output.openapi_body).paths["/items"].get.security == [] && !can(jsondecode(output.openapi_body).paths["/items"].get.requestBody)
    error_message = "A public operation has no authorizer; one without a body has no model."
  }

  assert {
    condition = jsondecode(output.openapi_body).components.securitySchemes == {
      iam = { type = "apiKey", name = "Authorization", in = "header", x-amazon-apigateway-authtype = "awsSigv4" }
    }
    error_message = "AWS_IAM becomes API Gateway's SigV4 scheme."
  }

  assert {
    condition     = jsondecode(output.openapi_body)["x-amazon-apigateway-request-validators"] == { body-and-parameters = { validateRequestBody = true, validateRequestParameters = true } }
    error_message = "The validator checks body and parameters."
  }
}

run "models" {
  command = plan

  assert {
    condition     = toset(keys(jsondecode(output.openapi_body).components.schemas)) == toset(["Item", "Tag", "Owner", "Note"])
    error_message = "Schemas of request bodies become models, with all they refer to, however deep and in circles; others do not."
  }

  assert {
    condition = jsondecode(output.openapi_body).components.schemas.Item == {
      type                 = "object"
      additionalProperties = false
      required             = ["description", "tags"]
      properties = {
        description = { type = "string", maxLength = 10, pattern = "^\"format\":\"x\",[^\"]*$" }
        example     = { type = "string" }
        price       = { type = "number", minimum = 0 }
        tags        = { type = "array", items = { "$ref" = "#/components/schemas/Tag" } }
      }
    }
    error_message = "A model keeps what validates and loses what only explains; a property with a keyword's name and a text that looks like one stay."
  }

  assert {
    condition     = jsondecode(output.openapi_body).components.schemas.Tag.properties.label == { type = "string", enum = ["red", "title"] }
    error_message = "Keywords go in nested schemas too."
  }
}

run "wrong_methods_and_unknown_paths" {
  command = plan

  assert {
    condition = { for path, item in jsondecode(output.openapi_body).paths : path => item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.statusCode } == {
      "/" = "404", "/{proxy+}" = "404", "/items" = "405", "/items/{itemId}/notes/{noteId}" = "405"
    }
    error_message = "Other methods of a known path are answered 405, unknown paths 404."
  }

  assert {
    condition = { for path, item in jsondecode(output.openapi_body).paths : path => item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.responseParameters } == {
      "/"         = { "method.response.header.Content-Type" = "'application/problem+json'" }
      "/{proxy+}" = { "method.response.header.Content-Type" = "'application/problem+json'" }
      "/items"    = { "method.response.header.Content-Type" = "'application/problem+json'", "method.response.header.Allow" = "'GET, POST'" }
      "/items/{itemId}/notes/{noteId}" = {
        "method.response.header.Content-Type" = "'application/problem+json'", "method.response.header.Allow" = "'PUT'"
      }
    }
    error_message = "Allow lists the path's methods; every answer is a problem."
  }

  assert {
    condition = alltrue([
      for item in values(jsondecode(output.openapi_body).paths) : alltrue([
        for parameter in keys(item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.responseParameters) :
        contains(
          keys(item["x-amazon-apigateway-any-method"].responses[item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.statusCode].headers),
          trimprefix(parameter, "method.response.header.")
        )
      ])
    ])
    error_message = "API Gateway's import refuses a header that the method's response does not declare."
  }

  assert {
    condition = jsondecode(jsondecode(output.openapi_body).paths["/items"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.responseTemplates["application/json"]) == {
      type          = "/problems/method-not-allowed"
      title         = "Method not allowed"
      status        = 405
      detail        = "This path does not support this method; the header Allow lists those it does."
      correlationId = "$context.requestId"
    }
    error_message = "The body of a 405 is a problem that names the request."
  }

  assert {
    condition     = jsondecode(jsondecode(output.openapi_body).paths["/{proxy+}"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.responseTemplates["application/json"]).type == "/problems/not-found"
    error_message = "The body of a 404 is a problem."
  }

  assert {
    condition = alltrue([
      for item in values(jsondecode(output.openapi_body).paths) : alltrue([
        for media_type in ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "application/xml", "application/octet-stream"] :
        jsondecode(item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].requestTemplates[media_type]).statusCode == tonumber(item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.statusCode)
      ]) && item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].passthroughBehavior == "never"
    ])
    error_message = "A mock answers for the media types clients send, and never reads its status from the client's body."
  }

  assert {
    condition     = jsondecode(output.openapi_body).paths["/{proxy+}"]["x-amazon-apigateway-any-method"].parameters == [{ name = "proxy", in = "path", required = true, schema = { type = "string" } }]
    error_message = "The greedy parameter is declared by its name."
  }
}

run "gateway_responses" {
  command = plan

  assert {
    condition = { for type, response in jsondecode(output.openapi_body)["x-amazon-apigateway-gateway-responses"] : type => "${try(response.statusCode, "as it is")} ${jsondecode(response.responseTemplates["application/json"]).type}" } == {
      ACCESS_DENIED                  = "403 /problems/forbidden"
      AUTHORIZER_CONFIGURATION_ERROR = "500 /problems/internal-error"
      AUTHORIZER_FAILURE             = "500 /problems/internal-error"
      BAD_REQUEST_BODY               = "400 /problems/invalid-request"
      BAD_REQUEST_PARAMETERS         = "400 /problems/invalid-request"
      DEFAULT_4XX                    = "as it is /problems/request-refused"
      DEFAULT_5XX                    = "as it is /problems/internal-error"
      EXPIRED_TOKEN                  = "403 /problems/forbidden"
      INTEGRATION_FAILURE            = "503 /problems/service-unavailable"
      INTEGRATION_TIMEOUT            = "504 /problems/gateway-timeout"
      INVALID_API_KEY                = "403 /problems/forbidden"
      INVALID_SIGNATURE              = "403 /problems/forbidden"
      MISSING_AUTHENTICATION_TOKEN   = "403 /problems/forbidden"
      QUOTA_EXCEEDED                 = "429 /problems/quota-exceeded"
      REQUEST_TOO_LARGE              = "413 /problems/content-too-large"
      RESOURCE_NOT_FOUND             = "404 /problems/not-found"
      THROTTLED                      = "429 /problems/too-many-requests"
      UNAUTHORIZED                   = "401 /problems/unauthorized"
      UNSUPPORTED_MEDIA_TYPE         = "415 /problems/unsupported-media-type"
      WAF_FILTERED                   = "403 /problems/request-refused"
    }
    error_message = "Each response type has its problem and status."
  }

  assert {
    condition = alltrue([
      for response in values(jsondecode(output.openapi_body)["x-amazon-apigateway-gateway-responses"]) :
      response.responseParameters["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
      && try(tostring(jsondecode(response.responseTemplates["application/json"]).status), "as it is") == try(response.statusCode, "as it is")
      && jsondecode(response.responseTemplates["application/json"]).correlationId == "$context.requestId"
      && join(" ", regexall("[$][A-Za-z.]+", response.responseTemplates["application/json"])) == "$context.requestId"
    ])
    error_message = "Every response is problem+json, says its own status, names the request and repeats nothing else of API Gateway's."
  }

  assert {
    condition = { for type, response in jsondecode(output.openapi_body)["x-amazon-apigateway-gateway-responses"] : type => response.responseParameters["gatewayresponse.header.Retry-After"] if can(response.responseParameters["gatewayresponse.header.Retry-After"]) } == {
      THROTTLED = "'1'", INTEGRATION_FAILURE = "'5'"
    }
    error_message = "429 and 503 say when to try again."
  }

  assert {
    condition = alltrue([
      for slug, problem in local.problems : strcontains(file("../../docs/problems.md"), "| `/problems/${slug}` | ${try(problem.status, startswith(slug, "internal") ? "5xx" : "4xx")} | ${problem.title} |")
    ])
    error_message = "docs/problems.md lists every problem with its status and title."
  }
}

run "a_path_of_its_own_at_the_root" {
  command = plan

  variables {
    openapi             = replace(file("./tests/fixtures/items.yaml"), "/items:", "/:")
    operation_throttles = { createItem = { rate_limit = 1, burst_limit = 2 } }
  }

  assert {
    condition     = toset(keys(jsondecode(output.openapi_body).paths["/"])) == toset(["get", "post", "x-amazon-apigateway-any-method"]) && jsondecode(output.openapi_body).paths["/"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"].responses.default.statusCode == "405"
    error_message = "A contract may use the root path; it is a known path then."
  }

  assert {
    condition     = aws_api_gateway_method_settings.this["~1/POST"].settings[0].throttling_burst_limit == 2
    error_message = "The root resource is written ~1 in a method path."
  }
}

run "inherited_security" {
  command = plan

  variables {
    openapi = replace(replace(file("./tests/fixtures/items.yaml"), "/      security:\n        - iam: \\[\\]\n/", ""), "servers:", "security: [{ iam: [] }]\nservers:")
  }

  assert {
    condition     = jsondecode(output.openapi_body).paths["/items"].post.security == [{ iam = [] }] && jsondecode(output.openapi_body).paths["/items"].get.security == []
    error_message = "An operation inherits the contract's security, which API Gateway does not do, unless it has its own."
  }
}

run "the_reference_contract" {
  variables {
    openapi = file("../../lambdas/api/openapi.yaml")
    integrations = {
      for operation in flatten([for item in values(yamldecode(file("../../lambdas/api/openapi.yaml")).paths) : values(item)]) :
      operation.operationId => { function_name = "all", alias_name = "live", invoke_arn = "arn:all", timeout = 10 }
    }
    authorizers = {
      iam       = { type = "AWS_IAM" }
      people    = { type = "COGNITO_USER_POOLS" }
      machines  = { type = "COGNITO_USER_POOLS" }
      partners  = { type = "TOKEN", function = { function_name = "authorizer", alias_name = "live", invoke_arn = "arn:authorizer", timeout = 5 } }
      consumers = { type = "API_KEY" }
    }
    user_pool = { resource_servers = { orders = { read = "List all orders" } } }
  }

  assert {
    condition     = keys(jsondecode(output.openapi_body).components.schemas) == ["ConfirmSignUp", "PlaceOrder", "PutProfile", "RegisterUser", "ResendCode", "SignIn", "SignUp"] && jsondecode(output.openapi_body).components.schemas.RegisterUser.properties.name == { type = "string", minLength = 1, maxLength = 100, pattern = "\\S" }
    error_message = "The gateway validates what is sent, and knows nothing of what is answered."
  }
  assert {
    condition     = jsondecode(output.openapi_body).paths["/fulfilment/orders"].get.security == [{ machines = ["orders/read"] }] && jsondecode(output.openapi_body).paths["/products"].get.security == []
    error_message = "Each operation is for its callers."
  }
}

run "the_reference_contract_with_backups" {
  variables {
    openapi = yamlencode(merge(yamldecode(file("../../lambdas/api/openapi.yaml")), {
      tags  = concat(yamldecode(file("../../lambdas/api/openapi.yaml")).tags, yamldecode(file("../../lambdas/backup/openapi.yaml")).tags)
      paths = merge(yamldecode(file("../../lambdas/api/openapi.yaml")).paths, yamldecode(file("../../lambdas/backup/openapi.yaml")).paths)
      components = merge(yamldecode(file("../../lambdas/api/openapi.yaml")).components, {
        for part, added in yamldecode(file("../../lambdas/backup/openapi.yaml")).components :
        part => merge(yamldecode(file("../../lambdas/api/openapi.yaml")).components[part], added)
      })
    }))
    integrations = {
      for operation in flatten([
        for document in ["api", "backup"] : [for item in values(yamldecode(file("../../lambdas/${document}/openapi.yaml")).paths) : values(item)]
      ]) : operation.operationId => { function_name = "all", alias_name = "live", invoke_arn = "arn:all", timeout = 10 }
    }
    authorizers = {
      iam       = { type = "AWS_IAM" }
      people    = { type = "COGNITO_USER_POOLS" }
      machines  = { type = "COGNITO_USER_POOLS" }
      partners  = { type = "TOKEN", function = { function_name = "authorizer", alias_name = "live", invoke_arn = "arn:authorizer", timeout = 5 } }
      consumers = { type = "API_KEY" }
    }
    user_pool = { resource_servers = { orders = { read = "List all orders" } } }
  }

  assert {
    condition     = jsondecode(output.openapi_body).components.schemas.HoldBackup.properties.reason == { type = "string", minLength = 1, maxLength = 200 } && length(jsondecode(output.openapi_body).components.schemas) == 8
    error_message = "A reason's length is refused at the gateway, its characters by the function."
  }
  assert {
    condition     = alltrue([for method in ["put", "delete"] : jsondecode(output.openapi_body).paths["/backups/{database}/slots/{slot}/hold"][method].security == [{ people = [] }]])
    error_message = "The page's operations are for people who are signed in; the function asks for their group."
  }
}
