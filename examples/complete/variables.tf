variable "region" {
  description = "AWS region of everything but CloudFront."
  type        = string
  default     = "us-east-1"
}

variable "name" {
  description = "Name of the application."
  type        = string
  default     = "webapp"
}

variable "environment" {
  description = "Name of the environment, such as dev or prod."
  type        = string
}

variable "database" {
  description = "What differs between environments; see the root module's `database` for all of it."
  type = object({
    instance_class          = optional(string, "db.t4g.small")
    multi_az                = optional(bool, false)
    backup_retention_period = optional(number, 7)
    deletion_protection     = optional(bool, true)
    skip_final_snapshot     = optional(bool, false)
  })
  default = {}
}

variable "edge" {
  description = "What differs between environments; see the root module's `edge` for all of it."
  type = object({
    price_class   = optional(string, "PriceClass_100")
    force_destroy = optional(bool, false)
  })
  default = {}
}

variable "tags" {
  description = "Tags of every resource that can carry them."
  type        = map(string)
  default     = {}
}
