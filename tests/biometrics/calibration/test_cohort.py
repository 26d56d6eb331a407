"""A cohort belongs to one encoder, and is nobody in particular."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biometrics import CalibrationUnusable, EncoderId
from biometrics.calibration.cohort import Cohort, closest_strangers, read_cohort, write_cohort
from biometrics.encoder import unit

RNG = np.random.default_rng(4)


def voices(count: int, *, around: tuple[float, ...] = (0, 0, 0, 0)) -> np.ndarray:
    return np.stack([unit((RNG.normal(size=4) + around).astype(np.float32)) for _ in range(count)])


COHORT = Cohort(encoder=EncoderId("pattern-0"), weights_sha256="ab" * 32, vectors=voices(60))


def read(file: Path, sha256: str, **changed: str) -> Cohort:
    usual = {"encoder": "pattern-0", "weights_sha256": "ab" * 32} | changed
    return read_cohort(file, sha256=sha256, **usual)  # type: ignore[arg-type]


def test_a_cohort_of_a_few_is_refused() -> None:
    with pytest.raises(CalibrationUnusable, match="more than 20 voices"):
        closest_strangers(voices(20), voices(2))


def test_a_missing_cohort_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalibrationUnusable, match=r"cohort is missing; run `ivr calibrate` again"):
        read(tmp_path / "cohort.npz", "0" * 64)


def test_another_cohort_than_the_calibrations_own_is_refused(tmp_path: Path) -> None:
    write_cohort(COHORT, tmp_path / "cohort.npz")

    with pytest.raises(CalibrationUnusable, match="not the calibration's own"):
        read(tmp_path / "cohort.npz", "0" * 64)


@pytest.mark.parametrize("changed", [{"encoder": "pattern-1"}, {"weights_sha256": "cd" * 32}])
def test_a_cohort_of_another_encoder_is_refused(tmp_path: Path, changed: dict[str, str]) -> None:
    sha256 = write_cohort(COHORT, tmp_path / "cohort.npz")

    with pytest.raises(CalibrationUnusable, match="made by another encoder"):
        read(tmp_path / "cohort.npz", sha256, **changed)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip"])
def test_a_damaged_cohort_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cohort.npz").write_bytes(content)

    with pytest.raises(CalibrationUnusable, match="damaged"):
        read(tmp_path / "cohort.npz", hashlib.sha256(content).hexdigest())


def test_a_folder_that_is_missing_is_named_as_a_problem(tmp_path: Path) -> None:
    with pytest.raises(CalibrationUnusable, match="could not be written"):
        write_cohort(COHORT, tmp_path / "absent" / "cohort.npz")


def test_what_is_written_is_read_in_half_precision_and_without_names(tmp_path: Path) -> None:
    sha256 = write_cohort(COHORT, tmp_path / "cohort.npz")

    kept = read(tmp_path / "cohort.npz", sha256)

    assert kept.vectors == pytest.approx(COHORT.vectors, abs=1e-3)
    with np.load(tmp_path / "cohort.npz") as found:
        assert sorted(found) == ["encoder", "vectors", "weights_sha256"]
        assert found["vectors"].dtype == np.float16
    assert list(tmp_path.iterdir()) == [tmp_path / "cohort.npz"]


def test_vectors_are_never_printed() -> None:
    assert "vectors" not in repr(COHORT)


def test_both_sides_are_seen_against_their_closest_strangers() -> None:
    first, second = voices(2)
    sides = [cohort_cosines(side) for side in (first, second)]
    expected = np.mean([(0.5 - side.mean()) / side.std() for side in sides])

    assert COHORT.normalised(0.5, first, second) == pytest.approx(expected, rel=1e-5)


def cohort_cosines(voice: np.ndarray) -> np.ndarray:
    """Of 60 voices the 20 closest count."""
    return np.sort(COHORT.vectors.astype(np.float64) @ voice.astype(np.float64))[-20:]


@pytest.mark.parametrize(("people", "count"), [(800, 100), (4000, 300)])
def test_of_a_large_cohort_an_eighth_counts_and_never_more_than_300(
    people: int, count: int
) -> None:
    large, first = voices(people), voices(1)
    alike = np.sort(large.astype(np.float64) @ first[0].astype(np.float64))[-count:]

    found = closest_strangers(large, first)

    assert found[0] == pytest.approx([alike.mean(), alike.std()], rel=1e-6)


def test_nobody_is_a_stranger_to_themselves() -> None:
    own = closest_strangers(COHORT.vectors, COHORT.vectors[:1], np.array([0]))
    unknown = closest_strangers(COHORT.vectors, COHORT.vectors[:1], np.array([-1]))

    assert own[0, 0] < unknown[0, 0]


def test_one_voice_many_times_gives_a_finite_score() -> None:
    same = replace(COHORT, vectors=np.repeat(voices(1), 40, axis=0))

    assert np.isfinite(same.normalised(0.5, *voices(2)))
