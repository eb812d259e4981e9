variable "region" {
  description = "AWS region of everything but CloudFront."
  type        = string
  default     = "eu-central-1"
  nullable    = false
}
