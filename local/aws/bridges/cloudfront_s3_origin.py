"""Gap: a bucket policy that denies requests without TLS (aws:SecureTransport) denies CloudFront too, when the viewer used HTTP.

On AWS CloudFront signs for an origin access control over HTTPS only, whatever the viewer used:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
It can go when MiniStack evaluates an origin read as TLS.
"""

import contextvars

from ministack.core import iam_evaluator
from ministack.services import s3

from . import upstream


def install() -> None:
    origin = upstream.attribute(iam_evaluator, "_request_origin", contextvars.ContextVar)

    @upstream.wrap(
        s3, "serve_cloudfront_origin_fetch", "bucket_name", "key", "method", "headers", "source_arn", "oai_id")
    def fetch(original, bucket_name, key, method, headers, source_arn="", oai_id=""):
        if not source_arn:
            return original(bucket_name, key, method, headers, source_arn, oai_id)
        address, _viewer_is_secure = origin.get()
        token = origin.set((address, True))
        try:
            return original(bucket_name, key, method, headers, source_arn, oai_id)
        finally:
            origin.reset(token)
