# A web ACL of its own before the stage, so before every name of the API. Rules are judged in order and the first that blocks ends it: the cheap and
# certain ones, by address, country, rate and size, before AWS's groups.
# https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing.html

locals {
  create_firewall = var.create && var.firewall != null
  has_web_acl     = var.web_acl_arn != null || var.firewall != null

  firewall_groups = try(var.firewall.managed_rule_groups, [])
  # What the API takes beyond 16 KB has to be looked at beyond 16 KB, for which AWS charges; it looks at 64 KB at most.
  firewall_inspection = "KB_${16 * max(1, ceil(try(var.firewall.body_size_limit_bytes, 0) / 16384))}"

  firewall_rule_names = concat(
    [for name, rule in { addresses = try(var.firewall.addresses, null), countries = try(var.firewall.countries, null) } : name if rule != null],
    [for limit in [try(var.firewall.rate_limit_per_ip, null)] : "rate-per-ip" if limit != null],
    ["body-size"],
    local.firewall_groups[*].name,
  )

  # Headers that carry credentials, wherever the contract puts them.
  credential_headers = distinct(concat(
    ["authorization", "cookie", "x-api-key"],
    flatten([for authorizer in var.authorizers : [for source in authorizer.identity_sources : lower(trimprefix(source, "method.request.header.")) if startswith(source, "method.request.header.")]])
  ))
  credentials_in_query = anytrue(flatten([for authorizer in var.authorizers : [for source in authorizer.identity_sources : startswith(source, "method.request.querystring.")]]))
}

################################################################################
# Addresses
################################################################################

# One for each version of IP, which a set holds one of; an empty one matches nothing.
resource "aws_wafv2_ip_set" "this" {
  for_each = { for version, pattern in { IPV4 = "^[0-9.]+/", IPV6 = "^[0-9a-f:]+/" } : version => pattern if local.create_firewall && try(var.firewall.addresses, null) != null }

  name               = "${var.name}-${lower(each.key)}"
  description        = "Addresses that the rule of ${var.name}'s web ACL is about."
  scope              = "REGIONAL"
  ip_address_version = each.key
  addresses          = [for cidr in var.firewall.addresses.cidrs : cidr if can(regex(each.value, cidr))]
  tags               = var.tags
}

################################################################################
# Web ACL
################################################################################

resource "aws_wafv2_web_acl" "this" {
  #checkov:skip=CKV_AWS_192:The groups are the caller's choice (firewall.managed_rule_groups); AWSManagedRulesKnownBadInputsRuleSet, which knows Log4j, is one of the default.
  count = local.create_firewall ? 1 : 0

  name        = var.name
  description = "Guards the API ${var.name}."
  scope       = "REGIONAL"
  tags        = var.tags

  default_action {
    allow {}
  }

  association_config {
    request_body {
      api_gateway {
        default_size_inspection_limit = local.firewall_inspection
      }
    }
  }

  dynamic "rule" {
    for_each = try(var.firewall.addresses, null) == null ? [] : [var.firewall.addresses]

    content {
      name     = "addresses"
      priority = 0

      action {
        block {}
      }

      statement {
        dynamic "or_statement" {
          for_each = rule.value.action == "block" ? [true] : []

          content {
            dynamic "statement" {
              for_each = aws_wafv2_ip_set.this

              content {
                ip_set_reference_statement {
                  arn = statement.value.arn
                }
              }
            }
          }
        }

        dynamic "not_statement" {
          for_each = rule.value.action == "allow" ? [true] : []

          content {
            statement {
              or_statement {
                dynamic "statement" {
                  for_each = aws_wafv2_ip_set.this

                  content {
                    ip_set_reference_statement {
                      arn = statement.value.arn
                    }
                  }
                }
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "addresses"
        sampled_requests_enabled   = true
      }
    }
  }

  dynamic "rule" {
    for_each = try(var.firewall.countries, null) == null ? [] : [var.firewall.countries]

    content {
      name     = "countries"
      priority = 1

      action {
        block {}
      }

      statement {
        dynamic "geo_match_statement" {
          for_each = rule.value.action == "block" ? [true] : []

          content {
            country_codes = rule.value.codes
          }
        }

        dynamic "not_statement" {
          for_each = rule.value.action == "allow" ? [true] : []

          content {
            statement {
              geo_match_statement {
                country_codes = rule.value.codes
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "countries"
        sampled_requests_enabled   = true
      }
    }
  }

  dynamic "rule" {
    for_each = try(var.firewall.rate_limit_per_ip, null) == null ? [] : [var.firewall.rate_limit_per_ip]

    content {
      name     = "rate-per-ip"
      priority = 2

      action {
        block {}
      }

      statement {
        rate_based_statement {
          limit                 = rule.value
          aggregate_key_type    = "IP"
          evaluation_window_sec = 300
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "rate-per-ip"
        sampled_requests_enabled   = true
      }
    }
  }

  # Also what is too large to be looked at: nothing passes because its end was not read.
  rule {
    name     = "body-size"
    priority = 3

    action {
      block {}
    }

    statement {
      size_constraint_statement {
        comparison_operator = "GT"
        size                = var.firewall.body_size_limit_bytes

        field_to_match {
          body {
            oversize_handling = "MATCH"
          }
        }

        text_transformation {
          priority = 0
          type     = "NONE"
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "body-size"
      sampled_requests_enabled   = true
    }
  }

  dynamic "rule" {
    for_each = { for index, group in local.firewall_groups : group.name => merge(group, { priority = 10 + index }) }

    content {
      name     = rule.key
      priority = rule.value.priority

      override_action {
        dynamic "none" {
          for_each = rule.value.count_only ? [] : [true]
          content {}
        }

        dynamic "count" {
          for_each = rule.value.count_only ? [true] : []
          content {}
        }
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.key
          version     = rule.value.version

          dynamic "rule_action_override" {
            for_each = toset(rule.value.count_rules)

            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }
}

# On the stage. Without create_before_destroy, which Terraform would extend to the stage.
resource "aws_wafv2_web_acl_association" "this" {
  count = var.create && local.has_web_acl ? 1 : 0

  resource_arn = aws_api_gateway_stage.this[0].arn
  web_acl_arn  = local.create_firewall ? aws_wafv2_web_acl.this[0].arn : var.web_acl_arn
}

################################################################################
# Logs
################################################################################

# WAF writes to groups of this prefix only.
resource "aws_cloudwatch_log_group" "firewall" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts; a customer key is the caller's choice (firewall.logs.kms_key_arn).
  #checkov:skip=CKV_AWS_338:How long logs are kept is the caller's choice (firewall.logs.retention_in_days), 30 days unless said otherwise.
  count = local.create_firewall ? 1 : 0

  name              = "aws-waf-logs-${var.name}"
  retention_in_days = var.firewall.logs.retention_in_days
  kms_key_id        = var.firewall.logs.kms_key_arn
  tags              = var.tags
}

# What was blocked or counted: who was let in stands in the access logs. A line quotes the request, without its credentials and its body.
resource "aws_wafv2_web_acl_logging_configuration" "this" {
  count = local.create_firewall ? 1 : 0

  resource_arn            = aws_wafv2_web_acl.this[0].arn
  log_destination_configs = [aws_cloudwatch_log_group.firewall[0].arn]

  dynamic "redacted_fields" {
    for_each = local.credential_headers

    content {
      single_header {
        name = redacted_fields.value
      }
    }
  }

  dynamic "redacted_fields" {
    for_each = local.credentials_in_query ? [true] : []

    content {
      query_string {}
    }
  }

  logging_filter {
    default_behavior = "DROP"

    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"

      condition {
        action_condition {
          action = "BLOCK"
        }
      }

      condition {
        action_condition {
          action = "COUNT"
        }
      }
    }
  }
}
