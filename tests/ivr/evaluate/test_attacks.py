"""Synthetic voices in a booth: the project's own by hand, others as programs."""

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics import Waveform
from ivr.call import Language
from ivr.errors import BadTestSet
from ivr.evaluate.attacks import Booth, Program

SENTENCES = {Language.GERMAN: ["Guten Tag."], Language.ENGLISH: ["Hello.", "Goodbye."]}

_WRITES = (
    "import sys, wave; w = wave.open(sys.argv[1], 'wb'); w.setparams((1, 2, 16000, 0, 'NONE', ''));"
    "w.writeframes(b'\\x10\\x20' * 8000); w.close(); open(sys.argv[2], 'a').write(sys.argv[3])"
)


def hum(text: str, *, tempo: float, pitch: float) -> Waveform:
    length = int(len(text) * 800 / tempo)
    wave = np.sin(np.arange(length) * 0.05 * pitch) * 0.3
    return Waveform(samples=wave.astype(np.float32), rate_hz=16_000)


def program(script: str, told: Path, **parts: object) -> Program:
    return Program(
        kind="python",
        language=Language.ENGLISH,
        command=(sys.executable, "-c", script, "{file}", str(told)),
        **parts,
    )


def test_nothing_to_say_is_refused(tmp_path: Path) -> None:
    booth = Booth(
        engines={("hum", Language.GERMAN): hum}, sentences={Language.GERMAN: []}, programs=()
    )

    with pytest.raises(BadTestSet, match="no sentences"):
        booth.record(tmp_path, 1, lambda *_: None)


def test_a_program_that_fails_leaves_no_recording(tmp_path: Path) -> None:
    failing = program("raise SystemExit(3)", tmp_path / "told")
    booth = Booth(engines={}, sentences=SENTENCES, programs=(failing,))

    booth.record(tmp_path / "attacks", 2, lambda *_: None)

    assert list((tmp_path / "attacks" / "python").iterdir()) == []


def test_a_program_that_is_not_installed_is_left_out(tmp_path: Path) -> None:
    absent = Program(kind="absent", language=None, command=("no-such-program", "{file}"))
    booth = Booth(engines={}, sentences=SENTENCES, programs=(absent,))

    booth.record(tmp_path / "attacks", 2, lambda *_: None)

    assert not (tmp_path / "attacks" / "absent").exists()


def test_a_program_is_given_the_words(tmp_path: Path) -> None:
    told = tmp_path / "told"
    booth = Booth(engines={}, sentences=SENTENCES, programs=(program(_WRITES, told),))

    booth.record(tmp_path / "attacks", 2, lambda *_: None)

    files = sorted((tmp_path / "attacks" / "python").iterdir())
    assert [file.name for file in files] == ["en-0000.ogg", "en-0001.ogg"]
    assert soundfile.info(files[0]).samplerate == 16_000
    assert sorted([told.read_text()[:6], told.read_text()[-8:]]) in (
        ["Goodby", "e.Hello."],
        ["Hello.", "Goodbye."],
    )


def test_the_same_seed_makes_the_same_voices_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    booth = Booth(engines={("hum", Language.GERMAN): hum}, sentences=SENTENCES, programs=())
    made: list[tuple[str, int]] = []

    booth.record(tmp_path / "a", 3, lambda *_: None)
    booth.record(tmp_path / "b", 2, lambda *_: None)
    booth.record(tmp_path / "b", 3, lambda *at: made.append(at))

    assert made == [("hum", 3)]
    first, second = (
        [soundfile.read(file)[0] for file in sorted((tmp_path / name / "hum").iterdir())]
        for name in ("a", "b")
    )
    assert len(first) == 3
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
