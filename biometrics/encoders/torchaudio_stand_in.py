"""Lets SpeechBrain be imported where torchaudio's compiled part cannot be loaded.

torchaudio's wheel is linked against CUDA, so beside a CPU build of torch its import fails while it
loads its own library. Nothing here needs that library: SpeechBrain's features and ECAPA network
only pass through torchaudio's Python part when they are imported. `torchaudio._extension` is the
one module that loads the library, and it tells the rest of torchaudio by two names whether it
did; a stand-in that says no makes everything else importable.

Nothing changes where torchaudio can be imported as it is. The imports raise no warnings with the
versions in constraints.txt, so none are silenced.
"""

import sys
from collections.abc import Callable
from types import ModuleType

_EXTENSION = "torchaudio._extension"


def make_torchaudio_importable() -> None:
    """Import torchaudio, with the stand-in where that is the only way.

    Raises:
        ImportError: torchaudio is not installed, or fails for another reason.
    """
    if "torchaudio" in sys.modules:
        return
    try:
        import torchaudio  # noqa: PLC0415 - trying the import is the test
    except (OSError, ImportError) as err:
        if isinstance(err, ModuleNotFoundError) and err.name == "torchaudio":
            raise
        _forget_half_imported()
        sys.modules[_EXTENSION] = _stand_in()
        import torchaudio  # noqa: F401, PLC0415 - the second try, with the stand-in


def _forget_half_imported() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "torchaudio"]:
        del sys.modules[name]


def _stand_in() -> ModuleType:
    module = ModuleType(_EXTENSION, "Says that torchaudio's compiled part is absent.")
    vars(module).update(_IS_TORCHAUDIO_EXT_AVAILABLE=False, fail_if_no_align=_refuse)
    return module


def _refuse(function: Callable[..., object]) -> Callable[..., object]:
    """What torchaudio puts around functions that need its compiled part."""

    def refused(*_: object, **__: object) -> object:
        raise RuntimeError(f"{function.__name__} needs torchaudio's compiled part.")

    return refused
