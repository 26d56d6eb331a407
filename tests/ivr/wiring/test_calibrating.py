"""A calibration of one's own is kept where it is better than the one in use."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from biometrics import CalibrationUnusable
from biometrics.calibration.proof import Costs, Proof
from ivr.errors import BadSettings
from ivr.settings import Settings
from ivr.wiring import calibrating
from ivr.wiring.calibrating import Wish, calibrate_house

WISH = Wish(folders=(Path("recordings"),))
GOOD = Costs(cllr=0.2, min_cllr=0.19, act_dcf=0.5, min_dcf=0.5)
BAD = replace(GOOD, cllr=0.3)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    files: list[Path] = []
    monkeypatch.setattr(calibrating, "write_learned", lambda _learned, file: files.append(file))
    return files


def taught(monkeypatch: pytest.MonkeyPatch, before: Costs | None, after: Costs) -> None:
    learned = SimpleNamespace(calibration="learned")
    proof = Proof(before=before, after=after, errors=())
    found = SimpleNamespace(learned=learned, proof=proof)
    monkeypatch.setattr(calibrating, "calibrate", lambda *_, **__: found)


class House:
    """Voices without a calibration."""

    encoder = SimpleNamespace(id="pattern-0", weights_sha256="ab" * 32)
    detector = SimpleNamespace()

    def __init__(self, home: Path) -> None:
        self.places = SimpleNamespace(settings=Settings(home=home))

    @property
    def calibration(self) -> Any:
        raise CalibrationUnusable("None.")


def run(wish: Wish, home: Path) -> Path | None:
    return calibrate_house(wish, House(home), lambda *_: None).file  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wish", [replace(WISH, codecs=("mp3",)), replace(WISH, profile="x", codecs=("mulaw", "gsm"))]
)
def test_a_line_that_is_none_is_refused(wish: Wish, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="codec"):
        run(wish, tmp_path)


def test_what_does_worse_than_the_one_in_use_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, kept: list[Path], tmp_path: Path
) -> None:
    taught(monkeypatch, before=GOOD, after=BAD)

    assert run(WISH, tmp_path) is None
    assert kept == []


def test_whoever_names_a_file_has_it_all_the_same(
    monkeypatch: pytest.MonkeyPatch, kept: list[Path], tmp_path: Path
) -> None:
    taught(monkeypatch, before=GOOD, after=BAD)

    assert run(replace(WISH, out=tmp_path / "mine.json"), tmp_path) == tmp_path / "mine.json"
    assert kept == [tmp_path / "mine.json"]


@pytest.mark.parametrize("before", [BAD, None])
def test_what_does_better_is_kept_where_the_house_looks_for_it(
    monkeypatch: pytest.MonkeyPatch, kept: list[Path], tmp_path: Path, before: Costs | None
) -> None:
    taught(monkeypatch, before=before, after=GOOD)

    assert run(WISH, tmp_path) == kept[0]
    assert kept == [tmp_path / "calibrations" / "pattern-0" / "calibration.json"]
    assert kept[0].parent.is_dir()
