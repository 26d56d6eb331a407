"""A recogniser that remembers what it heard: the same sound comes over many gateways."""

from dataclasses import dataclass, field

from biometrics import Waveform, joined
from ivr.call import Language, Transcript, Unheard
from ivr.understand.recogniser import Recogniser

Heard = Transcript | Unheard


@dataclass(frozen=True)
class Wanted:
    """How somebody listens."""

    language: Language | None
    grammar: tuple[str, ...]
    names: tuple[str, ...]


class RememberingRecogniser:
    """Asks the real one about every sound once. A turn is heard when it is whole."""

    def __init__(self, real: Recogniser) -> None:
        self._real = real
        self._heard: dict[tuple[Wanted, int, bytes], Heard] = {}

    @property
    def engine(self) -> str:
        return self._real.engine

    @property
    def languages(self) -> frozenset[Language]:
        return self._real.languages

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
    ) -> "RememberingHearing":
        return RememberingHearing(self, Wanted(language, grammar, names))

    def hear(self, wanted: Wanted, sound: Waveform) -> Heard:
        key = (wanted, sound.rate_hz, sound.samples.tobytes())
        if key not in self._heard:
            hearing = self._real.start(wanted.language, grammar=wanted.grammar, names=wanted.names)
            hearing.feed(sound)
            self._heard[key] = hearing.finish()
        return self._heard[key]


@dataclass
class RememberingHearing:
    """One turn. Never shared."""

    recogniser: RememberingRecogniser
    wanted: Wanted
    sounds: list[Waveform] = field(default_factory=list)

    def feed(self, sound: Waveform) -> None:
        self.sounds.append(sound)

    def partial(self) -> str:
        return ""

    def finish(self) -> Heard:
        if not self.sounds:
            return Unheard.SILENCE
        return self.recogniser.hear(self.wanted, joined(self.sounds))

    def abandon(self) -> None:
        """Whatever is heard is remembered whole."""
