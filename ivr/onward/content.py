"""What a page holds, as the call left it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from biometrics import SubjectId
from ivr.call import Assurance, CustomerId, Language
from ivr.errand import Errand, Option, PageKind, Step, Thread
from ivr.sending import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One page. It is kept sealed."""

    request: str = field(repr=False)
    kind: PageKind
    customer: CustomerId
    subject: SubjectId
    language: Language
    """That was spoken when the link was asked for."""

    intent: str
    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: tuple[Option, ...] = field(default=(), repr=False)
    needs: tuple[str, ...] = ()
    """What a form asks for."""

    assurance: Assurance
    """Of the call; nothing on the page makes it more."""

    thread: Thread
    way: Way
    address: str = field(repr=False)
    """Where e-mail goes; empty for what is carried by those who know the customer."""


def errand_of(content: Content, slots: Mapping[str, str], step: Step = Step.DO) -> Errand:
    """The same that the call would run, under the same key and with no more assurance."""
    told = {**content.slots, **slots}
    return Errand(
        intent=content.intent,
        step=step,
        slots=told,
        customer_id=content.customer,
        assurance=content.assurance,
        key=content.thread.key(content.intent, told),
    )
