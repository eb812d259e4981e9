"""Gap: an API's custom domain name is reported with empty mutual TLS settings, so every plan wants to drop them.

AWS leaves out what was not set: https://docs.aws.amazon.com/apigateway/latest/api/API_DomainName.html
It can go when MiniStack leaves it out.
"""

import json

from ministack.services import apigateway_v1

from . import upstream


def install() -> None:
    for name, parameter in (("_create_domain_name", "data"), ("_get_domain_name", "domain_name")):
        @upstream.wrap(apigateway_v1, name, parameter)
        def describe(original, argument):
            status, headers, body = original(argument)
            domain_name = json.loads(body)
            if domain_name.get("mutualTlsAuthentication") == {}:
                del domain_name["mutualTlsAuthentication"]
            return status, headers, json.dumps(domain_name).encode()
