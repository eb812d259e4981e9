# Backups of a database that is there already, made by whomever: nothing of the rest of this repository is needed, and nothing of the database changes.

provider "aws" {
  region = var.region
}

# Without a recovery region nothing is made there.
provider "aws" {
  alias  = "dr"
  region = coalesce(var.recovery_region, var.region)
}

locals {
  manifest = jsondecode(file("${var.artifacts}/manifest.json"))
}

module "alarms" {
  source = "../../modules/alarms"

  name          = "${var.name}-alarms"
  subscriptions = { for email in var.emails : email => { protocol = "email", endpoint = email } }
}

module "recovery_alarms" {
  source    = "../../modules/alarms"
  providers = { aws = aws.dr }

  create        = var.recovery_region != null
  name          = "${var.name}-recovery-alarms"
  subscriptions = { for email in var.emails : email => { protocol = "email", endpoint = email } }
}

module "backup" {
  source    = "../../modules/backup"
  providers = { aws = aws, aws.dr = aws.dr }

  name = var.name
  package = {
    filename         = "${var.artifacts}/${local.manifest.backup.file}"
    source_code_hash = local.manifest.backup.sha256
    handlers         = local.manifest.backup.handlers
  }

  databases = {
    this = {
      identifier = var.identifier
      kind       = var.kind
      times      = var.times
      time_zone  = var.time_zone
      recovery   = var.recovery_region == null ? null : {}
      export     = var.export_every == null ? null : { every = var.export_every }

      # A drill logs in as a user that is in the snapshot, and compares what was counted before it was taken.
      login   = var.drill == null ? null : { database = var.drill.database, user = var.drill.user, resource_id = var.drill.resource_id }
      drill   = var.drill == null ? null : { instance_class = var.drill.instance_class }
      windows = var.drill == null ? null : { tables = var.drill.tables }
    }
  }

  recorder = var.drill == null ? null : { subnet_ids = var.drill.subnet_ids, security_group_ids = var.drill.security_group_ids }
  recovery = var.recovery_region == null ? null : {
    subnet_ids         = var.drill == null ? [] : var.drill.recovery_subnet_ids
    security_group_ids = var.drill == null ? [] : var.drill.recovery_security_group_ids
  }

  alarms    = { actions = module.alarms.actions, recovery_actions = module.recovery_alarms.actions }
  dashboard = true
  dry_run   = var.dry_run

  # With `true`, the default, `terraform destroy` fails at keys and tables: docs/runbooks/backup.md says how to leave.
  deletion_protection = var.deletion_protection
}
