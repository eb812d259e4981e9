variable "region" {
  description = "AWS region of everything but CloudFront."
  type        = string
  default     = "us-east-1"
}

variable "recovery_region" {
  description = "AWS region of the backups' copies and drills, another than `region`; null for none."
  type        = string
  default     = null
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

variable "permissions_boundary" {
  description = "ARN of an IAM policy that bounds every role made here; null for none."
  type        = string
  default     = null
}

variable "alarms" {
  description = "Who is told when something is wrong; null for no alarms. See the root module's `alarms` for all of it."
  type = object({
    subscriptions = optional(map(object({ protocol = string, endpoint = string })), {})
    runbook_url   = optional(string, "docs/runbooks")
  })
  default = {}
}

variable "network" {
  description = "What differs between environments; see the root module's `network` for all of it."
  type = object({
    cidr_block         = optional(string, "10.0.0.0/16")
    availability_zones = optional(list(string))
    endpoint_zones     = optional(string, "one")
    flow_logs          = optional(object({ retention_in_days = optional(number, 30) }))
  })
  default = {}
}

variable "database" {
  description = "What differs between environments; see the root module's `database` for all of it."
  type = object({
    instance_class          = optional(string, "db.t4g.small")
    allocated_storage       = optional(number, 20)
    max_allocated_storage   = optional(number)
    multi_az                = optional(bool, false)
    backup_retention_period = optional(number, 7)
    backup_window           = optional(string)
    maintenance_window      = optional(string)
    apply_immediately       = optional(bool, false)
    restore_from = optional(object({
      snapshot_identifier                      = optional(string)
      source_db_instance_identifier            = optional(string)
      source_dbi_resource_id                   = optional(string)
      source_db_instance_automated_backups_arn = optional(string)
      restore_time                             = optional(string)
      use_latest_restorable_time               = optional(bool, false)
    }))
    deletion_protection             = optional(bool, true)
    skip_final_snapshot             = optional(bool, false)
    create_kms_key                  = optional(bool, true)
    kms_key_arn                     = optional(string)
    performance_insights_enabled    = optional(bool, false)
    enabled_cloudwatch_logs_exports = optional(list(string), ["error", "slowquery"])
  })
  default = {}
}

variable "backup" {
  description = "What differs between environments; see the root module's `backup` for all of it. `recovery` needs `recovery_region`."
  type = object({
    times     = optional(list(string))
    time_zone = optional(string)
    retention = optional(object({
      last    = optional(number)
      daily   = optional(number)
      weekly  = optional(number)
      monthly = optional(number)
      minimum = optional(number)
    }), {})
    dry_run = optional(bool)
    recovery = optional(object({
      retention = optional(object({
        last    = optional(number)
        daily   = optional(number)
        weekly  = optional(number)
        monthly = optional(number)
        minimum = optional(number)
      }), {})
      automated_backups = optional(object({ retention_period = optional(number) }))
      network = optional(object({
        cidr_block         = optional(string)
        availability_zones = optional(list(string))
      }), {})
    }))
    drill = optional(object({
      day_of_month   = optional(number)
      time           = optional(string)
      instance_class = optional(string)
      targets = optional(object({
        rpo_minutes = optional(number)
        rto_minutes = optional(number)
      }), {})
    }))
    export              = optional(object({ every = optional(string) }))
    deletion_protection = optional(bool, true)
    dashboard           = optional(bool)
  })
  default = null

  validation {
    condition     = (try(var.backup.recovery, null) != null) == (var.recovery_region != null)
    error_message = "backup.recovery and recovery_region belong together: name the region of the copies, or leave both out."
  }
}

variable "api" {
  description = "What differs between environments; see the root module's `api` for all of it."
  type = object({
    access_logs = optional(object({ retention_in_days = optional(number, 30) }))
    dashboard   = optional(bool, false)
    user_pool = optional(object({
      deletion_protection = optional(bool, true)
      ses                 = optional(object({ source_arn = string, from_email_address = string }))
      machine_clients     = optional(map(list(string)), {})
    }), {})
    consumers = optional(map(object({
      rate_limit  = number
      burst_limit = number
      quota       = optional(object({ limit = number, period = string }))
    })), {})
    partners            = optional(map(list(string)), {})
    operation_throttles = optional(map(object({ rate_limit = number, burst_limit = number })))
  })
  default = {}
}

variable "edge" {
  description = "What differs between environments; see the root module's `edge` for all of it."
  type = object({
    price_class = optional(string, "PriceClass_100")
    domain = optional(object({
      name    = string
      www     = optional(bool, false)
      zone_id = optional(string)
    }))
    access_logs   = optional(object({ retention_in_days = optional(number, 30), force_destroy = optional(bool, false) }))
    force_destroy = optional(bool, false)
  })
  default = {}
}

variable "tags" {
  description = "Tags of every resource that can carry them."
  type        = map(string)
  default     = {}
}
