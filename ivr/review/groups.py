"""Puts together what is nearly the same sentence, so that many are looked at as one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ivr.review.sentence import Sentence

_ALIKE = 0.5
"""Letter triples in common, of those in either: "Meine Karte ist kaputt" and "meine Karte ist
leider kaputt gegangen" have more, two sentences about different things less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Sentences that are nearly the same, the first one standing for all."""

    sentences: tuple[Sentence, ...]
    """One or more, of one language, the latest first."""

    @property
    def first(self) -> Sentence:
        return self.sentences[0]

    @property
    def suggested(self) -> str:
        """What most of them are suggested to be; nothing where two are suggested as often."""
        named = [one.suggested for one in self.sentences if one.suggested]
        counts = sorted(((named.count(name), name) for name in set(named)), reverse=True)
        is_even = len(counts) > 1 and counts[0][0] == counts[1][0]
        return counts[0][1] if counts and not is_even else ""


def grouped(sentences: Iterable[Sentence]) -> tuple[Group, ...]:
    """The largest groups first, then the latest."""
    groups: list[list[Sentence]] = []
    for sentence in sorted(sentences, key=lambda one: one.at, reverse=True):
        fitting = next((group for group in groups if are_alike(group[0], sentence)), None)
        if fitting is None:
            groups.append([sentence])
        else:
            fitting.append(sentence)
    groups.sort(key=len, reverse=True)
    return tuple(Group(sentences=tuple(group)) for group in groups)


def are_alike(one: Sentence, other: Sentence) -> bool:
    """Nearly the same words in one language."""
    if one.language != other.language:
        return False
    first, second = _triples(one.text), _triples(other.text)
    return len(first & second) >= _ALIKE * len(first | second)


def like(sentence: Sentence, others: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Those of the others that are nearly the same."""
    return tuple(one for one in others if one.id != sentence.id and are_alike(sentence, one))


def _triples(text: str) -> set[str]:
    plain = " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())
    padded = f" {plain} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
