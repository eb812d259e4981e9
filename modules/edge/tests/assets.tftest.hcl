mock_provider "aws" {}

mock_provider "aws" {
  alias = "us_east_1"
}

variables {
  name = "shop"
  site = { directory = "./tests/fixtures/pages" }
}

run "assets_are_published_below_their_hash" {
  command = plan

  assert {
    condition     = local.assets_hash == substr(sha256(jsonencode({ for path in fileset("./tests/fixtures/pages", "assets/**") : path => [filesha256("./tests/fixtures/pages/${path}"), local.content_types[lower(reverse(split(".", path))[0])]] })), 0, 12)
    error_message = "The hash covers names, contents and content types of the assets, and nothing else."
  }

  assert {
    condition = { for path, object in aws_s3_object.asset : path => object.key } == {
      for path in ["app.js", "lib.js", "site.css", "icons/a b.svg", "icons/a.png", "icons/a.svg"] : "assets/${path}" => "assets/${local.assets_hash}/${path}"
    }
    error_message = "All assets lie below one hash, so that their relative references keep working."
  }

  assert {
    condition     = can(regex("^[0-9a-f]{12}$", local.assets_hash)) && alltrue([for object in aws_s3_object.asset : object.cache_control == "public, max-age=31536000, immutable"])
    error_message = "What lies below the hash never changes, and is kept for a year."
  }

  assert {
    condition     = alltrue([for path, object in aws_s3_object.asset : object.source == "./tests/fixtures/pages/${path}" && object.content == null])
    error_message = "Assets are published byte for byte."
  }

  assert {
    condition     = { for path, object in aws_s3_object.asset : reverse(split(".", path))[0] => object.content_type... } == { css = ["text/css; charset=utf-8"], js = ["text/javascript; charset=utf-8", "text/javascript; charset=utf-8"], png = ["image/png"], svg = ["image/svg+xml", "image/svg+xml"] }
    error_message = "Assets have their content types."
  }

  assert {
    condition     = toset(keys(aws_s3_object.this)) == toset(["index.html", "LICENSE.txt"]) && aws_s3_object.this["LICENSE.txt"].source == "./tests/fixtures/pages/LICENSE.txt" && aws_s3_object.this["LICENSE.txt"].content == null
    error_message = "Everything else keeps its path, and what is not a page its bytes."
  }
}

run "references_of_a_page_lead_to_the_hashed_paths" {
  command = plan

  assert {
    condition     = aws_s3_object.this["index.html"].cache_control == "public, max-age=0, must-revalidate" && aws_s3_object.this["index.html"].source == null
    error_message = "A page is revalidated on every view."
  }

  assert {
    condition = aws_s3_object.this["index.html"].content == replace(<<-EOT
      <!doctype html>
      <!-- don't touch <img src="/assets/old.svg"> here -->
      <title>1 < 2 &amp; "assets/app.js"</title>
      <link rel=stylesheet href=/assets/HASH/site.css><link rel="icon" href='/assets/HASH/icons/a%20b.svg'>
      <meta name="description" content="5 > 4, see my-assets/app.js, /other/assets/app.js and //assets/app.js">
      <script type="module" src="assets/HASH/app.js?v=1"></script>
      <script type="importmap">{"imports": {"app": "/assets/HASH/app.js"}}</script>
      <style>a > b { background: url(/assets/HASH/icons/a.svg#x); }</style>
      <img srcset="/assets/HASH/icons/a.svg 1x, ../assets/HASH/icons/a.svg 2x,./assets/HASH/icons/a.svg 3x" alt="" style="background: url('/assets/HASH/icons/a.svg')">
      <IMG alt="5 > 4" SRC="/assets/HASH/icons/a.svg">
      <p title="The assets/liabilities ratio">it's /assets/app.js</p>
      <a href="/LICENSE.txt">Licence</a> <
    EOT
    , "HASH", local.assets_hash)
    error_message = "References in tags, inline scripts and styles are rewritten; comments, prose, other paths and other hosts are not."
  }
}

run "another_content_type_is_another_hash" {
  command = plan

  variables {
    content_types = { svg = "image/svg+xml; charset=utf-8" }
  }

  assert {
    condition     = local.assets_hash != substr(sha256(jsonencode({ for path in fileset("./tests/fixtures/pages", "assets/**") : path => [filesha256("./tests/fixtures/pages/${path}"), merge(local.content_types, { svg = "image/svg+xml" })[lower(reverse(split(".", path))[0])]] })), 0, 12)
    error_message = "A browser that keeps an asset for a year must get a corrected content type by another path."
  }
}

run "another_directory_may_hold_the_assets" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/pages", assets_directory = "assets/icons" }
  }

  assert {
    condition     = { for path, object in aws_s3_object.asset : path => object.key } == { for name in ["a b.svg", "a.png", "a.svg"] : "assets/icons/${name}" => "assets/icons/${local.assets_hash}/${name}" }
    error_message = "Files below assets_directory are hashed, and no others."
  }

  assert {
    condition = alltrue([
      strcontains(aws_s3_object.this["index.html"].content, "url(/assets/icons/${local.assets_hash}/a.svg#x)"),
      strcontains(aws_s3_object.this["index.html"].content, "href=/assets/site.css"),
      contains(keys(aws_s3_object.this), "assets/app.js"),
    ])
    error_message = "References to that directory alone are rewritten."
  }
}

run "without_an_assets_directory_everything_keeps_its_path" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/pages", assets_directory = "" }
  }

  assert {
    condition = length(aws_s3_object.asset) == 0 && { for path, object in aws_s3_object.this : path => [object.key, object.source, object.source_hash, coalesce(object.content, "-")] } == {
      for path in fileset("./tests/fixtures/pages", "**") : path => [path, "./tests/fixtures/pages/${path}", filemd5("./tests/fixtures/pages/${path}"), "-"]
    }
    error_message = "Every file is published as it is, under its own path."
  }
}

run "refuses_page_that_refers_to_a_missing_asset" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/missing-asset" }
  }

  expect_failures = [aws_s3_object.this]
}

run "refuses_page_that_refers_to_assets_where_none_are" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/assetless" }
  }

  expect_failures = [aws_s3_object.this]
}

run "refuses_script_that_names_the_assets_directory" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/naming-script" }
  }

  expect_failures = [aws_s3_object.this]
}

run "refuses_page_among_the_assets" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/assets-page" }
  }

  expect_failures = [var.site]
}

run "refuses_assets_directory_without_files" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/pages", assets_directory = "static" }
  }

  expect_failures = [var.site]
}

run "refuses_assets_directory_with_a_slash_at_its_end" {
  command = plan

  variables {
    site = { directory = "./tests/fixtures/pages", assets_directory = "assets/" }
  }

  expect_failures = [var.site]
}
