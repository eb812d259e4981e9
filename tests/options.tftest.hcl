# The options of the root at their widest: what comes out says that each reached its module; that each goes in under its name DeclaredKeysTest
# holds for each. What an option does is the module's own tests' to say.
mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./tests/mocks/us-east-1"
}

mock_provider "aws" {
  alias  = "dr"
  source = "./tests/mocks/eu-west-1"
}

variables {
  name                 = "shop"
  environment          = "test"
  artifacts            = { directory = "tests/fixtures/artifacts" }
  permissions_boundary = "arn:aws:iam::111122223333:policy/bound"
  tags                 = { Team = "checkout" }

  database_password_wo = null
}

################################################################################
# Alarms
################################################################################

run "topics_of_ones_own_in_both_regions" {
  command = plan
  variables {
    alarms = {
      create_topics       = false
      topic_arn           = "arn:aws:sns:eu-central-1:111122223333:on-call"
      us_east_1_topic_arn = "arn:aws:sns:us-east-1:111122223333:on-call"
      runbook_url         = "https://git.example.com/shop/docs/runbooks"
    }
  }

  assert {
    condition     = output.alarm_topic_arns == tomap({ "eu-central-1" = "arn:aws:sns:eu-central-1:111122223333:on-call", "us-east-1" = "arn:aws:sns:us-east-1:111122223333:on-call" })
    error_message = "each region tells its own topic"
  }
}

################################################################################
# Artifacts
################################################################################

run "jars_in_a_bucket" {
  command = plan
  variables {
    artifacts = {
      directory = "tests/fixtures/artifacts"
      s3        = { bucket = "shop-artifacts", prefix = "webapp/1.4.0/" }
    }
  }

  assert {
    condition     = alltrue([for package in values(local.packages) : package.filename == null]) && local.packages["api"].s3 == { bucket = "shop-artifacts", key = "webapp/1.4.0/api.jar" }
    error_message = "every jar is taken from the bucket, and none from the disk"
  }
}

################################################################################
# Network
################################################################################

run "network_of_ones_choice" {
  command = plan
  variables {
    network = {
      cidr_block              = "172.16.0.0/20"
      availability_zones      = ["eu-central-1b", "eu-central-1c", "eu-central-1a"]
      endpoint_zones          = "all"
      secretsmanager_endpoint = false
      interface_endpoints     = { sqs = { actions = ["sqs:SendMessage"] } }
      gateway_endpoints       = { dynamodb = { actions = ["dynamodb:GetItem"] } }
      nat                     = "per_zone"
      flow_logs = {
        traffic_type             = "REJECT"
        retention_in_days        = 90
        max_aggregation_interval = 60
        kms_key_arn              = "arn:aws:kms:eu-central-1:111122223333:key/logs"
      }
    }
  }

  assert {
    condition     = module.network[0].cidr_block == "172.16.0.0/20" && module.network[0].availability_zones == tolist(["eu-central-1b", "eu-central-1c", "eu-central-1a"])
    error_message = "range and zones, in the order given"
  }
  assert {
    condition     = keys(module.network[0].interface_endpoint_ids) == ["sqs"] && keys(module.network[0].gateway_endpoint_ids) == ["dynamodb"]
    error_message = "the caller's endpoints alone"
  }
  assert {
    condition     = length(module.network[0].nat_public_ips) == 3 && module.network[0].flow_log_group_name != null
    error_message = "a NAT gateway a zone, and flow logs"
  }
}

run "existing_vpc" {
  command = plan

  override_data {
    target = module.network[0].data.aws_vpc.existing[0]
    values = { id = "vpc-0abc", cidr_block = "10.1.0.0/16", enable_dns_support = true, enable_dns_hostnames = true }
  }
  override_data {
    target = module.network[0].data.aws_subnet.existing["eu-central-1a"]
    values = { vpc_id = "vpc-0abc", availability_zone = "eu-central-1a" }
  }
  override_data {
    target = module.network[0].data.aws_subnet.existing["eu-central-1b"]
    values = { vpc_id = "vpc-0abc", availability_zone = "eu-central-1b" }
  }

  variables {
    network = {
      vpc = {
        id              = "vpc-0abc"
        subnet_ids      = { "eu-central-1a" = "subnet-0a", "eu-central-1b" = "subnet-0b" }
        route_table_ids = ["rtb-0a"]
        internet_access = true
      }
    }
  }

  assert {
    condition     = length(module.network[0].interface_endpoint_ids) == 0
    error_message = "no endpoint that would take Secrets Manager's name from the VPC's other workloads"
  }

  assert {
    condition     = output.vpc_id == "vpc-0abc" && module.network[0].subnet_ids == ["subnet-0a", "subnet-0b"] && module.network[0].route_table_ids == tolist(["rtb-0a"])
    error_message = "what is there is used"
  }
}

################################################################################
# Database
################################################################################

run "database_with_replicas" {
  command = plan
  variables {
    database_password_wo = "a-password-of-the-tests"
    database = {
      instance_class                        = "db.m7g.large"
      allocated_storage                     = 400
      max_allocated_storage                 = 800
      storage_type                          = "gp3"
      iops                                  = 16000
      storage_throughput                    = 800
      engine_version                        = "8.4"
      auto_minor_version_upgrade            = false
      multi_az                              = true
      read_replicas                         = { reports = { instance_class = "db.m7g.xlarge", availability_zone = "eu-central-1a", multi_az = false } }
      parameters                            = { max_connections = { value = "500", apply_method = "immediate" } }
      backup_retention_period               = 35
      backup_window                         = "02:00-03:00"
      maintenance_window                    = "tue:04:00-tue:05:00"
      deletion_protection                   = true
      skip_final_snapshot                   = false
      final_snapshot_identifier             = "shop-test-second"
      apply_immediately                     = true
      enabled_cloudwatch_logs_exports       = ["error", "slowquery", "iam-db-auth-error"]
      log_retention_in_days                 = 90
      performance_insights_enabled          = true
      performance_insights_retention_period = 465
      database_insights_mode                = "advanced"
      monitoring_interval                   = 30
      create_kms_key                        = false
      kms_key_arn                           = "arn:aws:kms:eu-central-1:111122223333:key/made"
      name                                  = "shop"
      username                              = "owner"
      manage_master_user_password           = false
      password_wo_version                   = 2
      application_user                      = "shopper"
      migrator                              = { artifact = "database", handler = "webapp.database.MigratorHandler", runtime = "java21", architectures = ["x86_64"], memory_size = 512, timeout = 120 }
      alarms = {
        connections_percent  = 70
        cpu_percent          = 80
        cpu_credits          = 50
        free_storage_percent = 20
        freeable_memory_mib  = 256
        replica_lag_seconds  = 30
        login_failures       = 5
      }
    }
  }

  assert {
    condition     = keys(module.database[0].read_replicas) == ["reports"] && contains(keys(module.database[0].log_group_names), "iam-db-auth-error")
    error_message = "a replica, and the log of refused logins"
  }
  assert {
    condition     = module.database[0].db_name == "shop" && module.database[0].application_user == "shopper" && output.kms_key_arn == "arn:aws:kms:eu-central-1:111122223333:key/made"
    error_message = "names and key are the caller's"
  }
}

run "database_updated_blue_green" {
  command = plan
  variables {
    database_password_wo = "a-password-of-the-tests"
    database             = { manage_master_user_password = false, blue_green_update = true, application_user = "shopper" }
  }

  assert {
    condition     = module.database[0].connect_resource_arn == "arn:aws:rds-db:eu-central-1:111122223333:dbuser:*/shopper"
    error_message = "an update gives the database another resource id, and logins go on"
  }
}

################################################################################
# API
################################################################################

run "functions_and_api_of_ones_choice" {
  command = plan
  variables {
    api = {
      openapi = jsonencode({
        openapi = "3.0.3"
        info    = { title = "t", version = "1" }
        servers = [{ url = "/api" }]
        paths = {
          "/things" = { get = { operationId = "listThings", security = [], responses = { "200" = { description = "ok" } } } }
          "/health" = { get = { operationId = "getHealth", security = [{ iam = [] }], responses = { "200" = { description = "ok" } } } }
        }
        components = { securitySchemes = { iam = { type = "apiKey", name = "Authorization", in = "header" } } }
      })
      authorizers = { iam = { type = "AWS_IAM" } }
      functions = {
        things = {
          artifact               = "api"
          handler                = "webapp.api.health.HealthHandler"
          operations             = ["listThings"]
          database               = true
          runtime                = "java21"
          architectures          = ["x86_64"]
          layers                 = ["arn:aws:lambda:eu-central-1:111122223333:layer:agent:3"]
          memory_size            = 2048
          ephemeral_storage_size = 1024
          timeout                = 20
          snap_start             = false
          environment            = { LEVEL = "3" }
          policy_statements = {
            ReadThings = {
              actions    = ["dynamodb:GetItem"]
              resources  = ["arn:aws:dynamodb:eu-central-1:111122223333:table/things"]
              conditions = [{ test = "StringEquals", variable = "aws:ResourceAccount", values = ["111122223333"] }]
            }
            ListKeys = { actions = ["kms:ListAliases"], resources = ["*"], wildcard_reason = "kms:ListAliases supports no resource" }
          }
          provisioned_concurrency = {
            target_tracking = { min = 1, max = 4, utilization = 0.6 }
            schedules       = { morning = { schedule = "cron(0 7 ? * MON-FRI *)", min = 2, max = 4, timezone = "Europe/Berlin" } }
          }
          reserved_concurrent_executions = 10
          tracing_mode                   = "Active"
          alarms                         = { errors = 3, throttles = 4, duration_share = 0.5 }
        }
        health = {
          artifact                = "api"
          handler                 = "webapp.api.health.HealthHandler"
          operations              = ["getHealth"]
          snap_start              = false
          provisioned_concurrency = { executions = 1 }
        }
      }
      throttle              = { rate_limit = 100, burst_limit = 50 }
      operation_throttles   = { listThings = { rate_limit = 10, burst_limit = 5 } }
      log_retention_in_days = 90
      access_logs           = { retention_in_days = 90, kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/logs" }
      execution_logs        = { logging_level = "INFO", retention_in_days = 7, kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/logs" }
      xray_tracing_enabled  = true
      web_acl_arn           = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/shop/a1b2c3d4"
      domain = {
        name                         = "api.example.com"
        zone_id                      = "Z0123456789ABCDEFGHIJ"
        create_certificate           = false
        certificate_arn              = "arn:aws:acm:eu-central-1:111122223333:certificate/given"
        create_records               = true
        disable_execute_api_endpoint = false
      }
      dashboard = true
      alarms    = { rate_5xx_percent = 2, latency_p99_milliseconds = 2000, rate_4xx_percent = 50, rate_4xx_minimum_requests = 500 }
    }
  }

  assert {
    condition     = output.function_names == { things = "shop-test-things", health = "shop-test-health" }
    error_message = "the caller's functions"
  }
  assert {
    condition     = module.api[0].access_log_group_name == "/aws/apigateway/shop-test" && module.api[0].dashboard_name != null
    error_message = "access logs and a dashboard"
  }
  assert {
    condition     = module.function["things"].timeout == 20
    error_message = "the caller's timeout"
  }
}

################################################################################
# Edge
################################################################################

run "edge_of_ones_choice" {
  command = plan
  variables {
    edge = {
      site_directory          = "frontend"
      assets_directory        = "assets"
      content_types           = { pdf = "application/pdf" }
      content_security_policy = "default-src 'self'"
      cache_control           = { pages = "no-cache", assets = "public, max-age=60" }
      noncurrent_days         = 7
      price_class             = "PriceClass_All"
      geo_restriction         = { restriction_type = "whitelist", locations = ["DE", "FR"] }
      web_acl_arn             = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/a1b2c3d4"
      domain = {
        name                    = "shop.example.com"
        www                     = true
        create_records          = true
        zone_id                 = "Z0123456789ABCDEFGHIJ"
        create_certificate      = false
        certificate_arn         = "arn:aws:acm:us-east-1:111122223333:certificate/given"
        hsts_include_subdomains = true
      }
      access_logs   = { retention_in_days = 90, record_fields = ["date", "time", "cs-uri-stem", "sc-status"] }
      force_destroy = true
      alarms        = { error_rate_5xx = 2, minimum_errors_5xx = 10, error_rate_4xx = 40, minimum_errors_4xx = 200, function_errors = 1 }
    }
  }

  assert {
    condition     = output.url == "https://shop.example.com"
    error_message = "the site's own name"
  }
}

################################################################################
# Backup
################################################################################

run "backup_as_asked" {
  state_key = "backup"
  variables {
    database_password_wo = "a-password-of-the-tests"
    alarms = {
      create_topics       = false
      topic_arn           = "arn:aws:sns:eu-central-1:111122223333:on-call"
      us_east_1_topic_arn = "arn:aws:sns:us-east-1:111122223333:on-call"
      recovery_topic_arn  = "arn:aws:sns:eu-west-1:111122223333:on-call"
    }
    backup = {
      times                 = ["03:00", "15:00"]
      time_zone             = "Europe/Berlin"
      days                  = ["mon", "thu"]
      retention             = { last = 4, daily = 5, weekly = 6, monthly = 7, maximum_age_days = 400, minimum = 3 }
      maximum_age_minutes   = 6000
      dry_run               = false
      manual_snapshot_quota = 300
      deletion_protection   = false
      recovery = {
        retention         = { last = 5, daily = 6, weekly = 7, monthly = 8, maximum_age_days = 500, minimum = 4 }
        option_group_name = "audited"
        automated_backups = { retention_period = 9 }
        network           = { cidr_block = "10.9.0.0/16", availability_zones = ["eu-west-1b", "eu-west-1c"] }
      }
      drill = {
        day_of_month         = 7
        time                 = "06:30"
        instance_class       = "db.m7g.large"
        parameter_group_name = "drilled"
        option_group_name    = "audited"
        timeout_minutes      = 300
        targets              = { rpo_minutes = 5400, rto_minutes = 90 }
      }
      windows = {
        unit           = "hour"
        count          = 9
        settle_minutes = 30
        tables         = [{ table = "users", column = "registered_at", columns = ["user_id"] }]
      }
      export = { every = "month", prefix = "parquet", export_only = ["webapp.orders"] }
      export_bucket = {
        replicate       = true
        expiration_days = 700
        noncurrent_days = 40
        transition      = { days = 60, storage_class = "GLACIER_IR" }
        object_lock     = { mode = "GOVERNANCE", days = 30 }
      }
      share_with            = ["444455556666"]
      alarms                = { grace_minutes = 60, recovery_grace_minutes = 120, export_grace_minutes = 180, drill_grace_minutes = 240, snapshots_percent = 70 }
      dashboard             = true
      log_retention_in_days = 90
    }
  }

  assert {
    condition = { for key, value in jsondecode(output.backup.plan).databases[0] : key => value if contains(["times", "timeZone", "days", "retention", "shareWith"], key) } == {
      times     = ["03:00", "15:00"]
      timeZone  = "Europe/Berlin"
      days      = ["mon", "thu"]
      retention = { last = 4, daily = 5, weekly = 6, monthly = 7, maximumAgeDays = 400, minimum = 3 }
      shareWith = ["444455556666"]
    }
    error_message = "the schedule, what is kept and with whom it is shared"
  }
  assert {
    condition = jsondecode(output.backup.plan).dryRun == false && { for key, value in jsondecode(output.backup.plan).databases[0].recovery : key => value if key != "kmsKeyArn" } == {
      optionGroupName = "audited"
      retention       = { last = 5, daily = 6, weekly = 7, monthly = 8, maximumAgeDays = 500, minimum = 4 }
    }
    error_message = "the copies in the recovery region"
  }
  assert {
    condition = { for key, value in jsondecode(output.backup.plan).databases[0].drill : key => value if contains(["dayOfMonth", "time", "instanceClass", "parameterGroupName", "optionGroupName", "timeoutMinutes", "targets"], key) } == {
      dayOfMonth         = 7
      time               = "06:30"
      instanceClass      = "db.m7g.large"
      parameterGroupName = "drilled"
      optionGroupName    = "audited"
      timeoutMinutes     = 300
      targets            = { rpoMinutes = 5400, rtoMinutes = 90 }
    }
    error_message = "the drill"
  }
  assert {
    condition = { for key, value in jsondecode(output.backup.plan).databases[0].windows : key => value if contains(["unit", "count", "settleMinutes", "tables"], key) } == {
      unit          = "hour"
      count         = 9
      settleMinutes = 30
      tables        = [{ table = "users", column = "registered_at", columns = ["user_id"] }]
    }
    error_message = "what the drill compares"
  }
  assert {
    condition = { for key, value in jsondecode(output.backup.plan).databases[0].export : key => value if contains(["every", "prefix", "exportOnly"], key) } == {
      every      = "month"
      prefix     = "parquet"
      exportOnly = ["webapp.orders"]
    } && output.backup.replica_bucket != null
    error_message = "the exports"
  }
  assert {
    condition     = module.recovery_network[0].cidr_block == "10.9.0.0/16" && join(",", module.recovery_network[0].availability_zones) == "eu-west-1b,eu-west-1c"
    error_message = "the network of the drills"
  }
  assert {
    condition     = output.alarm_topic_arns["eu-west-1"] == "arn:aws:sns:eu-west-1:111122223333:on-call" && module.backup[0].dashboard_name != null
    error_message = "who is told in the recovery region, and the dashboard"
  }
}

run "backup_that_may_be_deleted" {
  command = plan
  variables {
    database_password_wo = "a-password-of-the-tests"
    backup               = { deletion_protection = false, recovery = {}, page = false }
  }

  assert {
    condition     = !module.backup[0].deletion_protection
    error_message = "the tables may be deleted, although the database may not"
  }
}

run "backup_protected_by_default" {
  command = plan
  variables {
    database_password_wo = "a-password-of-the-tests"
    backup               = { recovery = {}, page = false }
    database             = { deletion_protection = false, skip_final_snapshot = true }
  }

  assert {
    condition     = module.backup[0].deletion_protection
    error_message = "the tables are protected, although the database is not"
  }
}

run "recovery_in_a_network_and_under_a_key_of_ones_own" {
  state_key = "own"
  variables {
    database_password_wo = "a-password-of-the-tests"
    backup = {
      page = false
      recovery = {
        create_kms_key = false
        kms_key_arn    = "arn:aws:kms:eu-west-1:111122223333:key/own"
        network        = { subnet_ids = ["subnet-1", "subnet-2"], security_group_ids = ["sg-1"] }
      }
      drill = {}
    }
  }

  assert {
    condition     = output.backup.recovery_kms_key_arn == "arn:aws:kms:eu-west-1:111122223333:key/own" && length(module.recovery_network) == 0
    error_message = "nothing is made there that is there already"
  }
  assert {
    condition     = jsondecode(output.backup.plan).databases[0].drill.securityGroupIds == ["sg-1"]
    error_message = "drills restore into one's own network"
  }
}

run "jars_in_a_bucket_of_each_region" {
  command = plan
  variables {
    artifacts = {
      directory = "tests/fixtures/artifacts"
      s3        = { bucket = "shop-artifacts", prefix = "webapp/1.4.0/" }
    }
    backup = { recovery = { artifacts = { bucket = "shop-artifacts-ireland", prefix = "webapp/1.5.0/" } } }
  }

  assert {
    condition     = local.recovery_package.s3 == { bucket = "shop-artifacts-ireland", key = "webapp/1.5.0/backup.jar" } && local.recovery_package.filename == null
    error_message = "Lambda reads a jar from its own region"
  }
}
