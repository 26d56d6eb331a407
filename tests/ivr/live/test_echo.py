"""Our own voice coming back is told from somebody else's."""

import numpy as np
from numpy.typing import NDArray

from ivr.listen.g711 import decode_mulaw, encode_mulaw
from ivr.live.echo import Echo

GENERATOR = np.random.default_rng(7)


def voice(ms: int) -> NDArray[np.float64]:
    """Something that is loud and soft in turns."""
    samples = GENERATOR.normal(0, 3_000, 8 * ms)
    return samples * np.repeat(GENERATOR.uniform(0.1, 1.0, ms // 20 + 1), 160)[: 8 * ms]


def frames(samples: NDArray[np.float64]) -> list[bytes]:
    data = np.clip(samples, -32_768, 32_767).astype("<i2").tobytes()
    return [data[at : at + 320] for at in range(0, len(data), 320)]


def compared(said: NDArray[np.float64], heard: NDArray[np.float64]) -> bool:
    echo = Echo()
    for ours, theirs in zip(frames(said), frames(heard), strict=True):
        echo.say(ours)
        echo.hear(theirs)
    return echo.is_echo()


def test_a_caller_is_no_echo() -> None:
    assert not compared(voice(1_000), voice(1_000))


def test_a_caller_over_silence_or_a_prompt_that_has_just_begun_is_no_echo() -> None:
    said = voice(1_000)
    said[: 8 * 880] = 0

    assert not compared(said, voice(1_000))
    assert not compared(np.zeros(8_000), voice(1_000))


def test_what_comes_back_late_weak_and_over_the_line_is_an_echo() -> None:
    said = voice(1_000)
    back = np.concatenate([np.zeros(8 * 180), said])[:8_000] * 0.1
    heard = decode_mulaw(encode_mulaw(back.astype(np.int16))).astype(np.float64)

    assert compared(said, heard + GENERATOR.normal(0, 20, 8_000))


def test_silence_is_no_echo() -> None:
    assert not compared(voice(1_000), np.zeros(8_000))
