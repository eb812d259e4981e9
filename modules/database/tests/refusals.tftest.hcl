# One run for each thing the module refuses.
mock_provider "aws" {}

variables {
  identifier             = "shop"
  db_name                = "webapp"
  subnet_ids             = ["subnet-a", "subnet-b"]
  vpc_security_group_ids = ["sg-database"]
}

run "identifier_in_capitals" {
  command = plan

  variables {
    identifier = "Shop"
  }

  expect_failures = [var.identifier]
}

run "identifier_with_double_hyphen" {
  command = plan

  variables {
    identifier = "my--shop"
  }

  expect_failures = [var.identifier]
}

run "identifier_with_last_hyphen" {
  command = plan

  variables {
    identifier = "shop-"
  }

  expect_failures = [var.identifier]
}

run "long_identifier" {
  command = plan

  variables {
    identifier = join("", [for i in range(51) : "x"])
  }

  expect_failures = [var.identifier]
}

run "engine_version_in_extended_support" {
  command = plan

  variables {
    engine_version = "8.0"
  }

  expect_failures = [var.engine_version]
}

run "engine_version_of_another_release" {
  command = plan

  variables {
    engine_version = "9.1"
  }

  expect_failures = [var.engine_version]
}

run "instance_class_of_ec2" {
  command = plan

  variables {
    instance_class = "t4g.small"
  }

  expect_failures = [var.instance_class]
}

run "instance_class_too_small_for_iam" {
  command = plan

  variables {
    instance_class = "db.t4g.micro"
  }

  expect_failures = [var.instance_class]
}

run "little_storage" {
  command = plan

  variables {
    allocated_storage = 19
  }

  expect_failures = [var.allocated_storage]
}

run "much_storage" {
  command = plan

  variables {
    allocated_storage = 65537
  }

  expect_failures = [var.allocated_storage]
}

run "old_certificate_authority" {
  command = plan

  variables {
    ca_cert_identifier = "rds-ca-2019"
  }

  expect_failures = [var.ca_cert_identifier]
}

run "one_subnet" {
  command = plan

  variables {
    subnet_ids = ["subnet-a"]
  }

  expect_failures = [var.subnet_ids]
}

run "no_security_group" {
  command = plan

  variables {
    vpc_security_group_ids = []
  }

  expect_failures = [var.vpc_security_group_ids]
}

run "malformed_db_name" {
  command = plan

  variables {
    db_name = "web-app"
  }

  expect_failures = [var.db_name]
}

run "long_username" {
  command = plan

  variables {
    username = "administrator_of_it"
  }

  expect_failures = [var.username]
}

run "reserved_username" {
  command = plan

  variables {
    username = "rdsadmin"
  }

  expect_failures = [var.username]
}

run "malformed_application_user" {
  command = plan

  variables {
    application_user = "App"
  }

  expect_failures = [var.application_user]
}

run "application_user_is_master" {
  command = plan

  variables {
    application_user = "admin"
  }

  expect_failures = [var.application_user]
}

run "malformed_drill_user" {
  command = plan

  variables {
    drill_user = "Drill"
    migrator = {
      package            = { filename = "tests/absent.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      security_group_ids = ["sg-functions"]
    }
  }

  expect_failures = [var.drill_user]
}

run "drill_user_is_the_application" {
  command = plan

  variables {
    drill_user = "app"
    migrator = {
      package            = { filename = "tests/absent.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      security_group_ids = ["sg-functions"]
    }
  }

  expect_failures = [var.drill_user]
}

run "drill_user_without_migrator" {
  command = plan

  variables {
    drill_user = "drill"
  }

  expect_failures = [var.drill_user]
}

run "no_backups" {
  command = plan

  variables {
    backup_retention_period = 0
  }

  expect_failures = [var.backup_retention_period]
}

run "long_backups" {
  command = plan

  variables {
    backup_retention_period = 36
  }

  expect_failures = [var.backup_retention_period]
}

run "final_snapshot_without_its_key" {
  command = plan

  variables {
    deletion_protection = false
  }

  expect_failures = [var.deletion_protection]
}

run "malformed_final_snapshot" {
  command = plan

  variables {
    final_snapshot_identifier = "shop--final"
  }

  expect_failures = [var.final_snapshot_identifier]
}

run "key_by_alias" {
  command = plan

  variables {
    create_kms_key = false
    kms_key_arn    = "alias/mine"
  }

  expect_failures = [var.kms_key_arn]
}

run "two_keys" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/own"
  }

  expect_failures = [var.kms_key_arn]
}

run "no_key" {
  command = plan

  variables {
    create_kms_key = false
  }

  expect_failures = [var.kms_key_arn]
}

run "odd_retention" {
  command = plan

  variables {
    log_retention_in_days = 31
  }

  expect_failures = [var.log_retention_in_days]
}

run "boundary_by_name" {
  command = plan

  variables {
    permissions_boundary = "boundary"
  }

  expect_failures = [var.permissions_boundary]
}

run "migrator_without_security_group" {
  command = plan

  variables {
    migrator = {
      package            = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      security_group_ids = []
    }
  }

  expect_failures = [var.migrator]
}

################################################################################
# Storage
################################################################################

run "growth_below_a_tenth" {
  command = plan

  variables {
    allocated_storage     = 100
    max_allocated_storage = 109
  }

  expect_failures = [var.max_allocated_storage]
}

run "growth_without_end" {
  command = plan

  variables {
    max_allocated_storage = 65537
  }

  expect_failures = [var.max_allocated_storage]
}

run "unknown_storage_type" {
  command = plan

  variables {
    storage_type = "gp2"
  }

  expect_failures = [var.storage_type]
}

run "little_storage_for_io2" {
  command = plan

  variables {
    storage_type      = "io2"
    allocated_storage = 99
    iops              = 1000
  }

  expect_failures = [var.storage_type]
}

run "io2_without_iops" {
  command = plan

  variables {
    storage_type      = "io2"
    allocated_storage = 100
  }

  expect_failures = [var.iops]
}

run "iops_of_a_small_gp3" {
  command = plan

  variables {
    allocated_storage = 399
    iops              = 12000
  }

  expect_failures = [var.iops]
}

run "few_iops_of_gp3" {
  command = plan

  variables {
    allocated_storage = 400
    iops              = 11999
  }

  expect_failures = [var.iops]
}

run "many_iops_of_gp3" {
  command = plan

  variables {
    allocated_storage = 400
    iops              = 64001
  }

  expect_failures = [var.iops]
}

run "more_iops_than_io1_has_for_its_size" {
  command = plan

  variables {
    storage_type      = "io1"
    allocated_storage = 100
    iops              = 5001
  }

  expect_failures = [var.iops]
}

run "more_iops_than_io2_has_for_its_size" {
  command = plan

  variables {
    storage_type      = "io2"
    allocated_storage = 100
    iops              = 100001
  }

  expect_failures = [var.iops]
}

run "throughput_without_iops" {
  command = plan

  variables {
    allocated_storage  = 400
    storage_throughput = 500
  }

  expect_failures = [var.storage_throughput]
}

run "throughput_beyond_a_quarter_of_iops" {
  command = plan

  variables {
    allocated_storage  = 400
    iops               = 12000
    storage_throughput = 3001
  }

  expect_failures = [var.storage_throughput]
}

run "little_throughput" {
  command = plan

  variables {
    allocated_storage  = 400
    iops               = 12000
    storage_throughput = 499
  }

  expect_failures = [var.storage_throughput]
}

run "much_throughput" {
  command = plan

  variables {
    allocated_storage  = 400
    iops               = 20000
    storage_throughput = 4001
  }

  expect_failures = [var.storage_throughput]
}

run "throughput_of_io2" {
  command = plan

  variables {
    storage_type       = "io2"
    allocated_storage  = 400
    iops               = 12000
    storage_throughput = 500
  }

  expect_failures = [var.storage_throughput]
}

################################################################################
# Replicas, blue/green updates and the master password
################################################################################

run "replica_of_a_managed_password" {
  command = plan

  variables {
    read_replicas = { reader = {} }
  }

  expect_failures = [var.read_replicas]
}

run "replica_of_a_fixed_version" {
  command = plan

  variables {
    engine_version              = "8.4.6"
    instance_class              = "db.m7g.large"
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    read_replicas               = { reader = {} }
  }

  expect_failures = [var.read_replicas]
}

run "replica_named_in_capitals" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    read_replicas               = { Reader = {} }
  }

  expect_failures = [var.read_replicas]
}

run "replica_named_primary" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    read_replicas               = { primary = {} }
  }

  expect_failures = [var.read_replicas]
}

run "replica_of_a_long_name" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    read_replicas               = { (join("", [for i in range(59) : "x"])) = {} }
  }

  expect_failures = [var.read_replicas]
}

run "too_many_replicas" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    read_replicas               = { for i in range(16) : "r${i}" => {} }
  }

  expect_failures = [var.read_replicas]
}

run "replica_too_small_for_iam" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    read_replicas               = { reader = { instance_class = "db.t4g.micro" } }
  }

  expect_failures = [var.read_replicas]
}

run "replica_of_an_ec2_class" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    read_replicas               = { reader = { instance_class = "t4g.medium" } }
  }

  expect_failures = [var.read_replicas]
}

run "burstable_replica_of_another" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    instance_class              = "db.m7g.large"
    read_replicas               = { reader = { instance_class = "db.t4g.medium" } }
  }

  expect_failures = [var.read_replicas]
}

run "other_replica_of_a_burstable" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    instance_class              = "db.t4g.medium"
    read_replicas               = { reader = { instance_class = "db.m7g.large" } }
  }

  expect_failures = [var.read_replicas]
}

run "replica_in_one_zone_and_two" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    instance_class              = "db.t4g.medium"
    read_replicas               = { reader = { availability_zone = "eu-central-1a", multi_az = true } }
  }

  expect_failures = [var.read_replicas]
}

run "no_password" {
  command = plan

  variables {
    manage_master_user_password = false
  }

  expect_failures = [var.password_wo]
}

run "short_password" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "fifteen-letters"
  }

  expect_failures = [var.password_wo]
}

run "long_password" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = join("", [for i in range(42) : "x"])
  }

  expect_failures = [var.password_wo]
}

run "password_with_a_slash" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password/of-the-tests"
  }

  expect_failures = [var.password_wo]
}

run "password_with_an_at_sign" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password@of-the-tests"
  }

  expect_failures = [var.password_wo]
}

run "password_version_zero" {
  command = plan

  variables {
    password_wo_version = 0
  }

  expect_failures = [var.password_wo_version]
}

run "blue_green_of_a_managed_password" {
  command = plan

  variables {
    blue_green_update = true
    application_user  = "shop_app"
  }

  expect_failures = [var.blue_green_update]
}

run "blue_green_with_replicas" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    application_user            = "shop_app"
    instance_class              = "db.t4g.medium"
    blue_green_update           = true
    read_replicas               = { reader = {} }
  }

  expect_failures = [var.blue_green_update]
}

run "blue_green_with_events" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    application_user            = "shop_app"
    blue_green_update           = true
    parameters                  = { event_scheduler = { value = "on" } }
  }

  expect_failures = [var.blue_green_update]
}

run "blue_green_lets_into_every_database" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    blue_green_update           = true
  }

  expect_failures = [var.blue_green_update]
}

################################################################################
# Parameters, logs and windows
################################################################################

run "parameter_require_secure_transport" {
  command = plan

  variables {
    parameters = { require_secure_transport = { value = "0" } }
  }

  expect_failures = [var.parameters]
}

run "parameter_log_output" {
  command = plan

  variables {
    parameters = { log_output = { value = "0" } }
  }

  expect_failures = [var.parameters]
}

run "parameter_slow_query_log" {
  command = plan

  variables {
    parameters = { slow_query_log = { value = "0" } }
  }

  expect_failures = [var.parameters]
}

run "parameter_character_set_server" {
  command = plan

  variables {
    parameters = { character_set_server = { value = "0" } }
  }

  expect_failures = [var.parameters]
}

run "parameter_read_only" {
  command = plan

  variables {
    parameters = { read_only = { value = "0" } }
  }

  expect_failures = [var.parameters]
}

run "parameter_super_read_only" {
  command = plan

  variables {
    parameters = { super_read_only = { value = "0" } }
  }

  expect_failures = [var.parameters]
}

run "sql_mode_that_cuts_values" {
  command = plan

  variables {
    parameters = { sql_mode = { value = "NO_ENGINE_SUBSTITUTION" } }
  }

  expect_failures = [var.parameters]
}

run "collation_of_another_character_set" {
  command = plan

  variables {
    parameters = { collation_server = { value = "latin1_swedish_ci" } }
  }

  expect_failures = [var.parameters]
}

run "unknown_apply_method" {
  command = plan

  variables {
    parameters = { long_query_time = { value = "2", apply_method = "reboot" } }
  }

  expect_failures = [var.parameters]
}

run "general_log" {
  command = plan

  variables {
    enabled_cloudwatch_logs_exports = ["general"]
  }

  expect_failures = [var.enabled_cloudwatch_logs_exports]
}

run "malformed_backup_window" {
  command = plan

  variables {
    backup_window = "2:00-3:00"
  }

  expect_failures = [var.backup_window]
}

run "backup_window_at_24" {
  command = plan

  variables {
    backup_window = "23:30-24:00"
  }

  expect_failures = [var.backup_window]
}

run "short_backup_window" {
  command = plan

  variables {
    backup_window = "02:00-02:29"
  }

  expect_failures = [aws_db_instance.this]
}

run "malformed_maintenance_window" {
  command = plan

  variables {
    maintenance_window = "sunday:03:30-sunday:04:30"
  }

  expect_failures = [var.maintenance_window]
}

run "short_maintenance_window" {
  command = plan

  variables {
    maintenance_window = "sun:03:30-sun:03:59"
  }

  expect_failures = [aws_db_instance.this]
}

run "long_maintenance_window" {
  command = plan

  variables {
    maintenance_window = "sun:03:30-mon:03:31"
  }

  expect_failures = [aws_db_instance.this]
}

run "overlapping_windows" {
  command = plan

  variables {
    backup_window      = "02:00-03:00"
    maintenance_window = "sun:02:59-sun:04:00"
  }

  expect_failures = [aws_db_instance.this]
}

run "windows_overlapping_after_midnight" {
  command = plan

  variables {
    backup_window      = "23:30-00:30"
    maintenance_window = "wed:00:29-wed:01:00"
  }

  expect_failures = [aws_db_instance.this]
}

run "windows_overlapping_at_the_ends_of_the_week" {
  command = plan

  variables {
    backup_window      = "00:00-00:30"
    maintenance_window = "sun:23:00-mon:00:01"
  }

  expect_failures = [aws_db_instance.this]
}

run "windows_overlapping_before_the_week" {
  command = plan

  variables {
    backup_window      = "23:30-00:30"
    maintenance_window = "mon:00:00-mon:00:30"
  }

  expect_failures = [aws_db_instance.this]
}

run "upgrades_of_a_fixed_version" {
  command = plan

  variables {
    engine_version             = "8.4.6"
    auto_minor_version_upgrade = true
  }

  expect_failures = [var.auto_minor_version_upgrade]
}

################################################################################
# Restoring
################################################################################

run "restore_from_nothing" {
  command = plan

  variables {
    restore_from = {}
  }

  expect_failures = [var.restore_from]
}

run "restore_from_two" {
  command = plan

  variables {
    restore_from = { source_db_instance_identifier = "old", source_dbi_resource_id = "db-OLD", use_latest_restorable_time = true }
  }

  expect_failures = [var.restore_from]
}

run "snapshot_at_a_time" {
  command = plan

  variables {
    restore_from = { snapshot_identifier = "shop-final", use_latest_restorable_time = true }
  }

  expect_failures = [var.restore_from]
}

run "point_without_a_time" {
  command = plan

  variables {
    restore_from = { source_db_instance_identifier = "old" }
  }

  expect_failures = [var.restore_from]
}

run "point_with_two_times" {
  command = plan

  variables {
    restore_from = { source_db_instance_identifier = "old", restore_time = "2026-11-21T09:30:00Z", use_latest_restorable_time = true }
  }

  expect_failures = [var.restore_from]
}

run "time_without_a_zone" {
  command = plan

  variables {
    restore_from = { source_db_instance_identifier = "old", restore_time = "2026-11-21T09:30:00" }
  }

  expect_failures = [var.restore_from]
}

run "time_of_another_zone" {
  command = plan

  variables {
    restore_from = { source_db_instance_identifier = "old", restore_time = "2026-11-21T09:30:00+01:00" }
  }

  expect_failures = [var.restore_from]
}

run "malformed_snapshot" {
  command = plan

  variables {
    restore_from = { snapshot_identifier = "shop final" }
  }

  expect_failures = [var.restore_from]
}

run "restore_into_itself" {
  command = plan

  variables {
    restore_from = { source_db_instance_identifier = "shop", use_latest_restorable_time = true }
  }

  expect_failures = [var.restore_from]
}

run "malformed_resource_id" {
  command = plan

  variables {
    restore_from = { source_dbi_resource_id = "shop", use_latest_restorable_time = true }
  }

  expect_failures = [var.restore_from]
}

run "malformed_automated_backups" {
  command = plan

  variables {
    restore_from = { source_db_instance_automated_backups_arn = "shop", use_latest_restorable_time = true }
  }

  expect_failures = [var.restore_from]
}

################################################################################
# Monitoring and alarms
################################################################################

run "insights_of_a_small_class" {
  command = plan

  variables {
    performance_insights_enabled = true
  }

  expect_failures = [var.performance_insights_enabled]
}

run "insights_of_a_small_replica" {
  command = plan

  variables {
    manage_master_user_password  = false
    password_wo                  = "a-password-of-the-tests"
    instance_class               = "db.t4g.medium"
    performance_insights_enabled = true
    read_replicas                = { reader = { instance_class = "db.t4g.small" } }
  }

  expect_failures = [var.performance_insights_enabled, check.instance_class_carries_iam_logins]
}

run "odd_insights_retention" {
  command = plan

  variables {
    instance_class                        = "db.t4g.medium"
    performance_insights_enabled          = true
    performance_insights_retention_period = 30
  }

  expect_failures = [var.performance_insights_retention_period]
}

run "insights_retention_without_insights" {
  command = plan

  variables {
    performance_insights_retention_period = 31
  }

  expect_failures = [var.performance_insights_retention_period]
}

run "unknown_insights_mode" {
  command = plan

  variables {
    database_insights_mode = "full"
  }

  expect_failures = [var.database_insights_mode]
}

run "advanced_mode_without_insights" {
  command = plan

  variables {
    database_insights_mode = "advanced"
  }

  expect_failures = [var.database_insights_mode]
}

run "advanced_mode_with_a_short_history" {
  command = plan

  variables {
    instance_class               = "db.t4g.medium"
    performance_insights_enabled = true
    database_insights_mode       = "advanced"
  }

  expect_failures = [var.database_insights_mode]
}

run "odd_monitoring_interval" {
  command = plan

  variables {
    monitoring_interval = 2
  }

  expect_failures = [var.monitoring_interval]
}

run "alarms_that_tell_nobody" {
  command = plan

  variables {
    alarms = { actions = [] }
  }

  expect_failures = [var.alarms]
}

run "runbook_with_a_trailing_slash" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], runbook_url = "https://example.com/" }
  }

  expect_failures = [var.alarms]
}

run "alarm_connections_percent_101" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], connections_percent = 101 }
  }

  expect_failures = [var.alarms]
}

run "alarm_connections_percent_0" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], connections_percent = 0 }
  }

  expect_failures = [var.alarms]
}

run "alarm_cpu_percent_101" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], cpu_percent = 101 }
  }

  expect_failures = [var.alarms]
}

run "alarm_free_storage_percent_100" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], free_storage_percent = 100 }
  }

  expect_failures = [var.alarms]
}

run "alarm_free_storage_percent_0" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], free_storage_percent = 0 }
  }

  expect_failures = [var.alarms]
}

run "alarm_cpu_credits_minus_1" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], cpu_credits = -1 }
  }

  expect_failures = [var.alarms]
}

run "alarm_freeable_memory_mib_0" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], freeable_memory_mib = 0 }
  }

  expect_failures = [var.alarms]
}

run "alarm_replica_lag_seconds_0" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], replica_lag_seconds = 0 }
  }

  expect_failures = [var.alarms]
}

run "alarm_login_failures_0" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"], login_failures = 0 }
  }

  expect_failures = [var.alarms]
}

run "alarms_of_a_class_of_unknown_memory" {
  command = plan

  variables {
    instance_class = "db.x2g.large"
    alarms         = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
  }

  expect_failures = [var.alarms]
}

################################################################################
# Warnings
################################################################################

run "small_class_in_two_zones" {
  command = plan

  variables {
    multi_az = true
  }

  expect_failures = [check.instance_class_carries_iam_logins]
}

run "small_class_with_replicas" {
  command = plan

  variables {
    manage_master_user_password = false
    password_wo                 = "a-password-of-the-tests"
    read_replicas               = { reader = {} }
  }

  expect_failures = [check.instance_class_carries_iam_logins]
}

run "small_class_with_buffers_of_its_own" {
  command = plan

  variables {
    parameters = { innodb_buffer_pool_size = { value = "{DBInstanceClassMemory*3/4}", apply_method = "pending-reboot" } }
  }

  expect_failures = [check.instance_class_carries_iam_logins]
}

run "small_class_with_connections_of_its_own" {
  command = plan

  variables {
    parameters = { max_connections = { value = "500" } }
  }

  expect_failures = [check.instance_class_carries_iam_logins]
}
