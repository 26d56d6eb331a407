"""What made-up callers say: sentences put together from parts that are in the package."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeVar

import numpy as np

from ivr.call import Language
from ivr.errors import BadDay
from ivr.strict_yaml import read_yaml

T = TypeVar("T")

_UNIT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One thing that callers want."""

    share: float
    """Of all calls; the shares of a business add up to 1."""

    sentences: Mapping[Language, tuple[str, ...]]
    event: str
    """What may have happened to callers who want it; empty where nothing has."""


@dataclass(frozen=True, slots=True)
class Words:
    """Of one business, and of everybody."""

    topics: Mapping[str, Topic]
    common: Mapping[Language, Mapping[str, Any]]

    def wish(
        self,
        goal: str,
        language: Language,
        facts: Mapping[str, str],
        draw: np.random.Generator,
        *,
        mood: str = "",
    ) -> str:
        """A first sentence; `mood` is upset, lost or empty."""
        core = filled(pick(draw, self.topics[goal].sentences[language]), facts)
        opening = pick(draw, self._some(language, mood or "openings"))
        ending = pick(draw, self._some(language, "endings"))
        sentence = " ".join(part for part in (opening, core, ending) if part)
        return f"{sentence[0].upper()}{sentence[1:]}."

    def reply(self, kind: str, language: Language, draw: np.random.Generator) -> str:
        """Such as agreed, denied, goodbye or foreign."""
        return pick(draw, self._some(language, kind))

    def slot(
        self, name: str, language: Language, facts: Mapping[str, str], draw: np.random.Generator
    ) -> str | None:
        """An answer that names it; None where a caller would not know what to say."""
        known = self.common[language]["slots"].get(name)
        return filled(pick(draw, known), facts) if known else None

    def enrolment(self, language: Language) -> tuple[str, ...]:
        return self._some(language, "enrol")

    def _some(self, language: Language, kind: str) -> tuple[str, ...]:
        return tuple(self.common[language][kind])


def read_words(business: str) -> Words:
    """Of one of the businesses that come with the product.

    Raises:
        BadDay: there are no made-up callers for it.
    """
    folder = resources.files("ivr.simulate.day") / "sentences"
    file = folder / f"{business}.yaml"
    if not file.is_file():
        raise BadDay(
            "Made-up callers want what an airline, a bank, a shop or a telephone company does: "
            "--pack airline, bank, retail or telecom."
        )
    content = read_yaml(file, BadDay)
    topics, events = content["topics"], content.get("events", {})
    whole = sum(topic["share"] for topic in topics.values())
    return Words(
        topics={
            name: Topic(
                share=topic["share"] / whole,
                sentences={language: tuple(topic[language.value]) for language in Language},
                event=events.get(name, ""),
            )
            for name, topic in topics.items()
        },
        common={
            Language(name): parts
            for name, parts in read_yaml(folder / "common.yaml", BadDay).items()
        },
    )


def filled(template: str, facts: Mapping[str, str]) -> str:
    return _UNIT.sub(lambda found: facts[found.group(1)], template)


def garbled(text: str, draw: np.random.Generator, *, lost: float) -> str:
    """As a bad line leaves it: some of the words are missing."""
    kept = [word for word in text.split() if draw.random() >= lost]
    return " ".join(kept) or text


def chance(draw: np.random.Generator, share: float) -> bool:
    """True in this share of cases."""
    return bool(draw.random() < share)


def pick(draw: np.random.Generator, some: Sequence[T]) -> T:
    return some[int(draw.integers(len(some)))]
