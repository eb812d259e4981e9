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

run "without_a_domain_cloudfronts_own_name_serves" {
  command = plan

  assert {
    condition = (
      aws_cloudfront_distribution.this[0].viewer_certificate[0].cloudfront_default_certificate &&
      aws_cloudfront_distribution.this[0].viewer_certificate[0].minimum_protocol_version == "TLSv1" &&
      length(coalesce(aws_cloudfront_distribution.this[0].aliases, [])) == 0
    )
    error_message = "CloudFront's own certificate is used, without other names."
  }

  assert {
    condition     = length(aws_acm_certificate.this) + length(aws_acm_certificate_validation.this) + length(aws_route53_record.validation) + length(aws_route53_record.this) == 0
    error_message = "Neither certificate nor records are made."
  }

  assert {
    condition     = startswith(aws_cloudfront_function.clean_urls[0].code, "const canonicalHost = null;\n")
    error_message = "No host is redirected."
  }
}

run "domain_gets_certificate_and_records" {
  variables {
    domain = { name = "example.com", www = true, zone_id = "Z0123456789ABCDEFGHIJ" }
  }

  assert {
    condition = (
      aws_acm_certificate.this[0].domain_name == "example.com" &&
      aws_acm_certificate.this[0].subject_alternative_names == toset(["www.example.com"]) &&
      aws_acm_certificate.this[0].validation_method == "DNS" &&
      aws_acm_certificate.this[0].tags == tomap({ application = "shop" })
    )
    error_message = "One certificate for both names, validated by DNS."
  }

  assert {
    condition = { for host, record in aws_route53_record.validation : host => [record.zone_id, record.name, record.type, one(record.records)] } == {
      "example.com"     = ["Z0123456789ABCDEFGHIJ", "_a.example.com.", "CNAME", "_b.acm-validations.aws."]
      "www.example.com" = ["Z0123456789ABCDEFGHIJ", "_c.www.example.com.", "CNAME", "_d.acm-validations.aws."]
    }
    error_message = "Each name is proved by its own record."
  }

  assert {
    condition = { for record in aws_route53_record.this : "${record.name} ${record.type}" => [record.zone_id, record.alias[0].name, record.alias[0].zone_id] } == {
      for record in ["example.com A", "example.com AAAA", "www.example.com A", "www.example.com AAAA"] : record => ["Z0123456789ABCDEFGHIJ", "d111111abcdef8.cloudfront.net", "Z2FDTNDATAQYW2"]
    }
    error_message = "Both names lead to the distribution, over IPv4 and IPv6."
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].aliases == toset(["example.com", "www.example.com"])
    error_message = "The distribution answers for both names."
  }

  assert {
    condition = (
      !aws_cloudfront_distribution.this[0].viewer_certificate[0].cloudfront_default_certificate &&
      aws_cloudfront_distribution.this[0].viewer_certificate[0].acm_certificate_arn == aws_acm_certificate_validation.this[0].certificate_arn &&
      aws_acm_certificate_validation.this[0].certificate_arn == "arn:aws:acm:us-east-1:111122223333:certificate/made" &&
      aws_cloudfront_distribution.this[0].viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" &&
      aws_cloudfront_distribution.this[0].viewer_certificate[0].ssl_support_method == "sni-only"
    )
    error_message = "The certificate is used once it is issued, with TLS 1.2 or newer."
  }

  assert {
    condition     = startswith(aws_cloudfront_function.clean_urls[0].code, "const canonicalHost = \"example.com\";\n")
    error_message = "www is redirected to the name."
  }

  assert {
    condition     = !aws_cloudfront_response_headers_policy.this[0].security_headers_config[0].strict_transport_security[0].include_subdomains
    error_message = "HSTS says nothing about other hosts of the domain unless asked to."
  }

  assert {
    condition     = output.url == "https://example.com" && output.domain_name == "d111111abcdef8.cloudfront.net" && output.hosted_zone_id == "Z2FDTNDATAQYW2"
    error_message = "Outputs tell the site's name from the distribution's."
  }
}

run "name_alone_has_no_www" {
  command = plan

  variables {
    domain = { name = "example.com", zone_id = "Z0123456789ABCDEFGHIJ", hsts_include_subdomains = true }
  }

  assert {
    condition     = toset(keys(aws_route53_record.this)) == toset(["example.com A", "example.com AAAA"]) && aws_cloudfront_distribution.this[0].aliases == toset(["example.com"])
    error_message = "One name, two records."
  }

  assert {
    condition     = startswith(aws_cloudfront_function.clean_urls[0].code, "const canonicalHost = null;\n")
    error_message = "There is no www to redirect."
  }

  assert {
    condition     = aws_cloudfront_response_headers_policy.this[0].security_headers_config[0].strict_transport_security[0].include_subdomains
    error_message = "HSTS covers subdomains when asked to."
  }
}

run "certificate_of_ones_own_is_used" {
  command = plan

  variables {
    domain = { name = "example.com", zone_id = "Z0123456789ABCDEFGHIJ", create_certificate = false, certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/given" }
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].viewer_certificate[0].acm_certificate_arn == "arn:aws:acm:us-east-1:111122223333:certificate/given" && length(aws_acm_certificate.this) + length(aws_route53_record.validation) == 0 && length(aws_route53_record.this) == 2
    error_message = "The given certificate serves; the records are made all the same."
  }
}

run "records_of_ones_own_are_left_alone" {
  variables {
    domain = { name = "example.com", www = true, create_records = false }
  }

  assert {
    condition     = length(aws_route53_record.this) + length(aws_route53_record.validation) == 0 && length(aws_acm_certificate_validation.this) == 1 && length(coalesce(aws_acm_certificate_validation.this[0].validation_record_fqdns, [])) == 0
    error_message = "No record is made, and the certificate is waited for."
  }

  assert {
    condition     = output.certificate_validation_records["www.example.com"] == { name = "_c.www.example.com.", type = "CNAME", value = "_d.acm-validations.aws." } && length(output.certificate_validation_records) == 2
    error_message = "The output says which records the caller has to make."
  }
}

run "references_to_the_sites_own_host_are_rewritten" {
  command = plan

  variables {
    site   = { directory = "./tests/fixtures/absolute" }
    domain = { name = "example.com", www = true, zone_id = "Z0123456789ABCDEFGHIJ" }
  }

  assert {
    condition     = aws_s3_object.this["index.html"].content == replace(file("./tests/fixtures/absolute/index.html"), "/(example\\.com)\\/assets/", "$${1}/assets/${local.assets_hash}")
    error_message = "A preview image has an absolute address, which leads to the hashed path too."
  }

  assert {
    condition     = strcontains(aws_s3_object.this["index.html"].content, "https://exampleXcom/assets/card.svg") && strcontains(aws_s3_object.this["index.html"].content, "https://cdn.example.org/assets/card.svg")
    error_message = "Other hosts have assets of their own."
  }
}

run "switched_off_makes_no_domain" {
  command = plan

  variables {
    create = false
    domain = { name = "example.com", www = true, zone_id = "Z0123456789ABCDEFGHIJ" }
  }

  assert {
    condition     = length(aws_acm_certificate.this) + length(aws_acm_certificate_validation.this) + length(aws_route53_record.validation) + length(aws_route53_record.this) == 0 && length(output.certificate_validation_records) == 0 && output.url == null
    error_message = "create = false leaves nothing."
  }
}

run "countries_are_restricted" {
  command = plan

  variables {
    geo_restriction = { restriction_type = "whitelist", locations = ["DE", "FR"] }
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].restrictions[0].geo_restriction[0].restriction_type == "whitelist" && aws_cloudfront_distribution.this[0].restrictions[0].geo_restriction[0].locations == toset(["DE", "FR"])
    error_message = "The named countries alone are served."
  }
}

run "every_country_is_served_by_default" {
  command = plan

  assert {
    condition     = aws_cloudfront_distribution.this[0].restrictions[0].geo_restriction[0].restriction_type == "none" && aws_cloudfront_distribution.this[0].web_acl_id == null
    error_message = "Neither countries nor a web ACL restrict the site."
  }
}

run "web_acl_is_attached" {
  command = plan

  variables {
    web_acl_arn = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/a1b2c3d4"
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].web_acl_id == "arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/a1b2c3d4"
    error_message = "The distribution is behind the web ACL."
  }
}
