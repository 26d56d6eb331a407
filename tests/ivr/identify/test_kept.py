"""Answers that were given before."""

import pytest

from ivr.identify.fact import Answer, Failed, Nobody, Told, Why
from ivr.identify.kept import Kept, KeptAnswers, Lives

LIVES = Lives(fresh_s=10, stale_s=20, nobody_s=5)
TOLD = Told()


def kept(answer: Answer, most: int = 9) -> KeptAnswers:
    answers = KeptAnswers(LIVES, most=most)
    answers.put("+49", answer, now=100)
    return answers


def test_a_failure_is_no_answer_and_leaves_an_earlier_one_alone() -> None:
    answers = kept(TOLD)
    answers.put("+49", Failed(why=Why.DOWN), now=101)
    answers.put("+44", Failed(why=Why.DOWN), now=101)

    assert answers.find("+49", 101) == Kept(answer=TOLD, is_fresh=True)
    assert answers.find("+44", 101) is None


@pytest.mark.parametrize(("at", "is_fresh"), [(100, True), (109, True), (110, False), (129, False)])
def test_an_answer_ages(at: float, is_fresh: bool) -> None:
    assert kept(TOLD).find("+49", at) == Kept(answer=TOLD, is_fresh=is_fresh)


def test_what_is_too_old_is_gone() -> None:
    answers = kept(TOLD)

    assert answers.find("+49", 130) is None
    assert answers.find("+49", 100) is None


def test_that_nobody_is_known_is_never_used_stale() -> None:
    assert kept(Nobody()).find("+49", 104) == Kept(answer=Nobody(), is_fresh=True)
    assert kept(Nobody()).find("+49", 105) is None


def test_the_one_that_was_used_longest_ago_makes_room() -> None:
    answers = kept(TOLD, most=2)
    answers.put("+44", TOLD, now=101)
    answers.find("+49", 102)
    answers.put("+33", TOLD, now=103)

    found = [key for key in ("+49", "+44", "+33") if answers.find(key, 104)]
    assert found == ["+49", "+33"]


def test_everything_can_be_forgotten() -> None:
    answers = kept(TOLD)
    answers.clear()

    assert answers.find("+49", 100) is None
