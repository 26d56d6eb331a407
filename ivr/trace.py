"""Where something broke, without the message: that may repeat what a caller said."""

import traceback


def trace(err: Exception) -> dict[str, str]:
    """Fields for a log line."""
    frames = traceback.extract_tb(err.__traceback__)
    return {
        "code": getattr(err, "code", "unexpected"),
        "kind": type(err).__name__,
        "where": f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "",
    }
