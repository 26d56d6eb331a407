"""What runs in the pool: one model each, told apart from the library that carries requests."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from biometrics import Encoder, Vector, VoiceProblem
from ivr.call import Transcript, Unheard
from ivr.errors import CallProblem
from ivr.pool.face import EncoderFacts, RecogniserFacts, Refused, Voice, Words
from ivr.pool.hears import Hears
from ivr.trace import trace

log = logging.getLogger(__name__)

T = TypeVar("T")

OTHER_MODEL = "other_model"


class EncoderReplica:
    """A voice encoder. Answers with values: an exception would be logged with what it says."""

    def __init__(self, load: Callable[[], Encoder]) -> None:
        self._encoder = load()

    async def facts(self) -> EncoderFacts:
        one = self._encoder
        return EncoderFacts(
            id=one.id,
            weights_sha256=one.weights_sha256,
            dimension=one.dimension,
            rate_hz=one.rate_hz,
            shortest_ms=one.shortest_ms,
        )

    async def answer(self, voice: Voice) -> Vector | Refused:
        """Vectors of two encoders must never be compared: only the right one answers."""
        if voice.weights_sha256 != self._encoder.weights_sha256:
            return Refused(code=OTHER_MODEL)
        return await _answered(lambda: self._encoder.encode(voice.speech))


class RecogniserReplica:
    """A speech recogniser for whole turns."""

    def __init__(self, load: Callable[[], Hears]) -> None:
        self._recogniser = load()

    async def facts(self) -> RecogniserFacts:
        one = self._recogniser
        return RecogniserFacts(engine=one.engine, languages=one.languages)

    async def answer(self, words: Words) -> Transcript | Unheard | Refused:
        def hear() -> Transcript | Unheard:
            return self._recogniser.hear(words.sound, words.language, words.names)

        return await _answered(hear)


async def _answered(work: Callable[[], T]) -> T | Refused:
    """On a thread, so that the replica can still be asked whether it is well."""
    try:
        return await asyncio.to_thread(work)
    except (CallProblem, VoiceProblem) as err:
        return Refused(code=err.code)
    except Exception as err:  # noqa: BLE001 - what it says may hold words, and would be logged
        log.error("a model failed", extra=trace(err))  # noqa: TRY400 - as above
        return Refused(code="model_failed")
