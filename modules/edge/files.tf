locals {
  content_types = merge({
    css         = "text/css; charset=utf-8"
    gif         = "image/gif"
    html        = "text/html; charset=utf-8"
    ico         = "image/x-icon"
    jpeg        = "image/jpeg"
    jpg         = "image/jpeg"
    js          = "text/javascript; charset=utf-8"
    json        = "application/json"
    map         = "application/json"
    mjs         = "text/javascript; charset=utf-8"
    png         = "image/png"
    svg         = "image/svg+xml"
    txt         = "text/plain; charset=utf-8"
    webmanifest = "application/manifest+json"
    webp        = "image/webp"
    woff2       = "font/woff2"
    xml         = "application/xml"
  }, var.content_types)

  # Extension of each path below the directory. A name without a dot yields itself, which no content type has.
  files  = { for path in fileset(var.site.directory, "**") : path => lower(reverse(split(".", path))[0]) }
  hashed = var.site.assets_directory != ""
  assets = { for path, extension in local.files : path => extension if startswith(path, "${var.site.assets_directory}/") }

  # One hash for the whole directory, and in the path rather than in each name: a module and a style sheet go on to find their neighbours
  # by relative references. It covers the content types too, for a browser never asks again about what it keeps.
  assets_hash = substr(sha256(jsonencode({
    for path, extension in local.assets : path => [filesha256("${var.site.directory}/${path}"), local.content_types[extension]]
  })), 0, 12)
  hashed_directory = "${var.site.assets_directory}/${local.assets_hash}"

  # What a page consists of: text, comments and closing tags between scripts, style sheets and opening tags. All parts together are the page.
  markup = "(?is)(?:<!--.*?-->|[^<]+|<[^a-z])+|<script\\b.*?</script\\s*>|<style\\b.*?</style\\s*>|<[a-z](?:\"[^\"]*\"|'[^']*'|[^'\">])*>|<"

  # A reference begins a value, or follows a comma or a space in srcset; there, and after the site's own host name, with a slash.
  own_host  = var.domain == null ? "" : "(?:https:\\/\\/(?:www\\.)?${replace(var.domain.name, ".", "\\.")})?"
  reference = "/([\"'`(=,\\s](?:${local.own_host}\\/|(?:\\.\\.?\\/)+)|[\"'`(=])${replace(var.site.assets_directory, "/", "\\/")}\\//"

  pages = {
    for path, extension in local.files : path => join("", [
      for part in regexall(local.markup, file("${var.site.directory}/${path}")) :
      strcontains(part, "${var.site.assets_directory}/") && can(regex("^<[A-Za-z]", part)) ? replace(part, local.reference, "$${1}${local.hashed_directory}/") : part
    ]) if extension == "html" && local.hashed
  }

  # A reference spells a name as it is or percent-encoded.
  asset_names = toset(flatten([for path in keys(local.assets) : [
    for name in [trimprefix(path, "${var.site.assets_directory}/")] : [name, replace(replace(urlencode(name), "%2F", "/"), "+", "%20")]
  ]]))
  missing_assets = flatten([for path, page in local.pages : [
    for match in regexall("${local.hashed_directory}/([^\"'`()<>\\s,?#]*)", page) : "${path} refers to ${var.site.assets_directory}/${match[0]}"
    if !contains(local.asset_names, match[0])
  ]])

  # Only pages are rewritten: elsewhere the directory must not be named at all.
  unresolved_assets = [
    for path, extension in local.files : path
    if local.hashed && contains(["css", "js", "json", "mjs", "svg", "webmanifest"], extension) &&
    can(regex("[\"'`(=]/${var.site.assets_directory}/", file("${var.site.directory}/${path}")))
  ]
}

################################################################################
# Assets
################################################################################

resource "aws_s3_object" "asset" {
  for_each = { for path, extension in local.assets : path => extension if var.create }

  bucket        = aws_s3_bucket.site[0].id
  key           = "${local.hashed_directory}/${trimprefix(each.key, "${var.site.assets_directory}/")}"
  source        = "${var.site.directory}/${each.key}"
  content_type  = local.content_types[each.value]
  cache_control = "public, max-age=31536000, immutable"

  # An object takes 10 tags, and a provider's default_tags may well be more.
  override_provider {
    default_tags {
      tags = {}
    }
  }

  # The former files go when no page refers to them any more.
  lifecycle {
    create_before_destroy = true
  }

  # So that the first publication is a version, too.
  depends_on = [aws_s3_bucket_versioning.site]
}

################################################################################
# Pages and other files
################################################################################

resource "aws_s3_object" "this" {
  for_each = { for path, extension in local.files : path => extension if var.create && !can(local.assets[path]) }

  bucket        = aws_s3_bucket.site[0].id
  key           = each.key
  content       = local.hashed && each.value == "html" ? local.pages[each.key] : null
  source        = local.hashed && each.value == "html" ? null : "${var.site.directory}/${each.key}"
  source_hash   = local.hashed && each.value == "html" ? null : filemd5("${var.site.directory}/${each.key}")
  content_type  = local.content_types[each.value]
  cache_control = each.value == "html" ? var.cache_control.pages : var.cache_control.assets

  # An object takes 10 tags, and a provider's default_tags may well be more.
  override_provider {
    default_tags {
      tags = {}
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.missing_assets) == 0
      error_message = "No such file below site.directory: ${join("; ", local.missing_assets)}. Add it, correct the reference, or set site.assets_directory = \"\" to publish everything under its own name."
    }

    precondition {
      condition     = length(local.unresolved_assets) == 0
      error_message = "Only pages are rewritten, and these files name /${var.site.assets_directory}/ themselves: ${join(", ", local.unresolved_assets)}. Move them below it and let them refer to their neighbours relatively (\"./name\"), or set site.assets_directory = \"\" to publish everything under its own name."
    }
  }

  # A page follows what it refers to.
  depends_on = [aws_s3_bucket_versioning.site, aws_s3_object.asset]
}
