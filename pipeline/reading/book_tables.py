"""The tables of a workbook, Word file or CSV file as they stand, for an old register that is imported.

Runs in a guarded child, behind the same door as every form.
"""

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import Final

from pipeline.files.refusals import Unfit
from pipeline.messages import say
from pipeline.model import Severity, Table, TableCell, TableRow, Tables
from pipeline.reading.contents import raw_form
from pipeline.reading.fonts import STRUCK_OUT
from pipeline.reading.gate import look_at
from pipeline.reading.look import Mark
from pipeline.reading.raw import Cell, Grid, Line
from pipeline.vietnamese import clean_lines

_FORMATS: Final = frozenset({"xlsx", "docx", "csv"})
#: More than any column of a register holds; what lies behind is not sent on.
_MOST_LETTERS: Final = 20_000


def tables(path_hex: str, name: str) -> Tables:
    """Look at a file, called `name`, as the secrecy gate does, and read every table of it.

    One reading for both: a book of ten thousand rows takes seconds each time. A file that is refused has only
    findings. `path_hex` are the bytes of its path, two hexadecimal digits each.
    """
    content = Path(os.fsdecode(bytes.fromhex(path_hex))).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        raw = raw_form(content, name)
    except Unfit as unfit:
        if look_at(content, name).mark is Mark.MARKED:
            return Tables(is_marked=True)
        return Tables(findings=(unfit.finding,), sha256=sha256)
    seen = look_at(content, name, raw.lines)
    if seen.mark is Mark.MARKED:
        return Tables(is_marked=True)
    unseen = seen.why if seen.mark is Mark.UNSEEN else ""
    findings = (*raw.findings, *raw.seen_unread)
    if raw.format not in _FORMATS or unseen:
        return Tables(findings=findings, sha256=sha256, unseen=unseen)
    found: list[Table] = []
    above: list[str] = []
    for block in raw.blocks:
        if isinstance(block, Line):
            above.append(block.cell.text)
        elif block.rows:
            found.append(_table(block, len(found) + 1, tuple(above)))
            above = []
    return Tables(tuple(found), findings, sha256)


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
        # a line through a row means that its number was given up: told, and not passed over
        struck = [one.message for one in cell.findings if one.code == STRUCK_OUT]
        text = " ".join(str(value) for said in struck for name, value in said.params if name == "text")
        return TableCell(text, is_covered=not cell.anchor, is_struck=bool(text))
    text = "\n".join(clean_lines(cell.text[:_MOST_LETTERS]))
    return TableCell(text, isinstance(cell.value, dt.date), not cell.anchor, trouble=blocking)
