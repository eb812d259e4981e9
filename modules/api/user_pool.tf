# People and machines that the API knows, in a pool of its own. What a pool has for life (its name, the e-mail address as alias, without regard to
# case) is no option, so that no change of an input but `name` plans another pool; and that one AWS refuses while deletion protection is on.
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-configuration.html

locals {
  create_user_pool = var.create && var.user_pool != null

  user_pool_groups           = try(var.user_pool.groups, {})
  user_pool_resource_servers = try(var.user_pool.resource_servers, {})
  user_pool_machine_clients  = try(var.user_pool.machine_clients, {})

  # IDENTIFIER/SCOPE, as tokens and contracts write it.
  user_pool_scopes = flatten([for identifier, scopes in local.user_pool_resource_servers : formatlist("%s/%s", identifier, keys(scopes))])
  # What every pool grants by itself.
  standard_scopes = ["aws.cognito.signin.user.admin", "email", "openid", "phone", "profile"]
}

################################################################################
# User pool
################################################################################

resource "aws_cognito_user_pool" "this" {
  count = local.create_user_pool ? 1 : 0

  name                     = var.name
  deletion_protection      = var.user_pool.deletion_protection ? "ACTIVE" : "INACTIVE"
  user_pool_tier           = var.user_pool.user_pool_tier
  mfa_configuration        = var.user_pool.mfa_configuration
  alias_attributes         = ["email"] # Not username_attributes: there an address is whose sign-up came first, with its password, proved or not.
  auto_verified_attributes = ["email"]
  tags                     = var.tags

  username_configuration {
    case_sensitive = false
  }

  # A changed address counts when its owner has proved it; until then the old one signs in.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  # Length alone: required kinds of characters make passwords worse (NIST SP 800-63B, 3.1.1.2).
  password_policy {
    minimum_length                   = var.user_pool.password_minimum_length
    require_lowercase                = false
    require_numbers                  = false
    require_symbols                  = false
    require_uppercase                = false
    temporary_password_validity_days = 7
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = var.user_pool.allow_admin_create_user_only
  }

  dynamic "software_token_mfa_configuration" {
    for_each = var.user_pool.mfa_configuration == "OFF" ? [] : [true]

    content {
      enabled = software_token_mfa_configuration.value
    }
  }

  dynamic "email_configuration" {
    for_each = var.user_pool.ses == null ? [] : [var.user_pool.ses]

    content {
      email_sending_account = "DEVELOPER"
      source_arn            = email_configuration.value.source_arn
      from_email_address    = email_configuration.value.from_email_address
    }
  }
}

resource "aws_cognito_user_group" "this" {
  for_each = { for name, description in local.user_pool_groups : name => description if local.create_user_pool }

  user_pool_id = aws_cognito_user_pool.this[0].id
  name         = each.key
  description  = each.value
}

################################################################################
# People's client
################################################################################

# Public: pages and functions sign people in with it, and a secret in a page is none.
resource "aws_cognito_user_pool_client" "web" {
  count = local.create_user_pool ? 1 : 0

  user_pool_id    = aws_cognito_user_pool.this[0].id
  name            = "web"
  generate_secret = false

  explicit_auth_flows           = ["ALLOW_${var.user_pool.auth_flow}", "ALLOW_REFRESH_TOKEN_AUTH"]
  supported_identity_providers  = ["COGNITO"]
  prevent_user_existence_errors = "ENABLED" # An unknown address is answered as a wrong password is.
  enable_token_revocation       = true

  access_token_validity  = var.user_pool.token_validity_minutes
  id_token_validity      = var.user_pool.token_validity_minutes
  refresh_token_validity = var.user_pool.refresh_token_validity_days

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }

  read_attributes  = ["email", "email_verified"]
  write_attributes = ["email"]
}

################################################################################
# Machines
################################################################################

resource "aws_cognito_resource_server" "this" {
  for_each = { for identifier, scopes in local.user_pool_resource_servers : identifier => scopes if local.create_user_pool }

  user_pool_id = aws_cognito_user_pool.this[0].id
  identifier   = each.key
  name         = each.key

  dynamic "scope" {
    for_each = each.value

    content {
      scope_name        = scope.key
      scope_description = scope.value
    }
  }
}

resource "aws_cognito_user_pool_client" "machine" {
  for_each = { for name, scopes in local.user_pool_machine_clients : name => scopes if local.create_user_pool }

  user_pool_id    = aws_cognito_user_pool.this[0].id
  name            = each.key
  generate_secret = true

  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_scopes                 = each.value
  # Nobody signs in with it: this one needs a refresh token, which the flow never gives; left out, AWS would allow passwords.
  explicit_auth_flows           = ["ALLOW_REFRESH_TOKEN_AUTH"]
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  access_token_validity         = 60 # Each token is paid for.

  token_validity_units {
    access_token = "minutes"
  }

  # A client cannot be allowed a scope that is not there yet.
  depends_on = [aws_cognito_resource_server.this]
}

# The host of the token endpoint. It shows no page to sign in: no client allows a flow that has one.
resource "aws_cognito_user_pool_domain" "this" {
  count = local.create_user_pool && try(var.user_pool.domain_prefix, null) != null ? 1 : 0

  user_pool_id = aws_cognito_user_pool.this[0].id
  domain       = var.user_pool.domain_prefix
}
