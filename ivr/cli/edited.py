"""`ivr edited`: what people edited in the browser, for engineers on the command line."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ivr.editing.measuring import Done
from ivr.errors import EditRefused
from ivr.review.report import Report

app = typer.Typer(
    help="Intents, prompts and rules that were edited: versions, publishing, going back.",
    no_args_is_help=True,
)

_OPERATOR = "operator"


@app.command("list")
def list_() -> None:
    """What can be edited, and what of it is."""
    from ivr.wiring.editing import editing_from_environment

    desk = editing_from_environment().desk
    for sheet in desk.sheets(_OPERATOR):
        state = "edited" if sheet.seen else "as it came"
        typer.echo(f"{sheet.document.name:<28} {state}")


@app.command()
def history() -> None:
    """Every version, the latest first."""
    from ivr.wiring.editing import editing_from_environment

    desk = editing_from_environment().desk
    current = desk.shelf.current()
    for one in desk.history():
        mark = "*" if current and one.number == current.number else " "
        typer.echo(f"{mark} {one.number:>4}  {one.at:%Y-%m-%d %H:%M}  {one.author}  {one.message}")
    if not desk.history():
        typer.echo("Nothing was published.")


@app.command()
def publish(
    name: Annotated[str, typer.Argument(help="As `list` shows it.")],
    file: Annotated[Path, typer.Argument(help="The new text.", exists=True, dir_okay=False)],
    message: Annotated[str, typer.Option("--message", "-m", help="Why.")],
) -> None:
    """Check a file, measure it where it holds intents, and put it into use."""
    from ivr.wiring.editing import editing_from_environment

    editing = editing_from_environment()
    seen = editing.desk.sheet(_OPERATOR, name).seen
    sheet = editing.desk.save(_OPERATOR, name, file.read_text("utf-8"), seen or "")
    for trouble in editing.desk.troubles(sheet):
        where = f"line {trouble.line}: " if trouble.line else ""
        raise EditRefused(f"{where}{trouble.sentence}")
    if editing.needs_measuring(sheet):
        editing.measure(sheet)
        _show(editing.measured(sheet))
    is_at_once = editing.takes_effect_now(sheet)
    version = editing.desk.publish(_OPERATOR, name, message, datetime.now(UTC))
    when = "A running service takes it over." if is_at_once else "It counts from the next start."
    typer.echo(f"Published as version {version.number}. {when}")


@app.command()
def back(number: Annotated[int, typer.Argument(help="A version; 0 for the originals.")]) -> None:
    """Publish an old version again."""
    from ivr.wiring.editing import editing_from_environment

    desk = editing_from_environment().desk
    version = desk.go_back(_OPERATOR, number, datetime.now(UTC))
    typer.echo(f"Published as version {version.number}.")


def _show(found: object) -> None:
    if isinstance(found, Done) and isinstance(found.answer, Report) and found.answer.own:
        own = found.answer.own
        typer.echo(f"Accuracy {own.before:.1%} -> {own.after:.1%}")
