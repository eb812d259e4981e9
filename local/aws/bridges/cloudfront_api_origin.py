"""Gap: CloudFront refuses an origin of API Gateway (502), because it will not dial AWS's own host names.

On AWS a distribution forwards to {api-id}.execute-api.{region}.amazonaws.com over HTTPS; API Gateway refuses (403) a Host that is
not its own, as when the origin request policy forwards the viewer's:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistS3AndCustomOrigins.html
Here the API is called in this process. It can go when MiniStack serves execute-api origins.
"""

import asyncio
import http.client
import re
from urllib.parse import parse_qs, unquote

from ministack import app
from ministack.services import cloudfront

from . import upstream

_API_HOST = re.compile(r"([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")


async def _call(host: str, api_id: str, method: str, path: str, query: str, headers: dict, body: bytes):
    if headers.get("host", "").split(":", 1)[0].lower() != host:
        refusal = {"Content-Type": "application/json", "x-amzn-ErrorType": "ForbiddenException"}
        return 403, refusal, b'{"message":"Forbidden"}'
    # API Gateway's own additions; it is reached over TLS only.
    headers.update({"x-forwarded-proto": "https", "x-forwarded-port": "443"})
    local_path = f"/_aws/execute-api/{api_id}{path}"
    return await app._handle_execute_api_request(
        "", unquote(local_path), method, headers, body, parse_qs(query, keep_blank_values=True),
        raw_path=local_path, raw_query_string=query,
    )


def install() -> None:
    upstream.expect(
        app, "_handle_execute_api_request",
        "host", "path", "method", "headers", "body", "query_params", "raw_path", "raw_query_string")
    upstream.expect(cloudfront, "_origin_request_headers", "origin", "headers", "client_ip", "viewer_x_forwarded_for")
    upstream.expect(cloudfront, "_origin_connect_target", "origin", "viewer_is_https")
    upstream.expect(cloudfront, "_multidict_from_pairs", "pairs")

    @upstream.wrap(
        cloudfront, "_fetch_from_origin",
        "origin", "method", "uri", "query_string", "headers", "body", "viewer_is_https", "client_ip", "viewer_xff", "dist_arn")
    async def fetch(original, origin, method, uri, query_string, headers, body, viewer_is_https, client_ip, viewer_xff, dist_arn):
        host = cloudfront._normalize_origin_host(origin["domain_name"])
        api = _API_HOST.fullmatch(host)
        if api is None:
            return await original(
                origin, method, uri, query_string, headers, body, viewer_is_https, client_ip, viewer_xff, dist_arn)
        if not cloudfront._origin_connect_target(origin, viewer_is_https)[2]:
            raise cloudfront.OriginUnreachable(f"{host} does not answer HTTP: set origin_protocol_policy to https-only")
        forwarded = cloudfront._origin_request_headers(origin, headers, client_ip, viewer_xff)
        timeout = origin.get("read_timeout", 30)
        try:
            status, answered, content = await asyncio.wait_for(
                _call(host, api[1], method, (origin.get("origin_path") or "") + uri, query_string,
                      {name.lower(): value for name, value in forwarded.items()}, body or b""),
                timeout,
            )
        except asyncio.TimeoutError as late:
            raise cloudfront.OriginTimeout(f"no response from {host} within {timeout}s") from late
        pairs = [(name, value) for name, values in answered.items()
                 for value in (values if isinstance(values, list) else [values])]
        return status, http.client.responses.get(status, ""), cloudfront._multidict_from_pairs(pairs), content
