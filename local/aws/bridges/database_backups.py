"""What stands behind snapshots and restored instances: LOCAL_DATABASE_BACKUPS, a server that dumps databases and starts them from dumps.

It answers each request when the work is done, so what takes long is asked for from a thread, in order for each DB instance: a server is
started before it is dumped, and dumped before it is deleted.
"""

import contextlib
import contextvars
import http.client
import json
import os
import shutil
import tempfile
import threading
import urllib.parse
import zipfile

# A loaded laptop takes seconds for a dump and tens of seconds for a server, of which one is started at a time.
_TIMEOUT_SECONDS = 300
_ANSWER_SECONDS = 10

_lock = threading.Lock()
_last: dict[str, threading.Thread] = {}
_token = ""


class Failed(RuntimeError):
    """The server refused, or did not answer."""


def configure() -> None:
    """Takes the token out of the environment, which what MiniStack starts inherits."""
    global _token
    _token = os.environ.pop("LOCAL_DATABASE_BACKUPS_TOKEN")


def _ask(method: str, path: str, timeout: float, into=None, **query) -> tuple[int, bytes]:
    """The answer's status and content; what was asked for goes into a file, if one is given."""
    base = urllib.parse.urlsplit(os.environ["LOCAL_DATABASE_BACKUPS"])
    target = base.path.rstrip("/") + path + (f"?{urllib.parse.urlencode(query, doseq=True)}" if query else "")
    connection = http.client.HTTPConnection(base.hostname, base.port, timeout=timeout)
    try:
        connection.request(method, target, headers={"Authorization": f"Bearer {_token}"})
        answer = connection.getresponse()
        if into is not None and answer.status == 200:
            shutil.copyfileobj(answer, into)
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as unreachable:
        raise Failed(f"{method} {path}: LOCAL_DATABASE_BACKUPS did not answer: {unreachable}") from unreachable
    finally:
        connection.close()


def _done(method: str, path: str, timeout: float = _TIMEOUT_SECONDS, into=None, **query) -> bytes:
    status, content = _ask(method, path, timeout, into, **query)
    if not 200 <= status < 300:
        raise Failed(f"{method} {path}: {status}: {content.decode('utf-8', 'replace')[:500]}")
    return content


def dump(key: str, resource_id: str) -> None:
    """Keeps what the DB instance holds now under the key."""
    _done("PUT", f"/snapshots/{key}", instance=resource_id)


def dumps() -> set[str]:
    """The keys of all dumps."""
    return set(json.loads(_done("GET", "/snapshots", _ANSWER_SECONDS)))


def forget(key: str) -> None:
    """Deletes the dump; waits for one that is being made."""
    _done("DELETE", f"/snapshots/{key}")


@contextlib.contextmanager
def objects(key: str, only: list[str]):
    """What an export of the dump writes, as a zip file on disk; its names are paths below the task's own."""
    with tempfile.TemporaryFile() as file:
        _done("GET", f"/snapshots/{key}/objects", into=file, **({"only": only} if only else {}))
        with zipfile.ZipFile(file) as archive:  # which fails if it was cut off
            yield archive


def start(resource_id: str, key: str, host: str) -> int:
    """The port of the instance's own server, which holds the dump."""
    return json.loads(_done("PUT", f"/servers/{resource_id}", snapshot=key, host=host))["port"]


def port(resource_id: str) -> int | None:
    """The port of the instance's own server, or None if it is gone."""
    status, content = _ask("GET", f"/servers/{resource_id}", _ANSWER_SECONDS)
    if status == 404:
        return None
    if status != 200:
        raise Failed(f"GET /servers/{resource_id}: {status}")
    return json.loads(content)["port"]


def stop(resource_id: str) -> None:
    _done("DELETE", f"/servers/{resource_id}")


def begin(resource_id: str, work, *args) -> None:
    """Calls work in a thread, under this request's account and region, after all that was begun for this DB instance before."""
    with _lock:
        previous = _last.get(resource_id)

        def run():
            if previous:
                previous.join()
            try:
                work(*args)
            finally:
                with _lock:
                    if _last[resource_id] is thread:
                        del _last[resource_id]

        thread = threading.Thread(target=contextvars.copy_context().run, args=(run,), name=f"database-{resource_id}", daemon=True)
        thread.start()
        _last[resource_id] = thread
