"""The cache saves time and never costs a call."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes.small_files import no_file_beyond
from numpy.typing import NDArray

from ivr.understand.array_file import read_arrays, write_arrays
from ivr.understand.sentence_cache import SentenceCache


class CountingEncoder:
    """Encodes a sentence as its length, and keeps what it was asked."""

    dimensions = 2

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[str] = []

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        self.asked += sentences
        return np.array([[len(one), 1] for one in sentences], dtype=np.float32)


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    vectors = SentenceCache(CountingEncoder(), blocked / "cache").encode(["ja", "nein"])

    assert vectors.tolist() == [[2, 1], [4, 1]]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nonsense", b"\x93NUMPY\x01\x00"])
def test_a_damaged_cache_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    SentenceCache(CountingEncoder(), tmp_path).encode(["ja"])
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    encoder = CountingEncoder()

    assert SentenceCache(encoder, tmp_path).encode(["ja"]).tolist() == [[2, 1]]
    assert encoder.asked == ["ja"]
    assert SentenceCache(encoder, tmp_path).encode(["ja"]).tolist() == [[2, 1]]
    assert encoder.asked == ["ja"]


def test_a_cut_off_cache_is_made_anew(tmp_path: Path) -> None:
    SentenceCache(CountingEncoder(), tmp_path).encode(["ja", "nein"])
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-60])
    encoder = CountingEncoder()

    assert SentenceCache(encoder, tmp_path).encode(["ja"]).tolist() == [[2, 1]]
    assert encoder.asked == ["ja"]


def test_a_cache_that_was_swapped_or_changed_is_made_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Arrays as they should be, of another encoder or made by somebody else."""
    for version in "12":
        SentenceCache(CountingEncoder(version), tmp_path).encode(["ja"])
    first, second = tmp_path.iterdir()
    poisoned = first.read_bytes().replace(b"vectors", b"vectorz")
    for content in (second.read_bytes(), poisoned):
        first.write_bytes(content)

        assert read_arrays(first) == {}
    assert "made anew" in caplog.text


def test_vectors_of_the_wrong_shape_are_not_used(tmp_path: Path) -> None:
    SentenceCache(CountingEncoder(), tmp_path).encode(["ja"])
    (file,) = tmp_path.iterdir()
    keys = read_arrays(file)["keys"]
    write_arrays(file, {"keys": keys, "vectors": np.zeros((1, 7), dtype=np.float32)})

    assert SentenceCache(CountingEncoder(), tmp_path).encode(["ja"]).tolist() == [[2, 1]]


def test_a_sentence_is_encoded_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    SentenceCache(encoder, tmp_path).encode(["ja", "nein"])
    vectors = SentenceCache(encoder, tmp_path).encode(["doch", "nein", "ja", "doch"])

    assert vectors.tolist() == [[4, 1], [4, 1], [2, 1], [4, 1]]
    assert encoder.asked == ["ja", "nein", "doch"]


def test_another_encoder_version_shares_nothing(tmp_path: Path) -> None:
    SentenceCache(CountingEncoder("1"), tmp_path).encode(["ja"])
    newer = CountingEncoder("2")
    SentenceCache(newer, tmp_path).encode(["ja"])

    assert newer.asked == ["ja"]


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    SentenceCache(CountingEncoder(), tmp_path).encode(["ja"])

    assert [file.suffix for file in tmp_path.iterdir()] == [".npz"]


def test_the_file_holds_no_sentence(tmp_path: Path) -> None:
    SentenceCache(CountingEncoder(), tmp_path).encode(["Geheimnis"])
    (file,) = tmp_path.iterdir()

    assert b"Geheimnis" not in file.read_bytes()


def test_a_full_disk_only_costs_time_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with no_file_beyond(100):
        vectors = SentenceCache(CountingEncoder(), tmp_path).encode(["ja"])

    assert vectors.tolist() == [[2, 1]]
    assert list(tmp_path.iterdir()) == []
