"""Trial lists: nothing is compared with itself, and a list with a slip is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biometrics import TooFewTrials
from biometrics.errors import BadTrialList
from biometrics.evaluation.list_file import read_trials, write_trials
from biometrics.evaluation.lists import TrialList, all_pairs, enrolled_against_rest, sampled
from biometrics.labelled import Labelled


def recordings(persons: int, each: int, folder: Path = Path("/voices")) -> list[Labelled]:
    return [
        Labelled(person=f"{folder}/p{p}", file=folder / f"p{p}" / f"{n}.wav")
        for p in range(persons)
        for n in range(each)
    ]


def as_tuples(trials: TrialList) -> list[tuple[tuple[int, ...], int, bool]]:
    return [
        (trials.enrolments[enrolled], int(tested), bool(is_target))
        for enrolled, tested, is_target in zip(
            trials.enrolled, trials.tested, trials.is_target, strict=True
        )
    ]


def test_every_two_recordings_are_compared_once() -> None:
    trials = all_pairs(recordings(2, 2), most=100, seed=1)

    assert as_tuples(trials) == [
        ((0,), 1, True),
        ((0,), 2, False),
        ((0,), 3, False),
        ((1,), 2, False),
        ((1,), 3, False),
        ((2,), 3, True),
    ]


def test_of_too_many_pairs_all_genuine_ones_and_some_impostors_are_kept() -> None:
    first, again, other = (all_pairs(recordings(10, 4), most=200, seed=seed) for seed in (1, 1, 2))

    assert int(first.is_target.sum()) == 10 * 4 * 3 // 2
    assert len(first) <= 200
    assert len(set(as_tuples(first))) == len(first)
    assert all(
        (first.recordings[own[0]].person == first.recordings[tested].person) is is_target
        for own, tested, is_target in as_tuples(first)
    )
    assert as_tuples(first) == as_tuples(again)
    assert as_tuples(first) != as_tuples(other)


def test_what_is_enrolled_is_never_tested() -> None:
    trials = enrolled_against_rest(recordings(3, 5), each=3, seed=4)

    taken = {place for own in trials.enrolments for place in own}
    assert [len(own) for own in trials.enrolments] == [3, 3, 3]
    assert not taken & set(trials.tested.tolist())
    assert (int(trials.is_target.sum()), len(trials)) == (6, 18)


def test_nobody_with_recordings_to_spare_is_refused() -> None:
    with pytest.raises(TooFewTrials, match="more than 3 recordings"):
        enrolled_against_rest(recordings(3, 3), each=3, seed=4)


def test_a_sample_takes_several_recordings_of_a_person() -> None:
    trials = sampled(all_pairs(recordings(4, 6), most=1000, seed=1), most=10, seed=1)

    used = {own[0] for own in trials.enrolments} | set(trials.tested.tolist())
    assert sorted(sum(place // 6 == person for place in used) for person in range(4)) == [
        0,
        0,
        5,
        5,
    ]
    assert (int(trials.is_target.sum()), len(trials)) == (20, 45)


def test_a_sample_takes_more_of_everybody_where_people_run_out() -> None:
    trials = sampled(all_pairs(recordings(2, 8), most=1000, seed=1), most=13, seed=1)

    assert len({own[0] for own in trials.enrolments} | set(trials.tested.tolist())) == 13


@pytest.mark.parametrize("each", [1, 2])
def test_a_written_list_is_read_as_it_was(tmp_path: Path, each: int) -> None:
    folder = tmp_path / "voices"
    entries = recordings(3, 4, folder)
    made = (
        all_pairs(entries, most=100, seed=1)
        if each == 1
        else enrolled_against_rest(entries, each=each, seed=1)
    )
    write_trials(made, tmp_path / "lists.tsv")

    read = read_trials(tmp_path / "lists.tsv", folder)

    def named(trials: TrialList) -> list[tuple[tuple[Path, ...], Path, bool]]:
        return [
            (
                tuple(trials.recordings[place].file for place in own),
                trials.recordings[tested].file,
                is_target,
            )
            for own, tested, is_target in as_tuples(trials)
        ]

    assert named(read) == named(made)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The trial list is empty."),
        ("v/a/1.wav v/a/2.wav target\n", "line 1: must be recordings, a tab, a recording"),
        ("v/a/1.wav\tv/a/2.wav\tgenuine\n", "line 1: must be recordings"),
        ("\nv/a/1.wav\tv/b/2.wav\ttarget\n", "line 2: says target, but the folders say otherwise"),
        ("v/a/1.wav\tv/a/2.wav\timpostor\n", "line 1: says impostor, but"),
        ("v/a/1.wav,v/b/1.wav\tv/a/2.wav\ttarget\n", "an enrolment holds recordings of two"),
        ("v/a/1.wav\tv/a/1.wav\ttarget\n", "a recording is tested against itself"),
        ("../1.wav\tv/a/1.wav\ttarget\n", "a recording lies outside the folder"),
        ("v/a/../../../etc/x\tv/a/1.wav\ttarget\n", "a recording lies outside the folder"),
        ("v/1.wav\tv/a/1.wav\ttarget\n", "a recording lies in no person's folder"),
    ],
)
def test_a_list_with_a_slip_is_refused_by_its_line(
    tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "list.tsv").write_text(content, encoding="utf-8")

    with pytest.raises(BadTrialList, match=sentence):
        read_trials(tmp_path / "list.tsv", tmp_path / "v")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\t"])
def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "list.tsv").write_bytes(content)

    with pytest.raises(BadTrialList, match="missing or unreadable"):
        read_trials(tmp_path / "list.tsv", tmp_path)


@pytest.mark.parametrize("name", ["a,b.wav", "a\tb.wav", "a\nb.wav"])
def test_a_name_that_a_list_cannot_hold_is_refused(tmp_path: Path, name: str) -> None:
    entries = [*recordings(2, 1), Labelled(person="x", file=Path("/voices/x") / name)]

    with pytest.raises(BadTrialList, match="rename it"):
        write_trials(all_pairs(entries, most=10, seed=1), tmp_path / "list.tsv")


def test_a_list_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadTrialList, match="cannot be written"):
        write_trials(all_pairs(recordings(2, 1), most=9, seed=1), tmp_path / "absent" / "l.tsv")


def test_only_the_enrolments_that_are_needed_are_kept() -> None:
    trials = all_pairs(recordings(2, 2), most=100, seed=1)

    kept = trials.only(np.array([False, False, False, False, True, True]))

    assert as_tuples(kept) == [((1,), 3, False), ((2,), 3, True)]
    assert len(kept.enrolments) == 2


def test_a_folder_of_links_is_a_folder_of_recordings(
    tmp_path: Path, folder_of_voices: Callable[..., Path]
) -> None:
    real = folder_of_voices(2, 2)
    linked = tmp_path / "linked"
    for person in real.iterdir():
        (linked / person.name).mkdir(parents=True)
        for file in person.iterdir():
            (linked / person.name / file.name).symlink_to(file)
    (tmp_path / "list.tsv").write_text(
        "linked/p00/00.wav\tlinked/p01/00.wav\timpostor\n", encoding="utf-8"
    )

    assert len(read_trials(tmp_path / "list.tsv", linked)) == 1
