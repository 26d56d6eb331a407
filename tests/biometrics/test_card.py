"""Figures get into the model card without being typed."""

import json

import pytest

from biometrics.calibrate import OWN
from biometrics.card import with_figures

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
        },
        "enrolled": [
            {
                "net_ms": 1500,
                "persons": 10,
                "target_trials": 30,
                "impostor_trials": 270,
                "target_accepted": 0.5,
                "target_rejected": 0.0333,
                "impostor_accepted": 0.01,
                "impostor_rejected": 0.9,
            }
        ],
    }
}
CARD = """# A card

<!-- figures: written by python -m biometrics.report -->
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
        "| readers | 8.7 | 35.3 | 62.0 | 0.686 | 0.916 | 0.370 | 0.291 | 450 | 4500 | 2 |" in card
    )
    assert "| readers | 1.5 | 10 | 30 | 50.0 | 3.3 | 270 | 1.0 | 90.0 |" in card
    assert "old figures" not in card
    assert card.startswith("# A card\n")
    assert card.endswith("\nThe end.\n")
    assert with_figures(card, SETS) == card


def test_the_card_of_our_encoder_shows_what_was_measured() -> None:
    figures = json.loads((OWN / "evaluation.json").read_text(encoding="utf-8"))
    card = (OWN / "MODEL_CARD.md").read_text(encoding="utf-8")

    assert with_figures(card, figures["sets"]) == card
