################################################################################
# Role
################################################################################

resource "aws_iam_role" "this" {
  count = var.create ? 1 : 0

  name                 = coalesce(var.role_name, var.function_name)
  path                 = var.iam_path
  description          = "Execution role of the Lambda function ${var.function_name}"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  # No aws:SourceAccount condition: AWS documents none for execution roles, and a function can only be given a role of its
  # own account (iam:PassRole does not cross accounts), so Lambda cannot be talked into using this role from elsewhere.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

locals {
  log_statement = {
    Sid      = "WriteLogs"
    Effect   = "Allow"
    Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    Resource = ["${try(aws_cloudwatch_log_group.this[0].arn, "")}:*"]
  }

  network_interface_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
  ]
  network_describe_actions = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]

  # Lambda attaches the function to the VPC with the function's own role. See "Giving Lambda functions access to resources
  # in an Amazon VPC" in the Lambda developer guide.
  network_statements = var.vpc == null ? [] : [
    {
      Sid    = "AttachToVpc"
      Effect = "Allow"
      Action = local.network_interface_actions
      # Lambda refuses a role whose DeleteNetworkInterface names single interfaces; this account and region is the narrowest
      # form its documentation allows.
      Resource = ["arn:${data.aws_partition.current.partition}:ec2:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:*/*"]
    },
    {
      Sid    = "DescribeVpc"
      Effect = "Allow"
      Action = local.network_describe_actions
      # EC2's describe actions support no resource.
      Resource = ["*"]
    },
  ]

  # The rights above are for the Lambda service: the function's own code gets none of them.
  network_denials = var.vpc == null ? [] : [
    {
      Sid    = "DenyNetworkToCode"
      Effect = "Deny"
      Action = concat(local.network_interface_actions, local.network_describe_actions)
      # A denial is to be as wide as it can be.
      Resource  = ["*"]
      Condition = { ArnEquals = { "lambda:SourceFunctionArn" = [local.function_arn] } }
    },
  ]

  tracing_statements = var.tracing_mode != "Active" ? [] : [
    {
      Sid    = "SendTraces"
      Effect = "Allow"
      Action = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      # X-Ray's write actions support no resource.
      Resource = ["*"]
    },
  ]

  # What Lambda needs on a destination of each service: "Capturing records of Lambda asynchronous invocations" in the Lambda
  # developer guide.
  failure_destination_rights = {
    events = { actions = ["events:PutEvents"], paths = [""] }
    lambda = { actions = ["lambda:InvokeFunction"], paths = [""] }
    s3     = { actions = ["s3:ListBucket", "s3:PutObject"], paths = ["", "/*"] }
    sns    = { actions = ["sns:Publish"], paths = [""] }
    sqs    = { actions = ["sqs:SendMessage"], paths = [""] }
  }
  failure_destination_statements = var.failure_destination == null ? [] : concat(
    [for service in [split(":", var.failure_destination.arn)[2]] : merge(
      {
        Sid      = "SendFailures"
        Effect   = "Allow"
        Action   = local.failure_destination_rights[service].actions
        Resource = [for path in local.failure_destination_rights[service].paths : "${var.failure_destination.arn}${path}"]
      },
      # A bucket's ARN names no account: were the bucket deleted, another account could take its name, and get the events.
      { for key in ["Condition"] : key => { StringEquals = { "s3:ResourceAccount" = data.aws_caller_identity.current.account_id } } if service == "s3" },
    )],
    [for key in [var.failure_destination.kms_key_arn] : {
      Sid      = "EncryptFailures"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = [key]
    } if key != null],
  )

  # Not one conditional expression: a statement without conditions must have no Condition key at all.
  caller_statements = [
    for sid, statement in var.policy_statements : {
      for key, value in {
        Sid      = sid
        Effect   = "Allow"
        Action   = statement.actions
        Resource = statement.resources
        Condition = length(statement.conditions) == 0 ? null : {
          for test in distinct(statement.conditions[*].test) : test => {
            for condition in statement.conditions : condition.variable => condition.values if condition.test == test
          }
        }
      } : key => value if value != null
    }
  ]
}

resource "aws_iam_role_policy" "this" {
  #checkov:skip=CKV_AWS_355:"*" stands only beside actions that support no resource (commented above) or a caller's wildcard_reason.
  #checkov:skip=CKV_AWS_290:Write actions are bound to this account's and region's network interfaces, and denied to the function's code.
  count = var.create ? 1 : 0

  name = "function"
  role = aws_iam_role.this[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.log_statement],
      local.network_statements,
      local.network_denials,
      local.tracing_statements,
      local.failure_destination_statements,
      local.caller_statements,
    )
  })
}
