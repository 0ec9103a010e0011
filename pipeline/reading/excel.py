"""Excel workbooks: every visible sheet as a grid, defined names as named values, trouble with cells as findings.

openpyxl reads in full mode: its read-only mode believes a sheet's <dimension> and drops what lies outside.
Formulas are not computed here: the result that Excel stored counts, and one without a result is a finding.
"""

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from openpyxl import load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.styles.proxy import StyleProxy
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.model import Finding, Place, of_excel_name
from pipeline.ooxml import Package, only_cells
from pipeline.ooxml.own_marks import LIST_SHEET, META_SHEET, RESULTS_SHEET
from pipeline.reading.equations import raised
from pipeline.reading.excel_conditions import Conditions, conditions_of
from pipeline.reading.excel_findings import (
    cannot_be_seen,
    formula_error,
    formula_without_result,
    hidden_by_condition,
    hidden_cell,
    hidden_sheet,
    made_anew,
    may_be_unseen,
    only_signs,
)
from pipeline.reading.excel_formulas import Results, results_of
from pipeline.reading.excel_shown import as_shown, least_figures
from pipeline.reading.excel_sight import (
    Sight,
    beside_the_cells,
    drawn_texts,
    ground_of,
    is_legible,
    is_percent_format,
    margins,
    on_chart_sheets,
    shows_nothing,
    sight_of,
)
from pipeline.reading.fonts import STRUCK_OUT, UNKNOWN_SIGN, struck_out, unicode_text
from pipeline.reading.raw import Cell, Grid, RawForm, Written

_ERRORS: Final = re.compile(r"#(?:REF|VALUE|NAME|DIV/0|N/A|NUM|NULL|SPILL|CALC)[!?]?", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"_x(00[01][0-9A-Fa-f]|005F)_")  # how Excel stores control characters
#: What is told of a cell even when no field uses it.
_TOLD_ANYWAY: Final = frozenset({STRUCK_OUT, UNKNOWN_SIGN, "cell.hidden", "cell.unseen"})
_FOUND: Final = 100
_USUAL_SIZE: Final = 11  # points: the letters of which a column's width is told
_NARROWER: Final = 0.9  # of the usual font's figures: those of other fonts for texts
_MOST_CELLS: Final = 300_000  # of a sheet's grid, blank ones too


def read_xlsx(package: Package) -> RawForm:
    """A workbook that passed the door. Raises Unfit, or whatever openpyxl raises for a broken one."""
    try:
        book = _loaded(package.content)
    except (ValueError, TypeError, LookupError, AttributeError):  # openpyxl, for what Excel leaves out
        book = _loaded(only_cells(package))
    parts = _parts_by_sheet(book, package)
    visible = [sheet for sheet in book.worksheets if _is_of_the_form(sheet)]
    told: list[Finding] = [hidden_sheet(sheet.title) for sheet in book.worksheets if _is_kept_from_view(sheet, book)]
    grids = []
    for sheet in visible:
        part = parts.get(sheet.title, "")
        formulas = package.formulas.get(part, frozenset())
        root = package.tree(part)
        looks = sight_of(sheet, root), conditions_of(sheet, root), results_of(root)
        grids.append(_Sheet(sheet, formulas, *looks, told).grid())
        told += beside_the_cells(sheet, package, part)
    told += on_chart_sheets(book, package, parts)
    named = dict(_named(book, grids))
    edges = tuple(
        cell for sheet in book.worksheets for cell in margins(sheet.title, package.tree(parts.get(sheet.title, "")))
    )
    texts = (*_texts(book, grids), *(text for part in parts.values() for text in drawn_texts(package, part)))
    pictures = sum(xml.count(b"<a:blip ") for name, xml in package.parts.items() if name.startswith("xl/drawings/"))
    return RawForm(
        "xlsx",
        named,
        tuple(grids),
        (*texts, *(cell.text for cell in edges)),
        _meta(book),
        findings=package.findings,
        seen_unread=tuple(dict.fromkeys(told)),
        margins=tuple(cell for cell in edges if cell.place.sheet in {sheet.title for sheet in visible}),
        pictures=pictures,
    )


def _loaded(content: bytes) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about drawings and extensions, which are not read
        return load_workbook(io.BytesIO(content), data_only=True, rich_text=True, keep_links=False)


def _parts_by_sheet(book: Workbook, package: Package) -> dict[str, str]:
    """The part of each sheet by title; sheets are matched to parts by the workbook's relationships."""
    parts = [name for name in package.parts if name in package.formulas]
    if len(parts) == len(book.worksheets) == 1 and not book.chartsheets:
        return {book.worksheets[0].title: parts[0]}
    root, relations = package.tree(package.main), package.relations(package.main)
    found = {}
    for sheet in root.iter("{*}sheet") if root is not None else ():
        id_ = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
        found[sheet.get("name", "")] = relations[str(id_)].target if str(id_) in relations else ""
    return found


def _is_of_the_form(sheet: Worksheet) -> bool:
    """Whether people fill it in: what a marked copy lists on a sheet of its own is not read."""
    return bool(sheet.sheet_state == "visible" and sheet.title != RESULTS_SHEET)


def _is_kept_from_view(sheet: Worksheet, book: Workbook) -> bool:
    """Whether a sheet that is no part of our own forms is hidden and holds something."""
    if sheet.sheet_state == "visible" or sheet.title in {META_SHEET, LIST_SHEET, RESULTS_SHEET}:
        return False
    # a sheet that only lists what other cells offer is hidden in most templates
    names = [defined.attr_text or "" for defined in book.defined_names.values()]
    lists = [str(one.formula1) for other in book.worksheets for one in other.data_validations.dataValidation]
    is_list = any(text.lstrip("=").replace("'", "").startswith(f"{sheet.title}!") for text in (*names, *lists))
    return not is_list and any(cell.value is not None for cell in sheet._cells.values())


def _meta(book: Workbook) -> str:
    """The kind, and its version, that our own forms note on a hidden sheet."""
    if META_SHEET not in book.sheetnames:
        return ""
    sheet = book[META_SHEET]
    noted = {
        str(sheet.cell(row, 1).value).strip(): str(sheet.cell(row, 2).value or "").strip() for row in range(1, 30)
    }
    return f"{noted['kind']}/{noted.get('version', '')}".rstrip("/") if noted.get("kind") else ""


@dataclass
class _Sheet:
    """One visible sheet; what is not read of it, or lies beside its cells, goes to `told`."""

    sheet: Worksheet
    formulas: frozenset[str]
    sight: Sight
    conditions: Conditions
    results: Results
    told: list[Finding]

    @cached_property
    def _reach(self) -> dict[tuple[int, int], int]:
        """The last column of each merged cell, by the row and column of its first one."""
        return {(one.min_row, one.min_col): one.max_col for one in self.sheet.merged_cells.ranges}

    def grid(self) -> Grid:
        """All cells up to the last one that holds something."""
        # from the cells that are there: for one cell at XFD1048576 openpyxl's `iter_rows` goes through all before it
        cells: dict[tuple[int, int], Cell] = {}
        for cell in self.sheet._cells.values():
            # a formula that was never calculated has no value here, but a fault to tell
            if not isinstance(cell, MergedCell) and (cell.value is not None or cell.coordinate in self.formulas):
                cells[cell.row, cell.column] = self._cell(cell)
        for area in self.sheet.merged_cells.ranges:
            anchor = cells.get((area.min_row, area.min_col))
            if anchor is not None:
                for row in range(area.min_row, area.max_row + 1):
                    for column in range(area.min_col, area.max_col + 1):
                        covered = anchor.covered(sideways=column != area.min_col)
                        cells.setdefault((row, column), covered)
        bottom = max((row for row, _ in cells), default=0)
        right = max((column for _, column in cells), default=0)
        if bottom * right > _MOST_CELLS:
            raise Unfit(refusals.too_heavy())
        rows = tuple(
            tuple(cells.get((row, column)) or _blank(self.sheet, row, column) for column in range(1, right + 1))
            for row in range(1, bottom + 1)
        )
        return Grid(rows, self.sheet.title)

    def _cell(self, cell: SheetCell) -> Cell:
        place = Place(sheet=self.sheet.title, cell=cell.coordinate)
        findings: list[Finding] = []
        has_formula = place.cell in self.formulas
        font = cell.font  # openpyxl makes a new one whenever it is asked
        value = self._value(cell, font, place, findings)
        if isinstance(value, str) and (cell.data_type == "e" or (has_formula and _ERRORS.fullmatch(value))):
            findings.append(formula_error(value, place))
            value = None
        elif value is None and has_formula and place.cell not in self.results.empty:
            findings.append(formula_without_result(place))
        shown_as, is_percent = cell.number_format or "", is_percent_format(cell.number_format or "")
        seen = as_shown(value, shown_as, place, is_percent=is_percent)
        if place.cell in self.results.made_anew and value is not None:
            findings.append(made_anew(place))
        made = Cell(value, place, is_percent, findings=tuple(findings))
        hides = None if made.is_blank else self.conditions.hide(cell, self.sight)
        unseen = None if made.is_blank else self._unseen(cell, font, made, is_nothing=seen.value is None)
        if unseen is None and hides:
            unseen = hidden_by_condition(place, made.text[:_FOUND])
        made = replace(made, value=seen.value, findings=(*made.findings, *seen.findings))
        if unseen is None and self._is_too_narrow(cell, font, made):
            made = replace(made, findings=(*made.findings, only_signs(place, made.text[:_FOUND])))
        if hides is None and not made.is_blank:
            made = replace(made, findings=(*made.findings, may_be_unseen(place, made.text[:_FOUND])))
        if unseen is not None:
            made = replace(made, is_unseen=True, findings=(unseen,))
        if made.findings:
            self.told += [finding for finding in made.findings if finding.code in _TOLD_ANYWAY]
        return made

    def _unseen(self, cell: SheetCell, font: StyleProxy, made: Cell, *, is_nothing: bool) -> Finding | None:
        """Why nothing of a cell is seen on paper, if so: it is no value (noi-dung §8.2)."""
        found = made.text[:_FOUND]
        if self.sight.hides(cell.row, cell.column):
            return hidden_cell(made.place, found)
        if is_nothing or shows_nothing(cell) or not is_legible(font.color, font.sz, ground_of(cell, self.sight)):
            return cannot_be_seen(made.place, found)
        if cell.value == 0 and not isinstance(cell.value, bool) and not self.sight.shows_noughts:
            return cannot_be_seen(made.place, found)
        return None

    def _is_too_narrow(self, cell: SheetCell, font: StyleProxy, made: Cell) -> bool:
        """Whether Excel shows #### for want of room, in whichever of the usual fonts."""
        wide = least_figures(made.value, cell.number_format or "")
        if not wide or cell.alignment.shrink_to_fit or cell.alignment.text_rotation:
            return False
        room = self.sight.width(cell.column, self._reach.get((cell.row, cell.column), cell.column))
        return wide * _NARROWER * (font.sz or _USUAL_SIZE) / _USUAL_SIZE > room

    def _value(self, cell: SheetCell, font: StyleProxy, place: Place, findings: list[Finding]) -> Written:
        value = cell.value
        is_struck = bool(font.strike)
        if isinstance(value, CellRichText):
            ground = ground_of(cell, self.sight)
            pieces, struck, unseen = _rich(value, str(font.name or ""), ground, is_struck=is_struck)
            if unseen.strip():
                findings.append(cannot_be_seen(place, unseen[:_FOUND]))
        elif is_struck:
            pieces, struck = [], str(value)
        elif isinstance(value, str):
            pieces, struck = [(value, str(font.name or ""))], ""
        else:
            return value  # type: ignore[return-value]
        if struck.strip():
            findings.append(struck_out(struck, place))
        text, converted = unicode_text(pieces, place)
        findings.extend(converted)
        # openpyxl leaves `_x0007_` as it stands; what it means is for `characters` to find
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")
        return text or None


def _blank(sheet: Worksheet, row: int, column: int) -> Cell:
    return Cell(None, Place(sheet=sheet.title, cell=f"{get_column_letter(column)}{row}"))


def _rich(
    value: CellRichText, font: str, ground: str | None, *, is_struck: bool
) -> tuple[list[tuple[str, str]], str, str]:
    """The pieces of a text with several fonts, what of it is crossed out, and what cannot be seen."""
    pieces: list[tuple[str, str]] = []
    struck = unseen = ""
    for piece in value:
        text = piece.text if isinstance(piece, TextBlock) else piece
        # a piece without a font of its own has the cell's
        if piece.font.strike if isinstance(piece, TextBlock) else is_struck:
            struck += text
        elif not isinstance(piece, TextBlock):
            pieces.append((text, font))
        elif not is_legible(piece.font.color, piece.font.sz, ground):
            unseen += text
        else:
            height = piece.font.vertAlign or "baseline"
            # 10⁶ is not 106; letters above the line ("N°") read as they stand
            written = raised(text.strip(), height) if height != "baseline" else None
            pieces.append((text.replace(text.strip(), written) if written else text, piece.font.rFont or font))
    return pieces, struck, unseen


def _named(book: Workbook, grids: list[Grid]) -> Iterator[tuple[str, Cell]]:
    """Cells that our own forms name "f_leader.full_name"; names that point at areas or nowhere are passed over."""
    by_sheet = {grid.sheet: grid for grid in grids}
    for name, defined in book.defined_names.items():
        own = of_excel_name(name)
        if not own:
            continue
        try:
            places = list(defined.destinations)
        except Exception:  # noqa: S112 - a name may hold any formula; then it names no cell
            continue
        at = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", places[0][1]) if len(places) == 1 else None
        grid = by_sheet.get(places[0][0]) if at else None
        if at is None or grid is None:
            continue
        row, column = int(at[2]), _column_number(at[1])
        cell = grid.rows[row - 1][column - 1] if row <= len(grid.rows) and column <= grid.width else None
        place = Place(sheet=grid.sheet, cell=f"{at[1]}{row}")
        yield own, cell or Cell(None, place)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _texts(book: Workbook, grids: list[Grid]) -> Iterator[str]:
    """Every text of the workbook, hidden sheets and properties too."""
    about = book.properties
    for text in (about.title, about.subject, about.category, about.keywords, about.description):
        yield text or ""
    for sheet in book.worksheets:
        yield sheet.title
        # a mark of secrecy counts wherever it stands (noi-dung I10)
        if not _is_of_the_form(sheet):
            yield from (str(cell.value) for cell in sheet._cells.values() if cell.value is not None)
        else:  # as it was typed, for the parts of a cell that are crossed out or hidden are not in the grid
            yield from (str(cell.value) for cell in sheet._cells.values() if isinstance(cell.value, str))
            yield from (cell.comment.text for cell in sheet._cells.values() if cell.comment is not None)
    for grid in grids:
        yield from (cell.text for row in grid.rows for cell in row if cell.anchor and not cell.is_blank)
