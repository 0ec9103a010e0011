"""How a cell of a workbook looks: the views of the register and of the year are made of a few looks, told once each.

Given as one named style per look: openpyxl compares font, border and fill of every cell with all others
of the workbook, and a board took twice as long to write.
"""

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.styles import NamedStyle
    from openpyxl.workbook.workbook import Workbook

#: What official documents are set in (HD36 I.4, NĐ30 Phụ lục I), and so what is printed beside them.
FONT: Final = "Times New Roman"


@dataclass(frozen=True)
class CellLook:
    """Size in points, colours as RRGGBB ("" for none), alignment as a spreadsheet names it ("" for its own)."""

    size: int = 12
    is_bold: bool = False
    is_struck: bool = False
    fill: str = ""
    box: str = ""  # the colour of a thin line on all four sides
    horizontal: str = ""
    vertical: str = ""
    is_wrapped: bool = False


class CellLooks:
    """The looks of one workbook."""

    def __init__(self, workbook: "Workbook") -> None:
        """Begin with none."""
        self._workbook = workbook
        self._given: dict[CellLook, Cell | MergedCell] = {}

    def give(self, cell: "Cell | MergedCell", look: CellLook) -> None:
        """Let the cell look so."""
        first = self._given.get(look)
        if first is not None:
            # what `cell.style = …` comes to, without looking all names and numbers of the style up again
            cell._style = copy.copy(first._style)  # type: ignore[union-attr]  # not in openpyxl's stubs
            return
        name = f"vanthu {len(self._given) + 1}"
        self._workbook.add_named_style(_style(name, look))
        cell.style = name
        self._given[look] = cell


def _style(name: str, look: CellLook) -> "NamedStyle":
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    side = Side(style="thin", color=look.box) if look.box else Side()
    return NamedStyle(
        name,
        font=Font(name=FONT, size=look.size, bold=look.is_bold, strike=look.is_struck),
        fill=PatternFill("solid", fgColor=look.fill) if look.fill else PatternFill(),
        border=Border(left=side, right=side, top=side, bottom=side),
        alignment=Alignment(
            horizontal=look.horizontal or None, vertical=look.vertical or None, wrap_text=look.is_wrapped
        ),
    )
