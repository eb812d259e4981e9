# Reads the contract, a plain OpenAPI 3.0 document, and says what is wrong with it. Every expression tolerates a wrong contract, so that
# its author gets contract_faults (a precondition of the API: a variable's validation cannot use what is derived from the variable)
# and not an error from the middle of the rendering.

################################################################################
# Reading
################################################################################

locals {
  contract = try(yamldecode(var.openapi), null)

  # All of OpenAPI's, of which API Gateway lacks TRACE.
  contract_methods = ["delete", "get", "head", "options", "patch", "post", "put", "trace"]

  contract_operations = flatten([
    for path, item in try(local.contract.paths, {}) : [
      for method in local.contract_methods : {
        path         = path
        method       = upper(method)
        operation_id = try(tostring(item[method].operationId), null)
        # An operation inherits the document's security; API Gateway ignores it at that level, so it is written to each operation.
        security = try(item[method].security, local.contract.security, null)
        parameters = [
          for parameter in concat(try(item.parameters, []), try(item[method].parameters, [])) :
          try(local.contract.components.parameters[basename(parameter["$ref"])], parameter)
        ]
        request_content = try(
          local.contract.components.requestBodies[basename(item[method].requestBody["$ref"])].content,
          item[method].requestBody.content,
          {}
        )
      } if can(item[method])
    ]
  ])

  # By operationId; a duplicate is a fault.
  operations = {
    for id, same in { for operation in local.contract_operations : operation.operation_id => operation... if operation.operation_id != null } :
    id => same[0]
  }

  server_paths = [for server in try(local.contract.servers, []) : trimsuffix(replace(try(server.url, ""), "/^[A-Za-z]+://[^/]+/", ""), "/")]

  security_schemes = distinct(concat(
    try(keys(local.contract.components.securitySchemes), []),
    flatten([for operation in local.contract_operations : try([for requirement in operation.security : keys(requirement)], [])])
  ))

  # Each scheme that an operation asks for, with the scopes it asks for.
  required_scopes = flatten([
    for operation in local.contract_operations : try([
      for requirement in operation.security : [
        for scheme, scopes in requirement : { operation = "${operation.method} ${operation.path}", scheme = scheme, scopes = try(tolist(scopes), []) }
      ]
    ], [])
  ])
}

################################################################################
# Faults
################################################################################

locals {
  operation_names = [for operation in local.contract_operations : "${operation.method} ${operation.path}"]

  # Remedy => what it applies to.
  contract_checks = {
    "write `openapi: 3.0.3`; API Gateway imports version 3.0.x" = [
      for version in [try(tostring(local.contract.openapi), "no version")] : version if !can(regex("^3[.]0[.][0-9]+$", version))
    ]
    "remove it; this module renders API Gateway's extensions itself" = flatten(regexall("\"(x-amazon-[^\"]*)\":", jsonencode(local.contract)))

    "give it an operation; a path's $ref is not followed" = (
      length(try(local.contract.paths, {})) == 0 ? ["paths"] : [for path in keys(local.contract.paths) : path if !contains(local.contract_operations[*].path, path)]
    )

    "write `servers: [{url: /${local.stage_name}}]`; the stage of the API is named ${local.stage_name}, so this is the only path it can have" = (
      length(local.server_paths) == 0 ? ["no server"] : [for path in local.server_paths : "server path ${coalesce(path, "/")}" if path != "/${local.stage_name}"]
    )
    "give it an operationId of 1-35 letters, digits, hyphens and underscores" = [
      for index, operation in local.contract_operations : local.operation_names[index] if !can(regex("^[A-Za-z0-9_-]{1,35}$", operation.operation_id))
    ]
    "give each an operationId of its own" = [
      for id, names in { for index, operation in local.contract_operations : coalesce(operation.operation_id, "-") => local.operation_names[index]... } :
      "${id} (${join(" and ", names)})" if length(names) > 1 && id != "-"
    ]
    "say who may call it: `security: [{SCHEME: []}]`, or `security: []` to make it public" = [
      for index, operation in local.contract_operations : local.operation_names[index] if operation.security == null
    ]
    # Two requirements, two authorizers in one, or the empty requirement, which makes a signature optional.
    "name one security scheme, or one and the API key in the same requirement, or none; API Gateway takes one authorizer an operation" = [
      for index, operation in local.contract_operations : local.operation_names[index]
      if operation.security != null && jsonencode(operation.security) != "[]" && !try(
        length(operation.security) == 1
        && length(setsubtract(keys(operation.security[0]), local.api_key_schemes)) <= 1
        && length(setintersection(keys(operation.security[0]), local.api_key_schemes)) <= 1
        && length(keys(operation.security[0])) >= 1,
        false
      )
    ]
    "define it in components.securitySchemes; the security of an operation refers to it" = setsubtract(local.required_scopes[*].scheme, keys(local.scheme_kinds))
    "remove the scopes; OpenAPI 3.0 has them for oauth2 and openIdConnect only" = [
      for required in local.required_scopes : "${required.operation} (${required.scheme})"
      if length(required.scopes) > 0 && !contains(["oauth2", "openidconnect", "undefined"], lookup(local.scheme_kinds, required.scheme, "undefined"))
    ]
    "remove the scopes; of the authorizers only COGNITO_USER_POOLS and JWT look at them, a function has to know its own rules" = [
      for required in local.required_scopes : "${required.operation} (${required.scheme})"
      if length(required.scopes) > 0 && contains(["TOKEN", "REQUEST"], try(var.authorizers[required.scheme].type, ""))
    ]
    "name a scope, `SCHEME: [IDENTIFIER/SCOPE]`; without one API Gateway takes ID tokens, which machines do not get, and refuses access tokens" = [
      for required in local.required_scopes : "${required.operation} (${required.scheme})"
      if length(required.scopes) == 0 && lookup(local.scheme_kinds, required.scheme, "") == "oauth2" && try(var.authorizers[required.scheme].type, "") == "COGNITO_USER_POOLS" && var.type == "REST"
    ]
    "declare it in the scopes of the scheme's flows" = flatten([
      for required in local.required_scopes : [
        for scope in required.scopes : "${scope} (${required.scheme})"
        if !contains(flatten([for flow in values(try(local.contract.components.securitySchemes[required.scheme].flows, {})) : keys(try(flow.scopes, {}))]), scope)
      ] if lookup(local.scheme_kinds, required.scheme, "") == "oauth2"
    ])
    "add it to user_pool.resource_servers, or no token of the pool has it" = flatten([
      for required in local.required_scopes : [for scope in required.scopes : "${scope} (${required.scheme})" if !contains(concat(local.user_pool_scopes, local.standard_scopes), scope)]
      if var.user_pool != null && try(var.authorizers[required.scheme].type == "COGNITO_USER_POOLS" && var.authorizers[required.scheme].user_pool_arns == null, false)
    ])
    "remove it; cors answers OPTIONS" = [
      for index, operation in local.contract_operations : local.operation_names[index] if operation.method == "OPTIONS" && var.cors != null
    ]
    "remove it; API Gateway has no TRACE" = [
      for index, operation in local.contract_operations : local.operation_names[index] if operation.method == "TRACE"
    ]
    "use segments of letters, digits, `.`, `_`, `:` and `-`, or one {parameter}, the first one fixed (/{proxy+} answers for unknown paths)" = [
      for operation in local.contract_operations : operation.path if !can(regex("^/$|^/[A-Za-z0-9._:-]+(/([A-Za-z0-9._:-]+|[{][A-Za-z0-9._-]+[}]))*$", operation.path))
    ]
    "name the parameter alike in all paths; API Gateway takes one name at one place" = [
      for places in values({
        for place in distinct(flatten([
          for operation in local.contract_operations : [
            for index, segment in split("/", operation.path) : join("/", slice(split("/", operation.path), 0, index + 1)) if startswith(segment, "{")
          ]
        ])) : replace(place, "/[{][^/]*$/", "") => place...
      }) : join(" and ", sort(places)) if length(places) > 1
    ]
  }

  # An HTTP API has no models.
  model_checks = {
    "make the schema of the request body a reference, `$ref: '#/components/schemas/NAME'` with an alphanumeric name: it becomes a model of the API" = flatten([
      for id, content in local.request_models : [for name in values(content) : id if !contains(keys(local.schemas), coalesce(name, "-"))]
    ])
    "define it in components.schemas; the schema of a request body refers to it" = setsubtract(local.model_references, keys(local.schemas))
    "give it an alphanumeric name; a schema of a request body becomes a model of the API" = [
      for name in local.model_names : name if !can(regex("^[A-Za-z0-9]+$", name))
    ]
    "leave it out of the schemas of request bodies and let the function check; API Gateway's models do not have it" = local.model_refusals
  }

  contract_faults = [
    for remedy, culprits in merge(local.contract_checks, { for remedy, culprits in local.model_checks : remedy => culprits if var.type == "REST" }) :
    "${join(", ", distinct(culprits))}: ${remedy}." if length(culprits) > 0
  ]
}
