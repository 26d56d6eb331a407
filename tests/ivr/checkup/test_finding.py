"""Whatever goes wrong in looking is found too."""

from collections.abc import Iterator

import pytest

from ivr.checkup.finding import Finding, looked
from ivr.errors import ModelDamaged


def test_a_problem_of_ours_is_told_in_its_sentence() -> None:
    def look() -> Iterator[Finding]:
        yield Finding(what="a", found="well")
        raise ModelDamaged("The model is damaged.")

    well, broken = looked("model", look, remedy="none")

    assert well.is_well
    assert broken.is_fatal
    assert broken.sentence == "model: cannot be used [model_damaged]. The model is damaged."
    assert broken.code == "model_damaged"


def test_what_nobody_foresaw_is_told_without_its_message() -> None:
    def look() -> Iterator[Finding]:
        raise ValueError("+4989123456")
        yield Finding(what="never", found="")

    (broken,) = looked("model", look, remedy="Pull it again.")

    assert broken.is_fatal
    assert broken.sentence == "model: breaks (ValueError). Pull it again."


@pytest.mark.parametrize(("is_well", "is_required"), [(True, True), (False, False), (True, False)])
def test_only_what_is_required_and_not_well_is_fatal(*, is_well: bool, is_required: bool) -> None:
    assert not Finding(what="a", found="b", is_well=is_well, is_required=is_required).is_fatal
