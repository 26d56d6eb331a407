"""torchaudio is made importable, and left alone where it is."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def run(program: str) -> str:
    """In a process of its own, since an import happens once; warnings are errors there."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own program
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_torchaudio_and_speechbrain_can_be_imported_without_a_word() -> None:
    program = """
import biometrics.encoders.ecapa_torch, torchaudio
print(torchaudio.__name__)
"""
    assert run(program) == "torchaudio\n"


def test_what_needs_the_compiled_part_says_so() -> None:
    program = """
from biometrics.encoders.torchaudio_stand_in import _stand_in
def align(): ...
try:
    _stand_in().fail_if_no_align(align)()
except RuntimeError as err:
    print(err)
"""
    assert run(program) == "align needs torchaudio's compiled part.\n"


def test_a_torchaudio_that_works_is_left_alone() -> None:
    program = """
import sys, types
real = sys.modules["torchaudio"] = types.ModuleType("torchaudio")
from biometrics.encoders.torchaudio_stand_in import make_torchaudio_importable
make_torchaudio_importable()
print(sys.modules["torchaudio"] is real, "torchaudio._extension" in sys.modules)
"""
    assert run(program) == "True False\n"


def test_a_torchaudio_that_is_not_installed_stays_an_import_error() -> None:
    program = """
import sys
from biometrics.encoders.torchaudio_stand_in import make_torchaudio_importable
sys.modules["torchaudio._extension"] = None
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name == "torchaudio":
            raise ModuleNotFoundError("No module named 'torchaudio'", name="torchaudio")
sys.meta_path.insert(0, Absent())
try:
    make_torchaudio_importable()
except ModuleNotFoundError as err:
    print(err.name)
"""
    assert run(program) == "torchaudio\n"


def test_the_face_of_biometrics_stays_light() -> None:
    program = """
import sys, biometrics
heavy = {"torch", "speechbrain", "openvino", "onnxruntime", "sqlalchemy", "sklearn", "scipy"}
print(sorted(heavy & set(sys.modules)))
"""
    assert run(program) == "[]\n"
