"""A booth in which synthetic voices speak the sentences of the intent packs."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from biometrics import Waveform
from ivr.call import Language
from ivr.evaluate.attacks import Booth
from ivr.studio import Engine
from ivr.understand.pack import BUSINESSES, read_pack


def booth(more_sentences: Mapping[Language, Path] | None = None) -> Booth:
    """The booth with the project's own voices.

    `more_sentences` are files with lines of path, tab, text, whose texts are spoken too.
    """
    sentences = {language: _sentences(language) for language in Language}
    for language, file in (more_sentences or {}).items():
        lines = file.read_text("utf-8").splitlines()
        sentences[language] += [line.partition("\t")[2] for line in lines if "\t" in line]
    return Booth(engines=_engines(), sentences=sentences)


def _sentences(language: Language) -> list[str]:
    packs = [read_pack(name) for name in BUSINESSES]
    found = [s for pack in packs for intent in pack.intents for s in intent.sentences[language]]
    return list(dict.fromkeys(found))


def _engines() -> Mapping[tuple[str, Language], Engine]:
    from ivr.speak.hibari_voice import HibariVoice
    from ivr.speak.pico_voice import PicoVoice

    def pico(language: Language) -> Engine:
        def speak(text: str, *, tempo: float, pitch: float) -> Waveform:
            return PicoVoice(language, tempo=tempo, pitch=pitch).speak(text)

        return speak

    def hibari(text: str, *, tempo: float, pitch: float) -> Waveform:
        del pitch
        # One decimal, so that a few loaded voices serve every tempo.
        return at_tempo(round(tempo, 1)).speak(text)

    @cache
    def at_tempo(tempo: float) -> HibariVoice:
        return HibariVoice(tempo=tempo)

    return {
        ("pico", Language.GERMAN): pico(Language.GERMAN),
        ("pico", Language.ENGLISH): pico(Language.ENGLISH),
        ("hibari", Language.ENGLISH): hibari,
    }
