################################################################################
# The system
################################################################################

variable "name" {
  description = "Name of the application: 2-20 lower-case letters, digits and hyphens, beginning with a letter. Names of resources begin with `<name>-<environment>`, which is unique in the account, not the region alone (roles, CloudFront's policies), and stays for the life of the database."
  type        = string
  default     = "webapp"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name must be 2-20 lower-case letters, digits and single hyphens, beginning with a letter and not ending with a hyphen, for example \"shop\"."
  }
}

variable "environment" {
  description = "Name of the environment, such as dev, staging or prod: 2-10 lower-case letters and digits, beginning with a letter."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "environment must be 2-10 lower-case letters and digits, beginning with a letter, for example \"dev\"."
  }
}

variable "artifacts" {
  description = <<-EOT
    Where the function jars are.
    - `directory`: a directory that holds `manifest.json` and the jars it lists, as `make build` writes it. Default: the module's own `dist/`, which a release carries.
    - `s3`: the jars are in a bucket of the region instead, only the manifest in the directory: `bucket`, and `prefix` (with its slash) that is another one for each build, such as `webapp/1.4.0/`. Where the same configuration uploads them, take `bucket` from the uploaded object (`aws_s3_object.jar["api"].bucket`), which orders the two; with `depends_on` on this module the plan of any later upload fails ("Invalid count argument").
  EOT
  type = object({
    directory = optional(string)
    s3 = optional(object({
      bucket = string
      prefix = string
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.artifacts.s3 == null || can(regex("^[^/].*/$", var.artifacts.s3.prefix))
    error_message = "artifacts.s3.prefix must end with a slash and not begin with one, for example \"webapp/1.4.0/\"; another build needs another prefix, or Lambda keeps the old jar."
  }

  validation {
    condition     = fileexists("${coalesce(var.artifacts.directory, "${path.module}/dist")}/manifest.json")
    error_message = "${coalesce(var.artifacts.directory, "${path.module}/dist")}/manifest.json does not exist. Build the jars with `make build`, source a released version, or set artifacts.directory to a directory that holds jars and their manifest.json."
  }
}

variable "tags" {
  description = "Tags of every resource that can carry them, besides `Application` and `Environment`."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of an IAM policy that bounds every role made here; null for none."
  type        = string
  default     = null
}

################################################################################
# Alarms
################################################################################

variable "alarms" {
  description = <<-EOT
    Who is told when something is wrong; null for no alarms. Every alarm tells the topic of its region: there is one in the region, one in us-east-1 where `edge` is on, because CloudFront's metrics are there, and one in the recovery region of `backup`. An alarm costs 0.10 USD a month, a topic's key 1 USD.
    - `subscriptions`: name => `{ protocol, endpoint }`: `email`, `email-json`, `https`, `sqs` or `lambda`, subscribed to every topic. An address or URL is told nothing until its owner follows the link in SNS's first message.
    - `create_topics`: whether to make the topics; if not, `topic_arn`, (outside us-east-1) `us_east_1_topic_arn` and (with `backup.recovery`) `recovery_topic_arn` are yours. Their policies and keys must admit cloudwatch.amazonaws.com.
    - `runbook_url`: where your readers find this repository's docs/runbooks, without a trailing slash; every alarm's description links to its section. By default that path alone.
  EOT
  type = object({
    subscriptions       = optional(map(object({ protocol = string, endpoint = string })), {})
    create_topics       = optional(bool, true)
    topic_arn           = optional(string)
    us_east_1_topic_arn = optional(string)
    recovery_topic_arn  = optional(string)
    runbook_url         = optional(string, "docs/runbooks")
  })
  default = {}

  validation {
    condition     = try(!endswith(var.alarms.runbook_url, "/") && length(var.alarms.runbook_url) > 0, var.alarms == null)
    error_message = "alarms.runbook_url must not be empty nor end with a slash, for example \"https://git.example.com/shop/docs/runbooks\"."
  }

  validation {
    condition     = try(var.alarms.create_topics || length(var.alarms.subscriptions) == 0, var.alarms == null)
    error_message = "alarms.subscriptions belong to topics that are made here: with alarms.create_topics = false, subscribe where the topics are made."
  }

  # Which ones are missing is known only once the region is: modules/alarms says so.
  validation {
    condition     = try(!var.alarms.create_topics || (var.alarms.topic_arn == null && var.alarms.us_east_1_topic_arn == null && var.alarms.recovery_topic_arn == null), var.alarms == null)
    error_message = "alarms.topic_arn, alarms.us_east_1_topic_arn and alarms.recovery_topic_arn are topics of your own: write alarms.create_topics = false with them."
  }
}

################################################################################
# Network
################################################################################

variable "network" {
  description = <<-EOT
    The VPC, made without a NAT gateway unless told otherwise; null for none (then `database` and functions that use it must be off too).
    - `cidr_block`: its IPv4 range. It stays for the life of the database.
    - `availability_zones`: at least two zone names; null takes the first two of the region. Name them in production, in an order that stays: each zone's range is its place in the list, so that more can only be appended.
    - `endpoint_zones`: `one` or `all`: in how many zones an interface endpoint stands. Each costs about 7.30 USD a zone and month (us-east-1 list price) besides its traffic.
    - `secretsmanager_endpoint`: whether to make the one that this system needs, for the schema migrator. By default it is made, unless `vpc.internet_access`. An existing VPC that has one, or whose other workloads use Secrets Manager, needs `false` and `vpc.internet_access = true`: the endpoint takes over the service's name in the whole VPC, for this system's functions only.
    - `interface_endpoints` (service => `{ actions }`) and `gateway_endpoints` (`s3`, `dynamodb`): for functions of your own that call AWS from inside the VPC.
    - `vpc`: an existing one in place of a new one: `id`, `subnet_ids` (zone => private subnet), `route_table_ids`, `internet_access` (functions may leave on port 443, to the internet or to endpoints that are there).
    - `nat`: `none`, `single` or `per_zone`; a NAT gateway costs about 36.50 USD a month and 0.045 USD a GB (us-east-1).
    - `flow_logs`: `{}` to record connections in CloudWatch Logs: `traffic_type`, `retention_in_days`, `max_aggregation_interval`, `kms_key_arn`; about 0.50 USD a GB.
  EOT
  type = object({
    cidr_block              = optional(string, "10.0.0.0/16")
    availability_zones      = optional(list(string))
    endpoint_zones          = optional(string, "one")
    secretsmanager_endpoint = optional(bool)
    interface_endpoints     = optional(map(object({ actions = list(string) })), {})
    gateway_endpoints       = optional(map(object({ actions = list(string) })), {})
    vpc = optional(object({
      id              = string
      subnet_ids      = map(string)
      route_table_ids = optional(list(string), [])
      internet_access = optional(bool, false)
    }))
    nat = optional(string, "none")
    flow_logs = optional(object({
      traffic_type             = optional(string, "ALL")
      retention_in_days        = optional(number, 30)
      max_aggregation_interval = optional(number, 600)
      kms_key_arn              = optional(string)
    }))
  })
  default = {}
}

################################################################################
# Database
################################################################################

variable "database" {
  description = <<-EOT
    RDS for MySQL with its schema migrator; null for none (then `api` must be null too, unless none of its functions uses the database). What is not explained here is as in modules/database, which validates all of it.
    - `instance_class`, `allocated_storage` (GiB), `max_allocated_storage`, `storage_type`, `iops`, `storage_throughput`, `engine_version`, `auto_minor_version_upgrade`, `multi_az`, `parameters`, `apply_immediately`, `maintenance_window`.
    - `read_replicas` (name => `instance_class`, `availability_zone`, `multi_az`), which leave the minor version to RDS (`engine_version` "8.4"), and `blue_green_update`: RDS does both only with `manage_master_user_password = false`, and `database_password_wo`.
    - `backup_retention_period` (days), `backup_window`, `restore_from` (a snapshot, or a point in time of another database), `deletion_protection`, `skip_final_snapshot`, `final_snapshot_identifier` (null for `<name>-<environment>-final`; another one when that is left from an earlier database).
    - `performance_insights_enabled`, `performance_insights_retention_period`, `database_insights_mode`, `monitoring_interval`, `enabled_cloudwatch_logs_exports`, and `log_retention_in_days` of the database's and the migrator's logs.
    - `alarms`: thresholds of the database's alarms.
    - `create_kms_key` and `kms_key_arn`: whether to make a customer key for the data at rest, or whose to use. Both stay for the life of the database.
    - `name`: the schema; `username`: the master user; `application_user`: the MySQL user of the functions, who logs in with an IAM token.
    - `migrator`: the artifact and handler that migrate the schema; runtime, architectures, memory_size in MB, timeout in seconds.
  EOT
  type = object({
    instance_class             = optional(string, "db.t4g.small")
    allocated_storage          = optional(number, 20)
    max_allocated_storage      = optional(number)
    storage_type               = optional(string, "gp3")
    iops                       = optional(number)
    storage_throughput         = optional(number)
    engine_version             = optional(string, "8.4")
    auto_minor_version_upgrade = optional(bool)
    multi_az                   = optional(bool, false)
    read_replicas = optional(map(object({
      instance_class    = optional(string)
      availability_zone = optional(string)
      multi_az          = optional(bool, false)
    })), {})
    parameters              = optional(map(object({ value = string, apply_method = optional(string, "immediate") })), {})
    backup_retention_period = optional(number, 7)
    backup_window           = optional(string)
    maintenance_window      = optional(string)
    blue_green_update       = optional(bool, false)
    restore_from = optional(object({
      snapshot_identifier                      = optional(string)
      source_db_instance_identifier            = optional(string)
      source_dbi_resource_id                   = optional(string)
      source_db_instance_automated_backups_arn = optional(string)
      restore_time                             = optional(string)
      use_latest_restorable_time               = optional(bool, false)
    }))
    deletion_protection                   = optional(bool, true)
    skip_final_snapshot                   = optional(bool, false)
    final_snapshot_identifier             = optional(string)
    apply_immediately                     = optional(bool, false)
    enabled_cloudwatch_logs_exports       = optional(list(string), ["error", "slowquery"])
    log_retention_in_days                 = optional(number, 30)
    performance_insights_enabled          = optional(bool, false)
    performance_insights_retention_period = optional(number, 7)
    database_insights_mode                = optional(string, "standard")
    monitoring_interval                   = optional(number, 0)
    alarms = optional(object({
      connections_percent  = optional(number)
      cpu_percent          = optional(number)
      cpu_credits          = optional(number)
      free_storage_percent = optional(number)
      freeable_memory_mib  = optional(number)
      replica_lag_seconds  = optional(number)
      login_failures       = optional(number)
    }), {})
    create_kms_key              = optional(bool, true)
    kms_key_arn                 = optional(string)
    name                        = optional(string, "webapp")
    username                    = optional(string, "admin")
    manage_master_user_password = optional(bool, true)
    password_wo_version         = optional(number, 1)
    application_user            = optional(string, "app")
    migrator = optional(object({
      artifact      = optional(string, "database")
      handler       = optional(string, "webapp.database.MigratorHandler")
      runtime       = optional(string, "java21")
      architectures = optional(list(string), ["arm64"])
      memory_size   = optional(number, 1024)
      timeout       = optional(number, 300)
    }), {})
  })
  default = {}

  validation {
    condition = (
      var.database == null || try(var.network.secretsmanager_endpoint, null) != false
      || try(var.network.nat != "none", false) || try(var.network.vpc.internet_access, false)
    )
    error_message = "network.secretsmanager_endpoint = false leaves the schema migrator no way to its password: add vpc.internet_access = true (an existing VPC that has an endpoint, or a way to the internet), or nat."
  }

  validation {
    condition     = var.database == null || var.network != null
    error_message = "database needs network: set network = {} or database = null."
  }

  validation {
    condition     = var.database == null || contains(keys(local.artifacts), try(var.database.migrator.artifact, ""))
    error_message = "database.migrator.artifact \"${try(var.database.migrator.artifact, "")}\" is not in ${local.artifacts_directory}/manifest.json, which lists: ${join(", ", keys(local.artifacts))}. Build it with `make build`, or name one of those."
  }
}

variable "database_password_wo" {
  description = "Master password with `database.manage_master_user_password = false`, from an ephemeral resource such as `aws_secretsmanager_random_password`: never in the state, and read when `database.password_wo_version` changes. It stands by itself because an ephemeral value cannot be part of an object that is not."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true
}

################################################################################
# API
################################################################################

variable "api" {
  description = <<-EOT
    The REST API and the functions behind it; null for none. By default the reference application.
    - `openapi`: the contract, OpenAPI 3.0 as YAML or JSON text; null for the reference application's.
    - `authorizers`: security scheme of the contract => what checks it, as in modules/api: `type` (`AWS_IAM`, `COGNITO_USER_POOLS`, `TOKEN`, `REQUEST`, `API_KEY`), `function` (a key of `functions`, for `TOKEN` and `REQUEST`), `user_pool_arns`, `identity_sources`, `identity_validation_expression`, `result_ttl_in_seconds`. By default those of the reference application's contract, and none for another contract.
    - `user_pool`: the Cognito user pool of people and machines, as in modules/api. It is made where an authorizer of type `COGNITO_USER_POOLS` names no pool of yours, or a function has `user_pool`. `domain_prefix` is `<name>-<environment>-<account>` unless said otherwise, where there are `machine_clients`.
    - `consumers`: name => an API key with its own limits, for operations whose authorizer is `API_KEY`: `rate_limit` (requests a second), `burst_limit`, `quota` (`limit` a `period`), `enabled`. Without any nobody can call those.
    - `partners`: partner => public keys that its tokens are verified with (docs/partners.md), for functions with `partners`. Two while it changes its key.
    - `functions`: key => a Java function: `artifact` (a jar of the manifest), `handler` (one of its classes), `operations` (operation ids of the contract that it answers), `database` (whether it logs in to the database), `user_pool` and `partners` (whether its environment says whose tokens to take), `memory_size` (MB), `timeout` (seconds, under 29), `snap_start`, `environment`. As in modules/function besides: `runtime`, `architectures`, `layers`, `ephemeral_storage_size` (MiB), `policy_statements`, `provisioned_concurrency` (instead of `snap_start`), `reserved_concurrent_executions`, `tracing_mode`, `alarms` (thresholds), and `canary`: `{}` to have new versions rolled out by modules/canary (`weight`, `bake_minutes`, `errors`, `alarm_names`; the API's 5xx rate ends a rollout too), with the artifact `canary`. To switch it on or off later, follow docs/runbooks/canary.md.
    - `throttle` (requests a second, and burst, for each operation) and `operation_throttles` (operation id => the same, for one). Keep the bursts of operations that use the database, together, below its `max_connections`, about 145 on a db.t4g.small: each request at once is a connection, and where people sign up by themselves anybody can be signed in.
    - `log_retention_in_days`: of the functions' logs.
    - `access_logs` (a line for each request) and `execution_logs` (what API Gateway did with it): `{}` to write them, for which the account and region need examples/account-bootstrap once; `xray_tracing_enabled`.
    - `firewall`: `{}` for a web ACL made here before the API, for calls that do not come through CloudFront too, or `web_acl_arn` for one of yours (WAFv2, scope REGIONAL). Where `edge` is on, clients' addresses are CloudFront's: give rules by address or rate to `edge.web_acl_arn`.
    - `cors`: pages of other origins that may call the API, which the site itself needs not: `allow_origins`, `allow_headers`, `expose_headers`, `max_age`, `allow_credentials`.
    - `domain`: a name of your own for the API: `name`, `zone_id`, and whether to make its certificate and records.
    - `dashboard`: whether to make a CloudWatch dashboard of API, functions and database; 3 USD a month beyond the account's first three.
    - `alarms`: thresholds of the API's alarms, as in modules/api.
  EOT
  type = object({
    openapi = optional(string)
    authorizers = optional(map(object({
      type                           = string
      function                       = optional(string)
      user_pool_arns                 = optional(list(string))
      identity_sources               = optional(list(string))
      identity_validation_expression = optional(string)
      result_ttl_in_seconds          = optional(number)
    })))
    user_pool = optional(object({
      deletion_protection          = optional(bool)
      user_pool_tier               = optional(string)
      password_minimum_length      = optional(number, 12)
      allow_admin_create_user_only = optional(bool)
      mfa_configuration            = optional(string)
      ses                          = optional(object({ source_arn = string, from_email_address = string }))
      auth_flow                    = optional(string)
      token_validity_minutes       = optional(number)
      refresh_token_validity_days  = optional(number, 30)
      groups                       = optional(map(string), { support = "May read anybody's order" })
      resource_servers             = optional(map(map(string)), { orders = { read = "List all orders" } })
      machine_clients              = optional(map(list(string)), {})
      domain_prefix                = optional(string)
    }), {})
    partners = optional(map(list(string)), {})
    consumers = optional(map(object({
      rate_limit  = number
      burst_limit = number
      quota       = optional(object({ limit = number, period = string, offset = optional(number) }))
      enabled     = optional(bool)
    })), {})
    functions = optional(map(object({
      artifact               = string
      handler                = string
      operations             = list(string)
      database               = optional(bool, false)
      user_pool              = optional(bool, false)
      partners               = optional(bool, false)
      runtime                = optional(string, "java21")
      architectures          = optional(list(string), ["arm64"])
      layers                 = optional(list(string), [])
      memory_size            = optional(number, 1024)
      ephemeral_storage_size = optional(number, 512)
      timeout                = optional(number, 15)
      snap_start             = optional(bool, true)
      environment            = optional(map(string), {})
      policy_statements = optional(map(object({
        actions         = list(string)
        resources       = list(string)
        conditions      = optional(list(object({ test = string, variable = string, values = list(string) })), [])
        wildcard_reason = optional(string)
      })), {})
      provisioned_concurrency = optional(object({
        executions      = optional(number)
        target_tracking = optional(object({ min = number, max = number, utilization = optional(number, 0.7) }))
        schedules       = optional(map(object({ schedule = string, min = number, max = number, timezone = optional(string, "UTC") })), {})
      }))
      reserved_concurrent_executions = optional(number)
      canary = optional(object({
        weight       = optional(number)
        bake_minutes = optional(number)
        errors       = optional(number)
        alarm_names  = optional(list(string), [])
      }))
      tracing_mode = optional(string, "PassThrough")
      alarms = optional(object({
        errors         = optional(number)
        throttles      = optional(number)
        duration_share = optional(number)
      }), {})
      })), {
      users = {
        artifact   = "api"
        handler    = "webapp.api.users.UsersHandler"
        operations = ["registerUser", "listUsers", "getUser", "getOwnProfile", "putOwnProfile"]
        database   = true
        user_pool  = true
      }
      catalog = {
        artifact   = "api"
        handler    = "webapp.api.catalog.CatalogHandler"
        operations = ["listProducts", "getProduct", "getProductFeed", "listPartnerProducts"]
        database   = true
      }
      orders = {
        artifact   = "api"
        handler    = "webapp.api.orders.OrdersHandler"
        operations = ["placeOrder", "listOwnOrders", "getOrder", "listOrdersToFulfil"]
        database   = true
        user_pool  = true
      }
      session = {
        artifact   = "api"
        handler    = "webapp.api.session.SessionHandler"
        operations = ["signUp", "confirmSignUp", "resendCode", "signIn", "refreshSession", "signOut"]
        user_pool  = true
      }
      authorizer = {
        artifact   = "api"
        handler    = "webapp.api.authorizer.AuthorizerHandler"
        operations = []
        partners   = true
        timeout    = 5
      }
      health = {
        artifact   = "api"
        handler    = "webapp.api.health.HealthHandler"
        operations = ["getLiveness", "getReadiness"]
        database   = true
      }
    })
    throttle = optional(object({ rate_limit = number, burst_limit = number }), { rate_limit = 1000, burst_limit = 500 })
    operation_throttles = optional(map(object({ rate_limit = number, burst_limit = number })), {
      registerUser        = { rate_limit = 20, burst_limit = 20 }
      listProducts        = { rate_limit = 100, burst_limit = 20 }
      getProduct          = { rate_limit = 100, burst_limit = 15 }
      getProductFeed      = { rate_limit = 50, burst_limit = 8 }
      listPartnerProducts = { rate_limit = 5, burst_limit = 3 }
      placeOrder          = { rate_limit = 20, burst_limit = 10 }
      listOwnOrders       = { rate_limit = 50, burst_limit = 10 }
      getOrder            = { rate_limit = 50, burst_limit = 8 }
      listOrdersToFulfil  = { rate_limit = 5, burst_limit = 3 }
      getOwnProfile       = { rate_limit = 50, burst_limit = 10 }
      putOwnProfile       = { rate_limit = 10, burst_limit = 5 }
      listUsers           = { rate_limit = 5, burst_limit = 3 }
      getUser             = { rate_limit = 10, burst_limit = 3 }
      getReadiness        = { rate_limit = 10, burst_limit = 5 }
      getLiveness         = { rate_limit = 20, burst_limit = 7 }
      signUp              = { rate_limit = 5, burst_limit = 10 }
      confirmSignUp       = { rate_limit = 5, burst_limit = 10 }
      resendCode          = { rate_limit = 5, burst_limit = 10 }
      signIn              = { rate_limit = 20, burst_limit = 40 }
      refreshSession      = { rate_limit = 50, burst_limit = 50 }
      signOut             = { rate_limit = 20, burst_limit = 40 }
    })
    log_retention_in_days = optional(number, 30)
    access_logs           = optional(object({ retention_in_days = optional(number), kms_key_arn = optional(string) }))
    execution_logs        = optional(object({ logging_level = optional(string), retention_in_days = optional(number), kms_key_arn = optional(string) }))
    xray_tracing_enabled  = optional(bool, false)
    web_acl_arn           = optional(string)
    firewall = optional(object({
      managed_rule_groups = optional(list(object({
        name        = string
        version     = optional(string)
        count_only  = optional(bool, false)
        count_rules = optional(list(string), [])
      })))
      body_size_limit_bytes = optional(number)
      rate_limit_per_ip     = optional(number)
      countries             = optional(object({ action = string, codes = list(string) }))
      addresses             = optional(object({ action = string, cidrs = list(string) }))
      logs                  = optional(object({ retention_in_days = optional(number), kms_key_arn = optional(string) }), {})
    }))
    cors = optional(object({
      allow_origins     = list(string)
      allow_headers     = optional(list(string))
      expose_headers    = optional(list(string))
      max_age           = optional(number)
      allow_credentials = optional(bool)
    }))
    domain = optional(object({
      name                         = string
      zone_id                      = optional(string)
      create_certificate           = optional(bool, true)
      certificate_arn              = optional(string)
      create_records               = optional(bool, true)
      disable_execute_api_endpoint = optional(bool, true)
    }))
    dashboard = optional(bool, false)
    alarms = optional(object({
      rate_5xx_percent          = optional(number)
      latency_p99_milliseconds  = optional(number)
      rate_4xx_percent          = optional(number)
      rate_4xx_minimum_requests = optional(number)
    }), {})
  })
  default = {}

  validation {
    condition     = alltrue([for function in try(values(var.api.functions), []) : !function.database || var.database != null])
    error_message = "These functions of api use the database, which is null: ${join(", ", [for key, function in try(var.api.functions, {}) : key if function.database])}. Set database = {}, or database = false for each of them."
  }

  validation {
    condition     = alltrue([for authorizer in try(values(var.api.authorizers), []) : authorizer.function == null || contains(try(keys(var.api.functions), []), coalesce(authorizer.function, "-"))])
    error_message = "api.authorizers: function must be a key of api.functions (${join(", ", try(keys(var.api.functions), []))}); correct ${try(join(", ", [for scheme, authorizer in var.api.authorizers : scheme if try(!contains(keys(var.api.functions), authorizer.function), false)]), "")}."
  }

  validation {
    condition     = alltrue([for partner, public_keys in try(var.api.partners, {}) : can(regex("^[a-z0-9-]{1,32}$", partner)) && length(public_keys) > 0])
    error_message = "api.partners: each is named by 1-32 lower-case letters, digits and hyphens and has at least one public key; correct those of ${join(", ", try(keys(var.api.partners), []))} that do not."
  }

  validation {
    condition     = length(try(var.api.partners, {})) == 0 || anytrue([for function in try(values(var.api.functions), []) : function.partners])
    error_message = "api.partners are nobody's business: no function of api.functions has partners = true."
  }

  validation {
    condition     = var.database == null || !contains(try(keys(var.api.functions), []), "migrator")
    error_message = "A function of api.functions is named migrator, as is the database's own (its name is the application's, the environment's and the key); give it another key."
  }

  validation {
    condition     = contains(keys(local.artifacts), "canary") || alltrue([for function in try(values(var.api.functions), []) : function.canary == null])
    error_message = "A function of api.functions has a canary, whose rollouts need the artifact canary, which is not in ${local.artifacts_directory}/manifest.json. Build it with `make build`, or write canary = null."
  }

  validation {
    condition     = !contains(try(keys(var.api.functions), []), "canary") || alltrue([for function in try(values(var.api.functions), []) : function.canary == null])
    error_message = "A function of api.functions is named canary, as is the one that rolls the others out (its name is the application's, the environment's and the key); give it another key."
  }

  validation {
    condition     = alltrue([for function in try(values(var.api.functions), []) : contains(keys(local.artifacts), function.artifact)])
    error_message = "An artifact of api.functions is not in ${local.artifacts_directory}/manifest.json, which lists: ${join(", ", keys(local.artifacts))}. Functions name: ${join(", ", distinct([for function in try(values(var.api.functions), []) : function.artifact]))}. Build it with `make build`, or name one of those."
  }

  validation {
    condition     = length(flatten([for function in try(values(var.api.functions), []) : function.operations])) == length(distinct(flatten([for function in try(values(var.api.functions), []) : function.operations])))
    error_message = "An operation id stands under two functions of api.functions; let one function answer it."
  }
}

################################################################################
# Edge
################################################################################

variable "edge" {
  description = <<-EOT
    CloudFront and the static site; null for none.
    - `site_directory`: the directory whose files are published; null for the reference application's page.
    - `assets_directory`: the part of it that is published below a hash of its content, to be kept by browsers for a year; `""` for none.
    - `content_types` (extension => media type), `content_security_policy` and `cache_control` (`pages`, `assets`): what a site of your own needs besides the defaults of modules/edge.
    - `price_class`: PriceClass_100, PriceClass_200 or PriceClass_All.
    - `force_destroy`: whether the site's bucket may be deleted while it holds files that Terraform did not publish; `noncurrent_days`: how long a replaced file stays recoverable.
    - `domain`: the site's own name: `name`, `www`, `zone_id`, and whether to make its certificate and records; `hsts_include_subdomains`.
    - `access_logs`: `{}` to record every request in a bucket: `retention_in_days`, `record_fields`, and `force_destroy`, without which switching them off fails while there are log files. They are personal data.
    - `geo_restriction` (`restriction_type`, `locations`) and `web_acl_arn` (a WAFv2 web ACL of scope CLOUDFRONT): for what comes through CloudFront; `api.web_acl_arn` is for what goes to the API directly.
    - `alarms`: thresholds of the alarms in us-east-1, as in modules/edge.
  EOT
  type = object({
    site_directory          = optional(string)
    assets_directory        = optional(string, "assets")
    content_types           = optional(map(string), {})
    content_security_policy = optional(string)
    cache_control = optional(object({
      pages  = optional(string)
      assets = optional(string)
    }), {})
    noncurrent_days = optional(number, 30)
    price_class     = optional(string, "PriceClass_100")
    geo_restriction = optional(object({ restriction_type = string, locations = set(string) }))
    web_acl_arn     = optional(string)
    domain = optional(object({
      name                    = string
      www                     = optional(bool, false)
      create_records          = optional(bool, true)
      zone_id                 = optional(string)
      create_certificate      = optional(bool, true)
      certificate_arn         = optional(string)
      hsts_include_subdomains = optional(bool, false)
    }))
    access_logs = optional(object({
      retention_in_days = optional(number)
      record_fields     = optional(list(string))
      force_destroy     = optional(bool, false)
    }))
    alarms = optional(object({
      error_rate_5xx     = optional(number)
      minimum_errors_5xx = optional(number)
      error_rate_4xx     = optional(number)
      minimum_errors_4xx = optional(number)
      function_errors    = optional(number)
    }), {})
    force_destroy = optional(bool, false)
  })
  default = {}
}

################################################################################
# Backup
################################################################################

variable "backup" {
  description = <<-EOT
    Snapshots of the database on a schedule, besides RDS's own automated backups; null for none. What is not explained here is as in modules/backup.
    - `times`, `time_zone`, `days`: when a backup is due. `retention`: how many are kept. `maximum_age_minutes`: from which age an alarm fires.
    - `dry_run`: nothing is deleted, and the log says what would be; `true` until you have read it. `manual_snapshot_quota` of the account.
    - `deletion_protection`: whether the tables and the recovery key resist deletion, whatever the database does. Write `false` and apply before you destroy.
    - `recovery`: a copy of each in the region of the provider `aws.dr`; null for none. `retention`, `option_group_name`, `automated_backups` (`{ retention_period }`), `create_kms_key` and `kms_key_arn`. `artifacts` (`bucket`, `prefix`) of that region where `artifacts.s3` is used. `network`: where drills restore: `cidr_block` and `availability_zones` of a VPC that is made there for it (free of charge, cut off from everything), or your own `subnet_ids` (of two zones) and `security_group_ids`.
    - `drill`: a restore of the newest copy each month, compared with the database and timed: `day_of_month`, `time`, `instance_class`, `parameter_group_name`, `option_group_name`, `timeout_minutes`, `targets` (without `rpo_minutes` that follows `times` and `days`). It costs the instance for the hours it runs. `windows` says what is compared; null for the orders of the reference application.
    - `export`: Parquet in a bucket, which no database can be restored from: `every`, `prefix`, `export_only`; `export_bucket`: its lifecycle, replication and lock.
    - `share_with`: accounts that may restore the copies.
    - `page`: whether the site has a page `/admin` for the Cognito group `operators`, which shows all this; with the reference application's contract only.
    - `alarms`: `grace_minutes`, `recovery_grace_minutes`, `export_grace_minutes`, `drill_grace_minutes`, `snapshots_percent`. `dashboard`.
  EOT
  type = object({
    times     = optional(list(string))
    time_zone = optional(string)
    days      = optional(list(string))
    retention = optional(object({
      last             = optional(number)
      daily            = optional(number)
      weekly           = optional(number)
      monthly          = optional(number)
      maximum_age_days = optional(number)
      minimum          = optional(number)
    }), {})
    maximum_age_minutes   = optional(number)
    dry_run               = optional(bool)
    manual_snapshot_quota = optional(number)
    recovery = optional(object({
      retention = optional(object({
        last             = optional(number)
        daily            = optional(number)
        weekly           = optional(number)
        monthly          = optional(number)
        maximum_age_days = optional(number)
        minimum          = optional(number)
      }), {})
      option_group_name = optional(string)
      automated_backups = optional(object({ retention_period = optional(number) }))
      create_kms_key    = optional(bool, true)
      kms_key_arn       = optional(string)
      artifacts         = optional(object({ bucket = string, prefix = optional(string, "") }))
      network = optional(object({
        cidr_block         = optional(string, "10.1.0.0/16")
        availability_zones = optional(list(string))
        subnet_ids         = optional(list(string))
        security_group_ids = optional(list(string))
      }), {})
    }))
    drill = optional(object({
      day_of_month         = optional(number)
      time                 = optional(string)
      instance_class       = optional(string)
      parameter_group_name = optional(string)
      option_group_name    = optional(string)
      timeout_minutes      = optional(number)
      targets = optional(object({
        rpo_minutes = optional(number)
        rto_minutes = optional(number)
      }), {})
    }))
    windows = optional(object({
      unit           = optional(string)
      count          = optional(number)
      settle_minutes = optional(number)
      tables = list(object({
        table   = string
        column  = string
        columns = list(string)
      }))
    }))
    export = optional(object({
      every       = optional(string)
      prefix      = optional(string)
      export_only = optional(list(string))
    }))
    export_bucket = optional(object({
      replicate       = optional(bool)
      expiration_days = optional(number)
      noncurrent_days = optional(number)
      transition      = optional(object({ days = number, storage_class = string }))
      object_lock     = optional(object({ mode = string, days = number }))
    }), {})
    share_with = optional(list(string))
    alarms = optional(object({
      grace_minutes          = optional(number)
      recovery_grace_minutes = optional(number)
      export_grace_minutes   = optional(number)
      drill_grace_minutes    = optional(number)
      snapshots_percent      = optional(number)
    }), {})
    deletion_protection   = optional(bool, true)
    dashboard             = optional(bool)
    log_retention_in_days = optional(number)
    page                  = optional(bool, true)
  })
  default = null

  validation {
    condition     = var.backup == null || var.database != null
    error_message = "backup needs database; databases of others are backed up by modules/backup itself, as in examples/backup-existing-database."
  }

  validation {
    condition     = var.backup == null || contains(keys(local.artifacts), "backup")
    error_message = "backup needs the artifact backup, which is not in ${local.artifacts_directory}/manifest.json. Build it with `make build`, or write backup = null."
  }

  validation {
    condition     = try(var.backup.drill == null || var.backup.recovery != null, true)
    error_message = "backup.drill restores the copy in the recovery region: it needs backup.recovery."
  }

  # The key that modules/database makes admits this account alone; of one's own nothing is known.
  validation {
    condition     = try(length(var.backup.share_with) == 0 || var.backup.recovery != null || !var.database.create_kms_key, true)
    error_message = "backup.share_with lets other accounts restore the copies of the recovery region: it needs backup.recovery, because the key made for the database admits no other account. Or give the database a key of your own that admits them (database.create_kms_key = false and kms_key_arn)."
  }

  validation {
    condition     = try((var.backup.recovery.network.subnet_ids == null) == (var.backup.recovery.network.security_group_ids == null), true)
    error_message = "backup.recovery.network: subnet_ids and security_group_ids of your own belong together; leave both out for a network that is made for the drills."
  }

  validation {
    condition     = try(var.artifacts.s3 == null || var.backup.recovery == null || var.backup.recovery.artifacts != null, true)
    error_message = "backup.recovery.artifacts must name a bucket of the recovery region that holds the same jars as artifacts.s3: Lambda reads a jar from its own region alone."
  }

  validation {
    condition     = try(!contains(keys(var.api.functions), "backups") || !var.backup.page, true)
    error_message = "A function of api.functions is named backups, as is the operators' page's own; give it another key, or write backup.page = false."
  }
}
