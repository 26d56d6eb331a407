"""Calls over mod_httapi: what each is asked, and what it has typed so far."""

from collections import OrderedDict
from dataclasses import dataclass, field

from ivr.decide.dialogue import Dialogue
from ivr.live.patience import Keys, Patience
from ivr.settings import LiveSettings
from ivr.turn import Awaited

_MOST = 2_000
_MOST_KEYS = 32

_CLICK_MS = 60
"""What is so short is no word."""


@dataclass(slots=True, kw_only=True)
class Call:
    """What is listened for. Never shared."""

    patience: Patience
    row: str = field(default="", repr=False)
    silent_ms: int = 0

    @property
    def quiet_s(self) -> int:
        """Quiet that ends a turn: mod_httapi counts whole seconds."""
        return -(-self.patience.quiet_ms(None) // 1_000)

    def ask(self, dialogue: Dialogue, settings: LiveSettings) -> None:
        """Something was asked; nothing has been answered yet."""
        awaited = Awaited(language=None, dialogue=dialogue, needs_time=dialogue.is_slow)
        self.patience = Patience(settings, awaited)
        self.row, self.silent_ms = "", 0

    def press(self, key: str) -> bool:
        """Whether these are all the keys."""
        self.row = (self.row + key)[:_MOST_KEYS]
        return self.patience.keys is Keys.ONE or key in "*#" or len(self.row) == _MOST_KEYS

    def has_spoken(self, length_ms: int | None) -> bool:
        """Whether a recording holds more than the quiet that ended it."""
        if length_ms is None or length_ms > self.quiet_s * 1_000 + _CLICK_MS:
            return True
        self.silent_ms += self.quiet_s * 1_000
        return False

    @property
    def is_silent(self) -> bool:
        """The caller has said nothing for as long as we wait."""
        return self.silent_ms >= self.patience.no_input_ms


class Calls:
    """Those that go on, in memory only; of those that never end, the oldest go. One per process."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings
        self._kept: OrderedDict[str, Call] = OrderedDict()

    def of(self, session: str) -> Call:
        """One that is not known is asked anything."""
        if session not in self._kept:
            awaited = Awaited(language=None, dialogue=Dialogue(), needs_time=False)
            self._kept[session] = Call(patience=Patience(self._settings, awaited))
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return self._kept[session]

    def forget(self, session: str) -> None:
        self._kept.pop(session, None)
