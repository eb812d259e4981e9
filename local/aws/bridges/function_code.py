"""Gap: GetFunction's Code.Location is the code of $LATEST, whichever version or alias was asked for.

On AWS it is the code of that version: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
The function host downloads a version's jar from it. It can go when MiniStack serves a version's own code.
"""

import json
import os

from ministack.services import lambda_svc

from . import upstream


def install() -> None:
    upstream.expect(lambda_svc, "_effective_func_record_for_qualifier", "func", "qualifier")
    upstream.attribute(lambda_svc, "_functions", lambda_svc.AccountRegionScopedDict)

    @upstream.wrap(lambda_svc, "_get_function", "name", "qualifier")
    def get(original, name, qualifier=None):
        status, headers, body = original(name, qualifier)
        if status != 200:
            return status, headers, body
        answer = json.loads(body)
        if answer["Code"].get("RepositoryType") == "S3":
            path, _, query = answer["Code"]["Location"].partition("?")
            prefix = path[path.index("/_ministack/"):]
            origin = f"http://{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"
            answer["Code"]["Location"] = f"{origin}{prefix}:{answer['Configuration']['Version']}?{query}"
        return status, headers, json.dumps(answer).encode()

    @upstream.wrap(lambda_svc, "serve_function_code", "func_name", "account_id", "region")
    def serve(original, func_name, account_id=None, region=None):
        name, _, version = func_name.partition(":")
        function = lambda_svc._functions.get_scoped(account_id, region, name)
        record, _config = lambda_svc._effective_func_record_for_qualifier(function, version or None)
        if record is None or not record.get("code_zip"):
            return 404, {"Content-Type": "text/plain"}, f"no code of {func_name}".encode()
        return 200, {"Content-Type": "application/zip"}, record["code_zip"]
