"""Each threat names a test, and the test is there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "threat-model.md").read_text("utf-8")
ROWS = re.findall(r"^\| ([STRIDE]) \| (.+?) \| (.+) \| `([^`]+)` \|$", PAGE, re.MULTILINE)


def test_every_kind_of_threat_is_thought_of() -> None:
    assert {kind for kind, *_ in ROWS} == set("STRIDE")
    assert len(ROWS) == len(re.findall(r"^\| [STRIDE] \|", PAGE, re.MULTILINE))


@pytest.mark.parametrize("named", sorted({row[3] for row in ROWS}))
def test_the_test_that_is_named_exists(named: str) -> None:
    file, _, name = named.partition("::")

    text = (TESTS / file).read_text("utf-8")
    assert f"def {name}(" in text if name else "def test_" in text
