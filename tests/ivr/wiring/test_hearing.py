"""Live turns go to the engine that was chosen, digits to who is made for them."""

from dataclasses import replace

import pytest

from ivr.call import Language, Transcript
from ivr.errors import ModelMissing
from ivr.settings import read_settings
from ivr.understand.cascade import CascadeHearing
from ivr.wiring.places import Places
from ivr.wiring.words import Words


def words_of(engine: str) -> Words:
    settings = read_settings()
    understand = replace(settings.understand, engine=engine)
    words = Words(Places(replace(settings, understand=understand)))
    try:
        words.recogniser_of(engine)
    except ModelMissing as missing:
        pytest.skip(missing.sentence)
    return words


def test_a_small_vosk_is_not_asked_for_digits() -> None:
    words = words_of("vosk")
    if words.places.model_if_here("vosk-en-us-0.22"):
        pytest.skip("The large English Vosk model is installed.")

    listener = replace(words, places=words_of("whisper").places)._listener(Language.ENGLISH)

    assert listener.engine == "whisper"


@pytest.mark.parametrize("engine", ["whisper", "vosk", "cascade"])
def test_a_live_turn_is_heard_by_the_engine_that_was_chosen(engine: str) -> None:
    hearing = words_of(engine).hearing(Language.ENGLISH)

    assert isinstance(hearing, CascadeHearing)
    assert (hearing._final is None) == (engine == "vosk")
    assert (hearing._streaming is None) == (engine == "whisper")
    assert not isinstance(hearing.finish(), Transcript)


def test_all_calls_of_a_process_wait_in_one_line() -> None:
    words = words_of("cascade")

    first, second = (words.hearing(Language.ENGLISH) for _ in range(2))

    assert isinstance(first, CascadeHearing)
    assert isinstance(second, CascadeHearing)
    assert first._lane is second._lane
