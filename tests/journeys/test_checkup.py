"""`ivr serve` looks whether everything is well, with real models, databases and ports."""

import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ctranslate2 import get_cuda_device_count
from fakes.process import begun

from ivr.checkup.known import voices_told_apart, words_heard
from ivr.errors import StartRefused
from ivr.understand.whisper_recogniser import WhisperRecogniser
from ivr.wiring import House
from ivr.wiring.checking import Address

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

NOWHERE = Address(host="127.0.0.1", port=0)


@pytest.fixture
def fresh(tmp_path: Path, house: House) -> Iterator[Callable[..., House]]:
    """A house of its own, with the models that are loaded already."""
    opened: list[House] = []

    def of(**changes: object) -> House:
        settings = House.for_rehearsal(tmp_path).settings
        other = House(replace(settings, **changes))  # type: ignore[arg-type]
        other.words, other.voices.__dict__["_loaded"] = house.words, house.voices._loaded
        opened.append(other)
        return other

    yield of
    for one in opened:
        one.close()


def test_with_everything_as_it_should_be_nothing_is_fatal(fresh: Callable[..., House]) -> None:
    findings = fresh().checking.before_calls(NOWHERE)

    assert [one.sentence for one in findings if one.is_fatal] == []
    looked_at = {one.what for one in findings}
    assert {"master key", "database", "clock", "speech detector"} <= looked_at
    assert {"whisper, de", "whisper, en", "understanding of airline"} <= looked_at


def test_a_key_that_cannot_be_read_is_fatal(tmp_path: Path, fresh: Callable[..., House]) -> None:
    first = fresh()
    first.checking.before_calls(NOWHERE)
    (tmp_path / "rehearsal.key").write_bytes(b"no key")

    with pytest.raises(StartRefused, match="master key"):
        fresh().checking.before_calls(NOWHERE)


def test_a_database_that_cannot_be_written_to_is_fatal(
    tmp_path: Path, fresh: Callable[..., House]
) -> None:
    fresh().checking.before_calls(NOWHERE)
    holder = sqlite3.connect(tmp_path / "rehearsal.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StartRefused, match=r"database: .*\[store_unavailable\]"):
        fresh().checking.before_calls(NOWHERE)
    holder.close()


def test_calls_of_the_future_are_told(tmp_path: Path, fresh: Callable[..., House]) -> None:
    house = fresh()
    house.checking.before_calls(NOWHERE)
    ahead = datetime.now(UTC) + timedelta(hours=1)
    with sqlite3.connect(tmp_path / "rehearsal.db") as connection:
        columns = connection.execute("PRAGMA table_info(journal_calls)").fetchall()
        assert columns
        values = {name: _any(kind) for _, name, kind, *_ in columns}
        values |= {"id": "r", "began_at": f"{ahead:%Y-%m-%d %H:%M:%S.%f}"}
        values |= {"ended_at": values["began_at"], "outcome": "served"}
        marks = ", ".join("?" * len(values))
        names = ", ".join(values)
        connection.execute(
            f"INSERT INTO journal_calls ({names}) VALUES ({marks})",  # noqa: S608 - our own names
            list(values.values()),
        )
    connection.close()

    told = [one for one in house.checking.stores() if one.what == "clock" and not one.is_well]

    assert [one.is_fatal for one in told] == [False]


def _any(kind: str) -> object:
    return "" if kind.startswith(("VARCHAR", "TEXT")) else 0


@pytest.mark.parametrize("damage", ["truncated", "scrambled"])
def test_a_damaged_recogniser_is_found(house: House, tmp_path: Path, damage: str) -> None:
    """It may not load, or load and hear what nobody said."""
    folder = tmp_path / "whisper"
    shutil.copytree(house.places.model("whisper-base"), folder)
    damaged(folder / "model.bin", damage)
    refused = ()
    try:
        recogniser = WhisperRecogniser(folder, house.settings.understand)
        findings = tuple(words_heard(recogniser, house.voices.listen))
    except Exception as err:  # noqa: BLE001 - of a library; `looked` makes a finding of it
        refused = (err,)
    else:
        assert all(one.is_fatal for one in findings)
    assert refused or findings


@pytest.mark.skipif(get_cuda_device_count() > 0, reason="there is a graphics card")
def test_a_graphics_card_that_is_not_there_is_found_and_ends_no_look_at_the_rest(
    fresh: Callable[..., House], house: House
) -> None:
    house.places.model("whisper-base")
    other = fresh(understand=replace(house.settings.understand, device="cuda"))
    other.words = House(other.settings).words
    findings = tuple(other.checking.models())

    (wrong,) = [one for one in findings if one.is_fatal]
    assert wrong.sentence.startswith("whisper: cannot be used [bad_settings]")
    assert "IVR_UNDERSTAND__DEVICE" in wrong.sentence
    assert "understanding of airline" in {one.what for one in findings}


def test_a_damaged_encoder_is_found(house: House) -> None:
    class Damaged:
        """Every voice is the same to it."""

        def __getattr__(self, name: str) -> object:
            return getattr(house.voices.encoder, name)

        def encode(self, speech: object) -> object:
            return house.voices.encoder.encode(speech) * 0 + 1  # type: ignore[arg-type]

    (finding,) = voices_told_apart(Damaged(), house.voices.listen)  # type: ignore[arg-type]
    (well,) = voices_told_apart(house.voices.encoder, house.voices.listen)

    assert finding.is_fatal
    assert well.is_well


def damaged(file: Path, how: str) -> None:
    size = file.stat().st_size
    with file.open("r+b") as opened:
        if how == "truncated":
            opened.truncate(size // 2)
            return
        for at in range(size // 4, size - 4_096, size // 64):
            opened.seek(at)
            opened.write(bytes(range(256)) * 16)


def test_a_service_whose_port_is_taken_says_so_and_does_not_begin(
    house: House, tmp_path: Path
) -> None:
    del house
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with begun(tmp_path, GATEWAYS__AUDIOSOCKET__PORT=port) as service:
            code = service.ended()

    assert code == 1
    assert f"TCP port {port} of 127.0.0.1: cannot be listened on" in service.told
    assert "IVR_GATEWAYS__AUDIOSOCKET__PORT" in service.told
    assert "Traceback" not in service.told
