# One run for each thing the module refuses.
mock_provider "aws" {}

variables {
  identifier             = "shop"
  db_name                = "webapp"
  subnet_ids             = ["subnet-a", "subnet-b"]
  vpc_security_group_ids = ["sg-database"]
}

run "identifier_in_capitals" {
  command = plan

  variables {
    identifier = "Shop"
  }

  expect_failures = [var.identifier]
}

run "identifier_with_double_hyphen" {
  command = plan

  variables {
    identifier = "my--shop"
  }

  expect_failures = [var.identifier]
}

run "identifier_with_last_hyphen" {
  command = plan

  variables {
    identifier = "shop-"
  }

  expect_failures = [var.identifier]
}

run "long_identifier" {
  command = plan

  variables {
    identifier = join("", [for i in range(51) : "x"])
  }

  expect_failures = [var.identifier]
}

run "engine_version_in_extended_support" {
  command = plan

  variables {
    engine_version = "8.0"
  }

  expect_failures = [var.engine_version]
}

run "engine_version_of_another_release" {
  command = plan

  variables {
    engine_version = "9.1"
  }

  expect_failures = [var.engine_version]
}

run "instance_class_of_ec2" {
  command = plan

  variables {
    instance_class = "t4g.small"
  }

  expect_failures = [var.instance_class]
}

run "instance_class_too_small_for_iam" {
  command = plan

  variables {
    instance_class = "db.t4g.micro"
  }

  expect_failures = [var.instance_class]
}

run "little_storage" {
  command = plan

  variables {
    allocated_storage = 19
  }

  expect_failures = [var.allocated_storage]
}

run "much_storage" {
  command = plan

  variables {
    allocated_storage = 65537
  }

  expect_failures = [var.allocated_storage]
}

run "old_certificate_authority" {
  command = plan

  variables {
    ca_cert_identifier = "rds-ca-2019"
  }

  expect_failures = [var.ca_cert_identifier]
}

run "one_subnet" {
  command = plan

  variables {
    subnet_ids = ["subnet-a"]
  }

  expect_failures = [var.subnet_ids]
}

run "no_security_group" {
  command = plan

  variables {
    vpc_security_group_ids = []
  }

  expect_failures = [var.vpc_security_group_ids]
}

run "malformed_db_name" {
  command = plan

  variables {
    db_name = "web-app"
  }

  expect_failures = [var.db_name]
}

run "long_username" {
  command = plan

  variables {
    username = "administrator_of_it"
  }

  expect_failures = [var.username]
}

run "reserved_username" {
  command = plan

  variables {
    username = "rdsadmin"
  }

  expect_failures = [var.username]
}

run "malformed_application_user" {
  command = plan

  variables {
    application_user = "App"
  }

  expect_failures = [var.application_user]
}

run "application_user_is_master" {
  command = plan

  variables {
    application_user = "admin"
  }

  expect_failures = [var.application_user]
}

run "no_backups" {
  command = plan

  variables {
    backup_retention_period = 0
  }

  expect_failures = [var.backup_retention_period]
}

run "long_backups" {
  command = plan

  variables {
    backup_retention_period = 36
  }

  expect_failures = [var.backup_retention_period]
}

run "final_snapshot_without_its_key" {
  command = plan

  variables {
    deletion_protection = false
  }

  expect_failures = [var.deletion_protection]
}

run "malformed_final_snapshot" {
  command = plan

  variables {
    final_snapshot_identifier = "shop--final"
  }

  expect_failures = [var.final_snapshot_identifier]
}

run "key_by_alias" {
  command = plan

  variables {
    create_kms_key = false
    kms_key_arn    = "alias/mine"
  }

  expect_failures = [var.kms_key_arn]
}

run "two_keys" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/own"
  }

  expect_failures = [var.kms_key_arn]
}

run "no_key" {
  command = plan

  variables {
    create_kms_key = false
  }

  expect_failures = [var.kms_key_arn]
}

run "odd_retention" {
  command = plan

  variables {
    log_retention_in_days = 31
  }

  expect_failures = [var.log_retention_in_days]
}

run "boundary_by_name" {
  command = plan

  variables {
    permissions_boundary = "boundary"
  }

  expect_failures = [var.permissions_boundary]
}

run "migrator_without_security_group" {
  command = plan

  variables {
    migrator = {
      package            = { filename = "tests/package.jar", source_code_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      security_group_ids = []
    }
  }

  expect_failures = [var.migrator]
}
