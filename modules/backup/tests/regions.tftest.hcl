# What the module refuses of the two providers: one file, because a run cannot change what they answer.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
}

mock_provider "aws" {
  alias = "dr"

  mock_data "aws_caller_identity" {
    defaults = { account_id = "444455556666" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
}

mock_provider "aws" {
  alias = "same"

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
}

variables {
  name = "shop-backup"
  package = {
    filename         = "tests/package.jar"
    source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
  }
  databases = { shop = { identifier = "shop-prod", recovery = {} } }
  recovery  = {}
}

run "recovery_in_the_databases_region" {
  command = plan

  providers = {
    aws    = aws
    aws.dr = aws.same
  }

  expect_failures = [var.recovery]
}

run "recovery_in_another_account" {
  command = plan

  expect_failures = [var.recovery]
}
