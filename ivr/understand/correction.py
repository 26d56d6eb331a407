"""What a speaker takes back, and what is meant instead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

_TAKES_BACK = (
    r"nein|nee|nö|quatsch|moment(?: mal)?|entschuldigung|verzeihung|pardon|sorry|ich mein(?:e|te)?|"
    r"besser gesagt|vielmehr|genauer gesagt|lieber|stimmt nicht|(?<!ist )(?<!war )falsch|korrektur|"
    r"ich korrigiere|warte mal|warten sie|ich sagte|ich habe gesagt|no|nope|wait|i mean|i meant|"
    r"or rather|rather|actually|make (?:that|it)|scratch that|correction|excuse me|apologies|"
    r"(?<!is )(?<!was )wrong|i said|change (?:it|that) to|ändern sie (?:es|das) (?:auf|in)|"
    r"es muss heißen|it should be|should be"
)
_MARK = re.compile(
    rf"[,.;:!\u2013-]*\s*\b(?:(?:äh+m?|ach|oh|uh|um|oder|or)\b[\s,.]*){{0,3}}"
    rf"(?:\b(?:{_TAKES_BACK})\b[\s,.!:;\u2026-]*)+",
    re.IGNORECASE,
)
_NOT_BUT = re.compile(
    r"\b(?:nicht|keine?|not)\s+(?P<withdrawn>[^;!?]+?)[,.]?\s+(?:sondern|but)\s+(?P<meant>.+)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"[,.;]?\s*\b(?:(?:und |and )?(?:nicht|not)|(?:an)?statt|instead of|rather than)\s+"
    r"(?P<withdrawn>[^,;!?]+?)"
    r"(?=[,;!?]|\.(?!\d)(?:\s+\D|$)|\s+(?:sondern|but|ich|i|bitte|please)\b|$)",
    re.IGNORECASE,
)
_CUE = re.compile(
    rf"\b(?:{_TAKES_BACK}|nicht|not|sondern|statt|instead|doch|eigentlich|stattdessen|aber|"
    r"but|ändern|korrigieren|geändert|andere[rsnm]?|verkehrt|"
    r"richtig (?:ist|wäre)|correct (?:is|one))\b",
    re.IGNORECASE,
)

_MOST = 4
"""Of each kind; whoever takes back more than that is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One way in which a sentence can be split into what holds and what does not."""

    meant: str = field(repr=False)
    withdrawn: str = field(repr=False)


def repairs(text: str) -> Iterator[Repair]:
    """Every way to split the sentence, the most telling first; "Montag, nein, Dienstag" has one.

    Many are none: "nein" may answer a question. Only whoever finds the same kind of thing on both
    sides knows that one replaces the other.
    """
    if found := _NOT_BUT.search(text):
        yield Repair(meant=found["meant"], withdrawn=found["withdrawn"])
    for found in islice(_NOT.finditer(text), _MOST):
        meant = f"{text[: found.start()]} {text[found.end() :]}"
        yield Repair(meant=meant, withdrawn=found["withdrawn"])
    for mark in reversed(list(_MARK.finditer(text))[-_MOST:]):
        yield Repair(meant=text[mark.end() :], withdrawn=text[: mark.start()])


def may_correct(text: str) -> bool:
    """A word was said with which people correct; not every sentence with one does."""
    return _CUE.search(text) is not None
