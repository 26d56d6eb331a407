"""The report as one page of HTML: pictures and figures inside, nothing fetched from anywhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

from biometrics.evaluation.breakdown import Part
from biometrics.evaluation.measure import VoiceFigures, is_measurable
from biometrics.evaluation.pictures import colour, det, dots, histogram
from biometrics.evaluation.run import Evaluation, Found
from biometrics.evaluation.style import STYLE
from biometrics.evaluation.svg import percent
from biometrics.evaluation.words import MEANINGS, caveats, in_short

_RATES = (
    ("EER", "eer"),
    ("FNMR at FMR 1 %", "fnmr_at_fmr_1e2"),
    ("FNMR at FMR 0.1 %", "fnmr_at_fmr_1e3"),
    ("FNMR at FMR 0.01 %", "fnmr_at_fmr_1e4"),
)
_COSTS = (
    ("minDCF (prior 0.01)", "min_dcf"),
    ("actDCF (prior 0.01)", "act_dcf"),
    ("min C<sub>primary</sub> (NIST SRE 2016/18)", "min_c_primary"),
    ("act C<sub>primary</sub>", "act_c_primary"),
    ("Cllr, bits", "cllr"),
    ("min Cllr, bits", "min_cllr"),
)
_FMR_OF = {"fnmr_at_fmr_1e2": 1e-2, "fnmr_at_fmr_1e3": 1e-3, "fnmr_at_fmr_1e4": 1e-4}
_KINDS = {
    "sex": "By sex (strangers of the same sex)",
    "age": "By age (strangers of the same age group)",
    "codec": "By codec",
    "noise": "By noise (enrolled without, heard with it)",
    "speech, enrolled from three": "By length of speech, enrolled from three recordings",
    "speech, enrolled from one": "By length of speech, enrolled from one recording",
}


def page(
    evaluation: Evaluation,
    *,
    thresholds: Mapping[str, float],
    absent: Mapping[str, str],
    now: datetime,
) -> str:
    """The whole page.

    `thresholds` are likelihood ratios by encoder; `absent` says how an encoder can be had.
    """
    name = escape(evaluation.name)
    found = evaluation.by_encoder
    sections = (
        ("In short", _in_short(found, thresholds)),
        ("What was tested", _tested(evaluation, now)),
        ("Figures", _figures(found) + _absent(absent)),
        ("Both errors at every threshold", _legend(found) + _det(found)),
        ("How the scores lie", _histograms(found, thresholds)),
        *((_KINDS.get(kind, kind), drawn) for kind, drawn in _parts(found)),
        ("What the numbers mean", MEANINGS),
        ("What they do not show", _list(caveats(evaluation))),
    )
    body = "".join(f"<section><h2>{title}</h2>{inside}</section>" for title, inside in sections)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Voices: {name}</title><style>{STYLE}</style></head>"
        f"<body><header><h1>How well voices are told apart</h1><p>{name}</p></header>"
        f"<main>{body}</main></body></html>\n"
    )


def _in_short(found: Mapping[str, Found], thresholds: Mapping[str, float]) -> str:
    said = (in_short(name, one, thresholds.get(name)) for name, one in found.items())
    return "".join(f'<p class="short">{escape(sentence)}</p>' for sentence in said)


def _tested(evaluation: Evaluation, now: datetime) -> str:
    plan = evaluation.plan
    one = next(iter(evaluation.by_encoder.values())).figures
    part = "all of it" if plan.longest_ms is None else f"first {plan.longest_ms / 1000:g} s of each"
    how = "several recordings each" if evaluation.is_enrolled_from_several else "one recording each"
    rows = [
        ["people", f"{evaluation.speakers:,}"],
        ["recordings", f"{evaluation.recordings:,}, {part}"],
        ["enrolled from", how],
        ["line", "8 kHz, no codec" if plan.codec == "none" else f"8 kHz, {plan.codec}"],
        ["genuine trials", f"{one.target_trials:,}"],
        ["impostor trials", f"{one.impostor_trials:,}"],
        ["measured", f"{now:%Y-%m-%d %H:%M}"],
    ]
    if plan.breaks_down:
        fewer = f"at most {plan.most_tests} recordings, five of a person"
        rows.append(["codecs and noise", fewer])
    return _table([], [[escape(name), escape(value)] for name, value in rows])


def _figures(found: Mapping[str, Found]) -> str:
    columns = [one.figures for one in found.values()]
    rows = [[label, *(_rate(f, key) for f in columns)] for label, key in _RATES]
    rows += [[label, *(_cost(f, key) for f in columns)] for label, key in _COSTS]
    rows += [
        ["failures to enrol", *(f"{f.failure_to_enrol} of {f.enrolments}" for f in columns)],
        ["failures to acquire", *(f"{f.failure_to_acquire} of {f.tests}" for f in columns)],
    ]
    rows += [
        [f"FAR / FRR at FMR {percent(fmr)}", *(_transaction(f, fmr) for f in columns)]
        for fmr in (1e-2, 1e-3)
    ]
    heads = [f"{escape(n)}{'' if f.is_calibrated else _UNCALIBRATED}" for n, f in found.items()]
    return _table(["", *heads], rows)


_UNCALIBRATED = "<br><small>not calibrated: cosines only</small>"
_NOTHING = '<span class="nothing">&ndash;</span>'


def _rate(figures: VoiceFigures, key: str) -> str:
    value = getattr(figures, key)
    fmr = _FMR_OF.get(key)
    if value is None or (fmr and not is_measurable(fmr, figures.impostor_trials)):
        return '<span class="nothing">too few trials</span>'
    return f"{percent(value)}{_spread(figures, key, percent)}"


def _cost(figures: VoiceFigures, key: str) -> str:
    value = getattr(figures, key)
    return _NOTHING if value is None else f"{value:.3f}{_spread(figures, key, _three)}"


def _three(value: float) -> str:
    return f"{value:.2f}"


def _spread(figures: VoiceFigures, key: str, write: Callable[[float], str]) -> str:
    interval = figures.intervals.get(key)
    if interval is None:
        return ""
    low, high = (write(bound).removesuffix(" %") for bound in interval)
    return f" <small>{low} to {high}</small>"


def _transaction(figures: VoiceFigures, fmr: float) -> str:
    one = next(entry for entry in figures.with_failures if entry.fmr == fmr)
    return f"{percent(one.far, 2)} / {percent(one.frr)}"


def _absent(absent: Mapping[str, str]) -> str:
    if not absent:
        return ""
    said = [f"<b>{escape(name)}</b> took no part: {escape(why)}" for name, why in absent.items()]
    return f'<div class="note"><p>{"</p><p>".join(said)}</p></div>'


def _legend(found: Mapping[str, Found]) -> str:
    entries = (
        f'<span><i style="background:{colour(turn)}"></i>{escape(name)}</span>'
        for turn, name in enumerate(found)
    )
    return f'<p class="legend">{"".join(entries)}</p>'


def _det(found: Mapping[str, Found]) -> str:
    picture = det({name: one.scored for name, one in found.items()})
    return (
        f"<figure>{picture}<figcaption>Nearer to the lower left corner is better. The dot is the "
        "equal error rate. Dotted where there are too few trials to speak of such a "
        "rate.</figcaption></figure>"
    )


def _histograms(found: Mapping[str, Found], thresholds: Mapping[str, float]) -> str:
    figures = (
        f"<figure><h3>{escape(name)}</h3>"
        f"{histogram(name, one.scored, turn=turn, threshold=thresholds.get(name))}"
        "</figure>"
        for turn, (name, one) in enumerate(found.items())
    )
    return (
        '<p class="legend"><span><i style="background:var(--stranger)"></i>strangers</span>'
        "<span>in colour: the same person</span></p>"
        f'<div class="pair">{"".join(figures)}</div>'
    )


def _parts(found: Mapping[str, Found]) -> Iterator[tuple[str, str]]:
    """For each kind of part a picture over all encoders, and a table for each."""
    kinds = dict.fromkeys(part.kind for one in found.values() for part in one.parts)
    for kind in kinds:
        own = {n: [p for p in one.parts if p.kind == kind] for n, one in found.items()}
        labels = list(dict.fromkeys(part.label for parts in own.values() for part in parts))
        columns = {
            name: [_dot({part.label: part for part in parts}.get(label)) for label in labels]
            for name, parts in own.items()
        }
        tables = "".join(_part_table(name, parts) for name, parts in own.items())
        yield (
            kind,
            (
                f"{_legend(found)}<figure>{dots(labels, columns)}</figure>"
                f"<details><summary>All figures</summary>{tables}</details>"
            ),
        )


def _dot(part: Part | None) -> tuple[float, tuple[float, float] | None]:
    if part is None or part.eer is None:
        return float("nan"), None
    return part.eer, part.intervals.get("eer")


def _part_table(name: str, parts: Sequence[Part]) -> str:
    head = ["", "EER", "FNMR at FMR 1 %", "callers accepted", "callers rejected"]
    head += ["strangers accepted", "minDCF", "actDCF", "people", "genuine", "impostor", "failed"]
    rows = [
        [
            escape(part.label),
            *(_share(share) for share in (part.eer, part.fnmr_at_fmr_1e2)),
            *(_share(share) for share in (part.target_accepted, part.target_rejected)),
            _share(part.impostor_accepted),
            *(_NOTHING if c is None else f"{c:.3f}" for c in (part.min_dcf, part.act_dcf)),
            *(f"{n:,}" for n in (part.speakers, part.target_trials, part.impostor_trials)),
            _NOTHING if part.tests is None else f"{part.failure_to_acquire} of {part.tests}",
        ]
        for part in parts
    ]
    return f"<h3>{escape(name)}</h3>{_table(head, rows)}"


def _share(share: float | None) -> str:
    return _NOTHING if share is None else percent(share)


def _list(said: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in said)}</ul>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells are HTML already; the first of a row is its name."""
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{c}</td>" for c in row[1:])}</tr>'
        for row in rows
    )
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>'
