"""One house with real models, shared by all journeys; customers and voices of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.errors import ModelMissing
from ivr.studio import read_manifest
from ivr.wiring import House

from .houses import Houses
from .recording_booth import Booth, open_booth

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


@pytest.fixture(scope="session")
def houses(
    tmp_path_factory: pytest.TempPathFactory, fixtures: Path, house: House
) -> Iterator[Houses]:
    """Houses of every business, opened when they are first called."""
    opened = Houses(tmp_path_factory.mktemp, fixtures)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def booth(pytestconfig: pytest.Config, house: House, fixtures: Path) -> Booth:
    """Where callers are recorded; recordings stay in pytest's cache."""
    folder = pytestconfig.cache.mkdir("spoken")
    return open_booth(house.studio(), read_manifest(fixtures).speakers, folder)
