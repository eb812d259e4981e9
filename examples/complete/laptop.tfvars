# What `make up` applies besides dev.tfvars: copies in a second region, exports and a drill, which cost money on AWS and nothing here.
recovery_region = "us-west-2"

backup = {
  retention           = { last = 2, daily = 3, weekly = 0, monthly = 0 }
  dry_run             = false
  deletion_protection = false
  recovery = {
    retention = { last = 2, daily = 3, weekly = 0, monthly = 0 }
  }
  drill  = { targets = { rpo_minutes = 1440, rto_minutes = 60 } }
  export = { every = "slot" }
}
