"""Facts and options, taken out of what a business system answers."""

from collections.abc import Mapping
from typing import Any

from ivr.errand import Declined, Option
from ivr.serve.business import OTHER, Action, Facts, Listing
from ivr.serve.sender import Answered

_LONGEST = 200
"""Characters of a fact; a caller listens to it."""

_MOST_OPTIONS = 20


class NotAsDescribed(Exception):  # noqa: N818 - an error is named after what happened
    """An answer lacks what its description says stands there."""


def facts_of(sources: Facts, body: object) -> dict[str, str]:
    """Facts by name; what is told by a prompt is named `..._key`.

    Raises:
        NotAsDescribed: one is missing, or is nothing that can be said.
    """
    facts: dict[str, str] = {}
    for name, source in sources.items():
        value = _text(_at(body, source.at))
        if source.words:
            if value not in source.words:
                raise NotAsDescribed(name)
            facts[f"{name}_key"] = source.words[value]
        else:
            facts[name] = source.shape.replace("{}", value)
    return facts


def options_of(listing: Listing, body: Mapping[str, Any]) -> tuple[Option, ...]:
    """What there is to choose from, in the order of the answer.

    Raises:
        NotAsDescribed: no list stands there, or an entry lacks something.
    """
    entries = _at(body, listing.entries)
    if not isinstance(entries, list):
        raise NotAsDescribed(listing.entries)
    return tuple(
        Option(
            slots={name: _text(_at(entry, at)) for name, at in listing.slots.items()},
            facts=facts_of(listing.facts, entry),
        )
        for entry in entries[:_MOST_OPTIONS]
    )


def declined(action: Action, answered: Answered) -> Declined:
    """Our code for a no; one that the file does not name, or names otherwise, is another no."""
    code = answered.body.get("code")
    no = action.declined.get(code) if isinstance(code, str) else None
    no = no or action.declined.get(str(answered.status))
    if no is None:
        return Declined(code=OTHER)
    try:
        return Declined(code=no.code, facts=facts_of(no.facts, answered.body))
    except NotAsDescribed:
        return Declined(code=OTHER)


def _at(content: object, where: str) -> object:
    for step in where.split("."):
        match content:
            case dict() if step in content:
                content = content[step]
            case list() if step.isdecimal() and int(step) < len(content):
                content = content[int(step)]
            case _:
                raise NotAsDescribed(where)
    return content


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float() if 0 < len(text := str(value).strip()) <= _LONGEST:
            return text
        case _:
            raise NotAsDescribed(type(value).__name__)
