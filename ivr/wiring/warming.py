"""Everything that is slow the first time, done before the first call."""

from datetime import date

from ivr.call import Language, Line, Transcript
from ivr.speak.speaker import Speaker
from ivr.understand.understand import understand
from ivr.wiring.serving import Serving
from ivr.wiring.words import Words

_NOBODY = Line(key="greet.personal", facts={"name": "Alex"})
"""Personal lines are rendered anew each time, by voices that are loaded for the first of them."""


def warm(speaker: Speaker, words: Words, serving: Serving) -> None:
    """Speak every fixed prompt, and one that is not; hear it, and look for a meaning.

    Raises:
        CallProblem: something is missing without which no call could be served.
    """
    for language in Language:
        speaker.warm(language)
        speaker.say((_NOBODY,), language, is_slow=True)
        spoken = speaker.say((_NOBODY,), language)
        hearing = words.hearing(None)
        hearing.feed(spoken.sound)
        heard = hearing.finish()
        if isinstance(heard, Transcript):
            understand(heard, words.mind, today=date(2026, 1, 1))
    if serving.is_on:
        _ = serving.counter
