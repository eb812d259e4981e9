################################################################################
# What the functions may do
################################################################################

# Resource types and condition keys of each action: "Actions, resources, and condition keys for Amazon RDS" in the service authorization
# reference. A snapshot's tags can be a condition (aws:ResourceTag) wherever the snapshot is there already; where it is only made its name is the
# bound, and the tags that the request gives it (aws:RequestTag).
locals {
  rds          = "arn:${local.partition}:rds:${local.region}:${local.account}"
  rds_recovery = "arn:${local.partition}:rds:${coalesce(local.recovery_region, "none")}:${local.account}"

  # By kind, so that a plan without clusters has no rights on clusters.
  kinds = {
    for kind, of in {
      instance = { databases = local.instances, database = "db", snapshot = "snapshot", actions = "DB" }
      cluster  = { databases = local.clusters, database = "cluster", snapshot = "cluster-snapshot", actions = "DBCluster" }
    } : kind => of if length(of.databases) > 0
  }
  snapshots          = [for kind in values(local.kinds) : "${local.rds}:${kind.snapshot}:bk-*"]
  recovery_snapshots = local.has_recovery ? [for kind in values(local.kinds) : "${local.rds_recovery}:${kind.snapshot}:bk-*"] : []

  ours      = [{ test = "StringEquals", variable = "aws:ResourceTag/backup:plan", values = [var.name] }]
  made_ours = [{ test = "StringEquals", variable = "aws:RequestTag/backup:plan", values = [var.name] }]

  # Where nothing is shared any more, only what was: sharing ends too.
  shared_before = [for shared in [{ test = "Null", variable = "aws:ResourceTag/backup:shared", values = ["false"] }] : shared if length(local.sharing) == 0]

  # The key of a database is its own matter where nobody names it.
  storage_keys = distinct([for database in values(local.databases) : coalesce(database.storage_kms_key_arn, "arn:${local.partition}:kms:${local.region}:${local.account}:key/*")])

  through_rds = [
    { test = "Bool", variable = "kms:GrantIsForAWSResource", values = ["true"] },
    { test = "StringEquals", variable = "kms:ViaService", values = compact([for region in [local.region, local.recovery_region] : region == null ? "" : "rds.${region}.${local.dns_suffix}"]) },
  ]

  scheduler_statements = { for sid, statement in {
    SeeDatabases = {
      actions         = [for kind in values(local.kinds) : "rds:Describe${kind.actions}${kind.database == "db" ? "Instances" : "s"}"]
      resources       = [for kind in values(local.kinds) : "${local.rds}:${kind.database}:*"]
      wildcard_reason = "one listing serves all databases of the plan; it changes nothing"
    }
    SeeSnapshots = {
      actions = [for kind in values(local.kinds) : "rds:Describe${kind.actions}Snapshots"]
      resources = flatten([for kind in values(local.kinds) : [for rds in local.has_recovery ? [local.rds, local.rds_recovery] : [local.rds] :
      ["${rds}:${kind.database}:*", "${rds}:${kind.snapshot}:*"]]])
      wildcard_reason = "one listing serves all databases of the plan; it changes nothing"
    }
    SeeQuota = {
      actions         = ["rds:DescribeAccountAttributes"]
      resources       = ["*"]
      wildcard_reason = "DescribeAccountAttributes supports no resource"
    }
    # Not bound to tags: AWS documents none of a source in another region, nor of a copy that is only made. A copy deletes nothing.
    CopySnapshots = {
      actions   = concat([for kind in values(local.kinds) : "rds:Copy${kind.actions}Snapshot"], length(local.recovering) > 0 ? ["rds:CrossRegionCommunication"] : [])
      resources = concat(local.snapshots, local.recovery_snapshots)
      needed    = length(local.recovering) > 0 || anytrue([for database in values(local.databases) : database.customer_key])
    }
    # Exports and holds. Not in the recovery region: its own function holds and releases the copies.
    TagOwnSnapshots = {
      actions    = ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"]
      resources  = local.snapshots
      conditions = concat(local.ours, [{ test = "ForAllValues:StringEquals", variable = "aws:TagKeys", values = ["backup:export", "backup:hold"] }])
    }
    MarkSharedSnapshots = {
      actions    = ["rds:AddTagsToResource"]
      resources  = concat(local.snapshots, local.recovery_snapshots)
      conditions = concat(local.ours, [{ test = "ForAllValues:StringEquals", variable = "aws:TagKeys", values = ["backup:shared"] }], local.shared_before)
    }
    ShareOwnSnapshots = {
      actions    = flatten([for kind in values(local.kinds) : ["rds:Describe${kind.actions}SnapshotAttributes", "rds:Modify${kind.actions}SnapshotAttribute"]])
      resources  = concat(local.snapshots, local.recovery_snapshots)
      conditions = concat(local.ours, local.shared_before)
    }
    DeleteOwnSnapshots = {
      actions    = [for kind in values(local.kinds) : "rds:Delete${kind.actions}Snapshot"]
      resources  = local.snapshots
      conditions = local.ours
    }
    SeeKeys = {
      actions         = ["kms:DescribeKey"]
      resources       = distinct(concat(local.storage_keys, compact([local.uses_key ? local.kms_key_arn : "", length(local.recovering) > 0 ? local.recovery_kms_key_arn : ""])))
      wildcard_reason = "the key of a database that names none is not known here; it changes nothing"
    }
    LetRdsUseKeys = {
      actions         = ["kms:CreateGrant"]
      resources       = distinct(concat(local.storage_keys, compact([local.uses_key ? local.kms_key_arn : "", length(local.recovering) > 0 ? local.recovery_kms_key_arn : ""])))
      conditions      = local.through_rds
      wildcard_reason = "the key of a database that names none is not known here; only RDS can be given the use of it"
    }
    Export = {
      actions   = ["rds:StartExportTask"]
      resources = local.snapshots
      needed    = length(local.exporting) > 0
    }
    SeeExports = {
      actions         = ["rds:DescribeExportTasks"]
      resources       = ["*"]
      wildcard_reason = "it is asked for whatever runs in the account, which has no resource; it changes nothing"
      needed          = length(local.exporting) > 0
    }
    GiveExportRole = {
      actions    = ["iam:PassRole"]
      resources  = aws_iam_role.export[*].arn
      conditions = [{ test = "StringEquals", variable = "iam:PassedToService", values = ["export.rds.amazonaws.com"] }]
      needed     = length(local.exporting) > 0
    }
    ListExportedFiles = {
      actions   = ["s3:ListBucket"]
      resources = concat(aws_s3_bucket.exports[*].arn, aws_s3_bucket.replica[*].arn)
      needed    = length(local.exporting) > 0
    }
    # Whether a file was replicated. Not what is in it: the role has no right on the key by way of S3.
    SeeExportedFiles = {
      actions   = ["s3:GetObject"]
      resources = [for arn in aws_s3_bucket.exports[*].arn : "${arn}/*"]
      needed    = length(local.exporting) > 0
    }
    KeepState = {
      actions   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
      resources = aws_dynamodb_table.this[*].arn
    }
    RecordWindowsInRecovery = {
      actions    = ["dynamodb:GetItem", "dynamodb:PutItem"]
      resources  = aws_dynamodb_table.recovery[*].arn
      conditions = [{ test = "ForAllValues:StringLike", variable = "dynamodb:LeadingKeys", values = ["windows#*"] }]
      needed     = local.has_recovery && length(local.recording) > 0
    }
    ReadWindows = {
      actions   = ["lambda:InvokeFunction"]
      resources = module.recorder[*].alias_arn
      needed    = length(local.recording) > 0
    }
    # The module's own keys let the account use them through DynamoDB (kms.tf); of another's policy nothing is known.
    UseKeyOfTable = {
      actions    = ["kms:Decrypt"]
      resources  = [var.kms_key_arn]
      conditions = [{ test = "StringEquals", variable = "kms:ViaService", values = ["dynamodb.${local.region}.${local.dns_suffix}"] }]
      needed     = !var.create_kms_key
    }
    UseKeyOfRecoveryTable = {
      actions    = ["kms:Decrypt"]
      resources  = [try(var.recovery.kms_key_arn, null)]
      conditions = [{ test = "StringEquals", variable = "kms:ViaService", values = ["dynamodb.${coalesce(local.recovery_region, "none")}.${local.dns_suffix}"] }]
      needed     = local.has_recovery && length(local.recording) > 0 && !try(var.recovery.create_kms_key, true)
    }
    } : sid => {
    actions         = statement.actions
    resources       = statement.resources
    conditions      = try(statement.conditions, [])
    wildcard_reason = try(statement.wildcard_reason, null)
  } if var.create && try(statement.needed, true) }

  # Whether snapshots or exports are under the plan's key.
  uses_key = length(local.exporting) > 0 || anytrue([for database in values(local.databases) : database.customer_key])

  drill_kinds = { for name, kind in local.kinds : name => kind if length(setintersection(keys(kind.databases), keys(local.drilling))) > 0 }
  drills      = { for kind in ["instance", "cluster"] : kind => [for database in values(local.drilling) : database.drill if database.kind == kind] }

  # RDS restores into the option group of the copy where none is named, and asks for the right on it.
  drill_option_groups = { for name, database in local.drilling : name => try(coalesce(database.drill.option_group_name, database.recovery.option_group_name), null) }

  # What a restore names: the groups given, or the engine's defaults.
  drill_groups = distinct(concat(
    ["${local.rds_recovery}:subgrp:${var.name}-drill"],
    [for group in distinct(values(local.drilling)[*].drill.parameter_group_name) : "${local.rds_recovery}:pg:${coalesce(group, "default.*")}"],
    distinct([for name in keys(local.drilling) : "${local.rds_recovery}:og:${coalesce(local.drill_option_groups[name], "default:*")}" if local.drilling[name].kind == "instance"]),
    length(local.drills.cluster) == 0 ? [] : ["${local.rds_recovery}:og:default:*"],
    [for group in distinct(local.drills.cluster[*].cluster_parameter_group_name) : "${local.rds_recovery}:cluster-pg:${coalesce(group, "default.*")}"],
  ))

  # Restored under the names of webapp.backup.Names; a cluster with an instance of the same name.
  new_drills = flatten([for database in values(local.drilling) : [for type in database.kind == "cluster" ? ["cluster", "db"] : ["db"] :
  "${local.rds_recovery}:${type}:drill-${substr(sha256(database.identifier), 0, 8)}-*"]])

  recovery_statements = { for sid, statement in {
    SeeSnapshots = {
      actions         = [for kind in values(local.kinds) : "rds:Describe${kind.actions}Snapshots"]
      resources       = flatten([for kind in values(local.kinds) : ["${local.rds_recovery}:${kind.database}:*", "${local.rds_recovery}:${kind.snapshot}:*"]])
      wildcard_reason = "one listing serves all databases of the plan; it changes nothing"
    }
    SeeQuota = {
      actions         = ["rds:DescribeAccountAttributes"]
      resources       = ["*"]
      wildcard_reason = "DescribeAccountAttributes supports no resource"
    }
    DeleteOwnSnapshots = {
      actions    = [for kind in values(local.kinds) : "rds:Delete${kind.actions}Snapshot"]
      resources  = local.recovery_snapshots
      conditions = local.ours
    }
    # Holds.
    TagOwnSnapshots = {
      actions    = ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"]
      resources  = local.recovery_snapshots
      conditions = local.ours
    }
    # Also where nothing is drilled any more: what was left behind is found, and deleted.
    SeeDrills = {
      actions         = ["rds:DescribeDBClusters", "rds:DescribeDBInstances"]
      resources       = ["${local.rds_recovery}:cluster:*", "${local.rds_recovery}:db:*"]
      wildcard_reason = "one listing shows every drill, also one that was left behind; it changes nothing"
    }
    RestoreSnapshots = {
      actions   = [for kind in keys(local.drill_kinds) : kind == "instance" ? "rds:RestoreDBInstanceFromDBSnapshot" : "rds:RestoreDBClusterFromSnapshot"]
      resources = concat([for kind in values(local.drill_kinds) : "${local.rds_recovery}:${kind.snapshot}:bk-*"], local.drill_groups, [for kind in values(local.drill_kinds) : "${local.rds_recovery}:${kind.database}:drill-*"])
      # Of the request, not of a resource.
      conditions = local.made_ours
      needed     = length(local.drilling) > 0
    }
    AddInstanceToRestoredCluster = {
      actions    = ["rds:CreateDBInstance"]
      resources  = concat(["${local.rds_recovery}:cluster:drill-*", "${local.rds_recovery}:db:drill-*"], local.drill_groups)
      conditions = local.made_ours
      needed     = length(local.drills.cluster) > 0
    }
    TagNewDrills = {
      actions    = ["rds:AddTagsToResource"]
      resources  = local.new_drills
      conditions = local.made_ours
      needed     = length(local.drilling) > 0
    }
    TagOwnDrills = {
      actions    = ["rds:AddTagsToResource"]
      resources  = concat(["${local.rds_recovery}:db:drill-*"], length(local.drills.cluster) > 0 ? ["${local.rds_recovery}:cluster:drill-*"] : [])
      conditions = local.ours
      needed     = length(local.drilling) > 0
    }
    DeleteOwnDrills = {
      actions    = ["rds:DeleteDBCluster", "rds:DeleteDBInstance"]
      resources  = ["${local.rds_recovery}:cluster:drill-*", "${local.rds_recovery}:db:drill-*"]
      conditions = local.ours
    }
    # DeleteDBCluster asks for its final snapshot as well, although a drill leaves none.
    DeleteOwnDrillsFinalSnapshots = {
      actions   = ["rds:DeleteDBCluster"]
      resources = ["${local.rds_recovery}:cluster-snapshot:drill-*"]
    }
    SeeKey = {
      actions   = ["kms:DescribeKey"]
      resources = [local.recovery_kms_key_arn]
      needed    = length(local.drilling) > 0
    }
    LetRdsUseKey = {
      actions    = ["kms:CreateGrant"]
      resources  = [local.recovery_kms_key_arn]
      conditions = local.through_rds
      needed     = length(local.drilling) > 0
    }
    KeepState = {
      actions   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
      resources = aws_dynamodb_table.recovery[*].arn
    }
    CheckDrills = {
      actions   = ["lambda:InvokeFunction"]
      resources = module.checker[*].alias_arn
      needed    = length(local.drilling) > 0
    }
    UseKeyOfTable = {
      actions    = ["kms:Decrypt"]
      resources  = [try(var.recovery.kms_key_arn, null)]
      conditions = [{ test = "StringEquals", variable = "kms:ViaService", values = ["dynamodb.${coalesce(local.recovery_region, "none")}.${local.dns_suffix}"] }]
      needed     = !try(var.recovery.create_kms_key, true)
    }
    } : sid => {
    actions         = statement.actions
    resources       = statement.resources
    conditions      = try(statement.conditions, [])
    wildcard_reason = try(statement.wildcard_reason, null)
  } if local.has_recovery && try(statement.needed, true) }
}

# By themselves, because fifty names do not fit beside the rest into a role's 10,240 characters. A managed policy takes 6,144: the names of 25
# databases of 63 letters, or of the snapshots of 20 in two regions. A role takes ten of them.
locals {
  new_snapshots = flatten([for kind in values(local.kinds) : [for database in values(kind.databases) : [for rds in database.recovery == null ? [local.rds] : [local.rds, local.rds_recovery] :
  "${rds}:${kind.snapshot}:bk-${database.identifier}-20??????-*"]]])
}

resource "aws_iam_policy" "take_snapshots" {
  for_each = { for i, arns in chunklist(flatten([for kind in values(local.kinds) : [for database in values(kind.databases) : "${local.rds}:${kind.database}:${database.identifier}"]]), 25) : i => arns }

  name        = "${var.name}-take-snapshots-${each.key}"
  description = "Lets the backup plan ${var.name} take snapshots of its databases"
  tags        = var.tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TakeSnapshots"
      Effect    = "Allow"
      Action    = [for kind in values(local.kinds) : "rds:Create${kind.actions}Snapshot"]
      Resource  = concat(each.value, local.snapshots)
      Condition = { StringEquals = { "aws:RequestTag/backup:plan" = var.name } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "take_snapshots" {
  for_each = aws_iam_policy.take_snapshots

  role       = module.scheduler.role_name
  policy_arn = each.value.arn
}

# What is only made has no tags to ask for, so that whoever may tag it may tag what is there: under the names of these databases alone, and as
# nothing that was shared.
resource "aws_iam_policy" "tag_snapshots" {
  for_each = { for i, arns in chunklist(local.new_snapshots, 40) : i => arns }

  name        = "${var.name}-tag-snapshots-${each.key}"
  description = "Lets the backup plan ${var.name} tag the snapshots that it makes"
  tags        = var.tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "TagNewSnapshots"
      Effect   = "Allow"
      Action   = ["rds:AddTagsToResource"]
      Resource = each.value
      Condition = {
        StringEquals                = { "aws:RequestTag/backup:plan" = var.name }
        "ForAllValues:StringEquals" = { "aws:TagKeys" = ["backup:database", "backup:exported", "backup:hold", "backup:plan", "backup:role", "backup:slot", "backup:taken", "backup:windows"] }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "tag_snapshots" {
  for_each = aws_iam_policy.tag_snapshots

  role       = module.scheduler.role_name
  policy_arn = each.value.arn
}

################################################################################
# What the schedules may do
################################################################################

# The "confused deputy" conditions of the EventBridge Scheduler user guide: schedules of this account and group only.
resource "aws_iam_role" "schedule" {
  count = var.create ? 1 : 0

  name                 = "${var.name}-schedule"
  description          = "Lets EventBridge Scheduler tick the backup plan ${var.name}"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = { StringEquals = {
        "aws:SourceAccount" = local.account
        "aws:SourceArn"     = "arn:${local.partition}:scheduler:${local.region}:${local.account}:schedule-group/default"
      } }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  count = var.create ? 1 : 0

  name = "schedule"
  role = aws_iam_role.schedule[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Tick", Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = [module.scheduler.alias_arn] },
      { Sid = "Undelivered", Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [aws_sqs_queue.dead_letters[0].arn] },
    ]
  })
}

resource "aws_iam_role" "recovery_schedule" {
  count = local.has_recovery ? 1 : 0

  name                 = "${var.name}-recovery-schedule"
  description          = "Lets EventBridge Scheduler tick the backup plan ${var.name} in its recovery region"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = { StringEquals = {
        "aws:SourceAccount" = local.account
        "aws:SourceArn"     = "arn:${local.partition}:scheduler:${local.recovery_region}:${local.account}:schedule-group/default"
      } }
    }]
  })
}

resource "aws_iam_role_policy" "recovery_schedule" {
  count = local.has_recovery ? 1 : 0

  name = "schedule"
  role = aws_iam_role.recovery_schedule[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Tick", Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = [module.recovery[0].alias_arn] },
      { Sid = "Undelivered", Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [aws_sqs_queue.recovery_dead_letters[0].arn] },
    ]
  })
}
