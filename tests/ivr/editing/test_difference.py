"""A difference shows every changed line, and some around it."""

from hypothesis import given
from hypothesis import strategies as st

from ivr.editing.difference import DiffLine, Fate, difference

TEXTS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12).map("\n".join)


def test_equal_texts_have_none() -> None:
    assert difference("a\nb\n", "a\nb\n").lines == ()


def test_a_changed_line_is_shown_with_its_numbers() -> None:
    before = "".join(f"{number}\n" for number in range(1, 10))
    found = difference(before, before.replace("5", "five"))

    assert found.lines == (
        DiffLine(fate=Fate.LEFT_OUT),
        DiffLine(fate=Fate.STAYED, text="2", before=2, after=2),
        DiffLine(fate=Fate.STAYED, text="3", before=3, after=3),
        DiffLine(fate=Fate.STAYED, text="4", before=4, after=4),
        DiffLine(fate=Fate.REMOVED, text="5", before=5),
        DiffLine(fate=Fate.ADDED, text="five", after=5),
        DiffLine(fate=Fate.STAYED, text="6", before=6, after=6),
        DiffLine(fate=Fate.STAYED, text="7", before=7, after=7),
        DiffLine(fate=Fate.STAYED, text="8", before=8, after=8),
    )
    assert (found.added, found.removed) == (1, 1)


@given(TEXTS, TEXTS)
def test_the_new_text_can_be_made_of_the_old_one_by_it(before: str, after: str) -> None:
    found = difference(before, after)
    added = [line.text for line in found.lines if line.fate is Fate.ADDED]
    removed = [line.text for line in found.lines if line.fate is Fate.REMOVED]

    left = sorted(before.splitlines() + added)
    assert left == sorted(after.splitlines() + removed)
