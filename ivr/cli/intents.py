"""`ivr intents`: look after a pack, see what is weak in it and why a sentence is understood so."""

from typing import TYPE_CHECKING, Annotated

import typer

from ivr.call import Intent, Language, Several, Unsure

if TYPE_CHECKING:
    from ivr.call import Understanding
    from ivr.understand.check_pack import PackReport

app = typer.Typer(help="Look after the intents of a business.", no_args_is_help=True)

Pack = Annotated[str, typer.Option(help="A pack's name or YAML file; else the one in use.")]

_MOST_SHOWN = 3


@app.command()
def check(
    pack: Pack = "",
    most: Annotated[int, typer.Option(help="So many confused pairs and doubles are shown.")] = 15,
) -> None:
    """Learn the pack anew and report what it confuses and which sentences are to blame."""
    from ivr.wiring import House

    house = House.from_environment(pack=pack)
    report = house.words.check_pack()
    _show(report, most)


@app.command("try")
def try_(
    sentence: Annotated[str, typer.Argument(help="What a caller might say.")],
    pack: Pack = "",
    lang: Annotated[Language, typer.Option(help="Language of the sentence.")] = Language.GERMAN,
) -> None:
    """Say what is made of a sentence, and from which examples."""
    from rich.console import Console
    from rich.table import Table

    from ivr.wiring import House

    found = House.from_environment(pack=pack).words.explain(sentence, lang)
    console = Console()
    console.print(f"{_named(found.meaning)}. {found.why}", highlight=False, markup=False)
    console.print(f"scope {found.scope:.2f}, at least {found.least_scope:.2f} is needed")
    likeliest = Table("intent", "probability", box=None)
    for intent in found.likeliest:
        likeliest.add_row(intent.name, f"{intent.confidence:.3f}")
    nearest = Table("cosine", "of", "nearest example", box=None)
    for example in found.nearest:
        nearest.add_row(f"{example.cosine:.2f}", example.label, example.text)
    console.print(likeliest, nearest)


def _named(meaning: "Understanding") -> str:
    match meaning:
        case Intent():
            return meaning.name
        case Unsure():
            return f"{meaning.first.name} or {meaning.second.name}"
        case Several():
            return ", then ".join(intent.name for intent in meaning.intents)
        case _:
            return "out_of_scope"


def _show(report: "PackReport", most: int) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    for language, share in report.accuracy.items():
        console.print(f"{language}: {share:.1%} of {report.sentences[language]} sentences")
    confused = Table("intent", "taken for", "", "sentences", box=None)
    for pair in report.confused[:most]:
        shown = "\n".join(escape(text) for text in pair.sentences[:_MOST_SHOWN])
        confused.add_row(pair.label, pair.found, f"{len(pair.sentences)}x {pair.language}", shown)
    alike = Table("cosine", "nearly the same", "under", box=None)
    for two in report.alike[:most]:
        alike.add_row(
            f"{two.cosine:.2f}",
            f"{escape(two.first)}\n{escape(two.second)}",
            f"{two.first_label}\n{two.second_label}",
        )
    for table in (confused, alike):
        if table.row_count:
            console.print(table)
