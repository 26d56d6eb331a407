"""What short replies mean by their words alone."""

import pytest

from ivr.decide.options import option_in
from ivr.decide.replies import is_bare_no, is_plain_yes, which_of
from ivr.errand import Option


@pytest.mark.parametrize(
    "text",
    [
        *("Ja gut, brechen Sie das ab.", "Okay, lassen wir das.", "Okay, lasso geht das."),
        *("Ja, aber nicht die Karte.", "Ja nein.", "Okay, stopp.", "Ja, was kostet das denn?"),
        *("Ja, Moment.", "Passt nicht.", "Ja, die andere.", "und zustands bitte", "na ja"),
        *("Yes, please don't.", "Yes but hold on.", "Right, I don't want that.", "Sure, why not?"),
        *("Okay cancel that then, no.", "Yes, that's wrong.", "okay forget it", "hold on", ""),
        "Ja, ich wollte eigentlich gern noch wissen, ob das geht, bitte sehr.",
    ],
)
def test_what_only_sounds_like_a_yes_is_none(text: str) -> None:
    assert not is_plain_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Ja.", "Ja, genau.", "Ja, das ist richtig so.", "Ja, das stimmt.", "Jawohl", "Gern."),
        *("Passt schon.", "In Ordnung.", "Okay.", "Ja bitte, so schnell wie möglich.", "Genau so."),
        *("Yes.", "Yes please.", "Yes, that is right.", "Correct.", "Sure.", "Okay, go ahead."),
        *("That's the one.", "Sounds good.", "Yes, please cancel it.", "Machen Sie das bitte."),
    ],
)
def test_a_plain_yes_is_one(text: str) -> None:
    assert is_plain_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        *("One moment please, let me think about it.", "Ich habe da erst noch zwei Fragen."),
        *("Just one second.", "um drei", "the cheapest one", "the other one", "neither one"),
        *(
            "am dritten März",
            "zum ersten Mal",
            "nicht die erste",
            "not the first",
            "first or third",
        ),
        "",
    ],
)
def test_what_chooses_nothing_chooses_nothing(text: str) -> None:
    assert which_of(text, 3) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *[("die erste bitte", 0), ("Nummer zwei", 1), ("number 3 please", 2), ("zwei", 1)],
        *[("the second one", 1), ("ich nehme die dritte", 2), ("the last one", 2), ("Option 1", 0)],
        ("den letzten", 2),
    ],
)
def test_a_place_that_is_named_is_chosen(text: str, place: int) -> None:
    assert which_of(text, 3) == place


@pytest.mark.parametrize("text", ["nein danke", "No, that's all, thank you."])
def test_a_bare_no(text: str) -> None:
    assert is_bare_no(text)


FLIGHTS = (
    Option(slots={"flight": "LH453"}, facts={"departure": "2026-11-26T10:15"}),
    Option(slots={"flight": "LH457"}, facts={"departure": "2026-11-26T15:40"}),
    Option(slots={"flight": "UA962"}, facts={"departure": "2026-11-27T09:05"}),
)
TARIFFS = (
    Option(slots={"tariff": "Mobil S"}, facts={"amount": "14.99 EUR"}),
    Option(slots={"tariff": "Mobil M"}, facts={"amount": "24.99 EUR"}),
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *[("Den um 15 Uhr 40", 1), ("Den um 15.40 Uhr", 1), ("the one at 10:15", 0)],
        *[("den am Freitag", 2), ("the Friday one", 2), ("LH457 bitte", 1)],
        *[("den frühesten", 0), ("the later one", 2), ("the one at 3:40 pm", 1)],
        *[("den am Donnerstag", None), ("irgendeinen", None), ("um 12 Uhr", None)],
    ],
)
def test_an_option_is_named_by_what_is_in_it(text: str, place: int | None) -> None:
    assert option_in(text, FLIGHTS) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [("Mobil M", 1), ("den günstigsten", 0), ("the most expensive", 1), ("M", None)],
)
def test_a_price_or_a_name_is_enough(text: str, place: int | None) -> None:
    assert option_in(text, TARIFFS) == place
