################################################################################
# VPC
################################################################################

output "vpc_id" {
  description = "Id of the VPC."
  value       = try(aws_vpc.this[0].id, null)
}

output "cidr_block" {
  description = "Range of the VPC. Parts 8-15 of its sixteen are free for subnets of your own."
  value       = try(aws_vpc.this[0].cidr_block, null)
}

################################################################################
# Isolated subnets
################################################################################

output "availability_zones" {
  description = "Zones of the isolated subnets, in the order of `subnet_ids`."
  value       = local.availability_zones
}

output "subnet_ids" {
  description = "Isolated subnets, one a zone, for functions and databases."
  value       = [for zone in local.availability_zones : aws_subnet.isolated[zone].id]
}

output "route_table_id" {
  description = "Route table of the isolated subnets, to add a gateway endpoint or a peering route to."
  value       = try(aws_route_table.isolated[0].id, null)
}

################################################################################
# Security groups
################################################################################

output "function_security_group_id" {
  description = "Security group of functions that talk to the database. Known once its rules and the endpoints are there, so a function that uses it can connect at once."
  value       = try(aws_security_group.functions[0].id, null)

  depends_on = [
    aws_route_table_association.isolated,
    aws_vpc_security_group_egress_rule.functions_to_database,
    aws_vpc_security_group_egress_rule.functions_to_endpoints,
    aws_vpc_security_group_ingress_rule.database_from_functions,
    aws_vpc_security_group_ingress_rule.endpoints_from_functions,
    aws_vpc_endpoint.interface,
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
