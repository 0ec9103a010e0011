"""What conditional formats of a sheet do to what is seen in its cells (ECMA-376, 18.3.1.18).

A condition that can be worked out from the cell alone is; of any other it is only known that it may hide the cell.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from openpyxl.cell import Cell as SheetCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.ooxml.numerals import whole_number
from pipeline.reading.excel_sight import NOTHING, Sight, ground_of, is_legible, rgb_of

_COMPARED: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "equal": operator.eq,
    "notEqual": operator.ne,
    "lessThan": operator.lt,
    "lessThanOrEqual": operator.le,
    "greaterThan": operator.gt,
    "greaterThanOrEqual": operator.ge,
}
_X14: Final = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM: Final = "{http://schemas.microsoft.com/office/excel/2006/main}"
_OFF: Final = frozenset({"0", "false"})

Element = etree._Element
_Area = tuple[int, int, int, int]  #: first column and row, last column and row


@dataclass(frozen=True)
class _Rule:
    """One condition: where it is asked, of what kind it is, and what of a cell's look it changes."""

    areas: tuple[_Area, ...]
    kind: str
    operator: str = ""
    formulas: tuple[str, ...] = ()
    text: str = ""
    look: DifferentialStyle | None = None
    is_last: bool = False  #: where it holds no other is asked
    shows_value: bool = True  #: False for a picture in the place of the number
    rank: int = 0

    @property
    def said(self) -> dict[str, Any]:
        """What of its look decides whether a cell is seen."""
        said: dict[str, Any] = {}
        if self.look is None:
            return said
        font, fill = self.look.font, self.look.fill
        if font is not None and font.color is not None:
            said["colour"] = font.color
        if font is not None and font.strike is not None:
            said["is_struck"] = bool(font.strike)
        if isinstance(fill, PatternFill):  # in the look of a condition the ground is the second colour
            said["ground"] = rgb_of(fill.bgColor) if fill.fill_type in {None, "solid"} else None
        elif fill is not None:
            said["ground"] = None
        if self.look.numFmt is not None:
            said["format"] = self.look.numFmt.formatCode or ""
        return said


@dataclass(frozen=True)
class Conditions:
    """The rules of a sheet that can change whether a cell is seen, the first to be asked first."""

    rules: tuple[_Rule, ...] = ()

    def hide(self, cell: SheetCell, sight: Sight) -> bool | None:
        """Whether they hide what stands in a cell; None where that depends on what is not worked out here."""
        taken: dict[str, Any] = {}
        is_open = False
        for rule in self.rules:
            if not any(
                left <= cell.column <= right and top <= cell.row <= low for left, top, right, low in rule.areas
            ):
                continue
            holds = _holds(rule, cell.value)
            if holds is None:
                is_open = is_open or _hides({**rule.said, **taken}, cell, sight)
            elif holds:
                taken = {**rule.said, **taken}
                if not rule.shows_value and isinstance(cell.value, int | float):
                    return True
                if rule.is_last:
                    break
        if _hides(taken, cell, sight):
            return True
        return None if is_open else False


def conditions_of(sheet: Worksheet, part: Element | None) -> Conditions:
    """The conditional formats of a sheet: those openpyxl reads, and those of Excel 2010 from the sheet's part."""
    found = [_as_read(one.sqref, rule) for one in sheet.conditional_formatting for rule in one.rules]
    found += list(_later(part)) if part is not None else []
    found.sort(key=lambda rule: rule.rank)
    return Conditions(tuple(rule for rule in found if rule.said or not rule.shows_value))


def _as_read(ranges: MultiCellRange, rule: Rule) -> _Rule:
    pictures = (rule.iconSet, rule.dataBar)
    return _Rule(
        _areas(ranges),
        rule.type,
        rule.operator or "",
        tuple(str(one).strip() for one in rule.formula),
        rule.text or "",
        rule.dxf,
        bool(rule.stopIfTrue),
        all(getattr(one, "showValue", None) is not False for one in pictures),
        rule.priority or 0,
    )


def _later(part: Element) -> Iterator[_Rule]:
    """Rules in the way of Excel 2010 ([MS-XLSX] 2.6.2): the ranges and the look stand within."""
    for one in part.iter(f"{_X14}conditionalFormatting"):
        ranges = one.findtext(f"{_XM}sqref") or ""
        for said in one.iterchildren(f"{_X14}cfRule") if ranges.strip() else ():
            look = said.find(f"{_X14}dxf")
            pictures = [each for each in said if each.get("showValue") in _OFF]
            yield _Rule(
                _areas(MultiCellRange(ranges)),
                said.get("type", ""),
                said.get("operator", ""),
                tuple((formula.text or "").strip() for formula in said.iterchildren(f"{_XM}f")),
                said.get("text", ""),
                DifferentialStyle.from_tree(look) if look is not None else None,  # type: ignore[arg-type]  # lxml's
                said.get("stopIfTrue") not in {None, *_OFF},
                not pictures,
                whole_number(said.get("priority", "")) or 0,
            )


def _areas(ranges: MultiCellRange) -> tuple[_Area, ...]:
    return tuple(one.bounds for one in ranges.ranges)


def _hides(said: dict[str, Any], cell: SheetCell, sight: Sight) -> bool:
    """Whether a cell that looks so shows nothing of what stands in it, or only crossed out."""
    if said.get("is_struck") or NOTHING.fullmatch(said.get("format", "")):
        return True
    if "colour" not in said and "ground" not in said:
        return False
    ground = said["ground"] if "ground" in said else ground_of(cell, sight)
    return not is_legible(said.get("colour", cell.font.color), None, ground)


def _holds(rule: _Rule, value: Any) -> bool | None:  # noqa: ANN401 - as openpyxl gives it
    """Whether the condition of a rule is met by a cell with this value; None where that is not worked out here."""
    text = "" if value is None else str(value).casefold()
    wanted = rule.text.casefold()
    match rule.kind:
        case "expression":
            return {"TRUE": True, "1": True, "FALSE": False, "0": False}.get((rule.formulas or ("",))[0].upper())
        case "cellIs":
            return _compared(rule.operator, rule.formulas, value)
        case "containsText" | "notContainsText" if wanted:
            return (wanted in text) == (rule.kind == "containsText")
        case "beginsWith" | "endsWith" if wanted:
            return text.startswith(wanted) if rule.kind == "beginsWith" else text.endswith(wanted)
    return {
        "iconSet": True,
        "dataBar": True,
        "containsBlanks": not text.strip(),
        "notContainsBlanks": bool(text.strip()),
        "containsErrors": False,
        "notContainsErrors": True,
    }.get(rule.kind)


def _compared(how: str, formulas: tuple[str, ...], value: Any) -> bool | None:  # noqa: ANN401 - as openpyxl gives it
    bounds = [_constant(one) for one in formulas]
    if not bounds or any(bound is None or isinstance(bound, str) != isinstance(value, str) for bound in bounds):
        return None
    if how in {"between", "notBetween"} and len(bounds) == 2:
        low, high = bounds
        return bool(low <= value <= high) == (how == "between")
    return _COMPARED[how](value, bounds[0]) if how in _COMPARED else None


def _constant(formula: str) -> Any:  # noqa: ANN401 - to be compared with whatever stands in a cell
    if len(formula) > 1 and formula[0] == formula[-1] == '"':
        return formula[1:-1]
    try:
        return float(formula)
    except ValueError:
        return None
