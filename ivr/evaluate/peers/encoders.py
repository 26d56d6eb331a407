"""Voice encoders that compete. All on one processor core, each in a process of its own."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from biometrics import Encoder, Waveform
from ivr.call import Language
from ivr.evaluate.peers.work import Load, Work


def _working(encoder: Encoder) -> Work:
    def work(sound: Waveform, language: Language) -> str:  # noqa: ARG001 - a voice has no language
        encoder.encode(sound)
        return ""

    return work


def _loaded(engine: str, folder: Path) -> Work:
    from biometrics.encoders.known import load_encoder  # noqa: PLC0415 - what it loads is measured
    from biometrics.encoders.network_encoder import NetworkEngine  # noqa: PLC0415 - as above

    _stay_on_one_core()
    return _working(load_encoder(folder, engine=NetworkEngine(engine)))


def _usual(folder: Path) -> Work:  # noqa: ARG001 - time does not depend on weights: it has none
    from biometrics.encoders.ecapa_torch import unlearned_ecapa  # noqa: PLC0415 - as above

    _stay_on_one_core()
    return _working(unlearned_ecapa(channels=1_024))


def _stay_on_one_core() -> None:
    # Before an engine begins its threads. Where the system cannot do it, they use one each anyway.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


ENCODERS: Mapping[str, Load] = {
    "ours": partial(_loaded, "openvino"),
    "usual": _usual,
    "resemblyzer": partial(_loaded, "torch"),
    "campplus": partial(_loaded, "openvino"),
}
"""Ours as calls use it, SpeechBrain's ECAPA of 1024 channels with weights that know nobody,
Resemblyzer's weights on torch as its authors run it, and CAM++."""
