# What the root wires and refuses. The jars are stand-ins: nothing is uploaded.
mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./tests/mocks/us-east-1"
}

mock_provider "aws" {
  alias  = "dr"
  source = "./tests/mocks/eu-west-1"
}

variables {
  name        = "shop"
  environment = "test"
  artifacts   = { directory = "tests/fixtures/artifacts" }
  tags        = { Team = "checkout" }

  # Not read while RDS manages the password; but Terraform's tests apply no configuration whose ephemeral variable is not set.
  database_password_wo = "a-password-of-the-tests"
}

################################################################################
# What it wires
################################################################################

run "everything_by_default" {
  assert {
    condition     = output.url == "https://d1.cloudfront.net" && output.api_url == "https://abc123.execute-api.eu-central-1.amazonaws.com/api"
    error_message = "the site's address, and the API's own for signed callers"
  }
  assert {
    condition     = output.api_execution_arn == "arn:aws:execute-api:eu-central-1:111122223333:abc123"
    error_message = "what to grant a caller who signs"
  }
  assert {
    condition     = output.function_names == { for key in ["authorizer", "catalog", "health", "orders", "session", "users"] : key => "shop-test-${key}" }
    error_message = "the functions of the reference application, named after application and environment"
  }
  assert {
    condition     = output.database.host == "shop-test.abc.eu-central-1.rds.amazonaws.com" && output.database.schema_version == "3"
    error_message = "the database, migrated"
  }
  assert {
    condition     = module.api[0].domain_name == "abc123.execute-api.eu-central-1.amazonaws.com"
    error_message = "the CDN's origin is the API's own domain"
  }
}

run "canary_of_some_functions" {
  state_key = "canary"
  variables {
    api = {
      openapi = <<-YAML
        openapi: 3.0.3
        info: { title: things, version: "1" }
        servers: [{ url: /api }]
        paths:
          /things:
            get: { operationId: listThings, security: [], responses: { "200": { description: ok } } }
          /health:
            get: { operationId: getHealth, security: [], responses: { "200": { description: ok } } }
      YAML
      functions = {
        things = {
          artifact   = "api"
          handler    = "webapp.api.health.HealthHandler"
          operations = ["listThings"]
          canary     = { weight = 0.05, bake_minutes = 60, errors = 2, alarm_names = ["orders-fail"] }
        }
        health = { artifact = "api", handler = "webapp.api.health.HealthHandler", operations = ["getHealth"] }
      }
      operation_throttles = {}
    }
  }

  assert {
    condition     = module.canary[0].function_name == "shop-test-canary" && keys(module.canary[0].alarm_names) == ["things"]
    error_message = "functions with a canary are rolled out, the others are not"
  }
  assert {
    condition     = join(",", slice(module.canary[0].alarm_names["things"], 1, 3)) == "shop-test-5xx-rate,orders-fail"
    error_message = "the API's errors end a rollout too, and what is named besides"
  }
}

run "operations_are_throttled" {
  command = plan

  assert {
    condition = length(setsubtract(flatten([
      for item in values(yamldecode(file("lambdas/api/openapi.yaml")).paths) : [for operation in values(item) : operation.operationId]
    ]), keys(var.api.operation_throttles))) == 0
    error_message = "each operation gets a limit of its own, below the stage's: where people sign up by themselves anybody can be signed in"
  }
  assert {
    condition = sum(flatten([
      for function in values(var.api.functions) : [for operation in function.operations : var.api.operation_throttles[operation].burst_limit] if function.database
    ])) <= 130
    error_message = "all bursts that use the database leave the migrator and operators a connection of the default instance class's 145"
  }
}

run "longest_names" {
  command = plan
  variables {
    name        = "abcdefghijklmnopqrst"
    environment = "production"
  }

  assert {
    condition     = length(local.prefix) == 31 && startswith(output.function_names["users"], "abcdefghijklmnopqrst-production-")
    error_message = "every part takes a name as long as the root allows"
  }
}

run "function_of_many_operations" {
  command = plan
  variables {
    database = null
    edge     = null
    api = {
      openapi = jsonencode({
        openapi = "3.0.3"
        info    = { title = "t", version = "1" }
        servers = [{ url = "/api" }]
        paths   = { for index in range(30) : "/things${index}" => { get = { operationId = "listThings${index}", security = [], responses = { "200" = { description = "ok" } } } } }
      })
      authorizers         = {}
      functions           = { things = { artifact = "api", handler = "webapp.api.health.HealthHandler", operations = [for index in range(30) : "listThings${index}"] } }
      operation_throttles = {}
    }
  }

  assert {
    condition     = output.function_names == { things = "shop-test-things" }
    error_message = "Lambda takes 256 characters of description; the operations are shortened to them"
  }
}

run "tags_reach_the_parts" {
  command = plan

  assert {
    condition     = local.tags == { Application = "shop", Environment = "test", Team = "checkout" }
    error_message = "application, environment and the caller's own"
  }
}

run "site_of_ones_own" {
  command = plan
  variables {
    network  = null
    database = null
    api      = null
    edge = {
      site_directory          = "modules/edge/tests/fixtures/unknown-type"
      content_types           = { xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", license = "text/plain" }
      content_security_policy = "default-src 'self'; img-src *"
      cache_control           = { assets = "public, max-age=60" }
    }
  }

  assert {
    condition     = length(module.edge) == 1
    error_message = "files of types that modules/edge does not know by itself are refused unless content_types reaches it"
  }
}

run "final_snapshot_beside_an_earlier_one" {
  command   = plan
  state_key = "kept-key" # another database than that of the runs before
  variables {
    api  = null
    edge = null
    database = {
      create_kms_key            = false
      kms_key_arn               = "arn:aws:kms:eu-central-1:111122223333:key/kept"
      final_snapshot_identifier = "shop-test-second"
      log_retention_in_days     = 90
    }
  }

  assert {
    condition     = module.database[0].kms_key_arn == "arn:aws:kms:eu-central-1:111122223333:key/kept"
    error_message = "a key that outlives the database"
  }
}

run "alarms_tell_a_topic_of_each_region" {
  command = plan
  variables {
    alarms = {
      subscriptions = { team = { protocol = "email", endpoint = "team@example.com" } }
      runbook_url   = "https://git.example.com/shop/docs/runbooks"
    }
  }

  assert {
    condition     = length(module.alarms) == 1 && length(module.alarms_us_east_1) == 1
    error_message = "CloudFront's metrics are in us-east-1, and an alarm tells topics of its own region only"
  }
}

run "one_topic_in_us_east_1" {
  command   = plan
  state_key = "us-east-1" # its topic is not that of the runs before
  override_data {
    target = data.aws_region.current
    values = { id = "us-east-1" }
  }

  assert {
    condition     = length(module.alarms) == 1 && length(module.alarms_us_east_1) == 0
    error_message = "two topics of one name cannot stand in one region"
  }
}

run "no_topic_in_us_east_1_without_edge" {
  command = plan
  variables {
    edge = null
  }

  assert {
    condition     = length(module.alarms_us_east_1) == 0
    error_message = "nothing alarms there"
  }
}

run "topics_of_ones_own" {
  command = plan
  variables {
    edge   = null
    alarms = { create_topics = false, topic_arn = "arn:aws:sns:eu-central-1:111122223333:on-call" }
  }

  assert {
    condition     = output.alarm_topic_arns == tomap({ "eu-central-1" = "arn:aws:sns:eu-central-1:111122223333:on-call" })
    error_message = "a given topic is told"
  }
}

################################################################################
# Off-switches
################################################################################

run "everything_off" {
  variables {
    network  = null
    database = null
    api      = null
    edge     = null
    alarms   = null
  }

  assert {
    condition     = length(module.alarms) + length(module.network) + length(module.database) + length(module.function) + length(module.api) + length(module.edge) == 0
    error_message = "null switches a part off"
  }
  assert {
    condition     = output.url == null && output.api_url == null && output.api_execution_arn == null && output.database == null && output.function_names == {} && output.vpc_id == null && output.kms_key_arn == null && length(output.alarm_topic_arns) == 0 && output.distribution_id == null && output.distribution_domain_name == null
    error_message = "outputs of a part that is off are null"
  }
}

run "site_alone" {
  variables {
    network  = null
    database = null
    api      = null
  }

  assert {
    condition     = output.url == "https://d1.cloudfront.net" && output.api_url == null
    error_message = "a site needs no API"
  }
}

run "functions_learn_whose_tokens_to_take" {
  variables {
    api = {
      user_pool = { machine_clients = { warehouse = ["orders/read"] } }
      partners  = { acme = ["MCowBQYDK2VwAyEA"] }
      consumers = { reseller = { rate_limit = 5, burst_limit = 10, quota = { limit = 1000, period = "DAY" } } }
    }
  }

  assert {
    condition     = keys(output.api_key_ids) == ["reseller"]
    error_message = "a key for each consumer"
  }
  assert {
    condition = alltrue([
      for function in ["users", "orders", "session"] : alltrue([
        local.function_environments[function]["USER_POOL_CLIENT_ID"] == "client1",
        local.function_environments[function]["USER_POOL_ISSUER"] == "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Made",
        local.function_environments[function]["MACHINE_CLIENT_IDS"] == "client1",
        local.function_environments[function]["REFRESH_TOKEN_DAYS"] == "30",
      ])
    ])
    error_message = "those that deal with people and machines know the pool and its clients"
  }
  assert {
    condition     = jsonencode(local.function_environments["authorizer"]) == jsonencode({ PARTNER_KEYS = "{\"acme\":[\"MCowBQYDK2VwAyEA\"]}", PARTNER_AUDIENCE = "shop-test" }) && output.partner_audience == "shop-test"
    error_message = "the authorizer knows the partners' public keys, and what their tokens must be for"
  }
  assert {
    condition     = output.user_pool.token_endpoint == "https://shop-test-111122223333.auth.eu-central-1.amazoncognito.com/oauth2/token"
    error_message = "machines get their tokens at a name of the account's own"
  }
  assert {
    condition     = output.user_pool.client_id == "client1" && output.user_pool.machine_client_ids == { warehouse = "client1" }
    error_message = "what callers are told"
  }
}

run "functions_of_ones_own_that_learn_whose_tokens_to_take" {
  variables {
    edge     = null
    network  = null
    database = null
    api = {
      openapi             = "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"t\", \"version\": \"1\"}, \"servers\": [{\"url\": \"/api\"}], \"paths\": {\"/live\": {\"get\": {\"operationId\": \"live\", \"security\": [], \"responses\": {\"200\": {\"description\": \"ok\"}}}}}}"
      functions           = { live = { artifact = "api", handler = "webapp.api.health.HealthHandler", operations = ["live"], user_pool = true, partners = true } }
      operation_throttles = {}
    }
  }

  assert {
    condition     = keys(local.function_environments["live"]) == ["MACHINE_CLIENT_IDS", "PARTNER_AUDIENCE", "PARTNER_KEYS", "PASSWORD_MINIMUM_LENGTH", "REFRESH_TOKEN_DAYS", "USER_POOL_CLIENT_ID", "USER_POOL_ISSUER"]
    error_message = "a function that asks for them gets the pool, which is made for it alone, and the partners"
  }
  assert {
    condition     = output.user_pool.id == "eu-central-1_Made"
    error_message = "a pool without an authorizer"
  }
}

run "pages_of_another_origin" {
  variables {
    edge = null
    api = {
      cors = { allow_origins = ["https://shop.example.com"], allow_headers = ["Authorization"], expose_headers = ["ETag"], max_age = 60, allow_credentials = true }
      firewall = {
        managed_rule_groups   = [{ name = "AWSManagedRulesCommonRuleSet", version = "Version_1.0", count_only = true, count_rules = [] }]
        body_size_limit_bytes = 8192
        rate_limit_per_ip     = 1000
        countries             = { action = "allow", codes = ["DE"] }
        addresses             = { action = "block", cidrs = ["192.0.2.0/24"] }
        logs                  = { retention_in_days = 7 }
      }
    }
  }

  assert {
    condition = alltrue([
      for key, environment in local.function_environments : environment["CORS_ALLOW_ORIGINS"] == "https://shop.example.com" && environment["CORS_ALLOW_CREDENTIALS"] == "true" && environment["CORS_EXPOSE_HEADERS"] == "ETag"
    ])
    error_message = "every function tells browsers whose pages may read its answers"
  }
  assert {
    condition     = strcontains(module.api[0].openapi_body, "https://shop.example.com") && module.api[0].web_acl_arn != null
    error_message = "so does the API, and a web ACL of its own stands before it"
  }
}

run "pool_of_ones_own" {
  variables {
    edge = null
    api = {
      authorizers = {
        iam       = { type = "AWS_IAM" }
        people    = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_Theirs"] }
        machines  = { type = "COGNITO_USER_POOLS", user_pool_arns = ["arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_Theirs"], identity_sources = ["method.request.header.Authorization"] }
        partners  = { type = "TOKEN", function = "authorizer", result_ttl_in_seconds = 60, identity_validation_expression = "^Bearer .+$" }
        consumers = { type = "API_KEY" }
      }
      functions = {
        users      = { artifact = "api", handler = "webapp.api.users.UsersHandler", operations = [for operation in flatten([for item in values(yamldecode(file("lambdas/api/openapi.yaml")).paths) : values(item)]) : operation.operationId] }
        authorizer = { artifact = "api", handler = "webapp.api.authorizer.AuthorizerHandler", operations = [] }
      }
    }
  }

  assert {
    condition     = output.user_pool == null
    error_message = "no pool is made beside the given one"
  }
  assert {
    condition = alltrue([
      jsondecode(module.api[0].openapi_body).components.securitySchemes.people["x-amazon-apigateway-authorizer"].providerARNs == ["arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_Theirs"],
      jsondecode(module.api[0].openapi_body).components.securitySchemes.partners["x-amazon-apigateway-authorizer"].authorizerResultTtlInSeconds == 60,
      jsondecode(module.api[0].openapi_body).components.securitySchemes.partners["x-amazon-apigateway-authorizer"].identityValidationExpression == "^Bearer .+$",
    ])
    error_message = "the authorizers as given"
  }
}

run "api_without_a_database" {
  variables {
    network  = null
    database = null
    edge     = null
    api = {
      openapi     = "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"t\", \"version\": \"1\"}, \"servers\": [{\"url\": \"/api\"}], \"paths\": {\"/live\": {\"get\": {\"operationId\": \"live\", \"security\": [], \"responses\": {\"200\": {\"description\": \"ok\"}}}}}}"
      authorizers = {}
      functions = {
        health = { artifact = "api", handler = "webapp.api.health.HealthHandler", operations = ["live"] }
      }
      operation_throttles = {}
    }
  }

  assert {
    condition     = output.function_names == { health = "shop-test-health" } && output.api_url != null
    error_message = "functions that need no database stand outside any VPC"
  }
}

################################################################################
# What it refuses
################################################################################

run "name_in_capitals" {
  command = plan
  variables {
    name = "Shop"
  }
  expect_failures = [var.name]
}

run "environment_too_long" {
  command = plan
  variables {
    environment = "pre-production"
  }
  expect_failures = [var.environment]
}

run "artifacts_not_built" {
  command = plan
  variables {
    artifacts = { directory = "tests/fixtures" }
    network   = null
    database  = null
    api       = null
    edge      = null
  }
  expect_failures = [var.artifacts]
}

run "artifacts_in_a_bucket_under_no_prefix" {
  command = plan
  variables {
    artifacts = { directory = "tests/fixtures/artifacts", s3 = { bucket = "shop-artifacts", prefix = "webapp/1.4.0" } }
  }
  expect_failures = [var.artifacts]
}

run "migrator_without_a_way_to_its_password" {
  command = plan
  variables {
    network = { secretsmanager_endpoint = false }
  }
  expect_failures = [var.database]
}

run "database_without_a_network" {
  command = plan
  variables {
    network = null
    api     = null
  }
  expect_failures = [var.database]
}

run "migrator_not_in_the_manifest" {
  command = plan
  variables {
    database = { migrator = { artifact = "databases" } }
    api      = null
  }
  expect_failures = [var.database]
}

run "functions_without_their_database" {
  command = plan
  variables {
    database = null
  }
  expect_failures = [var.api]
}

run "artifact_not_in_the_manifest" {
  command = plan
  variables {
    api = {
      functions = {
        users = { artifact = "apis", handler = "webapp.api.users.UsersHandler", operations = ["registerUser"], database = true }
      }
    }
  }
  expect_failures = [var.api]
}

run "authorizer_of_an_unknown_function" {
  command = plan
  variables {
    api = { authorizers = { partners = { type = "TOKEN", function = "doorman" } } }
  }
  expect_failures = [var.api]
}

run "partner_in_capitals" {
  command = plan
  variables {
    api = { partners = { ACME = ["MCowBQYDK2VwAyEA"] } }
  }
  expect_failures = [var.api]
}

run "partners_of_no_function" {
  command = plan
  variables {
    api = {
      functions = { users = { artifact = "api", handler = "webapp.api.users.UsersHandler", operations = [] } }
      partners  = { acme = ["MCowBQYDK2VwAyEA"] }
    }
  }
  expect_failures = [var.api]
}

run "function_named_like_the_migrator" {
  command = plan
  variables {
    api = {
      functions = {
        users    = { artifact = "api", handler = "webapp.api.users.UsersHandler", operations = ["registerUser", "listUsers", "getUser"], database = true }
        migrator = { artifact = "api", handler = "webapp.api.health.HealthHandler", operations = ["getLiveness", "getReadiness"] }
      }
    }
  }
  expect_failures = [var.api]
}

run "canary_without_its_jar" {
  command = plan
  variables {
    artifacts = { directory = "tests/fixtures/without-canary", s3 = { bucket = "shop-artifacts", prefix = "1/" } }
    api = {
      functions = { users = { artifact = "api", handler = "webapp.api.users.UsersHandler", operations = ["registerUser"], database = true, canary = {} } }
    }
  }
  expect_failures = [var.api]
}

run "function_named_like_the_canary" {
  command = plan
  variables {
    api = {
      functions = { canary = { artifact = "api", handler = "webapp.api.users.UsersHandler", operations = ["registerUser"], database = true, canary = {} } }
    }
  }
  expect_failures = [var.api]
}

run "operation_answered_twice" {
  command = plan
  variables {
    api = {
      functions = {
        users  = { artifact = "api", handler = "webapp.api.users.UsersHandler", operations = ["registerUser", "listUsers", "getUser"], database = true }
        health = { artifact = "api", handler = "webapp.api.health.HealthHandler", operations = ["getUser", "getLiveness", "getReadiness"], database = true }
      }
    }
  }
  expect_failures = [var.api]
}

run "runbooks_with_a_trailing_slash" {
  command = plan
  variables {
    alarms = { runbook_url = "https://git.example.com/runbooks/" }
  }
  expect_failures = [var.alarms]
}

run "subscription_of_a_given_topic" {
  command = plan
  variables {
    alarms = {
      create_topics = false
      topic_arn     = "arn:aws:sns:eu-central-1:111122223333:on-call"
      subscriptions = { team = { protocol = "email", endpoint = "team@example.com" } }
    }
  }
  expect_failures = [var.alarms]
}

run "topic_given_and_made" {
  command = plan
  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-central-1:111122223333:on-call" }
  }
  expect_failures = [var.alarms]
}

################################################################################
# Backup
################################################################################

run "backup_in_one_region" {
  state_key = "backup"
  variables {
    backup = {}
  }

  assert {
    condition = (jsondecode(output.backup.plan).databases[0].identifier == "shop-test"
      && jsondecode(output.backup.plan).recovery == null
      && module.backup[0].kms_key_arn == output.kms_key_arn
    && output.backup.function_names == { scheduler = "shop-test-backup-scheduler" })
    error_message = "the database is backed up under its own key, and nothing is made in another region"
  }
  assert {
    condition     = length(local.contracts) == 2 && length(keys(local.contracts[1].paths)) == 4 && module.backup_page[0].function_name == "shop-test-backups"
    error_message = "the operators' page has its operations, and its function"
  }
}

run "backup_proven_in_the_recovery_region" {
  state_key = "recovery"
  variables {
    backup = { recovery = {}, drill = {}, export = {} }
  }

  assert {
    condition     = keys(output.backup.function_names) == ["checker", "recorder", "recovery", "scheduler"] && module.database[0].drill_user == "drill"
    error_message = "drills compare what the recorder reads as the database's own user"
  }
  assert {
    condition     = jsondecode(output.backup.plan).databases[0].windows.tables[0].table == "orders"
    error_message = "the reference application's orders are compared"
  }
  assert {
    condition     = join(",", keys(output.alarm_topic_arns)) == "eu-central-1,eu-west-1,us-east-1"
    error_message = "each region with alarms has its topic"
  }
}

run "backup_without_the_page" {
  command = plan
  variables {
    backup = { page = false }
  }

  assert {
    condition     = length(module.backup_page) == 0 && length(local.contracts) == 1
    error_message = "no page, no function and no operations of its own"
  }
}

run "backup_needs_a_database" {
  command = plan
  variables {
    database = null
    api      = null
    backup   = {}
  }
  expect_failures = [var.backup]
}

run "drill_needs_recovery" {
  command = plan
  variables {
    backup = { drill = {} }
  }
  expect_failures = [var.backup]
}

run "shared_without_a_recovery_region" {
  command = plan
  variables {
    backup = { share_with = ["444455556666"] }
  }
  expect_failures = [var.backup]
}

run "half_a_recovery_network" {
  command = plan
  variables {
    backup = { recovery = { network = { subnet_ids = ["subnet-a", "subnet-b"] } } }
  }
  expect_failures = [var.backup]
}

run "recovery_jars_of_another_region" {
  command = plan
  variables {
    artifacts = { directory = "tests/fixtures/artifacts", s3 = { bucket = "shop-artifacts", prefix = "webapp/1.4.0/" } }
    backup    = { recovery = {} }
  }
  expect_failures = [var.backup]
}

run "function_named_as_the_pages" {
  command = plan
  variables {
    backup = {}
    api    = { functions = { backups = { artifact = "api", handler = "webapp.api.health.HealthHandler", operations = [] } } }
  }
  expect_failures = [var.backup]
}

run "backup_without_its_jar" {
  command = plan
  variables {
    artifacts = { directory = "tests/fixtures/without-canary", s3 = { bucket = "shop-artifacts", prefix = "1/" } }
    backup    = {}
  }
  expect_failures = [var.backup]
}
