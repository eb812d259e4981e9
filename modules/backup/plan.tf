################################################################################
# Plan
################################################################################

locals {
  # What both functions get with each tick, in the words of lambdas/backup. Absent is null. jsonencode writes `<` as \u003c, so no value can be
  # one of EventBridge Scheduler's keywords (`<aws.scheduler.execution-id>`).
  plan = jsonencode({
    name      = var.name
    account   = local.account
    partition = local.partition
    region    = local.region
    dryRun    = var.dry_run
    recovery  = var.recovery == null ? null : { region = local.recovery_region }

    databases = [for name, database in local.databases : {
      identifier = database.identifier
      kind       = database.kind
      times      = sort(database.times)
      timeZone   = database.time_zone
      days       = database.days
      kmsKeyArn  = database.customer_key ? local.kms_key_arn : null
      retention  = local.plan_retentions[name].primary
      recovery = database.recovery == null ? null : {
        kmsKeyArn       = local.recovery_kms_key_arn
        optionGroupName = database.recovery.option_group_name
        retention       = local.plan_retentions[name].recovery
      }
      shareWith = database.share_with
      export = database.export == null ? null : {
        bucket       = local.export_bucket_name
        prefix       = coalesce(database.export.prefix, database.identifier)
        roleArn      = one(aws_iam_role.export[*].arn)
        kmsKeyArn    = local.kms_key_arn
        every        = database.export.every
        exportOnly   = database.export.export_only
        replicatedTo = local.replicate_exports ? local.replica_bucket_name : null
      }
      drill = database.drill == null ? null : {
        dayOfMonth                = database.drill.day_of_month
        time                      = database.drill.time
        subnetGroupName           = one(aws_db_subnet_group.drill[*].name)
        securityGroupIds          = var.recovery.security_group_ids
        parameterGroupName        = database.drill.parameter_group_name
        clusterParameterGroupName = database.drill.cluster_parameter_group_name
        optionGroupName           = local.drill_option_groups[name]
        instanceClass             = database.drill.instance_class
        functionName              = one(module.checker[*].alias_arn)
        database                  = database.login.database
        user                      = database.login.user
        timeoutMinutes            = database.drill.timeout_minutes
        targets                   = { rpoMinutes = local.rpo_minutes[name], rtoMinutes = database.drill.targets.rto_minutes }
      }
      windows = database.windows == null ? null : {
        functionName  = one(module.recorder[*].alias_arn)
        database      = database.login.database
        user          = database.login.user
        unit          = database.windows.unit
        count         = database.windows.count
        settleMinutes = database.windows.settle_minutes
        tables        = database.windows.tables
      }
    }]
  })

  plan_retentions = { for name, database in local.databases : name => {
    for place, retention in { primary = database.retention, recovery = try(database.recovery.retention, null) } : place => retention == null ? null : {
      last                            = retention.last
      daily                           = retention.daily
      weekly                          = retention.weekly
      monthly                         = retention.monthly
      maximumAgeDays                  = retention.maximum_age_days
      minimum                         = retention.minimum
    }
  } }
}
