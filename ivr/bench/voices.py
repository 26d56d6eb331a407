"""How well voices are told apart, and how fast."""

import math
from collections.abc import Sequence
from pathlib import Path

from ivr.bench.chart import Chart, percent
from ivr.evaluate.search_speed import SEARCHED_BY, SIZES, evaluate_search
from ivr.evaluate.speed import SOUND_MS, evaluate_speed
from ivr.evaluate.voices import Contestant, VoicesWish, evaluate_voices
from ivr.wiring import House
from ivr.wiring.contestants import contestants
from ivr.wiring.encoder import encoder_folder, encoder_names

_SIDE_BY_SIDE = ("librispeech_test-other", "speechocean762", "speech_commands")


def voices(house: House, sets: Path) -> Chart:
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
                    percent(figures.eer),
                    percent(figures.fnmr_at_fmr_1e2),
                    percent(figures.fnmr_at_fmr_1e3),
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


def side_by_side(house: House, sets: Path) -> Chart:
    """The same trials for our encoders and for whichever others are installed."""
    field = contestants(house.places, encoder_names())
    wish = VoicesWish(seconds=3.0)
    rows = []
    equal_errors: dict[str, list[str]] = {}
    for name in _SIDE_BY_SIDE:
        found = evaluate_voices(
            sets / name, wish, detector=house.voices.detector, contestants=field.present
        )
        for encoder, one in found.by_encoder.items():
            figures = one.figures
            rates = figures.eer, figures.fnmr_at_fmr_1e2, figures.fnmr_at_fmr_1e3
            rows.append((name, encoder, *map(percent, rates), f"{figures.min_dcf:.2f}"))
            equal_errors.setdefault(encoder, []).append(percent(figures.eer))
    title = "Voices: encoders side by side"
    made_by = (
        "The same pairs of single recordings, 3 s of each over a mu-law line; CAM++ taught our "
        "latest: `ivr evaluate voices DIR --encoder NAME --encoder NAME`."
    )
    return Chart(
        title=title,
        made_by=made_by,
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
        short=Chart(
            title=title,
            made_by=f"Equal error rates. {made_by}",
            columns=("encoder", *_SIDE_BY_SIDE),
            rows=tuple((encoder, *rates) for encoder, rates in equal_errors.items()),
        ),
    )


def encoder(house: House) -> Chart:
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
        "watchlists against numpy's product of all voices with one, and against a plain loop over "
        "them, in the same run, in ms: `ivr bench search`.",
        columns=(
            "index",
            "voices",
            "median",
            "least",
            "product",
            "its least",
            "of the product",
            "loop",
            "of the loop",
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
                f"{speed.loop_ms:.1f}",
                f"1/{speed.loop_ms / speed.search_ms:.0f}",
                percent(speed.recall),
                f"{speed.build_s:.0f} s",
                f"{speed.index_mb:.0f} MB",
            )
            for index in SEARCHED_BY
            for speed in evaluate_search(
                index, sizes if patience or index == "exact" else sizes[:-1]
            )
        ),
    )
