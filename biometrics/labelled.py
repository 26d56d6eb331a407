"""Recordings sorted by who speaks in them, one folder a person, heard over a telephone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from biometrics.errors import TooFewTrials
from biometrics.recordings import SUFFIXES, read_recording
from biometrics.speech import SpanSettings, Speech, SpeechDetector, find_speech
from biometrics.telephone import Codec, over_telephone

Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One file and who speaks in it."""

    person: str
    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """How recordings are heard."""

    detector: SpeechDetector
    codec: Codec
    longest_ms: int | None = None
    """Only the beginning of each recording counts, where this is given."""

    def __call__(self, file: Path) -> Speech:
        """The recording as the far end of the line hears it, with speech looked for.

        Raises:
            UnreadableRecording: it cannot be opened or decoded.
        """
        sound = read_recording(file, longest_ms=self.longest_ms)
        return find_speech(over_telephone(sound, self.codec), self.detector, SpanSettings())


def labelled_recordings(folders: Sequence[Path]) -> tuple[Labelled, ...]:
    """Every recording below the person folders in `folders`, in the order of their names.

    Persons of different folders are different, also where their names are the same.

    Raises:
        TooFewTrials: a folder is missing or unreadable, or there are no two persons.
    """
    found = tuple(entry for folder in folders for entry in _in_folder(folder))
    if len({entry.person for entry in found}) < 2:  # noqa: PLR2004 - two voices make a comparison
        raise TooFewTrials("There must be at least two folders, each with one person's recordings.")
    return found


def _in_folder(folder: Path) -> Iterator[Labelled]:
    if not folder.is_dir():
        raise TooFewTrials("The folder of recordings is missing.")
    try:
        files = sorted(
            file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file()
        )
    except OSError as err:
        raise TooFewTrials("The folder of recordings cannot be read.") from err
    for file in files:
        inside = file.relative_to(folder).parts
        if len(inside) > 1:
            yield Labelled(person=f"{folder}/{inside[0]}", file=file)
