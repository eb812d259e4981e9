output "url" {
  description = "Where a visitor opens the site, with scheme and without a trailing slash."
  value       = try("https://${aws_cloudfront_distribution.this[0].domain_name}", null)
}

output "domain_name" {
  description = "The distribution's domain name, to point a DNS alias at or to send as Host."
  value       = try(aws_cloudfront_distribution.this[0].domain_name, null)
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
