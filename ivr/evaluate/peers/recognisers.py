"""Speech recognisers that compete, each as its makers hand it out."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from biometrics import Waveform
from ivr.algebra import keep_to_one_thread
from ivr.call import Language, Transcript
from ivr.evaluate.peers.work import Load, Work
from ivr.understand.recogniser import Recogniser, well_spelt


def _heard_by(recogniser: Recogniser) -> Work:
    def work(sound: Waveform, language: Language) -> str:
        hearing = recogniser.start(language)
        hearing.feed(sound)
        heard = well_spelt(hearing.finish())
        return heard.text if isinstance(heard, Transcript) else ""

    return work


def _ours(folder: Path) -> Work:
    from ivr.understand.whisper_recogniser import WhisperRecogniser  # noqa: PLC0415 - only if asked

    keep_to_one_thread()  # as the service does
    return _heard_by(WhisperRecogniser(folder))


def _vosk(folder: Path) -> Work:
    from ivr.understand.vosk_recogniser import VoskRecogniser  # noqa: PLC0415 - only if asked for

    return _heard_by(VoskRecogniser({Language.ENGLISH: folder}))


def _faster_whisper(threads: int, folder: Path) -> Work:
    from ivr.evaluate.peers.faster_whisper_peer import (  # noqa: PLC0415 - only if asked for
        load_faster_whisper,
    )

    return load_faster_whisper(folder, threads=threads)


def _pocketsphinx(folder: Path) -> Work:  # noqa: ARG001 - its package brings a model
    from ivr.evaluate.peers.pocketsphinx_peer import load_pocketsphinx  # noqa: PLC0415 - as above

    return load_pocketsphinx()


RECOGNISERS: Mapping[str, Load] = {
    "whisper": _ours,
    "faster-whisper": partial(_faster_whisper, 0),
    "faster-whisper-1": partial(_faster_whisper, 1),
    "vosk": _vosk,
    "pocketsphinx": _pocketsphinx,
}
