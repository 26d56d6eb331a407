"""One thing that was looked at, and whatever goes wrong in looking."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from biometrics import VoiceProblem
from ivr.errors import CallProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    found: str
    is_well: bool = True
    is_required: bool = True
    """Without it the product cannot take a call."""

    remedy: str = ""
    """One sentence, where it is not well."""

    code: str = ""
    """Of the problem that was met in looking."""

    @property
    def is_fatal(self) -> bool:
        return self.is_required and not self.is_well

    @property
    def sentence(self) -> str:
        """All of it."""
        return f"{self.what}: {self.found}. {self.remedy}".strip()


Look = Callable[[], Iterable[Finding]]


def looked(what: str, look: Look, *, remedy: str) -> Iterator[Finding]:
    """What a look finds; one that breaks has found something too, and its message is not told."""
    try:
        yield from look()
    except (CallProblem, VoiceProblem) as err:
        yield Finding(
            what=what,
            found=f"cannot be used [{err.code}]",
            is_well=False,
            remedy=err.sentence,
            code=err.code,
        )
    except Exception as err:  # noqa: BLE001 - whatever it is, no call can be taken with it
        yield Finding(
            what=what, found=f"breaks ({type(err).__name__})", is_well=False, remedy=remedy
        )
