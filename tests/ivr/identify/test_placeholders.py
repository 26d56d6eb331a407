"""What a source is asked by."""

import pytest

from ivr.identify.placeholders import (
    By,
    by_in_address,
    by_in_query,
    filled_address,
    filled_body,
    used_in_query,
    values_of,
)


@pytest.mark.parametrize(
    "address", ["https://crm/all", "https://crm/{name}", "https://crm/{number}/{customer_id}", "{}"]
)
def test_an_address_asks_by_one_thing_that_is_known(address: str) -> None:
    with pytest.raises(ValueError, match="customer_id"):
        by_in_address(address)


@pytest.mark.parametrize(
    "query", ["SELECT 1", "SELECT :name", "SELECT :number, :customer_id", "SELECT '12:30'::text"]
)
def test_a_query_asks_by_one_thing_that_is_known(query: str) -> None:
    with pytest.raises(ValueError, match="customer_id"):
        by_in_query(query)


def test_what_is_asked_by() -> None:
    assert by_in_address("https://crm/?q={number_digits}") is By.NUMBER
    assert by_in_address("https://crm/", {"filter": [{"id": "{customer_id}"}]}) is By.CUSTOMER
    assert by_in_query("SELECT a::text FROM t WHERE n = :number") is By.NUMBER


def test_a_value_leads_nowhere_else() -> None:
    values = values_of(By.CUSTOMER, "../a?b=c#d/e%2f")

    filled = filled_address("https://crm/c/{customer_id}/x", values)

    assert filled == "https://crm/c/..%2Fa%3Fb%3Dc%23d%2Fe%252f/x"


def test_a_body_and_a_query_are_filled_in() -> None:
    values = values_of(By.NUMBER, "+4989")

    assert filled_body({"q": ["{number}", 1], "d": "t:{number_digits}"}, values) == {
        "q": ["+4989", 1],
        "d": "t:4989",
    }
    assert used_in_query("SELECT x::int WHERE n = :number_digits", values) == {
        "number_digits": "4989"
    }
