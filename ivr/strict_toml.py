"""TOML as people write it by hand; whatever is wrong with it is one kind of error."""

import tomllib
from typing import Any

_LARGEST = 4 * 1024 * 1024
"""Characters; a hundred times as many as our longest."""


def parsed(text: str) -> dict[str, Any]:
    """The tables of a text.

    Raises:
        ValueError: it is no TOML, too long or too deep, or has a number of thousands of digits.
    """
    if len(text) > _LARGEST:
        raise ValueError("it is too long")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError as err:
        raise ValueError("it is too deep") from err
    except ValueError as err:
        raise ValueError("it holds a number that is too long") from err
