variable "create" {
  description = "Whether to create anything. false removes everything this module made."
  type        = bool
  default     = true
  nullable    = false
}

variable "name" {
  description = "Prefix of every name in this module: 2-31 lower-case letters, digits and hyphens, starting with a letter. It also starts the bucket's name, which S3 caps at 63 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,29}[a-z0-9]$", var.name))
    error_message = "name must be 2-31 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen (\"${var.name}\" is not)."
  }
}

variable "tags" {
  description = "Tags of every resource that takes them. Published files carry none: S3 allows an object 10 tags, a resource 50."
  type        = map(string)
  default     = {}
  nullable    = false
}

################################################################################
# Site
################################################################################

variable "site" {
  description = <<-EOT
    The files to publish.
    - `directory`: holds an index.html; everything below it is published under its own path. Clean URLs map /path and /path/ to path/index.html.
    - `assets_directory`: the directory in it whose files are published below a hash of them all and kept by browsers for a year: `assets/app.js` as `assets/<12 hexadecimal digits>/app.js`. References of pages to `/assets/...` or `assets/...` are rewritten, and a missing file fails the plan; assets refer to each other relatively. "" publishes them under their own path, as a bundler that puts a hash into each name wants it.
  EOT
  type = object({
    directory        = string
    assets_directory = optional(string, "assets")
  })
  nullable = false

  validation {
    condition     = fileexists("${var.site.directory}/index.html")
    error_message = "site.directory must hold an index.html, and \"${var.site.directory}\" does not. Write the path from the root module, for example \"$${path.module}/frontend\"."
  }

  validation {
    condition     = alltrue([for path in fileset(var.site.directory, "**") : contains(keys(local.content_types), lower(reverse(split(".", path))[0]))])
    error_message = "site.directory holds files whose content type is unknown: ${join(", ", [for path in fileset(var.site.directory, "**") : path if !contains(keys(local.content_types), lower(reverse(split(".", path))[0]))])}. Remove them, or name their extension in content_types, for example { pdf = \"application/pdf\" }."
  }

  validation {
    condition     = can(regex("^([A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*)?$", var.site.assets_directory))
    error_message = "site.assets_directory is a path below site.directory of letters, digits, \"_\", \"-\" and \"/\" between names, for example \"assets\" or \"static/build\", or \"\" for none."
  }

  validation {
    condition     = contains(["", "assets"], var.site.assets_directory) || length(fileset(var.site.directory, "${var.site.assets_directory}/**")) > 0
    error_message = "site.assets_directory names \"${var.site.assets_directory}\", below which site.directory has no files. Correct it, or set it to \"\" for none."
  }

  validation {
    condition     = var.site.assets_directory == "" || length([for path in fileset(var.site.directory, "**") : path if startswith(path, "${var.site.assets_directory}/") && endswith(lower(path), ".html")]) == 0
    error_message = "site.assets_directory holds pages, whose address would change with every deployment: ${join(", ", [for path in fileset(var.site.directory, "**") : path if startswith(path, "${var.site.assets_directory}/") && endswith(lower(path), ".html")])}. Move them out of \"${var.site.assets_directory}\"."
  }
}

variable "content_types" {
  description = "Content types by file extension (lower case, without the dot), added to the built-in ones: css, gif, html, ico, jpeg, jpg, js, json, map, mjs, png, svg, txt, webmanifest, webp, woff2, xml."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for extension, type in var.content_types : can(regex("^[a-z0-9]+$", extension)) && can(regex("^[a-z]+/[^ /]+(; ?charset=[a-z0-9-]+)?$", type))])
    error_message = "content_types maps an extension without its dot to a media type, for example { pdf = \"application/pdf\" }."
  }
}

variable "cache_control" {
  description = "Cache-Control of files published under their own path. `pages` (html) are checked on every view by default. `assets` (everything else outside site.assets_directory) are reused for 5 minutes: their names do not change with their content, so this is also how long a visitor may see yesterday's after a deployment. Files below site.assets_directory are always `public, max-age=31536000, immutable`."
  type = object({
    pages  = optional(string, "public, max-age=0, must-revalidate")
    assets = optional(string, "public, max-age=300")
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for value in [var.cache_control.pages, var.cache_control.assets] : can(regex("^[a-z-]+(=[0-9]+)?(, [a-z-]+(=[0-9]+)?)*$", value))])
    error_message = "cache_control.pages and cache_control.assets are Cache-Control headers, for example \"public, max-age=300\"."
  }
}

variable "noncurrent_days" {
  description = "How long the former version of a replaced file stays recoverable, in days (1-3650). A file that leaves the site leaves with all its versions."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.noncurrent_days >= 1 && var.noncurrent_days <= 3650 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "noncurrent_days must be a whole number of days from 1 to 3650."
  }
}

variable "force_destroy" {
  description = "Whether destroying the module may delete the site's bucket while it holds files Terraform did not publish. Published files never stand in the way."
  type        = bool
  default     = false
  nullable    = false
}

################################################################################
# Distribution
################################################################################

variable "api" {
  description = "An API to serve on the site's own origin, uncached, or null for none: `domain_name` is its host name, `path_pattern` the paths it answers. The path is forwarded as it is, so a REST API's stage must be named as the pattern's first segment."
  type = object({
    domain_name  = string
    path_pattern = optional(string, "/api/*")
  })
  default = null

  validation {
    condition     = var.api == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]*[a-z0-9])$", var.api.domain_name))
    error_message = "api.domain_name must be a bare host name in lower case, without scheme, port or path, for example \"a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com\"."
  }

  validation {
    condition     = var.api == null || can(regex("^/[A-Za-z0-9_.~-]+(/[A-Za-z0-9_.~-]+)*/\\*$", var.api.path_pattern))
    error_message = "api.path_pattern must begin with \"/\", name at least one segment and end with \"/*\", for example \"/api/*\"; \"/*\" alone would hide the site."
  }
}

variable "content_security_policy" {
  description = "The Content-Security-Policy header. The default allows scripts, styles, images, fetches and form posts of the site's own origin and nothing else: no inline script, no frame."
  type        = string
  default     = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
  nullable    = false

  validation {
    condition     = can(regex("(^|; ?)default-src ", var.content_security_policy)) && !strcontains(var.content_security_policy, "\n")
    error_message = "content_security_policy must be one line and name a default-src, for example \"default-src 'none'; script-src 'self'\"."
  }
}

variable "price_class" {
  description = "Where CloudFront serves from: PriceClass_100 (North America, Europe, Israel; the cheapest), PriceClass_200 (also Asia, Africa and the Middle East) or PriceClass_All."
  type        = string
  default     = "PriceClass_100"
  nullable    = false

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class must be PriceClass_100, PriceClass_200 or PriceClass_All (\"${var.price_class}\" is none of them)."
  }
}

variable "geo_restriction" {
  description = "Countries that CloudFront serves, site and API alike, or null for all (calls that go to the API directly do not pass CloudFront): `restriction_type` whitelist (these alone) or blacklist (all but these), `locations` as ISO 3166-1 alpha-2 codes. Others get 403."
  type = object({
    restriction_type = string
    locations        = set(string)
  })
  default = null

  validation {
    condition     = var.geo_restriction == null || contains(["whitelist", "blacklist"], try(var.geo_restriction.restriction_type, ""))
    error_message = "geo_restriction.restriction_type must be whitelist or blacklist."
  }

  validation {
    condition     = try(length(var.geo_restriction.locations), 1) > 0 && alltrue([for location in try(var.geo_restriction.locations, []) : can(regex("^[A-Z]{2}$", location))])
    error_message = "geo_restriction.locations must hold at least one country of two capital letters, for example [\"DE\", \"FR\"]."
  }
}

variable "web_acl_arn" {
  description = "ARN of a WAFv2 web ACL of scope CLOUDFRONT, which lives in us-east-1; null for none. It sees what comes through CloudFront, not calls that go to the API directly. A web ACL costs 5 USD a month, each rule 1 USD, and 0.60 USD a million requests."
  type        = string
  default     = null

  validation {
    condition     = var.web_acl_arn == null || can(regex("^arn:[a-z-]+:wafv2:us-east-1:[0-9]{12}:global/webacl/[^/]+/[^/]+$", var.web_acl_arn))
    error_message = "web_acl_arn must be the ARN of a WAFv2 web ACL of scope CLOUDFRONT, for example \"arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/a1b2c3d4\"; a regional one protects no distribution."
  }
}

################################################################################
# Domain
################################################################################

variable "domain" {
  description = <<-EOT
    The site's own name, or null for CloudFront's.
    - `name`: such as shop.example.com, or an apex such as example.com.
    - `www`: whether www.`name` redirects to it.
    - `create_records`: whether to make A and AAAA records for them in the Route 53 zone `zone_id`, and the certificate's validation records. With false they are yours to make.
    - `create_certificate`: whether to make a certificate in us-east-1, validated by DNS (free of charge), or to use the one of `certificate_arn`, which must be in us-east-1 and cover each name.
    - `hsts_include_subdomains`: whether browsers refuse plain HTTP on every name below `name` too, for two years. Know all of them before you set it on an apex.
  EOT
  type = object({
    name                    = string
    www                     = optional(bool, false)
    create_records          = optional(bool, true)
    zone_id                 = optional(string)
    create_certificate      = optional(bool, true)
    certificate_arn         = optional(string)
    hsts_include_subdomains = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.domain == null || (can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]*[a-z0-9])$", var.domain.name)) && length(try(var.domain.name, "")) <= 64)
    error_message = "domain.name must be a bare host name in lower case of at most 64 characters (a certificate's subject), for example \"shop.example.com\"."
  }

  validation {
    condition     = !try(var.domain.www, false) || !startswith(try(var.domain.name, ""), "www.")
    error_message = "domain.www = true adds \"www.\" to domain.name, which has it already: name the host without www, or set domain.www = false."
  }

  validation {
    condition     = var.domain == null || (try(var.domain.zone_id, null) != null) == try(var.domain.create_records, true)
    error_message = "domain.create_records = true, the default, needs domain.zone_id, the id of a Route 53 zone; leave domain.zone_id out when domain.create_records = false."
  }

  validation {
    condition     = var.domain == null || (try(var.domain.certificate_arn, null) == null) == try(var.domain.create_certificate, true)
    error_message = "domain.certificate_arn and domain.create_certificate = true, the default, exclude each other: leave the ARN out, or set domain.create_certificate = false with it."
  }

  validation {
    condition     = try(var.domain.certificate_arn, null) == null || can(regex("^arn:[a-z-]+:acm:us-east-1:[0-9]{12}:certificate/[^/]+$", var.domain.certificate_arn))
    error_message = "domain.certificate_arn must be a certificate of ACM in us-east-1, where CloudFront looks for it, for example \"arn:aws:acm:us-east-1:111122223333:certificate/a1b2c3d4\"."
  }
}

################################################################################
# Access logs
################################################################################

variable "access_logs" {
  description = <<-EOT
    A record of every request, as JSON lines in a bucket of its own, or null for none. It is personal data: say in your privacy notice what you keep, and how long.
    - `retention_in_days`: how long a log file is kept (1-3650).
    - `force_destroy`: whether the bucket may be deleted with log files in it. Before `access_logs` goes back to null, or the module is destroyed, apply `force_destroy = true`: otherwise S3 refuses to delete the bucket, after its retention and its policies are gone already.
    - `record_fields`: what is recorded, in this order. The default holds the visitor's address (`c-ip`) and browser, and leaves out what may carry more than a request needs to be explained by: query strings (`cs-uri-query`), cookies (`cs(Cookie)`), the page before (`cs(Referer)`) and `x-forwarded-for`.
    CloudFront delivers to S3 free of charge; the storage costs about 0.023 USD a GB and month, and each file's request is paid for.
  EOT
  type = object({
    retention_in_days = optional(number, 30)
    force_destroy     = optional(bool, false)
    record_fields = optional(list(string), [
      "timestamp(ms)", "x-edge-request-id", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "cs-protocol", "cs-protocol-version", "cs(User-Agent)",
      "sc-status", "sc-bytes", "sc-content-type", "x-edge-result-type", "x-edge-response-result-type", "x-edge-detailed-result-type", "x-edge-location",
      "time-taken", "time-to-first-byte", "origin-fbl", "origin-lbl", "ssl-protocol", "ssl-cipher",
    ])
  })
  default = null

  validation {
    condition     = try(var.access_logs.retention_in_days >= 1 && var.access_logs.retention_in_days <= 3650 && floor(var.access_logs.retention_in_days) == var.access_logs.retention_in_days, var.access_logs == null)
    error_message = "access_logs.retention_in_days must be a whole number of days from 1 to 3650."
  }

  validation {
    condition     = try(length(var.access_logs.record_fields), 1) > 0 && alltrue([for field in try(var.access_logs.record_fields, []) : can(regex("^[A-Za-z-]+(\\([A-Za-z-]+\\))?$", field))])
    error_message = "access_logs.record_fields holds at least one field of CloudFront's standard logging v2, for example [\"date\", \"time\", \"c-ip\", \"cs-uri-stem\", \"sc-status\"]."
  }
}

################################################################################
# Alarms
################################################################################

variable "alarms" {
  description = <<-EOT
    Who is told when the site fails, or null for no alarms. They cost 0.10 USD a month and metric: 0.70 USD for the three of this module.
    - `actions`: one to five ARNs told when an alarm fires and when it is over, such as SNS topics, in us-east-1, where CloudFront's metrics are.
    - `runbook_url`: where docs/runbooks of this repository can be read, without a trailing slash.
    - `error_rate_5xx`: per cent of requests that may fail by the site's or the API's fault (0-100), in two of three periods of five minutes; `minimum_errors_5xx` of them must have failed in the period.
    - `error_rate_4xx` and `minimum_errors_4xx`: likewise for requests refused or for nothing, in three periods. Robots ask for much that is not there: know your usual rate before you lower it.
    - `function_errors`: how many runs of the clean-URL function may fail or be throttled in five minutes.
  EOT
  type = object({
    actions            = list(string)
    runbook_url        = optional(string, "docs/runbooks")
    error_rate_5xx     = optional(number, 1)
    minimum_errors_5xx = optional(number, 5)
    error_rate_4xx     = optional(number, 30)
    minimum_errors_4xx = optional(number, 100)
    function_errors    = optional(number, 0)
  })
  default = null

  validation {
    condition     = contains([1, 2, 3, 4, 5], try(length(var.alarms.actions), 1)) && alltrue([for action in try(var.alarms.actions, []) : can(regex("^arn:[a-z-]+:[a-z0-9-]+:us-east-1:[0-9]{12}:.+$", action))])
    error_message = "alarms.actions must be one to five ARNs in us-east-1, where CloudFront's alarms are, for example [\"arn:aws:sns:us-east-1:111122223333:alarms\"]."
  }

  validation {
    condition     = !endswith(try(var.alarms.runbook_url, ""), "/")
    error_message = "alarms.runbook_url must not end with a slash, for example \"https://example.com/docs/runbooks\"."
  }

  validation {
    condition     = alltrue([for rate in try([var.alarms.error_rate_5xx, var.alarms.error_rate_4xx], []) : rate >= 0 && rate < 100])
    error_message = "alarms.error_rate_5xx and alarms.error_rate_4xx are per cent, from 0 to less than 100 (which nothing exceeds)."
  }

  validation {
    condition     = alltrue([for errors in try([var.alarms.minimum_errors_5xx, var.alarms.minimum_errors_4xx], []) : errors >= 1])
    error_message = "alarms.minimum_errors_5xx and alarms.minimum_errors_4xx must be at least 1."
  }

  validation {
    condition     = try(var.alarms.function_errors, 0) >= 0
    error_message = "alarms.function_errors is a number of failed runs, 0 or more."
  }
}
