locals {
  has_endpoints  = var.create && length(var.interface_endpoints) > 0
  endpoint_zones = var.endpoint_zones == "all" ? local.availability_zones : slice(local.availability_zones, 0, min(1, length(local.availability_zones)))

  endpoint_policies = {
    for service, endpoint in merge(var.interface_endpoints, var.gateway_endpoints) : service => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "FunctionsOfThisAccount"
        Effect    = "Allow"
        Principal = { AWS = "*" } # narrowed by the first condition
        Action    = endpoint.actions
        # The endpoint cannot know the resources; each role names its own. Those of other accounts are out of reach.
        Resource = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
            "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
          }
        }
      }]
    })
  }
}

################################################################################
# Interface endpoints
################################################################################

resource "aws_security_group" "endpoints" {
  count = local.has_endpoints ? 1 : 0

  name_prefix = "${var.name}-endpoints-"
  description = "Interface endpoints: in from the functions, nothing out"
  vpc_id      = local.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-endpoints" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "functions_to_endpoints" {
  count = local.has_endpoints ? 1 : 0

  security_group_id            = aws_security_group.functions[0].id
  referenced_security_group_id = aws_security_group.endpoints[0].id
  description                  = "AWS APIs through the interface endpoints"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_functions" {
  count = local.has_endpoints ? 1 : 0

  security_group_id            = aws_security_group.endpoints[0].id
  referenced_security_group_id = aws_security_group.functions[0].id
  description                  = "AWS APIs from the functions"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = var.tags
}

resource "aws_vpc_endpoint" "interface" {
  for_each = { for service, endpoint in var.interface_endpoints : service => endpoint if var.create }

  vpc_id              = local.vpc_id
  vpc_endpoint_type   = "Interface"
  service_name        = "${data.aws_partition.current.reverse_dns_prefix}.${data.aws_region.current.id}.${each.key}"
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints[0].id]
  subnet_ids          = [for zone in local.endpoint_zones : local.subnet_ids[zone]]
  policy              = local.endpoint_policies[each.key]
  tags                = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

################################################################################
# Gateway endpoints
################################################################################

resource "aws_vpc_endpoint" "gateway" {
  for_each = { for service, endpoint in var.gateway_endpoints : service => endpoint if var.create }

  vpc_id            = local.vpc_id
  vpc_endpoint_type = "Gateway"
  service_name      = "${data.aws_partition.current.reverse_dns_prefix}.${data.aws_region.current.id}.${each.key}"
  route_table_ids   = local.use_vpc ? var.vpc.route_table_ids : values(aws_route_table.private)[*].id
  policy            = local.endpoint_policies[each.key]
  tags              = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

# A gateway endpoint is a route to the service's public addresses, which AWS keeps in a prefix list.
resource "aws_vpc_security_group_egress_rule" "functions_to_gateway" {
  for_each = aws_vpc_endpoint.gateway

  security_group_id = aws_security_group.functions[0].id
  prefix_list_id    = each.value.prefix_list_id
  description       = "${each.key} through its gateway endpoint"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = var.tags
}
