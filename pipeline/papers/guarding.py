"""Recognition and comparison as the rest of the program asks for them: in a guarded child with its libraries."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.files import refusals
from pipeline.model import Recognition
from pipeline.papers.pages import DEFAULT_RESOLUTION, ScanResolution
from pipeline.papers.seen import Comparison
from pipeline.tools.guard import Guard, GuardRefused

#: What a guard must allow for `recognise` and `compare`.
GUARDED: Final = ("pipeline.papers.recognition:recognise_pdf", "pipeline.papers.comparison:compare_pdf")


def recognise(guard: Guard, path: Path, resolution: ScanResolution = DEFAULT_RESOLUTION) -> Recognition:
    """Recognise a PDF file in a guarded child; a file that breaks its reader is a finding, too.

    `guard` must allow GUARDED. `path` is a copy of ours: nobody may change it meanwhile.
    """
    try:
        return guard.call(GUARDED[0], str(path), resolution, returns=Recognition, about=path.name)
    except GuardRefused as refused:
        return Recognition(findings=(refusals.stopped(is_heavy=refused.is_heavy),))


def compare(guard: Guard, paper: Path, issued: Path, names: Sequence[str], blank: Sequence[int]) -> Comparison | None:
    """Compare a paper with the PDF that was issued, in a guarded child; None where the paper breaks its reader.

    `names` are those under the signatures, `blank` the blank sheets of the paper (from 1).
    """
    asked = (str(paper), str(issued), tuple(names), tuple(blank))
    try:
        return guard.call(GUARDED[1], *asked, returns=Comparison, about=paper.name)
    except GuardRefused:
        return None
