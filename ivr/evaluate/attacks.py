"""Synthetic voices speak telephone sentences, to train and to test the detector of such voices.

The project's own voices come from the wiring; others are programs of the operating system, used
where they are installed. All of them are material for measurements, none is part of the product.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator

from biometrics import Waveform, read_recording, resampled
from biometrics.liveness.opus import write_recording
from ivr.call import Language
from ivr.errors import BadTestSet
from ivr.studio import Engine

RATE_HZ = 16_000
_LONGEST_S = 60
"""A program that has said nothing by then hangs."""

_HEADER_BYTES = 44
"""Of a WAV file without sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A speech program that writes a WAV file."""

    kind: str
    """Name of its way of speaking, and of the folder its recordings go to."""

    language: Language | None
    """None for a voice of another language that reads whatever it is given."""

    command: tuple[str, ...]
    """With places {file}, {voice}, {tempo} and {pitch} (whole per cents of the usual)."""

    voices: tuple[str, ...] = ("",)
    is_spoken_to: bool = False
    """The words go to its standard input; otherwise they follow the command."""


_ESPEAK = ("espeak-ng", "-v", "{voice}", "-s", "{tempo}", "-p", "{pitch}", "-w", "{file}")
_FLITE = ("flite", "-voice", "{voice}", "-o", "{file}", "-t")
_FESTIVAL = ("text2wave", "-eval", "({voice})", "-o", "{file}")

PROGRAMS = (
    Program(
        kind="espeak-ng",
        language=Language.GERMAN,
        command=_ESPEAK,
        voices=("de", "de+f2", "de+m3", "de+f4", "de+m7"),
    ),
    Program(
        kind="espeak-ng",
        language=Language.ENGLISH,
        command=_ESPEAK,
        voices=("en-gb", "en-us+f3", "en-us+m4", "en-gb+f5", "en-gb+m2"),
    ),
    Program(
        kind="flite-diphone", language=Language.ENGLISH, command=_FLITE, voices=("kal", "kal16")
    ),
    Program(
        kind="flite-clustergen",
        language=Language.ENGLISH,
        command=_FLITE,
        voices=("slt", "rms", "awb"),
    ),
    Program(
        kind="festival-lpc",
        language=Language.ENGLISH,
        command=_FESTIVAL,
        voices=("voice_kal_diphone", "voice_ked_diphone"),
        is_spoken_to=True,
    ),
    Program(
        kind="festival-hts",
        language=Language.ENGLISH,
        command=_FESTIVAL,
        voices=("voice_cmu_us_slt_arctic_hts",),
        is_spoken_to=True,
    ),
    Program(
        kind="festival-foreign",
        language=None,
        command=_FESTIVAL,
        voices=(
            "voice_pc_diphone",
            "voice_lp_diphone",
            "voice_suo_fi_lj_diphone",
            "voice_hy_fi_mv_diphone",
            "voice_czech_dita",
            "voice_czech_machac",
        ),
        is_spoken_to=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booth:
    """Where attacks are recorded."""

    engines: Mapping[tuple[str, Language], Engine]
    """The project's own voices by kind."""

    sentences: Mapping[Language, Sequence[str]]
    seed: int = 20_260
    programs: tuple[Program, ...] = PROGRAMS

    def record(self, folder: Path, count: int, on_made: Callable[[str, int], None]) -> None:
        """Write up to `count` recordings of each kind to a folder of its own.

        Files that are there are left as they are, so that an interrupted run goes on.
        """
        for (kind, language), engine in self.engines.items():
            self._fill(folder / kind, language, count, self._speaking(engine), on_made)
        for program in self.programs:
            if shutil.which(program.command[0]):
                self._fill(
                    folder / program.kind, program.language, count, self._running(program), on_made
                )

    def _fill(
        self,
        folder: Path,
        language: Language | None,
        count: int,
        say: Callable[[str, Generator], Waveform | None],
        on_made: Callable[[str, int], None],
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for place, words in enumerate(self._chosen(language, count, folder.name)):
            file = folder / f"{language or 'xx'}-{place:04}.ogg"
            if file.exists():
                continue
            chance = np.random.default_rng([self.seed, place, *folder.name.encode()])
            sound = say(words, chance)
            if sound is not None and sound.duration_ms:
                # Opus, as the human recordings are kept: a codec must not tell the two apart.
                write_recording(resampled(sound, RATE_HZ), file)
            on_made(folder.name, place + 1)

    def _chosen(self, language: Language | None, count: int, kind: str) -> Iterator[str]:
        known = self.sentences[language] if language else self.sentences[Language.ENGLISH]
        if not known:
            raise BadTestSet("There are no sentences to speak.")
        order = np.random.default_rng([self.seed, *kind.encode()]).permutation(len(known))
        for place in range(count):
            yield known[order[place % len(order)]]

    @staticmethod
    def _speaking(engine: Engine) -> Callable[[str, Generator], Waveform | None]:
        def say(words: str, chance: Generator) -> Waveform:
            throat = float(chance.uniform(0.82, 1.2))
            tempo, pitch = float(chance.uniform(0.85, 1.2)), float(chance.uniform(0.75, 1.3))
            sound = engine(words, tempo=tempo / throat, pitch=pitch / throat)
            return Waveform(samples=sound.samples, rate_hz=round(sound.rate_hz * throat))

        return say

    @staticmethod
    def _running(program: Program) -> Callable[[str, Generator], Waveform | None]:
        def say(words: str, chance: Generator) -> Waveform | None:
            places = {
                "voice": program.voices[int(chance.integers(len(program.voices)))],
                "tempo": str(int(chance.uniform(130, 200))),
                "pitch": str(int(chance.uniform(25, 75))),
            }
            return _run(program, words, places)

        return say


def _run(program: Program, words: str, places: Mapping[str, str]) -> Waveform | None:
    """What the program says; None where it has no such voice or fails at a sentence."""
    with tempfile.TemporaryDirectory(prefix="booth-") as name:
        file = Path(name) / "said.wav"
        command = [part.format(file=file, **places) for part in program.command]
        told = words.encode("latin-1", "ignore") if program.is_spoken_to else None
        try:
            subprocess.run(  # noqa: S603 - fixed commands, words as one argument or on stdin
                [*command, *([] if program.is_spoken_to else [words])],
                input=told,
                stdin=None if program.is_spoken_to else subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_LONGEST_S,
                check=True,
            )
        except (subprocess.SubprocessError, OSError):
            return None
        if not file.is_file() or file.stat().st_size <= _HEADER_BYTES:
            return None
        return read_recording(file)
