"""What was worked out ahead is found by its sound alone, and only while somebody holds on to it."""

import gc
from dataclasses import replace

import numpy as np
import pytest

from biometrics import Beforehand, Span, Speech, Waveform


def speech(samples: list[float], *, rate_hz: int = 8_000, end_ms: int = 1) -> Speech:
    waveform = Waveform(samples=np.array(samples, dtype=np.float32), rate_hz=rate_hz)
    return Speech(waveform=waveform, spans=(Span(start_ms=0, end_ms=end_ms),))


HELLO = speech([0.1, 0.2, 0.3])


class Counting:
    """Says how loud a turn is, and counts how often it listened."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, turn: Speech) -> float:
        self.times += 1
        return float(turn.waveform.samples.sum())


def test_what_nobody_asked_for_ahead_is_not_kept() -> None:
    counting = Counting()
    ask = Beforehand().of(counting)

    assert [ask(HELLO), ask(HELLO)] == [pytest.approx(0.6)] * 2
    assert counting.times == 2


def test_what_was_asked_ahead_is_found_by_an_equal_sound() -> None:
    beforehand, counting = Beforehand(), Counting()
    ask = beforehand.of(counting)

    with beforehand.ahead() as ahead:
        first = ask(HELLO)

    assert first == ask(speech([0.1, 0.2, 0.3]))
    assert counting.times == 1
    assert len(ahead.answers) == 1


@pytest.mark.parametrize(
    "other",
    [
        speech([0.1, 0.2, 0.3, 0.0]),
        speech([0.1, 0.2, 0.31]),
        speech([0.1, 0.2, 0.3], rate_hz=16_000),
        speech([0.1, 0.2, 0.3], end_ms=2),
        replace(HELLO, spans=()),
    ],
)
def test_any_other_sound_is_listened_to_anew(other: Speech) -> None:
    beforehand, counting = Beforehand(), Counting()
    ask = beforehand.of(counting)
    with beforehand.ahead() as ahead:
        ask(HELLO)

    ask(other)

    assert counting.times == 2
    assert len(ahead.answers) == 1


def test_another_function_has_answers_of_its_own() -> None:
    beforehand = Beforehand()
    first, second = beforehand.of(lambda _turn: "first"), beforehand.of(lambda _turn: "second")

    with beforehand.ahead() as ahead:
        answers = [first(HELLO), second(HELLO)]

    assert ["first", "second"] == answers == [first(HELLO), second(HELLO)]
    assert len(ahead.answers) == 2


def test_answers_are_forgotten_with_whoever_held_them() -> None:
    beforehand, counting = Beforehand(), Counting()
    ask = beforehand.of(counting)
    with beforehand.ahead() as ahead:
        ask(HELLO)

    del ahead
    gc.collect()
    ask(HELLO)

    assert counting.times == 2


def test_whatever_fails_ahead_fails_again_when_it_counts() -> None:
    beforehand = Beforehand()

    def fail(_turn: Speech) -> float:
        raise RuntimeError("broken")

    ask = beforehand.of(fail)
    with pytest.raises(RuntimeError), beforehand.ahead():
        ask(HELLO)

    with pytest.raises(RuntimeError):
        ask(HELLO)
