# What is wrong with a contract is said by name, with the remedy. With create = false a faulty contract plans, so that the exact words can be
# read; that a fault fails the plan is the first run.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  create  = false
  name    = "shop-test"
  openapi = file("./tests/fixtures/items.yaml")
  integrations = {
    listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 10 }
    createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 10 }
    putNote    = { function_name = "shop-test-notes", alias_name = "live", invoke_arn = "arn:put", timeout = 28 }
  }
  authorizers = { iam = { type = "AWS_IAM" } }
}

run "a_fault_fails_the_plan" {
  command = plan

  variables {
    create  = true
    openapi = replace(file("./tests/fixtures/items.yaml"), "openapi: 3.0.3", "openapi: 3.1.0")
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "a_good_contract_has_no_fault" {
  command = plan

  assert {
    condition     = length(local.contract_faults) == 0
    error_message = "A contract that can be rendered is not refused."
  }
}

run "json_is_as_good_as_yaml" {
  command = plan

  variables {
    openapi = jsonencode(yamldecode(file("./tests/fixtures/items.yaml")))
  }

  assert {
    condition     = length(local.contract_faults) == 0 && length(local.operations) == 3
    error_message = "JSON is YAML."
  }
}

run "neither_yaml_nor_json" {
  command = plan

  variables {
    openapi = "{ openapi: "
  }

  expect_failures = [var.openapi]
}

run "a_path_in_place_of_the_document" {
  command = plan

  variables {
    openapi      = "lambdas/api/openapi.yaml"
    integrations = {}
    authorizers  = {}
  }

  expect_failures = [var.openapi]
}

run "another_version" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "openapi: 3.0.3", "openapi: 3.1.0")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "3.1.0: write `openapi: 3.0.3`; API Gateway imports version 3.0.x."
    error_message = "OpenAPI 3.1 is refused: ${join("\n", local.contract_faults)}"
  }
}

run "no_version" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "openapi: 3.0.3", "swagger: '2.0'")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "no version: write `openapi: 3.0.3`; API Gateway imports version 3.0.x."
    error_message = "Swagger 2.0 is refused: ${join("\n", local.contract_faults)}"
  }
}

run "an_extension_of_api_gateway" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "operationId: putNote", "operationId: putNote\n      x-amazon-apigateway-integration: { type: mock }")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "x-amazon-apigateway-integration: remove it; this module renders API Gateway's extensions itself."
    error_message = "A contract with AWS extensions is refused: ${join("\n", local.contract_faults)}"
  }
}

run "no_operation" {
  command = plan

  variables {
    openapi      = "{ openapi: 3.0.3, info: { title: Empty, version: '1' }, servers: [{ url: /api }], paths: {} }"
    integrations = {}
    authorizers  = {}
  }

  assert {
    condition     = join("\n", local.contract_faults) == "paths: give it an operation; a path's $ref is not followed."
    error_message = "A contract without operations is refused: ${join("\n", local.contract_faults)}"
  }
}

run "a_path_without_operations" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "components:", "  /elsewhere: { $ref: 'other.yaml' }\ncomponents:")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "/elsewhere: give it an operation; a path's $ref is not followed."
    error_message = "No path is dropped silently: ${join("\n", local.contract_faults)}"
  }
}

run "an_empty_operation" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "components:", "    get:\ncomponents:")
  }

  assert {
    condition     = length(local.contract_faults) == 2 && alltrue([for fault in local.contract_faults : startswith(fault, "GET /items/{itemId}/notes/{noteId}: ")])
    error_message = "No operation is dropped silently: ${join("\n", local.contract_faults)}"
  }
}

run "another_server_path" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "url: /api", "url: https://shop.example.com/v1/")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "server path /v1: write `servers: [{url: /api}]`; the stage of the API is named api, so this is the only path it can have."
    error_message = "A server path other than the stage is refused: ${join("\n", local.contract_faults)}"
  }
}

run "no_server_path" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "url: /api", "url: https://shop.example.com")
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "server path /: write ")
    error_message = "A server URL without a path is refused: ${join("\n", local.contract_faults)}"
  }
}

run "no_server" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "/servers:\n  - url: /api\n/", "")
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "no server: write `servers: [{url: /api}]`")
    error_message = "A contract without servers is refused: ${join("\n", local.contract_faults)}"
  }
}

run "a_server_at_a_host" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "url: /api", "url: https://shop.example.com/api")
  }

  assert {
    condition     = length(local.contract_faults) == 0
    error_message = "Only the path of a server URL counts."
  }
}

run "no_operation_id" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "operationId: putNote", "summary: No id")
    integrations = {
      listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 10 }
      createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 10 }
    }
  }

  assert {
    condition     = join("\n", local.contract_faults) == "PUT /items/{itemId}/notes/{noteId}: give it an operationId of 1-35 letters, digits, hyphens and underscores."
    error_message = "An operation without operationId is refused: ${join("\n", local.contract_faults)}"
  }
}

run "an_operation_id_that_cannot_be_a_statement_id" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "operationId: putNote", "operationId: put note")
    integrations = {
      listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 10 }
      createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 10 }
      "put note" = { function_name = "shop-test-notes", alias_name = "live", invoke_arn = "arn:put", timeout = 10 }
    }
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "PUT /items/{itemId}/notes/{noteId}: give it an operationId")
    error_message = "An operationId names the permission's statement: ${join("\n", local.contract_faults)}"
  }
}

run "one_operation_id_twice" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "operationId: putNote", "operationId: createItem")
    integrations = {
      listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 10 }
      createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 10 }
    }
  }

  assert {
    condition     = join("\n", local.contract_faults) == "createItem (POST /items and PUT /items/{itemId}/notes/{noteId}): give each an operationId of its own."
    error_message = "A duplicate operationId is refused: ${join("\n", local.contract_faults)}"
  }
}

run "no_security" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "security: []", "deprecated: false")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "GET /items: say who may call it: `security: [{SCHEME: []}]`, or `security: []` to make it public."
    error_message = "An operation is not public by omission: ${join("\n", local.contract_faults)}"
  }
}

run "alternative_schemes" {
  command = plan

  variables {
    openapi     = replace(replace(file("./tests/fixtures/items.yaml"), "iam: { type: apiKey", "token: { type: apiKey, in: header, name: Authorization }\n    iam: { type: apiKey"), "security: []", "security: [{ iam: [] }, { token: [] }]")
    authorizers = { iam = { type = "AWS_IAM" }, token = { type = "AWS_IAM" } }
  }

  assert {
    condition     = join("\n", local.contract_faults) == "GET /items: name one security scheme, or one and the API key in the same requirement, or none; API Gateway takes one authorizer an operation."
    error_message = "Alternatives are refused: ${join("\n", local.contract_faults)}"
  }
}

run "schemes_together" {
  command = plan

  variables {
    openapi     = replace(replace(file("./tests/fixtures/items.yaml"), "iam: { type: apiKey", "token: { type: apiKey, in: header, name: Authorization }\n    iam: { type: apiKey"), "security: []", "security: [{ iam: [], token: [] }]")
    authorizers = { iam = { type = "AWS_IAM" }, token = { type = "AWS_IAM" } }
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "GET /items: name one security scheme, or one and the API key in the same requirement, or none")
    error_message = "Two schemes at once are refused: ${join("\n", local.contract_faults)}"
  }
}

run "optional_security" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "security: []", "security: [{}]")
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "GET /items: name one security scheme, or one and the API key in the same requirement, or none")
    error_message = "An optional signature is refused: ${join("\n", local.contract_faults)}"
  }
}

run "security_that_is_no_list" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "security: []", "security: {}")
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "GET /items: name one security scheme, or one and the API key in the same requirement, or none")
    error_message = "Only [] makes an operation public: ${join("\n", local.contract_faults)}"
  }
}

run "null_security" {
  command = plan

  variables {
    openapi = replace(replace(file("./tests/fixtures/items.yaml"), "security: []", "security: ~"), "servers:", "security: []\nservers:")
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "GET /items: say who may call it")
    error_message = "Only [] makes an operation public: ${join("\n", local.contract_faults)}"
  }
}

run "trace" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "put:", "trace:")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "TRACE /items/{itemId}/notes/{noteId}: remove it; API Gateway has no TRACE."
    error_message = "TRACE is refused: ${join("\n", local.contract_faults)}"
  }
}

run "a_parameter_within_a_segment" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "/notes/{noteId}:", "/note-{noteId}:")
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "/items/{itemId}/note-{noteId}: use segments of ")
    error_message = "A path API Gateway cannot have is refused: ${join("\n", local.contract_faults)}"
  }
}

run "a_parameter_first" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "/items/{itemId}/notes/{noteId}:", "/{itemId}/notes/{noteId}:")
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "/{itemId}/notes/{noteId}: use segments of ")
    error_message = "A parameter beside /{proxy+} is refused: ${join("\n", local.contract_faults)}"
  }
}

run "an_inline_schema" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "$ref: '#/components/schemas/Note'", "type: object")
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "putNote: make the schema of the request body a reference")
    error_message = "An inline request schema is refused: ${join("\n", local.contract_faults)}"
  }
}

run "a_schema_that_is_not_there" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "$ref: '#/components/schemas/Note'", "$ref: '#/components/schemas/Missing'")
  }

  assert {
    condition     = startswith(join("\n", local.contract_faults), "putNote: make the schema of the request body a reference")
    error_message = "A dangling reference is refused: ${join("\n", local.contract_faults)}"
  }
}

run "a_schema_within_a_schema_that_is_not_there" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "$ref: '#/components/schemas/Owner'", "$ref: '#/components/schemas/Missing'")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "Missing: define it in components.schemas; the schema of a request body refers to it."
    error_message = "A dangling reference is refused at any depth: ${join("\n", local.contract_faults)}"
  }
}

run "a_schema_within_a_schema_that_cannot_be_a_model" {
  command = plan

  variables {
    openapi = replace(replace(file("./tests/fixtures/items.yaml"), "schemas/Owner'", "schemas/tag_owner'"), "    Owner:", "    tag_owner:")
  }

  assert {
    condition     = join("\n", local.contract_faults) == "tag_owner: give it an alphanumeric name; a schema of a request body becomes a model of the API."
    error_message = "A name that no model can have is refused: ${join("\n", local.contract_faults)}"
  }
}

run "two_names_for_one_parameter" {
  command = plan

  variables {
    openapi = replace(
      file("./tests/fixtures/items.yaml"), "paths:\n",
      "paths:\n  /items/{id}/price: { get: { operationId: getPrice, security: [], responses: { '200': { description: The price. } } } }\n"
    )
    integrations = {
      listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 10 }
      createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 10 }
      putNote    = { function_name = "shop-test-notes", alias_name = "live", invoke_arn = "arn:put", timeout = 28 }
      getPrice   = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:price", timeout = 10 }
    }
  }

  assert {
    condition     = join("\n", local.contract_faults) == "/items/{id} and /items/{itemId}: name the parameter alike in all paths; API Gateway takes one name at one place."
    error_message = "OpenAPI allows it, the import does not: ${join("\n", local.contract_faults)}"
  }
}

run "keywords_that_models_do_not_have" {
  command = plan

  variables {
    openapi = replace(
      file("./tests/fixtures/items.yaml"), "text: { type: string }",
      "text: { nullable: true, type: string }\n        number: { type: number, minimum: 0, exclusiveMinimum: true }\n        either: { oneOf: [{ type: string }] }\n        list: { type: array, example: [1] }"
    )
  }

  assert {
    condition     = join("\n", local.contract_faults) == "Note: oneOf, Note: example, Note: exclusiveMinimum, Note: nullable: leave it out of the schemas of request bodies and let the function check; API Gateway's models do not have it."
    error_message = "What the gateway would decide otherwise is refused: ${join("\n", local.contract_faults)}"
  }
}
