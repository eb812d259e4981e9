# An HTTP API of one function: an operation for everybody, and one for who has a token.

provider "aws" {
  region = var.region
}

locals {
  contract = file(var.openapi)

  # Every operation of the contract, as one function answers them all.
  operations = flatten([for path in values(yamldecode(local.contract).paths) : [for operation in values(path) : operation.operationId if can(operation.operationId)]])

  issuer   = var.oidc == null ? module.api.user_pool_issuer : var.oidc.issuer
  audience = var.oidc == null ? module.api.user_pool_client_id : var.oidc.audience
}

module "function" {
  source = "../../modules/function"

  function_name = var.name
  description   = "Answers the operations of ${var.name}"
  package       = { filename = var.jar, source_code_hash = filebase64sha256(var.jar) }
  handler       = var.handler
  snap_start    = false # A demonstration: an apply takes no minutes.

  # API Gateway checks a token's signature, time, issuer and audience; that it is an ID token is for the function to see.
  environment = { USER_POOL_ISSUER = local.issuer, USER_POOL_CLIENT_ID = local.audience }
}

module "api" {
  source = "../../modules/api"

  type    = "HTTP"
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
    people = {
      type     = var.oidc == null ? "COGNITO_USER_POOLS" : "JWT"
      issuer   = try(var.oidc.issuer, null)
      audience = var.oidc == null ? null : [var.oidc.audience]
    }
  }

  user_pool = var.oidc == null ? { deletion_protection = false } : null

  # What everybody may call is what strangers will call.
  operation_throttles = { getStatus = { rate_limit = 5, burst_limit = 5 } }
}
