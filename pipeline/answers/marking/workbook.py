"""Excel: coloured and commented cells, and a sheet before all others that lists everything.

The package is changed directly, not through openpyxl, which drops pictures and newer drop-downs when it saves. The
colour is a conditional format (docs/decisions/0009-marked-copies.md): the cells themselves, their styles, locks and
validations are not touched, and the colours can be told from the unit's own and taken away again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

from pipeline.answers.marking.cell_colours import colour
from pipeline.answers.marking.cell_comments import comment
from pipeline.answers.marking.marks import Mark, Unmarkable, by_target
from pipeline.answers.marking.office_package import RELATIONS, OfficePackage, S
from pipeline.answers.marking.results_sheet import put_results
from pipeline.ooxml import Package
from pipeline.ooxml.own_marks import RESULTS_SHEET

_CELL: Final = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")


@dataclass(frozen=True)
class Target:
    """Where a mark is put: a cell of a sheet and the area it covers; without a cell, the sheet as a whole."""

    sheet: str = ""
    cell: str = ""
    area: str = ""


def mark_xlsx(original: Package, marks: Sequence[Mark]) -> bytes:
    """A copy of a workbook with the faults marked. Raises Unmarkable."""
    package = OfficePackage(original.all_parts(), {})
    book = package.related("", "officeDocument")
    if package.tree(book).tag != f"{S}workbook":
        raise Unmarkable  # the strict variant of the format
    sheets = _sheets(package, book)
    styles = package.related(book, "styles")
    merged = {title: _merged(package, part) for title, part in sheets.items()}
    targets = [_target(merged, mark) for mark in marks]
    grouped = by_target(marks, targets)
    for title, part in sheets.items():
        here = {target: some for target, some in grouped.items() if target.sheet == title}
        colour(package, part, styles, {target.area: some for target, some in here.items() if target.cell})
        # what concerns a whole sheet is said at its first cell
        comment(package, part, {target.cell or "A1": some for target, some in here.items()})
    put_results(
        package,
        book,
        styles,
        [(mark, target.sheet, target.cell) for mark, target in zip(marks, targets, strict=True)],
    )
    return package.saved()


def _sheets(package: OfficePackage, book: str) -> dict[str, str]:
    """The sheets a unit made: the part of each by its title."""
    by_id = package.by_id(book)
    found: dict[str, str] = {}
    for sheet in package.tree(book).iter(f"{S}sheet"):
        part = by_id.get(sheet.get(f"{{{RELATIONS}}}id", ""), "")
        title = sheet.get("name", "")
        # charts and dialogs are sheets too, and have no cells
        if part in package.parts and title != RESULTS_SHEET and package.looked_at(part).tag == f"{S}worksheet":
            found[title] = part
    return found


def _merged(package: OfficePackage, part: str) -> list[tuple[str, int, int, int, int]]:
    """The merged areas of a sheet: as written, then left, top, right, bottom."""
    areas = []
    for merged in package.looked_at(part).iter(f"{S}mergeCell"):
        area = merged.get("ref", "")
        left, top, right, bottom = (edge or 0 for edge in range_boundaries(area))
        areas.append((area, left, top, right, bottom))
    return areas


def _target(merged: Mapping[str, Sequence[tuple[str, int, int, int, int]]], mark: Mark) -> Target:
    """The cell of a finding; for a covered part of a merged area, the cell that shows."""
    place = mark.place
    if place.sheet not in merged:
        return Target()
    # only one cell can be marked; a range, or no place at all, is said of the sheet
    if not _CELL.fullmatch(place.cell):
        return Target(place.sheet)
    letters, row = coordinate_from_string(place.cell)
    column = column_index_from_string(letters)
    for area, left, top, right, bottom in merged[place.sheet]:
        if left <= column <= right and top <= row <= bottom:
            # a comment on a covered cell is never seen, and a colour there shows nothing
            return Target(place.sheet, f"{get_column_letter(left)}{top}", area)
    return Target(place.sheet, place.cell, place.cell)
