"""Gap: a response headers policy is reported with empty custom and removed header lists, so every plan wants to drop them.

AWS leaves out what was not set: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html
It can go when MiniStack leaves them out.
"""

from ministack.services import cloudfront

from . import upstream


def install() -> None:
    @upstream.wrap(cloudfront, "_build_rhp_config_xml", "parent", "cfg")
    def describe(original, parent, cfg):
        original(parent, cfg)
        for name, setting in (("CustomHeadersConfig", "CustomHeaders"), ("RemoveHeadersConfig", "RemoveHeaders")):
            element = parent.find(name)
            if element is not None and not cfg[setting]:
                parent.remove(element)
