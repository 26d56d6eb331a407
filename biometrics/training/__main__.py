"""`python -m biometrics.training MANIFEST...`, as scripts/train-encoder calls it."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from itertools import islice
from pathlib import Path

import torch

from biometrics.training.corpus import (
    Recording,
    labels,
    read_manifest,
    shares,
    speakers_for_evaluation,
)
from biometrics.training.crops import Shelf, open_shelf
from biometrics.training.lessons import basis_of, prepare, read_basis, save_basis
from biometrics.training.pace import Pace
from biometrics.training.recipe import Recipe
from biometrics.training.run import Run
from biometrics.training.variants import VARIANTS

_TUNED = ("id", "channels", "hop_ms", "steps", "crops", "rate", "seed")
"""What of the recipe can be given on the command line."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    # Numbers too small to matter would cost the processor most of its time.
    torch.set_flush_denormal(True)
    corpora = _corpora(options.manifests)
    if options.teacher:
        _prepare(corpora, options)
    shelves = _shelves(corpora, options.work / "lessons")
    if not shelves:
        sys.stderr.write("There are no lessons yet; name the teacher's weights with --teacher.\n")
        return 1
    recipe = _recipe(options)
    run = Run(recipe, shelves, options.work / recipe.id, begins_as=options.begins_as)
    run.learn(Pace(recipe.steps), compiled=options.compile, workers=options.workers)
    sys.stdout.write(f"{options.work / recipe.id} holds the encoder.\n")
    return 0


def _corpora(manifests: Sequence[Path]) -> list[list[Recording]]:
    kept_out = frozenset().union(*(speakers_for_evaluation(manifest) for manifest in manifests))
    return [read_manifest(manifest, kept_out=kept_out) for manifest in manifests]


def _prepare(corpora: Sequence[Sequence[Recording]], options: argparse.Namespace) -> None:
    from biometrics.training.teacher import Teacher  # noqa: PLC0415 - a run goes on without it

    teacher = Teacher(options.teacher, threads=options.threads)
    lessons = options.work / "lessons"
    lessons.mkdir(parents=True, exist_ok=True)
    file = lessons / "basis.npz"
    if not file.exists():
        save_basis(basis_of(teacher, corpora[0]), file)
    basis = read_basis(file)
    for variant in options.variants:
        for number, recordings in enumerate(corpora):
            prepare(
                recordings,
                VARIANTS[variant],
                lessons / f"{number}-{variant}",
                teacher=teacher,
                basis=basis,
                progress=_counter(f"lessons of corpus {number + 1}, variant {variant}"),
            )


def _shelves(corpora: Sequence[Sequence[Recording]], lessons: Path) -> list[Shelf]:
    """Whatever is ready, so that a run can begin before the last variant is prepared."""
    shelves = []
    numbers = iter(labels([recording for corpus in corpora for recording in corpus]))
    for number, recordings in enumerate(corpora):
        speakers = list(islice(numbers, len(recordings)))
        for variant in range(len(VARIANTS)):
            folder = lessons / f"{number}-{variant}"
            if (folder / "index.json").exists():
                found = open_shelf(folder, variant, speakers=speakers, shares=shares(recordings))
                shelves.append(found)
    return shelves


def _recipe(options: argparse.Namespace) -> Recipe:
    given = {name: getattr(options, name) for name in _TUNED}
    return Recipe(**{name: value for name, value in given.items() if value is not None})


def _counter(what: str) -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        sys.stderr.write(f"\r{what}: {done} of {total}" + ("\n" if done == total else ""))
        sys.stderr.flush()

    return show


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="train-encoder", description="Make the telephone ECAPA.")
    add = parser.add_argument
    add("manifests", nargs="+", type=Path, metavar="MANIFEST", help="CSV: path,set,speaker,ms")
    add("--work", type=Path, required=True, help="folder for lessons, checkpoints and the result")
    add("--teacher", type=Path, help="campplus_cn_en_common.pt; prepares the lessons first")
    add("--variants", type=int, nargs="+", default=list(range(len(VARIANTS))))
    add("--begins-as", type=Path, metavar="FOLDER", help="an encoder whose weights to go on from")
    add("--threads", type=int, default=2)
    add("--workers", type=int, default=1, help="processes that make crops")
    add("--compile", action="store_true", help="faster steps after minutes of compiling")
    kinds = {field.name: field.type for field in fields(Recipe)}
    for name in _TUNED:
        add(f"--{name.replace('_', '-')}", type=kinds[name])
    return parser


if __name__ == "__main__":
    sys.exit(main())
