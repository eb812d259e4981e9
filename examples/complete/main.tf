# The whole system from one apply. `make up` runs this configuration unmodified against local AWS.

provider "aws" {
  region = var.region
}

# CloudFront's certificate, metrics and logs are there, whatever the region.
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

# Where copies of the backups are made and drills restore them, if `backup.recovery` says so.
provider "aws" {
  alias  = "dr"
  region = coalesce(var.recovery_region, var.region)
}

module "webapp" {
  source    = "../.."
  providers = { aws = aws, aws.us_east_1 = aws.us_east_1, aws.dr = aws.dr }

  name                 = var.name
  environment          = var.environment
  permissions_boundary = var.permissions_boundary
  alarms               = var.alarms
  network              = var.network
  database             = var.database
  backup               = var.backup
  api                  = var.api
  edge                 = var.edge
  tags                 = var.tags
}
