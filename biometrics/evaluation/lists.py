"""Trial lists: who is enrolled from which recordings, and what is held against them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from biometrics.errors import TooFewTrials
from biometrics.labelled import Labelled

Places = NDArray[np.int64]

_OF_A_PERSON = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrialList:
    """Who is compared with whom; arrays of shape (trials,)."""

    recordings: tuple[Labelled, ...]
    enrolments: tuple[tuple[int, ...], ...]
    """Places of recordings, all of one person."""

    enrolled: Places
    """Places of enrolments."""

    tested: Places
    """Places of recordings."""

    is_target: NDArray[np.bool_]
    """Whether it is one person."""

    def __len__(self) -> int:
        return len(self.is_target)

    def only(self, chosen: NDArray[np.bool_]) -> "TrialList":
        """The chosen trials, and the enrolments that they need."""
        needed, enrolled = np.unique(self.enrolled[chosen], return_inverse=True)
        return TrialList(
            recordings=self.recordings,
            enrolments=tuple(self.enrolments[place] for place in needed),
            enrolled=enrolled,
            tested=self.tested[chosen],
            is_target=self.is_target[chosen],
        )


def all_pairs(recordings: Sequence[Labelled], *, most: int, seed: int) -> TrialList:
    """Every two recordings; of more than `most` trials, impostors are drawn by `seed`."""
    persons = _persons(recordings)
    if len(recordings) * (len(recordings) - 1) // 2 <= most:
        first, second = np.triu_indices(len(recordings), k=1)
    else:
        first, second = _drawn_pairs(persons, most, seed)
    return TrialList(
        recordings=tuple(recordings),
        enrolments=tuple((place,) for place in range(len(recordings))),
        enrolled=first,
        tested=second,
        is_target=persons[first] == persons[second],
    )


def enrolled_against_rest(recordings: Sequence[Labelled], *, each: int, seed: int) -> TrialList:
    """Everybody enrolled from `each` recordings, against every recording that nobody enrolled.

    Who has no more than `each` recordings is only tested.

    Raises:
        TooFewTrials: nobody has more than `each` recordings.
    """
    rng = np.random.default_rng(seed)
    own = [rng.permutation(places).tolist() for places in _places_by_person(recordings)]
    enrolments = tuple(tuple(sorted(places[:each])) for places in own if len(places) > each)
    if not enrolments:
        raise TooFewTrials(f"Nobody has more than {each} recordings, so nobody can be tested.")
    taken = {place for enrolment in enrolments for place in enrolment}
    tests = np.array([place for place in range(len(recordings)) if place not in taken])
    persons = _persons(recordings)
    enrolled, tested = np.repeat(np.arange(len(enrolments)), len(tests)), tests
    tested = np.tile(tests, len(enrolments))
    owners = persons[[enrolment[0] for enrolment in enrolments]]
    return TrialList(
        recordings=tuple(recordings),
        enrolments=enrolments,
        enrolled=enrolled,
        tested=tested,
        is_target=owners[enrolled] == persons[tested],
    )


def sampled(trials: TrialList, *, most: int, seed: int) -> TrialList:
    """The trials that test at most `most` recordings, five of a person where there are so many.

    Enrolments of a single recording are kept where that recording is among them. With fewer
    recordings of more people there would be hardly a genuine trial.
    """
    tests = np.unique(trials.tested)
    if len(tests) <= most:
        return trials
    rng = np.random.default_rng(seed)
    groups = list(_places_by_person([trials.recordings[place] for place in tests]))
    turns = [
        (turn // _OF_A_PERSON, rank, turn, int(tests[place]))
        for rank, person in enumerate(rng.permutation(len(groups)))
        for turn, place in enumerate(rng.permutation(groups[person]))
    ]
    is_kept = np.zeros(len(trials.recordings), dtype=np.bool_)
    is_kept[[place for *_, place in sorted(turns)[:most]]] = True
    usable = np.array([len(own) > 1 or bool(is_kept[own[0]]) for own in trials.enrolments])
    return trials.only(usable[trials.enrolled] & is_kept[trials.tested])


def _persons(recordings: Sequence[Labelled]) -> Places:
    """A number for each recording's person, shape (recordings,)."""
    return np.unique([entry.person for entry in recordings], return_inverse=True)[1]


def _places_by_person(recordings: Sequence[Labelled]) -> Iterator[list[int]]:
    places = sorted(range(len(recordings)), key=lambda place: recordings[place].person)
    for _, own in groupby(places, key=lambda place: recordings[place].person):
        yield list(own)


def _drawn_pairs(persons: Places, most: int, seed: int) -> tuple[Places, Places]:
    """All pairs of one person, and impostors drawn until `most` is reached."""
    rng = np.random.default_rng(seed)
    same = [
        own[np.stack(np.triu_indices(len(own), k=1))]
        for own in (np.flatnonzero(persons == person) for person in np.unique(persons))
    ]
    target = np.concatenate(same, axis=1)
    drawn = np.sort(rng.integers(len(persons), size=(2, most)), axis=0)
    drawn = np.unique(drawn[:, persons[drawn[0]] != persons[drawn[1]]], axis=1)
    impostor = drawn[:, : max(most - target.shape[1], 0)]
    first, second = np.concatenate([target, impostor], axis=1)
    return first, second
