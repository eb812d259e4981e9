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

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the permissions of the flow logs' role."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of an IAM policy (arn:PARTITION:iam::ACCOUNT:policy/NAME)."
  }
}

################################################################################
# VPC
################################################################################

variable "cidr_block" {
  description = "Private IPv4 range of the VPC, /16 to /24. It is cut into sixteen parts, so a /24 gives subnets of 11 usable addresses and a /16 of 4091. It cannot be changed later. Not used with `vpc`."
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
# Existing VPC
################################################################################

variable "vpc" {
  description = <<-EOT
    An existing VPC to use; `null` (the default) makes one. Security groups and endpoints are made in it, and nothing of its own is changed, except that the whole VPC is led to the endpoints: by the services' names to `interface_endpoints`, which admit the functions alone, and by routes to `gateway_endpoints`, whose policies then bind everybody on those route tables. Name none that the VPC has, or that others in it use.
    - `id`: the VPC, such as `vpc-0123456789abcdef0`.
    - `subnet_ids`: zone => private subnet, two to six, for functions, databases and endpoints: `{ "eu-central-1a" = "subnet-0123" }`.
    - `route_table_ids`: route tables of those subnets; needed for `gateway_endpoints`.
    - `internet_access`: whether functions may leave on port 443, to the internet or to endpoints that the VPC has.
  EOT
  type = object({
    id              = string
    subnet_ids      = map(string)
    route_table_ids = optional(list(string), [])
    internet_access = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.vpc == null || can(regex("^vpc-[0-9a-z]+$", var.vpc.id))
    error_message = "vpc.id must be the id of a VPC, such as \"vpc-0123456789abcdef0\"."
  }

  validation {
    condition     = var.vpc == null || try(length(var.vpc.subnet_ids) >= 2 && length(var.vpc.subnet_ids) <= 6, false)
    error_message = "vpc.subnet_ids must have two to six zones, each with one subnet; RDS refuses fewer than two."
  }

  validation {
    condition     = alltrue([for id in try(values(var.vpc.subnet_ids), []) : can(regex("^subnet-[0-9a-z]+$", id))])
    error_message = "vpc.subnet_ids must map zones to subnets, such as { \"eu-central-1a\" = \"subnet-0123456789abcdef0\" }."
  }

  validation {
    condition     = alltrue([for id in try(var.vpc.route_table_ids, []) : can(regex("^rtb-[0-9a-z]+$", id))])
    error_message = "vpc.route_table_ids must hold ids of route tables, such as \"rtb-0123456789abcdef0\"."
  }
}

################################################################################
# Private subnets
################################################################################

variable "availability_zones" {
  description = "Zones of the private subnets, two to six. `null` takes the region's first two; name them in production, so that a new zone of the region cannot move the subnets. A zone's range is its place in the list: only append."
  type        = list(string)
  default     = null

  validation {
    condition     = try(length(distinct(var.availability_zones)) >= 2 && length(var.availability_zones) <= 6 && length(distinct(var.availability_zones)) == length(var.availability_zones), var.availability_zones == null)
    error_message = "availability_zones must name two to six different zones, such as [\"eu-central-1a\", \"eu-central-1b\"]; RDS refuses fewer than two."
  }

  validation {
    condition     = var.vpc == null || var.availability_zones == null
    error_message = "availability_zones must be null with vpc, whose subnet_ids name the zones."
  }
}

################################################################################
# Internet
################################################################################

variable "nat" {
  description = <<-EOT
    How functions in the private subnets reach the internet, on port 443.
    - `none`: not at all, which costs nothing.
    - `single`: one NAT gateway, in the first zone. About 36.50 USD a month in us-east-1 (0.045 USD an hour, and 0.005 for its address), and 0.045 USD a GB. Every zone loses the internet with that zone, and the others pay 0.01 USD a GB each way to reach it.
    - `per_zone`: one in each zone, each at that price.
  EOT
  type        = string
  default     = "none"
  nullable    = false

  validation {
    condition     = contains(["none", "single", "per_zone"], var.nat)
    error_message = "nat must be \"none\", \"single\" or \"per_zone\"."
  }

  validation {
    condition     = var.vpc == null || var.nat == "none"
    error_message = "nat must be \"none\" with vpc: gateways of an existing VPC are its owner's. If its subnets have a way to the internet, set vpc.internet_access = true."
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
    error_message = "interface_endpoints must not name s3 or dynamodb: put them into gateway_endpoints, which cost nothing."
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

################################################################################
# Gateway endpoints
################################################################################

variable "gateway_endpoints" {
  description = <<-EOT
    `s3` and `dynamodb`, if functions call them from inside the VPC, with the `actions` let through: `{ s3 = { actions = ["s3:GetObject"] } }`.
    They cost nothing, with `nat` too, whose price a GB they save. Both endpoints let through this account's resources only.
  EOT
  type = map(object({
    actions = list(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for service in keys(var.gateway_endpoints) : contains(["s3", "dynamodb"], service)])
    error_message = "Keys of gateway_endpoints must be s3 or dynamodb; put every other service into interface_endpoints."
  }

  validation {
    condition     = alltrue([for endpoint in values(var.gateway_endpoints) : length(endpoint.actions) > 0 && alltrue([for action in endpoint.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+[*]?$", action))])])
    error_message = "Every entry of gateway_endpoints needs the actions it lets through, each with service and operation, such as s3:GetObject."
  }

  validation {
    condition     = var.vpc == null || length(var.gateway_endpoints) == 0 || length(try(var.vpc.route_table_ids, [])) > 0
    error_message = "gateway_endpoints needs vpc.route_table_ids: the route tables of the existing subnets, which get a route to each endpoint."
  }
}

################################################################################
# Flow logs
################################################################################

variable "flow_logs" {
  description = <<-EOT
    Records of the VPC's connections (addresses, ports, bytes, accepted or not; no content) in CloudWatch Logs, under `/aws/vpc/<name>`; `null` (the default) for none.
    About 0.50 USD a GB in us-east-1, and 0.03 USD a GB and month stored.
    - `traffic_type`: `ALL`, `ACCEPT` or `REJECT`: the connections recorded.
    - `retention_in_days`: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653.
    - `max_aggregation_interval`: `60` or `600` seconds in one record; 60 means more records.
    - `kms_key_arn`: KMS key of the log group. Its policy must let CloudWatch Logs use it. `null` is CloudWatch's own encryption.
  EOT
  type = object({
    traffic_type             = optional(string, "ALL")
    retention_in_days        = optional(number, 30)
    max_aggregation_interval = optional(number, 600)
    kms_key_arn              = optional(string)
  })
  default = null

  validation {
    condition     = var.flow_logs == null || contains(["ALL", "ACCEPT", "REJECT"], try(var.flow_logs.traffic_type, ""))
    error_message = "flow_logs.traffic_type must be \"ALL\", \"ACCEPT\" or \"REJECT\"."
  }

  validation {
    condition     = var.flow_logs == null || contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], try(var.flow_logs.retention_in_days, 0))
    error_message = "flow_logs.retention_in_days must be a period CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }

  validation {
    condition     = var.flow_logs == null || contains([60, 600], try(var.flow_logs.max_aggregation_interval, 0))
    error_message = "flow_logs.max_aggregation_interval must be 60 or 600 (seconds)."
  }

  validation {
    condition     = try(var.flow_logs.kms_key_arn, null) == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.flow_logs.kms_key_arn))
    error_message = "flow_logs.kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }

  validation {
    condition     = var.vpc == null || var.flow_logs == null
    error_message = "flow_logs must be null with vpc: the flow logs of an existing VPC are its owner's."
  }
}
