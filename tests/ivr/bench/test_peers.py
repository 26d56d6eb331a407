"""Rows of peers: word errors and ratios, or why there is nothing."""

from ivr.bench.peers import _voice_row, _word_row
from ivr.call import Language
from ivr.evaluate.peers.actor import Absent, Performance
from ivr.evaluate.peers.work import Acted
from ivr.studio import Recording

SPOKEN = [
    Recording(file=f"{n}.wav", speaker="klaus", language="de", words=words, sha256="")
    for n, words in enumerate(("Ja, das ist richtig.", "Umbuchen."))
]


def performance(*acted: tuple[float, str], title: str = "ours") -> Performance:
    return Performance(
        title=title,
        startup_s=1.5,
        peak_mb=300.0,
        acted=tuple(Acted(ms=ms, cpu_ms=ms / 2, text=text) for ms, text in acted),
    )


OURS = performance((100, "ja das ist richtig"), (200, "umbuchen"))


def test_words_are_counted_against_what_was_said_round_after_round() -> None:
    other = performance(
        *((300, "ja das ist"), (300, "umbuchen")),
        *((300, "ja das ist richtig"), (300, "und buchen")),
        title="another",
    )

    row = _word_row(other, OURS, Language.GERMAN, SPOKEN)

    assert row[:3] == ("another", "fixtures, de", "30.0 %")
    assert row[3:] == ("300", "300", "2.00", "150", "1.5", "300")


def test_who_is_absent_is_said_in_a_row_as_long() -> None:
    absent = Absent(title="PocketSphinx", reason="pocketsphinx is not installed")

    assert len(_word_row(absent, OURS, Language.ENGLISH, SPOKEN)) == 9
    assert len(_voice_row(absent, OURS)) == len(_voice_row(OURS, OURS)) == 6
    assert _voice_row(absent, OURS)[1] == "pocketsphinx is not installed"


def test_without_the_one_to_compare_with_there_is_no_ratio() -> None:
    absent = Absent(title="ours", reason="not installed")

    assert _voice_row(OURS, absent)[2] == ""
    assert _voice_row(OURS, OURS)[2] == "1.00"
