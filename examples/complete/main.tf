# The whole system from one apply. `make up` runs this configuration unmodified against local AWS.

provider "aws" {
  region = var.region
}

module "webapp" {
  source = "../.."

  name        = var.name
  environment = var.environment
  database    = var.database
  edge        = var.edge
  tags        = var.tags
}
