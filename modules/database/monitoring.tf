################################################################################
# Enhanced monitoring
################################################################################

resource "aws_iam_role" "monitoring" {
  count = var.create && var.monitoring_interval > 0 ? 1 : 0

  name                 = "${var.identifier}-monitoring"
  description          = "Lets RDS write enhanced monitoring of ${var.identifier} to CloudWatch Logs"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "monitoring.rds.amazonaws.com" } # of this name in every partition
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike = {
          "aws:SourceArn" = [
            for identifier in concat([var.identifier], values(local.read_replicas)[*].identifier) :
            "arn:${local.partition}:rds:${local.region}:${local.account}:db:${identifier}"
          ]
        }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  count = var.create && var.monitoring_interval > 0 ? 1 : 0

  role       = aws_iam_role.monitoring[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
