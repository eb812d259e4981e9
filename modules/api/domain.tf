locals {
  mapped_domain_name   = one(concat(aws_api_gateway_base_path_mapping.this[*].domain_name, aws_apigatewayv2_api_mapping.this[*].domain_name))
  regional_domain_name = one(concat(aws_api_gateway_domain_name.this[*].regional_domain_name, local.http_domain_configurations[*].target_domain_name))
  regional_zone_id     = one(concat(aws_api_gateway_domain_name.this[*].regional_zone_id, local.http_domain_configurations[*].hosted_zone_id))
}

################################################################################
# Certificate
################################################################################

resource "aws_acm_certificate" "this" {
  count = local.create_certificate ? 1 : 0

  domain_name       = var.domain.name
  validation_method = "DNS"
  tags              = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  count = local.create_certificate ? 1 : 0

  zone_id = var.domain.zone_id
  name    = one(aws_acm_certificate.this[0].domain_validation_options).resource_record_name
  type    = one(aws_acm_certificate.this[0].domain_validation_options).resource_record_type
  records = [one(aws_acm_certificate.this[0].domain_validation_options).resource_record_value]
  ttl     = 300
  # ACM asks for the same record for every certificate of a name in an account.
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  count = local.create_certificate ? 1 : 0

  certificate_arn         = aws_acm_certificate.this[0].arn
  validation_record_fqdns = [aws_route53_record.validation[0].fqdn]
}

################################################################################
# Domain name
################################################################################

resource "aws_api_gateway_domain_name" "this" {
  count = local.create_domain && local.create_rest_api ? 1 : 0

  domain_name              = var.domain.name
  regional_certificate_arn = local.create_certificate ? aws_acm_certificate_validation.this[0].certificate_arn : var.domain.certificate_arn
  security_policy          = "TLS_1_2" # The least that takes TLS 1.3 and refuses 1.1; AWS's newer policies need provider 6.
  tags                     = var.tags

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

# The base path is the stage's name, so that paths stay as they are at the stage's own address and in the contract. Without
# create_before_destroy, which Terraform would extend to the stage: two of one name cannot be.
resource "aws_api_gateway_base_path_mapping" "this" {
  count = local.create_domain && local.create_rest_api ? 1 : 0

  domain_name = aws_api_gateway_domain_name.this[0].domain_name
  base_path   = local.stage_name
  api_id      = aws_api_gateway_rest_api.this[0].id
  stage_name  = aws_api_gateway_stage.this[0].stage_name
}

resource "aws_route53_record" "this" {
  count = local.create_records ? 1 : 0

  zone_id = var.domain.zone_id
  name    = var.domain.name
  type    = "A" # Regional endpoints have IPv4 addresses only.

  alias {
    name                   = local.regional_domain_name
    zone_id                = local.regional_zone_id
    evaluate_target_health = false
  }

  lifecycle {
    create_before_destroy = true
  }
}
