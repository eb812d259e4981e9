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

run "off_creates_nothing" {
  variables {
    create  = false
    package = { filename = "tests/absent.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    vpc     = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-functions"] }
  }

  assert {
    condition     = length(concat(aws_lambda_function.this, aws_lambda_alias.live, aws_iam_role.this, aws_iam_role_policy.this, aws_cloudwatch_log_group.this)) == 0
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
