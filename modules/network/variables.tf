variable "create" {
  description = "Whether to create anything. With `false` every output is null or empty."
  type        = bool
  default     = true
  nullable    = false
}

variable "name" {
  description = "Start of every resource's name: a lower-case letter, then letters, digits and hyphens, at most 32."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,31}$", var.name))
    error_message = "name must start with a lower-case letter and have at most 32 lower-case letters, digits and hyphens."
  }

  validation {
    condition     = !startswith(var.name, "sg-")
    error_message = "name must not start with sg-, because EC2 reserves that for the ids of security groups."
  }
}

variable "tags" {
  description = "Tags of every resource that takes tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

################################################################################
# VPC
################################################################################

variable "cidr_block" {
  description = "Private IPv4 range of the VPC, /16 to /24. It is cut into sixteen parts, so a /24 gives subnets of 11 usable addresses and a /16 of 4091."
  type        = string
  default     = "10.0.0.0/16"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9.]+/(1[6-9]|2[0-4])$", var.cidr_block)) && try(cidrhost(var.cidr_block, 0) == split("/", var.cidr_block)[0], false)
    error_message = "cidr_block must be the first address of an IPv4 range and a prefix from /16 to /24, such as 10.0.0.0/16."
  }

  validation {
    condition     = can(regex("^(10[.]|172[.](1[6-9]|2[0-9]|3[01])[.]|192[.]168[.])", var.cidr_block))
    error_message = "cidr_block must be private: within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
  }
}

################################################################################
# Isolated subnets
################################################################################

variable "availability_zones" {
  description = "Zones of the isolated subnets, two to six. `null` takes the region's first two; name them in production, so that a new zone of the region cannot move the subnets."
  type        = list(string)
  default     = null

  validation {
    condition     = try(length(distinct(var.availability_zones)) >= 2 && length(var.availability_zones) <= 6 && length(distinct(var.availability_zones)) == length(var.availability_zones), var.availability_zones == null)
    error_message = "availability_zones must name two to six different zones, such as [\"eu-central-1a\", \"eu-central-1b\"]; RDS refuses fewer than two."
  }
}

################################################################################
# Security groups
################################################################################

variable "database_port" {
  description = "Port the functions reach the database at. Stated rather than read from the database, so that the rules are known when planning."
  type        = number
  default     = 3306
  nullable    = false

  validation {
    condition     = var.database_port >= 1150 && var.database_port <= 65535 && floor(var.database_port) == var.database_port
    error_message = "database_port must be a port RDS for MySQL allows: a whole number from 1150 to 65535, normally 3306."
  }
}

################################################################################
# Interface endpoints
################################################################################

variable "interface_endpoints" {
  description = <<-EOT
    AWS services the functions call from inside the VPC, by the last part of the endpoint service's name, with the `actions` let through:
    `{ secretsmanager = { actions = ["secretsmanager:GetSecretValue"] } }`.
    Each costs about 7.30 USD a month and zone in us-east-1 (0.01 USD an hour), and 0.01 USD a GB.
  EOT
  type = map(object({
    actions = list(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for service in keys(var.interface_endpoints) : can(regex("^[a-z][a-z0-9.-]*$", service)) && !can(regex("amazonaws", service))])
    error_message = "Keys of interface_endpoints must be the last part of a service's name, such as secretsmanager (not com.amazonaws.REGION.secretsmanager)."
  }

  validation {
    condition     = !contains(keys(var.interface_endpoints), "s3") && !contains(keys(var.interface_endpoints), "dynamodb")
    error_message = "interface_endpoints must not name s3 or dynamodb: those have gateway endpoints, which cost nothing."
  }

  validation {
    condition     = alltrue([for endpoint in values(var.interface_endpoints) : length(endpoint.actions) > 0 && alltrue([for action in endpoint.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+[*]?$", action))])])
    error_message = "Every entry of interface_endpoints needs the actions it lets through, each with service and operation, such as secretsmanager:GetSecretValue."
  }
}

variable "endpoint_zones" {
  description = "`one`: endpoints in the first zone only, the cheapest. `all`: in every zone, so that the loss of one does not cut off the functions in another."
  type        = string
  default     = "one"
  nullable    = false

  validation {
    condition     = contains(["one", "all"], var.endpoint_zones)
    error_message = "endpoint_zones must be \"one\" or \"all\"."
  }
}
