"""What is measured on both sides of a call."""

import io
import wave

import numpy as np

from ivr.live.wire import FRAME_SAMPLES
from ivr.simulate.tape import Stretch, Tape, longest_gap_ms, stopped_after_ms

QUIET = bytes(320)
GENERATOR = np.random.default_rng(3)


def loud() -> bytes:
    return (GENERATOR.integers(500, 9_000, FRAME_SAMPLES)).astype("<i2").tobytes()


def taped(caller: str, machine: str) -> Tape:
    """A dot is 20 ms of quiet."""
    tape = Tape()
    for left, right in zip(caller, machine, strict=True):
        tape.add(QUIET if left == "." else loud(), QUIET if right == "." else loud())
    return tape


def test_who_was_heard_when() -> None:
    tape = taped("." * 40 + "x" * 10 + "." * 50, "x" * 20 + "." * 80)

    assert tape.machine() == (Stretch(begins_ms=0, ends_ms=400),)
    assert tape.caller() == (Stretch(begins_ms=800, ends_ms=1_000),)
    assert tape.length_ms == 2_000


def test_a_breath_inside_a_prompt_is_no_end_of_it() -> None:
    tape = taped("." * 60, "x" * 20 + "." * 10 + "x" * 10 + "." * 20)

    assert tape.machine() == (Stretch(begins_ms=0, ends_ms=800),)


def test_both_sides_are_kept_in_stereo() -> None:
    with wave.open(io.BytesIO(taped("x.", ".x").stereo())) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8_000, 320)


def test_a_hole_in_a_prompt_is_found_and_its_own_silence_is_none() -> None:
    frames = [np.frombuffer(loud(), dtype="<i2") for _ in range(20)]
    silent = np.zeros(FRAME_SAMPLES, dtype=np.int16)
    prompt = np.concatenate([*frames[:10], silent, silent, *frames[10:]])
    whole = np.concatenate([silent, prompt, silent])
    torn = np.concatenate([silent, prompt[: 5 * 160], silent, silent, silent, prompt[5 * 160 :]])

    assert longest_gap_ms(whole, prompt) == 0
    assert longest_gap_ms(torn, prompt) == 60


def test_how_long_a_prompt_went_on_after_it_was_interrupted() -> None:
    machine = (Stretch(begins_ms=0, ends_ms=1_000), Stretch(begins_ms=3_000, ends_ms=4_000))

    assert stopped_after_ms(machine, 900) == 100
    assert stopped_after_ms(machine, 2_000) is None
