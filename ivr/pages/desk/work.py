"""What somebody does at the desk. Whatever is looked at or judged is written down first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from biometrics import AuditKind, Witness
from ivr.handover.context import Context
from ivr.handover.contexts import Contexts, Judged
from ivr.handover.feedback import Feedback, TakeFeedback
from ivr.handover.remarks import Note, RemarkBook, Remarks
from ivr.pages.desk.attendance import Attendance
from ivr.people.person import Person, PersonId
from ivr.queue.entry import AgentId, Entry, EntryId, State
from ivr.queue.waiting import Able, WaitingRoom

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A call as whoever took it sees it."""

    entry: Entry
    context: Context | None
    """None where nothing is kept (any more)."""

    remarks: Remarks


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a call, as whoever took it says."""

    person: Judged = Judged.UNKNOWN
    intent: Judged = Judged.UNKNOWN
    meant: str = ""
    """The request that it was about instead."""

    solved: Judged = Judged.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskWork:
    """Every thread may use it. Where a method raises StoreUnavailable, nothing was shown."""

    room: WaitingRoom
    contexts: Contexts
    remarks: RemarkBook
    attendance: Attendance
    tell: TakeFeedback
    witness: Callable[[str], Witness]
    clock: Callable[[], datetime]
    move: Callable[[Entry, str, str], Entry | None]
    """An entry as it was seen, to a queue, for a reason; None where somebody was quicker."""

    changed: Callable[[], None] = lambda: None
    """Told when somebody took a call or gave it away, so that other desks see it at once."""

    # taking and giving back

    def take_next(self, person: Person) -> Entry | None:
        """The first that they can take; None where nobody waits."""
        return self._told(self.room.claim_next(able(person), self.clock()))

    def take(self, person: Person, entry: EntryId) -> Entry | None:
        """This one; None where somebody else was quicker."""
        found = self.room.find(entry)
        if found is None or not (
            found.claimed_by == AgentId(person.id) or able(person).can_take(found)
        ):
            return None
        return self.room.claim(entry, AgentId(person.id), self.clock())

    def release(self, person: PersonId, entry: EntryId) -> Entry | None:
        """Back to its place; None where it is not theirs."""
        return self._told(self.room.release(entry, AgentId(person)))

    def transfer(self, person: PersonId, entry: EntryId, queue: str, why: str) -> Entry | None:
        """To another queue, with the place that its waiting has earned."""
        found = self._own(person, entry)
        if found is None:
            return None
        return self._told(self.move(found, queue, f"{why} (from {found.queue})"))

    def hand_to(self, person: PersonId, entry: EntryId, colleague: PersonId) -> Entry | None:
        """To somebody who takes calls now; None where they do not, or the caller has gone."""
        if colleague not in self.attendance.colleagues(person):
            return None
        to = AgentId(colleague)
        return self._told(self.room.pass_on(entry, AgentId(person), to, self.clock()))

    # looking and judging

    def look(self, person: PersonId, entry: EntryId) -> Seen | None:
        """What is known of a call of theirs; None where it is not theirs."""
        found = self._own(person, entry)
        if found is None:
            return None
        now = self.clock()
        context = self.contexts.of_digest(found.token_digest, now)
        if context is not None:
            subject = context.customer.subject if context.customer else None
            self.witness(person).saw(AuditKind.CONTEXT_READ, subject, call=code_of(found))
        remarks = self.remarks.find(found.token_digest, now)
        return Seen(entry=found, context=context, remarks=remarks)

    def add_note(self, person: PersonId, entry: EntryId, text: str) -> Entry | None:
        found = self._own(person, entry)
        if found is not None and text.strip():
            now = self.clock()
            kept = self.remarks.find(found.token_digest, now)
            note = Note(by=person, at=now, text=text.strip())
            self.remarks.put(found.token_digest, replace(kept, notes=(*kept.notes, note)), now)
        return found

    def not_the_person(self, person: PersonId, entry: EntryId) -> Entry | None:
        """Somebody else is on the line than the machine thought."""
        found = self._own(person, entry)
        if found is None:
            return None
        now = self.clock()
        kept = self.remarks.find(found.token_digest, now)
        # Hidden first: whatever else fails, nothing of that customer is shown.
        self.remarks.put(found.token_digest, replace(kept, is_somebody_else=True), now)
        self.tell(_feedback(found, person, Verdict(person=Judged.WRONG), now))
        return found

    def finish(self, person: PersonId, entry: EntryId, said: Verdict) -> Entry | None:
        """The call is over. Who it was not, it still is not."""
        found = self._own(person, entry)
        if found is None:
            return None
        now = self.clock()
        if self.remarks.find(found.token_digest, now).is_somebody_else:
            said = replace(said, person=Judged.WRONG)
        handled_ms = _ms(found.claimed_at or now, now)
        self.tell(replace(_feedback(found, person, said, now), handled_ms=handled_ms))
        return self.room.finish(entry, AgentId(person), now)

    def _told(self, entry: Entry | None) -> Entry | None:
        if entry is not None:
            self.changed()
        return entry

    def _own(self, person: PersonId, entry: EntryId) -> Entry | None:
        found = self.room.find(entry)
        is_theirs = found is not None and found.claimed_by == AgentId(person)
        return found if found and is_theirs and found.state is State.CLAIMED else None


def able(person: Person) -> Able:
    """Without queues of their own they serve all."""
    return Able(
        agent=AgentId(person.id),
        queues=person.queues or None,
        languages=person.languages,
        skills=person.skills,
    )


def _feedback(entry: Entry, person: PersonId, said: Verdict, now: datetime) -> Feedback:
    return Feedback(
        token_digest=entry.token_digest,
        agent=person,
        at=now,
        person=said.person,
        intent=said.intent,
        meant=said.meant,
        solved=said.solved,
        waited_ms=_ms(entry.joined_at, entry.claimed_at or now),
    )


def _ms(begin: datetime, end: datetime) -> int:
    return max(0, (end - begin) // _MILLISECOND)


def code_of(entry: Entry) -> str:
    """What the audit trail calls a call: ids of gateways may hold a number."""
    return f"c{entry.token_digest[:16]}"
