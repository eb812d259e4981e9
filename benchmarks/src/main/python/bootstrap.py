"""The leanest Lambda runtime for Python: it asks for an event, answers it, and asks again. Its argument is the module with the handler."""

import http.client
import importlib
import os
import sys

handle = importlib.import_module(sys.argv[1]).handle
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    event = api.getresponse()
    answer = handle(event.read())
    api.request("POST", f"/2018-06-01/runtime/invocation/{event.headers['Lambda-Runtime-Aws-Request-Id']}/response", answer)
    api.getresponse().read()
