"""The four packs on sentences that they have never seen."""

from pathlib import Path

import pytest

from ivr.call import Language
from ivr.evaluate.intents import IntentFigures, read_sentences
from ivr.evaluate.intents import judge as figures_of
from ivr.understand.classifier import train_on_pack
from ivr.understand.e5_encoder import E5Encoder
from ivr.understand.intents import IntentClassifier
from ivr.understand.pack import BUSINESSES, read_pack

SENTENCES = Path(__file__).parent / "sentences"
CACHE = Path(__file__).parents[3] / ".rufwerk" / "cache"
"""Kept between runs: the first one encodes every pack's sentences, for a minute."""
