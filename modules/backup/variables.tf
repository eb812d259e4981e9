variable "create" {
  description = "Whether to create anything. With `false` every output is null, empty or false. Snapshots and copies are never Terraform's: they stay."
  type        = bool
  default     = true
  nullable    = false
}

variable "name" {
  description = "Name of the plan, which its snapshots bear as the tag `backup:plan`, and beginning of the other names: a lower-case letter, then lower-case letters, digits and single hyphens, at most 40. Unique in the account. Another name is another plan, which leaves the snapshots of the old one alone for ever."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9]|-[a-z0-9])+$", var.name)) && length(var.name) <= 40
    error_message = "name must start with a lower-case letter and have 2-40 lower-case letters, digits and hyphens, and no double or last hyphen."
  }
}

variable "tags" {
  description = "Tags of every resource that takes tags. Not of the snapshots, which bear those of the plan."
  type        = map(string)
  default     = {}
  nullable    = false
}

################################################################################
# Key
################################################################################

variable "create_kms_key" {
  description = "Whether the module makes a key for exports, its table, its logs and, with `customer_key`, the snapshots (1 USD a month). With `false` give `kms_key_arn`."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key of your own, of the databases' region, with `create_kms_key = false`. Its policy must let this account's roles use it, and CloudWatch Logs and, through RDS and DynamoDB, this account."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }

  validation {
    condition     = var.create_kms_key == (var.kms_key_arn == null)
    error_message = "Write either create_kms_key = true without kms_key_arn, or create_kms_key = false with the kms_key_arn of your own key."
  }

  validation {
    condition     = try(split(":", var.kms_key_arn)[3] == data.aws_region.current.id, true)
    error_message = "kms_key_arn must be a key of the databases' region, ${data.aws_region.current.id}; that of the recovery region is recovery.kms_key_arn."
  }
}

variable "deletion_protection" {
  description = "Whether the tables refuse to be deleted, and the keys made here to be disabled or deleted, by whomever. A deleted key takes every copy under it along."
  type        = bool
  default     = true
  nullable    = false
}

################################################################################
# Databases
################################################################################

variable "databases" {
  description = <<-EOT
    Databases to back up, by a name of your choice; at most 50.
    - `identifier`: of the instance or cluster, in this provider's region. `kind`: `instance`, or `cluster` (Aurora; a Multi-AZ DB cluster without `customer_key`, `recovery` and `drill`, because RDS copies none of its snapshots).
    - `times`: when a backup is due, local times of `time_zone`, such as `["02:00", "14:00"]`; `time_zone`: an IANA name, which only the functions can look up: one that does not exist fails every tick of the plan, and the alarms `dead-letters` and on age fire. `days`: on which days (`mon`-`sun`); null for every day. A time that the clocks skip in spring comes as much later; one that comes twice in autumn counts once.
    - `customer_key`: whether backups must be under this plan's key. A database under another key is then copied once more, in full, each time: better make the database under it.
    - `storage_kms_key_arn`: key the database is under, so that the role may use that alone. Null lets it use any key of the account and region that RDS asks for.
    - `retention`: `last` backups are kept, the last of each of `daily` days, `weekly` weeks and `monthly` months; none older than `maximum_age_days` (null for no limit), but never fewer than `minimum` (1 or more), whatever the rest says.
    - `recovery`: copies in the recovery region; null for none. `option_group_name`: of that region, for an instance whose options need one. `retention` as above. `automated_backups`: `{}` to replicate automated backups too, so that any point in time of the last `retention_period` days (1-35) can be restored there; instances only.
      An instance's copies are incremental; a cluster's are full each time, about 0.02 USD a GB to send, and 0.021 USD a GB and month to keep (us-east-1).
    - `share_with`: accounts (20 at most) that may restore and copy the recovery copies, or the backups where there is no recovery; never under the `aws/rds` key.
    - `export`: Parquet in `export_bucket`, which no database can be restored from; null for none. `every`: `slot`, `day`, `week` or `month`; `prefix`: null for the identifier; `export_only`: databases, schemas or tables, empty for all. RDS makes five at a time in an account, and the others wait. 0.010 USD for each GB of the snapshot.
    - `login`: `database` (schema) and `user` that the drills and the windows read as, by IAM token: it must exist before the first snapshot. `resource_id` of the database, which the permission names; needed for `windows`.
    - `drill`: a restore of the newest copy in the recovery region on `day_of_month` (1-28) at `time` of `time_zone`, with `instance_class`, `parameter_group_name`, `cluster_parameter_group_name` (clusters) and `option_group_name` (instances) of that region, null for the engine's default; given up after `timeout_minutes` (60-1440). Of clusters Aurora's only. `targets`, in minutes: `rpo_minutes`, not less than the longest wait between two backups by `times` and `days`; null for that wait and 60 more (the copy, or the night when clocks are put back), 1500 for a daily backup; `rto_minutes`, at most `timeout_minutes`. Billed as the instance for the hours it runs, storage included.
    - `windows`: what a drill compares: per `unit` (`day` or `hour`) the `count` latest windows that closed `settle_minutes` ago, of `tables` that are only appended to: `table`, `column` (time of a row), `columns` that are compared.
    - `maximum_age_minutes`: age from which the alarms `backup-age` and `recovery-copy-age` fire; more than the longest gap of the schedule; null for that gap and `alarms.grace_minutes`, or `alarms.recovery_grace_minutes`.
  EOT
  type = map(object({
    identifier          = string
    kind                = optional(string, "instance")
    times               = optional(list(string), ["02:00"])
    time_zone           = optional(string, "UTC")
    days                = optional(list(string))
    customer_key        = optional(bool, false)
    storage_kms_key_arn = optional(string)
    retention = optional(object({
      last             = optional(number, 3)
      daily            = optional(number, 7)
      weekly           = optional(number, 4)
      monthly          = optional(number, 3)
      maximum_age_days = optional(number)
      minimum          = optional(number, 2)
    }), {})
    recovery = optional(object({
      option_group_name = optional(string)
      retention = optional(object({
        last             = optional(number, 3)
        daily            = optional(number, 7)
        weekly           = optional(number, 4)
        monthly          = optional(number, 3)
        maximum_age_days = optional(number)
        minimum          = optional(number, 2)
      }), {})
      automated_backups = optional(object({
        retention_period = optional(number, 7)
      }))
    }))
    share_with = optional(list(string), [])
    export = optional(object({
      every       = optional(string, "week")
      prefix      = optional(string)
      export_only = optional(list(string), [])
    }))
    login = optional(object({
      database    = string
      user        = optional(string, "drill")
      resource_id = optional(string)
    }))
    drill = optional(object({
      day_of_month                 = optional(number, 1)
      time                         = optional(string, "05:00")
      instance_class               = optional(string, "db.t4g.medium")
      parameter_group_name         = optional(string)
      cluster_parameter_group_name = optional(string)
      option_group_name            = optional(string)
      timeout_minutes              = optional(number, 240)
      targets = optional(object({
        rpo_minutes = optional(number)
        rto_minutes = optional(number, 120)
      }), {})
    }))
    windows = optional(object({
      unit           = optional(string, "day")
      count          = optional(number, 7)
      settle_minutes = optional(number, 60)
      tables = list(object({
        table   = string
        column  = string
        columns = list(string)
      }))
    }))
    maximum_age_minutes = optional(number)
  }))
  nullable = false

  validation {
    condition     = length(var.databases) <= 50 && (length(var.databases) > 0 || !var.create)
    error_message = "databases must have 1-50 entries, which one tick of five minutes gets through; divide more among plans, each with its own name, and write create = false for none."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : can(regex("^[a-z]([a-z0-9]|-[a-z0-9])*$", database.identifier)) && length(database.identifier) <= 63])
    error_message = "identifier in databases must be the identifier of an instance or cluster as RDS shows it, in lower case, not its ARN or resource id."
  }

  validation {
    condition     = length(distinct([for database in values(var.databases) : database.identifier])) == length(var.databases)
    error_message = "Each database stands in databases once: snapshots are named after the identifier, which an instance and a cluster must not share here either."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : contains(["instance", "cluster"], database.kind)])
    error_message = "kind in databases must be instance, or cluster: Aurora, or a Multi-AZ DB cluster without copies."
  }

  validation {
    condition = alltrue([for database in values(var.databases) :
    length(database.times) >= 1 && length(database.times) <= 24 && length(distinct(database.times)) == length(database.times) && alltrue([for time in database.times : can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", time))])])
    error_message = "times in databases must be 1-24 different times of day, hh:mm from 00:00 to 23:59, such as [\"02:00\"]."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : can(regex("^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$", database.time_zone))])
    error_message = "time_zone in databases must be a name of the IANA database, such as Europe/Berlin or UTC."
  }

  validation {
    condition = alltrue([for database in values(var.databases) : database.days == null ? true :
    length(database.days) > 0 && length(distinct(database.days)) == length(database.days) && length(setsubtract(database.days, ["mon", "tue", "wed", "thu", "fri", "sat", "sun"])) == 0])
    error_message = "days in databases must be different ones of mon, tue, wed, thu, fri, sat and sun; write null for every day."
  }

  validation {
    condition = alltrue([for database in values(var.databases) : database.storage_kms_key_arn == null ? true :
    can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", database.storage_kms_key_arn)) && try(split(":", database.storage_kms_key_arn)[3], "") == data.aws_region.current.id])
    error_message = "storage_kms_key_arn in databases must be the ARN of a key of the databases' region, ${data.aws_region.current.id} (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }

  validation {
    condition     = alltrue([for retention in flatten([for database in values(var.databases) : concat([database.retention], database.recovery[*].retention)]) : retention.minimum >= 1 && floor(retention.minimum) == retention.minimum])
    error_message = "retention.minimum in databases must be a whole number, 1 or more: the last copy of a database is never deleted."
  }

  validation {
    condition     = alltrue(flatten([for retention in flatten([for database in values(var.databases) : concat([database.retention], database.recovery[*].retention)]) : [for count in [retention.last, retention.daily, retention.weekly, retention.monthly] : count >= 0 && floor(count) == count]]))
    error_message = "last, daily, weekly and monthly of retention in databases must be whole numbers, 0 or more."
  }

  validation {
    condition     = alltrue([for retention in flatten([for database in values(var.databases) : concat([database.retention], database.recovery[*].retention)]) : retention.last >= 1])
    error_message = "retention.last in databases must be 1 or more: the next copy to the recovery region is incremental only while the last is there."
  }

  validation {
    condition     = alltrue([for retention in flatten([for database in values(var.databases) : concat([database.retention], database.recovery[*].retention)]) : retention.maximum_age_days == null ? true : retention.maximum_age_days >= 1 && floor(retention.maximum_age_days) == retention.maximum_age_days])
    error_message = "retention.maximum_age_days in databases must be a whole number of days, 1 or more; write null for no limit."
  }

  validation {
    condition     = var.recovery != null || alltrue([for database in values(var.databases) : database.recovery == null])
    error_message = "recovery in databases needs the module's recovery: say with recovery = {...} where the copies are to be made, or leave it out of the database."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.kind == "instance" || try(database.recovery.option_group_name, null) == null])
    error_message = "recovery.option_group_name in databases is for instances: RDS takes none for the copy of a cluster's snapshot."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.kind == "instance" || try(database.recovery.automated_backups, null) == null])
    error_message = "recovery.automated_backups in databases is for instances: RDS replicates the automated backups of no Aurora cluster and no Multi-AZ DB cluster to another region."
  }

  validation {
    condition = alltrue([for database in values(var.databases) : try(database.recovery.automated_backups, null) == null ? true :
    database.recovery.automated_backups.retention_period >= 1 && database.recovery.automated_backups.retention_period <= 35 && floor(database.recovery.automated_backups.retention_period) == database.recovery.automated_backups.retention_period])
    error_message = "recovery.automated_backups.retention_period in databases must be a whole number of days from 1 to 35."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : length(database.share_with) <= 20 && length(distinct(database.share_with)) == length(database.share_with) && alltrue([for account in database.share_with : can(regex("^[0-9]{12}$", account))])])
    error_message = "share_with in databases must be at most 20 different account ids of twelve digits."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : !contains(database.share_with, data.aws_caller_identity.current.account_id)])
    error_message = "share_with in databases names other accounts; ${data.aws_caller_identity.current.account_id} is this one."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : length(database.share_with) == 0 || database.recovery != null || database.customer_key || database.storage_kms_key_arn != null])
    error_message = "share_with in databases needs recovery, customer_key = true or storage_kms_key_arn (a key whose policy admits those accounts): AWS shares no snapshot under its own key aws/rds."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.export == null ? true : contains(["slot", "day", "week", "month"], database.export.every)])
    error_message = "export.every in databases must be slot, day, week or month."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : try(database.export.prefix, null) == null ? true : can(regex("^[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*$", database.export.prefix))])
    error_message = "export.prefix in databases must be letters, digits and !_.*'()-, in parts between slashes: RDS refuses a colon, and a slash at either end makes empty folders."
  }

  validation {
    condition     = length(distinct([for database in values(var.databases) : coalesce(database.export.prefix, database.identifier) if database.export != null])) == length([for database in values(var.databases) : database if database.export != null])
    error_message = "Two databases export under one prefix: give each its own export.prefix."
  }

  validation {
    condition     = alltrue(flatten([for database in values(var.databases) : [for part in try(database.export.export_only, []) : can(regex("^[^.`\" ]+([.][^.`\" ]+){0,2}$", part))]]))
    error_message = "export.export_only in databases must name databases, schemas or tables as RDS writes them, such as shop or shop.orders."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.login == null ? true : can(regex("^[A-Za-z0-9_$-]{1,64}$", database.login.database)) && can(regex("^[A-Za-z0-9_]{1,32}$", database.login.user))])
    error_message = "login in databases needs the name of a database of up to 64 letters, digits, _, $ and -, and a user of up to 32 letters, digits and _."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : try(database.login.resource_id, null) == null ? true : can(regex(database.kind == "instance" ? "^db-[A-Z0-9]+$" : "^cluster-[A-Z0-9]+$", database.login.resource_id))])
    error_message = "login.resource_id in databases must be the resource id, db-... of an instance and cluster-... of a cluster, which RDS shows beside the identifier."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.drill == null || database.recovery != null])
    error_message = "drill in databases needs recovery: a drill restores the newest copy in the recovery region."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.drill == null]) || try(length(var.recovery.subnet_ids) >= 2 && length(var.recovery.security_group_ids) >= 1, false)
    error_message = "drill in databases needs recovery.subnet_ids of at least two zones and recovery.security_group_ids: without them RDS restores into the region's default network."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.login != null || (database.drill == null && database.windows == null)])
    error_message = "drill and windows in databases need login: say which database (schema) to read, and as which user."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.drill == null ? true : database.drill.day_of_month >= 1 && database.drill.day_of_month <= 28 && floor(database.drill.day_of_month) == database.drill.day_of_month && can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", database.drill.time))])
    error_message = "drill.day_of_month in databases must be a day that every month has, 1-28, and drill.time hh:mm from 00:00 to 23:59."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.drill == null ? true : (can(regex("^db[.][a-z0-9-]+[.][a-z0-9]+$", database.drill.instance_class)) && !endswith(database.drill.instance_class, ".micro")) || (database.drill.instance_class == "db.serverless" && database.kind == "cluster")])
    error_message = "drill.instance_class in databases must be an RDS class such as db.t4g.medium or db.r7g.large, or db.serverless for an Aurora cluster; IAM logins time out on a micro."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.kind == "cluster" || try(database.drill.cluster_parameter_group_name, null) == null])
    error_message = "drill.cluster_parameter_group_name in databases is for clusters; an instance has a parameter_group_name."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.kind == "instance" || try(database.drill.option_group_name, null) == null])
    error_message = "drill.option_group_name in databases is for instances: Aurora has no options."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.drill == null ? true : database.drill.timeout_minutes >= 60 && database.drill.timeout_minutes <= 1440 && floor(database.drill.timeout_minutes) == database.drill.timeout_minutes])
    error_message = "drill.timeout_minutes in databases must be a whole number of minutes from 60 to 1440."
  }

  validation {
    condition = alltrue([for database in values(var.databases) : database.drill == null ? true :
    alltrue([for minutes in [database.drill.targets.rpo_minutes, database.drill.targets.rto_minutes] : minutes == null ? true : minutes >= 1 && floor(minutes) == minutes]) && database.drill.targets.rto_minutes <= database.drill.timeout_minutes])
    error_message = "drill.targets in databases must be whole numbers of minutes, 1 or more, and rto_minutes at most timeout_minutes: a drill that is given up has not met it. Write null for an rpo_minutes that follows the schedule."
  }

  validation {
    condition     = var.recorder != null || alltrue([for database in values(var.databases) : database.windows == null])
    error_message = "windows in databases needs recorder, the subnets and security groups of the function that reads them."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.windows == null || try(database.login.resource_id, null) != null])
    error_message = "windows in databases needs login.resource_id: the permission to log in names it."
  }

  validation {
    condition = alltrue([for database in values(var.databases) : database.windows == null ? true :
    contains(["day", "hour"], database.windows.unit) && database.windows.count >= 1 && floor(database.windows.count) == database.windows.count && database.windows.settle_minutes >= 0 && database.windows.settle_minutes <= 10080 && floor(database.windows.settle_minutes) == database.windows.settle_minutes])
    error_message = "windows in databases: unit must be day or hour, count a whole number, 1 or more, and settle_minutes a whole number from 0 to 10080."
  }

  validation {
    condition = alltrue([for database in values(var.databases) : database.windows == null ? true :
      length(database.windows.tables) > 0 && length(distinct(database.windows.tables[*].table)) == length(database.windows.tables) && alltrue([
        for table in database.windows.tables : length(table.columns) > 0 && alltrue([for name in concat([table.table, table.column], table.columns) : can(regex("^[A-Za-z0-9_$]{1,64}$", name))])
    ])])
    error_message = "windows.tables in databases must list tables, each once, with the column that holds a row's time and at least one column to compare: plain MySQL names of letters, digits, _ and $."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.windows == null ? true : length(database.windows.tables) <= 20 && length(database.windows.tables) * database.windows.count <= 1000])
    error_message = "windows in databases must be at most 20 tables, and tables x count at most 1000: what is recorded must fit an item of DynamoDB."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.maximum_age_minutes == null ? true : database.maximum_age_minutes >= 15 && floor(database.maximum_age_minutes) == database.maximum_age_minutes])
    error_message = "maximum_age_minutes in databases must be a whole number of minutes, 15 or more; write null to follow the schedule."
  }
}

variable "dry_run" {
  description = "Whether nothing is deleted: the log and the metric `WouldDelete` say what would be. Read them for a while, then write `false`; until then snapshots only add up, towards the quota."
  type        = bool
  default     = true
  nullable    = false
}

variable "manual_snapshot_quota" {
  description = "How many manual snapshots of each kind, instances' and clusters', the account may have in a region (100 unless AWS raised it). The plan warns when the retentions may want more in either region; a backup under the plan's key counts twice."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.manual_snapshot_quota >= 1 && floor(var.manual_snapshot_quota) == var.manual_snapshot_quota
    error_message = "manual_snapshot_quota must be a whole number, 1 or more."
  }
}

################################################################################
# Functions
################################################################################

variable "package" {
  description = "The jar that holds the handlers, as in modules/function: `dist/backup.jar`."
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

variable "handlers" {
  description = "Classes that handle the ticks in the databases' region (`scheduler`) and in the recovery region (`recovery`), and that read the windows in either (`windows`)."
  type = object({
    scheduler = optional(string, "webapp.backup.SchedulerHandler")
    recovery  = optional(string, "webapp.backup.RecoveryHandler")
    windows   = optional(string, "webapp.backup.windows.WindowsHandler")
  })
  default  = {}
  nullable = false
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
  description = "Longest a tick may take, in seconds (60-290): the next one comes after 300. The functions that read windows have less, because a tick waits for them."
  type        = number
  default     = 240
  nullable    = false

  validation {
    condition     = var.timeout >= 60 && var.timeout <= 290 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds from 60 to 290: ticks come every 300 seconds."
  }
}

variable "recorder" {
  description = "Where the function stands that reads the windows of the databases: subnets and security groups of their VPC, which reach the databases' port. It calls no AWS API. Needed for `windows`."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = try(length(var.recorder.subnet_ids) > 0 && length(var.recorder.security_group_ids) > 0, var.recorder == null)
    error_message = "recorder needs at least one subnet and one security group, from which the databases can be reached."
  }
}

variable "log_retention_in_days" {
  description = "How long CloudWatch keeps the logs, in days, as in modules/function."
  type        = number
  default     = 30
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the permissions of the roles made here."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of an IAM policy (arn:PARTITION:iam::ACCOUNT:policy/NAME)."
  }
}

################################################################################
# Recovery region
################################################################################

variable "recovery" {
  description = <<-EOT
    The second region, that of the provider `aws.dr`, where copies are made, kept, and restored in drills; null for none.
    - `subnet_ids`, `security_group_ids`: where drills restore, and where the function stands that checks them: subnets of two zones, and groups that let their own members in on the database's port. Empty without drills.
    - `checker_security_group_ids`: groups of that function where it is to have others.
    - `package`: the jar in a bucket of that region; null for the `package` of the module, if that is a file.
    - `create_kms_key` and `kms_key_arn`: as the module's, for the copies there: a key of that region, of its own (1 USD a month). It stays for the life of the copies.
  EOT
  type = object({
    subnet_ids                 = optional(list(string), [])
    security_group_ids         = optional(list(string), [])
    checker_security_group_ids = optional(list(string))
    package = optional(object({
      filename = optional(string)
      s3 = optional(object({
        bucket         = string
        key            = string
        object_version = optional(string)
      }))
      source_code_hash = string
      handlers         = optional(list(string))
    }))
    create_kms_key = optional(bool, true)
    kms_key_arn    = optional(string)
  })
  default = null

  validation {
    condition     = var.recovery == null || data.aws_region.recovery.id != data.aws_region.current.id
    error_message = "recovery must be in another region than the databases, ${data.aws_region.current.id}: pass a provider of that region as aws.dr, or write recovery = null."
  }

  validation {
    condition     = var.recovery == null || data.aws_caller_identity.recovery.account_id == data.aws_caller_identity.current.account_id
    error_message = "aws.dr must be a provider of the same account, ${data.aws_caller_identity.current.account_id}; share_with of a database lets other accounts in."
  }

  validation {
    condition     = try(var.recovery.create_kms_key == (var.recovery.kms_key_arn == null), var.recovery == null)
    error_message = "Write either recovery.create_kms_key = true without kms_key_arn, or create_kms_key = false with the kms_key_arn of your own key."
  }

  validation {
    condition     = try(var.recovery.kms_key_arn, null) == null ? true : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.recovery.kms_key_arn)) && try(split(":", var.recovery.kms_key_arn)[3], "") == data.aws_region.recovery.id
    error_message = "recovery.kms_key_arn must be the ARN of a key of the recovery region, ${data.aws_region.recovery.id} (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }

  validation {
    condition     = var.recovery == null || var.package.s3 == null || try(var.recovery.package, null) != null
    error_message = "recovery.package must name the jar in a bucket of the recovery region: Lambda reads package.s3 from its own region alone."
  }
}

################################################################################
# Exports
################################################################################

variable "export_bucket" {
  description = <<-EOT
    The bucket of the exports, in the databases' region, which is made when a database has an `export`. It is versioned, encrypted under the plan's key, and let alone by Terraform while anything is in it.
    - `replicate`: whether to copy exports to a bucket of the recovery region, under its key; null for yes where there is `recovery`. Twice the storage, and about 0.02 USD a GB to send.
    - `expiration_days`: how long an export is kept, in days; null for ever. `noncurrent_days`: how long a deleted or replaced object stays recoverable.
    - `transition`: `days` after which objects go to `storage_class` (STANDARD_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE); null for never.
    - `object_lock`: retention of the replicas, which nobody can delete before: `mode` (GOVERNANCE, or COMPLIANCE, which not even the account's owner can undo) and `days`. Of the replicas alone, because RDS replaces and deletes objects while it exports.
  EOT
  type = object({
    replicate       = optional(bool)
    expiration_days = optional(number)
    noncurrent_days = optional(number, 30)
    transition = optional(object({
      days          = number
      storage_class = string
    }))
    object_lock = optional(object({
      mode = string
      days = number
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.export_bucket.replicate != true || var.recovery != null
    error_message = "export_bucket.replicate needs recovery, the region to copy exports to."
  }

  validation {
    condition     = alltrue([for days in [var.export_bucket.expiration_days, var.export_bucket.noncurrent_days] : days == null ? true : days >= 1 && floor(days) == days])
    error_message = "expiration_days and noncurrent_days of export_bucket must be whole numbers of days, 1 or more."
  }

  validation {
    condition     = try(contains(["STANDARD_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"], var.export_bucket.transition.storage_class), var.export_bucket.transition == null)
    error_message = "export_bucket.transition.storage_class must be STANDARD_IA, GLACIER_IR, GLACIER or DEEP_ARCHIVE."
  }

  validation {
    condition     = try(var.export_bucket.transition.days >= (var.export_bucket.transition.storage_class == "STANDARD_IA" ? 30 : 1) && var.export_bucket.transition.days < coalesce(var.export_bucket.expiration_days, 36500), var.export_bucket.transition == null)
    error_message = "export_bucket.transition.days must be 1 or more (30 for STANDARD_IA) and less than expiration_days."
  }

  validation {
    condition     = var.export_bucket.object_lock == null || (var.recovery != null && coalesce(var.export_bucket.replicate, true) && anytrue([for database in values(var.databases) : database.export != null]))
    error_message = "export_bucket.object_lock locks the replicas, and there are none: it needs a database with export, recovery, and replicate."
  }

  validation {
    condition     = try(contains(["GOVERNANCE", "COMPLIANCE"], var.export_bucket.object_lock.mode) && var.export_bucket.object_lock.days >= 1 && floor(var.export_bucket.object_lock.days) == var.export_bucket.object_lock.days, var.export_bucket.object_lock == null)
    error_message = "export_bucket.object_lock must have a mode, GOVERNANCE or COMPLIANCE, and a whole number of days, 1 or more."
  }

  validation {
    condition     = try(var.export_bucket.object_lock.days <= var.export_bucket.expiration_days, true)
    error_message = "export_bucket.object_lock.days must not be more than expiration_days: the lifecycle could not delete what is locked."
  }
}

################################################################################
# Alarms
################################################################################

variable "alarms" {
  description = <<-EOT
    Alarms, 0.10 USD a month each: for each database on the age of its backup, recovery copy, export and drill, and for each plan one for each reason that something fails for; null for none.
    - `actions`, `recovery_actions`: ARNs of up to 5 SNS topics of the databases' and of the recovery region, told when an alarm fires and when it is over.
    - `runbook_url`: where docs/runbooks of this repository can be read, without a slash at the end.
    - `grace_minutes`, `recovery_grace_minutes`, `export_grace_minutes`, `drill_grace_minutes`: by how much the age may exceed the longest gap of the schedule.
    - `snapshots_percent`: share of the account's quota of manual snapshots, in percent, that fires, in either region.
  EOT
  type = object({
    actions                = optional(list(string), [])
    recovery_actions       = optional(list(string), [])
    runbook_url            = optional(string, "docs/runbooks")
    grace_minutes          = optional(number, 180)
    recovery_grace_minutes = optional(number, 720)
    export_grace_minutes   = optional(number, 1440)
    drill_grace_minutes    = optional(number, 1440)
    snapshots_percent      = optional(number, 80)
  })
  default = {}

  validation {
    condition     = try(length(var.alarms.actions) <= 5 && length(var.alarms.recovery_actions) <= 5 && alltrue([for action in concat(var.alarms.actions, var.alarms.recovery_actions) : can(regex("^arn:[^:]+:sns:[^:]+:[0-9]{12}:[A-Za-z0-9_-]+$", action))]), var.alarms == null)
    error_message = "alarms.actions and alarms.recovery_actions must be ARNs of at most 5 standard SNS topics each (arn:PARTITION:sns:REGION:ACCOUNT:NAME)."
  }

  # CloudWatch takes an action of another region without a word, and then fails to run it.
  validation {
    condition = alltrue([for action in try(var.alarms.actions, []) : try(split(":", action)[3], "") == data.aws_region.current.id]) && alltrue([
    for action in try(var.alarms.recovery_actions, []) : var.recovery == null || try(split(":", action)[3], "") == data.aws_region.recovery.id])
    error_message = "alarms.actions must be topics of the databases' region, ${data.aws_region.current.id}, and alarms.recovery_actions of the recovery region: an alarm tells topics of its own region only."
  }

  validation {
    condition     = try(length(var.alarms.runbook_url) > 0 && !endswith(var.alarms.runbook_url, "/"), var.alarms == null)
    error_message = "alarms.runbook_url must be a path or URL without a slash at the end."
  }

  validation {
    condition     = try(alltrue([for minutes in [var.alarms.grace_minutes, var.alarms.recovery_grace_minutes, var.alarms.export_grace_minutes, var.alarms.drill_grace_minutes] : minutes >= 15 && floor(minutes) == minutes]), var.alarms == null)
    error_message = "grace_minutes, recovery_grace_minutes, export_grace_minutes and drill_grace_minutes of alarms must be whole numbers of minutes, 15 or more: a snapshot takes its time."
  }

  validation {
    condition     = try(var.alarms.snapshots_percent >= 1 && var.alarms.snapshots_percent <= 100, var.alarms == null)
    error_message = "alarms.snapshots_percent must be from 1 to 100."
  }
}

variable "dashboard" {
  description = "Whether to make a CloudWatch dashboard of the plan, both regions on one page. 3 USD a month beyond the account's first three."
  type        = bool
  default     = false
  nullable    = false
}
