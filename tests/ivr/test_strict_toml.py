"""TOML that is wrong is wrong in one way."""

import tomllib

import pytest

from ivr.strict_toml import parsed


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a = " + "[" * 50_000, "too deep"),
        ("a = " + "9" * 5_000, "number that is too long"),
        ("#" * 5_000_000, "too long"),
        ("a = 2026-99-99", "line 1"),
    ],
)
def test_what_is_no_toml_is_told_in_one_way(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        parsed(text)


def test_where_it_is_wrong_is_still_told() -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match="line 2"):
        parsed("a = 1\na = 2\nb")


def test_what_is_toml_is_read() -> None:
    assert parsed('a = "b"\n[c]\nd = [1, 2]') == {"a": "b", "c": {"d": [1, 2]}}
