"""What a pool is told, and when there is none."""

import pickle
from pathlib import Path
from typing import Literal

import pytest

from ivr.errors import BadSettings
from ivr.settings import (
    KeySettings,
    PoolSettings,
    ServiceSettings,
    Settings,
    UnderstandSettings,
    VerifySettings,
)
from ivr.wiring.places import Places
from ivr.wiring.pooling import Pooling, _deployments, settings_there


def test_a_pool_has_an_address() -> None:
    with pytest.raises(BadSettings, match="IVR_POOL__ADDRESS"):
        Pooling(Settings())


def test_a_worker_without_the_token_does_not_start(tmp_path: Path) -> None:
    places = Places(Settings(home=tmp_path, pool=PoolSettings(address="127.0.0.1:1")))

    with pytest.raises(BadSettings, match="token"):
        _ = places.pool


def test_no_secret_travels_to_the_pool(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        database_url="postgresql+psycopg://ivr:hidden@db/rufwerk",
        service=ServiceSettings(token="hidden-token"),
        keys=KeySettings(database="sqlite:///hidden-keys.db"),
        understand=UnderstandSettings(names="hidden-product"),
    )

    assert b"hidden" in pickle.dumps(settings)
    assert b"hidden" not in pickle.dumps(settings_there(settings))


def test_what_models_are_loaded_by_travels(tmp_path: Path) -> None:
    there = settings_there(
        Settings(
            home=tmp_path,
            encoder="campplus",
            verify=VerifySettings(engine="torch"),
            understand=UnderstandSettings(most_words_per_second=7),
            pool=PoolSettings(encoder_threads=3, recogniser_threads=4),
        )
    )

    assert (there.home, there.encoder) == (tmp_path, "campplus")
    assert (there.verify.engine, there.verify.threads) == ("torch", 3)
    assert (there.understand.threads, there.understand.at_once) == (4, 1)
    assert there.understand.most_words_per_second == 7


@pytest.mark.filterwarnings("default")  # Ray's own
@pytest.mark.parametrize(("device", "at_once"), [("cpu", 1), ("cuda", 16)])
def test_a_replica_on_a_graphics_card_is_given_so_many_turns_as_it_hears_in_one_go(
    device: Literal["cpu", "cuda"], at_once: int
) -> None:
    pytest.importorskip("ray")
    settings = Settings(understand=UnderstandSettings(device=device, at_once=7))

    encoder, recogniser = _deployments(settings)

    assert (encoder.at_once, encoder.cards) == (1, 0)
    assert (recogniser.at_once, recogniser.cards) == (at_once, int(device == "cuda"))
