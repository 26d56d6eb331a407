"""What a table would make of the directory."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event, Language, PhoneNumber
from ivr.errors import BadDirectory
from ivr.identify.csv_file import read_table
from ivr.identify.csv_import import Moved, Plan, columns_of, plan_import
from ivr.identify.directory import Entry

TODAY = date(2026, 11, 26)
HEAD = "customer_id;subject;name;numbers"
NUMBER, OTHER = PhoneNumber(e164="+4989123456"), PhoneNumber(e164="+4989654321")
KLAUS = Caller(
    customer_id=CustomerId("C-1"),
    subject=SubjectId("s-1"),
    name="Klaus",
    language=Language.GERMAN,
    birth_date=date(1981, 5, 14),
    tier="vip",
    is_vulnerable=True,
    events=(Event(kind="refund_due", at=datetime(2026, 11, 1, tzinfo=UTC)),),
    preferences={"seat": "aisle", "channel": "email"},
)


def plan(tmp_path: Path, text: str, *directory: Entry, told: dict[str, str] | None = None) -> Plan:
    file = tmp_path / "kunden.csv"
    file.write_text(text, "utf-8")
    table = read_table(file)
    columns = columns_of(table, told or {})
    return plan_import(table, columns, directory, region="DE", today=TODAY, tell=lambda _rows: None)


def refused(made: Plan) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in made.refused]


# columns


@pytest.mark.parametrize(
    ("head", "told", "said"),
    [
        ("customer_id;name", {}, "No column is numbers"),
        ("Kunde;name;numbers", {}, "--column Kunde=customer_id"),
        (HEAD, {"Telefon": "numbers"}, "There is no column Telefon"),
        (HEAD + ";Farbe", {"Farbe": "colour"}, "no field colour"),
        (HEAD + ";Vorname", {"Vorname": "name"}, "name is in two columns"),
        (HEAD + ";x", {"x": "preferences.Seat"}, "no field preferences.Seat"),
    ],
)
def test_columns_that_do_not_fit_are_refused_before_anything_is_read(
    tmp_path: Path, head: str, told: dict[str, str], said: str
) -> None:
    with pytest.raises(BadDirectory, match=said):
        plan(tmp_path, head + "\n", told=told)


# rows


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("C 1;s-1;Klaus;089123456", "bad_id"),
        (";s-1;Klaus;089123456", "bad_id"),
        ("C-1;;Klaus;089123456", "bad_id"),
        ("C-1;s-1;;089123456", "bad_text"),
        (f"C-1;s-1;{'x' * 201};089123456", "bad_text"),
        ("C-1;s-1;Klaus;", "no_number"),
        ("C-1;s-1;Klaus;1", "bad_number"),
        ("C-1;s-1;Klaus;anonymous", "bad_number"),
        ("C-1;s-1;Klaus;089123456,call me", "bad_number"),
        ("C-1;s-1;Klaus;4917012345678", "ambiguous_number"),
        ("C-1;s-1;Klaus;4,91701E+12", "bad_number"),
        ("C-1;s-1;Klaus", "ragged"),
        ("C-1;s-1;Klaus;089123456;more", "ragged"),
    ],
)
def test_a_row_that_is_no_customer_is_refused_and_not_repeated(
    tmp_path: Path, row: str, code: str
) -> None:
    made = plan(tmp_path, f"{HEAD}\n{row}\nC-2;s-2;Erna;0301234567\n")

    assert refused(made) == [(2, code)]
    assert [entry.caller.customer_id for entry in made.entries] == ["C-2"]
    assert "Klaus" not in made.refused[0].why
    assert "89123" not in made.refused[0].why


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("language", "fr", "bad_language"),
        ("birth_date", "14.13.1981", "bad_date"),
        ("birth_date", "2999-01-01", "bad_date"),
        ("birth_date", "1066-10-14", "bad_date"),
        ("tier", "very important", "bad_id"),
        ("is_vulnerable", "perhaps", "bad_truth"),
        ("preferences.seat", "a\x07b", "bad_text"),
    ],
)
def test_a_cell_of_another_kind_is_refused(
    tmp_path: Path, column: str, cell: str, code: str
) -> None:
    made = plan(tmp_path, f"{HEAD};{column}\nC-1;s-1;Klaus;089123456;{cell}\n")

    assert refused(made) == [(2, code)]


@pytest.mark.parametrize("text", ["89123456", "+4989123456", "004989123456", "4989123456"])
def test_a_number_that_can_be_read_in_one_way_is_read(tmp_path: Path, text: str) -> None:
    made = plan(tmp_path, f"{HEAD}\nC-1;s-1;Klaus;{text}\n")

    assert [entry.numbers for entry in made.entries] == [(NUMBER,)]


def test_the_same_customer_told_otherwise_is_refused(tmp_path: Path) -> None:
    made = plan(tmp_path, f"{HEAD}\nC-1;s-1;Klaus;089123456\nC-1;s-1;Karl;089654321\n")

    assert refused(made) == [(3, "duplicate")]
    assert made.entries[0].numbers == (NUMBER,)


def test_a_number_of_two_customers_is_refused(tmp_path: Path) -> None:
    made = plan(tmp_path, f"{HEAD}\nC-1;s-1;Klaus;089123456\nC-2;s-2;Erna;+49 89 123456\n")

    assert refused(made) == [(3, "number_taken")]
    assert "line 2" in made.refused[0].why


def test_rows_of_one_customer_are_joined(tmp_path: Path) -> None:
    rows = "C-1;s-1;Klaus;089123456\nC-1;s-1;Klaus;089654321\nC-1;s-1;Klaus;089123456\n"

    made = plan(tmp_path, f"{HEAD}\n{rows}")

    assert (made.rows, made.joined, made.refused) == (3, 2, ())
    assert [entry.numbers for entry in made.entries] == [(NUMBER, OTHER)]


def test_a_whole_customer(tmp_path: Path) -> None:
    text = (
        "Kundennr,subject,Vorname,Telefon,Mobil,Sprache,geboren,tier,is_vulnerable,preferences.seat\n"
        'C-1,s-1,Klaus,(089) 12 34 56,"+49 89 654321; +43 1 234567",DE,14.05.1981,vip,ja,aisle\n'
    )
    told = {
        "Kundennr": "customer_id",
        "Vorname": "name",
        "Telefon": "numbers",
        "Mobil": "numbers",
        "Sprache": "language",
        "geboren": "birth_date",
    }

    made = plan(tmp_path, text, told=told)

    third = PhoneNumber(e164="+431234567")
    caller = Caller(
        customer_id=CustomerId("C-1"),
        subject=SubjectId("s-1"),
        name="Klaus",
        language=Language.GERMAN,
        birth_date=date(1981, 5, 14),
        tier="vip",
        is_vulnerable=True,
        preferences={"seat": "aisle"},
    )
    assert made.entries == (Entry(caller=caller, numbers=(NUMBER, OTHER, third)),)
    assert made.new == 1


# what was there before


def test_what_the_table_has_no_column_for_stays(tmp_path: Path) -> None:
    before = Entry(caller=KLAUS, numbers=(NUMBER,))

    made = plan(tmp_path, "customer_id;name;numbers\nC-1;Nikolaus;089654321\n", before)

    (entry,) = made.entries
    assert (entry.caller.name, entry.numbers) == ("Nikolaus", (OTHER,))
    assert (entry.caller.subject, entry.caller.events) == ("s-1", KLAUS.events)
    assert entry.caller.preferences == KLAUS.preferences
    assert entry.caller.is_vulnerable
    assert (made.new, made.other_voices) == (0, ())


def test_an_empty_cell_says_that_there_is_nothing(tmp_path: Path) -> None:
    before = Entry(caller=KLAUS, numbers=(NUMBER,))
    head = "customer_id;name;numbers;language;birth_date;tier;is_vulnerable;preferences.seat"

    made = plan(tmp_path, f"{head}\nC-1;Klaus;089123456;;;;;\n", before)

    caller = made.entries[0].caller
    assert (caller.language, caller.birth_date, caller.tier) == (None, None, "standard")
    assert (caller.is_vulnerable, caller.preferences) == (False, {"channel": "email"})


def test_new_customers_get_a_voice_id_of_their_own(tmp_path: Path) -> None:
    rows = "C-1;Klaus;089123456\nC-2;Erna;0301234567\n"

    made = plan(tmp_path, f"customer_id;name;numbers\n{rows}")

    first, second = (entry.caller.subject for entry in made.entries)
    assert first != second
    assert "C-1" not in first


def test_numbers_that_move_and_voices_that_change_are_told(tmp_path: Path) -> None:
    erna = Caller(customer_id=CustomerId("C-2"), subject=SubjectId("s-2"), name="Erna")
    before = (Entry(caller=KLAUS, numbers=(NUMBER,)), Entry(caller=erna, numbers=(OTHER,)))

    made = plan(tmp_path, f"{HEAD}\nC-2;s-9;Erna;089123456\n", *before)

    assert made.moved == (Moved(customer=CustomerId("C-2"), before=CustomerId("C-1")),)
    assert made.other_voices == ("C-2",)


cells = st.sampled_from(
    ["C-1", "C-2", "s-1", "Klaus", "089123456", "+4930123456", "ja", "", '"', "ä;"]
)
rows = st.lists(st.lists(cells, min_size=3, max_size=5).map(";".join), max_size=8)


@given(rows)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_table_every_row_is_kept_or_refused(
    tmp_path: Path, lines: list[str]
) -> None:
    try:
        made = plan(tmp_path, "\n".join([HEAD, *lines]))
    except BadDirectory:
        return

    assert len(made.entries) + made.joined + len(made.refused) == made.rows
    numbers = [number for entry in made.entries for number in entry.numbers]
    assert len(set(numbers)) == len(numbers)
