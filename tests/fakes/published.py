"""Folders in the formats of published encoders, with weights of our own making from fixed seeds."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from biometrics.encoders.campplus_network import CamPlusPlus
from biometrics.encoders.ecapa_torch import ECAPA_TDNN


def spkrec_folder(folder: Path) -> Path:
    """As speechbrain/spkrec-ecapa-voxceleb is laid out: 1024 channels."""
    network = _seeded(
        lambda: ECAPA_TDNN(
            80,
            channels=[1024, 1024, 1024, 1024, 3072],
            kernel_sizes=[5, 3, 3, 3, 1],
            dilations=[1, 2, 3, 4, 1],
            attention_channels=128,
            lin_neurons=192,
        )
    )
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), folder / "embedding_model.ckpt")
    # A reader that believes the upstream description would end the process.
    (folder / "hyperparams.yaml").write_text("danger: !!python/object/apply:os.abort []\n")
    return folder


def campplus_folder(folder: Path) -> Path:
    """As 3D-Speaker publishes CAM++."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(_seeded(CamPlusPlus).state_dict(), folder / "campplus_cn_en_common.pt")
    return folder


def resemblyzer_folder(folder: Path) -> Path:
    """As Resemblyzer's wheel holds it: in the old form of torch.save, beside its loss."""
    parts = OrderedDict(lstm=nn.LSTM(40, 256, 3, batch_first=True), linear=nn.Linear(256, 256))
    network = _seeded(lambda: nn.Sequential(parts))
    kept = {
        "step": 1,
        "model_state": {
            "similarity_weight": torch.ones(1),
            "similarity_bias": torch.zeros(1),
            **network.state_dict(),
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(kept, folder / "pretrained.pt", _use_new_zipfile_serialization=False)
    return folder


def _seeded(build: Callable[[], nn.Module]) -> nn.Module:
    """With normalisation that is no identity, as after training."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = build()
        for name, values in network.state_dict().items():
            if name.endswith(("running_mean", "running_var")):
                values.uniform_(0.5, 1.5)
    return network
