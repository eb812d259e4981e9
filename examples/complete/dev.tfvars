# A disposable environment: it can be destroyed in one command, and leaves nothing behind.
environment = "dev"

database = {
  backup_retention_period = 1
  deletion_protection     = false
  skip_final_snapshot     = true
}

api = {
  user_pool = { deletion_protection = false }
}

edge = {
  force_destroy = true
}
