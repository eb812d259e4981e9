data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

data "aws_availability_zones" "available" {
  count = var.create && var.availability_zones == null ? 1 : 0

  state = "available"

  # us-east-1's oldest zone takes neither Graviton instances nor functions in a VPC. Its name differs from account to account.
  exclude_zone_ids = ["use1-az3"]

  # Local zones have neither RDS nor interface endpoints.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  availability_zones = !var.create ? [] : (
    var.availability_zones != null
    ? var.availability_zones
    : slice(sort(data.aws_availability_zones.available[0].names), 0, 2)
  )

  # Sixteen equal parts: 0-7 for isolated subnets, one a zone; 8-15 left for public ones. A /16 gives /20 subnets.
  isolated_subnets = { for index, zone in local.availability_zones : zone => cidrsubnet(var.cidr_block, 4, index) }

  has_endpoints  = var.create && length(var.interface_endpoints) > 0
  endpoint_zones = var.endpoint_zones == "all" ? local.availability_zones : slice(local.availability_zones, 0, min(1, length(local.availability_zones)))
}

################################################################################
# VPC
################################################################################

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:Nothing enters or leaves this VPC but through its endpoints; flow logs would cost more than the network.
  count = var.create ? 1 : 0

  cidr_block           = var.cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true # private DNS of the interface endpoints needs both
  tags                 = merge(var.tags, { Name = var.name })
}

# Whatever forgets to name a security group gets this one, which lets nothing through.
resource "aws_default_security_group" "this" {
  count = var.create ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = merge(var.tags, { Name = "${var.name}-default-locked" })
}

################################################################################
# Isolated subnets
################################################################################

resource "aws_subnet" "isolated" {
  for_each = local.isolated_subnets

  vpc_id            = aws_vpc.this[0].id
  availability_zone = each.key
  cidr_block        = each.value
  tags              = merge(var.tags, { Name = "${var.name}-isolated-${each.key}" })
}

# No route but the VPC's own: the subnets reach neither the internet nor a NAT gateway.
resource "aws_route_table" "isolated" {
  count = var.create ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = merge(var.tags, { Name = "${var.name}-isolated" })
}

resource "aws_route_table_association" "isolated" {
  for_each = local.isolated_subnets

  subnet_id      = aws_subnet.isolated[each.key].id
  route_table_id = aws_route_table.isolated[0].id
}

################################################################################
# Security groups
################################################################################

resource "aws_security_group" "functions" {
  #checkov:skip=CKV2_AWS_5:Attached by the caller, who gets its id as an output.
  count = var.create ? 1 : 0

  name_prefix = "${var.name}-functions-"
  description = "Functions: out to the database and the endpoints, nothing in"
  vpc_id      = aws_vpc.this[0].id
  tags        = merge(var.tags, { Name = "${var.name}-functions" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "database" {
  #checkov:skip=CKV2_AWS_5:Attached by the caller, who gets its id as an output.
  count = var.create ? 1 : 0

  name_prefix = "${var.name}-database-"
  description = "Database: in from the functions, nothing out"
  vpc_id      = aws_vpc.this[0].id
  tags        = merge(var.tags, { Name = "${var.name}-database" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "functions_to_database" {
  count = var.create ? 1 : 0

  security_group_id            = aws_security_group.functions[0].id
  referenced_security_group_id = aws_security_group.database[0].id
  description                  = "MySQL"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  tags                         = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "database_from_functions" {
  count = var.create ? 1 : 0

  security_group_id            = aws_security_group.database[0].id
  referenced_security_group_id = aws_security_group.functions[0].id
  description                  = "MySQL from the functions"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  tags                         = var.tags
}
