# An environment that people rely on. The names, the zone and the addresses are examples; the rest is meant as it is.
environment     = "prod"
recovery_region = "us-west-2"

alarms = {
  subscriptions = {
    team = { protocol = "email", endpoint = "webapp-team@example.com" }
  }
  runbook_url = "https://git.example.com/platform/terraform-aws-serverless-webapp/docs/runbooks"
}

network = {
  # Named, so that a new zone of the region cannot move the subnets. The loss of one zone cuts nobody off.
  availability_zones = ["us-east-1b", "us-east-1c"]
  endpoint_zones     = "all"
  flow_logs          = { retention_in_days = 90 }
}

database = {
  instance_class               = "db.m7g.large" # not burstable: no credits to run out of
  multi_az                     = true
  max_allocated_storage        = 200
  backup_retention_period      = 35
  backup_window                = "02:00-03:00"
  maintenance_window           = "tue:03:30-tue:04:30"
  performance_insights_enabled = true
  # Why an IAM login failed, which the alarm on login failures counts.
  enabled_cloudwatch_logs_exports = ["error", "slowquery", "iam-db-auth-error"]
}

# Hourly would cost an instance nothing but snapshots: they are incremental, and so are the copies.
backup = {
  times     = ["00:15", "06:15", "12:15", "18:15"]
  retention = { last = 8, daily = 14, weekly = 5, monthly = 12 }
  dry_run   = false # once its log was read for a while
  dashboard = true
  recovery = {
    retention         = { last = 8, daily = 14, weekly = 5, monthly = 12 }
    automated_backups = { retention_period = 14 }
    network           = { availability_zones = ["us-west-2a", "us-west-2b"] }
  }
  drill  = { day_of_month = 3, instance_class = "db.m7g.large", targets = { rpo_minutes = 480, rto_minutes = 90 } }
  export = { every = "month" }
}

api = {
  access_logs = { retention_in_days = 90 } # needs examples/account-bootstrap, once an account and region
  dashboard   = true
}

edge = {
  price_class = "PriceClass_All"
  domain      = { name = "shop.example.com", zone_id = "Z0123456789ABCDEFGHIJ" }
  access_logs = { retention_in_days = 90 }
}

tags = {
  DataClass = "personal"
}
