"""What a list of whom to enrol may hold, and what is said where it does not."""

from pathlib import Path

import pytest

from biometrics import Channel, Said
from ivr.errors import BadEnrolmentList
from ivr.verify.enrolment_list import Wanted, read_enrolment_list, stream_enrolment_list


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1: the column subject is missing."),
        ("subject,name\ns-1,Klaus\n", "Line 1: the column file is missing."),
        ("subject,file,name\ns-1,a.wav,Klaus\n", "Line 1: there is a column of another name"),
        ("subject,file,file\ns-1,a.wav,b.wav\n", "Line 1: there is a column of another name"),
        ("subject,file\ns-1,a.wav\ns-2\n", "Line 3: 1 fields, but there are 2 columns."),
        ('subject,file\ns-1,"a.wav\n', "Line 2: this is no CSV."),
        ("subject,file\n\n", "The list names nobody"),
    ],
)
def test_a_list_that_cannot_be_read_names_the_line_and_repeats_nothing(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(BadEnrolmentList) as told:
        read_enrolment_list(written(tmp_path, text))

    assert told.value.sentence.startswith(sentence)
    assert "Klaus" not in told.value.sentence


def test_a_list_that_is_not_there_or_not_in_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadEnrolmentList, match="cannot be read"):
        read_enrolment_list(tmp_path / "none.csv")
    with pytest.raises(BadEnrolmentList, match="UTF-8"):
        read_enrolment_list(written(tmp_path, "subject,file\ns-1,Müller.wav\n", "latin-1"))


def test_what_is_wrong_with_a_row_is_told_of_its_subject_alone(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "subject,file,consent_text,consent_language,consent_channel\n"
        "s-1,a.wav,,,\n"
        "+4989123456,b.wav,,,\n"
        ",c.wav,,,\n"
        "s-2,,,,\n"
        "s-3,d.wav,recognition-1,de,pigeon\n"
        "s-4,e.wav,recognition-1,de,web\n"
        "s-4,f.wav,recognition-1,de,paper\n",
    )

    assert [(one.subject, one.wrong) for one in read_enrolment_list(path)] == [
        ("s-1", ""),
        ("s-2", "Line 5: the file is empty."),
        (
            "s-3",
            "Line 6: a consent needs text, language, and channel: phone, web, paper, agent.",
        ),
        ("s-4", "Line 8: the rows of this subject tell of different consents."),
        ("", "Line 3: the subject is not of 1 to 64 letters, digits and . _ : -."),
        ("", "Line 4: the subject is empty."),
    ]


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_rows_of_a_subject_come_together_and_files_lie_beside_the_list(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    rows = [
        ("Subject", "File", "consent_text", "consent_language", "consent_channel"),
        ("s-1", "one/a.wav", "recognition-1", "de", "paper"),
        ("s-2", "/elsewhere/b.wav", "", "", ""),
        ("s-1", " c.wav ", "", "", ""),
    ]
    text = "\r\n".join(separator.join(row) for row in rows)

    assert read_enrolment_list(written(tmp_path, text, encoding)) == (
        Wanted(
            subject="s-1",  # type: ignore[arg-type]
            files=(tmp_path / "one/a.wav", tmp_path / "c.wav"),
            said=Said(text="recognition-1", language="de", channel=Channel.PAPER),
        ),
        Wanted(subject="s-2", files=(Path("/elsewhere/b.wav"),)),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1: the column subject is missing."),
        ("subject,file\ns-1,a.wav\ns-2\n", "Line 3: 1 fields, but there are 2 columns."),
        ('subject,file\ns-1,"a.wav\n', "Line 2: this is no CSV."),
    ],
)
def test_row_by_row_a_list_is_refused_as_whole(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(BadEnrolmentList) as told:
        list(stream_enrolment_list(written(tmp_path, text)))

    assert told.value.sentence.startswith(sentence)


def test_row_by_row_another_encoding_or_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadEnrolmentList, match="cannot be read"):
        list(stream_enrolment_list(tmp_path / "none.csv"))
    with pytest.raises(BadEnrolmentList, match="UTF-8"):
        list(stream_enrolment_list(written(tmp_path, "subject,file\ns-1,Müller.wav\n", "latin-1")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_row_by_row_a_list_holds_what_it_holds_as_a_whole(
    tmp_path: Path, encoding: str, end: str
) -> None:
    text = (
        "subject;file;consent_text;consent_language;consent_channel\n"
        "s-1;ä.wav;recognition-1;de;web\n"
        "+4989123456;b.wav;;;\n"
        "\n"
        "s-2;;;;\n"
        's-1;"c;d.wav";;;\n'
    )
    found = list(stream_enrolment_list(written(tmp_path, text.replace("\n", end), encoding)))

    assert [(one.subject, one.file, one.is_usable) for one in found] == [
        ("s-1", "ä.wav", True),
        ("", "b.wav", False),
        ("s-2", "", False),
        ("s-1", "c;d.wav", True),
    ]
    assert found[3].path == tmp_path / "c;d.wav"
    assert found[0].said == Said(text="recognition-1", language="de", channel=Channel.WEB)
    assert [one.said for one in found[1:]] == [None] * 3
