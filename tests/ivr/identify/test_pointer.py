"""Where something stands in a JSON document."""

import pytest

from ivr.identify.pointer import at, is_pointer

DOCUMENT = {"a/b": 1, "m~n": 2, "list": [{"x": None}, "y"], "": 3, "01": 4}


@pytest.mark.parametrize("text", ["a", "a/b", "/a~", "/a~2b", "$.a"])
def test_what_is_no_pointer(text: str) -> None:
    assert not is_pointer(text)


@pytest.mark.parametrize(
    "pointer", ["/c", "/list/2", "/list/-1", "/list/01", "/list/x", "/list/1/y", "/a~1b/c"]
)
def test_where_nothing_stands_there_is_none(pointer: str) -> None:
    assert is_pointer(pointer)
    assert at(DOCUMENT, pointer) is None


@pytest.mark.parametrize(
    ("pointer", "found"),
    [("", DOCUMENT), ("/a~1b", 1), ("/m~0n", 2), ("/list/1", "y"), ("/", 3), ("/01", 4)],
)
def test_what_stands_there(pointer: str, found: object) -> None:
    assert is_pointer(pointer)
    assert at(DOCUMENT, pointer) == found
