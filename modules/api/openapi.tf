# From the contract to the body that API Gateway imports. The body holds only what API Gateway acts on, so that a new wording in the
# contract does not redeploy the API, and nothing its import refuses:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html

################################################################################
# Models: the schemas of request bodies, in the JSON Schema draft 4 of API Gateway
################################################################################

locals {
  schemas = try(local.contract.components.schemas, {})

  # content type => name of the schema, or null where the schema is not a reference.
  request_models = {
    for id, operation in local.operations : id => {
      for content_type, media in operation.request_content : content_type => try(regex("^#/components/schemas/([A-Za-z0-9]+)$", media.schema["$ref"])[0], null)
      if can(media.schema)
    }
  }

  # What each schema refers to: itself and one hop, then by doubling up to eight hops.
  schemas_1_hop  = { for name, schema in local.schemas : name => distinct(concat([name], flatten(regexall("\"#/components/schemas/([^\"]+)\"", jsonencode(schema))))) }
  schemas_2_hops = { for name, found in local.schemas_1_hop : name => distinct(flatten([for reference in found : try(local.schemas_1_hop[reference], [])])) }
  schemas_4_hops = { for name, found in local.schemas_2_hops : name => distinct(flatten([for reference in found : try(local.schemas_2_hops[reference], [])])) }
  schemas_8_hops = { for name, found in local.schemas_4_hops : name => distinct(flatten([for reference in found : try(local.schemas_4_hops[reference], [])])) }

  model_references = distinct(flatten([for content in values(local.request_models) : [for name in values(content) : try(local.schemas_8_hops[name], [])]]))
  model_names      = [for name in local.model_references : name if contains(keys(local.schemas), name)]

  # Keywords that the import refuses ("Unsupported keyword(s)") or that only explain. A scalar value tells such a keyword from a property
  # of the same name, so those go at any depth; keywords with another value go at the top of a schema, where no property can be.
  top_level_annotations = ["discriminator", "example", "externalDocs", "xml"]
  scalar_annotation     = "\"(?:deprecated|description|example|format|nullable|readOnly|title|writeOnly)\":(?:\"(?:[^\"\\\\]|\\\\.)*\"|true|false|null|-?[0-9][0-9.eE+-]*)"

  model_texts = {
    for name in local.model_names : name => jsonencode({ for keyword, value in local.schemas[name] : keyword => value if !contains(local.top_level_annotations, keyword) })
  }

  # What would make the gateway answer differently from the contract, or the import fail.
  model_refusals = flatten([
    for name, text in local.model_texts : [
      for found in regexall("\"(?:nullable|exclusiveMinimum|exclusiveMaximum)\":true|\"(?:anyOf|oneOf|example)\":\\[", text) : join(": ", [name, split("\"", found)[1]])
    ]
  ])

  models = {
    for name, text in local.model_texts : name => jsondecode(
      replace(replace(replace(text, "/,${local.scalar_annotation}/", ""), "/${local.scalar_annotation},/", ""), "/${local.scalar_annotation}/", "")
    )
  }
}

################################################################################
# Rendering
################################################################################

locals {
  # They take what no path of the contract takes.
  catch_all_paths = ["/", "/{proxy+}"]

  # Path parameters, as the path itself names them.
  path_parameters = {
    for path in distinct(concat(local.contract_operations[*].path, local.catch_all_paths)) : path => [
      for name in flatten(regexall("\\{([^}]+)\\}", path)) : { name = trimsuffix(name, "+"), in = "path", required = true, schema = { type = "string" } }
    ]
  }

  rest_operations = {
    for id, operation in local.operations : id => merge(
      {
        operationId = id
        parameters = concat(
          local.path_parameters[operation.path],
          [
            # An operation's parameter overrides the path's of the same name. Cookies are for the function: API Gateway does not know them.
            for same in values({ for parameter in operation.parameters : "${parameter["in"]} ${parameter.name}" => parameter... if contains(["header", "query"], parameter["in"]) }) : {
              name     = same[length(same) - 1].name
              in       = same[length(same) - 1]["in"]
              required = try(same[length(same) - 1].required, false)
              schema   = { type = "string" }
            }
          ]
        )
        security  = operation.security
        responses = { "200" = { description = "The function's answer; the contract lists the statuses." } }

        x-amazon-apigateway-request-validator = "body-and-parameters"
        x-amazon-apigateway-integration = {
          type                = "aws_proxy"
          httpMethod          = "POST"
          uri                 = try(var.integrations[id].invoke_arn, null)
          passthroughBehavior = "when_no_match"
          timeoutInMillis     = var.integration_timeout_milliseconds
        }
      },
      {
        for keyword, value in {
          requestBody = {
            required = true
            content  = { for content_type, name in local.request_models[id] : content_type => { schema = { "$ref" = "#/components/schemas/${coalesce(name, "none")}" } } }
          }
        } : keyword => value if length(local.request_models[id]) > 0
      }
    )
  }

  operation_ids_by_path = { for id, operation in local.operations : operation.path => id... }

  rest_paths = merge(
    { for path in local.catch_all_paths : path => { x-amazon-apigateway-any-method = merge(local.not_found, { parameters = local.path_parameters[path] }) } },
    {
      for path, ids in local.operation_ids_by_path : path => merge(
        { for id in ids : lower(local.operations[id].method) => local.rest_operations[id] },
        try(local.cors_preflights[path], {}),
        # HEAD too, and OPTIONS without cors: where pages and API share one origin, no browser needs a preflight answered, and a refused one keeps other origins out.
        { x-amazon-apigateway-any-method = merge(local.method_not_allowed[path], { parameters = local.path_parameters[path] }) }
      )
    }
  )

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = var.name, version = try(local.contract.info.version, "") }
    paths   = local.rest_paths
    components = {
      schemas         = local.models
      securitySchemes = local.rest_security_schemes
    }

    x-amazon-apigateway-gateway-responses  = local.gateway_responses
    x-amazon-apigateway-request-validators = { body-and-parameters = { validateRequestBody = true, validateRequestParameters = true } }
  })
}
