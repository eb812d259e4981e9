variable "create" {
  description = "Whether to create anything. With `false` every output but `openapi_body` is null."
  type        = bool
  default     = true
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource that takes tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

################################################################################
# API
################################################################################

variable "type" {
  description = "`REST` or `HTTP`, what API Gateway makes of the same contract; the README says what an HTTP API has not. Another type is another API, under another address: make it beside the first one, and move the clients."
  type        = string
  default     = "REST"
  nullable    = false

  validation {
    condition     = contains(["REST", "HTTP"], var.type)
    error_message = "type must be REST or HTTP."
  }
}

variable "name" {
  description = "Name of the API, 1-64 letters, digits, hyphens and underscores. It also starts the statement ids of the functions' permissions."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "name must be 1-64 letters, digits, hyphens and underscores."
  }
}

variable "openapi" {
  description = "The contract: an OpenAPI 3.0.x document, YAML or JSON, without API Gateway's extensions. Known at plan time: pass `file(...)`, not a resource's attribute."
  type        = string
  nullable    = false

  validation {
    condition     = can(keys(yamldecode(var.openapi)))
    error_message = "openapi must be an OpenAPI document in YAML or JSON, and this text is neither. Pass the document itself, as file(\"openapi.yaml\") gives it."
  }
}

variable "integrations" {
  description = "The function behind each operation, by operationId: `function_name`, `alias_name`, `invoke_arn` (of the alias) and `timeout` in seconds, as modules/function outputs them."
  type = map(object({
    function_name = string
    alias_name    = string
    invoke_arn    = string
    timeout       = number
  }))
  nullable = false

  validation {
    condition     = length(setsubtract(keys(local.operations), keys(var.integrations))) == 0
    error_message = "integrations must name a function for every operation of openapi; add ${join(", ", setsubtract(keys(local.operations), keys(var.integrations)))}."
  }

  validation {
    condition     = length(setsubtract(keys(var.integrations), keys(local.operations))) == 0
    error_message = "integrations must name operations of openapi only; remove ${join(", ", setsubtract(keys(var.integrations), keys(local.operations)))}, or correct the operationId."
  }

  validation {
    condition     = alltrue([for integration in var.integrations : integration.timeout * 1000 < var.integration_timeout_milliseconds])
    error_message = "A function's timeout must be shorter than the API's integration timeout (${var.integration_timeout_milliseconds} ms), or the client gets 504 while the function goes on; shorten the timeout of ${join(", ", [for id, integration in var.integrations : "${integration.function_name} (${integration.timeout} s, ${id})" if integration.timeout * 1000 >= var.integration_timeout_milliseconds])}."
  }
}

variable "payload_format_version" {
  description = "With type `HTTP`, how requests are told to the functions: `2.0` or `1.0`, which is a REST API's own. Functions on webapp.core understand both."
  type        = string
  default     = "2.0"
  nullable    = false

  validation {
    condition     = contains(["1.0", "2.0"], var.payload_format_version)
    error_message = "payload_format_version must be \"2.0\" or \"1.0\"."
  }
}

variable "integration_timeout_milliseconds" {
  description = "How long the API waits for a function, in milliseconds (50-29000; with type `HTTP` up to 30000)."
  type        = number
  default     = 29000
  nullable    = false

  validation {
    condition     = var.integration_timeout_milliseconds >= 50 && var.integration_timeout_milliseconds <= (var.type == "HTTP" ? 30000 : 29000) && floor(var.integration_timeout_milliseconds) == var.integration_timeout_milliseconds
    error_message = "integration_timeout_milliseconds must be a whole number from 50 to ${var.type == "HTTP" ? "30000; an HTTP API waits no longer" : "29000; more needs a quota increase and makes browsers wait"}."
  }
}

variable "authorizers" {
  description = <<-EOT
    What checks each security scheme of the contract, by the scheme's name. An operation names one of them, or none, and may ask for an API key beside it.
    - `type`: `AWS_IAM` (a SigV4 signature by a principal that may `execute-api:Invoke`), `COGNITO_USER_POOLS` (people's ID tokens; with scopes, access tokens that have one of them), `JWT` (tokens of any OpenID Connect issuer; type `HTTP` only), `TOKEN` or `REQUEST` (a function of yours decides, by one header or by several parts of the request) or `API_KEY` (a key of `consumers` in the header x-api-key: it throttles and counts, and is no proof of who calls).
    - `user_pool_arns`: with `COGNITO_USER_POOLS`, the pools whose tokens are taken; `null` is the one made here (`user_pool`). One, with type `HTTP`.
    - `issuer`: with `JWT`, whose tokens are taken, as their `iss` says: an HTTPS URL below which API Gateway finds `/.well-known/openid-configuration`.
    - `audience`: with `JWT`, and with `COGNITO_USER_POOLS` and type `HTTP`, the clients that tokens are taken of (`aud`, or `client_id` where a token has no `aud`). `null` with the pool made here: for oauth2 schemes its machine clients, for others its client `web`.
    - `function`: with `TOKEN` and `REQUEST`, the function that decides, as modules/function outputs it. Its `timeout` is at most 29 seconds (type `HTTP`: 10), and comes before the operation's own time. It costs an invocation for each answer that is not cached.
    - `identity_sources`: with the other types but `AWS_IAM` and `API_KEY`, where the credentials are: `method.request.header.NAME`, `method.request.querystring.NAME`, `context.NAME` or `stageVariables.NAME`. A request without one of them gets 401 before the function is asked. `REQUEST` takes several, and all together are the key of its cache; `TOKEN` and `COGNITO_USER_POOLS` take one header, as does `JWT`.
    - `identity_validation_expression`: with `TOKEN` (not with type `HTTP`), a regular expression that the header must match, or the request gets 401 before the function is asked.
    - `result_ttl_in_seconds`: with `TOKEN` and `REQUEST`, how long the function's answer serves every operation that this authorizer guards (0-3600); 0 asks each time.
  EOT
  type = map(object({
    type           = string
    user_pool_arns = optional(list(string))
    issuer         = optional(string)
    audience       = optional(list(string))
    function = optional(object({
      function_name = string
      alias_name    = string
      invoke_arn    = string
      timeout       = number
    }))
    identity_sources               = optional(list(string), ["method.request.header.Authorization"])
    identity_validation_expression = optional(string)
    result_ttl_in_seconds          = optional(number, 300)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for authorizer in var.authorizers : contains(local.authorizer_types, authorizer.type)])
    error_message = "authorizers: type must be ${join(", ", local.authorizer_types)}; correct ${join(", ", [for scheme, authorizer in var.authorizers : "${scheme} (${authorizer.type})" if !contains(local.authorizer_types, authorizer.type)])}."
  }

  validation {
    condition     = length(setsubtract(local.security_schemes, keys(var.authorizers))) == 0
    error_message = "authorizers must say what checks every security scheme of openapi; add ${join(", ", setsubtract(local.security_schemes, keys(var.authorizers)))}."
  }

  validation {
    condition     = length(setsubtract(keys(var.authorizers), local.security_schemes)) == 0
    error_message = "authorizers must name security schemes of openapi only; remove ${join(", ", setsubtract(keys(var.authorizers), local.security_schemes))}, or correct the name."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : (authorizer.function != null) == contains(["TOKEN", "REQUEST"], authorizer.type)])
    error_message = "authorizers: TOKEN and REQUEST need the function that decides, the other types take none; correct ${join(", ", [for scheme, authorizer in var.authorizers : "${scheme} (${authorizer.type})" if(authorizer.function != null) != contains(["TOKEN", "REQUEST"], authorizer.type)])}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : try(authorizer.function.timeout, 0) <= local.longest_authorizer_timeout])
    error_message = "authorizers: a function's timeout must be at most ${local.longest_authorizer_timeout} seconds, or API Gateway gives up first and answers 500; shorten that of ${join(", ", [for scheme, authorizer in var.authorizers : "${authorizer.function.function_name} (${authorizer.function.timeout} s, ${scheme})" if try(authorizer.function.timeout, 0) > local.longest_authorizer_timeout])}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : authorizer.result_ttl_in_seconds >= 0 && authorizer.result_ttl_in_seconds <= 3600 && floor(authorizer.result_ttl_in_seconds) == authorizer.result_ttl_in_seconds])
    error_message = "authorizers: result_ttl_in_seconds must be a whole number from 0 (each request is asked about) to 3600; correct ${join(", ", [for scheme, authorizer in var.authorizers : scheme if !(authorizer.result_ttl_in_seconds >= 0 && authorizer.result_ttl_in_seconds <= 3600 && floor(authorizer.result_ttl_in_seconds) == authorizer.result_ttl_in_seconds)])}."
  }

  validation {
    condition     = alltrue(flatten([for authorizer in var.authorizers : [for source in authorizer.identity_sources : can(regex("^(method[.]request[.](header|querystring)|context|stageVariables)[.][A-Za-z0-9._-]+$", source))]]))
    error_message = "authorizers: identity_sources must be method.request.header.NAME, method.request.querystring.NAME, context.NAME or stageVariables.NAME; correct ${join(", ", flatten([for scheme, authorizer in var.authorizers : [for source in authorizer.identity_sources : "${source} (${scheme})" if !can(regex("^(method[.]request[.](header|querystring)|context|stageVariables)[.][A-Za-z0-9._-]+$", source))]]))}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : can(regex("^method[.]request[.]header[.][^,]+$", join(",", authorizer.identity_sources))) if contains(["COGNITO_USER_POOLS", "JWT", "TOKEN"], authorizer.type)])
    error_message = "authorizers: COGNITO_USER_POOLS, JWT and TOKEN take one identity source, a header, such as method.request.header.Authorization; for more, or for another place, take REQUEST. Correct ${join(", ", [for scheme, authorizer in var.authorizers : scheme if contains(["COGNITO_USER_POOLS", "JWT", "TOKEN"], authorizer.type) && !can(regex("^method[.]request[.]header[.][^,]+$", join(",", authorizer.identity_sources)))])}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : length(authorizer.identity_sources) > 0 || authorizer.result_ttl_in_seconds == 0])
    error_message = "authorizers: what is cached needs identity_sources as its key, or one caller would get another's answer; name them, or set result_ttl_in_seconds = 0 for ${join(", ", [for scheme, authorizer in var.authorizers : scheme if length(authorizer.identity_sources) == 0 && authorizer.result_ttl_in_seconds != 0])}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : contains(["TOKEN", "REQUEST"], authorizer.type) || authorizer.result_ttl_in_seconds == 300])
    error_message = "authorizers: result_ttl_in_seconds is for TOKEN and REQUEST only; remove it from ${join(", ", [for scheme, authorizer in var.authorizers : "${scheme} (${authorizer.type})" if !contains(["TOKEN", "REQUEST"], authorizer.type) && authorizer.result_ttl_in_seconds != 300])}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : authorizer.type == "TOKEN" || authorizer.identity_validation_expression == null])
    error_message = "authorizers: identity_validation_expression is for TOKEN only; remove it from ${join(", ", [for scheme, authorizer in var.authorizers : "${scheme} (${authorizer.type})" if authorizer.type != "TOKEN" && authorizer.identity_validation_expression != null])}."
  }

  validation {
    condition     = alltrue([for scheme, authorizer in var.authorizers : try(length(regexall(local.authorizer_kinds[authorizer.type].pattern, local.scheme_kinds[scheme])) > 0, true)])
    error_message = "authorizers: a scheme must be of a kind that its type can check; change ${join(", ", [for scheme, authorizer in var.authorizers : "${scheme} (${local.scheme_kinds[scheme]}; ${authorizer.type} checks ${local.authorizer_kinds[authorizer.type].words})" if !try(length(regexall(local.authorizer_kinds[authorizer.type].pattern, local.scheme_kinds[scheme])) > 0, true)])}."
  }

  validation {
    condition = alltrue([
      for scheme, authorizer in var.authorizers : contains([for source in authorizer.identity_sources : lower(source)], try(local.scheme_places[scheme], ""))
      if contains(["COGNITO_USER_POOLS", "JWT", "TOKEN", "REQUEST"], authorizer.type) && can(local.scheme_places[scheme]) && length(authorizer.identity_sources) > 0
    ])
    error_message = "authorizers: identity_sources must name the place where openapi puts a scheme's credentials; add ${join(", ", [
      for scheme, authorizer in var.authorizers : "${local.scheme_places[scheme]} (${scheme})"
      if contains(["COGNITO_USER_POOLS", "JWT", "TOKEN", "REQUEST"], authorizer.type) && !contains([for source in authorizer.identity_sources : lower(source)], try(local.scheme_places[scheme], "")) && can(local.scheme_places[scheme]) && length(authorizer.identity_sources) > 0
    ])}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : authorizer.user_pool_arns == null || authorizer.type == "COGNITO_USER_POOLS"])
    error_message = "authorizers: user_pool_arns is for COGNITO_USER_POOLS only; remove it from ${join(", ", [for scheme, authorizer in var.authorizers : "${scheme} (${authorizer.type})" if authorizer.user_pool_arns != null && authorizer.type != "COGNITO_USER_POOLS"])}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : authorizer.type != "COGNITO_USER_POOLS" || (authorizer.user_pool_arns == null ? var.user_pool != null : try(length(authorizer.user_pool_arns) > 0, false))])
    error_message = "authorizers: COGNITO_USER_POOLS needs the pools whose tokens it takes; set user_pool to make one, or user_pool_arns in ${join(", ", [for scheme, authorizer in var.authorizers : scheme if authorizer.type == "COGNITO_USER_POOLS" && !(authorizer.user_pool_arns == null ? var.user_pool != null : try(length(authorizer.user_pool_arns) > 0, false))])}."
  }

  validation {
    condition     = alltrue(flatten([for authorizer in var.authorizers : [for arn in coalesce(authorizer.user_pool_arns, []) : can(regex("^arn:[^:]+:cognito-idp:[^:]+:[0-9]{12}:userpool/[A-Za-z0-9_-]+$", arn))]]))
    error_message = "authorizers: user_pool_arns must be ARNs of user pools (arn:PARTITION:cognito-idp:REGION:ACCOUNT:userpool/ID), not ids or URLs; correct ${join(", ", flatten([for authorizer in var.authorizers : [for arn in coalesce(authorizer.user_pool_arns, []) : arn if !can(regex("^arn:[^:]+:cognito-idp:[^:]+:[0-9]{12}:userpool/[A-Za-z0-9_-]+$", arn))]]))}."
  }

  validation {
    condition     = var.type == "HTTP" || alltrue([for authorizer in var.authorizers : authorizer.type != "JWT"])
    error_message = "authorizers: REST APIs have no JWT authorizer; set type = \"HTTP\", or let a function check the tokens (TOKEN with webapp.api.authorizer.JwtAuthorizerHandler of dist/api.jar), or take COGNITO_USER_POOLS if they are a user pool's. Change ${join(", ", [for scheme, authorizer in var.authorizers : scheme if authorizer.type == "JWT"])}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : authorizer.type == "JWT" ? can(regex("^https://[^?#]+$", authorizer.issuer)) : authorizer.issuer == null])
    error_message = "authorizers: JWT needs the issuer of the tokens, an HTTPS URL as their iss has it, and the other types take none; correct ${join(", ", [for scheme, authorizer in var.authorizers : "${scheme} (${authorizer.type})" if !(authorizer.type == "JWT" ? can(regex("^https://[^?#]+$", authorizer.issuer)) : authorizer.issuer == null)])}."
  }

  validation {
    condition     = alltrue([for authorizer in var.authorizers : authorizer.audience == null || authorizer.type == "JWT" || authorizer.type == "COGNITO_USER_POOLS" && var.type == "HTTP"])
    error_message = "authorizers: audience is for JWT, and for COGNITO_USER_POOLS with type HTTP: a REST API does not look at it, and the function has to. Remove it from ${join(", ", [for scheme, authorizer in var.authorizers : "${scheme} (${authorizer.type})" if authorizer.audience != null && authorizer.type != "JWT"])}."
  }

  validation {
    condition = alltrue([
      for scheme, authorizer in var.authorizers : try(length(authorizer.audience) > 0, authorizer.type != "JWT" && !(authorizer.type == "COGNITO_USER_POOLS" && var.type == "HTTP" && (authorizer.user_pool_arns != null || contains(local.machine_schemes, scheme) && length(local.user_pool_machine_clients) == 0)))
    ])
    error_message = "authorizers: audience must name the clients whose tokens are taken, or those of any client of the issuer would do; add it to ${join(", ", [
      for scheme, authorizer in var.authorizers : scheme
      if !try(length(authorizer.audience) > 0, authorizer.type != "JWT" && !(authorizer.type == "COGNITO_USER_POOLS" && var.type == "HTTP" && (authorizer.user_pool_arns != null || contains(local.machine_schemes, scheme) && length(local.user_pool_machine_clients) == 0)))
    ])}, or, for an oauth2 scheme of the pool made here, user_pool.machine_clients."
  }

  validation {
    condition     = var.type == "REST" || alltrue([for authorizer in var.authorizers : try(length(authorizer.user_pool_arns) == 1, true)])
    error_message = "authorizers: an HTTP API's authorizer takes the tokens of one issuer; name one pool in user_pool_arns, and give each further pool a scheme of its own. Correct ${join(", ", [for scheme, authorizer in var.authorizers : scheme if !try(length(authorizer.user_pool_arns) == 1, true)])}."
  }

  validation {
    condition     = var.type == "REST" || alltrue([for authorizer in var.authorizers : authorizer.type != "API_KEY"])
    error_message = "authorizers: HTTP APIs have no API keys and no usage plans; set type = \"REST\", or know the caller by a token (JWT, or machine_clients of a user pool) and limit operations by operation_throttles. Change ${join(", ", [for scheme, authorizer in var.authorizers : scheme if authorizer.type == "API_KEY"])}."
  }

  validation {
    condition     = var.type == "REST" || alltrue([for authorizer in var.authorizers : authorizer.identity_validation_expression == null])
    error_message = "authorizers: HTTP APIs have no identity_validation_expression; remove it from ${join(", ", [for scheme, authorizer in var.authorizers : scheme if authorizer.identity_validation_expression != null])}, and let the function refuse what does not match."
  }
}

################################################################################
# Consumers
################################################################################

variable "consumers" {
  description = <<-EOT
    Who gets an API key, by name: letters, digits, hyphens and underscores. Each has a key and a usage plan of its own, so no two share a bucket. Without any, nobody can call what asks for a key. No price of its own.
    AWS generates the keys. They are in Terraform's state, and read by `aws apigateway get-api-key --include-value --api-key ID` (output `api_key_ids`). Above its limits a consumer gets 429; API Gateway counts approximately, and both limits hold for all operations together.
    - `rate_limit` and `burst_limit`: requests a second, and at once.
    - `quota`: `limit` requests a `period` (`DAY`, `WEEK` or `MONTH`, in UTC); `null` for no quota. `offset` is the day a period starts with, 0-6 of a week (0 is Sunday) or 0-27 of a month, as the provider has it; AWS's reference now says requests that the first period has less, so leave it at 0 unless you tried.
    - `enabled`: whether the key is taken; with `false` its requests get 403.
  EOT
  type = map(object({
    rate_limit  = number
    burst_limit = number
    quota = optional(object({
      limit  = number
      period = string
      offset = optional(number, 0)
    }))
    enabled = optional(bool, true)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.consumers) == 0 || length(local.api_key_schemes) > 0 || var.type == "HTTP"
    error_message = "consumers need a security scheme that checks their keys: `{ type: apiKey, in: header, name: x-api-key }` in openapi, and authorizers = { SCHEME = { type = \"API_KEY\" } }."
  }

  validation {
    condition     = var.type == "REST" || length(var.consumers) == 0
    error_message = "consumers: HTTP APIs have no API keys and no usage plans; set type = \"REST\", or remove them and limit operations by operation_throttles."
  }

  validation {
    condition     = alltrue([for name in keys(var.consumers) : can(regex("^[A-Za-z0-9_-]{1,64}$", name))])
    error_message = "consumers: names must be 1-64 letters, digits, hyphens and underscores."
  }

  validation {
    condition     = alltrue([for consumer in var.consumers : consumer.rate_limit > 0 && consumer.burst_limit >= 1 && floor(consumer.burst_limit) == consumer.burst_limit])
    error_message = "consumers: rate_limit must be above 0 and burst_limit a whole number of at least 1; otherwise every request is answered 429. To lock a consumer out set enabled = false. Correct ${join(", ", [for name, consumer in var.consumers : name if !(consumer.rate_limit > 0 && consumer.burst_limit >= 1 && floor(consumer.burst_limit) == consumer.burst_limit)])}."
  }

  validation {
    condition     = alltrue([for consumer in var.consumers : consumer.quota == null || try(consumer.quota.limit >= 1 && floor(consumer.quota.limit) == consumer.quota.limit && contains(["DAY", "WEEK", "MONTH"], consumer.quota.period), false)])
    error_message = "consumers: quota needs a limit, a whole number of at least 1, and a period, DAY, WEEK or MONTH; correct ${join(", ", [for name, consumer in var.consumers : name if !(consumer.quota == null || try(consumer.quota.limit >= 1 && floor(consumer.quota.limit) == consumer.quota.limit && contains(["DAY", "WEEK", "MONTH"], consumer.quota.period), false))])}."
  }

  validation {
    condition     = alltrue([for consumer in var.consumers : consumer.quota == null || try(contains(range(lookup({ DAY = 1, WEEK = 7, MONTH = 28 }, consumer.quota.period, 1)), consumer.quota.offset), false)])
    error_message = "consumers: quota.offset must be 0 with DAY, 0-6 with WEEK, 0-27 with MONTH; correct ${join(", ", [for name, consumer in var.consumers : name if !(consumer.quota == null || try(contains(range(lookup({ DAY = 1, WEEK = 7, MONTH = 28 }, consumer.quota.period, 1)), consumer.quota.offset), false))])}."
  }
}

################################################################################
# User pool
################################################################################

variable "user_pool" {
  description = <<-EOT
    A Cognito user pool for the API's callers; `null` for none, or one of yours (`authorizers.user_pool_arns`). People sign in by e-mail address and password, machines by client credentials. Its `name`, which is the API's, and its way of naming users are for life: another `name` plans another, empty pool, which AWS refuses while `deletion_protection` is on.
    Essentials costs $0.015 a month for each person who was active in it beyond 10,000, Lite $0.0055; each machine client $6 a month, each 1,000 of their tokens $2.25.
    - `deletion_protection`: whether AWS refuses to delete the pool and everybody in it. To delete it, apply with `false` first.
    - `user_pool_tier`: `ESSENTIALS` or `LITE` (without access tokens of your making, passkeys, and AWS's newer sign-in pages, none of which this module uses).
    - `password_minimum_length`: 12-99 characters. No kinds of characters are required.
    - `allow_admin_create_user_only`: whether people cannot sign up by themselves.
    - `mfa_configuration`: `OFF`, `OPTIONAL` or `ON`, by an authenticator app. `ON` cannot be given to a pool whose people have none yet: take `OPTIONAL` first.
    - `ses`: an identity verified in Amazon SES that mails come from, as `source_arn` (its ARN) and `from_email_address` (such as `Shop <shop@example.com>`); `null` is Cognito's own sender, which sends 50 mails a day.
    - `auth_flow`: how the client `web` proves a password: `USER_PASSWORD_AUTH` (sends it by TLS, for a function that signs people in) or `USER_SRP_AUTH` (for pages that do).
    - `token_validity_minutes`: how long an ID or access token is good, in minutes (5-1440). API Gateway goes on taking it after its owner signed out.
    - `refresh_token_validity_days`: how long people stay signed in, in days (1-3650).
    - `groups`: name => description; an ID token lists those of its owner.
    - `resource_servers`: identifier => scope => description, what machines can be allowed; contracts and tokens write it `IDENTIFIER/SCOPE`.
    - `machine_clients`: name => scopes. Each has a secret, which is in Terraform's state too, and which you read by `aws cognito-idp describe-user-pool-client --user-pool-id POOL --client-id CLIENT --query UserPoolClient.ClientSecret`.
    - `domain_prefix`: where machines get their tokens, `https://PREFIX.auth.REGION.amazoncognito.com/oauth2/token`; needed for `machine_clients`, unique in the region.
  EOT
  type = object({
    deletion_protection          = optional(bool, true)
    user_pool_tier               = optional(string, "ESSENTIALS")
    password_minimum_length      = optional(number, 12)
    allow_admin_create_user_only = optional(bool, false)
    mfa_configuration            = optional(string, "OFF")
    ses = optional(object({
      source_arn         = string
      from_email_address = string
    }))
    auth_flow                   = optional(string, "USER_PASSWORD_AUTH")
    token_validity_minutes      = optional(number, 15)
    refresh_token_validity_days = optional(number, 30)
    groups                      = optional(map(string), {})
    resource_servers            = optional(map(map(string)), {})
    machine_clients             = optional(map(list(string)), {})
    domain_prefix               = optional(string)
  })
  default = null

  validation {
    condition     = contains(["ESSENTIALS", "LITE"], try(var.user_pool.user_pool_tier, "ESSENTIALS"))
    error_message = "user_pool: user_pool_tier must be ESSENTIALS or LITE; what PLUS costs more for is not configured here."
  }

  validation {
    condition     = try(var.user_pool.password_minimum_length >= 12 && var.user_pool.password_minimum_length <= 99 && floor(var.user_pool.password_minimum_length) == var.user_pool.password_minimum_length, var.user_pool == null)
    error_message = "user_pool: password_minimum_length must be a whole number from 12 to 99; no kinds of characters are required, so length is what there is."
  }

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], try(var.user_pool.mfa_configuration, "OFF"))
    error_message = "user_pool: mfa_configuration must be OFF, OPTIONAL or ON."
  }

  validation {
    condition     = try(var.user_pool.ses, null) == null || can(regex("^arn:[^:]+:ses:[^:]+:[0-9]{12}:identity/.+$", var.user_pool.ses.source_arn))
    error_message = "user_pool: ses.source_arn must be the ARN of an identity verified in Amazon SES (arn:PARTITION:ses:REGION:ACCOUNT:identity/example.com)."
  }

  validation {
    condition     = try(var.user_pool.ses, null) == null || can(regex("^([^<>]+ <)?[^<>@ ]+@[^<>@ ]+>?$", var.user_pool.ses.from_email_address))
    error_message = "user_pool: ses.from_email_address must be an address of the identity, such as shop@example.com or Shop <shop@example.com>."
  }

  validation {
    condition     = contains(["USER_PASSWORD_AUTH", "USER_SRP_AUTH"], try(var.user_pool.auth_flow, "USER_SRP_AUTH"))
    error_message = "user_pool: auth_flow must be USER_PASSWORD_AUTH or USER_SRP_AUTH."
  }

  validation {
    condition     = try(var.user_pool.token_validity_minutes >= 5 && var.user_pool.token_validity_minutes <= 1440 && floor(var.user_pool.token_validity_minutes) == var.user_pool.token_validity_minutes, var.user_pool == null)
    error_message = "user_pool: token_validity_minutes must be a whole number from 5 to 1440; it is in minutes."
  }

  validation {
    condition     = try(var.user_pool.refresh_token_validity_days >= 1 && var.user_pool.refresh_token_validity_days <= 3650 && floor(var.user_pool.refresh_token_validity_days) == var.user_pool.refresh_token_validity_days, var.user_pool == null)
    error_message = "user_pool: refresh_token_validity_days must be a whole number from 1 to 3650; it is in days."
  }

  validation {
    condition     = alltrue([for group in keys(try(var.user_pool.groups, {})) : can(regex("^[A-Za-z0-9_.:-]{1,128}$", group))])
    error_message = "user_pool: the names of groups must be 1-128 letters, digits, dots, colons, hyphens and underscores, as functions compare them."
  }

  validation {
    condition = alltrue([
      for identifier, scopes in try(var.user_pool.resource_servers, {}) :
      can(regex("^[A-Za-z0-9._:/-]{1,256}$", identifier)) && length(scopes) > 0 && length(scopes) <= 100 && alltrue([for scope, description in scopes : can(regex("^[A-Za-z0-9._:-]{1,256}$", scope)) && description != ""])
    ])
    error_message = "user_pool: resource_servers must have identifiers such as orders or https://api.example.com, and each 1-100 scopes of letters, digits, dots, colons, hyphens and underscores (no slash) with a description."
  }

  validation {
    condition = alltrue(flatten([
      for scopes in values(try(var.user_pool.machine_clients, {})) : [length(scopes) > 0, [for scope in scopes : contains(flatten([for identifier, names in try(var.user_pool.resource_servers, {}) : [for name in keys(names) : join("/", [identifier, name])]]), scope)]]
    ]))
    error_message = "user_pool: machine_clients need at least one scope each, all of them IDENTIFIER/SCOPE of resource_servers; correct ${join(", ", [for name, scopes in try(var.user_pool.machine_clients, {}) : name if length(scopes) == 0 || length(setsubtract(scopes, flatten([for identifier, names in try(var.user_pool.resource_servers, {}) : [for name in keys(names) : join("/", [identifier, name])]]))) > 0])}."
  }

  validation {
    condition     = alltrue([for name in keys(try(var.user_pool.machine_clients, {})) : can(regex("^[A-Za-z0-9_-]{1,128}$", name))])
    error_message = "user_pool: the names of machine_clients must be 1-128 letters, digits, hyphens and underscores."
  }

  validation {
    condition     = length(try(var.user_pool.machine_clients, {})) == 0 || try(var.user_pool.domain_prefix, null) != null
    error_message = "user_pool: machine_clients need a domain_prefix, the host where they get their tokens."
  }

  validation {
    condition     = try(var.user_pool.domain_prefix, null) == null || (can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.user_pool.domain_prefix)) && !can(regex("aws|amazon|cognito", var.user_pool.domain_prefix)))
    error_message = "user_pool: domain_prefix must be 1-63 lower case letters, digits and hyphens, without the words aws, amazon and cognito; it is a prefix, not a host name."
  }
}

################################################################################
# Other origins
################################################################################

variable "cors" {
  description = <<-EOT
    Pages of other origins that browsers let call the API; `null` for none, as where pages and API share an origin. Every path answers OPTIONS, at the price of a request. Functions add the headers to their own answers: give them the output `cors_environment`; with type `HTTP` API Gateway adds them to every answer.
    - `allow_origins`: origins such as `https://shop.example.com`, or `["*"]` for all.
    - `allow_headers`: request headers that pages may send beyond the harmless ones.
    - `expose_headers`: response headers that pages may read beyond the harmless ones.
    - `max_age`: how long a browser remembers the answer to OPTIONS, in seconds (0-86400; Chrome 7200 at most).
    - `allow_credentials`: whether browsers send cookies; with one origin only (type `HTTP`: not with `*`), as a REST API's own errors cannot choose among several.
  EOT
  type = object({
    allow_origins     = list(string)
    allow_headers     = optional(list(string), ["Authorization", "Content-Type", "Idempotency-Key"])
    expose_headers    = optional(list(string), ["Retry-After"])
    max_age           = optional(number, 7200)
    allow_credentials = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.cors == null || jsonencode(try(var.cors.allow_origins, [])) == "[\"*\"]" || try(length(var.cors.allow_origins) > 0 && length(distinct(var.cors.allow_origins)) == length(var.cors.allow_origins) && alltrue([for origin in var.cors.allow_origins : can(regex("^(https://[a-z0-9.-]+|http://localhost)(:[0-9]{1,5})?$", origin))]), false)
    error_message = "cors: allow_origins must be origins in lower case, each once, without path or trailing slash, such as https://shop.example.com (http for localhost alone), or [\"*\"] for all."
  }

  validation {
    condition     = alltrue([for header in concat(try(var.cors.allow_headers, []), try(var.cors.expose_headers, [])) : can(regex("^[A-Za-z0-9_-]+$", header))])
    error_message = "cors: allow_headers and expose_headers must be names of headers, such as Content-Type; * is none."
  }

  validation {
    condition     = try(var.cors.max_age >= 0 && var.cors.max_age <= 86400 && floor(var.cors.max_age) == var.cors.max_age, var.cors == null)
    error_message = "cors: max_age must be a whole number of seconds from 0 to 86400."
  }

  validation {
    condition     = !try(var.cors.allow_credentials, false) || ((try(length(var.cors.allow_origins), 0) == 1 || var.type == "HTTP") && !contains(try(var.cors.allow_origins, []), "*"))
    error_message = "cors: allow_credentials needs exactly one origin, and not *: a REST API's own errors cannot choose among several."
  }
}

################################################################################
# Stage
################################################################################

variable "xray_tracing_enabled" {
  description = "Whether API Gateway traces requests with AWS X-Ray: the first in each second and 5 % of the others, $5 a million. A trace goes on in functions that trace too. Not with type `HTTP`."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = var.type == "REST" || !var.xray_tracing_enabled
    error_message = "xray_tracing_enabled: HTTP APIs do not trace; set it to false, and trace in the functions (tracing_mode of modules/function)."
  }
}

variable "throttle" {
  description = "Limits of the whole stage, each method for itself: `rate_limit` in requests a second, `burst_limit` in requests at once. Above them the API answers 429."
  type = object({
    rate_limit  = optional(number, 1000)
    burst_limit = optional(number, 500)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.throttle.rate_limit > 0 && var.throttle.burst_limit >= 1 && floor(var.throttle.burst_limit) == var.throttle.burst_limit
    error_message = "throttle: rate_limit must be above 0 and burst_limit a whole number of at least 1; otherwise every request is answered 429."
  }
}

variable "operation_throttles" {
  description = "Limits of single operations, by operationId, in place of `throttle`."
  type = map(object({
    rate_limit  = number
    burst_limit = number
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.operation_throttles), keys(local.operations))) == 0
    error_message = "operation_throttles must name operations of openapi only; remove ${join(", ", setsubtract(keys(var.operation_throttles), keys(local.operations)))}, or correct the operationId."
  }

  validation {
    condition     = alltrue([for throttle in var.operation_throttles : throttle.rate_limit > 0 && throttle.burst_limit >= 1 && floor(throttle.burst_limit) == throttle.burst_limit])
    error_message = "operation_throttles: rate_limit must be above 0 and burst_limit a whole number of at least 1; otherwise every request is answered 429. Correct ${join(", ", [for id, throttle in var.operation_throttles : id if !(throttle.rate_limit > 0 && throttle.burst_limit >= 1 && floor(throttle.burst_limit) == throttle.burst_limit)])}."
  }
}

variable "web_acl_arn" {
  description = <<-EOT
    ARN of a WAFv2 web ACL of scope REGIONAL, in the API's region, that checks every request to the stage; `null` for none. The edge's web ACL and country block do not cover calls that go directly to the API (API Gateway's own name or `domain`), this one does.
    `firewall` makes one instead. Rules, logs and alarms of this one are the caller's. Known at plan time: a web ACL that is already there, not one that the same apply makes. A web ACL costs $5 a month, each rule $1, and a million requests $0.60.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.web_acl_arn == null || can(regex("^arn:[^:]+:wafv2:${data.aws_region.current.id}:[0-9]{12}:regional/webacl/[^/]+/[^/]+$", var.web_acl_arn))
    error_message = "web_acl_arn must be the ARN of a regional web ACL in the API's region (arn:PARTITION:wafv2:${data.aws_region.current.id}:ACCOUNT:regional/webacl/NAME/ID); CloudFront's (global/webacl) belongs to modules/edge."
  }

  validation {
    condition     = var.type == "REST" || var.web_acl_arn == null
    error_message = "web_acl_arn: AWS WAF does not stand before HTTP APIs; set it to null and put the web ACL on a CloudFront distribution before the API (modules/edge), or set type = \"REST\"."
  }
}

variable "firewall" {
  description = <<-EOT
    A WAFv2 web ACL made here, before every name of the API; `null` for none, or one of yours (`web_acl_arn`). What it blocks is 403. $5 a month, $1 for each rule (five by default), $0.60 a million requests.
    - `managed_rule_groups`: AWS's free rule groups, in the order they are asked: `name`, `version` (`null` is AWS's choice), `count_only` (whether the group only counts what it would block) and `count_rules` (those of its rules that only count). `SizeRestrictions_BODY`, which blocks bodies above 8 KB, only counts by default, as `body_size_limit_bytes` is there.
    - `body_size_limit_bytes`: larger bodies are blocked (1-65536). Above 16384, AWS charges $0.30 more for a million requests with a larger body, for each further 16 KB.
    - `behind_cdn`: whether clients come through a CDN. Then every address is the CDN's, and the three options below are refused: give them to the CDN's web ACL.
    - `rate_limit_per_ip`: requests of one address in 5 minutes, above which it is blocked (10-2000000000); `null` for no limit.
    - `countries`: `action` `allow` (these alone) or `block`, and their ISO 3166-1 alpha-2 `codes`; `null` for all.
    - `addresses`: `action` `allow` (these alone) or `block`, and their IPv4 and IPv6 `cidrs`; `null` for all.
    - `logs`: a line for each request that was blocked or counted in the log group `aws-waf-logs-NAME`, credentials redacted: `retention_in_days` and `kms_key_arn` as in `access_logs`. Lines hold addresses, paths, query strings and headers: treat the group as personal data.
  EOT
  type = object({
    managed_rule_groups = optional(list(object({
      name        = string
      version     = optional(string)
      count_only  = optional(bool, false)
      count_rules = optional(list(string), [])
      })), [
      { name = "AWSManagedRulesAmazonIpReputationList" },
      { name = "AWSManagedRulesCommonRuleSet", count_rules = ["SizeRestrictions_BODY"] },
      { name = "AWSManagedRulesKnownBadInputsRuleSet" },
      { name = "AWSManagedRulesSQLiRuleSet" },
    ])
    body_size_limit_bytes = optional(number, 16384)
    behind_cdn            = optional(bool, true)
    rate_limit_per_ip     = optional(number)
    countries = optional(object({
      action = string
      codes  = list(string)
    }))
    addresses = optional(object({
      action = string
      cidrs  = list(string)
    }))
    logs = optional(object({
      retention_in_days = optional(number, 30)
      kms_key_arn       = optional(string)
    }), {})
  })
  default = null

  validation {
    condition     = var.firewall == null || var.web_acl_arn == null
    error_message = "firewall and web_acl_arn exclude each other, as a stage has one web ACL; set one of them to null."
  }

  validation {
    condition     = var.type == "REST" || var.firewall == null
    error_message = "firewall: AWS WAF does not stand before HTTP APIs; set it to null and put a web ACL on a CloudFront distribution before the API (modules/edge), or set type = \"REST\"."
  }

  validation {
    condition     = alltrue([for group in try(var.firewall.managed_rule_groups, []) : can(regex("^AWSManagedRules[A-Za-z]+$", group.name))]) && length(distinct(try(var.firewall.managed_rule_groups, [])[*].name)) == length(try(var.firewall.managed_rule_groups, []))
    error_message = "firewall: managed_rule_groups must name AWS's groups, such as AWSManagedRulesCommonRuleSet, each once."
  }

  validation {
    condition     = length(setintersection(try(var.firewall.managed_rule_groups, [])[*].name, ["AWSManagedRulesBotControlRuleSet", "AWSManagedRulesATPRuleSet", "AWSManagedRulesACFPRuleSet", "AWSManagedRulesAntiDDoSRuleSet"])) == 0
    error_message = "firewall: managed_rule_groups takes AWS's free groups; bot control, fraud control and DDoS prevention cost more and need settings: use a web ACL of yours, web_acl_arn."
  }

  validation {
    condition     = try(var.firewall.body_size_limit_bytes >= 1 && var.firewall.body_size_limit_bytes <= 65536 && floor(var.firewall.body_size_limit_bytes) == var.firewall.body_size_limit_bytes, var.firewall == null)
    error_message = "firewall: body_size_limit_bytes must be a whole number from 1 to 65536; AWS WAF looks at no more."
  }

  validation {
    condition     = !try(var.firewall.behind_cdn, false) || (try(var.firewall.rate_limit_per_ip, null) == null && try(var.firewall.countries, null) == null && try(var.firewall.addresses, null) == null)
    error_message = "firewall: rate_limit_per_ip, countries and addresses would judge the CDN's addresses, all visitors as one; give them to the CDN's web ACL, or set behind_cdn = false if clients call the API directly."
  }

  validation {
    condition     = try(var.firewall.rate_limit_per_ip, null) == null || try(var.firewall.rate_limit_per_ip >= 10 && var.firewall.rate_limit_per_ip <= 2000000000 && floor(var.firewall.rate_limit_per_ip) == var.firewall.rate_limit_per_ip, false)
    error_message = "firewall: rate_limit_per_ip must be a whole number from 10 to 2000000000; it is requests in 5 minutes."
  }

  validation {
    condition     = try(var.firewall.countries, null) == null || try(contains(["allow", "block"], var.firewall.countries.action) && length(var.firewall.countries.codes) > 0 && alltrue([for code in var.firewall.countries.codes : can(regex("^[A-Z]{2}$", code))]), false)
    error_message = "firewall: countries needs an action, allow or block, and codes of two capital letters, such as [\"DE\", \"FR\"]."
  }

  validation {
    condition     = try(var.firewall.addresses, null) == null || try(contains(["allow", "block"], var.firewall.addresses.action) && length(var.firewall.addresses.cidrs) > 0 && alltrue([for cidr in var.firewall.addresses.cidrs : can(cidrhost(cidr, 0)) && cidr == lower(cidr) && !endswith(cidr, "/0")]), false)
    error_message = "firewall: addresses needs an action, allow or block, and cidrs in lower case, such as [\"192.0.2.0/24\", \"2001:db8::/32\"]; WAF has no /0."
  }

  validation {
    condition     = contains(local.log_retention_periods, try(var.firewall.logs.retention_in_days, 30))
    error_message = "firewall: logs.retention_in_days must be a period CloudWatch knows: ${join(", ", local.log_retention_periods)}."
  }

  validation {
    condition     = try(var.firewall.logs.kms_key_arn, null) == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.firewall.logs.kms_key_arn))
    error_message = "firewall: logs.kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }
}

################################################################################
# Logs
################################################################################

variable "access_logs" {
  description = <<-EOT
    A line of JSON for each request in the log group `/aws/apigateway/NAME`; `null` for none. Needs, with type `REST`, API Gateway's log role in the account and region (examples/account-bootstrap). About 1 KB a request; CloudWatch takes $0.50 a GB in.
    - `retention_in_days`: how long CloudWatch keeps it: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653.
    - `kms_key_arn`: key of the log group, whose policy must let CloudWatch Logs use it; `null` is CloudWatch's own encryption.
  EOT
  type = object({
    retention_in_days = optional(number, 30)
    kms_key_arn       = optional(string)
  })
  default = null

  validation {
    condition     = contains(local.log_retention_periods, try(var.access_logs.retention_in_days, 30))
    error_message = "access_logs: retention_in_days must be a period CloudWatch knows: ${join(", ", local.log_retention_periods)}."
  }

  validation {
    condition     = try(var.access_logs.kms_key_arn, null) == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.access_logs.kms_key_arn))
    error_message = "access_logs: kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }
}

variable "execution_logs" {
  description = <<-EOT
    What API Gateway did with requests, for finding a fault of its own, in the log group `API-Gateway-Execution-Logs_ID/api`; `null` for none. Needs the log role, as `access_logs` does. Whole bodies and headers are not logged. Paths are, and so are the values that fail the validation of a request (a name, an e-mail address, a phone number): treat the group as personal data. Not with type `HTTP`.
    - `logging_level`: `ERROR` (failed requests) or `INFO` (several lines for each request, which cost more than the request).
    - `retention_in_days` and `kms_key_arn`: as in `access_logs`.
  EOT
  type = object({
    logging_level     = optional(string, "ERROR")
    retention_in_days = optional(number, 30)
    kms_key_arn       = optional(string)
  })
  default = null

  validation {
    condition     = contains(["ERROR", "INFO"], try(var.execution_logs.logging_level, "ERROR"))
    error_message = "execution_logs: logging_level must be ERROR or INFO; for no logs set execution_logs = null."
  }

  validation {
    condition     = var.type == "REST" || var.execution_logs == null
    error_message = "execution_logs: HTTP APIs have none; set it to null, and see access_logs and the functions' own logs."
  }

  validation {
    condition     = contains(local.log_retention_periods, try(var.execution_logs.retention_in_days, 30))
    error_message = "execution_logs: retention_in_days must be a period CloudWatch knows: ${join(", ", local.log_retention_periods)}."
  }

  validation {
    condition     = try(var.execution_logs.kms_key_arn, null) == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.execution_logs.kms_key_arn))
    error_message = "execution_logs: kms_key_arn must be the ARN of a key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an id or an alias."
  }
}

################################################################################
# Domain name
################################################################################

variable "domain" {
  description = <<-EOT
    A host name of the caller's for the API, such as `api.example.com`, whose paths are the same (`/api/...`); `null` for API Gateway's own name alone. TLS 1.2 and 1.3. No fixed price.
    - `name`: the host name, lower case. It must not be in use for another API of the region.
    - `zone_id`: public Route 53 zone of the records made here.
    - `create_certificate`: whether to make the certificate (in the API's region, proved by a record in `zone_id`); with `false` give `certificate_arn`, which must lie in the API's region.
    - `create_records`: whether to make the record that points to the API; with `false` it is the caller's, to output `regional_domain_name`.
    - `disable_execute_api_endpoint`: whether API Gateway's own name stops answering (403). On a live system apply with `false` first, and with `true` when every client, the CDN included, uses the name.
  EOT
  type = object({
    name                         = string
    zone_id                      = optional(string)
    create_certificate           = optional(bool, true)
    certificate_arn              = optional(string)
    create_records               = optional(bool, true)
    disable_execute_api_endpoint = optional(bool, true)
  })
  default = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z]{2,63}$", var.domain.name))
    error_message = "domain: name must be a host name in lower case, such as api.example.com."
  }

  validation {
    condition     = var.domain == null || try(var.domain.zone_id != null || !(var.domain.create_certificate || var.domain.create_records), false)
    error_message = "domain: set zone_id, the Route 53 zone for the certificate's and the name's records, or create_certificate = false and create_records = false."
  }

  validation {
    condition     = var.domain == null || try((var.domain.certificate_arn != null) != var.domain.create_certificate, false)
    error_message = "domain: either create_certificate = true and no certificate_arn, or create_certificate = false and the certificate_arn to use."
  }

  validation {
    condition     = try(var.domain.certificate_arn, null) == null || can(regex("^arn:[^:]+:acm:${data.aws_region.current.id}:[0-9]{12}:certificate/.+$", var.domain.certificate_arn))
    error_message = "domain: certificate_arn must be the ARN of an ACM certificate in the API's region (arn:PARTITION:acm:${data.aws_region.current.id}:ACCOUNT:certificate/ID); CloudFront's, in us-east-1, does not serve a regional API elsewhere."
  }
}

################################################################################
# Alarms
################################################################################

variable "alarms" {
  description = <<-EOT
    Alarms of the stage; `null` for none. $0.40 a month together.
    - `actions`: ARNs told when an alarm fires and when it is over, such as SNS topics of the API's region.
    - `runbook_url`: where docs/runbooks of this repository can be read, without a trailing slash; each alarm links its section.
    - `rate_5xx_percent`: share of requests failed on our side, in percent (above 0, up to 100), in 3 of 5 minutes.
    - `latency_p99_milliseconds`: what 99 of 100 requests take at most, in milliseconds (1-29000), for 15 minutes.
    - `rate_4xx_percent`: share of refused requests, in percent (above 0, up to 100), for 15 minutes.
    - `rate_4xx_minimum_requests`: requests in 5 minutes below which `rate_4xx_percent` is not looked at, a whole number of at least 1.
  EOT
  type = object({
    actions                   = list(string)
    runbook_url               = optional(string, "docs/runbooks")
    rate_5xx_percent          = optional(number, 1)
    latency_p99_milliseconds  = optional(number, 3000)
    rate_4xx_percent          = optional(number, 25)
    rate_4xx_minimum_requests = optional(number, 100)
  })
  default = null

  validation {
    condition     = alltrue([for action in try(var.alarms.actions, []) : can(regex("^arn:", action))])
    error_message = "alarms: actions must be ARNs, such as arn:PARTITION:sns:REGION:ACCOUNT:TOPIC."
  }

  validation {
    condition     = var.alarms == null || can(regex("[^/]$", var.alarms.runbook_url))
    error_message = "alarms: runbook_url must be a URL or path without a trailing slash, such as https://github.com/OWNER/REPOSITORY/blob/main/docs/runbooks."
  }

  validation {
    condition     = alltrue([for percent in [try(var.alarms.rate_5xx_percent, 1), try(var.alarms.rate_4xx_percent, 1)] : percent > 0 && percent <= 100])
    error_message = "alarms: rate_5xx_percent and rate_4xx_percent must be above 0 and at most 100; they are percents, so 1 is one request of a hundred."
  }

  validation {
    condition     = try(var.alarms.latency_p99_milliseconds, 1) >= 1 && try(var.alarms.latency_p99_milliseconds, 1) <= 29000
    error_message = "alarms: latency_p99_milliseconds must be 1-29000; it is in milliseconds, and API Gateway answers 504 after 29000."
  }

  validation {
    condition     = try(var.alarms.rate_4xx_minimum_requests >= 1 && floor(var.alarms.rate_4xx_minimum_requests) == var.alarms.rate_4xx_minimum_requests, var.alarms == null)
    error_message = "alarms: rate_4xx_minimum_requests must be a whole number of at least 1."
  }
}

################################################################################
# Dashboard
################################################################################

variable "dashboard" {
  description = <<-EOT
    A CloudWatch dashboard `NAME-REGION` of the API and what is behind it, with the alarms' thresholds; `null` for none. $3 a month beyond the account's first three.
    - `function_names`: functions to show.
    - `db_instance_identifier`: RDS instance to show; `null` for none.
  EOT
  type = object({
    function_names         = optional(list(string), [])
    db_instance_identifier = optional(string)
  })
  default = null

  validation {
    condition     = alltrue([for name in try(var.dashboard.function_names, []) : can(regex("^[A-Za-z0-9_-]{1,64}$", name))])
    error_message = "dashboard: function_names must be names of functions (1-64 letters, digits, hyphens and underscores), not ARNs."
  }

  validation {
    condition     = try(var.dashboard.db_instance_identifier, null) == null || can(regex("^[a-z][a-z0-9-]{0,62}$", var.dashboard.db_instance_identifier))
    error_message = "dashboard: db_instance_identifier must be the identifier of an RDS instance (lower case letters, digits and hyphens), not an ARN or a host name."
  }
}
