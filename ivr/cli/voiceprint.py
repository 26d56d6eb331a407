"""`ivr voiceprint`: what a person may ask of us about their voice."""

from typing import Annotated

import typer

app = typer.Typer(help="Forget a voice, or remember a refusal.", no_args_is_help=True)

Subject = Annotated[str, typer.Argument(help="The voice's id, as the directory has it.")]


@app.command()
def remove(subject: Subject) -> None:
    """Destroy a voiceprint, or the refusal that is kept in its place."""
    from biometrics import SubjectId
    from ivr.wiring import House

    was_there = House.from_environment().voices.store.remove(SubjectId(subject))
    typer.echo("Removed." if was_there else "Nothing was kept under this id.")


@app.command("opt-out")
def opt_out(subject: Subject) -> None:
    """Destroy a voiceprint and refuse every later enrolment."""
    from biometrics import SubjectId
    from ivr.wiring import House

    House.from_environment().voices.store.opt_out(SubjectId(subject))
    typer.echo("The refusal is remembered; no voiceprint is kept.")
