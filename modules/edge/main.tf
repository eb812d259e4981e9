locals {
  # AWS's managed policies have the same id in every account. Their ids, rather than data sources, let a plan
  # say what will be used and need no permission to list policies.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
  managed_caching_optimized             = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  managed_caching_disabled              = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  managed_all_viewer_except_host_header = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

  site_origin_id = "site"
  api_origin_id  = "api"
}

################################################################################
# Distribution
################################################################################

resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV_AWS_68: a web ACL has a monthly price and is the caller's decision (web_acl_arn); the API is throttled by its stage
  # checkov:skip=CKV2_AWS_47: a rule of that web ACL
  # checkov:skip=CKV_AWS_86: access logs are personal data, so the caller asks for them (access_logs); the check knows the legacy kind alone
  # checkov:skip=CKV_AWS_174: with a domain the minimum is TLSv1.2_2021; without one CloudFront's own certificate fixes it at TLSv1
  # checkov:skip=CKV2_AWS_42: a name of its own is the caller's decision (domain)
  # checkov:skip=CKV_AWS_310: one bucket and one API: there is nothing to fail over to
  # checkov:skip=CKV_AWS_374: the site is for visitors of every country, unless geo_restriction names some
  count = var.create ? 1 : 0

  comment             = var.name
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  aliases             = local.host_names
  price_class         = var.price_class
  web_acl_id          = var.web_acl_arn
  default_root_object = "index.html"
  tags                = var.tags

  origin {
    origin_id                = local.site_origin_id
    domain_name              = aws_s3_bucket.site[0].bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.site[0].id
  }

  dynamic "origin" {
    for_each = var.api == null ? [] : [var.api]

    content {
      origin_id   = local.api_origin_id
      domain_name = origin.value.domain_name

      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only"
        origin_ssl_protocols   = ["TLSv1.2"]
        # One second more than API Gateway's longest integration, so that the API's own answer arrives first.
        origin_read_timeout = 30
      }
    }
  }

  default_cache_behavior {
    target_origin_id           = local.site_origin_id
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.managed_caching_optimized
    response_headers_policy_id = aws_cloudfront_response_headers_policy.this[0].id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.clean_urls[0].arn
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.api == null ? [] : [var.api]

    content {
      path_pattern     = ordered_cache_behavior.value.path_pattern
      target_origin_id = local.api_origin_id
      # Refused, not redirected: whoever posts over plain HTTP has sent personal data in the clear and should notice.
      viewer_protocol_policy = "https-only"
      allowed_methods        = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
      cached_methods         = ["GET", "HEAD"]
      compress               = false
      cache_policy_id        = local.managed_caching_disabled
      # API Gateway finds the API by Host, which must therefore be its own name and not the viewer's.
      origin_request_policy_id   = local.managed_all_viewer_except_host_header
      response_headers_policy_id = aws_cloudfront_response_headers_policy.this[0].id
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = try(var.geo_restriction.restriction_type, "none")
      locations        = try(var.geo_restriction.locations, null)
    }
  }

  # With CloudFront's own certificate the minimum protocol version is TLSv1, whatever is written here.
  viewer_certificate {
    cloudfront_default_certificate = var.domain == null
    acm_certificate_arn            = local.create_certificate ? aws_acm_certificate_validation.this[0].certificate_arn : try(var.domain.certificate_arn, null)
    minimum_protocol_version       = var.domain == null ? "TLSv1" : "TLSv1.2_2021"
    ssl_support_method             = var.domain == null ? null : "sni-only"
  }
}

resource "aws_cloudfront_origin_access_control" "site" {
  count = var.create ? 1 : 0

  name                              = "${var.name}-site"
  description                       = "Signs every request of ${var.name} to its site bucket"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_function" "clean_urls" {
  count = var.create ? 1 : 0

  name    = "${var.name}-clean-urls"
  comment = "/path and /path/ are path/index.html; www leads to the name without it"
  runtime = "cloudfront-js-2.0"
  code    = "const canonicalHost = ${jsonencode(try(var.domain.www, false) ? var.domain.name : null)};\n${file("${path.module}/functions/clean-urls.js")}"
  publish = true
}

resource "aws_cloudfront_response_headers_policy" "this" {
  # checkov:skip=CKV_AWS_259: HSTS is on; what the check wants is preload, which browsers take months to forget and only a domain's owner may ask for
  count = var.create ? 1 : 0

  name    = "${var.name}-security"
  comment = "Security headers of ${var.name}"

  security_headers_config {
    content_security_policy {
      content_security_policy = var.content_security_policy
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = var.domain == null ? true : var.domain.hsts_include_subdomains
      override                   = true
    }
  }

  custom_headers_config {
    items {
      header   = "Permissions-Policy"
      value    = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
      override = true
    }
  }

  # What S3 says about its own storage is of no use to a visitor.
  remove_headers_config {
    items {
      header = "x-amz-server-side-encryption"
    }

    items {
      header = "x-amz-version-id"
    }
  }
}
