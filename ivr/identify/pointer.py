"""JSON pointers (RFC 6901): where something stands in a document."""

import re

_POINTER = re.compile(r"(/([^~/]|~[01])*)*")
_INDEX = re.compile(r"0|[1-9][0-9]*")


def is_pointer(text: str) -> bool:
    return _POINTER.fullmatch(text) is not None


def at(document: object, pointer: str) -> object:
    """What stands there; None where nothing does. The empty pointer is the whole document."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        match document:
            case dict() if name in document:
                document = document[name]
            case list() if _INDEX.fullmatch(name) and int(name) < len(document):
                document = document[int(name)]
            case _:
                return None
    return document
