variable "create" {
  description = "Whether to create anything. With `false` every output is null or empty."
  type        = bool
  default     = true
  nullable    = false
}

variable "name" {
  description = "Name of the topic, and of its key's alias: letters, digits, `-` and `_`, at most 250. Ignored with `create_topic = false`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,250}$", var.name)) && !startswith(var.name, "aws")
    error_message = "name must be 1-250 letters, digits, hyphens or underscores, and must not start with aws: KMS keeps that for its own aliases."
  }
}

variable "tags" {
  description = "Tags of every resource that takes tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

################################################################################
# Key
################################################################################

variable "create_kms_key" {
  description = "Whether the module makes a key for the topic's messages (1 USD a month). With `false` give `kms_key_arn`."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key of your own, with `create_kms_key = false`. Its policy must let cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey*; the policy of AWS's own key (alias/aws/sns) does not."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }

  validation {
    condition     = !var.create_topic || var.create_kms_key == (var.kms_key_arn == null)
    error_message = "Write either create_kms_key = true without kms_key_arn, or create_kms_key = false with the kms_key_arn of your own key."
  }
}

################################################################################
# Topic
################################################################################

variable "create_topic" {
  description = "Whether the module makes the topic. With `false` give `topic_arn`; nothing is made then."
  type        = bool
  default     = true
  nullable    = false
}

variable "topic_arn" {
  description = "Topic of your own, with `create_topic = false`: of the alarms' account or another one, but of their region. Its policy, and that of its key, must admit cloudwatch.amazonaws.com."
  type        = string
  default     = null

  validation {
    condition     = var.topic_arn == null || can(regex("^arn:[^:]+:sns:[^:]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.topic_arn))
    error_message = "topic_arn must be the ARN of a standard topic (arn:PARTITION:sns:REGION:ACCOUNT:NAME); CloudWatch cannot tell a FIFO topic."
  }

  validation {
    condition     = var.create_topic == (var.topic_arn == null)
    error_message = "Write either create_topic = true without topic_arn, or create_topic = false with the topic_arn of your own topic."
  }

  # CloudWatch takes an action of another region without a word, and then fails to run it.
  validation {
    condition     = try(split(":", var.topic_arn)[3] == data.aws_region.current.id, var.topic_arn == null)
    error_message = "topic_arn must be a topic of this provider's region, ${data.aws_region.current.id}: an alarm tells topics of its own region only."
  }
}

################################################################################
# Subscriptions
################################################################################

variable "subscriptions" {
  description = <<-EOT
    Who is told, by a name of your choice. `protocol`: email, email-json, https, lambda or sqs.
    `endpoint`: address, URL, or ARN of the function or queue; its own policy must let the topic in. An address or URL is told nothing until its owner confirms.
  EOT
  type = map(object({
    protocol = string
    endpoint = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for subscription in values(var.subscriptions) : contains(["email", "email-json", "https", "lambda", "sqs"], subscription.protocol)])
    error_message = "protocol in subscriptions must be email, email-json, https, lambda or sqs."
  }

  validation {
    condition = alltrue([for subscription in values(var.subscriptions) : can(regex(lookup({
      email      = "^[^@ ]+@[^@ ]+$"
      email-json = "^[^@ ]+@[^@ ]+$"
      https      = "^https://.+"
      lambda     = "^arn:[^:]+:lambda:"
      sqs        = "^arn:[^:]+:sqs:"
    }, subscription.protocol, "."), subscription.endpoint))])
    error_message = "endpoint in subscriptions must fit its protocol: an address for email and email-json, an https:// URL for https, the ARN of a function or a queue for lambda and sqs."
  }

  validation {
    condition     = var.create_topic || length(var.subscriptions) == 0
    error_message = "subscriptions are those of a topic that this module makes: with create_topic = false, subscribe where the topic is made."
  }
}
