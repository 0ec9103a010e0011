"""What the rest of the program asks of papers that are foreign bytes: all of it in a guarded child."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.model import Finding, Recognition
from pipeline.papers.pages import DEFAULT_RESOLUTION, ScanResolution
from pipeline.papers.seen import Comparison
from pipeline.tools.guard import Guard, GuardRefused

_RECOGNISE: Final = "pipeline.papers.recognition:recognise_pdf"
_COMPARE: Final = "pipeline.papers.comparison:compare_pdf"
_WRAP: Final = "pipeline.papers.wrapping:wrap"

#: What a guard must allow for the functions here.
GUARDED: Final = (_RECOGNISE, _COMPARE, _WRAP)


def wrapped(guard: Guard, path: Path) -> bytes | Finding:
    """Make a PDF of a picture file in a guarded child, without changing a point of it; a finding where none can be.

    `guard` must allow GUARDED. `path` is a copy of ours: nobody may change it meanwhile.
    """
    try:
        return guard.call(_WRAP, str(path), returns=bytes, about=path.name)
    except Unfit as unfit:
        return unfit.finding
    except GuardRefused as refused:
        return refusals.stopped(is_heavy=refused.is_heavy)


def recognise(guard: Guard, path: Path, resolution: ScanResolution = DEFAULT_RESOLUTION) -> Recognition:
    """Recognise a PDF file in a guarded child; a file that breaks its reader is a finding, too.

    `guard` must allow GUARDED. `path` is a copy of ours: nobody may change it meanwhile.
    """
    try:
        return guard.call(_RECOGNISE, str(path), resolution, returns=Recognition, about=path.name)
    except GuardRefused as refused:
        return Recognition(findings=(refusals.stopped(is_heavy=refused.is_heavy),))


def compare(
    guard: Guard,
    paper: Path,
    issued: Path,
    names: Sequence[str],
    blank: Sequence[int],
    marked: Sequence[tuple[int, int]] = (),
) -> Comparison | None:
    """Compare a paper with the PDF that was issued, in a guarded child; None where the paper breaks its reader.

    `names` are those under the signatures, `blank` the blank sheets of the paper (from 1), `marked` its sheets with
    the page that the mark on each names.
    """
    asked = (str(paper), str(issued), tuple(names), tuple(blank), tuple(marked))
    try:
        return guard.call(_COMPARE, *asked, returns=Comparison, about=paper.name)
    except GuardRefused:
        return None
