mock_provider "aws" {
  source = "../../tests/mocks"
}

# Known at plan time, because what cannot be destroyed cannot be applied in a test.
override_resource {
  target          = aws_iam_role.api_gateway_logs
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/api-gateway-logs-eu-central-1" }
}

run "the_role_that_api_gateway_writes_logs_by" {
  command = plan

  assert {
    condition     = aws_api_gateway_account.this.cloudwatch_role_arn == aws_iam_role.api_gateway_logs.arn && output.cloudwatch_role_arn == aws_iam_role.api_gateway_logs.arn
    error_message = "The account's setting is the role of this configuration."
  }

  assert {
    condition = jsondecode(aws_iam_role.api_gateway_logs.assume_role_policy).Statement == [
      { Effect = "Allow", Principal = { Service = "apigateway.amazonaws.com" }, Action = "sts:AssumeRole" },
    ]
    error_message = "API Gateway takes the role, and nobody else."
  }

  assert {
    condition = (
      aws_iam_role_policy_attachment.api_gateway_logs.role == aws_iam_role.api_gateway_logs.name
      && aws_iam_role_policy_attachment.api_gateway_logs.policy_arn == "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    )
    error_message = "The role may what AWS documents for it."
  }

  assert {
    condition     = aws_iam_role.api_gateway_logs.name == "api-gateway-logs-eu-central-1"
    error_message = "Two regions of an account have a role each."
  }
}

run "options" {
  command = plan

  variables {
    region               = "us-gov-west-1"
    permissions_boundary = "arn:aws-us-gov:iam::111122223333:policy/bound"
    tags                 = { owner = "platform" }
  }

  assert {
    condition = (
      aws_iam_role.api_gateway_logs.name == "api-gateway-logs-us-gov-west-1"
      && aws_iam_role.api_gateway_logs.permissions_boundary == "arn:aws-us-gov:iam::111122223333:policy/bound"
      && aws_iam_role.api_gateway_logs.tags == tomap({ owner = "platform" })
    )
    error_message = "The role is the region's, bounded and tagged."
  }
}

run "a_zone_for_a_region" {
  command = plan

  variables {
    region = "eu-central-1a"
  }

  expect_failures = [var.region]
}

run "a_boundary_by_its_name" {
  command = plan

  variables {
    permissions_boundary = "bound"
  }

  expect_failures = [var.permissions_boundary]
}
