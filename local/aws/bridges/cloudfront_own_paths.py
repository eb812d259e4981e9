"""Gap: on a distribution's name, too, MiniStack answers its own paths (/_ministack/reset, /health, /logout, ...) instead of the origin.

On AWS every path of a distribution's domain name belongs to the distribution:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
The front door leads there, so a web page could reset the laptop's state through it. It can go when MiniStack looks at Host first.
"""

from ministack import app

from . import upstream


def install() -> None:
    upstream.expect(app, "_parse_cloudfront_dataplane_host", "host")

    @upstream.wrap(app, "_handle_pre_body_request", "method", "path", "headers", "query_params", "request_id")
    async def before(original, method, path, headers, query_params, request_id):
        if app._parse_cloudfront_dataplane_host(headers.get("host", "")) is not None:
            return None
        return await original(method, path, headers, query_params, request_id)

    @upstream.wrap(app, "_handle_post_body_shortcuts", "method", "path", "headers", "body", "query_params", "request_id")
    async def after(original, method, path, headers, body, query_params, request_id):
        if app._parse_cloudfront_dataplane_host(headers.get("host", "")) is not None:
            return None
        return await original(method, path, headers, body, query_params, request_id)
