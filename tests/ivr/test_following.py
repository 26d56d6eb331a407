"""A pack that changes is learned behind the callers' backs; a broken one changes nothing."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.errors import BadPack
from ivr.following import Following, Source, Stamp, stamp_of
from ivr.understand.intents import IntentClassifier
from ivr.understand.pack import Pack
from ivr.understand.slots import SlotFiller
from ivr.understand.understand import Mind


class FakeFiles:
    """A pack's files whose contents are a name, or broken."""

    def __init__(self) -> None:
        self.content, self.changes, self.read = "first", 0, 0

    def write(self, content: str) -> None:
        self.content = content
        self.changes += 1

    def stamp(self) -> Stamp:
        return (("pack.yaml", self.changes, len(self.content)),)

    def learn(self) -> Mind:
        self.read += 1
        if self.content == "broken":
            raise BadPack("pack.yaml: is not valid YAML.")
        return mind(self.content)


class FakeClock:
    def __init__(self) -> None:
        self.now_ms = 0

    def __call__(self) -> int:
        return self.now_ms


class Behind:
    """Background work that waits until it is let go."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, work: Callable[[], None]) -> None:
        self.waiting.append(work)

    def let_go(self) -> None:
        for work in self.waiting:
            work()
        self.waiting.clear()


def mind(name: str) -> Mind:
    return Mind(
        pack=Pack(name=name, intents=(), foreign=()),
        classifier=IntentClassifier.__new__(IntentClassifier),
        slots=SlotFiller(write_numbers=lambda text, _: text, is_iban=lambda _: False),
    )


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def live(files: FakeFiles, clock: FakeClock, behind: Behind) -> Following[Mind]:
    source = Source(stamp=files.stamp, learn=files.learn)
    return Following(source, what="pack", clock_ms=clock, look_every_ms=1_000, start=behind)


def test_a_pack_that_is_broken_from_the_start_is_refused(files: FakeFiles) -> None:
    files.write("broken")
    with pytest.raises(BadPack):
        Following(Source(stamp=files.stamp, learn=files.learn), what="pack", clock_ms=lambda: 0)


def test_a_broken_file_keeps_the_old_mind_and_logs_its_code(
    live: Following[Mind],
    files: FakeFiles,
    clock: FakeClock,
    behind: Behind,
    caplog: pytest.LogCaptureFixture,
) -> None:
    files.write("broken")
    clock.now_ms = 1_000
    with caplog.at_level(logging.WARNING):
        _ = live.current
        behind.let_go()

    assert live.current.pack.name == "first"
    assert [record.code for record in caplog.records] == [BadPack.code]


def test_a_broken_file_is_read_again_only_when_it_changes_again(
    live: Following[Mind], files: FakeFiles, clock: FakeClock, behind: Behind
) -> None:
    files.write("broken")
    for clock.now_ms in (1_000, 2_000, 3_000):
        _ = live.current
        behind.let_go()
    assert files.read == 2

    files.write("mended")
    clock.now_ms = 4_000
    _ = live.current
    behind.let_go()
    assert live.current.pack.name == "mended"


def test_the_old_mind_serves_until_the_new_one_is_ready(
    live: Following[Mind], files: FakeFiles, clock: FakeClock, behind: Behind
) -> None:
    files.write("second")
    clock.now_ms = 1_000

    assert live.current.pack.name == "first"
    assert live.current.pack.name == "first"
    behind.let_go()
    assert live.current.pack.name == "second"


def test_files_are_looked_at_no_more_often_than_agreed(
    live: Following[Mind], files: FakeFiles, clock: FakeClock, behind: Behind
) -> None:
    files.write("second")
    clock.now_ms = 999
    _ = live.current

    assert not behind.waiting


def test_nothing_is_learned_twice_at_a_time(
    live: Following[Mind], files: FakeFiles, clock: FakeClock, behind: Behind
) -> None:
    for clock.now_ms in (1_000, 2_000):
        files.write("second")
        _ = live.current
    assert len(behind.waiting) == 1

    behind.let_go()
    clock.now_ms = 3_000
    _ = live.current
    assert len(behind.waiting) == 1


def test_a_stamp_tells_changed_files_from_those_that_stay(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    assert stamp_of([file]) == ()

    file.write_text("a", "utf-8")
    before = stamp_of([file])
    assert stamp_of([file]) == before
    file.write_text("ab", "utf-8")
    assert stamp_of([file]) != before
