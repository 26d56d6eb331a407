"""Folders of encoded voices: written down, destroyed in time, and without whoever is erased."""

import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from biometrics import (
    AuditEvent,
    AuditKind,
    Channel,
    EncoderId,
    Purpose,
    Said,
    StoreUnavailable,
    SubjectId,
    Voiceprint,
)
from biometrics.records.sql_audit import SqlAudit
from ivr.bulk.folder import Folder, folder_id, opened
from ivr.bulk.hearing import Hearing
from ivr.bulk.row import Heard, Row
from ivr.errors import BadBulkFolder, DiskReadOnly
from ivr.wiring import House
from ivr.wiring.bulk import Bulk
from ivr.wiring.folder_keys import FolderKeys

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
HEAD = "subject,file,consent_text,consent_language,consent_channel\n"
AGREED = "recognition-1,de,paper"
NOBODY = Row(code="taken_out")

Ivr = Callable[..., Result]


@pytest.fixture
def out(ivr: Ivr, tmp_path: Path) -> Path:
    """A folder with the voices of three people, two recordings a file."""
    path = tmp_path / "people.csv"
    path.write_text(HEAD + "".join(rows(f"s-{who}", who) for who in ("klaus", "erna", "emily")))
    encode(ivr, path, tmp_path / "out")
    return tmp_path / "out"


def rows(subject: str, who: str) -> str:
    return "".join(f"{subject},{FIXTURES}/{who}-enrol-{n}.wav,{AGREED}\n" for n in (1, 2, 3))


def encode(ivr: Ivr, path: Path, into: Path) -> Result:
    return ivr("bulk", "encode", path, "--into", into, "--workers", 1, "--shard-rows", 2)


def opened_here(path: Path) -> Folder:
    return opened(path, Bulk(House.from_environment()).keys.find)


def kept(path: Path) -> list[Row]:
    return [row for shard in opened_here(path).shards() for row in shard]


def subjects(path: Path) -> list[str]:
    return [row.subject for row in kept(path)]


def content(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def registry(tmp_path: Path) -> Path:
    return tmp_path / "home" / "encoded" / "folders.json"


def known(tmp_path: Path) -> list[str]:
    return [one["id"] for one in json.loads(registry(tmp_path).read_text())["folders"]]


def aged(tmp_path: Path, days: int) -> None:
    """As if the folders had been begun some days ago."""
    told = json.loads(registry(tmp_path).read_text())
    for one in told["folders"]:
        one["begun_at"] = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    registry(tmp_path).write_text(json.dumps(told))


def trail(kind: AuditKind) -> list[tuple[str, bool, dict[str, str]]]:
    """Who did it, whether with one person, and the details."""
    entries = House.from_environment().subjects.trail.entries()
    return [
        (entry.actor, bool(entry.subject), dict(entry.details))
        for entry in entries
        if entry.kind == kind
    ]


def refuse(monkeypatch: pytest.MonkeyPatch, *kinds: AuditKind) -> None:
    """A trail that is full, but for what the test does not look at."""
    record = SqlAudit.record

    def full(self: SqlAudit, event: AuditEvent) -> None:
        if event.kind in kinds:
            raise StoreUnavailable("The trail cannot be written.")
        record(self, event)

    monkeypatch.setattr(SqlAudit, "record", full)


def prints(*names: str) -> dict[str, bytes]:
    store = House.from_environment().voices.sealed
    found = {name: store.get(SubjectId(name)) for name in names}
    return {
        name: one.vector.tobytes() for name, one in found.items() if isinstance(one, Voiceprint)
    }


def test_what_cannot_be_written_down_is_not_encoded(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(HEAD + rows("s-klaus", "klaus"))

    def never(*_: object) -> None:
        raise AssertionError("It was heard.")

    monkeypatch.setattr(Hearing, "__call__", never)
    refuse(monkeypatch, AuditKind.ENCODED_KEPT)
    done = encode(ivr, path, tmp_path / "out")

    assert isinstance(done.exception, StoreUnavailable)
    assert not list((tmp_path / "out").glob("*.shard"))


def test_what_cannot_be_written_down_is_not_read(
    ivr: Ivr, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("It was read.")

    monkeypatch.setattr(Folder, "read", never)
    refuse(monkeypatch, AuditKind.ENCODED_READ)

    for words in (
        ("bulk", "evaluate", out),
        ("enrol", "--csv", out.parent / "people.csv", "--encoded", out),
    ):
        assert isinstance(ivr(*words).exception, StoreUnavailable)
    assert prints("s-klaus") == {}


def test_what_cannot_be_written_down_is_not_destroyed(
    ivr: Ivr, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(out)
    ivr("voiceprint", "erase", "s-erna")
    refuse(monkeypatch, AuditKind.ENCODED_REMOVED)

    assert isinstance(ivr("bulk", "forget", out).exception, StoreUnavailable)
    assert isinstance(ivr("voiceprint", "expire").exception, StoreUnavailable)
    aged(tmp_path, days=31)
    assert isinstance(ivr("voiceprint", "expire").exception, StoreUnavailable)
    assert content(out) == before
    assert known(tmp_path) == [folder_id(out)]
    assert len(kept(out)) == 9


def test_every_command_is_in_the_trail(ivr: Ivr, out: Path) -> None:
    details = {"folder": f"encoded.{folder_id(out)}"}
    ivr("bulk", "evaluate", out)
    ivr("enrol", "--csv", out.parent / "people.csv", "--encoded", out)
    assert trail(AuditKind.ENCODED_REMOVED) == []
    ivr("bulk", "forget", out)

    assert trail(AuditKind.ENCODED_KEPT) == [("operator", False, details)]
    assert trail(AuditKind.ENCODED_READ) == [("operator", False, details)] * 2
    assert trail(AuditKind.ENCODED_REMOVED) == [("operator", False, details)]
    assert "Intact" in ivr("audit", "verify").output


def test_a_young_folder_is_left_as_it_is(ivr: Ivr, tmp_path: Path, out: Path) -> None:
    aged(tmp_path, days=29)
    before = content(out)
    done = ivr("voiceprint", "expire")

    assert done.output == (
        "Destroyed: 0.\n"
        "Folders of encoded voices: 1, of them destroyed: 0. "
        "Recordings taken out of the others: 0, in 0 files.\n"
    )
    assert content(out) == before


def test_an_old_folder_is_destroyed_with_every_copy(ivr: Ivr, tmp_path: Path, out: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name, data in content(out).items():
        (copy / name).write_bytes(data)
    found = folder_id(out)
    aged(tmp_path, days=30)
    done = ivr("voiceprint", "expire")

    assert done.output.splitlines()[1].startswith("Folders of encoded voices: 1, of them destroyed")
    assert not out.exists()
    assert known(tmp_path) == []
    assert trail(AuditKind.ENCODED_REMOVED) == [
        ("retention", False, {"folder": f"encoded.{found}"})
    ]
    with pytest.raises(BadBulkFolder, match="key was destroyed"):
        kept(copy)
    assert ivr("voiceprint", "expire").output == "Destroyed: 0.\n"


def test_how_long_folders_are_kept_is_a_setting(
    ivr: Ivr, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(tmp_path, days=8)
    monkeypatch.setenv("IVR_VERIFY__ENCODED_DAYS", "9")
    ivr("voiceprint", "expire")
    assert out.exists()

    monkeypatch.setenv("IVR_VERIFY__ENCODED_DAYS", "8")
    ivr("voiceprint", "expire")
    assert not out.exists()


def test_an_old_folder_that_is_gone_loses_its_key_all_the_same(
    ivr: Ivr, tmp_path: Path, out: Path
) -> None:
    out.rename(tmp_path / "elsewhere")
    aged(tmp_path, days=31)
    done = ivr("voiceprint", "expire")

    assert done.exit_code == 0
    with pytest.raises(BadBulkFolder, match="key was destroyed"):
        kept(tmp_path / "elsewhere")


def test_an_old_folder_is_never_taken_for_what_lies_in_its_place_now(
    ivr: Ivr, tmp_path: Path, out: Path
) -> None:
    out.rename(tmp_path / "elsewhere")
    aged(tmp_path, days=31)
    encode(ivr, tmp_path / "people.csv", out)
    ivr("voiceprint", "expire")

    assert known(tmp_path) == [folder_id(out)]
    assert len(kept(out)) == 9


def test_a_destruction_that_was_interrupted_is_finished(
    ivr: Ivr, tmp_path: Path, out: Path
) -> None:
    house = House.from_environment()
    Bulk(house).keys.destroy(folder_id(out), house.voices.records.witness("operator"))
    ivr("voiceprint", "expire")

    assert not out.exists()
    assert known(tmp_path) == []
    assert len(trail(AuditKind.ENCODED_REMOVED)) == 1


@pytest.mark.parametrize("how", ["erase", "opt-out", "withdraw"])
def test_whoever_takes_it_back_is_taken_out(ivr: Ivr, out: Path, how: str) -> None:
    ivr("voiceprint", how, "s-erna", *(["recognition"] if how == "withdraw" else []))
    names = subjects(out)
    done = ivr("voiceprint", "expire")

    assert names == ["s-klaus"] * 3 + ["s-erna"] * 3 + ["s-emily"] * 3
    assert done.exit_code == 0
    assert done.output.endswith("Recordings taken out of the others: 3, in 2 files.\n")
    assert "erna" not in done.output
    assert subjects(out) == ["s-klaus"] * 3 + [""] * 3 + ["s-emily"] * 3


def test_the_others_are_the_same_and_nothing_of_the_erased_is_left(
    ivr: Ivr, tmp_path: Path, out: Path
) -> None:
    path = tmp_path / "people.csv"
    ivr("enrol", "--csv", path, "--encoded", out)
    before, whole = prints("s-klaus", "s-erna", "s-emily"), content(out)
    ivr("voiceprint", "erase", "s-erna")
    ivr("voiceprint", "expire")
    after = content(out)
    (tmp_path / "people.report.csv.progress").unlink()
    done = ivr("enrol", "--csv", path, "--encoded", out)

    left = kept(out)[3:6]
    assert [(row.subject, row.file, row.code, row.heard) for row in left] == [
        ("", "", "taken_out", None)
    ] * 3
    plain = Bulk(House.from_environment()).keys.find(folder_id(out))
    assert [
        b"erna" in plain.unseal(file.read_bytes(), bound_to=shard_of(out, number))
        for number, file in enumerate(sorted(out.glob("*.shard")))
    ] == [False] * 5
    assert {name for name in whole if whole[name] != after[name]} == {
        "0000001.shard",
        "0000002.shard",
    }
    assert done.exit_code == 1
    assert list(before) == ["s-klaus", "s-erna", "s-emily"]
    assert prints("s-klaus", "s-erna", "s-emily") == {
        name: before[name] for name in ("s-klaus", "s-emily")
    }


def shard_of(path: Path, number: int) -> bytes:
    return f"shard {number} of {folder_id(path)}".encode()


def test_who_is_taken_out_is_in_the_trail_once_a_file(ivr: Ivr, out: Path) -> None:
    ivr("voiceprint", "erase", "s-klaus")
    ivr("voiceprint", "expire")
    ivr("voiceprint", "expire")
    details = {"folder": f"encoded.{folder_id(out)}"}

    assert trail(AuditKind.ENCODED_REMOVED) == [("retention", True, details)] * 2
    shown = ivr("audit", "show", "--subject", "s-klaus").output
    assert shown.count("encoded_voices_removed") == 2


def test_a_second_run_changes_no_file_and_hears_nobody_again(
    ivr: Ivr, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ivr("voiceprint", "erase", "s-erna")
    ivr("voiceprint", "expire")
    before = content(out)

    def never(*_: object) -> None:
        raise AssertionError("It was heard again.")

    monkeypatch.setattr(Hearing, "__call__", never)
    again = ivr("voiceprint", "expire")
    encoded = encode(ivr, tmp_path / "people.csv", out)

    assert again.output.endswith("Recordings taken out of the others: 0, in 0 files.\n")
    assert (encoded.exit_code, content(out)) == (0, before)
    assert "9 of them from before." in encoded.output
    assert "taken_out: 3" in encoded.output


def test_who_is_taken_out_is_no_voice_to_evaluate(ivr: Ivr, tmp_path: Path, out: Path) -> None:
    ivr("voiceprint", "erase", "s-erna")
    ivr("voiceprint", "expire")
    ivr("bulk", "evaluate", out, "--json", tmp_path / "figures.json")

    assert json.loads((tmp_path / "figures.json").read_text())["speakers"] == 2


def test_erased_and_agreed_anew_what_was_heard_before_goes(ivr: Ivr, out: Path) -> None:
    rights = House.from_environment().subjects.rights
    erna, said = SubjectId("s-erna"), Said(text="recognition-1", language="de", channel=Channel.WEB)
    rights.erase(erna, datetime.now(UTC))
    rights.grant(erna, Purpose.RECOGNITION, said, datetime.now(UTC))
    ivr("voiceprint", "expire")

    assert subjects(out)[3:6] == [""] * 3


def test_whoever_is_erased_while_they_are_heard_is_not_kept(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(HEAD + rows("s-klaus", "klaus") + rows("s-erna", "erna"))
    heard: list[str] = []
    really = Hearing.__call__

    def hear(self: Hearing, wav: Path) -> Heard:
        if not heard:
            # The daily job finds no file yet that she could be taken out of.
            ivr("voiceprint", "erase", "s-erna")
            ivr("voiceprint", "expire")
        heard.append(wav.name)
        return really(self, wav)

    monkeypatch.setattr(Hearing, "__call__", hear)
    done = ivr(
        *("bulk", "encode", path, "--into", tmp_path / "out", "--workers", 1, "--shard-rows", 6)
    )

    assert done.exit_code == 0
    assert len(heard) == 6
    assert subjects(tmp_path / "out") == ["s-klaus"] * 3 + [""] * 3


def test_a_young_folder_that_is_gone_is_told_of_and_keeps_no_other_from_it(
    ivr: Ivr, tmp_path: Path, out: Path
) -> None:
    second = tmp_path / "second"
    encode(ivr, tmp_path / "people.csv", second)
    out.rename(tmp_path / "elsewhere")
    ivr("voiceprint", "erase", "s-erna")
    done = ivr("voiceprint", "expire")

    assert done.exit_code == 0
    assert f"{out} is not there, so nobody was taken out of it." in done.output
    assert subjects(second)[3:6] == [""] * 3
    assert len(known(tmp_path)) == 2

    ivr("bulk", "evaluate", tmp_path / "elsewhere")
    ivr("voiceprint", "expire")
    assert subjects(tmp_path / "elsewhere")[3:6] == [""] * 3


def test_a_folder_that_cannot_be_written_to_is_told_of_and_in_the_trail(
    ivr: Ivr, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(out)
    ivr("voiceprint", "erase", "s-erna")

    def full(*_: object) -> None:
        raise DiskReadOnly("The disk is full.")

    monkeypatch.setattr(Folder, "write", full)
    done = ivr("voiceprint", "expire")

    assert done.exit_code == 1
    assert f"The disk is full. Nobody more was taken out of {out}." in done.output
    assert content(out) == before
    assert trail(AuditKind.FAILED) == [
        ("retention", True, {"what": "encoded_voices_removed", "why": "disk_read_only"})
    ]


def test_another_folder_in_its_place_is_not_it(ivr: Ivr, tmp_path: Path, out: Path) -> None:
    out.rename(tmp_path / "elsewhere")
    out.mkdir()
    run = json.loads((tmp_path / "elsewhere" / "run.json").read_text())
    (out / "run.json").write_text(json.dumps(run | {"id": "0" * 32}))
    done = ivr("voiceprint", "expire")

    assert done.exit_code == 0
    assert f"{out} is not there" in done.output


def test_a_damaged_file_is_told_of_and_the_others_are_written(ivr: Ivr, out: Path) -> None:
    (out / "0000001.shard").write_bytes(b"cut")
    ivr("voiceprint", "erase", "s-erna")
    done = ivr("voiceprint", "expire")

    assert done.exit_code == 1
    assert f"1 files in {out} are damaged, so nobody was taken out of them." in done.output
    assert [row.subject for row in opened_here(out).read(2) or ()] == ["", ""]


def test_a_list_of_folders_that_is_damaged_is_said_and_nothing_is_lost(
    ivr: Ivr, tmp_path: Path, out: Path
) -> None:
    before = content(out)
    for text in ("", "[]", '{"folders": [{}]}', '{"folders": 7}'):
        registry(tmp_path).write_text(text)
        for words in (
            ("voiceprint", "expire"),
            ("bulk", "evaluate", out),
            ("bulk", "encode", tmp_path / "people.csv", "--into", out, "--shard-rows", 2),
        ):
            failed = ivr(*words).exception
            assert isinstance(failed, BadBulkFolder)
            assert "folders.json is damaged" in failed.sentence
        assert registry(tmp_path).read_text() == text
    assert content(out) == before

    registry(tmp_path).unlink()
    ivr("bulk", "evaluate", out)
    assert known(tmp_path) == [folder_id(out)]


def test_what_is_forgotten_is_known_no_longer_and_the_list_is_private(
    ivr: Ivr, tmp_path: Path, out: Path
) -> None:
    assert known(tmp_path) == [folder_id(out)]
    assert stat.S_IMODE(registry(tmp_path).stat().st_mode) == 0o600
    ivr("bulk", "forget", out)

    assert known(tmp_path) == []


def test_a_folder_made_known_late_is_as_old_as_it_is(ivr: Ivr, tmp_path: Path, out: Path) -> None:
    run = json.loads((out / "run.json").read_text())
    run["begun_at"] = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    (out / "run.json").write_text(json.dumps(run))
    registry(tmp_path).unlink()
    ivr("bulk", "evaluate", out)
    ivr("voiceprint", "expire")

    assert not out.exists()


def test_a_folder_that_does_not_say_its_age_is_known_from_now_on(
    ivr: Ivr, tmp_path: Path, out: Path
) -> None:
    run = json.loads((out / "run.json").read_text())
    del run["begun_at"]
    (out / "run.json").write_text(json.dumps(run))
    registry(tmp_path).unlink()
    assert ivr("voiceprint", "expire").output == "Destroyed: 0.\n"
    ivr("bulk", "evaluate", out)
    ivr("voiceprint", "expire")

    assert known(tmp_path) == [folder_id(out)]
    assert len(kept(out)) == 9


def test_a_folder_of_another_house_is_left_alone(
    ivr: Ivr, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(out)
    monkeypatch.setenv("IVR_HOME", str(tmp_path / "other"))

    for refused in (
        encode(ivr, tmp_path / "people.csv", out),
        ivr("bulk", "evaluate", out),
    ):
        assert isinstance(refused.exception, BadBulkFolder)
        assert "not in this key database" in str(refused.exception)
    assert content(out) == before
    assert not (tmp_path / "other" / "encoded").exists()


def test_with_another_encoder_everybody_is_enrolled_anew_and_there_is_a_way_back(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(HEAD + rows("s-klaus", "klaus") + rows("s-erna", "erna"))
    encode(ivr, path, tmp_path / "out")
    ivr("enrol", "--csv", path, "--encoded", tmp_path / "out")
    before = encoders("s-klaus", "s-erna"), prints("s-klaus", "s-erna")
    monkeypatch.setenv("IVR_ENCODER", "telephone-ecapa-0")
    earlier = ivr("enrol", "--csv", path, "--encoded", tmp_path / "out")
    encode(ivr, path, tmp_path / "new")
    anew = ivr("enrol", "--csv", path, "--encoded", tmp_path / "new")
    after = encoders("s-klaus", "s-erna")
    back = ivr("voiceprint", "revert", "s-klaus")

    assert isinstance(earlier.exception, BadBulkFolder)
    assert before[0] == dict.fromkeys(("s-klaus", "s-erna"), "telephone-ecapa-1")
    assert anew.output.lstrip().startswith("Enrolled: 2, refused: 0, skipped: 0.")
    assert after == dict.fromkeys(("s-klaus", "s-erna"), "telephone-ecapa-0")
    assert back.output == "One step back: the earlier voiceprint is compared again.\n"
    assert encoders("s-klaus", "s-erna")["s-klaus"] == "telephone-ecapa-1"
    assert prints("s-klaus")["s-klaus"] == before[1]["s-klaus"]


def encoders(*names: str) -> dict[str, EncoderId]:
    store = House.from_environment().voices.sealed
    found = {name: store.get(SubjectId(name)) for name in names}
    return {name: one.encoder for name, one in found.items() if isinstance(one, Voiceprint)}


def held(ivr: Ivr, subject: str) -> list[dict[str, object]]:
    found = json.loads(ivr("voiceprint", "export", subject).output)["encoded"]
    return [{**one} for one in found]


def test_whoever_asks_is_told_of_what_was_heard_beforehand(
    ivr: Ivr, tmp_path: Path, out: Path
) -> None:
    (told,) = held(ivr, "s-erna")
    begun = datetime.fromisoformat(str(told["begun_at"]))

    assert held(ivr, "s-nobody") == []
    assert told == {
        "folder": f"encoded.{folder_id(out)}",
        "begun_at": told["begun_at"],
        "expires_at": (begun + timedelta(days=30)).isoformat().replace("+00:00", "Z"),
        "recordings": 3,
    }

    ivr("voiceprint", "erase", "s-erna")
    ivr("voiceprint", "expire")
    assert held(ivr, "s-erna") == []
    assert held(ivr, "s-klaus")[0]["recordings"] == 3
    ivr("bulk", "forget", out)
    assert held(ivr, "s-klaus") == []


@pytest.mark.parametrize("how", ["moved", "damaged", "other", "keyless"])
def test_a_folder_that_cannot_be_looked_into_may_hold_anybody(
    ivr: Ivr, tmp_path: Path, out: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "damaged":
        (out / "0000000.shard").write_bytes(b"cut")
    elif how == "keyless":
        monkeypatch.setattr(FolderKeys, "find", no_key)
    else:
        out.rename(tmp_path / "elsewhere")
    if how == "other":
        encode(ivr, tmp_path / "people.csv", out)

    told = held(ivr, "s-klaus")
    assert [one["recordings"] for one in told] == ([None, 3] if how == "other" else [None])
    assert [one["recordings"] for one in held(ivr, "s-nobody")] == [None]


def no_key(*_: object) -> None:
    raise BadBulkFolder("The folder's key is not in this key database.")


def test_a_copy_that_can_be_read_is_enough(ivr: Ivr, tmp_path: Path, out: Path) -> None:
    out.rename(tmp_path / "elsewhere")
    ivr("bulk", "evaluate", tmp_path / "elsewhere")

    assert [one["recordings"] for one in held(ivr, "s-klaus")] == [3]


def test_what_is_held_is_not_looked_for_if_it_cannot_be_written_down(
    ivr: Ivr, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, AuditKind.EXPORTED)

    def never(*_: object) -> None:
        raise AssertionError("It was looked into.")

    monkeypatch.setattr(Folder, "read", never)

    assert isinstance(ivr("voiceprint", "export", "s-klaus").exception, StoreUnavailable)
