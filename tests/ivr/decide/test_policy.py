from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import ivr.decide.policy
from ivr.call import Assurance
from ivr.decide.policy import Need, Policy, read_policy
from ivr.errand import Task
from ivr.errors import BadPolicy

PACKAGED = Path(ivr.decide.policy.__file__).with_name("policy.yaml")
NEEDS = {"go": Need(assurance=Assurance.OPEN, may_suggest=True)}
GOOD = {
    "priority_rules": [],
    "person": {"queue": "agents", "priority": 50},
    "failures_until_person": 3,
    "least_hearing": 0.35,
    "confirm_below": 0.5,
    "businesses": {"shop": {"requests": {"go": "answer"}}},
}

Write = Callable[[object], Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    def write(content: object) -> Path:
        file = tmp_path / "policy.yaml"
        file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
        return file

    return write


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a: [", "is not valid YAML"),
        ("", "policy.yaml: "),
        ({**GOOD, "person": {"queue": "agents", "priority": 101}}, "person.priority"),
        ({**GOOD, "surprise": 1}, "surprise"),
        ({**GOOD, "repeat_digits_for": ["everything"]}, "repeat_digits_for"),
        ({**GOOD, "digits_tries": 10}, "digits_tries"),
        ({**GOOD, "businesses": {}}, "no rules for the business shop"),
        ({**GOOD, "businesses": {"shop": {"requests": {"fly": "answer"}}}}, "'fly'"),
        (
            {
                **GOOD,
                "businesses": {
                    "shop": {
                        "events": {"x": {"suggests": "fly", "within_days": 3}},
                        "requests": {},
                    }
                },
            },
            "'fly'",
        ),
    ],
)
def test_a_policy_that_cannot_be_used_says_where(
    written: Write, content: object, sentence: str
) -> None:
    with pytest.raises(BadPolicy, match=sentence):
        read_policy(written(content), business="shop", needs=NEEDS)


def test_a_policy_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy, match="no such file"):
        read_policy(tmp_path / "none.yaml", business="shop", needs=NEEDS)


def test_a_managers_own_policy_is_used(written: Write) -> None:
    policy = read_policy(written(GOOD), business="shop", needs=NEEDS)

    assert policy.requests == {"go": "answer"}


def test_a_policy_that_says_nothing_of_digits_asks_for_none(written: Write) -> None:
    policy = read_policy(written(GOOD), business="shop", needs=NEEDS)

    assert policy.repeat_digits_for == frozenset()


def test_only_what_is_merely_told_is_told_on_a_lesser_probability(policy: Policy) -> None:
    told, done = policy.sure_from("baggage_allowance"), policy.sure_from("rebook_flight")
    tasks = {"baggage_allowance": Task()}

    assert told < done
    assert replace(policy, tasks=tasks).sure_from("baggage_allowance") == done
    assert policy.sure_from("nobody_described_it") == done


def test_a_rule_for_an_intent_that_nobody_can_ask_for_is_refused(written: Write) -> None:
    rule = {
        "reason": "typing slip",
        "when": {"intents": ["goo"]},
        "priority": 90,
        "puts_through": False,
    }

    with pytest.raises(BadPolicy, match="'goo'"):
        read_policy(written({**GOOD, "priority_rules": [rule]}), business="shop", needs=NEEDS)
