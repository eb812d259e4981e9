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
  mock_resource "aws_db_instance" {
    defaults = {
      address            = "shop.abc.eu-central-1.rds.amazonaws.com"
      arn                = "arn:aws:rds:eu-central-1:111122223333:db:shop"
      port               = 3306
      resource_id        = "db-ABC"
      master_user_secret = [{ kms_key_id = "arn:aws:kms:eu-central-1:111122223333:key/made", secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1", secret_status = "active" }]
    }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:mocked" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/shop-migrator" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:shop-migrator", version = "7" }
  }
  mock_resource "aws_lambda_invocation" {
    defaults = { result = "{\"schemaVersion\":\"3\",\"migrationsExecuted\":1}" }
  }
}

variables {
  # Terraform 1.11 tests apply no module that has an ephemeral variable left unset; it is read only where RDS manages no password.
  password_wo            = "a-password-of-the-tests"
  identifier             = "shop"
  db_name                = "webapp"
  subnet_ids             = ["subnet-a", "subnet-b"]
  vpc_security_group_ids = ["sg-database"]
}

################################################################################
# What it makes
################################################################################

run "defaults" {
  assert {
    condition = (
      aws_db_instance.this[0].engine == "mysql" && aws_db_instance.this[0].engine_version == "8.4"
      && aws_db_instance.this[0].engine_lifecycle_support == "open-source-rds-extended-support-disabled"
    )
    error_message = "MySQL 8.4, never under paid extended support"
  }
  assert {
    condition     = aws_db_instance.this[0].instance_class == "db.t4g.small" && aws_db_instance.this[0].allocated_storage == 20 && aws_db_instance.this[0].storage_type == "gp3" && !aws_db_instance.this[0].multi_az
    error_message = "the smallest instance that carries IAM logins"
  }
  assert {
    condition     = aws_db_instance.this[0].manage_master_user_password && aws_db_instance.this[0].password == null && aws_db_instance.this[0].iam_database_authentication_enabled
    error_message = "RDS keeps the master password, and IAM users log in"
  }
  assert {
    condition     = aws_db_instance.this[0].storage_encrypted && !aws_db_instance.this[0].publicly_accessible
    error_message = "encrypted and private"
  }
  assert {
    condition = alltrue([for key in [aws_db_instance.this[0].kms_key_id, aws_db_instance.this[0].master_user_secret_kms_key_id, output.kms_key_arn] :
    key == "arn:aws:kms:eu-central-1:111122223333:key/made"]) && alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == output.kms_key_arn])
    error_message = "storage, master password and logs are under the module's key"
  }
  assert {
    condition = (
      aws_db_instance.this[0].backup_retention_period == 7 && aws_db_instance.this[0].copy_tags_to_snapshot && aws_db_instance.this[0].deletion_protection
      && !aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].final_snapshot_identifier == "shop-final"
    )
    error_message = "backups, deletion protection and a final snapshot of a known name"
  }
  assert {
    condition     = aws_db_instance.this[0].enabled_cloudwatch_logs_exports == toset(["error", "slowquery"]) && { for kind, group in aws_cloudwatch_log_group.this : kind => group.name } == { error = "/aws/rds/instance/shop/error", slowquery = "/aws/rds/instance/shop/slowquery" }
    error_message = "error and slow query logs go to the groups that were made first"
  }
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 30])
    error_message = "logs are kept for 30 days"
  }
  assert {
    condition     = aws_db_instance.this[0].auto_minor_version_upgrade && !aws_db_instance.this[0].apply_immediately && aws_db_instance.this[0].ca_cert_identifier == "rds-ca-rsa2048-g1"
    error_message = "minor versions follow in the maintenance window"
  }
  assert {
    condition     = aws_db_subnet_group.this[0].subnet_ids == toset(["subnet-a", "subnet-b"]) && aws_db_instance.this[0].vpc_security_group_ids == toset(["sg-database"])
    error_message = "in the subnets and groups given"
  }
  assert {
    condition     = length(module.migrator) == 0 && length(aws_lambda_invocation.migration) == 0 && output.schema_version == null && output.migrator_function_name == null
    error_message = "no migrator unless given"
  }
  assert {
    condition = (
      output.host == "shop.abc.eu-central-1.rds.amazonaws.com" && output.port == 3306 && output.db_name == "webapp" && output.identifier == "shop"
      && output.arn == "arn:aws:rds:eu-central-1:111122223333:db:shop" && output.resource_id == "db-ABC" && output.application_user == "app"
      && output.connect_resource_arn == "arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-ABC/app"
      && output.master_user_secret_arn == "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1"
      && output.log_group_names == { error = "/aws/rds/instance/shop/error", slowquery = "/aws/rds/instance/shop/slowquery" }
    )
    error_message = "outputs say where and as whom to connect"
  }
}

run "tls_is_required" {
  assert {
    condition     = aws_db_parameter_group.this[0].family == "mysql8.4" && aws_db_parameter_group.this[0].name_prefix == "shop-"
    error_message = "parameters of MySQL 8.4, replaceable"
  }
  assert {
    condition = { for parameter in aws_db_parameter_group.this[0].parameter : parameter.name => parameter.value } == {
      require_secure_transport = "1"
      character_set_server     = "utf8mb4"
      collation_server         = "utf8mb4_0900_ai_ci"
      sql_mode                 = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
      log_output               = "FILE"
      slow_query_log           = "1"
      long_query_time          = "1"
      innodb_buffer_pool_size  = "{DBInstanceClassMemory*1/2}"
    }
    error_message = "TLS only, utf8mb4, values that do not fit refused, slow queries to a file, and memory left for IAM logins"
  }
  assert {
    condition     = [for parameter in aws_db_parameter_group.this[0].parameter : parameter.name if parameter.apply_method == "pending-reboot"] == ["innodb_buffer_pool_size"]
    error_message = "TLS is required at once"
  }
}

run "a_larger_class_keeps_its_buffers" {
  variables {
    instance_class = "db.m7g.large"
    engine_version = "8.4.6"
  }

  assert {
    condition     = !contains([for parameter in aws_db_parameter_group.this[0].parameter : parameter.name], "innodb_buffer_pool_size") && aws_db_parameter_group.this[0].family == "mysql8.4"
    error_message = "only burstable classes give up buffers; a minor version has its release's family"
  }
  assert {
    condition     = !aws_db_instance.this[0].auto_minor_version_upgrade
    error_message = "RDS does not upgrade past the minor version that was asked for: a plan would want it back, and RDS downgrades nothing"
  }
}

################################################################################
# Key
################################################################################

run "key_policy_while_protected" {
  assert {
    condition     = jsondecode(aws_kms_key.this[0].policy).Statement[*].Sid == ["AccountAdministration", "AccountThroughDatabaseServices", "LogGroupsOfThisName", "KeepKeyWhileDatabaseIsProtected"]
    error_message = "who may use the key, and that it stays"
  }
  assert {
    condition = jsondecode(aws_kms_key.this[0].policy).Statement[0] == {
      Sid       = "AccountAdministration", Effect = "Allow", Action = ["kms:*"], Resource = "*"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
    }
    error_message = "the account's IAM administers the key"
  }
  assert {
    condition = jsondecode(aws_kms_key.this[0].policy).Statement[1].Condition == {
      StringEquals = {
        "kms:CallerAccount" = "111122223333"
        "kms:ViaService"    = ["rds.eu-central-1.amazonaws.com", "secretsmanager.eu-central-1.amazonaws.com"]
      }
    }
    error_message = "everybody else in the account uses it through RDS and Secrets Manager only"
  }
  assert {
    condition = (
      jsondecode(aws_kms_key.this[0].policy).Statement[2].Principal == { Service = "logs.eu-central-1.amazonaws.com" }
      && jsondecode(aws_kms_key.this[0].policy).Statement[2].Condition == {
        ArnLike = {
          "kms:EncryptionContext:aws:logs:arn" = [
            "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/rds/instance/shop/*",
            "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/shop-*",
          ]
        }
      }
    )
    error_message = "CloudWatch Logs uses it for this database's groups and those of functions named after it only"
  }
  assert {
    condition = jsondecode(aws_kms_key.this[0].policy).Statement[3] == {
      Sid       = "KeepKeyWhileDatabaseIsProtected", Effect = "Deny", Action = ["kms:DisableKey", "kms:ScheduleKeyDeletion"], Resource = "*"
      Principal = { AWS = "*" }
    }
    error_message = "nobody disables or deletes the key of a protected database"
  }
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.this[0].policy).Statement : try(statement.Condition.StringEquals["kms:CallerAccount"], "") == "111122223333"
      if statement.Effect == "Allow" && try(statement.Principal.AWS, "") == "*"
    ])
    error_message = "no grant to everybody without this account's condition"
  }
  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_alias.this[0].name == "alias/shop-database"
    error_message = "the key rotates and has a name"
  }
}

run "key_policy_without_protection" {
  variables {
    deletion_protection = false
    skip_final_snapshot = true
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_kms_key.this[0].policy).Statement : statement.Effect == "Allow"])
    error_message = "the key can go with a database that can go"
  }
  assert {
    condition     = !aws_db_instance.this[0].deletion_protection && aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].final_snapshot_identifier == null
    error_message = "no protection, no snapshot"
  }
}

run "key_of_the_caller" {
  state_key = "key_of_the_caller" # another database: one that is there keeps its key

  variables {
    create_kms_key      = false
    kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/own"
    deletion_protection = false # allowed: the final snapshot's key outlives the database
  }

  assert {
    condition     = length(aws_kms_key.this) == 0 && length(aws_kms_alias.this) == 0
    error_message = "no key is made"
  }
  assert {
    condition     = alltrue([for key in [aws_db_instance.this[0].kms_key_id, aws_db_instance.this[0].master_user_secret_kms_key_id, output.kms_key_arn] : key == var.kms_key_arn])
    error_message = "the caller's key is used"
  }
  assert {
    condition = (
      toset(keys(local.migrator_policy_statements)) == toset(["ReadMasterSecret", "DecryptMasterSecret"])
      && jsonencode(local.migrator_policy_statements.DecryptMasterSecret) == jsonencode({
        actions   = ["kms:Decrypt"]
        resources = [var.kms_key_arn]
        conditions = [
          { test = "StringEquals", variable = "kms:ViaService", values = ["secretsmanager.eu-central-1.amazonaws.com"] },
          { test = "StringEquals", variable = "kms:EncryptionContext:SecretARN", values = ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1"] },
        ]
      })
    )
    error_message = "the migrator uses a key of the caller's, whose policy may leave that to IAM, for its one secret"
  }
}

################################################################################
# Migrator
################################################################################

run "migrator" {
  variables {
    tags                 = { Environment = "test" }
    permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
    migrator = {
      package            = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", handlers = ["webapp.database.MigratorHandler"] }
      security_group_ids = ["sg-functions"]
    }
  }

  assert {
    condition     = output.migrator_function_name == "shop-migrator" && output.log_group_names.migrator == "/aws/lambda/shop-migrator" && module.migrator[0].timeout == 300
    error_message = "a function named after the database"
  }
  assert {
    condition = (
      aws_lambda_invocation.migration[0].function_name == "shop-migrator" && aws_lambda_invocation.migration[0].qualifier == "7"
      && aws_lambda_invocation.migration[0].lifecycle_scope == "CREATE_ONLY" && aws_lambda_invocation.migration[0].input == "{}"
    )
    error_message = "the published version is invoked once, with nothing secret"
  }
  assert {
    condition     = aws_lambda_invocation.migration[0].triggers == tomap({ package = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", application_user = "app", database = "db-ABC" })
    error_message = "again for another jar, application user or database"
  }
  assert {
    condition = local.migrator_environment == tomap({
      DATABASE_HOST              = "shop.abc.eu-central-1.rds.amazonaws.com"
      DATABASE_PORT              = "3306"
      DATABASE_NAME              = "webapp"
      DATABASE_MASTER_SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1"
      DATABASE_APPLICATION_USER  = "app"
    })
    error_message = "the migrator is told where the database and the master secret are, and whom to create"
  }
  assert {
    condition = local.migrator_policy_statements == {
      ReadMasterSecret = {
        actions   = ["secretsmanager:GetSecretValue"]
        resources = ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1"]
      }
    }
    error_message = "the migrator reads one secret; the policy of the key made here lets who reads it decrypt it"
  }
  assert {
    condition     = output.schema_version == "3"
    error_message = "schema_version is the migrator's answer"
  }
}

run "drill_user" {
  variables {
    drill_user = "drill"
    migrator = {
      package            = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", handlers = ["webapp.database.MigratorHandler"] }
      security_group_ids = ["sg-functions"]
    }
  }

  assert {
    condition     = local.migrator_environment.DATABASE_DRILL_USER == "drill" && aws_lambda_invocation.migration[0].triggers["drill_user"] == "drill"
    error_message = "the migrator is told whom to create, and runs for it"
  }
  assert {
    condition     = output.drill_user == "drill" && output.drill_connect_resource_arn == "arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-ABC/drill"
    error_message = "outputs say with which permission to connect"
  }
}

run "migrator_as_told" {
  state_key = "migrator_as_told"

  variables {
    migrator = {
      package            = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", handlers = ["shop.Migrator"] }
      handler            = "shop.Migrator" # modules/function refuses one that the package does not list
      runtime            = "provided.al2023"
      architectures      = ["x86_64"]
      memory_size        = 2048
      timeout            = 600
      security_group_ids = ["sg-functions"]
    }
  }

  # Of a module's function its outputs alone are visible here; its own tests, and the stack's, see the rest.
  assert {
    condition     = module.migrator[0].timeout == 600 && output.schema_version == "3"
    error_message = "the function takes the caller's settings"
  }
}

################################################################################
# Tags and off-switch
################################################################################

run "options_reach_the_resources" {
  state_key = "options_reach_the_resources" # another database: one that is there keeps its master user

  variables {
    instance_class            = "db.t4g.medium" # multi_az of a small one warns
    multi_az                  = true
    apply_immediately         = true
    backup_retention_period   = 35
    allocated_storage         = 100
    username                  = "master"
    application_user          = "shop_app"
    final_snapshot_identifier = "shop-last"
    log_retention_in_days     = 7
    ca_cert_identifier        = "rds-ca-ecc384-g1"
    tags                      = { Environment = "test" }
  }

  assert {
    condition = (
      aws_db_instance.this[0].multi_az && aws_db_instance.this[0].apply_immediately && aws_db_instance.this[0].backup_retention_period == 35
      && aws_db_instance.this[0].allocated_storage == 100 && aws_db_instance.this[0].username == "master"
      && aws_db_instance.this[0].final_snapshot_identifier == "shop-last" && aws_db_instance.this[0].ca_cert_identifier == "rds-ca-ecc384-g1"
    )
    error_message = "options reach the instance"
  }
  assert {
    condition     = endswith(output.connect_resource_arn, ":dbuser:db-ABC/shop_app") && alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 7])
    error_message = "application user and retention reach permission and logs"
  }
  assert {
    condition = alltrue([
      for tags in concat(
        aws_db_instance.this[*].tags, aws_db_subnet_group.this[*].tags, aws_db_parameter_group.this[*].tags, aws_kms_key.this[*].tags, values(aws_cloudwatch_log_group.this)[*].tags,
      ) : tags == tomap({ Environment = "test" })
    ])
    error_message = "tags reach every resource that takes them"
  }
}

run "other_partition" {
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }

  assert {
    condition = (
      output.connect_resource_arn == "arn:aws-cn:rds-db:eu-central-1:111122223333:dbuser:db-ABC/app"
      && jsondecode(aws_kms_key.this[0].policy).Statement[2].Principal == { Service = "logs.eu-central-1.amazonaws.com.cn" }
    )
    error_message = "ARNs and services are of the provider's partition"
  }
}

run "off_creates_nothing" {
  variables {
    create = false
    migrator = {
      package            = { filename = "tests/absent.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      security_group_ids = ["sg-functions"]
    }
  }

  assert {
    condition = alltrue([for count in [
      length(aws_db_instance.this), length(aws_db_subnet_group.this), length(aws_db_parameter_group.this), length(aws_kms_key.this),
      length(aws_kms_alias.this), length(aws_cloudwatch_log_group.this), length(module.migrator), length(aws_lambda_invocation.migration),
    ] : count == 0])
    error_message = "nothing is created"
  }
  assert {
    condition = alltrue([for value in [
      output.host, output.port, output.db_name, output.identifier, output.arn, output.resource_id, output.application_user, output.connect_resource_arn,
      output.master_user_secret_arn, output.kms_key_arn, output.migrator_function_name, output.schema_version, output.drill_user, output.drill_connect_resource_arn,
    ] : value == null]) && length(output.log_group_names) == 0
    error_message = "every output is null or empty"
  }
}
