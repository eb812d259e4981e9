# One run for each thing the module refuses.
mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b"] }
  }
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
