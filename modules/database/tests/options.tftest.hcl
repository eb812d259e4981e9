# What each option does, on the plan; where what AWS answers matters, on an apply against the mock.
mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/made" }
  }
  mock_resource "aws_db_instance" {
    defaults = {
      address            = "shop.abc.eu-central-1.rds.amazonaws.com"
      arn                = "arn:aws:rds:eu-central-1:111122223333:db:shop"
      port               = 3306
      resource_id        = "db-ABC"
      username           = "admin"
      db_name            = "webapp"
      allocated_storage  = 200
      master_user_secret = [{ kms_key_id = "arn:aws:kms:eu-central-1:111122223333:key/made", secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1", secret_status = "active" }]
    }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/shop-monitoring" }
  }
  mock_resource "aws_secretsmanager_secret_version" {
    defaults = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-master-1" }
  }
}

variables {
  identifier             = "shop"
  db_name                = "webapp"
  subnet_ids             = ["subnet-a", "subnet-b"]
  vpc_security_group_ids = ["sg-database"]
  instance_class         = "db.m7g.large"
  # Terraform 1.11 tests apply no module that has an ephemeral variable left unset; it is read only where RDS manages no password.
  password_wo = "a-password-of-the-tests"
}

################################################################################
# Storage, windows, parameters, logs
################################################################################

run "nothing_unasked" {
  command = plan

  assert {
    condition = (
      aws_db_instance.this[0].max_allocated_storage == null && aws_db_instance.this[0].storage_type == "gp3"
      && aws_db_instance.this[0].performance_insights_enabled == false && aws_db_instance.this[0].monitoring_interval == 0
      && aws_db_instance.this[0].database_insights_mode == "standard" && length(aws_db_instance.this[0].blue_green_update) == 0 && length(aws_db_instance.this[0].restore_to_point_in_time) == 0
    )
    error_message = "neither growth, monitoring, blue/green updates nor a restore"
  }
  assert {
    condition = alltrue([for count in [
      length(aws_db_instance.replica), length(aws_cloudwatch_log_group.replica), length(aws_iam_role.monitoring), length(aws_secretsmanager_secret.master),
      length(aws_cloudwatch_metric_alarm.connections), length(aws_cloudwatch_metric_alarm.cpu), length(aws_cloudwatch_metric_alarm.cpu_credits),
      length(aws_cloudwatch_metric_alarm.free_storage), length(aws_cloudwatch_metric_alarm.freeable_memory),
      length(aws_cloudwatch_metric_alarm.login_failures), length(aws_cloudwatch_metric_alarm.replica_lag),
    ] : count == 0])
    error_message = "neither replicas, roles, secrets nor alarms"
  }
}

run "storage" {
  command = plan

  variables {
    allocated_storage     = 400
    max_allocated_storage = 440
    iops                  = 16000
    storage_throughput    = 1000
  }

  assert {
    condition = (
      aws_db_instance.this[0].allocated_storage == 400 && aws_db_instance.this[0].max_allocated_storage == 440 && aws_db_instance.this[0].storage_type == "gp3"
      && aws_db_instance.this[0].iops == 16000 && aws_db_instance.this[0].storage_throughput == 1000
    )
    error_message = "gp3 of the size, growth, operations and throughput asked for"
  }
}

run "storage_of_400_gib" {
  state_key = "storage_of_400_gib"

  variables {
    allocated_storage           = 400
    manage_master_user_password = false
    read_replicas               = { reader = {} }
  }

  assert {
    condition     = alltrue([for instance in [aws_db_instance.this[0], aws_db_instance.replica["reader"]] : instance.allocated_storage == 400 && instance.iops == 12000 && instance.storage_throughput == 500])
    error_message = "what gp3 includes from 400 GiB on is said: storage that grew to there would be asked for the 3000 and 125 it had"
  }
}

run "operations_of_400_gib" {
  state_key = "operations_of_400_gib"

  variables {
    allocated_storage = 400
    iops              = 16000
  }

  assert {
    condition     = aws_db_instance.this[0].iops == 16000 && aws_db_instance.this[0].storage_throughput == 500
    error_message = "each of the two is the caller's if given"
  }
}

run "provisioned_storage" {
  command = plan

  variables {
    storage_type      = "io2"
    allocated_storage = 100
    iops              = 100000
  }

  assert {
    condition     = aws_db_instance.this[0].storage_type == "io2" && aws_db_instance.this[0].iops == 100000 && local.storage_throughput == null
    error_message = "io2 with up to 1000 operations a GiB"
  }
}

run "windows" {
  command = plan

  variables {
    backup_window      = "23:30-00:30"
    maintenance_window = "Sun:22:00-Sun:23:30"
  }

  assert {
    condition     = aws_db_instance.this[0].backup_window == "23:30-00:30" && aws_db_instance.this[0].maintenance_window == "sun:22:00-sun:23:30"
    error_message = "windows that touch do not overlap; the day in the provider's letters"
  }
}

run "windows_around_the_week" {
  command = plan

  variables {
    backup_window      = "01:00-01:30"
    maintenance_window = "sun:23:30-mon:01:00"
  }

  assert {
    condition     = aws_db_instance.this[0].maintenance_window == "sun:23:30-mon:01:00"
    error_message = "maintenance may run past the end of the week, up to the backup"
  }
}

run "no_minor_upgrades" {
  command = plan

  variables {
    auto_minor_version_upgrade = false
  }

  assert {
    condition     = !aws_db_instance.this[0].auto_minor_version_upgrade
    error_message = "the caller may keep the minor version"
  }
}

run "parameters" {
  command = plan

  variables {
    parameters = {
      long_query_time      = { value = "0.5" }
      innodb_log_file_size = { value = "1073741824", apply_method = "pending-reboot" }
      sql_mode             = { value = "STRICT_ALL_TABLES,NO_ZERO_DATE" }
      collation_server     = { value = "utf8mb4_bin" }
    }
  }

  assert {
    condition = { for parameter in aws_db_parameter_group.this[0].parameter : parameter.name => "${parameter.value} ${parameter.apply_method}" } == {
      require_secure_transport = "1 immediate"
      character_set_server     = "utf8mb4 immediate"
      collation_server         = "utf8mb4_bin immediate"
      sql_mode                 = "STRICT_ALL_TABLES,NO_ZERO_DATE immediate"
      log_output               = "FILE immediate"
      slow_query_log           = "1 immediate"
      long_query_time          = "0.5 immediate"
      innodb_log_file_size     = "1073741824 pending-reboot"
    }
    error_message = "the caller's parameters beside and instead of the module's, applied as said"
  }
}

run "logs" {
  command = plan

  variables {
    enabled_cloudwatch_logs_exports = ["error", "iam-db-auth-error"]
  }

  assert {
    condition     = aws_db_instance.this[0].enabled_cloudwatch_logs_exports == toset(["error", "iam-db-auth-error"]) && [for group in aws_cloudwatch_log_group.this : group.name] == ["/aws/rds/instance/shop/error", "/aws/rds/instance/shop/iam-db-auth-error"]
    error_message = "the logs asked for, into groups made first"
  }
}

################################################################################
# Master password, replicas, blue/green updates
################################################################################

run "own_master_password" {
  state_key = "own_master_password"

  variables {
    manage_master_user_password = false
    password_wo_version         = 3
    tags                        = { Environment = "test" }
    migrator = {
      package            = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      security_group_ids = ["sg-functions"]
    }
  }

  override_module {
    target  = module.migrator
    outputs = { function_name = "shop-migrator", version = "1", log_group_name = "/aws/lambda/shop-migrator" }
  }
  override_resource {
    target = aws_lambda_invocation.migration
    values = { result = "{\"schemaVersion\":\"3\"}" }
  }

  assert {
    condition = (
      aws_db_instance.this[0].manage_master_user_password == null && aws_db_instance.this[0].password == null && aws_db_instance.this[0].password_wo == null
      && aws_db_instance.this[0].password_wo_version == 3
    )
    error_message = "the password is written, with its version, and kept in no state"
  }
  assert {
    condition = (
      aws_secretsmanager_secret.master[0].name_prefix == "shop-master-" && aws_secretsmanager_secret.master[0].kms_key_id == output.kms_key_arn
      && aws_secretsmanager_secret.master[0].tags == tomap({ Environment = "test" }) && aws_secretsmanager_secret_version.master[0].secret_string_wo_version == 3
      && aws_secretsmanager_secret_version.master[0].secret_string == null
    )
    error_message = "the secret has the same version, under the database's key"
  }
  assert {
    condition = (
      output.master_user_secret_arn == "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-master-1"
      && local.migrator_policy_statements.ReadMasterSecret.resources[0] == output.master_user_secret_arn
      && local.migrator_environment.DATABASE_MASTER_SECRET_ARN == output.master_user_secret_arn
    )
    error_message = "the migrator reads this secret"
  }
}

run "read_replicas" {
  state_key = "read_replicas"

  variables {
    manage_master_user_password           = false
    maintenance_window                    = "sun:03:30-sun:04:30"
    max_allocated_storage                 = 100
    performance_insights_enabled          = true
    performance_insights_retention_period = 465
    database_insights_mode                = "advanced"
    monitoring_interval                   = 60
    apply_immediately                     = true
    ca_cert_identifier                    = "rds-ca-ecc384-g1"
    tags                                  = { Environment = "test" }
    read_replicas = {
      near = { availability_zone = "eu-central-1b" }
      big  = { instance_class = "db.r7g.xlarge", multi_az = true }
    }
  }

  override_resource {
    target = aws_db_instance.replica
    values = {
      resource_id = "db-REPLICA", address = "replica.abc.eu-central-1.rds.amazonaws.com", arn = "arn:aws:rds:eu-central-1:111122223333:db:replica", port = 3306
      kms_key_id  = "arn:aws:kms:eu-central-1:111122223333:key/answered-by-rds"
    }
  }

  assert {
    condition = { for name, replica in aws_db_instance.replica : name => [replica.identifier, replica.instance_class, replica.availability_zone == "eu-central-1b", replica.multi_az] } == {
      near = ["shop-near", "db.m7g.large", true, false]
      big  = ["shop-big", "db.r7g.xlarge", false, true]
    }
    error_message = "named, sized and placed as asked, as the database otherwise"
  }
  assert {
    condition = alltrue([for replica in aws_db_instance.replica :
      replica.replicate_source_db == "shop" && replica.storage_encrypted && replica.kms_key_id == "arn:aws:kms:eu-central-1:111122223333:key/answered-by-rds" && replica.iam_database_authentication_enabled
      && !replica.publicly_accessible && replica.parameter_group_name == aws_db_parameter_group.this[0].name && replica.vpc_security_group_ids == toset(["sg-database"])
      && replica.skip_final_snapshot && replica.ca_cert_identifier == "rds-ca-ecc384-g1" && replica.tags == tomap({ Environment = "test" })
    ])
    error_message = "encrypted, under the key that RDS takes from the database, private, with IAM logins and the same parameters"
  }
  assert {
    condition = alltrue([for replica in aws_db_instance.replica :
      replica.maintenance_window == "sun:03:30-sun:04:30" && replica.max_allocated_storage == 100 && replica.apply_immediately && replica.auto_minor_version_upgrade
      && replica.performance_insights_enabled && replica.performance_insights_retention_period == 465 && replica.performance_insights_kms_key_id == output.kms_key_arn
      && replica.database_insights_mode == "advanced" && replica.monitoring_interval == 60 && replica.monitoring_role_arn == aws_iam_role.monitoring[0].arn
      && replica.enabled_cloudwatch_logs_exports == toset(["error", "slowquery"]) && replica.storage_type == "gp3"
    ])
    error_message = "grown, maintained and watched as the database"
  }
  assert {
    condition = alltrue([for group in aws_cloudwatch_log_group.replica : group.kms_key_id == output.kms_key_arn && group.retention_in_days == 30]) && toset(values(aws_cloudwatch_log_group.replica)[*].name) == toset([
      "/aws/rds/instance/shop-big/error", "/aws/rds/instance/shop-big/slowquery", "/aws/rds/instance/shop-near/error", "/aws/rds/instance/shop-near/slowquery",
    ])
    error_message = "their logs go to groups that were made first"
  }
  assert {
    condition = jsondecode(aws_kms_key.this[0].policy).Statement[2].Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"] == [
      "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/rds/instance/shop/*",
      "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/rds/instance/shop-big/*",
      "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/rds/instance/shop-near/*",
      "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/shop-*",
    ]
    error_message = "and CloudWatch Logs may use the key for them"
  }
  assert {
    condition = output.read_replicas["near"] == {
      host                 = "replica.abc.eu-central-1.rds.amazonaws.com"
      port                 = 3306
      identifier           = "shop-near"
      arn                  = "arn:aws:rds:eu-central-1:111122223333:db:replica"
      resource_id          = "db-REPLICA"
      connect_resource_arn = "arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-REPLICA/app"
    } && keys(output.read_replicas) == ["big", "near"]
    error_message = "outputs say where and with which permission to connect"
  }
}

run "blue_green_update" {
  state_key = "blue_green_update"

  variables {
    manage_master_user_password = false
    application_user            = "shop_app"
    blue_green_update           = true
  }

  assert {
    condition     = aws_db_instance.this[0].blue_green_update[0].enabled
    error_message = "updates are made on a copy"
  }
  assert {
    condition     = output.connect_resource_arn == "arn:aws:rds-db:eu-central-1:111122223333:dbuser:*/shop_app"
    error_message = "logins outlive the change of the resource id"
  }
}

################################################################################
# Restoring
################################################################################

run "restore_from_a_snapshot" {
  command = plan

  variables {
    restore_from = { snapshot_identifier = "rds:shop-2026-11-21-03-10" }
  }

  assert {
    condition     = aws_db_instance.this[0].snapshot_identifier == "rds:shop-2026-11-21-03-10" && length(aws_db_instance.this[0].restore_to_point_in_time) == 0
    error_message = "made from the snapshot"
  }
}

run "restore_to_a_time" {
  command = plan

  variables {
    restore_from = { source_db_instance_identifier = "shop-old", restore_time = "2026-11-21T09:30:00Z" }
  }

  assert {
    condition = (
      aws_db_instance.this[0].restore_to_point_in_time[0].source_db_instance_identifier == "shop-old"
      && aws_db_instance.this[0].restore_to_point_in_time[0].restore_time == "2026-11-21T09:30:00Z"
      && aws_db_instance.this[0].restore_to_point_in_time[0].use_latest_restorable_time == null
    )
    error_message = "made from the other database, at the time"
  }
}

run "restore_of_a_deleted_database" {
  command = plan

  variables {
    restore_from = { source_dbi_resource_id = "db-OLD", use_latest_restorable_time = true }
  }

  assert {
    condition = (
      aws_db_instance.this[0].restore_to_point_in_time[0].source_dbi_resource_id == "db-OLD"
      && aws_db_instance.this[0].restore_to_point_in_time[0].use_latest_restorable_time
    )
    error_message = "made from what is kept of it, as late as possible"
  }
}

run "restore_from_another_region" {
  command = plan

  variables {
    restore_from = { source_db_instance_automated_backups_arn = "arn:aws:rds:eu-central-1:111122223333:auto-backup:ab-1", use_latest_restorable_time = true }
  }

  assert {
    condition     = aws_db_instance.this[0].restore_to_point_in_time[0].source_db_instance_automated_backups_arn == "arn:aws:rds:eu-central-1:111122223333:auto-backup:ab-1"
    error_message = "made from replicated backups"
  }
}

run "a_database" {
  state_key = "kept"

  assert {
    condition     = aws_db_instance.this[0].snapshot_identifier != "later"
    error_message = "made empty"
  }
}

run "is_not_replaced_by_restore_from" {
  command   = plan
  state_key = "kept"

  variables {
    restore_from = { source_db_instance_identifier = "shop-old", use_latest_restorable_time = true }
  }

  assert {
    condition     = aws_db_instance.this[0].resource_id == "db-ABC" && length(aws_db_instance.this[0].restore_to_point_in_time) == 0
    error_message = "restore_from is read when a database is made"
  }
}

run "keeps_its_key" {
  command   = plan
  state_key = "kept"

  variables {
    create_kms_key = false
    kms_key_arn    = "arn:aws:kms:eu-central-1:111122223333:key/own"
  }

  expect_failures = [aws_db_instance.this]
}

run "keeps_the_key_that_was_made" {
  command   = plan
  state_key = "kept"

  variables {
    create_kms_key = false
    kms_key_arn    = "arn:aws:kms:eu-central-1:111122223333:key/made" # the database's own: it would be deleted under the data
  }

  expect_failures = [terraform_data.key_made_here]
}

run "a_database_under_a_given_key" {
  state_key = "given_key"

  variables {
    create_kms_key = false
    kms_key_arn    = "arn:aws:kms:eu-central-1:111122223333:key/own"
  }

  assert {
    condition     = terraform_data.key_made_here[0].output == false
    error_message = "whose key it is is remembered"
  }
}

run "keeps_the_key_that_was_given" {
  command   = plan
  state_key = "given_key"

  expect_failures = [terraform_data.key_made_here]
}

run "keeps_its_master_user" {
  command   = plan
  state_key = "kept"

  variables {
    username = "other"
  }

  expect_failures = [aws_db_instance.this]
}

run "keeps_its_schema" {
  command   = plan
  state_key = "kept"

  variables {
    db_name = "other"
  }

  expect_failures = [aws_db_instance.this]
}

################################################################################
# Another name
################################################################################

run "a_database_with_a_name" {
  state_key = "renamed"

  variables {
    manage_master_user_password = false
    read_replicas               = { reader = {} }
  }

  assert {
    condition     = aws_db_subnet_group.this[0].name == "shop" && aws_db_instance.replica["reader"].replicate_source_db == "shop"
    error_message = "named after the database"
  }
}

run "is_renamed" {
  command   = plan
  state_key = "renamed"

  variables {
    identifier                  = "store"
    manage_master_user_password = false
    read_replicas               = { reader = {} }
  }

  assert {
    condition     = aws_db_instance.this[0].identifier == "store" && aws_db_instance.replica["reader"].identifier == "store-reader"
    error_message = "database and replica have another name"
  }
  assert {
    condition     = aws_db_subnet_group.this[0].name == "shop" && aws_db_instance.this[0].db_subnet_group_name == "shop"
    error_message = "in the same subnet group: RDS deletes none that holds an instance"
  }
  assert {
    condition     = aws_db_instance.replica["reader"].replicate_source_db == "shop"
    error_message = "a copy of the same database: the provider refuses to change that, and RDS follows the name"
  }
  assert {
    condition     = aws_secretsmanager_secret.master[0].name_prefix == "shop-master-"
    error_message = "the same secret: another would be filled with a password that the database does not have"
  }
}

################################################################################
# Monitoring
################################################################################

run "performance_insights" {
  state_key = "performance_insights"

  variables {
    performance_insights_enabled          = true
    performance_insights_retention_period = 465
    database_insights_mode                = "advanced"
  }

  assert {
    condition = (
      aws_db_instance.this[0].performance_insights_enabled && aws_db_instance.this[0].performance_insights_retention_period == 465
      && aws_db_instance.this[0].performance_insights_kms_key_id == output.kms_key_arn && aws_db_instance.this[0].database_insights_mode == "advanced"
    )
    error_message = "statements are recorded, under the database's key"
  }
}

run "enhanced_monitoring" {
  state_key = "enhanced_monitoring"

  variables {
    monitoring_interval  = 30
    permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
    tags                 = { Environment = "test" }
  }

  assert {
    condition     = aws_db_instance.this[0].monitoring_interval == 30 && aws_db_instance.this[0].monitoring_role_arn == aws_iam_role.monitoring[0].arn
    error_message = "the operating system's figures every 30 seconds"
  }
  assert {
    condition = jsondecode(aws_iam_role.monitoring[0].assume_role_policy).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnLike      = { "aws:SourceArn" = ["arn:aws:rds:eu-central-1:111122223333:db:shop"] }
      }
    }]
    error_message = "only RDS, for this database, takes the role"
  }
  assert {
    condition = (
      aws_iam_role.monitoring[0].name == "shop-monitoring" && aws_iam_role.monitoring[0].permissions_boundary == "arn:aws:iam::111122223333:policy/boundary"
      && aws_iam_role.monitoring[0].tags == tomap({ Environment = "test" })
      && aws_iam_role_policy_attachment.monitoring[0].policy_arn == "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
    )
    error_message = "AWS's policy for it, bounded and tagged"
  }
}

################################################################################
# Alarms
################################################################################

run "alarms" {
  state_key = "alarms"

  variables {
    instance_class              = "db.t4g.medium"
    allocated_storage           = 200
    manage_master_user_password = false
    read_replicas               = { reader = { instance_class = "db.t4g.large" } }
    tags                        = { Environment = "test" }
    alarms                      = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
  }

  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.connections : name => [alarm.alarm_name, alarm.metric_name, alarm.threshold, alarm.treat_missing_data] } == {
      primary = ["shop-connections", "DatabaseConnections", 232, "missing"]
      reader  = ["shop-reader-connections", "DatabaseConnections", 464, "missing"]
    }
    error_message = "four fifths of what 4 GiB (290) and 8 GiB (580) allow"
  }
  assert {
    condition = [for alarm in [
      aws_cloudwatch_metric_alarm.cpu["primary"], aws_cloudwatch_metric_alarm.cpu_credits["primary"], aws_cloudwatch_metric_alarm.free_storage["primary"],
      aws_cloudwatch_metric_alarm.freeable_memory["primary"], aws_cloudwatch_metric_alarm.login_failures["primary"],
      ] : "${alarm.alarm_name} ${alarm.metric_name} ${alarm.statistic} ${alarm.comparison_operator} ${alarm.threshold} ${alarm.evaluation_periods}x${alarm.period} ${alarm.treat_missing_data}"] == [
      "shop-cpu CPUUtilization Average GreaterThanThreshold 90 3x300 breaching",
      "shop-cpu-credits CPUCreditBalance Minimum LessThanThreshold 30 6x300 missing",
      "shop-free-storage FreeStorageSpace Minimum LessThanThreshold 21474836480 3x300 missing",
      "shop-freeable-memory FreeableMemory Minimum LessThanThreshold 134217728 3x300 missing",
      "shop-login-failures IamDbAuthConnectionFailure Sum GreaterThanOrEqualToThreshold 10 1x300 notBreaching",
    ]
    error_message = "what is measured, against what, for how long"
  }
  assert {
    condition = (
      keys(aws_cloudwatch_metric_alarm.replica_lag) == ["reader"] && aws_cloudwatch_metric_alarm.replica_lag["reader"].alarm_name == "shop-reader-replica-lag"
      && aws_cloudwatch_metric_alarm.replica_lag["reader"].threshold == 60 && aws_cloudwatch_metric_alarm.replica_lag["reader"].treat_missing_data == "breaching"
      && anytrue([for query in aws_cloudwatch_metric_alarm.replica_lag["reader"].metric_query : query.return_data == true && query.expression == "IF(lag < 0, 86400, lag)"])
      && anytrue([for query in aws_cloudwatch_metric_alarm.replica_lag["reader"].metric_query : try(query.metric[0].metric_name == "ReplicaLag" && query.metric[0].dimensions == tomap({ DBInstanceIdentifier = "shop-reader" }), false)])
    )
    error_message = "a replica behind, and one whose replication has stopped (-1)"
  }
  assert {
    condition = alltrue([for alarm in concat(
      values(aws_cloudwatch_metric_alarm.connections), values(aws_cloudwatch_metric_alarm.cpu), values(aws_cloudwatch_metric_alarm.cpu_credits), values(aws_cloudwatch_metric_alarm.free_storage),
      values(aws_cloudwatch_metric_alarm.freeable_memory), values(aws_cloudwatch_metric_alarm.login_failures), values(aws_cloudwatch_metric_alarm.replica_lag),
      ) : alarm.alarm_actions == toset(var.alarms.actions) && alarm.ok_actions == toset(var.alarms.actions) && alarm.tags == tomap({ Environment = "test" })
      && can(regex("Runbook: docs/runbooks/database[.]md#[a-z-]+$", alarm.alarm_description)) && endswith(alarm.alarm_name, regex("#([a-z-]+)$", alarm.alarm_description)[0])
    ])
    error_message = "each tells the same, tagged, with the section of its kind"
  }
  assert {
    condition = alltrue([for alarms in [
      aws_cloudwatch_metric_alarm.connections, aws_cloudwatch_metric_alarm.cpu, aws_cloudwatch_metric_alarm.cpu_credits, aws_cloudwatch_metric_alarm.free_storage,
      aws_cloudwatch_metric_alarm.freeable_memory, aws_cloudwatch_metric_alarm.login_failures,
      ] : { for name, alarm in alarms : name => [alarm.namespace, alarm.dimensions["DBInstanceIdentifier"]] } == {
      primary = ["AWS/RDS", "shop"]
      reader  = ["AWS/RDS", "shop-reader"]
    }])
    error_message = "of the database and of each replica"
  }
}

run "alarm_thresholds" {
  state_key = "alarm_thresholds"

  variables {
    instance_class              = "db.t4g.medium"
    allocated_storage           = 200
    manage_master_user_password = false
    parameters                  = { max_connections = { value = "1000" } }
    read_replicas               = { reader = {} }
    alarms = {
      actions              = ["arn:aws:sns:eu-central-1:111122223333:alarms"]
      runbook_url          = "https://example.com/runbooks"
      connections_percent  = 50
      cpu_percent          = 70
      cpu_credits          = 5
      free_storage_percent = 25
      freeable_memory_mib  = 512
      replica_lag_seconds  = 5
      login_failures       = 1
    }
  }

  assert {
    condition = [for alarms in [
      aws_cloudwatch_metric_alarm.connections, aws_cloudwatch_metric_alarm.cpu, aws_cloudwatch_metric_alarm.cpu_credits, aws_cloudwatch_metric_alarm.free_storage,
      aws_cloudwatch_metric_alarm.freeable_memory, aws_cloudwatch_metric_alarm.login_failures, aws_cloudwatch_metric_alarm.replica_lag,
    ] : alarms["reader"].threshold] == [500, 70, 5, 53687091200, 536870912, 1, 5]
    error_message = "thresholds as given, connections of the limit that the caller set"
  }
  assert {
    condition     = endswith(aws_cloudwatch_metric_alarm.cpu["primary"].alarm_description, "Runbook: https://example.com/runbooks/database.md#cpu")
    error_message = "runbooks where the caller reads them"
  }
}

run "alarms_of_other_classes" {
  state_key = "alarms_of_other_classes"

  variables {
    instance_class = "db.r7g.16xlarge"
    alarms         = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.cpu_credits) == 0 && aws_cloudwatch_metric_alarm.connections["primary"].threshold == 12800
    error_message = "no credits unless burstable; RDS allows 16000 connections at most"
  }
}

run "off_with_everything_asked_for" {
  command   = plan
  state_key = "off"

  variables {
    create                      = false
    manage_master_user_password = false
    read_replicas               = { reader = {} }
    monitoring_interval         = 60
    alarms                      = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
  }

  assert {
    condition = alltrue([for count in [
      length(aws_db_instance.replica), length(aws_cloudwatch_log_group.replica), length(aws_iam_role.monitoring), length(aws_iam_role_policy_attachment.monitoring),
      length(aws_secretsmanager_secret.master), length(aws_secretsmanager_secret_version.master), length(aws_cloudwatch_metric_alarm.connections),
      length(aws_cloudwatch_metric_alarm.cpu), length(aws_cloudwatch_metric_alarm.cpu_credits), length(aws_cloudwatch_metric_alarm.free_storage),
      length(aws_cloudwatch_metric_alarm.freeable_memory), length(aws_cloudwatch_metric_alarm.login_failures), length(aws_cloudwatch_metric_alarm.replica_lag),
    ] : count == 0]) && output.master_user_secret_arn == null && length(output.read_replicas) == 0
    error_message = "nothing is created"
  }
}
