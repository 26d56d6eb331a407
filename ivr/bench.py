"""Figures for the documentation, each from a run: how well and how fast every room works."""

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ivr.call import Language, Transcript
from ivr.evaluate.intents import evaluate_pack
from ivr.evaluate.search_speed import SEARCHED_BY, SIZES, evaluate_search
from ivr.evaluate.speed import SOUND_MS, evaluate_speed
from ivr.evaluate.voices import Contestant, VoicesWish, evaluate_voices
from ivr.evaluate.words import WordFigures, evaluate_words
from ivr.rehearsal import play, read_script
from ivr.result import TimingsPart
from ivr.stopwatch import Stopwatch
from ivr.studio import read_manifest
from ivr.understand.pack import BUSINESSES, read_pack
from ivr.understand.recogniser import transcribe
from ivr.wiring import House
from ivr.wiring.contestants import contestants
from ivr.wiring.encoder import encoder_folder, encoder_names

_ENGINES = ("whisper", "vosk")
_ROOMS = tuple(TimingsPart.__slots__)
_READ_SENTENCES = 60

Watch = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One table of figures."""

    title: str
    made_by: str
    """What was measured, and the command that measures it on anything else."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_headline: bool = False
    """Shown in the README too."""

    def markdown(self, level: str) -> str:
        head = f"| {' | '.join(self.columns)} |\n|{'---|' * len(self.columns)}\n"
        body = "".join(f"| {' | '.join(row)} |\n" for row in self.rows)
        return f"{level} {self.title}\n\n{self.made_by}\n\n{head}{body}"


def measure_all(house: House, *, checkout: Path, watch: Watch) -> Iterator[Chart]:
    """Every chart that can be made here; what needs recordings that are not here is left out."""
    fixtures = checkout / "audio_fixtures"
    speech = checkout.parent / "shared" / "speech"
    watch("turns")
    yield _turns(house, fixtures)
    if speech.is_dir():
        watch("voices")
        yield _voices(house, speech / "eval")
        watch("encoders side by side")
        yield _side_by_side(house, speech / "eval")
    watch("encoder")
    yield _encoder(house)
    watch("search")
    yield search_chart(patience=False)
    watch("words")
    yield _words(house, fixtures, speech)
    yield _transcripts(house, fixtures)
    watch("intents")
    yield _intents(house, checkout / "tests" / "ivr" / "understand" / "sentences")
    watch("lines of code")
    yield _sizes(checkout)


def _turns(house: House, fixtures: Path) -> Chart:
    """Every fixture call three times; the first round warms up and is not counted."""
    times: list[TimingsPart] = []
    for round_ in range(3):
        for call in read_script(fixtures).calls:
            played = play(call, fixtures, house.switchboard, house.read_number)
            found = [turn.result.timings_ms for turn in played.turns if turn.result]
            times += found if round_ else []
    spoken = [one for one in times if one.transcribe]
    worked = {room: [ms for one in spoken if (ms := getattr(one, room))] for room in _ROOMS}
    return Chart(
        title="Time of a turn",
        made_by=f"{len(spoken)} fixture turns with speech in them, in ms; a room counts where it "
        "had work to do. Verifying and transcribing overlap.",
        columns=("", *_ROOMS),
        rows=tuple(
            (name, *(f"{pick(worked[room] or [0]):.0f}" for room in _ROOMS))
            for name, pick in (("median", median), ("slowest", max))
        ),
        is_headline=True,
    )


def _voices(house: House, sets: Path) -> Chart:
    rows = []
    voices = house.voices
    own = Contestant(encoder=voices.encoder, calibration=voices.calibration)
    for folder in (sets / "librispeech_test-other", sets / "speechocean762"):
        for seconds in (3.0, None):
            wish = VoicesWish(seconds=seconds)
            found = evaluate_voices(folder, wish, detector=voices.detector, contestants={"": own})
            figures = found.by_encoder[""].figures
            rows.append(
                (
                    folder.name,
                    f"{seconds:.0f} s" if seconds else "whole",
                    _percent(figures.eer),
                    _percent(figures.fnmr_at_fmr_1e2),
                    _percent(figures.fnmr_at_fmr_1e3),
                    f"{figures.cllr or math.nan:.2f}",
                    f"{figures.min_cllr:.2f}",
                    f"{figures.target_trials}",
                    f"{figures.impostor_trials}",
                )
            )
    return Chart(
        title=f"Voices: {house.voices.encoder.id}",
        made_by="All pairs of single recordings over a mu-law line, speakers never trained on: "
        "`ivr evaluate voices DIR`.",
        columns=(
            "recordings",
            "of each",
            "equal error rate",
            "false rejects at 1 % false accepts",
            "at 0.1 %",
            "Cllr",
            "min Cllr",
            "genuine pairs",
            "impostor pairs",
        ),
        rows=tuple(rows),
        is_headline=True,
    )


def _side_by_side(house: House, sets: Path) -> Chart:
    """The same trials for our encoders and for whichever others are installed."""
    field = contestants(house.places, encoder_names())
    wish = VoicesWish(seconds=3.0)
    rows = []
    for name in ("librispeech_test-other", "speechocean762", "speech_commands"):
        found = evaluate_voices(
            sets / name, wish, detector=house.voices.detector, contestants=field.present
        )
        for encoder, one in found.by_encoder.items():
            figures = one.figures
            rates = figures.eer, figures.fnmr_at_fmr_1e2, figures.fnmr_at_fmr_1e3
            rows.append((name, encoder, *map(_percent, rates), f"{figures.min_dcf:.2f}"))
    return Chart(
        title="Voices: encoders side by side",
        made_by="The same pairs of single recordings, 3 s of each over a mu-law line; CAM++ taught "
        "our latest: `ivr evaluate voices DIR --encoder NAME --encoder NAME`.",
        columns=(
            "recordings",
            "encoder",
            "equal error rate",
            "false rejects at 1 % false accepts",
            "at 0.1 %",
            "minDCF",
        ),
        rows=tuple(rows),
        is_headline=True,
    )


def _encoder(house: House) -> Chart:
    found = evaluate_speed(encoder_folder(house.places))
    return Chart(
        title="Time of a voice",
        made_by=f"{SOUND_MS // 1000} s of sound to a voice, all in turns on one processor core, "
        "in ms: `python -m biometrics.encoders.speed DIR`.",
        columns=("encoder", "least", "median", "of the usual one"),
        rows=tuple(
            (
                speed.name,
                f"{speed.least_ms:.1f}",
                f"{speed.median_ms:.1f}",
                f"1/{1 / found.share_of_usual(speed):.1f}",
            )
            for speed in found.measured
        ),
        is_headline=True,
    )


def search_chart(sizes: Sequence[int] = SIZES, *, patience: bool = True) -> Chart:
    """One voice among many. Without patience no graph of a million voices: it takes ten minutes."""
    return Chart(
        title="One voice among many",
        made_by="Random voices of 192 numbers, each looked for in disguise; the indexes of "
        "watchlists against numpy's product of all voices with one, in the same run, in ms: "
        "`ivr bench search`.",
        columns=(
            "index",
            "voices",
            "median",
            "least",
            "product",
            "its least",
            "of the product",
            "nearest found",
            "built in",
            "memory",
        ),
        rows=tuple(
            (
                index,
                f"{speed.voices:,}",
                f"{speed.search_ms:.2f}",
                f"{speed.least_ms:.2f}",
                f"{speed.product_ms:.2f}",
                f"{speed.product_least_ms:.2f}",
                f"{speed.share_of_product:.2f}",
                _percent(speed.recall),
                f"{speed.build_s:.0f} s",
                f"{speed.index_mb:.0f} MB",
            )
            for index in SEARCHED_BY
            for speed in evaluate_search(
                index, sizes if patience or index == "exact" else sizes[:-1]
            )
        ),
    )


def _words(house: House, fixtures: Path, speech: Path) -> Chart:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, file, language in _word_lists(fixtures, speech, Path(folder)):
            for engine in _ENGINES:
                figures = _heard(house, file, language, engine)
                rows.append((name, engine, *figures))
    return Chart(
        title="Words: both engines side by side",
        made_by="Over a mu-law line; time from the end of the audio to the text: "
        "`ivr evaluate words FILE.tsv --lang de --engine whisper --engine vosk`.",
        columns=("recordings", "engine", "word error rate", "median ms", "95 % ms", "turns"),
        rows=tuple(rows),
        is_headline=True,
    )


def _transcripts(house: House, fixtures: Path) -> Chart:
    rows = []
    for one in read_manifest(fixtures).recordings:
        if not one.words:
            continue
        speech = house.voices.listen((fixtures / one.file).read_bytes())
        for engine in _ENGINES:
            recogniser = house.words.recogniser_if_here(engine)
            if recogniser is None or one.language not in recogniser.languages:
                continue
            watch = Stopwatch()
            heard = transcribe(recogniser, speech, Language(one.language))
            text = heard.text if isinstance(heard, Transcript) else f"({heard})"
            rows.append((one.file, engine, f"{watch.total_ms()}", one.words, text))
    return Chart(
        title="What was said and what was heard",
        made_by="Every fixture by every engine that is installed for its language, in ms a turn.",
        columns=("recording", "engine", "ms", "said", "heard"),
        rows=tuple(rows),
    )


def _heard(house: House, file: Path, language: Language, engine: str) -> tuple[str, ...]:
    recogniser = house.words.recogniser_if_here(engine)
    if recogniser is None or language not in recogniser.languages:
        return ("no model here", "", "", "")
    figures: WordFigures = evaluate_words(
        file, recogniser=recogniser, detector=house.voices.detector, language=language
    )
    return (
        _percent(figures.wer),
        f"{figures.p50_ms:.0f}",
        f"{figures.p95_ms:.0f}",
        str(figures.turns),
    )


def _word_lists(fixtures: Path, speech: Path, folder: Path) -> Iterator[tuple[str, Path, Language]]:
    """The fixtures by language, and real German speech where it is at hand."""
    recordings = [one for one in read_manifest(fixtures).recordings if one.words]
    for language in Language:
        lines = [
            f"{(fixtures / one.file).resolve()}\t{one.words}"
            for one in recordings
            if one.language == language
        ]
        yield f"fixtures, {language}", _listed(folder / f"{language}.tsv", lines), language
    kerstin = speech / "kerstin.tsv"
    if kerstin.is_file():
        lines = [
            f"{speech.resolve()}/{line}"
            for line in kerstin.read_text("utf-8").splitlines()[:_READ_SENTENCES]
        ]
        name = f"a woman reading {_READ_SENTENCES} sentences, de"
        yield name, _listed(folder / "read.tsv", lines), Language.GERMAN


def _listed(file: Path, lines: Sequence[str]) -> Path:
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def _intents(house: House, sentences: Path) -> Chart:
    rows = []
    for name in BUSINESSES:
        classifier = house.words.classifier_of(read_pack(name))
        for language in Language:
            file = sentences / f"{name}.{language}.tsv"
            figures = evaluate_pack(classifier, language, file)
            shares = (
                figures.accuracy,
                figures.top2,
                figures.in_scope_accuracy,
                figures.out_of_scope_recall,
            )
            auroc = "" if figures.auroc is None else f"{figures.auroc:.2f}"
            rows.append(
                (f"{name}, {language}", *map(_percent, shares), auroc, str(figures.sentences))
            )
    return Chart(
        title="Intents",
        made_by="Sentences that nobody trained on: `ivr evaluate intents --pack NAME TEST.tsv`.",
        columns=(
            "pack",
            "right",
            "right among two",
            "right and not refused",
            "foreign refused",
            "AUROC",
            "sentences",
        ),
        rows=tuple(rows),
        is_headline=True,
    )


def _sizes(checkout: Path) -> Chart:
    rows = []
    for place in ("ivr", "biometrics", "tests"):
        files = sorted((checkout / place).rglob("*.py"))
        lines = [len(file.read_text("utf-8").splitlines()) for file in files]
        rows.append((f"{place}/", str(len(files)), str(sum(lines)), f"{median(lines):.0f}"))
    return Chart(
        title="Size",
        made_by="Python files and their lines.",
        columns=("place", "files", "lines", "median lines a file"),
        rows=tuple(rows),
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"
