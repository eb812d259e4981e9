mock_provider "aws" {
  source = "../../tests/mocks"
}

mock_provider "aws" {
  alias  = "dr"
  source = "../../tests/mocks/eu-west-1"
}

variables {
  artifacts  = "../../tests/fixtures/artifacts"
  identifier = "shop-prod"
  emails     = ["ada@example.com"]
}

run "two_regions" {
  assert {
    condition     = output.plan.databases[0].identifier == "shop-prod" && output.plan.databases[0].recovery.kmsKeyArn == output.recovery_kms_key_arn && output.plan.recovery.region == "eu-west-1" && output.plan.dryRun
    error_message = "a backup a night, copied under the recovery region's key; nothing is deleted yet"
  }
  assert {
    condition     = output.plan.databases[0].drill == null && output.plan.databases[0].export == null && output.dashboard_name == "backup-demo-eu-central-1"
    error_message = "no drill and no export unless asked for"
  }
}

run "everything" {
  variables {
    export_every = "week"
    drill = {
      database                    = "shop"
      resource_id                 = "db-ABC"
      subnet_ids                  = ["subnet-a"]
      security_group_ids          = ["sg-a"]
      recovery_subnet_ids         = ["subnet-x", "subnet-y"]
      recovery_security_group_ids = ["sg-x"]
      tables                      = [{ table = "orders", column = "placed_at", columns = ["order_id"] }]
    }
    dry_run = false
  }

  assert {
    condition     = output.plan.databases[0].export.every == "week" && output.plan.databases[0].drill.user == "drill" && output.plan.databases[0].windows.tables[0].table == "orders" && !output.plan.dryRun
    error_message = "an export a week, a drill a month, and the windows that it compares"
  }
}

run "one_region" {
  variables {
    recovery_region = null
    kind            = "cluster"
  }

  assert {
    condition     = output.plan.recovery == null && output.recovery_kms_key_arn == null && output.plan.databases[0].kind == "cluster"
    error_message = "backups in the database's region alone"
  }
}
