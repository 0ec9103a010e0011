"""The one table of what a picture file may hold, whoever opens it: papers are limited by page, not by file.

It stands in a file of its own because it is what one looks for when a file was refused.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Limits:
    """Each figure is more than a sheet of A4 at 600 dpi, or a photo of the best telephones, needs."""

    pages: int = 400  #: as of a PDF
    pixels: int = 60_000_000  #: of a page; A4 at 600 dpi has 35 million
    page_bytes: int = 60_000_000  #: A4 at 300 dpi in colour without any compression has 26 million


LIMITS: Final = Limits()
