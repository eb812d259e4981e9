# The web ACL that is made here. AWS WAF runs nowhere but at AWS, so the plan is what can be looked at.

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
  firewall    = {}
  tags        = { environment = "test" }
}

run "firewall" {
  assert {
    condition = (
      aws_wafv2_web_acl.this[0].name == "shop-test" && aws_wafv2_web_acl.this[0].scope == "REGIONAL" && aws_wafv2_web_acl.this[0].tags == tomap({ environment = "test" })
      && length(aws_wafv2_web_acl.this[0].default_action[0].allow) == 1
      && aws_wafv2_web_acl_association.this[0].web_acl_arn == "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop-test/made"
      && aws_wafv2_web_acl_association.this[0].resource_arn == "arn:aws:apigateway:eu-central-1::/restapis/a1b2c3d4e5/stages/api"
      && output.web_acl_arn == "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop-test/made"
    )
    error_message = "A regional web ACL stands before the stage."
  }

  assert {
    condition = { for rule in aws_wafv2_web_acl.this[0].rule : rule.name => rule.priority } == {
      "body-size"                             = 3
      "AWSManagedRulesAmazonIpReputationList" = 10
      "AWSManagedRulesCommonRuleSet"          = 11
      "AWSManagedRulesKnownBadInputsRuleSet"  = 12
      "AWSManagedRulesSQLiRuleSet"            = 13
    }
    error_message = "Five rules; nothing that counts a CDN's addresses as visitors."
  }

  assert {
    condition = alltrue([
      for rule in aws_wafv2_web_acl.this[0].rule :
      rule.statement[0].managed_rule_group_statement[0].vendor_name == "AWS"
      && rule.statement[0].managed_rule_group_statement[0].name == rule.name
      && length(rule.override_action[0].none) == 1 && length(rule.override_action[0].count) == 0
      && rule.visibility_config[0].metric_name == rule.name && rule.visibility_config[0].cloudwatch_metrics_enabled
      if startswith(rule.name, "AWS")
    ])
    error_message = "AWS's groups block."
  }

  assert {
    condition     = { for rule in aws_wafv2_web_acl.this[0].rule : rule.name => [for override in rule.statement[0].managed_rule_group_statement[0].rule_action_override : "${override.name} ${length(override.action_to_use[0].count)}"] if startswith(rule.name, "AWS") && length(try(rule.statement[0].managed_rule_group_statement[0].rule_action_override, [])) > 0 } == { AWSManagedRulesCommonRuleSet = ["SizeRestrictions_BODY 1"] }
    error_message = "AWS's limit of 8 KB does not undercut ours."
  }

  assert {
    condition = one([
      for rule in aws_wafv2_web_acl.this[0].rule :
      length(rule.action[0].block) == 1
      && rule.statement[0].size_constraint_statement[0].comparison_operator == "GT"
      && rule.statement[0].size_constraint_statement[0].size == 16384
      && rule.statement[0].size_constraint_statement[0].field_to_match[0].body[0].oversize_handling == "MATCH"
      if rule.name == "body-size"
    ])
    error_message = "Large bodies are blocked, those too large to be read to their end among them."
  }

  assert {
    condition     = one(aws_wafv2_web_acl.this[0].association_config[0].request_body).api_gateway[0].default_size_inspection_limit == "KB_16"
    error_message = "What is free is looked at, and no more."
  }

  assert {
    condition     = length(aws_wafv2_ip_set.this) == 0
    error_message = "No addresses unless asked for."
  }
}

run "logs" {
  assert {
    condition = (
      aws_cloudwatch_log_group.firewall[0].name == "aws-waf-logs-shop-test"
      && aws_cloudwatch_log_group.firewall[0].retention_in_days == 30
      && aws_cloudwatch_log_group.firewall[0].kms_key_id == null
      && aws_cloudwatch_log_group.firewall[0].tags == tomap({ environment = "test" })
      && aws_wafv2_web_acl_logging_configuration.this[0].log_destination_configs == toset([aws_cloudwatch_log_group.firewall[0].arn])
      && aws_wafv2_web_acl_logging_configuration.this[0].resource_arn == "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop-test/made"
      && output.firewall_log_group_name == "aws-waf-logs-shop-test"
    )
    error_message = "A group of the prefix that WAF may write to."
  }

  assert {
    condition     = sort([for field in aws_wafv2_web_acl_logging_configuration.this[0].redacted_fields : field.single_header[0].name]) == tolist(["authorization", "cookie", "x-api-key"])
    error_message = "Credentials are not logged."
  }

  assert {
    condition = (
      aws_wafv2_web_acl_logging_configuration.this[0].logging_filter[0].default_behavior == "DROP"
      && sort([for condition in one(aws_wafv2_web_acl_logging_configuration.this[0].logging_filter[0].filter).condition : condition.action_condition[0].action]) == tolist(["BLOCK", "COUNT"])
    )
    error_message = "What was blocked or counted is logged."
  }
}

run "credentials_of_other_names" {
  command = plan

  variables {
    openapi = file("./tests/fixtures/secured.yaml")
    integrations = {
      for id in ["getProfile", "exportOrders", "reportDelivery", "listParcels", "listProducts", "listUsers"] :
      id => { function_name = "shop-test-${id}", alias_name = "live", invoke_arn = "arn:${id}", timeout = 10 }
    }
    authorizers = {
      people   = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      machines = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Abc123"] }
      partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner", "method.request.querystring.token"] }
      carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
      keys     = { type = "API_KEY" }
      iam      = { type = "AWS_IAM" }
    }
    consumers = { partner = { rate_limit = 10, burst_limit = 20 } }
  }

  assert {
    condition = (
      sort(flatten([for field in aws_wafv2_web_acl_logging_configuration.this[0].redacted_fields : field.single_header[*].name])) == tolist(["authorization", "cookie", "x-api-key", "x-partner"])
      && length(flatten([for field in aws_wafv2_web_acl_logging_configuration.this[0].redacted_fields : field.query_string])) == 1
    )
    error_message = "Whatever identifies a caller is not logged."
  }
}

run "without_a_cdn" {
  variables {
    firewall = {
      managed_rule_groups   = [{ name = "AWSManagedRulesCommonRuleSet", version = "Version_1.4", count_only = true }, { name = "AWSManagedRulesLinuxRuleSet", count_rules = ["LFI_HEADER"] }]
      body_size_limit_bytes = 40000
      behind_cdn            = false
      rate_limit_per_ip     = 2000
      countries             = { action = "allow", codes = ["DE", "FR"] }
      addresses             = { action = "block", cidrs = ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32"] }
      logs                  = { retention_in_days = 7, kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/k" }
    }
    dashboard = {}
  }

  assert {
    condition     = { for rule in aws_wafv2_web_acl.this[0].rule : rule.name => rule.priority } == { addresses = 0, countries = 1, "rate-per-ip" = 2, "body-size" = 3, AWSManagedRulesCommonRuleSet = 10, AWSManagedRulesLinuxRuleSet = 11 }
    error_message = "Where clients call directly, addresses can be judged, before anything else."
  }

  assert {
    condition     = { for version, set in aws_wafv2_ip_set.this : version => "${set.ip_address_version} ${join(" ", sort(set.addresses))}" } == { IPV4 = "IPV4 192.0.2.0/24 198.51.100.7/32", IPV6 = "IPV6 2001:db8::/32" }
    error_message = "Addresses of both versions."
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this[0].rule : length(rule.statement[0].or_statement[0].statement) == 2 && length(rule.statement[0].not_statement) == 0 && length(rule.action[0].block) == 1 if rule.name == "addresses"])
    error_message = "The addresses are blocked."
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this[0].rule : rule.statement[0].not_statement[0].statement[0].geo_match_statement[0].country_codes == tolist(["DE", "FR"]) && length(rule.statement[0].geo_match_statement) == 0 && length(rule.action[0].block) == 1 if rule.name == "countries"])
    error_message = "All countries but these are blocked."
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this[0].rule : rule.statement[0].rate_based_statement[0].limit == 2000 && rule.statement[0].rate_based_statement[0].aggregate_key_type == "IP" && rule.statement[0].rate_based_statement[0].evaluation_window_sec == 300 && length(rule.action[0].block) == 1 if rule.name == "rate-per-ip"])
    error_message = "An address has its rate."
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this[0].rule : rule.statement[0].size_constraint_statement[0].size == 40000 if rule.name == "body-size"]) && one(aws_wafv2_web_acl.this[0].association_config[0].request_body).api_gateway[0].default_size_inspection_limit == "KB_48"
    error_message = "As much of a body is looked at as may come in."
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this[0].rule : length(rule.override_action[0].count) == 1 && length(rule.override_action[0].none) == 0 && rule.statement[0].managed_rule_group_statement[0].version == "Version_1.4" if rule.name == "AWSManagedRulesCommonRuleSet"]) && one([for rule in aws_wafv2_web_acl.this[0].rule : one(rule.statement[0].managed_rule_group_statement[0].rule_action_override).name == "LFI_HEADER" if rule.name == "AWSManagedRulesLinuxRuleSet"])
    error_message = "A group, or a rule of it, can be tried by counting."
  }

  assert {
    condition     = aws_cloudwatch_log_group.firewall[0].retention_in_days == 7 && aws_cloudwatch_log_group.firewall[0].kms_key_id == "arn:aws:kms:eu-central-1:123456789012:key/k"
    error_message = "Logs are kept as asked."
  }

  assert {
    condition = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [for metric in widget.properties.metrics : "${metric[1]} ${metric[7]}"] if startswith(widget.properties.title, "Firewall")] == [
      ["AllowedRequests ALL", "BlockedRequests ALL"],
      ["BlockedRequests addresses", "BlockedRequests countries", "BlockedRequests rate-per-ip", "BlockedRequests body-size", "BlockedRequests AWSManagedRulesCommonRuleSet", "BlockedRequests AWSManagedRulesLinuxRuleSet"],
    ]
    error_message = "The dashboard shows what is blocked, and by which rule."
  }
}

run "the_other_way_round" {
  command = plan

  variables {
    firewall = {
      behind_cdn = false
      countries  = { action = "block", codes = ["XX"] }
      addresses  = { action = "allow", cidrs = ["192.0.2.0/24"] }
    }
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this[0].rule : length(rule.statement[0].not_statement[0].statement[0].or_statement[0].statement) == 2 && length(rule.statement[0].or_statement) == 0 if rule.name == "addresses"])
    error_message = "All addresses but these are blocked."
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this[0].rule : rule.statement[0].geo_match_statement[0].country_codes == tolist(["XX"]) && length(rule.statement[0].not_statement) == 0 if rule.name == "countries"])
    error_message = "The countries are blocked."
  }
}

run "off" {
  command = plan

  variables {
    create = false
  }

  assert {
    condition     = length(aws_wafv2_web_acl.this) + length(aws_wafv2_web_acl_association.this) + length(aws_wafv2_ip_set.this) + length(aws_cloudwatch_log_group.firewall) + length(aws_wafv2_web_acl_logging_configuration.this) == 0 && output.web_acl_arn == null && output.firewall_log_group_name == null
    error_message = "Nothing is created."
  }
}

run "two_web_acls" {
  command = plan

  variables {
    firewall    = {}
    web_acl_arn = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/a1b2c3d4"
  }

  expect_failures = [var.firewall]
}

run "a_group_of_somebody_else" {
  command = plan

  variables {
    firewall = { managed_rule_groups = [{ name = "OWASP" }] }
  }

  expect_failures = [var.firewall]
}

run "a_group_twice" {
  command = plan

  variables {
    firewall = { managed_rule_groups = [{ name = "AWSManagedRulesSQLiRuleSet" }, { name = "AWSManagedRulesSQLiRuleSet" }] }
  }

  expect_failures = [var.firewall]
}

run "a_group_that_costs_more" {
  command = plan

  variables {
    firewall = { managed_rule_groups = [{ name = "AWSManagedRulesBotControlRuleSet" }] }
  }

  expect_failures = [var.firewall]
}

run "a_body_larger_than_waf_sees" {
  command = plan

  variables {
    firewall = { body_size_limit_bytes = 65537 }
  }

  expect_failures = [var.firewall]
}

run "a_rate_of_a_cdn" {
  command = plan

  variables {
    firewall = { rate_limit_per_ip = 2000 }
  }

  expect_failures = [var.firewall]
}

run "countries_of_a_cdn" {
  command = plan

  variables {
    firewall = { countries = { action = "allow", codes = ["DE"] } }
  }

  expect_failures = [var.firewall]
}

run "addresses_of_a_cdn" {
  command = plan

  variables {
    firewall = { addresses = { action = "block", cidrs = ["192.0.2.0/24"] } }
  }

  expect_failures = [var.firewall]
}

run "a_rate_below_what_waf_counts" {
  command = plan

  variables {
    firewall = { behind_cdn = false, rate_limit_per_ip = 9 }
  }

  expect_failures = [var.firewall]
}

run "a_country_by_its_name" {
  command = plan

  variables {
    firewall = { behind_cdn = false, countries = { action = "allow", codes = ["Germany"] } }
  }

  expect_failures = [var.firewall]
}

run "an_address_without_its_prefix" {
  command = plan

  variables {
    firewall = { behind_cdn = false, addresses = { action = "block", cidrs = ["192.0.2.1"] } }
  }

  expect_failures = [var.firewall]
}

run "every_address" {
  command = plan

  variables {
    firewall = { behind_cdn = false, addresses = { action = "block", cidrs = ["0.0.0.0/0"] } }
  }

  expect_failures = [var.firewall]
}

run "firewall_logs_kept_as_long_as_no_group_can_be" {
  command = plan

  variables {
    firewall = { logs = { retention_in_days = 31 } }
  }

  expect_failures = [var.firewall]
}

run "firewall_logs_under_the_alias_of_a_key" {
  command = plan

  variables {
    firewall = { logs = { kms_key_arn = "alias/logs" } }
  }

  expect_failures = [var.firewall]
}
