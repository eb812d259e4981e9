mock_provider "aws" {}

mock_provider "aws" {
  alias = "us_east_1"
}

variables {
  name = "shop"
  site = { directory = "./tests/fixtures/site" }
}

run "refuses_name_with_capitals" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}

run "refuses_name_that_ends_with_a_hyphen" {
  command = plan

  variables {
    name = "shop-"
  }

  expect_failures = [var.name]
}

run "refuses_name_too_long_for_a_bucket" {
  command = plan

  variables {
    name = "abcdefghijklmnopqrstuvwxyz123456"
  }

  expect_failures = [var.name]
}

run "refuses_site_without_index" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/without-index" }
  }

  expect_failures = [var.site]
}

run "refuses_site_that_does_not_exist" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/nowhere" }
  }

  expect_failures = [var.site]
}

run "refuses_file_of_unknown_type" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/unknown-type" }
  }

  expect_failures = [var.site]
}

run "refuses_extension_with_a_dot" {
  command = plan

  variables {
    content_types = { ".pdf" = "application/pdf" }
  }

  expect_failures = [var.content_types]
}

run "refuses_content_type_without_a_slash" {
  command = plan

  variables {
    content_types = { pdf = "pdf" }
  }

  expect_failures = [var.content_types]
}

run "refuses_cache_header_of_an_asset_in_words" {
  command = plan

  variables {
    cache_control = { assets = "five minutes" }
  }

  expect_failures = [var.cache_control]
}

run "refuses_cache_header_of_a_page_with_the_name" {
  command = plan

  variables {
    cache_control = { pages = "Cache-Control: no-cache" }
  }

  expect_failures = [var.cache_control]
}

run "refuses_versions_kept_for_no_time" {
  command = plan

  variables {
    noncurrent_days = 0
  }

  expect_failures = [var.noncurrent_days]
}

run "refuses_versions_kept_too_long" {
  command = plan

  variables {
    noncurrent_days = 3651
  }

  expect_failures = [var.noncurrent_days]
}

run "refuses_versions_kept_for_half_a_day" {
  command = plan

  variables {
    noncurrent_days = 1.5
  }

  expect_failures = [var.noncurrent_days]
}

run "refuses_api_with_a_scheme" {
  command = plan

  variables {
    api = { domain_name = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com" }
  }

  expect_failures = [var.api]
}

run "refuses_api_with_a_path" {
  command = plan

  variables {
    api = { domain_name = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/api" }
  }

  expect_failures = [var.api]
}

run "refuses_api_with_a_port" {
  command = plan

  variables {
    api = { domain_name = "api.example.com:8443" }
  }

  expect_failures = [var.api]
}

run "refuses_api_path_without_a_slash" {
  command = plan

  variables {
    api = { domain_name = "api.example.com", path_pattern = "api/*" }
  }

  expect_failures = [var.api]
}

run "refuses_api_path_that_hides_the_site" {
  command = plan

  variables {
    api = { domain_name = "api.example.com", path_pattern = "/*" }
  }

  expect_failures = [var.api]
}

run "refuses_api_path_without_a_wildcard" {
  command = plan

  variables {
    api = { domain_name = "api.example.com", path_pattern = "/api" }
  }

  expect_failures = [var.api]
}

run "refuses_policy_without_a_default" {
  command = plan

  variables {
    content_security_policy = "script-src 'self'"
  }

  expect_failures = [var.content_security_policy]
}

run "refuses_policy_of_two_lines" {
  command = plan

  variables {
    content_security_policy = "default-src 'self';\nscript-src 'self'"
  }

  expect_failures = [var.content_security_policy]
}

run "refuses_unknown_price_class" {
  command = plan

  variables {
    price_class = "PriceClass_300"
  }

  expect_failures = [var.price_class]
}

run "refuses_domain_with_a_scheme" {
  command = plan

  variables {
    domain = { name = "https://example.com", zone_id = "Z0123456789ABCDEFGHIJ" }
  }

  expect_failures = [var.domain]
}

run "refuses_domain_too_long_for_a_certificate" {
  command = plan

  variables {
    domain = { name = "a-name-with-more-letters.than-the-subject-of-a-certificate.example", zone_id = "Z0123456789ABCDEFGHIJ" }
  }

  expect_failures = [var.domain]
}

run "refuses_www_of_www" {
  command = plan

  variables {
    domain = { name = "www.example.com", www = true, zone_id = "Z0123456789ABCDEFGHIJ" }
  }

  expect_failures = [var.domain]
}

run "refuses_records_without_a_zone" {
  command = plan

  variables {
    domain = { name = "example.com" }
  }

  expect_failures = [var.domain]
}

run "refuses_zone_without_records" {
  command = plan

  variables {
    domain = { name = "example.com", create_records = false, zone_id = "Z0123456789ABCDEFGHIJ" }
  }

  expect_failures = [var.domain]
}

run "refuses_certificate_made_and_given" {
  command = plan

  variables {
    domain = { name = "example.com", zone_id = "Z0123456789ABCDEFGHIJ", certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/given" }
  }

  expect_failures = [var.domain]
}

run "refuses_certificate_neither_made_nor_given" {
  command = plan

  variables {
    domain = { name = "example.com", zone_id = "Z0123456789ABCDEFGHIJ", create_certificate = false }
  }

  expect_failures = [var.domain]
}

run "refuses_certificate_of_another_region" {
  command = plan

  variables {
    domain = { name = "example.com", zone_id = "Z0123456789ABCDEFGHIJ", create_certificate = false, certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/given" }
  }

  expect_failures = [var.domain]
}

run "refuses_restriction_of_another_kind" {
  command = plan

  variables {
    geo_restriction = { restriction_type = "allow", locations = ["DE"] }
  }

  expect_failures = [var.geo_restriction]
}

run "refuses_restriction_to_no_country" {
  command = plan

  variables {
    geo_restriction = { restriction_type = "whitelist", locations = [] }
  }

  expect_failures = [var.geo_restriction]
}

run "refuses_country_by_its_name" {
  command = plan

  variables {
    geo_restriction = { restriction_type = "whitelist", locations = ["Germany"] }
  }

  expect_failures = [var.geo_restriction]
}

run "refuses_web_acl_of_regional_scope" {
  command = plan

  variables {
    web_acl_arn = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/a1b2c3d4"
  }

  expect_failures = [var.web_acl_arn]
}

run "refuses_web_acl_of_another_region" {
  command = plan

  variables {
    web_acl_arn = "arn:aws:wafv2:eu-central-1:111122223333:global/webacl/shop/a1b2c3d4"
  }

  expect_failures = [var.web_acl_arn]
}

run "refuses_logs_kept_for_no_time" {
  command = plan

  variables {
    access_logs = { retention_in_days = 0 }
  }

  expect_failures = [var.access_logs]
}

run "refuses_logs_kept_too_long" {
  command = plan

  variables {
    access_logs = { retention_in_days = 3651 }
  }

  expect_failures = [var.access_logs]
}

run "refuses_logs_kept_for_half_a_day" {
  command = plan

  variables {
    access_logs = { retention_in_days = 1.5 }
  }

  expect_failures = [var.access_logs]
}

run "refuses_logs_of_no_field" {
  command = plan

  variables {
    access_logs = { record_fields = [] }
  }

  expect_failures = [var.access_logs]
}

run "refuses_logs_of_a_field_with_a_space" {
  command = plan

  variables {
    access_logs = { record_fields = ["date time"] }
  }

  expect_failures = [var.access_logs]
}

run "refuses_alarms_that_tell_nobody" {
  command = plan

  variables {
    alarms = { actions = [] }
  }

  expect_failures = [var.alarms]
}

run "refuses_alarms_that_tell_more_than_cloudwatch_does" {
  command = plan

  variables {
    alarms = { actions = [for topic in ["a", "b", "c", "d", "e", "f"] : "arn:aws:sns:us-east-1:111122223333:${topic}"] }
  }

  expect_failures = [var.alarms]
}

run "refuses_topic_of_another_region" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:eu-central-1:111122223333:alarms"] }
  }

  expect_failures = [var.alarms]
}

run "refuses_runbook_url_with_a_slash_at_its_end" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:us-east-1:111122223333:alarms"], runbook_url = "https://example.com/runbooks/" }
  }

  expect_failures = [var.alarms]
}

run "refuses_5xx_rate_that_nothing_exceeds" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:us-east-1:111122223333:alarms"], error_rate_5xx = 100 }
  }

  expect_failures = [var.alarms]
}

run "refuses_4xx_rate_below_zero" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:us-east-1:111122223333:alarms"], error_rate_4xx = -1 }
  }

  expect_failures = [var.alarms]
}

run "refuses_5xx_rate_of_no_errors" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:us-east-1:111122223333:alarms"], minimum_errors_5xx = 0 }
  }

  expect_failures = [var.alarms]
}

run "refuses_4xx_rate_of_no_errors" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:us-east-1:111122223333:alarms"], minimum_errors_4xx = 0 }
  }

  expect_failures = [var.alarms]
}

run "refuses_function_errors_below_zero" {
  command = plan

  variables {
    alarms = { actions = ["arn:aws:sns:us-east-1:111122223333:alarms"], function_errors = -1 }
  }

  expect_failures = [var.alarms]
}
