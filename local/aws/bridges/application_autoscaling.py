"""Gap: Application Auto Scaling is no service of MiniStack.

On AWS it registers what is to be scaled, and keeps scaling policies and scheduled actions for it, which go with it:
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeregisterScalableTarget.html
Here targets, policies and actions are remembered, not carried out: nothing is scaled, and no schedule changes a target.
It can go when MiniStack has the service.
"""

import json
import time

from ministack import app
from ministack.core.responses import AccountRegionScopedDict, error_response_json, get_account_id, get_region, json_response, new_uuid

from . import state, upstream

_SERVICE = "application-autoscaling"
_CONTENT_TYPE = "application/x-amz-json-1.1"
_KEY = ("ServiceNamespace", "ResourceId", "ScalableDimension")

_targets = AccountRegionScopedDict()
_policies = AccountRegionScopedDict()
_actions = AccountRegionScopedDict()


class _Refused(Exception):
    """An answer's error code and message."""


def _key(request: dict) -> tuple:
    return tuple(request[name] for name in _KEY)


def _registered(request: dict) -> None:
    if _key(request) not in _targets:
        names = "service namespace: {}, resource ID: {}, scalable dimension: {}".format(*_key(request))
        raise _Refused("ObjectNotFoundException", f"No scalable target registered for {names}")


def _put(store, request: dict, key: tuple, extra: dict) -> dict:
    entry = store.get(key) or {"CreationTime": time.time(), **extra}
    entry.update({name: value for name, value in request.items() if name != "Tags" and value is not None})
    store[key] = entry
    return entry


def _described(store, request: dict, list_name: str, names: str, name: str) -> dict:
    """The entries that fit every filter of the request."""
    def fits(entry: dict) -> bool:
        return (
            all(request.get(filtered) in (None, entry[filtered]) for filtered in _KEY)
            and (not request.get(names) or entry[name] in request[names])
        )

    return {list_name: [{key: value for key, value in entry.items() if key != "Tags"} for entry in store.values() if fits(entry)]}


def _delete(store, key: tuple, what: str) -> dict:
    if store.pop(key, None) is None:
        raise _Refused("ObjectNotFoundException", f"No {what} found for {', '.join(key)}")
    return {}


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{rest}"


def register_scalable_target(request: dict) -> dict:
    entry = _targets.get(_key(request)) or {}
    least, most = (request.get(name, entry.get(name)) for name in ("MinCapacity", "MaxCapacity"))
    if least is None or most is None:
        raise _Refused("ValidationException", "Both MinCapacity and MaxCapacity must be specified to register a new scalable target")
    if least > most:
        raise _Refused("ValidationException", "Maximum capacity cannot be less than minimum capacity")
    entry = _put(_targets, request, _key(request), {
        "ScalableTargetARN": _arn(_SERVICE, f"scalable-target/{new_uuid().replace('-', '')[:20]}"),
        "RoleARN": f"arn:aws:iam::{get_account_id()}:role/aws-service-role/lambda.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency",
        "SuspendedState": {"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": False, "ScheduledScalingSuspended": False},
        "Tags": request.get("Tags") or {},
    })
    return {"ScalableTargetARN": entry["ScalableTargetARN"]}


def deregister_scalable_target(request: dict) -> dict:
    _delete(_targets, _key(request), "scalable target")
    for store in (_policies, _actions):
        for key in [key for key in store if key[:3] == _key(request)]:
            store.pop(key)
    return {}


def put_scaling_policy(request: dict) -> dict:
    _registered(request)
    name = request["PolicyName"]
    entry = _put(_policies, request, (*_key(request), name), {
        "PolicyARN": _arn("autoscaling", f"scalingPolicy:{new_uuid()}:resource/{request['ServiceNamespace']}/{request['ResourceId']}:policyName/{name}"),
        "Alarms": [],
    })
    return {"PolicyARN": entry["PolicyARN"], "Alarms": []}


def put_scheduled_action(request: dict) -> dict:
    _registered(request)
    name = request["ScheduledActionName"]
    _put(_actions, request, (*_key(request), name), {
        "ScheduledActionARN": _arn("autoscaling", f"scheduledAction:{new_uuid()}:resource/{request['ServiceNamespace']}/{request['ResourceId']}:scheduledActionName/{name}"),
    })
    return {}


def _tags(request: dict) -> dict:
    for entry in _targets.values():
        if entry["ScalableTargetARN"] == request["ResourceARN"]:
            return entry["Tags"]
    raise _Refused("ResourceNotFoundException", f"The resource {request['ResourceARN']} does not exist")


def tag_resource(request: dict) -> dict:
    _tags(request).update(request["Tags"])
    return {}


def untag_resource(request: dict) -> dict:
    for name in request["TagKeys"]:
        _tags(request).pop(name, None)
    return {}


_OPERATIONS = {
    "RegisterScalableTarget": register_scalable_target,
    "DescribeScalableTargets": lambda request: _described(_targets, request, "ScalableTargets", "ResourceIds", "ResourceId"),
    "DeregisterScalableTarget": deregister_scalable_target,
    "PutScalingPolicy": put_scaling_policy,
    "DescribeScalingPolicies": lambda request: _described(_policies, request, "ScalingPolicies", "PolicyNames", "PolicyName"),
    "DeleteScalingPolicy": lambda request: _delete(_policies, (*_key(request), request["PolicyName"]), "scaling policy"),
    "PutScheduledAction": put_scheduled_action,
    "DescribeScheduledActions": lambda request: _described(_actions, request, "ScheduledActions", "ScheduledActionNames", "ScheduledActionName"),
    "DeleteScheduledAction": lambda request: _delete(_actions, (*_key(request), request["ScheduledActionName"]), "scheduled action"),
    "ListTagsForResource": lambda request: {"Tags": _tags(request)},
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
}


async def _handle(method, path, headers, body, query_params):
    operation = headers.get("x-amz-target", "").removeprefix("AnyScaleFrontendService.")
    if operation not in _OPERATIONS:
        return error_response_json("UnknownOperationException", f"{operation} is not bridged", content_type=_CONTENT_TYPE)
    try:
        return json_response(_OPERATIONS[operation](json.loads(body)), content_type=_CONTENT_TYPE)
    except _Refused as refused:
        code, message = refused.args
        return error_response_json(code, message, content_type=_CONTENT_TYPE)


def install() -> None:
    handlers = upstream.attribute(app, "SERVICE_HANDLERS", dict)
    if _SERVICE in handlers:
        raise upstream.UpstreamChanged(f"MiniStack has {_SERVICE}: remove its bridge")
    handlers[_SERVICE] = _handle
    for name, store in (("targets", _targets), ("policies", _policies), ("actions", _actions)):
        state.keep(f"{_SERVICE}.{name}", store)
