"""Known answers: models that load and are damaged give others."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from itertools import islice

from biometrics import Encoder, Speech, cosine, voice_in
from ivr.call import Intent, Language, Several, Transcript, Understanding
from ivr.checkup.finding import Finding
from ivr.understand.pack import Pack
from ivr.understand.recogniser import Recogniser, transcribe

Listen = Callable[[bytes], Speech]

_SAID = {
    Language.GERMAN: ("klaus-yes.wav", "ja genau deswegen rufe ich an"),
    Language.ENGLISH: (
        "emily-refund.wav",
        "hello i am calling to ask when i will get the money back for my cancelled ticket",
    ),
}
_SAME, _OTHER = ("klaus-yes.wav", "klaus-right.wav"), ("klaus-yes.wav", "emily-refund.wav")

_LEAST_WORDS = {"whisper": 0.6}
"""Share of the words that must be heard. Whisper has all of them; the small English Vosk, which was
not made for telephones, about a half."""

_LEAST_OF_OTHERS = 0.2

_SCORES = {"telephone-ecapa-1": (0.85, 0.35)}
"""Cosines of one voice and of two, measured."""

_TOLERANCE = 0.05
_LEAST_APART = 0.1
"""Of other encoders: 0.28 and 0.35 were measured."""

_ASKED = 8
_LEAST_UNDERSTOOD = 0.6
"""Share of a pack's own first sentences whose meaning must be found."""

_AGAIN = "Its files are damaged, or not what they are taken for; "


def speech_heard(listen: Listen) -> Iterator[Finding]:
    """The detector finds somebody speaking."""
    speech = listen(_recording("klaus-yes.wav"))
    seconds = speech.net_ms / 1_000
    yield Finding(
        what="speech detector",
        found=f"{seconds:.1f} s of speech in a recording with 2.9",
        is_well=abs(seconds - 2.9) < 1.0,
        remedy=f"{_AGAIN}run scripts/setup again.",
    )


def words_heard(recogniser: Recogniser, listen: Listen) -> Iterator[Finding]:
    """In every language that it understands."""
    least = _LEAST_WORDS.get(recogniser.engine, _LEAST_OF_OTHERS)
    for language in sorted(recogniser.languages):
        share = _share(recogniser, listen, language)
        yield Finding(
            what=f"{recogniser.engine}, {language}",
            found=f"{share:.0%} of the words of a known recording",
            is_well=share >= least,
            remedy=f"{_AGAIN}run: ivr models verify, then ivr models pull.",
        )


def _share(recogniser: Recogniser, listen: Listen, language: Language) -> float:
    file, words = _SAID[language]
    heard = transcribe(recogniser, listen(_recording(file)), language)
    found = set(_words(heard.text)) if isinstance(heard, Transcript) else set()
    wanted = _words(words)
    return sum(word in found for word in wanted) / len(wanted)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def voices_told_apart(encoder: Encoder, listen: Listen) -> Iterator[Finding]:
    """One voice is like itself and unlike another, as it was when this version was made."""
    same, other = (_alike(encoder, listen, *pair) for pair in (_SAME, _OTHER))
    if encoder.id in _SCORES:
        known = zip((same, other), _SCORES[encoder.id], strict=True)
        is_well = all(abs(found - wanted) <= _TOLERANCE for found, wanted in known)
    else:
        is_well = same - other >= _LEAST_APART
    yield Finding(
        what=f"voice encoder {encoder.id}",
        found=f"one voice {same:.2f}, two voices {other:.2f}",
        is_well=is_well,
        remedy=f"{_AGAIN}get the complete checkout again, or: ivr models pull {encoder.id}.",
    )


def _alike(encoder: Encoder, listen: Listen, first: str, second: str) -> float:
    voices = [voice_in(listen(_recording(file)), encoder) for file in (first, second)]
    return cosine(*voices)


def meanings_found(
    pack: Pack, understand: Callable[[Transcript, date], Understanding]
) -> Iterator[Finding]:
    """What a pack was learned from is understood."""
    asked = dict(islice(_asked(pack), _ASKED))
    right = sum(_means(understand, said, name) for name, said in asked.items())
    yield Finding(
        what=f"understanding of {pack.name}",
        found=f"{right} of {len(asked)} sentences that it was taught",
        is_well=right >= _LEAST_UNDERSTOOD * len(asked),
        remedy=f"{_AGAIN}run scripts/setup again, and remove the folder packs of IVR_HOME.",
    )


def _asked(pack: Pack) -> Iterator[tuple[str, tuple[str, Language]]]:
    for intent in pack.intents:
        if intent.name in pack.requests:
            language = next(iter(intent.sentences))
            yield intent.name, (intent.sentences[language][0], language)


def _means(
    understand: Callable[[Transcript, date], Understanding], said: tuple[str, Language], name: str
) -> bool:
    text, language = said
    heard = Transcript(text=text, language=language, confidence=1.0, engine="known")
    match understand(heard, date(2026, 1, 1)):
        case Intent(name=found):
            return found == name
        case Several(intents=found_ones):
            return any(one.name == name for one in found_ones)
        case _:
            return False


@cache
def _recording(file: str) -> bytes:
    return (resources.files("ivr.checkup") / "known" / file).read_bytes()


def known_recordings() -> Mapping[str, bytes]:
    """Those that come with the product."""
    return {file: _recording(file) for file in ("klaus-yes.wav", "klaus-right.wav", _OTHER[1])}
