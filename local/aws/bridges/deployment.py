"""Gap: MiniStack serves an API's resources as they are now; only its gateway responses are taken from the stage's deployment.

On AWS a stage serves the snapshot its deployment took, so a change without a new deployment is not served, and a method
without an integration cannot be deployed: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
It can go when CreateDeployment keeps resources, models, validators and authorizers too.
"""

import contextlib
import contextvars
import copy

from ministack.services import apigateway_v1

from . import state, upstream

_STORES = ("_resources", "_models", "_request_validators", "_authorizers_v1")
_snapshots = apigateway_v1.AccountRegionScopedDict()  # rest_api_id -> {deployment_id -> {store -> value}}
_served: contextvars.ContextVar[tuple[str, dict] | None] = contextvars.ContextVar("served", default=None)


class Deployable(apigateway_v1.AccountRegionScopedDict):
    """A store that answers from the deployment being served, and is itself otherwise."""

    __slots__ = ("_store",)

    def __init__(self, store: str, live):
        self._store = store
        self._data = live._data

    def get(self, key, default=None):
        served = _served.get()
        if served and served[0] == key:
            return served[1][self._store]
        return super().get(key, default)


@contextlib.contextmanager
def serving(api_id: str, snapshot: dict | None):
    """While it is entered, an API's stores answer from the snapshot, if there is one."""
    token = _served.set((api_id, snapshot) if snapshot else None)
    try:
        yield
    finally:
        _served.reset(token)


def snapshot_of(api_id: str, module, stores: tuple[str, ...]) -> dict:
    return {store: copy.deepcopy(getattr(module, store).get(api_id) or {}) for store in stores}


def _deployed(api_id: str, stage_name: str) -> dict | None:
    """The snapshot that the stage's deployment took."""
    stage = (apigateway_v1._stages_v1.get(api_id) or {}).get(stage_name) or {}
    return (_snapshots.get(api_id) or {}).get(stage.get("deploymentId"))


def install() -> None:
    for store in _STORES:
        live = upstream.attribute(apigateway_v1, store, apigateway_v1.AccountRegionScopedDict)
        setattr(apigateway_v1, store, Deployable(store, live))
    state.keep("deployment", _snapshots)
    upstream.attribute(apigateway_v1, "_stages_v1", apigateway_v1.AccountRegionScopedDict)

    @upstream.wrap(apigateway_v1, "_create_deployment", "api_id", "data")
    def create(original, api_id, data):
        methods = [
            method
            for resource in (apigateway_v1._resources.get(api_id) or {}).values()
            for method in resource["resourceMethods"].values()
        ]
        if api_id in apigateway_v1._rest_apis and not methods:
            return apigateway_v1._v1_error("BadRequestException", "The REST API doesn't contain any methods", 400)
        if any(not method.get("methodIntegration") for method in methods):
            return apigateway_v1._v1_error("BadRequestException", "No integration defined for method", 400)
        before = set(apigateway_v1._deployments_v1.get(api_id) or {})
        response = original(api_id, data)
        for deployment_id in set(apigateway_v1._deployments_v1.get(api_id) or {}) - before:
            _snapshots.setdefault(api_id, {})[deployment_id] = snapshot_of(api_id, apigateway_v1, _STORES)
        return response

    @upstream.wrap(apigateway_v1, "_delete_deployment", "api_id", "deployment_id")
    def delete(original, api_id, deployment_id):
        response = original(api_id, deployment_id)
        if response[0] < 400:
            (_snapshots.get(api_id) or {}).pop(deployment_id, None)
        return response

    @upstream.wrap(apigateway_v1, "_delete_rest_api", "api_id")
    def delete_api(original, api_id):
        response = original(api_id)
        if response[0] < 400:
            _snapshots.pop(api_id, None)
        return response

    @upstream.wrap(
        apigateway_v1, "_handle_execute_in_scope",
        "api_id", "stage_name", "method", "path", "headers", "body", "query_params", "owner_account_id", "owner_region",
    )
    async def execute(original, api_id, stage_name, *rest):
        with serving(api_id, _deployed(api_id, stage_name)):
            return await original(api_id, stage_name, *rest)

    @upstream.wrap(apigateway_v1, "method_authorization_type", "api_id", "stage_name", "method", "path")
    def authorization_type(original, api_id, stage_name, method, path):
        scope = apigateway_v1.find_api_scope(api_id)
        if scope is None:
            return None
        with apigateway_v1.request_scope(*scope):
            deployed = _deployed(api_id, stage_name)
        with serving(api_id, deployed):
            return original(api_id, stage_name, method, path)
