# One run for each thing the module refuses or warns of.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
}

mock_provider "aws" {
  alias = "dr"

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
}

variables {
  name = "shop-backup"
  package = {
    filename         = "tests/package.jar"
    source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
  }
  databases = { shop = { identifier = "shop-prod" } }
}

run "name_in_capitals" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}

run "long_name" {
  command = plan

  variables {
    name = join("", [for i in range(41) : "x"])
  }

  expect_failures = [var.name]
}

run "alias_of_a_key" {
  command = plan

  variables {
    create_kms_key = false
    kms_key_arn    = "alias/own"
  }

  expect_failures = [var.kms_key_arn]
}

run "key_made_and_given" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/own"
  }

  expect_failures = [var.kms_key_arn]
}

run "key_of_the_other_region" {
  command = plan

  variables {
    create_kms_key = false
    kms_key_arn    = "arn:aws:kms:eu-west-1:111122223333:key/own"
  }

  expect_failures = [var.kms_key_arn]
}

run "no_database" {
  command = plan

  variables {
    databases = {}
  }

  expect_failures = [var.databases]
}

run "fifty_one_databases" {
  command = plan

  variables {
    databases             = { for i in range(51) : "database-${i}" => { identifier = "database-${i}" } }
    manual_snapshot_quota = 1000
  }

  expect_failures = [var.databases]
}

run "arn_of_a_database" {
  command = plan

  variables {
    databases = { shop = { identifier = "arn:aws:rds:eu-central-1:111122223333:db:shop" } }
  }

  expect_failures = [var.databases]
}

run "database_that_stands_there_twice" {
  command = plan

  variables {
    databases = { a = { identifier = "shop-prod" }, b = { identifier = "shop-prod" } }
  }

  expect_failures = [var.databases]
}

run "kind_aurora" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", kind = "aurora" } }
  }

  expect_failures = [var.databases]
}

run "no_times" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", times = [] } }
  }

  expect_failures = [var.databases]
}

run "malformed_time" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", times = ["2:00"] } }
  }

  expect_failures = [var.databases]
}

run "time_after_midnight" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", times = ["24:00"] } }
  }

  expect_failures = [var.databases]
}

run "malformed_time_zone" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", time_zone = "+02:00" } }
  }

  expect_failures = [var.databases]
}

run "day_written_out" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", days = ["monday"] } }
  }

  expect_failures = [var.databases]
}

run "no_days" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", days = [] } }
  }

  expect_failures = [var.databases]
}

run "storage_key_of_the_other_region" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", storage_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/storage" } }
  }

  expect_failures = [var.databases]
}

run "last_copy_may_go" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", retention = { minimum = 0 } } }
  }

  expect_failures = [var.databases]
}

run "last_recovery_copy_may_go" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = { retention = { minimum = 0 } } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "negative_retention" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", retention = { daily = -1 } } }
  }

  expect_failures = [var.databases]
}

run "not_even_the_latest" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = { retention = { last = 0 } } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "no_age" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", retention = { maximum_age_days = 0 } } }
  }

  expect_failures = [var.databases]
}

run "recovery_nowhere" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {} } }
  }

  expect_failures = [var.databases]
}

run "option_group_of_a_cluster" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", kind = "cluster", recovery = { option_group_name = "options" } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "automated_backups_of_a_cluster" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", kind = "cluster", recovery = { automated_backups = {} } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "automated_backups_for_too_long" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = { automated_backups = { retention_period = 36 } } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "account_by_name" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", customer_key = true, share_with = ["partner"] } }
  }

  expect_failures = [var.databases]
}

run "shared_with_itself" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", customer_key = true, share_with = ["111122223333"] } }
  }

  expect_failures = [var.databases]
}

run "shared_under_the_key_of_aws" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", share_with = ["444455556666"] } }
  }

  expect_failures = [var.databases]
}

run "export_each_year" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", export = { every = "year" } } }
  }

  expect_failures = [var.databases]
}

run "colon_in_a_prefix" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", export = { prefix = "shop:prod" } } }
  }

  expect_failures = [var.databases]
}

run "one_prefix_for_two" {
  command = plan

  variables {
    databases = { a = { identifier = "a", export = { prefix = "x" } }, b = { identifier = "b", export = { prefix = "x" } } }
  }

  expect_failures = [var.databases]
}

run "export_of_a_query" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", export = { export_only = ["select 1"] } } }
  }

  expect_failures = [var.databases]
}

run "login_as_nobody" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", login = { database = "shop", user = "" } } }
  }

  expect_failures = [var.databases]
}

run "resource_id_of_an_instance_for_a_cluster" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", kind = "cluster", login = { database = "shop", resource_id = "db-ABC" } } }
  }

  expect_failures = [var.databases]
}

run "drill_without_recovery" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", login = { database = "shop" }, drill = {} } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "drill_without_subnets" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {}, login = { database = "shop" }, drill = {} } }
    recovery  = {}
  }

  expect_failures = [var.databases]
}

run "drill_without_a_login" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {}, drill = {} } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "drill_on_the_29th" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {}, login = { database = "shop" }, drill = { day_of_month = 29 } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "malformed_time_of_a_drill" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {}, login = { database = "shop" }, drill = { time = "5:00" } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "drill_on_a_micro" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {}, login = { database = "shop" }, drill = { instance_class = "db.t4g.micro" } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "cluster_parameters_of_an_instance" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {}, login = { database = "shop" }, drill = { cluster_parameter_group_name = "aurora-tls" } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "options_of_a_cluster_in_a_drill" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", kind = "cluster", recovery = {}, login = { database = "shop" }, drill = { option_group_name = "options" } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "drill_given_up_at_once" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {}, login = { database = "shop" }, drill = { timeout_minutes = 59, targets = { rto_minutes = 30 } } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "drill_given_up_before_its_target" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {}, login = { database = "shop" }, drill = { timeout_minutes = 60 } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [var.databases]
}

run "windows_without_a_function" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", login = { database = "shop", resource_id = "db-ABC" }, windows = { tables = [{ table = "orders", column = "placed_at", columns = ["id"] }] } } }
  }

  expect_failures = [var.databases]
}

run "windows_without_a_resource_id" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", login = { database = "shop" }, windows = { tables = [{ table = "orders", column = "placed_at", columns = ["id"] }] } } }
    recorder  = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
  }

  expect_failures = [var.databases]
}

run "windows_a_week" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", login = { database = "shop", resource_id = "db-ABC" }, windows = { unit = "week", tables = [{ table = "orders", column = "placed_at", columns = ["id"] }] } } }
    recorder  = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
  }

  expect_failures = [var.databases]
}

run "windows_of_no_table" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", login = { database = "shop", resource_id = "db-ABC" }, windows = { tables = [] } } }
    recorder  = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
  }

  expect_failures = [var.databases]
}

run "windows_of_an_expression" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", login = { database = "shop", resource_id = "db-ABC" }, windows = { tables = [{ table = "orders", column = "date(placed_at)", columns = ["id"] }] } } }
    recorder  = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
  }

  expect_failures = [var.databases]
}

run "too_many_windows" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", login = { database = "shop", resource_id = "db-ABC" }, windows = { count = 1001, tables = [{ table = "orders", column = "placed_at", columns = ["id"] }] } } }
    recorder  = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
  }

  expect_failures = [var.databases]
}

run "age_of_a_moment" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", maximum_age_minutes = 5 } }
  }

  expect_failures = [var.databases]
}

# Twice a day, at most 750 minutes apart.
run "age_that_the_schedule_exceeds" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", times = ["02:00", "14:30"], maximum_age_minutes = 750 } }
  }

  expect_failures = [aws_cloudwatch_metric_alarm.backup_age]
}

run "target_that_the_schedule_misses" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", times = ["02:00", "14:30"], recovery = {}, login = { database = "shop" }, drill = { targets = { rpo_minutes = 749 } } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  expect_failures = [aws_scheduler_schedule.recovery]
}

run "recovery_of_no_database" {
  command = plan

  variables {
    recovery = {}
  }

  expect_failures = [check.recovery_has_a_use]
}

run "exports_that_stay" {
  command = plan

  variables {
    databases     = { shop = { identifier = "shop-prod", export = {} } }
    export_bucket = { replicate = false }
    recovery      = {}
  }

  expect_failures = [check.recovery_has_a_use]
}

run "no_quota" {
  command = plan

  variables {
    manual_snapshot_quota = 0
  }

  expect_failures = [var.manual_snapshot_quota]
}

run "more_snapshots_than_fit" {
  command = plan

  variables {
    databases = { for i in range(6) : "database-${i}" => { identifier = "database-${i}" } }
  }

  expect_failures = [check.snapshots_fit_the_quota]
}

# 17 backups of each are kept, 85 in all: they fit, but not twice.
run "two_snapshots_of_each_backup" {
  command = plan

  variables {
    databases = { for i in range(5) : "database-${i}" => { identifier = "database-${i}", customer_key = i == 0 } }
  }

  expect_failures = [check.snapshots_fit_the_quota]
}

run "more_recovery_copies_than_fit" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = { retention = { monthly = 90 } } } }
    recovery  = {}
  }

  expect_failures = [check.snapshots_fit_the_quota]
}

run "tick_into_the_next" {
  command = plan

  variables {
    timeout = 300
  }

  expect_failures = [var.timeout]
}

run "recorder_without_a_subnet" {
  command = plan

  variables {
    recorder = { subnet_ids = [], security_group_ids = ["sg-recorder"] }
  }

  expect_failures = [var.recorder]
}

run "boundary_by_name" {
  command = plan

  variables {
    permissions_boundary = "bound"
  }

  expect_failures = [var.permissions_boundary]
}

run "recovery_key_given_and_made" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {} } }
    recovery  = { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/own" }
  }

  expect_failures = [var.recovery]
}

run "recovery_key_of_the_databases_region" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {} } }
    recovery  = { create_kms_key = false, kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/own" }
  }

  expect_failures = [var.recovery]
}

run "package_of_the_other_region" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {} } }
    package   = { s3 = { bucket = "shop-artifacts", key = "backup.jar" }, source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    recovery  = {}
  }

  expect_failures = [var.recovery]
}

run "replicas_nowhere" {
  command = plan

  variables {
    databases     = { shop = { identifier = "shop-prod", export = {} } }
    export_bucket = { replicate = true }
  }

  expect_failures = [var.export_bucket]
}

run "exports_of_no_day" {
  command = plan

  variables {
    databases     = { shop = { identifier = "shop-prod", export = {} } }
    export_bucket = { expiration_days = 0 }
  }

  expect_failures = [var.export_bucket]
}

run "unknown_storage_class" {
  command = plan

  variables {
    databases     = { shop = { identifier = "shop-prod", export = {} } }
    export_bucket = { transition = { days = 30, storage_class = "COLD" } }
  }

  expect_failures = [var.export_bucket]
}

run "transition_after_expiration" {
  command = plan

  variables {
    databases     = { shop = { identifier = "shop-prod", export = {} } }
    export_bucket = { expiration_days = 30, transition = { days = 30, storage_class = "GLACIER" } }
  }

  expect_failures = [var.export_bucket]
}

run "lock_without_replicas" {
  command = plan

  variables {
    databases     = { shop = { identifier = "shop-prod", export = {} } }
    export_bucket = { object_lock = { mode = "GOVERNANCE", days = 30 } }
  }

  expect_failures = [var.export_bucket]
}

run "lock_of_another_mode" {
  command = plan

  variables {
    databases     = { shop = { identifier = "shop-prod", export = {} } }
    export_bucket = { object_lock = { mode = "STRICT", days = 30 } }
    recovery      = {}
  }

  expect_failures = [var.export_bucket]
}

run "lock_longer_than_the_file" {
  command = plan

  variables {
    databases     = { shop = { identifier = "shop-prod", export = {} } }
    export_bucket = { expiration_days = 29, object_lock = { mode = "GOVERNANCE", days = 30 } }
    recovery      = {}
  }

  expect_failures = [var.export_bucket]
}

run "fifo_topic" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms.fifo"] }
  }

  expect_failures = [var.alarms]
}

run "topic_of_the_other_region" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {} } }
    alarms    = { recovery_actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
    recovery  = {}
  }

  expect_failures = [var.alarms]
}

run "runbooks_with_a_slash" {
  command = plan

  variables {
    alarms = { runbook_url = "docs/runbooks/" }
  }

  expect_failures = [var.alarms]
}

run "no_grace" {
  command = plan

  variables {
    alarms = { grace_minutes = 0 }
  }

  expect_failures = [var.alarms]
}

run "percent_beyond_all" {
  command = plan

  variables {
    alarms = { snapshots_percent = 101 }
  }

  expect_failures = [var.alarms]
}
