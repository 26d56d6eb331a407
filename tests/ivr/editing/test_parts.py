"""A piece that is edited by itself goes back to where it was, and nothing else changes."""

from pathlib import Path

import pytest

from ivr.decide import policy
from ivr.editing.parts import parts_of

RULES = Path(policy.__file__).with_name("policy.yaml").read_text("utf-8")
TEXT = """name: kiosk
# all of them
intents:
  buy:
    de: [a]
  # the other way round
  sell:
    de:
      - b
last: 1
"""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "- x\n- y\n",
        "{a: 1, b: 2}\n",
        "\x00",
        "? [a, b]\n: c\n",
        "a: " + "[" * 100_000,
        "\n".join(" " * depth + "a:" for depth in range(800)),
    ],
    ids=lambda text: text[:12],
)
def test_what_has_no_pieces_is_edited_whole(text: str) -> None:
    assert parts_of(text) == ()


def test_an_entry_without_a_name_hides_no_others() -> None:
    found = {part.name for part in parts_of("a: 1\n? [b, c]\n: 2\nd: 3\n")}

    assert found == {"a", "d"}


def test_entries_are_pieces() -> None:
    found = {part.name: part.cut(TEXT) for part in parts_of(TEXT)}

    assert found == {
        "name": "name: kiosk\n# all of them\n",
        "intents.buy": "  buy:\n    de: [a]\n  # the other way round\n",
        "intents.sell": "  sell:\n    de:\n      - b\n",
        "last": "last: 1\n",
    }


@pytest.mark.parametrize(
    "text", [TEXT, Path(policy.__file__).with_name("policy.yaml").read_text("utf-8")]
)
def test_a_piece_that_is_put_back_changes_nothing(text: str) -> None:
    assert len(parts_of(text)) > 3
    for part in parts_of(text):
        assert part.put(text, part.cut(text)) == text


def test_only_the_piece_changes() -> None:
    sell = parts_of(TEXT)[2]

    assert sell.put(TEXT, "  sell:\n    de: [c]") == TEXT.replace(
        "    de:\n      - b\n", "    de: [c]\n"
    )
