"""What launch.py refuses, and where MiniStack listens and writes."""

import json
import os
import subprocess
import sys
import tempfile
import types
import unittest
from pathlib import Path

import launch
from bridges import upstream

from .local_aws import LAUNCH, local_aws, zipped

GOOD = {
    "GATEWAY_PORT": "4566", "MINISTACK_REGION": "eu-central-1", "TMPDIR": tempfile.gettempdir(),
    "LOCAL_FUNCTION_HOST": "http://127.0.0.1:9001", "LOCAL_DATABASE_PORT": "3306", "LOCAL_DATABASE_BACKUPS": "http://127.0.0.1:9002",
    "LOCAL_DATABASE_BACKUPS_TOKEN": "token",
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
}


class Launch(unittest.TestCase):
    def test_completeEnvironmentHasNoProblems(self):
        self.assertEqual([], launch.problems(GOOD))

    def test_everyMissingVariableIsNamedBeforeAnythingStarts(self):
        refused = subprocess.run([sys.executable, "-B", LAUNCH], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
        self.assertEqual(1, refused.returncode)
        for name in launch.REQUIRED:
            self.assertIn(f"{name} is not set", refused.stderr)

    def test_wrongValuesAreNamed(self):
        for name, value, reason in (
            ("GATEWAY_PORT", "x", "is not a port"), ("LOCAL_DATABASE_PORT", "70000", "is not a port"),
            ("BIND_HOST", "0.0.0.0", "listens on 127.0.0.1 only"), ("TMPDIR", "/no/such", "is not a directory"),
            ("LOCAL_FUNCTION_HOST", "9001", "is not an http URL"), ("LOCAL_DATABASE_BACKUPS", "https://a", "is not an http URL"),
        ):
            found = launch.problems({**GOOD, name: value})
            self.assertEqual(1, len(found), found)
            self.assertIn(f"{name}={value}", found[0])
            self.assertIn(reason, found[0])

    def test_anotherMiniStackIsRefused(self):
        version, launch.MINISTACK_VERSION = launch.MINISTACK_VERSION, "9.9.9"
        environment = dict(os.environ)
        try:
            os.environ.update(GOOD)
            with self.assertRaises(SystemExit) as refused:
                launch.main()
        finally:
            launch.MINISTACK_VERSION = version
            os.environ.clear()
            os.environ.update(environment)
        self.assertIn(f"MiniStack {version}: the bridges were written for 9.9.9", str(refused.exception))

    def test_tokenOfTheBackupsIsNeitherInheritedNorLogged(self):
        aws = local_aws()
        awslambda = aws.client("lambda")
        awslambda.create_function(
            FunctionName="curious", Runtime="python3.11", Handler="index.handler", Role=aws.role("role-of-curious"),
            Code={"ZipFile": zipped({"index.py": "import os\ndef handler(event, context):\n    return sorted(os.environ)\n"})})
        inherited = json.load(awslambda.invoke(FunctionName="curious")["Payload"])
        self.assertIn("LOCAL_DATABASE_BACKUPS", inherited)
        self.assertNotIn("LOCAL_DATABASE_BACKUPS_TOKEN", inherited)
        self.assertNotIn(aws.database_backups.token, aws.log.read_text())
        self.assertNotIn(aws.database_backups.token, Path(f"/proc/{aws.process.pid}/cmdline").read_text())

    def test_listensOnTheLoopbackInterfaceOnly(self):
        aws = local_aws()
        listening = {}
        for table, loopback in (("tcp", "0100007F"), ("tcp6", "00000000000000000000000001000000")):
            for line in Path(f"/proc/{aws.process.pid}/net/{table}").read_text().splitlines()[1:]:
                _, local, _, state, *_, inode = line.split()[:10]
                if state == "0A":
                    listening[inode] = (*local.split(":"), loopback)
        own = {os.readlink(link) for link in Path(f"/proc/{aws.process.pid}/fd").iterdir()}
        sockets = [socket for inode, socket in listening.items() if f"socket:[{inode}]" in own]
        self.assertEqual([aws.port], [int(port, 16) for _, port, _ in sockets])
        self.assertEqual([sockets[0][2]], [sockets[0][0]])

    def test_writesBelowTmpdir(self):
        environment = dict(GOOD, TMPDIR="/below")
        launch.prepare(environment)
        self.assertEqual(("/below/s3", "/below/state"), (environment["S3_DATA_DIR"], environment["STATE_DIR"]))
        self.assertEqual(("127.0.0.1", "true", "0"), (environment["BIND_HOST"], environment["AUTH"], environment["IOT_MTLS_ENABLED"]))
        self.assertTrue(os.access(Path(environment["PATH"].split(os.pathsep)[0]) / "node", os.X_OK))

    def test_requirementsAreHashedAndNameNoRegistry(self):
        requirements = (LAUNCH.parent / "requirements.txt").read_text()
        self.assertIn(f"ministack=={launch.MINISTACK_VERSION} ", requirements)
        self.assertNotIn("://", requirements)
        self.assertNotIn("index-url", requirements)


class Upstream(unittest.TestCase):
    """A change of what a bridge replaces fails at start, not at some request."""

    def setUp(self):
        self.module = types.ModuleType("upstream_module")
        self.module.known = lambda a, b: (a, b)
        self.module.TABLE = {"Act": self.module.known}
        self.module.known.__name__ = "known"

    def test_missingFunctionIsNamed(self):
        with self.assertRaisesRegex(upstream.UpstreamChanged, "upstream_module.gone is gone"):
            upstream.expect(self.module, "gone")

    def test_otherParametersAreNamed(self):
        with self.assertRaisesRegex(upstream.UpstreamChanged, r"takes \(a, b\), its bridge was written for \(a, c\)"):
            upstream.wrap(self.module, "known", "a", "c")

    def test_missingActionAndOtherTypeAreNamed(self):
        with self.assertRaisesRegex(upstream.UpstreamChanged, "TABLE has no Other"):
            upstream.wrap_action(self.module, "TABLE", "Other", "a", "b")
        with self.assertRaisesRegex(upstream.UpstreamChanged, "TABLE is dict, its bridge expects list"):
            upstream.attribute(self.module, "TABLE", list)

    def test_twoBridgesMayWrapTheSameFunction(self):
        for step in ("first", "second"):
            @upstream.wrap(self.module, "known", "a", "b")
            def bridge(original, a, b, step=step):
                return (*original(a, b), step)
        self.assertEqual((1, 2, "first", "second"), self.module.known(1, 2))
