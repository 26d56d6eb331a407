"""Tries a pack out: on its own sentences, on labelled ones, and on lists that no pack holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ivr.call import Intent, Language, OutOfScope, Understanding
from ivr.evaluate.intents import OUT_OF_SCOPE, read_sentences
from ivr.review.report import Judged, Trial
from ivr.review.sentence import Sentence
from ivr.settings import Settings
from ivr.understand.intents import IntentClassifier
from ivr.understand.logistic import TrainSettings
from ivr.understand.pack import Pack
from ivr.understand.sentence_cache import Encoder

Tests = Mapping[Language, Path]
"""Lists of text, tab, label that no pack holds."""


class Judge(Protocol):
    """Says how a pack does."""

    def __call__(self, pack: Pack, ready: Sequence[Sentence], tests: Tests) -> Trial:
        """Raises BadTestSet where a list cannot be used."""


@dataclass(frozen=True)
class PackJudge:
    """Trains a pack's models anew."""

    settings: Settings
    sure_from: float
    """Probability of an intent from which it is not read back."""

    training: TrainSettings = field(default_factory=TrainSettings)

    def __call__(self, pack: Pack, ready: Sequence[Sentence], tests: Tests) -> Trial:
        from ivr.understand.classifier import train_on_pack
        from ivr.understand.cross_validated import cross_validated

        cache = self.settings.home / "intents"
        # Under another name what is only tried does not take the place of what is in use.
        tried = replace(pack, name=f"{pack.name}-tried")
        classifier = train_on_pack(tried, self._encoder, cache, self.training)
        asked = [(one.text, one.language, one.label) for one in ready]
        return Trial(
            own=tuple(
                Judged(text=one.text, language=one.language, label=one.label, found=one.found)
                for one in cross_validated(pack, self._encoder, cache, self.training)
            ),
            labelled=self._judged(classifier, asked),
            held_out=self._judged(classifier, _read(tests)),
        )

    def _judged(
        self, classifier: IntentClassifier, asked: Iterable[tuple[str, Language, str]]
    ) -> tuple[Judged, ...]:
        def found(text: str, language: Language) -> str:
            return _in_one_word(classifier.classify(text, language), sure_from=self.sure_from)

        return tuple(
            Judged(text=text, language=language, label=label, found=found(text, language))
            for text, language, label in asked
        )

    @cached_property
    def _encoder(self) -> Encoder:
        from ivr.understand.e5_encoder import E5Encoder

        return E5Encoder(threads=self.settings.understand.sentence_threads)


def _read(tests: Tests) -> list[tuple[str, Language, str]]:
    return [
        (text, language, label)
        for language, file in tests.items()
        for text, label in read_sentences(file)
    ]


def _in_one_word(meaning: Understanding, *, sure_from: float) -> str:
    """The intent that would be served without asking back; what would be asked, in words."""
    match meaning:
        case Intent(name=name, confidence=confidence):
            return name if confidence >= sure_from else f"perhaps {name}"
        case OutOfScope():
            return OUT_OF_SCOPE
        case _:
            return "two readings"
