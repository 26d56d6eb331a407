"""A recogniser of whole turns, as the pool needs one."""

from typing import Protocol

from biometrics import Waveform
from ivr.call import Language, Transcript, Unheard


class Hears(Protocol):
    """A loaded speech model. Every thread may use it."""

    @property
    def engine(self) -> str:
        """Such as whisper."""

    @property
    def languages(self) -> frozenset[Language]:
        """What it understands."""

    def hear(
        self, sound: Waveform, language: Language | None, names: tuple[str, ...] = ()
    ) -> Transcript | Unheard:
        """The words of a whole turn, in the language given or else in whichever it finds."""
