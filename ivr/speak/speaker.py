"""Lines in, telephone sound out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from biometrics import Waveform, joined
from ivr.call import Language, Line
from ivr.errors import NoVoice
from ivr.settings import SpeakSettings
from ivr.speak.prompts import Prompts, is_personal
from ivr.speak.sound_cache import SoundCache
from ivr.speak.telephone_sound import RATE_HZ, telephone_sound
from ivr.speak.voice import Voice


def _quiet(ms: int) -> Waveform:
    return Waveform(samples=np.zeros(RATE_HZ * ms // 1000, dtype=np.float32), rate_hz=RATE_HZ)


_PAUSE = _quiet(150)
"""Between two lines."""

_LONG_PAUSE = _quiet(450)
"""The same for callers who need time."""

_SOUND_VERSION = "2"
"""Changes whenever `telephone_sound` makes another sound of the same speech."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """What was said: as people read it, and as it sounds."""

    text: str = field(repr=False)

    first: Waveform
    """How it begins, 8 kHz."""

    rest: tuple[Callable[[], Waveform], ...] = field(default=(), repr=False)
    """How it goes on, each with the pause before it. They may take a while, and raise NoVoice."""

    @property
    def sound(self) -> Waveform:
        """All of it, 8 kHz; what is not there yet is rendered now."""
        parts = [part() for part in self.rest]
        return joined([self.first, *parts]) if parts else self.first


class Speaker:
    """Says lines in any language it has a voice for. One per process, shared by every call."""

    def __init__(
        self,
        voices: Mapping[Language, Voice],
        prompts: Mapping[Language, Prompts],
        cache_folder: Path | None,
        settings: SpeakSettings,
        *,
        slow_voices: Mapping[Language, Voice] | None = None,
    ) -> None:
        """`slow_voices` speak to callers who need time; others wait longer between lines only.

        `prompts` may give others while calls go on.
        """
        self._voices = dict(voices)
        self._slow_voices = {**self._voices, **(slow_voices or {})}
        self._prompts = prompts
        self._settings = settings
        self._cache = SoundCache(cache_folder, rate_hz=RATE_HZ)

    def say(
        self,
        lines: tuple[Line, ...],
        language: Language,
        attempt: int = 0,
        *,
        is_slow: bool = False,
    ) -> Spoken:
        """All lines, one after the other; no lines are silence of no length.

        What has to be rendered behind the first line is left to whoever needs it.

        Raises:
            NoVoice: nothing here speaks the language, or its voice failed.
            BadPrompts: a prompt is missing, or a fact that it names.
        """
        voice = (self._slow_voices if is_slow else self._voices).get(language)
        if voice is None:
            raise NoVoice(f"No voice speaks {language} here.")
        text = self.text(lines, language, attempt)
        pause = _LONG_PAUSE if is_slow else _PAUSE
        ready = 1 if any(map(is_personal, lines[1:])) else len(lines)
        sounds = [self._sound(line, voice, attempt) for line in lines[:ready]]
        behind = [partial(self._sound, line, voice, attempt) for line in lines[ready:]]
        return Spoken(
            text=text,
            first=_with_pauses(sounds, pause),
            rest=tuple(partial(_behind, pause, sound) for sound in behind),
        )

    def text(self, lines: tuple[Line, ...], language: Language, attempt: int = 0) -> str:
        """The same lines for reading only.

        Raises:
            NoVoice: there are no prompts in this language.
            BadPrompts: as for `say`.
        """
        prompts = self._prompts_in(language)
        return " ".join(prompts.text(self._completed(line), attempt) for line in lines)

    def warm(self, language: Language) -> int:
        """Render every fixed prompt now, so that no caller waits for it; says how many."""
        prompts, voice = self._prompts_in(language), self._voices.get(language)
        if voice is None:
            return 0
        standing = set(self._standing_facts)
        rounds = [
            (Line(key=key), attempt)
            for key in prompts.templates
            for attempt, names in enumerate(prompts.placeholders(key))
            if standing.issuperset(names)
        ]
        for line, attempt in rounds:
            self._sound(line, voice, attempt)
        return len(rounds)

    def _sound(self, line: Line, voice: Voice, attempt: int) -> Waveform:
        """From the cache where the line names no facts; a personal line is never kept."""
        words = self._prompts_in(voice.language).spoken(self._completed(line), attempt)
        if is_personal(line):
            return self._rendered(voice, words)
        what = (_SOUND_VERSION, voice.name, str(self._settings.level_dbfs), words)
        return self._cache.get(*what) or self._cache.put(*what, sound=self._rendered(voice, words))

    def _rendered(self, voice: Voice, words: str) -> Waveform:
        return telephone_sound(voice.speak(words), level_dbfs=self._settings.level_dbfs)

    def _prompts_in(self, language: Language) -> Prompts:
        if language not in self._prompts:
            raise NoVoice(f"There are no prompts in {language} here.")
        return self._prompts[language]

    def _completed(self, line: Line) -> Line:
        return Line(key=line.key, facts={**self._standing_facts, **line.facts})

    @property
    def _standing_facts(self) -> Mapping[str, str]:
        """What every prompt may name and nobody minds being kept."""
        return {"company": self._settings.company}


def _behind(pause: Waveform, sound: Callable[[], Waveform]) -> Waveform:
    return joined([pause, sound()])


def _with_pauses(sounds: list[Waveform], pause: Waveform) -> Waveform:
    parts: list[Waveform] = []
    for sound in sounds:
        parts += [pause, sound] if parts else [sound]
    return joined(parts) if parts else pause.cut(0, 0)
