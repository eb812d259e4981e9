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

run "site_is_served_from_a_private_bucket" {
  assert {
    condition     = aws_cloudfront_origin_access_control.site[0].signing_behavior == "always" && aws_cloudfront_origin_access_control.site[0].signing_protocol == "sigv4"
    error_message = "CloudFront must sign every request to the bucket."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.site[0].block_public_acls,
      aws_s3_bucket_public_access_block.site[0].block_public_policy,
      aws_s3_bucket_public_access_block.site[0].ignore_public_acls,
      aws_s3_bucket_public_access_block.site[0].restrict_public_buckets,
    ])
    error_message = "All four blocks of public access must be on."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.site[0].rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs must be off."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.site[0].rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    error_message = "Files must be encrypted by S3."
  }

  assert {
    condition     = aws_s3_bucket_versioning.site[0].versioning_configuration[0].status == "Enabled" && aws_s3_bucket_lifecycle_configuration.site[0].rule[0].noncurrent_version_expiration[0].noncurrent_days == 30
    error_message = "A replaced file must stay recoverable for 30 days."
  }

  assert {
    condition     = !aws_s3_bucket.site[0].force_destroy
    error_message = "A bucket with foreign files must not be deleted by default."
  }
}

run "bucket_policy_lets_only_this_distribution_read" {
  assert {
    condition     = [for s in jsondecode(aws_s3_bucket_policy.site[0].policy).Statement : s.Sid] == ["DenyWithoutTls", "ReadByDistribution", "TellMissingFromForbidden"]
    error_message = "The policy has three statements."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.site[0].policy).Statement[0] == {
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::shop-site-20261121", "arn:aws:s3:::shop-site-20261121/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }
    error_message = "Everything without TLS is refused."
  }

  assert {
    condition = alltrue([for s in jsondecode(aws_s3_bucket_policy.site[0].policy).Statement :
      s.Principal == { Service = "cloudfront.amazonaws.com" } &&
      s.Condition == { StringEquals = { "AWS:SourceArn" = "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE12345" } }
    if s.Effect == "Allow"])
    error_message = "Nobody but CloudFront, on behalf of this one distribution, may be allowed anything."
  }

  assert {
    condition = { for s in jsondecode(aws_s3_bucket_policy.site[0].policy).Statement : s.Action => s.Resource if s.Effect == "Allow" } == {
      "s3:GetObject"  = "arn:aws:s3:::shop-site-20261121/*"
      "s3:ListBucket" = "arn:aws:s3:::shop-site-20261121"
    }
    error_message = "CloudFront reads files and is told which are missing, nothing more."
  }
}

run "files_carry_content_type_and_cache_header" {
  assert {
    condition = { for path, object in merge(aws_s3_object.this, aws_s3_object.asset) : path => [object.content_type, object.cache_control] } == {
      "index.html"         = ["text/html; charset=utf-8", "public, max-age=0, must-revalidate"]
      "privacy/index.html" = ["text/html; charset=utf-8", "public, max-age=0, must-revalidate"]
      "robots.txt"         = ["text/plain; charset=utf-8", "public, max-age=300"]
      "assets/app.js"      = ["text/javascript; charset=utf-8", "public, max-age=31536000, immutable"]
      "assets/site.css"    = ["text/css; charset=utf-8", "public, max-age=31536000, immutable"]
      "assets/ICON.SVG"    = ["image/svg+xml", "public, max-age=31536000, immutable"]
    }
    error_message = "Each file has its content type; pages are revalidated, hashed assets are kept, what else there is is reused for five minutes."
  }

  assert {
    condition     = aws_s3_object.this["robots.txt"].source_hash == filemd5("./tests/fixtures/site/robots.txt") && aws_s3_object.this["index.html"].content == file("./tests/fixtures/site/index.html")
    error_message = "A changed file must be published again."
  }
}

run "pages_get_clean_urls_and_security_headers" {
  assert {
    condition = (
      aws_cloudfront_distribution.this[0].default_cache_behavior[0].target_origin_id == "site" &&
      aws_cloudfront_distribution.this[0].default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https" &&
      aws_cloudfront_distribution.this[0].default_cache_behavior[0].allowed_methods == toset(["GET", "HEAD"]) &&
      aws_cloudfront_distribution.this[0].default_cache_behavior[0].cache_policy_id == "658327ea-f89d-4fab-a63d-7e88639e58f6" &&
      aws_cloudfront_distribution.this[0].default_cache_behavior[0].compress
    )
    error_message = "Pages are read over HTTPS, cached (CachingOptimized) and compressed."
  }

  assert {
    condition     = [for f in aws_cloudfront_distribution.this[0].default_cache_behavior[0].function_association : [f.event_type, f.function_arn]] == [["viewer-request", "arn:aws:cloudfront::111122223333:function/shop-clean-urls"]]
    error_message = "Clean URLs are resolved before the cache."
  }

  assert {
    condition     = aws_cloudfront_function.clean_urls[0].runtime == "cloudfront-js-2.0" && aws_cloudfront_function.clean_urls[0].publish
    error_message = "The function runs on the current runtime, published."
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].default_cache_behavior[0].response_headers_policy_id == aws_cloudfront_response_headers_policy.this[0].id
    error_message = "Pages carry the security headers."
  }

  assert {
    condition = (
      aws_cloudfront_response_headers_policy.this[0].security_headers_config[0].content_security_policy[0].content_security_policy == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" &&
      aws_cloudfront_response_headers_policy.this[0].security_headers_config[0].content_type_options[0].override &&
      aws_cloudfront_response_headers_policy.this[0].security_headers_config[0].frame_options[0].frame_option == "DENY" &&
      aws_cloudfront_response_headers_policy.this[0].security_headers_config[0].referrer_policy[0].referrer_policy == "strict-origin-when-cross-origin" &&
      aws_cloudfront_response_headers_policy.this[0].security_headers_config[0].strict_transport_security[0].access_control_max_age_sec == 63072000
    )
    error_message = "CSP, nosniff, no frames, referrer policy and HSTS are set."
  }

  assert {
    condition     = [for h in aws_cloudfront_response_headers_policy.this[0].custom_headers_config[0].items : h.header] == ["Permissions-Policy"]
    error_message = "Permissions-Policy is set."
  }

  assert {
    condition     = toset([for h in aws_cloudfront_response_headers_policy.this[0].remove_headers_config[0].items : h.header]) == toset(["x-amz-server-side-encryption", "x-amz-version-id"])
    error_message = "S3's own headers stay inside."
  }
}

run "without_an_api_there_is_one_origin" {
  assert {
    condition     = [for o in aws_cloudfront_distribution.this[0].origin : o.origin_id] == ["site"] && length(aws_cloudfront_distribution.this[0].ordered_cache_behavior) == 0
    error_message = "The site alone is served."
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].price_class == "PriceClass_100" && aws_cloudfront_distribution.this[0].http_version == "http2and3" && aws_cloudfront_distribution.this[0].is_ipv6_enabled
    error_message = "HTTP/3 and IPv6 are on, in the cheapest price class."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this[0].custom_error_response) == 0
    error_message = "custom_error_response holds for a whole distribution and would rewrite the API's errors."
  }
}

run "api_is_served_uncached_and_untouched" {
  variables {
    api = { domain_name = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com" }
  }

  assert {
    condition = [for b in aws_cloudfront_distribution.this[0].ordered_cache_behavior : {
      path     = b.path_pattern
      origin   = b.target_origin_id
      viewer   = b.viewer_protocol_policy
      cache    = b.cache_policy_id
      request  = b.origin_request_policy_id
      methods  = length(b.allowed_methods)
      function = length(b.function_association)
      }] == [{
      path     = "/api/*"
      origin   = "api"
      viewer   = "https-only"
      cache    = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
      request  = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
      methods  = 7
      function = 0
    }]
    error_message = "The API takes all methods over HTTPS with CachingDisabled and AllViewerExceptHostHeader, and no function rewrites its paths."
  }

  assert {
    condition = [for o in aws_cloudfront_distribution.this[0].origin : {
      domain_name = o.domain_name
      protocol    = o.custom_origin_config[0].origin_protocol_policy
      tls         = o.custom_origin_config[0].origin_ssl_protocols
      } if o.origin_id == "api"] == [{
      domain_name = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
      protocol    = "https-only"
      tls         = toset(["TLSv1.2"])
    }]
    error_message = "The API is reached by TLS 1.2 only."
  }

  assert {
    condition     = alltrue([for b in aws_cloudfront_distribution.this[0].ordered_cache_behavior : b.response_headers_policy_id == aws_cloudfront_response_headers_policy.this[0].id])
    error_message = "The API's answers carry the security headers, too."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this[0].custom_error_response) == 0
    error_message = "The API's errors reach the visitor as they are."
  }
}

run "api_may_answer_other_paths" {
  command = plan

  variables {
    api = { domain_name = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com", path_pattern = "/v1/users/*" }
  }

  assert {
    condition     = [for b in aws_cloudfront_distribution.this[0].ordered_cache_behavior : [b.path_pattern, b.target_origin_id]] == [["/v1/users/*", "api"]]
    error_message = "The pattern decides what the API answers."
  }
}

run "outputs_say_where_the_site_is" {
  assert {
    condition = {
      url              = output.url
      domain_name      = output.domain_name
      hosted_zone_id   = output.hosted_zone_id
      distribution_id  = output.distribution_id
      distribution_arn = output.distribution_arn
      bucket           = output.bucket
      } == {
      url              = "https://d111111abcdef8.cloudfront.net"
      domain_name      = "d111111abcdef8.cloudfront.net"
      hosted_zone_id   = "Z2FDTNDATAQYW2"
      distribution_id  = "E2EXAMPLE12345"
      distribution_arn = "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE12345"
      bucket           = "shop-site-20261121"
    }
    error_message = "Outputs name the distribution and the bucket."
  }
}

run "tags_reach_what_takes_tags" {
  assert {
    condition     = aws_s3_bucket.site[0].tags == tomap({ application = "shop" }) && aws_cloudfront_distribution.this[0].tags == tomap({ application = "shop" })
    error_message = "Bucket and distribution carry the tags."
  }

  assert {
    condition     = alltrue([for object in merge(aws_s3_object.this, aws_s3_object.asset) : object.tags == null])
    error_message = "Objects carry none: they take only ten."
  }
}

run "overrides_are_passed_on" {
  variables {
    site                    = { directory = "./tests/fixtures/unknown-type" }
    content_types           = { license = "text/plain; charset=utf-8", xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }
    cache_control           = { pages = "public, max-age=60", assets = "public, max-age=31536000, immutable" }
    content_security_policy = "default-src 'self'"
    price_class             = "PriceClass_All"
    noncurrent_days         = 7
    force_destroy           = true
  }

  assert {
    condition = { for path, object in aws_s3_object.this : path => [object.content_type, object.cache_control] } == {
      "index.html"  = ["text/html; charset=utf-8", "public, max-age=60"]
      "LICENSE"     = ["text/plain; charset=utf-8", "public, max-age=31536000, immutable"]
      "prices.xlsx" = ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "public, max-age=31536000, immutable"]
    }
    error_message = "content_types and cache_control are applied."
  }

  assert {
    condition = (
      aws_cloudfront_response_headers_policy.this[0].security_headers_config[0].content_security_policy[0].content_security_policy == "default-src 'self'" &&
      aws_cloudfront_distribution.this[0].price_class == "PriceClass_All" &&
      aws_s3_bucket_lifecycle_configuration.site[0].rule[0].noncurrent_version_expiration[0].noncurrent_days == 7 &&
      aws_s3_bucket.site[0].force_destroy
    )
    error_message = "The other options are applied."
  }
}

run "switched_off_creates_nothing" {
  variables {
    create = false
    api    = { domain_name = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com" }
  }

  assert {
    condition = length(concat(
      aws_cloudfront_distribution.this, aws_cloudfront_origin_access_control.site, aws_cloudfront_function.clean_urls,
      aws_cloudfront_response_headers_policy.this, aws_s3_bucket.site, aws_s3_bucket_ownership_controls.site,
      aws_s3_bucket_public_access_block.site, aws_s3_bucket_server_side_encryption_configuration.site,
      aws_s3_bucket_versioning.site, aws_s3_bucket_lifecycle_configuration.site, aws_s3_bucket_policy.site,
      values(aws_s3_object.this), values(aws_s3_object.asset),
    )) == 0
    error_message = "create = false leaves nothing."
  }

  assert {
    condition     = alltrue([for value in [output.url, output.domain_name, output.hosted_zone_id, output.distribution_id, output.distribution_arn, output.bucket] : value == null])
    error_message = "Outputs are null when nothing exists."
  }
}
