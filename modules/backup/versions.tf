terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"

      # What must outlive the databases' region. Without `recovery` nothing is made there: pass the same provider.
      configuration_aliases = [aws.dr]
    }
  }
}
