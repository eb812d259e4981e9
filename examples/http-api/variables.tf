variable "region" {
  description = "AWS region of everything."
  type        = string
  default     = "eu-central-1"
  nullable    = false
}

variable "name" {
  description = "Name of the API, the function and the user pool."
  type        = string
  default     = "http-api-demo"
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

variable "oidc" {
  description = "Whose tokens people have: the `issuer` and the `audience` that they are made for. `null` makes a Cognito user pool."
  type = object({
    issuer   = string
    audience = string
  })
  default = null
}
