# What API Gateway has once an account and region: the role by which it writes logs. No application may own it, or the one that is
# destroyed first would silence the others.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html

provider "aws" {
  region = var.region
}

data "aws_partition" "current" {}

resource "aws_iam_role" "api_gateway_logs" {
  name                 = "api-gateway-logs-${var.region}" # Roles are the account's, this one serves a region.
  description          = "Lets API Gateway write the logs of every API in ${var.region}"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  # Without conditions: AWS documents none that API Gateway meets when it takes this role.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# AWS's own policy for the purpose: API Gateway checks the role for what is in it, and refuses a role with less.
resource "aws_iam_role_policy_attachment" "api_gateway_logs" {
  role       = aws_iam_role.api_gateway_logs.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "this" {
  cloudwatch_role_arn = aws_iam_role.api_gateway_logs.arn

  # API Gateway tries the role as it is set.
  depends_on = [aws_iam_role_policy_attachment.api_gateway_logs]

  # Every API of the region would lose its logs. Provider 6 resets the setting; provider 5 leaves it pointing to a role that is gone.
  lifecycle {
    prevent_destroy = true
  }
}
