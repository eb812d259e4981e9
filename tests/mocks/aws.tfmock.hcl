# What AWS answers in the tests of the root and of the examples: whatever a provider's schema or another resource checks.

mock_data "aws_partition" {
  defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
}
mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}
mock_data "aws_region" {
  defaults = { id = "eu-central-1" }
}
mock_data "aws_availability_zones" {
  defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
}
mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/made" }
}
mock_resource "aws_db_instance" {
  defaults = {
    address            = "shop-test.abc.eu-central-1.rds.amazonaws.com"
    arn                = "arn:aws:rds:eu-central-1:111122223333:db:shop-test"
    port               = 3306
    resource_id        = "db-ABC"
    master_user_secret = [{ kms_key_id = "arn:aws:kms:eu-central-1:111122223333:key/made", secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1", secret_status = "active" }]
  }
}
mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:mocked" }
}
mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::111122223333:role/mocked" }
}
mock_resource "aws_lambda_function" {
  defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:mocked", version = "7" }
}
mock_resource "aws_lambda_alias" {
  defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:mocked:live", invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:mocked:live/invocations" }
}
mock_resource "aws_lambda_invocation" {
  defaults = { result = "{\"schemaVersion\":\"3\",\"migrationsExecuted\":1}" }
}
mock_resource "aws_api_gateway_rest_api" {
  defaults = { id = "abc123", execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:abc123", root_resource_id = "root" }
}
mock_resource "aws_api_gateway_stage" {
  defaults = { arn = "arn:aws:apigateway:eu-central-1::/restapis/abc123/stages/api", invoke_url = "https://abc123.execute-api.eu-central-1.amazonaws.com/api" }
}
mock_resource "aws_s3_bucket" {
  defaults = { arn = "arn:aws:s3:::mocked", id = "mocked", bucket_regional_domain_name = "mocked.s3.eu-central-1.amazonaws.com" }
}
mock_resource "aws_cloudfront_distribution" {
  defaults = { arn = "arn:aws:cloudfront::111122223333:distribution/E1", id = "E1", domain_name = "d1.cloudfront.net" }
}
mock_resource "aws_cloudfront_function" {
  defaults = { arn = "arn:aws:cloudfront::111122223333:function/mocked" }
}
mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-central-1:111122223333:shop-test-alarms" }
}
mock_resource "aws_cognito_user_pool" {
  defaults = {
    id       = "eu-central-1_Made"
    arn      = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_Made"
    endpoint = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Made"
  }
}
mock_resource "aws_cognito_user_pool_client" {
  defaults = { id = "client1" }
}
mock_resource "aws_wafv2_web_acl" {
  defaults = { arn = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/shop-test/made" }
}
mock_resource "aws_wafv2_ip_set" {
  defaults = { arn = "arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/shop-test/made" }
}
mock_resource "aws_sqs_queue" {
  defaults = { arn = "arn:aws:sqs:eu-central-1:111122223333:mocked" }
}
mock_resource "aws_cloudwatch_event_rule" {
  defaults = { arn = "arn:aws:events:eu-central-1:111122223333:rule/mocked" }
}
mock_resource "aws_dynamodb_table" {
  defaults = { arn = "arn:aws:dynamodb:eu-central-1:111122223333:table/mocked" }
}
mock_resource "aws_iam_policy" {
  defaults = { arn = "arn:aws:iam::111122223333:policy/mocked" }
}
