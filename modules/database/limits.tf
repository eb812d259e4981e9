################################################################################
# What a class can carry
################################################################################

locals {
  # GiB of a `large` by the family's first letter; the other sizes are halves and multiples of it.
  memory_of_large = { c = 4, m = 8, r = 16, t = 8, z = 16 }
  size_in_larges  = { micro = 0.125, small = 0.25, medium = 0.5, large = 1, xlarge = 2 }
  instance_classes = toset(concat([var.instance_class], [
    for replica in var.read_replicas : replica.instance_class if replica.instance_class != null
  ]))

  # Null for a class that these rules do not cover, such as db.x2g.
  memory_gib = {
    for class in local.instance_classes : class => try(
      local.memory_of_large[substr(split(".", class)[1], 0, 1)] *
      try(local.size_in_larges[split(".", class)[2]], 2 * tonumber(trimsuffix(split(".", class)[2], "xlarge"))),
      null,
    )
  }

  # RDS's default is {DBInstanceClassMemory/12582880}, at most 16000, and DBInstanceClassMemory is what the operating system and RDS
  # leave: about 85 % of the class's memory.
  max_connections = {
    for class, gib in local.memory_gib : class => try(tonumber(var.parameters["max_connections"].value), min(16000, floor(0.85 * gib * pow(1024, 3) / 12582880)), null)
  }
}

# db.t4g.small carries IAM logins because the module takes half of the default buffers away; it is refused no more than warned of
# while nothing else wants that memory.
check "instance_class_carries_iam_logins" {
  assert {
    condition = alltrue([for gib in local.memory_gib : gib == null ? true : gib > 2]) || (
      !var.multi_az && length(var.read_replicas) == 0 && !contains(keys(var.parameters), "innodb_buffer_pool_size") && !contains(keys(var.parameters), "max_connections")
    )
    error_message = "IAM logins take 300-1000 MiB beside MySQL, and a class with 2 GiB has that only for light use with the module's own buffers: with multi_az, read_replicas, or parameters innodb_buffer_pool_size or max_connections of your own take db.t4g.medium or larger, or expect logins that time out under load."
  }
}

################################################################################
# Windows
################################################################################

locals {
  backup_times      = try(regex("(..):(..)-(..):(..)", var.backup_window), null)
  maintenance_times = try(regex("(...):(..):(..)-(...):(..):(..)", lower(var.maintenance_window)), null)
  week              = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  # Start in minutes of the day or week, and length in minutes; either window may run past midnight, and the week's end.
  backup_minutes = try({
    start  = 60 * local.backup_times[0] + local.backup_times[1]
    length = (1440 + 60 * local.backup_times[2] + local.backup_times[3] - 60 * local.backup_times[0] - local.backup_times[1]) % 1440
  }, null)
  maintenance_minutes = try({
    start = 1440 * index(local.week, local.maintenance_times[0]) + 60 * local.maintenance_times[1] + local.maintenance_times[2]
    length = (
      10080 + 1440 * index(local.week, local.maintenance_times[3]) + 60 * local.maintenance_times[4] + local.maintenance_times[5]
      -1440 * index(local.week, local.maintenance_times[0]) - 60 * local.maintenance_times[1] - local.maintenance_times[2]
    ) % 10080
  }, null)

  # The backups from the day before the week to the day after the one that follows it.
  windows_overlap = try(anytrue([
    for day in range(-1, 9) :
    local.backup_minutes.start + 1440 * day < local.maintenance_minutes.start + local.maintenance_minutes.length
    && local.maintenance_minutes.start < local.backup_minutes.start + 1440 * day + local.backup_minutes.length
  ]), false)
}
