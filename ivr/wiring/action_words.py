"""Whatever comes of an action must have words, and only facts that are known then."""

from collections.abc import Collection, Iterator, Mapping

from ivr.errors import BadPrompts
from ivr.serve.business import Action
from ivr.speak.prompts import Prompts


def check_action_words(actions: Mapping[str, Action], prompts: Prompts) -> None:
    """Refuse actions whose outcome could not be told.

    Raises:
        BadPrompts: a prompt is missing, or names a fact that nobody tells; says which.
    """
    for intent, action in actions.items():
        for key, known in (*_told(intent, action), *_words(action)):
            _check(prompts, key, known, intent)


def _told(intent: str, action: Action) -> Iterator[tuple[str, Collection[str]]]:
    """Keys of prompts, each with the facts that are known when it is spoken."""
    name = f"intent.{intent}"
    options = action.options
    said = {*action.needs, *(options.slots if options else ())}
    yield f"{name}.done", said | {fact for part in action.parts for fact in part.facts}
    if action.is_confirmed:
        yield f"{name}.confirm", said
    if options:
        yield f"{name}.option", said | set(options.facts)
    for slot in action.needs:
        yield f"ask.slot.{slot}", ()
    for no in action.declined.values():
        # Options are declined before one was chosen.
        yield f"{name}.declined.{no.code}", {*action.needs, *no.facts}


def _words(action: Action) -> Iterator[tuple[str, Collection[str]]]:
    """Keys that facts name, each with the facts that stand beside it."""
    for facts in action.told:
        plain = {name for name, fact in facts.items() if not fact.words}
        yield from ((key, plain) for fact in facts.values() for key in fact.words.values())


def _check(prompts: Prompts, key: str, known: Collection[str], intent: str) -> None:
    if key not in prompts.templates:
        raise BadPrompts(
            f"The prompts in {prompts.language} lack '{key}', which the action {intent} needs."
        )
    named = {name for names in prompts.placeholders(key) for name in names}
    if strangers := sorted(named - set(known)):
        raise BadPrompts(
            f"The prompt '{key}' in {prompts.language} names {', '.join(strangers)}, which the "
            f"action {intent} does not tell."
        )
