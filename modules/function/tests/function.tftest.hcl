# The jar is a stand-in: any file will do, since nothing is uploaded.
mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/users" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/users", id = "users" }
  }
  mock_resource "aws_lambda_function" {
    defaults = {
      arn     = "arn:aws:lambda:eu-central-1:111122223333:function:users"
      version = "7"

      code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    }
  }
  mock_resource "aws_lambda_alias" {
    defaults = {
      arn        = "arn:aws:lambda:eu-central-1:111122223333:function:users:live"
      invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:users:live/invocations"
    }
  }
}

variables {
  function_name = "users"
  handler       = "webapp.api.users.UsersHandler"
  package = {
    filename         = "tests/package.jar"
    source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    handlers         = ["webapp.api.health.HealthHandler", "webapp.api.users.UsersHandler"]
  }
}

################################################################################
# What it makes
################################################################################

run "defaults" {
  assert {
    condition     = aws_lambda_function.this[0].runtime == "java21" && aws_lambda_function.this[0].architectures == tolist(["arm64"])
    error_message = "java21 on arm64 by default"
  }
  assert {
    condition     = aws_lambda_function.this[0].memory_size == 1024 && aws_lambda_function.this[0].timeout == 15
    error_message = "1024 MiB and 15 s by default"
  }
  assert {
    condition     = aws_lambda_function.this[0].publish && aws_lambda_function.this[0].snap_start[0].apply_on == "PublishedVersions"
    error_message = "a version is published, with a snapshot"
  }
  assert {
    condition     = aws_lambda_function.this[0].source_code_hash == var.package.source_code_hash && aws_lambda_function.this[0].filename == var.package.filename
    error_message = "the package is the one given"
  }
  assert {
    condition     = aws_lambda_alias.live[0].name == "live" && aws_lambda_alias.live[0].function_version == "7"
    error_message = "the alias points to the published version"
  }
  assert {
    condition     = aws_cloudwatch_log_group.this[0].name == "/aws/lambda/users" && aws_cloudwatch_log_group.this[0].retention_in_days == 30
    error_message = "logs are kept for 30 days in the function's group"
  }
  assert {
    condition     = aws_lambda_function.this[0].logging_config[0].log_format == "JSON" && aws_lambda_function.this[0].logging_config[0].log_group == "/aws/lambda/users"
    error_message = "logs are JSON and go to the group that was made first"
  }
  assert {
    condition     = length(aws_lambda_function.this[0].vpc_config) == 0 && length(aws_lambda_function.this[0].environment) == 0
    error_message = "outside a VPC and without an environment by default"
  }
  assert {
    condition = jsondecode(aws_iam_role.this[0].assume_role_policy).Statement == [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }
    }]
    error_message = "only Lambda assumes the role"
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.this[0].policy).Statement == [{
      Sid      = "WriteLogs", Effect = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/users:*"]
    }]
    error_message = "without statements the role writes its own logs, and nothing else"
  }
  assert {
    condition = (
      output.function_name == "users" && output.alias_name == "live" && output.version == "7" && output.timeout == 15
      && output.function_arn == "arn:aws:lambda:eu-central-1:111122223333:function:users" && output.qualified_arn == "${output.function_arn}:7"
      && output.alias_arn == "${output.function_arn}:live" && endswith(output.alias_invoke_arn, "${output.alias_arn}/invocations")
      && output.role_name == "users" && output.role_arn == "arn:aws:iam::111122223333:role/users" && output.log_group_name == "/aws/lambda/users"
    )
    error_message = "outputs name the function, its alias, version, role and logs"
  }
}

run "statements_become_the_policy" {
  variables {
    policy_statements = {
      ConnectToDatabase = {
        actions   = ["rds-db:connect"]
        resources = ["arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-ABC/app"]
      }
      Decrypt = {
        actions   = ["kms:Decrypt"]
        resources = ["arn:aws:kms:eu-central-1:111122223333:key/k"]
        conditions = [
          { test = "StringEquals", variable = "kms:ViaService", values = ["secretsmanager.eu-central-1.amazonaws.com"] },
          { test = "StringEquals", variable = "kms:CallerAccount", values = ["111122223333"] },
          { test = "Bool", variable = "aws:SecureTransport", values = ["true"] },
        ]
      }
      PutMetrics = {
        actions         = ["cloudwatch:PutMetricData"]
        resources       = ["*"]
        wildcard_reason = "CloudWatch metrics have no ARN"
      }
    }
  }

  assert {
    condition = slice(jsondecode(aws_iam_role_policy.this[0].policy).Statement, 1, 4) == [
      {
        Sid      = "ConnectToDatabase", Effect = "Allow", Action = ["rds-db:connect"]
        Resource = ["arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-ABC/app"]
      },
      {
        Sid      = "Decrypt", Effect = "Allow", Action = ["kms:Decrypt"]
        Resource = ["arn:aws:kms:eu-central-1:111122223333:key/k"]
        Condition = {
          Bool         = { "aws:SecureTransport" = ["true"] }
          StringEquals = { "kms:CallerAccount" = ["111122223333"], "kms:ViaService" = ["secretsmanager.eu-central-1.amazonaws.com"] }
        }
      },
      {
        Sid      = "PutMetrics", Effect = "Allow", Action = ["cloudwatch:PutMetricData"]
        Resource = ["*"]
      },
    ]
    error_message = "each statement is rendered with its conditions grouped by test"
  }
}

run "wildcards_within_what_is_named_need_no_reason" {
  variables {
    policy_statements = {
      Read  = { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::bucket/*"] }
      Send  = { actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:eu-central-1:111122223333:queue"] }
      Query = { actions = ["dynamodb:Query"], resources = ["arn:aws:dynamodb:*:111122223333:table/things/index/*"] }
      Role = {
        actions         = ["iam:GetRole"]
        resources       = ["arn:aws:iam::111122223333:role/*"]
        wildcard_reason = "it audits all roles"
      }
    }
  }

  assert {
    condition = { for statement in slice(jsondecode(aws_iam_role_policy.this[0].policy).Statement, 1, 5) : statement.Sid => one(statement.Resource) } == {
      Read  = "arn:aws:s3:::bucket/*"
      Send  = "arn:aws:sqs:eu-central-1:111122223333:queue"
      Query = "arn:aws:dynamodb:*:111122223333:table/things/index/*"
      Role  = "arn:aws:iam::111122223333:role/*"
    }
    error_message = "part of a named resource needs no reason, and a reason lets through what does"
  }
}

run "vpc_rights_are_denied_to_the_code" {
  variables {
    vpc = { subnet_ids = ["subnet-a", "subnet-b"], security_group_ids = ["sg-functions"] }
  }

  assert {
    condition     = aws_lambda_function.this[0].vpc_config[0].subnet_ids == toset(["subnet-a", "subnet-b"]) && aws_lambda_function.this[0].vpc_config[0].security_group_ids == toset(["sg-functions"])
    error_message = "the function is attached to the subnets and groups given"
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.this[0].policy).Statement[*].Sid == ["WriteLogs", "AttachToVpc", "DescribeVpc", "DenyNetworkToCode"]
    error_message = "a function in a VPC gets the network statements"
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Resource == ["arn:aws:ec2:eu-central-1:111122223333:*/*"]
    error_message = "network interfaces are changed in this account and region only"
  }
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this[0].policy).Statement :
      alltrue([for action in statement.Action : startswith(action, "ec2:Describe")])
      if statement.Effect == "Allow" && contains(statement.Resource, "*")
    ])
    error_message = "only EC2's describe actions, which support no resource, are allowed on *"
  }
  assert {
    condition = (
      jsondecode(aws_iam_role_policy.this[0].policy).Statement[3].Effect == "Deny"
      && jsondecode(aws_iam_role_policy.this[0].policy).Statement[3].Condition == { ArnEquals = { "lambda:SourceFunctionArn" = ["arn:aws:lambda:eu-central-1:111122223333:function:users"] } }
      && toset(jsondecode(aws_iam_role_policy.this[0].policy).Statement[3].Action) == toset(concat(jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Action, jsondecode(aws_iam_role_policy.this[0].policy).Statement[2].Action))
    )
    error_message = "every network right is denied to calls of the function's own code"
  }
}

run "options_reach_the_resources" {
  variables {
    description           = "Registers users"
    architectures         = ["x86_64"]
    memory_size           = 2048
    timeout               = 20
    snap_start            = false
    environment           = { DATABASE_NAME = "webapp" }
    log_retention_in_days = 7
    application_log_level = "DEBUG"
    system_log_level      = "WARN"
    log_kms_key_arn       = "arn:aws:kms:eu-central-1:111122223333:key/logs"
    kms_key_arn           = "arn:aws:kms:eu-central-1:111122223333:key/environment"
    permissions_boundary  = "arn:aws:iam::111122223333:policy/boundary"
    role_name             = "users-eu-central-1"
    tags                  = { Environment = "test" }
  }

  assert {
    condition     = aws_lambda_function.this[0].description == "Registers users" && aws_lambda_function.this[0].architectures == tolist(["x86_64"]) && aws_lambda_function.this[0].memory_size == 2048 && output.timeout == 20
    error_message = "description, architecture, memory and timeout reach the function"
  }
  assert {
    condition     = length(aws_lambda_function.this[0].snap_start) == 0 && aws_lambda_function.this[0].publish
    error_message = "a version is published without SnapStart too"
  }
  assert {
    condition     = aws_lambda_function.this[0].environment[0].variables == tomap({ DATABASE_NAME = "webapp" })
    error_message = "the environment reaches the function"
  }
  assert {
    condition     = aws_lambda_function.this[0].logging_config[0].application_log_level == "DEBUG" && aws_lambda_function.this[0].logging_config[0].system_log_level == "WARN"
    error_message = "log levels reach the function"
  }
  assert {
    condition     = aws_cloudwatch_log_group.this[0].kms_key_id == var.log_kms_key_arn && aws_cloudwatch_log_group.this[0].retention_in_days == 7 && aws_lambda_function.this[0].kms_key_arn == var.kms_key_arn
    error_message = "keys and retention reach log group and function"
  }
  assert {
    condition     = aws_iam_role.this[0].permissions_boundary == var.permissions_boundary && aws_iam_role.this[0].name == "users-eu-central-1"
    error_message = "boundary and name reach the role"
  }
  assert {
    condition     = alltrue([for tags in [aws_lambda_function.this[0].tags, aws_iam_role.this[0].tags, aws_cloudwatch_log_group.this[0].tags] : tags == tomap({ Environment = "test" })])
    error_message = "tags reach every resource that takes them"
  }
}

run "other_partition" {
  variables {
    vpc = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-functions"] }
  }

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn" }
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Resource == ["arn:aws-cn:ec2:eu-central-1:111122223333:*/*"]
    error_message = "ARNs are of the provider's partition"
  }
}

run "package_without_handlers_takes_any_handler" {
  variables {
    handler = "webapp.Anything"
    package = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }

  assert {
    condition     = aws_lambda_function.this[0].handler == "webapp.Anything"
    error_message = "handlers are checked only when known"
  }
}

run "options_are_off_by_default" {
  assert {
    condition     = aws_lambda_function.this[0].reserved_concurrent_executions == null && aws_lambda_function.this[0].ephemeral_storage[0].size == 512 && aws_lambda_function.this[0].tracing_config[0].mode == "PassThrough" && length(aws_lambda_function.this[0].layers) == 0
    error_message = "no reserved concurrency, no more storage, no tracing, no layers"
  }
  assert {
    condition = length(concat(
      terraform_data.provisioned_concurrency, aws_lambda_provisioned_concurrency_config.fixed, aws_lambda_provisioned_concurrency_config.scaled,
      aws_appautoscaling_target.this, aws_appautoscaling_policy.utilization, values(aws_appautoscaling_scheduled_action.this), aws_lambda_function_event_invoke_config.live,
    )) == 0
    error_message = "no provisioned concurrency, and Lambda's own handling of asynchronous invocations"
  }
  assert {
    condition     = aws_iam_role.this[0].path == "/"
    error_message = "the role has no path"
  }
}

################################################################################
# Package
################################################################################

run "package_from_s3" {
  variables {
    package = {
      s3               = { bucket = "jars-eu-central-1", key = "1.4.0/api.jar", object_version = "v7" }
      source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
      handlers         = ["webapp.api.users.UsersHandler"]
    }
  }

  assert {
    condition     = aws_lambda_function.this[0].s3_bucket == "jars-eu-central-1" && aws_lambda_function.this[0].s3_key == "1.4.0/api.jar" && aws_lambda_function.this[0].s3_object_version == "v7"
    error_message = "the function is made from the object"
  }
  assert {
    condition     = aws_lambda_function.this[0].filename == null && aws_lambda_function.this[0].source_code_hash == var.package.source_code_hash
    error_message = "nothing is read from the disk, and the hash decides about updates"
  }
}

run "package_from_a_bucket_without_versions" {
  variables {
    package = {
      s3               = { bucket = "jars-eu-central-1", key = "1.4.0/api.jar" }
      source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    }
  }

  assert {
    condition     = aws_lambda_function.this[0].s3_key == "1.4.0/api.jar" && aws_lambda_function.this[0].s3_object_version == null
    error_message = "a version is not needed"
  }
}

################################################################################
# Function
################################################################################

run "custom_runtime" {
  variables {
    runtime    = "provided.al2023"
    handler    = "webapp.api.users.UsersHandler::handleRequest"
    package    = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    snap_start = false
  }

  assert {
    condition     = aws_lambda_function.this[0].runtime == "provided.al2023" && aws_lambda_function.this[0].handler == "webapp.api.users.UsersHandler::handleRequest"
    error_message = "a custom runtime takes any handler"
  }
}

run "storage_and_layers" {
  variables {
    snap_start             = false
    ephemeral_storage_size = 2048
    layers                 = ["arn:aws:lambda:eu-central-1:111122223333:layer:agent:4", "arn:aws:lambda:eu-central-1:444455556666:layer:fonts:1"]
  }

  assert {
    condition     = aws_lambda_function.this[0].ephemeral_storage[0].size == 2048
    error_message = "storage reaches the function"
  }
  assert {
    condition     = aws_lambda_function.this[0].layers == tolist(["arn:aws:lambda:eu-central-1:111122223333:layer:agent:4", "arn:aws:lambda:eu-central-1:444455556666:layer:fonts:1"])
    error_message = "layers reach the function in their order"
  }
}

run "active_tracing" {
  variables {
    tracing_mode = "Active"
  }

  assert {
    condition     = aws_lambda_function.this[0].tracing_config[0].mode == "Active"
    error_message = "requests are sampled"
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.this[0].policy).Statement[1] == {
      Sid      = "SendTraces", Effect = "Allow"
      Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      Resource = ["*"]
    }
    error_message = "the role may send traces"
  }
}

################################################################################
# Asynchronous invocation
################################################################################

run "failures_go_to_a_queue" {
  variables {
    failure_destination          = { arn = "arn:aws:sqs:eu-central-1:111122223333:failures", kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/queue" }
    maximum_retry_attempts       = 0
    maximum_event_age_in_seconds = 600
  }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.live[0].function_name == "users" && aws_lambda_function_event_invoke_config.live[0].qualifier == "live"
      && aws_lambda_function_event_invoke_config.live[0].destination_config[0].on_failure[0].destination == "arn:aws:sqs:eu-central-1:111122223333:failures"
    )
    error_message = "what fails for good goes to the queue, for the alias that is invoked"
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.live[0].maximum_retry_attempts == 0 && aws_lambda_function_event_invoke_config.live[0].maximum_event_age_in_seconds == 600
    error_message = "retries and age reach Lambda"
  }
  assert {
    condition = slice(jsondecode(aws_iam_role_policy.this[0].policy).Statement, 1, 3) == [
      {
        Sid      = "SendFailures", Effect = "Allow", Action = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:eu-central-1:111122223333:failures"]
      },
      {
        Sid      = "EncryptFailures", Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = ["arn:aws:kms:eu-central-1:111122223333:key/queue"]
      },
    ]
    error_message = "the role may send to the queue, and encrypt under its key"
  }
}

run "failures_go_to_a_topic" {
  variables {
    failure_destination = { arn = "arn:aws:sns:eu-central-1:111122223333:failures" }
  }

  assert {
    condition = slice(jsondecode(aws_iam_role_policy.this[0].policy).Statement, 1, length(jsondecode(aws_iam_role_policy.this[0].policy).Statement)) == [{
      Sid      = "SendFailures", Effect = "Allow", Action = ["sns:Publish"]
      Resource = ["arn:aws:sns:eu-central-1:111122223333:failures"]
    }]
    error_message = "the role may publish to the topic, and without a key nothing else"
  }
}

run "failures_go_to_a_bus" {
  variables {
    failure_destination = { arn = "arn:aws:events:eu-central-1:111122223333:event-bus/default" }
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Action == ["events:PutEvents"] && jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Resource == ["arn:aws:events:eu-central-1:111122223333:event-bus/default"]
    error_message = "the role may put events on the bus"
  }
}

run "failures_go_to_a_function" {
  variables {
    failure_destination = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:failures" }
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Action == ["lambda:InvokeFunction"] && jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Resource == ["arn:aws:lambda:eu-central-1:111122223333:function:failures"]
    error_message = "the role may invoke the function"
  }
}

run "failures_go_to_a_bucket" {
  variables {
    failure_destination = { arn = "arn:aws:s3:::failures-111122223333" }
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Action == ["s3:ListBucket", "s3:PutObject"] && jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Resource == ["arn:aws:s3:::failures-111122223333", "arn:aws:s3:::failures-111122223333/*"]
    error_message = "the role may put objects into the bucket"
  }
  assert {
    condition     = try(jsondecode(aws_iam_role_policy.this[0].policy).Statement[1].Condition, null) == { StringEquals = { "s3:ResourceAccount" = "111122223333" } }
    error_message = "only while the bucket is this account's: its name could come to be another's"
  }
}

run "retries_without_a_destination" {
  variables {
    maximum_retry_attempts = 1
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.live[0].maximum_retry_attempts == 1 && aws_lambda_function_event_invoke_config.live[0].maximum_event_age_in_seconds == 21600 && length(aws_lambda_function_event_invoke_config.live[0].destination_config) == 0
    error_message = "retries can be set alone, and the age stays Lambda's"
  }
}

run "age_without_a_destination" {
  variables {
    maximum_event_age_in_seconds = 60
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.live[0].maximum_event_age_in_seconds == 60 && aws_lambda_function_event_invoke_config.live[0].maximum_retry_attempts == 2 && length(aws_lambda_function_event_invoke_config.live[0].destination_config) == 0
    error_message = "the age can be set alone, and retries stay Lambda's"
  }
}

################################################################################
# Concurrency
################################################################################

run "reserved_concurrency" {
  variables {
    reserved_concurrent_executions = 20
  }

  assert {
    condition     = aws_lambda_function.this[0].reserved_concurrent_executions == 20
    error_message = "reserved concurrency reaches the function"
  }
}

run "no_executions_stop_the_function" {
  variables {
    reserved_concurrent_executions = 0
  }

  assert {
    condition     = aws_lambda_function.this[0].reserved_concurrent_executions == 0
    error_message = "0 is not the same as null"
  }
}

run "fixed_provisioned_concurrency" {
  variables {
    snap_start                     = false
    reserved_concurrent_executions = 3
    provisioned_concurrency        = { executions = 3 }
  }

  assert {
    condition = (
      aws_lambda_provisioned_concurrency_config.fixed[0].provisioned_concurrent_executions == 3
      && aws_lambda_provisioned_concurrency_config.fixed[0].function_name == "users" && aws_lambda_provisioned_concurrency_config.fixed[0].qualifier == "live"
    )
    error_message = "the alias keeps three executions"
  }
  assert {
    condition     = length(aws_lambda_provisioned_concurrency_config.scaled) == 0 && length(aws_appautoscaling_target.this) == 0 && !terraform_data.provisioned_concurrency[0].triggers_replace.scaled
    error_message = "and nothing scales them"
  }
}

run "target_tracking" {
  variables {
    snap_start              = false
    provisioned_concurrency = { target_tracking = { min = 2, max = 20, utilization = 0.6 } }
    tags                    = { Environment = "test" }
  }

  assert {
    condition = (
      aws_lambda_provisioned_concurrency_config.scaled[0].provisioned_concurrent_executions == 2
      && aws_lambda_provisioned_concurrency_config.scaled[0].function_name == "users" && aws_lambda_provisioned_concurrency_config.scaled[0].qualifier == "live"
      && length(aws_lambda_provisioned_concurrency_config.fixed) == 0
    )
    error_message = "scaling starts at min"
  }
  assert {
    condition = (
      aws_appautoscaling_target.this[0].resource_id == "function:users:live" && aws_appautoscaling_target.this[0].service_namespace == "lambda"
      && aws_appautoscaling_target.this[0].scalable_dimension == "lambda:function:ProvisionedConcurrency"
      && aws_appautoscaling_target.this[0].min_capacity == 2 && aws_appautoscaling_target.this[0].max_capacity == 20
      && aws_appautoscaling_target.this[0].tags == tomap({ Environment = "test" })
    )
    error_message = "the alias is scaled from min to max"
  }
  assert {
    condition = (
      aws_appautoscaling_policy.utilization[0].policy_type == "TargetTrackingScaling" && aws_appautoscaling_policy.utilization[0].resource_id == "function:users:live"
      && aws_appautoscaling_policy.utilization[0].target_tracking_scaling_policy_configuration[0].target_value == 0.6
      && aws_appautoscaling_policy.utilization[0].target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].predefined_metric_type == "LambdaProvisionedConcurrencyUtilization"
    )
    error_message = "by the share in use"
  }
  assert {
    condition     = terraform_data.provisioned_concurrency[0].triggers_replace == { scaled = true, min = 2, max = 20 }
    error_message = "another range makes the target anew, and a change to fixed executions waits for the old to go"
  }
}

# On top of the run before.
run "another_range_leaves_the_executions_alone" {
  variables {
    snap_start              = false
    provisioned_concurrency = { target_tracking = { min = 1, max = 2 } }
  }

  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity == 1 && aws_appautoscaling_target.this[0].max_capacity == 2
    error_message = "the target is made anew with the new range"
  }
  assert {
    condition     = aws_lambda_provisioned_concurrency_config.scaled[0].provisioned_concurrent_executions == 2
    error_message = "how many executions there are is left to scaling"
  }
  assert {
    condition     = aws_appautoscaling_policy.utilization[0].target_tracking_scaling_policy_configuration[0].target_value == 0.7
    error_message = "0.7 are in use unless said otherwise"
  }
}

run "schedules" {
  variables {
    snap_start = false
    provisioned_concurrency = {
      schedules = {
        morning = { schedule = "cron(0 7 ? * MON-FRI *)", min = 10, max = 10, timezone = "Europe/Berlin" }
        night   = { schedule = "cron(0 20 ? * MON-FRI *)", min = 1, max = 1 }
      }
    }
  }

  assert {
    condition = { for name, action in aws_appautoscaling_scheduled_action.this : name => [
      action.name, action.schedule, action.timezone, action.scalable_target_action[0].min_capacity, action.scalable_target_action[0].max_capacity, action.resource_id,
      ] } == {
      morning = ["morning", "cron(0 7 ? * MON-FRI *)", "Europe/Berlin", "10", "10", "function:users:live"]
      night   = ["night", "cron(0 20 ? * MON-FRI *)", "UTC", "1", "1", "function:users:live"]
    }
    error_message = "each schedule sets its range, in UTC unless said otherwise"
  }
  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity == 1 && aws_appautoscaling_target.this[0].max_capacity == 10
    error_message = "until the first schedule what they span holds"
  }
  assert {
    condition     = length(aws_appautoscaling_policy.utilization) == 0
    error_message = "nothing but the schedules scales"
  }
}

run "schedules_and_target_tracking" {
  variables {
    snap_start = false
    provisioned_concurrency = {
      target_tracking = { min = 2, max = 5 }
      schedules       = { morning = { schedule = "cron(0 7 ? * * *)", min = 1, max = 50 } }
    }
  }

  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity == 2 && aws_appautoscaling_target.this[0].max_capacity == 5 && length(aws_appautoscaling_policy.utilization) == 1 && length(aws_appautoscaling_scheduled_action.this) == 1
    error_message = "the range of target_tracking holds until the schedule changes it"
  }
}

################################################################################
# Role
################################################################################

run "role_under_a_path" {
  variables {
    iam_path = "/webapp/functions/"
  }

  assert {
    condition     = aws_iam_role.this[0].path == "/webapp/functions/"
    error_message = "the path reaches the role"
  }
}

################################################################################
# Alarms
################################################################################

run "alarms" {
  variables {
    timeout             = 20
    failure_destination = { arn = "arn:aws:sqs:eu-central-1:111122223333:failures" }
    alarms              = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
    tags                = { Environment = "test" }
  }

  assert {
    condition = { for alarm in concat(
      aws_cloudwatch_metric_alarm.errors, aws_cloudwatch_metric_alarm.throttles, aws_cloudwatch_metric_alarm.duration,
      aws_cloudwatch_metric_alarm.snap_start_failed, aws_cloudwatch_metric_alarm.failure_destination,
      ) : alarm.alarm_name => join(" ", [
        alarm.namespace, alarm.metric_name, try(coalesce(alarm.statistic, alarm.extended_statistic), "none"), alarm.comparison_operator, alarm.threshold,
        "in", alarm.period, alarm.evaluation_periods, coalesce(alarm.datapoints_to_alarm, 1), join(",", [for name, value in coalesce(alarm.dimensions, {}) : "${name}=${value}"]),
      ])
      } == {
      users-errors              = "AWS/Lambda Errors Sum GreaterThanOrEqualToThreshold 1 in 300 1 1 FunctionName=users"
      users-throttles           = "AWS/Lambda Throttles Sum GreaterThanOrEqualToThreshold 1 in 300 1 1 FunctionName=users"
      users-duration            = "AWS/Lambda Duration p99 GreaterThanOrEqualToThreshold 16000 in 300 3 2 FunctionName=users"
      users-snap-start-failed   = "SnapStart users-failed Sum GreaterThanOrEqualToThreshold 1 in 300 1 1 "
      users-failure-destination = "AWS/Lambda DestinationDeliveryFailures Sum GreaterThanOrEqualToThreshold 1 in 300 1 1 FunctionName=users"
    }
    error_message = "each alarm watches its metric of this function"
  }
  assert {
    condition = alltrue([for alarm in concat(
      aws_cloudwatch_metric_alarm.errors, aws_cloudwatch_metric_alarm.throttles, aws_cloudwatch_metric_alarm.duration,
      aws_cloudwatch_metric_alarm.snap_start_failed, aws_cloudwatch_metric_alarm.failure_destination,
      ) :
      alarm.alarm_actions == toset(["arn:aws:sns:eu-central-1:111122223333:alarms"]) && alarm.ok_actions == alarm.alarm_actions
      && alarm.treat_missing_data == "notBreaching" && alarm.tags == tomap({ Environment = "test" })
      && endswith(alarm.alarm_description, ". Runbook: docs/runbooks/function.md#${trimprefix(alarm.alarm_name, "users-")}")
    ])
    error_message = "each tells the topic when it fires and when it is over, is silent without calls, and names its runbook"
  }
  assert {
    condition = (
      aws_cloudwatch_log_metric_filter.snap_start_failed[0].log_group_name == "/aws/lambda/users"
      && aws_cloudwatch_log_metric_filter.snap_start_failed[0].metric_transformation[0].namespace == "SnapStart" && aws_cloudwatch_log_metric_filter.snap_start_failed[0].metric_transformation[0].name == "users-failed"
      && aws_cloudwatch_log_metric_filter.snap_start_failed[0].metric_transformation[0].value == "1"
      && aws_cloudwatch_log_metric_filter.snap_start_failed[0].pattern == "{ ($.record.status != \"success\") && (($.type = \"platform.restoreRuntimeDone\") || (($.type = \"platform.initRuntimeDone\") && ($.record.initializationType = \"snap-start\"))) }"
    )
    error_message = "restores and snapshots that did not succeed are counted in the function's logs"
  }
}

run "alarm_thresholds" {
  variables {
    timeout = 10
    alarms = {
      actions        = ["arn:aws:sns:eu-central-1:111122223333:alarms", "arn:aws:sns:eu-central-1:444455556666:operations"]
      runbook_url    = "https://git.example.com/shop/docs/runbooks"
      errors         = 5
      throttles      = 10
      duration_share = 0.5
    }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.errors[0].threshold == 5 && aws_cloudwatch_metric_alarm.throttles[0].threshold == 10 && aws_cloudwatch_metric_alarm.duration[0].threshold == 5000
    error_message = "thresholds reach the alarms"
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.errors[0].alarm_actions) == 2
    error_message = "every topic is told"
  }
  assert {
    condition     = endswith(aws_cloudwatch_metric_alarm.errors[0].alarm_description, "Runbook: https://git.example.com/shop/docs/runbooks/function.md#errors")
    error_message = "the runbook is linked where it can be read"
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.failure_destination) == 0
    error_message = "no alarm on a destination that is not there"
  }
}

run "no_snapshot_alarm_without_snapshots" {
  variables {
    snap_start = false
    alarms     = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.errors) == 1 && length(aws_cloudwatch_metric_alarm.snap_start_failed) == 0 && length(aws_cloudwatch_log_metric_filter.snap_start_failed) == 0
    error_message = "nothing looks for snapshots"
  }
}

run "alarms_are_off_by_default" {
  variables {
    failure_destination = { arn = "arn:aws:sqs:eu-central-1:111122223333:failures" }
  }

  assert {
    condition = length(concat(
      aws_cloudwatch_metric_alarm.errors, aws_cloudwatch_metric_alarm.throttles, aws_cloudwatch_metric_alarm.duration,
      aws_cloudwatch_metric_alarm.snap_start_failed, aws_cloudwatch_log_metric_filter.snap_start_failed, aws_cloudwatch_metric_alarm.failure_destination,
    )) == 0
    error_message = "no alarms unless somebody is to be told"
  }
}

################################################################################
# Off
################################################################################

run "off_creates_nothing" {
  variables {
    create  = false
    package = { filename = "tests/absent.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    vpc     = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-functions"] }

    snap_start              = false
    failure_destination     = { arn = "arn:aws:sqs:eu-central-1:111122223333:failures" }
    provisioned_concurrency = { target_tracking = { min = 1, max = 2 }, schedules = { noon = { schedule = "cron(0 12 ? * * *)", min = 1, max = 1 } } }
    alarms                  = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
  }

  assert {
    condition = length(concat(
      aws_cloudwatch_metric_alarm.errors, aws_cloudwatch_metric_alarm.throttles, aws_cloudwatch_metric_alarm.duration,
      aws_cloudwatch_metric_alarm.snap_start_failed, aws_cloudwatch_log_metric_filter.snap_start_failed, aws_cloudwatch_metric_alarm.failure_destination,
      aws_lambda_function.this, aws_lambda_alias.live, aws_lambda_function_event_invoke_config.live, aws_iam_role.this, aws_iam_role_policy.this, aws_cloudwatch_log_group.this,
      terraform_data.provisioned_concurrency, aws_lambda_provisioned_concurrency_config.fixed, aws_lambda_provisioned_concurrency_config.scaled,
      aws_appautoscaling_target.this, aws_appautoscaling_policy.utilization, values(aws_appautoscaling_scheduled_action.this),
    )) == 0
    error_message = "nothing is created"
  }
  assert {
    condition = alltrue([for value in [
      output.function_name, output.function_arn, output.version, output.qualified_arn, output.timeout, output.alias_name,
      output.alias_arn, output.alias_invoke_arn, output.role_name, output.role_arn, output.log_group_name,
    ] : value == null])
    error_message = "every output is null"
  }
}

run "off_creates_no_snapshot_alarm" {
  variables {
    create = false
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.snap_start_failed) == 0 && length(aws_cloudwatch_log_metric_filter.snap_start_failed) == 0
    error_message = "nothing is created with snapshots either"
  }
}
