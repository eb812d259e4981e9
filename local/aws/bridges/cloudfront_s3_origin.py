"""Gap: a bucket policy that denies requests without TLS (aws:SecureTransport) denies CloudFront too, when the viewer used HTTP.

On AWS CloudFront signs for an origin access control over HTTPS only, whatever the viewer used:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
A missing object is 404 to a reader who may list the bucket and 403 to one who may not; MiniStack always says 403:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
It can go when MiniStack evaluates an origin read as TLS and knows s3:ListBucket there.
"""

import contextvars

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import s3

from . import upstream


def _is_missing(bucket_name: str, key: str) -> bool:
    bucket = s3._ensure_bucket(bucket_name)
    return bucket is not None and key not in bucket["objects"]


def _may_list(bucket_name: str, source_arn: str) -> bool:
    owner = s3._bucket_owner_account(bucket_name) or get_account_id()
    policy = s3._bucket_policies.get_scoped(owner, None, bucket_name)
    if not policy:
        return False
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="s3:ListBucket",
        resource_arn=f"arn:aws:s3:::{bucket_name}",
        region=get_region(),
        service_context={"aws:sourcearn": source_arn},
    )
    decision = iam_evaluator.evaluate_resource_policy(policy, context, service="cloudfront.amazonaws.com")
    return decision.decision == "Allow"


def install() -> None:
    upstream.expect(s3, "_ensure_bucket", "name")
    upstream.expect(s3, "_bucket_owner_account", "name")
    upstream.expect(s3, "_error", "code", "message", "status", "resource", "extra", "headers")
    origin = upstream.attribute(iam_evaluator, "_request_origin", contextvars.ContextVar)

    @upstream.wrap(
        s3, "serve_cloudfront_origin_fetch", "bucket_name", "key", "method", "headers", "source_arn", "oai_id")
    def fetch(original, bucket_name, key, method, headers, source_arn="", oai_id=""):
        if not source_arn:
            return original(bucket_name, key, method, headers, source_arn, oai_id)
        address, _viewer_is_secure = origin.get()
        token = origin.set((address, True))
        try:
            answer = original(bucket_name, key, method, headers, source_arn, oai_id)
            if answer[0] == 403 and _is_missing(bucket_name, key) and _may_list(bucket_name, source_arn):
                return s3._error("NoSuchKey", "The specified key does not exist.", 404, f"/{bucket_name}/{key}")
            return answer
        finally:
            origin.reset(token)
