# The smallest useful call: registration and the rest of the reference application, with the root's defaults for whatever is not said here.

provider "aws" {
  region = var.region
}

# CloudFront's certificate, metrics and logs are there, whatever the region.
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

module "webapp" {
  source    = "../.."
  providers = { aws = aws, aws.us_east_1 = aws.us_east_1, aws.dr = aws }

  name        = "registration"
  environment = "demo"

  # A demonstration: nobody is told, and `terraform destroy` leaves nothing behind.
  alarms = null

  database = {
    backup_retention_period = 1
    deletion_protection     = false
    skip_final_snapshot     = true
  }

  api = {
    user_pool = { deletion_protection = false }
  }

  edge = {
    force_destroy = true
  }
}
