"""What a workbook's conditions, columns and formulas do to a cell: what is not seen is no value, the rest is told."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl.formatting import rule as rules
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from pipeline.model import Reading
from pipeline.ooxml import packed, parts_of_ours
from pipeline.reading import ReadingContext
from tests.reading import writers
from tests.reading.conftest import Read
from tests.reading.test_dirt import codes, workbook
from tests.reading.test_visible import changed, first_target

CellIsRule: Any = rules.CellIsRule
DataBarRule: Any = rules.DataBarRule
FormulaRule: Any = rules.FormulaRule
IconSetRule: Any = rules.IconSetRule
WHITE = Font(color="FFFFFFFF")
NUMBER = "Mức phấn đấu"
_SHEET = "xl/worksheets/sheet1.xml"


def of_first(reading: Reading, name: str = "target_value") -> Any:
    targets = reading.values["targets"]
    assert isinstance(targets, list)
    assert isinstance(targets[0], dict)
    return targets[0].get(name)


@pytest.fixture
def read_number(read: Read, context: ReadingContext) -> Callable[..., Reading]:
    """Reads a registration whose first target is to reach 97, under a rule of the sheet."""

    def reader(rule: Rule | None = None, **properties: Any) -> Reading:
        book = workbook(context)
        cell = first_target(book, NUMBER)
        cell.value = 97
        for name, value in properties.items():
            setattr(cell, name, value)
        if rule is not None:
            book.worksheets[0].conditional_formatting.add(cell.coordinate, rule)
        return read(writers.saved(book), "DK.xlsx")

    return reader


def _format(code: str) -> Rule:
    look = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=code))
    return Rule(type="expression", dxf=look, formula=["TRUE"])


HIDE = {
    "white whatever holds": FormulaRule(formula=["TRUE"], font=WHITE),
    "white where something stands": Rule(type="notContainsBlanks", dxf=DifferentialStyle(font=WHITE)),
    "white above fifty": CellIsRule(operator="greaterThan", formula=["50"], font=WHITE),
    "white in a span": CellIsRule(operator="between", formula=["50", "99"], font=WHITE),
    "a format that shows nothing": _format(";;;"),
    "crossed out": FormulaRule(formula=["TRUE"], font=Font(strike=True)),
    "black laid behind black": FormulaRule(formula=["TRUE"], fill=PatternFill("solid", bgColor="FF000000")),
    "a traffic light in its place": IconSetRule("3TrafficLights1", "percent", [0, 33, 67], showValue=False),
    "a bar in its place": DataBarRule("num", 0, "num", 100, color="FF638EC6", showValue=False),
}


@pytest.mark.parametrize("how", HIDE)
def test_a_cell_that_a_condition_hides_is_no_value(read_number: Any, how: str) -> None:
    reading = read_number(HIDE[how])

    assert (of_first(reading), codes(reading)) == (None, ["cell.unseen"])


SHOW = {
    "never": FormulaRule(formula=["FALSE"], font=WHITE),
    "below fifty": CellIsRule(operator="lessThan", formula=["50"], font=WHITE),
    "red": FormulaRule(formula=["TRUE"], font=Font(color="FFFF0000")),
    "white on blue": FormulaRule(formula=["TRUE"], font=WHITE, fill=PatternFill("solid", bgColor="FF1F497D")),
    "beside its bar": DataBarRule("num", 0, "num", 100, color="FF638EC6"),
}


@pytest.mark.parametrize("how", SHOW)
def test_a_cell_that_no_condition_hides_is_read(read_number: Any, how: str) -> None:
    reading = read_number(SHOW[how])

    assert (of_first(reading), codes(reading)) == (97, [])


def test_a_condition_that_cannot_be_worked_out_is_told(read_number: Any) -> None:
    reading = read_number(FormulaRule(formula=["$A$1=B2"], font=WHITE))

    assert (of_first(reading), codes(reading)) == (97, ["cell.shown-otherwise"])


def test_a_condition_that_is_asked_first_stands_over_the_next(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    cell = first_target(book, NUMBER)
    cell.value = 97
    for colour in ("FFFF0000", "FFFFFFFF"):
        rule = FormulaRule(formula=["TRUE"], font=Font(color=colour))
        book.worksheets[0].conditional_formatting.add(cell.coordinate, rule)

    assert codes(read(writers.saved(book), "DK.xlsx")) == []


def test_a_condition_in_the_way_of_excel_2010_hides_as_well(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    cell = first_target(book, NUMBER)
    names = (
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
    )
    rule = (
        f"<extLst><ext {names}><x14:conditionalFormattings><x14:conditionalFormatting>"
        '<x14:cfRule type="expression" priority="1"><xm:f>TRUE</xm:f><x14:dxf><font><color rgb="FFFFFFFF"/></font>'
        f"</x14:dxf></x14:cfRule><xm:sqref>{cell.coordinate}</xm:sqref>"
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"
    )
    content = changed(writers.saved(book), _SHEET, "</worksheet>", rule)

    assert codes(read(content, "DK.xlsx")) == ["cell.unseen"]


# Columns, rows, noughts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "value", "shown_as", "width", "told"),
    [
        (NUMBER, 15_000_000, "#,##0", 6, ["cell.shown-otherwise"]),
        (NUMBER, 15_000_000, "#,##0", 10, []),
        (NUMBER, 12_345_678_901, "General", 4, ["cell.shown-otherwise"]),
        (NUMBER, 0.123456789, "General", 4, []),  # Excel rounds it to what there is room for
        ("Thời gian", dt.datetime(2022, 8, 5), "dd/mm/yyyy", 5, ["cell.shown-otherwise"]),
        ("Thời gian", dt.datetime(2022, 8, 5), "dd/mm/yyyy", 10, []),
        ("Thời gian", dt.datetime(2022, 8, 5), "[$-F800]dddd, mmmm dd, yyyy", 12, []),
        ("Chỉ tiêu", "100% hồ sơ xử lý đúng hạn", "General", 4, []),  # a text runs on, or is cut where people see it
    ],
)
def test_a_number_for_which_its_column_is_too_narrow_is_told(
    read: Read, context: ReadingContext, label: str, value: Any, shown_as: str, width: float, told: list[str]
) -> None:
    book = workbook(context)
    cell = first_target(book, label)
    cell.value, cell.number_format = value, shown_as
    book.worksheets[0].column_dimensions[cell.column_letter].width = width

    assert codes(read(writers.saved(book), "DK.xlsx")) == told


def test_a_number_has_the_room_of_all_columns_that_are_merged_for_it(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    sheet, cell = book.worksheets[0], first_target(book, NUMBER)
    below = sheet.max_row + 3
    sheet.cell(below, cell.column, 15_000_000).number_format = "#,##0"
    sheet.column_dimensions[cell.column_letter].width = 6
    assert "cell.shown-otherwise" in codes(read(writers.saved(book), "DK.xlsx"))

    sheet.merge_cells(start_row=below, end_row=below, start_column=cell.column, end_column=cell.column + 1)

    assert "cell.shown-otherwise" not in codes(read(writers.saved(book), "DK.xlsx"))


def test_a_number_that_excel_shows_as_a_power_of_ten_is_told(read_number: Any) -> None:
    assert codes(read_number(value=123_456_789_012)) == ["cell.shown-otherwise"]


def test_a_nought_on_a_sheet_that_shows_none_is_no_value(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    first_target(book, NUMBER).value = 0
    book.worksheets[0].sheet_view.showZeros = False

    reading = read(writers.saved(book), "DK.xlsx")

    assert (of_first(reading), codes(reading)) == (None, ["cell.unseen"])


@pytest.mark.parametrize("what", ["rows", "columns"])
def test_rows_and_columns_that_are_nothing_unless_said_otherwise_are_not_read(
    read: Read, context: ReadingContext, what: str
) -> None:
    book = workbook(context)
    usual = book.worksheets[0].sheet_format
    if what == "rows":
        usual.defaultRowHeight, usual.customHeight = 0.5, True
    else:
        usual.defaultColWidth = 0

    reading = read(writers.saved(book), "DK.xlsx")

    assert "targets" not in reading.values
    assert set(codes(reading)) == {"cell.hidden"}


# Formulas ----------------------------------------------------------------------------------------------------


def calculated(content: bytes, formula: str, result: str, kind: str = "") -> bytes:
    """The workbook with a formula and its stored result in the place of 4711."""
    parts = parts_of_ours(content)
    attribute = f' t="{kind}"' if kind else ""
    cell = f"<c \\1{attribute}>{formula}<v>{result}</v></c>"
    parts[_SHEET] = re.sub(r'<c ([^>]*?)(?: t="n")?><v>4711</v></c>', cell, parts[_SHEET].decode()).encode()
    return packed(parts)


@pytest.mark.parametrize(
    ("formula", "result", "told"),
    [
        ("<f>RANDBETWEEN(90,99)</f>", "95", ["text.computed"]),
        ("<f>IF(A1=1,DAY(NOW()),2)</f>", "27", ["text.computed"]),
        ('<f t="shared" ref="E1:E9" si="3">DAY(TODAY())</f>', "27", ["text.computed"]),
        ("<f>SUM(A1:A2)</f>", "95", []),
        ("<f>LOOKUP_NOWHERE(A1)+'TODAY'!B1</f>", "95", []),
    ],
)
def test_a_result_that_is_made_anew_at_every_opening_is_told(
    read: Read, context: ReadingContext, formula: str, result: str, told: list[str]
) -> None:
    book = workbook(context)
    first_target(book, NUMBER).value = 4711

    reading = read(calculated(writers.saved(book), formula, result), "DK.xlsx")

    assert (of_first(reading), codes(reading)) == (int(result), told)


def test_a_formula_whose_result_is_an_empty_text_leaves_its_place_empty(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    first_target(book, NUMBER).value = 4711

    reading = read(calculated(writers.saved(book), '<f>IF(A1="","",A1)</f>', "", "str"), "DK.xlsx")

    assert (of_first(reading), codes(reading)) == (None, [])
