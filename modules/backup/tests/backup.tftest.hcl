# The jar is a stand-in: any file will do, since nothing is uploaded.
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
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-central-1:111122223333:table/shop-backup" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::exports", id = "exports" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/mocked" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mocked" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:mocked", version = "3", code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }
  mock_resource "aws_lambda_alias" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:mocked:live" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::111122223333:policy/mocked" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:111122223333:mocked", url = "https://sqs.eu-central-1.amazonaws.com/111122223333/mocked" }
  }
}

mock_provider "aws" {
  alias = "dr"

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-west-1:111122223333:key/recovery" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/shop-backup" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::replica", id = "replica" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/mocked" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mocked" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:mocked", version = "3", code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  }
  mock_resource "aws_lambda_alias" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:mocked:live" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:111122223333:mocked", url = "https://sqs.eu-west-1.amazonaws.com/111122223333/mocked" }
  }
}

variables {
  name = "shop-backup"
  package = {
    filename         = "tests/package.jar"
    source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    handlers         = ["webapp.backup.SchedulerHandler", "webapp.backup.RecoveryHandler", "webapp.backup.windows.WindowsHandler"]
  }
  databases = { shop = { identifier = "shop-prod" } }
}

################################################################################
# What it makes
################################################################################

run "one_region" {
  assert {
    condition = jsondecode(aws_scheduler_schedule.this[0].target[0].input) == {
      name      = "shop-backup"
      account   = "111122223333"
      partition = "aws"
      region    = "eu-central-1"
      dryRun    = true
      recovery  = null
      databases = [{
        identifier = "shop-prod"
        kind       = "instance"
        times      = ["02:00"]
        timeZone   = "UTC"
        days       = null
        kmsKeyArn  = null
        retention  = { last = 3, daily = 7, weekly = 4, monthly = 3, maximumAgeDays = null, minimum = 2 }
        recovery   = null
        shareWith  = []
        export     = null
        drill      = null
        windows    = null
      }]
    }
    error_message = "the plan, as lambdas/backup reads it, which deletes nothing unless told to"
  }
  assert {
    condition = (
      aws_scheduler_schedule.this[0].schedule_expression == "rate(5 minutes)" && aws_scheduler_schedule.this[0].flexible_time_window[0].mode == "OFF"
      && aws_scheduler_schedule.this[0].target[0].arn == "arn:aws:lambda:eu-central-1:111122223333:function:mocked:live"
      && aws_scheduler_schedule.this[0].target[0].retry_policy[0].maximum_event_age_in_seconds == 240
      && aws_scheduler_schedule.this[0].target[0].retry_policy[0].maximum_retry_attempts == 2
      && aws_scheduler_schedule.this[0].target[0].dead_letter_config[0].arn == aws_sqs_queue.dead_letters[0].arn
    )
    error_message = "a tick every five minutes, repeated until the next, and kept where it did not get through"
  }
  assert {
    condition = (
      aws_dynamodb_table.this[0].billing_mode == "PAY_PER_REQUEST" && aws_dynamodb_table.this[0].hash_key == "pk" && aws_dynamodb_table.this[0].range_key == "sk"
      && aws_dynamodb_table.this[0].point_in_time_recovery[0].enabled && aws_dynamodb_table.this[0].ttl[0].attribute_name == "expires_at"
      && aws_dynamodb_table.this[0].server_side_encryption[0].kms_key_arn == "arn:aws:kms:eu-central-1:111122223333:key/made" && aws_dynamodb_table.this[0].deletion_protection_enabled
    )
    error_message = "a table by use, recoverable, under the plan's key, protected"
  }
  assert {
    condition = length(concat(aws_dynamodb_table.recovery, aws_scheduler_schedule.recovery, aws_kms_key.recovery, aws_kms_alias.recovery, aws_sqs_queue.recovery_dead_letters,
      aws_iam_role.recovery_schedule, module.recovery, module.checker, module.recorder, aws_db_subnet_group.drill, values(aws_cloudwatch_metric_alarm.recovery_failures), aws_cloudwatch_metric_alarm.recovery_snapshots_used,
    aws_s3_bucket.exports, aws_s3_bucket.replica, aws_iam_role.export, aws_iam_role.replication, aws_cloudwatch_dashboard.this)) == 0
    error_message = "without recovery, exports, drills and windows nothing of them"
  }
  assert {
    condition = (
      output.function_names == { scheduler = "shop-backup-scheduler" } && output.table_names == { primary = "shop-backup" } && output.plan == aws_scheduler_schedule.this[0].target[0].input
      && output.kms_key_arn == "arn:aws:kms:eu-central-1:111122223333:key/made" && output.recovery_kms_key_arn == null && output.export_bucket == null && output.replica_bucket == null
      && output.dashboard_name == null && keys(output.dead_letter_queue_urls) == ["primary"]
    )
    error_message = "outputs say where to look"
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.backup_age["shop"].alarm_actions) == 0 && length(aws_cloudwatch_metric_alarm.failures) == 15
    error_message = "alarms are there, and tell nobody unless asked to"
  }
}

run "two_regions" {
  variables {
    databases = {
      shop = {
        identifier          = "shop-prod"
        kind                = "instance"
        times               = ["14:30", "02:00"]
        time_zone           = "Europe/Berlin"
        days                = ["mon", "thu"]
        customer_key        = true
        storage_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/storage"
        retention           = { last = 4, daily = 6, weekly = 5, monthly = 12, maximum_age_days = 400, minimum = 3 }
        recovery = {
          option_group_name = "shop-options"
          retention         = { last = 2, daily = 3, weekly = 1, monthly = 0, maximum_age_days = 90, minimum = 1 }
          automated_backups = { retention_period = 14 }
        }
        share_with = ["444455556666"]
        export     = { every = "day", prefix = "archive/shop", export_only = ["shop.orders"] }
        login      = { database = "shop", user = "reader", resource_id = "db-ABC" }
        drill = {
          day_of_month         = 3
          time                 = "06:15"
          instance_class       = "db.m7g.large"
          parameter_group_name = "mysql-tls"
          option_group_name    = "shop-options"
          timeout_minutes      = 300
          targets              = { rpo_minutes = 5400, rto_minutes = 90 }
        }
        windows = {
          unit           = "hour"
          count          = 24
          settle_minutes = 30
          tables         = [{ table = "orders", column = "placed_at", columns = ["order_id", "person", "total_cents", "placed_at"] }]
        }
        maximum_age_minutes = 6000
      }
      reports = {
        identifier = "shop-reports"
        kind       = "cluster"
        recovery   = {}
        login      = { database = "reports" }
        drill      = { cluster_parameter_group_name = "aurora-tls" }
      }
    }
    dry_run  = false
    recorder = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
    recovery = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"], checker_security_group_ids = ["sg-checker"] }
    alarms = {
      actions                = ["arn:aws:sns:eu-central-1:111122223333:alarms"]
      recovery_actions       = ["arn:aws:sns:eu-west-1:111122223333:alarms"]
      runbook_url            = "https://git.example.com/runbooks"
      grace_minutes          = 60
      recovery_grace_minutes = 120
      export_grace_minutes   = 240
      drill_grace_minutes    = 480
      snapshots_percent      = 70
    }
    dashboard             = true
    handlers              = { scheduler = "webapp.backup.SchedulerHandler", recovery = "webapp.backup.RecoveryHandler", windows = "webapp.backup.windows.WindowsHandler" }
    log_retention_in_days = 7
    tags                  = { Team = "checkout" }
  }

  # lambdas/backup reads the same file in its tests.
  assert {
    condition     = jsondecode(aws_scheduler_schedule.this[0].target[0].input) == jsondecode(file("tests/plan.json"))
    error_message = "everything that can be said of a database is in the plan"
  }
  assert {
    condition = (
      aws_scheduler_schedule.recovery[0].target[0].input == aws_scheduler_schedule.this[0].target[0].input
      && aws_scheduler_schedule.recovery[0].target[0].arn == "arn:aws:lambda:eu-west-1:111122223333:function:mocked:live"
      && aws_scheduler_schedule.recovery[0].target[0].dead_letter_config[0].arn == "arn:aws:sqs:eu-west-1:111122223333:mocked"
      && aws_scheduler_schedule.recovery[0].target[0].retry_policy[0].maximum_event_age_in_seconds == 240 && aws_scheduler_schedule.recovery[0].schedule_expression == "rate(5 minutes)"
    )
    error_message = "the recovery region has its own ticks, of the same plan"
  }
  assert {
    condition = output.function_names == {
      scheduler = "shop-backup-scheduler", recovery = "shop-backup-recovery", recorder = "shop-backup-recorder", checker = "shop-backup-checker"
    } && output.table_names == { primary = "shop-backup", recovery = "shop-backup" } && output.table_arns == { primary = "arn:aws:dynamodb:eu-central-1:111122223333:table/shop-backup", recovery = "arn:aws:dynamodb:eu-west-1:111122223333:table/shop-backup" } && keys(output.dead_letter_queue_urls) == ["primary", "recovery"] && output.deletion_protection
    error_message = "outputs name both regions"
  }
  assert {
    condition = (
      aws_dynamodb_table.recovery[0].server_side_encryption[0].kms_key_arn == "arn:aws:kms:eu-west-1:111122223333:key/recovery" && aws_dynamodb_table.recovery[0].deletion_protection_enabled
      && aws_dynamodb_table.recovery[0].point_in_time_recovery[0].enabled && aws_dynamodb_table.recovery[0].ttl[0].attribute_name == "expires_at"
    )
    error_message = "the recovery region has its own table, under its key"
  }
  assert {
    condition     = aws_db_subnet_group.drill[0].name == "shop-backup-drill" && aws_db_subnet_group.drill[0].subnet_ids == toset(["subnet-x", "subnet-y"])
    error_message = "drills restore into the subnets given"
  }
  assert {
    condition = (
      keys(aws_db_instance_automated_backups_replication.this) == ["shop"] && aws_db_instance_automated_backups_replication.this["shop"].retention_period == 14
      && aws_db_instance_automated_backups_replication.this["shop"].source_db_instance_arn == "arn:aws:rds:eu-central-1:111122223333:db:shop-prod"
      && aws_db_instance_automated_backups_replication.this["shop"].kms_key_id == "arn:aws:kms:eu-west-1:111122223333:key/recovery"
    )
    error_message = "automated backups are replicated under the recovery key"
  }
  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.backup_age), values(aws_cloudwatch_metric_alarm.export_age), values(aws_cloudwatch_metric_alarm.failures), aws_cloudwatch_metric_alarm.snapshots_used, aws_cloudwatch_metric_alarm.dead_letters) :
      alarm.alarm_actions == toset(var.alarms.actions) && alarm.ok_actions == toset(var.alarms.actions) && strcontains(alarm.alarm_description, "https://git.example.com/runbooks/backup.md#") && alarm.tags == tomap({ Team = "checkout" })
      ]) && alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.recovery_copy_age), values(aws_cloudwatch_metric_alarm.drill_age), values(aws_cloudwatch_metric_alarm.recovery_failures), aws_cloudwatch_metric_alarm.recovery_snapshots_used, aws_cloudwatch_metric_alarm.recovery_dead_letters) :
      alarm.alarm_actions == toset(var.alarms.recovery_actions) && alarm.ok_actions == toset(var.alarms.recovery_actions) && strcontains(alarm.alarm_description, "https://git.example.com/runbooks/backup.md#") && alarm.tags == tomap({ Team = "checkout" })
    ])
    error_message = "every alarm tells a topic of its own region, and links its runbook"
  }
  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.backup_age), values(aws_cloudwatch_metric_alarm.recovery_copy_age), values(aws_cloudwatch_metric_alarm.export_age), values(aws_cloudwatch_metric_alarm.drill_age)) :
      alarm.treat_missing_data == "breaching" && alarm.namespace == "Backup" && alarm.dimensions["Plan"] == "shop-backup" && alarm.statistic == "Minimum"
    ])
    error_message = "an age that nobody tells is too old"
  }
  assert {
    condition = (
      { for name, alarm in aws_cloudwatch_metric_alarm.backup_age : name => alarm.threshold / 60 } == { shop = 6000, reports = 1440 + 60 }
      && { for name, alarm in aws_cloudwatch_metric_alarm.recovery_copy_age : name => alarm.threshold / 60 } == { shop = 6000, reports = 1440 + 120 }
      && { for name, alarm in aws_cloudwatch_metric_alarm.export_age : name => alarm.threshold / 60 } == { shop = 4 * 1440 + 60 + 240 }
      && { for name, alarm in aws_cloudwatch_metric_alarm.drill_age : name => alarm.threshold / 60 } == { shop = 31 * 1440 + 300 + 480, reports = 31 * 1440 + 240 + 480 }
    )
    error_message = "an age may be the schedule's longest gap and the grace, or what was said"
  }
  assert {
    condition = alltrue([for alarm in [aws_cloudwatch_metric_alarm.snapshots_used[0], aws_cloudwatch_metric_alarm.recovery_snapshots_used[0]] :
      alarm.threshold == 70 && alarm.namespace == "Backup" && alarm.metric_name == "ManualSnapshotsUsedPercent" && alarm.dimensions == tomap({ Plan = "shop-backup" }) && endswith(alarm.alarm_description, "/backup.md#snapshots-used")
    ]) && aws_cloudwatch_metric_alarm.snapshots_used[0].alarm_name == "shop-backup-snapshots-used" && aws_cloudwatch_metric_alarm.recovery_snapshots_used[0].alarm_name == "shop-backup-recovery-snapshots-used"
    error_message = "in each region an alarm on its quota, from the share that was asked for"
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.failures["kms-key"].dimensions == tomap({ Plan = "shop-backup", Reason = "kms-key" }) && aws_cloudwatch_metric_alarm.failures["kms-key"].alarm_name == "shop-backup-kms-key"
      && join(" ", keys(aws_cloudwatch_metric_alarm.failures)) == "copy-failed database-missing export-bucket export-failed export-replication export-role export-skipped-tables kms-key name-taken option-group other permission snapshot-failed snapshot-quota windows"
      && contains(keys(aws_cloudwatch_metric_alarm.recovery_failures), "drill")
      && length(setsubtract(keys(aws_cloudwatch_metric_alarm.recovery_failures), concat(keys(aws_cloudwatch_metric_alarm.failures), ["drill"]))) == 0
    )
    error_message = "each reason of webapp.backup.Reason has an alarm"
  }
  assert {
    condition = (
      output.dashboard_name == "shop-backup-eu-central-1"
      && join(" ", distinct([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.region])) == "eu-central-1 eu-west-1"
      && [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.x if widget.y == 0] == [0, 6, 12, 18]
      && contains([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.title], "Drills: time to restore (s)")
      && [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.region if contains(widget.properties.metrics[*][1], "ManualSnapshotsUsedPercent")] == ["eu-central-1", "eu-west-1"]
    )
    error_message = "one page of both regions"
  }
  assert {
    condition     = aws_dynamodb_table.this[0].tags == tomap({ Team = "checkout" }) && aws_dynamodb_table.recovery[0].tags == tomap({ Team = "checkout" }) && aws_kms_key.recovery[0].tags == tomap({ Team = "checkout" })
    error_message = "everything is tagged"
  }
}

################################################################################
# Rights
################################################################################

run "least_privilege" {
  variables {
    databases = {
      shop    = { identifier = "shop-prod", recovery = {}, export = {}, share_with = ["444455556666"], login = { database = "shop", resource_id = "db-ABC" }, drill = {}, windows = { tables = [{ table = "orders", column = "placed_at", columns = ["id"] }] } }
      reports = { identifier = "shop-reports", kind = "cluster", recovery = {}, login = { database = "reports", user = "reader" }, drill = {} }
    }
    recorder = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
    recovery = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  assert {
    condition = local.scheduler_statements.DeleteOwnSnapshots == {
      actions         = ["rds:DeleteDBClusterSnapshot", "rds:DeleteDBSnapshot"]
      resources       = ["arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:bk-*", "arn:aws:rds:eu-central-1:111122223333:snapshot:bk-*"]
      conditions      = [{ test = "StringEquals", variable = "aws:ResourceTag/backup:plan", values = ["shop-backup"] }]
      wildcard_reason = null
    }
    error_message = "the scheduler deletes this plan's snapshots of its own region only"
  }
  assert {
    condition = (
      jsonencode(local.recovery_statements.DeleteOwnSnapshots.resources) == jsonencode(["arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:bk-*", "arn:aws:rds:eu-west-1:111122223333:snapshot:bk-*"])
      && local.recovery_statements.DeleteOwnSnapshots.conditions == [{ test = "StringEquals", variable = "aws:ResourceTag/backup:plan", values = ["shop-backup"] }]
    )
    error_message = "the recovery region's function deletes this plan's copies only"
  }
  assert {
    condition = jsonencode(local.recovery_statements.TagOwnSnapshots) == jsonencode({
      actions         = ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"]
      resources       = ["arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:bk-*", "arn:aws:rds:eu-west-1:111122223333:snapshot:bk-*"]
      conditions      = [{ test = "StringEquals", variable = "aws:ResourceTag/backup:plan", values = ["shop-backup"] }]
      wildcard_reason = null
    })
    error_message = "the recovery region's function holds and releases this plan's copies only"
  }
  assert {
    condition = jsonencode({ for sid, statement in local.scheduler_statements : sid => { actions = statement.actions, resources = statement.resources, conditions = statement.conditions }
      if anytrue([for action in statement.actions : endswith(action, "TagsToResource") || endswith(action, "TagsFromResource")]) }) == jsonencode({
      MarkSharedSnapshots = {
        actions = ["rds:AddTagsToResource"]
        resources = [
          "arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:bk-*", "arn:aws:rds:eu-central-1:111122223333:snapshot:bk-*",
          "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:bk-*", "arn:aws:rds:eu-west-1:111122223333:snapshot:bk-*",
        ]
        conditions = [
          { test = "StringEquals", variable = "aws:ResourceTag/backup:plan", values = ["shop-backup"] },
          { test = "ForAllValues:StringEquals", variable = "aws:TagKeys", values = ["backup:shared"] },
        ]
      }
      TagOwnSnapshots = {
        actions   = ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"]
        resources = ["arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:bk-*", "arn:aws:rds:eu-central-1:111122223333:snapshot:bk-*"]
        conditions = [
          { test = "StringEquals", variable = "aws:ResourceTag/backup:plan", values = ["shop-backup"] },
          { test = "ForAllValues:StringEquals", variable = "aws:TagKeys", values = ["backup:export", "backup:hold"] },
        ]
      }
    })
    error_message = "the scheduler marks a recovery copy as shared, and changes no other tag of it; it takes no hold off"
  }
  assert {
    condition = { for key, policy in aws_iam_policy.tag_snapshots : key => jsondecode(policy.policy).Statement } == {
      "0" = [{
        Sid    = "TagNewSnapshots", Effect = "Allow"
        Action = ["rds:AddTagsToResource"]
        Resource = [
          "arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:bk-shop-reports-20??????-*", "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:bk-shop-reports-20??????-*",
          "arn:aws:rds:eu-central-1:111122223333:snapshot:bk-shop-prod-20??????-*", "arn:aws:rds:eu-west-1:111122223333:snapshot:bk-shop-prod-20??????-*",
        ]
        Condition = {
          StringEquals                = { "aws:RequestTag/backup:plan" = "shop-backup" }
          "ForAllValues:StringEquals" = { "aws:TagKeys" = ["backup:database", "backup:exported", "backup:hold", "backup:plan", "backup:role", "backup:slot", "backup:taken", "backup:windows"] }
        }
      }]
    } && aws_iam_role_policy_attachment.tag_snapshots["0"].role == "shop-backup-scheduler"
    error_message = "snapshots are made this plan's under the names of its databases only, and none is made a shared one"
  }
  assert {
    condition = jsonencode(local.recovery_statements.TagNewDrills.resources) == jsonencode([
      "arn:aws:rds:eu-west-1:111122223333:cluster:drill-${substr(sha256("shop-reports"), 0, 8)}-*", "arn:aws:rds:eu-west-1:111122223333:db:drill-${substr(sha256("shop-reports"), 0, 8)}-*",
      "arn:aws:rds:eu-west-1:111122223333:db:drill-${substr(sha256("shop-prod"), 0, 8)}-*",
    ])
    error_message = "drills are made this plan's under the names of its databases only"
  }
  assert {
    condition = [for sid, statement in merge(local.scheduler_statements, { for sid, statement in local.recovery_statements : "Recovery${sid}" => statement }) : sid
      if anytrue([for action in statement.actions : startswith(action, "rds:Delete")]) && !contains(statement.conditions, { test = "StringEquals", variable = "aws:ResourceTag/backup:plan", values = ["shop-backup"] })
    ] == ["RecoveryDeleteOwnDrillsFinalSnapshots"] && local.recovery_statements.DeleteOwnDrillsFinalSnapshots.resources == ["arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:drill-*"]
    error_message = "nothing is deleted but what bears this plan's tag; the one exception is the final snapshot that a drill would have left"
  }
  assert {
    condition = alltrue([for statement in [local.recovery_statements.RestoreSnapshots, local.recovery_statements.AddInstanceToRestoredCluster, local.recovery_statements.TagNewDrills, local.recovery_statements.DeleteOwnDrills] :
      alltrue([for resource in statement.resources : strcontains(resource, ":drill-") if strcontains(resource, ":db:") || strcontains(resource, ":cluster:")])
    ]) && length([for resource in local.recovery_statements.RestoreSnapshots.resources : resource if endswith(resource, ":db:drill-*")]) == 1
    error_message = "a drill makes, tags and deletes databases named drill-* and no others"
  }
  assert {
    condition = jsonencode(local.recovery_statements.RestoreSnapshots.resources) == jsonencode([
      "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:bk-*", "arn:aws:rds:eu-west-1:111122223333:snapshot:bk-*",
      "arn:aws:rds:eu-west-1:111122223333:subgrp:shop-backup-drill", "arn:aws:rds:eu-west-1:111122223333:pg:default.*", "arn:aws:rds:eu-west-1:111122223333:og:default:*",
      "arn:aws:rds:eu-west-1:111122223333:cluster-pg:default.*",
      "arn:aws:rds:eu-west-1:111122223333:cluster:drill-*", "arn:aws:rds:eu-west-1:111122223333:db:drill-*",
    ])
    error_message = "a restore may name this plan's copies, its subnet group, and the groups of its databases"
  }
  assert {
    condition = { for key, policy in aws_iam_policy.take_snapshots : key => jsondecode(policy.policy).Statement } == {
      "0" = [{
        Sid    = "TakeSnapshots", Effect = "Allow"
        Action = ["rds:CreateDBClusterSnapshot", "rds:CreateDBSnapshot"]
        Resource = [
          "arn:aws:rds:eu-central-1:111122223333:cluster:shop-reports", "arn:aws:rds:eu-central-1:111122223333:db:shop-prod",
          "arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:bk-*", "arn:aws:rds:eu-central-1:111122223333:snapshot:bk-*",
        ]
        Condition = { StringEquals = { "aws:RequestTag/backup:plan" = "shop-backup" } }
      }]
    } && aws_iam_role_policy_attachment.take_snapshots["0"].role == "shop-backup-scheduler"
    error_message = "snapshots are taken of these databases, under this plan's tag"
  }
  assert {
    condition = (
      local.scheduler_statements.CopySnapshots.actions == ["rds:CopyDBClusterSnapshot", "rds:CopyDBSnapshot", "rds:CrossRegionCommunication"]
      && length([for resource in local.scheduler_statements.CopySnapshots.resources : resource if strcontains(resource, ":eu-west-1:")]) == 2 && length(local.scheduler_statements.CopySnapshots.resources) == 4
      && length(local.scheduler_statements.CopySnapshots.conditions) == 0
    )
    error_message = "a copy is allowed in both regions, by both names"
  }
  assert {
    condition = (
      toset(local.scheduler_statements.LetRdsUseKeys.resources) == toset(["arn:aws:kms:eu-central-1:111122223333:key/*", "arn:aws:kms:eu-central-1:111122223333:key/made", "arn:aws:kms:eu-west-1:111122223333:key/recovery"])
      && jsonencode(local.scheduler_statements.LetRdsUseKeys.conditions) == jsonencode([
        { test = "Bool", variable = "kms:GrantIsForAWSResource", values = ["true"] },
        { test = "StringEquals", variable = "kms:ViaService", values = ["rds.eu-central-1.amazonaws.com", "rds.eu-west-1.amazonaws.com"] },
      ])
    )
    error_message = "keys are given to RDS only, by way of RDS only"
  }
  assert {
    condition = (
      local.scheduler_statements.GiveExportRole.resources == ["arn:aws:iam::111122223333:role/mocked"]
      && local.scheduler_statements.GiveExportRole.conditions == [{ test = "StringEquals", variable = "iam:PassedToService", values = ["export.rds.amazonaws.com"] }]
    )
    error_message = "the export role goes to RDS's exports only"
  }
  assert {
    condition = (
      local.scheduler_statements.ListExportedFiles.resources == ["arn:aws:s3:::exports", "arn:aws:s3:::replica"] && local.scheduler_statements.SeeExportedFiles.resources == ["arn:aws:s3:::exports/*"]
      && !anytrue(flatten([for statement in values(local.scheduler_statements) : [for condition in statement.conditions : condition.variable == "kms:ViaService" && anytrue([for value in condition.values : startswith(value, "s3.")])]]))
    )
    error_message = "the scheduler sees that files are there, and cannot decrypt them"
  }
  assert {
    condition = (
      local.scheduler_statements.RecordWindowsInRecovery.resources == ["arn:aws:dynamodb:eu-west-1:111122223333:table/shop-backup"]
      && local.scheduler_statements.RecordWindowsInRecovery.conditions == [{ test = "ForAllValues:StringLike", variable = "dynamodb:LeadingKeys", values = ["windows#*"] }]
    )
    error_message = "of the recovery region's table the scheduler writes the windows only"
  }
  assert {
    condition     = [for sid, statement in merge(local.scheduler_statements, { for sid, statement in local.recovery_statements : "Recovery${sid}" => statement }) : sid if contains(statement.resources, "*")] == ["RecoverySeeQuota", "SeeExports", "SeeQuota"]
    error_message = "everything is named but the account's running exports and quotas, which are read"
  }
  assert {
    condition     = local.recovery_statements.SeeQuota.actions == ["rds:DescribeAccountAttributes"] && local.scheduler_statements.SeeQuota.actions == ["rds:DescribeAccountAttributes"]
    error_message = "each region's function sees how many snapshots its quota leaves"
  }
  assert {
    condition     = !contains(keys(local.scheduler_statements), "UseKeyOfTable") && !contains(keys(local.recovery_statements), "UseKeyOfTable")
    error_message = "the module's own keys let the account in through DynamoDB"
  }
  assert {
    condition = (
      jsondecode(aws_iam_role.schedule[0].assume_role_policy).Statement[0].Condition.StringEquals == { "aws:SourceAccount" = "111122223333", "aws:SourceArn" = "arn:aws:scheduler:eu-central-1:111122223333:schedule-group/default" }
      && jsondecode(aws_iam_role.recovery_schedule[0].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == "arn:aws:scheduler:eu-west-1:111122223333:schedule-group/default"
      && jsondecode(aws_iam_role_policy.schedule[0].policy).Statement[*].Resource == [["arn:aws:lambda:eu-central-1:111122223333:function:mocked:live"], ["arn:aws:sqs:eu-central-1:111122223333:mocked"]]
      && jsondecode(aws_iam_role_policy.recovery_schedule[0].policy).Statement[*].Resource == [["arn:aws:lambda:eu-west-1:111122223333:function:mocked:live"], ["arn:aws:sqs:eu-west-1:111122223333:mocked"]]
    )
    error_message = "each schedule ticks its function, and nothing else"
  }
  assert {
    condition = jsondecode(aws_iam_role.export[0].assume_role_policy).Statement[0] == {
      Effect    = "Allow", Action = "sts:AssumeRole", Principal = { Service = "export.rds.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    } && jsondecode(aws_iam_role_policy.export[0].policy).Statement[1].Resource == ["arn:aws:s3:::exports/shop-prod*"]
    error_message = "RDS writes for this account, below the database's prefix"
  }
  assert {
    condition     = local.storage_keys == tolist(["arn:aws:kms:eu-central-1:111122223333:key/*"]) && local.scheduler_statements.SeeKeys.wildcard_reason != null
    error_message = "a database that names no key may be under any"
  }
}

# RDS restores into the option group of the copy, and asks for the right on it, where the restore names another one or none.
run "drill_in_the_option_group_of_the_copies" {
  variables {
    databases = { shop = { identifier = "shop-prod", recovery = { option_group_name = "shop-options" }, login = { database = "shop" }, drill = {} } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  assert {
    condition     = jsondecode(output.plan).databases[0].drill.optionGroupName == "shop-options"
    error_message = "a drill that names no option group restores into that of the copies"
  }
  assert {
    condition     = [for resource in local.recovery_statements.RestoreSnapshots.resources : resource if strcontains(resource, ":og:")] == ["arn:aws:rds:eu-west-1:111122223333:og:shop-options"]
    error_message = "and may name it"
  }
}

run "instances_alone" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", storage_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/storage" } }
  }

  assert {
    condition     = !anytrue(flatten([for statement in values(local.scheduler_statements) : [for action in statement.actions : strcontains(action, "Cluster")]]))
    error_message = "a plan without clusters has no rights on clusters"
  }
  assert {
    condition     = keys(local.scheduler_statements) == ["DeleteOwnSnapshots", "KeepState", "LetRdsUseKeys", "MarkSharedSnapshots", "SeeDatabases", "SeeKeys", "SeeQuota", "SeeSnapshots", "ShareOwnSnapshots", "TagOwnSnapshots"]
    error_message = "what is not asked for needs no rights"
  }
  assert {
    condition     = contains(local.scheduler_statements.ShareOwnSnapshots.conditions, { test = "Null", variable = "aws:ResourceTag/backup:shared", values = ["false"] })
    error_message = "nothing is shared that was not; what was can be taken back"
  }
  assert {
    condition     = contains(local.scheduler_statements.MarkSharedSnapshots.conditions, { test = "Null", variable = "aws:ResourceTag/backup:shared", values = ["false"] })
    error_message = "and nothing is marked as shared that was not"
  }
  assert {
    condition     = join(" ", local.scheduler_statements.LetRdsUseKeys.resources) == "arn:aws:kms:eu-central-1:111122223333:key/storage"
    error_message = "the database's key, where it is named"
  }
}

run "fifty_databases" {
  variables {
    databases = { for i in range(50) : "database-${i}" => {
      identifier = format("%s-%02d", join("", [for x in range(60) : "x"]), i)
      kind       = i % 2 == 0 ? "instance" : "cluster"
      recovery   = {}
      export     = {}
      share_with = ["444455556666"]
      login      = { database = "shop", resource_id = i % 2 == 0 ? "db-ABCDEFGHIJKLMNOPQRSTUVWXY${i}" : "cluster-ABCDEFGHIJKLMNOPQRSTUVWXY${i}" }
      drill      = {}
      windows    = { tables = [for table in range(5) : { table = "table_${table}", column = "created_at", columns = ["id", "created_at"] }] }
    } }
    recorder              = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
    recovery              = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
    manual_snapshot_quota = 1000
  }

  # A role takes 10,240 characters of policies, and about 600 of them are what modules/function adds: logs, and where failures go.
  assert {
    condition = alltrue([for statements in [local.scheduler_statements, local.recovery_statements] : length(jsonencode([for sid, statement in statements : {
      Sid       = sid, Effect = "Allow", Action = statement.actions, Resource = statement.resources
      Condition = { for condition in statement.conditions : condition.test => { (condition.variable) = condition.values } }
    }])) < 9600]) && length(aws_iam_role_policy.export[0].policy) < 10240
    error_message = "the rights on fifty databases of the longest names fit their roles"
  }
  assert {
    condition = (
      length(aws_iam_policy.take_snapshots) + length(aws_iam_policy.tag_snapshots) <= 10
      && alltrue([for policy in concat(values(aws_iam_policy.take_snapshots), values(aws_iam_policy.tag_snapshots)) : length(policy.policy) <= 6144])
    )
    error_message = "and the ten policies that a role takes"
  }
  assert {
    condition     = length(aws_scheduler_schedule.this[0].target[0].input) < 262144
    error_message = "and the plan a schedule"
  }
}

################################################################################
# Keys
################################################################################

run "key_policies" {
  variables {
    databases = {
      shop  = { identifier = "shop-prod", recovery = {}, share_with = ["444455556666"] }
      stock = { identifier = "stock", customer_key = true, share_with = ["777788889999"] }
    }
    recovery = {}
  }

  assert {
    condition     = local.wanted_snapshots == { primary = { instances = 17 + 2 * 17, clusters = 0 }, recovery = { instances = 17, clusters = 0 } }
    error_message = "a backup under the plan's key is two snapshots of its region's quota"
  }
  assert {
    condition     = jsondecode(aws_kms_key.this[0].policy).Statement[*].Sid == ["AccountAdministration", "AccountThroughDatabaseServices", "LogGroupsOfThisName", "SharedSnapshots", "SharedSnapshotsGrants", "SharedSnapshotsDescription", "KeepKeyWhileCopiesAreProtected"]
    error_message = "who may use the key, and that it stays"
  }
  assert {
    condition = jsondecode(aws_kms_key.recovery[0].policy).Statement[1].Condition == {
      StringEquals = { "kms:CallerAccount" = "111122223333", "kms:ViaService" = ["rds.eu-west-1.amazonaws.com", "dynamodb.eu-west-1.amazonaws.com"] }
      } && jsondecode(aws_kms_key.this[0].policy).Statement[1].Condition == {
      StringEquals = { "kms:CallerAccount" = "111122223333", "kms:ViaService" = ["rds.eu-central-1.amazonaws.com", "dynamodb.eu-central-1.amazonaws.com"] }
    }
    error_message = "each region's services use its key for this account; S3 does not"
  }
  assert {
    condition = jsondecode(aws_kms_key.recovery[0].policy).Statement[2].Condition == {
      ArnLike = { "kms:EncryptionContext:aws:logs:arn" = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/shop-backup-*"] }
    }
    error_message = "CloudWatch Logs uses it for the plan's functions"
  }
  assert {
    condition = (
      jsondecode(aws_kms_key.recovery[0].policy).Statement[3].Principal == { AWS = ["arn:aws:iam::444455556666:root"] } && jsondecode(aws_kms_key.this[0].policy).Statement[3].Principal == { AWS = ["arn:aws:iam::777788889999:root"] }
      && jsondecode(aws_kms_key.recovery[0].policy).Statement[3].Condition == { StringEquals = { "kms:ViaService" = ["rds.eu-west-1.amazonaws.com"] } }
      && jsondecode(aws_kms_key.recovery[0].policy).Statement[4].Condition == { Bool = { "kms:GrantIsForAWSResource" = "true" } }
    )
    error_message = "an account uses the key of the copies that it is shared, and of no others"
  }
  assert {
    condition = alltrue([for policy in [aws_kms_key.this[0].policy, aws_kms_key.recovery[0].policy] : jsondecode(policy).Statement[6] == {
      Sid = "KeepKeyWhileCopiesAreProtected", Effect = "Deny", Principal = { AWS = "*" }, Action = ["kms:DisableKey", "kms:ScheduleKeyDeletion"], Resource = "*"
    }])
    error_message = "nobody disables or deletes the keys of protected copies"
  }
  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_key.recovery[0].enable_key_rotation && aws_kms_key.this[0].deletion_window_in_days == 30 && aws_kms_alias.this[0].name == "alias/shop-backup" && aws_kms_alias.recovery[0].name == "alias/shop-backup"
    error_message = "keys rotate, and a deletion can be taken back for a month"
  }
}

run "nothing_is_protected" {
  command = plan

  variables {
    databases           = { shop = { identifier = "shop-prod", recovery = {} } }
    recovery            = {}
    deletion_protection = false
  }

  assert {
    condition = (
      alltrue([for policy in [aws_kms_key.this[0].policy, aws_kms_key.recovery[0].policy] : !strcontains(policy, "KeepKeyWhileCopiesAreProtected")])
      && !aws_dynamodb_table.this[0].deletion_protection_enabled && !aws_dynamodb_table.recovery[0].deletion_protection_enabled && !output.deletion_protection
    )
    error_message = "whoever wants keys and tables gone says so first"
  }
}

run "keys_of_ones_own" {
  variables {
    create_kms_key = false
    kms_key_arn    = "arn:aws:kms:eu-central-1:111122223333:key/own"
    recovery       = { create_kms_key = false, kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/own" }
    databases      = { shop = { identifier = "shop-prod", customer_key = true, recovery = {}, export = {} } }
  }

  assert {
    condition     = length(concat(aws_kms_key.this, aws_kms_key.recovery, aws_kms_alias.this, aws_kms_alias.recovery)) == 0 && output.kms_key_arn == "arn:aws:kms:eu-central-1:111122223333:key/own" && output.recovery_kms_key_arn == "arn:aws:kms:eu-west-1:111122223333:key/own"
    error_message = "no keys are made"
  }
  assert {
    condition = (
      jsondecode(output.plan).databases[0].kmsKeyArn == "arn:aws:kms:eu-central-1:111122223333:key/own" && jsondecode(output.plan).databases[0].recovery.kmsKeyArn == "arn:aws:kms:eu-west-1:111122223333:key/own"
      && jsondecode(output.plan).databases[0].export.kmsKeyArn == "arn:aws:kms:eu-central-1:111122223333:key/own"
      && aws_dynamodb_table.this[0].server_side_encryption[0].kms_key_arn == "arn:aws:kms:eu-central-1:111122223333:key/own"
    )
    error_message = "everything is under the keys given"
  }
  assert {
    condition = (
      local.scheduler_statements.UseKeyOfTable.resources == ["arn:aws:kms:eu-central-1:111122223333:key/own"] && local.scheduler_statements.UseKeyOfTable.conditions[0].values == ["dynamodb.eu-central-1.amazonaws.com"]
      && local.recovery_statements.UseKeyOfTable.resources == ["arn:aws:kms:eu-west-1:111122223333:key/own"] && local.recovery_statements.UseKeyOfTable.conditions[0].values == ["dynamodb.eu-west-1.amazonaws.com"]
    )
    error_message = "the functions may use them for the tables"
  }
}

# The scheduler writes the windows of a drill into the recovery region's table.
run "recovery_key_of_ones_own" {
  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {}, login = { database = "shop", resource_id = "db-ABC" }, drill = {}, windows = { tables = [{ table = "orders", column = "placed_at", columns = ["id"] }] } } }
    recorder  = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
    recovery  = { create_kms_key = false, kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/own", subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  assert {
    condition = (
      !contains(keys(local.scheduler_statements), "UseKeyOfTable") && join(" ", local.scheduler_statements.UseKeyOfRecoveryTable.resources) == "arn:aws:kms:eu-west-1:111122223333:key/own"
      && jsonencode(local.scheduler_statements.UseKeyOfRecoveryTable.conditions) == jsonencode([{ test = "StringEquals", variable = "kms:ViaService", values = ["dynamodb.eu-west-1.amazonaws.com"] }])
    )
    error_message = "the scheduler may use the key of each table that it writes"
  }
}

################################################################################
# Exports
################################################################################

run "exports" {
  variables {
    databases = { shop = { identifier = "shop-prod", export = {} } }
    recovery  = {}
    export_bucket = {
      replicate       = true
      expiration_days = 400
      noncurrent_days = 10
      transition      = { days = 30, storage_class = "GLACIER_IR" }
      object_lock     = { mode = "COMPLIANCE", days = 365 }
    }
  }

  assert {
    condition = alltrue([
      for versioning in [aws_s3_bucket_versioning.exports[0], aws_s3_bucket_versioning.replica[0]] : versioning.versioning_configuration[0].status == "Enabled"
      ]) && alltrue([
      for block in [aws_s3_bucket_public_access_block.exports[0], aws_s3_bucket_public_access_block.replica[0]] : block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
      ]) && alltrue([
      for controls in [aws_s3_bucket_ownership_controls.exports[0], aws_s3_bucket_ownership_controls.replica[0]] : controls.rule[0].object_ownership == "BucketOwnerEnforced"
      ]) && alltrue([
      for policy in [aws_s3_bucket_policy.exports[0].policy, aws_s3_bucket_policy.replica[0].policy] : jsondecode(policy).Statement[0].Effect == "Deny" && jsondecode(policy).Statement[0].Condition == { Bool = { "aws:SecureTransport" = "false" } }
    ])
    error_message = "both buckets keep versions, are private, and take TLS only"
  }
  assert {
    condition     = aws_s3_bucket.exports[0].force_destroy != true && aws_s3_bucket.replica[0].force_destroy != true
    error_message = "neither is emptied to be deleted"
  }
  assert {
    condition = (
      one(one(aws_s3_bucket_server_side_encryption_configuration.exports[0].rule).apply_server_side_encryption_by_default).kms_master_key_id == "arn:aws:kms:eu-central-1:111122223333:key/made"
      && one(one(aws_s3_bucket_server_side_encryption_configuration.replica[0].rule).apply_server_side_encryption_by_default).kms_master_key_id == "arn:aws:kms:eu-west-1:111122223333:key/recovery"
    )
    error_message = "each is under its region's key"
  }
  assert {
    condition = alltrue([
      for lifecycle in [aws_s3_bucket_lifecycle_configuration.exports[0], aws_s3_bucket_lifecycle_configuration.replica[0]] :
      lifecycle.rule[0].expiration[0].days == 400 && lifecycle.rule[0].noncurrent_version_expiration[0].noncurrent_days == 10
      && one(lifecycle.rule[0].transition).days == 30 && one(lifecycle.rule[0].transition).storage_class == "GLACIER_IR"
    ])
    error_message = "files move and go as asked for"
  }
  assert {
    condition     = aws_s3_bucket_object_lock_configuration.replica[0].rule[0].default_retention[0].mode == "COMPLIANCE" && aws_s3_bucket_object_lock_configuration.replica[0].rule[0].default_retention[0].days == 365
    error_message = "the replicas are locked"
  }
  assert {
    condition = (
      aws_s3_bucket_replication_configuration.exports[0].rule[0].source_selection_criteria[0].sse_kms_encrypted_objects[0].status == "Enabled"
      && aws_s3_bucket_replication_configuration.exports[0].rule[0].destination[0].encryption_configuration[0].replica_kms_key_id == "arn:aws:kms:eu-west-1:111122223333:key/recovery"
      && aws_s3_bucket_replication_configuration.exports[0].rule[0].destination[0].bucket == "arn:aws:s3:::replica"
      && aws_s3_bucket_replication_configuration.exports[0].rule[0].delete_marker_replication[0].status == "Disabled"
    )
    error_message = "encrypted files are replicated, deletions are not"
  }
  assert {
    condition = (
      !strcontains(aws_iam_role_policy.replication[0].policy, "ReplicateDelete")
      && { for statement in jsondecode(aws_iam_role_policy.replication[0].policy).Statement : statement.Sid => statement.Resource } == {
        Source    = ["arn:aws:s3:::exports"], SourceFiles = ["arn:aws:s3:::exports/*"], Replicas = ["arn:aws:s3:::replica/*"]
        SourceKey = ["arn:aws:kms:eu-central-1:111122223333:key/made"], ReplicaKey = ["arn:aws:kms:eu-west-1:111122223333:key/recovery"]
      } && jsondecode(aws_iam_role.replication[0].assume_role_policy).Statement[0].Condition.ArnLike["aws:SourceArn"] == "arn:aws:s3:::exports"
    )
    error_message = "S3 reads there and writes here, and deletes nothing"
  }
  assert {
    condition     = output.export_bucket == "shop-backup-exports-6620cc90" && output.replica_bucket == "shop-backup-replica-a26152cd" && jsondecode(output.plan).databases[0].export.replicatedTo == output.replica_bucket
    error_message = "the plan knows both buckets"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.export_age["shop"].threshold == 60 * (10080 + 60 + 1440)
    error_message = "an export a week"
  }
}

run "exports_of_one_region" {
  command = plan

  variables {
    databases     = { shop = { identifier = "shop-prod", recovery = {}, export = { every = "month" } }, stock = { identifier = "stock", times = ["02:00", "14:00"], export = { every = "slot" } } }
    recovery      = {}
    export_bucket = { replicate = false }
  }

  assert {
    condition     = length(concat(aws_s3_bucket.replica, aws_s3_bucket_replication_configuration.exports, aws_iam_role.replication, aws_s3_bucket_object_lock_configuration.replica)) == 0
    error_message = "no replica where none is wanted"
  }
  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.export_age : name => alarm.threshold / 60 } == { shop = 32 * 1440 + 1440, stock = 720 + 1440 }
    error_message = "an export a month, and one for each backup"
  }
}

################################################################################
# Ages
################################################################################

run "gaps_of_schedules" {
  command = plan

  variables {
    databases = {
      daily   = { identifier = "daily" }
      local   = { identifier = "local", time_zone = "Europe/Berlin" }
      hourly  = { identifier = "hourly", times = [for hour in range(24) : format("%02d:30", hour)] }
      workday = { identifier = "workday", days = ["mon", "tue", "wed", "thu", "fri"] }
      weekly  = { identifier = "weekly", days = ["sun"] }
      uneven  = { identifier = "uneven", times = ["22:00", "01:00"], days = ["mon", "thu"] }
    }
    alarms                = {}
    manual_snapshot_quota = 110
  }

  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.backup_age : name => alarm.threshold / 60 - 180 } == { daily = 1440, local = 1500, hourly = 60, workday = 3 * 1440, weekly = 10080, uneven = 1440 * 3 + 180 }
    error_message = "the longest wait of the week, and an hour more where clocks change"
  }
}

# In summer and winter alike: clocks in Tokyo stay.
run "as_long_as_the_schedule_waits" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", times = ["02:00", "14:30"], time_zone = "Asia/Tokyo", maximum_age_minutes = 751, recovery = {}, login = { database = "shop" }, drill = { targets = { rpo_minutes = 750 } } } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.backup_age["shop"].threshold / 60 == 751 && aws_cloudwatch_metric_alarm.recovery_copy_age["shop"].threshold / 60 == 751 && length(local.targets_beyond_schedule) == 0
    error_message = "a target may be as tight as the schedule, and an age nearly"
  }
}

run "target_that_follows_a_daily_schedule" {
  variables {
    databases = { shop = { identifier = "shop-prod", time_zone = "Europe/Berlin", recovery = {}, login = { database = "shop" }, drill = {} } }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  assert {
    condition     = jsondecode(aws_scheduler_schedule.this[0].target[0].input).databases[0].drill.targets == { rpoMinutes = 1500, rtoMinutes = 120 }
    error_message = "a day, and an hour"
  }
}

run "target_that_follows_the_slots_of_a_day" {
  variables {
    databases = {
      uneven   = { identifier = "shop-uneven", times = ["14:30", "02:00", "06:15"], recovery = {}, login = { database = "shop" }, drill = {} }
      weekend  = { identifier = "shop-weekend", times = ["06:00", "18:00"], days = ["sat", "sun"], recovery = {}, login = { database = "shop" }, drill = { targets = { rto_minutes = 90 } } }
      explicit = { identifier = "shop-explicit", times = ["06:00", "18:00"], recovery = {}, login = { database = "shop" }, drill = { targets = { rpo_minutes = 720 } } }
    }
    recovery = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
  }

  assert {
    condition = { for database in jsondecode(aws_scheduler_schedule.this[0].target[0].input).databases : database.identifier => database.drill.targets } == {
      shop-uneven   = { rpoMinutes = 690 + 60, rtoMinutes = 120 }
      shop-weekend  = { rpoMinutes = 5 * 1440 + 720 + 60, rtoMinutes = 90 }
      shop-explicit = { rpoMinutes = 720, rtoMinutes = 120 }
    }
    error_message = "the longest wait of the week, whatever the order of the times, and an hour; what is written, as it is"
  }
}

# The recovery region has a use, though no snapshot goes there.
run "replicas_of_exports_alone" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", export = {} } }
    recovery  = {}
  }

  assert {
    condition     = length(aws_s3_bucket.replica) == 1 && length(aws_cloudwatch_metric_alarm.recovery_copy_age) == 0
    error_message = "exports go to the recovery region without copies"
  }
}

run "no_alarms" {
  command = plan

  variables {
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
    databases = { shop = { identifier = "shop-prod", recovery = {}, export = {}, login = { database = "shop" }, drill = {} } }
    alarms    = null
  }

  assert {
    condition = length(concat(values(aws_cloudwatch_metric_alarm.backup_age), values(aws_cloudwatch_metric_alarm.recovery_copy_age), values(aws_cloudwatch_metric_alarm.export_age), values(aws_cloudwatch_metric_alarm.drill_age),
      values(aws_cloudwatch_metric_alarm.failures), values(aws_cloudwatch_metric_alarm.recovery_failures), aws_cloudwatch_metric_alarm.snapshots_used, aws_cloudwatch_metric_alarm.recovery_snapshots_used,
    aws_cloudwatch_metric_alarm.dead_letters, aws_cloudwatch_metric_alarm.recovery_dead_letters)) == 0
    error_message = "alarms = null makes none"
  }
}

################################################################################
# Functions
################################################################################

run "functions_of_ones_own_size" {
  variables {
    databases            = { shop = { identifier = "shop-prod", recovery = {} } }
    handlers             = { scheduler = "com.example.Scheduler", recovery = "com.example.Recovery", windows = "com.example.Windows" }
    package              = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    recovery             = { package = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", handlers = ["com.example.Recovery", "com.example.Windows"] } }
    runtime              = "java21"
    architectures        = ["x86_64"]
    memory_size          = 1024
    timeout              = 120
    permissions_boundary = "arn:aws:iam::111122223333:policy/bound"
  }

  assert {
    condition     = output.function_names == { scheduler = "shop-backup-scheduler", recovery = "shop-backup-recovery" }
    error_message = "what concerns the functions alone is passed on to modules/function"
  }
  assert {
    condition     = module.scheduler.timeout == 120 && module.recovery[0].timeout == 120
    error_message = "a tick may take as long as said"
  }
  assert {
    condition     = aws_iam_role.schedule[0].permissions_boundary == "arn:aws:iam::111122223333:policy/bound" && aws_iam_role.recovery_schedule[0].permissions_boundary == "arn:aws:iam::111122223333:policy/bound"
    error_message = "every role is bounded"
  }
}

run "packages_in_buckets" {
  command = plan

  variables {
    databases = { shop = { identifier = "shop-prod", recovery = {} } }
    package = {
      s3               = { bucket = "shop-artifacts", key = "1.4.0/backup.jar", object_version = "v1" }
      source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    }
    recovery = {
      package = {
        s3               = { bucket = "shop-artifacts-eu-west-1", key = "1.4.0/backup.jar", object_version = "v2" }
        source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
      }
    }
  }

  assert {
    condition     = length(module.recovery) == 1
    error_message = "each region's functions read a bucket of their own"
  }
}

run "windows_take_part_of_a_tick" {
  variables {
    databases = { shop = { identifier = "shop-prod", login = { database = "shop", resource_id = "db-ABC" }, windows = { tables = [{ table = "orders", column = "placed_at", columns = ["id"] }] } } }
    recorder  = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
  }

  assert {
    condition     = module.recorder[0].timeout == 180 && module.scheduler.timeout == 240 && local.scheduler_statements.ReadWindows.resources == ["arn:aws:lambda:eu-central-1:111122223333:function:mocked:live"]
    error_message = "the scheduler outlives the function that it waits for"
  }
  assert {
    condition     = !contains(keys(local.scheduler_statements), "RecordWindowsInRecovery") && jsondecode(output.plan).databases[0].windows.user == "drill"
    error_message = "without a recovery region windows stay in this one"
  }
}

################################################################################
# Too much
################################################################################

# Refused when the keys are known, before the schedule is made.
run "plan_larger_than_a_schedule" {
  command = plan

  variables {
    recorder = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
    databases = { for i in range(10) : "database-${i}" => {
      identifier = "database-${i}"
      login      = { database = "shop", resource_id = "db-ABC" }
      windows    = { tables = [for t in range(20) : { table = "orders_${t}", column = "placed_at", columns = [for c in range(20) : format("%s_%02d", join("", [for x in range(60) : "x"]), c)] }] }
    } }
    manual_snapshot_quota = 1000
  }

  expect_failures = [aws_scheduler_schedule.this]
}

################################################################################
# Nothing
################################################################################

run "nothing" {
  variables {
    create    = false
    databases = { shop = { identifier = "shop-prod", recovery = {}, export = {}, login = { database = "shop", resource_id = "db-ABC" }, drill = {}, windows = { tables = [{ table = "orders", column = "placed_at", columns = ["id"] }] } } }
    recorder  = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-recorder"] }
    recovery  = { subnet_ids = ["subnet-x", "subnet-y"], security_group_ids = ["sg-restored"] }
    dashboard = true
  }

  assert {
    condition = length(concat(aws_kms_key.this, aws_kms_key.recovery, aws_kms_alias.this, aws_kms_alias.recovery, aws_dynamodb_table.this, aws_dynamodb_table.recovery, aws_sqs_queue.dead_letters, aws_sqs_queue.recovery_dead_letters,
      aws_scheduler_schedule.this, aws_scheduler_schedule.recovery, aws_iam_role.schedule, aws_iam_role.recovery_schedule, aws_iam_role_policy.schedule, aws_iam_role_policy.recovery_schedule, values(aws_iam_policy.take_snapshots),
      aws_iam_role.export, aws_iam_role_policy.export, aws_iam_role.replication, aws_iam_role_policy.replication, aws_s3_bucket.exports, aws_s3_bucket.replica, aws_s3_bucket_policy.exports, aws_s3_bucket_policy.replica,
      aws_s3_bucket_replication_configuration.exports, aws_db_subnet_group.drill, values(aws_db_instance_automated_backups_replication.this), aws_cloudwatch_dashboard.this)) == 0 && length(concat(
      values(aws_cloudwatch_metric_alarm.backup_age), values(aws_cloudwatch_metric_alarm.recovery_copy_age), values(aws_cloudwatch_metric_alarm.export_age), values(aws_cloudwatch_metric_alarm.drill_age),
      values(aws_cloudwatch_metric_alarm.failures), values(aws_cloudwatch_metric_alarm.recovery_failures), aws_cloudwatch_metric_alarm.snapshots_used, aws_cloudwatch_metric_alarm.dead_letters,
      aws_cloudwatch_metric_alarm.recovery_snapshots_used, aws_cloudwatch_metric_alarm.recovery_dead_letters,
    module.recovery, module.recorder, module.checker)) == 0
    error_message = "create = false makes nothing"
  }
  assert {
    condition     = output.plan == null && length(output.function_names) == 0 && length(output.table_names) == 0 && length(output.table_arns) == 0 && length(output.dead_letter_queue_urls) == 0 && output.kms_key_arn == null && output.recovery_kms_key_arn == null && output.export_bucket == null && output.replica_bucket == null && output.dashboard_name == null && !output.deletion_protection
    error_message = "and every output is null or empty"
  }
}
