"""Gap: reading a secret asks for secretsmanager:GetSecretValue only, although the secret lies under a customer key.

On AWS the caller also needs kms:Decrypt on that key, and is refused with "Access to KMS is not allowed" without it:
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
It can go when MiniStack checks the key.
"""

import json
import logging

from ministack import app
from ministack.core import iam_evaluator, responses, router
from ministack.services import secretsmanager

from . import upstream

logger = logging.getLogger("bridges.secret_key")


def _denied(headers: dict, query_params: dict, secret: dict) -> bool:
    """Whether the caller may not decrypt under the secret's key; the key of AWS itself is open to the account."""
    key = secret.get("KmsKeyId") or ""
    if not app.AUTH or ":key/" not in key:
        return False
    context = {
        "kms:ViaService": f"secretsmanager.{responses.get_region()}.amazonaws.com",
        "kms:CallerAccount": responses.get_account_id(),
        "kms:EncryptionContext:SecretARN": secret["ARN"],
    }
    caller = router.extract_access_key_id(headers, query_params)
    denial = iam_evaluator.enforce(caller, "kms:Decrypt", "kms", responses.get_region(), key, context)
    if denial is not None:
        logger.error("%s: %s may not kms:Decrypt with %s", secret["Name"], getattr(denial, "principal_arn", caller), key)
    return denial is not None


def install() -> None:
    upstream.expect(iam_evaluator, "enforce", "access_key_id", "iam_action", "service", "region", "resource_arn", "service_context")
    upstream.expect(router, "extract_access_key_id", "headers", "query_params")
    upstream.expect(secretsmanager, "_resolve", "secret_id", "use_arn_scope")

    @upstream.wrap(secretsmanager, "handle_request", "method", "path", "headers", "body", "query_params")
    async def handle(original, method, path, headers, body, query_params):
        response = await original(method, path, headers, body, query_params)
        if headers.get("x-amz-target") != "secretsmanager.GetSecretValue" or response[0] != 200:
            return response
        _, secret = secretsmanager._resolve(json.loads(body)["SecretId"], use_arn_scope=True)
        if _denied(headers, query_params, secret):
            return responses.error_response_json("AccessDeniedException", "Access to KMS is not allowed", 400)
        return response
