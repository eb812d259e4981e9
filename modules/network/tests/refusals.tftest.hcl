# One run for each thing the module refuses.
mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b"] }
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

run "name_in_capitals" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}

run "name_reserved_by_ec2" {
  command = plan

  variables {
    name = "sg-shop"
  }

  expect_failures = [var.name]
}

run "cidr_block_too_large" {
  command = plan

  variables {
    cidr_block = "10.0.0.0/15"
  }

  expect_failures = [var.cidr_block]
}

run "cidr_block_too_small" {
  command = plan

  variables {
    cidr_block = "10.0.0.0/25"
  }

  expect_failures = [var.cidr_block]
}

run "cidr_block_not_at_its_start" {
  command = plan

  variables {
    cidr_block = "10.0.0.1/16"
  }

  expect_failures = [var.cidr_block]
}

run "cidr_block_malformed" {
  command = plan

  variables {
    cidr_block = "10.0.0.256/24"
  }

  expect_failures = [var.cidr_block]
}

run "public_cidr_block" {
  command = plan

  variables {
    cidr_block = "8.8.0.0/16"
  }

  expect_failures = [var.cidr_block]
}

run "one_zone" {
  command = plan

  variables {
    availability_zones = ["eu-central-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "one_zone_twice" {
  command = plan

  variables {
    availability_zones = ["eu-central-1a", "eu-central-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "seven_zones" {
  command = plan

  variables {
    availability_zones = ["a", "b", "c", "d", "e", "f", "g"]
  }

  expect_failures = [var.availability_zones]
}

run "low_database_port" {
  command = plan

  variables {
    database_port = 443
  }

  expect_failures = [var.database_port]
}

run "high_database_port" {
  command = plan

  variables {
    database_port = 65536
  }

  expect_failures = [var.database_port]
}

run "endpoint_by_full_name" {
  command = plan

  variables {
    interface_endpoints = { "com.amazonaws.eu-central-1.secretsmanager" = { actions = ["secretsmanager:GetSecretValue"] } }
  }

  expect_failures = [var.interface_endpoints]
}

run "endpoint_of_a_gateway_service" {
  command = plan

  variables {
    interface_endpoints = { s3 = { actions = ["s3:GetObject"] } }
  }

  expect_failures = [var.interface_endpoints]
}

run "endpoint_without_actions" {
  command = plan

  variables {
    interface_endpoints = { secretsmanager = { actions = [] } }
  }

  expect_failures = [var.interface_endpoints]
}

run "endpoint_with_every_action" {
  command = plan

  variables {
    interface_endpoints = { secretsmanager = { actions = ["*"] } }
  }

  expect_failures = [var.interface_endpoints]
}

run "unknown_endpoint_zones" {
  command = plan

  variables {
    endpoint_zones = "two"
  }

  expect_failures = [var.endpoint_zones]
}

run "permissions_boundary_by_name" {
  command = plan

  variables {
    permissions_boundary = "boundary"
  }

  expect_failures = [var.permissions_boundary]
}

run "vpc_that_is_none" {
  command = plan

  variables {
    vpc = { id = "subnet-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" } }
  }

  expect_failures = [var.vpc]
}

run "existing_subnet_in_one_zone" {
  command = plan

  variables {
    vpc = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a" } }
  }

  expect_failures = [var.vpc]
}

run "existing_subnets_in_seven_zones" {
  command = plan

  variables {
    vpc = { id = "vpc-1", subnet_ids = { "a" = "subnet-a", "b" = "subnet-b", "c" = "subnet-c", "d" = "subnet-d", "e" = "subnet-e", "f" = "subnet-f", "g" = "subnet-g" } }
  }

  expect_failures = [var.vpc]
}

run "subnet_that_is_none" {
  command = plan

  variables {
    vpc = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "10.0.16.0/20" } }
  }

  expect_failures = [var.vpc]
}

run "route_table_that_is_none" {
  command = plan

  variables {
    vpc = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" }, route_table_ids = ["main"] }
  }

  expect_failures = [var.vpc]
}

run "zones_of_an_existing_vpc" {
  command = plan

  variables {
    availability_zones = ["eu-central-1a", "eu-central-1b"]
    vpc                = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" } }
  }

  expect_failures = [var.availability_zones]
}

run "unknown_nat" {
  command = plan

  variables {
    nat = "one"
  }

  expect_failures = [var.nat]
}

run "nat_in_an_existing_vpc" {
  command = plan

  variables {
    nat = "single"
    vpc = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" } }
  }

  expect_failures = [var.nat]
}

run "gateway_endpoint_of_another_service" {
  command = plan

  variables {
    gateway_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
  }

  expect_failures = [var.gateway_endpoints]
}

run "gateway_endpoint_without_actions" {
  command = plan

  variables {
    gateway_endpoints = { s3 = { actions = [] } }
  }

  expect_failures = [var.gateway_endpoints]
}

run "gateway_endpoint_with_every_action" {
  command = plan

  variables {
    gateway_endpoints = { s3 = { actions = ["*"] } }
  }

  expect_failures = [var.gateway_endpoints]
}

run "gateway_endpoint_without_route_tables" {
  command = plan

  variables {
    vpc               = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" } }
    gateway_endpoints = { s3 = { actions = ["s3:GetObject"] } }
  }

  expect_failures = [var.gateway_endpoints]
}

run "unknown_traffic" {
  command = plan

  variables {
    flow_logs = { traffic_type = "all" }
  }

  expect_failures = [var.flow_logs]
}

run "unknown_retention" {
  command = plan

  variables {
    flow_logs = { retention_in_days = 31 }
  }

  expect_failures = [var.flow_logs]
}

run "unknown_aggregation" {
  command = plan

  variables {
    flow_logs = { max_aggregation_interval = 300 }
  }

  expect_failures = [var.flow_logs]
}

run "flow_log_key_by_alias" {
  command = plan

  variables {
    flow_logs = { kms_key_arn = "alias/logs" }
  }

  expect_failures = [var.flow_logs]
}

run "flow_logs_of_an_existing_vpc" {
  command = plan

  variables {
    flow_logs = {}
    vpc       = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" } }
  }

  expect_failures = [var.flow_logs]
}

run "subnet_of_another_zone" {
  command = plan

  variables {
    vpc = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1c" = "subnet-b" } }
  }

  override_data {
    target = data.aws_subnet.existing["eu-central-1c"]
    values = { id = "subnet-b", vpc_id = "vpc-1", availability_zone = "eu-central-1b" }
  }

  expect_failures = [data.aws_subnet.existing["eu-central-1c"]]
}

run "subnet_of_another_vpc" {
  command = plan

  variables {
    vpc = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" } }
  }

  override_data {
    target = data.aws_subnet.existing["eu-central-1b"]
    values = { id = "subnet-b", vpc_id = "vpc-2", availability_zone = "eu-central-1b" }
  }

  expect_failures = [data.aws_subnet.existing["eu-central-1b"]]
}

run "endpoints_in_a_vpc_without_dns_hostnames" {
  command = plan

  variables {
    vpc                 = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" } }
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
  }

  override_data {
    target = data.aws_vpc.existing[0]
    values = { id = "vpc-1", enable_dns_support = true, enable_dns_hostnames = false }
  }

  expect_failures = [data.aws_vpc.existing[0]]
}

run "endpoints_in_a_vpc_without_dns" {
  command = plan

  variables {
    vpc                 = { id = "vpc-1", subnet_ids = { "eu-central-1a" = "subnet-a", "eu-central-1b" = "subnet-b" } }
    interface_endpoints = { secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }
  }

  override_data {
    target = data.aws_vpc.existing[0]
    values = { id = "vpc-1", enable_dns_support = false, enable_dns_hostnames = true }
  }

  expect_failures = [data.aws_vpc.existing[0]]
}
