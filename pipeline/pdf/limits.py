"""The one table of what a PDF may hold, whoever opens it; what a stream may inflate to is limited by pypdf (75 MB).

It stands in a file of its own because it is what one looks for when a file was refused.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Limits:
    """Each figure is many times what the largest real form or signed paper needs."""

    pages: int = 400  #: a year's thickest file has some dozens; counted by walking, never by /Count
    objects: int = 300_000  #: walked in about 3 s; a fillable form of ours has 2,000, a scan of 100 pages 600
    longest_side_pt: int = 14_400  #: 200 inches, the largest page Acrobat makes; pdfium ends for want of memory above
    tables: int = 1000  #: revisions (/Prev): a paper signed by all units has two dozen


LIMITS: Final = Limits()
