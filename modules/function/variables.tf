variable "create" {
  description = "Whether to create anything. With `false` every output is null."
  type        = bool
  default     = true
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource that takes tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

################################################################################
# Log group
################################################################################

variable "log_retention_in_days" {
  description = "How long CloudWatch keeps the logs, in days: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "log_retention_in_days must be a period CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "log_kms_key_arn" {
  description = "KMS key of the log group. Its policy must let CloudWatch Logs use it. `null` is CloudWatch's own encryption."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.log_kms_key_arn))
    error_message = "log_kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }
}

variable "application_log_level" {
  description = "Least severe level of the function's own log lines that is kept: TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], var.application_log_level)
    error_message = "application_log_level must be TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
  }
}

variable "system_log_level" {
  description = "Least severe level of Lambda's own log lines that is kept: DEBUG, INFO or WARN. WARN drops the reports that hold duration and memory."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN"], var.system_log_level)
    error_message = "system_log_level must be DEBUG, INFO or WARN."
  }
}

################################################################################
# Function
################################################################################

variable "function_name" {
  description = "Name of the function: letters, digits, `-` and `_`, at most 64."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.function_name))
    error_message = "function_name must be 1-64 letters, digits, hyphens or underscores."
  }
}

variable "description" {
  description = "What the function is for, in one line of at most 256 characters."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 256
    error_message = "description must have at most 256 characters (it has ${length(var.description)})."
  }
}

variable "package" {
  description = <<-EOT
    The jar, as `make build` leaves it in `dist/`; its entry in `dist/manifest.json` holds all three.
    `filename`: path of the jar. `source_code_hash`: its SHA-256, base64. `handlers`: the handler classes in it; when given, `handler` must be one of them.
  EOT
  type = object({
    filename         = string
    source_code_hash = string
    handlers         = optional(list(string))
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+/]{43}=$", var.package.source_code_hash))
    error_message = "package.source_code_hash must be the base64 SHA-256 of the jar (44 characters): take it from dist/manifest.json, or write filebase64sha256(\"path/of.jar\")."
  }
}

variable "handler" {
  description = "Class that handles the invocations, without a method: it implements RequestStreamHandler or RequestHandler."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$", var.handler)) && length(var.handler) <= 128
    error_message = "handler must be a Java class name such as webapp.api.users.UsersHandler, without ::method."
  }

  validation {
    condition     = var.package.handlers == null || contains(coalesce(var.package.handlers, []), var.handler)
    error_message = "The package ${var.package.filename} has no handler ${var.handler}. It has: ${join(", ", coalesce(var.package.handlers, []))}. Correct handler, or build the jar again if the class is new."
  }
}

variable "runtime" {
  description = "`java21`, or `java25` (which the AWS provider accepts from 6.20 on)."
  type        = string
  default     = "java21"
  nullable    = false

  validation {
    condition     = contains(["java21", "java25"], var.runtime)
    error_message = "runtime must be java21, or java25 with AWS provider 6.20 or newer."
  }
}

variable "architectures" {
  description = "Processor, as a list of one: `[\"arm64\"]` or `[\"x86_64\"]`. A jar without native code runs on both; arm64 costs a fifth less. SnapStart supports both."
  type        = list(string)
  default     = ["arm64"]
  nullable    = false

  validation {
    condition     = length(var.architectures) == 1 && contains(["arm64", "x86_64"], try(var.architectures[0], ""))
    error_message = "architectures must be [\"arm64\"] or [\"x86_64\"]."
  }
}

variable "memory_size" {
  description = "Memory in MiB (128-10240). Lambda gives processor in proportion: 1769 MiB is one full processor."
  type        = number
  default     = 1024
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size must be a whole number of MiB from 128 to 10240."
  }
}

variable "timeout" {
  description = "Longest an invocation may take, in seconds (1-900). Behind API Gateway keep it below the integration's timeout."
  type        = number
  default     = 15
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds from 1 to 900."
  }
}

variable "environment" {
  description = "Environment variables. Not for secrets: they are plain in the state. Names of the Lambda runtime (`AWS_*`, `LAMBDA_*`, `_HANDLER`) are refused."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : !can(regex("^(AWS_|LAMBDA_|_HANDLER$|_X_AMZN_)", name))])
    error_message = "environment must not set what belongs to the Lambda runtime: rename ${join(", ", [for name in keys(var.environment) : name if can(regex("^(AWS_|LAMBDA_|_HANDLER$|_X_AMZN_)", name))])}."
  }

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^(_|[A-Za-z][A-Za-z0-9_]+$)", name))])
    error_message = "Names in environment must start with a letter and have at least two letters, digits or underscores."
  }
}

variable "snap_start" {
  description = "Whether versions start from a snapshot of the initialised function (SnapStart). Turn it off where cold starts do not matter: a version idle for 14 days loses its snapshot."
  type        = bool
  default     = true
  nullable    = false
}

variable "vpc" {
  description = "Subnets and security groups of a function that talks to something inside a VPC. `null` keeps it outside, with access to all AWS APIs."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = try(length(var.vpc.subnet_ids) > 0 && length(var.vpc.security_group_ids) > 0, var.vpc == null)
    error_message = "vpc needs at least one subnet and one security group; write vpc = null for a function outside a VPC."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the environment variables and the SnapStart snapshot. `null` is Lambda's own key."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }
}

################################################################################
# Role
################################################################################

variable "role_name" {
  description = "Name of the execution role. `null` takes the function's name; give another one where two regions hold a function of the same name, because roles belong to the account."
  type        = string
  default     = null

  validation {
    condition     = var.role_name == null || can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "role_name must be 1-64 letters, digits or +=,.@_-."
  }
}

variable "policy_statements" {
  description = <<-EOT
    What the function's code may do, by statement id. Logs and, with `vpc`, the network interfaces are granted by the module.
    `conditions`: each with `test` (StringEquals, ...), `variable` and `values`.
    `wildcard_reason`: why the statement needs `resources = ["*"]`; refused without one.
  EOT
  type = map(object({
    actions   = list(string)
    resources = list(string)
    conditions = optional(list(object({
      test     = string
      variable = string
      values   = list(string)
    })), [])
    wildcard_reason = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for sid in keys(var.policy_statements) : can(regex("^[A-Za-z0-9]+$", sid))])
    error_message = "Keys of policy_statements become statement ids: letters and digits only, for example ReadMasterSecret."
  }

  validation {
    condition     = alltrue([for statement in values(var.policy_statements) : length(statement.actions) > 0 && length(statement.resources) > 0])
    error_message = "Every statement in policy_statements needs at least one action and one resource."
  }

  validation {
    condition     = alltrue(flatten([for statement in values(var.policy_statements) : [for action in statement.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+[*]?$", action))]]))
    error_message = "Actions in policy_statements must name a service and an operation, such as s3:GetObject or s3:Get*; neither \"*\" nor \"s3:*\"."
  }

  validation {
    condition     = alltrue([for statement in values(var.policy_statements) : !contains(statement.resources, "*") || try(length(trimspace(statement.wildcard_reason)) > 0, false)])
    error_message = "A statement in policy_statements has resources = [\"*\"]: name the resources, or say in wildcard_reason why the action supports none."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role's permissions."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of an IAM policy (arn:PARTITION:iam::ACCOUNT:policy/NAME)."
  }
}
