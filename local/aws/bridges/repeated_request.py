"""Gap: a request to Lambda that an SDK repeats, because its answer was lost, is carried out again and refused as a conflict.

Seen on a loaded machine: CreateAlias and AddPermission were carried out, and the provider, which had got no answer, repeated them and
failed an apply with 409. An SDK's repetition has the invocation id of the first attempt, and gets its answer here; the log says so:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
On AWS an answer is lost as well, only far more rarely. It can go when it is known what loses answers here.
"""

import logging
import re
from collections import OrderedDict

from ministack import app

from . import upstream

logger = logging.getLogger("bridges.repeated_request")

_REMEMBERED = 1000
_ATTEMPT = re.compile(r"attempt=(\d+)")
_answers: OrderedDict[str, list[dict]] = OrderedDict()


def _attempt(headers: dict[str, str]) -> int:
    match = _ATTEMPT.search(headers.get("amz-sdk-request", ""))
    return int(match.group(1)) if match else 1


def install() -> None:
    original = upstream.expect(app, "app", "scope", "receive", "send")

    # A coroutine function, by which the server tells ASGI from WSGI.
    @upstream.replace(app, "app", "scope", "receive", "send")
    async def remembering(scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith("/2015-03-31/functions"):
            await original(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        identifier = headers.get("amz-sdk-invocation-id")
        if identifier and _attempt(headers) > 1 and identifier in _answers:
            logger.warning("%s %s: attempt %s gets the answer of the first, which was lost", scope["method"], scope["path"], _attempt(headers))
            for event in _answers[identifier]:
                await send(event)
            return
        answer: list[dict] = []

        async def keep(event):
            answer.append(event)
            # Kept before it is sent: what fails is the sending.
            done = event["type"] == "http.response.body" and not event.get("more_body")
            if identifier and done and answer[0].get("status", 500) < 300:
                _answers[identifier] = answer
                while len(_answers) > _REMEMBERED:
                    _answers.popitem(last=False)
            await send(event)

        await original(scope, receive, keep)
