"""Outside programs that tests drive; files saved by a real LibreOffice, as units' old programs save them."""

import functools
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from pipeline.tools.tesseract import Tesseract

PROGRAM = shutil.which("soffice")
#: LibreOffice's spreadsheet module is a package of its own.
HAS_CALC = PROGRAM is not None and (Path(PROGRAM).resolve().parent / "libscfiltlo.so").exists()

Test = TypeVar("Test", bound=Callable[..., None])
needs_calc = pytest.mark.skipif(not HAS_CALC, reason="LibreOffice has no spreadsheet module (libreoffice-calc-nogui)")
needs_tesseract = pytest.mark.skipif(
    not Tesseract(Path()).available(), reason="tesseract with Vietnamese (tesseract-ocr-vie) is not installed"
)


def needs_office(test: Test) -> Test:
    """Mark a test that drives a real LibreOffice; it is skipped where there is none."""
    absent = pytest.mark.skipif(PROGRAM is None, reason="LibreOffice (soffice) is not installed")
    marked: Test = pytest.mark.office(absent(test))
    return marked


@functools.lru_cache(maxsize=64)
def saved_as(content: bytes, extension: str, new: str) -> bytes:
    """A file saved in another format by LibreOffice: `saved_as(docx, "docx", "doc")`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / f"form.{extension}"
        source.write_bytes(content)
        profile = f"-env:UserInstallation={(Path(name) / 'profile').as_uri()}"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            new,
            "--outdir",
            str(folder / "saved"),
            str(source),
        ]
        subprocess.run(command, check=True, timeout=120, capture_output=True)
        return (folder / "saved" / f"form.{new}").read_bytes()
