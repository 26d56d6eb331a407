"""A cache that may lose anything and break nothing."""

from pathlib import Path

import numpy as np
import pytest
from fakes.small_files import no_file_beyond

from biometrics import Waveform
from ivr.speak.sound_cache import SoundCache

SOUND = Waveform(samples=np.linspace(-1, 1, 800, dtype=np.float32), rate_hz=8_000)


def filled(folder: Path | None) -> SoundCache:
    cache = SoundCache(folder, rate_hz=8_000)
    cache.put("pico", "Hallo.", sound=SOUND)
    return cache


def test_what_was_never_kept_is_not_there(tmp_path: Path) -> None:
    assert filled(tmp_path).get("pico", "Tag.") is None
    assert filled(tmp_path).get("picoHallo", ".") is None


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * 32, b"x" * 500])
def test_a_damaged_file_is_ignored_and_written_anew(damage: bytes, tmp_path: Path) -> None:
    filled(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)

    assert SoundCache(tmp_path, rate_hz=8_000).get("pico", "Hallo.") is None
    filled(tmp_path)
    assert SoundCache(tmp_path, rate_hz=8_000).get("pico", "Hallo.") is not None


def test_a_cut_off_file_is_ignored(tmp_path: Path) -> None:
    filled(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-2])

    assert SoundCache(tmp_path, rate_hz=8_000).get("pico", "Hallo.") is None


def test_the_sound_of_another_sentence_is_ignored_and_made_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filled(tmp_path)
    (hello,) = tmp_path.iterdir()
    filled(tmp_path).put("pico", "Tschüss.", sound=SOUND)
    (goodbye,) = set(tmp_path.iterdir()) - {hello}
    goodbye.write_bytes(hello.read_bytes())

    assert SoundCache(tmp_path, rate_hz=8_000).get("pico", "Tschüss.") is None
    assert "cached_prompt_damaged" in caplog.text


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    cache = filled(tmp_path / "file" / "cache")

    assert cache.get("pico", "Hallo.") is not None


def test_no_folder_means_memory_only() -> None:
    assert filled(None).get("pico", "Hallo.") is not None


def test_another_process_finds_the_same_sound(tmp_path: Path) -> None:
    here = filled(tmp_path).get("pico", "Hallo.")
    there = SoundCache(tmp_path, rate_hz=8_000).get("pico", "Hallo.")

    assert here is not None
    assert there is not None
    np.testing.assert_array_equal(here.samples, there.samples)
    np.testing.assert_allclose(there.samples, SOUND.samples, atol=1 / 32_767)


def test_nothing_unfinished_is_left_behind(tmp_path: Path) -> None:
    filled(tmp_path)

    assert [path.suffix for path in tmp_path.iterdir()] == [".pcm"]


def test_only_the_latest_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.speak.sound_cache._MOST", 2)
    cache = SoundCache(None, rate_hz=8_000)
    for name in "abc":
        cache.put(name, sound=SOUND)

    assert [cache.get(name) is not None for name in "abc"] == [False, True, True]


def test_a_full_disk_costs_nothing_but_time_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with no_file_beyond(100):
        cache = filled(tmp_path)

    assert cache.get("pico", "Hallo.") is not None
    assert list(tmp_path.iterdir()) == []
