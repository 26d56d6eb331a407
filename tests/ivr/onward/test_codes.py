"""Tokens and codes."""

import re

from ivr.onward.codes import (
    browser_digest,
    code_digest,
    is_code,
    name_of,
    new_browser,
    new_code,
    token_of,
)

KEY = b"k" * 32


def test_what_is_no_token_finds_nothing() -> None:
    token = token_of(KEY, "request")

    for other in ("", token[:-1], token + "A", token[:-1] + "/", "ä" * 43):
        assert name_of(other) is None


def test_a_token_is_of_its_request_and_its_key() -> None:
    assert token_of(KEY, "one") == token_of(KEY, "one")
    assert len({token_of(KEY, "one"), token_of(KEY, "two"), token_of(b"o" * 32, "one")}) == 3


def test_what_is_kept_tells_neither_token_nor_code() -> None:
    token = token_of(KEY, "request")

    assert token not in str(name_of(token))
    assert "482137" not in code_digest(token, "482137")
    assert code_digest(token, "482137") != code_digest(token_of(KEY, "other"), "482137")


def test_only_the_code_is_the_code() -> None:
    token = token_of(KEY, "request")
    digest = code_digest(token, "048213")

    for wrong in ("", "48213", "048214", "0482130", "\u0660\u0664\u0668\u0662\u0661\u0663"):
        assert not is_code(token, wrong, digest)
    for right in ("048213", " 048 213 "):
        assert is_code(token, right, digest)


def test_a_code_has_its_digits() -> None:
    assert all(re.fullmatch(r"\d{6}", new_code(6)) for _ in range(100))
    assert len({new_code(6) for _ in range(20)}) > 10


def test_browsers_differ() -> None:
    one, other = new_browser(), new_browser()

    assert one != other
    assert browser_digest(one) != browser_digest(other)
