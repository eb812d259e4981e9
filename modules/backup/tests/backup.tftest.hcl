# The jar is a stand-in: any file will do, since nothing is uploaded.
mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/made" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-central-1:111122223333:table/shop-backup" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::exports", id = "exports" }
  }
  mock_resource "aws_s3_bucket_versioning" {
    defaults = { bucket = "exports" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/mocked" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mocked" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:mocked", version = "3" }
  }
  mock_resource "aws_lambda_alias" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:mocked:live" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:111122223333:mocked", url = "https://sqs.eu-central-1.amazonaws.com/111122223333/mocked" }
  }
}

mock_provider "aws" {
  alias = "dr"

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-west-1:111122223333:key/recovery" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/shop-backup" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::replica", id = "replica" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/mocked" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mocked" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:mocked", version = "3" }
  }
  mock_resource "aws_lambda_alias" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:mocked:live" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:111122223333:mocked", url = "https://sqs.eu-west-1.amazonaws.com/111122223333/mocked" }
  }
}

variables {
  name = "shop-backup"
  package = {
    filename         = "tests/package.jar"
    source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    handlers         = ["webapp.backup.SchedulerHandler", "webapp.backup.RecoveryHandler", "webapp.backup.windows.WindowsHandler"]
  }
  databases = { shop = { identifier = "shop-prod" } }
}

run "one_region" {
  assert {
    condition = jsondecode(aws_scheduler_schedule.this[0].target[0].input) == {
      name      = "shop-backup"
      account   = "111122223333"
      partition = "aws"
      region    = "eu-central-1"
      dryRun    = true
      recovery  = null
      databases = [{
        identifier = "shop-prod"
        kind       = "instance"
        times      = ["02:00"]
        timeZone   = "UTC"
        days       = null
        kmsKeyArn  = null
        retention  = { last = 3, daily = 7, weekly = 4, monthly = 3, maximumAgeDays = null, minimum = 2 }
        recovery   = null
        shareWith  = []
        export     = null
        drill      = null
        windows    = null
      }]
    }
    error_message = "the plan, as lambdas/backup reads it"
  }
}
