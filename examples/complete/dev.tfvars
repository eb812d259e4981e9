# A disposable environment: it can be destroyed in one command, and leaves nothing behind.
environment = "dev"

database = {
  backup_retention_period = 1
  deletion_protection     = false
  skip_final_snapshot     = true
}

# One region, no export and no drill: some cents a month. Prod's are copied and restored.
backup = {
  retention = { last = 2, daily = 3, weekly = 0, monthly = 0 }
  dry_run   = false
}

api = {
  user_pool = { deletion_protection = false }
}

edge = {
  force_destroy = true
}
