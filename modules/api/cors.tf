# Pages of other origins. A browser asks before it sends (OPTIONS), and shows a page the answer, also an error, if that names the page's origin.
# A preflight and the mocks choose among several origins by template. Gateway responses cannot: their templates are not run, and a header of theirs is
# static or a copy of the request's, which would let in any origin. So they name the only origin, or, among several, everybody (*): a problem tells a
# page nothing that it could not get without a browser, and credentials, which would change that, are refused with several origins.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html

locals {
  cors_origins  = try(var.cors.allow_origins, [])
  cors_first    = try(local.cors_origins[0], "")
  cors_choice   = length(local.cors_origins) > 1
  cors_headers  = try(var.cors.allow_headers, [])
  cors_template = local.cors_choice ? local.cors_choose : ""

  # The first origin is the header's value (below), another one takes its place. HTTP/2 writes header names in lower case.
  cors_choose = join("", [
    "#set($origin = $input.params('Origin'))#if($origin == '')#set($origin = $input.params('origin'))#end",
    "#if(${join(" || ", [for origin in slice(local.cors_origins, min(1, length(local.cors_origins)), length(local.cors_origins)) : "$origin == '${origin}'"])})",
    "#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end\n",
  ])

  # Of every answer that a page may read.
  cors_common = {
    for header, value in {
      Access-Control-Allow-Credentials = try(var.cors.allow_credentials, false) ? "true" : ""
      Access-Control-Expose-Headers    = join(",", try(var.cors.expose_headers, []))
    } : header => value if value != "" && var.cors != null
  }
  cors_mock_headers    = merge(local.cors_common, { for header, value in { Access-Control-Allow-Origin = local.cors_first, Vary = local.cors_choice ? "Origin" : "" } : header => value if value != "" })
  cors_gateway_headers = merge(local.cors_common, { for origin in [local.cors_choice ? "*" : local.cors_first] : "Access-Control-Allow-Origin" => origin if origin != "" })

  cors_preflights = {
    for path, ids in local.operation_ids_by_path : path => {
      options = {
        security   = []
        parameters = local.path_parameters[path]
        responses  = { "204" = { description = "What a page of another origin may send.", headers = { for header in keys(local.cors_preflight_headers[path]) : header => { schema = { type = "string" } } } } }
        x-amazon-apigateway-integration = {
          type                = "mock"
          passthroughBehavior = "never"
          requestTemplates    = { for media_type in local.mocked_media_types : media_type => jsonencode({ statusCode = 204 }) }
          responses = {
            default = {
              statusCode         = "204"
              responseParameters = { for header, value in local.cors_preflight_headers[path] : "method.response.header.${header}" => "'${value}'" }
              responseTemplates  = { "application/json" = local.cors_template }
            }
          }
        }
      }
    } if var.cors != null
  }

  cors_preflight_headers = {
    for path, ids in local.operation_ids_by_path : path => merge(
      { for header, value in local.cors_mock_headers : header => value if header != "Access-Control-Expose-Headers" },
      {
        Access-Control-Allow-Methods = join(",", sort([for id in ids : local.operations[id].method]))
        Access-Control-Max-Age       = tostring(try(var.cors.max_age, 0))
      },
      { for headers in [join(",", local.cors_headers)] : "Access-Control-Allow-Headers" => headers if headers != "" },
    )
  }
}
