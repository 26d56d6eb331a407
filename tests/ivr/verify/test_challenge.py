from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from biometrics import Comparison, Outcome, Speech, Standing, SubjectId, Verdict
from ivr.call import Language, Repeated
from ivr.settings import ChallengeSettings
from ivr.verify.challenge import Challenge, issue, judge
from ivr.verify.evidence import Evidence

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATER = NOW + timedelta(seconds=20)
SETTINGS = ChallengeSettings()
ASKED = Challenge(
    digits="47192",
    language=Language.GERMAN,
    issued_at=NOW,
    expires_at=NOW + timedelta(seconds=120),
)


def heard(
    outcome: Outcome = Outcome.ACCEPTED, *, llr: float | None = 3.0, pieces: Speech | None = None
) -> Evidence:
    """The turn that said the digits, compared by itself with this ratio."""
    incremental = None if llr is None else Comparison(score=0.5, llr=llr, net_ms=3_000)
    verdict = Verdict(outcome=outcome, llr=6.0, incremental=incremental)
    standing = Standing(verdict=verdict, pieces=pieces)
    return Evidence(subject=SubjectId("s-1"), standing=standing, verdict=verdict)


@pytest.mark.parametrize(
    "now",
    [NOW - timedelta(seconds=1), NOW + timedelta(seconds=120), NOW + timedelta(days=1)],
    ids=["a clock set back", "the last moment", "a day"],
)
def test_digits_are_good_for_two_minutes(now: datetime) -> None:
    assert judge(ASKED, ["47192"], heard(), now, SETTINGS) is Repeated.EXPIRED


@pytest.mark.parametrize("readings", [[], [""], ["", ""]])
def test_no_digits_are_no_answer(readings: list[str]) -> None:
    assert judge(ASKED, readings, heard(), LATER, SETTINGS) is Repeated.NO_DIGITS


@pytest.mark.parametrize("reading", ["47129", "4719", "471922", "٤٧١٩٢", "1"])
def test_other_digits_are_wrong_whoever_says_them(reading: str) -> None:
    assert judge(ASKED, [reading], heard(), LATER, SETTINGS) is Repeated.WRONG_DIGITS


@pytest.mark.parametrize(
    "outcome",
    [each for each in Outcome if each not in (Outcome.ACCEPTED, Outcome.INCONCLUSIVE)],
)
def test_right_digits_in_a_voice_that_does_not_fit_prove_nothing(outcome: Outcome) -> None:
    found = judge(ASKED, ["47192"], heard(outcome), LATER, SETTINGS)

    assert found is Repeated.VOICE_DOES_NOT_FIT


def test_a_voice_that_was_accepted_before_says_nothing_about_who_says_the_digits(
    speech: Callable[..., Speech],
) -> None:
    too_short = heard(pieces=speech(0.5))

    assert judge(ASKED, ["47192"], too_short, LATER, SETTINGS) is Repeated.VOICE_DOES_NOT_FIT
    never_compared = heard(llr=None)
    assert judge(ASKED, ["47192"], never_compared, LATER, SETTINGS) is Repeated.VOICE_DOES_NOT_FIT


@pytest.mark.parametrize(
    ("llr", "answer"), [(2.2, Repeated.VOICE_DOES_NOT_FIT), (2.3, Repeated.PASSED)]
)
def test_a_voice_that_leans_to_the_caller_is_enough_for_the_digits(
    llr: float, answer: Repeated
) -> None:
    leaning = heard(Outcome.INCONCLUSIVE, llr=llr)

    assert judge(ASKED, ["47192"], leaning, LATER, SETTINGS) is answer


def test_right_digits_in_the_right_voice_pass() -> None:
    assert judge(ASKED, ["47192"], heard(), LATER, SETTINGS) is Repeated.PASSED
    assert judge(ASKED, ["", "4711", "47192"], heard(), LATER, SETTINGS) is Repeated.PASSED


@pytest.mark.parametrize("count", [4, 5, 6])
def test_digits_are_as_many_as_set_and_live_as_long_as_set(count: int) -> None:
    settings = ChallengeSettings(digits=count, lives_s=60)

    challenge = issue(Language.GERMAN, NOW, settings)

    assert len(challenge.digits) == count
    assert challenge.digits.isdecimal()
    assert challenge.expires_at == NOW + timedelta(seconds=60)
    assert challenge.digits not in repr(challenge)


def test_no_digit_comes_twice_in_a_row() -> None:
    """Drawing always the first of what may be drawn would repeat it."""
    challenge = issue(Language.GERMAN, NOW, SETTINGS, draw=lambda allowed: allowed[0])

    assert challenge.digits == "01010"


def test_digits_are_drawn_anew_each_time() -> None:
    drawn = {issue(Language.GERMAN, NOW, SETTINGS).digits for _ in range(200)}

    assert len(drawn) > 190
    assert {digit for digits in drawn for digit in digits} == set("0123456789")
