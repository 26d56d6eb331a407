"""A recording of a list, heard as an enrolment hears it, and heard again without its encoder."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from biometrics import Codec, Enrolling, Speech, Take, Waveform, over_telephone
from ivr.bulk.index import Index
from ivr.bulk.row import Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Hears recordings; one a process."""

    read: Callable[[Path], bytes]
    listen: Callable[[bytes], Speech]
    enrolling: Enrolling
    codec: Codec

    def __call__(self, path: Path) -> Heard:
        """Raises CallProblem: it cannot be read, or is no recording."""
        data = self.read(path)
        speech = self.listen(data)
        take = self.enrolling.hear(speech, self.codec)
        return Heard(
            digest=digest_of(data),
            audio_ms=speech.waveform.duration_ms,
            spans=speech.spans,
            take=replace(take, speech=None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Takes of recordings that were encoded before, in place of hearing them."""

    index: Index
    sound: Callable[[bytes], Waveform]
    """Of a file, as `Hearing.listen` looks for speech in it."""

    codec: Codec

    def __call__(self, recording: bytes, codec: Codec) -> Take | None:
        """As an enrolment would hear it; None where the file is none of those."""
        heard = self.index.find(digest_of(recording)) if codec is self.codec else None
        if heard is None:
            return None
        is_fit = heard.take.voice is not None
        return replace(heard.take, speech=self._speech(recording, heard) if is_fit else None)

    def _speech(self, recording: bytes, heard: Heard) -> Speech:
        sound = self.sound(recording)
        if heard.take.is_narrowed:
            sound = over_telephone(sound, self.codec)
        return Speech(waveform=sound, spans=heard.spans)


def digest_of(data: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()
