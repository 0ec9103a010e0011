"""The one table of what a Word or Excel file may hold, whoever opens it.

It stands in a file of its own because it is what one looks for when a file was refused. Measured on the hostile
families (tests/hostile) in a guarded child of 1 GiB and 20 s of processor time: at each limit the verdict takes less
than 5 s.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Limits:
    """Each figure is many times what the largest real form or document needs."""

    parts: int = 2000  #: a form has 15, a report with a hundred pictures 250
    bytes: int = 96 << 20  #: of all parts, inflated
    xml_bytes: int = 24 << 20  #: of one XML part, inflated; lxml's tree takes about ten times as much
    ratio: int = 200  #: inflated to packed, for parts above a megabyte; a page of spaces reaches about 100
    elements: int = 700_000  #: of all XML parts together: expat looks at some 500,000 in a second
    depth: int = 200  #: of elements; libxml2 itself ends at 256, tables within tables of a real form reach 40
    rows: int = 20_000  #: a cell below is far outside any form, and openpyxl would make every row up to it
    columns: int = 400
    area: int = 20_000  #: cells in all merged areas, links and array formulas together: each is made by openpyxl


LIMITS: Final = Limits()
