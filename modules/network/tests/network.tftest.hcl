mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws", reverse_dns_prefix = "com.amazonaws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1c", "eu-central-1b", "eu-central-1a"] }
  }
}

variables {
  name = "shop"
}

################################################################################
# What it makes
################################################################################

run "defaults" {
  assert {
    condition     = aws_vpc.this[0].cidr_block == "10.0.0.0/16" && aws_vpc.this[0].enable_dns_support && aws_vpc.this[0].enable_dns_hostnames
    error_message = "a /16 whose DNS can answer for endpoints"
  }
  assert {
    condition     = output.availability_zones == tolist(["eu-central-1a", "eu-central-1b"])
    error_message = "the region's first two zones, whatever order they are listed in"
  }
  assert {
    condition     = { for zone, subnet in aws_subnet.isolated : zone => subnet.cidr_block } == { "eu-central-1a" = "10.0.0.0/20", "eu-central-1b" = "10.0.16.0/20" }
    error_message = "one subnet a zone, a sixteenth of the VPC each"
  }
  assert {
    condition     = alltrue([for zone, subnet in aws_subnet.isolated : subnet.availability_zone == zone && subnet.map_public_ip_on_launch != true])
    error_message = "subnets lie in their zone and give out no public address"
  }
  assert {
    condition     = output.subnet_ids == [for zone in output.availability_zones : aws_subnet.isolated[zone].id]
    error_message = "subnet_ids is in the order of the zones"
  }
  assert {
    condition     = alltrue([for association in aws_route_table_association.isolated : association.route_table_id == aws_route_table.isolated[0].id]) && length(aws_route_table_association.isolated) == 2
    error_message = "every subnet uses the table without routes"
  }
  assert {
    condition     = length(aws_default_security_group.this) == 1
    error_message = "the default security group is emptied"
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && length(aws_security_group.endpoints) == 0 && length(aws_vpc_security_group_egress_rule.functions_to_endpoints) == 0 && output.endpoint_security_group_id == null
    error_message = "no endpoint, and nothing billed by the hour, unless asked for"
  }
}

run "functions_reach_the_database_only" {
  variables {
    database_port = 3307
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.functions_to_database[0].security_group_id == output.function_security_group_id
      && aws_vpc_security_group_egress_rule.functions_to_database[0].referenced_security_group_id == output.database_security_group_id
      && aws_vpc_security_group_ingress_rule.database_from_functions[0].security_group_id == output.database_security_group_id
      && aws_vpc_security_group_ingress_rule.database_from_functions[0].referenced_security_group_id == output.function_security_group_id
    )
    error_message = "functions out to the database, database in from the functions"
  }
  assert {
    condition = alltrue([
      for rule in [aws_vpc_security_group_egress_rule.functions_to_database[0], aws_vpc_security_group_ingress_rule.database_from_functions[0]] :
      rule.ip_protocol == "tcp" && rule.from_port == 3307 && rule.to_port == 3307 && rule.cidr_ipv4 == null && rule.cidr_ipv6 == null
    ])
    error_message = "on the database's port only, and from or to no address range"
  }
}

run "an_endpoint_in_one_zone" {
  variables {
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
  }

  assert {
    condition = (
      aws_vpc_endpoint.interface["secretsmanager"].service_name == "com.amazonaws.eu-central-1.secretsmanager"
      && aws_vpc_endpoint.interface["secretsmanager"].vpc_endpoint_type == "Interface"
      && aws_vpc_endpoint.interface["secretsmanager"].private_dns_enabled
    )
    error_message = "an interface endpoint under the service's own name"
  }
  assert {
    condition     = aws_vpc_endpoint.interface["secretsmanager"].subnet_ids == toset([aws_subnet.isolated["eu-central-1a"].id])
    error_message = "in one zone by default"
  }
  assert {
    condition     = aws_vpc_endpoint.interface["secretsmanager"].security_group_ids == toset([output.endpoint_security_group_id])
    error_message = "behind its own security group"
  }
  assert {
    condition = jsondecode(aws_vpc_endpoint.interface["secretsmanager"].policy).Statement == [{
      Sid       = "FunctionsOfThisAccount", Effect = "Allow", Principal = { AWS = "*" }
      Action    = ["secretsmanager:GetSecretValue"], Resource = "*"
      Condition = { StringEquals = { "aws:PrincipalAccount" = "111122223333", "aws:ResourceAccount" = "111122223333" } }
    }]
    error_message = "the endpoint lets this account's principals call the actions named, on this account's resources"
  }
  assert {
    condition = (
      aws_vpc_security_group_egress_rule.functions_to_endpoints[0].security_group_id == output.function_security_group_id
      && aws_vpc_security_group_egress_rule.functions_to_endpoints[0].referenced_security_group_id == output.endpoint_security_group_id
      && aws_vpc_security_group_egress_rule.functions_to_endpoints[0].from_port == 443
      && aws_vpc_security_group_egress_rule.functions_to_endpoints[0].to_port == 443
      && aws_vpc_security_group_ingress_rule.endpoints_from_functions[0].security_group_id == output.endpoint_security_group_id
      && aws_vpc_security_group_ingress_rule.endpoints_from_functions[0].referenced_security_group_id == output.function_security_group_id
      && aws_vpc_security_group_ingress_rule.endpoints_from_functions[0].from_port == 443
      && aws_vpc_security_group_ingress_rule.endpoints_from_functions[0].to_port == 443
    )
    error_message = "functions reach the endpoints on 443"
  }
  assert {
    condition     = output.interface_endpoint_ids == { secretsmanager = aws_vpc_endpoint.interface["secretsmanager"].id }
    error_message = "endpoint ids by service"
  }
}

run "options_reach_the_resources" {
  variables {
    cidr_block          = "192.168.4.0/24"
    availability_zones  = ["eu-central-1b", "eu-central-1c", "eu-central-1a"]
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
    endpoint_zones      = "all"
    tags                = { Environment = "test" }
  }

  assert {
    condition     = [for zone in var.availability_zones : aws_subnet.isolated[zone].cidr_block] == ["192.168.4.0/28", "192.168.4.16/28", "192.168.4.32/28"]
    error_message = "the zones given, in the order given"
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface["secretsmanager"].subnet_ids) == 3
    error_message = "an endpoint in every zone"
  }
  assert {
    condition = alltrue([
      for tags in concat(
        aws_vpc.this[*].tags, aws_default_security_group.this[*].tags, values(aws_subnet.isolated)[*].tags, aws_route_table.isolated[*].tags,
        aws_security_group.functions[*].tags, aws_security_group.database[*].tags, aws_security_group.endpoints[*].tags,
        aws_vpc_security_group_egress_rule.functions_to_database[*].tags, aws_vpc_security_group_ingress_rule.database_from_functions[*].tags,
        aws_vpc_security_group_egress_rule.functions_to_endpoints[*].tags, aws_vpc_security_group_ingress_rule.endpoints_from_functions[*].tags,
        values(aws_vpc_endpoint.interface)[*].tags,
      ) : try(tags.Environment, "") == "test"
    ])
    error_message = "tags reach every resource that takes them"
  }
}

run "other_partition" {
  variables {
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
  }

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", reverse_dns_prefix = "cn.com.amazonaws" }
  }

  assert {
    condition     = aws_vpc_endpoint.interface["secretsmanager"].service_name == "cn.com.amazonaws.eu-central-1.secretsmanager"
    error_message = "endpoint services are named as the partition names them"
  }
}

run "off_creates_nothing" {
  variables {
    create              = false
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
  }

  assert {
    condition = alltrue([for count in [
      length(aws_vpc.this), length(aws_default_security_group.this), length(aws_subnet.isolated), length(aws_route_table.isolated),
      length(aws_route_table_association.isolated), length(aws_security_group.functions), length(aws_security_group.database),
      length(aws_security_group.endpoints), length(aws_vpc_security_group_egress_rule.functions_to_database),
      length(aws_vpc_security_group_ingress_rule.database_from_functions), length(aws_vpc_security_group_egress_rule.functions_to_endpoints),
      length(aws_vpc_security_group_ingress_rule.endpoints_from_functions), length(aws_vpc_endpoint.interface),
    ] : count == 0])
    error_message = "nothing is created"
  }
  assert {
    condition = alltrue([for value in [
      output.vpc_id, output.cidr_block, output.route_table_id, output.function_security_group_id, output.database_security_group_id, output.endpoint_security_group_id,
    ] : value == null]) && length(output.subnet_ids) == 0 && length(output.availability_zones) == 0 && length(output.interface_endpoint_ids) == 0
    error_message = "every output is null or empty"
  }
}
