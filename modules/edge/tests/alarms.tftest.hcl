mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./tests/mocks"
}

variables {
  name = "shop"
  site = { directory = "./tests/fixtures/site" }
  tags = { application = "shop" }
}

run "no_alarms_by_default" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.error_rate_5xx) + length(aws_cloudwatch_metric_alarm.error_rate_4xx) + length(aws_cloudwatch_metric_alarm.function_errors) == 0
    error_message = "Alarms are made when somebody is to be told."
  }
}

run "alarms_tell_the_topic_and_name_their_runbook" {
  variables {
    alarms = { actions = ["arn:aws:sns:us-east-1:111122223333:alarms"] }
  }

  assert {
    condition     = toset([for alarm in concat(aws_cloudwatch_metric_alarm.error_rate_5xx, aws_cloudwatch_metric_alarm.error_rate_4xx, aws_cloudwatch_metric_alarm.function_errors) : alarm.alarm_name]) == toset(["shop-error-rate-5xx", "shop-error-rate-4xx", "shop-function-errors"])
    error_message = "There are three alarms."
  }

  assert {
    condition = alltrue([for alarm in concat(aws_cloudwatch_metric_alarm.error_rate_5xx, aws_cloudwatch_metric_alarm.error_rate_4xx, aws_cloudwatch_metric_alarm.function_errors) :
      alarm.alarm_actions == toset(["arn:aws:sns:us-east-1:111122223333:alarms"]) &&
      alarm.ok_actions == alarm.alarm_actions &&
      alarm.treat_missing_data == "notBreaching" &&
      alarm.comparison_operator == "GreaterThanThreshold" &&
      endswith(alarm.alarm_description, ". Runbook: docs/runbooks/edge.md#${trimprefix(alarm.alarm_name, "shop-")}") &&
      alarm.tags == tomap({ application = "shop" })
    ])
    error_message = "Each tells when it begins and ends, is quiet without requests, and leads to its section of the runbook."
  }

  assert {
    condition = { for class, alarm in { "5xx" = aws_cloudwatch_metric_alarm.error_rate_5xx[0], "4xx" = aws_cloudwatch_metric_alarm.error_rate_4xx[0] } : class => [alarm.threshold, alarm.datapoints_to_alarm, alarm.evaluation_periods] } == {
      "5xx" = [1, 2, 3]
      "4xx" = [30, 3, 3]
    }
    error_message = "More than 1 % of server errors in two of three periods, or 30 % of client errors in three."
  }

  assert {
    condition = { for class, alarm in { "5xx" = aws_cloudwatch_metric_alarm.error_rate_5xx[0], "4xx" = aws_cloudwatch_metric_alarm.error_rate_4xx[0] } : class => one([for query in alarm.metric_query : query.expression if coalesce(query.return_data, false)]) } == {
      "5xx" = "IF(requests * rate / 100 >= 5, rate, 0)"
      "4xx" = "IF(requests * rate / 100 >= 100, rate, 0)"
    }
    error_message = "A rate counts from a number of errors on."
  }

  assert {
    condition = { for class, alarm in { "5xx" = aws_cloudwatch_metric_alarm.error_rate_5xx[0], "4xx" = aws_cloudwatch_metric_alarm.error_rate_4xx[0] } : class => { for query in alarm.metric_query : query.id => [query.metric[0].namespace, query.metric[0].metric_name, query.metric[0].stat, query.metric[0].period, query.metric[0].dimensions] if length(query.metric) > 0 } } == {
      for class in ["4xx", "5xx"] : class => {
        rate     = ["AWS/CloudFront", "${class}ErrorRate", "Average", 300, tomap({ DistributionId = "E2EXAMPLE12345", Region = "Global" })]
        requests = ["AWS/CloudFront", "Requests", "Sum", 300, tomap({ DistributionId = "E2EXAMPLE12345", Region = "Global" })]
      }
    }
    error_message = "Rates and requests are this distribution's."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.function_errors[0].threshold == 0 &&
      one([for query in aws_cloudwatch_metric_alarm.function_errors[0].metric_query : query.expression if coalesce(query.return_data, false)]) == "SUM([execution, validation, throttles])" &&
      { for query in aws_cloudwatch_metric_alarm.function_errors[0].metric_query : query.id => [query.metric[0].namespace, query.metric[0].metric_name, query.metric[0].stat, query.metric[0].dimensions] if length(query.metric) > 0 } == {
        execution  = ["AWS/CloudFront", "FunctionExecutionErrors", "Sum", tomap({ FunctionName = "shop-clean-urls", Region = "Global" })]
        validation = ["AWS/CloudFront", "FunctionValidationErrors", "Sum", tomap({ FunctionName = "shop-clean-urls", Region = "Global" })]
        throttles  = ["AWS/CloudFront", "FunctionThrottles", "Sum", tomap({ FunctionName = "shop-clean-urls", Region = "Global" })]
      }
    )
    error_message = "Any failed or throttled run of the function counts."
  }
}

run "alarms_take_their_thresholds_and_runbook" {
  command = plan

  variables {
    alarms = {
      actions            = ["arn:aws:sns:us-east-1:111122223333:a", "arn:aws:sns:us-east-1:111122223333:b"]
      runbook_url        = "https://example.com/runbooks"
      error_rate_5xx     = 2.5
      minimum_errors_5xx = 7
      error_rate_4xx     = 60
      minimum_errors_4xx = 9
      function_errors    = 3
    }
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.error_rate_5xx[0].threshold == 2.5 &&
      aws_cloudwatch_metric_alarm.error_rate_4xx[0].threshold == 60 &&
      aws_cloudwatch_metric_alarm.function_errors[0].threshold == 3
    )
    error_message = "Thresholds are passed on."
  }

  assert {
    condition = { for class, alarm in { "5xx" = aws_cloudwatch_metric_alarm.error_rate_5xx[0], "4xx" = aws_cloudwatch_metric_alarm.error_rate_4xx[0] } : class => one([for query in alarm.metric_query : query.expression if coalesce(query.return_data, false)]) } == {
      "5xx" = "IF(requests * rate / 100 >= 7, rate, 0)"
      "4xx" = "IF(requests * rate / 100 >= 9, rate, 0)"
    }
    error_message = "Minimums are passed on."
  }

  assert {
    condition = alltrue([for alarm in concat(aws_cloudwatch_metric_alarm.error_rate_5xx, aws_cloudwatch_metric_alarm.error_rate_4xx, aws_cloudwatch_metric_alarm.function_errors) :
      length(alarm.alarm_actions) == 2 && strcontains(alarm.alarm_description, "Runbook: https://example.com/runbooks/edge.md#")
    ])
    error_message = "Actions and the runbook's address are passed on."
  }
}

run "switched_off_makes_no_alarms" {
  command = plan

  variables {
    create = false
    alarms = { actions = ["arn:aws:sns:us-east-1:111122223333:alarms"] }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.error_rate_5xx) + length(aws_cloudwatch_metric_alarm.error_rate_4xx) + length(aws_cloudwatch_metric_alarm.function_errors) == 0
    error_message = "create = false leaves nothing."
  }
}
