"""What a call has told about the caller's voice so far."""

from dataclasses import dataclass

from biometrics import Sign, Standing, SubjectId, Verdict


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What earlier turns left, in memory only, and the verdict it led to."""

    subject: SubjectId | None
    """Whose voice it was compared with; evidence about one voice says nothing about another."""

    standing: Standing | None = None
    """What the comparisons told; None when nothing was compared."""

    verdict: Verdict

    forbidding: tuple[Sign, ...] = ()
    """Signs of an attack in any turn; while there are some, the call is not accepted."""

    is_counted: bool = False
    """This call counts as a failed attempt already."""
