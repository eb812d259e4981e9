"""Gap: MiniStack runs Java functions in Docker, or forwards those whose names were known before it started.

On AWS every function of a managed runtime just runs. Here each invocation of a Java function, of any name, goes to the function
host (LOCAL_FUNCTION_HOST), whose answer is the function's: a 2xx body is the result, any other body the function's error
({"errorMessage", "errorType", "stackTrace"}), passed on unchanged as Invoke does; but 409 (SnapStartNotReadyException) and 429
(TooManyRequestsException) are Lambda's own, who then did not invoke the function:
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
The host ends a function that runs too long and writes its logs. It can go when MiniStack runs Java without Docker.
"""

import base64
import http.client
import json
import logging
import os
import time
import urllib.parse

from ministack.services import lambda_svc

from . import upstream

logger = logging.getLogger("bridges.function_host")

# What the host may need beyond the function's timeout: a cold start is not part of it
# (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
COLD_START_SECONDS = 60

# With which Lambda refuses to invoke; MiniStack's word for all of it is "throttle".
REFUSALS = (409, 429)


def _outcome(status: int, body: bytes, log_result: str | None) -> dict:
    text = body.decode("utf-8", "replace")
    try:
        payload = json.loads(text) if text else None
    except ValueError:
        payload = text
    result: dict = {"body": payload}
    if isinstance(payload, str) and not text.startswith('"'):
        result["raw_payload"] = True
    if not 200 <= status < 300:
        result["error"] = True
        if not (isinstance(payload, dict) and "errorMessage" in payload):
            result["body"] = {"errorMessage": f"function host answered {status}: {text[:512]}", "errorType": "Runtime.HostError"}
    if status in REFUSALS:
        result["throttle"] = True
        result["body"] = {"__type": result["body"].get("errorType"), "message": result["body"]["errorMessage"]}
    if log_result:
        result["log"] = base64.b64decode(log_result).decode("utf-8", "replace")
    return result


def install() -> None:
    @upstream.replace(lambda_svc, "_proxy_url_for", "config")
    def function_url(config):
        if config.get("PackageType") == "Image" or not str(config.get("Runtime", "")).startswith("java"):
            return None
        name = urllib.parse.quote(config["FunctionName"], safe="")
        return f"{os.environ['LOCAL_FUNCTION_HOST'].rstrip('/')}/functions/{name}"

    @upstream.replace(lambda_svc, "_execute_function_proxy", "func", "event", "url", "request_id")
    def invoke(func, event, url, request_id):
        config = func.get("config") or func
        timeout = int(config.get("Timeout") or 3)
        target = urllib.parse.urlsplit(url)
        headers = {
            "Content-Type": "application/json",
            "X-Amzn-Lambda-Function-Name": config.get("FunctionName", ""),
            "X-Amzn-Lambda-Function-Version": config.get("Version", "$LATEST"),
            "X-Amzn-Lambda-Function-Arn": config.get("FunctionArn", ""),
            "X-Amzn-Lambda-Request-Id": request_id,
            "X-Amzn-Lambda-Deadline-Ms": str(int((time.time() + timeout) * 1000)),
        }
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=timeout + COLD_START_SECONDS)
        try:
            connection.request("POST", target.path, json.dumps(event, ensure_ascii=False).encode(), headers)
            answer = connection.getresponse()
            return _outcome(answer.status, answer.read(), answer.getheader("X-Amz-Log-Result"))
        except (OSError, http.client.HTTPException) as unreachable:
            logger.error("%s: the function host did not answer: %s", url, unreachable)
            return {
                "body": {"errorMessage": f"the function host at {url} did not answer: {unreachable}", "errorType": "Runtime.HostError"},
                "error": True,
            }
        finally:
            connection.close()

    @upstream.wrap(
        lambda_svc, "_emit_lambda_logs", "func", "request_id", "log_text", "error", "duration_ms", "log_source")
    def emit(original, func, *args, **kwargs):
        # MiniStack would invent START, END and REPORT lines; the host writes the real ones.
        if lambda_svc._proxy_url_for(func.get("config") or func) is None:
            original(func, *args, **kwargs)
