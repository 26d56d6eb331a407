"""What `/ready` tells when parts of a real house are taken away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.readiness import unready

from ivr.settings import Settings
from ivr.wiring import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(Settings(home=tmp_path))
    house.readiness.look()
    house.readiness._keep_s = 0
    yield house
    house.close()


def missing(house: House) -> dict[str, str]:
    return {name: part.code for name, part in house.readiness.look().parts.items() if part.code}


def test_a_house_whose_models_are_not_loaded_is_not_ready(house: House) -> None:
    assert missing(house) == {"models": "model_missing"}


def test_a_house_whose_master_key_is_gone_is_not_ready(house: House) -> None:
    file = house.settings.master_key_file
    key = file.read_bytes()
    file.unlink()
    assert missing(house)["keys"] == "keys_unavailable"

    file.write_bytes(key)
    file.chmod(0o600)
    assert "keys" not in missing(house)


def test_a_house_whose_master_key_others_may_read_is_not_ready(house: House) -> None:
    house.settings.master_key_file.chmod(0o644)

    assert missing(house)["keys"] == "keys_unavailable"


def test_a_house_whose_database_is_gone_is_not_ready(house: House, tmp_path: Path) -> None:
    house.voices.engine.dispose()
    for file in tmp_path.glob("rufwerk.db*"):
        file.write_bytes(b"no database " * 1_000)

    found = missing(house)

    assert found.pop("models")
    assert found == {
        "customers": "directory_unavailable",
        **dict.fromkeys(
            ("voiceprints", "consents", "trail", "attempts", "pins", "incidents", "queue"),
            "store_unavailable",
        ),
    }
    assert unready(house) == ["directory_unavailable", "store_unavailable"]


def test_a_house_whose_key_database_is_gone_is_not_ready(house: House, tmp_path: Path) -> None:
    house.voices.keys.register.close()  # type: ignore[attr-defined]
    for file in tmp_path.glob("keys.db*"):
        file.write_bytes(b"no database " * 1_000)

    assert missing(house)["voiceprints"] == "store_unavailable"


def test_looking_leaves_no_trace_and_takes_a_moment(house: House) -> None:
    for _ in range(20):
        house.readiness.look()

    assert list(house.voices.records.trail.entries()) == []
