"""Gap: a path pattern's * matches everything but a line break, so that /api/a%0Ab goes to the default behavior's origin.

On AWS * matches 0 or more characters:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
It can go when MiniStack matches line breaks.
"""

import re

from ministack.services import cloudfront

from . import upstream


def install() -> None:
    @upstream.wrap(cloudfront, "_glob_to_regex", "pattern")
    def pattern_of(original, pattern):
        return re.compile(original(pattern).pattern, re.DOTALL)
