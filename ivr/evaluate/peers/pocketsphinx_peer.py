"""PocketSphinx with its defaults and the English model that its package brings."""

import numpy as np
from pocketsphinx import Decoder

from biometrics import Waveform, resampled
from ivr.call import Language
from ivr.errors import NoRecogniser
from ivr.evaluate.peers.work import Work

_RATE_HZ = 16_000


def load_pocketsphinx() -> Work:
    decoder = Decoder(samprate=_RATE_HZ, loglevel="FATAL")

    def work(sound: Waveform, language: Language) -> str:
        if language is not Language.ENGLISH:
            raise NoRecogniser("PocketSphinx brings a model of English alone.")
        samples = resampled(sound, _RATE_HZ).samples
        decoder.start_utt()
        pcm = (np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
        decoder.process_raw(pcm, full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        return str(found.hypstr) if found else ""

    return work
