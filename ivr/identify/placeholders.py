"""What a source may be asked by: the number that calls, or the id of a customer."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import quote

_IN_ADDRESS = re.compile(r"\{([^{}]*)\}")
_IN_QUERY = re.compile(r"(?<![:\w\\]):([A-Za-z_]\w*)")
"""SQLAlchemy's way; `::text` is a cast of PostgreSQL and no placeholder."""


class By(StrEnum):
    """What a source goes by."""

    NUMBER = "number"
    CUSTOMER = "customer_id"


_NAMES: Mapping[str, By] = {
    "number": By.NUMBER,  # +4989123456
    "number_digits": By.NUMBER,  # 4989123456
    "customer_id": By.CUSTOMER,
}


def by_in_address(*templates: object) -> By:
    """What the blanks of an address, and of a body, ask by.

    Raises:
        ValueError: nothing is asked by, or two things, or something that nobody knows.
    """
    return _by({name for one in templates for name in _blanks(one)}, "{number} or {customer_id}")


def by_in_query(*queries: str) -> By:
    """What the parameters of SQL queries ask by.

    Raises:
        ValueError: as `by_in_address`.
    """
    found = {name for query in queries for name in _IN_QUERY.findall(query)}
    return _by(found, ":number or :customer_id")


def values_of(by: By, key: str) -> dict[str, str]:
    """The placeholders filled in for `key`, a number (E.164) or a customer's id."""
    if by is By.CUSTOMER:
        return {"customer_id": key}
    return {"number": key, "number_digits": key.removeprefix("+")}


def used_in_query(query: str, values: Mapping[str, str]) -> dict[str, str]:
    """Those that a query names."""
    return {name: values[name] for name in _IN_QUERY.findall(query)}


def filled_address(template: str, values: Mapping[str, str]) -> str:
    """Percent-encoded: a value stays one part of the address."""
    return _IN_ADDRESS.sub(lambda blank: quote(values[blank[1]], safe=""), template)


def filled_body(template: object, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """The texts in a JSON document filled in."""
    match template:
        case str():
            return _IN_ADDRESS.sub(lambda blank: values[blank[1]], template)
        case dict():
            return {name: filled_body(inner, values) for name, inner in template.items()}
        case list():
            return [filled_body(inner, values) for inner in template]
        case _:
            return template


def _by(names: set[str], wanted: str) -> By:
    unknown = sorted(names - set(_NAMES))
    if unknown:
        raise ValueError(f"nothing fills in {', '.join(unknown)}; use {wanted}")
    found = {_NAMES[name] for name in names}
    if len(found) != 1:
        raise ValueError(f"ask by {wanted}, and by one of them only")
    return found.pop()


def _blanks(template: object) -> set[str]:
    match template:
        case str():
            return set(_IN_ADDRESS.findall(template))
        case dict():
            return {name for inner in template.values() for name in _blanks(inner)}
        case list():
            return {name for inner in template for name in _blanks(inner)}
        case _:
            return set()
