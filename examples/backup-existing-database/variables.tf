variable "region" {
  description = "AWS region of the database."
  type        = string
  default     = "eu-central-1"
  nullable    = false
}

variable "recovery_region" {
  description = "Region where copies are kept; null for none."
  type        = string
  default     = "eu-west-1"
}

variable "name" {
  description = "Name of the backup plan."
  type        = string
  default     = "backup-demo"
  nullable    = false
}

variable "artifacts" {
  description = "Directory with the jars and their manifest."
  type        = string
  default     = "../../dist"
  nullable    = false
}

variable "identifier" {
  description = "Identifier of the database."
  type        = string
  nullable    = false
}

variable "kind" {
  description = "`instance`, or `cluster` for Aurora."
  type        = string
  default     = "instance"
  nullable    = false
}

variable "times" {
  description = "When backups are made, local times of `time_zone`."
  type        = list(string)
  default     = ["02:00"]
  nullable    = false
}

variable "time_zone" {
  description = "Name of a time zone, such as Europe/Berlin."
  type        = string
  default     = "UTC"
  nullable    = false
}

variable "export_every" {
  description = "How often to export to S3 as Parquet: `slot`, `day`, `week` or `month`; null for never."
  type        = string
  default     = null
}

variable "drill" {
  description = <<-EOT
    A restore once a month, which compares `tables`; null for none.
    `database` and `user`: whom the drill logs in as, by IAM token, to read what. `resource_id` of the database. `subnet_ids` and `security_group_ids`: where the function stands that counts the living database.
    `recovery_subnet_ids` and `recovery_security_group_ids`: where the copy is restored, and checked, in the recovery region. `instance_class` of what is restored.
  EOT
  type = object({
    database                    = string
    user                        = optional(string, "drill")
    resource_id                 = string
    subnet_ids                  = list(string)
    security_group_ids          = list(string)
    recovery_subnet_ids         = list(string)
    recovery_security_group_ids = list(string)
    instance_class              = optional(string, "db.t4g.medium")
    tables                      = list(object({ table = string, column = string, columns = list(string) }))
  })
  default = null
}

variable "emails" {
  description = "Who is told when something is wrong. Each has to follow the link in SNS's first message, one for each region."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "dry_run" {
  description = "Whether old snapshots are only named in the log, not deleted. Look at it for some days first."
  type        = bool
  default     = true
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether keys and tables refuse to be deleted."
  type        = bool
  default     = true
  nullable    = false
}
