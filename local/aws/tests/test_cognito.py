"""Cognito user pools as a client without AWS keys meets them, with IAM enforced, and the tokens they issue."""

import base64
import json
import time
import unittest
import uuid

from botocore.exceptions import ClientError

from .local_aws import REGION, local_aws
from .user_pool import PASSWORD, UserPool, address


def claims(token: str) -> dict:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


class Cognito(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.pool = UserPool(cls.aws)

    def tearDown(self):
        self.aws.set_clock(0)

    def call(self, action: str, **parameters):
        return self.pool.unsigned(action, **({"ClientId": self.pool.client} | parameters))

    def sign_up(self, email: str, **parameters):
        return self.call("SignUp", **({"Username": email, "Password": PASSWORD} | parameters))

    def sign_in(self, email: str, password: str = PASSWORD):
        return self.call("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": email, "PASSWORD": password})

    def refresh(self, token: str, **parameters):
        return self.call("InitiateAuth", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token}, **parameters)

    def confirm(self, email: str, code: str | None = None):
        return self.call("ConfirmSignUp", Username=email, ConfirmationCode=code or self.pool.mailed_code(email))

    def wrong_code(self, email: str) -> str:
        return f"{(int(self.pool.mailed_code(email)) + 1) % 10**6:06}"

    def confirmed(self) -> str:
        email = address()
        self.sign_up(email)
        self.assertEqual(200, self.confirm(email).status)
        return email

    def assertRefused(self, kind: str, answer, message: str | None = None):
        self.assertEqual((400, kind), (answer.status, answer.json()["__type"]))
        if message:
            self.assertEqual(message, answer.json()["message"])


class PasswordPolicy(unittest.TestCase):
    def test_kindsThatItDoesNotMentionAreNotRequired(self):
        pool = UserPool(local_aws(), Policies={"PasswordPolicy": {"MinimumLength": 12}})
        sign_up = {"ClientId": pool.client, "Username": address()}
        self.assertEqual("InvalidPasswordException", pool.unsigned("SignUp", **sign_up, Password="eleven char").json()["__type"])
        self.assertEqual(200, pool.unsigned("SignUp", **sign_up, Password="all lower case").status)


class SigningUp(Cognito):
    def test_theMailedCodeConfirms(self):
        email = address()
        made = self.sign_up(email).json()
        self.assertEqual((False, f"{email[0]}****@e****"), (made["UserConfirmed"], made["CodeDeliveryDetails"]["Destination"]))
        self.assertRefused("UserNotConfirmedException", self.sign_in(email))
        self.assertEqual(200, self.confirm(email).status)
        self.assertEqual(200, self.sign_in(email).status)
        self.assertIn(f"mail to {email}: the code is {self.pool.mailed_code(email)}", self.aws.log.read_text())
        self.assertRefused("NotAuthorizedException", self.confirm(email))
        self.assertRefused("InvalidParameterException", self.call("ResendConfirmationCode", Username=email), "User is already confirmed.")

    def test_codesAreRandomAndTheLastOneCounts(self):
        addresses = [address() for _ in range(4)]
        for email in addresses:
            self.sign_up(email)
        self.assertGreater(len({self.pool.mailed_code(email) for email in addresses}), 1)
        email = addresses[0]
        first = self.pool.mailed_code(email)
        while self.pool.mailed_code(email) == first:
            self.assertEqual(200, self.call("ResendConfirmationCode", Username=email).status)
        self.assertRefused("CodeMismatchException", self.confirm(email, first))
        self.assertEqual(200, self.confirm(email).status)

    def test_codeEndsAfterADay(self):
        email = address()
        self.sign_up(email)
        self.aws.set_clock(24 * 3600 + 1)
        self.assertRefused("ExpiredCodeException", self.confirm(email))
        self.call("ResendConfirmationCode", Username=email)
        self.assertEqual(200, self.confirm(email).status)

    def test_codesAreTriedAndAskedForAFewTimesAnHour(self):
        email = address()
        self.sign_up(email)
        for _ in range(5):
            self.assertRefused("CodeMismatchException", self.confirm(email, self.wrong_code(email)))
        self.assertRefused("LimitExceededException", self.confirm(email), "Attempt limit exceeded, please try after some time.")
        for _ in range(5):
            self.assertEqual(200, self.call("ResendConfirmationCode", Username=email).status)
        self.assertRefused("LimitExceededException", self.call("ResendConfirmationCode", Username=email))
        self.aws.set_clock(3601)
        self.assertEqual(200, self.call("ResendConfirmationCode", Username=email).status)
        self.assertEqual(200, self.confirm(email).status)

    def test_refusals(self):
        email = self.confirmed()
        self.assertRefused("UsernameExistsException", self.sign_up(email))
        self.assertRefused("UsernameExistsException", self.sign_up(email.upper()))
        self.assertRefused("InvalidPasswordException", self.sign_up(address(), Password="short"))
        self.assertRefused("InvalidParameterException", self.sign_up("no-address"))
        for name in ("email_verified", "phone_number_verified"):
            self.assertRefused("NotAuthorizedException", self.sign_up(address(), UserAttributes=[{"Name": name, "Value": "true"}]))

    def test_attributesOutsideTheClientsAreRefused(self):
        client = self.pool.public_client("writes email", WriteAttributes=["email"])
        name = [{"Name": "name", "Value": "Ann"}]
        self.assertRefused("NotAuthorizedException", self.sign_up(address(), ClientId=client, UserAttributes=name))
        self.assertEqual(200, self.sign_up(address(), UserAttributes=name).status)
        tokens = self.pool.sign_in(self.confirmed(), client)
        self.assertRefused("NotAuthorizedException", self.pool.unsigned(
            "UpdateUserAttributes", AccessToken=tokens["AccessToken"], UserAttributes=name))

    def test_administratorsAlone(self):
        closed = UserPool(self.aws, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
        self.assertRefused("NotAuthorizedException", closed.unsigned(
            "SignUp", ClientId=closed.client, Username=address(), Password=PASSWORD), "SignUp is not permitted for this user pool")

    def test_forgottenPasswordIsResetWithTheMailedCodeWithinAnHour(self):
        email = self.confirmed()

        def reset():
            return self.call("ConfirmForgotPassword", Username=email, ConfirmationCode=self.pool.mailed_code(email), Password=PASSWORD + "x")

        self.call("ForgotPassword", Username=email)
        self.aws.set_clock(3601)
        self.assertRefused("ExpiredCodeException", reset())
        self.call("ForgotPassword", Username=email)
        self.assertEqual(200, reset().status)
        self.assertEqual(200, self.sign_in(email, PASSWORD + "x").status)


class EmailAlias(Cognito):
    """A pool as modules/api makes it: names are made at sign-up, the address is an alias of who proved it."""

    @classmethod
    def setUpClass(cls):
        cls.aws = local_aws()
        cls.pool = UserPool(cls.aws, AliasAttributes=["email"])

    def account(self, email: str, password: str = PASSWORD) -> tuple[str, str]:
        """A user's name, and the code that was mailed for it."""
        name = str(uuid.uuid4())
        made = self.sign_up(name, Password=password, UserAttributes=[{"Name": "email", "Value": email}])
        self.assertEqual(200, made.status)
        self.assertNotEqual(name, made.json()["UserSub"])
        return name, self.pool.mailed_codes(email)[-1]

    def test_whoSignedUpFirstHasNotTheAddress(self):
        email = address()
        other, others_code = self.account(email, "Other-horse-7")
        owner, owners_code = self.account(email)
        if others_code != owners_code:
            self.assertRefused("CodeMismatchException", self.confirm(owner, others_code))
        self.assertRefused("NotAuthorizedException", self.sign_in(email), "Incorrect username or password.")
        self.assertEqual(200, self.confirm(owner, owners_code).status)
        self.assertRefused("AliasExistsException", self.confirm(other, others_code))
        self.assertEqual(200, self.sign_in(email).status)
        self.assertRefused("NotAuthorizedException", self.sign_in(email, "Other-horse-7"), "Incorrect username or password.")
        self.assertRefused("UserNotConfirmedException", self.sign_in(other, "Other-horse-7"))

    def test_anyCaseIsTheSameAddress(self):
        email = address()
        other, others_code = self.account(email.upper())
        owner, owners_code = self.account(email)
        self.assertEqual(200, self.confirm(owner, owners_code).status)
        self.assertRefused("AliasExistsException", self.confirm(other, others_code))
        tokens = self.sign_in(email.upper()).json()["AuthenticationResult"]
        self.assertEqual(owner, claims(tokens["IdToken"])["cognito:username"])
        found = self.pool.cognito.admin_get_user(UserPoolId=self.pool.id, Username=email.capitalize())
        self.assertEqual(owner, found["Username"])

    def test_anotherCodeIsOfItsOwnAccount(self):
        email = address()
        first, first_code = self.account(email)
        second, _ = self.account(email)
        self.assertEqual(200, self.call("ResendConfirmationCode", Username=second).status)
        self.assertEqual(200, self.confirm(first, first_code).status)
        self.assertRefused("AliasExistsException", self.confirm(second, self.pool.mailed_code(email)))

    def test_addressIsNoName(self):
        self.assertRefused("InvalidParameterException", self.sign_up(address()),
                           "Username cannot be of email format, since user pool is configured for email alias.")
        with self.assertRaisesRegex(ClientError, "cannot be of email format"):
            self.pool.cognito.admin_create_user(UserPoolId=self.pool.id, Username=address())


class SigningIn(Cognito):
    def test_tokensClaimWhatAwsClaims(self):
        email = self.pool.person(address(), f"staff-{address()}")
        tokens = self.sign_in(email).json()["AuthenticationResult"]
        identity, access = claims(tokens["IdToken"]), claims(tokens["AccessToken"])
        for one in (identity, access):
            self.assertEqual((self.pool.issuer, one["iat"] + 3600), (one["iss"], one["exp"]))
            self.assertLess(abs(time.time() - one["auth_time"]), 60)
            self.assertEqual(1, len(one["cognito:groups"]))
        self.assertEqual(("id", self.pool.client, email, True), tuple(identity[name] for name in ("token_use", "aud", "email", "email_verified")))
        self.assertEqual(("access", self.pool.client, identity["sub"]), tuple(access[name] for name in ("token_use", "client_id", "sub")))
        self.assertNotIn("aud", access)
        self.assertNotEqual(identity["jti"], access["jti"])
        keys = self.aws.request("GET", f"/{self.pool.id}/.well-known/jwks.json").json()["keys"]
        header = json.loads(base64.urlsafe_b64decode(tokens["IdToken"].split(".")[0] + "=="))
        self.assertIn((header["kid"], "RS256", "sig"), [(key["kid"], key["alg"], key["use"]) for key in keys])

    def test_emailIsVerifiedByItsCode(self):
        email = self.confirmed()
        self.assertIs(True, claims(self.pool.sign_in(email)["IdToken"])["email_verified"])
        unconfirmed = address()
        self.sign_up(unconfirmed)
        user = self.pool.cognito.admin_get_user(UserPoolId=self.pool.id, Username=unconfirmed)
        self.assertIn({"Name": "email_verified", "Value": "false"}, user["UserAttributes"])

    def test_anyCaseOfTheAddress(self):
        email = self.confirmed()
        self.assertEqual(200, self.sign_in(email.upper()).status)

    def test_unknownUserIsNotTold(self):
        wrong = self.sign_in(self.confirmed(), "Wrong-horse-7")
        self.assertRefused("NotAuthorizedException", wrong, "Incorrect username or password.")
        self.assertEqual(wrong.body, self.sign_in(address()).body)
        self.assertEqual(200, self.call("ResendConfirmationCode", Username=address()).status)
        self.assertRefused("CodeMismatchException", self.confirm(address(), "000000"))

    def test_lockoutDoubles(self):
        email = self.confirmed()
        for failures in range(12):
            self.aws.set_clock(failures * 300)
            self.assertRefused("NotAuthorizedException", self.sign_in(email, "wrong"), "Incorrect username or password.")
        # Locked out for 2^7 seconds by now.
        for later in (0, 64):
            self.aws.set_clock(11 * 300 + later)
            self.assertRefused("NotAuthorizedException", self.sign_in(email), "Password attempts exceeded")
        self.aws.set_clock(11 * 300 + 200)
        self.assertEqual(200, self.sign_in(email).status)
        self.assertRefused("NotAuthorizedException", self.sign_in(email, "wrong"), "Incorrect username or password.")

    def test_missingPassword(self):
        self.assertRefused("InvalidParameterException", self.sign_in(self.confirmed(), ""))

    def test_refreshedTokensAreTheSameSession(self):
        tokens = self.pool.sign_in(self.confirmed())
        fresh = self.refresh(tokens["RefreshToken"]).json()["AuthenticationResult"]
        self.assertEqual(claims(tokens["IdToken"])["sub"], claims(fresh["IdToken"])["sub"])
        self.assertNotIn("RefreshToken", fresh)

    def test_refreshTokenIsRefused(self):
        email = self.confirmed()
        token = self.pool.sign_in(email)["RefreshToken"]
        for wrong in ("nonsense", token[:-4] + "AAAA", self.pool.sign_in(email)["AccessToken"]):
            self.assertRefused("NotAuthorizedException", self.refresh(wrong), "Invalid Refresh Token")
        self.assertRefused("NotAuthorizedException", self.refresh(token, ClientId=self.pool.second_client))
        self.aws.set_clock(30 * 86400 + 1)
        self.assertRefused("NotAuthorizedException", self.refresh(token), "Refresh Token has expired")

    def test_revokedTokenAndItsSessionEnd(self):
        email = self.confirmed()
        tokens, others = self.pool.sign_in(email), self.pool.sign_in(email)
        self.assertRefused("UnsupportedTokenTypeException", self.call("RevokeToken", Token=tokens["AccessToken"]))
        self.assertRefused("UnauthorizedException", self.call("RevokeToken", Token=tokens["RefreshToken"], ClientId=self.pool.second_client))
        self.assertEqual(200, self.call("RevokeToken", Token=tokens["RefreshToken"]).status)
        self.assertRefused("NotAuthorizedException", self.refresh(tokens["RefreshToken"]), "Refresh Token has been revoked")
        self.assertRefused("NotAuthorizedException", self.pool.unsigned("GetUser", AccessToken=tokens["AccessToken"]))
        self.assertEqual(200, self.refresh(others["RefreshToken"]).status)

    def test_globalSignOutEndsEverySession(self):
        email = self.confirmed()
        tokens, others = self.pool.sign_in(email), self.pool.sign_in(email)
        self.assertEqual(200, self.pool.unsigned("GlobalSignOut", AccessToken=tokens["AccessToken"]).status)
        for one in (tokens, others):
            self.assertRefused("NotAuthorizedException", self.refresh(one["RefreshToken"]), "Refresh Token has been revoked")
            self.assertRefused("NotAuthorizedException", self.pool.unsigned("GetUser", AccessToken=one["AccessToken"]))
        self.assertEqual(200, self.sign_in(email).status)

    def test_administeringNeedsAKey(self):
        for action in ("AdminConfirmSignUp", "AdminGetUser", "ListUsers"):
            refused = self.pool.unsigned(action, UserPoolId=self.pool.id, Username=address())
            self.assertRefused("MissingAuthenticationTokenException", refused)


class TokenEndpoint(Cognito):
    def test_clientCredentials(self):
        answer = self.pool.token_endpoint(grant_type="client_credentials", scope="shop/orders.read").json()
        self.assertEqual(("Bearer", 3600, {"access_token", "token_type", "expires_in"}), (answer["token_type"], answer["expires_in"], set(answer)))
        token = claims(answer["access_token"])
        self.assertEqual((self.pool.issuer, "access", "shop/orders.read", self.pool.machine_client, self.pool.machine_client), tuple(
            token[name] for name in ("iss", "token_use", "scope", "client_id", "sub")))
        self.assertNotIn("aud", token)

    def test_refusals(self):
        for secret, form, error in (
            ("wrong", {"grant_type": "client_credentials"}, "invalid_client"),
            (None, {"grant_type": "client_credentials", "scope": "shop/none"}, "invalid_scope"),
            (None, {"grant_type": "client_credentials", "scope": "openid"}, "invalid_scope"),
            (None, {"grant_type": "password"}, "unsupported_grant_type"),
        ):
            answer = self.pool.token_endpoint(secret, **form)
            self.assertEqual((400, error), (answer.status, answer.json()["error"]))

    def test_answersOnTheDomainsName(self):
        answer = self.aws.request("POST", "/oauth2/token", "grant_type=client_credentials", {
            "Host": f"shop.auth.{REGION}.amazoncognito.com", "Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual((400, "invalid_client"), (answer.status, answer.json()["error"]))


class Deletion(Cognito):
    def test_protectedPoolAndPoolWithADomainStay(self):
        cognito = self.aws.client("cognito-idp")
        pool = cognito.create_user_pool(PoolName="kept", DeletionProtection="ACTIVE")["UserPool"]["Id"]
        with self.assertRaisesRegex(ClientError, "deletion protection is activated"):
            cognito.delete_user_pool(UserPoolId=pool)
        cognito.update_user_pool(UserPoolId=pool, DeletionProtection="INACTIVE")
        cognito.create_user_pool_domain(UserPoolId=pool, Domain="kept")
        with self.assertRaisesRegex(ClientError, "has a domain configured"):
            cognito.delete_user_pool(UserPoolId=pool)
        cognito.delete_user_pool_domain(UserPoolId=pool, Domain="kept")
        cognito.delete_user_pool(UserPoolId=pool)
