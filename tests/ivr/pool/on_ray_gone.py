"""What a worker does whose pool goes away, and comes back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes.patience import until
from fakes.ray_pools import pooled, ray_pool, shared_token

from biometrics import Encoder, Waveform
from ivr.errors import PoolUnavailable
from ivr.settings import PoolSettings, Settings
from ivr.wiring.encoder import chosen_encoder, encoder_in_use
from ivr.wiring.places import Places

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.filterwarnings("default"),  # Ray's own
]

RNG = np.random.default_rng(3)
SOUND = Waveform(samples=RNG.normal(0, 0.1, 16_000).astype(np.float32), rate_hz=8_000)


def answers(encoder: Encoder) -> bool:
    try:
        encoder.encode(SOUND)
    except PoolUnavailable:
        return False
    return True


def test_a_pool_that_goes_away_gives_no_voice_until_it_is_joined_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pooled(tmp_path, has_whisper=False) as first:
        pool = replace(first.settings.pool, request_ms=1_000)
        settings = replace(first.settings, pool=pool)
        monkeypatch.setattr(ray_pool(), "_PAUSE_S", 0.5)
        alone, _ = encoder_in_use(Places(settings))
        local, _ = chosen_encoder(Places(settings))
        assert answers(alone)
        first.end()
        for _ in range(5):
            with pytest.raises(PoolUnavailable):
                alone.encode(SOUND)
    with pooled(tmp_path, has_whisper=False, address=pool.address):
        until(lambda: answers(alone), within_s=300, every_s=0.5)

        np.testing.assert_allclose(local.encode(SOUND), alone.encode(SOUND), atol=1e-5)
    ray_pool().disconnect()


def test_a_worker_whose_pool_is_not_there_does_not_start(tmp_path: Path) -> None:
    pool = PoolSettings(address="127.0.0.1:1", token_file=shared_token())

    with pytest.raises(PoolUnavailable, match="start `ivr pool serve`"):
        encoder_in_use(Places(Settings(home=tmp_path, pool=pool)))
