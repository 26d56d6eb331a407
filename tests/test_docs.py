"""What the documents say is there."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from ivr.cli import app
from ivr.service.problems import STATUS
from ivr.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pages
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pages
def test_every_setting_that_is_named_can_be_set(page: Path) -> None:
    named = set(re.findall(r"IVR_[A-Z_]+[A-Z]", page.read_text("utf-8")))

    assert named - set(variables("IVR", Settings())) == set()


def variables(prefix: str, settings: Any) -> Iterator[str]:
    """The environment's names of settings, and of the groups they are in."""
    for field in fields(settings):
        name = f"{prefix}{'_' if prefix == 'IVR' else '__'}{field.name.upper()}"
        yield name
        if not field.repr:  # a secret may lie in a file
            yield f"{name}_FILE"
        value = getattr(settings, field.name)
        if is_dataclass(value):
            yield from variables(name, value)


@pages
def test_every_command_that_is_named_exists(page: Path) -> None:
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]

    named = set(re.findall(r"(?:^|`|\$ )ivr ([a-z][a-z-]*)", page.read_text("utf-8"), re.MULTILINE))

    assert named - commands == set()


@pages
def test_every_subcommand_and_option_that_is_named_exists(page: Path) -> None:
    lines = re.findall(r"(?:^|`|\$ )ivr ([a-z][^`#|\n]*)", page.read_text("utf-8"), re.MULTILINE)

    assert [word for line in lines for word in _strangers(line.split())] == []


def _strangers(words: list[str]) -> list[str]:
    """Subcommands and options of a command line that the command does not know."""
    command: Any = get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    named = [word for word in words if not word.startswith("-")]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    options = re.findall(r"(?<!\S)\[?(--[a-z-]+)", " ".join(words))
    is_group = hasattr(command, "commands")
    return named[:1] * is_group + [name for name in options if name not in known]


def test_every_code_of_a_refusal_is_told_to_gateway_owners() -> None:
    page = (ROOT / "docs" / "gateways" / "rest.md").read_text("utf-8")
    table = dict(re.findall(r"^\| (\d{3}) \| (.*) \|$", page, re.MULTILINE))
    told = {
        code: int(status) for status, codes in table.items() for code in re.findall(r"\w+", codes)
    }

    assert told == STATUS


def test_every_page_is_found_from_the_first() -> None:
    """What .docs/mkdocs.yml does not list, `scripts/docs` refuses."""
    listed = set(re.findall(r"- (\S+\.md)$", (ROOT / ".docs/mkdocs.yml").read_text(), re.MULTILINE))

    assert listed == {str(page.relative_to(ROOT / "docs")) for page in PAGES[2:]}


def test_the_scripts_are_short_and_can_be_run() -> None:
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file()]

    assert {"setup", "demo", "test", "enrol"} <= {path.name for path in scripts}
    assert [path.name for path in scripts if not path.stat().st_mode & 0o100] == []
    assert [path.name for path in scripts if len(path.read_text().splitlines()) > 24] == []


def test_every_line_about_bad_days_names_a_test_that_is_there() -> None:
    told = (ROOT / "docs" / "bad-days.md").read_text("utf-8")
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("*.py"))
    tables = told.partition("## Settings")[0].split("\n")
    rows = [row for row in tables if row.startswith("| ") and not row.endswith("shown by |")]
    named = [re.findall(r"`(test_\w+)` \|$", row) for row in rows]

    assert len(rows) > 30
    assert [row for row, names in zip(rows, named, strict=True) if len(names) != 1] == []
    assert [name for [name] in named if f"def {name}(" not in sources] == []
