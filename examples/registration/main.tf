# Registration alone: a page, one public operation and a table, with the root's defaults for whatever is not said here.

provider "aws" {
  region = var.region
}

module "webapp" {
  source = "../.."

  name        = "registration"
  environment = "demo"

  # A demonstration: `terraform destroy` leaves nothing behind.
  database = {
    backup_retention_period = 1
    deletion_protection     = false
    skip_final_snapshot     = true
  }

  edge = {
    force_destroy = true
  }
}
