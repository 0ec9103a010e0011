"""Text into a cell of a workbook: status, register and blank forms all write theirs here, so that none forgets."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

# ECMA-376, 22.9.2.19 (ST_Xstring): Excel reads "_x0041_" as "A"; written so, the underscore is one.
_LIKE_AN_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


#: Codes in the header of a printed sheet: where it goes on, fonts, numbers of pages, the day (ECMA-376, 18.3.1.46).
HEADER_CODE: Final = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]+|[A-Za-z])')


def put_text(cell: "Cell | MergedCell", text: str) -> None:
    """Write `text` so that Excel shows it as it is; openpyxl alone would make a formula of what begins with "="."""
    cell.value = _LIKE_AN_ESCAPE.sub("_x005F_", text)
    cell.data_type = "s"
