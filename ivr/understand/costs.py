"""What a wrong answer costs, and from which probability on each answer is the cheapest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

_STEPS = 20
_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What it costs, in any one unit. One extra question is the natural unit."""

    wrong_action: float = 10.0
    """Something is done, or told, that the caller did not want."""

    wrong_offer: float = 3.0
    """The caller is asked for something that they do not want, and must put it right."""

    question: float = 1.0
    """One more question that the caller answers with yes or no."""

    choice: float = 1.5
    """One more question with two things to choose from: longer to listen to."""

    rephrase: float = 2.5
    """The caller has to say it again in other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to do what, as calibrated probabilities."""

    take_from: float
    """From here on the best intent is taken without asking."""

    second_from: float
    """The second is offered beside the first when it is at least this probable."""

    offer_from: float
    """Something is offered when what is offered is right at least so probably; otherwise the
    caller is asked for other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A prediction on a sentence that the model had not seen."""

    first: float
    """Calibrated probability of the best intent."""

    second: float
    first_is_right: bool
    second_is_right: bool


def limits_for(costs: Costs) -> Limits:
    """The limits at which two answers cost the same, given that probabilities are true.

    Taking costs (1 - p) x wrong action; asking costs a question + (1 - p) x wrong offer.
    """
    spared = costs.wrong_action - costs.wrong_offer
    take = 1 - costs.question / spared if spared > costs.question else 0.0
    second = (costs.choice - costs.question) / costs.wrong_offer
    offer = 1 - (costs.rephrase - costs.question) / costs.wrong_offer
    return Limits(
        take_from=take, second_from=min(max(second, 0.0), 1.0), offer_from=min(max(offer, 0.0), 1.0)
    )


def cheapest_limits(guesses: Sequence[Guess], costs: Costs) -> Limits:
    """The limits that cost least on these predictions; of several the most careful.

    Where probabilities promise less than they keep, these are lower than those of `limits_for`.
    """
    steps = [step / _STEPS for step in range(_STEPS + 1)]
    best = limits_for(costs)
    for _ in range(_ROUNDS):  # one limit after the other, until none moves
        best = min(
            (replace(best, take_from=step) for step in reversed(steps)),
            key=lambda limits: mean_cost(guesses, costs, limits),
        )
        best = min(
            (replace(best, second_from=step) for step in steps),
            key=lambda limits: mean_cost(guesses, costs, limits),
        )
        best = min(
            (replace(best, offer_from=step) for step in reversed(steps)),
            key=lambda limits: mean_cost(guesses, costs, limits),
        )
    return best


def mean_cost(guesses: Sequence[Guess], costs: Costs, limits: Limits) -> float:
    """What a caller costs on average with these limits.

    Args:
        guesses: one or more.
        costs: see there.
        limits: any, not only those of `limits_for`.
    """
    return sum(_cost(guess, costs, limits) for guess in guesses) / len(guesses)


def _cost(guess: Guess, costs: Costs, limits: Limits) -> float:
    if guess.first >= limits.take_from:
        return 0.0 if guess.first_is_right else costs.wrong_action
    is_pair = guess.second >= limits.second_from
    if guess.first + (guess.second if is_pair else 0.0) < limits.offer_from:
        return costs.rephrase
    is_right = guess.first_is_right or (is_pair and guess.second_is_right)
    asked = costs.choice if is_pair else costs.question
    return asked if is_right else asked + costs.wrong_offer
