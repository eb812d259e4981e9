"""Gaps in signing up and in: every confirmation code is 123456 and never ends, the address it went to is told in full, wrong
passwords and codes may be tried for ever, and a refresh token never ends.

On AWS a code is random, the last one sent counts, it ends after a day (of a forgotten password: an hour); the address is masked:
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
after five wrong passwords the user is locked out for 2^(n-5) seconds, up to 15 minutes:
https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
codes may be asked for and tried a few times an hour, depending on the risk (here five of each, then LimitExceededException):
https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
AWS mails the code. Here it is in the log and in `GET /_ministack/ses/messages`. It can go when MiniStack does as AWS.
"""

import json
import logging
import secrets

from ministack.services import cognito

from . import clock, upstream
from .user_pool import refused

logger = logging.getLogger("bridges.sign_in")

_LIFETIME = {"_confirmation_code": 24 * 3600, "_reset_code": 3600}
_PURPOSE = {"ConfirmSignUp": "_confirmation_code", "ConfirmForgotPassword": "_reset_code"}
_AN_HOUR = 5
_LOCKOUT_SECONDS = 900


def _exhausted(user: dict, what: str) -> bool:
    """Whether the user did this too often within the last hour; counts this time otherwise."""
    recent = [moment for moment in user.get(what, []) if moment > clock.now() - 3600]
    user[what] = recent if len(recent) >= _AN_HOUR else [*recent, clock.now()]
    return len(recent) >= _AN_HOUR


def _limit_exceeded():
    return refused("LimitExceededException", "Attempt limit exceeded, please try after some time.")


def _user(data: dict):
    pool, _ = cognito._pool_for_client(data.get("ClientId"))
    return cognito._resolve_user(pool, data.get("Username"))[0] if pool else None


def _password_attempt(user: dict, attempt):
    """The response of an attempt to sign in with a password, unless the user is locked out."""
    failures = user.get("_failures") or {"count": 0, "until": 0, "last": 0}
    now = clock.now()
    if now < failures["until"]:
        return refused("NotAuthorizedException", "Password attempts exceeded")
    if now - failures["last"] > _LOCKOUT_SECONDS:
        failures = {"count": 0, "until": 0, "last": 0}
    response = attempt()
    if response[0] == 200:
        user.pop("_failures", None)
    elif b"Incorrect username or password." in response[2]:
        count = failures["count"] + 1
        until = now + min(2 ** (count - 5), _LOCKOUT_SECONDS) if count >= 5 else 0
        user["_failures"] = {"count": count, "until": until, "last": now}
    return response


def install() -> None:
    upstream.expect(cognito, "_pool_for_client", "cid")
    upstream.expect(cognito, "_masked_destination", "address")
    upstream.expect(cognito, "_token_claims", "token")

    @upstream.wrap(cognito, "_send_verification_email", "pool", "username", "attr_dict", "code", "attribute_name")
    def send(original, pool, username, attr_dict, code, attribute_name="email"):
        user = cognito._resolve_user(pool, username)[0]
        kind = "_reset_code" if attribute_name == "password" else "_confirmation_code"
        user[kind] = f"{secrets.randbelow(10**6):06}"
        user.setdefault("_code_sent", {})[kind] = clock.now()
        logger.info("mail to %s: the code is %s", attr_dict.get("email"), user[kind])
        return original(pool, username, attr_dict, user[kind], attribute_name)

    @upstream.wrap(cognito, "_sign_up", "data")
    def sign_up(original, data):
        status, headers, body = original(data)
        answer = json.loads(body)
        delivery = answer.get("CodeDeliveryDetails")
        if delivery:
            delivery["Destination"] = cognito._masked_destination(delivery["Destination"])
        return status, headers, json.dumps(answer).encode()

    @upstream.wrap(cognito, "_resend_confirmation_code", "data")
    def resend(original, data):
        user = _user(data)
        if user is not None and user["UserStatus"] != "UNCONFIRMED":
            return refused("InvalidParameterException", "User is already confirmed.")
        return _limit_exceeded() if user is not None and _exhausted(user, "_codes_asked") else original(data)

    @upstream.wrap(cognito, "_forgot_password", "data")
    def forgot(original, data):
        user = _user(data)
        return _limit_exceeded() if user is not None and _exhausted(user, "_codes_asked") else original(data)

    @upstream.wrap(cognito, "_confirmation_code_error", "action", "data")
    def code_error(original, action, data):
        user = _user(data) if action in _PURPOSE else None
        if user is None:
            return original(action, data)
        kind = _PURPOSE[action]
        if user.get(kind) and clock.now() - user.get("_code_sent", {}).get(kind, 0) > _LIFETIME[kind]:
            user.pop(kind)
        tried = [moment for moment in user.get("_codes_tried", []) if moment > clock.now() - 3600]
        if len(tried) >= _AN_HOUR:
            return _limit_exceeded()
        error = original(action, data)
        if error is not None and b"CodeMismatchException" in error[2]:
            _exhausted(user, "_codes_tried")
        return error

    @upstream.wrap(cognito, "_initiate_auth", "data")
    def initiate(original, data):
        if data.get("AuthFlow") != "USER_PASSWORD_AUTH":
            return original(data)
        parameters = data.get("AuthParameters") or {}
        for name in ("USERNAME", "PASSWORD"):
            if not parameters.get(name):
                return refused("InvalidParameterException", f"Missing required parameter {name}")
        user = _user({"ClientId": data.get("ClientId"), "Username": parameters["USERNAME"]})
        return original(data) if user is None else _password_attempt(user, lambda: original(data))

    @upstream.wrap(cognito, "_refresh_auth_user", "pool", "pid", "cid", "refresh_token")
    def refresh(original, pool, pid, cid, refresh_token):
        user, error = original(pool, pid, cid, refresh_token)
        if error is None and cognito._token_claims(refresh_token).get("exp", 0) <= clock.now():
            return None, refused("NotAuthorizedException", "Refresh Token has expired")
        return user, error

    @upstream.wrap(cognito, "_revoke_token", "data")
    def revoke(original, data):
        claims = cognito._token_claims(data.get("Token"))
        if claims.get("token_use") in ("access", "id"):
            return refused("UnsupportedTokenTypeException", "Unsupported token type")
        if claims and claims.get("client_id") != data.get("ClientId"):
            return refused("UnauthorizedException", "The token was issued to another client")
        return original(data)
