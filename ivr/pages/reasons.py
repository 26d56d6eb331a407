"""Why calls were handed over, in kinds: rules write whole lines with the request in them."""

import re
from collections import Counter
from collections.abc import Iterable

from ivr.journal.figures import Count

_KINDS = (
    (re.compile(r"needs .+; number not in the directory"), "number_unknown"),
    (re.compile(r"needs .+; voice (?P<what>\w+)"), "voice_{what}"),
    (re.compile(r"needs .+"), "voice_not_checked"),
    (re.compile(r"asked for \w+ again"), "asked_again"),
    (re.compile(r"(?:understood|the caller agreed), \w+"), "people_do_this"),
    (re.compile(r"not.understood|no words"), "not_understood"),
    (re.compile(r"declined, \w+"), "declined"),
    (re.compile(r"the business system"), "business_system"),
    (re.compile(r"link not sent"), "link_not_sent"),
)


def kind_of(reason: str) -> str:
    """A code; the line itself as a code where it is of no kind that is known."""
    for pattern, kind in _KINDS:
        if found := pattern.search(reason):
            return kind.format(**found.groupdict())
    return re.sub(r"[^a-z0-9]+", "_", reason.lower()).strip("_")


def by_kind(counts: Iterable[Count]) -> tuple[Count, ...]:
    """The most frequent first."""
    found: Counter[str] = Counter()
    for one in counts:
        found[kind_of(one.code)] += one.calls
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(code=code, calls=calls) for code, calls in ordered)
