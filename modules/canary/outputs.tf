################################################################################
# Function
################################################################################

output "function_name" {
  description = "The function that moves the aliases, to read its logs of: each change of a rollout is a line of JSON."
  value       = module.rollout.function_name
}

output "rollouts" {
  description = "What became of the start of each function's newest version, when it was applied: `started`, `waiting` (for its snapshot), `serving`, `under-way` or `rolled-back`."
  value       = { for key, start in aws_lambda_invocation.start : key => try(jsondecode(start.result).rollout, null) }
}

################################################################################
# What ends a rollout
################################################################################

output "alarm_names" {
  description = "Alarms that end each function's rollout, the module's own first."
  value       = local.alarm_names
}

################################################################################
# Dead letters
################################################################################

output "dead_letter_queue_url" {
  description = "Queue of the events that did not get through."
  value       = try(aws_sqs_queue.dead_letters[0].url, null)
}
