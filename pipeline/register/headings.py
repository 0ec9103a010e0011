"""Which column of somebody's register holds what, told by the headings, in whatever order they stand.

The words are those of the official books (NĐ30 Phụ lục IV) and what offices write instead.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.model import Direction, TableRow
from pipeline.vietnamese import compare_key, search_key

#: Heading (without accents and signs) -> column of both books.
_BOTH: Final[Mapping[str, str]] = {
    "day so": "series",
    "trang thai": "state",
    "ten loai": "type",
    "loai van ban": "type",
    "ten loai van ban": "type",
    "the loai": "type",
    "trich yeu": "title",
    "trich yeu noi dung": "title",
    "noi dung": "title",
    "noi dung van ban": "title",
    "trich yeu van ban": "title",
    "noi dung trich yeu": "title",
    "trich yeu noi dung van ban": "title",
    "ten loai va trich yeu noi dung": "title",
    "ten loai va trich yeu noi dung van ban": "title",
    "ten loai trich yeu noi dung van ban": "title",
    "ten loai va trich yeu": "title",
    "ngay thang van ban": "document_on",
    "ngay thang nam van ban": "document_on",
    "ngay thang": "document_on",
    "ngay thang nam": "document_on",
    "ngay van ban": "document_on",
    "ngay ban hanh": "document_on",
    "ngay thang ban hanh": "document_on",
    "ngay ky": "document_on",
    "ngay": "document_on",
    "nguoi ky": "signer",
    "ho ten nguoi ky": "signer",
    "ngay chuyen": "sent_on",
    "ngay gui": "sent_on",
    "ky nhan": "receipt",
    "nguoi nhan ky": "receipt",
    "ghi chu": "remark",
}
_OF_BOOK: Final[Mapping[Direction, Mapping[str, str]]] = {
    Direction.OUTGOING: {
        "so": "number",
        "so di": "number",
        "so van ban": "number",
        "so ky hieu": "number",
        "so va ky hieu": "number",
        "so ky hieu van ban": "number",
        "so va ky hieu van ban": "number",
        "so hieu": "number",
        "so hieu van ban": "number",
        "ky hieu": "symbol",
        "ky hieu van ban": "symbol",
        "noi nhan": "recipients",
        "noi nhan van ban": "recipients",
        "noi gui den": "recipients",
        "don vi nguoi nhan ban luu": "kept_by",
        "don vi hoac nguoi nhan ban luu": "kept_by",
        "noi luu": "kept_by",
        "ban luu": "kept_by",
        "so luong ban": "copies",
        "so luong": "copies",
        "so ban": "copies",
    },
    Direction.INCOMING: {
        "so den": "number",
        "so thu tu den": "number",
        "ngay den": "arrived_on",
        "ngay thang den": "arrived_on",
        "ngay nhan": "arrived_on",
        "tac gia": "author",
        "co quan ban hanh": "author",
        "co quan gui": "author",
        "noi ban hanh": "author",
        "noi gui": "author",
        "don vi ban hanh": "author",
        "so": "sender_number",
        "so ky hieu": "sender_number",
        "so va ky hieu": "sender_number",
        "so ky hieu van ban": "sender_number",
        "so va ky hieu van ban": "sender_number",
        "so van ban": "sender_number",
        "so hieu van ban": "sender_number",
        "don vi hoac nguoi nhan": "handled_by",
        "don vi nguoi nhan": "handled_by",
        "nguoi nhan": "handled_by",
        "don vi nhan": "handled_by",
        "noi nhan": "handled_by",
        "nguoi xu ly": "handled_by",
        "don vi xu ly": "handled_by",
        "chuyen cho": "handled_by",
        "thoi han": "due",
        "han xu ly": "due",
        "thoi han xu ly": "due",
        "thoi han giai quyet": "due",
        "han giai quyet": "due",
    },
}
#: Columns that people count lines by, and those of our own export that say nothing of a document.
_PASSED_BY: Final = frozenset({"stt", "tt", "so tt", "so thu tu", "so", "so sach", "ngay vao so"})
#: So many known headings make a row of headings: no row of data holds two.
_LEAST: Final = 2
#: Letters of the longest heading, with the guide words that some put behind it.
_LONGEST: Final = 60
#: Above the first row of a book stand no more rows of titles and headings than that.
_HEAD_ROWS: Final = 60
_SIGNS: Final = re.compile(r"[^0-9a-z]+")
_INCOMING_ONLY: Final = frozenset({"so den", "so thu tu den", "ngay den"})
_COUNT: Final = re.compile(r"\(?([0-9]{1,2})\)?")


@functools.lru_cache(maxsize=1024)
def key_of(text: str) -> str:
    """Give the letters of a heading, without accents and signs; "" of what is longer than any."""
    # asked of every cell of ten thousand rows
    if len(text) > _LONGEST:
        return ""
    # which book a line is of, in our own tables: no number, though without accents it would be one
    if compare_key(text) == "sổ":
        return "so sach"
    return _SIGNS.sub(" ", search_key(text.replace("\n", " "))).strip()


def direction_of(rows: Sequence[TableRow]) -> Direction:
    """Tell by its headings which book a table is of: only that of incoming papers has "Số đến" and "Ngày đến"."""
    keys = {key_of(text) for row in rows[:_HEAD_ROWS] for text in row.own}
    return Direction.INCOMING if keys & _INCOMING_ONLY else Direction.OUTGOING


def columns_of(row: TableRow, direction: Direction) -> dict[int, str]:
    """Give the column that each heading of a row names, by its place; empty for a row that is none of headings."""
    known = {**_BOTH, **_OF_BOOK[direction]}
    found = {at: known[key] for at, cell in enumerate(row.cells) if cell.text and (key := key_of(cell.text)) in known}
    return found if len(set(found.values())) >= _LEAST else {}


def joined(upper: Mapping[int, str], lower: Mapping[int, str]) -> dict[int, str]:
    """Give the columns of headings in two rows: what stands lower is nearer to the cells."""
    return dict(upper) | dict(lower)


def unknown(row: TableRow, columns: Mapping[int, str]) -> list[str]:
    """Give the headings that name no column of a register; those over several columns name none."""
    spread = {at for at, cell in enumerate(row.cells[1:]) if cell.is_covered}
    return [
        cell.text
        for at, cell in enumerate(row.cells)
        if cell.text
        and not cell.is_covered
        and at not in columns
        and at not in spread
        and key_of(cell.text) not in _PASSED_BY
    ]


def is_count(row: TableRow) -> bool:
    """Tell whether a row only counts the columns, (1) (2) (3), as the official form does below its headings."""
    figures = [match[1] if (match := _COUNT.fullmatch(text)) else "" for text in row.own]
    return len(figures) > _LEAST and figures == [str(int(figures[0] or 0) + at) for at in range(len(figures))]
