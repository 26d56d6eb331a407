"""The real voices, loaded once."""

import pytest

from ivr.call import Language
from ivr.speak.hibari_voice import HibariVoice
from ivr.speak.pico_voice import PicoVoice


@pytest.fixture(scope="session")
def german_voice() -> PicoVoice:
    return PicoVoice(Language.GERMAN)


@pytest.fixture(scope="session")
def english_voice() -> HibariVoice:
    return HibariVoice()
