"""Gap: UpdateRestApi keeps `disableExecuteApiEndpoint` as the text it came in, which no SDK can read.

On AWS it is a boolean: https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html
It can go when MiniStack keeps a boolean.
"""

import json

from ministack.services import apigateway_v1

from . import upstream


def install() -> None:
    @upstream.wrap(apigateway_v1, "_update_rest_api", "api_id", "data")
    def update(original, api_id, data):
        response = original(api_id, data)
        if response[0] < 400:
            api = apigateway_v1._rest_apis[api_id]
            api["disableExecuteApiEndpoint"] = str(api["disableExecuteApiEndpoint"]).lower() == "true"
            return response[0], response[1], json.dumps({**json.loads(response[2]), "disableExecuteApiEndpoint": api["disableExecuteApiEndpoint"]}).encode()
        return response
