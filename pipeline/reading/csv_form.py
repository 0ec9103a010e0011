"""Forms written as CSV: one sheet without looks, in whatever encoding and with whatever separator Excel chose.

Excel on a Vietnamese machine writes semicolons, on an English one commas, "Unicode text" is UTF-16 with tabs, and
plain "CSV" is in the machine's old encoding; old programs write TCVN3 as if it were Western text. All of it is told
from the bytes. Values stay text: what Excel would make a number or a day is for `values` to read, as in any form.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final

from openpyxl.utils import get_column_letter

from pipeline.files import refusals
from pipeline.files.refusals import Unfit, refusal, warning
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.reading.raw import Cell, Grid, RawForm
from pipeline.vietnamese.legacy import TCVN3_IN_WORD, Encoding, from_tcvn3

#: As for a sheet of a workbook (`ooxml.LIMITS`), of which a CSV file is one.
_MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 400
_MOST_CELLS: Final = 300_000
_MOST_BYTES: Final = 8 << 20  # 20,000 rows of 400 letters
_DELIMITERS: Final = ("\t", ";", ",")
_HINT: Final = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)  # a first line for Excel only
#: A row put below a file to see whether it stays a row.
_PROBE: Final = "\ue000"  # a private character: no separator, no quotation mark
_FORMULA: Final = re.compile(r"[=@]")
#: ="0909123456" is how people keep Excel from taking the first 0 away.
_KEPT_AS_TEXT: Final = re.compile(r'="([^"]*)"')
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: A tone of Windows-1258 stands after the vowel it belongs to, as a letter of its own.
_TONE: Final = re.compile("[AEIOUYaeiouyĂÂÊÔƠƯăâêôơư][\u0300\u0301\u0303\u0309\u0323]")


def read_csv(content: bytes) -> RawForm:
    """A CSV form. Raises Unfit when it is larger than any form."""
    text, encoding = decoded(content)
    rows, findings = _rows(text)
    cells = tuple(_cells(rows, max((len(row) for _, row in rows), default=0)))
    if encoding:
        findings.append(_converted(encoding))
    # a mark of secrecy counts whatever the separators are taken for
    bare = (line.strip(" \t;,\"'") for line in text.splitlines())
    texts = (cell.text for row in cells for cell in row if not cell.is_blank)
    return RawForm("csv", blocks=(Grid(cells),), lines=(*bare, *texts), findings=tuple(findings))


def decoded(content: bytes) -> tuple[str, str]:
    """The text, and the old encoding it was converted from ("" for Unicode). Raises Unfit for far too much of it."""
    if len(content) > _MOST_BYTES:
        raise Unfit(refusals.too_heavy())
    # a mark at the beginning is certain; without one the bytes are looked at
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, errors="replace"), ""
    high, low = content[1:2000:2], content[:2000:2]
    if high.count(0) > max(
        len(high) // 4, 4 * low.count(0)
    ):  # UTF-16 without its mark: every ASCII letter has a zero
        return content.decode("utf-16-le", errors="replace"), ""
    try:
        return content.decode(), ""
    except UnicodeDecodeError:
        western, tones = content.decode("latin-1"), content.decode("cp1258", errors="replace")
        if len(TCVN3_IN_WORD.findall(western)) > len(_TONE.findall(tones)):
            return "".join(map(_from_tcvn3, re.split(r"([\t;,\"\r\n])", western))), Encoding.TCVN3.value
        # Windows-1258 keeps a tone behind its vowel, all that is compared with it is NFC
        return unicodedata.normalize("NFC", tones), "Windows-1258"


def _from_tcvn3(piece: str) -> str:
    """One cell: TCVN3 has no accented capitals, so whether one is in capitals is seen from its other letters."""
    return piece if piece.isascii() else from_tcvn3(piece)


def _rows(text: str) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    """The rows, each with the line it begins on; and what is wrong with the whole. Raises Unfit."""
    hint = _HINT.match(text)
    begin, first = (hint.end(), 2) if hint else (0, 1)
    delimiter = hint[1] if hint else _delimiter(text)
    rows: list[tuple[int, list[str]]] = []
    size = 0
    reader = csv.reader(io.StringIO(text[begin:], newline=""), delimiter=delimiter)
    line = first
    try:
        for row in reader:
            size += len(row)
            if len(rows) >= _MOST_ROWS or len(row) > _MOST_COLUMNS or size > _MOST_CELLS:
                raise Unfit(refusals.too_heavy())
            rows.append((line, row))
            line = first + reader.line_num
    except csv.Error as error:  # a text longer than any (131,072 letters), mostly because a quote is not closed
        raise Unfit(_open_quote(line)) from error
    if rows and _is_open(text[begin:], delimiter):
        return rows, [_open_quote(rows[-1][0])]
    return rows, []


def _delimiter(text: str) -> str:
    """The separator by which most rows come out equally wide, as a sheet that was saved does."""
    # a single column has no separator: then any will do
    best, most = ";", (0, 0)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths: Counter[int] = Counter()
        try:
            widths.update(len(row) for row, _ in zip(reader, range(_MOST_ROWS), strict=False) if len(row) > 1)
        except csv.Error:
            continue
        width, count = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
        if (count, width) > most:
            best, most = delimiter, (count, width)
    return best


def _is_open(text: str, delimiter: str) -> bool:
    """Whether the last quoted text goes on to the end of the file: the rows below its quote are swallowed."""
    last: list[str] = []
    for last in csv.reader(io.StringIO(f"{text}\n{_PROBE}", newline=""), delimiter=delimiter):  # noqa: B007 - the last row
        pass
    return last != [_PROBE]  # a row by itself, unless an open quote has taken it in


def _cells(rows: list[tuple[int, list[str]]], width: int) -> Iterator[tuple[Cell, ...]]:
    for number, (line, row) in enumerate(rows, start=1):
        padded = [*row, *[""] * (width - len(row))]
        yield tuple(
            _cell(text, Place(cell=f"{get_column_letter(column)}{number}", line=line))
            for column, text in enumerate(padded, start=1)
        )


def _cell(text: str, place: Place) -> Cell:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if kept := _KEPT_AS_TEXT.fullmatch(text.strip()):
        return Cell(kept[1], place)
    if _FORMULA.match(text.lstrip()):
        return Cell(None, place, findings=(_formula(text.strip(), place),))
    return Cell(text or None, place)


def _formula(text: str, place: Place) -> Finding:
    return refusal(
        "cell.formula-empty",
        say("This cell holds a formula without a result."),
        say("Type the value itself, or open the file in Excel and save it."),
        found=text[:100],
        place=place,
    )


def _open_quote(line: int) -> Finding:
    return refusal(
        "file.csv",
        say("A quotation mark begins a text here that is not closed again."),
        say("Close or delete the quotation mark, or save the sheet from Excel as .xlsx and drop that file."),
        place=Place(line=line),
    )


def _converted(encoding: str) -> Finding:
    return warning(
        "I11",
        say("The file is in the old encoding {encoding}; it was read as Unicode.", encoding=encoding),
        say("Check the reading; next time save it as “CSV UTF-8”, or as .xlsx."),
    )
