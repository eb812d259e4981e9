"""A user pool with people and a machine that may read orders."""

import base64
import json
import re
import urllib.parse
import uuid

from .local_aws import ACCOUNT, REGION, LocalAws

PASSWORD = "Correct-horse-7"


class UserPool:
    def __init__(self, aws: LocalAws, **settings):
        self.aws = aws
        self.cognito = aws.client("cognito-idp")
        created = self.cognito.create_user_pool(
            PoolName="shop", AutoVerifiedAttributes=["email"], UsernameConfiguration={"CaseSensitive": False},
            **({} if "AliasAttributes" in settings else {"UsernameAttributes": ["email"]}), **settings)["UserPool"]
        self.id, self.arn = created["Id"], created["Arn"]
        self.issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{self.id}"
        self.client, self.second_client = self.public_client("people"), self.public_client("others")
        self.cognito.create_resource_server(UserPoolId=self.id, Identifier="shop", Name="shop", Scopes=[
            {"ScopeName": name, "ScopeDescription": name} for name in ("orders.read", "catalog.read")])
        machine = self.cognito.create_user_pool_client(
            UserPoolId=self.id, ClientName="machine", GenerateSecret=True, AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"], AllowedOAuthScopes=["shop/orders.read", "shop/catalog.read"])["UserPoolClient"]
        self.machine_client, self.machine_secret = machine["ClientId"], machine["ClientSecret"]

    def public_client(self, name: str, **settings) -> str:
        return self.cognito.create_user_pool_client(
            UserPoolId=self.id, ClientName=name, GenerateSecret=False, PreventUserExistenceErrors="ENABLED",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], **settings)["UserPoolClient"]["ClientId"]

    def person(self, email: str, *groups: str) -> str:
        """A confirmed user in the groups; returns the email."""
        self.cognito.admin_create_user(UserPoolId=self.id, Username=email, MessageAction="SUPPRESS", UserAttributes=[
            {"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}])
        self.cognito.admin_set_user_password(UserPoolId=self.id, Username=email, Password=PASSWORD, Permanent=True)
        for group in groups:
            self.cognito.create_group(UserPoolId=self.id, GroupName=group)
            self.cognito.admin_add_user_to_group(UserPoolId=self.id, Username=email, GroupName=group)
        return email

    def unsigned(self, action: str, **parameters):
        """A call as a browser or a function without permissions makes it."""
        return self.aws.request("POST", "/", json.dumps(parameters), {
            "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}"})

    def sign_in(self, email: str, client: str | None = None, password: str = PASSWORD) -> dict:
        """The tokens of a person."""
        return self.unsigned(
            "InitiateAuth", ClientId=client or self.client, AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password}).json()["AuthenticationResult"]

    def mailed_codes(self, email: str) -> list[str]:
        """The codes of the mails to the address, the last one last."""
        mails = self.aws.request("GET", "/_ministack/ses/messages").json()["messages"].get(ACCOUNT, [])
        return [re.search(r"\d{6}", mail["BodyText"]).group() for mail in mails if mail["To"] == [email]]

    def mailed_code(self, email: str) -> str:
        return self.mailed_codes(email)[-1]

    def token_endpoint(self, secret: str | None = None, **form: str):
        credentials = base64.b64encode(f"{self.machine_client}:{secret or self.machine_secret}".encode()).decode()
        return self.aws.request("POST", "/oauth2/token", urllib.parse.urlencode(form), {
            "Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {credentials}"})

    def machine_token(self, scope: str) -> str:
        return self.token_endpoint(grant_type="client_credentials", scope=scope).json()["access_token"]


def address() -> str:
    """An email address nobody has yet."""
    return f"{uuid.uuid4().hex[:12]}@example.com"
