locals {
  create_certificate = var.create && try(var.domain.create_certificate, false)
  create_records     = var.create && try(var.domain.create_records, false)

  # The name itself comes first: it is the certificate's subject.
  host_names = var.domain == null ? [] : concat([var.domain.name], var.domain.www ? ["www.${var.domain.name}"] : [])
}

################################################################################
# Certificate
################################################################################

resource "aws_acm_certificate" "this" {
  provider = aws.us_east_1
  count    = local.create_certificate ? 1 : 0

  domain_name               = local.host_names[0]
  subject_alternative_names = slice(local.host_names, 1, length(local.host_names))
  validation_method         = "DNS"
  tags                      = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = toset(local.create_certificate && local.create_records ? local.host_names : [])

  zone_id = var.domain.zone_id
  name    = one([for option in aws_acm_certificate.this[0].domain_validation_options : option.resource_record_name if option.domain_name == each.key])
  type    = "CNAME"
  ttl     = 300
  records = [one([for option in aws_acm_certificate.this[0].domain_validation_options : option.resource_record_value if option.domain_name == each.key])]

  # ACM asks an account for the same record whenever it certifies the same name, so one that stands there already says the same.
  allow_overwrite = true
}

# Waits until the certificate is issued, also for records that the caller makes.
resource "aws_acm_certificate_validation" "this" {
  provider = aws.us_east_1
  count    = local.create_certificate ? 1 : 0

  certificate_arn         = aws_acm_certificate.this[0].arn
  validation_record_fqdns = local.create_records ? [for record in aws_route53_record.validation : record.fqdn] : null
}

################################################################################
# Records
################################################################################

resource "aws_route53_record" "this" {
  for_each = {
    for pair in setproduct(local.host_names, ["A", "AAAA"]) : join(" ", pair) => { name = pair[0], type = pair[1] } if local.create_records
  }

  zone_id = var.domain.zone_id
  name    = each.value.name
  type    = each.value.type

  alias {
    name                   = aws_cloudfront_distribution.this[0].domain_name
    zone_id                = aws_cloudfront_distribution.this[0].hosted_zone_id
    evaluate_target_health = false # Route 53 checks no health of a distribution
  }
}
