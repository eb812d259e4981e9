# Access logs, execution logs, traces.

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

run "access_logs" {
  variables {
    access_logs = {}
    tags        = { environment = "test" }
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.access[0].name == "/aws/apigateway/shop-test"
      && aws_cloudwatch_log_group.access[0].retention_in_days == 30
      && aws_cloudwatch_log_group.access[0].kms_key_id == null
      && aws_cloudwatch_log_group.access[0].tags == tomap({ environment = "test" })
      && output.access_log_group_name == "/aws/apigateway/shop-test"
    )
    error_message = "A group of the API's name, kept for 30 days."
  }

  assert {
    condition     = one(aws_api_gateway_stage.this[0].access_log_settings).destination_arn == aws_cloudwatch_log_group.access[0].arn
    error_message = "The stage writes to the group."
  }

  assert {
    condition     = jsondecode(one(aws_api_gateway_stage.this[0].access_log_settings).format).requestId == "$context.requestId"
    error_message = "API Gateway refuses a format without $context.requestId, and problems carry it as correlationId."
  }

  assert {
    condition     = alltrue([for value in values(jsondecode(one(aws_api_gateway_stage.this[0].access_log_settings).format)) : can(regex("^[$]context[.][A-Za-z_.]+$", value))])
    error_message = "A line is one object of strings, a variable each: an absent number is a bare hyphen, which would not be JSON without quotes."
  }

  assert {
    condition = alltrue([
      for needed in [
        "extendedRequestId", "xrayTraceId", "httpMethod", "resourcePath", "status", "error.responseType", "responseLatency", "identity.userArn",
        "authorize.status", "authorizer.claims.sub", "authorizer.claims.client_id", "authorizer.principalId", "identity.apiKeyId", "authorizer.status",
        "authorizer.requestId", "authorizer.latency", "integration.requestId", "integration.integrationStatus", "integration.status", "integration.latency",
      ] : contains(values(jsondecode(one(aws_api_gateway_stage.this[0].access_log_settings).format)), "$context.${needed}")
    ])
    error_message = "Who called what, with which result, how long it took and where, and the ids to find it elsewhere."
  }

  assert {
    condition = length(setintersection(values(jsondecode(one(aws_api_gateway_stage.this[0].access_log_settings).format)), [
      for written_by_clients in [
        "path", "customDomain.basePathMatched", "identity.userAgent", "identity.user", "error.message", "error.messageString", "error.validationErrorString",
        "identity.apiKey", "authorizer.claims.email", "authorize.error", "authenticate.error", "authorizer.error", "integration.error", "integrationErrorMessage",
      ] : "$context.${written_by_clients}"
    ])) == 0
    error_message = "Nothing that a client wrote, but for requestId: it could hold an e-mail address, or break the line."
  }

  assert {
    condition     = !strcontains(local.access_log_format, "waf")
    error_message = "Nothing of a web ACL where there is none."
  }

  assert {
    condition     = aws_api_gateway_method_settings.this["*/*"].settings[0].logging_level == "OFF" && length(aws_cloudwatch_log_group.execution) == 0
    error_message = "Execution logs are another option."
  }
}

run "access_logs_behind_a_web_acl" {
  command = plan

  variables {
    access_logs = {}
    web_acl_arn = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/a1b2c3d4"
  }

  assert {
    condition     = strcontains(local.access_log_format, "$context.wafResponseCode") && strcontains(local.access_log_format, "$context.webaclArn")
    error_message = "Behind a web ACL a line says what that decided."
  }
}

run "access_logs_kept_longer_under_a_key" {
  command = plan

  variables {
    access_logs = { retention_in_days = 365, kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/k" }
  }

  assert {
    condition     = aws_cloudwatch_log_group.access[0].retention_in_days == 365 && aws_cloudwatch_log_group.access[0].kms_key_id == "arn:aws:kms:eu-central-1:123456789012:key/k"
    error_message = "The group is kept as long as asked, under the key."
  }
}

run "execution_logs" {
  variables {
    execution_logs      = {}
    operation_throttles = { putNote = { rate_limit = 1, burst_limit = 1 } }
    tags                = { environment = "test" }
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.execution[0].name == "API-Gateway-Execution-Logs_a1b2c3d4e5/api"
      && aws_cloudwatch_log_group.execution[0].retention_in_days == 30
      && aws_cloudwatch_log_group.execution[0].kms_key_id == null
      && aws_cloudwatch_log_group.execution[0].tags == tomap({ environment = "test" })
    )
    error_message = "The group that API Gateway writes to, kept for 30 days."
  }

  assert {
    condition     = alltrue([for method in aws_api_gateway_method_settings.this : method.settings[0].logging_level == "ERROR" && !method.settings[0].data_trace_enabled])
    error_message = "Failed requests of every method, without bodies."
  }

  assert {
    condition     = length(aws_cloudwatch_log_group.access) == 0 && length(aws_api_gateway_stage.this[0].access_log_settings) == 0
    error_message = "Access logs are another option."
  }
}

run "execution_logs_of_all_requests" {
  command = plan

  variables {
    execution_logs = { logging_level = "INFO", retention_in_days = 7, kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/k" }
  }

  assert {
    condition = (
      aws_api_gateway_method_settings.this["*/*"].settings[0].logging_level == "INFO"
      && aws_cloudwatch_log_group.execution[0].retention_in_days == 7
      && aws_cloudwatch_log_group.execution[0].kms_key_id == "arn:aws:kms:eu-central-1:123456789012:key/k"
    )
    error_message = "Level, retention and key are as asked."
  }
}

run "traces" {
  command = plan

  variables {
    xray_tracing_enabled = true
  }

  assert {
    condition     = aws_api_gateway_stage.this[0].xray_tracing_enabled
    error_message = "The stage traces."
  }
}
