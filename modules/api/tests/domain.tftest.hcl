# A host name of the caller's.

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

run "domain" {
  variables {
    domain = { name = "api.example.com", zone_id = "Z123" }
    tags   = { environment = "test" }
  }

  assert {
    condition = (
      aws_acm_certificate.this[0].domain_name == "api.example.com"
      && aws_acm_certificate.this[0].validation_method == "DNS"
      && aws_acm_certificate.this[0].tags == tomap({ environment = "test" })
      && aws_acm_certificate_validation.this[0].certificate_arn == aws_acm_certificate.this[0].arn
      && aws_acm_certificate_validation.this[0].validation_record_fqdns == toset([aws_route53_record.validation[0].fqdn])
    )
    error_message = "A certificate for the name, proved by DNS."
  }

  assert {
    condition = (
      aws_route53_record.validation[0].zone_id == "Z123"
      && aws_route53_record.validation[0].name == "_x1.api.example.com"
      && aws_route53_record.validation[0].type == "CNAME"
      && aws_route53_record.validation[0].records == toset(["_x2.acm-validations.aws"])
      && aws_route53_record.validation[0].allow_overwrite
    )
    error_message = "The record that ACM asks for, which an earlier certificate of the name may have made already."
  }

  assert {
    condition = (
      aws_api_gateway_domain_name.this[0].domain_name == "api.example.com"
      && aws_api_gateway_domain_name.this[0].regional_certificate_arn == "arn:aws:acm:eu-central-1:123456789012:certificate/made"
      && aws_api_gateway_domain_name.this[0].security_policy == "TLS_1_2"
      && tolist(aws_api_gateway_domain_name.this[0].endpoint_configuration[0].types) == tolist(["REGIONAL"])
      && aws_api_gateway_domain_name.this[0].tags == tomap({ environment = "test" })
    )
    error_message = "A regional domain name with the validated certificate and TLS 1.2 at least."
  }

  assert {
    condition = (
      aws_api_gateway_base_path_mapping.this[0].domain_name == "api.example.com"
      && aws_api_gateway_base_path_mapping.this[0].base_path == "api"
      && aws_api_gateway_base_path_mapping.this[0].stage_name == "api"
      && aws_api_gateway_base_path_mapping.this[0].api_id == "a1b2c3d4e5"
    )
    error_message = "The base path is the stage's name, so /api/... stays /api/...."
  }

  assert {
    condition = (
      aws_route53_record.this[0].zone_id == "Z123"
      && aws_route53_record.this[0].name == "api.example.com"
      && aws_route53_record.this[0].type == "A"
      && one(aws_route53_record.this[0].alias).name == "d-abc.execute-api.eu-central-1.amazonaws.com"
      && one(aws_route53_record.this[0].alias).zone_id == "Z1U9ULNL0V5AJ3"
    )
    error_message = "The name points to API Gateway's regional name."
  }

  assert {
    condition     = aws_api_gateway_rest_api.this[0].disable_execute_api_endpoint && aws_api_gateway_deployment.this[0].triggers.execute_api_endpoint == "disabled"
    error_message = "API Gateway's own name is closed, and a deployment makes the stage take note of it."
  }

  assert {
    condition = [output.invoke_url, output.domain_name, output.regional_domain_name, output.regional_zone_id] == [
      "https://api.example.com/api", "api.example.com", "d-abc.execute-api.eu-central-1.amazonaws.com", "Z1U9ULNL0V5AJ3"
    ]
    error_message = "Clients are sent to the name."
  }
}

run "certificate_and_records_of_the_caller" {
  variables {
    domain = {
      name               = "api.example.com"
      create_certificate = false
      certificate_arn    = "arn:aws:acm:eu-central-1:123456789012:certificate/theirs"
      create_records     = false
    }
  }

  assert {
    condition     = aws_api_gateway_domain_name.this[0].regional_certificate_arn == "arn:aws:acm:eu-central-1:123456789012:certificate/theirs"
    error_message = "The caller's certificate."
  }

  assert {
    condition     = length(aws_acm_certificate.this) + length(aws_acm_certificate_validation.this) + length(aws_route53_record.validation) + length(aws_route53_record.this) == 0
    error_message = "No certificate and no record is made."
  }

  assert {
    condition     = output.domain_name == "api.example.com" && output.regional_domain_name == "d-abc.execute-api.eu-central-1.amazonaws.com"
    error_message = "The caller learns what to point the record to."
  }
}

run "certificate_of_the_caller" {
  command = plan

  variables {
    domain = {
      name               = "api.example.com"
      zone_id            = "Z123"
      create_certificate = false
      certificate_arn    = "arn:aws:acm:eu-central-1:123456789012:certificate/theirs"
    }
  }

  assert {
    condition     = length(aws_route53_record.this) == 1 && length(aws_route53_record.validation) == 0
    error_message = "The record of the name alone."
  }
}

run "endpoint_stays_open_while_clients_move" {
  command = plan

  variables {
    domain = { name = "api.example.com", zone_id = "Z123", disable_execute_api_endpoint = false }
  }

  assert {
    condition     = !aws_api_gateway_rest_api.this[0].disable_execute_api_endpoint && !contains(keys(aws_api_gateway_deployment.this[0].triggers), "execute_api_endpoint")
    error_message = "API Gateway's own name answers too."
  }

  assert {
    condition     = output.domain_name == "api.example.com"
    error_message = "New clients, the CDN first, are sent to the name."
  }
}
