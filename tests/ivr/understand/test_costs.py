"""What is cheapest follows from what mistakes cost."""

import pytest

from ivr.understand.costs import (
    Costs,
    Guess,
    Limits,
    cheapest_limits,
    limits_for,
    mean_cost,
)

COSTS = Costs(wrong_action=10, wrong_offer=3, question=1, choice=1.5, rephrase=2.5)


def guess(first: float, second: float = 0.0, *, right: str = "first") -> Guess:
    return Guess(
        first=first,
        second=second,
        first_is_right=right == "first",
        second_is_right=right == "second",
    )


def test_a_limit_stands_where_both_answers_cost_the_same() -> None:
    limits = limits_for(COSTS)
    taken = (1 - limits.take_from) * COSTS.wrong_action
    asked = COSTS.question + (1 - limits.take_from) * COSTS.wrong_offer

    assert taken == pytest.approx(asked)
    assert limits.second_from == pytest.approx(0.5 / 3)
    assert limits.offer_from == pytest.approx(0.5)


def test_the_worse_a_wrong_action_the_more_is_asked() -> None:
    harmless = limits_for(Costs(wrong_action=4.5))
    grave = limits_for(Costs(wrong_action=100))

    assert harmless.take_from < limits_for(COSTS).take_from < grave.take_from < 1


def test_where_a_wrong_action_costs_no_more_than_asking_nothing_is_asked() -> None:
    assert limits_for(Costs(wrong_action=3.5)).take_from == 0


@pytest.mark.parametrize(
    ("told", "cost"),
    [
        (guess(0.9), 0),
        (guess(0.9, right="neither"), 10),
        (guess(0.7), 1),
        (guess(0.7, right="neither"), 4),
        (guess(0.5, 0.3), 1.5),
        (guess(0.5, 0.3, right="second"), 1.5),
        (guess(0.5, 0.3, right="neither"), 4.5),
        (guess(0.3, 0.1), 2.5),
    ],
)
def test_every_answer_has_its_price(told: Guess, cost: float) -> None:
    limits = Limits(take_from=0.8, second_from=0.2, offer_from=0.5)

    assert mean_cost([told], COSTS, limits) == cost


def test_no_other_limit_is_cheaper_when_probabilities_are_true() -> None:
    told = [
        guess(share / 100, right="first" if place < share else "neither")
        for share in range(1, 100)
        for place in range(100)
    ]
    best = limits_for(COSTS)
    others = [
        Limits(take_from=take, second_from=best.second_from, offer_from=best.offer_from)
        for take in (0.6, 0.7, 0.8, 0.95)
    ]

    assert all(mean_cost(told, COSTS, best) <= mean_cost(told, COSTS, other) for other in others)


def test_limits_are_lower_where_probabilities_promise_too_little() -> None:
    modest = [guess(0.6, 0.1)] * 50 + [guess(0.3, 0.1, right="neither")] * 5
    best = cheapest_limits(modest, COSTS)

    assert best.take_from == 0.6
    assert mean_cost(modest, COSTS, best) < mean_cost(modest, COSTS, limits_for(COSTS))


def test_limits_are_higher_where_probabilities_promise_too_much() -> None:
    boastful = [guess(0.9, right="neither")] * 20 + [guess(0.9)] * 20 + [guess(0.99)] * 20

    assert cheapest_limits(boastful, COSTS).take_from > 0.9
