################################################################################
# Alarms
################################################################################

locals {
  # The keys are known when planning; the identifiers come from the instances, so that no alarm waits for a database to be made.
  alarmed_replicas = var.create && var.alarms != null ? {
    for name, replica in local.read_replicas : name => {
      identifier     = aws_db_instance.replica[name].identifier
      instance_class = replica.instance_class
      storage        = aws_db_instance.replica[name].allocated_storage
    }
  } : {}
  alarmed_instances = var.create && var.alarms != null ? merge(
    {
      primary = {
        identifier     = aws_db_instance.this[0].identifier
        instance_class = var.instance_class
        storage        = aws_db_instance.this[0].allocated_storage
      }
    },
    local.alarmed_replicas,
  ) : {}
  burstable_instances = { for name, instance in local.alarmed_instances : name => instance if startswith(instance.instance_class, "db.t") }
}

resource "aws_cloudwatch_metric_alarm" "connections" {
  for_each = local.alarmed_instances

  alarm_name        = "${each.value.identifier}-connections"
  alarm_description = "Soon no function can open another connection, and requests that need the database fail. Runbook: ${var.alarms.runbook_url}/database.md#connections"
  alarm_actions     = var.alarms.actions
  ok_actions        = var.alarms.actions
  tags              = var.tags

  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions          = { DBInstanceIdentifier = each.value.identifier }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = floor(local.max_connections[each.value.instance_class] * var.alarms.connections_percent / 100)
  treat_missing_data  = "missing"
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  for_each = local.alarmed_instances

  alarm_name        = "${each.value.identifier}-cpu"
  alarm_description = "The database is busy or has stopped reporting: requests are slow or fail. Runbook: ${var.alarms.runbook_url}/database.md#cpu"
  alarm_actions     = var.alarms.actions
  ok_actions        = var.alarms.actions
  tags              = var.tags

  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions          = { DBInstanceIdentifier = each.value.identifier }
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.cpu_percent
  treat_missing_data  = "breaching" # an instance that says nothing for a quarter of an hour is down
}

resource "aws_cloudwatch_metric_alarm" "cpu_credits" {
  for_each = local.burstable_instances

  alarm_name        = "${each.value.identifier}-cpu-credits"
  alarm_description = "The burstable class is used beyond what it includes: nothing slows down, but each hour is billed extra from here on. Runbook: ${var.alarms.runbook_url}/database.md#cpu-credits"
  alarm_actions     = var.alarms.actions
  ok_actions        = var.alarms.actions
  tags              = var.tags

  namespace           = "AWS/RDS"
  metric_name         = "CPUCreditBalance"
  dimensions          = { DBInstanceIdentifier = each.value.identifier }
  statistic           = "Minimum"
  period              = 300 # reported every five minutes
  evaluation_periods  = 6
  comparison_operator = "LessThanThreshold"
  threshold           = var.alarms.cpu_credits
  treat_missing_data  = "missing"
}

resource "aws_cloudwatch_metric_alarm" "free_storage" {
  for_each = local.alarmed_instances

  alarm_name        = "${each.value.identifier}-free-storage"
  alarm_description = "The storage is nearly full: when it is, the database stops and every request that needs it fails. Runbook: ${var.alarms.runbook_url}/database.md#free-storage"
  alarm_actions     = var.alarms.actions
  ok_actions        = var.alarms.actions
  tags              = var.tags

  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions          = { DBInstanceIdentifier = each.value.identifier }
  statistic           = "Minimum"
  period              = 300
  evaluation_periods  = 3 # longer than RDS takes to begin growing (max_allocated_storage)
  comparison_operator = "LessThanThreshold"
  threshold           = floor(each.value.storage * pow(1024, 3) * var.alarms.free_storage_percent / 100)
  treat_missing_data  = "missing"
}

resource "aws_cloudwatch_metric_alarm" "freeable_memory" {
  for_each = local.alarmed_instances

  alarm_name        = "${each.value.identifier}-freeable-memory"
  alarm_description = "Memory runs out: IAM logins begin to time out, then the database restarts. Runbook: ${var.alarms.runbook_url}/database.md#freeable-memory"
  alarm_actions     = var.alarms.actions
  ok_actions        = var.alarms.actions
  tags              = var.tags

  namespace           = "AWS/RDS"
  metric_name         = "FreeableMemory"
  dimensions          = { DBInstanceIdentifier = each.value.identifier }
  statistic           = "Minimum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "LessThanThreshold"
  threshold           = var.alarms.freeable_memory_mib * pow(1024, 2)
  treat_missing_data  = "missing"
}

resource "aws_cloudwatch_metric_alarm" "login_failures" {
  for_each = local.alarmed_instances

  alarm_name        = "${each.value.identifier}-login-failures"
  alarm_description = "IAM logins are refused: requests that need a new connection fail, or somebody tries to get in. Runbook: ${var.alarms.runbook_url}/database.md#login-failures"
  alarm_actions     = var.alarms.actions
  ok_actions        = var.alarms.actions
  tags              = var.tags

  namespace           = "AWS/RDS"
  metric_name         = "IamDbAuthConnectionFailure"
  dimensions          = { DBInstanceIdentifier = each.value.identifier }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.login_failures
  treat_missing_data  = "notBreaching" # reported only when somebody logs in
}

resource "aws_cloudwatch_metric_alarm" "replica_lag" {
  for_each = local.alarmed_replicas

  alarm_name        = "${each.value.identifier}-replica-lag"
  alarm_description = "Readers of the replica see old data, or its replication has stopped. Runbook: ${var.alarms.runbook_url}/database.md#replica-lag"
  alarm_actions     = var.alarms.actions
  ok_actions        = var.alarms.actions
  tags              = var.tags

  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.replica_lag_seconds
  treat_missing_data  = "breaching"

  metric_query {
    id          = "behind"
    label       = "Seconds behind; a day when replication has stopped"
    expression  = "IF(lag < 0, 86400, lag)" # RDS reports -1 then
    return_data = true
  }

  metric_query {
    id = "lag"

    metric {
      namespace   = "AWS/RDS"
      metric_name = "ReplicaLag"
      dimensions  = { DBInstanceIdentifier = each.value.identifier }
      stat        = "Maximum"
      period      = 60
    }
  }
}
