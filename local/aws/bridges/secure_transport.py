"""Gap: a bucket that admits TLS only (aws:SecureTransport) refuses the functions, who speak to local AWS without TLS.

On AWS an SDK speaks TLS unless it is told an endpoint that does not:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
Here a request signed with the session of a role, as a function's is, counts as TLS, since the function's code knows AWS's own names alone.
Any other counts as what it is. It can go when local AWS speaks TLS.
"""

import contextvars

from ministack.core import iam_evaluator

from . import upstream


def install() -> None:
    caller = upstream.attribute(iam_evaluator, "_request_caller_arn", contextvars.ContextVar)
    origin = upstream.attribute(iam_evaluator, "_request_origin", contextvars.ContextVar)

    @upstream.wrap(iam_evaluator, "pin_request_caller", "headers", "query_params")
    def pin(original, headers, query_params=None):
        original(headers, query_params)
        if ":assumed-role/" in caller.get():
            origin.set((origin.get()[0], True))
