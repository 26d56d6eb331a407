"""Texts with blanks, such as /cards/{card_last4}, filled in with what was said."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

_BLANK = re.compile(r"\{([a-z][a-z0-9_]*)(\??)\}")
_NOWHERE = frozenset({"", ".", ".."})
"""What a part of a path may not be: it would lead to another place."""


class NothingToFillIn(Exception):  # noqa: N818 - an error is named after what happened
    """A blank that must be filled has no value, or one that does not fit there."""


def blanks(text: str) -> frozenset[str]:
    """The names that must be known to fill it in."""
    return frozenset(name for name, may_lack in _BLANK.findall(text) if not may_lack)


def all_blanks(content: object) -> Iterator[str]:
    """Every name that stands anywhere in it, those that may lack included."""
    match content:
        case str():
            yield from (name for name, _ in _BLANK.findall(content))
        case dict():
            for inner in content.values():
                yield from all_blanks(inner)
        case _:
            return


def filled_path(path: str, query: Mapping[str, str], known: Mapping[str, str]) -> str:
    """A path whose values cannot lead anywhere else, and its query.

    Raises:
        NothingToFillIn: a value is missing, or is no part of a path.
    """

    def part(blank: re.Match[str]) -> str:
        value = known.get(blank[1], "")
        if value in _NOWHERE:
            raise NothingToFillIn(blank[1])
        return quote(value, safe="")

    asked = {name: value for name, text in query.items() if (value := _filled(text, known))}
    where = _BLANK.sub(part, path)
    return f"{where}?{urlencode(asked)}" if asked else where


def filled_body(body: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """A body in which what may lack and does is left out.

    Raises:
        NothingToFillIn: a value is missing.
    """
    content: dict[str, Any] = {}
    for name, inner in body.items():
        match inner:
            case str():
                value = _filled(inner, known)
                if value is not None:
                    content[name] = value
            case dict():
                content[name] = filled_body(inner, known)
            case _:
                content[name] = inner
    return content


def _filled(text: str, known: Mapping[str, str]) -> str | None:
    """None where a blank that may lack has no value."""
    values: dict[str, str] = {}
    for name, may_lack in _BLANK.findall(text):
        if name not in known and may_lack:
            return None
        if name not in known:
            raise NothingToFillIn(name)
        values[name] = known[name]
    return _BLANK.sub(lambda blank: values[blank[1]], text)
