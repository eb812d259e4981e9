"""Gap: MiniStack answers any web page: it allows every origin, knows every Host, and takes the key "test" for the account's root.

On AWS a page would need somebody's key. Here any page that a developer visits could read the secrets and deploy a function, which
then runs as that developer. A browser says that a page asks (`Origin`, and `Sec-Fetch-Site` where it sends no origin), and under
which name the page reached this server (`Host`, which DNS rebinding cannot forge); both are refused, but for a distribution:
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
Visitors of a distribution come through the front door, which sets its Host. Any page may call an API, as on AWS, where CORS is the
API's to decide, but with no signature, since the key is known. It can go when MiniStack refuses foreign pages.
"""

import re
from urllib.parse import unquote_plus

from ministack import app

from . import upstream

_OWN_HOST = re.compile(
    r"(?:[^:/@]+\.)?(?:127\.0\.0\.1|localhost|amazonaws\.com|amazonaws\.com\.cn|amazoncognito\.com|cloudfront\.net)(?::\d+)?", re.ASCII)
_THIS_MACHINE = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\d+)?", re.ASCII)
_REFUSAL = b"Refused: local AWS answers tools on this machine, no web pages.\n"


def _calls_an_api(host: str, path: str, query: str, headers: dict[str, str]) -> bool:
    signed = "aws4" in headers.get("authorization", "").lower() or "x-amz-signature" in unquote_plus(query).lower()
    return bool(_THIS_MACHINE.fullmatch(host)) and path.startswith("/_aws/execute-api/") and not signed


def refused(headers: dict[str, str], path: str = "/", query: str = "") -> bool:
    """Whether a web page sent this, by the request's headers (names in lower case), and may not."""
    host = headers.get("host", "").lower()
    if host and not _OWN_HOST.fullmatch(host):
        return True
    if app._parse_cloudfront_dataplane_host(host) is not None or _calls_an_api(host, path, query, headers):
        return False
    # "none" is what a person types into the address bar.
    return "origin" in headers or headers.get("sec-fetch-site", "none") != "none"


def install() -> None:
    original = upstream.expect(app, "app", "scope", "receive", "send")
    upstream.expect(app, "_parse_cloudfront_dataplane_host", "host")

    # A coroutine function, by which the server tells ASGI from WSGI.
    @upstream.replace(app, "app", "scope", "receive", "send")
    async def guarded(scope, receive, send):
        if scope["type"] not in ("http", "websocket") or not refused(
            {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
            scope["path"], scope.get("query_string", b"").decode("latin-1"),
        ):
            await original(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": _REFUSAL})
