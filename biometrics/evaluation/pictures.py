"""Three pictures: the trade between both errors, how scores lie, and figures with their doubt."""

from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from biometrics.evaluation.bootstrap import Interval
from biometrics.evaluation.error_rates import Scores, eer, operating_points
from biometrics.evaluation.scored import Scored
from biometrics.evaluation.svg import DASHES, Axis, Plot, Point, linear, percent

COLOURS = 6

_NORMAL = NormalDist()
_RULE_OF_THREE = 3
_MOST_POINTS = 400
_DET_FROM, _DET_TO = 0.0005, 0.6
_DET_TICKS = tuple(
    (share, f"{100 * share:g} %") for share in (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
)


def colour(turn: int) -> str:
    return f"var(--c{turn % COLOURS})"


def det(found: Mapping[str, Scored]) -> str:
    """Both error rates at every threshold, a curve for each encoder.

    On scales of the normal deviate, where scores that are normally distributed make straight
    lines: Martin et al., "The DET curve in assessment of detection task performance", Eurospeech
    1997. A curve is dotted where fewer than three impostors are expected: rule of three.
    """
    scale = linear(_NORMAL.inv_cdf(_DET_FROM), _NORMAL.inv_cdf(_DET_TO))

    def place(share: float) -> float:
        return scale(_NORMAL.inv_cdf(min(max(share, 1e-6), 1 - 1e-6)))

    plot = Plot(
        x=Axis(title="strangers accepted (false match rate)", place=place, ticks=_DET_TICKS),
        y=Axis(title="callers refused (false non-match rate)", place=place, ticks=_DET_TICKS),
        title="Both error rates at every threshold, for each encoder",
    )
    plot.line([(_DET_FROM, _DET_FROM), (_DET_TO, _DET_TO)], style="stroke:var(--faint)")
    for turn, (name, scored) in enumerate(found.items()):
        target, impostor = _sides(scored, scored.cosines)
        _, fmr, fnmr = operating_points(target, impostor)
        is_inside = (fmr >= _DET_FROM) & (fnmr >= _DET_FROM)
        is_inside &= (fmr <= _DET_TO) & (fnmr <= _DET_TO)
        fmr, fnmr = fmr[is_inside], fnmr[is_inside]
        style = f"stroke:{colour(turn)}"
        sure = int(np.sum(fmr >= _RULE_OF_THREE / len(impostor)))
        plot.line(_thinned(fmr[:sure], fnmr[:sure]), style=style, dashes=DASHES[turn % 4])
        unsure = _thinned(fmr[max(sure - 1, 0) :], fnmr[max(sure - 1, 0) :])
        plot.line(unsure, style=f"{style};opacity:.6", dashes="1 4")
        rate = eer(target, impostor)
        plot.dot((rate, rate), style=f"fill:{colour(turn)}", says=f"{name}: EER {percent(rate)}")
    return plot.drawn()


def histogram(name: str, scored: Scored, *, turn: int, threshold: float | None) -> str:
    """How scores of the same person and of strangers lie, and where the product decides."""
    target, impostor = _sides(scored, scored.judged)
    low, high = (float(np.quantile(scored.judged, share)) for share in (0.0005, 0.9995))
    edges = np.linspace(low, high, 61)
    sides = [_density(impostor, edges), _density(target, edges)]
    highest = max(max(up for _, up in side) for side in sides)
    is_ratio = scored.ratios is not None
    plot = Plot(
        x=Axis(
            title="log-likelihood ratio" if is_ratio else "cosine",
            place=linear(low, high),
            ticks=_even(low, high),
        ),
        y=Axis(title="share of trials", place=linear(0, highest * 1.12), ticks=()),
        title=f"Scores of {name}",
        width=420,
        height=250,
        left=30,
    )
    plot.area(sides[0], style="fill:var(--stranger)")
    plot.area(sides[1], style=f"fill:{colour(turn)}")
    if threshold is not None:
        plot.line(
            [(threshold, 0), (threshold, highest * 1.1)], style="stroke:var(--ink)", dashes="4 3"
        )
        plot.text((threshold, highest * 1.05), "accepted", before=threshold > (low + high) / 2)
    return plot.drawn()


def dots(
    rows: Sequence[str], columns: Mapping[str, Sequence[tuple[float, Interval | None]]]
) -> str:
    """A figure in percent for every row and encoder, with its 95 % interval as a whisker.

    A figure that is not a number has no dot.
    """
    highest = max((max(v, i[1] if i else v) for c in columns.values() for v, i in c), default=0.1)
    highest = max(highest * 1.05, 0.02) if np.isfinite(highest) else 1.0
    count = max(len(columns), 1)
    height = 60 + len(rows) * (14 + 11 * count)
    plot = Plot(
        x=Axis(title="equal error rate", place=linear(0, highest), ticks=_shares(highest)),
        y=Axis(
            title="",
            place=linear(len(rows), 0),
            ticks=[(turn + 0.5, label) for turn, label in enumerate(rows)],
        ),
        title="Equal error rate of each part, with its interval of 95 % confidence",
        height=height,
        left=190,
    )
    for turn, (name, figures) in enumerate(columns.items()):
        for row, (value, interval) in enumerate(figures):
            if not np.isfinite(value):
                continue
            y = row + (turn + 1) / (count + 1)
            if interval:
                plot.line([(interval[0], y), (interval[1], y)], style=f"stroke:{colour(turn)}")
            says = f"{name}, {rows[row]}: {percent(value)}"
            plot.dot((value, y), style=f"fill:{colour(turn)}", says=says)
    return plot.drawn()


def _sides(scored: Scored, scores: Scores) -> tuple[Scores, Scores]:
    return scores[scored.is_target], scores[~scored.is_target]


def _thinned(fmr: Scores, fnmr: Scores) -> list[Point]:
    """As many points as the eye can tell apart, evenly along the scale."""
    if len(fmr) > _MOST_POINTS:
        along = np.log(np.maximum(fmr, 1e-6)) - np.log(np.maximum(fnmr, 1e-6))
        wanted = np.linspace(along[0], along[-1], _MOST_POINTS)
        keep = np.unique(np.clip(np.searchsorted(-along, -wanted), 0, len(fmr) - 1))
        fmr, fnmr = fmr[keep], fnmr[keep]
    return list(zip(fmr.tolist(), fnmr.tolist(), strict=True))


def _density(scores: Scores, edges: Scores) -> list[Point]:
    counts, _ = np.histogram(np.clip(scores, edges[0], edges[-1]), bins=edges)
    middles = (edges[:-1] + edges[1:]) / 2
    return list(zip(middles.tolist(), (counts / max(len(scores), 1)).tolist(), strict=True))


def _even(low: float, high: float) -> list[tuple[float, str]]:
    """About six round values between both ends."""
    step = _round_step((high - low) / 6)
    first = int(np.ceil(low / step))
    return [(turn * step, f"{turn * step:g}") for turn in range(first, int(high // step) + 1)]


def _shares(highest: float) -> list[tuple[float, str]]:
    step = _round_step(highest / 6)
    return [(turn * step, f"{100 * turn * step:g} %") for turn in range(int(highest // step) + 1)]


def _round_step(rough: float) -> float:
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= rough))
