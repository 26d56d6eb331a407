"""What the student is told."""

import torch

from biometrics.training import losses


def test_a_student_that_says_what_the_teacher_says_has_nothing_to_learn() -> None:
    voices = torch.randn(6, 12)

    assert losses.likeness(voices, 3 * voices).item() < 1e-6
    assert losses.relations(voices, 3 * voices).item() < 1e-10


def test_relations_do_not_mind_a_turned_space() -> None:
    """Only what is alike counts, not where it lies."""
    torch.manual_seed(1)
    voices = torch.randn(6, 12)
    turn, _ = torch.linalg.qr(torch.randn(12, 12))

    assert losses.relations(voices @ turn, voices).item() < 1e-8
    assert losses.likeness(voices @ turn, voices).item() > 0.5


def test_the_margin_asks_for_more_than_being_nearest() -> None:
    classes = torch.eye(4)
    labels = torch.tensor([0, 1])
    plain = losses.Margin(classes, margin=0.0, scale=10.0)
    strict = losses.Margin(classes, margin=0.3, scale=10.0)
    voices = torch.tensor([[1.0, 0.2, 0, 0], [0.1, 1.0, 0, 0]])

    assert strict(voices, labels) > plain(voices, labels)


def test_voices_that_nobody_labelled_do_not_move_the_classes() -> None:
    margin = losses.Margin(torch.eye(4), margin=0.2, scale=10.0)

    margin(torch.randn(3, 4, requires_grad=True), torch.tensor([-1, -1, -1])).backward()

    assert margin.classes.grad is None


def test_hints_are_compared_moment_by_moment() -> None:
    teacher = torch.randn(2, 50, 8)
    stretched = torch.nn.functional.interpolate(
        teacher.transpose(1, 2), size=83, mode="linear"
    ).transpose(1, 2)

    assert losses.hints(stretched, teacher).item() < 1e-10
    assert losses.hints(stretched.flip(1), teacher).item() > 0.5
