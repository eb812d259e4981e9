output "url" {
  description = "Where a visitor opens the site, with scheme and without a trailing slash."
  value       = var.create ? "https://${var.domain == null ? aws_cloudfront_distribution.this[0].domain_name : var.domain.name}" : null
}

output "domain_name" {
  description = "The distribution's domain name, to point a DNS alias at or to send as Host."
  value       = try(aws_cloudfront_distribution.this[0].domain_name, null)
}

output "hosted_zone_id" {
  description = "The Route 53 zone id of the distribution's domain name, for an alias record of your own."
  value       = try(aws_cloudfront_distribution.this[0].hosted_zone_id, null)
}

output "distribution_id" {
  description = "The distribution's id, for invalidations and metrics."
  value       = try(aws_cloudfront_distribution.this[0].id, null)
}

output "distribution_arn" {
  description = "The distribution's ARN, for policies of other buckets it may read."
  value       = try(aws_cloudfront_distribution.this[0].arn, null)
}

output "bucket" {
  description = "Name of the bucket that holds the published files."
  value       = try(aws_s3_bucket.site[0].bucket, null)
}

output "certificate_validation_records" {
  description = "The CNAME records that prove the domain to ACM, by host name: `name`, `type` and `value`. With domain.create_records = false they are yours to make, in the same apply: the distribution waits for the certificate."
  value = local.create_certificate ? {
    for option in aws_acm_certificate.this[0].domain_validation_options : option.domain_name => {
      name  = option.resource_record_name
      type  = option.resource_record_type
      value = option.resource_record_value
    }
  } : {}
}

output "access_logs_bucket" {
  description = "Name of the bucket that holds the access logs, below AWSLogs/<account id>/CloudFront/; null without access_logs."
  value       = try(aws_s3_bucket.logs[0].bucket, null)
}
