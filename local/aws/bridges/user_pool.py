"""Gaps in user pools: a protected pool, or one with a domain, is deleted; a case-insensitive pool tells cases apart; an address
that is a confirmed user's alias is confirmed for a second one, and an address may be a user's name beside; anyone may sign up where
administrators alone create users; a new user may write any attribute, and none is told to be unverified or verified; kinds of characters
that a given password policy does not mention are required.

On AWS the deletion is refused:
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html
a pool with CaseSensitive=false knows one user by any case:
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
an e-mail address that is an alias signs in the one user who confirmed it, and ConfirmSignUp of another ends in AliasExistsException
(ForceAliasCreation, which moves the alias, is not played):
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html#user-pool-settings-aliases
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
an attribute outside the client's WriteAttributes is refused, `email_verified` always, which a confirmed code sets:
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
A policy's kinds of characters that are left out, as the Go SDK leaves out what is false, are not required:
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html
It can go when MiniStack does as AWS.
"""

import json

from ministack.services import cognito

from . import upstream

_VERIFIED = {"email_verified", "phone_number_verified"}


def refused(code: str, message: str):
    return cognito.error_response_json(code, message, 400)


def set_attribute(user: dict, name: str, value: str) -> None:
    user["Attributes"] = cognito._merge_attributes(user.get("Attributes", []), [{"Name": name, "Value": value}])


def _unwritable(pool: dict, client_id: str, attributes: list) -> bool:
    allowed = pool["_clients"][client_id].get("WriteAttributes")
    names = {attribute["Name"] for attribute in attributes}
    return bool(names & _VERIFIED) or bool(allowed and names - set(allowed))


def _folds(pool: dict) -> bool:
    return (pool.get("UsernameConfiguration") or {}).get("CaseSensitive") is False


def _email_is_alias(pool: dict) -> bool:
    return "email" in (pool.get("AliasAttributes") or [])


def install() -> None:
    upstream.expect(cognito, "error_response_json", "code", "message", "status", "extra", "message_key", "content_type")
    upstream.expect(cognito, "_merge_attributes", "existing", "updates")
    upstream.expect(cognito, "_pool_for_client", "cid")
    upstream.expect(cognito, "_user_from_token", "token", "pool")
    upstream.expect(cognito, "_user_pool_for_access_token", "access_token")

    @upstream.wrap(cognito, "_password_policy_errors", "pool", "password")
    def policy_errors(original, pool, password):
        policy = (pool.get("Policies") or {}).get("PasswordPolicy") or {}
        given = {**{f"Require{kind}": False for kind in ("Lowercase", "Numbers", "Symbols", "Uppercase")}, **policy}
        return original({**pool, "Policies": {"PasswordPolicy": given}} if policy else pool, password)

    @upstream.wrap(cognito, "_delete_user_pool", "data")
    def delete(original, data):
        pool = cognito._user_pools.get(data.get("UserPoolId")) or {}
        if pool.get("DeletionProtection") == "ACTIVE":
            return refused("InvalidParameterException", "The user pool cannot be deleted because deletion protection is activated. "
                           "Deletion protection must be inactivated first.")
        if pool.get("Domain") or pool.get("CustomDomain"):
            return refused("InvalidParameterException", "User pool cannot be deleted. It has a domain configured that should be deleted "
                           "first.")
        return original(data)

    @upstream.wrap(cognito, "_resolve_user", "pool", "username")
    def resolve(original, pool, username):
        user, error = original(pool, username)
        if user is None and username and _folds(pool):
            folded = username.lower()
            aliases = [*(pool.get("UsernameAttributes") or []), *(pool.get("AliasAttributes") or [])]
            for one in pool["_users"].values():
                attributes = cognito._attr_list_to_dict(one.get("Attributes", []))
                for name in (one["Username"], *(attributes.get(alias) or "" for alias in aliases)):
                    # Of users with the same address as alias only the verified one is found by it.
                    if name.lower() == folded and (found := original(pool, name))[0]:
                        return found
        return user, error

    @upstream.wrap(cognito, "_new_user_error", "pool", "username", "attr_dict")
    def new_user_error(original, pool, username, attr_dict):
        if _email_is_alias(pool) and "@" in username:
            return refused("InvalidParameterException", "Username cannot be of email format, since user pool is configured for email alias.")
        return original(pool, username, attr_dict)

    @upstream.wrap(cognito, "_sign_up", "data")
    def sign_up(original, data):
        pool, _ = cognito._pool_for_client(data.get("ClientId"))
        if pool is not None:
            if (pool.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"):
                return refused("NotAuthorizedException", "SignUp is not permitted for this user pool")
            if _unwritable(pool, data["ClientId"], data.get("UserAttributes") or []):
                return refused("NotAuthorizedException", "A client attempted to write unauthorized attribute")
            if _folds(pool) and cognito._resolve_user(pool, data.get("Username"))[0]:
                return refused("UsernameExistsException", "User already exists.")
        response = original(data)
        if response[0] == 200:
            user, _ = cognito._resolve_user(pool, json.loads(response[2])["UserSub"])
            attributes = cognito._attr_list_to_dict(user["Attributes"])
            if "email" in attributes and "email_verified" not in attributes:
                set_attribute(user, "email_verified", "false")
        return response

    @upstream.wrap(cognito, "_confirm_sign_up", "data")
    def confirm(original, data):
        pool, _ = cognito._pool_for_client(data.get("ClientId"))
        user = cognito._resolve_user(pool, data.get("Username"))[0] if pool else None
        if user and _email_is_alias(pool):
            email = cognito._attr_list_to_dict(user["Attributes"]).get("email")
            if email and cognito._resolve_user(pool, email)[0] not in (None, user):
                return refused("AliasExistsException", "An account with the given email already exists.")
        response = original(data)
        if response[0] == 200 and "email" in (pool.get("AutoVerifiedAttributes") or []):
            set_attribute(cognito._resolve_user(pool, data["Username"])[0], "email_verified", "true")
        return response

    @upstream.wrap(cognito, "_update_user_attributes", "data")
    def update_attributes(original, data):
        client_id = cognito._token_claims(data.get("AccessToken")).get("client_id")
        pool, _ = cognito._pool_for_client(client_id)
        if pool is not None and _unwritable(pool, client_id, data.get("UserAttributes") or []):
            return refused("NotAuthorizedException", "A client attempted to write unauthorized attribute")
        return original(data)
