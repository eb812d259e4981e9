"""What a web page in the developer's browser can do with local AWS: nothing, but for visiting a distribution."""

import unittest

from .local_aws import local_aws

KEY = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=x",
       "X-Amz-Target": "secretsmanager.ListSecrets", "Content-Type": "application/x-amz-json-1.1"}


class WebPages(unittest.TestCase):
    def setUp(self):
        self.aws = local_aws()

    def list_secrets(self, **headers) -> int:
        return self.aws.request("POST", "/", "{}", {**KEY, **headers}).status

    def test_aToolWithTheRootKeyIsAnswered(self):
        self.assertEqual(200, self.list_secrets())
        self.assertEqual(200, self.list_secrets(Host="secretsmanager.eu-central-1.amazonaws.com"))
        self.assertEqual(200, self.list_secrets(**{"Sec-Fetch-Site": "none"}))

    def test_aPageOfAnotherOriginIsRefused(self):
        self.assertEqual(403, self.list_secrets(Origin="https://evil.example"))
        self.assertEqual(403, self.list_secrets(Origin="null"))
        self.assertEqual(403, self.list_secrets(**{"Sec-Fetch-Site": "cross-site"}))
        self.assertEqual(403, self.list_secrets(Origin="http://localhost:8080", **{"Sec-Fetch-Site": "same-site"}))

    def test_anotherNameForThisMachineIsRefused(self):
        for host in ("evil.example", "evil.example:4566", "amazonaws.com.evil.example", "127.0.0.1.evil.example", "evilamazonaws.com"):
            self.assertEqual(403, self.list_secrets(Host=host), host)

    def test_aPageGetsNoPreflight(self):
        answer = self.aws.request("OPTIONS", "/", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
        self.assertEqual(403, answer.status)
        self.assertNotIn("access-control-allow-origin", answer.headers)

    def test_aPageCannotReachMiniStacksOwnPaths(self):
        for path in ("/_ministack/config", "/_ministack/reset"):
            self.assertEqual(403, self.aws.request("POST", path, "{}", {"Origin": "https://evil.example"}).status)

    def test_aPageCallsAnApiWithoutASignature(self):
        api = "/_aws/execute-api/00000000/api/"
        page = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
        self.assertEqual(404, self.aws.request("GET", api, headers=page).status)
        for path, headers in (
            (api, {**page, "Authorization": KEY["Authorization"]}), (f"{api}?X-Amz-Signature=x", page), (f"{api}?x-amz-signature=x", page),
            (f"{api}?X-Amz-Sig%6eature=x", page), (api, {**page, "Authorization": "x, AWS4-HMAC-SHA256 Credential=test"}),
            (api, {**page, "Host": "secretsmanager.eu-central-1.amazonaws.com"}), (api, {**page, "Host": "evil.example"}),
            (api.replace("execute-api", "other"), page),
        ):
            self.assertEqual(403, self.aws.request("GET", path, headers=headers).status, (path, headers))


if __name__ == "__main__":
    unittest.main()
