"""Texts with blanks."""

import pytest

from ivr.serve.blanks import NothingToFillIn, all_blanks, blanks, filled_body, filled_path


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_value_that_leads_to_another_place_is_refused(value: str) -> None:
    with pytest.raises(NothingToFillIn):
        filled_path("/cards/{card}", {}, {"card": value})


def test_a_value_that_is_missing_is_refused() -> None:
    with pytest.raises(NothingToFillIn):
        filled_path("/cards/{card}", {}, {})
    with pytest.raises(NothingToFillIn):
        filled_body({"card": "{card}"}, {})


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("../admin", "/cards/..%2Fadmin"),
        ("1?a=b#c", "/cards/1%3Fa%3Db%23c"),
        ("ä %2e", "/cards/%C3%A4%20%252e"),
        ("{other}", "/cards/%7Bother%7D"),
    ],
)
def test_a_value_stays_one_part_of_a_path(value: str, path: str) -> None:
    assert filled_path("/cards/{card}", {}, {"card": value, "other": "x"}) == path


def test_what_may_lack_is_left_out() -> None:
    query = {"date": "{date?}", "all": "yes"}

    assert filled_path("/flights", query, {}) == "/flights?all=yes"
    assert filled_path("/flights", query, {"date": "a&b"}) == "/flights?date=a%26b&all=yes"
    assert filled_body({"date": "{date?}"}, {}) == {}


def test_a_body_keeps_its_form() -> None:
    body = {"card": {"last4": "{card}"}, "urgent": True, "note": "about {card} and {card}"}

    assert filled_body(body, {"card": "4417"}) == {
        "card": {"last4": "4417"},
        "urgent": True,
        "note": "about 4417 and 4417",
    }


def test_blanks_are_told_by_whether_they_may_lack() -> None:
    assert blanks("/a/{b}/{c?}") == {"b"}
    assert set(all_blanks({"x": "{b}", "y": {"z": "{c?}"}, "n": 1})) == {"b", "c"}
