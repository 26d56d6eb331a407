"""A voice encoder that computes elsewhere."""

import logging

from biometrics import Encoder, EncoderId, TooLittleSpeech, Vector, Waveform
from ivr.errors import PoolDiffers, PoolUnavailable
from ivr.pool.face import EncoderFacts, Pool, Refused, Voice

log = logging.getLogger(__name__)


class PooledEncoder:
    """An encoder of the pool, or the same one here where the pool fails and there is one."""

    def __init__(self, pool: Pool, facts: EncoderFacts, *, local: Encoder | None = None) -> None:
        self._pool, self._facts, self._local = pool, facts, local

    @property
    def id(self) -> EncoderId:
        return self._facts.id

    @property
    def dimension(self) -> int:
        return self._facts.dimension

    @property
    def rate_hz(self) -> int:
        return self._facts.rate_hz

    @property
    def shortest_ms(self) -> int:
        return self._facts.shortest_ms

    @property
    def weights_sha256(self) -> str:
        return self._facts.weights_sha256

    def encode(self, speech: Waveform) -> Vector:
        """The voice in `speech`, at any rate.

        Raises:
            TooLittleSpeech: shorter than `shortest_ms`.
            PoolUnavailable: nobody answers in time; PoolBusy: too much is being asked.
        """
        if speech.duration_ms < self.shortest_ms:
            raise TooLittleSpeech("So little speech carries no voice.")
        try:
            return self._asked(speech)
        except PoolUnavailable as err:
            if self._local is None:
                raise
            log.warning("the local encoder answers", extra={"code": err.code})
            return self._local.encode(speech)

    def _asked(self, speech: Waveform) -> Vector:
        answer = self._pool.encode(Voice(speech=speech, weights_sha256=self.weights_sha256))
        if isinstance(answer, Refused):
            raise PoolUnavailable(f"The pool's voice encoder does not answer: {answer.code}.")
        return answer


def pooled_encoder(
    pool: Pool, *, wanted: EncoderId, weights_sha256: str, local: Encoder | None = None
) -> PooledEncoder:
    """The pool's encoder, if it is the one that voiceprints here are made with.

    Raises:
        PoolDiffers: it is another one.
        PoolUnavailable: nobody answers.
    """
    facts = pool.encoder()
    if (facts.id, facts.weights_sha256) != (wanted, weights_sha256):
        raise PoolDiffers(
            f"The pool has the voice encoder {facts.id} loaded, and this worker needs {wanted} "
            "with the weights that are here. Start both with the same IVR_ENCODER and the same "
            "version."
        )
    return PooledEncoder(pool, facts, local=local)
