"""Rows as bytes: voices as float32 of shape (rows, dimension), everything else as JSON."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np

from biometrics import Flaw, Poor, Span, Take, Vector
from ivr.bulk.row import Heard, Row


def packed(rows: Sequence[Row]) -> bytes:
    """As numpy's .npz: `voices`, and `rows` in UTF-8; a row without a voice has none in either."""
    voices = [voice for row in rows if (voice := _voice(row)) is not None]
    told = json.dumps([_told(row) for row in rows]).encode()
    file = BytesIO()
    stacked = np.stack(voices) if voices else np.empty((0, 0), dtype=np.float32)
    np.savez(file, voices=stacked, rows=np.frombuffer(told, dtype=np.uint8))
    return file.getvalue()


def unpacked(data: bytes) -> tuple[Row, ...]:
    """What was packed."""
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        voices = iter(arrays["voices"])
        told = json.loads(arrays["rows"].tobytes())
    return tuple(_row(one, next(voices) if one.get("has_voice") else None) for one in told)


def _voice(row: Row) -> Vector | None:
    return None if row.heard is None else row.heard.take.voice


def _told(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = {"subject": row.subject, "file": row.file, "code": row.code}
    if row.heard is None:
        return told
    take = row.heard.take
    return told | {
        "digest": row.heard.digest,
        "audio_ms": row.heard.audio_ms,
        "spans": [(span.start_ms, span.end_ms) for span in row.heard.spans],
        "sound_digest": take.digest,
        "net_ms": take.net_ms,
        "is_narrowed": take.is_narrowed,
        "poor": [(poor.code, poor.reason, poor.is_meaningless) for poor in take.poor],
        "has_voice": take.voice is not None,
    }


def _row(told: Mapping[str, Any], voice: Vector | None) -> Row:
    heard = _heard(told, voice) if "digest" in told else None
    return Row(subject=told["subject"], file=told["file"], code=told["code"], heard=heard)


def _heard(told: Mapping[str, Any], voice: Vector | None) -> Heard:
    poor = tuple(
        Poor(code=Flaw(code), reason=reason, is_meaningless=is_meaningless)
        for code, reason, is_meaningless in told["poor"]
    )
    return Heard(
        digest=told["digest"],
        audio_ms=told["audio_ms"],
        spans=tuple(Span(start_ms=start, end_ms=end) for start, end in told["spans"]),
        take=Take(
            digest=told["sound_digest"],
            net_ms=told["net_ms"],
            poor=poor,
            is_narrowed=told["is_narrowed"],
            voice=voice,
        ),
    )
