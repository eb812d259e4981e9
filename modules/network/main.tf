data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

data "aws_availability_zones" "available" {
  count = local.create_vpc && var.availability_zones == null ? 1 : 0

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
  create_vpc = var.create && var.vpc == null
  use_vpc    = var.create && var.vpc != null

  availability_zones = !var.create ? [] : (
    local.use_vpc ? keys(var.vpc.subnet_ids) : (
      var.availability_zones != null
      ? var.availability_zones
      : slice(sort(data.aws_availability_zones.available[0].names), 0, 2)
    )
  )

  # Sixteen equal parts, by the zone's place in the list: 0-5 for private subnets, 8-13 for public ones. A /16 gives /20 subnets.
  private_subnets = !local.create_vpc ? {} : { for index, zone in local.availability_zones : zone => cidrsubnet(var.cidr_block, 4, index) }
  public_subnets  = { for index, zone in local.availability_zones : zone => cidrsubnet(var.cidr_block, 4, 8 + index) if contains(local.nat_zones, zone) }

  # The ids as they were given, not as read: a data source that is read late must not replace security groups.
  vpc_id     = local.use_vpc ? var.vpc.id : try(aws_vpc.this[0].id, null)
  subnet_ids = local.use_vpc ? var.vpc.subnet_ids : { for zone, subnet in aws_subnet.private : zone => subnet.id }
}

################################################################################
# VPC
################################################################################

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:Flow logs are billed by the GB and are the caller's choice (flow_logs).
  count = local.create_vpc ? 1 : 0

  cidr_block           = var.cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true # private DNS of the interface endpoints needs both
  tags                 = merge(var.tags, { Name = var.name })
}

# Whatever forgets to name a security group gets this one, which lets nothing through.
resource "aws_default_security_group" "this" {
  count = local.create_vpc ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = merge(var.tags, { Name = "${var.name}-default-locked" })
}

################################################################################
# Existing VPC
################################################################################

data "aws_vpc" "existing" {
  count = local.use_vpc ? 1 : 0

  id = var.vpc.id

  lifecycle {
    postcondition {
      condition     = length(var.interface_endpoints) == 0 || (self.enable_dns_support && self.enable_dns_hostnames)
      error_message = "${self.id} must have DNS support and DNS hostnames on for interface_endpoints: without them the services' names lead out of the VPC. Turn both on, or name no interface_endpoints."
    }
  }
}

# tflint-ignore: terraform_unused_declarations # read for its postconditions alone
data "aws_subnet" "existing" {
  for_each = local.use_vpc ? var.vpc.subnet_ids : {}

  id = each.value

  lifecycle {
    postcondition {
      condition     = self.vpc_id == var.vpc.id
      error_message = "vpc.subnet_ids: ${self.id} lies in ${self.vpc_id}, not in ${var.vpc.id}."
    }

    postcondition {
      condition     = self.availability_zone == each.key
      error_message = "vpc.subnet_ids: ${self.id} lies in ${self.availability_zone}, so write it as { \"${self.availability_zone}\" = \"${self.id}\" }."
    }
  }
}

################################################################################
# Private subnets
################################################################################

resource "aws_subnet" "private" {
  for_each = local.private_subnets

  vpc_id            = aws_vpc.this[0].id
  availability_zone = each.key
  cidr_block        = each.value
  tags              = merge(var.tags, { Name = "${var.name}-private-${each.key}" })
}

# One a zone, so that each zone can have a NAT gateway of its own. Without `nat` no route but the VPC's own.
resource "aws_route_table" "private" {
  for_each = local.private_subnets

  vpc_id = aws_vpc.this[0].id
  tags   = merge(var.tags, { Name = "${var.name}-private-${each.key}" })
}

resource "aws_route_table_association" "private" {
  for_each = local.private_subnets

  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

################################################################################
# Security groups
################################################################################

resource "aws_security_group" "functions" {
  #checkov:skip=CKV2_AWS_5:Attached by the caller, who gets its id as an output.
  count = var.create ? 1 : 0

  name_prefix = "${var.name}-functions-"
  description = "Functions: out to the database and the endpoints, nothing in"
  vpc_id      = local.vpc_id
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
  vpc_id      = local.vpc_id
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
