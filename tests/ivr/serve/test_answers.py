"""Facts, options and a no, taken out of answers."""

import pytest

from ivr.errand import Declined, Option
from ivr.serve.answers import NotAsDescribed, declined, facts_of, options_of
from ivr.serve.business import Action, Fact, Listing
from ivr.serve.sender import Answered

FLIGHTS = Listing.model_validate(
    {
        "ask": {"path": "/flights"},
        "entries": "found.flights",
        "slots": {"flight": "number"},
        "facts": {"departure": "at.0"},
    }
)
ACTION = Action.model_validate(
    {
        "assurance": "voice",
        "parts": [{"do": {"path": "/"}}],
        "declined": {
            "GONE": "gone",
            "404": "unknown",
            "TWICE": {"code": "twice", "facts": {"ticket": "ticket"}},
        },
    }
)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"price": None},
        {"price": {}},
        {"price": []},
        {"price": ""},
        {"price": "  "},
        {"price": "9" * 201},
        [],
        "price",
    ],
)
def test_an_answer_without_its_fact_is_not_understood(body: object) -> None:
    with pytest.raises(NotAsDescribed):
        facts_of({"amount": Fact(at="price")}, body)


def test_a_word_that_no_prompt_tells_is_not_understood() -> None:
    status = Fact(at="status", words={"late": "word.late"})

    with pytest.raises(NotAsDescribed):
        facts_of({"status": status}, {"status": "word.secret"})


def test_facts_are_found_at_their_places() -> None:
    sources = {
        "amount": Fact(at="price.net", shape="{} EUR"),
        "first": Fact(at="list.0"),
        "status": Fact(at="status", words={"late": "word.late"}),
        "paid": Fact(at="paid"),
    }
    body = {"price": {"net": 49.9}, "list": ["a", "b"], "status": "late", "paid": True}

    assert facts_of(sources, body) == {
        "amount": "49.9 EUR",
        "first": "a",
        "status_key": "word.late",
        "paid": "true",
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"found": {"flights": {}}},
        {"found": {"flights": [{"number": "LH1"}]}},
        {"found": {"flights": ["LH1"]}},
    ],
)
def test_options_that_lack_something_are_not_understood(body: dict[str, object]) -> None:
    with pytest.raises(NotAsDescribed):
        options_of(FLIGHTS, body)


def test_options_come_in_the_order_of_the_answer() -> None:
    flights = [{"number": number, "at": ["10:15"]} for number in ("LH2", "LH1")]

    assert options_of(FLIGHTS, {"found": {"flights": flights}}) == tuple(
        Option(slots={"flight": number}, facts={"departure": "10:15"}) for number in ("LH2", "LH1")
    )


@pytest.mark.parametrize(
    ("answered", "no"),
    [
        (Answered(status=409), Declined(code="other")),
        (Answered(status=409, body={"code": "NEW"}), Declined(code="other")),
        (Answered(status=409, body={"code": ["GONE"]}), Declined(code="other")),
        (Answered(status=409, body={"code": "GONE"}), Declined(code="gone")),
        (Answered(status=404), Declined(code="unknown")),
        (Answered(status=404, body={"code": "GONE"}), Declined(code="gone")),
        (Answered(status=409, body={"code": "TWICE"}), Declined(code="other")),
        (
            Answered(status=409, body={"code": "TWICE", "ticket": 7}),
            Declined(code="twice", facts={"ticket": "7"}),
        ),
    ],
)
def test_a_no_has_our_code_where_the_file_names_it(answered: Answered, no: Declined) -> None:
    assert declined(ACTION, answered) == no
