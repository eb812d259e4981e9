"""One MiniStack with its bridges for the whole suite, a function host that answers as told, and clients for both."""

import atexit
import dataclasses
import http.client
import http.server
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
import zipfile
from pathlib import Path

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

REGION = "eu-central-1"
ACCOUNT = "000000000000"
DATABASE_PORT = 33061
LAUNCH = Path(__file__).parent.parent / "launch.py"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class FunctionHost(http.server.ThreadingHTTPServer):
    """Plays the function host: remembers what it was asked and answers what `answers` holds for the function's name."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Invocation)
        self.answers: dict = {}
        self.invocations: list[tuple[str, dict, dict]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def of(self, function_name: str) -> list[tuple[str, dict, dict]]:
        """(path, headers, event) of each invocation of the function."""
        return [invocation for invocation in self.invocations if invocation[0].rsplit("/", 1)[1] == function_name]


class _Invocation(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.invocations.append((self.path, dict(self.headers), event))
        answer = self.server.answers.get(self.path.rsplit("/", 1)[1], {"statusCode": 200, "body": "{}"})
        status, body, headers = 200, answer, {}
        if callable(answer):
            status, body, headers = answer(event)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class DatabaseBackups(http.server.ThreadingHTTPServer):
    """Plays what dumps databases and starts them from dumps: keeps of each dump only whose it is, and answers when it is let."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Backup)
        self.token = uuid.uuid4().hex
        self.dumps: dict[str, str] = {}  # key -> DbiResourceId
        self.servers: dict[str, dict] = {}  # DbiResourceId -> what it was started with
        self.objects = {"webapp/webapp.users/1/part-00000.tsv": "1\tann\n", "shop/shop.orders/1/part-00000.tsv": "7\n"}
        self.asked: list[str] = []  # METHOD /path, when it came
        self.done: list[str] = []  # and when it was answered
        self.refusing: set[str] = set()  # METHOD /kind that fails
        self.most: int | None = None  # bytes of an answer, after which the connection is lost
        self.open = threading.Event()  # cleared, it makes dumps, their deletion, starts and exports wait
        self.open.set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        pass  # who asked was killed meanwhile

    def answer(self, method: str, path: str, query: dict[str, list[str]]) -> tuple[int, object]:
        _, kind, name, *rest = [*path.split("/"), ""]
        call = f"{method} /{kind}"
        self.asked.append(f"{method} {path}")
        if call in self.refusing:
            return 500, "the disk is full"
        if path == "/snapshots":
            return 200, sorted(self.dumps)
        if call in ("PUT /snapshots", "DELETE /snapshots", "GET /snapshots", "PUT /servers"):
            self.open.wait(30)
        if call == "PUT /snapshots":
            self.dumps.setdefault(name, query["instance"][0])
            return 204, None
        if call == "DELETE /snapshots":
            self.dumps.pop(name, None)
            return 204, None
        if call == "GET /snapshots" and rest == ["objects", ""]:
            if name not in self.dumps:
                return 404, "unknown"
            only = query.get("only", [])
            chosen = {path: text for path, text in self.objects.items() if not only or {path.split("/")[0], path.split("/")[1]} & set(only)}
            return 200, zipped(chosen)
        if call == "PUT /servers":
            if query["snapshot"][0] not in self.dumps:
                return 404, "unknown"
            self.servers[name] = {"port": free_port(), "host": query["host"][0], "snapshot": query["snapshot"][0]}
        if call == "DELETE /servers":
            self.servers.pop(name, None)
            return 204, None
        return (200, {"port": self.servers[name]["port"]}) if name in self.servers else (404, "none")


class _Backup(http.server.BaseHTTPRequestHandler):
    def _answer(self):
        target = urllib.parse.urlsplit(self.path)
        status, body = 403, "unknown"
        if self.headers["Authorization"] == f"Bearer {self.server.token}":
            status, body = self.server.answer(self.command, target.path, urllib.parse.parse_qs(target.query))
        self.server.done.append(f"{self.command} {target.path}")
        content = body if isinstance(body, bytes) else b"" if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:self.server.most])

    do_GET = do_PUT = do_DELETE = _answer

    def log_message(self, *_):
        pass


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


class LocalAws:
    """A running launch.py."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="local-aws-")
        self.function_host = FunctionHost()
        self.database_backups = DatabaseBackups()
        self._clients: dict = {}
        self.port = free_port()
        below = Path(self.directory.name)
        (below / "tmp").mkdir()
        self.log = below / "log"
        self.state = below / "tmp/state"
        self.environment = {
            "PATH": os.environ["PATH"], "GATEWAY_PORT": str(self.port), "MINISTACK_REGION": REGION,
            "TMPDIR": str(below / "tmp"), "LOCAL_FUNCTION_HOST": self.function_host.url,
            "LOCAL_DATABASE_PORT": str(DATABASE_PORT), "LOCAL_DATABASE_BACKUPS": self.database_backups.url,
            "LOCAL_DATABASE_BACKUPS_TOKEN": self.database_backups.token, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        }
        atexit.register(self.stop)
        self.start()

    def start(self) -> None:
        """Starts it, once more after a `kill`: on the same port, with what was saved."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([sys.executable, "-B", LAUNCH], env=self.environment, stdout=log, stderr=log)
        deadline = time.time() + 40
        while True:
            try:
                if self.request("GET", "/_ministack/health").status == 200:
                    return
            except OSError:
                if self.process.poll() is not None or time.time() > deadline:
                    raise RuntimeError(f"local AWS did not start:\n{self.log.read_text()}") from None
            time.sleep(0.2)

    def kill(self) -> None:
        """Ends it as a crash does."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> None:
        atexit.unregister(self.stop)
        self.process.terminate()
        self.process.wait(10)
        for server in (self.function_host, self.database_backups):
            server.shutdown()
            server.server_close()
        self.directory.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, service: str, credentials: dict | None = None, region: str = REGION):
        """A botocore client with the root key (made once), or with an assumed role's Credentials."""
        if credentials is None:
            if (service, region) not in self._clients:
                root = {"AccessKeyId": "test", "SecretAccessKey": "test", "SessionToken": None}
                self._clients[service, region] = self.client(service, root, region)
            return self._clients[service, region]
        return botocore.session.Session().create_client(
            service, region_name=region, endpoint_url=self.url, aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"], aws_session_token=credentials["SessionToken"],
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def request(self, method: str, path: str, body: bytes | str | None = None, headers: dict | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def set_clock(self, ahead: int) -> None:
        """Sets the clock of API Gateway and Cognito that many seconds ahead."""
        assert self.request("POST", f"/_webapp/clock?ahead={ahead}").status == 200

    def call_api(self, api_id: str, method: str, path: str, body=None, headers: dict | None = None, credentials: dict | None = None) -> Answer:
        """A request to the stage `api`; JSON unless the headers say otherwise, signed if credentials are given."""
        target = f"/_aws/execute-api/{api_id}/api{path}"
        sent = dict(headers or {})
        content = body if isinstance(body, (bytes, str, type(None))) else json.dumps(body)
        if content is not None and not any(name.lower() == "content-type" for name in sent):
            sent["Content-Type"] = "application/json"
        if credentials:
            request = AWSRequest(method, self.url + target, data=content, headers=sent)
            keys = Credentials(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])
            SigV4Auth(keys, "execute-api", REGION).add_auth(request)
            sent = dict(request.headers)
        return self.request(method, target, content, sent)

    def role(self, name: str, *statements: dict, path: str = "/", boundary: str | None = None) -> str:
        """Creates a role that allows the statements; returns its ARN."""
        iam = self.client("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        extra = {"PermissionsBoundary": boundary} if boundary else {}
        arn = iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=_policy(trust), **extra)["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=_policy(*statements))
        return arn

    def assume(self, role_arn: str) -> dict:
        return self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")["Credentials"]

    def function(self, name: str, runtime: str = "java21", timeout: int = 10) -> str:
        """Creates a function with a published version 1 and an alias `live`; returns the alias's ARN."""
        awslambda = self.client("lambda")
        role = self.role(f"role-of-{name}")
        awslambda.create_function(
            FunctionName=name, Runtime=runtime, Handler="a.B", Role=role, Timeout=timeout,
            Code={"ZipFile": jar("one")}, Publish=True,
        )
        return awslambda.create_alias(FunctionName=name, Name="live", FunctionVersion="1")["AliasArn"]

    def permit(self, function_name: str, api_id: str, source: str = "*") -> None:
        """Lets API Gateway invoke the alias for a source like `api/POST/users`."""
        self.client("lambda").add_permission(
            FunctionName=function_name, Qualifier="live", StatementId=f"s{uuid.uuid4().hex}", Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com", SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}/{source}",
        )

    def deploy(self, document: dict, api_id: str | None = None) -> str:
        """Imports the document and deploys it to the stage `api`; returns the API's id."""
        gateway = self.client("apigateway")
        api_id = api_id or gateway.create_rest_api(name="test")["id"]
        gateway.put_rest_api(restApiId=api_id, mode="overwrite", body=json.dumps(document))
        gateway.create_deployment(restApiId=api_id, stageName="api")
        return api_id


def eventually(found, seconds: float = 40):
    """What the call gives at last; fails with its last answer if it gives nothing true in that time."""
    deadline = time.time() + seconds
    while not (answer := found()):
        if time.time() > deadline:
            raise AssertionError("it never came")
        time.sleep(0.05)
    return answer


def _policy(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def jar(content: str) -> bytes:
    return zipped({"which.txt": content})


def invocation_uri(alias_arn: str) -> str:
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{alias_arn}/invocations"


def proxy(alias_arn: str, **settings) -> dict:
    """A Lambda proxy integration."""
    return {"type": "aws_proxy", "httpMethod": "POST", "uri": invocation_uri(alias_arn), **settings}


def mock(status: int, body: str | None = None, headers: dict | None = None, **operation) -> dict:
    """An operation answered by a mock integration."""
    headers = headers or {}
    response = {"statusCode": str(status), "responseParameters": {f"method.response.header.{n}": f"'{v}'" for n, v in headers.items()}}
    if body is not None:
        response["responseTemplates"] = {"application/json": body}
    return {
        "responses": {str(status): {"description": "", "headers": {name: {"schema": {"type": "string"}} for name in headers}}},
        "x-amazon-apigateway-integration": {
            "type": "mock", "requestTemplates": {"application/json": json.dumps({"statusCode": status})},
            "responses": {"default": response},
        },
        **operation,
    }


def document(paths: dict, **more) -> dict:
    return {"openapi": "3.0.3", "info": {"title": "test", "version": "1"}, "paths": paths, **more}


_running: LocalAws | None = None


def local_aws() -> LocalAws:
    """The suite's MiniStack, started at first use and stopped (by its process id) when the suite ends."""
    global _running
    if _running is None:
        _running = LocalAws()
    return _running
