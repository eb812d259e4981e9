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

variable "enabled_cloudwatch_logs_exports" {
  description = "Logs that CloudWatch gets: `error`, `slowquery` and `iam-db-auth-error` (why an IAM login failed). Not `general`, which holds every statement with its values."
  type        = list(string)
  default     = ["error", "slowquery"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.enabled_cloudwatch_logs_exports, ["error", "slowquery", "iam-db-auth-error"])) == 0
    error_message = "enabled_cloudwatch_logs_exports may list error, slowquery and iam-db-auth-error."
  }
}

################################################################################
# Instance
################################################################################

variable "identifier" {
  description = "Identifier of the instance, and start of the other names: a lower-case letter, then letters, digits and single hyphens, at most 50. Another one renames the database and deletes its old log groups; read docs/runbooks/database.md#another-name first."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9]|-[a-z0-9])*$", var.identifier)) && length(var.identifier) <= 50
    error_message = "identifier must start with a lower-case letter, have at most 50 lower-case letters, digits and hyphens, and no double or last hyphen."
  }
}

variable "engine_version" {
  description = "MySQL release: `8.4`, which follows the minor versions, or, without `read_replicas`, one of them (`8.4.N`), at which the instance then stays. 8.4 is the long-term release under standard support; that of 8.0 ended in July 2026."
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
  description = "Storage in GiB (20-65536; io1 and io2 from 100). About 0.115 USD a GiB and month in us-east-1, gp3. It can grow, and never shrinks."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.allocated_storage >= 20 && var.allocated_storage <= 65536 && floor(var.allocated_storage) == var.allocated_storage
    error_message = "allocated_storage must be a whole number of GiB from 20 to 65536."
  }
}

variable "max_allocated_storage" {
  description = "Up to how many GiB RDS lets the storage grow by itself when less than a tenth is free; `null` for no growth. At least a tenth above `allocated_storage`. Once grown it stays, and is billed."
  type        = number
  default     = null

  validation {
    condition     = var.max_allocated_storage == null || try(var.max_allocated_storage >= 1.1 * var.allocated_storage && var.max_allocated_storage <= 65536 && floor(var.max_allocated_storage) == var.max_allocated_storage, false)
    error_message = "max_allocated_storage must be a whole number of GiB from ${ceil(1.1 * var.allocated_storage)} (a tenth above allocated_storage, which RDS asks for) to 65536."
  }
}

variable "storage_type" {
  description = "Storage: `gp3`, or `io1` and `io2` with `iops` of your own, which are billed (io2 about 0.10 USD each a month in us-east-1)."
  type        = string
  default     = "gp3"
  nullable    = false

  validation {
    condition     = contains(["gp3", "io1", "io2"], var.storage_type)
    error_message = "storage_type must be gp3, io1 or io2."
  }

  validation {
    condition     = var.storage_type == "gp3" || var.allocated_storage >= 100
    error_message = "storage_type ${var.storage_type} needs allocated_storage of 100 GiB or more."
  }
}

variable "iops" {
  description = "Input and output operations a second. `null` for what gp3 includes: 3000 under 400 GiB, which takes no other, and 12000 from 400 GiB of `allocated_storage` on, or what this says (12000-64000, above 12000 about 0.02 USD each a month in us-east-1). io1 and io2 need it (1000-256000)."
  type        = number
  default     = null

  validation {
    condition     = var.storage_type == "gp3" || var.iops != null
    error_message = "storage_type ${var.storage_type} needs iops."
  }

  validation {
    condition = var.iops == null || try(
      floor(var.iops) == var.iops && (
        var.storage_type == "gp3" ? var.allocated_storage >= 400 && var.iops >= 12000 && var.iops <= 64000
        : var.iops >= 1000 && var.iops <= 256000 && var.iops <= (var.storage_type == "io1" ? 50 : 1000) * var.allocated_storage
    ), false)
    error_message = "iops must be a whole number: for gp3 12000-64000, from 400 GiB of allocated_storage on; for io1 and io2 1000-256000, at most 50 (io1) or 1000 (io2) a GiB."
  }
}

variable "storage_throughput" {
  description = "Throughput of gp3 in MiB/s (500-4000, at most a quarter of `iops`), from 400 GiB of `allocated_storage` on and beside `iops`; `null` for what is included: 125, and 500 from 400 GiB on."
  type        = number
  default     = null

  validation {
    condition = var.storage_throughput == null || try(
      var.storage_type == "gp3" && floor(var.storage_throughput) == var.storage_throughput && var.storage_throughput >= 500 && var.storage_throughput <= 4000
    && 4 * var.storage_throughput <= var.iops, false)
    error_message = "storage_throughput must be 500-4000 MiB/s, for gp3 only, and at most a quarter of iops, which must be given."
  }
}

variable "multi_az" {
  description = "Whether a standby in another zone takes over when the first fails. Doubles the price."
  type        = bool
  default     = false
  nullable    = false
}

variable "read_replicas" {
  description = <<-EOT
    Copies of the database for reading, by name: the instance is IDENTIFIER-NAME. They follow after a moment (`ReplicaLag`), and each costs what an instance costs.
    - `instance_class`: `null` for the database's own. Burstable (db.t) if that is, and only then: they share the parameters.
    - `availability_zone`: `null` lets RDS choose.
    - `multi_az`: whether the replica has a standby.
    Needs `manage_master_user_password = false`: RDS makes no replica of a database whose password it manages; and `engine_version = "8.4"`.
  EOT
  type = map(object({
    instance_class    = optional(string)
    availability_zone = optional(string)
    multi_az          = optional(bool, false)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.read_replicas) : can(regex("^[a-z0-9]([a-z0-9]|-[a-z0-9])*$", name)) && name != "primary" && length("${var.identifier}-${name}") <= 63])
    error_message = "A name in read_replicas must be of lower-case letters, digits and single hyphens, not `primary`, and with identifier have at most 63 characters."
  }

  validation {
    condition     = length(var.read_replicas) <= 15
    error_message = "RDS makes at most 15 read_replicas of a database."
  }

  validation {
    condition     = length(var.read_replicas) == 0 || !var.manage_master_user_password
    error_message = "read_replicas need manage_master_user_password = false, with password_wo: RDS makes no replica of a database whose password it manages."
  }

  validation {
    condition     = length(var.read_replicas) == 0 || length(split(".", var.engine_version)) < 3
    error_message = "read_replicas need engine_version = \"8.4\": ${var.engine_version} could not be raised later, because RDS upgrades a replica before its source and Terraform the source first."
  }

  validation {
    condition = alltrue([
      for replica in var.read_replicas : replica.instance_class == null ||
      can(regex("^db[.][a-z0-9-]+[.][a-z0-9]+$", replica.instance_class)) && !endswith(coalesce(replica.instance_class, "-"), ".micro")
    ])
    error_message = "read_replicas[*].instance_class must be an RDS class of db.t4g.small or larger, such as db.m7g.large: IAM logins time out on a micro."
  }

  validation {
    condition     = alltrue([for replica in var.read_replicas : startswith(coalesce(replica.instance_class, var.instance_class), "db.t") == startswith(var.instance_class, "db.t")])
    error_message = "read_replicas[*].instance_class must be burstable (db.t...) if instance_class is, and only then: they share a parameter group, which gives a burstable class smaller buffers."
  }

  validation {
    condition     = alltrue([for replica in var.read_replicas : replica.availability_zone == null || !replica.multi_az])
    error_message = "read_replicas[*] takes an availability_zone or multi_az = true, which stands in two zones, not both."
  }
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

variable "drill_user" {
  description = "Database user of restore drills, whom the migrator creates with SELECT on the schema and nothing else, and who logs in with an IAM token; null for none. A snapshot has to hold it: set it before the first backup that a drill is to prove."
  type        = string
  default     = null

  validation {
    condition     = var.drill_user == null ? true : can(regex("^[a-z][a-z0-9_]{0,31}$", var.drill_user))
    error_message = "drill_user must start with a lower-case letter and have at most 32 lower-case letters, digits and underscores."
  }

  validation {
    condition     = var.drill_user == null ? true : !contains([var.username, var.application_user], var.drill_user)
    error_message = "drill_user must differ from username and application_user: a drill only reads."
  }

  validation {
    condition     = var.drill_user == null || var.migrator != null
    error_message = "drill_user needs migrator: it is the one who creates users."
  }
}

variable "manage_master_user_password" {
  description = "Whether RDS makes, keeps and rotates the master password. With `false` it is `password_wo`, kept in a secret of this module: `read_replicas` and `blue_green_update` need that, because RDS refuses both for a password it manages."
  type        = bool
  default     = true
  nullable    = false
}

variable "password_wo" {
  description = "Master password with `manage_master_user_password = false`: 16-41 printable ASCII characters without `/`, `@`, `\"` and space. Never in the state; give it from an ephemeral resource, such as `aws_secretsmanager_random_password`. It is read when `password_wo_version` changes, and not at all while RDS manages the password."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.manage_master_user_password || var.password_wo != null
    error_message = "manage_master_user_password = false needs a password_wo."
  }

  validation {
    condition     = var.password_wo == null || can(regex("^[!#-.0-?A-~]{16,41}$", var.password_wo))
    error_message = "password_wo must have 16-41 printable ASCII characters, without slash, at sign, double quote and space."
  }
}

variable "password_wo_version" {
  description = "Number of the `password_wo`, a whole number from 1 on. Raise it to set another password; also when an apply broke off between database and secret."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.password_wo_version >= 1 && floor(var.password_wo_version) == var.password_wo_version
    error_message = "password_wo_version must be a whole number from 1 on."
  }
}

variable "parameters" {
  description = <<-EOT
    MySQL parameters beside or instead of the module's (see Parameters in the README), by name: `value`, and `apply_method`, `immediate` or, for those MySQL reads at start only, `pending-reboot`.
    Refused: what would let logins in without TLS, lose the logs, cut values silently or make the database read-only.
  EOT
  type        = map(object({ value = string, apply_method = optional(string, "immediate") }))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setintersection(keys(var.parameters), ["require_secure_transport", "log_output", "slow_query_log", "character_set_server", "read_only", "super_read_only"])) == 0
    error_message = "parameters must not name require_secure_transport, log_output, slow_query_log, character_set_server, read_only or super_read_only: this module needs them as they are."
  }

  validation {
    condition     = alltrue([for name, parameter in var.parameters : name != "sql_mode" || can(regex("(^|,)STRICT_(TRANS|ALL)_TABLES(,|$)", parameter.value))])
    error_message = "parameters.sql_mode must have STRICT_TRANS_TABLES or STRICT_ALL_TABLES: without it a value that does not fit is cut, not refused."
  }

  validation {
    condition     = alltrue([for name, parameter in var.parameters : name != "collation_server" || startswith(parameter.value, "utf8mb4_")])
    error_message = "parameters.collation_server must be one of utf8mb4 (utf8mb4_...)."
  }

  validation {
    condition     = alltrue([for parameter in var.parameters : contains(["immediate", "pending-reboot"], parameter.apply_method)])
    error_message = "parameters[*].apply_method must be immediate or pending-reboot."
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

variable "backup_window" {
  description = "When the daily backup is made, in UTC, `hh:mm-hh:mm`, half an hour or more, outside `maintenance_window`; `null` lets RDS choose."
  type        = string
  default     = null

  validation {
    condition     = var.backup_window == null || can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.backup_window))
    error_message = "backup_window must be hh:mm-hh:mm in UTC, such as 02:00-03:00."
  }
}

variable "maintenance_window" {
  description = "When RDS does the weekly maintenance and the changes that wait for it, in UTC, `ddd:hh:mm-ddd:hh:mm`, half an hour to a day; `null` lets RDS choose. Multi-AZ fails over in it, otherwise the database is down for a moment."
  type        = string
  default     = null

  validation {
    condition     = var.maintenance_window == null || can(regex("^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$", lower(var.maintenance_window)))
    error_message = "maintenance_window must be ddd:hh:mm-ddd:hh:mm in UTC, such as sun:03:30-sun:04:30."
  }
}

variable "auto_minor_version_upgrade" {
  description = "Whether RDS installs minor versions in the maintenance window; `null` means yes, unless `engine_version` names one."
  type        = bool
  default     = null

  validation {
    condition     = var.auto_minor_version_upgrade != true || length(split(".", var.engine_version)) < 3
    error_message = "auto_minor_version_upgrade = true needs engine_version = \"8.4\": after an upgrade past ${var.engine_version} each plan would want to go back to it, which RDS refuses."
  }
}

variable "blue_green_update" {
  description = <<-EOT
    Whether an update that restarts the database (version, class, parameters) is made on a copy that then takes its place: about a minute without the database instead of several, half an hour or more in all, and two instances billed meanwhile.
    Needs `manage_master_user_password = false`, no `read_replicas`, and `event_scheduler` off. The new database has another `resource_id`: `connect_resource_arn` names the application user of every database of the account and region, so that logins go on; give `application_user` a name that no other database has.
  EOT
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.blue_green_update || !var.manage_master_user_password
    error_message = "blue_green_update needs manage_master_user_password = false, with password_wo: RDS makes no blue/green deployment of a database whose password it manages."
  }

  validation {
    condition     = !var.blue_green_update || length(var.read_replicas) == 0
    error_message = "blue_green_update and read_replicas exclude each other: the provider updates no database with replicas that way."
  }

  validation {
    condition     = !var.blue_green_update || !contains(["ON", "1"], upper(try(var.parameters["event_scheduler"].value, "OFF")))
    error_message = "blue_green_update needs the event scheduler off: remove parameters.event_scheduler."
  }

  validation {
    condition     = !var.blue_green_update || var.application_user != "app"
    error_message = "blue_green_update needs an application_user of its own, not \"app\": functions are then let in to every database of the account and region that has this user."
  }
}

variable "restore_from" {
  description = <<-EOT
    Backup that the database is made from; `null` for an empty one. Read when the database is created, and never again: set on or removed from a database that is there it changes nothing (docs/runbooks/database.md says how to replace one).
    Exactly one of `snapshot_identifier` (name or, if shared, ARN), `source_db_instance_identifier`, `source_dbi_resource_id` (of a deleted database) and `source_db_instance_automated_backups_arn` (also replicated from another region); beside the last three either `restore_time` (UTC, such as 2026-11-21T09:30:00Z) or `use_latest_restorable_time = true`.
    The database keeps the backup's key (give it before the first apply: `create_kms_key = false` and `kms_key_arn`, unless it is this module's), its `username`, `db_name` and at least its storage. The password is set anew.
  EOT
  type = object({
    snapshot_identifier                      = optional(string)
    source_db_instance_identifier            = optional(string)
    source_dbi_resource_id                   = optional(string)
    source_db_instance_automated_backups_arn = optional(string)
    restore_time                             = optional(string)
    use_latest_restorable_time               = optional(bool, false)
  })
  default = null

  validation {
    condition = try(length([
      for source in [
        var.restore_from.snapshot_identifier, var.restore_from.source_db_instance_identifier,
        var.restore_from.source_dbi_resource_id, var.restore_from.source_db_instance_automated_backups_arn,
      ] : source if source != null
    ]) == 1, var.restore_from == null)
    error_message = "restore_from must have exactly one of snapshot_identifier, source_db_instance_identifier, source_dbi_resource_id and source_db_instance_automated_backups_arn."
  }

  validation {
    condition = try(
      (var.restore_from.restore_time != null ? 1 : 0) + (var.restore_from.use_latest_restorable_time ? 1 : 0) == (var.restore_from.snapshot_identifier == null ? 1 : 0),
    var.restore_from == null)
    error_message = "restore_from needs either restore_time or use_latest_restorable_time = true, and beside snapshot_identifier neither: a snapshot is of one time."
  }

  validation {
    condition     = try(var.restore_from.restore_time, null) == null || can(formatdate("YYYY", var.restore_from.restore_time)) && endswith(coalesce(try(var.restore_from.restore_time, null), "-"), "Z")
    error_message = "restore_from.restore_time must be a time in UTC such as 2026-11-21T09:30:00Z."
  }

  validation {
    condition     = try(var.restore_from.snapshot_identifier, null) == null || can(regex("^(arn:[^:]+:rds:[^:]+:[0-9]{12}:snapshot:.+|((rds|awsbackup):)?[A-Za-z][A-Za-z0-9-]*)$", var.restore_from.snapshot_identifier))
    error_message = "restore_from.snapshot_identifier must be a snapshot's name, such as shop-prod-final or rds:shop-prod-2026-11-21-03-10, or its ARN."
  }

  validation {
    condition     = try(var.restore_from.source_db_instance_identifier, null) != var.identifier
    error_message = "restore_from.source_db_instance_identifier must be another name than identifier: RDS restores beside a database, never into it. Rename the old one first (docs/runbooks/database.md)."
  }

  validation {
    condition     = try(var.restore_from.source_dbi_resource_id, null) == null || can(regex("^db-[A-Z0-9]+$", var.restore_from.source_dbi_resource_id))
    error_message = "restore_from.source_dbi_resource_id must be a resource id such as db-ABCDEFGHIJKLMNOPQRSTUVWXYZ."
  }

  validation {
    condition     = try(var.restore_from.source_db_instance_automated_backups_arn, null) == null || can(regex("^arn:[^:]+:rds:[^:]+:[0-9]{12}:auto-backup:.+$", var.restore_from.source_db_instance_automated_backups_arn))
    error_message = "restore_from.source_db_instance_automated_backups_arn must be an ARN (arn:PARTITION:rds:REGION:ACCOUNT:auto-backup:ID)."
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
# Monitoring
################################################################################

variable "performance_insights_enabled" {
  description = "Whether RDS records which statements load the database, under this database's key. The `small` classes cannot. Free for seven days of history."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition = !var.performance_insights_enabled || alltrue([
      for class in concat([var.instance_class], values(var.read_replicas)[*].instance_class) : !can(regex("^db[.]t[0-9][a-z]*[.]small$", coalesce(class, var.instance_class)))
    ])
    error_message = "performance_insights_enabled needs an instance_class (and those of read_replicas) of db.t4g.medium or larger: RDS has no Performance Insights for the small ones."
  }
}

variable "performance_insights_retention_period" {
  description = "How long Performance Insights keeps its history, in days: 7, which are free, a multiple of 31 up to 713, or 731."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = contains(concat([7, 731], [for months in range(1, 24) : 31 * months]), var.performance_insights_retention_period)
    error_message = "performance_insights_retention_period must be 7, 731 or a multiple of 31 up to 713."
  }

  validation {
    condition     = var.performance_insights_retention_period == 7 || var.performance_insights_enabled
    error_message = "performance_insights_retention_period needs performance_insights_enabled = true."
  }
}

variable "database_insights_mode" {
  description = "CloudWatch Database Insights: `standard`, or `advanced` (billed by the vCPU, about 9 USD each a month in us-east-1), which needs `performance_insights_enabled` and 465 days of history."
  type        = string
  default     = "standard"
  nullable    = false

  validation {
    condition     = contains(["standard", "advanced"], var.database_insights_mode)
    error_message = "database_insights_mode must be standard or advanced."
  }

  validation {
    condition     = var.database_insights_mode != "advanced" || var.performance_insights_enabled && var.performance_insights_retention_period >= 465
    error_message = "database_insights_mode = \"advanced\" needs performance_insights_enabled = true and performance_insights_retention_period = 465 or more."
  }
}

variable "monitoring_interval" {
  description = "How often enhanced monitoring reports the operating system's figures, in seconds: 0 (off), 1, 5, 10, 15, 30 or 60. Billed as CloudWatch Logs: about 1.50 USD an instance and month at 60, sixty times that at 1 (us-east-1)."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = contains([0, 1, 5, 10, 15, 30, 60], var.monitoring_interval)
    error_message = "monitoring_interval must be 0, 1, 5, 10, 15, 30 or 60."
  }
}

################################################################################
# Alarms
################################################################################

variable "alarms" {
  description = <<-EOT
    CloudWatch alarms of the database and its replicas, about 0.10 USD each a month; `null` for none. docs/runbooks/database.md says what each means.
    - `actions`: ARNs told when an alarm fires and when it is over, such as an SNS topic of this region.
    - `runbook_url`: where docs/runbooks can be read, without a trailing slash.
    - `connections_percent`: of the most connections that the class (or `parameters.max_connections`) allows (1-100).
    - `cpu_percent`: of the processors, for a quarter of an hour (1-100).
    - `cpu_credits`: CPU credits left to a burstable class (0 or more).
    - `free_storage_percent`: of the storage still free (1-99).
    - `freeable_memory_mib`: memory still free, in MiB (1 or more).
    - `replica_lag_seconds`: how far a replica may be behind (1 or more).
    - `login_failures`: refused IAM logins in five minutes (1 or more).
  EOT
  type = object({
    actions              = list(string)
    runbook_url          = optional(string, "docs/runbooks")
    connections_percent  = optional(number, 80)
    cpu_percent          = optional(number, 90)
    cpu_credits          = optional(number, 30)
    free_storage_percent = optional(number, 10)
    freeable_memory_mib  = optional(number, 128)
    replica_lag_seconds  = optional(number, 60)
    login_failures       = optional(number, 10)
  })
  default = null

  validation {
    condition     = try(length(var.alarms.actions) > 0, var.alarms == null)
    error_message = "alarms.actions must name whom to tell, such as an SNS topic's ARN."
  }

  validation {
    condition     = try(length(var.alarms.runbook_url) > 0 && !endswith(var.alarms.runbook_url, "/"), var.alarms == null)
    error_message = "alarms.runbook_url must be a URL or path without a trailing slash."
  }

  validation {
    condition     = try(alltrue([for percent in [var.alarms.connections_percent, var.alarms.cpu_percent] : percent >= 1 && percent <= 100]), var.alarms == null)
    error_message = "alarms.connections_percent and alarms.cpu_percent must be 1-100."
  }

  validation {
    condition     = try(var.alarms.free_storage_percent >= 1 && var.alarms.free_storage_percent <= 99, var.alarms == null)
    error_message = "alarms.free_storage_percent must be 1-99."
  }

  validation {
    condition = try(
      var.alarms.cpu_credits >= 0 && alltrue([for number in [var.alarms.freeable_memory_mib, var.alarms.replica_lag_seconds, var.alarms.login_failures] : number >= 1]),
    var.alarms == null)
    error_message = "alarms.cpu_credits must be 0 or more; alarms.freeable_memory_mib, alarms.replica_lag_seconds and alarms.login_failures must be 1 or more."
  }

  validation {
    condition     = var.alarms == null || alltrue([for class, limit in local.max_connections : limit != null])
    error_message = "alarms need the most connections of ${join(", ", [for class, limit in local.max_connections : class if limit == null])}, whose memory this module does not know: set parameters.max_connections to a number."
  }
}

################################################################################
# Key
################################################################################

variable "create_kms_key" {
  description = "Whether the module makes a key for storage, snapshots, master password and logs. With `false` give `kms_key_arn`. Said before the first apply: a change is refused once the database is there (docs/runbooks/database.md#the-key)."
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
    It gets DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_MASTER_SECRET_ARN, DATABASE_APPLICATION_USER and, with `drill_user`, DATABASE_DRILL_USER, and must
    answer with `{"schemaVersion": ...}` and nothing secret.
  EOT
  type = object({
    package = object({
      filename = optional(string)
      s3 = optional(object({
        bucket         = string
        key            = string
        object_version = optional(string)
      }))
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
  description = "ARN of the policy that bounds the permissions of the roles made here (of the migrator and of enhanced monitoring)."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of an IAM policy (arn:PARTITION:iam::ACCOUNT:policy/NAME)."
  }
}
