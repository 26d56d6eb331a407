"""A recogniser that computes elsewhere: what it is asked, and what if nobody answers."""

import logging
from dataclasses import dataclass, field

import numpy as np
import pytest
from fakes.pools import MemoryPool

from biometrics import Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.errors import NoRecogniser, PoolDiffers, PoolUnavailable
from ivr.pool.pooled_recogniser import PooledRecogniser, pooled_recogniser
from ivr.pool.replicas import RecogniserReplica

SOUND = Waveform(samples=np.zeros(8_000, dtype=np.float32), rate_hz=8_000)
SAID = Transcript(text="my bag", language=Language.ENGLISH, confidence=0.9, engine="whisper")


@dataclass
class FakeWhisper:
    """Hears what it was told to, or fails with the words of the caller."""

    fails: bool = False
    asked: list[tuple[int, Language | None, tuple[str, ...]]] = field(default_factory=list)
    engine: str = "whisper"
    languages: frozenset[Language] = frozenset({Language.ENGLISH})

    def hear(
        self, sound: Waveform, language: Language | None, names: tuple[str, ...] = ()
    ) -> Transcript | Unheard:
        self.asked.append((sound.duration_ms, language, names))
        if self.fails:
            raise RuntimeError("could not decode: my bag")
        return SAID


def pool_with(whisper: FakeWhisper) -> MemoryPool:
    return MemoryPool(recognisers=RecogniserReplica(lambda: whisper))


def asked(pool: MemoryPool, local: FakeWhisper | None = None) -> PooledRecogniser:
    return pooled_recogniser(pool, wanted="whisper", likely_names=("Acme",), local=local)


def test_another_engine_is_refused() -> None:
    with pytest.raises(PoolDiffers):
        asked(pool_with(FakeWhisper(engine="vosk")))


def test_a_language_that_it_does_not_understand_is_refused() -> None:
    with pytest.raises(NoRecogniser):
        asked(pool_with(FakeWhisper())).start(Language.GERMAN)


def test_what_fails_there_is_told_without_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hearing = asked(pool_with(FakeWhisper(fails=True))).start(None)
    hearing.feed(SOUND)

    with pytest.raises(PoolUnavailable, match="model_failed"):
        hearing.finish()
    assert caplog.records
    assert "my bag" not in caplog.text


def test_a_pool_that_is_gone_hears_nothing() -> None:
    pool = pool_with(FakeWhisper())
    hearing = asked(pool).start(None)
    hearing.feed(SOUND)
    pool.gone = True

    with pytest.raises(PoolUnavailable):
        hearing.finish()


def test_no_sound_is_silence_and_is_not_sent() -> None:
    whisper = FakeWhisper()

    assert asked(pool_with(whisper)).start(None).finish() is Unheard.SILENCE
    assert whisper.asked == []


def test_the_local_recogniser_answers_where_there_is_one() -> None:
    pool, local = pool_with(FakeWhisper()), FakeWhisper()
    hearing = asked(pool, local).start(Language.ENGLISH)
    hearing.feed(SOUND)
    pool.gone = True

    assert hearing.finish() == SAID
    assert local.asked == [(1_000, Language.ENGLISH, ())]


def test_the_whole_turn_is_sent_with_the_names_that_are_likely() -> None:
    whisper = FakeWhisper()
    hearing = asked(pool_with(whisper)).start(None, names=("Erna",))
    hearing.feed(SOUND)
    hearing.feed(SOUND)

    assert hearing.partial() == ""
    assert hearing.finish() == SAID
    assert whisper.asked == [(2_000, None, ("Erna", "Acme"))]
