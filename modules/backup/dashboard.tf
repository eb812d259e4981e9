# One page for the person on call, each row one question: how old is what there is, what fails, how long do things take and how many snapshots are
# there; first the databases' region, then the recovery region.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

locals {
  # Names of dashboards are the account's, not the region's.
  dashboard_name = "${var.name}-${local.region}"

  dashboard_regions = compact([local.region, local.recovery_region])

  dashboard_rows = [
    [
      for kind in [
        { title = "newest backup", metric = "BackupAge", databases = local.databases, region = local.region },
        { title = "newest recovery copy's data", metric = "RecoveryCopyAge", databases = local.recovering, region = local.recovery_region },
        { title = "newest export", metric = "ExportAge", databases = local.exporting, region = local.region },
        { title = "last drill", metric = "DrillAge", databases = local.drilling, region = local.recovery_region },
        ] : {
        title   = "Age of the ${kind.title} (s)"
        region  = kind.region
        metrics = [for database in values(kind.databases) : ["Backup", kind.metric, "Plan", var.name, "Database", database.identifier, { stat = "Minimum", label = database.identifier }]]
      } if length(kind.databases) > 0
    ],
    [
      for region in local.dashboard_regions : {
        title   = "Failures in ${region}, by reason"
        region  = region
        metrics = [for reason in keys(region == local.region ? local.failures : local.recovery_failures) : ["Backup", "Failures", "Plan", var.name, "Reason", reason, { stat = "Maximum", label = reason }]]
      }
    ],
    [
      for region in local.dashboard_regions : {
        title  = "Snapshots in ${region}: the plan's on hold or to be deleted, and the account's (% of the quota)"
        region = region
        metrics = concat(
          [
            for pair in setproduct(["Held", "WouldDelete"], values(region == local.region ? local.databases : local.recovering)[*].identifier) :
            ["Backup", pair[0], "Plan", var.name, "Database", pair[1], { stat = "Maximum", label = "${pair[0]} ${pair[1]}" }]
          ],
          [["Backup", "ManualSnapshotsUsedPercent", "Plan", var.name, { stat = "Maximum", label = "used", yAxis = "right" }]],
        )
      }
    ],
    [
      for kind in [
        { title = "time to restore", metric = "DrillRestoreSeconds" },
        { title = "data that would have been lost", metric = "DrillRpoSeconds" },
        ] : {
        title   = "Drills: ${kind.title} (s)"
        region  = local.recovery_region
        metrics = [for database in values(local.drilling) : ["Backup", kind.metric, "Plan", var.name, "Database", database.identifier, { stat = "Maximum", label = database.identifier }]]
      } if length(local.drilling) > 0
    ],
  ]

  # A page is 24 units wide.
  dashboard_widgets = flatten([
    for y, row in [for row in local.dashboard_rows : row if length(row) > 0] : [
      for x, widget in row : {
        type   = "metric"
        x      = 24 / length(row) * x
        y      = 6 * y
        width  = 24 / length(row)
        height = 6
        properties = {
          title   = widget.title
          region  = widget.region
          view    = "timeSeries"
          period  = 300
          metrics = widget.metrics
          yAxis   = { left = { min = 0 } }
        }
      }
    ]
  ])
}

resource "aws_cloudwatch_dashboard" "this" {
  count = var.create && var.dashboard ? 1 : 0

  dashboard_name = local.dashboard_name
  dashboard_body = jsonencode({ widgets = local.dashboard_widgets })
}
