"""`ivr voiceprint`: what a person may ask of us about their voice."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biometrics import Channel, Purpose, Receipt, Said, SubjectId

if TYPE_CHECKING:
    from ivr.wiring import House

app = typer.Typer(
    help="Consent, refusal, export and erasure: what people may ask about their voice.",
    no_args_is_help=True,
)

Subject = Annotated[str, typer.Argument(help="The voice's id, as the directory has it.")]
For = Annotated[Purpose, typer.Argument(help="What it is about.")]
Text = Annotated[str, typer.Option("--text", help="Version of the words, see consent-texts.")]
Language = Annotated[str, typer.Option("--language", help="Of those words: de or en.")]
Where = Annotated[Channel, typer.Option("--channel", help="Where the person agreed.")]


@app.command()
def consent(
    subject: Subject, purpose: For, text: Text, channel: Where, language: Language = "de"
) -> None:
    """Write down that a person agrees, in which words and where."""
    from ivr.wiring import House

    said = Said(text=text, language=language, channel=channel)
    house = House.from_environment()
    kept = house.subjects.rights.grant(SubjectId(subject), purpose, said, _now())
    typer.echo(f"Agreed to {kept.purpose}, {kept.text}, until {kept.expires_at:%Y-%m-%d}.")


@app.command()
def withdraw(subject: Subject, purpose: For) -> None:
    """End a consent; that to recognition takes the voiceprint with it."""
    from ivr.wiring import House

    receipt = House.from_environment().subjects.rights.withdraw(SubjectId(subject), purpose, _now())
    typer.echo(f"Withdrawn: {purpose}.")
    if receipt is not None:
        _tell(receipt)


@app.command("consent-texts")
def list_texts(
    words: Annotated[bool, typer.Option("--words", help="Print the words too.")] = False,
) -> None:
    """The words people can agree to: version, language, SHA-256."""
    from ivr.wiring import House

    for text in House.from_environment().subjects.texts():
        typer.echo(f"{text.version}  {text.language}  {text.sha256}")
        if words:
            typer.echo(f"\n{text.words}")


@app.command()
def export(
    subject: Subject,
    out: Annotated[Path | None, typer.Option(help="Write to a file only you may read.")] = None,
    with_template: Annotated[
        bool, typer.Option("--with-template", help="Include the vector itself, base64.")
    ] = False,
) -> None:
    """Everything held on a person, as JSON (GDPR Art. 15 and 20)."""
    from pydantic import TypeAdapter

    from biometrics import Export
    from ivr.cli.private_file import write_private
    from ivr.wiring import House

    house = House.from_environment()
    found = house.subjects.export(SubjectId(subject), _now(), with_template=with_template)
    text = TypeAdapter(Export).dump_json(found, indent=2).decode()
    if out is None:
        typer.echo(text)
        return
    write_private(out, text + "\n")
    typer.echo(f"Written to {out}.")


@app.command()
def show(subject: Subject) -> None:
    """How a voiceprint stands, in codes: its encoder, its age, what calls have taught it."""
    from ivr.wiring import House

    found = House.from_environment().subjects.export(SubjectId(subject), _now())
    typer.echo(f"status={found.status}")
    if found.voiceprint is None:
        return
    kept, following, collecting = (
        found.voiceprint,
        found.voiceprint.following,
        found.voiceprint.collecting,
    )
    typer.echo(f"encoder={kept.encoder} weights={kept.weights_sha256[:12] or 'unknown'}")
    typer.echo(
        f"enrolled={kept.enrolled_at:%Y-%m-%d} recordings={kept.recordings}"
        f" speech_ms={kept.net_speech_ms} expires={kept.expires_at:%Y-%m-%d}"
    )
    if following is not None:
        typer.echo(
            f"followed_calls={following.calls} speech_ms={following.net_speech_ms}"
            f" share={following.share:.2f}"
        )
    if collecting is not None:
        speech_ms = sum(call.net_speech_ms for call in collecting.calls)
        typer.echo(
            f"collecting_for={collecting.encoder} calls={len(collecting.calls)}"
            f" speech_ms={speech_ms}"
        )


@app.command()
def erase(
    subject: Subject,
    as_json: Annotated[bool, typer.Option("--json", help="The receipt for machines.")] = False,
) -> None:
    """Destroy a voiceprint's key, end the consents to use it, and print a receipt."""
    from ivr.wiring import House

    receipt = House.from_environment().subjects.rights.erase(SubjectId(subject), _now())
    if as_json:
        typer.echo(receipt.as_json())
    else:
        _tell(receipt)


@app.command("opt-out")
def opt_out(subject: Subject) -> None:
    """Destroy a voiceprint and refuse every later enrolment."""
    from ivr.wiring import House

    House.from_environment().subjects.rights.opt_out(SubjectId(subject), _now())
    typer.echo("The refusal is remembered; no voiceprint is kept.")


@app.command("opt-in")
def opt_in(subject: Subject) -> None:
    """Lift a refusal, at the person's own wish; consent has to be given all the same."""
    from ivr.wiring import House

    House.from_environment().subjects.rights.opt_in(SubjectId(subject))
    typer.echo("No refusal stands; it is no consent.")


@app.command()
def remove(subject: Subject) -> None:
    """Destroy a voiceprint, or the refusal that is kept in its place."""
    from ivr.wiring import House

    was_there = House.from_environment().subjects.rights.store.remove(SubjectId(subject))
    typer.echo("Removed." if was_there else "Nothing was kept under this id.")


@app.command()
def revert(subject: Subject) -> None:
    """One step back: what calls have taught is destroyed; else the print before comes back."""
    from ivr.wiring import House

    was_there = House.from_environment().subjects.rights.store.revert(SubjectId(subject))
    back = "One step back: the earlier voiceprint is compared again."
    typer.echo(back if was_there else "There is no earlier one.")


@app.command()
def revoke(subject: Subject) -> None:
    """Keep the voiceprint under another secret, after a record of it was stolen."""
    from ivr.wiring import House

    was_there = House.from_environment().subjects.rights.store.revoke(SubjectId(subject))
    typer.echo("Kept under another secret." if was_there else "Nothing is kept under this id.")


@app.command()
def expire(
    everybody: Annotated[
        bool, typer.Option("--all", help="Look at every customer of the directory too.")
    ] = False,
) -> None:
    """Destroy voiceprints and encoded voices whose time is over; run it once a day."""
    from ivr.wiring import House

    house = House.from_environment()
    known = [entry.caller.subject for entry in house.directory.all()] if everybody else []
    gone = house.subjects.retention.expire(_now(), known=known)
    typer.echo(f"Destroyed: {len(gone)}.")
    for receipt in gone:
        typer.echo(f"{receipt.subject}  {receipt.proof}")
    _expire_encoded(house)


def _expire_encoded(house: "House") -> None:
    """Last, so that whoever has just expired is taken out too."""
    from ivr.wiring.encoded_retention import EncodedRetention

    done = EncodedRetention(house).expire(_now())
    if done.known:
        typer.echo(
            f"Folders of encoded voices: {done.known}, of them destroyed: {done.destroyed}. "
            f"Recordings taken out of the others: {done.rows}, in {done.shards} files."
        )
    for sentence in done.told:
        typer.echo(sentence)
    if done.failed:
        raise typer.Exit(1)


def _tell(receipt: Receipt) -> None:
    typer.echo(f"{receipt.subject}  {receipt.at:%Y-%m-%d %H:%M:%S %Z}  {receipt.proof}")


def _now() -> datetime:
    return datetime.now(UTC)
