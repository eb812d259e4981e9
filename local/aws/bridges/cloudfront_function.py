"""Gap: an updated CloudFront function tells its new version in the header ETag, where AWS's clients do not look for it.

AWS answers UpdateFunction, and it alone, with the header ETtag: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateFunction.html
Without it Terraform publishes no version at all, and is refused. It can go when MiniStack sends that header.
"""

from ministack.services import cloudfront

from . import upstream


def install() -> None:
    @upstream.wrap(cloudfront, "_cf_update_function", "name", "headers", "body")
    def update(original, name, headers, body):
        status, answered, content = original(name, headers, body)
        if "ETag" in answered:
            answered = {**answered, "ETtag": answered["ETag"]}
        return status, answered, content
