variable "region" {
  description = "AWS region of everything."
  type        = string
  default     = "eu-central-1"
  nullable    = false
}

variable "name" {
  description = "Name of the API, the function and the user pool."
  type        = string
  default     = "rest-api-demo"
  nullable    = false
}

variable "jar" {
  description = "Path of the jar with the function."
  type        = string
  default     = "../../dist/api.jar"
  nullable    = false
}

variable "handler" {
  description = "Class in the jar that answers the operations of the contract."
  type        = string
  default     = "webapp.api.caller.CallerHandler"
  nullable    = false
}

variable "openapi" {
  description = "Path of the contract."
  type        = string
  default     = "openapi.yaml"
  nullable    = false
}

variable "consumers" {
  description = "Who gets an API key, by name: `rate_limit` (requests a second), `burst_limit` (at once) and `quota` (requests a day)."
  type = map(object({
    rate_limit  = number
    burst_limit = number
    quota       = number
  }))
  default  = { partner = { rate_limit = 5, burst_limit = 10, quota = 1000 } }
  nullable = false
}
