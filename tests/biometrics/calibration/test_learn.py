"""What a calibration promises, on voices it has not heard."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biometrics import Encoder, TooFewTrials, read_calibration, write_calibration
from biometrics.calibration.comparisons import Scoring, enrolled_comparisons, pair_comparisons
from biometrics.calibration.fitting import Span, fitted, llrs
from biometrics.calibration.learn import Line, Origin, _hardly_reached, learn
from biometrics.calibration.material import Person

SPAN = Span(shortest_ms=1500, longest_ms=3000, usual_snr_db=20.0)
ORIGIN = Origin(weights_sha256="ab" * 32, data="patterns", fmr=0.05)

Crowd = Callable[..., tuple[Person, ...]]


def line(people: tuple[Person, ...], channel: str = "mulaw") -> Line:
    return Line(channel=channel, people=people)


def test_too_few_people_are_refused_with_how_many_are_needed(
    crowd: Crowd, encoder: Encoder
) -> None:
    """3 / 0.0001 pairs of people: 246 people are 30,135 pairs."""
    with pytest.raises(
        TooFewTrials,
        match=r"0\.0001 needs 30000 pairs of different people \(246 people\) and 20 comparisons of "
        r"the same person; these recordings give 190 and 60\.",
    ):
        learn([line(crowd(20))], encoder, replace(ORIGIN, fmr=1e-4))


def test_people_who_cannot_be_enrolled_teach_nothing(crowd: Crowd, encoder: Encoder) -> None:
    unheard = tuple(replace(person, enrolment=(), excerpts=()) for person in crowd(20))

    with pytest.raises(TooFewTrials, match="these recordings give 0 and 0"):
        learn([line(unheard)], encoder, ORIGIN)


def test_a_calibration_says_what_it_was_learned_from(
    crowd: Crowd, encoder: Encoder, tmp_path: Path
) -> None:
    calibration = learn([line(crowd(20))], encoder, ORIGIN).calibration

    assert (calibration.encoder, calibration.weights_sha256) == ("pattern-0", "ab" * 32)
    assert (calibration.shortest_net_ms, calibration.longest_net_ms) == (1500, 3000)
    assert (calibration.target_trials, calibration.impostor_trials) == (120, 2280)
    assert (calibration.speakers, calibration.codec, calibration.fmr) == (20, "mulaw", 0.05)
    assert [profile.channel for profile in calibration.profiles] == ["mulaw", "pooled"]
    write_calibration(replace(calibration, cohort=None), tmp_path / "c.json")
    kept = read_calibration(tmp_path / "c.json", encoder=encoder.id, weights_sha256="ab" * 32)
    assert kept == calibration


@pytest.mark.parametrize("fmr", [0.05, 0.02])
def test_at_the_threshold_no_length_passes_more_strangers_than_promised(
    crowd: Crowd, encoder: Encoder, fmr: float
) -> None:
    learned = learn([line(crowd(20))], encoder, ORIGIN)
    calibration = learned.calibration.at_fmr(fmr)
    enrolled = learned.enrolled["mulaw"]
    ratios = llrs(enrolled, calibration.coefficients, learned.span)

    assert calibration.reject_below <= 0.0
    assert calibration.disagree_below <= 0.0
    for net_ms in (1500, 3000):
        here = enrolled.net_ms == net_ms
        target, impostor = ratios[here & enrolled.is_same], ratios[here & ~enrolled.is_same]
        assert np.mean(impostor >= calibration.threshold) <= fmr
        assert np.mean(target < calibration.reject_below) <= 0.01
        assert np.mean(target) > 0 > np.mean(impostor)


def test_what_was_promised_holds_for_people_who_took_no_part(
    crowd: Crowd, encoder: Encoder
) -> None:
    learned = learn([line(crowd(40, seed=1))], encoder, ORIGIN)
    others = enrolled_comparisons(crowd(60, seed=2), Scoring())
    ratios = llrs(others, learned.calibration.coefficients, learned.span)

    assert np.mean(ratios[~others.is_same] >= learned.calibration.threshold) < 0.1


def test_each_line_has_its_own_rule_and_all_together_one(crowd: Crowd, encoder: Encoder) -> None:
    clear, dull = crowd(20), crowd(20, spread=0.8)

    calibration = learn([line(clear), line(dull, "gsm")], encoder, ORIGIN).calibration

    names = [profile.channel for profile in calibration.profiles]
    assert names == ["mulaw", "gsm", "pooled"]
    assert calibration.channel == "mulaw"
    assert calibration.codec == "mulaw, gsm"
    rules = [profile.coefficients.score for profile in calibration.profiles]
    assert rules[0] > rules[2] > rules[1]


def test_every_folder_weighs_the_same(crowd: Crowd, encoder: Encoder) -> None:
    """Twice the people of one kind make no more of a difference than once."""
    few = crowd(14, seed=3)
    harder = tuple(
        replace(person, name=f"h{person.name}", source=1)
        for person in crowd(28, seed=4, spread=0.9)
    )
    fewer = harder[:14]

    many = learn([line((*few, *harder))], encoder, ORIGIN).calibration
    same = learn([line((*few, *fewer))], encoder, ORIGIN).calibration
    alone = learn([line(harder)], encoder, ORIGIN).calibration

    assert abs(many.coefficients.score - same.coefficients.score) < abs(
        many.coefficients.score - alone.coefficients.score
    )


def test_a_folder_of_strangers_alone_changes_no_rule(crowd: Crowd) -> None:
    """One recording each tells how their line differs, not how people do."""
    people = crowd(20)
    alone = tuple(
        replace(
            person,
            name=f"c{person.name}",
            source=1,
            singles=person.singles[:1],
            enrolment=(),
            excerpts=(),
        )
        for person in crowd(30, seed=9)
    )

    names = ("score", "offset")
    without = fitted(pair_comparisons(people, Scoring()), SPAN, names)
    among = fitted(pair_comparisons((*people, *alone), Scoring()), SPAN, names)

    assert among == without


def test_where_genuine_trials_are_few_nobody_like_them_is_rejected() -> None:
    assert _hardly_reached(np.arange(250.0)) == 0.0


def test_of_many_genuine_trials_fewer_than_one_in_a_hundred_are_rejected() -> None:
    assert 80.0 <= _hardly_reached(np.arange(10_000.0)) < 100.0
