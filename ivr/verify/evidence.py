"""What a call has told about the caller's voice so far."""

from dataclasses import dataclass, field

from biometrics import Sign, Speech, Standing, SubjectId, Verdict, Watched


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

    watched: Watched | None = None
    """What was looked for on watchlists; None where nothing was."""

    has_second_factor: bool = False
    """Something other than the voice proved the caller in this call: a PIN that was typed. Digits
    that were repeated do not: whoever has the voice can say them."""

    was_rejected: bool = False
    """The voice was rejected, and not accepted since."""

    has_repeated: bool = False
    """Random digits were repeated in the voice of the print."""

    clearest: Standing | None = None
    """Of the turns that were accepted for their own speech, and examined for signs of an attack,
    the one with the highest ratio: after the call it may be learned from."""

    uncompared: tuple[Speech, ...] = field(default=(), repr=False)
    """Examined turns of somebody whose print is expired: after the call they may be compared by
    the encoder that made it."""

    spoiled: str = ""
    """Code of why nothing may be learned from this call; empty while something may."""
