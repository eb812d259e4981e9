"""Gaps in a REST API's COGNITO_USER_POOLS authorizer: it takes a token of either use, ignores the authorizer's validation
expression, says Unauthorized of an expired token, and hands claims on in the HTTP API's shape.

On AWS a method without scopes takes an ID token, one with scopes an access token that has one of them; the `aud` claim must match
identityValidationExpression, so an access token, which has no `aud`, never does; else 401:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html
https://repost.aws/knowledge-center/api-gateway-cognito-401-unauthorized
Claims arrive as strings, several groups joined by commas, `exp` and `iat` as dates (`Fri Jul 29 18:52:53 UTC 2016`):
https://github.com/amazon-archives/amazon-cognito-identity-js/issues/92
It can go when MiniStack does as AWS.
"""

import json
import re
import time

import cryptography  # noqa: F401  without it MiniStack signs no token, and lets none in
from ministack.services import apigateway_v1

from . import clock, upstream


def _refused(message: str = "Unauthorized"):
    return None, apigateway_v1._gw_error("UNAUTHORIZED", message)


def _expiry(token: str | None) -> int | None:
    """The moment a token says it expires at, unverified."""
    try:
        return int(json.loads(apigateway_v1._b64url_decode(token.split(".")[1]))["exp"])
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


def _claim(name: str, value) -> str:
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    if name in ("exp", "iat") and isinstance(value, int):
        return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(value))
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def install() -> None:
    upstream.expect(apigateway_v1, "_cognito_token_from_request", "authorizer", "headers", "query_params", "stage")
    upstream.expect(apigateway_v1, "_b64url_decode", "segment")

    @upstream.wrap(
        apigateway_v1, "_validate_cognito_authorizer", "authorizer", "method_obj", "headers", "query_params", "stage")
    async def validate(original, authorizer, method_obj, headers, query_params, stage):
        claims, error = await original(authorizer, method_obj, headers, query_params, stage)
        if error is not None:
            expiry = _expiry(apigateway_v1._cognito_token_from_request(authorizer, headers, query_params, stage))
            if error.response_type == "UNAUTHORIZED" and expiry is not None and expiry <= clock.now():
                with clock.at(expiry - 1):
                    if (await original(authorizer, method_obj, headers, query_params, stage))[1] is None:
                        return _refused("The incoming token has expired")
            return None, error
        if claims.get("token_use") != ("access" if method_obj.get("authorizationScopes") else "id"):
            return _refused()
        expression = authorizer.get("identityValidationExpression")
        if expression and not re.fullmatch(expression, str(claims.get("aud", ""))):
            return _refused()
        return claims, None

    @upstream.replace(apigateway_v1, "_stringify_claims", "claims")
    def stringify(claims):
        return {name: _claim(name, value) for name, value in claims.items() if value is not None}
