# What API Gateway itself answers: RFC 9457 problems with the types of docs/problems.md, and nothing about the inside of the system.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html

locals {
  problem_media_type = "application/problem+json"

  problems = {
    invalid-request        = { title = "Invalid request", status = 400, detail = "The request does not match the API's contract." }
    unauthorized           = { title = "Unauthorized", status = 401, detail = "The request carries no valid credentials." }
    forbidden              = { title = "Forbidden", status = 403, detail = "The request does not come from a caller who may do this." }
    not-found              = { title = "Not found", status = 404, detail = "There is nothing at this path." }
    method-not-allowed     = { title = "Method not allowed", status = 405, detail = "This path does not support this method; the header Allow lists those it does." }
    content-too-large      = { title = "Content too large", status = 413, detail = "The request body is too large." }
    unsupported-media-type = { title = "Unsupported media type", status = 415, detail = "Send the request body as application/json." }
    quota-exceeded         = { title = "Quota exceeded", status = 429, detail = "The API key has used up its requests of the period." }
    too-many-requests      = { title = "Too many requests", status = 429, detail = "Too many requests; try again after the time in Retry-After." }
    service-unavailable    = { title = "Service unavailable", status = 503, detail = "The service cannot answer at the moment; try again after the time in Retry-After." }
    gateway-timeout        = { title = "Gateway timeout", status = 504, detail = "The service did not answer in time; the request may have been carried out." }
    # Without status: these answer for several.
    request-refused = { title = "Request refused", detail = "The request was refused." }
    internal-error  = { title = "Internal error", detail = "Something went wrong on our side." }
  }

  # Both kinds of template, a gateway response's and a mock integration's, replace $context.requestId.
  problem_bodies = {
    for slug, problem in local.problems : slug => jsonencode(merge({ type = "/problems/${slug}", correlationId = "$context.requestId" }, problem))
  }

  # Seconds a client waits. A throttle's bucket refills within a second; a function that cannot be reached takes longer to recover.
  retry_after = { too-many-requests = 1, service-unavailable = 5 }

  gateway_response_problems = {
    ACCESS_DENIED                  = "forbidden" # A function's policy, or a signer's, that does not allow it.
    AUTHORIZER_CONFIGURATION_ERROR = "internal-error"
    AUTHORIZER_FAILURE             = "internal-error"
    BAD_REQUEST_BODY               = "invalid-request"
    BAD_REQUEST_PARAMETERS         = "invalid-request"
    # The documentation has it for AWS's own tokens. Where people have tokens too, 401 is right for both: signing in, or signing, anew helps.
    EXPIRED_TOKEN                = length(local.challenges) > 0 ? "unauthorized" : "forbidden"
    INTEGRATION_FAILURE          = "service-unavailable" # Also of a Lambda that refuses: throttled, or SnapStartNotReadyException. Nothing ran.
    INTEGRATION_TIMEOUT          = "gateway-timeout"
    INVALID_API_KEY              = "forbidden" # Or none at all.
    INVALID_SIGNATURE            = "forbidden"
    MISSING_AUTHENTICATION_TOKEN = "forbidden"
    QUOTA_EXCEEDED               = "quota-exceeded" # Without Retry-After: no template knows when the period ends.
    REQUEST_TOO_LARGE            = "content-too-large"
    RESOURCE_NOT_FOUND           = "not-found"
    THROTTLED                    = "too-many-requests"
    UNAUTHORIZED                 = "unauthorized"
    UNSUPPORTED_MEDIA_TYPE       = "unsupported-media-type"
    WAF_FILTERED                 = "request-refused" # By which rule is the firewall's secret.

    # Every type not named above takes its headers and body from these two, and keeps its own status, as long as none is set here.
    DEFAULT_4XX = "request-refused"
    DEFAULT_5XX = "internal-error"
  }

  # Of problems that have none of their own.
  gateway_response_statuses = { AUTHORIZER_CONFIGURATION_ERROR = 500, AUTHORIZER_FAILURE = 500, WAF_FILTERED = 403 }

  gateway_responses = {
    for response_type, slug in local.gateway_response_problems : response_type => merge(
      {
        # API Gateway sends application/json, and uses this template whatever the client accepts, unless a header says otherwise.
        responseParameters = merge(
          { "gatewayresponse.header.Content-Type" = "'${local.problem_media_type}'" },
          { for seconds in [lookup(local.retry_after, slug, null)] : "gatewayresponse.header.Retry-After" => "'${seconds}'" if seconds != null },
          { for header, value in local.cors_gateway_headers : "gatewayresponse.header.${header}" => "'${value}'" },
          { for challenges in [join(", ", local.challenges)] : "gatewayresponse.header.WWW-Authenticate" => "'${challenges}'" if slug == "unauthorized" && challenges != "" }
        )
        responseTemplates = {
          "application/json" = jsonencode(merge(jsondecode(local.problem_bodies[slug]), { for status in [lookup(local.gateway_response_statuses, response_type, null)] : "status" => status if status != null }))
        }
      },
      { for status in [try(local.problems[slug].status, local.gateway_response_statuses[response_type], null)] : "statusCode" => tostring(status) if status != null }
    )
  }

  # API Gateway says 403 "Missing Authentication Token" for a path or a method it does not know, which sends a developer the wrong way.
  # A mock needs a template that matches the request's Content-Type, or it would read its status from the client's body: the media types
  # clients send are listed, any other is 415. Parameters such as charset do not matter, and no Content-Type counts as application/json.
  mocked_media_types = [
    "application/json", "application/merge-patch+json", "application/octet-stream", "application/problem+json", "application/vnd.api+json",
    "application/x-www-form-urlencoded", "application/xml", "multipart/form-data", "text/html", "text/plain", "text/xml",
  ]

  not_found = {
    responses = { "404" = { description = "No such path.", headers = { for header in concat(["Content-Type"], keys(local.cors_mock_headers)) : header => { schema = { type = "string" } } } } }
    x-amazon-apigateway-integration = {
      type                = "mock"
      passthroughBehavior = "never"
      requestTemplates    = { for media_type in local.mocked_media_types : media_type => jsonencode({ statusCode = 404 }) }
      responses = {
        default = {
          statusCode         = "404"
          responseParameters = { for header, value in merge(local.cors_mock_headers, { Content-Type = local.problem_media_type }) : "method.response.header.${header}" => "'${value}'" }
          responseTemplates  = { "application/json" = "${local.cors_template}${local.problem_bodies["not-found"]}" }
        }
      }
    }
  }

  method_not_allowed = {
    for path, ids in local.operation_ids_by_path : path => {
      responses = {
        "405" = {
          description = "The path does not have this method."
          headers     = { for header in concat(["Allow", "Content-Type"], keys(local.cors_mock_headers)) : header => { schema = { type = "string" } } }
        }
      }
      x-amazon-apigateway-integration = {
        type                = "mock"
        passthroughBehavior = "never"
        requestTemplates    = { for media_type in local.mocked_media_types : media_type => jsonencode({ statusCode = 405 }) }
        responses = {
          default = {
            statusCode = "405"
            responseParameters = {
              for header, value in merge(local.cors_mock_headers, {
                Allow        = join(", ", sort(concat([for id in ids : local.operations[id].method], [for method in ["OPTIONS"] : method if var.cors != null])))
                Content-Type = local.problem_media_type
              }) : "method.response.header.${header}" => "'${value}'"
            }
            responseTemplates = { "application/json" = "${local.cors_template}${local.problem_bodies["method-not-allowed"]}" }
          }
        }
      }
    }
  }
}
