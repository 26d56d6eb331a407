"""What calls have taught about a voice as sealed bytes, and back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from biometrics.enrolment.learned import Collected, Collecting, Following, Learned, ProvenBy
from biometrics.vault.cipher import Tampered
from biometrics.vault.record import VALUE_BYTES, axes_of, vector_from, written
from biometrics.vault.vault import Opened
from biometrics.voiceprint import EncoderId, Vector, Voiceprint

_KIND = "learned from calls"
_END = b"\n"
_DAMAGED = (
    "What was learned about a voice is damaged; `ivr voiceprint revert` brings the enrolment back."
)


def seal_learned(learned: Learned, opened: Opened) -> bytes | None:
    """Everything but the print itself, its vectors on axes of the subject's newest key.

    None where there is nothing but the print.
    """
    if learned.is_empty:
        return None
    following, collecting = learned.following, learned.collecting
    vectors = [] if following.later is None else [following.later]
    vectors += [call.vector for call in collecting.calls] if collecting else []
    head = {
        "of": _of(following.original),
        "dimensions": [len(vector) for vector in vectors],
        "following": None if following.later is None else _followed(following),
        "collecting": None if collecting is None else _collected(collecting),
    }
    axes = axes_of(opened.keys[0])
    numbers = b"".join(written(vector, axes) for vector in vectors)
    return opened.seal(_KIND, json.dumps(head).encode() + _END + numbers)


def unseal_learned(sealed: bytes | None, original: Voiceprint, opened: Opened) -> Learned:
    """What was learned since `original` was enrolled.

    Raises:
        Tampered: the record was changed, cut, or is another subject's.
    """
    nothing = Learned(following=Following(original=original))
    if sealed is None:
        return nothing
    try:
        plain, key = opened.unseal(_KIND, sealed)
        text, _, numbers = plain.partition(_END)
        head = json.loads(text)
        if head["of"] != _of(original):
            return nothing
        vectors = _vectors(numbers, head["dimensions"], axes_of(key))
        following, collecting = head["following"], head["collecting"]
        return Learned(
            following=nothing.following
            if following is None
            else _following(following, original, next(vectors)),
            collecting=None
            if collecting is None
            else _collecting(collecting, original, tuple(vectors)),
        )
    except (Tampered, ValueError, KeyError, TypeError, StopIteration) as err:
        raise Tampered(_DAMAGED) from err


def _of(original: Voiceprint) -> list[str]:
    """Which print it is about: an older program that replaces a print leaves this record behind."""
    moment = original.enrolled_at.astimezone(UTC).isoformat()
    return [original.encoder, original.weights_sha256, moment]


def _vectors(numbers: bytes, dimensions: Sequence[int], axes: bytes) -> Iterator[Vector]:
    start = 0
    for dimension in dimensions:
        end = start + dimension * VALUE_BYTES
        yield vector_from(numbers[start:end], axes)
        start = end


def _followed(following: Following) -> Mapping[str, Any]:
    return {
        "net_ms": following.later_net_ms,
        "calls": following.calls,
        "share": following.share,
    }


def _following(head: Mapping[str, Any], original: Voiceprint, later: Vector) -> Following:
    if later.shape != original.vector.shape:
        raise ValueError("The vectors are of different lengths.")
    return Following(
        original=original,
        later=later,
        later_net_ms=head["net_ms"],
        calls=head["calls"],
        share=head["share"],
    )


def _collected(collecting: Collecting) -> Mapping[str, Any]:
    return {
        "encoder": collecting.encoder,
        "weights_sha256": collecting.weights_sha256,
        "calls": [
            {
                "net_ms": call.net_ms,
                "at": call.at.astimezone(UTC).isoformat(),
                "proven_by": call.proven_by.value,
            }
            for call in collecting.calls
        ],
    }


def _collecting(
    head: Mapping[str, Any], original: Voiceprint, vectors: Sequence[Vector]
) -> Collecting:
    return Collecting(
        subject=original.subject,
        expired=original.encoder,
        encoder=EncoderId(head["encoder"]),
        weights_sha256=head["weights_sha256"],
        calls=tuple(
            Collected(
                vector=vector,
                net_ms=call["net_ms"],
                at=datetime.fromisoformat(call["at"]),
                proven_by=ProvenBy(call["proven_by"]),
            )
            for call, vector in zip(head["calls"], vectors, strict=True)
        ),
    )
