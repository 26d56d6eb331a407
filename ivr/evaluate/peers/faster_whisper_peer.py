"""faster-whisper with its defaults: the whole window of 30 s, a beam of 5, timestamps."""

from pathlib import Path

from faster_whisper import WhisperModel

from biometrics import Waveform, resampled
from ivr.call import Language
from ivr.evaluate.peers.work import Work

_RATE_HZ = 16_000


def load_faster_whisper(folder: Path, *, threads: int) -> Work:
    """The model in `folder` at 8 bits, as ours is; 0 threads leaves their number to it."""
    model = WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
    )

    def work(sound: Waveform, language: Language) -> str:
        found, _ = model.transcribe(resampled(sound, _RATE_HZ).samples, language=language.value)
        return " ".join(segment.text.strip() for segment in found)

    return work
