"""Whether calls can be taken, part by part; asked as often as anybody likes, looked at seldom."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from biometrics import VoiceProblem
from ivr.errors import CallProblem

Probe = Callable[[], object]
"""Looks at one part. Raises CallProblem or VoiceProblem where calls cannot be taken without it."""

_MS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How one part stands."""

    code: str
    """Of what keeps calls from being taken; empty where nothing does."""

    took_ms: int
    """For looking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How everything stood."""

    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Codes, each once; empty when ready."""
        return list(dict.fromkeys(part.code for part in self.parts.values() if part.code))


class Readiness:
    """Looks at every part, all at the same time. Every thread may ask."""

    def __init__(
        self,
        parts: Mapping[str, Probe],
        *,
        keep_s: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """An answer is given again for `keep_s`; `clock` counts seconds and never goes back."""
        self._parts = parts
        self._keep_s = keep_s
        self._clock = clock
        # One each: a database that is locked makes every part wait, and they wait together.
        self._threads = ThreadPoolExecutor(max(len(parts), 1), thread_name_prefix="ready")
        self._last: tuple[float, Looked] | None = None
        self._lock = Lock()

    def look(self) -> Looked:
        """How everything stands now, or stood a moment ago. Who asks meanwhile waits for it."""
        with self._lock:
            if self._last is None or self._clock() - self._last[0] >= self._keep_s:
                looked = self._threads.map(self._looked, self._parts.values())
                found = dict(zip(self._parts, looked, strict=True))
                self._last = self._clock(), Looked(parts=found)
            return self._last[1]

    @property
    def latest(self) -> Looked | None:
        """What was found last, however long ago; None where nobody asked yet."""
        last = self._last
        return last[1] if last else None

    def _looked(self, probe: Probe) -> Part:
        began_s = self._clock()
        code = code_of(probe)
        return Part(code=code, took_ms=round((self._clock() - began_s) * _MS))


def code_of(probe: Probe) -> str:
    """Of what the probe fails with; empty where it does not."""
    try:
        probe()
    except (CallProblem, VoiceProblem) as err:
        return err.code
    except Exception:  # noqa: BLE001 - what nobody foresaw is no readiness
        return "unexpected"
    return ""
