"""Threads by the number of processor cores."""

from dataclasses import replace

import pytest

from ivr.settings import ServiceSettings, UnderstandSettings, VerifySettings, plan, read_settings


@pytest.mark.parametrize(
    ("cores", "turns", "recognitions", "meaning", "processes"),
    [
        (0, 2, 1, 1, 1),
        (1, 2, 1, 1, 1),
        (2, 2, 2, 2, 1),
        (3, 3, 3, 2, 1),
        (4, 4, 4, 2, 1),
        (8, 8, 8, 2, 1),
        (16, 16, 16, 2, 1),
        (32, 16, 16, 2, 2),
        (48, 16, 16, 2, 3),
        (64, 16, 16, 2, 4),
    ],
)
def test_the_plan(cores: int, turns: int, recognitions: int, meaning: int, processes: int) -> None:
    found = plan.plan_for(cores)

    assert (found.turn_workers, found.recognitions) == (turns, recognitions)
    assert (found.sentence_threads, found.processes) == (meaning, processes)


@pytest.mark.parametrize("cores", range(1, 65))
def test_one_recognition_and_one_voice_have_a_thread_each_as_measured(cores: int) -> None:
    found = plan.plan_for(cores)

    assert (found.recognition_threads, found.encoder_threads) == (1, 1)


def test_settings_follow_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "usable_cores", lambda: 4)

    assert ServiceSettings().workers == 4
    assert UnderstandSettings().at_once == 4
    assert UnderstandSettings().threads == VerifySettings().threads == 1
    assert read_settings().service.workers == 4


def test_a_graphics_card_hears_more_at_the_same_time_before_vosk_answers() -> None:
    processor, card = UnderstandSettings(at_once=2), UnderstandSettings(at_once=2, device="cuda")

    assert (processor.lanes, processor.most_in_hand) == (2, 8)
    assert (card.lanes, card.most_in_hand) == (16, 32)
    assert replace(card, most_waiting=3).most_in_hand == 3
    assert (replace(processor, in_one_go=4).lanes, replace(card, in_one_go=1).lanes) == (4, 2)


def test_what_an_operator_sets_counts_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "usable_cores", lambda: 4)
    monkeypatch.setenv("IVR_SERVICE__WORKERS", "3")
    monkeypatch.setenv("IVR_UNDERSTAND__AT_ONCE", "1")
    monkeypatch.setenv("IVR_VERIFY__THREADS", "2")

    settings = read_settings()

    assert (settings.service.workers, settings.understand.at_once) == (3, 1)
    assert (settings.verify.threads, settings.understand.threads) == (2, 1)
