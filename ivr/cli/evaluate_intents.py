"""`ivr evaluate intents`: how well requests are told apart, read and heard."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.call import Language
from ivr.cli.counting import Counting
from ivr.cli.figures import show
from ivr.errors import BadTestSet

if TYPE_CHECKING:
    from ivr.evaluate.intents import IntentFigures


def intents(
    files: Annotated[list[Path], typer.Argument(help="TRAIN.tsv TEST.tsv, or TEST.tsv --pack.")],
    pack: Annotated[str, typer.Option(help="Learn from this pack instead of TRAIN.tsv.")] = "",
    lang: Annotated[Language, typer.Option(help="Language of the test.")] = Language.GERMAN,
    out_of_scope: Annotated[Path | None, typer.Option(help="One foreign sentence a line.")] = None,
    shots: Annotated[
        str, typer.Option(help="Learn from so many sentences of each intent, such as 5,10,20,all.")
    ] = "",
    spoken: Annotated[
        bool, typer.Option(help="With --pack: also speak each sentence, and judge what is heard.")
    ] = False,
    codec: Annotated[str, typer.Option(help="With --spoken: mulaw, alaw, gsm or none.")] = "mulaw",
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here too.")
    ] = None,
) -> None:
    """How well requests are understood: lines of text, tab, label."""
    match files, pack:
        case [test], pack if pack and spoken:
            figures = _spoken(pack, lang, test, codec)
        case [test], pack if pack:
            figures = {"": _of_pack(pack, lang, test)}
        case [train, test], "":
            figures = _of_lists(train, test, out_of_scope, lang, shots)
        case _:
            raise BadTestSet("Name TRAIN.tsv and TEST.tsv, or one TEST.tsv and --pack.")
    show({name: asdict(found) for name, found in figures.items()}, json_file)


def _of_pack(pack: str, language: Language, test: Path) -> "IntentFigures":
    from ivr.evaluate.intents import evaluate_pack
    from ivr.understand.pack import read_pack
    from ivr.wiring import House

    words = House.from_environment().words
    return evaluate_pack(words.classifier_of(read_pack(pack)), language, test)


def _of_lists(
    train: Path, test: Path, out_of_scope: Path | None, language: Language, shots: str
) -> "dict[str, IntentFigures]":
    from ivr.evaluate.intents import evaluate_intents, evaluate_shots
    from ivr.wiring import House

    learn = House.from_environment().words.classifier_from
    if not shots:
        return {"": evaluate_intents(train, test, out_of_scope, train=learn, language=language)}
    return evaluate_shots(
        train, test, out_of_scope, shots=_counts(shots), train=learn, language=language
    )


def _counts(shots: str) -> list[int]:
    try:
        return [0 if count == "all" else int(count) for count in shots.split(",")]
    except ValueError as err:
        raise BadTestSet("--shots takes numbers and all, such as 5,10,20,all.") from err


def _spoken(pack: str, language: Language, test: Path, codec: str) -> "dict[str, IntentFigures]":
    from ivr.evaluate.spoken_intents import Line, evaluate_spoken
    from ivr.understand.pack import read_pack
    from ivr.wiring import House
    from ivr.wiring.spoken import heard_over_telephone

    house = House.from_environment()
    with Counting("speaking and hearing") as progress:
        found = evaluate_spoken(
            house.words.classifier_of(read_pack(pack)),
            language,
            test,
            line=Line(hear=heard_over_telephone(house, language, codec)),
            progress=progress,
        )
    return {"text": found.text, "heard": found.heard, "best only": found.heard_best_only}
