variable "region" {
  description = "AWS region whose APIs may write logs. Apply once for each region, each with a state of its own."
  type        = string
  default     = "eu-central-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the code of an AWS region, such as eu-central-1."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role, where the organisation asks for one; it must allow what the role may do, or nothing is logged. `null` for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of a policy (arn:PARTITION:iam::ACCOUNT:policy/NAME)."
  }
}

variable "tags" {
  description = "Tags of the role."
  type        = map(string)
  default     = {}
  nullable    = false
}
