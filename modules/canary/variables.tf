variable "create" {
  description = "Whether to create anything. With `false` every output is null or empty."
  type        = bool
  default     = true
  nullable    = false
}

variable "name" {
  description = "Name of the function that moves the aliases, and beginning of the names of its rules and its queue: letters, digits, `-` and `_`, at most 58."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,58}$", var.name))
    error_message = "name must be 1-58 letters, digits, hyphens or underscores."
  }
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
  description = "How long CloudWatch keeps the logs, in days, as in modules/function."
  type        = number
  default     = 30
  nullable    = false
}

variable "log_kms_key_arn" {
  description = "KMS key of the log group. Its policy must let CloudWatch Logs use it. `null` is CloudWatch's own encryption."
  type        = string
  default     = null
}

################################################################################
# Function
################################################################################

variable "package" {
  description = "The jar that holds `handler`, as in modules/function: `dist/canary.jar`."
  type = object({
    filename = optional(string)
    s3 = optional(object({
      bucket         = string
      key            = string
      object_version = optional(string)
    }))
    source_code_hash = string
    handlers         = optional(list(string))
  })
  nullable = false
}

variable "handler" {
  description = "Class that handles the events."
  type        = string
  default     = "webapp.canary.RolloutHandler"
  nullable    = false
}

variable "runtime" {
  description = "As in modules/function: `java21` or `java25`."
  type        = string
  default     = "java21"
  nullable    = false
}

variable "architectures" {
  description = "Processor, `arm64` or `x86_64`, as a list of one."
  type        = list(string)
  default     = ["arm64"]
  nullable    = false
}

variable "memory_size" {
  description = "Memory in MiB, as in modules/function."
  type        = number
  default     = 512
  nullable    = false
}

variable "timeout" {
  description = "Longest an invocation may take, in seconds. It asks Lambda and CloudWatch a few times for each function."
  type        = number
  default     = 60
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role's permissions."
  type        = string
  default     = null
}

################################################################################
# Rollouts
################################################################################

variable "functions" {
  description = <<-EOT
    Functions to roll out, by a name of your choice; each is one of modules/function with `canary = true`.
    `function_name`, `alias_name`, `version`: outputs of that module. `version` is the candidate.
    `weight`: share of the alias's invocations that the candidate gets (0.01-0.5). `bake_minutes`: how long it must keep it, with none of the alarms in ALARM, before it serves everybody (1-1440).
    `errors`: how many failed invocations of the candidate within a minute end the rollout. `alarm_names`: further alarms of this account and region that do, metric or composite, at most 50, such as the API's 5xx rate.
    Changes of `weight` hold from the next rollout on; those of the others at once.
  EOT
  type = map(object({
    function_name = string
    alias_name    = string
    version       = string
    weight        = optional(number, 0.1)
    bake_minutes  = optional(number, 30)
    errors        = optional(number, 1)
    alarm_names   = optional(list(string), [])
  }))
  nullable = false

  validation {
    condition     = length(var.functions) > 0 || !var.create
    error_message = "functions must name at least one function; write create = false for none."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : can(regex("^[A-Za-z0-9_-]{1,64}$", function.function_name))]) && length(distinct(values(var.functions)[*].function_name)) == length(var.functions)
    error_message = "function_name in functions must be the name of a function (not its ARN), and each function stand there once."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : can(regex("^[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*$", function.alias_name))])
    error_message = "alias_name in functions must be the name of an alias, such as live; a version alone has no weights."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : can(regex("^[0-9]+$", function.version))])
    error_message = "version in functions must be the number of a published version; Lambda gives no weight to $LATEST."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : function.weight >= 0.01 && function.weight <= 0.5])
    error_message = "weight in functions must be a share from 0.01 to 0.5."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : function.bake_minutes >= 1 && function.bake_minutes <= 1440 && floor(function.bake_minutes) == function.bake_minutes])
    error_message = "bake_minutes in functions must be a whole number of minutes from 1 to 1440."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : function.errors >= 1 && floor(function.errors) == function.errors])
    error_message = "errors in functions must be a whole number, 1 or more."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : length(function.alarm_names) <= 50 && alltrue([for name in function.alarm_names : length(name) >= 1 && length(name) <= 255 && !startswith(name, "arn:")])])
    error_message = "alarm_names in functions must be at most 50 names of alarms, not their ARNs."
  }
}

################################################################################
# Alarms
################################################################################

variable "alarms" {
  description = <<-EOT
    Whom the alarms tell: those on each candidate's errors, which are there in any case because they end a rollout, on rollbacks and dead letters, and on the function itself; 0.10 USD a month each.
    `actions`: ARNs of up to 5 SNS topics of this region, told when an alarm fires and when it is over; none by default.
    `runbook_url`: where docs/runbooks of this repository can be read, without a slash at the end.
  EOT
  type = object({
    actions     = optional(list(string), [])
    runbook_url = optional(string, "docs/runbooks")
  })
  default  = {}
  nullable = false

  validation {
    condition     = length(var.alarms.actions) <= 5 && alltrue([for action in var.alarms.actions : can(regex("^arn:[^:]+:sns:[^:]+:[0-9]{12}:[A-Za-z0-9_-]+$", action))])
    error_message = "alarms.actions must be ARNs of at most 5 standard SNS topics (arn:PARTITION:sns:REGION:ACCOUNT:NAME)."
  }

  validation {
    condition     = length(var.alarms.runbook_url) > 0 && !endswith(var.alarms.runbook_url, "/")
    error_message = "alarms.runbook_url must be a path or URL without a slash at the end."
  }
}
