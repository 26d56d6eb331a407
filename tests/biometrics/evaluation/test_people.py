"""Ages and sexes are read, and a line with a slip is refused."""

from pathlib import Path

import pytest

from biometrics.errors import BadPeople
from biometrics.evaluation.people import About, read_people


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "must have the columns"),
        ("speaker,age\na,3\n", "must have the columns"),
        ("speaker,age,sex\na,old,f\n", "line 2: must be a speaker"),
        ("speaker,age,sex\na,3,f\nb,4,x\n", "line 3: must be a speaker"),
        ("speaker,age,sex\n,3,f\n", "line 2: must be a speaker"),
    ],
)
def test_a_list_with_a_slip_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "people.csv").write_text(content, encoding="utf-8")

    with pytest.raises(BadPeople, match=sentence):
        read_people(tmp_path / "people.csv")


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPeople, match="missing or unreadable"):
        read_people(tmp_path / "people.csv")


def test_what_is_not_known_stays_unknown(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,speaker,sex\n7,a,F\n,b,\n", encoding="utf-8")

    people = read_people(tmp_path / "people.csv")

    assert people == {"a": About(age=7, sex="f"), "b": About(age=None, sex="")}
    assert people["b"].age_group == ""


@pytest.mark.parametrize(
    ("age", "group"), [(0, "0-11"), (11, "0-11"), (12, "12-17"), (18, "18-39"), (65, "65-120")]
)
def test_ages_fall_into_groups(age: int, group: str) -> None:
    assert About(age=age, sex="").age_group == group
