"""A pool in this process: the real replicas, without anything that carries requests."""

import asyncio
from dataclasses import dataclass

from biometrics import Vector
from ivr.call import Transcript, Unheard
from ivr.errors import PoolUnavailable
from ivr.pool.face import EncoderFacts, RecogniserFacts, Refused, Voice, Words
from ivr.pool.replicas import EncoderReplica, RecogniserReplica


@dataclass(kw_only=True)
class MemoryPool:
    """Answers until it is `gone`."""

    encoders: EncoderReplica | None = None
    recognisers: RecogniserReplica | None = None
    gone: bool = False

    def encoder(self) -> EncoderFacts:
        assert self.encoders
        return asyncio.run(self.encoders.facts())

    def recogniser(self) -> RecogniserFacts:
        assert self.recognisers
        return asyncio.run(self.recognisers.facts())

    def encode(self, voice: Voice) -> Vector | Refused:
        self._answer()
        assert self.encoders
        return asyncio.run(self.encoders.answer(voice))

    def transcribe(self, words: Words) -> Transcript | Unheard | Refused:
        self._answer()
        assert self.recognisers
        return asyncio.run(self.recognisers.answer(words))

    def _answer(self) -> None:
        if self.gone:
            raise PoolUnavailable("The pool is gone.")
