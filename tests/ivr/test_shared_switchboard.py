from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from fakes.scripted import SOUND, scripted_rooms

from biometrics import StoreUnavailable
from ivr.call import CallId, HangUp, Language, Line, Malformed, PhoneNumber, Queue
from ivr.call_ends import Ends, Losses
from ivr.decide.dialogue import Dialogue
from ivr.decide.moment import Decision, Moment, decided, remembered
from ivr.errors import BadCallId, CallBusy, CallOver, EmptyRecording, OtherCaller, UnknownCall
from ivr.kept_call import KeptCall
from ivr.marks import Mark, call_mark, current
from ivr.pipeline import Pipeline
from ivr.rooms import Rooms
from ivr.shared_switchboard import SharedSwitchboard
from ivr.sharing.memory_calls import MemoryCalls, Shelf
from ivr.sharing.place import Lease
from ivr.story import Story
from ivr.switchboard import Witnesses
from ivr.turn import Turn

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LEASE = Lease(holds=timedelta(seconds=4))
CALL = CallId("c-1")


class Killed(BaseException):
    """As if the process had died: nothing of what it had begun is ended."""


@dataclass
class World:
    """What all workers share, and what they tell."""

    shelf: Shelf[KeptCall] = field(default_factory=Shelf)
    now: datetime = NOON
    handed: list[Story] = field(default_factory=list)
    kept: list[Story] = field(default_factory=list)
    written: list[Story] = field(default_factory=list)
    hung_up: list[Dialogue] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    left: list[CallId] = field(default_factory=list)
    answered: list[tuple[str, Mark]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    """What was worked on while calls were written down."""

    ordered: list[str] = field(default_factory=list)
    """What the business system was asked to do."""

    def worker(self, name: str, rooms: Rooms | None = None, **changes: Any) -> SharedSwitchboard:
        tell = Witnesses(
            hung_up=self.hung_up.append,
            hand_over=changes.get("hand_over", self.handed.append),
            chronicle=self._write_down,
            answered=lambda turn, _: self.answered.append((turn.event, current())),
        )
        losses = Losses(
            keep=self.kept.append,
            gone=lambda token, _: self.gone.append(token),
            left=self.left.append,
        )
        return SharedSwitchboard(
            Pipeline(rooms or scripted_rooms(), default_language=Language.GERMAN),
            changes.get("calls", MemoryCalls(self.shelf, worker=name, lease=LEASE)),
            Ends(tell=tell, losses=losses),
            clock=lambda: self.now,
            patience_s=changes.get("patience_s", 0.3),
        )

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def _write_down(self, story: Story) -> None:
        self.written.append(story)
        self.marks.append(current())


@pytest.fixture
def world() -> World:
    return World()


def turn(call_id: str = CALL, *, number: str = "", event: str = "", live: bool = False) -> Turn:
    who = PhoneNumber(e164=number) if number else Malformed()
    return Turn(
        call_id=CallId(call_id),
        number=who,
        audio=b"...",
        event=event,
        may_answer_in_parts=live,
    )


def settled(*boards: SharedSwitchboard) -> None:
    """What is done after calls is done."""
    for board in boards:
        done = Event()
        board._hand._afterwards.do(done.set)
        assert done.wait(10)


def to_people(moment: Moment) -> Decision:
    action = Queue(lines=(Line(key="tell.queue"),), queue="senior", priority=80)
    return remembered(decided(moment, action, "asked for a person -> queue senior"), moment)


def goodbye(moment: Moment) -> Decision:
    action = HangUp(lines=(Line(key="tell.goodbye"),))
    return remembered(decided(moment, action, "said goodbye"), moment)


def dies(_: Moment) -> Decision:
    raise Killed


def killed(world: World, name: str, one: Turn) -> SharedSwitchboard:
    """A worker that dies while it answers. Nothing that it had in hand is put back."""
    calls = MemoryCalls(world.shelf, worker=name, lease=LEASE)
    calls.give_back = calls.drop = lambda _held: None  # type: ignore[assignment, method-assign]
    board = world.worker(name, scripted_rooms(decide=dies), calls=calls)
    with pytest.raises(Killed):
        board.take(one, now=world.now)
    return board


@pytest.mark.parametrize("call_id", ["", "a b", "../x", "x" * 129])
def test_an_odd_call_id_is_refused(world: World, call_id: str) -> None:
    with pytest.raises(BadCallId):
        world.worker("anna").take(turn(call_id), now=NOON)


def test_a_call_nobody_made_is_unknown(world: World) -> None:
    board = world.worker("anna")

    with pytest.raises(UnknownCall):
        board.results(CALL)
    with pytest.raises(UnknownCall):
        board.sound(CALL)
    assert board.ended(CALL) is None


def test_a_call_cannot_be_taken_over_from_another_number(world: World) -> None:
    world.worker("anna").take(turn(number="+4989123456"), now=NOON)

    with pytest.raises(OtherCaller):
        world.worker("ben").take(turn(number="+4989654321"), now=NOON)
    assert len(world.worker("ben").results(CALL)) == 1


def test_of_two_turns_at_once_on_two_workers_one_is_busy(world: World) -> None:
    def take_another(moment: Moment) -> Decision:
        with pytest.raises(CallBusy):
            world.worker("ben").take(turn(event="e-2"), now=NOON)
        return scripted_rooms().decide(moment)

    board = world.worker("anna", scripted_rooms(decide=take_another))

    assert board.take(turn(event="e-1"), now=NOON).result.action.type == "say"


def test_a_second_turn_on_the_same_worker_is_busy_too(world: World) -> None:
    def take_another(moment: Moment) -> Decision:
        with pytest.raises(CallBusy):
            board.take(turn(), now=NOON)
        return scripted_rooms().decide(moment)

    board = world.worker("anna", scripted_rooms(decide=take_another))
    board.take(turn(), now=NOON)


def test_after_goodbye_nothing_more_is_answered_and_nothing_of_it_is_kept(world: World) -> None:
    board = world.worker("anna", scripted_rooms(decide=goodbye))
    board.take(turn(), now=NOON)
    settled(board)

    with pytest.raises(CallOver):
        world.worker("ben").take(turn(), now=NOON)
    _, kept = world.shelf.rows[CALL]
    assert (kept.so_far.evidence, kept.told) == (None, ())
    assert [one.call_id for one in world.written] == [CALL]
    assert world.handed == []


def test_a_recording_that_is_refused_leaves_the_call_as_it_was(world: World) -> None:
    def refuse(_audio: bytes) -> object:
        raise EmptyRecording("empty")

    broken = world.worker("anna", scripted_rooms(listen=refuse))
    with pytest.raises(EmptyRecording):
        broken.take(turn(number="+4989123456"), now=NOON)
    assert world.shelf.rows == {}

    world.worker("ben").take(turn(), now=NOON)
    with pytest.raises(EmptyRecording):
        broken.take(turn(), now=NOON)
    assert world.worker("ben").take(turn(), now=NOON).result.action.type == "say"


def test_another_worker_goes_on_with_a_call(world: World) -> None:
    seen: list[Dialogue] = []

    def decide(moment: Moment) -> Decision:
        seen.append(moment.dialogue)
        decision = scripted_rooms().decide(moment)
        return replace(decision, dialogue=replace(decision.dialogue, failures=1 + len(seen)))

    anna, ben = (world.worker(name, scripted_rooms(decide=decide)) for name in ("anna", "ben"))
    anna.take(turn(), now=NOON)
    ben.take(turn(), now=NOON)

    assert [one.failures for one in seen] == [0, 2]
    assert len(anna.results(CALL)) == len(ben.results(CALL)) == 2
    assert anna.sound(CALL) is SOUND
    assert anna.awaited(turn(), now=NOON).dialogue.failures == 3


def test_a_turn_that_is_sent_again_is_not_answered_again(world: World) -> None:
    """Its answer was lost on the way: the errand in it was done."""

    def decide(moment: Moment) -> Decision:
        world.ordered.append("card")
        return scripted_rooms().decide(moment)

    anna, ben = (world.worker(name, scripted_rooms(decide=decide)) for name in ("anna", "ben"))
    first = anna.take(turn(event="e-1"), now=NOON)
    again = ben.take(turn(event="e-1"), now=NOON)
    ben.take(turn(event="e-2"), now=NOON)

    assert again.result == first.result
    assert again.sound is SOUND
    assert world.ordered == ["card", "card"]


def test_turns_are_told_once_with_the_marks_of_call_and_turn(world: World) -> None:
    first, second = world.worker("one"), world.worker("two")
    for event in ("e-1", "e-2"):
        first.take(turn(event=event), now=world.now)
    second.take(turn(event="e-2"), now=world.now)
    second.forget(CALL)
    second.close()

    assert [event for event, _ in world.answered] == ["e-1", "e-2"]
    assert {mark.call for _, mark in world.answered} == {call_mark(CALL)}
    assert len({mark.turn for _, mark in world.answered} - {""}) == 2
    assert [(mark.call, mark.turn) for mark in world.marks] == [(call_mark(CALL), "")]


def test_the_turn_that_ended_a_call_is_answered_again_too(world: World) -> None:
    anna, ben = (world.worker(name, scripted_rooms(decide=to_people)) for name in ("anna", "ben"))
    first = anna.take(turn(event="e-1"), now=NOON)
    settled(anna)

    assert ben.take(turn(event="e-1"), now=NOON).result == first.result
    assert len(world.handed) == 1


def test_a_turn_whose_worker_died_is_not_tried_again_but_goes_to_a_person(world: World) -> None:
    world.worker("anna").take(turn(event="e-1"), now=NOON)
    killed(world, "anna", turn(event="e-2"))
    ben = world.worker("ben", scripted_rooms(decide=dies))
    with pytest.raises(CallBusy):
        ben.take(turn(event="e-3"), now=NOON)

    world.later(5)
    answer = ben.take(turn(event="e-2"), now=world.now)
    settled(ben)

    assert answer.result.action.type == "queue"
    assert answer.result.reasons == ["a worker was lost -> queue agents"]
    assert [len(story.turns) for story in world.handed] == [2]
    assert world.handed[0].turns[0].result.transcript.text == "ein Wort"
    assert [one.name for one in world.written] == [world.handed[0].name]
    assert len(world.worker("anna").results(CALL)) == 2


def test_who_sends_the_same_turn_again_waits_until_the_worker_is_known_to_be_gone(
    world: World,
) -> None:
    killed(world, "anna", turn(event="e-1"))
    ben = world.worker("ben", patience_s=5)
    ben._clock = lambda: (world.later(1), world.now)[1]

    assert ben.take(turn(event="e-1"), now=NOON).result.action.type == "queue"


def test_what_a_worker_answered_too_late_is_not_said(world: World) -> None:
    """It was taken for dead, and another one has handed the caller on."""

    def slow(moment: Moment) -> Decision:
        world.later(5)
        world.worker("ben").take(turn(), now=world.now)
        return scripted_rooms().decide(moment)

    anna = world.worker("anna", scripted_rooms(decide=slow))
    with pytest.raises(CallBusy):
        anna.take(turn(), now=NOON)

    assert len(world.handed) == 1
    assert len(world.worker("ben").results(CALL)) == 1


def test_who_died_before_the_hand_over_is_followed_by_who_hands_over_with_the_same_token(
    world: World,
) -> None:
    def die(_: Story) -> None:
        raise Killed

    rooms = scripted_rooms(decide=to_people)
    calls = MemoryCalls(world.shelf, worker="anna", lease=LEASE)
    calls.give_back = calls.drop = lambda _held: None  # type: ignore[assignment, method-assign]
    anna = world.worker("anna", rooms, hand_over=die, calls=calls)
    with pytest.raises(Killed):
        anna.take(turn(event="e-1"), now=NOON)
    world.later(5)
    ben = world.worker("ben", rooms)
    answer = ben.take(turn(event="e-1"), now=world.now)
    settled(ben)
    ended = world.worker("carl").ended(CALL)

    token = answer.result.action.context_token
    assert token
    assert [one.last.result.action.context_token for one in world.handed] == [token]
    assert ended is not None
    assert ended.result.action.context_token == token


def test_a_line_that_is_gone_with_its_worker_leads_to_a_person_with_what_was_known(
    world: World,
) -> None:
    anna, ben = world.worker("anna"), world.worker("ben")
    anna.take(turn(live=True), now=NOON)
    assert anna.ended(CALL) is None

    ended = ben.ended(CALL)
    settled(ben)

    assert ended is not None
    assert (ended.result.action.type, ended.result.action.queue) == ("queue", "agents")
    assert [len(story.turns) for story in world.handed] == [2]
    assert ben.ended(CALL) == world.worker("carl").ended(CALL) == ended
    with pytest.raises(CallBusy):
        anna.take(turn(live=True), now=NOON)
    anna.closed(CALL)
    settled(anna)
    assert world.gone == world.hung_up == []


def test_a_call_that_goes_on_has_not_ended(world: World) -> None:
    world.worker("anna").take(turn(), now=NOON)

    assert world.worker("ben").ended(CALL) is None


def test_how_a_call_ended_is_known_to_every_worker(world: World) -> None:
    anna = world.worker("anna", scripted_rooms(decide=to_people))
    answer = anna.take(turn(live=True), now=NOON)
    settled(anna)
    ben = world.worker("ben")

    ended = ben.ended(CALL)

    assert ended is not None
    assert ended.result == answer.result
    assert not anna.was_asked(CALL)
    ben.asked(CALL)
    assert anna.was_asked(CALL)
    anna.settle(CALL)
    assert world.shelf.rows[CALL][0].holder == ""


def test_a_call_without_a_worker_is_found_written_down_and_kept_for_a_person(
    world: World,
) -> None:
    world.worker("anna").take(turn(event="e-1"), now=NOON)
    killed(world, "anna", turn(event="e-2"))
    ben = world.worker("ben")
    assert ben.beat(world.now) == 0
    assert world.written == []

    world.later(5)
    assert ben.beat(world.now) == 1
    settled(ben)
    assert ben.beat(world.now) == 0

    assert [len(story.turns) for story in world.kept] == [2]
    assert [one.name for one in world.written] == [world.kept[0].name]
    assert world.handed == []

    ended = world.worker("carl").ended(CALL)
    assert ended is not None
    assert [one.last.result for one in world.handed] == [ended.result]


def test_the_next_turn_of_a_call_that_was_found_goes_to_a_person(world: World) -> None:
    killed(world, "anna", turn(event="e-1"))
    world.later(5)
    ben = world.worker("ben")
    ben.beat(world.now)
    settled(ben)

    with pytest.raises(CallOver):
        ben.take(turn(event="e-2"), now=world.now)
    assert len(world.handed) == 1


def test_a_worker_that_is_heard_of_loses_no_call(world: World) -> None:
    anna, ben = world.worker("anna"), world.worker("ben")
    anna.take(turn(live=True), now=NOON)
    for _ in range(5):
        world.later(2)
        anna.beat(world.now)
        ben.beat(world.now)

    assert anna.take(turn(live=True), now=world.now).result.action.type == "say"
    assert world.kept == []


def test_who_was_handed_on_over_a_line_whose_worker_died_is_left_unless_the_gateway_asks(
    world: World,
) -> None:
    anna = world.worker("anna", scripted_rooms(decide=to_people))
    anna.take(turn(live=True), now=NOON)
    settled(anna)
    world.later(5)
    ben = world.worker("ben")
    ben.beat(world.now)
    settled(ben)

    assert world.left == [CALL]
    ben.settle(CALL)
    settled(ben)
    assert world.shelf.rows[CALL][0].holder == ""
    assert len(world.handed) == 1


def test_a_caller_who_hung_up_leaves_nothing_wherever_that_is_told(world: World) -> None:
    world.worker("anna").take(turn(), now=NOON)
    ben = world.worker("ben")
    ben.forget(CALL)
    ben.forget(CallId("other"))
    settled(ben)

    assert world.shelf.rows == {}
    assert len(world.hung_up) == len(world.written) == 1


def test_who_was_handed_on_and_hangs_up_waits_for_nobody(world: World) -> None:
    anna = world.worker("anna", scripted_rooms(decide=to_people))
    answer = anna.take(turn(), now=NOON)
    settled(anna)
    ben = world.worker("ben")
    ben.forget(CALL)
    settled(ben)

    assert world.gone == [answer.result.action.context_token]
    assert world.hung_up == []
    assert world.shelf.rows == {}


def test_who_hangs_up_while_another_worker_answers_has_said_what_is_in_it(world: World) -> None:
    def hang_up(moment: Moment) -> Decision:
        world.worker("ben").forget(CALL)
        return to_people(moment)

    anna = world.worker("anna", scripted_rooms(decide=hang_up))
    anna.take(turn(), now=NOON)
    settled(anna)

    assert world.handed == []
    assert [len(one.turns) for one in world.written] == [1]
    assert world.shelf.rows == {}


def test_who_hangs_up_while_the_same_worker_answers_is_handed_to_nobody(world: World) -> None:
    def hang_up(moment: Moment) -> Decision:
        anna.forget(CALL)
        return to_people(moment)

    anna = world.worker("anna", scripted_rooms(decide=hang_up))
    anna.take(turn(), now=NOON)
    settled(anna)
    settled(anna)

    assert world.handed == []
    assert world.shelf.rows == {}


def test_a_silent_call_is_written_down_and_forgotten(world: World) -> None:
    world.worker("anna").take(turn(), now=NOON)
    world.later(3_700)
    ben = world.worker("ben")
    ben.beat(world.now)
    settled(ben)

    assert len(world.written) == 1
    assert world.shelf.rows == {}


class Broken:
    """A database that is gone."""

    def __getattr__(self, _: str) -> Callable[..., object]:
        def refuse(*_: object, **__: object) -> object:
            raise StoreUnavailable("It cannot be reached.")

        return refuse


def test_without_the_database_calls_go_on_in_their_worker(world: World) -> None:
    board = world.worker("anna", scripted_rooms(decide=scripted_rooms().decide), calls=Broken())
    for _ in range(2):
        assert board.take(turn(), now=NOON).result.action.type == "say"

    assert len(board.results(CALL)) == 2
    board.forget(CALL)
    settled(board)
    assert len(world.written) == 1
    with pytest.raises(StoreUnavailable):
        board.beat(NOON)


# Handing on what was not decided here


@pytest.mark.parametrize("is_live", [True, False])
def test_a_person_goes_on_with_everything_that_was_said(world: World, *, is_live: bool) -> None:
    anna = world.worker("anna")
    anna.take(turn(live=is_live), now=NOON)

    answer = anna.hand_on(turn(live=is_live), "the service ends", now=NOON)
    settled(anna)

    assert answer.result.reasons == ["the service ends -> queue agents"]
    (story,) = world.handed
    assert [told.result.transcript.text for told in story.turns] == ["ein Wort", ""]
    assert story.last.moment is not None
    assert story.last.result.action.context_token == answer.result.action.context_token
    with pytest.raises(CallOver):
        anna.take(turn(live=is_live), now=NOON)


def test_a_call_that_is_over_is_not_handed_on(world: World) -> None:
    anna = world.worker("anna", scripted_rooms(decide=goodbye))
    anna.take(turn(), now=NOON)
    settled(anna)

    with pytest.raises(CallOver):
        anna.hand_on(turn(), "the service ends", now=NOON)
    assert world.handed == []
