"""What additions would change: what is understood now, and what no longer is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ivr.call import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A sentence, what it is, and what it is taken for."""

    text: str = field(repr=False)
    language: Language
    label: str
    found: str

    @property
    def is_right(self) -> bool:
        return self.label == self.found

    @property
    def key(self) -> tuple[Language, str]:
        return self.language, self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one state of a pack does."""

    own: tuple[Judged, ...]
    """The pack's sentences, each by a model that has not seen it."""

    labelled: tuple[Judged, ...]
    """The sentences that are to be added."""

    held_out: tuple[Judged, ...] = ()
    """Sentences that no pack holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """A share of right ones before and after, 0 to 1."""

    before: float
    after: float

    @property
    def loss(self) -> float:
        return self.before - self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Before and after."""

    own: Shares | None
    """Of sentences that were in the pack before."""

    held_out: Shares | None
    labelled: Shares | None
    mended: tuple[Judged, ...]
    """Labelled sentences that are understood only now."""

    still_wrong: tuple[Judged, ...]
    """Labelled sentences that are not understood even now."""

    broken: tuple[Judged, ...]
    """Other sentences that were understood before and are not any more."""

    @property
    def loss(self) -> float:
        """The fall in accuracy that counts: of held-out sentences, else of the pack's own."""
        shares = self.held_out or self.own
        return shares.loss if shares else 0.0


def compared(before: Trial, after: Trial) -> Report:
    """The report; sentences that only one of them judged are left out."""
    others = _both([*before.own, *before.held_out], [*after.own, *after.held_out])
    labelled = _both(before.labelled, after.labelled)
    return Report(
        own=_shares(_both(before.own, after.own)),
        held_out=_shares(_both(before.held_out, after.held_out)),
        labelled=_shares(labelled),
        mended=tuple(now for was, now in labelled if now.is_right and not was.is_right),
        still_wrong=tuple(now for _, now in labelled if not now.is_right),
        broken=tuple(now for was, now in others if was.is_right and not now.is_right),
    )


def _both(before: Sequence[Judged], after: Iterable[Judged]) -> list[tuple[Judged, Judged]]:
    then = {one.key: one for one in before}
    return [(then[one.key], one) for one in after if one.key in then]


def _shares(pairs: Sequence[tuple[Judged, Judged]]) -> Shares | None:
    if not pairs:
        return None
    return Shares(
        before=sum(was.is_right for was, _ in pairs) / len(pairs),
        after=sum(now.is_right for _, now in pairs) / len(pairs),
    )
