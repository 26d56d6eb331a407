"""One house with real models, shared by all journeys; customers and voices of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.errors import ModelMissing
from ivr.wiring import House

FIXTURES = Path(__file__).parents[2] / "audio_fixtures"


@pytest.fixture(scope="session")
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    staged = House.for_rehearsal(tmp_path_factory.mktemp("rehearsal"))
    try:
        staged.words.recogniser_of("whisper")
    except ModelMissing as missing:
        pytest.skip(missing.sentence)
    staged.stage(FIXTURES)
    yield staged
    staged.close()
