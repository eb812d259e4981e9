"""What the contract says in words only, so that a generator cannot know it."""

import unicodedata

import schemathesis


def _right(case) -> bool:
    """Whether the request is meant to be a right one."""
    return case.meta is None or case.meta.generation.mode.name == "POSITIVE"


def _is_tag(text: str) -> bool:
    """Whether a snapshot can have it as a tag, and somebody can read it."""
    spoken = [unicodedata.category(character)[0] in "LN" for character in text]
    return any(spoken) and all(is_spoken or character in " _.:/=+-@" for character, is_spoken in zip(text, spoken))


@schemathesis.hook
def filter_case(context, case):
    """Names hold no control characters, which a pattern could not say in linear time; an order names each product once; the reason of a
    hold is of letters and digits of any script; and to Python, unlike JSON Schema, a pattern's end is before a line break too. Blanks around
    a header's value are no part of it (RFC 9110, section 5.5), so that a wrong value of which only they are wrong arrives as a right one."""
    if any(isinstance(value, str) and value != value.strip(" \t") for value in (case.headers or {}).values()):
        return False
    body = case.body if isinstance(case.body, dict) else {}
    name, items, reason = body.get("name"), body.get("items"), body.get("reason")
    if not _right(case):
        return True
    if any(isinstance(text, str) and text.endswith("\n") for text in body.values()):
        return False
    if isinstance(name, str) and any(unicodedata.category(character) == "Cc" for character in name):
        return False
    if isinstance(reason, str) and not _is_tag(reason):
        return False
    return not isinstance(items, list) or len({item["productId"] for item in items}) == len(items)


@schemathesis.hook
def before_call(context, case, kwargs):
    """A cursor is one that a list has given out, so a right request has none; wrong ones keep theirs."""
    if _right(case) and isinstance(case.query, dict):
        case.query.pop("cursor", None)
