"""The student is SpeechBrain's network, whatever order it works in."""

import torch

from biometrics.training.student import Student

SMALL = {
    "input_size": 16,
    "channels": [32, 32, 32, 32, 96],
    "kernel_sizes": [5, 3, 3, 3, 1],
    "dilations": [1, 2, 3, 4, 1],
    "attention_channels": 16,
    "lin_neurons": 24,
}


def test_both_orders_of_work_give_the_same_voices() -> None:
    torch.manual_seed(3)
    student = Student(SMALL, hints=8).eval()
    mels = torch.randn(4, 90, 16)

    with torch.no_grad():
        voices, hints = student(mels)
        expected = student.ecapa(mels)[:, 0]

    assert torch.allclose(expected, voices, atol=1e-4)
    assert hints.shape == (4, 90, 8)


def test_both_orders_of_work_learn_the_same() -> None:
    torch.manual_seed(3)
    student = Student(SMALL, hints=8).train()
    mels = torch.randn(6, 80, 16)
    wanted = torch.randn(6, 24)

    ((student(mels)[0] - wanted) ** 2).mean().backward()
    ours = student.ecapa.mfa.conv.conv.weight.grad.clone()
    student.zero_grad()
    ((student.ecapa(mels)[:, 0] - wanted) ** 2).mean().backward()

    assert torch.allclose(student.ecapa.mfa.conv.conv.weight.grad, ours, atol=1e-5)
