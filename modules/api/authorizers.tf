# What checks a caller: from the contract's plain security schemes to API Gateway's authorizers.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html

################################################################################
# Schemes
################################################################################

locals {
  authorizer_types = ["AWS_IAM", "COGNITO_USER_POOLS", "JWT", "TOKEN", "REQUEST", "API_KEY"]

  # What a scheme of the contract is, in lower case as header names have none.
  scheme_kinds = {
    for scheme, definition in try(local.contract.components.securitySchemes, {}) : scheme => lower(try(
      {
        apiKey        = try("apiKey in ${definition["in"]} ${definition.name}", "apiKey")
        http          = try("http ${definition.scheme}", "http")
        oauth2        = "oauth2"
        openIdConnect = "openIdConnect"
      }[definition.type], "unknown"
    ))
  }

  # Where a scheme's credentials are in a request. A cookie is a part of its header, the only place API Gateway can look at.
  scheme_places = {
    for scheme, kind in local.scheme_kinds : scheme => (
      startswith(kind, "apikey in header ") ? "method.request.header.${trimprefix(kind, "apikey in header ")}" :
      startswith(kind, "apikey in query ") ? "method.request.querystring.${trimprefix(kind, "apikey in query ")}" :
      startswith(kind, "apikey in cookie ") ? "method.request.header.cookie" : "method.request.header.authorization"
    )
  }

  # The kinds that each type can check, and how the contract writes them.
  authorizer_kinds = {
    AWS_IAM            = { pattern = "^apikey in header authorization$", words = "type: apiKey, in: header, name: Authorization" }
    COGNITO_USER_POOLS = { pattern = "^(http bearer|oauth2|openidconnect|apikey in header .+)$", words = "http bearer, oauth2, openIdConnect or an apiKey in a header" }
    JWT                = { pattern = "^(http bearer|oauth2|openidconnect|apikey in header .+)$", words = "http bearer, oauth2, openIdConnect or an apiKey in a header" }
    TOKEN              = { pattern = "^(http .+|oauth2|openidconnect|apikey in header .+)$", words = "http, oauth2, openIdConnect or an apiKey in a header" }
    REQUEST            = { pattern = "^(http .+|oauth2|openidconnect|apikey in .+)$", words = "http, oauth2, openIdConnect or apiKey" }
    API_KEY            = { pattern = "^apikey in header x-api-key$", words = "type: apiKey, in: header, name: x-api-key" }
  }

  lambda_authorizers = { for scheme, authorizer in var.authorizers : scheme => authorizer if contains(["TOKEN", "REQUEST"], authorizer.type) && authorizer.function != null }

  # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  longest_authorizer_timeout = var.type == "HTTP" ? 10 : 29

  # Schemes whose tokens are, by default, those of the machines of the pool made here.
  machine_schemes = [for scheme, kind in local.scheme_kinds : scheme if kind == "oauth2"]

  # May stand beside an authorizer in an operation's requirement.
  api_key_schemes = [for scheme, authorizer in var.authorizers : scheme if authorizer.type == "API_KEY"]
}

################################################################################
# Rendering
################################################################################

locals {
  authorizer_user_pool_arns = {
    for scheme, authorizer in var.authorizers : scheme => coalesce(authorizer.user_pool_arns, aws_cognito_user_pool.this[*].arn) if authorizer.type == "COGNITO_USER_POOLS"
  }

  # To API Gateway every scheme is an apiKey, whose header is the identity source of an authorizer that has but one.
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
  rest_security_schemes = {
    for scheme, authorizer in var.authorizers : scheme => merge(
      {
        type = "apiKey"
        in   = "header"
        name = (
          authorizer.type == "API_KEY" ? "x-api-key" :
          authorizer.type == "AWS_IAM" ? "Authorization" :
          authorizer.type == "REQUEST" ? "Unused" : trimprefix(try(authorizer.identity_sources[0], ""), "method.request.header.")
        )
      },
      { for authtype in ["awsSigv4"] : "x-amazon-apigateway-authtype" => authtype if authorizer.type == "AWS_IAM" },
      { for authtype in ["cognito_user_pools"] : "x-amazon-apigateway-authtype" => authtype if authorizer.type == "COGNITO_USER_POOLS" },
      { for authtype in ["custom"] : "x-amazon-apigateway-authtype" => authtype if contains(["TOKEN", "REQUEST"], authorizer.type) },
      {
        for extension in [{ type = "cognito_user_pools", providerARNs = try(local.authorizer_user_pool_arns[scheme], []) }] :
        "x-amazon-apigateway-authorizer" => extension if authorizer.type == "COGNITO_USER_POOLS"
      },
      {
        for extension in [merge(
          { type = lower(authorizer.type), authorizerUri = try(authorizer.function.invoke_arn, null), authorizerResultTtlInSeconds = authorizer.result_ttl_in_seconds },
          { for sources in [join(", ", authorizer.identity_sources)] : "identitySource" => sources if authorizer.type == "REQUEST" && sources != "" },
          { for expression in [authorizer.identity_validation_expression] : "identityValidationExpression" => expression if expression != null },
        )] : "x-amazon-apigateway-authorizer" => extension if contains(["TOKEN", "REQUEST"], authorizer.type)
      },
    )
  }

  # What a 401 asks for; RFC 9110 wants it said. A scheme with a header of its own has no challenge, and a signature is never asked for with 401.
  challenged_kinds = [
    for scheme, authorizer in var.authorizers : try(local.scheme_kinds[scheme], "unknown") if contains(["COGNITO_USER_POOLS", "TOKEN", "REQUEST"], authorizer.type)
  ]
  challenges = concat(
    [for challenge in ["Bearer"] : challenge if anytrue([for kind in local.challenged_kinds : contains(["http bearer", "oauth2", "openidconnect"], kind)])],
    [for challenge in ["Basic realm=\"${var.name}\", charset=\"UTF-8\""] : challenge if contains(local.challenged_kinds, "http basic")],
  )
}

################################################################################
# Permissions
################################################################################

# For any authorizer of this API: of the one that a REST API imports, the id is no attribute of anything here; an HTTP API's comes after its permission.
resource "aws_lambda_permission" "authorizer" {
  for_each = { for scheme, authorizer in local.lambda_authorizers : scheme => authorizer.function if var.create }

  statement_id_prefix = "${substr("${var.name}-${replace(each.key, "/[^A-Za-z0-9_-]/", "-")}-authorizer", 0, 73)}-"
  action              = "lambda:InvokeFunction"
  principal           = "apigateway.amazonaws.com"
  function_name       = each.value.function_name
  qualifier           = each.value.alias_name
  source_arn          = "${local.execution_arn}/authorizers/*"

  # As with the operations' permissions.
  lifecycle {
    create_before_destroy = true
  }
}
