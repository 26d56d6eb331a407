"""`ivr contacts`: telling customers first, after a person has looked at whom and what."""

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ivr.call import CustomerId, Language
from ivr.reach.agreements import Agreed
from ivr.reach.incident import IncidentId
from ivr.reach.outbox import Contact, Status

app = typer.Typer(
    help="Telling customers first: proposed, approved by a person, sent.", no_args_is_help=True
)

Customer = Annotated[str, typer.Argument(help="The customer's id, as the directory has it.")]
About = Annotated[str, typer.Option("--incident", help="Only contacts about this incident.")]


@app.command()
def agree(
    customer: Customer,
    text: Annotated[str, typer.Option("--text", help="Version of the words, such as contact-1.")],
) -> None:
    """Write down that a customer agrees to be contacted, and in which words."""
    from ivr.wiring.reaching import reaching_from_environment

    reaching_from_environment().agree(customer, text, datetime.now(UTC))
    typer.echo(f"Agreed: {text}.")


@app.command()
def stop(customer: Customer) -> None:
    """Leave a customer alone from now on, whatever they agreed to."""
    from ivr.wiring.reaching import reaching_from_environment

    called_off = reaching_from_environment().stop(customer, datetime.now(UTC))
    typer.echo(f"Stopped. Contacts called off: {called_off}.")


@app.command()
def propose(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="See ivr incidents list.")],
) -> None:
    """Work out whom an incident concerns and who may be told; nobody is contacted yet."""
    from ivr.wiring.reaching import reaching_from_environment

    contacts, now = reaching_from_environment(), datetime.now(UTC)
    found = contacts.incident(incident)
    proposed = contacts.propose(found, now)
    typer.echo(f"Proposed: {proposed.new}.")
    for reason, count in sorted(Counter(one.reason for one in proposed.refused).items()):
        typer.echo(f"Not proposed, {reason.value}: {count}.")
    for language in Language:
        typer.echo(f"{language.value}: {contacts.text(found, language, now)}")


@app.command("list")
def list_contacts(incident: About = "") -> None:
    """Every contact: whom, about what, how, from when on, and how far it has come."""
    from ivr.wiring.reaching import reaching_from_environment

    contacts = reaching_from_environment()
    zone = ZoneInfo(contacts.settings.reach.zone)
    found = contacts.outbox.all(IncidentId(incident) if incident else None)
    for contact in found:
        _show(contact, zone)
    if not found:
        typer.echo("There are no contacts.")


@app.command()
def show(customer: Customer) -> None:
    """What is kept about one customer: what they wished, and how they were contacted."""
    from ivr.wiring.reaching import reaching_from_environment

    contacts = reaching_from_environment()
    zone = ZoneInfo(contacts.settings.reach.zone)
    for wish in contacts.agreements.history(CustomerId(customer)):
        words = f"agreed to {wish.text}" if isinstance(wish, Agreed) else "wants no contact"
        typer.echo(f"{wish.at.astimezone(zone):%Y-%m-%d %H:%M}  {words}")
    for contact in contacts.outbox.all():
        if contact.customer == customer:
            _show(contact, zone)


@app.command()
def send(
    approve: Annotated[
        bool, typer.Option("--approve", help="Approve what is proposed, then send.")
    ] = False,
    incident: About = "",
) -> None:
    """Hand over what is approved and due; run it every few minutes, it sends nothing twice."""
    from ivr.wiring.reaching import reaching_from_environment

    contacts, now = reaching_from_environment(), datetime.now(UTC)
    if incident and not approve:
        raise typer.BadParameter("--incident says what to approve; give --approve too.")
    if approve:
        about = contacts.incident(incident).id if incident else None
        typer.echo(f"Approved: {contacts.outbox.approve(now, about)}.")
    sent = contacts.send()
    typer.echo(f"Sent: {sent.sent}. Waiting: {sent.later}. Failed: {sent.failed}.")
    if sent.stopped:
        typer.echo(f"Not allowed any more: {sent.stopped}.")
    if sent.unsure:
        typer.echo(f"Perhaps sent, and not tried again: {sent.unsure}.")
    if sent.without_messenger:
        typer.echo(
            f"Waiting, for nothing is set that carries them: {sent.without_messenger}. "
            "Set IVR_REACH__WEBHOOK_URL or IVR_REACH__MAIL_HOST."
        )


def _show(contact: Contact, zone: ZoneInfo) -> None:
    at = contact.earliest if contact.is_waiting else contact.changed_at
    why = f"  {contact.why}" if contact.why else ""
    word = "from" if contact.is_waiting else "at"
    tries = f"  {contact.tries} tries" if contact.status is not Status.PROPOSED else ""
    typer.echo(
        f"{contact.incident}  {contact.customer}  {contact.channel}  {contact.status}  "
        f"{word} {at.astimezone(zone):%Y-%m-%d %H:%M}{tries}{why}"
    )
