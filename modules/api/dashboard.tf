# One page for the person on call: the API, then the functions behind it, then the database, each row from left to right "how much, how many
# failed, how slow", and the alarms' thresholds as lines.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

locals {
  create_dashboard = var.create && var.dashboard != null
  # Names of dashboards are the account's, not the region's.
  dashboard_name = "${var.name}-${data.aws_region.current.id}"

  api_dimensions      = flatten([for name, value in local.stage_dimensions : [name, value]])
  database_dimensions = ["DBInstanceIdentifier", local.dashboard_database]
  dashboard_functions = try(var.dashboard.function_names, [])
  dashboard_database  = try(var.dashboard.db_instance_identifier, null)

  # As the alarms have them.
  dashboard_rates = concat(
    [
      for name in ["5XXError", "4XXError"] : concat(["AWS/ApiGateway", name], local.api_dimensions, [{ stat = "Average", label = lower(trimsuffix(name, "Error")) }])
      if var.type == "REST"
    ],
    [
      for metric in [[{ expression = "FILL(failed, 0) / requests", label = "5xx" }], [{ expression = "FILL(refused, 0) / requests", label = "4xx" }]] : metric
      if var.type == "HTTP"
    ],
    [
      for id, metric in { requests = ["Count", "SampleCount"], failed = ["5xx", "Sum"], refused = ["4xx", "Sum"] } :
      concat(["AWS/ApiGateway", metric[0]], local.api_dimensions, [{ id = id, stat = metric[1], visible = false }]) if var.type == "HTTP"
    ],
  )

  dashboard_rows = concat(
    [
      [
        {
          title   = "API: requests"
          metrics = [concat(["AWS/ApiGateway", "Count"], local.api_dimensions, [{ stat = "SampleCount", label = "requests" }])]
        },
        {
          title   = "API: failed (5xx) and refused (4xx), share of the requests"
          metrics = local.dashboard_rates
          thresholds = var.alarms == null ? [] : [
            { label = "alarm 5xx-rate", value = var.alarms.rate_5xx_percent / 100 },
            { label = "alarm 4xx-rate", value = var.alarms.rate_4xx_percent / 100 },
          ]
        },
        {
          title = "API: latency (ms)"
          metrics = concat(
            [for stat in ["p50", "p90", "p99"] : concat(["AWS/ApiGateway", "Latency"], local.api_dimensions, [{ stat = stat, label = stat }])],
            [concat(["AWS/ApiGateway", "IntegrationLatency"], local.api_dimensions, [{ stat = "p99", label = "p99 in the functions" }])]
          )
          thresholds = var.alarms == null ? [] : [{ label = "alarm latency-p99", value = var.alarms.latency_p99_milliseconds }]
        },
      ],
    ],
    [
      for row in [[
        {
          title = "Firewall: requests that were let in, and blocked"
          metrics = [
            ["AWS/WAFV2", "AllowedRequests", "WebACL", var.name, "Region", data.aws_region.current.id, "Rule", "ALL", { stat = "Sum", label = "let in" }],
            ["AWS/WAFV2", "BlockedRequests", "WebACL", var.name, "Region", data.aws_region.current.id, "Rule", "ALL", { stat = "Sum", label = "blocked", yAxis = "right" }],
          ]
        },
        {
          title = "Firewall: blocked, by rule"
          metrics = [
            for rule in local.firewall_rule_names : ["AWS/WAFV2", "BlockedRequests", "WebACL", var.name, "Region", data.aws_region.current.id, "Rule", rule, { stat = "Sum", label = rule }]
          ]
        },
      ]] : row if var.firewall != null
    ],
    [
      for row in [[
        {
          title = "Functions: invocations, and executions at once"
          metrics = concat(
            [for name in local.dashboard_functions : ["AWS/Lambda", "Invocations", "FunctionName", name, { stat = "Sum", label = name }]],
            [for name in local.dashboard_functions : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", name, { stat = "Maximum", label = "${name} at once", yAxis = "right" }]]
          )
        },
        {
          title = "Functions: errors and throttles"
          metrics = concat(
            [for name in local.dashboard_functions : ["AWS/Lambda", "Errors", "FunctionName", name, { stat = "Sum", label = "${name} errors" }]],
            [for name in local.dashboard_functions : ["AWS/Lambda", "Throttles", "FunctionName", name, { stat = "Sum", label = "${name} throttles" }]]
          )
        },
        {
          title   = "Functions: duration, p99 (ms)"
          metrics = [for name in local.dashboard_functions : ["AWS/Lambda", "Duration", "FunctionName", name, { stat = "p99", label = name }]]
        },
      ]] : row if length(local.dashboard_functions) > 0
    ],
    [
      for row in [[
        {
          title   = "Database: connections"
          metrics = [concat(["AWS/RDS", "DatabaseConnections"], local.database_dimensions, [{ stat = "Maximum", label = "connections" }])]
        },
        {
          title = "Database: CPU (%), and what is left of memory and storage (bytes)"
          metrics = concat(
            [concat(["AWS/RDS", "CPUUtilization"], local.database_dimensions, [{ stat = "Average", label = "CPU" }])],
            [for metric in ["FreeableMemory", "FreeStorageSpace"] : concat(["AWS/RDS", metric], local.database_dimensions, [{ stat = "Minimum", label = metric, yAxis = "right" }])]
          )
        },
        {
          title   = "Database: latency of reads and writes (s)"
          metrics = [for metric in ["ReadLatency", "WriteLatency"] : concat(["AWS/RDS", metric], local.database_dimensions, [{ stat = "Average", label = metric }])]
        },
      ]] : row if local.dashboard_database != null
    ],
  )

  # A page is 24 units wide.
  dashboard_widgets = concat(
    flatten([
      for y, row in local.dashboard_rows : [
        for x, widget in row : {
          type   = "metric"
          x      = 8 * x
          y      = 6 * y
          width  = 8
          height = 6
          properties = {
            title       = widget.title
            region      = data.aws_region.current.id
            view        = "timeSeries"
            period      = 60
            metrics     = widget.metrics
            yAxis       = { left = { min = 0 } }
            annotations = { horizontal = try(widget.thresholds, []) }
          }
        }
      ]
    ]),
    [for widget in [{
      type   = "log"
      x      = 0
      y      = 6 * length(local.dashboard_rows)
      width  = 24
      height = 6
      properties = {
        title  = "API: the latest failed requests"
        region = data.aws_region.current.id
        view   = "table"
        query  = "SOURCE '${local.access_log_group_name}' | fields @timestamp, status, httpMethod, resourcePath, errorType, integrationStatus, functionStatus, responseLatency, requestId, integrationRequestId | filter status >= 500 | sort @timestamp desc | limit 50"
      }
    }] : widget if var.access_logs != null]
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  count = local.create_dashboard ? 1 : 0

  dashboard_name = local.dashboard_name
  dashboard_body = jsonencode({ widgets = local.dashboard_widgets })
}
