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
  #checkov:skip=CKV_AWS_115:Reserved concurrency is the caller's choice (reserved_concurrent_executions): it fails in a new account, which has ten in all.
  #checkov:skip=CKV_AWS_116:A failure destination on the alias (failure_destination) says more than a dead-letter queue, and serves asynchronous invocations only too.
  #checkov:skip=CKV_AWS_117:A function that only talks to AWS APIs belongs outside the VPC (docs/network.md).
  #checkov:skip=CKV_AWS_173:Lambda always encrypts the environment; a customer key is the caller's choice (kms_key_arn), and no secret is in it.
  #checkov:skip=CKV_AWS_272:Code signing needs a signing profile of the caller's; the package is pinned by its SHA-256.
  count = var.create ? 1 : 0

  function_name                  = var.function_name
  description                    = var.description
  role                           = aws_iam_role.this[0].arn
  filename                       = var.package.filename
  s3_bucket                      = try(var.package.s3.bucket, null)
  s3_key                         = try(var.package.s3.key, null)
  s3_object_version              = try(var.package.s3.object_version, null)
  source_code_hash               = var.package.source_code_hash
  handler                        = var.handler
  runtime                        = var.runtime
  architectures                  = var.architectures
  layers                         = var.layers
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  kms_key_arn                    = var.kms_key_arn
  reserved_concurrent_executions = var.reserved_concurrent_executions
  publish                        = true
  tags                           = var.tags

  ephemeral_storage {
    size = var.ephemeral_storage_size
  }

  tracing_config {
    mode = var.tracing_mode
  }

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
      condition     = var.package.filename == null ? true : fileexists(var.package.filename)
      error_message = "The package ${coalesce(var.package.filename, "-")} of function ${var.function_name} is missing. Build it first (in this repository: `make build`), or correct package.filename."
    }

    # Checked once Lambda has read the object, and before the alias moves. While the code is still to change the provider plans the
    # old code_sha256, but no version: that is what puts the question off.
    postcondition {
      condition     = var.package.s3 == null || self.version == "" ? true : self.code_sha256 == var.package.source_code_hash
      error_message = "The object in package.s3 is not the build that source_code_hash is of: Lambda read one whose hash is ${coalesce(self.code_sha256, "unknown")}. Upload the jar that the manifest was written with under another key, or as another object_version (Lambda does not read the same one again), or correct source_code_hash."
    }
  }

  # Lambda checks the role's network permissions when the function is made, and SnapStart runs its code.
  depends_on = [aws_iam_role_policy.this]
}

locals {
  alias = one(concat(aws_lambda_alias.live, aws_lambda_alias.canary))

  switch_canary = join(" ", [
    "Terraform would delete the alias live, with the permissions of everybody who invokes it, to make it again.",
    "Hand it over instead, for each address A before .aws_lambda_alias in `terraform state list`:",
    "terraform state mv 'A.aws_lambda_alias.${var.canary ? "live" : "canary"}[0]' 'A.aws_lambda_alias.${var.canary ? "canary" : "live"}[0]'",
    "&& terraform state rm 'A.terraform_data.alias[0]'",
  ])
}

# Remembers whose alias it is: with another lifecycle it is another resource, and the two have one name.
resource "terraform_data" "alias" {
  count = var.create ? 1 : 0

  input = var.canary

  lifecycle {
    ignore_changes = [input]
  }
}

# Everything invokes the alias: a version can be replaced behind it, and SnapStart works on versions only. A renamed function goes after its
# successor serves, because modules/api extends its create_before_destroy to function and alias. Set here, it would extend to a database by way
# of its migrator, and there cannot be two of one identifier.
resource "aws_lambda_alias" "live" {
  count = var.create && !var.canary ? 1 : 0

  name             = "live"
  description      = "The version that serves"
  function_name    = aws_lambda_function.this[0].function_name
  function_version = aws_lambda_function.this[0].version

  lifecycle {
    precondition {
      condition     = terraform_data.alias[0].output == var.canary
      error_message = "canary of the function ${var.function_name} was switched off. ${local.switch_canary}. The apply then moves live to the version published last, so see first that it is no worse than the one that serves."
    }
  }
}

# As above, but made once: from then on a rollout moves it (modules/canary), and notes in its description how far it is.
resource "aws_lambda_alias" "canary" {
  count = var.create && var.canary ? 1 : 0

  name             = "live"
  description      = "The version that serves"
  function_name    = aws_lambda_function.this[0].function_name
  function_version = aws_lambda_function.this[0].version

  lifecycle {
    ignore_changes = [description, function_version, routing_config]

    precondition {
      condition     = terraform_data.alias[0].output == var.canary
      error_message = "canary of the function ${var.function_name} was switched on. ${local.switch_canary}."
    }
  }
}

################################################################################
# Asynchronous invocation
################################################################################

resource "aws_lambda_function_event_invoke_config" "live" {
  count = var.create && (var.failure_destination != null || var.maximum_retry_attempts != null || var.maximum_event_age_in_seconds != null) ? 1 : 0

  function_name                = local.alias.function_name
  qualifier                    = local.alias.name
  maximum_retry_attempts       = coalesce(var.maximum_retry_attempts, 2)
  maximum_event_age_in_seconds = coalesce(var.maximum_event_age_in_seconds, 21600)

  dynamic "destination_config" {
    for_each = var.failure_destination == null ? [] : [var.failure_destination]

    content {
      on_failure {
        destination = destination_config.value.arn
      }
    }
  }
}
