"""How sure we are of a caller, as a picture and in words."""

from dataclasses import replace

import pytest

from ivr.handover.context import Evidence
from ivr.pages.desk.evidence import TONES, Scale, Times, scale, times

EVIDENCE = Evidence(decision="accepted", llr=6.2, threshold=3.9)


@pytest.mark.parametrize("missing", [{"llr": None}, {"threshold": None}])
def test_where_no_voice_was_compared_there_is_no_picture(missing: dict[str, None]) -> None:
    assert scale(replace(EVIDENCE, **missing)) is None


def test_nothing_is_a_green_light() -> None:
    assert "good" not in TONES.values()


@pytest.mark.parametrize(
    ("llr", "expected"),
    [
        (-40.0, Scale(score=0, threshold=69.5, is_above=False)),
        (0.0, Scale(score=50, threshold=69.5, is_above=False)),
        (3.9, Scale(score=69.5, threshold=69.5, is_above=True)),
        (6.2, Scale(score=81, threshold=69.5, is_above=True)),
        (99.0, Scale(score=100, threshold=69.5, is_above=True)),
    ],
)
def test_the_score_lies_against_the_threshold(llr: float, expected: Scale) -> None:
    assert scale(replace(EVIDENCE, llr=llr)) == expected


@pytest.mark.parametrize(
    ("llr", "expected"),
    [
        (0.0, Times(number=1, fits_customer=True, is_more=False)),
        (6.2, Times(number=500, fits_customer=True, is_more=False)),
        (-2.0, Times(number=7, fits_customer=False, is_more=False)),
        (9.0, Times(number=1_000, fits_customer=True, is_more=True)),
        (-500.0, Times(number=1_000, fits_customer=False, is_more=True)),
    ],
)
def test_no_more_digits_are_told_than_mean_something(llr: float, expected: Times) -> None:
    assert times(replace(EVIDENCE, llr=llr)) == expected
