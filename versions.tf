terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"

      configuration_aliases = [
        aws.us_east_1, # CloudFront's certificate, metrics and logs are there, whatever the region
        aws.dr,        # the recovery region of `backup`; without one, pass the same provider as `aws`
      ]
    }
  }
}
