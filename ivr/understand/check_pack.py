"""What is weak in a pack: intents that are taken for each other, and sentences too much alike."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ivr.call import Language
from ivr.understand.cross_validated import Prediction, cross_validated
from ivr.understand.logistic import centred
from ivr.understand.pack import Pack
from ivr.understand.sentence_cache import Encoder, SentenceCache

ALIKE_FROM = 0.85
"""Cosine of two centred vectors from which two sentences say nearly the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confused:
    """Sentences of one intent that are taken for another."""

    label: str
    found: str
    language: Language
    sentences: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Two sentences of different intents that say nearly the same."""

    first: str
    first_label: str
    second: str
    second_label: str
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReport:
    """What came of checking a pack."""

    accuracy: dict[Language, float]
    """Share of the pack's own sentences that a model without them understands."""

    sentences: dict[Language, int]
    confused: tuple[Confused, ...]
    """Most sentences first."""

    alike: tuple[Alike, ...]
    """Most alike first."""


def check_pack(pack: Pack, encoder: Encoder, cache: Path) -> PackReport:
    """Predict every sentence by a model that has seen neither it nor its translation."""
    found = cross_validated(pack, encoder, cache)
    by_language = {one: [p for p in found if p.language is one] for one in Language}
    return PackReport(
        accuracy={
            one: sum(p.found == p.label for p in told) / len(told)
            for one, told in by_language.items()
        },
        sentences={one: len(told) for one, told in by_language.items()},
        confused=_confused(found),
        alike=_alike(pack, SentenceCache(encoder, cache)),
    )


def _confused(found: Sequence[Prediction]) -> tuple[Confused, ...]:
    groups: dict[tuple[str, str, Language], list[str]] = defaultdict(list)
    for one in found:
        if one.found != one.label:
            groups[one.label, one.found, one.language].append(one.text)
    listed = [
        Confused(label=label, found=taken_for, language=language, sentences=tuple(texts))
        for (label, taken_for, language), texts in groups.items()
    ]
    return tuple(sorted(listed, key=lambda one: (-len(one.sentences), one.label, one.found)))


def _alike(pack: Pack, sentences: SentenceCache) -> tuple[Alike, ...]:
    pairs = [
        (text, intent.name)
        for intent in pack.intents
        for said in intent.sentences.values()
        for text in said
    ]
    vectors = sentences.encode([text for text, _ in pairs])
    spread = centred(vectors, vectors.mean(axis=0))
    near = np.argwhere(np.triu(spread @ spread.T, k=1) >= ALIKE_FROM)
    listed = [
        Alike(
            first=pairs[one][0],
            first_label=pairs[one][1],
            second=pairs[other][0],
            second_label=pairs[other][1],
            cosine=float(spread[one] @ spread[other]),
        )
        for one, other in near
        if pairs[one][1] != pairs[other][1]
    ]
    return tuple(sorted(listed, key=lambda one: -one.cosine))
