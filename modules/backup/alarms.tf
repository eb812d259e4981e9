################################################################################
# Age
################################################################################

# Whatever goes wrong, and whether or not anybody noticed it, what ought to be there is too old; where nothing says how old, it fires too.

locals {
  week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  # Minutes of the week when a backup is due, and when the first of a day is, in order.
  due = { for name, database in local.databases : name => {
    for kind, times in { slot = database.times, day = [sort(database.times)[0]] } : kind => [
      for minute in sort([for at in setproduct(database.days == null ? local.week : database.days, times) :
      format("%05d", 1440 * index(local.week, at[0]) + 60 * tonumber(substr(at[1], 0, 2)) + tonumber(substr(at[1], 3, 2)))]) : tonumber(minute)
    ]
  } }

  # The longest wait between two of them, in minutes, in any week.
  waits = { for name, due in local.due : name => {
    for kind, minutes in due : kind => max([for i, minute in minutes : (i + 1 < length(minutes) ? minutes[i + 1] : minutes[0] + 10080) - minute]...)
  } }
  # An hour more where a day of autumn may have 25.
  gaps = { for name, waits in local.waits : name => {
    for kind, wait in waits : kind => wait + (local.databases[name].time_zone == "UTC" ? 0 : 60)
  } }
  export_gaps = { for name, database in local.exporting : name => {
    slot  = local.gaps[name].slot
    day   = local.gaps[name].day
    week  = 10080 + 60
    month = 31 * 1440 + local.gaps[name].day
  }[database.export.every] }

  alarmed          = var.alarms == null ? {} : local.databases
  alarmed_copies   = var.alarms == null ? {} : local.recovering
  alarmed_exports  = var.alarms == null ? {} : local.exporting
  alarmed_drills   = var.alarms == null ? {} : local.drilling
  alarmed_plan     = var.create && var.alarms != null
  alarmed_recovery = local.has_recovery && var.alarms != null
}

resource "aws_cloudwatch_metric_alarm" "backup_age" {
  for_each = local.alarmed

  alarm_name          = "${var.name}-${each.value.identifier}-backup-age"
  alarm_description   = "The newest backup of ${each.value.identifier} is older than its schedule allows, or nothing tells how old it is: what was written since then would be lost with the database. Runbook: ${var.alarms.runbook_url}/backup.md#backup-age"
  namespace           = "Backup"
  metric_name         = "BackupAge"
  dimensions          = { Plan = var.name, Database = each.value.identifier }
  statistic           = "Minimum"
  period              = 900
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60 * coalesce(each.value.maximum_age_minutes, local.gaps[each.key].slot + try(var.alarms.grace_minutes, 0))
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags

  lifecycle {
    # Not a validation: that of a variable cannot use what is derived from it. Nor of the hour in autumn, which many zones do not have.
    precondition {
      condition     = each.value.maximum_age_minutes == null ? true : each.value.maximum_age_minutes > local.waits[each.key].slot
      error_message = "maximum_age_minutes of ${each.value.identifier} must be more than the ${local.waits[each.key].slot} minutes that its times and days leave between two backups, by as long as a backup and its copy take; otherwise the alarms on age are on before each backup. Write null to follow the schedule."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "recovery_copy_age" {
  provider = aws.dr
  for_each = local.alarmed_copies

  alarm_name          = "${var.name}-${each.value.identifier}-recovery-copy-age"
  alarm_description   = "The data of the newest recovery copy of ${each.value.identifier} are older than its schedule allows, or nothing tells how old they are: what was written since then would be lost with the region ${local.region}. Runbook: ${var.alarms.runbook_url}/backup.md#recovery-copy-age"
  namespace           = "Backup"
  metric_name         = "RecoveryCopyAge"
  dimensions          = { Plan = var.name, Database = each.value.identifier }
  statistic           = "Minimum"
  period              = 900
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60 * coalesce(each.value.maximum_age_minutes, local.gaps[each.key].slot + try(var.alarms.recovery_grace_minutes, 0))
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarms.recovery_actions
  ok_actions          = var.alarms.recovery_actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "export_age" {
  for_each = local.alarmed_exports

  alarm_name          = "${var.name}-${each.value.identifier}-export-age"
  alarm_description   = "The newest complete export of ${each.value.identifier} is older than asked for, or there is none: whoever reads the archive reads old data. Runbook: ${var.alarms.runbook_url}/backup.md#export-age"
  namespace           = "Backup"
  metric_name         = "ExportAge"
  dimensions          = { Plan = var.name, Database = each.value.identifier }
  statistic           = "Minimum"
  period              = 900
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60 * (local.export_gaps[each.key] + try(var.alarms.export_grace_minutes, 0))
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "drill_age" {
  provider = aws.dr
  for_each = local.alarmed_drills

  alarm_name          = "${var.name}-${each.value.identifier}-drill-age"
  alarm_description   = "No drill of ${each.value.identifier} has passed for more than a month, or ever: nobody knows whether its backups can be restored. Runbook: ${var.alarms.runbook_url}/backup.md#drill-age"
  namespace           = "Backup"
  metric_name         = "DrillAge"
  dimensions          = { Plan = var.name, Database = each.value.identifier }
  statistic           = "Minimum"
  period              = 900
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60 * (31 * 1440 + each.value.drill.timeout_minutes + try(var.alarms.drill_grace_minutes, 0))
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarms.recovery_actions
  ok_actions          = var.alarms.recovery_actions
  tags                = var.tags
}

################################################################################
# Failures
################################################################################

locals {
  # Reason => what it means, and what to do. The reasons are those of webapp.backup.Reason, the keys the sections of the runbook.
  failures = {
    kms-key               = "RDS cannot use the key of a database, of a copy or of the exports: no new backup of it can be made, and the old ones may be lost with the key. Enable the key, cancel its deletion, and let its policy admit RDS."
    snapshot-quota        = "The account has as many manual snapshots as it may have: no database of the plan gets a new backup. Delete what nobody needs, switch dry_run off, or have AWS raise the quota."
    database-missing      = "A database of the plan does not exist in this region: it is not backed up. Correct identifier and kind, or take it out of databases; its snapshots stay."
    name-taken            = "A snapshot or export that is not this plan's has the name that the next one is to get: the slot has no backup. Rename or delete the other one."
    snapshot-failed       = "RDS failed three times to make a snapshot: the slot has no backup. Read the database's RDS events, then ask for a backup of now."
    copy-failed           = "RDS failed three times to copy a snapshot: that backup is not in the recovery region, or not under the plan's key. Read the RDS events of the copy's region; the next slot tries again. RDS copies no snapshot of a Multi-AZ DB cluster: take recovery out of its entry."
    option-group          = "A copy needs an option group of the recovery region: backups do not reach it. Make one with the database's options, and name it in recovery.option_group_name."
    export-role           = "RDS may not use the role of the exports: nothing is exported. Let export.rds.amazonaws.com assume it, and apply again."
    export-bucket         = "The bucket of the exports is not there, or refuses them: nothing is exported. Look for a denial in its policy, and apply again."
    export-failed         = "An export failed, and trying again did not help: the archive lacks it. Read its FailureCause; the next one that is due is tried by itself."
    export-skipped-tables = "An export ended as complete but left tables out: the archive lacks them, the snapshot has them. Read its WarningMessage, and change columns or rows that Parquet cannot hold."
    export-replication    = "An export did not reach the bucket of the recovery region: it would be lost with this one. Repair the replication (role, both keys), then run S3 Batch Replication."
    permission            = "The function may not do what it is to do: backups stand still. Give its role the action that the log names; look for a denial in a boundary or a policy of the organisation."
    windows               = "The closed windows of a database could not be recorded: its next drill has nothing to compare. Look at the recorder's log: its network, and the database's user."
    other                 = "A step of a backup fails for a reason that has no name here: that step stands still. Read the message in the log."
  }

  # In the recovery region, where the copies are pruned and the drills run.
  recovery_failures = {
    kms-key        = "RDS cannot use the key of the recovery copies: none can be restored, and no new one made. Enable the key, cancel its deletion, and let its policy admit RDS."
    snapshot-quota = "The account has as many manual snapshots as it may have in the recovery region: no database of the plan gets a new copy there. Delete what nobody needs, switch dry_run off, or have AWS raise the quota."
    name-taken     = "A database that is not this plan's has the name of a drill: the drill cannot begin. Rename or delete the other one."
    option-group   = "A recovery copy cannot be restored without an option group: in an emergency neither. Make one with the database's options, and name it in drill.option_group_name."
    permission     = "The function may not do what it is to do: recovery copies are not pruned, or drills stand still. Give its role the action that the log names; look for a denial in a boundary or a policy of the organisation."
    drill          = "A drill could not restore or read what was backed up, found other rows, took too long, or got data too old: do not rely on the recovery copies. Read its findings."
    other          = "A step in the recovery region fails for a reason that has no name here: that step stands still. Read the message in the log."
  }
}

resource "aws_cloudwatch_metric_alarm" "failures" {
  for_each = local.alarmed_plan ? local.failures : {}

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value} Runbook: ${var.alarms.runbook_url}/backup.md#${each.key}"
  namespace           = "Backup"
  metric_name         = "Failures"
  dimensions          = { Plan = var.name, Reason = each.key }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 2
  datapoints_to_alarm = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "ignore" # every tick says it of every reason, or could list nothing; the ages tell of those that are missing
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "recovery_failures" {
  provider = aws.dr
  for_each = local.alarmed_recovery ? local.recovery_failures : {}

  alarm_name          = "${var.name}-recovery-${each.key}"
  alarm_description   = "${each.value} Runbook: ${var.alarms.runbook_url}/backup.md#${each.key}"
  namespace           = "Backup"
  metric_name         = "Failures"
  dimensions          = { Plan = var.name, Reason = each.key }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 2
  datapoints_to_alarm = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "ignore" # as above
  alarm_actions       = var.alarms.recovery_actions
  ok_actions          = var.alarms.recovery_actions
  tags                = var.tags
}

################################################################################
# Before it fails
################################################################################

resource "aws_cloudwatch_metric_alarm" "snapshots_used" {
  count = local.alarmed_plan ? 1 : 0

  alarm_name          = "${var.name}-snapshots-used"
  alarm_description   = "Soon the account has as many manual snapshots as it may have in this region, and no database gets a new backup. Runbook: ${var.alarms.runbook_url}/backup.md#snapshots-used"
  namespace           = "Backup"
  metric_name         = "ManualSnapshotsUsedPercent"
  dimensions          = { Plan = var.name }
  statistic           = "Maximum"
  period              = 900
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.snapshots_percent
  treat_missing_data  = "ignore" # the ages tell when ticks stop
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "recovery_snapshots_used" {
  provider = aws.dr
  count    = local.alarmed_recovery ? 1 : 0

  alarm_name          = "${var.name}-recovery-snapshots-used"
  alarm_description   = "Soon the account has as many manual snapshots as it may have in the recovery region, and no database gets a new copy there. Runbook: ${var.alarms.runbook_url}/backup.md#snapshots-used"
  namespace           = "Backup"
  metric_name         = "ManualSnapshotsUsedPercent"
  dimensions          = { Plan = var.name }
  statistic           = "Maximum"
  period              = 900
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.snapshots_percent
  treat_missing_data  = "ignore" # as above
  alarm_actions       = var.alarms.recovery_actions
  ok_actions          = var.alarms.recovery_actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  count = local.alarmed_plan ? 1 : 0

  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "A tick of the backup plan ${var.name} did not get through, or its function failed on it: if it is not the only one, backups stand still. Runbook: ${var.alarms.runbook_url}/backup.md#dead-letters"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters[0].name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching" # SQS stops counting for a queue that nobody uses
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "recovery_dead_letters" {
  provider = aws.dr
  count    = local.alarmed_recovery ? 1 : 0

  alarm_name          = "${var.name}-recovery-dead-letters"
  alarm_description   = "A tick of the backup plan ${var.name} did not get through in the recovery region, or its function failed on it: if it is not the only one, copies are not pruned and drills stand still. Runbook: ${var.alarms.runbook_url}/backup.md#dead-letters"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.recovery_dead_letters[0].name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching" # as above
  alarm_actions       = var.alarms.recovery_actions
  ok_actions          = var.alarms.recovery_actions
  tags                = var.tags
}
