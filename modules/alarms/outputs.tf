################################################################################
# Key
################################################################################

output "kms_key_arn" {
  description = "Key of the topic's messages."
  value       = local.create_topic ? try(aws_kms_key.this[0].arn, var.kms_key_arn) : null
}

################################################################################
# Topic
################################################################################

output "topic_arn" {
  description = "Topic that alarms tell, made or given."
  value       = var.create ? try(aws_sns_topic.this[0].arn, var.topic_arn) : null
}

output "actions" {
  description = "The topic as a list, for `alarms = { actions = ... }` of the other modules; empty when nothing is created."
  value       = var.create ? [try(aws_sns_topic.this[0].arn, var.topic_arn)] : []
}
