# The pool of people and machines.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name    = "shop-test"
  openapi = file("./tests/fixtures/secured.yaml")
  integrations = {
    for id in ["getProfile", "exportOrders", "reportDelivery", "listParcels", "listProducts", "listUsers"] :
    id => { function_name = "shop-test-${id}", alias_name = "live", invoke_arn = "arn:${id}", timeout = 10 }
  }
  authorizers = {
    people   = { type = "COGNITO_USER_POOLS" }
    machines = { type = "COGNITO_USER_POOLS" }
    partners = { type = "REQUEST", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 }, identity_sources = ["method.request.header.X-Partner"] }
    carriers = { type = "TOKEN", function = { function_name = "shop-test-f", alias_name = "live", invoke_arn = "arn:f", timeout = 5 } }
    keys     = { type = "API_KEY" }
    iam      = { type = "AWS_IAM" }
  }
  user_pool = {
    groups           = { staff = "Who works here." }
    resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
    machine_clients  = { accounting = ["orders/read", "orders/all"], warehouse = ["orders/read"] }
    domain_prefix    = "shop-test"
  }
  tags      = { environment = "test" }
  consumers = { partner = { rate_limit = 10, burst_limit = 20 } }
}

run "user_pool" {
  assert {
    condition = (
      aws_cognito_user_pool.this[0].name == "shop-test"
      && aws_cognito_user_pool.this[0].deletion_protection == "ACTIVE"
      && aws_cognito_user_pool.this[0].user_pool_tier == "ESSENTIALS"
      && aws_cognito_user_pool.this[0].alias_attributes == toset(["email"])
      && aws_cognito_user_pool.this[0].username_attributes == null
      && aws_cognito_user_pool.this[0].auto_verified_attributes == toset(["email"])
      && !aws_cognito_user_pool.this[0].username_configuration[0].case_sensitive
      && aws_cognito_user_pool.this[0].user_attribute_update_settings[0].attributes_require_verification_before_update == toset(["email"])
      && aws_cognito_user_pool.this[0].password_policy[0].minimum_length == 12
      && one(aws_cognito_user_pool.this[0].account_recovery_setting[0].recovery_mechanism).name == "verified_email"
      && !aws_cognito_user_pool.this[0].admin_create_user_config[0].allow_admin_create_user_only
      && aws_cognito_user_pool.this[0].mfa_configuration == "OFF"
      && length(aws_cognito_user_pool.this[0].software_token_mfa_configuration) == 0
      && aws_cognito_user_pool.this[0].tags == tomap({ environment = "test" })
    )
    error_message = "A pool that is not deleted by mistake, where an e-mail address signs in once it is proven, and is nobody's before."
  }

  assert {
    condition = (
      !aws_cognito_user_pool_client.web[0].generate_secret
      && aws_cognito_user_pool_client.web[0].explicit_auth_flows == toset(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
      && aws_cognito_user_pool_client.web[0].prevent_user_existence_errors == "ENABLED"
      && aws_cognito_user_pool_client.web[0].enable_token_revocation
      && aws_cognito_user_pool_client.web[0].access_token_validity == 15 && aws_cognito_user_pool_client.web[0].id_token_validity == 15 && aws_cognito_user_pool_client.web[0].refresh_token_validity == 30
      && aws_cognito_user_pool_client.web[0].read_attributes == toset(["email", "email_verified"])
      && aws_cognito_user_pool_client.web[0].write_attributes == toset(["email"])
    )
    error_message = "A public client for people, which tells nobody who has an account."
  }

  assert {
    condition     = { for name, group in aws_cognito_user_group.this : name => "${group.user_pool_id} ${group.description}" } == { staff = "eu-central-1_Made Who works here." }
    error_message = "Groups are the pool's."
  }

  assert {
    condition = alltrue([
      for people_or_machines in ["people", "machines"] :
      jsondecode(output.openapi_body).components.securitySchemes[people_or_machines]["x-amazon-apigateway-authorizer"].providerARNs == ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Made"]
    ])
    error_message = "Authorizers without pools take the tokens of the one made here."
  }

  assert {
    condition = [output.user_pool_id, output.user_pool_arn, output.user_pool_issuer, output.user_pool_client_id, output.token_endpoint] == [
      "eu-central-1_Made",
      "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Made",
      "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Made",
      "client1",
      "https://shop-test.auth.eu-central-1.amazoncognito.com/oauth2/token",
    ]
    error_message = "Outputs name the pool, its issuer, its client and its token endpoint."
  }
}

run "machines" {
  assert {
    condition     = { for identifier, server in aws_cognito_resource_server.this : identifier => { for scope in server.scope : scope.scope_name => scope.scope_description } } == { orders = { read = "Read orders.", all = "Read all orders." } }
    error_message = "A resource server has its scopes."
  }

  assert {
    condition = alltrue([
      for client in values(aws_cognito_user_pool_client.machine) :
      client.generate_secret && client.allowed_oauth_flows == toset(["client_credentials"]) && client.allowed_oauth_flows_user_pool_client && client.explicit_auth_flows == toset(["ALLOW_REFRESH_TOKEN_AUTH"])
    ])
    error_message = "Machines have a secret and one flow; nobody signs in with their clients."
  }

  assert {
    condition     = { for name, client in aws_cognito_user_pool_client.machine : name => join(" ", sort(client.allowed_oauth_scopes)) } == { accounting = "orders/all orders/read", warehouse = "orders/read" }
    error_message = "A machine has its scopes and no others."
  }

  assert {
    condition     = output.machine_client_ids == { accounting = "client1", warehouse = "client1" }
    error_message = "Machines are told their ids."
  }
}

run "another_user_pool" {
  variables {
    user_pool = {
      deletion_protection          = false
      user_pool_tier               = "LITE"
      password_minimum_length      = 16
      allow_admin_create_user_only = true
      mfa_configuration            = "OPTIONAL"
      ses                          = { source_arn = "arn:aws:ses:eu-central-1:123456789012:identity/example.com", from_email_address = "Shop <shop@example.com>" }
      auth_flow                    = "USER_SRP_AUTH"
      token_validity_minutes       = 60
      refresh_token_validity_days  = 7
      resource_servers             = { orders = { read = "Read orders.", all = "Read all orders." } }
    }
  }

  assert {
    condition = (
      aws_cognito_user_pool.this[0].deletion_protection == "INACTIVE"
      && aws_cognito_user_pool.this[0].user_pool_tier == "LITE"
      && aws_cognito_user_pool.this[0].password_policy[0].minimum_length == 16
      && aws_cognito_user_pool.this[0].admin_create_user_config[0].allow_admin_create_user_only
      && aws_cognito_user_pool.this[0].mfa_configuration == "OPTIONAL"
      && aws_cognito_user_pool.this[0].software_token_mfa_configuration[0].enabled
      && aws_cognito_user_pool.this[0].email_configuration[0].email_sending_account == "DEVELOPER"
      && aws_cognito_user_pool.this[0].email_configuration[0].source_arn == "arn:aws:ses:eu-central-1:123456789012:identity/example.com"
      && aws_cognito_user_pool.this[0].email_configuration[0].from_email_address == "Shop <shop@example.com>"
    )
    error_message = "The pool is as asked."
  }

  assert {
    condition = (
      aws_cognito_user_pool_client.web[0].explicit_auth_flows == toset(["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
      && aws_cognito_user_pool_client.web[0].access_token_validity == 60 && aws_cognito_user_pool_client.web[0].id_token_validity == 60 && aws_cognito_user_pool_client.web[0].refresh_token_validity == 7
      && one(aws_cognito_user_pool_client.web[0].token_validity_units).access_token == "minutes" && one(aws_cognito_user_pool_client.web[0].token_validity_units).refresh_token == "days"
    )
    error_message = "The client is as asked."
  }

  assert {
    condition     = length(aws_cognito_user_group.this) + length(aws_cognito_user_pool_client.machine) + length(aws_cognito_user_pool_domain.this) == 0 && output.token_endpoint == null
    error_message = "No groups, no machines, no domain."
  }
}

run "off" {
  command = plan

  variables {
    create = false
  }

  assert {
    condition     = length(aws_cognito_user_pool.this) + length(aws_cognito_user_pool_client.web) + length(aws_cognito_user_pool_client.machine) + length(aws_cognito_user_group.this) + length(aws_cognito_resource_server.this) + length(aws_cognito_user_pool_domain.this) == 0
    error_message = "Nothing is created."
  }

  assert {
    condition     = output.user_pool_id == null && output.user_pool_arn == null && output.user_pool_issuer == null && output.user_pool_client_id == null && length(output.machine_client_ids) == 0 && output.token_endpoint == null
    error_message = "Outputs are null."
  }
}

run "a_scope_that_the_pool_does_not_have" {
  command = plan

  variables {
    create    = false
    user_pool = { resource_servers = { orders = { read = "Read orders." } } }
  }

  assert {
    condition     = join("\n", local.contract_faults) == "orders/all (machines): add it to user_pool.resource_servers, or no token of the pool has it."
    error_message = "A scope nobody can get would refuse everybody: ${join("\n", local.contract_faults)}"
  }
}

run "people_without_any_pool" {
  command = plan

  variables {
    user_pool = null
  }

  expect_failures = [var.authorizers]
}

run "a_tier_that_costs_more_for_nothing" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      user_pool_tier   = "PLUS"
    }
  }

  expect_failures = [var.user_pool]
}

run "a_short_password" {
  command = plan

  variables {
    user_pool = {
      resource_servers        = { orders = { read = "Read orders.", all = "Read all orders." } }
      password_minimum_length = 8
    }
  }

  expect_failures = [var.user_pool]
}

run "a_second_factor_by_sms" {
  command = plan

  variables {
    user_pool = {
      resource_servers  = { orders = { read = "Read orders.", all = "Read all orders." } }
      mfa_configuration = "SMS"
    }
  }

  expect_failures = [var.user_pool]
}

run "mails_from_an_identity_by_its_name" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      ses              = { source_arn = "example.com", from_email_address = "shop@example.com" }
    }
  }

  expect_failures = [var.user_pool]
}

run "mails_from_a_name" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      ses              = { source_arn = "arn:aws:ses:eu-central-1:123456789012:identity/example.com", from_email_address = "Shop" }
    }
  }

  expect_failures = [var.user_pool]
}

run "a_flow_of_machines_for_people" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      auth_flow        = "client_credentials"
    }
  }

  expect_failures = [var.user_pool]
}

run "tokens_of_a_minute" {
  command = plan

  variables {
    user_pool = {
      resource_servers       = { orders = { read = "Read orders.", all = "Read all orders." } }
      token_validity_minutes = 1
    }
  }

  expect_failures = [var.user_pool]
}

run "refresh_tokens_in_minutes" {
  command = plan

  variables {
    user_pool = {
      resource_servers            = { orders = { read = "Read orders.", all = "Read all orders." } }
      refresh_token_validity_days = 43200
    }
  }

  expect_failures = [var.user_pool]
}

run "a_group_with_a_space" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      groups           = { "shop staff" = "Who works here." }
    }
  }

  expect_failures = [var.user_pool]
}

run "a_machine_whose_scope_is_not_there" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      machine_clients  = { accounting = ["orders/write"] }
      domain_prefix    = "shop-test"
    }
  }

  expect_failures = [var.user_pool]
}

run "a_machine_without_a_scope" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      machine_clients  = { accounting = [] }
      domain_prefix    = "shop-test"
    }
  }

  expect_failures = [var.user_pool]
}

run "a_machine_with_a_space" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      machine_clients  = { "ac counting" = ["orders/read"] }
      domain_prefix    = "shop-test"
    }
  }

  expect_failures = [var.user_pool]
}

run "machines_without_a_token_endpoint" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      machine_clients  = { accounting = ["orders/read"] }
    }
  }

  expect_failures = [var.user_pool]
}

run "a_host_name_in_place_of_a_prefix" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      domain_prefix    = "id.example.com"
    }
  }

  expect_failures = [var.user_pool]
}

run "a_prefix_with_a_word_of_aws" {
  command = plan

  variables {
    user_pool = {
      resource_servers = { orders = { read = "Read orders.", all = "Read all orders." } }
      domain_prefix    = "shop-cognito"
    }
  }

  expect_failures = [var.user_pool]
}

run "a_scope_with_a_slash" {
  command = plan

  variables {
    user_pool = { resource_servers = { orders = { read = "Read orders.", all = "Read all orders.", "a/b" = "Both." } } }
  }

  expect_failures = [var.user_pool]
}

run "a_resource_server_of_nothing" {
  command = plan

  variables {
    user_pool = { resource_servers = { orders = { read = "Read orders.", all = "Read all orders." }, carts = {} } }
  }

  expect_failures = [var.user_pool]
}
