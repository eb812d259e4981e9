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
    The jar, as `make build` leaves it in `dist/`; its entry in `dist/manifest.json` holds file, hash and handlers. From the disk or from S3:
    `filename`: path of the jar.
    `s3`: `bucket` (of the function's region), `key`, and `object_version`. A hash other than `source_code_hash` fails the apply before `live` moves, but with SnapStart the jar's static code has run by then, with the function's role: the bucket must keep versions and be writable by the release pipeline alone.
    `source_code_hash`: its SHA-256, base64. `handlers`: the handler classes in it; when given, `handler` must be one of them.
  EOT
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

  validation {
    condition     = (var.package.filename == null) != (var.package.s3 == null)
    error_message = "package must say where the jar is, once: write filename, or s3 = { bucket, key, object_version }."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9+/]{43}=$", var.package.source_code_hash))
    error_message = "package.source_code_hash must be the base64 SHA-256 of the jar (44 characters): take it from dist/manifest.json, or write filebase64sha256(\"path/of.jar\")."
  }

  validation {
    condition     = try(can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.package.s3.bucket)) && length(var.package.s3.key) > 0, var.package.s3 == null)
    error_message = "package.s3 needs the name of a bucket (not its ARN or URL) and the key of the jar in it."
  }
}

variable "handler" {
  description = "Class that handles the invocations, without a method: it implements RequestStreamHandler or RequestHandler. With a custom `runtime`, whatever its bootstrap reads from _HANDLER."
  type        = string
  nullable    = false

  validation {
    condition     = !startswith(var.runtime, "java") || can(regex("^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$", var.handler)) && length(var.handler) <= 128
    error_message = "handler must be a Java class name such as webapp.api.users.UsersHandler, without ::method."
  }

  validation {
    condition     = can(regex("^[^\\s]{1,128}$", var.handler))
    error_message = "handler must be 1-128 characters without white space."
  }

  validation {
    condition     = var.package.handlers == null || contains(coalesce(var.package.handlers, []), var.handler)
    error_message = "The package ${coalesce(var.package.filename, try(var.package.s3.key, "-"))} has no handler ${var.handler}. It has: ${join(", ", coalesce(var.package.handlers, []))}. Correct handler, or build the jar again if the class is new."
  }
}

variable "runtime" {
  description = "`java21`; `java25` (which the AWS provider accepts from 6.20 on); or `provided.al2023`, whose package brings its own `bootstrap`, without SnapStart."
  type        = string
  default     = "java21"
  nullable    = false

  validation {
    condition     = contains(["java21", "java25", "provided.al2023"], var.runtime)
    error_message = "runtime must be java21, java25 with AWS provider 6.20 or newer, or provided.al2023."
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

variable "layers" {
  description = "Layers under the package, as ARNs of layer versions; 5 at most, of the function's region."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.layers) <= 5
    error_message = "layers must have at most 5 (there are ${length(var.layers)})."
  }

  validation {
    condition     = alltrue([for layer in var.layers : can(regex("^arn:[^:]+:lambda:[^:]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+$", layer))])
    error_message = "layers must be ARNs of layer versions (arn:PARTITION:lambda:REGION:ACCOUNT:layer:NAME:VERSION)."
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

variable "ephemeral_storage_size" {
  description = "Size of /tmp in MiB (512-10240). What is over 512 costs 0.0000000309 USD a GB-second in us-east-1 and excludes SnapStart."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.ephemeral_storage_size >= 512 && var.ephemeral_storage_size <= 10240 && floor(var.ephemeral_storage_size) == var.ephemeral_storage_size
    error_message = "ephemeral_storage_size must be a whole number of MiB from 512 to 10240."
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

  validation {
    condition     = !var.snap_start || startswith(var.runtime, "java")
    error_message = "SnapStart does not support ${var.runtime}: write snap_start = false, or take a Java runtime."
  }

  validation {
    condition     = !var.snap_start || var.ephemeral_storage_size <= 512
    error_message = "SnapStart does not support more than 512 MiB of ephemeral storage: write snap_start = false, or ephemeral_storage_size = 512."
  }

  validation {
    condition     = !var.snap_start || var.provisioned_concurrency == null
    error_message = "SnapStart does not support provisioned concurrency: write snap_start = false, or provisioned_concurrency = null."
  }
}

variable "tracing_mode" {
  description = "`Active` samples requests for X-Ray (5 USD a million traces after the first 100,000 a month); `PassThrough` traces only what an upstream service samples, and gives the role no right to."
  type        = string
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["Active", "PassThrough"], var.tracing_mode)
    error_message = "tracing_mode must be Active or PassThrough."
  }
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
# Asynchronous invocation
################################################################################

variable "failure_destination" {
  description = <<-EOT
    Where Lambda sends an event that was sent to `live` asynchronously and failed for good. `null` drops it. The role gets the right to send.
    `arn`: standard SQS queue, standard SNS topic, EventBridge bus, function, or S3 bucket of this account. `kms_key_arn`: customer key of the queue, topic or bucket, if it has one.
  EOT
  type = object({
    arn         = string
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition     = try(can(regex("^arn:[^:]+:((sqs|sns):[^:]+:[0-9]{12}:|events:[^:]+:[0-9]{12}:event-bus/|lambda:[^:]+:[0-9]{12}:function:|s3:::)[^/].*$", var.failure_destination.arn)) && !endswith(var.failure_destination.arn, ".fifo"), var.failure_destination == null)
    error_message = "failure_destination.arn must be the ARN of a standard SQS queue, standard SNS topic, EventBridge bus, function or S3 bucket; Lambda does not deliver to FIFO queues and topics."
  }

  validation {
    condition     = try(var.failure_destination.kms_key_arn, null) == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.failure_destination.kms_key_arn))
    error_message = "failure_destination.kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }
}

variable "maximum_retry_attempts" {
  description = "How often Lambda repeats an asynchronous invocation that failed (0-2). `null` is Lambda's own 2."
  type        = number
  default     = null

  validation {
    condition     = try(contains([0, 1, 2], var.maximum_retry_attempts), var.maximum_retry_attempts == null)
    error_message = "maximum_retry_attempts must be 0, 1 or 2."
  }
}

variable "maximum_event_age_in_seconds" {
  description = "How long Lambda keeps trying an asynchronous invocation, in seconds (60-21600). `null` is Lambda's own six hours."
  type        = number
  default     = null

  validation {
    condition     = try(var.maximum_event_age_in_seconds >= 60 && var.maximum_event_age_in_seconds <= 21600 && floor(var.maximum_event_age_in_seconds) == var.maximum_event_age_in_seconds, var.maximum_event_age_in_seconds == null)
    error_message = "maximum_event_age_in_seconds must be a whole number of seconds from 60 to 21600."
  }
}

################################################################################
# Concurrency
################################################################################

variable "reserved_concurrent_executions" {
  description = "Executions that are this function's alone, and the most it can have at once; 0 stops it. `null` (or -1) reserves none. An account has 1000 in a region, a new one 10, and 100 (10) must stay unreserved."
  type        = number
  default     = null

  validation {
    condition     = try(var.reserved_concurrent_executions >= -1 && floor(var.reserved_concurrent_executions) == var.reserved_concurrent_executions, var.reserved_concurrent_executions == null)
    error_message = "reserved_concurrent_executions must be a whole number, 0 or more; write null to reserve none."
  }

  validation {
    condition     = coalesce(var.reserved_concurrent_executions, -1) == -1 || coalesce(var.reserved_concurrent_executions, -1) >= local.most_provisioned
    error_message = "reserved_concurrent_executions must be at least what provisioned_concurrency goes up to (${local.most_provisioned}): provisioned executions are taken from it."
  }
}

variable "provisioned_concurrency" {
  description = <<-EOT
    Executions of `live` that are kept initialised, instead of SnapStart: about 11 USD a month for each at 1024 MiB in us-east-1 (arm64: 9), used or not. `null` keeps none. Either
    `executions`: always as many; or scaled by Application Auto Scaling, with one or both of
    `target_tracking`: from `min` to `max`, so that the share in use stays about `utilization` (0.1-0.9);
    `schedules`: from the time `schedule` on (`cron(...)`, `rate(...)` or `at(...)`, in `timezone`), from `min` to `max`; both the same unless `target_tracking` moves between them.
  EOT
  type = object({
    executions = optional(number)
    target_tracking = optional(object({
      min         = number
      max         = number
      utilization = optional(number, 0.7)
    }))
    schedules = optional(map(object({
      schedule = string
      min      = number
      max      = number
      timezone = optional(string, "UTC")
    })), {})
  })
  default = null

  validation {
    condition     = try((var.provisioned_concurrency.executions != null) != (var.provisioned_concurrency.target_tracking != null || length(var.provisioned_concurrency.schedules) > 0), var.provisioned_concurrency == null)
    error_message = "provisioned_concurrency must be either fixed (executions) or scaled (target_tracking, schedules, or both); write null for none."
  }

  # 0 would make Application Auto Scaling delete the configuration that Terraform made, and Terraform make it again.
  validation {
    condition = try(alltrue([
      for count in flatten([var.provisioned_concurrency.executions[*], [for range in concat(var.provisioned_concurrency.target_tracking[*], values(var.provisioned_concurrency.schedules)) : [range.min, range.max]]]) :
      count >= 1 && floor(count) == count
    ]), var.provisioned_concurrency == null)
    error_message = "executions, min and max in provisioned_concurrency must be whole numbers, 1 or more."
  }

  validation {
    condition     = try(alltrue([for range in concat(var.provisioned_concurrency.target_tracking[*], values(var.provisioned_concurrency.schedules)) : range.min <= range.max]), var.provisioned_concurrency == null)
    error_message = "min must not be more than max in provisioned_concurrency."
  }

  validation {
    condition     = try(var.provisioned_concurrency.target_tracking.utilization >= 0.1 && var.provisioned_concurrency.target_tracking.utilization <= 0.9, true)
    error_message = "utilization in provisioned_concurrency.target_tracking must be a share from 0.1 to 0.9."
  }

  validation {
    condition     = try(var.provisioned_concurrency.target_tracking != null || alltrue([for schedule in values(var.provisioned_concurrency.schedules) : schedule.min == schedule.max]), var.provisioned_concurrency == null)
    error_message = "Without target_tracking nothing moves between min and max of a schedule in provisioned_concurrency: make them the same."
  }

  validation {
    condition     = try(alltrue([for schedule in values(var.provisioned_concurrency.schedules) : can(regex("^(cron|rate|at)[(].+[)]$", schedule.schedule))]), var.provisioned_concurrency == null)
    error_message = "schedule in provisioned_concurrency.schedules must be cron(...), rate(...) or at(...), such as cron(0 7 ? * MON-FRI *)."
  }

  validation {
    condition     = try(alltrue([for schedule in values(var.provisioned_concurrency.schedules) : can(regex("^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$", schedule.timezone))]), var.provisioned_concurrency == null)
    error_message = "timezone in provisioned_concurrency.schedules must be a name of the IANA database, such as Europe/Berlin or UTC."
  }
}

################################################################################
# Canary
################################################################################

variable "canary" {
  description = "Whether a rollout moves `live` to new versions (modules/canary) instead of the apply. The first version serves at once. To switch it on or off later, the alias is handed over in the state: the plan is refused and says how."
  type        = bool
  default     = false
  nullable    = false

  # "Alias with weights can not be used with Provisioned Concurrency", says PutProvisionedConcurrencyConfig.
  validation {
    condition     = !var.canary || var.provisioned_concurrency == null
    error_message = "canary and provisioned_concurrency exclude each other: Lambda takes no alias with weights for provisioned concurrency. Write canary = false or provisioned_concurrency = null."
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

variable "iam_path" {
  description = "Path of the execution role, for accounts that organise or delegate roles by path: `/`, or `/` and names that each end in `/`. Another path is another role, made before the old one goes: change `role_name` with it, or IAM refuses two of one name."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([!-.0-~]+/)*$", var.iam_path)) && length(var.iam_path) <= 512
    error_message = "iam_path must start and end with a slash, such as / or /webapp/, and have at most 512 characters."
  }
}

variable "policy_statements" {
  description = <<-EOT
    What the function's code may do, by statement id. Logs and, with `vpc`, the network interfaces are granted by the module.
    `conditions`: each with `test` (StringEquals, ...), `variable` and `values`.
    `wildcard_reason`: why the statement needs a resource that names too little, refused without one: `*`, a wildcard as partition, service or account, everything of a service (`arn:aws:s3:::*`) or of a type (`arn:aws:iam::111122223333:role/*`).
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

  # Three, each with a fixed message: a resource may not be known yet, and then a message that quotes resources could not be shown.
  validation {
    condition = alltrue(flatten([for statement in values(var.policy_statements) : [
      for resource in statement.resources : can(regex("^arn:[^:*?]+:[^:*?]+:[^:]*:[^:*?]*:.+$", resource))
    ] if !try(length(trimspace(statement.wildcard_reason)) > 0, false)]))
    error_message = "A resource in policy_statements is no ARN whose partition, service and account are without wildcards (\"*\" and arn:aws:iam::*:role/x are not): name them, or say in wildcard_reason why that cannot be."
  }

  validation {
    condition = alltrue(flatten([for statement in values(var.policy_statements) : [
      for resource in statement.resources : !can(regex("^arn:([^:]*:){4}[*?]", resource))
    ] if !try(length(trimspace(statement.wildcard_reason)) > 0, false)]))
    error_message = "A resource in policy_statements is everything of a service, because its last part begins with a wildcard (as in arn:aws:s3:::*): begin with a name, or say in wildcard_reason why that cannot be."
  }

  # Only where the ARN has an account: in arn:aws:s3:::bucket/* the bucket is a name, in arn:aws:iam::111122223333:role/* the role is a type.
  validation {
    condition = alltrue(flatten([for statement in values(var.policy_statements) : [
      for resource in statement.resources : !can(regex("^arn:([^:]*:){3}[^:]+:[^/:]+[/:][*?]+$", resource))
    ] if !try(length(trimspace(statement.wildcard_reason)) > 0, false)]))
    error_message = "A resource in policy_statements is everything of a type in the account (as in arn:aws:iam::111122223333:role/*): name it, or begin its name, or say in wildcard_reason why that cannot be."
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

################################################################################
# Alarms
################################################################################

variable "alarms" {
  description = <<-EOT
    Alarms on errors, throttles, duration, failing snapshots (with `snap_start`) and an unreachable `failure_destination`, 0.10 USD a month each; `null` for none.
    `actions`: ARNs of 1-5 SNS topics of this region, told when an alarm fires and when it is over.
    `runbook_url`: where docs/runbooks of this repository can be read, without a slash at the end.
    `errors`, `throttles`: how many within five minutes fire. `duration_share`: share of `timeout` (over 0, up to 1) that the slowest hundredth of calls must reach to fire.
  EOT
  type = object({
    actions        = list(string)
    runbook_url    = optional(string, "docs/runbooks")
    errors         = optional(number, 1)
    throttles      = optional(number, 1)
    duration_share = optional(number, 0.8)
  })
  default = null

  validation {
    condition     = try(length(var.alarms.actions) >= 1 && length(var.alarms.actions) <= 5, var.alarms == null)
    error_message = "alarms.actions must name 1-5 SNS topics; write alarms = null for no alarms."
  }

  validation {
    condition     = try(alltrue([for action in var.alarms.actions : can(regex("^arn:[^:]+:sns:[^:]+:[0-9]{12}:[A-Za-z0-9_-]+$", action))]), var.alarms == null)
    error_message = "alarms.actions must be ARNs of standard SNS topics (arn:PARTITION:sns:REGION:ACCOUNT:NAME)."
  }

  validation {
    condition     = try(length(var.alarms.runbook_url) > 0 && !endswith(var.alarms.runbook_url, "/"), var.alarms == null)
    error_message = "alarms.runbook_url must be a path or URL without a slash at the end."
  }

  validation {
    condition     = try(alltrue([for count in [var.alarms.errors, var.alarms.throttles] : count >= 1 && floor(count) == count]), var.alarms == null)
    error_message = "alarms.errors and alarms.throttles must be whole numbers, 1 or more."
  }

  validation {
    condition     = try(var.alarms.duration_share > 0 && var.alarms.duration_share <= 1, var.alarms == null)
    error_message = "alarms.duration_share must be a share of the timeout, over 0 and up to 1."
  }
}
