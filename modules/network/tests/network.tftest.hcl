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
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/vpc/shop" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/shop-flow-logs" }
  }
}

# The existing VPC and its subnets, where a run names one.
override_data {
  target = data.aws_vpc.existing[0]
  values = { id = "vpc-1", cidr_block = "172.31.0.0/16", enable_dns_support = true, enable_dns_hostnames = true }
}

override_data {
  target = data.aws_subnet.existing["eu-central-1a"]
  values = { id = "subnet-a", vpc_id = "vpc-1", availability_zone = "eu-central-1a" }
}

override_data {
  target = data.aws_subnet.existing["eu-central-1b"]
  values = { id = "subnet-b", vpc_id = "vpc-1", availability_zone = "eu-central-1b" }
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
    condition     = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == { "eu-central-1a" = "10.0.0.0/20", "eu-central-1b" = "10.0.16.0/20" }
    error_message = "one subnet a zone, a sixteenth of the VPC each"
  }
  assert {
    condition     = alltrue([for zone, subnet in aws_subnet.private : subnet.availability_zone == zone && subnet.map_public_ip_on_launch != true])
    error_message = "subnets lie in their zone and give out no public address"
  }
  assert {
    condition     = output.subnet_ids == [for zone in output.availability_zones : aws_subnet.private[zone].id]
    error_message = "subnet_ids is in the order of the zones"
  }
  assert {
    condition     = { for zone, association in aws_route_table_association.private : zone => [association.subnet_id, association.route_table_id] } == { for zone in output.availability_zones : zone => [aws_subnet.private[zone].id, aws_route_table.private[zone].id] }
    error_message = "every subnet uses its zone's table"
  }
  assert {
    condition = (
      length(aws_internet_gateway.this) == 0 && length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && length(aws_subnet.public) == 0
      && length(aws_route.private_to_nat) == 0 && length(aws_route.public_to_internet) == 0 && length(aws_vpc_security_group_egress_rule.functions_to_internet) == 0 && length(output.nat_public_ips) == 0
    )
    error_message = "no way to the internet"
  }
  assert {
    condition     = length(aws_vpc_endpoint.gateway) == 0 && length(aws_flow_log.this) == 0 && length(aws_cloudwatch_log_group.flow_logs) == 0 && length(aws_iam_role.flow_logs) == 0 && output.flow_log_group_name == null
    error_message = "no gateway endpoint and no flow log, unless asked for"
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
    condition     = aws_vpc_endpoint.interface["secretsmanager"].subnet_ids == toset([aws_subnet.private["eu-central-1a"].id])
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

run "a_zone_more_moves_no_subnet" {
  variables {
    availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c", "eu-central-1d", "eu-central-1e", "eu-central-1f"]
    nat                = "per_zone"
  }

  assert {
    condition     = aws_subnet.private["eu-central-1a"].cidr_block == "10.0.0.0/20" && aws_subnet.private["eu-central-1b"].cidr_block == "10.0.16.0/20"
    error_message = "the first two zones keep their ranges"
  }
  assert {
    condition     = length(distinct(concat(values(aws_subnet.private)[*].cidr_block, values(aws_subnet.public)[*].cidr_block))) == 12
    error_message = "six zones have room for twelve subnets"
  }
}

run "one_nat_gateway" {
  variables {
    nat = "single"
  }

  assert {
    condition     = { for zone, subnet in aws_subnet.public : zone => subnet.cidr_block } == { "eu-central-1a" = "10.0.128.0/20" } && aws_subnet.public["eu-central-1a"].availability_zone == "eu-central-1a" && aws_subnet.public["eu-central-1a"].map_public_ip_on_launch != true
    error_message = "one public subnet, from the upper half, that gives out no public address"
  }
  assert {
    condition     = aws_route_table_association.public["eu-central-1a"].subnet_id == aws_subnet.public["eu-central-1a"].id && aws_route_table_association.public["eu-central-1a"].route_table_id == aws_route_table.public[0].id
    error_message = "the public subnet uses the public table"
  }
  assert {
    condition     = aws_route.public_to_internet[0].route_table_id == aws_route_table.public[0].id && aws_route.public_to_internet[0].destination_cidr_block == "0.0.0.0/0" && aws_route.public_to_internet[0].gateway_id == aws_internet_gateway.this[0].id
    error_message = "the public table leads to the internet gateway"
  }
  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-central-1a"] && aws_nat_gateway.this["eu-central-1a"].subnet_id == aws_subnet.public["eu-central-1a"].id && aws_nat_gateway.this["eu-central-1a"].allocation_id == aws_eip.nat["eu-central-1a"].id && aws_eip.nat["eu-central-1a"].domain == "vpc"
    error_message = "one gateway, in the public subnet, with an address of its own"
  }
  assert {
    condition     = { for zone, route in aws_route.private_to_nat : zone => [route.route_table_id, route.destination_cidr_block, route.nat_gateway_id] } == { for zone in ["eu-central-1a", "eu-central-1b"] : zone => [aws_route_table.private[zone].id, "0.0.0.0/0", aws_nat_gateway.this["eu-central-1a"].id] }
    error_message = "both zones leave through the one gateway"
  }
  assert {
    condition = (
      aws_vpc_security_group_egress_rule.functions_to_internet[0].security_group_id == output.function_security_group_id && aws_vpc_security_group_egress_rule.functions_to_internet[0].cidr_ipv4 == "0.0.0.0/0"
      && aws_vpc_security_group_egress_rule.functions_to_internet[0].ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.functions_to_internet[0].from_port == 443 && aws_vpc_security_group_egress_rule.functions_to_internet[0].to_port == 443
    )
    error_message = "functions may leave on 443"
  }
  assert {
    condition     = output.nat_public_ips == [aws_eip.nat["eu-central-1a"].public_ip]
    error_message = "the address that others see"
  }
}

run "a_nat_gateway_per_zone" {
  variables {
    availability_zones = ["eu-central-1b", "eu-central-1a"]
    nat                = "per_zone"
  }

  assert {
    condition     = { for zone, subnet in aws_subnet.public : zone => subnet.cidr_block } == { "eu-central-1b" = "10.0.128.0/20", "eu-central-1a" = "10.0.144.0/20" }
    error_message = "one public subnet a zone, in the order of the zones"
  }
  assert {
    condition     = { for zone, gateway in aws_nat_gateway.this : zone => gateway.subnet_id } == { for zone, subnet in aws_subnet.public : zone => subnet.id }
    error_message = "one gateway a zone"
  }
  assert {
    condition     = { for zone, route in aws_route.private_to_nat : zone => [route.route_table_id, route.nat_gateway_id] } == { for zone in ["eu-central-1a", "eu-central-1b"] : zone => [aws_route_table.private[zone].id, aws_nat_gateway.this[zone].id] }
    error_message = "each zone leaves through its own gateway"
  }
  assert {
    condition     = output.nat_public_ips == [aws_eip.nat["eu-central-1b"].public_ip, aws_eip.nat["eu-central-1a"].public_ip]
    error_message = "every address that others see, in the order of the zones"
  }
}

run "gateway_endpoints" {
  variables {
    gateway_endpoints = {
      s3       = { actions = ["s3:GetObject"] }
      dynamodb = { actions = ["dynamodb:PutItem", "dynamodb:GetItem"] }
    }
  }

  assert {
    condition     = aws_vpc_endpoint.gateway["s3"].service_name == "com.amazonaws.eu-central-1.s3" && aws_vpc_endpoint.gateway["dynamodb"].service_name == "com.amazonaws.eu-central-1.dynamodb" && alltrue([for endpoint in aws_vpc_endpoint.gateway : endpoint.vpc_endpoint_type == "Gateway" && endpoint.vpc_id == output.vpc_id])
    error_message = "a gateway endpoint for each service"
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.gateway : endpoint.route_table_ids == toset(output.route_table_ids)]) && length(output.route_table_ids) == 2
    error_message = "a route from every zone"
  }
  assert {
    condition = jsondecode(aws_vpc_endpoint.gateway["dynamodb"].policy).Statement == [{
      Sid       = "FunctionsOfThisAccount", Effect = "Allow", Principal = { AWS = "*" }
      Action    = ["dynamodb:PutItem", "dynamodb:GetItem"], Resource = "*"
      Condition = { StringEquals = { "aws:PrincipalAccount" = "111122223333", "aws:ResourceAccount" = "111122223333" } }
    }]
    error_message = "the endpoint lets this account's principals call the actions named, on this account's resources"
  }
  assert {
    condition = alltrue([
      for service, rule in aws_vpc_security_group_egress_rule.functions_to_gateway :
      rule.security_group_id == output.function_security_group_id && rule.prefix_list_id == aws_vpc_endpoint.gateway[service].prefix_list_id && rule.ip_protocol == "tcp" && rule.from_port == 443 && rule.to_port == 443
    ]) && keys(aws_vpc_security_group_egress_rule.functions_to_gateway) == ["dynamodb", "s3"]
    error_message = "functions reach the services' prefix lists on 443"
  }
  assert {
    condition     = output.gateway_endpoint_ids == { for service, endpoint in aws_vpc_endpoint.gateway : service => endpoint.id } && length(output.gateway_endpoint_ids) == 2
    error_message = "endpoint ids by service"
  }
}

run "flow_logs_by_default" {
  variables {
    flow_logs = {}
  }

  assert {
    condition     = aws_flow_log.this[0].vpc_id == output.vpc_id && aws_flow_log.this[0].traffic_type == "ALL" && aws_flow_log.this[0].max_aggregation_interval == 600 && aws_flow_log.this[0].log_destination_type == "cloud-watch-logs"
    error_message = "all connections of the VPC, in ten-minute records"
  }
  assert {
    condition     = aws_flow_log.this[0].log_destination == aws_cloudwatch_log_group.flow_logs[0].arn && aws_flow_log.this[0].iam_role_arn == aws_iam_role.flow_logs[0].arn && output.flow_log_group_name == "/aws/vpc/shop"
    error_message = "delivered to a log group of the module's, by a role of the module's"
  }
  assert {
    condition     = aws_cloudwatch_log_group.flow_logs[0].retention_in_days == 30 && aws_cloudwatch_log_group.flow_logs[0].kms_key_id == null
    error_message = "kept for thirty days"
  }
  assert {
    condition = jsondecode(aws_iam_role.flow_logs[0].assume_role_policy).Statement == [{
      Effect    = "Allow", Action = "sts:AssumeRole", Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" }, ArnLike = { "aws:SourceArn" = "arn:aws:ec2:eu-central-1:111122223333:vpc-flow-log/*" } }
    }]
    error_message = "only this account's flow logs may use the role"
  }
  assert {
    condition = aws_iam_role_policy.flow_logs[0].role == aws_iam_role.flow_logs[0].name && jsondecode(aws_iam_role_policy.flow_logs[0].policy).Statement == [
      { Sid = "Deliver", Effect = "Allow", Action = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], Resource = ["${aws_cloudwatch_log_group.flow_logs[0].arn}:*"] },
      { Sid = "FindLogGroup", Effect = "Allow", Action = ["logs:DescribeLogGroups"], Resource = ["arn:aws:logs:eu-central-1:111122223333:log-group:*"] },
    ]
    error_message = "the role writes to that log group alone"
  }
}

run "flow_logs_as_told" {
  variables {
    flow_logs = {
      traffic_type             = "REJECT"
      retention_in_days        = 365
      max_aggregation_interval = 60
      kms_key_arn              = "arn:aws:kms:eu-central-1:111122223333:key/k"
    }
    permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
  }

  assert {
    condition     = aws_flow_log.this[0].traffic_type == "REJECT" && aws_flow_log.this[0].max_aggregation_interval == 60
    error_message = "traffic_type and max_aggregation_interval reach the flow log"
  }
  assert {
    condition     = aws_cloudwatch_log_group.flow_logs[0].retention_in_days == 365 && aws_cloudwatch_log_group.flow_logs[0].kms_key_id == "arn:aws:kms:eu-central-1:111122223333:key/k"
    error_message = "retention_in_days and kms_key_arn reach the log group"
  }
  assert {
    condition     = aws_iam_role.flow_logs[0].permissions_boundary == "arn:aws:iam::111122223333:policy/boundary"
    error_message = "permissions_boundary bounds the role"
  }
}

################################################################################
# In an existing VPC
################################################################################

run "an_existing_vpc" {
  variables {
    vpc = {
      id              = "vpc-1"
      subnet_ids      = { "eu-central-1b" = "subnet-b", "eu-central-1a" = "subnet-a" }
      route_table_ids = ["rtb-1"]
    }
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
    gateway_endpoints   = { s3 = { actions = ["s3:GetObject"] } }
  }

  assert {
    condition     = length(aws_vpc.this) + length(aws_default_security_group.this) + length(aws_subnet.private) + length(aws_route_table.private) + length(aws_route_table_association.private) == 0
    error_message = "no network of its own"
  }
  assert {
    condition     = output.vpc_id == "vpc-1" && output.cidr_block == "172.31.0.0/16" && output.availability_zones == tolist(["eu-central-1a", "eu-central-1b"]) && output.subnet_ids == ["subnet-a", "subnet-b"] && output.route_table_ids == tolist(["rtb-1"])
    error_message = "outputs tell of the VPC and the subnets given, zones in alphabetical order"
  }
  assert {
    condition     = aws_security_group.functions[0].vpc_id == "vpc-1" && aws_security_group.database[0].vpc_id == "vpc-1" && aws_security_group.endpoints[0].vpc_id == "vpc-1"
    error_message = "security groups in the VPC given"
  }
  assert {
    condition     = aws_vpc_endpoint.interface["secretsmanager"].vpc_id == "vpc-1" && aws_vpc_endpoint.interface["secretsmanager"].subnet_ids == toset(["subnet-a"])
    error_message = "the interface endpoint in the VPC given, in its first zone"
  }
  assert {
    condition     = aws_vpc_endpoint.gateway["s3"].vpc_id == "vpc-1" && aws_vpc_endpoint.gateway["s3"].route_table_ids == toset(["rtb-1"])
    error_message = "the gateway endpoint in the route tables given"
  }
  assert {
    condition     = length(aws_vpc_security_group_egress_rule.functions_to_internet) == 0
    error_message = "no way to the internet, unless said so"
  }
}

run "an_existing_vpc_with_internet" {
  variables {
    vpc = {
      id              = "vpc-1"
      subnet_ids      = { "eu-central-1b" = "subnet-b", "eu-central-1a" = "subnet-a" }
      internet_access = true
    }
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.functions_to_internet[0].cidr_ipv4 == "0.0.0.0/0" && aws_vpc_security_group_egress_rule.functions_to_internet[0].from_port == 443
    error_message = "functions may leave on 443"
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_internet_gateway.this) == 0 && length(output.nat_public_ips) == 0
    error_message = "through the VPC's own gateways"
  }
}

################################################################################
# Everywhere
################################################################################

run "options_reach_the_resources" {
  variables {
    cidr_block          = "192.168.4.0/24"
    availability_zones  = ["eu-central-1b", "eu-central-1c", "eu-central-1a"]
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
    endpoint_zones      = "all"
    gateway_endpoints   = { s3 = { actions = ["s3:GetObject"] } }
    nat                 = "single"
    flow_logs           = {}
    tags                = { Environment = "test" }
  }

  assert {
    condition     = [for zone in var.availability_zones : aws_subnet.private[zone].cidr_block] == ["192.168.4.0/28", "192.168.4.16/28", "192.168.4.32/28"]
    error_message = "the zones given, in the order given"
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface["secretsmanager"].subnet_ids) == 3
    error_message = "an endpoint in every zone"
  }
  assert {
    condition = alltrue([
      for tags in concat(
        aws_vpc.this[*].tags, aws_default_security_group.this[*].tags, values(aws_subnet.private)[*].tags, values(aws_route_table.private)[*].tags,
        aws_security_group.functions[*].tags, aws_security_group.database[*].tags, aws_security_group.endpoints[*].tags,
        aws_vpc_security_group_egress_rule.functions_to_database[*].tags, aws_vpc_security_group_ingress_rule.database_from_functions[*].tags,
        aws_vpc_security_group_egress_rule.functions_to_endpoints[*].tags, aws_vpc_security_group_ingress_rule.endpoints_from_functions[*].tags,
        values(aws_vpc_endpoint.interface)[*].tags, values(aws_vpc_endpoint.gateway)[*].tags, values(aws_vpc_security_group_egress_rule.functions_to_gateway)[*].tags,
        aws_internet_gateway.this[*].tags, values(aws_subnet.public)[*].tags, aws_route_table.public[*].tags, values(aws_eip.nat)[*].tags, values(aws_nat_gateway.this)[*].tags,
        aws_vpc_security_group_egress_rule.functions_to_internet[*].tags, aws_flow_log.this[*].tags, aws_cloudwatch_log_group.flow_logs[*].tags, aws_iam_role.flow_logs[*].tags,
      ) : try(tags.Environment, "") == "test"
    ])
    error_message = "tags reach every resource that takes them"
  }
}

run "other_partition" {
  variables {
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
    gateway_endpoints   = { s3 = { actions = ["s3:GetObject"] } }
    flow_logs           = {}
  }

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", reverse_dns_prefix = "cn.com.amazonaws" }
  }

  assert {
    condition     = aws_vpc_endpoint.interface["secretsmanager"].service_name == "cn.com.amazonaws.eu-central-1.secretsmanager"
    error_message = "endpoint services are named as the partition names them"
  }
  assert {
    condition     = aws_vpc_endpoint.gateway["s3"].service_name == "cn.com.amazonaws.eu-central-1.s3"
    error_message = "gateway endpoints too"
  }
  assert {
    condition = (
      jsondecode(aws_iam_role.flow_logs[0].assume_role_policy).Statement[0].Condition.ArnLike["aws:SourceArn"] == "arn:aws-cn:ec2:eu-central-1:111122223333:vpc-flow-log/*"
      && jsondecode(aws_iam_role_policy.flow_logs[0].policy).Statement[1].Resource == ["arn:aws-cn:logs:eu-central-1:111122223333:log-group:*"]
    )
    error_message = "ARNs are of the partition"
  }
}

run "off_creates_nothing" {
  variables {
    create              = false
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
    gateway_endpoints   = { s3 = { actions = ["s3:GetObject"] } }
    nat                 = "per_zone"
    flow_logs           = {}
  }

  assert {
    condition = alltrue([for count in [
      length(aws_vpc.this), length(aws_default_security_group.this), length(aws_subnet.private), length(aws_route_table.private),
      length(aws_route_table_association.private), length(aws_security_group.functions), length(aws_security_group.database),
      length(aws_security_group.endpoints), length(aws_vpc_security_group_egress_rule.functions_to_database),
      length(aws_vpc_security_group_ingress_rule.database_from_functions), length(aws_vpc_security_group_egress_rule.functions_to_endpoints),
      length(aws_vpc_security_group_ingress_rule.endpoints_from_functions), length(aws_vpc_endpoint.interface), length(aws_vpc_endpoint.gateway),
      length(aws_vpc_security_group_egress_rule.functions_to_gateway), length(aws_internet_gateway.this), length(aws_subnet.public),
      length(aws_route_table.public), length(aws_route.public_to_internet), length(aws_route_table_association.public), length(aws_eip.nat),
      length(aws_nat_gateway.this), length(aws_route.private_to_nat), length(aws_vpc_security_group_egress_rule.functions_to_internet),
      length(aws_cloudwatch_log_group.flow_logs), length(aws_iam_role.flow_logs), length(aws_iam_role_policy.flow_logs), length(aws_flow_log.this),
    ] : count == 0])
    error_message = "nothing is created"
  }
  assert {
    condition = alltrue([for value in [
      output.vpc_id, output.cidr_block, output.function_security_group_id, output.database_security_group_id, output.endpoint_security_group_id, output.flow_log_group_name,
      ] : value == null]) && alltrue([for count in [
      length(output.subnet_ids), length(output.availability_zones), length(output.route_table_ids), length(output.nat_public_ips), length(output.interface_endpoint_ids), length(output.gateway_endpoint_ids),
    ] : count == 0])
    error_message = "every output is null or empty"
  }
}

run "off_in_an_existing_vpc" {
  variables {
    create = false
    vpc = {
      id              = "vpc-1"
      subnet_ids      = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" }
      route_table_ids = ["rtb-1"]
      internet_access = true
    }
    gateway_endpoints = { s3 = { actions = ["s3:GetObject"] } }
  }

  assert {
    condition     = length(data.aws_vpc.existing) + length(data.aws_subnet.existing) + length(aws_security_group.functions) + length(aws_vpc_endpoint.gateway) + length(aws_vpc_security_group_egress_rule.functions_to_internet) == 0
    error_message = "nothing is read or created"
  }
  assert {
    condition     = output.vpc_id == null && output.cidr_block == null && length(output.subnet_ids) == 0 && length(output.route_table_ids) == 0
    error_message = "every output is null or empty"
  }
}
