"""A voice encoder that computes elsewhere: which one answers, and what if none does."""

from collections.abc import Callable

import numpy as np
import pytest
from fakes.pools import MemoryPool

from biometrics import EncoderId, TooLittleSpeech, Waveform
from biometrics.encoders.known import load_encoder, own_encoders
from biometrics.encoders.network_encoder import NetworkEncoder
from ivr.errors import PoolDiffers, PoolUnavailable
from ivr.pool.pooled_encoder import PooledEncoder, pooled_encoder
from ivr.pool.replicas import EncoderReplica

NAME, FOLDER = max(own_encoders().items())
RNG = np.random.default_rng(7)
SOUND = Waveform(samples=RNG.normal(0, 0.1, 16_000).astype(np.float32), rate_hz=8_000)


@pytest.fixture(scope="module")
def encoder() -> NetworkEncoder:
    return load_encoder(FOLDER)


def pool_with(load: Callable[[], NetworkEncoder]) -> MemoryPool:
    return MemoryPool(encoders=EncoderReplica(load))


def asked(pool: MemoryPool, like: NetworkEncoder, local: NetworkEncoder | None) -> PooledEncoder:
    return pooled_encoder(pool, wanted=like.id, weights_sha256=like.weights_sha256, local=local)


def test_another_encoder_than_wanted_is_refused(encoder: NetworkEncoder) -> None:
    with pytest.raises(PoolDiffers, match="this worker needs campplus"):
        pooled_encoder(
            pool_with(lambda: encoder),
            wanted=EncoderId("campplus"),
            weights_sha256=encoder.weights_sha256,
        )


def test_the_same_name_with_other_weights_is_refused(encoder: NetworkEncoder) -> None:
    with pytest.raises(PoolDiffers):
        pooled_encoder(pool_with(lambda: encoder), wanted=encoder.id, weights_sha256="0" * 64)


def test_a_pool_that_changes_its_encoder_in_mid_call_answers_nothing(
    encoder: NetworkEncoder,
) -> None:
    pool = pool_with(lambda: encoder)
    found = asked(pool, encoder, None)
    pool.encoders = EncoderReplica(lambda: load_encoder(min(own_encoders().items())[1]))

    with pytest.raises(PoolUnavailable, match="other_model"):
        found.encode(SOUND)


def test_a_pool_that_is_gone_gives_no_voice(encoder: NetworkEncoder) -> None:
    pool = pool_with(lambda: encoder)
    found = asked(pool, encoder, None)
    pool.gone = True

    with pytest.raises(PoolUnavailable):
        found.encode(SOUND)


def test_too_little_speech_is_not_sent(encoder: NetworkEncoder) -> None:
    with pytest.raises(TooLittleSpeech):
        asked(pool_with(lambda: encoder), encoder, None).encode(SOUND.cut(0, 100))


def test_the_local_encoder_answers_where_there_is_one(encoder: NetworkEncoder) -> None:
    pool = pool_with(lambda: encoder)
    found = asked(pool, encoder, encoder)
    pool.gone = True

    np.testing.assert_array_equal(encoder.encode(SOUND), found.encode(SOUND))


def test_the_pools_encoder_is_the_same_as_here(encoder: NetworkEncoder) -> None:
    found = asked(pool_with(lambda: encoder), encoder, None)

    np.testing.assert_array_equal(encoder.encode(SOUND), found.encode(SOUND))
    assert (found.id, found.dimension) == (NAME, encoder.dimension)
    assert (found.rate_hz, found.shortest_ms) == (encoder.rate_hz, encoder.shortest_ms)
