"""The rooms in their order, ready for calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from ivr.call import Caller, Line, Queue
from ivr.decide.decide import decide, posted, told
from ivr.decide.moment import Decision, Moment
from ivr.decide.policy import Policy
from ivr.decide.rules import is_aged
from ivr.identify.directory import Directory, identify
from ivr.listen.keys import keys_in
from ivr.rooms import Rooms
from ivr.settings import Settings
from ivr.speak.speaker import Speaker
from ivr.step_up import StepUp
from ivr.understand.mood_turn import mood_of_turn
from ivr.understand.mood_voice import voice_mood
from ivr.understand.recogniser import transcribe
from ivr.understand.told_slots import told_slots
from ivr.understand.understand import understand
from ivr.wiring.going_on import GoingOn
from ivr.wiring.guessing import Guessing
from ivr.wiring.reaching import Reaching
from ivr.wiring.reviewing import Reviewing
from ivr.wiring.serving import Serving
from ivr.wiring.voices import Voices
from ivr.wiring.words import Words


@dataclass(frozen=True, kw_only=True)
class Corridor:
    """Everything that a call passes or that keeps something of it."""

    settings: Settings
    voices: Voices
    words: Words
    rules: Callable[[], Policy]
    """As they are now."""

    directory: Directory
    speaker: Speaker
    serving: Serving
    reaching: Reaching
    guessing: Guessing
    reviewing: Reviewing
    going_on: GoingOn

    def rooms(self) -> Rooms:
        """Their models loaded."""
        recogniser, live, rules = self.words.recogniser, self.words.live_mind, self.rules
        person = rules().person
        if self.settings.mood.heard_in == "words_and_voice":
            voice_mood()  # damaged weights are found before the first call
        return Rooms(
            listen=self.voices.listen,
            identify=partial(identify, directory=self.directory),
            verify=self.voices.call_check,
            transcribe=partial(transcribe, recogniser),
            understand=lambda heard, today: understand(heard, live.current, today=today),
            needs_time=self._needs_time,
            feel=partial(mood_of_turn, settings=self.settings.mood),
            decide=lambda moment: decide(moment, rules()),
            told=lambda moment, decision, served: told(moment, rules(), decision, served),
            serve=self.serving.run if self.serving.is_on else None,
            post=self.going_on.post if self.going_on.is_on else None,
            posted=lambda moment, decision, outcome: posted(moment, rules(), decision, outcome),
            speak=self.speaker.say,
            fallback=Queue(
                lines=(Line(key="tell.apology"),),
                queue=person.queue,
                priority=person.priority,
            ),
            keys_in=self.voices.beforehand.of(keys_in),
            read=partial(told_slots, filler=live.current.slots),
            news=self.reaching.news,
            recall=self.guessing.history,
            done_by_link=self.going_on.done,
            pins=self.voices.pins.room("service"),
            note=self._note,
            ahead=self.voices.beforehand.ahead,
            rehearse=self.voices.rehearse,
            step_up=StepUp(
                settings=self.settings.challenge,
                read=self.words.read_digits,
                hear=self.words.hear_digits,
            ),
        )

    def _needs_time(self, caller: Caller, today: date) -> bool:
        """Known by the number alone: an impostor hears that somebody waits a little longer."""
        from_age = self.settings.gateways.live.slow_from_age
        return caller.is_vulnerable or is_aged(caller, from_age, today)

    def _note(self, moment: Moment, decision: Decision) -> None:
        """What is learned from a turn. None of them fails or waits."""
        self.reaching.note(decision)
        self.guessing.note(moment, decision)
        self.reviewing.note(moment, decision)
        self.going_on.note(decision, moment.now)
