"""Why one source did not deliver; the next one is tried."""


class SourceFailed(Exception):  # noqa: N818 - an error is named after what happened
    """Half a sentence that follows the source's name, such as `could not be reached`."""
