"""Whatever people see on a sheet is read as a value or told: a law over sheets put together by chance."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.reading import ReadingContext
from tests.reading import writers
from tests.reading.conftest import Read
from tests.reading.test_dirt import beside, workbook
from tests.said import vi


def _target(sheet: Worksheet) -> Any:
    """The cell of the first target, whose text may be any."""
    return next(
        cell
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value).startswith("Tham mưu kịp thời chương trình")
    )


def _rich(sheet: Worksheet, word: str) -> None:
    _target(sheet).value = CellRichText("Một ", TextBlock(InlineFont(b=True), word))


def _struck_part(sheet: Worksheet, word: str) -> None:
    _target(sheet).value = CellRichText("Một ", TextBlock(InlineFont(strike=True), word))


def _in_row(sheet: Worksheet, word: str) -> None:
    row = sheet.max_row + 3
    sheet.cell(row, 2).value = word
    sheet.row_dimensions[row].hidden = True


def _chart(sheet: Worksheet, word: str) -> None:
    chart = BarChart()
    chart.title = word
    sheet.add_chart(chart, "L2")


def _comment(sheet: Worksheet, word: str) -> None:
    beside(sheet, "Giấy ủy quyền").comment = Comment(word, "Lan")


def _header(sheet: Any, word: str) -> None:
    sheet.oddHeader.left.text = word


def _footer(sheet: Any, word: str) -> None:
    sheet.oddFooter.center.text = f"{word} &P/&N"


def _other_sheet(sheet: Any, word: str) -> None:
    sheet.parent.create_sheet("Khác")["C3"] = word


#: Where a word may stand, and how it gets there.
PLACES: dict[str, Callable[[Worksheet, str], None]] = {
    "a value": lambda sheet, word: setattr(_target(sheet), "value", f"Một {word}"),
    "a bold part of a value": _rich,
    "a crossed-out part": _struck_part,
    "a cell beside the form": lambda sheet, word: setattr(sheet.cell(6, 9), "value", word),
    "a cell far below": lambda sheet, word: setattr(sheet.cell(sheet.max_row + 3, 9), "value", word),
    "a hidden row": _in_row,
    "a chart": _chart,
    "a comment at an empty cell": _comment,
    "a header": _header,
    "a footer": _footer,
    "another sheet": _other_sheet,
}


_OF_TARGET = {"a value", "a bold part of a value", "a crossed-out part"}


@pytest.fixture
def words_of(read: Read, context: ReadingContext) -> Callable[[Callable[[Worksheet], None]], str]:
    """All that was read of a registration, or told, after its sheet was changed: words and codes."""

    def reader(change: Callable[[Worksheet], None]) -> str:
        book = workbook(context)
        change(book.worksheets[0])
        reading = read(writers.saved(book), "DK.xlsx")
        told = " ".join(f"{one.code} {vi(one.message)} {one.found}" for one in reading.findings)
        return json.dumps(reading.values, ensure_ascii=False) + told

    return reader


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=3, unique=True))
def test_every_word_of_a_sheet_is_read_or_told(words_of: Callable[..., str], places: list[str]) -> None:
    assume(len(_OF_TARGET & {*places}) < 2)

    def change(sheet: Worksheet) -> None:
        for at, place in enumerate(places):
            PLACES[place](sheet, f"Chữ{at}lạ")

    found = words_of(change)

    for at, place in enumerate(places):
        # a hidden cell is told by its place, for nobody saw what it says
        assert (f"Chữ{at}lạ" in found) or (place == "a hidden row" and "cell.hidden" in found), place
