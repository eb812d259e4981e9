# Runs once with each file of variables of this directory.
mock_provider "aws" {
  source = "../../tests/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "../../tests/mocks/us-east-1"
}

mock_provider "aws" {
  alias  = "dr"
  source = "../../tests/mocks/eu-west-1"
}

run "plans" {
  command = plan

  assert {
    condition     = startswith(module.webapp.function_names["users"], "webapp-${var.environment}-")
    error_message = "the reference application, named after the environment"
  }
}
