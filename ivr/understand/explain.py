"""Why a sentence is understood as it is."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ivr.call import Intent, Language, OutOfScope, Several, Understanding, Unsure
from ivr.understand.intents import IntentClassifier
from ivr.understand.logistic import centred
from ivr.understand.pack import OUT_OF_SCOPE, Pack
from ivr.understand.sentence_cache import Encoder, SentenceCache
from ivr.understand.several import several_wishes

_NEAREST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A training sentence that is near."""

    text: str = field(repr=False)
    label: str
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What is made of one sentence, and from what."""

    meaning: Understanding
    likeliest: tuple[Intent, ...]
    """Best first."""

    scope: float
    least_scope: float
    """Under which the sentence belongs to no intent."""

    nearest: tuple[Example, ...]

    @property
    def why(self) -> str:
        """The decision in one sentence."""
        match self.meaning:
            case Several():
                return "Each part asks for something else, and each is sure enough."
            case OutOfScope():
                return f"Out of scope: {self.scope:.2f} is under {self.least_scope:.2f}."
            case Unsure():
                return "The two likeliest intents are too close: both are offered."
            case Intent():
                return "One intent is probable enough, or far ahead of the second."


def explain(
    text: str, language: Language, *, pack: Pack, classifier: IntentClassifier, examples: "Examples"
) -> Explanation:
    """As a turn with just these words would be understood."""
    reading = classifier.read(text, language)
    several = several_wishes(text, language, read=classifier.read, requests=pack.requests)
    pairs = zip(reading.best_first[:_NEAREST], reading.probabilities[:_NEAREST], strict=True)
    return Explanation(
        meaning=several or classifier.judge(reading),
        likeliest=tuple(Intent(name=name, confidence=share) for name, share in pairs),
        scope=reading.scope,
        least_scope=classifier.least_scope,
        nearest=examples.nearest(text),
    )


class Examples:
    """The sentences that a pack was learned from."""

    def __init__(self, pack: Pack, encoder: Encoder, cache: Path) -> None:
        self._encoder = encoder
        self._pairs = [
            *(
                (text, intent.name)
                for intent in pack.intents
                for said in intent.sentences.values()
                for text in said
            ),
            *((text, OUT_OF_SCOPE) for text in pack.foreign),
        ]
        vectors = SentenceCache(encoder, cache).encode([text for text, _ in self._pairs])
        self._centre = vectors.mean(axis=0)
        self._vectors = centred(vectors, self._centre)

    def nearest(self, text: str) -> tuple[Example, ...]:
        """The most alike, best first."""
        vector = centred(self._encoder.encode([text]), self._centre)[0]
        cosines = self._vectors @ vector
        return tuple(
            Example(
                text=self._pairs[index][0],
                label=self._pairs[index][1],
                cosine=float(cosines[index]),
            )
            for index in np.argsort(-cosines, kind="stable")[:_NEAREST]
        )
