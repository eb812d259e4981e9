mock_resource "aws_s3_bucket" {
  defaults = {
    id                          = "shop-site-20261121"
    bucket                      = "shop-site-20261121"
    arn                         = "arn:aws:s3:::shop-site-20261121"
    bucket_regional_domain_name = "shop-site-20261121.s3.eu-central-1.amazonaws.com"
  }
}

mock_resource "aws_cloudfront_distribution" {
  defaults = {
    id             = "E2EXAMPLE12345"
    arn            = "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE12345"
    domain_name    = "d111111abcdef8.cloudfront.net"
    hosted_zone_id = "Z2FDTNDATAQYW2"
  }
}

mock_resource "aws_cloudfront_function" {
  defaults = { arn = "arn:aws:cloudfront::111122223333:function/shop-clean-urls" }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:us-east-1:111122223333:certificate/made"
    domain_validation_options = [
      { domain_name = "example.com", resource_record_name = "_a.example.com.", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws." },
      { domain_name = "www.example.com", resource_record_name = "_c.www.example.com.", resource_record_type = "CNAME", resource_record_value = "_d.acm-validations.aws." },
    ]
  }
}

mock_resource "aws_cloudwatch_log_delivery_destination" {
  defaults = { arn = "arn:aws:logs:us-east-1:111122223333:delivery-destination:shop-access-logs" }
}

mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws-test" }
}
