"""What is installed is what was pinned, under licences that let us use it."""

import re
import tomllib

import pytest

from .dependencies import ROOT, Pinned, canonical, installed, pinned, pins

TEXT = (ROOT / "constraints.txt").read_text()
WANTED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"rufwerk", "pip"}


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "AGPL-3.0", "Proprietary", "UNKNOWN", ""])
def test_other_licences_are_not_allowed(licence: str) -> None:
    licences = (licence,) if licence else ()

    assert not Pinned(name="x", version="1", installed="1", licences=licences).is_allowed
    assert not Pinned(name="x", version="1", installed="1", licences=("MIT", "GPL")).is_allowed


def test_every_pin_is_one_exact_version() -> None:
    lines = [line for line in TEXT.splitlines() if line and not line.startswith("#")]

    assert len(lines) > 100
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert len(pins(TEXT)) == len(lines)


def test_every_dependency_is_pinned() -> None:
    extras = [line for lines in WANTED["optional-dependencies"].values() for line in lines]
    named = {
        canonical(re.split(r"[^\w.-]", line, maxsplit=1)[0])
        for line in [*WANTED["dependencies"], *extras]
    }

    assert named - set(pins(TEXT)) == set()


def test_nothing_is_installed_that_is_not_pinned() -> None:
    """What somebody puts there by hand is no part of what is tested."""
    assert set(installed()) - set(pins(TEXT)) - OURS == set()


def test_what_is_installed_has_the_pinned_version() -> None:
    others = [one.name for one in pinned() if one.installed not in (one.version, None)]

    assert others == []


def test_every_licence_is_allowed() -> None:
    found = [one for one in pinned() if one.installed]

    assert len(found) > 100
    assert [(one.name, one.licences) for one in found if not one.is_allowed] == []
