"""The whole house, ready to take calls."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from anyio import CapacityLimiter
from fastapi import APIRouter, FastAPI

from biometrics import Channel, Purpose, Said, SubjectId, Waveform
from ivr.algebra import keep_to_one_thread
from ivr.call import CallerNumber, CallId, Language, Line, PhoneNumber, Queue
from ivr.call_ends import Ends, Losses
from ivr.calls import Calls
from ivr.decide.dialogue import Dialogue
from ivr.decide.policy import Policy
from ivr.errors import ModelMissing
from ivr.following import Following, Source, Stamp, stamp_of
from ivr.front_desk import Behind, FrontDesk
from ivr.handover.feedback import TakeFeedback
from ivr.identify.callers_file import read_callers
from ivr.identify.directory import Directory, identify
from ivr.identify.number import read_number
from ivr.listen.wav import write_wav
from ivr.pipeline import Pipeline
from ivr.queue.waiting import WaitingRoom
from ivr.rehearsal import read_script
from ivr.rooms import Rooms
from ivr.service.memory import give_back
from ivr.service.readiness import Probe, Readiness
from ivr.settings import AttemptSettings, KeySettings, Settings, read_settings
from ivr.shared_switchboard import SharedSwitchboard
from ivr.sharing.heart import BEATS, beating
from ivr.speak.speaker import Speaker
from ivr.speak.telephone_sound import telephone_sound
from ivr.speak.voice import Voice
from ivr.story import Story
from ivr.studio import Engine, Studio
from ivr.switchboard import Switchboard, Witnesses
from ivr.understand.told_slots import told_slots
from ivr.verify.enrol_many import ManyRoom
from ivr.verify.enrolments import Enrolments, EnrolmentSettings
from ivr.wiring.api_keys import ApiKeyDesk
from ivr.wiring.bounds import UNHURRIED, Bounds
from ivr.wiring.checking import Checking
from ivr.wiring.corridor import Corridor
from ivr.wiring.customers import Customers
from ivr.wiring.editing import Editing
from ivr.wiring.encoded_held import EncodedHeld
from ivr.wiring.feedback import Learner
from ivr.wiring.going_on import GoingOn, Post
from ivr.wiring.guessing import Guessing
from ivr.wiring.handing_over import HandingOver
from ivr.wiring.journalling import Journalling
from ivr.wiring.people import PeopleDesk
from ivr.wiring.places import Places
from ivr.wiring.queueing import Queueing
from ivr.wiring.reaching import Reaching
from ivr.wiring.readings import Read, read_all
from ivr.wiring.reviewing import Reviewing
from ivr.wiring.seeing import Seeing
from ivr.wiring.serving import Serving
from ivr.wiring.sharing import Sharing
from ivr.wiring.subjects import Subjects
from ivr.wiring.texts import Agreed, LivePrompts, check_words, shelf_of, texts_in_use
from ivr.wiring.voices import Seen, Voices
from ivr.wiring.waited import Waited
from ivr.wiring.warming import warm
from ivr.wiring.words import Words

if TYPE_CHECKING:
    from ivr.journal.sql_journal import SqlJournal
    from ivr.pages.pages import Pages
    from ivr.service.prompts import Published
    from ivr.wiring.desk import AgentDesks
    from ivr.wiring.gateways import Ears
    from ivr.wiring.operator import OperatorDesk

_NEVER = 1_000_000
"""More failures than a rehearsal has."""

_TEMPO = {Language.GERMAN: 1.0, Language.ENGLISH: 0.85}
"""Six long prompts gave 158 words a minute in German, and 196 in English at its own tempo."""

_SLOW_TEMPO = {Language.GERMAN: 0.8, Language.ENGLISH: 0.7}
"""For callers who need time: 127 and 140 words a minute."""

_OPENING = tuple(
    Line(key=key) for key in ("greet.neutral", "notice.machine", "notice.voice", "ask.request")
)


class House:
    """Every room, made when it is first entered. One house a process."""

    def __init__(self, settings: Settings) -> None:
        keep_to_one_thread()
        self.settings = settings
        self.places = Places(settings)
        self.seeing = Seeing(self.places)
        seen = Seen(store_failed=self.seeing.store_failed, audited=self.seeing.audited)
        self.voices = Voices(self.places, seen)
        self.bounds = Bounds(settings)
        self.words = Words(self.places, lambda: self.bounds.admission.is_pressed)

    @classmethod
    def from_environment(cls, *, pack: str = "") -> Self:
        """The house that `IVR_*` variables describe, for another business if one is named."""
        settings = read_settings()
        if pack:
            settings = replace(settings, understand=replace(settings.understand, pack=pack))
        return cls(settings)

    @classmethod
    def for_rehearsal(cls, folder: Path) -> Self:
        """As the environment says, but with customers and voiceprints of its own in `folder`."""
        keys = KeySettings(
            database=f"sqlite:///{folder / 'rehearsal-keys.db'}", file=folder / "rehearsal.key"
        )
        database = f"sqlite:///{folder / 'rehearsal.db'}"
        settings = read_settings()
        # Rehearsals are spoken by machines, and the same recordings are played again and again,
        # those of an impostor too.
        # The made-up customers agree to the words in the package.
        verify = replace(settings.verify, liveness="advise", consent_texts=None)
        attempts = AttemptSettings(free_failures=_NEVER, most_failures=_NEVER)
        # What is asked for is really done, where it harms nobody.
        serve = replace(settings.serve, demo=True)
        # No source that knows real customers is asked about made-up ones.
        identify = replace(settings.identify, sources=None)
        changed = replace(settings, keys=keys, verify=verify, attempts=attempts, serve=serve)
        return cls(replace(changed, database_url=database, identify=identify, deadlines=UNHURRIED))

    @cached_property
    def directory(self) -> Directory:
        return self.customers.directory

    @cached_property
    def customers(self) -> Customers:
        """What is known of customers, here and elsewhere."""
        return Customers(self.places, lambda: self.voices.engine)

    @cached_property
    def reaching(self) -> Reaching:
        """Incidents that callers hear of, and contacts."""
        return Reaching(self.settings, lambda: self.voices.engine, lambda: self.directory)

    @cached_property
    def going_on(self) -> GoingOn:
        """Links that callers are sent to go on in writing."""
        return GoingOn(
            settings=self.settings.onward,
            engine=lambda: self.voices.engine,
            vault=lambda: self.voices.keys.vault,
            records=lambda: self.voices.records,
            post_office=lambda: Post(
                messengers=self.reaching.messengers,
                settings=self.settings.reach,
                write=self.reaching.write,
            ),
            closing=self.places.closing,
        )

    @cached_property
    def guessing(self) -> Guessing:
        """What became of guesses about the reason of a call."""
        return Guessing(
            self.words.pack.name, lambda: self.voices.engine, lambda: self.voices.keys.vault
        )

    @cached_property
    def reviewing(self) -> Reviewing:
        """Sentences that were not understood, where collecting them is switched on."""
        return Reviewing(voices=self.voices, sure_from=lambda: self.policy.confirm_below)

    @cached_property
    def serving(self) -> Serving:
        """The business system, where one is set."""
        return Serving(self.places, lambda: self.words.pack, lambda: self.voices.engine)

    @cached_property
    def journal(self) -> "SqlJournal":
        """What happened in calls."""
        from ivr.journal.sql_journal import SqlJournal

        return SqlJournal(self.voices.engine)

    @cached_property
    def journalling(self) -> Journalling:
        """Figures of calls."""
        is_on = self.reviewing.is_on
        sentences = (lambda: self.reviewing.sentences) if is_on else None
        return Journalling(self.settings, self.journal, sentences)

    @cached_property
    def queueing(self) -> Queueing:
        """Who waits for a person, by which rules, and for how long."""
        file = texts_in_use(self.settings).queues_file
        return Queueing(
            replace(self.settings.queue, file=file),
            lambda: self.voices.engine,
            claimed=self.seeing.claimed,
        )

    @property
    def room(self) -> WaitingRoom:
        return self.queueing.room

    @cached_property
    def waited(self) -> Waited:
        """Tells the journal what became of callers who waited."""
        return Waited(journal=lambda: self.journal, room=lambda: self.room)

    @cached_property
    def handing_over(self) -> HandingOver:
        """What people are told of calls, and what is written down."""
        return HandingOver(
            settings=self.settings.handover,
            business=lambda: self.words.pack.name,
            engine=lambda: self.voices.engine,
            records=lambda: self.voices.records,
            vault=lambda: self.voices.keys.vault,
            journal=lambda: self.journal,
            room=lambda: self.room,
            seated=self.queueing.seated,
            speaker=lambda: self.speaker,
            done_by_link=self.going_on.done,
        )

    @cached_property
    def feedback(self) -> TakeFeedback:
        """What people say of the machine's part in a call."""
        return Learner(
            journal=lambda: self.journal,
            contexts=lambda: self.handing_over.contexts,
            directory=lambda: self.directory,
            rights=lambda: self.subjects.rights,
            witness=self.people.witness,
            reviewing=self.reviewing,
        )

    @cached_property
    def editing(self) -> Editing:
        """Where people edit intents, prompts and rules."""
        return Editing(
            words=self.words,
            serving=lambda pack: Serving(self.places, pack, lambda: self.voices.engine),
            voices=lambda: _voices(_TEMPO),
            policy=lambda: self.policy,
            records=lambda: self.voices.records,
        )

    @cached_property
    def desks(self) -> "AgentDesks":
        """Where people take calls."""
        from ivr.wiring.desk import AgentDesks

        return AgentDesks(
            people=self.people,
            handing_over=self.handing_over,
            queueing=self.queueing,
            tell=lambda: self.feedback,
            view=self.customers.view,
            policy=lambda: self.policy,
            prompts=lambda: self.prompts,
        )

    @cached_property
    def operator(self) -> "OperatorDesk":
        """Where people watch over calls, and edit."""
        from ivr.wiring.operator import OperatorDesk

        return OperatorDesk(
            settings=self.settings,
            journalling=self.journalling,
            queueing=self.queueing,
            editing=self.editing,
            reviewing=self.reviewing,
            records=lambda: self.voices.records,
            prompts=lambda: self.prompts,
        )

    @cached_property
    def api_keys(self) -> ApiKeyDesk:
        """Who may ask the service for what."""
        return ApiKeyDesk(lambda: self.voices.engine, lambda: self.voices.records)

    @cached_property
    def people(self) -> PeopleDesk:
        """Who works with calls."""
        return PeopleDesk(
            self.settings.pages, lambda: self.voices.engine, lambda: self.voices.records
        )

    @cached_property
    def subjects(self) -> Subjects:
        return Subjects(
            self.voices, attempts=self.voices.doors.held_on, encoded=EncodedHeld(self).on
        )

    @cached_property
    def enrolments(self) -> Enrolments:
        """Those that gateways ask for and that are not finished."""
        service = self.settings.service
        return Enrolments(
            self.voices.enrol_room("gateway"),
            EnrolmentSettings(
                capacity=service.remember_enrolments,
                idle=timedelta(seconds=service.enrolment_idle_s),
            ),
        )

    def many_room(self, clock: Callable[[], datetime]) -> ManyRoom:
        """Where an operator enrols everybody on a list."""
        rights = self.subjects.rights
        return ManyRoom(
            room=self.voices.enrol_room("operator"),
            read=self.places.read_recording,
            agree=lambda subject, said, at: rights.grant(subject, Purpose.RECOGNITION, said, at),
            has_withdrawn=self.subjects.has_withdrawn,
            clock=clock,
        )

    @property
    def policy(self) -> Policy:
        """The rules as they are now."""
        return self.agreed.current.policy

    @property
    def prompts(self) -> LivePrompts:
        """What is to be said, as it is now."""
        return LivePrompts(self.agreed)

    @cached_property
    def agreed(self) -> Following[Agreed]:
        """Rules and prompts as people published them last."""
        return Following(
            Source(stamp=self._stamp, learn=self._agreed_now), what="rules and prompts"
        )

    def _agreed_now(self) -> Agreed:
        """Raises BadPolicy, BadPrompts: they do not fit what calls are taken for."""
        texts, pack = texts_in_use(self.settings), self.words.pack
        policy = texts.policy(pack, self.serving, may_send=self.going_on.is_on)
        prompts = texts.prompts()
        check_words(prompts, pack=pack, policy=policy, serving=self.serving)
        self.queueing.check(policy)
        return Agreed(policy=policy, prompts=prompts)

    def _stamp(self) -> Stamp:
        """Of whichever version of the edited texts is in use."""
        return stamp_of([shelf_of(self.settings).pointer])

    @cached_property
    def speaker(self) -> Speaker:
        return Speaker(
            _voices(_TEMPO),
            self.prompts,
            self.settings.home / "prompts",
            self.settings.speak,
            slow_voices=_voices(_SLOW_TEMPO),
        )

    @property
    def checking(self) -> Checking:
        """What has to be well before calls are taken."""
        return Checking(self)

    @cached_property
    def rooms(self) -> Rooms:
        """What each room does, its models loaded."""
        corridor = Corridor(
            settings=self.settings,
            voices=self.voices,
            words=self.words,
            rules=lambda: self.policy,
            directory=self.directory,
            speaker=self.speaker,
            serving=self.serving,
            reaching=self.reaching,
            guessing=self.guessing,
            reviewing=self.reviewing,
            going_on=self.going_on,
        )
        return corridor.rooms()

    @cached_property
    def pipeline(self) -> Pipeline:
        """The rooms in their order."""
        return Pipeline(
            self.rooms, default_language=self._default_language, stages=self.bounds.stages
        )

    def close(self) -> None:
        """Let go of the database."""
        self.places.closing.close()

    @cached_property
    def switchboard(self) -> Switchboard:
        _ = self.seeing.tracer  # what is wrong with it is better told now than in a call
        if self.reviewing.is_on:
            self.reviewing.tidy(datetime.now(UTC))
        switchboard = Switchboard(
            self.pipeline,
            capacity=self.settings.service.remember_calls,
            witnesses=self._witnesses,
        )
        # Before the database is let go of.
        self.places.closing.callback(switchboard.close)
        return switchboard

    def _hung_up(self, dialogue: Dialogue) -> None:
        self.bounds.aside.do(partial(self.reaching.hung_up, dialogue))

    def _over(self, story: Story) -> None:
        """Counted first: that a call was there is true even if it cannot be written down."""
        self.seeing.over(story)
        self.handing_over.chronicle(story)

    @cached_property
    def sharing(self) -> Sharing:
        """Calls that all workers share, where that is on."""
        return Sharing(
            settings=self.settings.calls,
            engine=lambda: self.voices.engine,
            records=lambda: self.voices.records,
            vault=lambda: self.voices.keys.vault,
        )

    @cached_property
    def calls(self) -> Calls:
        """Those that the service takes: of this process, or of all workers."""
        return self._shared_calls or self.switchboard

    @cached_property
    def _shared_calls(self) -> SharedSwitchboard | None:
        if not self.sharing.is_on:
            return None
        losses = Losses(
            keep=self.handing_over.keep,
            gone=self.queueing.left,
            left=self._line_closed,
        )
        ends = Ends(tell=self._witnesses, losses=losses)
        shared = self.sharing.switchboard(self.pipeline, ends, clock=_now)
        self.places.closing.callback(shared.close)
        return shared

    def _line_closed(self, call_id: CallId) -> None:
        """The front desk is made after the calls that it takes."""
        self.front_desk.left(call_id)

    @cached_property
    def _witnesses(self) -> Witnesses:
        learning = self.voices.learning
        self.places.closing.callback(self.bounds.aside.close)
        return Witnesses(
            after_call=learning.after_call.learn if learning.is_on else None,
            hung_up=self._hung_up,
            hand_over=partial(self.bounds.handed_over, self.handing_over.hand_over),
            chronicle=self._over,
            answered=self.seeing.answered,
            tally=self.bounds.tally,
        )

    @cached_property
    def front_desk(self) -> FrontDesk:
        """Where gateways bring their calls."""
        desk = self._front_desk()
        desk.observe(self.seeing.live.observe)
        return desk

    def _front_desk(self) -> FrontDesk:
        policy = self.policy
        return FrontDesk(
            Behind(
                settings=self.settings.gateways.live,
                switchboard=self.calls,
                elsewhere=self._shared_calls,
                announced=self.sharing.announced(_now) if self.sharing.is_on else None,
                tickets=self.sharing.tickets(_now) if self.sharing.is_on else None,
                read_number=self.read_number,
                listen=self.words.hearing,
                speech=self.voices.speech_stream,
                speech_probability=self.settings.listen.speech_probability,
                say=self.speaker.say,
                publish=self._published.publish,
                clock=_now,
                default_language=self._default_language,
                fallback=Queue(
                    lines=(), queue=policy.person.queue, priority=policy.person.priority
                ),
                workers=self.settings.service.workers,
                whisper=self.handing_over.whisper,
                waits=self.queueing,
                names=self.settings.understand.likely_names,
                admission=self.bounds.admission,
                floor=self.bounds.floor,
                tally=self.bounds.tally,
            )
        )

    @property
    def _ears(self) -> "Ears":
        from ivr.live.ear import Ear
        from ivr.wiring.gateways import Ears
        from ivr.wiring.speakers import Speakers

        probability = self.settings.listen.speech_probability
        return Ears(
            hearing=self.words.hearing,
            ear=lambda: Ear(self.voices.speech_stream, probability=probability),
            speaker=Speakers(
                announced=self.front_desk.announced,
                read_number=self.read_number,
                identify=partial(identify, directory=self.directory),
                listen=self.voices.listen,
                check=self.voices.call_check,
                clock=_now,
            ).judge,
        )

    @cached_property
    def _published(self) -> "Published":
        from ivr.service.prompts import Published

        return Published(
            as_wav=partial(write_wav, encoding="mulaw"),
            clock=_now,
            kept=self.sharing.prompts(_now) if self.sharing.is_on else None,
        )

    def service(self) -> FastAPI:
        """The HTTP service, models loaded."""
        from ivr.seeing.refusals import CountedRefusals
        from ivr.service.app import Desk, create_app
        from ivr.service.enrolment import EnrolmentDesk
        from ivr.service.prompts import prompt_routes
        from ivr.wiring.gateways import gateway_routes, gateway_servers

        desk = Desk(
            switchboard=self.calls,
            read_number=self.read_number,
            opening=self.opening,
            as_wav=lambda sound, encoding: write_wav(sound, encoding=encoding),
            clock=_now,
            ready=self.readiness.look,
            ready_within_s=self.settings.seeing.ready_within_s,
            subjects=self.subjects.desk(self._forget),
            enrolment=EnrolmentDesk(enrolments=self.enrolments, clock=lambda: datetime.now(UTC)),
            gateways=(
                prompt_routes(self._published),
                *gateway_routes(self.front_desk, self._ears, self.settings.gateways),
                *self.desks.gateway_routes(),
                *self._page_routes,
                *self.seeing.routes,
            ),
            servers=(
                self.bounds.floor.watched,
                *gateway_servers(self.front_desk, self._ears, self.settings.gateways),
                *self.seeing.servers,
                *self._heart,
                *self._news,
            ),
            api_keys=self.api_keys.keys,
            admission=self.bounds.admission,
            tidy=(
                self.handing_over.tidy,
                self.queueing.tend,
                self.people.tidy,
                self.journalling.tidy,
                self.waited.tell,
                self.going_on.deliver_due,
                *((self.sharing.tidy,) if self.sharing.is_on else ()),
                lambda _now: give_back(),
            ),
        )
        app = create_app(
            desk,
            self.settings.service,
            largest_upload_bytes=self.settings.listen.largest_upload_bytes,
            limits=self.settings.limits,
        )
        app.add_middleware(CountedRefusals, meter=self.seeing.meter)
        self._read_figures(app.state.turns)
        return app

    def _read_figures(self, turns: CapacityLimiter) -> None:
        read_all(
            self.seeing,
            Read(
                queues=lambda: self.queueing.queues,
                room=lambda: self.room,
                front_desk=self.front_desk,
                serving=self.serving,
                customers=self.customers,
                lane=self.words.lane,
                turns=turns,
                readiness=self.readiness,
                tally=self.bounds.tally.counts,
            ),
        )

    @property
    def _heart(self) -> tuple[Callable[[], AbstractAsyncContextManager[object]], ...]:
        """Tells other workers that this one is alive."""
        shared = self._shared_calls
        every_s = self.settings.calls.lease_s / BEATS
        return (lambda: beating(lambda: shared.beat(_now()), every_s),) if shared else ()

    @property
    def _news(self) -> tuple[Callable[[], AbstractAsyncContextManager[object]], ...]:
        """What other workers change in the queue is told to desks."""
        news = self.desks.news if self.settings.pages.on else None
        return (news.listening,) if news else ()

    @property
    def _page_routes(self) -> tuple[APIRouter, ...]:
        """Off unless somebody switched them on."""
        from ivr.pages.desk.routes import PLACE as DESK
        from ivr.pages.operator.room import PLACE as OPERATOR
        from ivr.pages.static_files import static_routes
        from ivr.wiring.pages import page_routes, pages_of

        if not (self.settings.pages.on or self.going_on.is_on):
            return ()
        pages = pages_of(self.people, (DESK, OPERATOR))
        routes: tuple[APIRouter, ...] = ()
        if self.settings.pages.on:
            self.front_desk.observe(self.operator.live.observe)
            routes = (
                *page_routes(self.people, pages, self.desks.stays_for),
                *self.desks.routes(pages),
                *self.operator.routes(pages),
            )
        if not self.going_on.is_on:
            return routes
        return (*(routes or (static_routes(pages),)), self._link_routes(pages))

    def _link_routes(self, pages: "Pages") -> APIRouter:
        """The pages behind links, in the words of calls."""
        from ivr.pages.onward.written import Words as Written
        from ivr.wiring.link_pages import link_routes

        words = Written(
            write=self.reaching.write,
            read=partial(told_slots, filler=self.words.live_mind.current.slots),
            declines=self.policy.declines,
            company=self.settings.speak.company,
        )
        return link_routes(self.going_on, pages, words, self.serving.run)

    def _forget(self, subject: SubjectId) -> None:
        """What this process remembers of somebody, and is kept nowhere."""
        self.enrolments.forget(subject)
        self.customers.forget()

    def read_number(self, caller_id: str | None) -> CallerNumber:
        return read_number(caller_id, region=self.settings.region)

    def opening(self, language: Language | None) -> Waveform:
        """What is said when a call comes in."""
        return self.speaker.say(_OPENING, language or self._default_language).sound

    def warm_up(self) -> None:
        """Do now what is slow the first time, so that no caller waits for it."""
        warm(self.speaker, self.words, self.serving)

    @cached_property
    def readiness(self) -> Readiness:
        """Whether calls can be taken, looked at anew every few seconds at most."""
        parts = {"models": self._models_are_loaded, **self.parts}
        return Readiness(parts, keep_s=self.settings.seeing.ready_for_s)

    @property
    def parts(self) -> Mapping[str, Probe]:
        """What calls cannot be taken without, and how to look at it."""
        return {
            # Calls are taken without the other sources.
            "customers": lambda: self.customers.own.find(PhoneNumber(e164="+0")),
            "keys": self._master_key_is_there,
            # Neither a read that must be audited nor one that somebody must have agreed to.
            "voiceprints": lambda: self.voices.sealed.get(SubjectId("nobody")),
            "consents": lambda: self.voices.records.ledger.history(SubjectId("nobody")),
            "trail": lambda: self.voices.records.trail.checkpoint(datetime.now(UTC)),
            "attempts": lambda: self.voices.doors.counts.closed(datetime.now(UTC)),
            "watchlists": self.voices.watching.probe,
            "pins": lambda: self.voices.pins.pins.standing(SubjectId("nobody")),
            "incidents": lambda: self.reaching.incidents.on(datetime.now(UTC)),
            "queue": lambda: self.room.waiting(now=datetime.now(UTC)),
        }

    def _master_key_is_there(self) -> None:
        _ = self.voices.sealed  # opening it makes the keys where there are none yet
        if not self.settings.keys.command:  # it may cost money each time
            _ = self.voices.keys.masters.current

    def _models_are_loaded(self) -> None:
        if "rooms" not in vars(self):
            raise ModelMissing("The models of this house are not loaded yet.")

    def stage(self, fixtures: Path, *, now: datetime | None = None) -> None:
        """Put the customers of a manifest into the directory and enrol their voices."""
        now = now or datetime.now(UTC)
        manifest = fixtures / "manifest.toml"
        self.directory.put(read_callers(manifest, region=self.settings.region, now=now))
        said = Said(text="recognition-1", language="de", channel=Channel.PAPER)
        for enrolment in read_script(fixtures).enrolments:
            self.subjects.rights.grant(enrolment.subject, Purpose.RECOGNITION, said, now)
            recordings = [self.places.read_recording(fixtures / f) for f in enrolment.recordings]
            self.voices.enrol(enrolment.subject, recordings, now=now)

    def studio(self) -> Studio:
        """The project's voices, to record fixtures with."""
        from ivr.speak.hibari_voice import HibariVoice
        from ivr.speak.pico_voice import PicoVoice

        def pico(text: str, *, tempo: float, pitch: float) -> Waveform:
            return PicoVoice(Language.GERMAN, tempo=tempo, pitch=pitch).speak(text)

        def hibari(text: str, *, tempo: float, pitch: float) -> Waveform:
            del pitch
            return HibariVoice(tempo=tempo).speak(text)

        engines: dict[str, Engine] = {"pico-de": pico, "hibari": hibari}
        return Studio(
            engines=engines,
            on_the_line=partial(telephone_sound, level_dbfs=self.settings.speak.level_dbfs),
            as_wav=partial(write_wav, encoding="mulaw"),
        )

    @property
    def _default_language(self) -> Language:
        return Language(self.settings.speak.default_language)


def _voices(tempo: Mapping[Language, float]) -> dict[Language, Voice]:
    from ivr.speak.hibari_voice import HibariVoice
    from ivr.speak.pico_voice import PicoVoice

    return {
        Language.GERMAN: PicoVoice(Language.GERMAN, tempo=tempo[Language.GERMAN]),
        Language.ENGLISH: HibariVoice(tempo=tempo[Language.ENGLISH]),
    }


def _now() -> datetime:
    return datetime.now().astimezone()
