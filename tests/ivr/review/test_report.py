"""Before and after."""

from ivr.call import Language
from ivr.review.report import Judged, Shares, Trial, compared


def judged(text: str, found: str, label: str = "block_card") -> Judged:
    return Judged(text=text, language=Language.GERMAN, label=label, found=found)


BEFORE = Trial(
    own=(judged("a", "block_card"), judged("b", "block_card"), judged("c", "tell_iban")),
    labelled=(judged("x", "out_of_scope"), judged("y", "two readings")),
)


def test_what_breaks_counts_as_loss() -> None:
    after = Trial(
        own=(judged("a", "block_card"), judged("b", "tell_iban"), judged("c", "tell_iban")),
        labelled=BEFORE.labelled,
    )

    report = compared(BEFORE, after)

    assert report.own == Shares(before=2 / 3, after=1 / 3)
    assert report.loss == 1 / 3
    assert report.broken == (judged("b", "tell_iban"),)
    assert report.still_wrong == BEFORE.labelled
    assert report.mended == ()


def test_only_sentences_that_were_there_before_are_compared() -> None:
    after = Trial(own=(*BEFORE.own, judged("new", "tell_iban")), labelled=BEFORE.labelled)

    assert compared(BEFORE, after).own == Shares(before=2 / 3, after=2 / 3)


def test_held_out_sentences_decide_where_there_are_some() -> None:
    seen = (judged("h", "tell_iban"),)
    after = Trial(
        own=(judged("a", "tell_iban"), judged("b", "tell_iban"), judged("c", "tell_iban")),
        labelled=(judged("x", "block_card"), judged("y", "two readings")),
        held_out=(judged("h", "block_card"),),
    )

    report = compared(Trial(own=BEFORE.own, labelled=BEFORE.labelled, held_out=seen), after)

    assert report.loss == -1.0
    assert report.mended == (judged("x", "block_card"),)
    assert report.labelled == Shares(before=0.0, after=0.5)


def test_where_nothing_was_judged_nothing_is_claimed() -> None:
    report = compared(Trial(own=(), labelled=()), Trial(own=(), labelled=()))

    assert (report.own, report.held_out, report.labelled, report.loss) == (None, None, None, 0.0)
