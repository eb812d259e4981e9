"""Gaps in what a stage is reported with.

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


def install() -> None:
    for name, parameters in {
        "_create_stage": ("api_id", "data"),
        "_get_stage": ("api_id", "stage_name"),
        "_update_stage": ("api_id", "stage_name", "data"),
    }.items():
        @upstream.wrap(apigateway_v1, name, *parameters)
        def describe(original, *args):
            return _as_aws_reports(original(*args))
