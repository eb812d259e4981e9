# Alarms and the dashboard.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name    = "shop-test"
  openapi = file("./tests/fixtures/items.yaml")
  integrations = {
    listItems  = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:list", timeout = 10 }
    createItem = { function_name = "shop-test-items", alias_name = "live", invoke_arn = "arn:create", timeout = 10 }
    putNote    = { function_name = "shop-test-notes", alias_name = "live", invoke_arn = "arn:put", timeout = 28 }
  }
  authorizers = { iam = { type = "AWS_IAM" } }
}

run "alarms" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:123456789012:told"] }
    tags   = { environment = "test" }
  }

  assert {
    condition     = output.rate_5xx_alarm_name == aws_cloudwatch_metric_alarm.rate_5xx[0].alarm_name && endswith(output.rate_5xx_alarm_name, "-5xx-rate")
    error_message = "the alarm that a rollout is ended by is told by its name"
  }
  assert {
    condition = alltrue([
      for alarm in [aws_cloudwatch_metric_alarm.rate_5xx[0], aws_cloudwatch_metric_alarm.latency_p99[0], aws_cloudwatch_metric_alarm.rate_4xx[0]] :
      alarm.alarm_actions == toset(["arn:aws:sns:eu-central-1:123456789012:told"])
      && alarm.ok_actions == toset(["arn:aws:sns:eu-central-1:123456789012:told"])
      && alarm.treat_missing_data == "notBreaching"
      && alarm.comparison_operator == "GreaterThanThreshold"
      && alarm.tags == tomap({ environment = "test" })
      && endswith(alarm.alarm_description, "Runbook: docs/runbooks/api.md#${trimprefix(alarm.alarm_name, "shop-test-")}")
    ])
    error_message = "Each alarm tells when it fires and when it is over, stays quiet without requests, and links its runbook."
  }

  assert {
    condition = [for alarm in [aws_cloudwatch_metric_alarm.rate_5xx[0], aws_cloudwatch_metric_alarm.latency_p99[0]] : join(" ", [
      alarm.alarm_name, alarm.namespace, alarm.metric_name, jsonencode(alarm.dimensions), coalesce(alarm.statistic, alarm.extended_statistic), alarm.period,
      coalesce(alarm.datapoints_to_alarm, alarm.evaluation_periods), alarm.evaluation_periods, alarm.threshold
      ])] == [
      "shop-test-5xx-rate AWS/ApiGateway 5XXError {\"ApiName\":\"shop-test\",\"Stage\":\"api\"} Average 60 3 5 0.01",
      "shop-test-latency-p99 AWS/ApiGateway Latency {\"ApiName\":\"shop-test\",\"Stage\":\"api\"} p99 300 3 3 3000",
    ]
    error_message = "5XXError's average is the share of failed requests; the stage's metrics carry the API's name."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.rate_4xx[0].alarm_name == "shop-test-4xx-rate"
      && aws_cloudwatch_metric_alarm.rate_4xx[0].threshold == 25
      && aws_cloudwatch_metric_alarm.rate_4xx[0].evaluation_periods == 3
      && { for query in aws_cloudwatch_metric_alarm.rate_4xx[0].metric_query : query.id => query.return_data ? query.expression : join(" ", [
        one(query.metric).namespace, one(query.metric).metric_name, one(query.metric).stat, one(query.metric).period, jsonencode(one(query.metric).dimensions)
        ]) } == {
        rate     = "IF(requests >= 100, 100 * refused / requests, 0)"
        requests = "AWS/ApiGateway Count SampleCount 300 {\"ApiName\":\"shop-test\",\"Stage\":\"api\"}"
        refused  = "AWS/ApiGateway 4XXError Sum 300 {\"ApiName\":\"shop-test\",\"Stage\":\"api\"}"
      }
    )
    error_message = "Refused requests in percent, none below the floor."
  }
}

run "thresholds" {
  command = plan

  variables {
    alarms = {
      actions                   = []
      runbook_url               = "https://wiki.example.com/runbooks"
      rate_5xx_percent          = 0.5
      latency_p99_milliseconds  = 800
      rate_4xx_percent          = 40
      rate_4xx_minimum_requests = 7
    }
  }

  assert {
    condition = [aws_cloudwatch_metric_alarm.rate_5xx[0].threshold, aws_cloudwatch_metric_alarm.latency_p99[0].threshold, aws_cloudwatch_metric_alarm.rate_4xx[0].threshold] == [
      0.005, 800, 40
    ]
    error_message = "Percents, milliseconds, percents."
  }

  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.rate_4xx[0].metric_query : query.expression if query.return_data]) == "IF(requests >= 7, 100 * refused / requests, 0)"
    error_message = "The floor is as asked."
  }

  assert {
    condition = [for alarm in [aws_cloudwatch_metric_alarm.rate_5xx[0], aws_cloudwatch_metric_alarm.latency_p99[0], aws_cloudwatch_metric_alarm.rate_4xx[0]] : alarm.alarm_description] == [
      "More than 0.5 % of the requests to the API fail on our side, for 3 of 5 minutes. Runbook: https://wiki.example.com/runbooks/api.md#5xx-rate",
      "One of a hundred requests to the API takes longer than 800 ms, for 15 minutes. Runbook: https://wiki.example.com/runbooks/api.md#latency-p99",
      "More than 40 % of at least 7 requests to the API are refused, for 15 minutes. Runbook: https://wiki.example.com/runbooks/api.md#4xx-rate",
    ]
    error_message = "The person on call reads what it means for users, and where to look."
  }
}

run "dashboard_of_the_api_alone" {
  command = plan

  variables {
    dashboard = {}
  }

  assert {
    condition     = aws_cloudwatch_dashboard.this[0].dashboard_name == "shop-test-eu-central-1" && output.dashboard_name == "shop-test-eu-central-1"
    error_message = "Dashboards are the account's: their names say the region."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[*].properties.title == ["API: requests", "API: failed (5xx) and refused (4xx), share of the requests", "API: latency (ms)"]
    error_message = "The API's row, and nothing of what was not named."
  }

  assert {
    condition = flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [
      for metric in widget.properties.metrics : "${join(" ", slice(metric, 0, 6))} ${metric[6].stat}"
      ]]) == [
      "AWS/ApiGateway Count ApiName shop-test Stage api SampleCount",
      "AWS/ApiGateway 5XXError ApiName shop-test Stage api Average",
      "AWS/ApiGateway 4XXError ApiName shop-test Stage api Average",
      "AWS/ApiGateway Latency ApiName shop-test Stage api p50",
      "AWS/ApiGateway Latency ApiName shop-test Stage api p90",
      "AWS/ApiGateway Latency ApiName shop-test Stage api p99",
      "AWS/ApiGateway IntegrationLatency ApiName shop-test Stage api p99",
    ]
    error_message = "Metrics of the stage."
  }

  assert {
    condition     = alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.annotations.horizontal == []])
    error_message = "No thresholds without alarms."
  }
}

run "dashboard_of_everything" {
  command = plan

  variables {
    dashboard   = { function_names = ["shop-test-items", "shop-test-notes"], db_instance_identifier = "shop-test" }
    access_logs = {}
    alarms      = { actions = [], rate_5xx_percent = 2 }
  }

  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
  assert {
    condition = alltrue([
      for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets :
      contains(["metric", "log"], widget.type) && widget.x >= 0 && widget.x + widget.width <= 24 && widget.y >= 0 && widget.height >= 1
      && widget.properties.region == "eu-central-1" && widget.properties.title != ""
      && (widget.type == "log" ? startswith(widget.properties.query, "SOURCE '/aws/apigateway/shop-test' | ") : alltrue([
        for metric in widget.properties.metrics :
        # Namespace, name, pairs of dimension and value, and how it is drawn.
        length(metric) % 2 == 1 && alltrue([for part in slice(metric, 0, length(metric) - 1) : can(regex("^.+$", part))]) && contains(keys(metric[length(metric) - 1]), "stat")
      ]))
    ])
    error_message = "Every widget has what CloudWatch asks for."
  }

  assert {
    condition = (
      length(distinct([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : "${widget.x} ${widget.y}"]))
      == length(jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets)
      && length(jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets) == 10
    )
    error_message = "Ten widgets, each in a place of its own."
  }

  assert {
    condition = toset([
      for metric in flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [for metric in try(widget.properties.metrics, []) : join(" ", slice(metric, 0, length(metric) - 1))]]) :
      metric if !startswith(metric, "AWS/ApiGateway ")
      ]) == toset(concat(
      [for pair in setproduct(["Invocations", "ConcurrentExecutions", "Errors", "Throttles", "Duration"], ["shop-test-items", "shop-test-notes"]) : "AWS/Lambda ${pair[0]} FunctionName ${pair[1]}"],
      [for metric in ["DatabaseConnections", "CPUUtilization", "FreeableMemory", "FreeStorageSpace", "ReadLatency", "WriteLatency"] : "AWS/RDS ${metric} DBInstanceIdentifier shop-test"]
    ))
    error_message = "The functions and the database that were named."
  }

  assert {
    condition     = flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : try(widget.properties.annotations.horizontal[*].value, [])]) == [0.02, 0.25, 3000]
    error_message = "The alarms' thresholds are lines, in the units of their graphs."
  }
}
