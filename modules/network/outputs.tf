################################################################################
# VPC
################################################################################

output "vpc_id" {
  description = "Id of the VPC."
  value       = var.create ? local.vpc_id : null
}

output "cidr_block" {
  description = "Range of the VPC; of an existing one, the first of its ranges."
  value       = try(aws_vpc.this[0].cidr_block, data.aws_vpc.existing[0].cidr_block, null)
}

################################################################################
# Private subnets
################################################################################

output "availability_zones" {
  description = "Zones of the private subnets, in the order of `subnet_ids`."
  value       = local.availability_zones
}

output "subnet_ids" {
  description = "Private subnets, one a zone, for functions and databases."
  value       = [for zone in local.availability_zones : local.subnet_ids[zone]]
}

output "route_table_ids" {
  description = "Route tables of the private subnets, to add peering routes or endpoints to; of an existing VPC, those that were given."
  value       = local.use_vpc ? var.vpc.route_table_ids : [for zone in local.availability_zones : aws_route_table.private[zone].id]
}

################################################################################
# Internet
################################################################################

output "nat_public_ips" {
  description = "Addresses the functions come from on the internet, for the allow lists of others; empty without `nat`."
  value       = [for zone in local.nat_zones : aws_eip.nat[zone].public_ip]
}

################################################################################
# Security groups
################################################################################

output "function_security_group_id" {
  description = "Security group of functions that talk to the database. Known once its rules and the endpoints are there, so a function that uses it can connect at once."
  value       = try(aws_security_group.functions[0].id, null)

  depends_on = [
    aws_route_table_association.private,
    aws_vpc_security_group_egress_rule.functions_to_database,
    aws_vpc_security_group_egress_rule.functions_to_endpoints,
    aws_vpc_security_group_ingress_rule.database_from_functions,
    aws_vpc_security_group_ingress_rule.endpoints_from_functions,
    aws_vpc_endpoint.interface,
    aws_vpc_security_group_egress_rule.functions_to_gateway,
    aws_vpc_security_group_egress_rule.functions_to_internet,
    aws_route.private_to_nat,
  ]
}

output "database_security_group_id" {
  description = "Security group of the database: reachable from the functions only."
  value       = try(aws_security_group.database[0].id, null)
}

################################################################################
# Interface endpoints
################################################################################

output "interface_endpoint_ids" {
  description = "Interface endpoints by service."
  value       = { for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.id }
}

output "endpoint_security_group_id" {
  description = "Security group of the interface endpoints; null without endpoints."
  value       = try(aws_security_group.endpoints[0].id, null)
}

################################################################################
# Gateway endpoints
################################################################################

output "gateway_endpoint_ids" {
  description = "Gateway endpoints by service."
  value       = { for service, endpoint in aws_vpc_endpoint.gateway : service => endpoint.id }
}

################################################################################
# Flow logs
################################################################################

output "flow_log_group_name" {
  description = "Log group of the flow logs, to query with CloudWatch Logs Insights; null without `flow_logs`."
  value       = try(aws_cloudwatch_log_group.flow_logs[0].name, null)
}
