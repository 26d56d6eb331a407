import hashlib
from pathlib import Path

import numpy as np
import pytest

from biometrics import Waveform
from ivr.errors import BadTestSet
from ivr.studio import Studio, read_manifest

MANIFEST = """
origin = "made up"
licence = "none"
[speakers]
anna = {engine = "tone", formants = 0.5, pitch = 0.8, tempo = 1.2}

[[recordings]]
file = "one.wav"
speaker = "anna"
language = "de"
words = "Guten Tag"
sha256 = "old"

[[recordings]]
file = "two.wav"
speaker = "letter"
language = "de"
words = ""
sha256 = "older"

[[calls]]
name = "kept as it is"
"""


def test_a_speaker_nobody_described_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text(
        MANIFEST.replace('speaker = "anna"', 'speaker = "bert"')
    )

    with pytest.raises(BadTestSet, match="bert"):
        read_manifest(tmp_path)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTestSet):
        read_manifest(tmp_path)


def test_recordings_are_made_and_their_digests_written_down(tmp_path: Path) -> None:
    file = tmp_path / "manifest.toml"
    file.write_text(MANIFEST)
    asked = []

    def tone(text: str, *, tempo: float, pitch: float) -> Waveform:
        asked.append((text, tempo, pitch))
        return Waveform(samples=np.ones(16_000, dtype=np.float32), rate_hz=16_000)

    made: list[str] = []
    studio = Studio(
        engines={"tone": tone},
        on_the_line=lambda sound: sound,
        as_wav=lambda sound: f"{sound.rate_hz} {sound.duration_ms}".encode(),
    )
    studio.make(tmp_path, made.append)

    assert asked == [("Guten Tag", 2.4, 1.6)]
    assert made == ["one.wav", "two.wav"]
    assert (tmp_path / "one.wav").read_bytes() == b"8000 2500"
    manifest = read_manifest(tmp_path)
    assert [one.sha256 for one in manifest.recordings] == [
        hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in made
    ]
    assert file.read_text().endswith('[[calls]]\nname = "kept as it is"\n')
