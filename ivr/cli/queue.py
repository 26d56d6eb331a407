"""`ivr queue`: who waits, and what an operator may do about it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.errors import UnknownEntry
from ivr.queue.entry import Entry, EntryId, State

if TYPE_CHECKING:
    from ivr.wiring.queueing import Queueing

app = typer.Typer(help="Callers who wait for a person.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="See list.")]
_UNKNOWN = "No caller of this id waits or is being served; ivr queue list shows them."


@app.command("list")
def list_queue(
    queues: Annotated[list[str] | None, typer.Option("--queue", help="Only this one.")] = None,
) -> None:
    """Who waits, first to go first, and who is being served. No numbers, no names."""
    queueing, now = _queueing(), datetime.now(UTC)
    waiting = queueing.room.waiting(tuple(queues or ()), now=now)
    for place, entry in enumerate(waiting, start=1):
        ahead = queueing.ageing.priority(entry, now)
        typer.echo(f"{place:3}  {_shown(entry, now)}  now {ahead:.0f}  {entry.state.value}")
    taken = [one for one in queueing.room.claimed() if not queues or one.queue in queues]
    for entry in taken:
        typer.echo(f"  -  {_shown(entry, now)}  {entry.state.value} by {entry.claimed_by}")
    if not waiting and not taken:
        typer.echo("Nobody waits.")


@app.command()
def move(
    entry: Id,
    queue: Annotated[str, typer.Option(help="Empty leaves it.")] = "",
    priority: Annotated[
        int | None, typer.Option(min=0, max=100, help="Higher is sooner; empty leaves it.")
    ] = None,
) -> None:
    """Put a caller into another queue or further ahead, with the same beginning."""
    queueing = _queueing()
    there = _there(queueing, entry)
    to, rules = queue or there.queue, queueing.queues
    known = rules.queues
    if queue and queue not in known:
        raise typer.BadParameter(f"Write one of {', '.join(sorted(known))}.", param_hint="--queue")
    moved = queueing.room.move(
        there.id,
        queue=to,
        priority=there.priority if priority is None else priority,
        reason="moved by an operator",
        skills=(there.skills - rules.of(there.queue).skills) | rules.of(to).skills,
    )
    if moved is None:
        raise UnknownEntry(_UNKNOWN)
    typer.echo(f"Moved: {moved.id}, queue {moved.queue}, priority {moved.priority}.")


@app.command()
def release(entry: Id) -> None:
    """Take a caller back from somebody who does not serve them."""
    queueing = _queueing()
    there = _there(queueing, entry)
    agent = there.claimed_by
    back = queueing.room.release(there.id, agent) if agent is not None else None
    if back is None:
        raise UnknownEntry("Nobody serves this caller; ivr queue list shows who is being served.")
    typer.echo(f"Released: {back.id}, {back.state.value} in queue {back.queue}.")


@app.command()
def simulate(
    days: Annotated[int, typer.Option(min=1, max=20, help="Days of each kind.")] = 1,
    seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Play made-up days, and hold the estimates against what callers really waited."""
    from ivr.evaluate.traffic import DAYS, play
    from ivr.evaluate.waiting import waiting_figures
    from ivr.queue.order import Ageing
    from ivr.queue.queues import read_queues

    queues, ageing = read_queues(None), Ageing()
    typer.echo("people    calls over 60 s  median wait  error  knowable  bias  in range  unknown")
    for people, day in DAYS.items():
        waited = [one for n in range(days) for one in play(day, queues, ageing, seed=seed + n)]
        made = waiting_figures(waited)
        typer.echo(
            f"{people:8}  {made.calls:15}  {made.median_wait_s:9.0f} s  {made.error:5.1%}"
            f"  {made.knowable_error:8.1%}  {made.bias:+5.0%}  {made.inside:8.0%}  {made.unknown:7}"
        )


def _queueing() -> "Queueing":
    from ivr.wiring import House

    return House.from_environment().queueing


def _there(queueing: "Queueing", entry: str) -> Entry:
    there = queueing.room.find(EntryId(entry))
    if there is None or there.state in (State.FINISHED, State.ABANDONED):
        raise UnknownEntry(_UNKNOWN)
    return there


def _shown(entry: Entry, now: datetime) -> str:
    minutes, seconds = divmod(max(0, (now - entry.joined_at) // timedelta(seconds=1)), 60)
    why = "; ".join(entry.reasons[-2:])
    return (
        f"{entry.id}  {entry.queue}  priority {entry.priority}  {minutes}:{seconds:02}  "
        f"{entry.language}  {entry.intent or '-'}  ({why})"
    )
