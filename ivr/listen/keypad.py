"""Keys that arrive one by one in a live call, put together to what was entered."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class KeypadSettings:
    """When an entry is complete."""

    quiet_ms: int = 3_000
    """As long without a key ends it."""

    end_key: str = "#"
    """Ends it at once, and is no part of it."""

    most_keys: int = 34
    """Complete without an end key, as a PIN of four is; the longest IBAN has 34."""


@dataclass(slots=True)
class Keypad:
    """What one caller types. It holds no clock: every call names the time."""

    settings: KeypadSettings = field(default_factory=KeypadSettings)
    _typed: str = field(default="", init=False, repr=False)
    _last_ms: int = field(default=0, init=False)

    def press(self, key: str, *, at_ms: int) -> str | None:
        """What was entered, once this key completes it; just the end key counts as an entry."""
        self._last_ms = at_ms
        if key == self.settings.end_key:
            return self._complete() or key
        self._typed += key
        return self._complete() if len(self._typed) >= self.settings.most_keys else None

    def entered(self, *, at_ms: int) -> str | None:
        """What was entered, once no key has come for long enough."""
        is_over = self._typed and at_ms - self._last_ms >= self.settings.quiet_ms
        return self._complete() if is_over else None

    def _complete(self) -> str:
        typed, self._typed = self._typed, ""
        return typed
