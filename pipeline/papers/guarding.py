"""Recognition as the rest of the program asks for it: in a guarded child, whose libraries are not loaded here."""

from pathlib import Path
from typing import Final

from pipeline.files import refusals
from pipeline.model import Recognition
from pipeline.papers.pages import DEFAULT_RESOLUTION, ScanResolution
from pipeline.tools.guard import Guard, GuardRefused

#: What a guard must allow for `recognise`.
GUARDED: Final = ("pipeline.papers.recognition:recognise_pdf",)


def recognise(guard: Guard, path: Path, resolution: ScanResolution = DEFAULT_RESOLUTION) -> Recognition:
    """Recognise a PDF file in a guarded child; a file that breaks its reader is a finding, too.

    `guard` must allow GUARDED. `path` is a copy of ours: nobody may change it meanwhile.
    """
    try:
        return guard.call(GUARDED[0], str(path), resolution, returns=Recognition, about=path.name)
    except GuardRefused as refused:
        return Recognition(findings=(refusals.stopped(is_heavy=refused.is_heavy),))
