"""`ivr people`: accounts of those who work with calls. No password is an argument or logged."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.call import Language
from ivr.people.person import Person, PersonId, Role

if TYPE_CHECKING:
    from ivr.wiring.people import PeopleDesk

app = typer.Typer(
    help="Accounts of those who work with calls. Passwords are typed twice, or a line of stdin.",
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(help="The name they sign in with, such as a.beck.")]
Generate = Annotated[bool, typer.Option(help="Draw a password and print it this once.")]


@app.command()
def add(
    person: Id,
    name: Annotated[str, typer.Option(help="As pages show it.")],
    role: Annotated[Role, typer.Option(help="What they may do.")],
    language: Annotated[Language, typer.Option(help="Of their pages.")] = Language.GERMAN,
    speaks: Annotated[
        list[Language] | None, typer.Option(help="With callers; may be given several times.")
    ] = None,
    queue: Annotated[
        list[str] | None, typer.Option(help="They serve; may be given several times; else all.")
    ] = None,
    skill: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    generate: Generate = False,
) -> None:
    """Make an account."""
    new = Person(
        id=PersonId(person),
        name=name,
        role=role,
        language=language,
        languages=frozenset(speaks or Language),
        queues=frozenset(queue or ()),
        skills=frozenset(skill or ()),
    )
    _desk().registry("operator").add(new, _password(generate=generate), datetime.now(UTC))
    typer.echo(f"{person} can sign in.", err=True)


@app.command("list")
def list_people() -> None:
    """Every account: name, role, queues and whether it is on."""
    accounts = _desk().people.all()
    if not accounts:
        typer.echo("There are no accounts.")
    for account in accounts:
        one = account.person
        queues = ",".join(sorted(one.queues)) or "all queues"
        typer.echo(
            f"{one.id}  {one.name}  {one.role}  {queues}  {'on' if one.is_active else 'off'}"
        )


@app.command("role")
def set_role(person: Id, role: Annotated[Role, typer.Argument(help="What they may do.")]) -> None:
    """Give another role; they are signed out."""
    _desk().registry("operator").set_role(PersonId(person), role)
    typer.echo("Changed; their sessions are over.")


@app.command()
def password(person: Id, generate: Generate = False) -> None:
    """Set another password; they are signed out."""
    registry = _desk().registry("operator")
    registry.find(PersonId(person))
    registry.set_password(PersonId(person), _password(generate=generate))
    typer.echo("Changed; their sessions are over.", err=True)


@app.command()
def disable(person: Id) -> None:
    """Let them sign in no more; they are signed out."""
    _desk().registry("operator").switch(PersonId(person), is_active=False)
    typer.echo("Switched off; their sessions are over.")


@app.command()
def enable(person: Id) -> None:
    """Let them sign in again."""
    _desk().registry("operator").switch(PersonId(person), is_active=True)
    typer.echo("Switched on.")


def _desk() -> "PeopleDesk":
    from ivr.wiring import House

    return House.from_environment().people


def _password(*, generate: bool) -> str:
    from ivr.people.password import generated

    if generate:
        drawn = generated()
        typer.echo(drawn)
        return drawn
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
