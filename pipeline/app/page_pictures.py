"""The pages of a PDF as pictures to look at; drawn in a guarded child, for the bytes may be anybody's.

The drawing itself (`pipeline.pdf.preview`) is named here and imported by the child alone: it loads two PDF libraries.
"""

from pathlib import Path
from typing import Final

from pipeline.tools.guard import Guard, GuardRefused

_COUNT: Final = "pipeline.pdf.preview:page_count"
_PICTURE: Final = "pipeline.pdf.preview:page_picture"
#: What a guard must be started with to draw.
FUNCTIONS: Final = (_COUNT, _PICTURE)


def page_count(guard: Guard, path: Path) -> int:
    """Count the pages of the file at `path`; 0 for what is no PDF, or ends whoever opens it."""
    try:
        return guard.call(_COUNT, str(path), returns=int, about=path.name)
    except GuardRefused:
        return 0


def page_picture(guard: Guard, path: Path, page: int) -> bytes:
    """Draw a page (from 1) as a PNG; b"" where there is none, or what is no PDF, or ends whoever opens it."""
    try:
        return guard.call(_PICTURE, str(path), page, returns=bytes, about=path.name)
    except GuardRefused:
        return b""
