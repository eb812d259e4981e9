# The same contract as an HTTP API: routes, authorizers, throttles, permissions, names, and what is refused because HTTP APIs lack it.

mock_provider "aws" {
  source = "./tests/mocks"
}

override_resource {
  target = aws_cognito_user_pool_client.machine
  values = { id = "machine1" }
}

variables {
  type    = "HTTP"
  name    = "shop-test"
  openapi = file("./tests/fixtures/http.yaml")
  integrations = {
    for id in ["getProfile", "exportOrders", "reportDelivery", "listParcels", "getStatus", "listUserOrders"] :
    id => { function_name = "shop-test-${lower(id)}", alias_name = "live", invoke_arn = "arn:${id}", timeout = 10 }
  }
  authorizers = {
    people   = { type = "COGNITO_USER_POOLS" }
    machines = { type = "COGNITO_USER_POOLS" }
    partners = { type = "REQUEST", function = { function_name = "partners", alias_name = "live", invoke_arn = "arn:partners", timeout = 10 }, identity_sources = ["method.request.header.X-Partner", "method.request.querystring.region", "context.httpMethod", "context.resourcePath", "stageVariables.color"] }
    carriers = { type = "TOKEN", function = { function_name = "carriers", alias_name = "live", invoke_arn = "arn:carriers", timeout = 3 }, result_ttl_in_seconds = 60 }
    iam      = { type = "AWS_IAM" }
  }
  user_pool = {
    resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
    machine_clients  = { accounting = ["orders/read"] }
    domain_prefix    = "shop-test"
  }
}

run "defaults" {
  assert {
    condition = (
      aws_apigatewayv2_api.this[0].name == "shop-test"
      && aws_apigatewayv2_api.this[0].protocol_type == "HTTP"
      && aws_apigatewayv2_api.this[0].body == null
      && !aws_apigatewayv2_api.this[0].disable_execute_api_endpoint
      && length(aws_apigatewayv2_api.this[0].cors_configuration) == 0
    )
    error_message = "An HTTP API, made of resources."
  }

  assert {
    condition = length(aws_api_gateway_rest_api.this) + length(aws_api_gateway_deployment.this) + length(aws_api_gateway_stage.this) + length(aws_api_gateway_method_settings.this) == 0 && (
      length(aws_api_gateway_domain_name.this) + length(aws_apigatewayv2_domain_name.this) + length(aws_cloudwatch_metric_alarm.rate_5xx) + length(aws_cloudwatch_log_group.access) == 0
    )
    error_message = "Nothing of a REST API, and no option that was not asked for."
  }

  assert {
    condition = { for key, route in aws_apigatewayv2_route.this : key => "${route.route_key} ${route.authorization_type} ${coalesce(route.authorizer_id, "-")} ${route.target}" } == {
      "GET /profile"               = "GET /profile JWT auth1 integrations/int1"
      "GET /orders"                = "GET /orders JWT auth1 integrations/int1"
      "POST /deliveries"           = "POST /deliveries CUSTOM auth1 integrations/int1"
      "GET /parcels"               = "GET /parcels CUSTOM auth1 integrations/int1"
      "GET /status"                = "GET /status NONE - integrations/int1"
      "GET /users/{userId}/orders" = "GET /users/{userId}/orders AWS_IAM - integrations/int1"
    }
    error_message = "A route for each operation, whose scheme says who is asked; none for unknown paths."
  }

  assert {
    condition = { for key, route in aws_apigatewayv2_route.this : key => route.authorization_scopes if route.authorization_scopes != null } == {
      "GET /orders" = toset(["orders/read", "orders/all"])
    }
    error_message = "One of the contract's scopes is asked for."
  }

  assert {
    condition = { for key, integration in aws_apigatewayv2_integration.this : key => join(" ", [
      integration.integration_type, integration.integration_method, integration.integration_uri, integration.payload_format_version, integration.timeout_milliseconds
      ]) } == {
      "GET /profile"               = "AWS_PROXY POST arn:getProfile 2.0 29000"
      "GET /orders"                = "AWS_PROXY POST arn:exportOrders 2.0 29000"
      "POST /deliveries"           = "AWS_PROXY POST arn:reportDelivery 2.0 29000"
      "GET /parcels"               = "AWS_PROXY POST arn:listParcels 2.0 29000"
      "GET /status"                = "AWS_PROXY POST arn:getStatus 2.0 29000"
      "GET /users/{userId}/orders" = "AWS_PROXY POST arn:listUserOrders 2.0 29000"
    }
    error_message = "Each route leads to its function's alias."
  }

  assert {
    condition = { for id, permission in aws_lambda_permission.this : id => "${permission.function_name}:${permission.qualifier} ${permission.source_arn}" } == {
      getProfile     = "shop-test-getprofile:live arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5/api/GET/profile"
      exportOrders   = "shop-test-exportorders:live arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5/api/GET/orders"
      reportDelivery = "shop-test-reportdelivery:live arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5/api/POST/deliveries"
      listParcels    = "shop-test-listparcels:live arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5/api/GET/parcels"
      getStatus      = "shop-test-getstatus:live arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5/api/GET/status"
      listUserOrders = "shop-test-listuserorders:live arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5/api/GET/users/*/orders"
    }
    error_message = "A permission reaches one stage, one method and one path."
  }

  assert {
    condition = { for scheme, permission in aws_lambda_permission.authorizer : scheme => "${permission.function_name}:${permission.qualifier} ${permission.source_arn}" } == {
      partners = "partners:live arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5/authorizers/*"
      carriers = "carriers:live arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5/authorizers/*"
    }
    error_message = "An authorizer's function may be invoked by this API's authorizers."
  }

  assert {
    condition = (
      aws_apigatewayv2_stage.this[0].name == "api"
      && aws_apigatewayv2_stage.this[0].auto_deploy
      && length(aws_apigatewayv2_stage.this[0].access_log_settings) == 0
      && length(aws_apigatewayv2_stage.this[0].route_settings) == 0
      && one(aws_apigatewayv2_stage.this[0].default_route_settings).throttling_rate_limit == 1000
      && one(aws_apigatewayv2_stage.this[0].default_route_settings).throttling_burst_limit == 500
      && one(aws_apigatewayv2_stage.this[0].default_route_settings).detailed_metrics_enabled
    )
    error_message = "The stage is named api, serves what is there, is throttled and measured."
  }

  assert {
    condition = [output.api_id, output.execution_arn, output.stage_name, output.invoke_url, output.domain_name] == [
      "h1b2c3d4e5",
      "arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5",
      "api",
      "https://h1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/api",
      "h1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
    ] && output.rest_api_id == null && output.openapi_body == null
    error_message = "Outputs are those of a REST API, under the same path."
  }
}

run "authorizers" {
  assert {
    condition = { for scheme, authorizer in aws_apigatewayv2_authorizer.this : scheme => "${authorizer.name} ${authorizer.authorizer_type} ${join(",", sort(authorizer.identity_sources))}" } == {
      people   = "people JWT $request.header.Authorization"
      machines = "machines JWT $request.header.Authorization"
      partners = "partners REQUEST $context.httpMethod,$context.routeKey,$request.header.X-Partner,$request.querystring.region,$stageVariables.color"
      carriers = "carriers REQUEST $request.header.Authorization"
    }
    error_message = "Tokens are checked by API Gateway or by a function; a signature needs no authorizer."
  }

  assert {
    condition = { for scheme, authorizer in aws_apigatewayv2_authorizer.this : scheme => "${authorizer.authorizer_uri} ${authorizer.authorizer_payload_format_version} ${authorizer.authorizer_result_ttl_in_seconds} ${authorizer.enable_simple_responses}" if authorizer.authorizer_type == "REQUEST" } == {
      partners = "arn:partners 2.0 300 false"
      carriers = "arn:carriers 2.0 60 false"
    }
    error_message = "A function answers with a policy: a cached simple answer would be valid for every route."
  }

  assert {
    condition = { for scheme in ["people", "machines"] : scheme => "${one(aws_apigatewayv2_authorizer.this[scheme].jwt_configuration).issuer} ${join(",", one(aws_apigatewayv2_authorizer.this[scheme].jwt_configuration).audience)}" } == {
      people   = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Made client1"
      machines = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Made machine1"
    }
    error_message = "The tokens are those of the pool made here, and a machine's is no person's."
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.this["people"].authorizer_payload_format_version == null && length(aws_apigatewayv2_authorizer.this["carriers"].jwt_configuration) == 0
    error_message = "Each has the settings of its type alone."
  }
}

run "tokens_of_others" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "JWT", issuer = "https://issuer.example.com/tenant", audience = ["shop"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:us-west-2:123456789012:userpool/us-west-2_Given"], audience = ["a", "b"] }
      partners = { type = "AWS_IAM" }
      carriers = { type = "JWT", issuer = "https://issuer.example.com/other", audience = ["carriers"] }
      iam      = { type = "AWS_IAM" }
    }
    openapi   = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
    user_pool = null
  }

  assert {
    condition = { for scheme, authorizer in aws_apigatewayv2_authorizer.this : scheme => "${one(authorizer.jwt_configuration).issuer} ${join(",", one(authorizer.jwt_configuration).audience)}" } == {
      people   = "https://issuer.example.com/tenant shop"
      machines = "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_Given a,b"
      carriers = "https://issuer.example.com/other carriers"
    }
    error_message = "Any OpenID Connect issuer, and a given pool by its ARN."
  }
}

run "audience_of_the_pool_made_here" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", audience = ["app"] }
      machines = { type = "COGNITO_USER_POOLS", audience = ["batch"] }
      partners = { type = "AWS_IAM" }
      carriers = { type = "COGNITO_USER_POOLS" }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  assert {
    condition = { for scheme in ["people", "machines"] : scheme => one(aws_apigatewayv2_authorizer.this[scheme].jwt_configuration).audience } == {
      people   = toset(["app"])
      machines = toset(["batch"])
    }
    error_message = "Clients that somebody else added to the pool."
  }
}

run "payload_format_and_timeout" {
  command = plan

  variables {
    payload_format_version           = "1.0"
    integration_timeout_milliseconds = 30000
  }

  assert {
    condition     = alltrue([for integration in aws_apigatewayv2_integration.this : integration.payload_format_version == "1.0" && integration.timeout_milliseconds == 30000])
    error_message = "Functions that know the REST API's events alone, and a second more."
  }
}

run "cors" {
  command = plan

  variables {
    cors = { allow_origins = ["https://shop.example.com", "https://staff.example.com"], allow_headers = ["Authorization"], expose_headers = ["ETag"], max_age = 60, allow_credentials = true }
  }

  assert {
    condition = { for key, value in one(aws_apigatewayv2_api.this[0].cors_configuration) : key => jsonencode(value) } == {
      allow_origins     = "[\"https://shop.example.com\",\"https://staff.example.com\"]"
      allow_methods     = "[\"GET\",\"POST\"]"
      allow_headers     = "[\"Authorization\"]"
      expose_headers    = "[\"ETag\"]"
      max_age           = "60"
      allow_credentials = "true"
    }
    error_message = "API Gateway answers for the pages of these origins, and chooses among them on its errors too."
  }
}

run "throttles" {
  command = plan

  variables {
    throttle            = { rate_limit = 50, burst_limit = 20 }
    operation_throttles = { listUserOrders = { rate_limit = 0.5, burst_limit = 3 } }
  }

  assert {
    condition = (
      one(aws_apigatewayv2_stage.this[0].default_route_settings).throttling_rate_limit == 50
      && one(aws_apigatewayv2_stage.this[0].default_route_settings).throttling_burst_limit == 20
      && { for route in aws_apigatewayv2_stage.this[0].route_settings : route.route_key => "${route.throttling_rate_limit}/${route.throttling_burst_limit} ${route.detailed_metrics_enabled}" } == {
        "GET /users/{userId}/orders" = "0.5/3 true"
      }
    )
    error_message = "An operation's throttle replaces the stage's, and keeps the stage's other settings."
  }
}

run "access_logs" {
  command = plan

  variables {
    access_logs = { retention_in_days = 7 }
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.access[0].name == "/aws/apigateway/shop-test"
      && one(aws_apigatewayv2_stage.this[0].access_log_settings).format == local.http_access_log_format
    )
    error_message = "Lines in the same group as a REST API's."
  }

  assert {
    condition     = length(setsubtract(keys(jsondecode(local.http_access_log_format)), keys(jsondecode(local.access_log_format)))) == 0
    error_message = "A query for a REST API's lines finds the same fields."
  }

  # The template is 3 KB at most.
  assert {
    condition = length(local.http_access_log_format) < 3072 && alltrue([
      for field in ["requestId", "resourcePath", "status", "errorType", "subject", "principalId", "callerArn", "integrationRequestId", "integrationStatus", "functionStatus", "responseLatency", "integrationLatency"] :
      contains(keys(jsondecode(local.http_access_log_format)), field)
    ])
    error_message = "Of the request, of the caller and of the function."
  }

  assert {
    condition = length(setintersection(values(jsondecode(local.http_access_log_format)), [
      for text in ["path", "identity.userAgent", "identity.user", "error.message", "error.messageString", "authorizer.error", "integration.error", "integrationErrorMessage", "authorizer.claims.email"] : "$context.${text}"
    ])) == 0
    error_message = "Nothing that could hold an e-mail address, or break the line."
  }
}

run "domain" {
  variables {
    domain = { name = "api.example.com", zone_id = "Z123" }
    tags   = { environment = "test" }
  }

  assert {
    condition = (
      aws_apigatewayv2_domain_name.this[0].domain_name == "api.example.com"
      && one(aws_apigatewayv2_domain_name.this[0].domain_name_configuration).certificate_arn == "arn:aws:acm:eu-central-1:123456789012:certificate/made"
      && one(aws_apigatewayv2_domain_name.this[0].domain_name_configuration).security_policy == "TLS_1_2"
      && one(aws_apigatewayv2_domain_name.this[0].domain_name_configuration).endpoint_type == "REGIONAL"
      && aws_apigatewayv2_domain_name.this[0].tags == tomap({ environment = "test" })
      && length(aws_api_gateway_domain_name.this) + length(aws_api_gateway_base_path_mapping.this) == 0
    )
    error_message = "The name and its certificate."
  }

  assert {
    condition = (
      aws_apigatewayv2_api_mapping.this[0].api_mapping_key == "api"
      && aws_apigatewayv2_api_mapping.this[0].stage == "api"
      && aws_apigatewayv2_api.this[0].disable_execute_api_endpoint
      && [output.invoke_url, output.domain_name] == ["https://api.example.com/api", "api.example.com"]
    )
    error_message = "The same paths as at API Gateway's own name, which is closed."
  }

  assert {
    condition = (
      one(aws_route53_record.this[0].alias).name == output.regional_domain_name
      && one(aws_route53_record.this[0].alias).zone_id == output.regional_zone_id
      && output.regional_domain_name == one(aws_apigatewayv2_domain_name.this[0].domain_name_configuration).target_domain_name
    )
    error_message = "The record points to the name's address."
  }
}

run "a_given_certificate" {
  command = plan

  variables {
    domain = { name = "api.example.com", create_certificate = false, create_records = false, certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/given", disable_execute_api_endpoint = false }
  }

  assert {
    condition     = one(aws_apigatewayv2_domain_name.this[0].domain_name_configuration).certificate_arn == "arn:aws:acm:eu-central-1:123456789012:certificate/given" && !aws_apigatewayv2_api.this[0].disable_execute_api_endpoint
    error_message = "As with a REST API."
  }
}

run "alarms_and_dashboard" {
  variables {
    alarms    = { actions = ["arn:aws:sns:eu-central-1:123456789012:told"] }
    dashboard = {}
  }

  assert {
    condition = { for query in aws_cloudwatch_metric_alarm.rate_5xx[0].metric_query : query.id => query.return_data ? query.expression : join(" ", [
      one(query.metric).metric_name, one(query.metric).stat, one(query.metric).period, jsonencode(one(query.metric).dimensions)
      ]) } == {
      rate     = "FILL(failed, 0) / requests"
      requests = "Count SampleCount 60 {\"ApiId\":\"h1b2c3d4e5\",\"Stage\":\"api\"}"
      failed   = "5xx Sum 60 {\"ApiId\":\"h1b2c3d4e5\",\"Stage\":\"api\"}"
    } && aws_cloudwatch_metric_alarm.rate_5xx[0].threshold == 0.01 && aws_cloudwatch_metric_alarm.rate_5xx[0].metric_name == null
    error_message = "The share of failed requests, by the HTTP API's metrics."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.latency_p99[0].metric_name == "Latency"
      && aws_cloudwatch_metric_alarm.latency_p99[0].dimensions == tomap({ ApiId = "h1b2c3d4e5", Stage = "api" })
      && contains([for query in aws_cloudwatch_metric_alarm.rate_4xx[0].metric_query : try(one(query.metric).metric_name, "")], "4xx")
    )
    error_message = "Latency and refusals too."
  }

  assert {
    condition = flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [for metric in widget.properties.metrics : [for part in metric : part if can(regex("^(Count|4xx|5xx|Latency|IntegrationLatency)$", part))]] if widget.type == "metric"]) == [
      "Count", "5xx", "4xx", "Count", "Latency", "Latency", "Latency", "IntegrationLatency",
    ] && !strcontains(aws_cloudwatch_dashboard.this[0].dashboard_body, "ApiName")
    error_message = "The dashboard shows the HTTP API's metrics."
  }
}

run "schemas_need_not_be_models" {
  command = plan

  variables {
    openapi = replace(
      file("./tests/fixtures/http.yaml"), "operationId: reportDelivery",
      "operationId: reportDelivery\n      requestBody: { content: { application/json: { schema: { type: object, properties: { weight: { type: number, nullable: true } } } } } }"
    )
  }

  assert {
    condition     = length(local.contract_faults) == 0 && can(local.operations.reportDelivery.request_content["application/json"].schema)
    error_message = "An HTTP API has no models, so what they lack is no fault."
  }
}

run "functions_of_the_same_apply" {
  command = plan

  module {
    source = "./tests/fixtures/new_http_functions"
  }

  assert {
    condition     = output.stage_name == "api"
    error_message = "The API can be planned before its functions and its user pool exist."
  }
}

run "nothing_when_off" {
  command = plan

  variables {
    create = false
    domain = { name = "api.example.com", zone_id = "Z123" }
    alarms = { actions = [] }
  }

  assert {
    condition = length(aws_apigatewayv2_api.this) + length(aws_apigatewayv2_authorizer.this) + length(aws_apigatewayv2_integration.this) + length(aws_apigatewayv2_route.this) + (
      length(aws_apigatewayv2_stage.this) + length(aws_apigatewayv2_domain_name.this) + length(aws_apigatewayv2_api_mapping.this) + length(aws_lambda_permission.this) + length(aws_cloudwatch_metric_alarm.rate_5xx)
    ) == 0 && output.api_id == null && output.execution_arn == null && output.invoke_url == null
    error_message = "With create = false nothing is made."
  }
}

################################################################################
# Refused
################################################################################

run "an_unknown_type" {
  command = plan

  variables {
    type = "WEBSOCKET"
  }

  expect_failures = [var.type]
}

run "an_unknown_payload_format" {
  command = plan

  variables {
    payload_format_version = "3.0"
  }

  expect_failures = [var.payload_format_version]
}

run "a_contract_that_is_none" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/http.yaml"), "url: /api", "url: /v1")
  }

  expect_failures = [aws_apigatewayv2_api.this]
}

run "an_integration_timeout_that_no_http_api_has" {
  command = plan

  variables {
    integration_timeout_milliseconds = 30001
  }

  expect_failures = [var.integration_timeout_milliseconds]
}

run "tokens_of_any_issuer_at_a_rest_api" {
  command = plan

  variables {
    type = "REST"
    authorizers = {
      people   = { type = "JWT", issuer = "https://issuer.example.com", audience = ["shop"] }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "AWS_IAM" }
      carriers = { type = "COGNITO_USER_POOLS" }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  expect_failures = [var.authorizers]
}

run "an_issuer_without_https" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "JWT", issuer = "issuer.example.com", audience = ["shop"] }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "AWS_IAM" }
      carriers = { type = "COGNITO_USER_POOLS" }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  expect_failures = [var.authorizers]
}

run "an_issuer_of_signatures" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS" }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "AWS_IAM" }
      carriers = { type = "COGNITO_USER_POOLS" }
      iam      = { type = "AWS_IAM", issuer = "https://issuer.example.com" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  expect_failures = [var.authorizers]
}

run "tokens_for_anybody" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "JWT", issuer = "https://issuer.example.com" }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "AWS_IAM" }
      carriers = { type = "COGNITO_USER_POOLS" }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  expect_failures = [var.authorizers]
}

run "a_given_pool_whose_clients_nobody_knows" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:us-west-2:123456789012:userpool/us-west-2_Given"] }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "AWS_IAM" }
      carriers = { type = "COGNITO_USER_POOLS" }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  expect_failures = [var.authorizers]
}

run "machines_without_a_client" {
  command = plan

  variables {
    user_pool = { resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } } }
  }

  expect_failures = [var.authorizers]
}

run "an_audience_at_a_rest_api" {
  command = plan

  variables {
    type = "REST"
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", audience = ["app"] }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "AWS_IAM" }
      carriers = { type = "COGNITO_USER_POOLS" }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  expect_failures = [var.authorizers]
}

run "two_issuers_in_one_authorizer" {
  command = plan

  variables {
    authorizers = {
      people = { type = "COGNITO_USER_POOLS", audience = ["app"], user_pool_arns = [
        "arn:aws:cognito-idp:us-west-2:123456789012:userpool/us-west-2_One", "arn:aws:cognito-idp:us-west-2:123456789012:userpool/us-west-2_Two",
      ] }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "AWS_IAM" }
      carriers = { type = "COGNITO_USER_POOLS" }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  expect_failures = [var.authorizers]
}

run "api_keys" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS" }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "API_KEY" }
      carriers = { type = "COGNITO_USER_POOLS" }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: X-API-Key")
  }

  expect_failures = [var.authorizers]
}

run "consumers" {
  command = plan

  variables {
    consumers = { partner = { rate_limit = 10, burst_limit = 20 } }
  }

  expect_failures = [var.consumers]
}

run "an_expression_before_a_function" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS" }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "AWS_IAM" }
      carriers = { type = "TOKEN", function = { function_name = "carriers", alias_name = "live", invoke_arn = "arn:carriers", timeout = 3 }, identity_validation_expression = "^Bearer .+$" }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  expect_failures = [var.authorizers]
}

run "an_authorizer_slower_than_an_http_api_waits" {
  command = plan

  variables {
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS" }
      machines = { type = "COGNITO_USER_POOLS" }
      partners = { type = "AWS_IAM" }
      carriers = { type = "TOKEN", function = { function_name = "carriers", alias_name = "live", invoke_arn = "arn:carriers", timeout = 11 } }
      iam      = { type = "AWS_IAM" }
    }
    openapi = replace(file("./tests/fixtures/http.yaml"), "name: X-Partner", "name: Authorization")
  }

  expect_failures = [var.authorizers]
}

run "a_web_acl" {
  command = plan

  variables {
    web_acl_arn = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/1"
  }

  expect_failures = [var.web_acl_arn]
}

run "a_firewall" {
  command = plan

  variables {
    firewall = {}
  }

  expect_failures = [var.firewall]
}

run "credentials_for_any_origin" {
  command = plan

  variables {
    cors = { allow_origins = ["*"], allow_credentials = true }
  }

  expect_failures = [var.cors]
}

run "execution_logs" {
  command = plan

  variables {
    execution_logs = {}
  }

  expect_failures = [var.execution_logs]
}

run "traces" {
  command = plan

  variables {
    xray_tracing_enabled = true
  }

  expect_failures = [var.xray_tracing_enabled]
}
