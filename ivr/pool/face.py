"""What a pool of models is asked, and what it answers."""

from dataclasses import dataclass, field
from typing import Protocol

from biometrics import EncoderId, Vector, Waveform
from ivr.call import Language, Transcript, Unheard

ENCODER = "encoder"
RECOGNISER = "recogniser"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderFacts:
    """Which voice encoder the pool has loaded."""

    id: EncoderId
    weights_sha256: str
    dimension: int
    rate_hz: int
    shortest_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniserFacts:
    """Which speech recogniser the pool has loaded."""

    engine: str
    languages: frozenset[Language]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voice:
    """Whose voice is this, told as numbers?"""

    speech: Waveform
    weights_sha256: str
    """Of the encoder that must answer, and no other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """What is said in a whole turn?"""

    sound: Waveform
    language: Language | None
    names: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A replica has no answer. It tells a code, since sentences of libraries may hold words."""

    code: str


class Pool(Protocol):
    """Asks the replicas. One per process, every thread may use it."""

    def encoder(self) -> EncoderFacts:
        """Raises PoolUnavailable."""

    def recogniser(self) -> RecogniserFacts:
        """Raises PoolUnavailable."""

    def encode(self, voice: Voice) -> Vector | Refused:
        """Raises PoolBusy, PoolUnavailable: within the time of one request."""

    def transcribe(self, words: Words) -> Transcript | Unheard | Refused:
        """Raises PoolBusy, PoolUnavailable: within the time of one request."""
