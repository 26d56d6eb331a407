"""The CAM++ encoder that 3D-Speaker publishes, for operators who pull it.

Trained on Chinese and English telephone, room and studio speech at 16 kHz.
"""

from pathlib import Path

from biometrics.encoders.encoder_files import damaged, existing, pull
from biometrics.encoders.network_encoder import Hear, NetworkEncoder, NetworkEngine
from biometrics.encoders.trained_weights import UNFIT, Weights, read_checkpoint
from biometrics.voiceprint import EncoderId

CAMPPLUS = EncoderId("campplus")
CAMPPLUS_FILE = "campplus_cn_en_common.pt"


def load_campplus(
    folder: Path, *, engine: NetworkEngine = NetworkEngine.OPENVINO, threads: int = 1
) -> NetworkEncoder:
    """The encoder in `folder`, from its campplus_cn_en_common.pt.

    Telephone speech is resampled up to 16 kHz for it, and it needs a calibration of its own.
    `threads` is how many processor threads one call may use; with torch, in this whole process.

    Raises:
        EncoderUnusable: the file is missing or damaged.
    """
    file = existing(folder / CAMPPLUS_FILE, pull(CAMPPLUS))
    try:
        trained = read_checkpoint(file)
        hear = _on_torch if engine is NetworkEngine.TORCH else _on_openvino
        return NetworkEncoder(
            id=CAMPPLUS,
            dimension=192,
            rate_hz=16_000,
            weights_sha256=trained.sha256,
            hear=hear(trained.weights, threads),
        )
    except UNFIT as err:
        raise damaged(file, pull(CAMPPLUS)) from err


def _on_torch(weights: Weights, threads: int) -> Hear:
    # Torch takes seconds to import and is only needed here.
    from biometrics.encoders.campplus_torch import campplus_on_torch  # noqa: PLC0415

    return campplus_on_torch(weights, threads=threads)


def _on_openvino(weights: Weights, threads: int) -> Hear:
    # OpenVINO is only needed here.
    from biometrics.encoders.campplus_graph import campplus_network  # noqa: PLC0415
    from biometrics.encoders.kaldi_bands import kaldi_bands  # noqa: PLC0415

    network = campplus_network(weights, threads=threads)
    return lambda samples: network(kaldi_bands(samples))
