data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  # Built by hand, because the role's policy names the function and the function needs the role.
  # aws_region: `name` is deprecated in provider 6 and `region` is absent in 5.100; `id` is in both.
  function_arn = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:function:${var.function_name}"
}

################################################################################
# Log group
################################################################################

# First, so that Lambda never creates one itself: that one would keep its logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts; a customer key is the caller's choice (log_kms_key_arn).
  #checkov:skip=CKV_AWS_338:How long logs are kept is the caller's choice (log_retention_in_days), 30 days unless said otherwise.
  count = var.create ? 1 : 0

  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.log_kms_key_arn
  tags              = var.tags
}

################################################################################
# Function
################################################################################

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:Tracing is not part of this module yet; the JSON logs carry a correlation id.
  #checkov:skip=CKV_AWS_115:Reserved concurrency fails in a new account, which has ten in all; API Gateway throttles in front.
  #checkov:skip=CKV_AWS_116:Invoked synchronously; a dead-letter queue serves asynchronous invocations only.
  #checkov:skip=CKV_AWS_117:A function that only talks to AWS APIs belongs outside the VPC (docs/network.md).
  #checkov:skip=CKV_AWS_173:Lambda always encrypts the environment; a customer key is the caller's choice (kms_key_arn), and no secret is in it.
  #checkov:skip=CKV_AWS_272:Code signing needs a signing profile of the caller's; the package is pinned by its SHA-256.
  count = var.create ? 1 : 0

  function_name    = var.function_name
  description      = var.description
  role             = aws_iam_role.this[0].arn
  filename         = var.package.filename
  source_code_hash = var.package.source_code_hash
  handler          = var.handler
  runtime          = var.runtime
  architectures    = var.architectures
  memory_size      = var.memory_size
  timeout          = var.timeout
  kms_key_arn      = var.kms_key_arn
  publish          = true
  tags             = var.tags

  logging_config {
    log_group             = aws_cloudwatch_log_group.this[0].name
    log_format            = "JSON"
    application_log_level = var.application_log_level
    system_log_level      = var.system_log_level
  }

  dynamic "environment" {
    for_each = length(var.environment) > 0 ? [var.environment] : []

    content {
      variables = environment.value
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  dynamic "snap_start" {
    for_each = var.snap_start ? ["PublishedVersions"] : []

    content {
      apply_on = snap_start.value
    }
  }

  lifecycle {
    precondition {
      condition     = fileexists(var.package.filename)
      error_message = "The package ${var.package.filename} of function ${var.function_name} is missing. Build it first (in this repository: `make build`), or correct package.filename."
    }
  }

  # Lambda checks the role's network permissions when the function is made, and SnapStart runs its code.
  depends_on = [aws_iam_role_policy.this]
}

# Everything invokes the alias: a version can be replaced behind it, and SnapStart works on versions only.
resource "aws_lambda_alias" "live" {
  count = var.create ? 1 : 0

  name             = "live"
  description      = "The version that serves"
  function_name    = aws_lambda_function.this[0].function_name
  function_version = aws_lambda_function.this[0].version
}
