"""Which recordings are learned from, and which never."""

from pathlib import Path

from biometrics.training.corpus import (
    labels,
    read_manifest,
    shares,
    speakers_for_evaluation,
)

MANIFEST = """path,set,speaker,ms,source
train/words/a/0.opus,words,a,3000,x
train/words/b/0.opus,words,b,3000,x
train/words/eve/0.opus,words,eve,3000,x
train/librispeech/19/0.opus,librispeech,19,3000,x
train/libritts/367/0.opus,libritts_excerpts,367,3000,x
train/libritts/20/0.opus,libritts_excerpts,20,3000,x
train/crowd/0.opus,crowd,nobody,3000,x
train/crowd/1.opus,crowd,nobody,3000,x
eval/librispeech/367/0.opus,librispeech_test-other,367,3000,x
eval/words/eve/0.opus,words,eve,3000,x
eval/other/a/0.opus,other,a,3000,x
"""


def manifest(folder: Path) -> Path:
    file = folder / "manifest.csv"
    file.write_text(MANIFEST, encoding="utf-8")
    return file


def test_nobody_who_is_evaluated_is_learned_from(tmp_path: Path) -> None:
    """Not under another set's name of the same readers either."""
    file = manifest(tmp_path)

    found = read_manifest(file, kept_out=speakers_for_evaluation(file))

    names = {(one.set, one.path.parent.name) for one in found}
    assert ("words", "eve") not in names
    assert ("libritts_excerpts", "367") not in names
    assert not any("eval" in one.path.parts[-4:-1] for one in found)


def test_the_same_name_in_another_set_is_another_person(tmp_path: Path) -> None:
    file = manifest(tmp_path)

    found = read_manifest(file, kept_out=speakers_for_evaluation(file))

    assert [one.speaker for one in found if one.set == "words"] == ["a", "b"]


def test_a_crowd_without_names_has_no_labels(tmp_path: Path) -> None:
    file = manifest(tmp_path)
    found = read_manifest(file, kept_out=speakers_for_evaluation(file))

    numbers = labels(found)

    crowd = [number for number, one in zip(numbers, found, strict=True) if one.set == "crowd"]
    assert crowd == [-1, -1]
    assert sorted({number for number in numbers if number >= 0}) == list(
        range(len({(o.set, o.speaker) for o in found if o.speaker is not None}))
    )


def test_many_people_weigh_more_than_many_recordings(tmp_path: Path) -> None:
    rows = ["path,set,speaker,ms,source"]
    rows += [f"train/few/{n % 2}/{n}.opus,few,p{n % 2},3000,x" for n in range(64)]
    rows += [f"train/many/{n}/0.opus,many,p{n},3000,x" for n in range(64)]
    file = tmp_path / "manifest.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = read_manifest(file, kept_out=frozenset())

    weights = shares(found)

    assert sum(weights[64:]) > 2 * sum(weights[:64])
