"""`ivr callers`: tables that are imported, profiles that are shown, sources that are tried."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from fakes.crm import Crm, answering, crm_answering
from typer.testing import CliRunner

from ivr.cli import app
from ivr.errors import BadDirectory, BadSources
from ivr.identify.sources_file import read_sources

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

Ivr = Callable[..., Result]

GOOD = "customer_id;subject;name;numbers\nC-1;s-1;Klaus;089123456\nC-2;s-2;Jürgen;0301234567\n"
MIXED = GOOD + "C-3;s-3;;0401234567\nC-4;s-4;Otto;call me\n"


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "160")
    return lambda *words: CliRunner().invoke(app, ["callers", *map(str, words)])


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], Path]:
    def of(text: str, encoding: str = "utf-8") -> Path:
        file = tmp_path / "kunden.csv"
        file.write_text(text, encoding)
        return file

    return of


# import


def test_with_one_row_refused_nothing_is_changed(ivr: Ivr, table: Callable[[str], Path]) -> None:
    done = ivr("import", table(MIXED))

    assert done.exit_code == 1
    assert done.stdout == (
        "Read: 4 rows, utf-8, semicolon between cells.\n"
        "Kept: 2 customers, 2 of them new; 0 rows told more of a customer of an earlier row.\n"
        "Line 4 refused: name must be one line of 1 to 200 characters. [bad_text]\n"
        "Line 5 refused: number 1 of it is no telephone number. [bad_number]\n"
        "Nothing was changed: rows were refused; mend them, or say --keep-going.\n"
    )
    assert "C-1" not in ivr("list").output


def test_a_dry_run_changes_nothing(ivr: Ivr, table: Callable[[str], Path]) -> None:
    done = ivr("import", table(GOOD), "--dry-run")

    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Nothing was changed: a dry run.")
    assert "C-1" not in ivr("list").output


def test_a_column_that_is_told_wrongly_is_refused(ivr: Ivr, table: Callable[[str], Path]) -> None:
    done = ivr("import", table(GOOD), "--column", "numbers")

    assert isinstance(done.exception, BadDirectory)
    assert "COLUMN=FIELD" in done.exception.sentence


def test_whoever_keeps_going_keeps_the_good_rows_and_gets_a_report(
    ivr: Ivr, table: Callable[[str], Path], tmp_path: Path
) -> None:
    report = tmp_path / "refused.csv"

    done = ivr("import", table(MIXED), "--keep-going", "--report", report)

    assert done.exit_code == 1
    assert done.output.endswith("Taken over: 2. In the directory: 2.\n")
    assert report.read_text("utf-8").splitlines() == [
        "line,code,reason",
        "4,bad_text,name must be one line of 1 to 200 characters.",
        "5,bad_number,number 1 of it is no telephone number.",
    ]
    assert report.stat().st_mode & 0o077 == 0


def test_numbers_that_move_are_told(ivr: Ivr, table: Callable[..., Path]) -> None:
    ivr("import", table(GOOD))
    text = "Nummer,Name,Telefon\nC-3,Ümit,089 123456\n"

    done = ivr(
        *("import", table(text, "cp1252"), "--column", "Nummer=customer_id"),
        *("--column", "Telefon=numbers"),
    )

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Read: 1 rows, cp1252, comma between cells.",
        "Kept: 1 customers, 1 of them new; 0 rows told more of a customer of an earlier row.",
        "A number of C-1 belongs to C-3 now.",
        "Taken over: 1. In the directory: 3.",
    ]


# sources


SOURCES = """
sources:
  crm:
    kind: http
    url: "{url}/{{number}}"
    identifies: true
    facts: {{customer_id: /id, subject: /voice, name: /name, tier: /tier}}
  attic:
    kind: sql
    database: sqlite:////nowhere/attic.db
    query: SELECT tier FROM people WHERE id = :customer_id
    facts: {{tier: tier}}
"""


@pytest.fixture
def crm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crm]:
    record = {"id": "C-1", "voice": "s-1", "name": "Klaus [bold]", "tier": "vip"}
    with crm_answering(answering(200, record)) as crm:
        file = tmp_path / "sources.yaml"
        file.write_text(SOURCES.format(url=crm.url), "utf-8")
        monkeypatch.setenv("IVR_IDENTIFY__SOURCES", str(file))
        yield crm


def test_without_a_file_of_sources_there_is_nothing_to_try(ivr: Ivr) -> None:
    done = ivr("sources", "check")

    assert isinstance(done.exception, BadSources)
    assert "IVR_IDENTIFY__SOURCES" in done.exception.sentence


def test_every_source_is_tried_and_what_it_holds_is_not_shown(ivr: Ivr, crm: Crm) -> None:
    done = ivr("sources", "check", "--number", "089123456")

    assert done.exit_code == 1
    rows = [line.split() for line in done.output.splitlines()]
    assert rows[1][:4] == ["crm", "number", "name,", "tier"]
    assert rows[2][:4] == ["attic", "customer_id", "failed:", "down"]
    assert int(rows[1][-1]) >= 0
    assert "Klaus" not in done.output
    assert crm.asked[0][1] == "/%2B4989123456"


def test_the_example_can_be_kept_and_read(ivr: Ivr, tmp_path: Path) -> None:
    (tmp_path / "copy.yaml").write_text(ivr("sources", "example").output, "utf-8")

    assert set(read_sources(tmp_path / "copy.yaml").sources) == {"crm", "billing"}


# show


def test_of_whom_nobody_knows_nothing_is_shown(ivr: Ivr) -> None:
    done = ivr("show", "089123456")

    assert (done.exit_code, done.output) == (1, "Nobody of this number is known.\n")
    assert ivr("show", "anonymous").exit_code == 2


def test_a_profile_is_shown_and_that_it_was_is_written_down(
    ivr: Ivr, crm: Crm, table: Callable[[str], Path]
) -> None:
    ivr("import", table(GOOD))

    done = ivr("show", "089123456")

    assert done.exit_code == 0, done.output
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.output.splitlines()]
    assert "Customer C-1, by the word of directory." in done.output
    assert ["name", "Klaus [bold]", "crm", "0:00:00", "", "yes"] in cells
    assert ["tier", "vip", "crm", "0:00:00", "", "no"] in cells
    assert ["name", "Klaus", "directory", "later_in_order", "Klaus [bold]"] in cells
    assert ["attic", "down", "tier"] in cells
    trail = CliRunner().invoke(app, ["audit", "show", "--subject", "s-1"]).output
    assert "operator  profile_read" in trail
    assert "Klaus" not in trail


def test_help_loads_nothing_that_sources_need() -> None:
    assert {"httpx2", "sqlalchemy"} & _loaded_by("ivr.cli.callers") == set()


def _loaded_by(module: str) -> set[str]:
    asked = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())
