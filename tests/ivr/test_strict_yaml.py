"""Whatever stands in a file of YAML, it is read or refused, and the service goes on."""

from pathlib import Path

import pytest
import yaml

from ivr.errors import BadPack
from ivr.strict_yaml import TooInvolved, composed, read_yaml

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefg", "bcdefgh", strict=True)
)
"""Nine times as much with each line."""

TOO_MUCH = {
    "brackets": "a: " + "[" * 100_000,
    "braces": "a: " + "{a: " * 100_000,
    "indents": "\n".join(" " * depth + "a:" for depth in range(800)),
    "laughs": LAUGHS,
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_would_end_the_process_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(
        BadPack, match=r"pack.yaml: is too long, too deep or too repetitive \(line \d+\)"
    ):
        read_yaml(_file(tmp_path, text), BadPack)
    with pytest.raises(TooInvolved):
        composed(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("? [a, b]\n: c\n", r"is not valid YAML \(line 1\)"),
        ("a: 2026-99-99\n", "holds a value that is none of its kind"),
        ("a: !!int many\n", "holds a value that is none of its kind"),
        ("a: !!bool maybe\n", "holds a value that is none of its kind"),
        ("a: !!timestamp soon\n", "holds a value that is none of its kind"),
        ("a: !!python/object:os.system x\n", r"is not valid YAML \(line 1\)"),
        ("a: 1\na: 2\n", "'a' is written twice, the second time in line 2"),
        ("- a\n", "must hold named entries"),
        ("a: 1\n2: b\n", "must hold named entries"),
    ],
)
def test_what_is_no_list_of_named_values_is_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(BadPack, match=sentence):
        read_yaml(_file(tmp_path, text), BadPack)


def test_a_few_entries_may_stand_for_others(tmp_path: Path) -> None:
    text = "a: &same [1, 2]\nb: *same\nc:\n  d: {e: [[f]]}\n"

    assert read_yaml(_file(tmp_path, text), BadPack) == {
        "a": [1, 2],
        "b": [1, 2],
        "c": {"d": {"e": [["f"]]}},
    }
    assert isinstance(composed(text), yaml.MappingNode)
    assert composed("") is None


def _file(folder: Path, text: str) -> Path:
    file = folder / "pack.yaml"
    file.write_text(text, "utf-8")
    return file
