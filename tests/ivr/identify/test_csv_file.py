"""Tables as people export them."""

from pathlib import Path

import pytest

from ivr.errors import BadDirectory
from ivr.identify.csv_file import Ragged, Row, Table, read_table


def read(tmp_path: Path, content: bytes, **told: str) -> Table:
    file = tmp_path / "kunden.csv"
    file.write_bytes(content)
    return read_table(file, **told)


@pytest.mark.parametrize(
    ("content", "told", "said"),
    [
        (b"", {}, "is empty"),
        (b"\n\n", {}, "is empty"),
        (b"id,,name\n", {}, "a name of its own"),
        (b"id,id\n", {}, "a name of its own"),
        ("id,näme\n".encode("cp1252"), {"encoding": "utf-8"}, "is not in utf-8"),
        (b"id,\x81\n", {}, "is not in cp1252"),
        (b"id,name\n", {"encoding": "klingon"}, "Nobody knows the encoding klingon"),
        (b'"id,name\n', {}, "no heading"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    tmp_path: Path, content: bytes, told: dict[str, str], said: str
) -> None:
    with pytest.raises(BadDirectory, match=said):
        read(tmp_path, content, **told)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDirectory, match=r"none\.csv cannot be opened"):
        read_table(tmp_path / "none.csv")


def test_a_quotation_mark_that_is_never_closed_is_found(tmp_path: Path) -> None:
    table = read(tmp_path, b'id,name\n1,a\n2,"b\n3,c\n')

    with pytest.raises(BadDirectory, match="Line 3"):
        list(table.rows())


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(
    tmp_path: Path, encoding: str, found: str, delimiter: str
) -> None:
    text = f'id{delimiter}name\r\n1{delimiter}"Jürgen, der {delimiter} Große"\r\n'

    table = read(tmp_path, text.encode(encoding))

    assert (table.encoding, table.delimiter) == (found, delimiter)
    assert list(table.rows()) == [
        Row(line=2, cells={"id": "1", "name": f"Jürgen, der {delimiter} Große"})
    ]


def test_what_is_told_is_not_guessed(tmp_path: Path) -> None:
    table = read(
        tmp_path, "a;b,c;d,e\n1;2,3;4,ä".encode("latin-1"), encoding="latin-1", delimiter=","
    )

    assert list(table.rows()) == [Row(line=2, cells={"a;b": "1;2", "c;d": "3;4", "e": "ä"})]


def test_lines_are_counted_as_people_see_them(tmp_path: Path) -> None:
    content = b'id,name\n\n1,"two\nlines"\n , \n2\n3,c\n'

    assert list(read(tmp_path, content).rows()) == [
        Row(line=3, cells={"id": "1", "name": "two\nlines"}),
        Ragged(line=6),
        Row(line=7, cells={"id": "3", "name": "c"}),
    ]
