"""What the student is told about each batch."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it


def likeness(student: Tensor, teacher: Tensor) -> Tensor:
    """1 - cosine of each voice, shape (batch, values) both, and its target; the mean."""
    return (1 - F.cosine_similarity(student, teacher, dim=1)).mean()


def relations(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean squared difference of the two tables of cosines, without their diagonals.

    Similarity-preserving distillation: Tung and Mori, ICCV 2019, arXiv 1907.09682.
    """
    own, others = (F.normalize(voices, dim=1) for voices in (student, teacher))
    difference = own @ own.T - others @ others.T
    size = len(student)
    return (difference.square().sum() - difference.diagonal().square().sum()) / (size * size - size)


class Margin(nn.Module):
    """Additive angular margin over speakers: Deng, Guo, Xue, Zafeiriou, "ArcFace", CVPR 2019.

    The classes begin as the teacher's mean voices, so that they agree with the distillation.
    """

    def __init__(self, classes: Tensor, *, margin: float, scale: float) -> None:
        """`classes`: shape (speakers, values)."""
        super().__init__()
        self.classes = nn.Parameter(classes.clone())
        self._cos, self._sin = math.cos(margin), math.sin(margin)
        self._scale = scale

    def forward(self, student: Tensor, labels: Tensor) -> Tensor:
        """Cross entropy over the labelled part of a batch; labels of -1 are left out."""
        is_labelled = labels >= 0
        if not bool(is_labelled.any()):
            return student.sum() * 0
        voices, labels = F.normalize(student[is_labelled], dim=1), labels[is_labelled]
        cosines = (voices @ F.normalize(self.classes, dim=1).T).clamp(-0.9999, 0.9999)
        own = cosines.gather(1, labels[:, None])
        pushed = own * self._cos - (1 - own.square()).sqrt() * self._sin
        logits = cosines.scatter(1, labels[:, None], pushed) * self._scale
        return F.cross_entropy(logits, labels)


def hints(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean squared difference of frames, in units of the teacher's variance.

    `student` shape (batch, frames, hints), `teacher` shape (batch, moments, hints): the teacher's
    are brought to the student's moments. Frame-level distillation: Liu, Wang et al.,
    "Self-knowledge distillation via feature enhancement for speaker verification", ICASSP 2022.
    """
    stretched = F.interpolate(
        teacher.transpose(1, 2), size=student.shape[1], mode="linear", align_corners=False
    ).transpose(1, 2)
    return (student - stretched).square().mean() / stretched.var().clamp(1e-6)


def mixed(losses: dict[str, Tensor], weights: dict[str, float]) -> Tensor:
    """The weighted sum."""
    return torch.stack([losses[name] * weight for name, weight in weights.items()]).sum()
