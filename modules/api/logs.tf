# Both kinds need, with a REST API, the log role that API Gateway has once an account and region (examples/account-bootstrap). No data source tells whether it
# is set; without it the apply ends with "CloudWatch Logs role ARN must be set in account settings to enable logging".
# https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html

locals {
  log_retention_periods = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
  access_log_group_name = "/aws/apigateway/${var.name}"

  # Every value is an identifier, a number or one of AWS's words, so that a line stays JSON and holds no query string, body or e-mail address. One
  # can be a client's: $context.requestId, which a request can bring along (x-amzn-RequestId); API Gateway refuses a format without it, and
  # $context.extendedRequestId beside it is API Gateway's alone. Otherwise nothing that a client wrote: hence no $context.path, no user agent, and no error message, as that of a wrong signature quotes the request.
  # All values are strings, because an absent one is written as a bare hyphen.
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
  access_log_format = jsonencode(merge({
    requestId            = "$context.requestId" # The correlationId of problems and of the functions' lines, unless a client made up an odd one.
    extendedRequestId    = "$context.extendedRequestId"
    xrayTraceId          = "$context.xrayTraceId"
    requestTime          = "$context.requestTime"
    domainName           = "$context.domainName"
    httpMethod           = "$context.httpMethod"
    resourcePath         = "$context.resourcePath" # As the contract writes it: /users/{userId}.
    status               = "$context.status"
    errorType            = "$context.error.responseType" # The gateway response, if API Gateway refused: THROTTLED, BAD_REQUEST_BODY, ...
    responseLatency      = "$context.responseLatency"
    responseLength       = "$context.responseLength"
    sourceIp             = "$context.identity.sourceIp"
    callerArn            = "$context.identity.userArn"
    subject              = "$context.authorizer.claims.sub"       # Of a user pool's token: the person, or the machine's client,
    clientId             = "$context.authorizer.claims.client_id" # which only access tokens name.
    principalId          = "$context.authorizer.principalId"      # What the function of a TOKEN or REQUEST authorizer calls the caller.
    apiKeyId             = "$context.identity.apiKeyId"           # The key's id, not the key.
    authenticateStatus   = "$context.authenticate.status"
    authorizeStatus      = "$context.authorize.status"
    authorizeLatency     = "$context.authorize.latency"
    authorizerStatus     = "$context.authorizer.status"
    authorizerFunction   = "$context.authorizer.integrationStatus" # Lambda's.
    authorizerRequestId  = "$context.authorizer.requestId"         # The function's request id.
    authorizerLatency    = "$context.authorizer.latency"
    integrationRequestId = "$context.integration.requestId"         # The function's request id.
    integrationStatus    = "$context.integration.integrationStatus" # Lambda's.
    functionStatus       = "$context.integration.status"            # The function's answer.
    integrationLatency   = "$context.integration.latency"
    }, {
    # Without a web ACL they would be hyphens for ever.
    for name, variable in { firewall = "$context.wafResponseCode", webAclArn = "$context.webaclArn" } : name => variable if local.has_web_acl
  }))

  # Under the same names, so that one query serves both types. $context.authorizer.error and $context.integration.error are texts, which can hold quotes.
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
  http_access_log_format = jsonencode({
    requestId            = "$context.requestId"
    requestTime          = "$context.requestTime"
    domainName           = "$context.domainName"
    httpMethod           = "$context.httpMethod"
    resourcePath         = "$context.routeKey" # With the method before it: GET /users/{userId}.
    status               = "$context.status"
    errorType            = "$context.error.responseType"
    responseLatency      = "$context.responseLatency"
    responseLength       = "$context.responseLength"
    sourceIp             = "$context.identity.sourceIp"
    callerArn            = "$context.identity.userArn"
    subject              = "$context.authorizer.claims.sub"
    clientId             = "$context.authorizer.claims.client_id"
    principalId          = "$context.authorizer.principalId"
    integrationRequestId = "$context.integration.requestId"
    integrationStatus    = "$context.integration.integrationStatus"
    functionStatus       = "$context.integration.status"
    integrationLatency   = "$context.integration.latency"
  })
}

################################################################################
# Access logs
################################################################################

resource "aws_cloudwatch_log_group" "access" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts; a customer key is the caller's choice (access_logs.kms_key_arn).
  #checkov:skip=CKV_AWS_338:How long logs are kept is the caller's choice (access_logs.retention_in_days), 30 days unless said otherwise.
  count = var.create && var.access_logs != null ? 1 : 0

  name              = local.access_log_group_name
  retention_in_days = var.access_logs.retention_in_days
  kms_key_id        = var.access_logs.kms_key_arn
  tags              = var.tags
}

################################################################################
# Execution logs
################################################################################

# Under the name that API Gateway writes to, and before it does: the group it makes itself keeps its lines for ever.
resource "aws_cloudwatch_log_group" "execution" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts; a customer key is the caller's choice (execution_logs.kms_key_arn).
  #checkov:skip=CKV_AWS_338:How long logs are kept is the caller's choice (execution_logs.retention_in_days), 30 days unless said otherwise.
  count = var.create && var.execution_logs != null ? 1 : 0

  name              = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.this[0].id}/${local.stage_name}"
  retention_in_days = var.execution_logs.retention_in_days
  kms_key_id        = var.execution_logs.kms_key_arn
  tags              = var.tags
}
