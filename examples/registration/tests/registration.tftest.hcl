mock_provider "aws" {
  source = "../../tests/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "../../tests/mocks/us-east-1"
}

run "plans" {
  command = plan

  assert {
    condition     = contains(values(module.webapp.function_names), "registration-demo-users")
    error_message = "the reference application behind the page"
  }
}
