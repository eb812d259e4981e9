mock_resource "aws_api_gateway_rest_api" {
  defaults = {
    id            = "a1b2c3d4e5"
    execution_arn = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5"
  }
}

mock_resource "aws_api_gateway_deployment" {
  defaults = {
    id = "dep1"
  }
}

mock_resource "aws_api_gateway_stage" {
  defaults = {
    arn        = "arn:aws:apigateway:eu-central-1::/restapis/a1b2c3d4e5/stages/api"
    invoke_url = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/api"
  }
}

mock_data "aws_region" {
  defaults = {
    id = "eu-central-1"
  }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = {
    arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/apigateway/shop-test"
  }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:eu-central-1:123456789012:certificate/made"
    domain_validation_options = [{
      domain_name           = "api.example.com"
      resource_record_name  = "_x1.api.example.com"
      resource_record_type  = "CNAME"
      resource_record_value = "_x2.acm-validations.aws"
    }]
  }
}

mock_resource "aws_acm_certificate_validation" {
  defaults = {
    certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/made"
  }
}

mock_resource "aws_api_gateway_domain_name" {
  defaults = {
    regional_domain_name = "d-abc.execute-api.eu-central-1.amazonaws.com"
    regional_zone_id     = "Z1U9ULNL0V5AJ3"
  }
}

mock_resource "aws_cognito_user_pool" {
  defaults = {
    id       = "eu-central-1_Made"
    arn      = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Made"
    endpoint = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Made"
  }
}

mock_resource "aws_cognito_user_pool_client" {
  defaults = {
    id = "client1"
  }
}

mock_resource "aws_api_gateway_api_key" {
  defaults = {
    id = "key1"
  }
}

mock_resource "aws_api_gateway_usage_plan" {
  defaults = {
    id = "plan1"
  }
}

mock_resource "aws_wafv2_web_acl" {
  defaults = {
    arn = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop-test/made"
  }
}

mock_resource "aws_wafv2_ip_set" {
  defaults = {
    arn = "arn:aws:wafv2:eu-central-1:123456789012:regional/ipset/shop-test/made"
  }
}

mock_data "aws_partition" {
  defaults = {
    dns_suffix = "amazonaws.com"
  }
}

mock_resource "aws_apigatewayv2_api" {
  defaults = {
    id            = "h1b2c3d4e5"
    execution_arn = "arn:aws:execute-api:eu-central-1:123456789012:h1b2c3d4e5"
  }
}

mock_resource "aws_apigatewayv2_authorizer" {
  defaults = {
    id = "auth1"
  }
}

mock_resource "aws_apigatewayv2_integration" {
  defaults = {
    id = "int1"
  }
}

mock_resource "aws_apigatewayv2_stage" {
  defaults = {
    invoke_url = "https://h1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/api"
  }
}
