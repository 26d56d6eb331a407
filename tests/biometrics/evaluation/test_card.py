"""Figures get into the model card without being typed."""

import json
from pathlib import Path

import pytest

from biometrics.encoders.known import own_encoders
from biometrics.evaluation.card import with_figures

OWN = [folder for folder in own_encoders().values() if (folder / "evaluation.json").exists()]
PART = {
    "kind": "codec",
    "label": "gsm",
    "speakers": 10,
    "target_trials": 30,
    "impostor_trials": 270,
    "eer": 0.1,
    "fnmr_at_fmr_1e2": 0.25,
    "min_dcf": 0.5,
    "act_dcf": 0.625,
    "target_accepted": 0.5,
    "target_rejected": 0.0333,
    "impostor_accepted": 0.01,
    "impostor_rejected": 0.9,
}
UNJUDGED = dict.fromkeys(
    ("min_dcf", "act_dcf", "target_accepted", "target_rejected"), None
) | dict.fromkeys(("impostor_accepted", "impostor_rejected", "eer", "fnmr_at_fmr_1e2"), None)
SETS = {
    "readers": {
        "first_3_s_all_pairs": {
            "eer": 0.0873,
            "fnmr_at_fmr_1e2": 0.353,
            "fnmr_at_fmr_1e3": 0.62,
            "min_dcf": 0.6864,
            "act_dcf": 0.9156,
            "cllr": 0.3696,
            "min_cllr": 0.291,
            "target_trials": 450,
            "impostor_trials": 4500,
            "failures": 2,
            "speakers": 10,
            "intervals": {"eer": [0.041, 0.127]},
            "parts": [PART, PART | UNJUDGED | {"kind": "sex", "label": "women and girls"}],
        },
    }
}
CARD = """# A card

<!-- figures: written by python -m biometrics.evaluation.report -->
old figures
<!-- end of figures -->
The end.
"""


def test_a_card_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        with_figures("# A card\n", SETS)


def test_figures_replace_the_old_ones() -> None:
    card = with_figures(CARD, SETS)

    assert (
        "| readers | 8.7 (4.1 to 12.7) | 35.3 | 62.0 | 0.686 | 0.916 | 0.370 | 0.291 "
        "| 10 | 450 | 4500 | 2 |" in card
    )
    assert (
        "| readers | gsm | 10.0 | 25.0 | 0.500 | 0.625 | 10 | 30 | 50.0 | 3.3 | 270 | 1.0 | 90.0 |"
        in card
    )
    assert "old figures" not in card
    assert card.startswith("# A card\n")
    assert card.endswith("\nThe end.\n")
    assert with_figures(card, SETS) == card


def test_a_part_with_too_few_trials_has_no_row() -> None:
    assert "women and girls" not in with_figures(CARD, SETS)


def test_an_encoder_without_calibration_has_rows_without_costs() -> None:
    (found,) = (one["first_3_s_all_pairs"] for one in SETS.values())
    bare = found | {"act_dcf": None, "cllr": None, "parts": [PART | UNJUDGED | {"eer": 0.1}]}

    card = with_figures(CARD, {"readers": {"first_3_s_all_pairs": bare}})

    assert "| readers | gsm | 10.0 | - | - | - | 10 | 30 | - | - | 270 | - | - |" in card


@pytest.mark.parametrize("own", OWN, ids=lambda folder: folder.name)
def test_the_card_of_our_encoder_shows_what_was_measured(own: Path) -> None:
    figures = json.loads((own / "evaluation.json").read_text(encoding="utf-8"))
    card = (own / "MODEL_CARD.md").read_text(encoding="utf-8")

    assert with_figures(card, figures["sets"]) == card
