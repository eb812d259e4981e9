"""Gap: MiniStack keeps its state in memory, writes it to STATE_DIR only when it is told to stop, and tells nobody when that failed.

On AWS a resource outlives the machines that answer for it:
https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/control-planes-and-data-planes.html
Here `POST /_webapp/state` saves everything at once, which `make up` asks for after each apply. The file `complete` in STATE_DIR is
there exactly when what lies beside it is whole, so that a save which was cut off, or found the disk full, is never loaded.
It can go when MiniStack saves each change before it answers.
"""

import copy
import json
import os
from pathlib import Path

from ministack import app
from ministack.core import persistence

from . import upstream

PATH = "/_webapp/state"
_kept: dict[str, object] = {}  # what bridges remember beside MiniStack: name -> AccountRegionScopedDict


def keep(name: str, store) -> None:
    """Saves a bridge's own store with MiniStack's state, and loads it again."""
    _kept[name] = store


def complete() -> Path:
    return Path(persistence.STATE_DIR, "complete")


def install() -> None:
    upstream.expect(persistence, "save_state", "service", "data")
    upstream.expect(persistence, "load_state", "service")
    upstream.expect(app, "_build_persistence_save_dict")

    @upstream.wrap(app, "save_all", "services")
    def save_all(original, services):
        complete().unlink(missing_ok=True)
        files = [Path(persistence.STATE_DIR, f"{name}.json") for name in (*services, "bridges")]
        for file in files:
            file.unlink(missing_ok=True)
        original(services)
        persistence.save_state("bridges", copy.deepcopy(_kept))
        if all(file.exists() for file in files):
            complete().touch()

    @upstream.wrap(app, "_load_persisted_state")
    def load(original):
        if not complete().exists():
            return
        original()
        for name, store in (persistence.load_state("bridges") or {}).items():
            _kept[name].update(store)

    @upstream.wrap(app, "_handle_pre_body_request", "method", "path", "headers", "query_params", "request_id")
    async def save(original, method, path, headers, query_params, request_id):
        if (method, path) != ("POST", PATH):
            return await original(method, path, headers, query_params, request_id)
        app.save_all(app._build_persistence_save_dict())
        saved = complete().exists()
        return 200 if saved else 507, {"Content-Type": "application/json"}, json.dumps({"saved": saved}).encode()
