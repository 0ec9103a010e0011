"""The tables of a workbook, Word file or CSV file as they stand, for an old register that is imported.

Runs in a guarded child, behind the same door as every form.
"""

import datetime as dt
from pathlib import Path
from typing import Final

from pipeline.files.refusals import Unfit
from pipeline.messages import say
from pipeline.model import Severity, Table, TableCell, TableRow, Tables
from pipeline.reading.contents import raw_form
from pipeline.reading.raw import Cell, Grid, Line
from pipeline.vietnamese import clean_lines

_FORMATS: Final = frozenset({"xlsx", "docx", "csv"})
#: More than any column of a register holds; what lies behind is not sent on.
_MOST_LETTERS: Final = 20_000


def tables(path: str, name: str) -> Tables:
    """Read every table of the file at `path`, called `name`; a file that is refused has only findings."""
    try:
        raw = raw_form(Path(path).read_bytes(), name)
    except Unfit as unfit:
        return Tables(findings=(unfit.finding,))
    findings = (*raw.findings, *raw.seen_unread)
    if raw.format not in _FORMATS:
        return Tables(findings=findings)
    found: list[Table] = []
    above: list[str] = []
    for block in raw.blocks:
        if isinstance(block, Line):
            above.append(block.cell.text)
        elif block.rows:
            found.append(_table(block, len(found) + 1, tuple(above)))
            above = []
    return Tables(tuple(found), findings)


def _table(grid: Grid, at: int, above: tuple[str, ...]) -> Table:
    rows = (
        # the line of a CSV file, the row of a sheet, else counted: a text of several lines moves those below it
        TableRow(row[0].place.line or number, tuple(map(_cell, row)))
        for number, row in enumerate(grid.rows, start=1)
    )
    return Table(grid.sheet, at, tuple(rows), above)


def _cell(cell: Cell) -> TableCell:
    blocking = next((one.message for one in cell.findings if one.severity is Severity.BLOCK), None)
    if cell.is_unseen:
        blocking = say("What stands here cannot be seen on paper: a hidden row or column, or white letters.")
    if cell.is_blank and blocking is None:
        return TableCell()
    text = "\n".join(clean_lines(cell.text[:_MOST_LETTERS]))
    return TableCell(text, isinstance(cell.value, dt.date), not cell.anchor, blocking)
