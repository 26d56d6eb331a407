"""`ivr models`: what models there are, which are here; get one; check one."""

from pathlib import Path
from typing import Annotated

import typer

from ivr.errors import ModelDamaged, ModelMissing
from ivr.models import (
    Model,
    Standing,
    State,
    catalogue,
    install,
    local_folders,
    model_named,
    sources_of,
    standing_of,
    verify,
)

app = typer.Typer(
    help="Models: what there is, what is here, get one, check one.", no_args_is_help=True
)

Name = Annotated[str | None, typer.Argument(help="A model's name, as `ivr models list` shows it.")]


@app.command("list")
def list_models() -> None:
    """Show every model, whether it is here, and where it comes from."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    home, folders = _places()
    table = Table(box=None, pad_edge=False)
    table.add_column("Model", no_wrap=True)
    for title in ("Languages", "Licence", "Size", "State", "From"):
        table.add_column(title)
    for model in catalogue():
        standing = standing_of(model, home=home, local_folders=folders)
        table.add_row(*(Text(cell) for cell in _row(model, standing)))
    Console().print(table)


@app.command("pull")
def pull(name: Name = None) -> None:
    """Get a model; without a name, whatever the product cannot do without."""
    from ivr.cli.bars import Bars

    home, folders = _places()
    wanted = [model_named(name)] if name else [model for model in catalogue() if model.is_required]
    for model in wanted:
        with Bars(model.name) as bars:
            path = install(model, home=home, local_folders=folders, progress=bars)
        typer.echo(f"{model.name} is here, every byte checked: {path}")


@app.command("verify")
def verify_models(name: Name = None) -> None:
    """Read every byte of a model, or of all that are here, and compare it with what is pinned."""
    home, folders = _places()
    names = [model_named(name).name] if name else [model.name for model in catalogue()]
    standings = {each: verify(each, home=home, local_folders=folders) for each in names}
    here = {each: found for each, found in standings.items() if found.state is not State.ABSENT}
    for each, found in here.items():
        typer.echo(f"{each}: {_verdict(found)}")
    if not here:
        missing = name or "any"
        raise ModelMissing(f"No model to check is here ({missing}); get one with: ivr models pull")
    damaged = [each for each, found in here.items() if found.state is State.DAMAGED]
    if damaged:
        raise ModelDamaged(f"Get sound ones with: ivr models pull ({', '.join(damaged)}).")


@app.command("sign")
def sign_catalogue(
    file: Annotated[Path, typer.Argument(help="A catalogue of your own.")],
    key: Annotated[Path, typer.Option(help="PEM file with an Ed25519 key; keep it elsewhere.")],
) -> None:
    """Sign a catalogue, so that it can be used; prints the public key for the setting."""
    from ivr.models.signed import sign

    public = sign(file, key)
    typer.echo(f"{file}.sig is written. Use it with:")
    typer.echo(f"IVR_CATALOGUE__FILE={file} IVR_CATALOGUE__KEYS={public}")


def _places() -> tuple[Path, tuple[Path, ...]]:
    """The home, and the operator's folders of models."""
    from ivr.settings import read_settings

    settings = read_settings()
    return settings.home, local_folders(settings.models)


def _row(model: Model, standing: Standing) -> tuple[str, ...]:
    return (
        model.name,
        " ".join(model.languages) or "any",
        model.licence,
        _size(model.size_bytes),
        standing.state.value,
        _where_from(model, standing),
    )


def _size(size_bytes: int) -> str:
    if size_bytes >= 10**9:
        return f"{size_bytes / 10**9:.1f} GB"
    return f"{size_bytes / 10**6:.1f} MB"


def _where_from(model: Model, standing: Standing) -> str:
    match standing.state:
        case State.INSTALLED | State.DAMAGED:
            return standing.source or str(standing.path)
        case State.IN_PLACE:
            return str(standing.path)
        case State.ABSENT:
            return "can be pulled: " + ", or ".join(sources_of(model))


def _verdict(standing: Standing) -> str:
    if standing.faults:
        return "damaged. " + " ".join(standing.faults)
    if not standing.is_checked:
        return "here, but its files are not pinned one by one: nothing could be compared."
    return "sound; every file has the pinned content."
