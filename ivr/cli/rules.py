"""`ivr rules`: who would go where, and whether the files that say so can be used."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Language, Mood, PhoneNumber, Unknown
from ivr.errors import BadPolicy

if TYPE_CHECKING:
    from ivr.decide.policy import Policy
    from ivr.decide.rules import Circumstances
    from ivr.queue.seating import Seat
    from ivr.wiring import House

app = typer.Typer(help="Who would go where, and why.", no_args_is_help=True)

_NOBODY = Caller(customer_id=CustomerId("nobody"), subject=SubjectId("nobody"), name="")


@app.command("try")
def try_(
    number: Annotated[
        str, typer.Option("--caller", help="A customer's number, such as +4989123456.")
    ] = "",
    age: Annotated[int | None, typer.Option(min=0, max=130, help="In years.")] = None,
    tier: Annotated[str, typer.Option(help="Such as vip.")] = "",
    vulnerable: Annotated[bool, typer.Option("--vulnerable")] = False,
    value: Annotated[float | None, typer.Option(min=0, help="What is at stake.")] = None,
    mood: Annotated[Mood, typer.Option(help="As it was heard.")] = Mood.NEUTRAL,
    intent: Annotated[str, typer.Option(help="What is wanted, such as block_card.")] = "",
    language: Annotated[Language, typer.Option("--lang")] = Language.GERMAN,
    pack: Annotated[str, typer.Option(help="The business; empty is the one that is set.")] = "",
    at: Annotated[str, typer.Option(help="Empty is now; local time: 2026-11-26T18:30.")] = "",
) -> None:
    """Say where such a caller would wait for a person, and which rules were tried."""
    from ivr.decide.rules import Circumstances
    from ivr.queue.seating import seat
    from ivr.wiring import House

    house, now = House.from_environment(pack=pack), _moment(at)
    policy = house.policy
    if intent and intent not in policy.needs:
        raise typer.BadParameter(f"The pack has no intent {intent[:60]!r}.", param_hint="--intent")
    of = Circumstances(caller=_found(house, number), mood=mood, now=now, intent=intent)
    if age is not None or tier or vulnerable or value is not None:
        of = replace(of, caller=_changed(of.caller, now, age, tier, vulnerable, value))
    queue, priority, reasons = _place(policy, of)
    there = seat(house.queueing.queues, queue, language, now)
    _show(there, priority, (*reasons, *there.reasons), language, now)
    _show_missed(policy, of)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A policy, or a file of queues.")],
) -> None:
    """Read a file as the service would, and say what cannot be used."""
    from ivr.queue.queues import read_queues
    from ivr.settings import read_settings
    from ivr.strict_yaml import read_yaml

    settings = read_settings()
    is_policy = "priority_rules" in read_yaml(file, BadPolicy)
    queues = read_queues(settings.queue.file if is_policy else file)
    checked = []
    for policy, business in _policies(file if is_policy else settings.decide.policy):
        queues.check(policy.queues)
        checked.append(business)
    typer.echo(f"{file.name} can be used, with: {', '.join(checked) or 'no pack of ours'}.")


def _policies(path: Path | None) -> Iterator[tuple["Policy", str]]:
    """The rules for every business of the file that we have a pack of."""
    from ivr.decide.policy import Need, businesses_of, read_policy
    from ivr.understand.pack import BUSINESSES, read_pack

    for name in businesses_of(path):
        if name in BUSINESSES:
            needs = {
                one.name: Need(assurance=one.assurance, may_suggest=one.may_suggest)
                for one in read_pack(name).intents
            }
            yield read_policy(path, business=name, needs=needs), name


def _found(house: "House", number: str) -> Caller | Unknown:
    if not number:
        return Unknown()
    read = house.read_number(number)
    if not isinstance(read, PhoneNumber):
        raise typer.BadParameter("That is no telephone number.", param_hint="--caller")
    return house.directory.find(read)


def _changed(
    caller: Caller | Unknown,
    now: datetime,
    age: int | None,
    tier: str,
    vulnerable: bool,
    value: float | None,
) -> Caller:
    """The customer, or one made up, with what was named."""
    from ivr.decide.value import PREFERENCE

    known = caller if isinstance(caller, Caller) else _NOBODY
    born = now.date().replace(day=1, year=now.year - age) if age is not None else known.birth_date
    own = {} if value is None else {PREFERENCE: f"{value:.2f}"}
    return replace(
        known,
        birth_date=born,
        tier=tier or known.tier,
        is_vulnerable=vulnerable or known.is_vulnerable,
        events=known.events if value is None else (),
        preferences={**known.preferences, **own},
    )


def _place(policy: "Policy", of: "Circumstances") -> tuple[str, int, tuple[str, ...]]:
    """The queue, the priority, and why."""
    from ivr.decide.policy import BY_MACHINE

    rule, how = policy.priority_rule(of), policy.requests.get(of.intent, policy.person.queue)
    if rule is not None:
        queue, priority, why = rule.queue, rule.priority, f"{rule.reason} -> queue {rule.queue}"
    elif how == BY_MACHINE:
        queue, priority = policy.person.queue, policy.person.priority
        why = (
            f"the machine answers {of.intent}; whoever wants a person all the same -> queue {queue}"
        )
    else:
        queue, priority = how, policy.person.priority
        why = f"{of.intent or 'a person is wanted'} -> queue {queue}"
    first = policy.first_where_queued(of)
    reasons = (why, *(f"{one.reason} -> priority {one.priority}" for one in first))
    if first and first[0].priority > priority:
        queue, priority = first[0].queue or queue, first[0].priority
    return queue, priority, reasons


def _show(
    there: "Seat", priority: int, reasons: tuple[str, ...], language: Language, now: datetime
) -> None:
    rules = there.rules
    typer.echo(f"queue     {there.queue} ({rules.name.get(language, there.queue)})")
    typer.echo(f"priority  {priority} of 100")
    for reason in reasons:
        typer.echo(f"because   {reason}")
    opens = rules.opens_after(now)
    closed = f"no, again from {opens:%Y-%m-%d %H:%M}" if opens else "no"
    typer.echo(f"open      {'yes' if there.is_open else closed}")
    if not there.is_open:
        typer.echo(f"offered   {'a call-back' if rules.closed == 'call_back' else 'nothing'}")
    typer.echo(f"speaks    {', '.join(sorted(rules.languages))}")
    typer.echo(f"skills    {', '.join(sorted(rules.skills)) or 'none'}")
    typer.echo(f"aimed at  {rules.service_level.percent} % within {rules.service_level.within_s} s")
    if rules.overflow:
        typer.echo(f"then      queue {rules.overflow.to} after {rules.overflow.after_s} s")


def _show_missed(policy: "Policy", of: "Circumstances") -> None:
    for rule in policy.priority_rules:
        if missed := rule.when.missed(of):
            typer.echo(f"not       {rule.reason} ({', '.join(missed)})")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text) if text else datetime.now(UTC)
    except ValueError as err:
        raise typer.BadParameter("Write 2026-11-26T18:30.", param_hint="--at") from err
    return moment.astimezone()
