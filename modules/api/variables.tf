variable "create" {
  description = "Whether to create anything. With `false` every output but `openapi_body` is null."
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
# REST API
################################################################################

variable "name" {
  description = "Name of the API, 1-64 letters, digits, hyphens and underscores. It also starts the statement ids of the functions' permissions."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "name must be 1-64 letters, digits, hyphens and underscores."
  }
}

variable "openapi" {
  description = "The contract: an OpenAPI 3.0.x document, YAML or JSON, without API Gateway's extensions. Known at plan time: pass `file(...)`, not a resource's attribute."
  type        = string
  nullable    = false

  validation {
    condition     = can(keys(yamldecode(var.openapi)))
    error_message = "openapi must be an OpenAPI document in YAML or JSON, and this text is neither. Pass the document itself, as file(\"openapi.yaml\") gives it."
  }
}

variable "integrations" {
  description = "The function behind each operation, by operationId: `function_name`, `alias_name`, `invoke_arn` (of the alias) and `timeout` in seconds, as modules/function outputs them."
  type = map(object({
    function_name = string
    alias_name    = string
    invoke_arn    = string
    timeout       = number
  }))
  nullable = false

  validation {
    condition     = length(setsubtract(keys(local.operations), keys(var.integrations))) == 0
    error_message = "integrations must name a function for every operation of openapi; add ${join(", ", setsubtract(keys(local.operations), keys(var.integrations)))}."
  }

  validation {
    condition     = length(setsubtract(keys(var.integrations), keys(local.operations))) == 0
    error_message = "integrations must name operations of openapi only; remove ${join(", ", setsubtract(keys(var.integrations), keys(local.operations)))}, or correct the operationId."
  }

  validation {
    condition     = alltrue([for integration in var.integrations : integration.timeout * 1000 < var.integration_timeout_milliseconds])
    error_message = "A function's timeout must be shorter than the API's integration timeout (${var.integration_timeout_milliseconds} ms), or the client gets 504 while the function goes on; shorten the timeout of ${join(", ", [for id, integration in var.integrations : "${integration.function_name} (${integration.timeout} s, ${id})" if integration.timeout * 1000 >= var.integration_timeout_milliseconds])}."
  }
}

variable "integration_timeout_milliseconds" {
  description = "How long the API waits for a function, in milliseconds (50-29000)."
  type        = number
  default     = 29000
  nullable    = false

  validation {
    condition     = var.integration_timeout_milliseconds >= 50 && var.integration_timeout_milliseconds <= 29000 && floor(var.integration_timeout_milliseconds) == var.integration_timeout_milliseconds
    error_message = "integration_timeout_milliseconds must be a whole number from 50 to 29000; more needs a quota increase and makes browsers wait."
  }
}

variable "authorizers" {
  description = "What checks each security scheme of the contract, by the scheme's name. `type`: `AWS_IAM` (a SigV4 signature by a principal that may `execute-api:Invoke`)."
  type = map(object({
    type = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for authorizer in var.authorizers : contains(["AWS_IAM"], authorizer.type)])
    error_message = "authorizers: type must be AWS_IAM; correct ${join(", ", [for scheme, authorizer in var.authorizers : "${scheme} (${authorizer.type})" if authorizer.type != "AWS_IAM"])}."
  }

  validation {
    condition     = length(setsubtract(local.security_schemes, keys(var.authorizers))) == 0
    error_message = "authorizers must say what checks every security scheme of openapi; add ${join(", ", setsubtract(local.security_schemes, keys(var.authorizers)))}."
  }

  validation {
    condition     = length(setsubtract(keys(var.authorizers), local.security_schemes)) == 0
    error_message = "authorizers must name security schemes of openapi only; remove ${join(", ", setsubtract(keys(var.authorizers), local.security_schemes))}, or correct the name."
  }
}

################################################################################
# Stage
################################################################################

variable "throttle" {
  description = "Limits of the whole stage, each method for itself: `rate_limit` in requests a second, `burst_limit` in requests at once. Above them the API answers 429."
  type = object({
    rate_limit  = optional(number, 1000)
    burst_limit = optional(number, 500)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.throttle.rate_limit > 0 && var.throttle.burst_limit >= 1 && floor(var.throttle.burst_limit) == var.throttle.burst_limit
    error_message = "throttle: rate_limit must be above 0 and burst_limit a whole number of at least 1; otherwise every request is answered 429."
  }
}

variable "operation_throttles" {
  description = "Limits of single operations, by operationId, in place of `throttle`."
  type = map(object({
    rate_limit  = number
    burst_limit = number
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.operation_throttles), keys(local.operations))) == 0
    error_message = "operation_throttles must name operations of openapi only; remove ${join(", ", setsubtract(keys(var.operation_throttles), keys(local.operations)))}, or correct the operationId."
  }

  validation {
    condition     = alltrue([for throttle in var.operation_throttles : throttle.rate_limit > 0 && throttle.burst_limit >= 1 && floor(throttle.burst_limit) == throttle.burst_limit])
    error_message = "operation_throttles: rate_limit must be above 0 and burst_limit a whole number of at least 1; otherwise every request is answered 429. Correct ${join(", ", [for id, throttle in var.operation_throttles : id if !(throttle.rate_limit > 0 && throttle.burst_limit >= 1 && floor(throttle.burst_limit) == throttle.burst_limit)])}."
  }
}
