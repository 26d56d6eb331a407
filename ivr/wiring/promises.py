"""Whatever the policy can decide must have words, before the first call finds out."""

from collections.abc import Iterator

from ivr.call import Language
from ivr.decide.moment import ASKS_FOR_DIGITS, ASKS_FOR_PIN
from ivr.decide.policy import BY_MACHINE, WORDLESS, Policy
from ivr.errors import BadPrompts
from ivr.sending import NotSent, Way
from ivr.speak.prompts import Prompts
from ivr.understand.pack import Pack

_TOLD_OF_LINKS = ("code", "valid", "needs_voice", "nothing", "subject", "letter")


def check_prompts(prompts: Prompts, language: Language, *, pack: Pack, policy: Policy) -> None:
    """Refuse a business that could not say something it may decide.

    Raises:
        BadPrompts: a prompt is missing; says which, and why it is needed.
    """
    for key, why in _promised(pack, policy):
        if key not in prompts.templates:
            raise BadPrompts(
                f"The prompts for {pack.name} in {language} lack '{key}', which {why} needs."
            )


def _promised(pack: Pack, policy: Policy) -> Iterator[tuple[str, str]]:
    for intent in pack.intents:
        if intent.name not in WORDLESS:
            yield f"intent.{intent.name}.want", f"the intent {intent.name}"
    for name, how in policy.requests.items():
        if how == BY_MACHINE:
            yield f"intent.{name}.answer", f"the policy's request {name}"
    for name in policy.menu:
        yield f"intent.{name}.want", f"the policy's menu entry {name}"
    yield from _promised_by_tasks(policy)
    yield from _promised_by_events(policy)
    yield from _promised_by_links(policy)
    if policy.repeat_digits_for:
        for key in ASKS_FOR_DIGITS:
            yield key, "the policy's repeat_digits_for"
    for key in ASKS_FOR_PIN:
        yield key, "the step-up by PIN"
    for rule in policy.priority_rules:
        yield rule.says, f"the policy's rule for {rule.reason}"


def _promised_by_links(policy: Policy) -> Iterator[tuple[str, str]]:
    told = (*_TOLD_OF_LINKS, *Way, *NotSent) if policy.may_send else ("not_here",)
    for name in told:
        yield f"link.{name}", "the wish for a link"


def _promised_by_tasks(policy: Policy) -> Iterator[tuple[str, str]]:
    for name, task in policy.tasks.items():
        why = f"the business system's {name}"
        yield f"intent.{name}.done", why
        if task.is_confirmed:
            yield f"intent.{name}.confirm", why
        if task.has_options:
            yield f"intent.{name}.option", why
        for slot in task.needs:
            yield f"ask.slot.{slot}", why
        for code in policy.declines.get(name, ()):
            yield f"intent.{name}.declined.{code}", why


def _promised_by_events(policy: Policy) -> Iterator[tuple[str, str]]:
    for kind, suggestion in policy.events.items():
        yield f"offer.{kind}", f"the policy's event {kind}"
        for value in sorted(value for values in suggestion.prefers.values() for value in values):
            yield f"offer.{kind}_{value}", f"the policy's preference {value} at {kind}"
