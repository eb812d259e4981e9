# A REST API of one function: an operation for everybody, one for who is signed in, and one for who has an API key.

provider "aws" {
  region = var.region
}

locals {
  contract = file(var.openapi)

  # Every operation of the contract, as one function answers them all.
  operations = flatten([for path in values(yamldecode(local.contract).paths) : [for operation in values(path) : operation.operationId if can(operation.operationId)]])
}

module "function" {
  source = "../../modules/function"

  function_name = var.name
  description   = "Answers the operations of ${var.name}"
  package       = { filename = var.jar, source_code_hash = filebase64sha256(var.jar) }
  handler       = var.handler
  snap_start    = false # A demonstration: an apply takes no minutes.

  # API Gateway checks a token's signature, time and pool, and that it is an ID token; of which client it is, is for the function to see.
  environment = { USER_POOL_ISSUER = module.api.user_pool_issuer, USER_POOL_CLIENT_ID = module.api.user_pool_client_id }
}

module "api" {
  source = "../../modules/api"

  name    = var.name
  openapi = local.contract

  integrations = {
    for id in local.operations : id => {
      function_name = module.function.function_name
      alias_name    = module.function.alias_name
      invoke_arn    = module.function.alias_invoke_arn
      timeout       = 15
    }
  }

  authorizers = {
    people    = { type = "COGNITO_USER_POOLS" }
    consumers = { type = "API_KEY" }
  }

  user_pool = { deletion_protection = false }

  consumers = {
    for name, consumer in var.consumers : name => {
      rate_limit  = consumer.rate_limit
      burst_limit = consumer.burst_limit
      quota       = { limit = consumer.quota, period = "DAY" }
    }
  }

  # What everybody may call is what strangers will call.
  operation_throttles = { getStatus = { rate_limit = 5, burst_limit = 5 } }
}
