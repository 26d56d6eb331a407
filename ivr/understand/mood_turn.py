"""How the caller fares, from the words of a turn and from how they were said."""

from dataclasses import dataclass

from biometrics import Speech
from ivr.call import Mood, Transcript, Unheard
from ivr.settings import MoodSettings
from ivr.understand.baseline import Baseline
from ivr.understand.mood import mood_of
from ivr.understand.mood_voice import voice_mood
from ivr.understand.need import asks_for_patience, hesitates, is_slow
from ivr.understand.prosody import Prosody, prosody


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodHeard:
    """What one turn tells of the caller's mood."""

    mood: Mood
    baseline: Baseline
    """To be given back with the next turn of the call."""

    reasons: tuple[str, ...] = ()
    """Why, in words that hold nothing the caller said; empty for neutral."""


def mood_of_turn(
    heard: Transcript | Unheard, speech: Speech, baseline: Baseline, settings: MoodSettings
) -> MoodHeard:
    """The words decide; the voice alone tells anger only where it is very sure.

    A turn without words has no mood: noise must not be taken for anger. Turns that told of
    anything but calm are kept out of the baseline, so that anger never becomes the usual.

    Raises:
        MoodModelUnusable: the voice is to be judged, and its model is missing or damaged.
    """
    if settings.heard_in == "off" or not isinstance(heard, Transcript):
        return MoodHeard(mood=Mood.NEUTRAL, baseline=baseline)
    turn = prosody(speech) if settings.heard_in == "words_and_voice" else None
    mood, reason = _judged(heard, turn, baseline, settings)
    if reason:
        return MoodHeard(mood=mood, baseline=baseline, reasons=(reason,))
    return MoodHeard(mood=mood, baseline=baseline.after(turn) if turn else baseline)


def _judged(
    heard: Transcript, turn: Prosody | None, baseline: Baseline, settings: MoodSettings
) -> tuple[Mood, str]:
    text, language = heard.text, heard.language
    if mood_of(text, language) is Mood.UPSET:
        return Mood.UPSET, "the words are angry"
    if asks_for_patience(text, language):
        return Mood.NEEDS_HELP, "the words ask for patience"
    if hesitates(text, language, settings):
        return Mood.NEEDS_HELP, "the caller searches for words"
    if turn is not None and _sounds_angry(turn, baseline, settings):
        return Mood.UPSET, "the voice sounds angry"
    if turn is not None and is_slow(text, language, turn, settings):
        return Mood.NEEDS_HELP, "the caller speaks very slowly or waits"
    return Mood.NEUTRAL, ""


def _sounds_angry(turn: Prosody, baseline: Baseline, settings: MoodSettings) -> bool:
    anger = voice_mood().anger(turn, baseline)
    if anger is None:
        return False
    return anger.probability >= max(anger.threshold, settings.upset_probability or 0.0)
