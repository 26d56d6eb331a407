"""What the person is told in their ear before the caller is put through."""

from ivr.call import Line
from ivr.handover.context import Context

_SURE = {"accepted": "whisper.sure", "rejected": "whisper.somebody_else"}
_MADE = "whisper.sounds_made"
_NOT_SURE = "whisper.not_sure"


def whisper_lines(context: Context) -> tuple[Line, ...]:
    """Who, how sure, what about, and how they fare: some five seconds of speech.

    The name is said with how sure we are of it, never without.
    """
    who = context.customer
    name = Line(key="whisper.name", facts={"name": who.name}) if who else Line(key="whisper.nobody")
    return (
        name,
        *((Line(key=_how_sure(context)),) if who else ()),
        *_about(context),
        *((Line(key="whisper.upset"),) if context.mood == "upset" else ()),
    )


def _how_sure(context: Context) -> str:
    if context.evidence.signs or context.evidence.decision == "spoof_suspected":
        return _MADE
    return _SURE.get(context.evidence.decision, _NOT_SURE)


def _about(context: Context) -> tuple[Line, ...]:
    """As offers put it: "umbuchen", not the name of an intent."""
    if not context.intent:
        return (Line(key="whisper.about_unknown"),)
    return (Line(key="whisper.about", facts={"want_key": f"intent.{context.intent}.want"}),)
