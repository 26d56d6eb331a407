"""A speech recogniser that computes elsewhere."""

import logging

from biometrics import Waveform, joined
from ivr.call import Language, Transcript, Unheard
from ivr.errors import NoRecogniser, PoolDiffers, PoolUnavailable
from ivr.pool.face import Pool, RecogniserFacts, Refused, Words
from ivr.pool.hears import Hears

log = logging.getLogger(__name__)


class PooledRecogniser:
    """The pool's recogniser, or the same one here where the pool fails and there is one."""

    def __init__(
        self,
        pool: Pool,
        facts: RecogniserFacts,
        *,
        likely_names: tuple[str, ...] = (),
        local: Hears | None = None,
    ) -> None:
        """`likely_names`: of this business; the pool may serve several."""
        self._pool, self._facts, self._local = pool, facts, local
        self._likely_names = likely_names

    @property
    def engine(self) -> str:
        return self._facts.engine

    @property
    def languages(self) -> frozenset[Language]:
        return self._facts.languages

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),  # noqa: ARG002 - it hears everything
        names: tuple[str, ...] = (),
    ) -> "PooledHearing":
        """Listen to one turn, which goes to the pool when it is whole.

        Raises:
            NoRecogniser: it does not understand the language.
        """
        if language is not None and language not in self.languages:
            raise NoRecogniser("The pool's recogniser does not understand the language.")
        return PooledHearing(self, language, names)

    def hear(
        self, sound: Waveform, language: Language | None, names: tuple[str, ...] = ()
    ) -> Transcript | Unheard:
        """The words of a whole turn.

        Raises:
            PoolUnavailable: nobody answers in time; PoolBusy: too much is being asked.
        """
        try:
            return self._asked(sound, language, names)
        except PoolUnavailable as err:
            if self._local is None:
                raise
            log.warning("the local recogniser answers", extra={"code": err.code})
            return self._local.hear(sound, language, names)

    def _asked(
        self, sound: Waveform, language: Language | None, names: tuple[str, ...]
    ) -> Transcript | Unheard:
        every = (*names, *self._likely_names)
        answer = self._pool.transcribe(Words(sound=sound, language=language, names=every))
        if isinstance(answer, Refused):
            raise PoolUnavailable(f"The pool's recogniser does not answer: {answer.code}.")
        return answer


class PooledHearing:
    """One turn of one caller, collected here and understood there. Never shared."""

    def __init__(
        self, recogniser: PooledRecogniser, language: Language | None, names: tuple[str, ...]
    ) -> None:
        self._recogniser, self._language, self._names = recogniser, language, names
        self._sounds: list[Waveform] = []

    def feed(self, sound: Waveform) -> None:
        self._sounds.append(sound)

    def partial(self) -> str:
        return ""

    def finish(self) -> Transcript | Unheard:
        if not self._sounds:
            return Unheard.SILENCE
        return self._recogniser.hear(joined(self._sounds), self._language, self._names)

    def abandon(self) -> None:
        """What was sent is answered all the same: the replica may be at it already."""


def pooled_recogniser(
    pool: Pool, *, wanted: str, likely_names: tuple[str, ...] = (), local: Hears | None = None
) -> PooledRecogniser:
    """The pool's recogniser, if it is of the engine that is wanted.

    Raises:
        PoolDiffers: it is another one.
        PoolUnavailable: nobody answers.
    """
    facts = pool.recogniser()
    if facts.engine != wanted:
        raise PoolDiffers(f"The pool has the recogniser {facts.engine} loaded, not {wanted}.")
    return PooledRecogniser(pool, facts, likely_names=likely_names, local=local)
