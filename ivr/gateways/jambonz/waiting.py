"""What callers hear in a queue of jambonz.

A wait hook may answer play, say, pause, leave and tag, and is asked again when that is over; an
empty answer would end the asking. Source: jambonz-feature-server, lib/tasks/enqueue.js.
"""

from collections.abc import Callable

from ivr.call import Language
from ivr.gateways.jambonz.hook import Hook
from ivr.gateways.jambonz.verbs import Prompt, Verbs

_PAUSE_S = 20

_STAY = {
    Language.GERMAN: "Bitte bleiben Sie am Apparat.",
    Language.ENGLISH: "Please stay on the line.",
}

_AHEAD: dict[Language, Callable[[int], str]] = {
    Language.GERMAN: lambda ahead: (
        "Sie sind als Nächstes an der Reihe."
        if ahead == 0
        else "Vor Ihnen wartet noch eine Person."
        if ahead == 1
        else f"Vor Ihnen warten noch {ahead} Personen."
    ),
    Language.ENGLISH: lambda ahead: (
        "You are next."
        if ahead == 0
        else "There is one person ahead of you."
        if ahead == 1
        else f"There are {ahead} people ahead of you."
    ),
}


def waiting(hook: Hook, language: Language, prompt: Prompt | None = None) -> Verbs:
    """What we know of the wait, or where jambonz says the caller stands; then some quiet."""
    if prompt is not None:
        return [*prompt.verbs(), {"verb": "pause", "length": _PAUSE_S}]
    ahead = _ahead(hook)
    words = [] if ahead is None else [_AHEAD[language](ahead)]
    return [
        {"verb": "say", "text": " ".join([*words, _STAY[language]])},
        {"verb": "pause", "length": _PAUSE_S},
    ]


def _ahead(hook: Hook) -> int | None:
    """How many are served before: `queue_position` counts from 0. None where it makes no sense."""
    position, size = hook.number("queue_position"), hook.number("queue_size")
    if position is None or position < 0 or (size is not None and position >= size):
        return None
    return position
