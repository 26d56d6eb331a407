"""`ivr review`: sentences that were not understood become examples that are."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ivr.call import Language
from ivr.plain_text import plain
from ivr.review.groups import Group
from ivr.review.report import Judged, Report, Shares
from ivr.review.sentence import SentenceId

app = typer.Typer(
    help="Sentences that were not understood: what they were, and learning from them.",
    no_args_is_help=True,
)

Pack = Annotated[str, typer.Option("--pack", help="A pack's name or file; else the one in use.")]
Id = Annotated[str, typer.Argument(help="As `list` shows it.")]
Alike = Annotated[bool, typer.Option("--alike", help="And all that are nearly the same.")]
German = Annotated[
    Path | None, typer.Option("--test-de", help="German sentences to judge by: text, tab, label.")
]
English = Annotated[Path | None, typer.Option("--test-en", help="English ones.")]

_MOST_SHOWN = 20


@app.command("list")
def list_(pack: Pack = "") -> None:
    """What nobody has looked at yet, what is nearly the same together, most of it first."""
    from ivr.wiring.reviewing import open_reviewing

    room = open_reviewing(pack)
    groups = room.listed(datetime.now(UTC))
    for group in groups:
        _show_group(group)
    if not groups:
        typer.echo("No sentence waits to be looked at.")


@app.command()
def label(
    sentence: Id,
    intent: Annotated[str, typer.Argument(help="What it is; else what was suggested.")] = "",
    alike: Alike = False,
    pack: Pack = "",
) -> None:
    """Say what a sentence is: an intent of the pack, or out_of_scope."""
    from ivr.wiring.reviewing import open_reviewing

    room = open_reviewing(pack)
    labelled = room.label(SentenceId(sentence), intent, with_alike=alike)
    typer.echo(f"Labelled: {len(labelled)}. Add them with: ivr review apply")


@app.command()
def drop(sentence: Id, alike: Alike = False, pack: Pack = "") -> None:
    """Delete a sentence that teaches nothing."""
    from ivr.wiring.reviewing import open_reviewing

    dropped = open_reviewing(pack).drop(SentenceId(sentence), with_alike=alike)
    typer.echo(f"Deleted: {dropped}.")


@app.command()
def report(test_de: German = None, test_en: English = None, pack: Pack = "") -> None:
    """What the labelled sentences would change, before anything is added."""
    from ivr.wiring.reviewing import open_reviewing

    room = open_reviewing(pack)
    _show_report(room.prepared(_tests(test_de, test_en)).report)


@app.command()
def apply(
    test_de: German = None,
    test_en: English = None,
    force: Annotated[bool, typer.Option("--force", help="Even if the accuracy falls.")] = False,
    pack: Pack = "",
) -> None:
    """Add the labelled sentences to the pack, unless the accuracy would fall by it."""
    from ivr.wiring.reviewing import open_reviewing

    room = open_reviewing(pack)
    prepared = room.prepared(_tests(test_de, test_en))
    _show_report(prepared.report)
    added = room.apply(prepared, is_forced=force)
    typer.echo(f"Added as version {added.version}. Take it back with: ivr review undo")


@app.command()
def undo(pack: Pack = "") -> None:
    """Take the latest additions back."""
    from ivr.wiring.reviewing import open_reviewing

    room = open_reviewing(pack)
    before = room.undo()
    typer.echo(f"Version {before.version} is in use." if before.version else "Nothing is added.")


def _tests(german: Path | None, english: Path | None) -> dict[Language, Path]:
    named = {Language.GERMAN: german, Language.ENGLISH: english}
    return {language: file for language, file in named.items() if file is not None}


def _show_group(group: Group) -> None:
    first = group.first
    taken_for = " or ".join(first.taken_for) or "nothing"
    suggested = f", suggested: {group.suggested}" if group.suggested else ""
    typer.echo(f"{first.id}  {len(group.sentences)} x  {first.language}  {plain(first.text)}")
    typer.echo(f"          {first.why.replace('_', ' ')}, taken for {taken_for}{suggested}")


def _show_report(found: Report) -> None:
    for name, shares in (
        ("labelled sentences", found.labelled),
        ("the pack's sentences, each unseen", found.own),
        ("test sentences", found.held_out),
    ):
        if shares is not None:
            typer.echo(f"{name:<34} {_in_words(shares)}")
    _show_sentences("Understood only now:", found.mended)
    _show_sentences("Not understood even now:", found.still_wrong)
    _show_sentences("Understood before and no longer:", found.broken)


def _in_words(shares: Shares) -> str:
    return f"{shares.before:6.1%} -> {shares.after:6.1%}"


def _show_sentences(title: str, sentences: Iterable[Judged]) -> None:
    found = list(sentences)
    if found:
        typer.echo(title)
    for one in found[:_MOST_SHOWN]:
        typer.echo(f"  {one.language}  {plain(one.text)}  ({one.label}, taken for {one.found})")
    if len(found) > _MOST_SHOWN:
        typer.echo(f"  and {len(found) - _MOST_SHOWN} more")
