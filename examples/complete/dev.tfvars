# A disposable environment: it can be destroyed in one command, and leaves nothing behind but its backups, which nothing here deletes.
environment = "dev"

database = {
  backup_retention_period = 1
  deletion_protection     = false
  skip_final_snapshot     = true
}

# Few, in the same region: for a mistake, not for the loss of the region.
backup = {
  retention           = { last = 2, daily = 3, weekly = 0, monthly = 0 }
  dry_run             = false
  deletion_protection = false
}

api = {
  user_pool = { deletion_protection = false }
}

edge = {
  force_destroy = true
}
