"""The project's own voices speak telephone recordings, for fixtures that belong to nobody."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict

from biometrics import Waveform, resampled
from ivr.errors import BadTestSet
from ivr.strict_toml import parsed

_RATE_HZ = 8_000
_QUIET_MS = 250
_SEED = 20_260


class Timbre(BaseModel):
    """How an engine's voice is turned into somebody else's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engine: str
    """pico-de, pico-en or hibari."""

    formants: float = 1.0
    """Resonances of the vocal tract against the engine's own; under 1 the speaker is larger."""

    pitch: float = 1.0
    """Against the engine's own. hibari cannot change it."""

    tempo: float = 1.0
    """Against the engine's own."""


class Recording(BaseModel):
    """One file to be made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    speaker: str
    """A name under [speakers], or silence, noise or letter."""

    language: str
    words: str
    sha256: str


class Manifest(BaseModel):
    """Who speaks what; the other tables of the file are read elsewhere."""

    origin: str
    licence: str
    speakers: dict[str, Timbre]
    recordings: list[Recording]


class Engine(Protocol):
    """A voice whose tempo and pitch can be set."""

    def __call__(self, text: str, *, tempo: float, pitch: float) -> Waveform: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """Makes recordings."""

    engines: Mapping[str, Engine]
    on_the_line: Callable[[Waveform], Waveform]
    """Level and band of a telephone, 8 kHz."""

    as_wav: Callable[[Waveform], bytes]

    def make(self, folder: Path, on_made: Callable[[str], None]) -> None:
        """Make every recording of the folder's manifest again and write down the new digests."""
        manifest = read_manifest(folder)
        for recording in manifest.recordings:
            data = self._bytes(recording, manifest.speakers)
            (folder / recording.file).write_bytes(data)
            _write_down(folder / "manifest.toml", recording.file, data)
            on_made(recording.file)

    def say(self, words: str, timbre: Timbre) -> Waveform:
        """A sentence at the far end of the line, before it is coded."""
        return self._spoken(words, timbre)

    def _bytes(self, recording: Recording, speakers: Mapping[str, Timbre]) -> bytes:
        match recording.speaker:
            case "silence":
                return self.as_wav(_silence(3_000))
            case "noise":
                return self.as_wav(_noise(3_000))
            case "letter":
                return b"Dear telephone, this is a letter and no recording.\n" * 20
            case name:
                return self.as_wav(self._spoken(recording.words, speakers[name]))

    def _spoken(self, words: str, timbre: Timbre) -> Waveform:
        # Played at another rate a voice changes formants, pitch and tempo alike. The engine takes
        # pitch and tempo back beforehand, so what is left is a vocal tract of another size.
        scale = timbre.formants
        speak = self.engines[timbre.engine]
        sound = speak(words, tempo=timbre.tempo / scale, pitch=timbre.pitch / scale)
        other = Waveform(samples=sound.samples, rate_hz=round(sound.rate_hz * scale))
        line = self.on_the_line(resampled(other, _RATE_HZ))
        quiet = _silence(_QUIET_MS).samples
        return Waveform(samples=np.concatenate([quiet, line.samples, quiet]), rate_hz=_RATE_HZ)


def read_manifest(folder: Path) -> Manifest:
    """The speakers and recordings of a folder.

    Raises:
        BadTestSet: there is no manifest, or it cannot be used.
    """
    path = folder / "manifest.toml"
    try:
        manifest = Manifest.model_validate(parsed(path.read_text("utf-8")))
    except (OSError, ValueError) as err:
        raise BadTestSet(f"{path} cannot be used as a manifest of recordings.") from err
    strangers = {one.speaker for one in manifest.recordings} - {
        *manifest.speakers,
        "silence",
        "noise",
        "letter",
    }
    if strangers:
        raise BadTestSet(f"{path} names speakers it does not describe: {sorted(strangers)}.")
    return manifest


def _silence(ms: int) -> Waveform:
    """A quiet line is not digital zero: -66 dB under full scale, like a good one."""
    return _hiss(ms, level=0.0005)


def _noise(ms: int) -> Waveform:
    """A bad line: -30 dB under full scale."""
    return _hiss(ms, level=0.03)


def _hiss(ms: int, *, level: float) -> Waveform:
    samples = np.random.default_rng(_SEED).standard_normal(ms * _RATE_HZ // 1000) * level
    return Waveform(samples=samples.astype(np.float32), rate_hz=_RATE_HZ)


def _write_down(manifest: Path, file: str, data: bytes) -> None:
    """Put the digest where it stands, and leave the rest of the file as people wrote it."""
    digest = hashlib.sha256(data).hexdigest()
    entry = re.compile(rf'(file = "{re.escape(file)}"(?:\n(?!\[).*)*?\nsha256 = ")[^"]*(")')
    text = manifest.read_text("utf-8")
    manifest.write_text(entry.sub(rf"\g<1>{digest}\g<2>", text), "utf-8")
