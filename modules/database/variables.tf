variable "create" {
  description = "Whether to create anything. With `false` every output is null or empty."
  type        = bool
  default     = true
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource that takes tags, and of the snapshots."
  type        = map(string)
  default     = {}
  nullable    = false
}

################################################################################
# Log groups
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

################################################################################
# Instance
################################################################################

variable "identifier" {
  description = "Identifier of the instance, and start of the other names: a lower-case letter, then letters, digits and single hyphens, at most 50."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9]|-[a-z0-9])*$", var.identifier)) && length(var.identifier) <= 50
    error_message = "identifier must start with a lower-case letter, have at most 50 lower-case letters, digits and hyphens, and no double or last hyphen."
  }
}

variable "engine_version" {
  description = "MySQL release: `8.4`, which follows the minor versions, or one of them (`8.4.N`), at which the instance then stays. 8.4 is the long-term release under standard support; that of 8.0 ended in July 2026."
  type        = string
  default     = "8.4"
  nullable    = false

  validation {
    condition     = can(regex("^8[.]4([.][0-9]+)?$", var.engine_version))
    error_message = "engine_version must be \"8.4\" or \"8.4.N\", the long-term release this module is made for: RDS's standard support of 8.0 ended in July 2026."
  }
}

variable "instance_class" {
  description = "Instance class. The default, about 23 USD a month in us-east-1, is the smallest that carries IAM logins: they take 300-1000 MiB beside MySQL, and a micro has 1 GiB in all."
  type        = string
  default     = "db.t4g.small"
  nullable    = false

  validation {
    condition     = can(regex("^db[.][a-z0-9-]+[.][a-z0-9]+$", var.instance_class))
    error_message = "instance_class must be an RDS class such as db.t4g.small or db.m7g.large."
  }

  validation {
    condition     = !endswith(var.instance_class, ".micro")
    error_message = "instance_class must be db.t4g.small or larger: IAM logins need 300-1000 MiB beside MySQL, and time out on a micro."
  }
}

variable "allocated_storage" {
  description = "Storage in GiB, gp3 (20-65536)."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.allocated_storage >= 20 && var.allocated_storage <= 65536 && floor(var.allocated_storage) == var.allocated_storage
    error_message = "allocated_storage must be a whole number of GiB from 20 to 65536."
  }
}

variable "multi_az" {
  description = "Whether a standby in another zone takes over when the first fails. Doubles the price."
  type        = bool
  default     = false
  nullable    = false
}

variable "ca_cert_identifier" {
  description = "Authority of the server's certificate: rds-ca-rsa2048-g1, rds-ca-rsa4096-g1 or rds-ca-ecc384-g1. Clients must trust it."
  type        = string
  default     = "rds-ca-rsa2048-g1"
  nullable    = false

  validation {
    condition     = contains(["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"], var.ca_cert_identifier)
    error_message = "ca_cert_identifier must be rds-ca-rsa2048-g1, rds-ca-rsa4096-g1 or rds-ca-ecc384-g1."
  }
}

variable "subnet_ids" {
  description = "Subnets of the database and the migrator, in two zones or more."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must hold subnets of at least two zones: RDS refuses fewer."
  }
}

variable "vpc_security_group_ids" {
  description = "Security groups of the database."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.vpc_security_group_ids) > 0
    error_message = "vpc_security_group_ids must name at least one group; without one RDS takes the VPC's default group."
  }
}

variable "db_name" {
  description = "Database (schema) to create: a letter, then letters, digits and `_`, at most 64."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_]{0,63}$", var.db_name))
    error_message = "db_name must start with a letter and have at most 64 letters, digits and underscores."
  }
}

variable "username" {
  description = "Master user, whom only the migrator logs in as: a letter, then letters, digits and `_`, at most 16."
  type        = string
  default     = "admin"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_]{0,15}$", var.username)) && !contains(["rdsadmin", "root", "mysql"], lower(var.username))
    error_message = "username must start with a letter, have at most 16 letters, digits and underscores, and be none of rdsadmin, root and mysql."
  }
}

variable "application_user" {
  description = "Database user of the application, whom the migrator creates and who logs in with an IAM token: a lower-case letter, then letters, digits and `_`, at most 32."
  type        = string
  default     = "app"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,31}$", var.application_user))
    error_message = "application_user must start with a lower-case letter and have at most 32 lower-case letters, digits and underscores."
  }

  validation {
    condition     = var.application_user != var.username
    error_message = "application_user must differ from username: the application is not to log in as the master user."
  }
}

variable "backup_retention_period" {
  description = "How long automated backups are kept, in days (1-35)."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_period >= 1 && var.backup_retention_period <= 35 && floor(var.backup_retention_period) == var.backup_retention_period
    error_message = "backup_retention_period must be a whole number of days from 1 to 35; 0 would turn backups off."
  }
}

variable "deletion_protection" {
  description = "Whether the database, and a key of this module, refuse to be deleted."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = var.deletion_protection || var.skip_final_snapshot || !var.create_kms_key
    error_message = "Destroying this database would take a final snapshot whose key is destroyed with it, so that nothing could restore it. Keep deletion_protection = true, or give a key that outlives the database (create_kms_key = false and kms_key_arn), or give the data up with skip_final_snapshot = true."
  }
}

variable "skip_final_snapshot" {
  description = "Whether destroying the database leaves no snapshot. Only for data that can be lost."
  type        = bool
  default     = false
  nullable    = false
}

variable "final_snapshot_identifier" {
  description = "Name of the final snapshot; `null` takes `IDENTIFIER-final`. Give another one when a snapshot of that name is left from an earlier database."
  type        = string
  default     = null

  validation {
    condition     = var.final_snapshot_identifier == null || can(regex("^[A-Za-z]([A-Za-z0-9]|-[A-Za-z0-9]){0,254}$", var.final_snapshot_identifier))
    error_message = "final_snapshot_identifier must start with a letter, have at most 255 letters, digits and hyphens, and no double or last hyphen."
  }
}

variable "apply_immediately" {
  description = "Whether changes happen at once, with the restart some of them need, rather than in the next maintenance window."
  type        = bool
  default     = false
  nullable    = false
}

################################################################################
# Key
################################################################################

variable "create_kms_key" {
  description = "Whether the module makes a key for storage, snapshots, master password and logs. With `false` give `kms_key_arn`."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key of your own, with `create_kms_key = false`. Its policy must let RDS, Secrets Manager and CloudWatch Logs use it."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }

  validation {
    condition     = var.create_kms_key ? var.kms_key_arn == null : var.kms_key_arn != null
    error_message = "Give either create_kms_key = true and no kms_key_arn, or create_kms_key = false and the kms_key_arn to use."
  }
}

################################################################################
# Migrator
################################################################################

variable "migrator" {
  description = <<-EOT
    Function that migrates the schema and creates the application user, run by the apply; `null` for none.
    `package`, `handler`, `runtime`, `architectures`, `memory_size`, `timeout` (seconds): as in modules/function.
    `security_group_ids`: groups that reach the database and an endpoint of Secrets Manager.
    It gets DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_MASTER_SECRET_ARN and DATABASE_APPLICATION_USER, and must
    answer with `{"schemaVersion": ...}` and nothing secret.
  EOT
  type = object({
    package = object({
      filename         = string
      source_code_hash = string
      handlers         = optional(list(string))
    })
    handler            = optional(string, "webapp.database.MigratorHandler")
    runtime            = optional(string, "java21")
    architectures      = optional(list(string), ["arm64"])
    memory_size        = optional(number, 1024)
    timeout            = optional(number, 300)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = try(length(var.migrator.security_group_ids) > 0, var.migrator == null)
    error_message = "migrator.security_group_ids must name a group that reaches the database and the endpoint of Secrets Manager."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the permissions of the migrator's role."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of an IAM policy (arn:PARTITION:iam::ACCOUNT:policy/NAME)."
  }
}
