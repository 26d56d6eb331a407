"""Turns at the same time are told against one after the other."""

from pathlib import Path

import ctranslate2
import numpy as np
import pytest
from fakes.models import installed

from biometrics import Waveform
from ivr.bench.card import at_once_chart, card_charts, in_one_go_chart, spoken_turns
from ivr.call import Language
from ivr.errors import BadSettings
from ivr.evaluate.batching import Batch
from ivr.evaluate.turns_at_once import AtOnce, Said, hear_at_once
from ivr.settings import UnderstandSettings

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
SILENCE = Waveform(samples=np.zeros(800, dtype=np.float32), rate_hz=8_000)
TURNS = [
    Said(sound=SILENCE, language=Language.ENGLISH, text=text) for text in ("Yes, please.", "No.")
]


@pytest.fixture(scope="module")
def whisper() -> Path:
    return installed("whisper-base")


@pytest.mark.skipif(ctranslate2.get_cuda_device_count() > 0, reason="there is a graphics card")
def test_without_a_card_nothing_is_measured(whisper: Path, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="graphics card"):
        card_charts(whisper, FIXTURES, tmp_path, watch=lambda _: None)


def test_turns_are_heard_at_the_same_time_and_each_has_its_own_words(
    whisper: Path, tmp_path: Path
) -> None:
    turns = spoken_turns(FIXTURES, tmp_path)[:4]

    found = hear_at_once(whisper, turns, UnderstandSettings(), count=2, rounds=2)

    assert (found.count, len(found.took_ms), len(found.texts)) == (2, 8, 4)
    assert found.turns_a_second > 0
    assert found.wer(turns) < 0.5
    assert len(set(found.texts)) == 4


def test_throughput_is_told_against_the_processors_most_and_other_words_are_counted() -> None:
    alone = at_once(1, 2.0, ("yes", "please"), ("no",))
    card = at_once(8, 30.0, ("yes", "please"), ("now",))

    chart = at_once_chart(TURNS, [alone], [card])

    assert chart.rows == (
        ("processor", "1", "2.0", "1.0", "5", "5", "0.0 %", "0"),
        ("card", "8", "30.0", "15.0", "5", "5", "33.3 %", "1"),
    )


def test_goes_are_told_against_turns_one_by_one() -> None:
    batches = [
        Batch(size=1, piece_ms=50.0, cpu_ms=1.0),
        Batch(size=8, piece_ms=10.0, cpu_ms=1.0),
    ]

    assert in_one_go_chart(batches).rows == (("1", "50.0", "1.00"), ("8", "10.0", "5.00"))


def at_once(count: int, turns_a_second: float, *texts: tuple[str, ...]) -> AtOnce:
    return AtOnce(count=count, turns_a_second=turns_a_second, took_ms=(5.0,), texts=texts)
