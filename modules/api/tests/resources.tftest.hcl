# The API's resources: defaults, permissions, throttles, redeployment, tags, off-switch.

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

run "defaults" {
  assert {
    condition = (
      aws_api_gateway_rest_api.this[0].name == "shop-test"
      && aws_api_gateway_rest_api.this[0].body == output.openapi_body
      && aws_api_gateway_rest_api.this[0].put_rest_api_mode == "overwrite"
      && tolist(aws_api_gateway_rest_api.this[0].endpoint_configuration[0].types) == tolist(["REGIONAL"])
      && !aws_api_gateway_rest_api.this[0].disable_execute_api_endpoint
    )
    error_message = "A regional REST API, overwritten by the rendered body."
  }

  assert {
    condition     = jsondecode(output.openapi_body).info.title == "shop-test"
    error_message = "Import names the API after the title, so the title is the name, or every plan would change it back."
  }

  assert {
    condition     = aws_api_gateway_stage.this[0].stage_name == "api" && aws_api_gateway_stage.this[0].deployment_id == "dep1"
    error_message = "The stage is named api and serves the deployment."
  }

  assert {
    condition     = aws_api_gateway_deployment.this[0].triggers.redeployment == sha1(output.openapi_body)
    error_message = "The deployment follows the whole body."
  }

  assert {
    condition = keys(aws_api_gateway_method_settings.this) == ["*/*"] && (
      aws_api_gateway_method_settings.this["*/*"].settings[0].throttling_rate_limit == 1000
      && aws_api_gateway_method_settings.this["*/*"].settings[0].throttling_burst_limit == 500
      && aws_api_gateway_method_settings.this["*/*"].settings[0].metrics_enabled
      && aws_api_gateway_method_settings.this["*/*"].settings[0].logging_level == "OFF"
      && !aws_api_gateway_method_settings.this["*/*"].settings[0].data_trace_enabled
    )
    error_message = "The stage is throttled and measured; bodies are not logged."
  }

  assert {
    condition = [output.rest_api_id, output.execution_arn, output.stage_name, output.invoke_url, output.domain_name] == [
      "a1b2c3d4e5",
      "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5",
      "api",
      "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/api",
      "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
    ]
    error_message = "Outputs name the API, its URL and its host."
  }
}

run "off_unless_asked_for" {
  assert {
    condition = (
      length(aws_cloudwatch_log_group.access) + length(aws_cloudwatch_log_group.execution) + length(aws_api_gateway_stage.this[0].access_log_settings) == 0
      && length(aws_api_gateway_domain_name.this) + length(aws_api_gateway_base_path_mapping.this) + length(aws_route53_record.this) == 0
      && length(aws_acm_certificate.this) + length(aws_acm_certificate_validation.this) + length(aws_route53_record.validation) == 0
      && length(aws_cloudwatch_metric_alarm.rate_5xx) + length(aws_cloudwatch_metric_alarm.latency_p99) + length(aws_cloudwatch_metric_alarm.rate_4xx) == 0
      && length(aws_cloudwatch_dashboard.this) + length(aws_wafv2_web_acl_association.this) == 0
      && length(aws_wafv2_web_acl.this) + length(aws_cloudwatch_log_group.firewall) + length(aws_cognito_user_pool.this) + length(aws_api_gateway_api_key.this) == 0
    )
    error_message = "No logs, no domain name, no alarms, no dashboard, no web ACL, no user pool, no keys."
  }

  assert {
    condition     = !aws_api_gateway_stage.this[0].xray_tracing_enabled && !contains(keys(aws_api_gateway_deployment.this[0].triggers), "execute_api_endpoint")
    error_message = "No traces, and the endpoint stays open."
  }

  assert {
    condition     = output.access_log_group_name == null && output.regional_domain_name == null && output.regional_zone_id == null && output.dashboard_name == null
    error_message = "Outputs of what is off are null."
  }
}

run "permissions" {
  assert {
    condition = { for id, permission in aws_lambda_permission.this : id => permission.source_arn } == {
      listItems  = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/api/GET/items"
      createItem = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/api/POST/items"
      putNote    = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/api/PUT/items/*/notes/*"
    }
    error_message = "A permission reaches one stage, one method and one path."
  }

  assert {
    condition = { for id, permission in aws_lambda_permission.this : id => "${permission.statement_id_prefix} ${permission.principal} ${permission.action} ${permission.function_name}:${permission.qualifier}" } == {
      listItems  = "shop-test-listItems- apigateway.amazonaws.com lambda:InvokeFunction shop-test-items:live"
      createItem = "shop-test-createItem- apigateway.amazonaws.com lambda:InvokeFunction shop-test-items:live"
      putNote    = "shop-test-putNote- apigateway.amazonaws.com lambda:InvokeFunction shop-test-notes:live"
    }
    error_message = "API Gateway may invoke the alias, each operation by a statement of its own, whose id a successor does not share."
  }
}

run "long_names_leave_room_for_the_rest_of_a_statement_id" {
  command = plan

  variables {
    name = "shop-test-with-a-name-of-sixty-four-characters-which-is-the-most"
  }

  assert {
    condition     = alltrue([for permission in aws_lambda_permission.this : length(permission.statement_id_prefix) <= 74])
    error_message = "A statement id has at most 100 characters, of which the provider adds 26."
  }
}

run "throttles" {
  command = plan

  variables {
    throttle            = { rate_limit = 50, burst_limit = 20 }
    operation_throttles = { putNote = { rate_limit = 0.5, burst_limit = 3 } }
  }

  assert {
    condition = { for path, method in aws_api_gateway_method_settings.this : path => "${method.settings[0].throttling_rate_limit}/${method.settings[0].throttling_burst_limit} ${method.settings[0].metrics_enabled}" } == {
      "*/*"                                    = "50/20 true"
      "~1items~1{itemId}~1notes~1{noteId}/PUT" = "0.5/3 true"
    }
    error_message = "An operation's throttle replaces the stage's, and keeps the stage's other settings."
  }
}

run "a_shorter_integration_timeout_redeploys" {
  command = plan

  variables {
    integration_timeout_milliseconds = 28500
  }

  assert {
    condition     = aws_api_gateway_deployment.this[0].triggers.redeployment != sha1(run.defaults.openapi_body) && jsondecode(output.openapi_body).paths["/items"].get["x-amazon-apigateway-integration"].timeoutInMillis == 28500
    error_message = "What changes the body redeploys."
  }
}

run "a_new_path_redeploys" {
  command = plan

  variables {
    openapi = replace(file("./tests/fixtures/items.yaml"), "/items:", "/articles:")
  }

  assert {
    condition     = aws_api_gateway_deployment.this[0].triggers.redeployment != sha1(run.defaults.openapi_body)
    error_message = "What changes the body redeploys."
  }
}

run "a_new_wording_does_not_redeploy" {
  command = plan

  variables {
    openapi = replace(replace(file("./tests/fixtures/items.yaml"), "Not rendered.", "Still not."), "title: Label", "title: The label")
  }

  assert {
    condition     = output.openapi_body == run.defaults.openapi_body
    error_message = "Descriptions, titles and examples stay out of the body."
  }
}

run "web_acl" {
  variables {
    web_acl_arn = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/a1b2c3d4"
  }

  assert {
    condition = (
      aws_wafv2_web_acl_association.this[0].web_acl_arn == "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/a1b2c3d4"
      && aws_wafv2_web_acl_association.this[0].resource_arn == "arn:aws:apigateway:eu-central-1::/restapis/a1b2c3d4e5/stages/api"
    )
    error_message = "The web ACL stands before the stage, so before every name of the API."
  }
}

run "tags" {
  command = plan

  variables {
    tags = { environment = "test" }
  }

  assert {
    condition     = aws_api_gateway_rest_api.this[0].tags == tomap({ environment = "test" }) && aws_api_gateway_stage.this[0].tags == tomap({ environment = "test" })
    error_message = "API and stage carry the tags."
  }
}

run "off" {
  command = plan

  variables {
    create              = false
    operation_throttles = { putNote = { rate_limit = 1, burst_limit = 1 } }
    access_logs         = {}
    execution_logs      = {}
    domain              = { name = "api.example.com", zone_id = "Z123" }
    alarms              = { actions = [] }
    dashboard           = {}
    web_acl_arn         = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/a1b2c3d4"
  }

  assert {
    condition = (
      length(aws_cloudwatch_log_group.access) + length(aws_cloudwatch_log_group.execution) + length(aws_cloudwatch_dashboard.this) == 0
      && length(aws_wafv2_web_acl_association.this) == 0
      && length(aws_api_gateway_domain_name.this) + length(aws_api_gateway_base_path_mapping.this) + length(aws_route53_record.this) == 0
      && length(aws_acm_certificate.this) + length(aws_acm_certificate_validation.this) + length(aws_route53_record.validation) == 0
      && length(aws_cloudwatch_metric_alarm.rate_5xx) + length(aws_cloudwatch_metric_alarm.latency_p99) + length(aws_cloudwatch_metric_alarm.rate_4xx) == 0
    )
    error_message = "Nothing that an option adds is created either."
  }

  assert {
    condition     = length(aws_api_gateway_rest_api.this) + length(aws_api_gateway_deployment.this) + length(aws_api_gateway_stage.this) + length(aws_api_gateway_method_settings.this) + length(aws_lambda_permission.this) == 0
    error_message = "Nothing is created."
  }

  assert {
    condition     = output.rest_api_id == null && output.execution_arn == null && output.stage_name == null && output.invoke_url == null && output.domain_name == null && output.access_log_group_name == null && output.regional_domain_name == null && output.regional_zone_id == null && output.dashboard_name == null
    error_message = "Outputs are null."
  }
}

# Applied, because a value that is not known yet fails the plan only where it decides how many resources there are.
run "functions_of_the_same_apply" {
  module {
    source = "./tests/fixtures/new_functions"
  }

  assert {
    condition = (
      jsondecode(output.openapi_body).paths["/profile"].get["x-amazon-apigateway-integration"].uri == "arn:new"
      && jsondecode(output.openapi_body).components.securitySchemes.carriers["x-amazon-apigateway-authorizer"].authorizerUri == "arn:new"
      && jsondecode(output.openapi_body).components.securitySchemes.people["x-amazon-apigateway-authorizer"].providerARNs == ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_New"]
    )
    error_message = "The API can be planned before its functions and its user pool exist."
  }
}
