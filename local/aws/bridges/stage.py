"""Gaps in what a stage takes, and in what it is reported with.

- Logs without the account's log role, which AWS refuses:
  https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html#set-up-access-logging-permissions

- A second stage of one name, which AWS refuses: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html
- Empty accessLogSettings where there is no access logging, so every plan wants to drop them. AWS leaves them out:
  https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html
- A method's settings under its path with plain slashes, where AWS keeps the JSON pointer's escapes it was set with
  (`~1users/POST`), so Terraform does not find them again:
  https://docs.aws.amazon.com/cli/latest/reference/apigateway/update-stage.html#examples
It can go when MiniStack does as AWS.
"""

import json

from ministack.services import apigateway_v1

from . import upstream


def _escaped(method_path):
    path, method = method_path.rsplit("/", 1)
    return f"{path.replace('~', '~0').replace('/', '~1')}/{method}"


def _as_aws_reports(response):
    status, headers, body = response
    stage = json.loads(body)
    if stage.get("accessLogSettings") == {}:
        del stage["accessLogSettings"]
    if stage.get("methodSettings"):
        stage["methodSettings"] = {_escaped(path): settings for path, settings in stage["methodSettings"].items()}
    return status, headers, json.dumps(stage).encode()


def _logs(request: dict) -> bool:
    """Whether a CreateStage or UpdateStage request turns a kind of logging on."""
    return bool(request.get("accessLogSettings")) or any(
        change.get("path") == "/accessLogSettings/destinationArn" and change.get("op") != "remove"
        or change.get("path", "").endswith("/logging/loglevel") and change.get("value") != "OFF"
        for change in request.get("patchOperations", [])
    )


def install() -> None:
    upstream.expect(apigateway_v1, "_get_account")
    upstream.expect(apigateway_v1, "_v1_error", "code", "message", "status")

    @upstream.wrap(apigateway_v1, "_create_stage", "api_id", "data")
    def create(original, api_id, data):
        if data.get("stageName") in (apigateway_v1._stages_v1.get(api_id) or {}):
            return apigateway_v1._v1_error("ConflictException", "Stage already exists", 409)
        return original(api_id, data)

    for name, parameters in {
        "_create_stage": ("api_id", "data"),
        "_get_stage": ("api_id", "stage_name"),
        "_update_stage": ("api_id", "stage_name", "data"),
    }.items():
        @upstream.wrap(apigateway_v1, name, *parameters)
        def describe(original, *args):
            if isinstance(args[-1], dict) and _logs(args[-1]) and not json.loads(apigateway_v1._get_account()[2])["cloudwatchRoleArn"]:
                return apigateway_v1._v1_error(
                    "BadRequestException", "CloudWatch Logs role ARN must be set in account settings to enable logging", 400
                )
            return _as_aws_reports(original(*args))
